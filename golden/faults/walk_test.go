// Package faults_test walks through the audit logs of failing mocks, over real sockets, with the
// generated clients of both APIs. The mock provides the faults of servers; this package adds the
// faults of networks and broken servers. Whatever happens, a walk yields exactly the served records
// in order, or it ends with an error whose Position lets another Pager, in another process, read
// exactly the rest.
package faults_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/seed-1954497d/auditgen/generated/confluence"
	"github.com/seed-1954497d/auditgen/generated/jira"
	"github.com/seed-1954497d/auditgen/generated/rest"
	"github.com/seed-1954497d/auditgen/generated/rest/atlassian"
	"github.com/seed-1954497d/auditgen/mock"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

// settings configure the client of a test.
type settings struct {
	token     string            // empty means any
	transport http.RoundTripper // nil means the default
	retries   int
	maxBytes  int64
}

// walker reads from a Position as JSON. It returns at most most records, the Position after them,
// and the error that ended the walk.
type walker func(ctx context.Context, from []byte, most int) (got []string, at []byte, err error)

const everything = 1 << 20

const (
	jiraPath       = "/rest/api/3/auditing/record"
	confluencePath = "/wiki/rest/api/audit"
	sincePath      = "/wiki/rest/api/audit/since"
)

// wholePeriod and wholeLog request the whole log by a period.
const wholePeriod = "number=1&units=YEARS"

var wholeLog = &confluence.GetAuditRecordsForTimePeriodParams{Number: new(int64(1)), Units: confluence.GetAuditRecordsForTimePeriodUnitsYears}

// listing is a listing of one of the APIs.
type listing struct {
	name   string
	path   string
	pinned bool // its end is pinned, so new records do not shift its pages
	linked bool // its responses link to the next page
	api    func(...mock.Option) (*mock.Server, error)
	open   func(t testing.TB, base string, s settings) walker
	kinds  map[string]error
}

var listings = []listing{
	{"Confluence", confluencePath, true, false, mock.Confluence, openConfluence, confluenceKinds},
	{"Confluence, by a period", sincePath, false, false, mock.Confluence, func(t testing.TB, base string, s settings) walker {
		c := newConfluence(t, base, s)
		return func(ctx context.Context, from []byte, most int) ([]string, []byte, error) {
			return walkConfluence(ctx, t, c.AuditRecordsForTimePeriodPager(wholeLog), from, most)
		}
	}, confluenceKinds},
	{"Jira", jiraPath, true, false, mock.Jira, func(t testing.TB, base string, s settings) walker {
		c := newJira(t, base, s)
		return func(ctx context.Context, from []byte, most int) ([]string, []byte, error) {
			return walkJira(ctx, t, c.AuditRecordsPager(nil), from, most)
		}
	}, jiraKinds},
	{"Confluence with next links", confluencePath, true, true, linkedConfluence, openConfluence, confluenceKinds},
}

func openConfluence(t testing.TB, base string, s settings) walker {
	c := newConfluence(t, base, s)
	return func(ctx context.Context, from []byte, most int) ([]string, []byte, error) {
		return walkConfluence(ctx, t, c.AuditRecordsPager(nil), from, most)
	}
}

func linkedConfluence(opts ...mock.Option) (*mock.Server, error) {
	return mock.Confluence(append(opts, mock.WithNextLinks())...)
}

var confluenceKinds = map[string]error{
	"unauthorized": rest.ErrUnauthorized, "forbidden": rest.ErrForbidden, "free plan": atlassian.ErrFreePlan,
	"rate limited": rest.ErrRateLimited, "not JSON": rest.ErrNotJSON, "too large": rest.ErrTooLarge,
	"repeated": rest.ErrRepeatedPage,
}

var jiraKinds = map[string]error{
	"unauthorized": rest.ErrUnauthorized, "forbidden": rest.ErrForbidden, "free plan": atlassian.ErrFreePlan,
	"rate limited": rest.ErrRateLimited, "not JSON": rest.ErrNotJSON, "too large": rest.ErrTooLarge,
	"repeated": rest.ErrRepeatedPage,
}

