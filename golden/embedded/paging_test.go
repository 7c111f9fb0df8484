package embedded_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed-1954497d/auditgen/generated/confluence"
	"github.com/seed-1954497d/auditgen/generated/jira"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

// take gives the summaries of at most n records of a walk and the error that ended it.
func take[T any](all iter.Seq2[*T, error], n int, summary func(*T) string) ([]string, error) {
	got := []string{}
	if n == 0 {
		return got, nil
	}
	for rec, err := range all {
		if err != nil {
			return got, err
		}
		if got = append(got, summary(rec)); len(got) == n {
			break
		}
	}
	return got, nil
}

const everything = 10_000

func takeConfluence(t *testing.T, p *confluence.Pager[confluence.AuditRecord], n int) ([]string, error) {
	return take(p.All(t.Context()), n, func(r *confluence.AuditRecord) string { return r.Summary })
}

func takeJira(t *testing.T, p *jira.Pager[jira.AuditRecord], n int) ([]string, error) {
	return take(p.All(t.Context()), n, func(r *jira.AuditRecord) string { return r.Summary })
}

func mustAll(t *testing.T, got []string, err error, want []string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "records", got, want)
}

func TestConfluenceIsReadToItsEnd(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 4, 7, 9} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			s := try.ServeFunc(t, newLog(n, 3).confluence)
			p := newConfluence(t, s.URL).AuditRecordsPager(&confluence.GetAuditRecordsParams{Limit: new(int64(1000)), EndDate: to})
			got, err := takeConfluence(t, p, everything)
			mustAll(t, got, err, append([]string{}, names(n)...))
			for i, r := range s.Requests() {
				try.Equal(t, "query", r.Query, fmt.Sprintf("endDate=1772449200005&start=%d&limit=1000", 3*i))
			}
			try.Equal(t, "requests", len(s.Requests()), max(1, (n+2)/3))
		})
	}
}

func TestJiraIsReadToItsEnd(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 4, 7, 9} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			s := try.ServeFunc(t, newLog(n, 3).jira)
			p := newJira(t, s.URL).AuditRecordsPager(&jira.GetAuditRecordsParams{Limit: new(int64(5000)), To: to})
			got, err := takeJira(t, p, everything)
			mustAll(t, got, err, append([]string{}, names(n)...))
			for i, r := range s.Requests() {
				try.Equal(t, "query", r.Query, fmt.Sprintf("offset=%d&limit=5000&to=2026-03-02T11%%3A00%%3A00.005Z", 3*i))
			}
			try.Equal(t, "requests", len(s.Requests()), n/3+1)
		})
	}
}

// Only the place is taken from a link: credentials must not follow it to another host.
func TestLinksToOtherPlacesAreNotFollowed(t *testing.T) {
	for _, next := range []string{
		"/rest/api/audit", "https://evil.example/wiki/rest/api/audit", "//evil.example/audit", "javascript:alert(1)", "../../../admin", "",
	} {
		t.Run(next, func(t *testing.T) {
			log := newLog(5, 2)
			log.next = next
			s := try.ServeFunc(t, log.confluence)
			got, err := takeConfluence(t, newConfluence(t, s.URL).AuditRecordsPager(nil), everything)
			mustAll(t, got, err, names(5))
			for _, r := range s.Requests() {
				try.Equal(t, "path", r.Path, "/wiki/rest/api/audit")
			}
		})
	}
}

func TestALogThatGrowsWhileItIsReadIsReadOnce(t *testing.T) {
	t.Run("Confluence", func(t *testing.T) {
		log := newLog(7, 2)
		log.grow = true
		s := try.ServeFunc(t, log.confluence)
		got, err := takeConfluence(t, newConfluence(t, s.URL).AuditRecordsPager(nil), everything)
		mustAll(t, got, err, names(7))
	})
	t.Run("Jira", func(t *testing.T) {
		log := newLog(7, 2)
		log.grow = true
		s := try.ServeFunc(t, log.jira)
		got, err := takeJira(t, newJira(t, s.URL).AuditRecordsPager(nil), everything)
		mustAll(t, got, err, names(7))
	})
	// A period that is counted back from now has no end that could be pinned: records may come twice, but none is lost.
	t.Run("Confluence, by a period", func(t *testing.T) {
		log := newLog(7, 3)
		log.grow = true
		s := try.ServeFunc(t, log.confluence)
		got, err := takeConfluence(t, newConfluence(t, s.URL).AuditRecordsForTimePeriodPager(nil), 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range names(7) {
			if !slices.Contains(got, want) {
				t.Errorf("%s is lost: %q", want, got)
			}
		}
		try.Equal(t, "first request", s.Lines()[0], "GET /wiki/rest/api/audit/since?start=0")
	})
}

func TestASpanIncludesBothItsEnds(t *testing.T) {
	start, end := firstMoment.Add(2*time.Millisecond), firstMoment.Add(5*time.Millisecond)
	want := []string{"r5", "r4", "r3", "r2"}
	s := try.ServeFunc(t, newLog(9, 2).confluence)
	inConfluence := &confluence.GetAuditRecordsParams{StartDate: start, EndDate: end}
	got, err := takeConfluence(t, newConfluence(t, s.URL).AuditRecordsPager(inConfluence), everything)
	mustAll(t, got, err, want)
	s = try.ServeFunc(t, newLog(9, 2).jira)
	inJira := &jira.GetAuditRecordsParams{From: start, To: end}
	got, err = takeJira(t, newJira(t, s.URL).AuditRecordsPager(inJira), everything)
	mustAll(t, got, err, want)
}

// throughJSON keeps a position as a program does that goes on in another process.
func throughJSON[P any](t *testing.T, at P) P {
	t.Helper()
	saved, err := json.Marshal(at)
	if err != nil {
		t.Fatal(err)
	}
	var kept P
	if err := json.Unmarshal(saved, &kept); err != nil {
		t.Fatal(err)
	}
	return kept
}

func TestConfluenceIsReadOnFromAnyRecord(t *testing.T) {
	for n := range 8 {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			log := newLog(7, 2)
			log.grow = true
			c := newConfluence(t, try.ServeFunc(t, log.confluence).URL)
			p := c.AuditRecordsPager(nil)
			start, err := takeConfluence(t, p, n)
			if err != nil {
				t.Fatal(err)
			}
			if n == 0 {
				return // nothing was asked, so nothing is pinned
			}
			rest, err := takeConfluence(t, c.AuditRecordsPager(nil).From(throughJSON(t, p.Position())), everything)
			mustAll(t, append(start, rest...), err, names(7))
		})
	}
}

