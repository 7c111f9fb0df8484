// Package contract_test checks the settled documents, the mock and the generated clients with
// Prism, a tool that knows nothing of auditgen. As a proxy between client and mock, Prism compares
// every request and every response with the document. It runs only with -prism, as make contract
// does, which installs Prism in a temporary folder.
package contract_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/seed-1954497d/auditgen/generated/confluence"
	"github.com/seed-1954497d/auditgen/generated/jira"
	"github.com/seed-1954497d/auditgen/generated/rest"
	"github.com/seed-1954497d/auditgen/generated/rest/atlassian"
	"github.com/seed-1954497d/auditgen/mock"
)

var prism = flag.String("prism", "", "the prism command; make contract installs it")

// judged is a mock behind Prism.
type judged struct {
	*mock.Server
	url      string // of Prism
	document string

	mu   sync.Mutex
	seen []string // method and path of each request
}

// behindPrism starts a mock and puts Prism in front of it.
func behindPrism(t *testing.T, name string, start func(...mock.Option) (*mock.Server, error)) *judged {
	t.Helper()
	if *prism == "" {
		t.Skip("needs Prism: make contract")
	}
	s, err := start(mock.WithRecords(700), mock.WithSeed(1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	j := &judged{Server: s, document: "../../generated/" + name + "/openapi.yaml"}
	ctx, cancel := context.WithCancel(context.Background())
	proxy := exec.CommandContext(ctx, *prism, "proxy", "--errors", "--port", "0", j.document, s.URL)
	prints, printed := io.Pipe()
	proxy.Stdout, proxy.Stderr = printed, printed
	if err := proxy.Start(); err != nil {
		cancel()
		t.Fatalf("%v\nmake contract installs Prism", err)
	}
	go func() { printed.CloseWithError(proxy.Wait()) }()
	var out bytes.Buffer
	listens := make(chan string, 1)
	go watch(&out, prints, listens)
	t.Cleanup(func() {
		cancel()
		for range listens { // until it has ended and out is complete
		}
		if t.Failed() {
			t.Logf("Prism wrote\n%s", &out)
		}
	})
	if j.url = <-listens; j.url == "" {
		t.Fatal("Prism does not listen")
	}
	return j
}

var listening = regexp.MustCompile(`listening on (http://[\w.:]+)`)

// watch collects the output of Prism and sends the address that Prism listens on. It closes the
// channel when Prism ends.
func watch(out *bytes.Buffer, prints io.Reader, listens chan<- string) {
	defer close(listens)
	for lines := bufio.NewReader(prints); ; {
		line, err := lines.ReadString('\n')
		out.WriteString(line)
		if found := listening.FindStringSubmatch(line); found != nil {
			listens <- found[1]
		}
		if err != nil {
			fmt.Fprintf(out, "and ended: %v\n", err)
			return
		}
	}
}

// RoundTrip implements http.RoundTripper. It records requests and turns complaints of Prism into
// errors.
func (j *judged) RoundTrip(r *http.Request) (*http.Response, error) {
	j.mu.Lock()
	j.seen = append(j.seen, r.Method+" "+r.URL.Path)
	j.mu.Unlock()
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if found := resp.Header.Get("Sl-Violations"); found != "" {
		resp.Body.Close()
		return nil, &violation{r.Method + " " + r.URL.RequestURI(), found}
	}
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "application/problem+json") {
		defer resp.Body.Close()
		body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
		return nil, errors.Join(&violation{r.Method + " " + r.URL.RequestURI(), string(body)}, err)
	}
	return resp, nil
}

// violation is a complaint of Prism about a request or its response.
type violation struct{ request, found string }

func (v *violation) Error() string { return v.request + ": Prism says: " + v.found }

func (j *judged) client() *http.Client { return &http.Client{Transport: j} }

func (j *judged) confluence(t *testing.T) *confluence.Client {
	t.Helper()
	c, err := confluence.NewClient(j.url, rest.WithHTTPClient(j.client()), rest.WithBasicAuth("me@example.com", "token"), rest.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (j *judged) jira(t *testing.T) *jira.Client {
	t.Helper()
	c, err := jira.NewClient(j.url, rest.WithHTTPClient(j.client()), rest.WithBasicAuth("me@example.com", "token"), rest.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// complete fails the test if an operation of the document was never called.
func (j *judged) complete(t *testing.T) {
	t.Helper()
	data, err := os.ReadFile(j.document)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]any
	}
	if err := yaml.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		for method := range doc.Paths[path] {
			if !slices.Contains([]string{"get", "put", "post", "delete", "patch"}, method) {
				continue
			}
			n++
			if !slices.Contains(j.seen, strings.ToUpper(method)+" "+path) {
				t.Errorf("%s %s was never called: call it here too", strings.ToUpper(method), path)
			}
		}
	}
	if n == 0 {
		t.Errorf("%s has no operations", j.document)
	}
}

// counted walks to the end and returns the number of records.
func counted[T any](t *testing.T, what string, all func(func(*T, error) bool)) int {
	t.Helper()
	n := 0
	for _, err := range all {
		if err != nil {
			t.Errorf("%s: %v", what, err)
			return n
		}
		n++
	}
	return n
}

func wantNone(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Errorf("%s: %v", what, err)
	}
}

func TestConfluenceMatchesItsDocument(t *testing.T) {
	j := behindPrism(t, "confluence", mock.Confluence)
	c, ctx := j.confluence(t), t.Context()
	limit, start, year := int64(100), int64(3), int64(1)
	now := time.Now()
	if n := counted(t, "AllAuditRecords", c.AllAuditRecords(ctx, &confluence.GetAuditRecordsParams{Limit: &limit})); n != 700 {
		t.Errorf("the log has %d records, want 700", n)
	}
	counted(t, "AllAuditRecords, filtered", c.AllAuditRecords(ctx, &confluence.GetAuditRecordsParams{
		Limit: &limit, Start: &start, StartDate: now.AddDate(0, -6, 0), EndDate: now, SearchString: "Rosa + Åse & 100%"}))
	for _, units := range []confluence.GetAuditRecordsForTimePeriodUnits{confluence.GetAuditRecordsForTimePeriodUnitsYears, confluence.GetAuditRecordsForTimePeriodUnitsDays} {
		counted(t, "AllAuditRecordsForTimePeriod", c.AllAuditRecordsForTimePeriod(ctx, &confluence.GetAuditRecordsForTimePeriodParams{
			Number: &year, Units: units, Limit: &limit, SearchString: "space"}))
	}
	_, err := c.GetAuditRecords(ctx, nil)
	wantNone(t, "GetAuditRecords", err)
	_, err = c.GetAuditRecordsForTimePeriod(ctx, nil)
	wantNone(t, "GetAuditRecordsForTimePeriod", err)
	for _, made := range created {
		_, err = c.CreateAuditRecord(ctx, made)
		wantNone(t, "CreateAuditRecord", err)
	}
	page, err := c.GetAuditRecords(ctx, &confluence.GetAuditRecordsParams{Limit: &limit})
	wantNone(t, "GetAuditRecords with those that were created", err)
	if err == nil && (len(page.Results) == 0 || page.Results[0].RemoteAddress == "") {
		t.Errorf("the first page has %d records", len(page.Results))
	}
	_, err = c.GetRetentionPeriod(ctx)
	wantNone(t, "GetRetentionPeriod", err)
	_, err = c.SetRetentionPeriod(ctx, confluence.RetentionPeriod{Number: 300, Units: confluence.RetentionPeriodUnitsDays})
	wantNone(t, "SetRetentionPeriod", err)
	export(t, c)
	j.complete(t)
}

// created are records with all optional members and with none.
var created = []confluence.CreateAuditRecordRequest{
	{RemoteAddress: "198.51.100.7"},
	{RemoteAddress: "198.51.100.7", Summary: "Backup finished", Description: "of \"all\"\nspaces", Category: "Jobs", SysAdmin: true,
		CreationDate:   time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC),
		AffectedObject: confluence.AffectedObject{Name: "Docs", ObjectType: "Space"},
		ChangedValues:  []confluence.ChangedValue{{Name: "state", OldValue: "1", NewValue: "2"}}, AssociatedObjects: []confluence.AffectedObject{{Name: "All", ObjectType: "Group"}}},
}

