package embedded_test

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generated/confluence"
	"github.com/seed-1954497d/auditgen/generated/jira"
	"github.com/seed-1954497d/auditgen/generated/rest"
	"github.com/seed-1954497d/auditgen/mock"
)

// product is an audit log, as text: records are what came.
type product struct {
	name   string
	serve  func(...mock.Option) (*mock.Server, error)
	client func(t *testing.T, s *mock.Server) auditLog
}

// auditLog has the methods of a generated client. Pages have at most limit records, 0 for as many
// as the server likes. search selects records.
type auditLog struct {
	list   func(search string) iter.Seq2[string, error]
	follow func(ctx context.Context, from rest.Checkpoint, search string, limit int64, opts ...rest.FollowOption) iter.Seq2[batch, error]
}

type batch struct {
	records []string
	odd     int
	at      rest.Checkpoint
}

// texts returns the items of a walk or a batch as they came, and how many of them are odd.
func texts[T any](items iter.Seq2[*T, error], raw func(*T) []byte) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for item, err := range items {
			var text string
			if item != nil {
				text = string(raw(item))
			}
			if !yield(text, err) {
				return
			}
		}
	}
}

func batches[T any](from iter.Seq2[*rest.Batch[T], error], raw func(*T) []byte) iter.Seq2[batch, error] {
	return func(yield func(batch, error) bool) {
		for b, err := range from {
			var out batch
			if err == nil {
				out.at = b.Checkpoint
				for text, err := range texts(b.All(), raw) {
					if err != nil {
						out.odd++
					}
					out.records = append(out.records, text)
				}
			}
			if !yield(out, err) {
				return
			}
		}
	}
}

func pageLimit(n int64) *int64 {
	if n == 0 {
		return nil
	}
	return &n
}

var products = []product{
	{"Confluence", mock.Confluence, func(t *testing.T, s *mock.Server) auditLog {
		c, err := confluence.NewClient(s.URL, rest.WithHTTPClient(s.Client()), rest.WithBearerToken("x"))
		if err != nil {
			t.Fatal(err)
		}
		raw := func(r *confluence.AuditRecord) []byte { return r.JSON.Raw() }
		return auditLog{
			func(search string) iter.Seq2[string, error] {
				later := time.Now().AddDate(1, 0, 0) // the server's clock may be ahead
				return texts(c.AllAuditRecords(t.Context(), &confluence.GetAuditRecordsParams{SearchString: search, EndDate: later}), raw)
			},
			func(ctx context.Context, from rest.Checkpoint, search string, limit int64, opts ...rest.FollowOption) iter.Seq2[batch, error] {
				start := int64(7) // must not count
				p := &confluence.GetAuditRecordsParams{SearchString: search, Limit: pageLimit(limit), StartDate: time.Now(), Start: &start}
				return batches(c.FollowAuditRecords(ctx, p, from, opts...), raw)
			},
		}
	}},
	{"Jira", mock.Jira, func(t *testing.T, s *mock.Server) auditLog {
		c, err := jira.NewClient(s.URL, rest.WithHTTPClient(s.Client()), rest.WithBearerToken("x"))
		if err != nil {
			t.Fatal(err)
		}
		raw := func(r *jira.AuditRecord) []byte { return r.JSON.Raw() }
		return auditLog{
			func(search string) iter.Seq2[string, error] {
				later := time.Now().AddDate(1, 0, 0) // the server's clock may be ahead
				return texts(c.AllAuditRecords(t.Context(), &jira.GetAuditRecordsParams{Filter: search, To: later}), raw)
			},
			func(ctx context.Context, from rest.Checkpoint, search string, limit int64, opts ...rest.FollowOption) iter.Seq2[batch, error] {
				offset := int64(7) // must not count
				p := &jira.GetAuditRecordsParams{Filter: search, Limit: pageLimit(limit), From: time.Now(), Offset: &offset}
				return batches(c.FollowAuditRecords(ctx, p, from, opts...), raw)
			},
		}
	}},
}

// held returns what the server has, each record with its number.
func (l auditLog) held(t *testing.T, search string) map[string]int {
	t.Helper()
	all := map[string]int{}
	for text, err := range l.list(search) {
		if odd := (*rest.RecordError)(nil); err != nil && !errors.As(err, &odd) {
			t.Fatal(err)
		}
		all[text]++
	}
	return all
}

func TestAuditLogsAreFollowedFromTheirBeginning(t *testing.T) {
	const records = 3000
	for _, p := range products {
		t.Run(p.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, err := p.serve(mock.InMemory(), mock.WithRecords(records))
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				l := p.client(t, s)
				at := rest.StartAt(time.Now().AddDate(-5, 0, 0))
				for _, want := range []int{records, 0} {
					got := 0
					for b, err := range l.follow(t.Context(), at, "", 0, rest.FollowUntil(time.Now())) {
						if err != nil {
							t.Fatal(err)
						}
						got += len(b.records)
						at = b.at
					}
					if got != want {
						t.Errorf("got %d records, want %d", got, want)
					}
				}
			})
		})
	}
}

