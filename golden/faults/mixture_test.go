package faults_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/seed-1954497d/auditgen/mock"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

// mixture picks a limited number of random faults.
type mixture struct {
	mu     sync.Mutex
	random *rand.Rand
	left   int
}

func newMixture(seed uint64, faults int) *mixture {
	return &mixture{random: rand.New(rand.NewPCG(seed, 1)), left: faults}
}

// pick is a mock.Script.
func (m *mixture) pick(int, *http.Request) mock.Fault {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.left == 0 || m.random.IntN(3) == 0 {
		return nil
	}
	m.left--
	return faults[m.random.IntN(len(faults))].fault
}

// most returns the number of records to read before stopping on purpose.
func (m *mixture) most() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return 1 + m.random.IntN(30)
}

func TestAnyMixtureOfFaultsLosesNoRecords(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(nameOf("seed", seed), func(t *testing.T) {
			m := newMixture(seed, 0)
			forListings(t, func(t *testing.T, l listing) *site {
				m.left = 40
				s := newLog(t, l, 50)
				if l.pinned {
					s.grows = 1
				}
				return s.play(m.pick)
			}, func(t *testing.T, l listing, s *site, p *paced) {
				try.Equal(t, "records", walkToTheEnd(t, l, s, p, m), s.want)
			})
		})
	}
}

// walkToTheEnd resumes from a Position as JSON, each time with a new client, until a walk ends
// without an error.
func walkToTheEnd(t *testing.T, l listing, s *site, p *paced, m *mixture) (got []string) {
	var at []byte
	for range 1000 {
		most := m.most()
		some, pos, err := l.open(t, s.URL, settings{transport: p, retries: 2, maxBytes: maxBytes})(ctx, at, most)
		got, at = append(got, some...), pos
		if err == nil && len(some) < most {
			return got
		}
	}
	t.Error("the walk never ends")
	return got
}

func TestManyGoroutinesShareOneClientDespiteFaults(t *testing.T) {
	forListings(t, func(t *testing.T, l listing) *site {
		return newLog(t, l, nRecords).play(newMixture(99, 200).pick)
	}, func(t *testing.T, l listing, s *site, p *paced) {
		walk := l.open(t, s.URL, settings{transport: p, retries: 3, maxBytes: maxBytes})
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
				try.Equal(t, "records", got, s.want)
			})
		}
		all.Wait()
	})
}

// After a login expires, the site keeps answering with a redirect or a login page.
func TestAnExpiredLoginEndsTheWalkAndANewLoginResumesIt(t *testing.T) {
	for _, c := range []struct {
		name    string
		expired mock.Fault
		kinds   []string
	}{
		{"redirect to the login page", mock.Redirect("https://id.atlassian.com/login?continue=x"), []string{"unauthorized"}},
		{"redirect to a login page of the site", mock.Redirect("/login"), []string{"unauthorized", "not JSON"}},
		{"page instead of the log", mock.LoginPage(), []string{"unauthorized", "not JSON"}},
		{"401", html(401), []string{"unauthorized"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			forListings(t, func(t *testing.T, l listing) *site {
				return newLog(t, l, nRecords).play(func(n int, r *http.Request) mock.Fault {
					if bearer(r) == "token-1" && n >= 2 {
						return c.expired
					}
					return nil
				})
			}, func(t *testing.T, l listing, s *site, p *paced) {
				old := l.open(t, s.URL, settings{token: "token-1", transport: p, retries: 3})
				got, at, err := old(ctx, nil, everything)
				isKind(t, l, err, c.kinds...)
				again, at, err := old(ctx, at, everything)
				isKind(t, l, err, c.kinds...)
				try.Equal(t, "records without a login", again, []string{})
				rest, _, err := l.open(t, s.URL, settings{token: "token-2", transport: p})(ctx, at, everything)
				if err != nil {
					t.Fatal(err)
				}
				try.Equal(t, "all records", append(got, rest...), s.want)
			})
		})
	}
}

// These walks use the real clock and the default transport, and end by a deadline.
func TestADeadlineEndsASlowWalk(t *testing.T) {
	for _, l := range listings {
		for _, c := range []struct {
			name  string
			crawl mock.Fault
		}{
			{"an answer that never ends", mock.Endless(100 * time.Microsecond)},
			{"an answer that never begins", mock.Slow(time.Hour)},
			{"429 for longer than there is", mock.RateLimited(time.Minute)},
		} {
			t.Run(l.name+", "+c.name, func(t *testing.T) {
				s := newLog(t, l, nRecords).play(only(2, c.crawl))
				ctx, cancel := context.WithTimeout(t.Context(), 40*time.Millisecond)
				defer cancel()
				got, at, err := l.open(t, s.URL, settings{retries: 3})(ctx, nil, everything)
				if !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, l.kinds["rate limited"]) {
					t.Fatalf("got %v, want context.DeadlineExceeded", err)
				}
				s.play(honest) // the deadline may come before the slow page
				rest, _, err := l.open(t, s.URL, settings{})(t.Context(), at, everything)
				if err != nil {
					t.Fatal(err)
				}
				try.Equal(t, "all records", append(got, rest...), s.want)
			})
		}
	}
}

func TestACancelledWalkDoesNotWaitForItsRetry(t *testing.T) {
	start := logOf(nRecords, func(s *site) { s.play(only(2, mock.RateLimited(time.Minute))) })
	forListings(t, start, func(t *testing.T, l listing, s *site, p *paced) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		time.AfterFunc(30*time.Second, cancel) // the clock moves only while the walk waits
		got, at, err := l.open(t, s.URL, settings{transport: endless{p}, retries: 3})(ctx, nil, everything)
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v, want that it is cancelled", err)
		}
		rest, _, err := l.open(t, s.URL, settings{transport: p})(context.Background(), at, everything)
		if err != nil {
			t.Fatal(err)
		}
		try.Equal(t, "all records", append(got, rest...), s.want)
	})
}

func TestRetriesWaitAsLongAsTheServerAsks(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer mock.Fault
		least  time.Duration
	}{
		{"seconds", mock.RateLimited(90 * time.Second), 90 * time.Second},
		{"a date", html(503, "Retry-After", "Sat, 01 Jan 2000 00:00:30 GMT"), 30 * time.Second},
		{"a reset to the minute", html(429, "X-RateLimit-Reset", "2000-01-01T00:01Z"), time.Minute},
	} {
		for _, l := range listings {
			t.Run(c.name+", "+l.name, func(t *testing.T) {
				s := newLog(t, l, nRecords).play(only(0, c.answer))
				inBubble(t, s, func(t *testing.T, p *paced) {
					began := time.Now()
					if _, _, err := l.open(t, s.URL, settings{transport: p, retries: 1})(ctx, nil, everything); err != nil {
						t.Fatal(err)
					}
					// This is the clock of the bubble, so it is exact.
					if waited := time.Since(began); waited < c.least || waited > c.least+time.Second {
						t.Errorf("waited %v, want %v and at most a second more", waited, c.least)
					}
				})
			})
		}
	}
}
