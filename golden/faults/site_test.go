package faults_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/seed-1954497d/auditgen/mock"
)

// The log of most tests has five pages. The last one is short.
const (
	nRecords = 14
	nPages   = 5
	onAPage  = 3
)

// site is the mock of an API. It records requests and responses.
type site struct {
	*mock.Server
	clock clock
	want  []string // the records that a walk must yield, in wire form; at most a thousand
	limit int      // maximum number of records of a page; 0 means the mock's own limit
	grows int      // new records per request, from the second page on

	mu     sync.Mutex
	lines  []string
	served [][]string // records of each page
}

// newSite starts a site with a log of n records, in pages of at most three. It must be called
// outside a bubble.
func newSite(t testing.TB, api func(...mock.Option) (*mock.Server, error), n int) *site {
	t.Helper()
	s := &site{limit: onAPage}
	s.clock.Store(start.UnixNano())
	var err error
	if s.Server, err = api(mock.WithRecords(n), mock.WithClock(s.clock.now)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	s.play(honest)
	return s
}

// honest is the script without faults.
func honest(int, *http.Request) mock.Fault { return nil }

// only is the script in which a single request gets a fault.
func only(at int, f mock.Fault) mock.Script {
	return func(n int, _ *http.Request) mock.Fault {
		if n == at {
			return f
		}
		return nil
	}
}

// play sets a script and forgets earlier requests.
func (s *site) play(script mock.Script) *site {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lines, s.served = nil, nil
	s.SetScript(func(n int, r *http.Request) mock.Fault {
		s.mu.Lock()
		s.lines = append(s.lines, r.Method+" "+r.RequestURI)
		s.mu.Unlock()
		if f := script(n, r); f != nil {
			return within(s.page, f)
		}
		return s.page
	})
	return s
}

// page records the records of each page and limits its length.
func (s *site) page(honest http.Handler) http.Handler {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.limit > 0 {
		honest = mock.PageLimit(s.limit)(honest)
	}
	if s.grows > 0 && len(s.served) > 0 {
		honest = mock.Grown(s.grows)(honest)
	}
	return edited(func(_ *http.Request, body string) string {
		s.mu.Lock()
		defer s.mu.Unlock()
		if texts, ok := recordsOf([]byte(body)); ok {
			s.served = append(s.served, texts)
		}
		return body
	})(honest)
}

// recordsOf returns the records of a page in wire form.
func recordsOf(page []byte) ([]string, bool) {
	var p struct{ Results, Records []json.RawMessage }
	if json.Unmarshal(page, &p) != nil || p.Results == nil && p.Records == nil {
		return nil, false // response of another operation
	}
	texts := []string{}
	for _, record := range slices.Concat(p.Results, p.Records) {
		texts = append(texts, string(record))
	}
	return texts, true
}

// newLog starts a site with a log of n records for walks through a listing.
func newLog(t testing.TB, l listing, n int) *site {
	t.Helper()
	s := newSite(t, l.api, n)
	r := httptest.NewRequest("GET", l.path+"?limit=1000&"+wholePeriod, http.NoBody)
	r.Header.Set("Authorization", "Bearer token-0")
	s.limit = 0
	texts, ok := recordsOf([]byte(recorded(s.Handler(), r).body))
	if !ok {
		t.Fatalf("%s has no page of records", l.path)
	}
	s.limit, s.want = onAPage, texts
	return s.play(honest)
}

// yielded returns the records of all pages that were served.
func (s *site) yielded() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Concat(s.served...)
}

// requests returns method, path and query of all requests to operations.
func (s *site) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.lines)
}

// asked returns the number of requests for pages of a listing.
func (s *site) asked(l listing) (n int) {
	for _, line := range s.requests() {
		if strings.HasPrefix(line, "GET "+l.path+"?") {
			n++
		}
	}
	return n
}

// bearer returns the token of a request.
func bearer(r *http.Request) string {
	return strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
}
