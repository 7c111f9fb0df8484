package mock_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"time"

	"github.com/seed-1954497d/auditgen/generated/confluence"
	"github.com/seed-1954497d/auditgen/generated/jira"
	"github.com/seed-1954497d/auditgen/generated/rest"
	"github.com/seed-1954497d/auditgen/generated/rest/atlassian"
	"github.com/seed-1954497d/auditgen/mock"
)

// Test code that reads an audit log against a server that behaves like the real one.
func Example() {
	s, err := mock.Confluence(mock.WithRecords(2500), mock.WithSeed(1))
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()

	c, err := confluence.NewClient(s.URL, rest.WithBasicAuth("me@example.com", "token"))
	if err != nil {
		log.Fatal(err)
	}
	n := 0
	for _, err := range c.AllAuditRecords(context.Background(), nil) {
		if err != nil {
			log.Fatal(err)
		}
		n++
	}
	fmt.Println(n, "records")
	// Output: 2500 records
}

// Without a socket, a server works inside testing/synctest, where retries take no time.
func ExampleInMemory() {
	s, err := mock.Jira(mock.InMemory(), mock.WithRecords(10))
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()

	c, err := jira.NewClient(s.URL, rest.WithHTTPClient(s.Client()), rest.WithBearerToken("token"))
	if err != nil {
		log.Fatal(err)
	}
	page, err := c.GetAuditRecords(context.Background(), &jira.GetAuditRecordsParams{Filter: "no such words"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(page.Records), "of", page.Total)
	// Output: 0 of 10
}

// See how your code handles a site without an audit log, and then a site with one.
func ExampleServer_SetFaults() {
	s, err := mock.Confluence(mock.WithFaults(mock.Faults{FreePlan: 1}))
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()

	c, err := confluence.NewClient(s.URL, rest.WithBasicAuth("me@example.com", "token"))
	if err != nil {
		log.Fatal(err)
	}
	_, err = c.GetRetentionPeriod(context.Background())
	fmt.Println(errors.Is(err, atlassian.ErrFreePlan))
	s.SetFaults(mock.Faults{})
	period, err := c.GetRetentionPeriod(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(period.Number, period.Units)
	// Output:
	// true
	// 1 YEARS
}

// With a fixed clock the records are the same in every run.
func ExampleWithClock() {
	noon := func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }
	s, err := mock.Jira(mock.WithClock(noon), mock.WithSeed(1))
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()

	c, err := jira.NewClient(s.URL, rest.WithBasicAuth("me@example.com", "token"))
	if err != nil {
		log.Fatal(err)
	}
	one := int64(1)
	page, err := c.GetAuditRecords(context.Background(), &jira.GetAuditRecordsParams{Limit: &one})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(page.Records[0].Created.UTC(), page.Records[0].Summary)
	// Output: 2026-03-01 11:57:24.639 +0000 UTC User added to group
}

// Any document can be served. Responses are made from the schemas.
func ExampleNew() {
	document := []byte(`
openapi: 3.0.3
info: {title: Weather, version: "1"}
paths:
  /weather/{town}:
    get:
      operationId: getWeather
      parameters: [{name: town, in: path, required: true, schema: {type: string}}]
      responses:
        "200":
          description: The weather of today.
          content: {application/json: {schema: {type: object, properties: {sky: {type: string, enum: [blue]}}}}}
`)
	s, err := mock.New(document)
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()

	resp, err := s.Client().Get(s.URL + "/weather/oslo")
	if err != nil {
		log.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(resp.Status, string(body))
	// Output: 200 OK {"sky":"blue"}
}

// Choose which request fails and how: here the second page is refused once, and the third is cut
// off in the middle.
func ExampleWithScript() {
	s, err := mock.Jira(mock.WithRecords(250), mock.WithScript(mock.InOrder(nil, mock.RateLimited(0), nil, mock.Truncated(1000))))
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()

	c, err := jira.NewClient(s.URL, rest.WithBearerToken("token"), rest.WithHook(func(_ context.Context, a rest.Attempt) {
		if a.Err != nil {
			fmt.Println("try", a.Number, "failed with status", a.StatusCode)
		}
	}))
	if err != nil {
		log.Fatal(err)
	}
	n, limit := 0, int64(100)
	for _, err := range c.AllAuditRecords(context.Background(), &jira.GetAuditRecordsParams{Limit: &limit}) {
		if err != nil {
			log.Fatal(err)
		}
		n++
	}
	fmt.Println(n, "records")
	// Output:
	// try 1 failed with status 429
	// try 1 failed with status 200
	// 250 records
}
