package faults_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

func replaceOnce(s, old, new string) string { return strings.Replace(s, old, new, 1) }

// mixture picks faults at random, with a bound on how many.
type mixture struct {
	mu     sync.Mutex
	random *rand.Rand
	left   int
}

func newMixture(seed uint64, faults int) *mixture {
	return &mixture{random: rand.New(rand.NewPCG(seed, 1)), left: faults}
}

func (m *mixture) pick() *fault {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.left == 0 || m.random.IntN(3) == 0 {
		return nil
	}
	m.left--
	return &faults[m.random.IntN(len(faults))]
}

// most gives how many records to take before stopping on purpose.
func (m *mixture) most() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return 1 + m.random.IntN(30)
}

func TestAnyMixtureOfFaultsLosesNothing(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(nameOf("seed", seed), func(t *testing.T) {
			var log *auditLog
			m := newMixture(seed, 0)
			forListings(t, func(t *testing.T, l listing) *server {
				m.left = 40
				log = newLog(50)
				if l.pinned {
					log.grows = 1
				}
				return faulty(t, log, m.pick)
			}, func(t *testing.T, l listing, s *server, p *paced) {
				want := log.want(l.path)
				try.Equal(t, "records", walkToTheEnd(t, l, s, p, m), want)
			})
		})
	}
}

// walkToTheEnd goes on, each time in a new client from a Position as JSON, until a walk ends by itself.
func walkToTheEnd(t *testing.T, l listing, s *server, p *paced, m *mixture) (got []string) {
	var at []byte
	for range 1000 {
		most := m.most()
		some, pos, err := l.open(t, s.url, settings{token: "token-1", transport: p, retries: 2, maxBytes: maxBytes})(ctx, at, most)
		got, at = append(got, some...), pos
		if err == nil && len(some) < most {
			return got
		}
	}
	t.Error("the walk never ends")
	return got
}

func TestManyGoroutinesShareOneClientWhateverGoesWrong(t *testing.T) {
	var log *auditLog
	var m *mixture
	forListings(t, func(t *testing.T, _ listing) *server {
		log, m = newLog(nRecords), newMixture(99, 200)
		return faulty(t, log, m.pick)
	}, func(t *testing.T, l listing, s *server, p *paced) {
		walk := l.open(t, s.url, settings{token: "token-1", transport: p, retries: 3, maxBytes: maxBytes})
		want := log.want(l.path)
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				var got []string
				var at []byte
				for range 1000 {
					some, pos, err := walk(ctx, at, everything)
					got, at = append(got, some...), pos
					if err == nil {
						break
					}
				}
				try.Equal(t, "records", got, want)
			})
		}
		all.Wait()
	})
}

// A login that expires in the middle of a walk answers with a redirect or with a page, for ever.
func TestALoginThatExpiresEndsTheWalkAndANewOneGoesOn(t *testing.T) {
	for _, c := range []struct {
		name    string
		expired reply
		kinds   []string
	}{
		{"redirect to the login page", reply{status: 302, header: []string{"Location: https://id.atlassian.com/login?continue=x"}}, []string{"unauthorized"}},
		{"redirect to a login page of the site", reply{status: 302, header: []string{"Location: /login.jsp"}}, []string{"unauthorized", "not JSON"}},
		{"page in place of the log", html(200), []string{"not JSON"}},
		{"401", html(401), []string{"unauthorized"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var log *auditLog
			forListings(t, func(t *testing.T, l listing) *server {
				log = newLog(nRecords)
				own := log
				var n counter
				return serve(t, func(r *http.Request) reply {
					if r.URL.Path != l.path {
						return html(200)
					}
					if bearer(r) == "token-1" && n.next() >= 2 {
						return c.expired
					}
					return own.page(r, 0)
				})
			}, func(t *testing.T, l listing, s *server, p *paced) {
				old := l.open(t, s.url, settings{token: "token-1", transport: p, retries: 3})
				got, at, err := old(ctx, nil, everything)
				isKind(t, l, err, c.kinds...)
				again, at, err := old(ctx, at, everything)
				isKind(t, l, err, c.kinds...)
				try.Equal(t, "records without a login", again, []string{})
				rest, _, err := l.open(t, s.url, settings{token: "token-2", transport: p})(ctx, at, everything)
				if err != nil {
					t.Fatal(err)
				}
				try.Equal(t, "all records", append(got, rest...), log.want(l.path))
			})
		})
	}
}

