package embedded_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/seed-1954497d/auditgen/generated/confluence"
	"github.com/seed-1954497d/auditgen/generated/jira"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

const (
	email    = "ada@example.com"
	apiToken = "t0ken"
)

// exampleSite stands for https://your-domain.atlassian.net. Its log has 251 records, a hundred on a page; one is new.
func exampleSite() *try.Server {
	records := newLog(250, 100)
	records.add(time.Now().Add(-time.Hour))
	return try.NewServer(func(r try.Request) try.Answer {
		switch r.Method + " " + r.Path {
		case "GET /wiki/rest/api/audit/export":
			return try.Answer{Type: "text/csv", Body: "date,what\n2026-03-01,login\n",
				Header: map[string]string{"Content-Disposition": `attachment; filename="audit.csv"`}}
		case "POST /wiki/rest/api/audit":
			return try.JSON("%s", r.Body)
		case "GET /wiki/rest/api/audit":
			return records.confluence(r)
		case "GET /rest/api/3/auditing/record":
			return records.jira(r)
		}
		return try.Answer{Status: http.StatusForbidden, Body: freePlan}
	})
}

// List what happened since yesterday. Pages are fetched as the loop needs them.
func Example_listSinceYesterday() {
	site := exampleSite()
	defer site.Close()

	c, err := confluence.NewClient(site.URL, confluence.WithBasicAuth(email, apiToken))
	if err != nil {
		log.Fatal(err)
	}
	yesterday := time.Now().AddDate(0, 0, -1)
	for rec, err := range c.AllAuditRecords(context.Background(), &confluence.GetAuditRecordsParams{StartDate: yesterday}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(rec.Author.DisplayName+":", rec.Summary)
	}
	// Output: Rosa: r250
}

// Stop after the first hundred records. The rest is never asked for.
func Example_firstHundred() {
	site := exampleSite()
	defer site.Close()

	c, err := jira.NewClient(site.URL, jira.WithBasicAuth(email, apiToken))
	if err != nil {
		log.Fatal(err)
	}
	var records []*jira.AuditRecord
	for rec, err := range c.AllAuditRecords(context.Background(), nil) {
		if err != nil {
			log.Fatal(err)
		}
		if records = append(records, rec); len(records) == 100 {
			break
		}
	}
	fmt.Println(len(records), "records, from", records[0].Summary, "to", records[99].Summary)
	fmt.Println(len(site.Requests()), "request")
	// Output:
	// 100 records, from r250 to r151
	// 1 request
}

// Keep the position when a record has been dealt with, and go on from there in another process.
func Example_resume() {
	site := exampleSite()
	defer site.Close()
	ctx := context.Background()

	c, err := confluence.NewClient(site.URL, confluence.WithBasicAuth(email, apiToken))
	if err != nil {
		log.Fatal(err)
	}
	var saved []byte
	pager := c.AuditRecordsPager(nil)
	for rec, err := range pager.All(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		if saved, err = json.Marshal(pager.Position()); err != nil {
			log.Fatal(err)
		}
		if rec.Summary == "r120" {
			break // the process ends here
		}
	}

	var position confluence.Position
	if err := json.Unmarshal(saved, &position); err != nil {
		log.Fatal(err)
	}
	fmt.Println("offset", position.Offset)
	for rec, err := range c.AuditRecordsPager(nil).From(position).All(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(rec.Summary)
		break
	}
	// Output:
	// offset 131
	// r119
}

// Write an export to a file as it arrives.
func Example_export() {
	site := exampleSite()
	defer site.Close()

	c, err := confluence.NewClient(site.URL, confluence.WithBasicAuth(email, apiToken))
	if err != nil {
		log.Fatal(err)
	}
	export, err := c.ExportAuditRecords(context.Background(), &confluence.ExportAuditRecordsParams{
		Format: confluence.ExportAuditRecordsFormatCSV,
	})
	if err != nil {
		log.Fatal(err)
	}
	defer export.Close()

	file, err := os.CreateTemp("", "*-"+export.FileName)
	if err != nil {
		log.Fatal(err)
	}
	defer os.Remove(file.Name())
	n, err := io.Copy(file, export)
	if err != nil {
		log.Fatal(err)
	}
	if err := file.Close(); err != nil {
		log.Fatal(err)
	}
	fmt.Println(export.FileName, n, "bytes")
	// Output: audit.csv 27 bytes
}

// Add a record of one's own.
func Example_create() {
	site := exampleSite()
	defer site.Close()

	c, err := confluence.NewClient(site.URL, confluence.WithBasicAuth(email, apiToken))
	if err != nil {
		log.Fatal(err)
	}
	rec, err := c.CreateAuditRecord(context.Background(), confluence.CreateAuditRecordRequest{
		RemoteAddress:  "198.51.100.7",
		CreationDate:   time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC),
		Summary:        "Backup finished",
		AffectedObject: confluence.AffectedObject{Name: "Docs", ObjectType: "Space"},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(rec.CreationDate.Format(time.DateTime), rec.Summary)
	// Output: 2026-03-01 10:00:00 Backup finished
}

// Tell errors apart by what they are about.
func Example_errors() {
	site := exampleSite()
	defer site.Close()

	c, err := confluence.NewClient(site.URL, confluence.WithBearerToken(apiToken))
	if err != nil {
		log.Fatal(err)
	}
	_, err = c.GetRetentionPeriod(context.Background())
	var api *confluence.APIError
	switch {
	case errors.Is(err, confluence.ErrFreePlan):
		fmt.Println("the site has no audit log: it is on the Free plan")
	case errors.Is(err, confluence.ErrForbidden), errors.Is(err, confluence.ErrUnauthorized):
		fmt.Println("check the token and its scopes")
	case errors.As(err, &api):
		fmt.Println("status", api.StatusCode)
	case err != nil:
		fmt.Println("no answer:", err)
	}
	// Output: the site has no audit log: it is on the Free plan
}

// A record with a value of another type than documented comes with an error, and the walk goes on.
func Example_badRecords() {
	site := try.NewServer(func(try.Request) try.Answer {
		return try.JSON(`{"limit": 3, "records": [{"id": 2, "summary": "fine"}, {"id": "one", "summary": "odd"}]}`)
	})
	defer site.Close()

	c, err := jira.NewClient(site.URL, jira.WithBasicAuth(email, apiToken))
	if err != nil {
		log.Fatal(err)
	}
	for rec, err := range c.AllAuditRecords(context.Background(), nil) {
		var bad *jira.RecordError
		if errors.As(err, &bad) {
			fmt.Println("kept as it came:", string(bad.Raw))
			continue
		}
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(rec.ID, rec.Summary)
	}
	// Output:
	// 2 fine
	// kept as it came: {"id": "one", "summary": "odd"}
}
