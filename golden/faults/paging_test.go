package faults_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seed-1954497d/auditgen/mock"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

// logOf gives a start for forListings: a site with a log of n records that prepare may change.
func logOf(n int, prepare func(*site)) func(*testing.T, listing) *site {
	return func(t *testing.T, l listing) *site {
		s := newLog(t, l, n)
		if prepare != nil {
			prepare(s)
		}
		return s
	}
}

func TestAWalkMayStopAtAnyRecordAndGoOnElsewhere(t *testing.T) {
	for n := range nRecords + 1 {
		t.Run(nameOf("after", n), func(t *testing.T) {
			start := func(t *testing.T, l listing) *site {
				s := newLog(t, l, nRecords)
				if l.pinned {
					s.grows = 1
				}
				return s
			}
			forListings(t, start, func(t *testing.T, l listing, s *site, p *paced) {
				var got, some []string
				var at []byte
				var err error
				if n > 0 {
					got, at, err = l.open(t, s.URL, settings{transport: p})(ctx, nil, n)
				}
				if err == nil {
					some, _, err = l.open(t, s.URL, settings{transport: p})(ctx, at, everything)
				}
				if err != nil {
					t.Fatal(err)
				}
				try.Equal(t, "all records", append(got, some...), s.want)
			})
		})
	}
}

func TestALimitThatShrinksLosesNothing(t *testing.T) {
	start := logOf(40, func(s *site) {
		s.limit = 0
		s.play(func(n int, _ *http.Request) mock.Fault { return mock.PageLimit(11 - n) })
	})
	forListings(t, start, func(t *testing.T, l listing, s *site, p *paced) {
		got, _, err := l.open(t, s.URL, settings{transport: p})(ctx, nil, everything)
		if err != nil {
			t.Fatal(err)
		}
		try.Equal(t, "records", got, s.want)
	})
}

func TestALimitThatChangesFromPageToPageLosesNothing(t *testing.T) {
	start := logOf(60, func(s *site) {
		s.limit = 0
		s.play(func(n int, _ *http.Request) mock.Fault { return mock.PageLimit([]int{5, 1, 9, 2, 7}[n%5]) })
	})
	forListings(t, start, func(t *testing.T, l listing, s *site, p *paced) {
		got, _, err := l.open(t, s.URL, settings{transport: p})(ctx, nil, everything)
		if err != nil {
			t.Fatal(err)
		}
		try.Equal(t, "records", got, s.want)
	})
}

func TestALogThatGrowsIsReadAsItWasIfItsEndIsPinned(t *testing.T) {
	for _, grows := range []int{1, 2, 3, 7} {
		t.Run(nameOf(grows, "records a page"), func(t *testing.T) {
			start := logOf(nRecords, func(s *site) { s.grows = grows })
			forListings(t, start, func(t *testing.T, l listing, s *site, p *paced) {
				if !l.pinned {
					t.Skip("there is no end to pin")
				}
				got, at, err := l.open(t, s.URL, settings{transport: p})(ctx, nil, 5)
				if err != nil {
					t.Fatal(err)
				}
				// The Position carries the pinned end into a process that starts later.
				time.Sleep(time.Hour)
				rest, _, err := l.open(t, s.URL, settings{transport: p})(ctx, at, everything)
				if err != nil {
					t.Fatal(err)
				}
				try.Equal(t, "records", append(got, rest...), s.want)
			})
		})
	}
}

// Without an end, records shift from page to page. They then come twice; none is left out, and what comes is what was served.
func TestALogThatGrowsWithoutAPinnedEndYieldsWhatWasServed(t *testing.T) {
	for _, grows := range []int{1, 2} {
		t.Run(nameOf(grows, "records a page"), func(t *testing.T) {
			start := logOf(nRecords, func(s *site) { s.grows = grows })
			forListings(t, start, func(t *testing.T, l listing, s *site, p *paced) {
				if l.pinned {
					t.Skip("its end is pinned")
				}
				got, _, err := l.open(t, s.URL, settings{transport: p})(ctx, nil, everything)
				if err != nil {
					t.Fatal(err)
				}
				try.Equal(t, "records", got, s.yielded())
				try.Equal(t, "records without those that came twice", distinct(got), s.want)
			})
		})
	}
	t.Run("a whole page a page", func(t *testing.T) {
		start := logOf(nRecords, func(s *site) { s.grows = 3 })
		forListings(t, start, func(t *testing.T, l listing, s *site, p *paced) {
			if l.pinned {
				t.Skip("its end is pinned")
			}
			// Such a log cannot be told from a server that repeats itself.
			_, at, err := l.open(t, s.URL, settings{transport: p})(ctx, nil, 500)
			isKind(t, l, err, "repeated")
			try.Equal(t, "position", string(at), `{"offset":3}`)
		})
	})
}