// These walks run on the real clock, with the transport that clients have by themselves: a deadline ends them.
func TestADeadlineEndsAWalkThatCrawls(t *testing.T) {
	for _, l := range listings {
		for _, c := range []struct {
			name  string
			crawl func(*reply)
		}{
			{"a drip that never ends", func(r *reply) { r.drips, r.piece, r.pause = true, 64, 100*time.Microsecond }},
			{"an answer that never begins", func(r *reply) { r.after = time.Hour }},
			{"429 for longer than there is", func(r *reply) { *r = html(429, "Retry-After: 60") }},
		} {
			t.Run(l.name+", "+c.name, func(t *testing.T) {
				log := newLog(nRecords)
				var n counter
				s := faulty(t, log, func() *fault {
					if n.next() == 2 {
						return &fault{change: travel(c.crawl)}
					}
					return nil
				})
				ctx, cancel := context.WithTimeout(t.Context(), 40*time.Millisecond)
				defer cancel()
				got, at, err := l.open(t, s.url, settings{retries: 3})(ctx, nil, everything)
				if !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, l.kinds["rate limited"]) {
					t.Fatalf("got %v, want the end of the deadline", err)
				}
				rest, _, err := l.open(t, s.url, settings{})(t.Context(), at, everything)
				if err != nil {
					t.Fatal(err)
				}
				try.Equal(t, "all records", append(got, rest...), log.want(l.path))
			})
		}
	}
}

func TestACancelledWalkStopsWaitingForItsNextTry(t *testing.T) {
	for _, l := range listings {
		t.Run(l.name, func(t *testing.T) {
			log := newLog(nRecords)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var n counter
			s := faulty(t, log, func() *fault {
				if n.next() != 2 {
					return nil
				}
				return &fault{change: func(r *reply, _ func(int) reply) {
					*r = html(429, "Retry-After: 60")
					time.AfterFunc(2*time.Millisecond, cancel)
				}}
			})
			got, at, err := l.open(t, s.url, settings{retries: 3})(ctx, nil, everything)
			if !errors.Is(err, context.Canceled) {
				t.Fatalf("got %v, want that it is cancelled", err)
			}
			rest, _, err := l.open(t, s.url, settings{})(t.Context(), at, everything)
			if err != nil {
				t.Fatal(err)
			}
			try.Equal(t, "all records", append(got, rest...), log.want(l.path))
		})
	}
}

func TestWaitingIsAsLongAsTheServerAsks(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer reply
		least  time.Duration
	}{
		{"seconds", html(429, "Retry-After: 90"), 90 * time.Second},
		{"a date", html(503, "Retry-After: Sat, 01 Jan 2000 00:00:30 GMT"), 30 * time.Second},
		{"a reset to the minute", html(429, "X-RateLimit-Reset: 2000-01-01T00:01Z"), time.Minute},
	} {
		for _, l := range listings {
			t.Run(c.name+", "+l.name, func(t *testing.T) {
				log := newLog(nRecords)
				var n counter
				s, p := faulty(t, log, func() *fault {
					if n.next() == 0 {
						return &fault{change: replace(c.answer)}
					}
					return nil
				}), newPaced(t)
				synctest.Test(t, func(t *testing.T) {
					began := time.Now()
					if _, _, err := l.open(t, s.url, settings{transport: p, retries: 1})(ctx, nil, everything); err != nil {
						t.Fatal(err)
					}
					// The clock is the bubble's: this is no measurement.
					if waited := time.Since(began); waited < c.least || waited > c.least+time.Second {
						t.Errorf("waited %v, want %v and at most a second more", waited, c.least)
					}
				})
			})
		}
	}
}
