package faults_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

// logOnly gives a start for forListings: a server of a log that prepare may change.
func logOnly(log **auditLog, n int, prepare func(*auditLog)) func(*testing.T, listing) *server {
	return func(t *testing.T, _ listing) *server {
		*log = newLog(n)
		if prepare != nil {
			prepare(*log)
		}
		l := *log
		return serve(t, func(r *http.Request) reply { return l.page(r, 0) })
	}
}

func TestAWalkMayStopAtAnyRecordAndGoOnElsewhere(t *testing.T) {
	for n := range nRecords + 1 {
		t.Run(nameOf("after", n), func(t *testing.T) {
			var log *auditLog
			forListings(t, logOnly(&log, nRecords, nil), func(t *testing.T, l listing, s *server, p *paced) {
				var got, some []string
				var at []byte
				var err error
				if n > 0 {
					got, at, err = l.open(t, s.url, settings{transport: p})(ctx, nil, n)
				}
				if err == nil {
					some, _, err = l.open(t, s.url, settings{transport: p})(ctx, at, everything)
				}
				if err != nil {
					t.Fatal(err)
				}
				try.Equal(t, "all records", append(got, some...), log.want(l.path))
			})
		})
	}
}

func TestALimitThatShrinksLosesNothing(t *testing.T) {
	var log *auditLog
	start := logOnly(&log, 40, func(l *auditLog) { l.limit, l.shrinks = 12, true })
	forListings(t, start, func(t *testing.T, l listing, s *server, p *paced) {
		got, _, err := l.open(t, s.url, settings{transport: p})(ctx, nil, everything)
		if err != nil {
			t.Fatal(err)
		}
		try.Equal(t, "records", got, log.want(l.path))
	})
}

func TestALimitThatChangesFromPageToPageLosesNothing(t *testing.T) {
	var log *auditLog
	start := logOnly(&log, 60, func(l *auditLog) { l.limits = func(page int) int { return []int{5, 1, 9, 2, 7}[page%5] } })
	forListings(t, start, func(t *testing.T, l listing, s *server, p *paced) {
		got, _, err := l.open(t, s.url, settings{transport: p})(ctx, nil, everything)
		if err != nil {
			t.Fatal(err)
		}
		try.Equal(t, "records", got, log.want(l.path))
	})
}

func TestALogThatGrowsIsReadAsItWasIfItsEndIsPinned(t *testing.T) {
	for _, grows := range []int{1, 2, 3, 7} {
		t.Run(nameOf(grows, "records a page"), func(t *testing.T) {
			var log *auditLog
			start := logOnly(&log, nRecords, func(l *auditLog) { l.grows = grows })
			forListings(t, start, func(t *testing.T, l listing, s *server, p *paced) {
				if !l.pinned {
					t.Skip("there is no end to pin")
				}
				want := log.want(l.path)
				got, at, err := l.open(t, s.url, settings{transport: p})(ctx, nil, 5)
				if err != nil {
					t.Fatal(err)
				}
				// The Position carries the pinned end into a process that starts later.
				time.Sleep(time.Hour)
				rest, _, err := l.open(t, s.url, settings{transport: p})(ctx, at, everything)
				if err != nil {
					t.Fatal(err)
				}
				try.Equal(t, "records", append(got, rest...), want)
			})
		})
	}
}

