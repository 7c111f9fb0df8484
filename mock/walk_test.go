package mock

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generated/confluence"
	"github.com/seed-1954497d/auditgen/generated/jira"
	"github.com/seed-1954497d/auditgen/generated/rest"
)

const (
	email = "me@example.com"
	token = "token"
)

// must returns v and fails the test on an error.
func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func confluenceClient(t testing.TB, s *Server, opts ...rest.Option) *confluence.Client {
	t.Helper()
	opts = append([]rest.Option{rest.WithHTTPClient(s.Client()), rest.WithBasicAuth(email, token)}, opts...)
	return must[*confluence.Client](t)(confluence.NewClient(s.URL, opts...))
}

func jiraClient(t testing.TB, s *Server, opts ...rest.Option) *jira.Client {
	t.Helper()
	opts = append([]rest.Option{rest.WithHTTPClient(s.Client()), rest.WithBearerToken(token)}, opts...)
	return must[*jira.Client](t)(jira.NewClient(s.URL, opts...))
}

func walkLength() int {
	if testing.Short() {
		return 5_000
	}
	return 20_000
}

// wantWalk compares the raw records of a walk with the records of the log, the newest first.
func wantWalk(t *testing.T, n int, record func(p int) any) func(raw []byte) {
	t.Helper()
	seen := 0
	t.Cleanup(func() {
		if seen != n {
			t.Errorf("got %d records, want %d", seen, n)
		}
	})
	return func(raw []byte) {
		t.Helper()
		if seen == n {
			t.Fatalf("got %s after all records", raw)
		}
		want := must[[]byte](t)(json.Marshal(record(n - 1 - seen)))
		if string(raw) != string(want) {
			t.Fatalf("record %d (-want +got)\n%s", seen, cmp.Diff(string(want), string(raw)))
		}
		seen++
	}
}

// bothWays runs a test against Confluence without and with links to the next page.
func bothWays(t *testing.T, test func(t *testing.T, start func(...Option) (*Server, error))) {
	t.Run("Confluence", func(t *testing.T) { test(t, Confluence) })
	t.Run("Confluence with next links", func(t *testing.T) {
		test(t, func(opts ...Option) (*Server, error) { return Confluence(append(opts, WithNextLinks())...) })
	})
}

func TestTheConfluenceClientWalksTheWholeLog(t *testing.T) {
	bothWays(t, func(t *testing.T, start func(...Option) (*Server, error)) {
		n := walkLength()
		s := must[*Server](t)(start(WithRecords(n), WithSeed(3)))
		defer s.Close()
		known := newConfluence(&settings{seed: 3, records: n, clock: time.Now})
		var last, newest int64
		got := wantWalk(t, n, func(p int) any {
			r := known.record(known.log.entry(p))
			r.CreationDate = last
			return r
		})
		for rec, err := range confluenceClient(t, s).AllAuditRecords(t.Context(), nil) {
			if err != nil {
				t.Fatal(err)
			}
			at := rec.CreationDate.UnixMilli()
			if newest != 0 && at > last {
				t.Fatalf("%d comes after %d: the newest must come first", at, last)
			}
			last, newest = at, max(newest, at)
			got(rec.JSON.Raw())
		}
		if back := time.Duration(newest-last) * time.Millisecond; back < span*9/10 || back > span {
			t.Errorf("the log goes back %s, want about %s", back, span)
		}
	})
}

func TestTheJiraClientWalksTheWholeLog(t *testing.T) {
	n := walkLength()
	s := must[*Server](t)(Jira(WithRecords(n), WithSeed(3)))
	defer s.Close()
	known := knownJira(3, n)
	var last time.Time
	lastID := int64(-1)
	got := wantWalk(t, n, func(p int) any {
		r := known.record(known.log.entry(p))
		r.Created = last.UTC().Format(jiraLayout)
		return r
	})
	for rec, err := range jiraClient(t, s).AllAuditRecords(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		if !last.IsZero() && rec.Created.After(last) || lastID >= 0 && rec.ID >= lastID {
			t.Fatalf("%d of %s comes after %d of %s", rec.ID, rec.Created, lastID, last)
		}
		last, lastID = rec.Created, rec.ID
		got(rec.JSON.Raw())
	}
}