func newConfluence(t testing.TB, base string, s settings) *confluence.Client {
	t.Helper()
	opts := []rest.Option{rest.WithBearerToken(cmp.Or(s.token, "token-1")), rest.WithMaxRetries(s.retries)}
	if s.transport != nil {
		opts = append(opts, rest.WithHTTPClient(&http.Client{Transport: s.transport}))
	}
	if s.maxBytes > 0 {
		opts = append(opts, rest.WithMaxResponseBytes(s.maxBytes))
	}
	c, err := confluence.NewClient(base, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func newJira(t testing.TB, base string, s settings) *jira.Client {
	t.Helper()
	opts := []rest.Option{rest.WithBearerToken(cmp.Or(s.token, "token-1")), rest.WithMaxRetries(s.retries)}
	if s.transport != nil {
		opts = append(opts, rest.WithHTTPClient(&http.Client{Transport: s.transport}))
	}
	if s.maxBytes > 0 {
		opts = append(opts, rest.WithMaxResponseBytes(s.maxBytes))
	}
	c, err := jira.NewClient(base, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func walkConfluence(ctx context.Context, t testing.TB, p *rest.Pager[confluence.AuditRecord], from []byte, most int) ([]string, []byte, error) {
	if from != nil {
		p = p.From(position[rest.Position](t, from))
	}
	got, err := take(p.All(ctx), most, func(r *confluence.AuditRecord) string { return string(r.JSON.Raw()) })
	var ended *rest.PageError
	if errors.As(err, &ended) {
		try.Equal(t, "position of the error and of its pager", ended.Position, p.Position())
	} else if err != nil {
		t.Errorf("got %v, want a PageError", err)
	}
	return got, asJSON(t, p.Position()), err
}

func walkJira(ctx context.Context, t testing.TB, p *rest.Pager[jira.AuditRecord], from []byte, most int) ([]string, []byte, error) {
	if from != nil {
		p = p.From(position[rest.Position](t, from))
	}
	got, err := take(p.All(ctx), most, func(r *jira.AuditRecord) string { return string(r.JSON.Raw()) })
	var ended *rest.PageError
	if errors.As(err, &ended) {
		try.Equal(t, "position of the error and of its pager", ended.Position, p.Position())
	} else if err != nil {
		t.Errorf("got %v, want a PageError", err)
	}
	return got, asJSON(t, p.Position()), err
}

// take returns at most most records of a walk and the error that ended it.
func take[T any](all iter.Seq2[*T, error], most int, text func(*T) string) ([]string, error) {
	got := []string{}
	for r, err := range all {
		if err != nil {
			return got, err
		}
		if got = append(got, text(r)); len(got) == most {
			break
		}
	}
	return got, nil
}

func position[P any](t testing.TB, text []byte) (at P) {
	t.Helper()
	if err := json.Unmarshal(text, &at); err != nil {
		t.Fatal(err)
	}
	return at
}

func asJSON(t testing.TB, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// inBubble runs a test in a bubble, where waiting takes no time. The site stays outside.
func inBubble(t *testing.T, s *site, test func(t *testing.T, p *paced)) {
	t.Helper()
	p := newPaced(t, s)
	synctest.Test(t, func(t *testing.T) { test(t, p) })
}

// forListings runs a test in a bubble for each listing. start makes the site outside the bubble.
func forListings(t *testing.T, start func(t *testing.T, l listing) *site, test func(t *testing.T, l listing, s *site, p *paced)) {
	for _, l := range listings {
		t.Run(l.name, func(t *testing.T) {
			s := start(t, l)
			inBubble(t, s, func(t *testing.T, p *paced) { test(t, l, s, p) })
		})
	}
}

// ctx is the context of walks in a bubble. A context with an end must not leave its bubble.
var ctx = context.Background()

// isKind fails the test unless the error has exactly the given kinds.
func isKind(t testing.TB, l listing, err error, kinds ...string) {
	t.Helper()
	want := map[string]bool{}
	for _, k := range kinds {
		want[k] = true
	}
	for name, kind := range l.kinds {
		if errors.Is(err, kind) != want[name] {
			t.Errorf("is it %s: got %t, want %t: %v", name, !want[name], want[name], err)
		}
	}
}

// nameOf makes names of test cases from values.
func nameOf(parts ...any) string { return fmt.Sprintln(parts...)[:len(fmt.Sprintln(parts...))-1] }
