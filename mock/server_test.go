package mock

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestInvalidOptionsAreRefused(t *testing.T) {
	taken := must[net.Listener](t)(net.Listen("tcp", "127.0.0.1:0"))
	defer taken.Close()
	cases := map[string]struct {
		opts []Option
		want string
	}{
		"negative records":  {[]Option{WithRecords(-2)}, "mock: -2 records: give a number from 0 to 1000000000"},
		"too many records":  {[]Option{WithRecords(1_000_000_001)}, "mock: 1000000001 records: give a number from 0 to 1000000000"},
		"no clock":          {[]Option{WithClock(nil)}, "mock: the clock is nil: give a function such as time.Now"},
		"an address in use": {[]Option{WithAddress(taken.Addr().String())}, "mock: cannot listen at " + taken.Addr().String() + ": it is in use or not an address of this machine: use another address, or port 0 for any free port"},
	}
	for name, c := range cases {
		if _, err := Jira(c.opts...); err == nil || err.Error() != c.want {
			t.Errorf("%s:\n got %v\nwant %s", name, err, c.want)
		}
	}
}

func TestLogsOfAnyLength(t *testing.T) {
	for _, n := range []int{0, 1, 2, 1_000_000_000} {
		s := newTestServer(t, Confluence, WithRecords(n), WithNextLinks())
		page := confluenceAsk(t, s, "?limit=3")
		if page.Size != min(n, 3) || (page.Links["next"] != "") != (n > 3) {
			t.Errorf("%d records: got %d and next %q", n, page.Size, page.Links["next"])
		}
		if n > 3 {
			last := confluenceAsk(t, s, "?start=999999998")
			if last.Size != 2 || last.Links["next"] != "" {
				t.Errorf("at the end of %d records: got %d and next %q, want 2 and none", n, last.Size, last.Links["next"])
			}
		}
	}
}

func logOf(seed uint64, n int) *auditLog {
	return newAuditLog(seed, &settings{records: n, clock: atNoon})
}

func TestTheSameSeedAndClockMakeTheSameLog(t *testing.T) {
	log := func(opts ...Option) string {
		return ask(t, newTestServer(t, Confluence, opts...), "GET /wiki/rest/api/audit").body
	}
	first := log()
	if again, other := log(), log(WithSeed(1)); first != again || first == other {
		t.Error("records do not depend on the seed alone")
	}
	short, long := logOf(5, 100), logOf(5, 100_000)
	for i := range 100 {
		if diff := cmp.Diff(newEvent(jiraKinds, short.seed, i), newEvent(jiraKinds, long.seed, i), cmp.AllowUnexported(event{}, kind{}, person{})); diff != "" {
			t.Fatalf("record %d depends on the number of records\n%s", i, diff)
		}
	}
}

// TestALogIsInOrderWhateverIsAdded compares a log with a sorted list of the same records.
func TestALogIsInOrderWhateverIsAdded(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	l := logOf(9, 300)
	type one struct {
		at    int64
		index int
	}
	var want []one
	for i := range l.n {
		want = append(want, one{l.base(i), i})
	}
	for range 200 {
		at := l.end - random.Int64N(int64(l.n)*l.step)
		if random.IntN(4) == 0 {
			at = l.base(random.IntN(l.n)) // at the same time as another
		}
		if err := l.add(at, nil); err != nil {
			t.Fatal(err)
		}
		want = append(want, one{at, len(want)})
		view := l.look()
		slices.SortStableFunc(want, func(a, b one) int { return int(a.at - b.at) })
		var got []one
		for p := range view.len() {
			e := view.entry(p)
			got = append(got, one{e.at, e.index})
		}
		if !slices.Equal(want, got) {
			t.Fatalf("(-want +got)\n%s", cmp.Diff(want, got, cmp.AllowUnexported(one{})))
		}
		from, to := view.entry(random.IntN(view.len())).at, view.entry(random.IntN(view.len())).at
		low, high := view.within(from, to)
		n := 0
		for _, o := range want {
			if o.at >= from && o.at <= to {
				n++
			}
		}
		if high-low != n {
			t.Fatalf("from %d to %d there are %d records, want %d", from, to, high-low, n)
		}
	}
}

func TestAViewDoesNotChange(t *testing.T) {
	l := logOf(9, 10)
	before := l.look()
	all := func() (got []int64) {
		for p := range before.len() {
			got = append(got, before.entry(p).at)
		}
		return got
	}
	want := all()
	for _, at := range []int64{l.end + 5, l.end - 1000, l.end + 3, 0} {
		if err := l.add(at, nil); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(want, all()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestAddedRecordsAreBounded(t *testing.T) {
	l := logOf(9, 10)
	body := make([]byte, maxExtraBytes/4)
	for range 4 {
		if err := l.add(l.end, body); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.add(l.end, body); err == nil {
		t.Error("a log accepts any number of bytes")
	}
}

func TestShutdownWaitsForRunningRequests(t *testing.T) {
	s := must[*Server](t)(Confluence(WithRecords(20_000)))
	r := must[*http.Request](t)(http.NewRequestWithContext(t.Context(), "GET", s.URL+"/wiki/rest/api/audit/export", http.NoBody))
	r.SetBasicAuth(email, token)
	resp := must[*http.Response](t)(s.Client().Do(r))
	defer resp.Body.Close()
	stopped := make(chan error)
	go func() { stopped <- s.Shutdown(context.Background()) }()
	if data, err := io.ReadAll(resp.Body); err != nil || len(data) < 20_000*50 {
		t.Errorf("got %d bytes of the export and %v, want all of it", len(data), err)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	if _, err := s.Client().Get(s.URL); err == nil {
		t.Error("the server is still running")
	}
}

func TestShutdownAbortsRequestsWhenTheContextEnds(t *testing.T) {
	s := must[*Server](t)(Confluence(WithRecords(1_000_000)))
	r := must[*http.Request](t)(http.NewRequestWithContext(t.Context(), "GET", s.URL+"/wiki/rest/api/audit/export", http.NoBody))
	r.SetBasicAuth(email, token)
	resp := must[*http.Response](t)(s.Client().Do(r)) // the body is never read
	defer resp.Body.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := s.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the error of the context", err)
	}
}

func TestOnlyLoopbackIsLocal(t *testing.T) {
	got := map[string]bool{}
	for _, address := range []string{"127.0.0.1:0", "127.9.9.9:1", "[::1]:8080", "localhost:80", ":80", "0.0.0.0:80", "[::]:80", "192.0.2.1:80", "example.com:80", "127.0.0.1.example.com:80"} {
		local, err := IsLocal(address)
		if err != nil {
			t.Error(err)
		}
		if local {
			got[address] = true
		}
	}
	if diff := cmp.Diff(map[string]bool{"127.0.0.1:0": true, "127.9.9.9:1": true, "[::1]:8080": true, "localhost:80": true}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestAServerThatListensOnAllAddressesIsReachable(t *testing.T) {
	if got := reachable(&net.TCPAddr{IP: net.IPv4zero, Port: 8080}); got != "127.0.0.1:8080" {
		t.Errorf("got %s", got)
	}
	if got := reachable(&net.TCPAddr{IP: net.IPv6loopback, Port: 8080}); got != "[::1]:8080" {
		t.Errorf("got %s", got)
	}
}
