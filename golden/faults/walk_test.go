// Package faults_test walks through audit logs of servers that fail in every way that servers and networks do: over real
// sockets, with the generated clients of both APIs. Whatever happens, a walk yields exactly the records served, in order, or
// it ends with an error whose Position leads another Pager, in another process, to exactly the rest.
package faults_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/seed-1954497d/auditgen/generated/confluence"
	"github.com/seed-1954497d/auditgen/generated/jira"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

// settings are what tests want of a client.
type settings struct {
	token     string
	transport http.RoundTripper // the client's own if nil
	retries   int
	maxBytes  int64
}

// walker reads on from a Position, as JSON, and gives at most so many records, the Position behind them, and the error that
// ended the walk.
type walker func(ctx context.Context, from []byte, most int) (got []string, at []byte, err error)

const everything = 1 << 20

// listing is a listing of one of the APIs.
type listing struct {
	name   string
	path   string
	pinned bool // new records do not shift its pages
	open   func(t testing.TB, base string, s settings) walker
	kinds  map[string]error
}

var listings = []listing{
	{"Confluence", "/wiki/rest/api/audit", true, func(t testing.TB, base string, s settings) walker {
		c := newConfluence(t, base, s)
		return func(ctx context.Context, from []byte, most int) ([]string, []byte, error) {
			return walkConfluence(ctx, t, c.AuditRecordsPager(nil), from, most)
		}
	}, confluenceKinds},
	{"Confluence, by a period", sincePath, false, func(t testing.TB, base string, s settings) walker {
		c := newConfluence(t, base, s)
		return func(ctx context.Context, from []byte, most int) ([]string, []byte, error) {
			return walkConfluence(ctx, t, c.AuditRecordsForTimePeriodPager(nil), from, most)
		}
	}, confluenceKinds},
	{"Jira", jiraPath, true, func(t testing.TB, base string, s settings) walker {
		c := newJira(t, base, s)
		return func(ctx context.Context, from []byte, most int) ([]string, []byte, error) {
			return walkJira(ctx, t, c.AuditRecordsPager(nil), from, most)
		}
	}, jiraKinds},
}

var confluenceKinds = map[string]error{
	"unauthorized": confluence.ErrUnauthorized, "forbidden": confluence.ErrForbidden, "free plan": confluence.ErrFreePlan,
	"rate limited": confluence.ErrRateLimited, "not JSON": confluence.ErrNotJSON, "too large": confluence.ErrTooLarge,
	"repeated": confluence.ErrRepeatedPage,
}

var jiraKinds = map[string]error{
	"unauthorized": jira.ErrUnauthorized, "forbidden": jira.ErrForbidden, "free plan": jira.ErrFreePlan,
	"rate limited": jira.ErrRateLimited, "not JSON": jira.ErrNotJSON, "too large": jira.ErrTooLarge,
	"repeated": jira.ErrRepeatedPage,
}

func newConfluence(t testing.TB, base string, s settings) *confluence.Client {
	t.Helper()
	opts := []confluence.Option{confluence.WithBearerToken(s.token), confluence.WithMaxRetries(s.retries)}
	if s.transport != nil {
		opts = append(opts, confluence.WithHTTPClient(&http.Client{Transport: s.transport}))
	}
	if s.maxBytes > 0 {
		opts = append(opts, confluence.WithMaxResponseBytes(s.maxBytes))
	}
	c, err := confluence.NewClient(base, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func newJira(t testing.TB, base string, s settings) *jira.Client {
	t.Helper()
	opts := []jira.Option{jira.WithBearerToken(s.token), jira.WithMaxRetries(s.retries)}
	if s.transport != nil {
		opts = append(opts, jira.WithHTTPClient(&http.Client{Transport: s.transport}))
	}
	if s.maxBytes > 0 {
		opts = append(opts, jira.WithMaxResponseBytes(s.maxBytes))
	}
	c, err := jira.NewClient(base, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func walkConfluence(ctx context.Context, t testing.TB, p *confluence.Pager[confluence.AuditRecord], from []byte, most int) ([]string, []byte, error) {
	if from != nil {
		p = p.From(position[confluence.Position](t, from))
	}
	got, err := take(p.All(ctx), most, func(r *confluence.AuditRecord) string { return string(r.JSON.Raw()) })
	var ended *confluence.PageError
	if errors.As(err, &ended) {
		try.Equal(t, "position of the error and of its pager", ended.Position, p.Position())
	} else if err != nil {
		t.Errorf("got %v, want a PageError", err)
	}
	return got, asJSON(t, p.Position()), err
}

func walkJira(ctx context.Context, t testing.TB, p *jira.Pager[jira.AuditRecord], from []byte, most int) ([]string, []byte, error) {
	if from != nil {
		p = p.From(position[jira.Position](t, from))
	}
	got, err := take(p.All(ctx), most, func(r *jira.AuditRecord) string { return string(r.JSON.Raw()) })
	var ended *jira.PageError
	if errors.As(err, &ended) {
		try.Equal(t, "position of the error and of its pager", ended.Position, p.Position())
	} else if err != nil {
		t.Errorf("got %v, want a PageError", err)
	}
	return got, asJSON(t, p.Position()), err
}

// take gives at most so many records of a walk and the error that ended it.
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

// forListings runs a test for each listing, in a bubble where waiting takes no time. start makes the server, outside of it.
func forListings(t *testing.T, start func(t *testing.T, l listing) *server, test func(t *testing.T, l listing, s *server, p *paced)) {
	for _, l := range listings {
		t.Run(l.name, func(t *testing.T) {
			s, p := start(t, l), newPaced(t)
			synctest.Test(t, func(t *testing.T) { test(t, l, s, p) })
		})
	}
}

// ctx is the context of walks in a bubble: one that ends must not leave it.
var ctx = context.Background()

// isKind fails the test if an error is not of exactly one kind.
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

// counter counts requests, to tell the one that goes wrong.
type counter struct {
	mu sync.Mutex
	n  int
}

// next gives the number of this call, from 0.
func (c *counter) next() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	return c.n - 1
}

// nameOf makes names of cases that differ in numbers.
func nameOf(parts ...any) string { return fmt.Sprintln(parts...)[:len(fmt.Sprintln(parts...))-1] }
