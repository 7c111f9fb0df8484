package rest_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	fixture "github.com/seed-1954497d/auditgen/golden/runtime/want"
	"github.com/seed-1954497d/auditgen/templates/rest"
)

// failing answers the first n requests with a failure, and the others well. Bodies are noted.
type failing struct {
	n    int
	fail http.HandlerFunc

	mu     sync.Mutex
	bodies []string
}

// seen returns the bodies of the requests so far.
func (f *failing) seen() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.bodies)
}

func (f *failing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	data, _ := io.ReadAll(r.Body)
	f.mu.Lock()
	f.bodies = append(f.bodies, string(data))
	calls := len(f.bodies)
	f.mu.Unlock()
	if calls <= f.n {
		f.fail(w, r)
		return
	}
	answers(200, `{}`)(w, r)
}

func status(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		_, _ = io.WriteString(w, strings.Repeat("x", 100_000))
	}
}

func reset(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func resetInBody(w http.ResponseWriter, _ *http.Request) {
	_, _ = io.WriteString(w, `{"results":[`)
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

func TestReadingIsTriedAgainAfterAPassingFailure(t *testing.T) {
	const s = time.Second
	for _, test := range []struct {
		name  string
		n     int
		fail  http.HandlerFunc
		waits []time.Duration
		ok    bool
	}{
		{"429 with seconds", 1, status(429, "Retry-After", "20"), []time.Duration{21 * s}, true},
		{"429 with few seconds", 1, status(429, "Retry-After", "1"), []time.Duration{1100 * time.Millisecond}, true},
		{"429 with a date", 1, status(429, "Retry-After", "Sat, 21 Nov 2026 03:00:10 GMT"), []time.Duration{11 * s}, true},
		{"429 with a date in the past", 1, status(429, "Retry-After", "Sat, 21 Nov 2020 03:00:10 GMT"), []time.Duration{s / 2}, true},
		{"429 with a reset to the minute", 1, status(429, "X-RateLimit-Reset", "2026-11-21T03:01Z"), []time.Duration{61 * s}, true},
		{"429 with a reset to the second", 1, status(429, "X-RateLimit-Reset", "2026-11-21T03:00:30+00:00"), []time.Duration{31 * s}, true},
		{"429 with seconds and a reset", 1, status(429, "X-RateLimit-Reset", "2026-11-21T03:01Z", "Retry-After", "10"), []time.Duration{11 * s}, true},
		{"429 that says nothing", 3, status(429), []time.Duration{s / 2, s, 2 * s}, true},
		{"429 with nonsense", 1, status(429, "Retry-After", "soon", "X-RateLimit-Reset", "1669000000"), []time.Duration{s / 2}, true},
		{"429 with zero", 1, status(429, "Retry-After", "0"), []time.Duration{s / 2}, true},
		{"429 with a negative wait", 1, status(429, "Retry-After", "-5"), []time.Duration{s / 2}, true},
		{"429 that asks for as long as can be", 1, status(429, "Retry-After", "120"), []time.Duration{121 * s}, true},
		{"429 with a reset as late as can be", 1, status(429, "X-RateLimit-Reset", "2026-11-21T03:02Z"), []time.Duration{121 * s}, true},
		{"429 that asks for a second more", 1, status(429, "Retry-After", "121"), nil, false},
		{"429 that asks for too long", 1, status(429, "Retry-After", "3600"), nil, false},
		{"429 that asks for ever", 1, status(429, "Retry-After", "9223372036854775807"), nil, false},
		{"429 again and again", 9, status(429), []time.Duration{s / 2, s, 2 * s}, false},
		{"503 with seconds", 1, status(503, "Retry-After", "2"), []time.Duration{2200 * time.Millisecond}, true},
		{"502", 1, status(502), []time.Duration{s / 2}, true},
		{"504", 1, status(504), []time.Duration{s / 2}, true},
		{"500", 1, status(500), []time.Duration{s / 2}, true},
		{"501", 1, status(501), nil, false},
		{"a reset", 1, reset, []time.Duration{s / 2}, true},
		{"a reset in the body", 2, resetInBody, []time.Duration{s / 2, s}, true},
		{"401", 1, status(401), nil, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := &failing{n: test.n, fail: test.fail}
			w := newWorld(t, f.ServeHTTP)
			_, err := w.GetAuditRecords(t.Context(), nil)
			if (err == nil) != test.ok {
				t.Errorf("error %v", err)
			}
			if diff := cmp.Diff(test.waits, w.waits); diff != "" {
				t.Errorf("waits (-want +got):\n%s", diff)
			}
			if len(f.seen()) != len(test.waits)+1 || len(w.attempts) != len(f.seen()) {
				t.Errorf("%d requests, %d attempts reported", len(f.seen()), len(w.attempts))
			}
		})
	}
}

func TestChangesAreTriedAgainOnlyIfTheServerDidNotTakeThem(t *testing.T) {
	for name, test := range map[string]struct {
		fail  http.HandlerFunc
		calls int
	}{
		"429":                 {status(429, "Retry-After", "1"), 2},
		"503":                 {status(503, "Retry-After", "1"), 1},
		"502":                 {status(502), 1},
		"a reset":             {reset, 1},
		"a reset in the body": {resetInBody, 1},
	} {
		t.Run(name, func(t *testing.T) {
			post := &failing{n: 1, fail: test.fail}
			_, err := newWorld(t, post.ServeHTTP).CreateAuditRecord(t.Context(), fixture.AuditRecord{RemoteAddress: "a"})
			if len(post.seen()) != test.calls || (err == nil) != (test.calls > 1) {
				t.Errorf("POST: %d requests, %v", len(post.seen()), err)
			}
			for _, body := range post.seen() {
				if body != `{"remoteAddress":"a"}` {
					t.Errorf("POST: body %q", body)
				}
			}
			put := &failing{n: 1, fail: test.fail}
			s := fixture.Sample{Text: "t", Count: 1, At: time.Unix(0, 0), Unit: "DAYS", Names: []string{"n"}, Items: []fixture.ChangedValue{{Name: "n", OldValue: "o", NewValue: "v"}}, Inner: fixture.AffectedObject{Name: "n", ObjectType: "t"}}
			if err := newWorld(t, put.ServeHTTP).SetSample(t.Context(), s); len(put.seen()) != test.calls || (err == nil) != (test.calls > 1) {
				t.Errorf("PUT: %d requests, %v", len(put.seen()), err)
			}
			stream := &failing{n: 1, fail: test.fail}
			if err := newWorld(t, stream.ServeHTTP).UploadAudit(t.Context(), strings.NewReader("x")); len(stream.seen()) != 1 || err == nil {
				t.Errorf("stream: %d requests, %v", len(stream.seen()), err)
			}
		})
	}
}

// unreachable is a transport whose every request ends in an error.
type unreachable struct{ err error }

func (u unreachable) RoundTrip(*http.Request) (*http.Response, error) { return nil, u.err }

func TestWhatCannotBeReachedIsTriedAgainUnlessItNeverWillBe(t *testing.T) {
	for name, test := range map[string]struct {
		err      error
		attempts int
	}{
		"a broken connection":         {io.ErrUnexpectedEOF, 4},
		"a name server that is ill":   {&net.DNSError{Err: "server misbehaving", IsTemporary: true}, 4},
		"a host that there is not":    {&net.DNSError{Err: "no such host", IsNotFound: true}, 1},
		"a certificate of nobody":     {&tls.CertificateVerificationError{Err: errors.New("unknown authority")}, 1},
		"a certificate, deep within":  {fmt.Errorf("proxy: %w", &tls.CertificateVerificationError{Err: errors.New("expired")}), 1},
		"a host, while dialling, too": {&net.OpError{Op: "dial", Err: &net.DNSError{IsNotFound: true}}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil, rest.WithHTTPClient(&http.Client{Transport: unreachable{test.err}}))
			if _, err := w.GetAuditRecords(t.Context(), nil); !errors.Is(err, test.err) || len(w.attempts) != test.attempts {
				t.Errorf("%d attempts, want %d; %v", len(w.attempts), test.attempts, err)
			}
		})
	}
}

