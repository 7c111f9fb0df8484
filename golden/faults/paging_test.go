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

// logOf returns a start function for forListings. It makes a site with a log of n records, which
// prepare may change.
func logOf(n int, prepare func(*site)) func(*testing.T, listing) *site {
	return func(t *testing.T, l listing) *site {
		s := newLog(t, l, n)
		if prepare != nil {
			prepare(s)
		}
		return s
	}
}

func TestAWalkMayStopAtAnyRecordAndResume(t *testing.T) {
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

func TestAShrinkingLimitLosesNoRecords(t *testing.T) {
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

func TestALimitThatChangesFromPageToPageLosesNoRecords(t *testing.T) {
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

func TestAGrowingLogIsReadUpToThePinnedEnd(t *testing.T) {
	for _, grows := range []int{1, 2, 3, 7} {
		t.Run(nameOf(grows, "records a page"), func(t *testing.T) {
			start := logOf(nRecords, func(s *site) { s.grows = grows })
			forListings(t, start, func(t *testing.T, l listing, s *site, p *paced) {
				if !l.pinned {
					t.Skip("the listing has no end to pin")
				}
				got, at, err := l.open(t, s.URL, settings{transport: p})(ctx, nil, 5)
				if err != nil {
					t.Fatal(err)
				}
				// The Position carries the pinned end to a process that starts later.
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

// Without a pinned end, records shift from page to page. Some are served twice, none is lost, and
// the walk yields what was served.
func TestAGrowingLogWithoutAPinnedEndYieldsWhatWasServed(t *testing.T) {
	for _, grows := range []int{1, 2} {
		t.Run(nameOf(grows, "records a page"), func(t *testing.T) {
			start := logOf(nRecords, func(s *site) { s.grows = grows })
			forListings(t, start, func(t *testing.T, l listing, s *site, p *paced) {
				if l.pinned {
					t.Skip("the listing pins its end")
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
	t.Run("a complete page per page", func(t *testing.T) {
		start := logOf(nRecords, func(s *site) { s.grows = onAPage })
		forListings(t, start, func(t *testing.T, l listing, s *site, p *paced) {
			if l.pinned {
				t.Skip("the listing pins its end")
			}
			// Each page repeats the records of the one before, but has the requested start.
			got, at, err := l.open(t, s.URL, settings{transport: p})(ctx, nil, 500)
			if err != nil {
				t.Fatal(err)
			}
			try.Equal(t, "records", got, s.yielded()[:500])
			try.Equal(t, "position", string(at), `{"offset":500}`)
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

func TestAWalkReadsAheadOnePageAtMost(t *testing.T) {
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
		// 50 records are 17 pages, so at most one page was read ahead.
		try.Equal(t, "requests", s.asked(l), 4*17)
	})
}

// Records that are deleted before they are requested cannot be noticed.
func TestAShrinkingLogIsReadToItsNewEnd(t *testing.T) {
	start := logOf(nRecords, func(s *site) { s.play(only(2, mock.Shrunk(4))) })
	forListings(t, start, func(t *testing.T, l listing, s *site, p *paced) {
		got, _, err := l.open(t, s.URL, settings{transport: p})(ctx, nil, everything)
		if err != nil {
			t.Fatal(err)
		}
		try.Equal(t, "records", got, s.want[:nRecords-4])
	})
}

func TestAServerThatRepeatsPagesEndsTheWalk(t *testing.T) {
	for _, cycle := range []int{1, 2, 3, 5, 8} {
		t.Run(nameOf("in", cycle), func(t *testing.T) {
			forListings(t, logOf(1000, func(s *site) { s.play(round(cycle, truth)) }), func(t *testing.T, l listing, s *site, p *paced) {
				got, at, err := l.open(t, s.URL, settings{transport: p})(ctx, nil, 500)
				isKind(t, l, err, "repeated")
				try.Equal(t, "records", got, s.want[:onAPage*(2+cycle)])
				try.Equal(t, "position", position[struct{ Offset int }](t, at).Offset, len(got))
			})
		})
	}
}

func TestARepeatedPageWithoutAStartEndsTheWalk(t *testing.T) {
	forListings(t, logOf(1000, func(s *site) { s.play(round(1, silence)) }), func(t *testing.T, l listing, s *site, p *paced) {
		got, at, err := l.open(t, s.URL, settings{transport: p})(ctx, nil, 500)
		isKind(t, l, err, "repeated")
		try.Equal(t, "records", got, s.want[:onAPage*3])
		try.Equal(t, "position", position[struct{ Offset int }](t, at).Offset, len(got))
	})
}

// Records have no identity, so pages with a start may be equal.
func TestPagesWithAStartMayBeEqual(t *testing.T) {
	forListings(t, logOf(1000, func(s *site) { s.play(round(1, asAsked)) }), func(t *testing.T, l listing, s *site, p *paced) {
		got, _, err := l.open(t, s.URL, settings{transport: p})(ctx, nil, 30)
		if err != nil {
			t.Fatal(err)
		}
		try.Equal(t, "records", got, s.yielded())
	})
}

func TestAWalkThroughPagesWithoutAStartLosesNoRecords(t *testing.T) {
	silent := func(int, *http.Request) mock.Fault { return edited(silence) }
	forListings(t, logOf(nRecords, func(s *site) { s.play(silent) }), func(t *testing.T, l listing, s *site, p *paced) {
		got, _, err := l.open(t, s.URL, settings{transport: p})(ctx, nil, everything)
		if err != nil {
			t.Fatal(err)
		}
		try.Equal(t, "records", got, s.want)
	})
}

// round makes a server repeat cycle pages, from the third page on. says changes the start in its
// responses.
func round(cycle int, says func(r *http.Request, body string) string) mock.Script {
	return func(n int, r *http.Request) mock.Fault {
		if n < 2 {
			return edited(says)
		}
		return within(mock.Shifted((2+(n-2)%cycle)*onAPage-offsetOf(r)), edited(says))
	}
}

var startMember = regexp.MustCompile(`"(start|offset)":[0-9]+,`)

func truth(_ *http.Request, body string) string { return body }

func silence(_ *http.Request, body string) string { return startMember.ReplaceAllString(body, "") }

// asAsked sets the start of a page to the requested one.
func asAsked(r *http.Request, body string) string {
	return startMember.ReplaceAllString(body, fmt.Sprintf(`"$1":%d,`, offsetOf(r)))
}

// offsetOf returns the start that a request asks for.
func offsetOf(r *http.Request) int {
	q := r.URL.Query()
	offset, _ := strconv.Atoi(q.Get("start") + q.Get("offset")) // 0 if there is none
	return offset
}

func TestAnEmptyPageEndsTheWalkUnlessItHasALinkForward(t *testing.T) {
	for _, c := range []struct {
		name, link string
		ahead      bool
	}{
		{"no link", ``, false},
		{"a link that is null", `"next":null`, false},
		{"a link backward", `"next":"/rest/api/audit?start=0"`, false},
		{"a link without a place", `"next":"/rest/api/audit"`, false},
		{"a link forward", `"next":"/rest/api/audit?start=3"`, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			empty := jsonAnswer(`{"results":[],"records":[],"start":0,"offset":0,"limit":3,"total":99,"_links":{` + c.link + `}}`)
			forListings(t, logOf(nRecords, func(s *site) { s.play(only(0, empty)) }), func(t *testing.T, l listing, s *site, p *paced) {
				got, _, err := l.open(t, s.URL, settings{transport: p})(ctx, nil, everything)
				if err != nil {
					t.Fatal(err)
				}
				want, requests := []string{}, 1
				if c.ahead && l.path != jiraPath { // Jira's responses have no links
					want, requests = s.want[onAPage:], nPages
				}
				try.Equal(t, "records", got, want)
				try.Equal(t, "requests", s.asked(l), requests)
			})
		})
	}
}

// The response has limit 3 and a single record. Only its link says that there are more.
func TestAShortPageWithALinkForwardIsNotTheEnd(t *testing.T) {
	short := edited(func(_ *http.Request, body string) string { return strings.Replace(body, `"limit":1,`, `"limit":3,`, 1) })
	start := logOf(nRecords, func(s *site) { s.play(only(2, within(mock.PageLimit(1), short))) })
	forListings(t, start, func(t *testing.T, l listing, s *site, p *paced) {
		got, _, err := l.open(t, s.URL, settings{transport: p})(ctx, nil, everything)
		if err != nil {
			t.Fatal(err)
		}
		want := s.want
		if !l.linked {
			want = want[:2*onAPage+1]
		}
		try.Equal(t, "records", got, want)
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
				if !l.linked {
					t.Skip("its responses have no links")
				}
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