func knownJira(seed uint64, n int) *jiraSite { return &jiraSite{newAuditLog(seed+1, n, time.Now)} }

// everyFault makes most requests fail.
var everyFault = Faults{RateLimit: 0.2, Unavailable: 0.15, Latency: 0.2, Truncate: 0.2, Growing: 0.5, Expired: 0.1, FreePlan: 0.1}

// TestWithEveryFaultOnTheWholeLogArrives resumes a walk each time it ends with an error that
// retries cannot cure.
func TestWithEveryFaultOnTheWholeLogArrives(t *testing.T) {
	const n = 500
	bothWays(t, func(t *testing.T, start func(...Option) (*Server, error)) {
		synctest.Test(t, func(t *testing.T) {
			s := must[*Server](t)(start(InMemory(), WithRecords(n), WithFaults(everyFault)))
			defer s.Close()
			known := newConfluence(&settings{records: n, clock: time.Now})
			got := wantWalk(t, n, func(p int) any { return known.record(known.log.entry(p)) })
			limit := int64(7)
			pager := confluenceClient(t, s, rest.WithMaxRetries(5)).AuditRecordsPager(&confluence.GetAuditRecordsParams{Limit: &limit})
			resumed := 0
			for done := false; !done; resumed++ {
				done = true
				for rec, err := range pager.All(t.Context()) {
					if ended, ok := errors.AsType[*rest.PageError](err); ok && resumed < n {
						pager, done = pager.From(ended.Position), false
						break
					} else if err != nil {
						t.Fatal(err)
					}
					got(rec.JSON.Raw())
				}
			}
			if resumed < 2 {
				t.Errorf("the walk never failed: no credentials expired")
			}
		})
	})
	t.Run("Jira", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := must[*Server](t)(Jira(InMemory(), WithRecords(n), WithFaults(everyFault)))
			defer s.Close()
			known := knownJira(0, n)
			got := wantWalk(t, n, func(p int) any { return known.record(known.log.entry(p)) })
			limit := int64(7)
			pager := jiraClient(t, s, rest.WithMaxRetries(5)).AuditRecordsPager(&jira.GetAuditRecordsParams{Limit: &limit})
			for done := false; !done; {
				done = true
				for rec, err := range pager.All(t.Context()) {
					if ended, ok := errors.AsType[*rest.PageError](err); ok {
						pager, done = pager.From(ended.Position), false
						break
					} else if err != nil {
						t.Fatal(err)
					}
					got(rec.JSON.Raw())
				}
			}
		})
	})
}

// If the faults are temporary, retries alone read the whole log.
func TestRetriesReadTheWholeLogDespiteTemporaryFaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 500
		passing := everyFault
		passing.Expired, passing.FreePlan = 0, 0
		s := must[*Server](t)(Confluence(InMemory(), WithRecords(n), WithFaults(passing)))
		defer s.Close()
		known := newConfluence(&settings{records: n, clock: time.Now})
		got := wantWalk(t, n, func(p int) any { return known.record(known.log.entry(p)) })
		limit, tries := int64(7), 0
		count := func(_ context.Context, a rest.Attempt) { tries = max(tries, a.Number) }
		c := confluenceClient(t, s, rest.WithMaxRetries(20), rest.WithHook(count))
		for rec, err := range c.AllAuditRecords(context.Background(), &confluence.GetAuditRecordsParams{Limit: &limit}) {
			if err != nil {
				t.Fatal(err)
			}
			got(rec.JSON.Raw())
		}
		if tries < 3 {
			t.Errorf("no page needed more than %d tries: there were no faults", tries)
		}
	})
}