// Without an end, records shift from page to page. They then come twice; none is left out, and what comes is what was served.
func TestALogThatGrowsWithoutAPinnedEndYieldsWhatWasServed(t *testing.T) {
	for _, grows := range []int{1, 2} {
		t.Run(nameOf(grows, "records a page"), func(t *testing.T) {
			var log *auditLog
			start := logOnly(&log, nRecords, func(l *auditLog) { l.grows = grows })
			forListings(t, start, func(t *testing.T, l listing, s *server, p *paced) {
				if l.pinned {
					t.Skip("its end is pinned")
				}
				want := log.want(l.path)
				got, _, err := l.open(t, s.url, settings{transport: p})(ctx, nil, everything)
				if err != nil {
					t.Fatal(err)
				}
				try.Equal(t, "records", got, log.yielded())
				try.Equal(t, "records without those that came twice", distinct(got), want)
			})
		})
	}
	t.Run("a whole page a page", func(t *testing.T) {
		var log *auditLog
		start := logOnly(&log, nRecords, func(l *auditLog) { l.grows = 3 })
		forListings(t, start, func(t *testing.T, l listing, s *server, p *paced) {
			if l.pinned {
				t.Skip("its end is pinned")
			}
			// Such a log cannot be told from a server that repeats itself.
			_, at, err := l.open(t, s.url, settings{transport: p})(ctx, nil, 500)
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

// endless answers for ever: there are as many records as anybody asks for.
func endless(r *http.Request) reply {
	log := &auditLog{limit: 3}
	isJira := r.URL.Path == jiraPath
	start := number(r.URL.Query().Get(map[bool]string{true: "offset", false: "start"}[isJira]))
	if isJira {
		return jsonReply(fmt.Sprintf(`{"offset":%d,"limit":3,"total":0,"records":[{"id":%d},{"id":%d},{"id":%d}]}`, start, start, start+1, start+2))
	}
	return jsonReply(fmt.Sprintf(`{"results":[{"summary":"%d"},{"summary":"%d"},{"summary":"%d"}],"start":%d,"limit":%d,"_links":{"next":"?start=%d"}}`,
		start, start+1, start+2, start, log.limit, start+3))
}

func TestEndlessPagesComeOneByOneUntilTheCallerHasEnough(t *testing.T) {
	forListings(t, func(t *testing.T, _ listing) *server { return serve(t, endless) }, func(t *testing.T, l listing, s *server, p *paced) {
		walk := l.open(t, s.url, settings{transport: p})
		var got []string
		var at []byte
		for range 4 {
			some, pos, err := walk(ctx, at, 50)
			if err != nil {
				t.Fatal(err)
			}
			got, at = append(got, some...), pos
		}
		var want []string
		for i := range 200 {
			want = append(want, fmt.Sprintf(map[bool]string{true: `{"id":%d}`, false: `{"summary":"%d"}`}[l.path == jiraPath], i))
		}
		try.Equal(t, "records", got, want)
		// 50 records are 17 pages, so one page is all that was ever read ahead.
		try.Equal(t, "requests", asked(s, l), 4*17)
	})
}

func TestAServerThatGoesRoundEndsTheWalk(t *testing.T) {
	for _, cycle := range []int{1, 2, 3, 5, 8} {
		t.Run(nameOf("in", cycle), func(t *testing.T) {
			var log *auditLog
			forListings(t, func(t *testing.T, l listing) *server {
				log = newLog(1000)
				own := log
				var n counter
				return serve(t, func(r *http.Request) reply {
					// The answer says where it was asked to start, and holds the records of another place.
					k := n.next()
					asked, honest := number(r.URL.Query().Get("start"))+number(r.URL.Query().Get("offset")), 0
					if k >= 2 {
						honest = (2+(k-2)%cycle)*3 - asked
					}
					answer := own.page(r, honest)
					if honest != 0 {
						answer.body = saying(answer.body, asked+honest, asked)
					}
					return answer
				})
			}, func(t *testing.T, l listing, s *server, p *paced) {
				got, at, err := l.open(t, s.url, settings{transport: p})(ctx, nil, 500)
				isKind(t, l, err, "repeated")
				served := log.yielded()
				try.Equal(t, "records", got, served[:len(served)-3])
				try.Equal(t, "position", position[struct{ Offset int }](t, at).Offset, len(got))
				if len(got) > 3*(2+5*cycle) {
					t.Errorf("it took %d records to notice", len(got))
				}
			})
		})
	}
}

// saying gives a page that claims to start at another place than it does.
func saying(body string, truth, claim int) string {
	for _, format := range []string{`"start":%d,`, `"offset":%d,`} {
		body = replaceOnce(body, fmt.Sprintf(format, truth), fmt.Sprintf(format, claim))
	}
	return body
}

func TestAnEmptyPageIsTheEndWhateverItsLinkSays(t *testing.T) {
	forListings(t, func(t *testing.T, _ listing) *server {
		return serve(t, func(r *http.Request) reply {
			return jsonReply(`{"results":[],"records":[],"start":0,"offset":0,"limit":3,"total":99,"_links":{"next":"?start=3"}}`)
		})
	}, func(t *testing.T, l listing, s *server, p *paced) {
		got, _, err := l.open(t, s.url, settings{transport: p})(ctx, nil, everything)
		if err != nil {
			t.Fatal(err)
		}
		try.Equal(t, "records", got, []string{})
		try.Equal(t, "requests", asked(s, l), 1)
	})
}

func TestALinkToAnotherServerIsNotFollowed(t *testing.T) {
	for _, link := range []string{"%s/rest/api/audit?start=3", "//%s?start=3", "%s@evil.example/?start=3"} {
		t.Run(link, func(t *testing.T) {
			thief := serve(t, func(*http.Request) reply { return jsonReply(`{}`) })
			var log *auditLog
			forListings(t, func(t *testing.T, _ listing) *server {
				log = newLog(nRecords)
				own := log
				return serve(t, func(r *http.Request) reply {
					answer := own.page(r, 0)
					answer.body = replaceOnce(answer.body, "/rest/api/audit?", fmt.Sprintf(link, thief.url)+"&")
					return answer
				})
			}, func(t *testing.T, l listing, s *server, p *paced) {
				got, _, err := l.open(t, s.url, settings{token: "canary-token", transport: p})(ctx, nil, everything)
				if err != nil {
					t.Fatal(err)
				}
				try.Equal(t, "records", got, log.want(l.path))
				try.Equal(t, "requests of the other server", thief.requests(), []string{})
			})
		})
	}
}