func TestTheContextEndsRetrying(t *testing.T) {
	f := &failing{n: 9, fail: status(429, "Retry-After", "60")}
	ctx, cancel := context.WithCancel(t.Context())
	w := newWorld(t, f.ServeHTTP, rest.WithClock(time.Now, func(ctx context.Context, d time.Duration) error {
		cancel()
		return rest.Sleep(ctx, d)
	}, func() float64 { return 1 }))
	_, err := w.GetAuditRecords(ctx, nil)
	if !errors.Is(err, context.Canceled) || !errors.Is(err, rest.ErrRateLimited) || len(f.seen()) != 1 {
		t.Errorf("cancelled while waiting: %v after %d requests", err, len(f.seen()))
	}
	short, cancel := context.WithDeadline(t.Context(), time.Now().Add(30*time.Second))
	defer cancel()
	if _, err := w.GetAuditRecords(short, nil); !errors.Is(err, rest.ErrRateLimited) || len(f.seen()) != 2 {
		t.Errorf("a wait beyond the deadline: %v after %d requests", err, len(f.seen()))
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.GetAuditRecords(gone, nil); !errors.Is(err, context.Canceled) || len(f.seen()) != 2 {
		t.Errorf("cancelled before: %v after %d requests", err, len(f.seen()))
	}
	if err := rest.Sleep(t.Context(), time.Microsecond); err != nil {
		t.Errorf("sleep: %v", err)
	}
}

func TestTheHookSeesEveryAttempt(t *testing.T) {
	f := &failing{n: 1, fail: status(503, "Retry-After", "2", "X-Request-Id", "t-1")}
	w := newWorld(t, f.ServeHTTP)
	if _, err := w.GetAuditRecords(t.Context(), &fixture.GetAuditRecordsParams{SearchString: "s"}); err != nil {
		t.Fatal(err)
	}
	for i := range w.attempts {
		if (w.attempts[i].Err != nil) != (i == 0) {
			t.Errorf("attempt %d: error %v", i, w.attempts[i].Err)
		}
		w.attempts[i].Err = nil
	}
	want := []rest.Attempt{
		{Method: "GET", Path: "/wiki/rest/api/audit", Number: 1, StatusCode: 503, RequestID: "t-1", Wait: 2200 * time.Millisecond},
		{Method: "GET", Path: "/wiki/rest/api/audit", Number: 2, StatusCode: 200},
	}
	if diff := cmp.Diff(want, w.attempts); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestADownloadIsClosedIfTheHookPanics(t *testing.T) {
	gone := make(chan struct{})
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		_ = http.NewResponseController(rw).Flush()
		<-r.Context().Done()
		close(gone)
	}, rest.WithHook(func(context.Context, rest.Attempt) { panic("a fault of the caller") }))
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic is lost")
			}
		}()
		_, _ = w.ExportAuditRecords(t.Context())
	}()
	select {
	case <-gone:
	case <-time.After(10 * time.Second):
		t.Error("the connection stays open")
		w.server.CloseClientConnections()
	}
}

