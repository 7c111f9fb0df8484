package faults_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/seed-1954497d/auditgen/generated/confluence"
	"github.com/seed-1954497d/auditgen/generated/jira"
	"github.com/seed-1954497d/auditgen/generated/rest"
	"github.com/seed-1954497d/auditgen/mock"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

func TestALogOfAnyLengthIsReadToTheEnd(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 4, 6, 7, 9} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			forListings(t, logOf(n, nil), func(t *testing.T, l listing, s *site, p *paced) {
				got, _, err := l.open(t, s.URL, settings{transport: p})(ctx, nil, everything)
				if err != nil {
					t.Fatal(err)
				}
				try.Equal(t, "records", got, s.want)
				// A full page is not the last one, even without a link to the next page.
				try.Equal(t, "requests", s.asked(l), n/onAPage+1)
			})
		})
	}
}

func TestEachPageIsRequestedWithTheQueryOfTheFirst(t *testing.T) {
	limit, to := int64(5000), start.Add(5*time.Millisecond)
	const confluenceWant = "GET /wiki/rest/api/audit?endDate=946684800005&searchString=a%%20b&start=%d&limit=5000"
	confluencePages := func(s *site) error {
		params := &confluence.GetAuditRecordsParams{Limit: &limit, EndDate: to, SearchString: "a b"}
		return ended(newConfluence(t, s.URL, settings{}).AuditRecordsPager(params).Pages(t.Context()))
	}
	for _, c := range []struct {
		api   func(...mock.Option) (*mock.Server, error)
		want  string
		pages func(s *site) error
	}{
		{mock.Confluence, confluenceWant, confluencePages}, {linkedConfluence, confluenceWant, confluencePages},
		{mock.Jira, "GET /rest/api/3/auditing/record?offset=%d&limit=5000&filter=a%%20b&to=2000-01-01T00%%3A00%%3A00.005Z", func(s *site) error {
			params := &jira.GetAuditRecordsParams{Limit: &limit, To: to, Filter: "a b"}
			return ended(newJira(t, s.URL, settings{}).AuditRecordsPager(params).Pages(t.Context()))
		}},
	} {
		s := newSite(t, c.api, 300)
		if err := c.pages(s); err != nil {
			t.Fatal(err)
		}
		got := s.requests()
		if len(got) < 3 {
			t.Errorf("%d pages are too few for this test", len(got))
		}
		for i, line := range got {
			try.Equal(t, "request", line, fmt.Sprintf(c.want, onAPage*i))
		}
	}
}

// ended returns the error that ends a walk.
func ended[T any](pages func(func(T, error) bool)) error {
	for _, err := range pages {
		if err != nil {
			return err
		}
	}
	return nil
}

// A server answers a limit of 0 with an empty page or with one of any length. The caller wants
// neither.
func TestAWalkWithLimitZeroIsRefused(t *testing.T) {
	for _, limit := range []int64{0, -1} {
		s := newLog(t, listings[0], nRecords)
		c := newConfluence(t, s.URL, settings{})
		since := *wholeLog
		since.Limit = &limit
		j := newLog(t, listings[2], nRecords)
		for name, err := range map[string]error{
			"Confluence":              ended(c.AuditRecordsPager(&confluence.GetAuditRecordsParams{Limit: &limit}).Pages(t.Context())),
			"Confluence, by a period": ended(c.AuditRecordsForTimePeriodPager(&since).Pages(t.Context())),
			"Jira":                    ended(newJira(t, j.URL, settings{}).AuditRecordsPager(&jira.GetAuditRecordsParams{Limit: &limit}).Pages(t.Context())),
		} {
			if _, ok := errors.AsType[*rest.PageError](err); !ok || !errors.Is(err, rest.ErrNoLimit) {
				t.Errorf("%s, limit %d: got %v, want a PageError that is ErrNoLimit", name, limit, err)
			}
		}
		try.Equal(t, "requests", len(s.requests())+len(j.requests()), 0)
	}
}

func TestAPeriodIncludesBothEnds(t *testing.T) {
	s := newLog(t, listings[0], 9)
	c := newConfluence(t, s.URL, settings{})
	var at []time.Time
	for r, err := range c.AllAuditRecords(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		at = append(at, r.CreationDate)
	}
	span := &confluence.GetAuditRecordsParams{StartDate: at[6], EndDate: at[3]}
	got, _, err := walkConfluence(t.Context(), t, c.AuditRecordsPager(span), nil, everything)
	try.Equal(t, "Confluence: records", got, s.want[3:7])

	j := newLog(t, listings[2], 9)
	at = nil
	for r, err := range newJira(t, j.URL, settings{}).AllAuditRecords(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		at = append(at, r.Created)
	}
	inJira := &jira.GetAuditRecordsParams{From: at[6], To: at[3]}
	inSpan, _, err2 := walkJira(t.Context(), t, newJira(t, j.URL, settings{}).AuditRecordsPager(inJira), nil, everything)
	try.Equal(t, "Jira: records", inSpan, j.want[3:7])
	if err := errors.Join(err, err2); err != nil {
		t.Error(err)
	}
}

func TestACancelledWalkReturnsItsPosition(t *testing.T) {
	s := newLog(t, listings[2], nRecords)
	c := newJira(t, s.URL, settings{})
	ctx, cancel := context.WithCancel(t.Context())
	p := c.AuditRecordsPager(nil)
	got, err := take(p.All(ctx), everything, func(r *jira.AuditRecord) string {
		if string(r.JSON.Raw()) == s.want[4] {
			cancel()
		}
		return string(r.JSON.Raw())
	})
	stopped, ok := errors.AsType[*rest.PageError](err)
	if !ok || !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want a PageError that is context.Canceled", err)
	}
	rest, _, err := walkJira(t.Context(), t, c.AuditRecordsPager(nil), asJSON(t, stopped.Position), everything)
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "all records", append(got, rest...), s.want)
}

func TestParametersCanBeSharedByGoroutines(t *testing.T) {
	s := newLog(t, listings[0], nRecords)
	c := newConfluence(t, s.URL, settings{})
	params := &confluence.GetAuditRecordsParams{Limit: new(int64(2))}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			got, _, err := walkConfluence(t.Context(), t, c.AuditRecordsPager(params), nil, everything)
			if err != nil || !slices.Equal(got, s.want) {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
	all.Wait()
	try.Equal(t, "parameters", *params, confluence.GetAuditRecordsParams{Limit: new(int64(2))})
}
