// Nightly appends everything that is new in the audit log of a Confluence site to audit.ndjson. Run
// it once a night: audit.checkpoint says where the night before ended.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"log"
	"os"
	"time"

	"github.com/seed-1954497d/auditgen/generated/confluence"
	"github.com/seed-1954497d/auditgen/generated/rest"
)

func main() {
	c, err := confluence.NewClient(os.Getenv("SITE"), rest.WithBasicAuth(os.Getenv("EMAIL"), os.Getenv("API_TOKEN")))
	if err == nil {
		err = export(context.Background(), c)
	}
	if err != nil {
		log.Fatal(err)
	}
}

func export(ctx context.Context, c *confluence.Client) error {
	at := rest.StartAt(time.Now().AddDate(-1, 0, 0)) // the first night
	if kept, err := os.ReadFile("audit.checkpoint"); err == nil {
		if err := json.Unmarshal(kept, &at); err != nil {
			return err
		}
	}
	out, err := os.OpenFile("audit.ndjson", os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	for batch, err := range c.FollowAuditRecords(ctx, nil, at, rest.FollowUntil(time.Now())) {
		if err != nil {
			return err
		}
		for i := range batch.Records {
			if _, err := out.Write(append(batch.Records[i].JSON.Raw(), '\n')); err != nil {
				return err
			}
		}
		kept, err := json.Marshal(batch.Checkpoint)
		if err = errors.Join(err, out.Sync(), os.WriteFile("audit.checkpoint", kept, 0o600)); err != nil {
			return err
		}
	}
	return out.Close()
}
