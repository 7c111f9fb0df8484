package embedded_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/seed-1954497d/auditgen/generated/confluence"
	"github.com/seed-1954497d/auditgen/generated/jira"
	"github.com/seed-1954497d/auditgen/generated/rest"
	"github.com/seed-1954497d/auditgen/generated/rest/atlassian"
	"github.com/seed-1954497d/auditgen/mock"
)

const (
	email    = "ada@example.com"
	apiToken = "t0ken"
)

// site starts a server in place of https://your-domain.atlassian.net, with a log of 250 records.
func site(start func(...mock.Option) (*mock.Server, error), opts ...mock.Option) *mock.Server {
	s, err := start(append(opts, mock.WithRecords(250))...)
	if err != nil {
		log.Fatal(err)
	}
	return s
}

// List the records of the last week. The loop fetches pages as needed.
func Example_listLastWeek() {
	s := site(mock.Confluence)
	defer s.Close()

	c, err := confluence.NewClient(s.URL, rest.WithBasicAuth(email, apiToken))
	if err != nil {
		log.Fatal(err)
	}
	since := time.Now().Add(-7 * 24 * time.Hour)
	var odd *rest.RecordError
	for rec, err := range c.AllAuditRecords(context.Background(), &confluence.GetAuditRecordsParams{StartDate: since}) {
		if errors.As(err, &odd) {
			log.Print(err) // a member has an undocumented type; the record is here all the same
		} else if err != nil {
			log.Fatal(err)
		}
		fmt.Println(rec.Author.DisplayName+":", rec.Summary)
	}
	// Output:
	// Rosa Petrov: Global settings changed
	// Lea Moreau: Login failed
	// Kofi Vega: Space permission added
	// Ada Sato: Space exported
	// Kofi Vega: Login failed
	// Mina Okoye: Global settings changed
}

// Stop after the first hundred records. Later pages are not requested, as the server's log shows.
func Example_firstHundred() {
	var asked bytes.Buffer // a line for each request
	s := site(mock.Jira, mock.WithLog(&asked))
	defer s.Close()

	c, err := jira.NewClient(s.URL, rest.WithBasicAuth(email, apiToken))
	if err != nil {
		log.Fatal(err)
	}
	var records []*jira.AuditRecord
	limit := int64(100) // on a page
	var odd *rest.RecordError
	for rec, err := range c.AllAuditRecords(context.Background(), &jira.GetAuditRecordsParams{Limit: &limit}) {
		if errors.As(err, &odd) {
			log.Print(err) // a member has an undocumented type; the record is here all the same
		} else if err != nil {
			log.Fatal(err)
		}
		if records = append(records, rec); len(records) == 100 {
			break
		}
	}
	fmt.Println(len(records), "records in", strings.Count(asked.String(), "\n"), "request")
	// Output: 100 records in 1 request
}

// Store the position after each record, and continue from there in another process.
func Example_resume() {
	s := site(mock.Confluence)
	defer s.Close()
	ctx := context.Background()

	c, err := confluence.NewClient(s.URL, rest.WithBasicAuth(email, apiToken))
	if err != nil {
		log.Fatal(err)
	}
	var saved []byte
	n := 0
	pager := c.AuditRecordsPager(nil)
	var odd *rest.RecordError
	for _, err := range pager.All(ctx) {
		if errors.As(err, &odd) {
			log.Print(err) // a member has an undocumented type; the record is here all the same
		} else if err != nil {
			log.Fatal(err)
		}
		if saved, err = json.Marshal(pager.Position()); err != nil {
			log.Fatal(err)
		}
		if n++; n == 130 {
			break // the process ends here
		}
	}

	var position rest.Position
	if err := json.Unmarshal(saved, &position); err != nil {
		log.Fatal(err)
	}
	more := 0
	for _, err := range c.AuditRecordsPager(nil).From(position).All(ctx) {
		if errors.As(err, &odd) {
			log.Print(err) // a member has an undocumented type; the record is here all the same
		} else if err != nil {
			log.Fatal(err)
		}
		more++
	}
	fmt.Println(more, "more, from number", position.Offset)
	// Output: 120 more, from number 130
}

// Write an export to a file while it arrives.
func Example_export() {
	s := site(mock.Confluence)
	defer s.Close()

	c, err := confluence.NewClient(s.URL, rest.WithBasicAuth(email, apiToken))
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
	// Output: auditlog.csv 37779 bytes
}

// Add your own record.
func Example_create() {
	s := site(mock.Confluence)
	defer s.Close()

	c, err := confluence.NewClient(s.URL, rest.WithBasicAuth(email, apiToken))
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

// Handle errors by kind.
func Example_errors() {
	s := site(mock.Confluence, mock.WithScript(mock.InOrder(mock.FreePlan())))
	defer s.Close()

	c, err := confluence.NewClient(s.URL, rest.WithBearerToken(apiToken))
	if err != nil {
		log.Fatal(err)
	}
	_, err = c.GetRetentionPeriod(context.Background())
	var api *rest.APIError
	switch {
	case errors.Is(err, atlassian.ErrFreePlan):
		fmt.Println("the site has no audit log: it is on the Free plan")
	case errors.Is(err, rest.ErrForbidden), errors.Is(err, rest.ErrUnauthorized):
		fmt.Println("check the token and its scopes")
	case errors.As(err, &api):
		fmt.Println("status", api.StatusCode)
	case err != nil:
		fmt.Println("no answer:", err)
	}
	// Output: the site has no audit log: it is on the Free plan
}

// A record with a value of an undocumented type comes with an error, and the walk goes on.
func Example_badRecords() {
	page := `{"limit": 3, "records": [{"id": 2, "summary": "fine"}, {"id": "one", "summary": "odd"}]}`
	header := http.Header{"Content-Type": {"application/json"}}
	s := site(mock.Jira, mock.WithScript(mock.InOrder(mock.Answer(http.StatusOK, header, page))))
	defer s.Close()

	c, err := jira.NewClient(s.URL, rest.WithBasicAuth(email, apiToken))
	if err != nil {
		log.Fatal(err)
	}
	for rec, err := range c.AllAuditRecords(context.Background(), nil) {
		var bad *rest.RecordError
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