func distinct(list []string) (once []string) {
	seen := map[string]bool{}
	for _, s := range list {
		if !seen[s] {
			once = append(once, s)
		}
		seen[s] = true
	}
	return once
}

func TestAWalkThroughALogWithoutAnEndReadsNoFurtherThanItsCaller(t *testing.T) {
	forListings(t, logOf(1_000_000_000, nil), func(t *testing.T, l listing, s *site, p *paced) {
		walk := l.open(t, s.URL, settings{transport: p})
		var got []string
		var at []byte
		for range 4 {
			some, pos, err := walk(ctx, at, 50)
			if err != nil {
				t.Fatal(err)
			}
			got, at = append(got, some...), pos
		}
		try.Equal(t, "records", got, s.want[:200])
		// 50 records are 17 pages, so one page is all that was ever read ahead.
		try.Equal(t, "requests", s.asked(l), 4*17)
	})
}

// Nothing can be known of records that were deleted before they were asked for.
func TestALogThatShrinksIsReadToItsNewEnd(t *testing.T) {
	start := logOf(nRecords, func(s *site) { s.play(only(2, mock.Shrunk(4))) })
	forListings(t, start, func(t *testing.T, l listing, s *site, p *paced) {
		got, _, err := l.open(t, s.URL, settings{transport: p})(ctx, nil, everything)
		if err != nil {
			t.Fatal(err)
		}
		try.Equal(t, "records", got, s.want[:nRecords-4])
	})
}

func TestAServerThatGoesRoundEndsTheWalk(t *testing.T) {
	for _, cycle := range []int{1, 2, 3, 5, 8} {
		t.Run(nameOf("in", cycle), func(t *testing.T) {
			forListings(t, logOf(1000, func(s *site) { s.play(round(cycle)) }), func(t *testing.T, l listing, s *site, p *paced) {
				got, at, err := l.open(t, s.URL, settings{transport: p})(ctx, nil, 500)
				isKind(t, l, err, "repeated")
				served := s.yielded()
				try.Equal(t, "records", got, served[:len(served)-onAPage])
				try.Equal(t, "position", position[struct{ Offset int }](t, at).Offset, len(got))
				if len(got) > onAPage*(2+5*cycle) {
					t.Errorf("it took %d records to notice", len(got))
				}
			})
		})
	}
}

// round has a server repeat so many pages from the third on. Its answers say that they start where they were asked to.
func round(cycle int) mock.Script {
	return func(n int, r *http.Request) mock.Fault {
		if n < 2 {
			return nil
		}
		q := r.URL.Query()
		asked := number(q.Get("start")) + number(q.Get("offset"))
		truth := (2 + (n-2)%cycle) * onAPage
		return within(mock.Shifted(truth-asked), edited(func(_ *http.Request, body string) string {
			for _, format := range []string{`"start":%d,`, `"offset":%d,`} {
				body = strings.Replace(body, fmt.Sprintf(format, truth), fmt.Sprintf(format, asked), 1)
			}
			return body
		}))
	}
}

// number gives 0 for what is no number.
func number(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}

func TestAnEmptyPageIsTheEndWhateverItsLinkSays(t *testing.T) {
	empty := jsonAnswer(`{"results":[],"records":[],"start":0,"offset":0,"limit":3,"total":99,"_links":{"next":"?start=3"}}`)
	forListings(t, logOf(nRecords, func(s *site) { s.play(only(0, empty)) }), func(t *testing.T, l listing, s *site, p *paced) {
		got, _, err := l.open(t, s.URL, settings{transport: p})(ctx, nil, everything)
		if err != nil {
			t.Fatal(err)
		}
		try.Equal(t, "records", got, []string{})
		try.Equal(t, "requests", s.asked(l), 1)
	})
}

var nextLink = regexp.MustCompile(`"next":"[^"?]*\?`)

func TestALinkToAnotherServerIsNotFollowed(t *testing.T) {
	for _, link := range []string{"%s/rest/api/audit?start=3", "//%s?start=3", "%s@evil.example/?start=3",
		"javascript:alert(1)//%s?", "../../../admin?from=%s", "?from=%s"} {
		t.Run(link, func(t *testing.T) {
			thief := try.ServeFunc(t, func(try.Request) try.Answer { return try.JSON(`{}`) })
			leads := edited(func(_ *http.Request, body string) string {
				return nextLink.ReplaceAllLiteralString(body, `"next":"`+fmt.Sprintf(link, thief.URL)+"&")
			})
			start := logOf(nRecords, func(s *site) { s.play(func(int, *http.Request) mock.Fault { return leads }) })
			forListings(t, start, func(t *testing.T, l listing, s *site, p *paced) {
				got, _, err := l.open(t, s.URL, settings{token: "canary-token", transport: p})(ctx, nil, everything)
				if err != nil {
					t.Fatal(err)
				}
				try.Equal(t, "records", got, s.want)
				try.Equal(t, "requests of the other server", thief.Lines(), []string{})
			})
		})
	}
}