func export(t *testing.T, c *confluence.Client) {
	t.Helper()
	for _, format := range []confluence.ExportAuditRecordsFormat{"", confluence.ExportAuditRecordsFormatCSV, confluence.ExportAuditRecordsFormatZip} {
		what := fmt.Sprintf("ExportAuditRecords as %q", format)
		file, err := c.ExportAuditRecords(t.Context(), &confluence.ExportAuditRecordsParams{Format: format, StartDate: time.Now().AddDate(0, -1, 0), SearchString: "space"})
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		// Prism reads every body as text, which damages a zip file. Package mock tests without
		// Prism that it is complete.
		n, err := io.Copy(io.Discard, file)
		wantNone(t, what, err)
		if _ = file.Close(); n == 0 {
			t.Errorf("%s: the file is empty", what)
		}
	}
}

func TestJiraMatchesItsDocument(t *testing.T) {
	j := behindPrism(t, "jira", mock.Jira)
	c, ctx := j.jira(t), t.Context()
	limit, offset := int64(100), int64(3)
	if n := counted(t, "AllAuditRecords", c.AllAuditRecords(ctx, &jira.GetAuditRecordsParams{Limit: &limit})); n != 700 {
		t.Errorf("the log has %d records, want 700", n)
	}
	now := time.Now()
	counted(t, "AllAuditRecords, filtered", c.AllAuditRecords(ctx, &jira.GetAuditRecordsParams{
		Limit: &limit, Offset: &offset, From: now.AddDate(0, -6, 0), To: now, Filter: "group + 100% &"}))
	_, err := c.GetAuditRecords(ctx, nil)
	wantNone(t, "GetAuditRecords", err)
	j.complete(t)
}