func TestJiraIsReadOnFromAnyRecord(t *testing.T) {
	for n := 1; n < 8; n++ {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			log := newLog(7, 2)
			log.grow = true
			c := newJira(t, try.ServeFunc(t, log.jira).URL)
			p := c.AuditRecordsPager(nil)
			start, err := takeJira(t, p, n)
			if err != nil {
				t.Fatal(err)
			}
			rest, err := takeJira(t, c.AuditRecordsPager(nil).From(throughJSON(t, p.Position())), everything)
			mustAll(t, append(start, rest...), err, names(7))
		})
	}
}

func TestAnErrorTellsWhereToReadOn(t *testing.T) {
	for _, offset := range []string{"0", "2", "4", "6"} {
		t.Run("Confluence at "+offset, func(t *testing.T) {
			log := newLog(7, 2)
			log.failAt, log.grow = offset, true
			c := newConfluence(t, try.ServeFunc(t, log.confluence).URL)
			start, err := takeConfluence(t, c.AuditRecordsPager(nil), everything)
			var ended *confluence.PageError
			if !errors.As(err, &ended) || fmt.Sprint(ended.Position.Offset) != offset {
				t.Fatalf("got %v, want a PageError at %s", err, offset)
			}
			rest, err := takeConfluence(t, c.AuditRecordsPager(nil).From(throughJSON(t, ended.Position)), everything)
			mustAll(t, append(start, rest...), err, names(7))
		})
		t.Run("Jira at "+offset, func(t *testing.T) {
			log := newLog(7, 2)
			log.failAt, log.grow = offset, true
			c := newJira(t, try.ServeFunc(t, log.jira).URL)
			start, err := takeJira(t, c.AuditRecordsPager(nil), everything)
			var ended *jira.PageError
			if !errors.As(err, &ended) || fmt.Sprint(ended.Position.Offset) != offset {
				t.Fatalf("got %v, want a PageError at %s", err, offset)
			}
			rest, err := takeJira(t, c.AuditRecordsPager(nil).From(throughJSON(t, ended.Position)), everything)
			mustAll(t, append(start, rest...), err, names(7))
		})
	}
}

func TestAnExpiredLoginEndsTheWalkWhereItIs(t *testing.T) {
	log := newLog(5, 2)
	s := try.ServeFunc(t, func(r try.Request) try.Answer {
		if r.Param("start") == "2" {
			return try.Answer{Type: "text/html", Body: "<html>Log in</html>"}
		}
		return log.confluence(r)
	})
	got, err := takeConfluence(t, newConfluence(t, s.URL).AuditRecordsPager(nil), everything)
	var ended *confluence.PageError
	if !errors.As(err, &ended) || !errors.Is(err, confluence.ErrNotJSON) {
		t.Fatalf("got %v, want a PageError that is ErrNotJSON", err)
	}
	try.Equal(t, "records", strings.Join(got, " "), "r4 r3")
	try.Equal(t, "offset", ended.Position.Offset, 2)
}

func TestACancelledWalkTellsWhereToReadOn(t *testing.T) {
	c := newJira(t, try.ServeFunc(t, newLog(7, 2).jira).URL)
	ctx, cancel := context.WithCancel(t.Context())
	p := c.AuditRecordsPager(nil)
	start, err := take(p.All(ctx), everything, func(r *jira.AuditRecord) string {
		if r.Summary == "r3" {
			cancel()
		}
		return r.Summary
	})
	var ended *jira.PageError
	if !errors.Is(err, context.Canceled) || !errors.As(err, &ended) {
		t.Fatalf("got %v, want a PageError that is context.Canceled", err)
	}
	rest, err := takeJira(t, c.AuditRecordsPager(nil).From(ended.Position), everything)
	mustAll(t, append(start, rest...), err, names(7))
}

func TestManyMayUseOneClientAndOneSetOfParameters(t *testing.T) {
	c := newConfluence(t, try.ServeFunc(t, newLog(7, 2).confluence).URL)
	params := &confluence.GetAuditRecordsParams{Limit: new(int64(2))}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			got, err := takeConfluence(t, c.AuditRecordsPager(params), everything)
			if err != nil || !slices.Equal(got, names(7)) {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
	all.Wait()
	try.Equal(t, "parameters", *params, confluence.GetAuditRecordsParams{Limit: new(int64(2))})
}