func TestFollowDeliversWhatItsParametersSelect(t *testing.T) {
	for _, p := range products {
		t.Run(p.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, err := p.serve(mock.InMemory(), mock.WithRecords(2000))
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				l := p.client(t, s)
				got := map[string]int{}
				for b, err := range l.follow(t.Context(), rest.StartAt(time.Now().AddDate(-1, 0, 0)), "rosa", 20, rest.FollowUntil(time.Now())) {
					if err != nil {
						t.Fatal(err)
					}
					for _, r := range b.records {
						got[r]++
					}
				}
				want := l.held(t, "rosa")
				if diff := cmp.Diff(want, got); diff != "" || len(want) < 10 || len(want) > 1000 {
					t.Errorf("%d records match (-listed +followed)\n%s", len(want), diff)
				}
			})
		})
	}
}

// TestALogThatIsHardToFollowIsDeliveredOnce has everything against it at once: records that become
// visible late, hundreds of them in a millisecond and more than fit into a page, odd ones, a clock
// that is wrong, a retention period that takes records away, failing requests, and a process that
// is started again and again.
func TestALogThatIsHardToFollowIsDeliveredOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("it follows a log for hours of its time")
	}
	faults := mock.Faults{RateLimit: 0.03, Unavailable: 0.03, Latency: 0.1, Truncate: 0.03, Expired: 0.005, FreePlan: 0.005}
	for _, p := range products {
		skew := map[string]time.Duration{"Confluence": -2 * time.Hour, "Jira": 2 * time.Hour}[p.name]
		t.Run(p.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, err := p.serve(mock.InMemory(), mock.WithRecords(1000), mock.WithSeed(5), mock.WithLateRecords(4*time.Minute), mock.WithClockSkew(skew),
					mock.WithBursts(200), mock.WithOddRecords(0.1))
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				l := p.client(t, s)
				before := l.held(t, "")
				got, odd, processes := map[string]int{}, 0, 0
				at := rest.StartAt(time.Now().AddDate(-1, 0, 0))
				// follow is one process. It ends at a time, or with a failure, or is stopped by another.
				follow := func(ctx context.Context, opts ...rest.FollowOption) {
					processes++
					opts = append(opts, rest.FollowOverlap(5*time.Minute), rest.FollowInterval(2*time.Minute))
					for b, err := range l.follow(ctx, at, "", 150, opts...) {
						var end *rest.FollowError
						if errors.As(err, &end) {
							b.at = end.Checkpoint
						} else if err != nil {
							t.Fatal(err)
						}
						for _, r := range b.records {
							got[r]++
						}
						odd += b.odd
						at = kept(t, b.at)
					}
				}
				s.SetFaults(faults)
				began, bursts := time.Now(), 0
				s.SetScript(func(int, *http.Request) mock.Fault { // a burst each three minutes
					if time.Since(began) < time.Duration(bursts)*3*time.Minute {
						return nil
					}
					if bursts++; bursts%4 == 0 {
						return mock.Shrunk(200)
					}
					return mock.Grown(200)
				})
				for end := time.Now().Add(20 * time.Minute); time.Now().Before(end); {
					ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
					follow(ctx)
					cancel()
				}
				s.SetFaults(mock.Faults{})
				s.SetScript(nil)
				time.Sleep(5 * time.Minute)
				follow(t.Context(), rest.FollowUntil(time.Now().Add(skew)))

				held, deleted := l.held(t, ""), 0
				for r, n := range before {
					if held[r] == 0 {
						deleted++
						if got[r] > n {
							t.Errorf("%d times, and the log had it %d times before it was deleted: %s", got[r], n, r)
						}
						delete(got, r)
					}
				}
				twice := 0
				for r, n := range held {
					if got[r] != n {
						t.Errorf("delivered %d times, and the log has it %d times: %s", got[r], n, r)
					}
					twice += n - 1
					delete(got, r)
				}
				for r, n := range got {
					t.Errorf("delivered %d times, and the log does not have it: %s", n, r)
				}
				t.Logf("%d records are held, %d more than once, %d were deleted, %d came odd; %d processes", len(held), twice, deleted, odd, processes)
				if deleted == 0 || odd == 0 || processes < 6 || len(held) < 1000 {
					t.Error("the log was not hard to follow")
				}
			})
		})
	}
}

// kept is a checkpoint as another process reads it.
func kept(t *testing.T, at rest.Checkpoint) (again rest.Checkpoint) {
	t.Helper()
	text, err := json.Marshal(at)
	if err == nil {
		err = json.Unmarshal(text, &again)
	}
	if err != nil {
		t.Fatal(err)
	}
	return again
}
