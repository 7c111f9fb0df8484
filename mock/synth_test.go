package mock

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed-1954497d/auditgen/generated/rest"
	links "github.com/seed-1954497d/auditgen/golden/paging_links/want"
	offset "github.com/seed-1954497d/auditgen/golden/paging_offset/want"
	tokens "github.com/seed-1954497d/auditgen/golden/paging_tokens/want"
	"github.com/seed-1954497d/auditgen/internal/sample"
)

// document starts a mock of the document of a golden package.
func document(t *testing.T, file string, opts ...Option) *Server {
	t.Helper()
	data := must[[]byte](t)(os.ReadFile("../golden/" + file))
	return newTestServer(t, func(all ...Option) (*Server, error) { return New(data, append(all, opts...)...) })
}

// count walks to the end and returns the number of items.
func count[T any](t *testing.T, walk iter.Seq2[*T, error]) int {
	t.Helper()
	n := 0
	for _, err := range walk {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n > 5000 {
			t.Fatal("the walk does not end")
		}
	}
	return n
}

func TestGeneratedPagersReachTheEnd(t *testing.T) {
	ctx := context.Background()
	const n = 333
	s := document(t, "paging_tokens/want/openapi.yaml", WithRecords(n))
	c := must[*tokens.Client](t)(tokens.NewClient(s.URL, rest.WithHTTPClient(s.Client()), rest.WithBearerToken("x")))
	walks := map[string]int{
		"token":       count(t, c.AllIssues(ctx, &tokens.SearchIssuesParams{Q: "x"})),
		"cursor":      count(t, c.AllPages(ctx, nil)),
		"link header": count(t, c.AllLinked(ctx, nil)),
		"pages":       count(t, c.AllRepositories(ctx, "space", nil)),
		"told":        count(t, c.AllThings(ctx, nil)),
		"startAt":     count(t, c.AllUsers(ctx, nil)),
	}
	s = document(t, "paging_links/want/openapi.yaml", WithRecords(n))
	l := must[*links.Client](t)(links.NewClient(s.URL, rest.WithHTTPClient(s.Client()), rest.WithBearerToken("x")))
	walks["next link"] = count(t, l.AllEntries(ctx, nil))
	s = document(t, "paging_offset/want/openapi.yaml", WithRecords(n))
	o := must[*offset.Client](t)(offset.NewClient(s.URL, rest.WithHTTPClient(s.Client()), rest.WithBearerToken("x")))
	walks["offset"] = count(t, o.AllLines(ctx, "book", nil))
	for name, got := range walks {
		if got != n {
			t.Errorf("%s: got %d items, want %d", name, got, n)
		}
	}
}

func TestAnUnknownCursorIsRefused(t *testing.T) {
	s := document(t, "paging_tokens/want/openapi.yaml")
	for _, cursor := range []string{"x", "-1", "99999999999999999999"} {
		a := ask(t, s, "GET /token?q=x&nextPageToken="+cursor)
		want := fmt.Sprintf(`{"message":"query parameter nextPageToken: \"%s\" is not a cursor of an earlier response","statusCode":400}`+"\n", cursor)
		if a.status != http.StatusBadRequest || a.body != want {
			t.Errorf("%d %s", a.status, a.body)
		}
	}
}

// fits validates a response against the document.
func fits(op *operation, r *http.Request, a answered) error {
	in := &openapi3filter.RequestValidationInput{Request: r, Route: &op.route}
	return openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{RequestValidationInput: in,
		Status: a.status, Header: a.header, Body: io.NopCloser(strings.NewReader(a.body)), Options: &openapi3filter.Options{IncludeResponseStatus: true}})
}

func TestResponsesOfTheAuditLogsMatchTheirDocuments(t *testing.T) {
	s := newTestServer(t, func(opts ...Option) (*Server, error) { return New(bothDocuments(t), opts...) })
	bodies := map[string][]string{"POST /wiki/rest/api/audit": {`{"remoteAddress":"192.0.2.1"}`}, "PUT /wiki/rest/api/audit/retention": {`{"number":1,"units":"MONTHS"}`}}
	n := 0
	for _, doc := range s.handler.docs {
		for _, op := range doc {
			if !op.answers[0].JSON {
				continue // exports are tested elsewhere
			}
			line := op.route.Method + " " + op.route.Path
			a := ask(t, s, line, bodies[line]...)
			r := must[*http.Request](t)(http.NewRequest(op.route.Method, s.URL+op.route.Path, http.NoBody))
			if err := fits(op, r, a); err != nil {
				t.Errorf("%s: %d: %.1000s", line, a.status, err)
			}
			n++
		}
	}
	if n != 6 {
		t.Errorf("%d operations answered with JSON, want 6", n)
	}
}

