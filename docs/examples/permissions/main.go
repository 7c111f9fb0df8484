// Permissions prints who changed a permission of a Confluence site in the last week.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	"github.com/seed-1954497d/auditgen/generated/confluence"
	"github.com/seed-1954497d/auditgen/generated/rest"
)

func main() {
	c, err := confluence.NewClient(os.Getenv("SITE"), rest.WithBasicAuth(os.Getenv("EMAIL"), os.Getenv("API_TOKEN")))
	if err != nil {
		log.Fatal(err)
	}
	week := &confluence.GetAuditRecordsParams{StartDate: time.Now().AddDate(0, 0, -7)}
	for record, err := range c.AllAuditRecords(context.Background(), week) {
		var odd *rest.RecordError
		if err != nil && !errors.As(err, &odd) {
			log.Fatal(err)
		}
		if strings.Contains(strings.ToLower(record.Category+" "+record.Summary), "permission") {
			fmt.Println(record.CreationDate.Format(time.RFC3339), record.Author.DisplayName, record.Summary)
		}
	}
}
