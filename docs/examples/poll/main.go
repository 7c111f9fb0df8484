// Poll prints the records of the audit log of a Jira site of the last week, and each new one within
// a minute, until it is stopped.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"
	"time"

	"github.com/seed-1954497d/auditgen/generated/jira"
	"github.com/seed-1954497d/auditgen/generated/rest"
)

func main() {
	c, err := jira.NewClient(os.Getenv("SITE"), rest.WithBasicAuth(os.Getenv("EMAIL"), os.Getenv("API_TOKEN")))
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	for batch, err := range c.FollowAuditRecords(ctx, nil, rest.StartAt(time.Now().AddDate(0, 0, -7)), rest.FollowInterval(time.Minute)) {
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			log.Fatal(err)
		}
		for record, err := range batch.All() {
			if err != nil {
				log.Print(err) // the record is there all the same
			}
			fmt.Println(record.Created.Format(time.RFC3339), record.AuthorAccountID, record.Summary)
		}
	}
}