// TestSynthesizedResponsesMatchALargeDocument checks every operation of Jira's complete document.
func TestSynthesizedResponsesMatchALargeDocument(t *testing.T) {
	data, err := os.ReadFile("../../shared/specs/jira-platform-2022-01-13.openapi.json")
	if err != nil || testing.Short() {
		t.Skip("Jira's complete document is not beside this checkout, or the run is short")
	}
	s := newTestServer(t, func(opts ...Option) (*Server, error) { return New(data, opts...) })
	fit, all := 0, 0
	var misfits []string
	for _, op := range s.handler.docs[0] {
		answer := op.answers[0]
		if !answer.JSON {
			continue
		}
		all++
		body := must[[]byte](t)(answer.Body(sample.MixText(1, op.route.Path)))
		a := answered{answer.Status, http.Header{"Content-Type": {answer.Media}}, string(body)}
		r := must[*http.Request](t)(http.NewRequest(op.route.Method, s.URL, bytes.NewReader(nil)))
		if err := fits(op, r, a); err != nil {
			misfits = append(misfits, op.route.Method+" "+op.route.Path)
			t.Logf("%s %s: %.300s", op.route.Method, op.route.Path, err)
			continue
		}
		fit++
	}
	// These schemas require one of several objects with members inside an object that may have
	// none.
	impossible := []string{"GET /rest/api/3/field/{fieldId}/context/defaultValue", "POST /rest/api/3/jql/parse", "GET /rest/api/3/workflow/search"}
	if diff := cmp.Diff(impossible, misfits, cmpopts.SortSlices(strings.Compare)); diff != "" || fit < 300 {
		t.Errorf("%d of %d responses match the document; those that do not (-want +got)\n%s", fit, all, diff)
	}
	for _, ops := range s.handler.docs {
		for _, op := range ops {
			if p := op.ir.Paging; p != nil && p.Offset != nil && op.route.Path == "/rest/api/3/dashboard/search" {
				var page struct {
					StartAt, MaxResults, Total int
					Values                     []any
				}
				ask(t, s, "GET /rest/api/3/dashboard/search?startAt=240&maxResults=7").into(t, &page)
				if diff := cmp.Diff([]int{240, 7, 1000, 7}, []int{page.StartAt, page.MaxResults, page.Total, len(page.Values)}); diff != "" {
					t.Errorf("startAt, maxResults, total and items (-want +got)\n%s", diff)
				}
				return
			}
		}
	}
	t.Error("the search for dashboards does not page")
}

func TestNewAcceptsDocumentsInManyForms(t *testing.T) {
	loaded := must[*openapi3.T](t)(openapi3.NewLoader().LoadFromData([]byte(checkedDocument)))
	for name, start := range map[string]func(...Option) (*Server, error){
		"loaded": func(opts ...Option) (*Server, error) { return New(loaded, opts...) },
		"text":   func(opts ...Option) (*Server, error) { return New([]byte(checkedDocument), opts...) },
		"Swagger 2.0": func(opts ...Option) (*Server, error) {
			return New([]byte("swagger: '2.0'\ninfo: {title: T, version: '1'}\npaths: {/things/all: {get: {responses: {'204': {description: x}}}}}\n"), opts...)
		},
	} {
		if a := ask(t, newTestServer(t, start), "GET /things/all"); a.status != http.StatusNoContent {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	for name, want := range map[string]string{"openapi: 3.0.3\npaths: [": "mock: document:2", "": "mock: document"} {
		if _, err := New([]byte(name)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want an error that starts with %s", name, err, want)
		}
	}
}

func TestTheSameSeedMakesTheSameResponses(t *testing.T) {
	body := func(seed uint64) string {
		return ask(t, document(t, "paging_links/want/openapi.yaml", WithSeed(seed)), "GET /journal").body
	}
	first := body(1)
	if again, other := body(1), body(2); first != again || first == other {
		t.Errorf("responses do not depend on the seed alone:\n%.200s\n%.200s\n%.200s", first, again, other)
	}
}

func TestCommandsAreValidCurlCommands(t *testing.T) {
	s := document(t, "paging_tokens/want/openapi.yaml")
	both := newTestServer(t, func(opts ...Option) (*Server, error) { return New(bothDocuments(t), opts...) })
	other := newTestServer(t, func(opts ...Option) (*Server, error) {
		return New([]byte(strings.ReplaceAll(checkedDocument, "name: X-Trace, in: header, required: true", "name: X-Trace, in: header")), opts...)
	})
	got := slices.Concat(both.Commands(), s.Commands(), other.Commands())
	want := []string{
		"curl -s -u me@example.com:token 'http://127.0.0.1/wiki/rest/api/audit?limit=2'",
		"curl -s -u me@example.com:token 'http://127.0.0.1/rest/api/3/auditing/record?limit=2'",
		"curl -s -u me@example.com:token 'http://127.0.0.1/token'",
		"curl -s -u me@example.com:token 'http://127.0.0.1/things/1'",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestPathsWithEscapesAndQueriesAreServed(t *testing.T) {
	s := document(t, "paths/want/openapi.yaml")
	for line, want := range map[string]int{
		"GET /main/v1%20b/pct%20done/x": 204, "GET /main/v1%20b/monthly%20report/a%2Fb": 204, "GET /main/v1%20b/50%25/x": 204,
		"GET /main/v1%20b/search?type=repo&q=x": 204, "GET /main/v1%20b/search?q=x&type=user": 204, "GET /main/v1%20b/search?type=other&q=x": 404,
		"POST /main/v1%20b/letters?draft=true": 204, "POST /main/v1%20b/letters": 204, "GET /main/v1%20b/act?dry&version=2&method=purge+all": 204,
	} {
		if got := ask(t, s, line).status; got != want {
			t.Errorf("%s: got %d, want %d", line, got, want)
		}
	}
}