func TestTheConnectionIsUsedAgainAfterAFailure(t *testing.T) {
	addresses := map[string]bool{}
	f := &failing{n: 2, fail: status(503)}
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		addresses[r.RemoteAddr] = true
		f.ServeHTTP(rw, r)
	})
	if _, err := w.GetAuditRecords(t.Context(), nil); err != nil || len(addresses) != 1 {
		t.Errorf("%d connections, %v", len(addresses), err)
	}
}

func TestACallHasItsOwnRetriesAndTimeout(t *testing.T) {
	for _, test := range []struct {
		name     string
		opt      rest.CallOption
		requests int
	}{
		{"none", rest.WithRetries(0), 1},
		{"a negative number", rest.WithRetries(-1), 1},
		{"more than the client's", rest.WithRetries(5), 6},
	} {
		f := &failing{n: 9, fail: status(503)}
		w := newWorld(t, f.ServeHTTP)
		if _, err := w.GetAuditRecords(t.Context(), nil, test.opt); err == nil || len(f.seen()) != test.requests {
			t.Errorf("%s: %d requests, %v", test.name, len(f.seen()), err)
		}
	}
	late := newWorld(t, answers(200, `{"results":[]}`))
	if _, err := late.GetAuditRecords(t.Context(), nil, rest.WithTimeout(-time.Second)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a call that has no time left: %v", err)
	}
	released := make(chan struct{})
	slow := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/csv")
		_, _ = io.WriteString(w, "a")
		_ = http.NewResponseController(w).Flush()
		select {
		case <-released:
		case <-r.Context().Done():
		}
	}
	w := newWorld(t, slow)
	t.Cleanup(func() { close(released) })
	soon := rest.WithTimeout(50 * time.Millisecond)
	if _, err := w.GetAuditRecords(t.Context(), nil, soon); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a call: %v", err)
	}
	d, err := w.ExportAuditRecords(t.Context(), soon)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(d); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a download: %v", err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}