// The documents describe refusals too.
func TestRefusalsMatchTheDocuments(t *testing.T) {
	j := behindPrism(t, "confluence", mock.Confluence)
	c, ctx := j.confluence(t), t.Context()
	j.SetScript(func(int, *http.Request) mock.Fault { return mock.FreePlan() })
	for name, call := range map[string]func() error{
		"GetAuditRecords":              func() error { _, err := c.GetAuditRecords(ctx, nil); return err },
		"GetAuditRecordsForTimePeriod": func() error { _, err := c.GetAuditRecordsForTimePeriod(ctx, nil); return err },
		"GetRetentionPeriod":           func() error { _, err := c.GetRetentionPeriod(ctx); return err },
		"ExportAuditRecords":           func() error { _, err := c.ExportAuditRecords(ctx, nil); return err },
		"SetRetentionPeriod": func() error {
			_, err := c.SetRetentionPeriod(ctx, confluence.RetentionPeriod{Number: 1, Units: confluence.RetentionPeriodUnitsYears})
			return err
		},
	} {
		if err := call(); !errors.Is(err, atlassian.ErrFreePlan) {
			t.Errorf("%s: got %v, want that the plan has no audit log", name, err)
		}
	}
	j.SetScript(func(int, *http.Request) mock.Fault { return mock.Answer(401, asJSON, `{"statusCode":401}`) })
	if _, err := c.GetAuditRecords(ctx, nil); !errors.Is(err, rest.ErrUnauthorized) {
		t.Errorf("GetAuditRecords: got %v, want that it is unauthorized", err)
	}
	if _, err := c.CreateAuditRecord(ctx, created[0]); !errors.Is(err, rest.ErrUnauthorized) {
		t.Errorf("CreateAuditRecord: got %v, want that it is unauthorized", err)
	}
	k := behindPrism(t, "jira", mock.Jira)
	k.SetScript(mock.InOrder(mock.FreePlan(), mock.Answer(401, asJSON, "{}")))
	if _, err := k.jira(t).GetAuditRecords(ctx, nil); !errors.Is(err, atlassian.ErrFreePlan) {
		t.Errorf("Jira: got %v, want that the plan has no audit log", err)
	}
	if _, err := k.jira(t).GetAuditRecords(ctx, nil); !errors.Is(err, rest.ErrUnauthorized) {
		t.Errorf("Jira: got %v, want that it is unauthorized", err)
	}
}

// A check that accepts everything would be useless.
func TestPrismReportsViolations(t *testing.T) {
	j := behindPrism(t, "confluence", mock.Confluence)
	c, ctx := j.confluence(t), t.Context()
	for name, query := range map[string]url.Values{
		"a limit that is not a number": {"limit": {"many"}}, "a limit that is too small": {"limit": {"-1"}},
	} {
		_, err := c.Do(ctx, http.MethodGet, "/wiki/rest/api/audit", query, nil)
		wantViolation(t, name, err)
	}
	_, err := c.Do(ctx, http.MethodPost, "/wiki/rest/api/audit", nil, map[string]string{"summary": "Who was it?"})
	wantViolation(t, "a record without its required member", err)
	for name, wrong := range map[string]mock.Fault{
		"a member of another type": mock.Answer(200, asJSON, `{"number":"one","units":"YEARS"}`),
		"an unknown unit":          mock.Answer(200, asJSON, `{"number":1,"units":"AEONS"}`),
		"a page of HTML":           mock.LoginPage(),
		"an undocumented status":   mock.Answer(418, asJSON, `{}`),
	} {
		j.SetScript(mock.InOrder(wrong))
		_, err := c.GetRetentionPeriod(ctx)
		wantViolation(t, name, err)
	}
}

var asJSON = http.Header{"Content-Type": {"application/json"}}

func wantViolation(t *testing.T, name string, err error) {
	t.Helper()
	if _, ok := errors.AsType[*violation](err); !ok {
		t.Errorf("%s: got %v, want that Prism complains", name, err)
	}
}
