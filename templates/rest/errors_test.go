package rest_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"

	fixture "github.com/seed-1954497d/auditgen/golden/runtime/want"
	"github.com/seed-1954497d/auditgen/templates/rest"
)

func compressed(text string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.WriteString(z, text) // a bytes.Buffer takes everything
	_ = z.Close()
	return b.Bytes()
}

// sends returns a handler that sends a compressed JSON text.
func sends(status int, zipped []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		w.WriteHeader(status)
		_, _ = w.Write(zipped)
	}
}

func htmlPage(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "<html>log in</html>")
	}
}
func moved(status int, to string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/login") {
			htmlPage(200)(w, r)
			return
		}
		w.Header().Set("Location", to)
		w.WriteHeader(status)
	}
}

// failures are answers that must not pass for a success, and what errors.Is tells about each.
var failures = []struct {
	name    string
	handler http.HandlerFunc
	want    []error
}{
	{"401", answers(401, `{}`), []error{rest.ErrUnauthorized}},
	{"401 with a page", htmlPage(401), []error{rest.ErrUnauthorized}},
	{"403", answers(403, `{"message":"no"}`), []error{rest.ErrForbidden}},
	{"404", answers(404, ``), []error{rest.ErrNotFound}},
	{"429", answers(429, ``), []error{rest.ErrRateLimited}},
	{"400", answers(400, `{"errorMessages":["bad"]}`), nil},
	{"503 with a page", htmlPage(503), nil},
	{"204 where a body is documented", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, []error{rest.ErrNotJSON}},
	{"an empty body", answers(200, ``), []error{rest.ErrNotJSON}},
	{"a page with 200", htmlPage(200), []error{rest.ErrNotJSON}},
	{"a login page with 200", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, `<!doctype html><title>Log in to continue</title><form><input type="password"></form>`)
	}, []error{rest.ErrNotJSON, rest.ErrUnauthorized}},
	{"a page without a type", func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = nil
		_, _ = io.WriteString(w, " <!doctype html>")
	}, []error{rest.ErrNotJSON}},
	{"no JSON", answers(200, `oops`), []error{rest.ErrNotJSON}},
	{"JSON that breaks off", answers(200, `{"results":[{"summary":"a`), []error{rest.ErrNotJSON}},
	{"null", answers(200, `null`), []error{rest.ErrNotJSON}},
	{"an array where an object is documented", answers(200, `[]`), []error{rest.ErrNotJSON}},
	{"a redirect to a login page elsewhere", moved(302, "https://id.example/login?continue=canary"), []error{rest.ErrUnauthorized}},
	{"a redirect to a login page here", moved(302, "/login"), []error{rest.ErrUnauthorized, rest.ErrNotJSON}},
	{"a redirect elsewhere", moved(307, "http://127.0.0.1:1/x"), nil},
	{"a redirect to nowhere", moved(302, "http://[::1"), nil},
	{"endless redirects", moved(302, "/again"), nil},
	{"304", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(304) }, nil},
	{"too much", answers(200, `{"x":"`+strings.Repeat("x", 2000)+`"}`), []error{rest.ErrTooLarge}},
	{"a body that breaks off", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, "{")
	}, nil},
	{"a compressed bomb", sends(200, compressed(strings.Repeat(" ", 1<<20))), []error{rest.ErrTooLarge}},
	{"compressed and cut", sends(200, compressed(`{"results":[]}`)[:20]), nil},
	{"an endless body", func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := w.Write([]byte(`[[[[[[[[`)); err != nil {
				return
			}
		}
	}, []error{rest.ErrTooLarge}},
}

func TestEveryFailureIsAnErrorThatSaysWhichKind(t *testing.T) {
	all := []error{rest.ErrUnauthorized, rest.ErrForbidden, rest.ErrNotFound, rest.ErrRateLimited, rest.ErrNotJSON, rest.ErrTooLarge}
	for _, test := range failures {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
				rw.Header().Set("X-Request-Id", "trace-1")
				rw.Header().Set("Set-Cookie", "session=canary")
				test.handler(rw, r)
			}, rest.WithMaxResponseBytes(1000), rest.WithMaxRetries(0))
			res, err := w.GetAuditRecords(t.Context(), &fixture.GetAuditRecordsParams{SearchString: "canary"})
			var api *rest.APIError
			if !errors.As(err, &api) || res != nil {
				t.Fatalf("got %v, %v", res, err)
			}
			for _, kind := range all {
				if want := slices.Contains(test.want, kind); errors.Is(err, kind) != want {
					t.Errorf("is it %q? %v, want %v: %v", kind, !want, want, err)
				}
			}
			if api.StatusCode == 0 || api.Method != "GET" || api.Path != "/wiki/rest/api/audit" || api.RequestID != "trace-1" || len(api.Body) > rest.MaxErrorBody {
				t.Errorf("got %+v", api)
			}
			if text := fmt.Sprintf("%v %+v %#v %q", err, *api, *api, api.Body); strings.Contains(text, "canary") {
				t.Errorf("a secret shows in %s", text)
			}
		})
	}
}

func TestTheLimitOfAnAnswerIsExactAndCountsWhatIsUnpacked(t *testing.T) {
	const limit = 10_000
	for name, more := range map[string]int{"the limit": 0, "a byte more": 1, "a bomb": 4 << 20} {
		text := `{"results":[]}`
		text += strings.Repeat(" ", limit-len(text)+more)
		for form, handler := range map[string]http.HandlerFunc{"plain": answers(200, text), "compressed": sends(200, compressed(text))} {
			w := newWorld(t, handler, rest.WithMaxResponseBytes(limit), rest.WithMaxRetries(0))
			if _, err := w.GetAuditRecords(t.Context(), nil); errors.Is(err, rest.ErrTooLarge) != (more > 0) || (err != nil) != (more > 0) {
				t.Errorf("%s, %s: got %v", name, form, err)
			}
		}
	}
}

func TestTheBodyOfAnErrorIsBounded(t *testing.T) {
	endless := func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(500)
		for r.Context().Err() == nil {
			if _, err := w.Write(bytes.Repeat([]byte("x"), 4096)); err != nil {
				return
			}
		}
	}
	for _, test := range []struct {
		name    string
		handler http.HandlerFunc
		want    int
	}{
		{"a byte less", answers(500, strings.Repeat("x", rest.MaxErrorBody-1)), rest.MaxErrorBody - 1},
		{"the limit", answers(500, strings.Repeat("x", rest.MaxErrorBody)), rest.MaxErrorBody},
		{"a byte more", answers(500, strings.Repeat("x", rest.MaxErrorBody+1)), rest.MaxErrorBody},
		{"a compressed bomb", sends(500, compressed(strings.Repeat("x", 4<<20))), rest.MaxErrorBody},
		{"without an end", endless, rest.MaxErrorBody},
		{"a success that is too large", answers(200, strings.Repeat("x", 3*rest.MaxErrorBody)), rest.MaxErrorBody},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, test.handler, rest.WithMaxRetries(0), rest.WithMaxResponseBytes(2*rest.MaxErrorBody))
			for _, call := range []func() error{
				func() error { _, err := w.GetAuditRecords(t.Context(), nil); return err },
				func() error { return w.UploadAudit(t.Context(), strings.NewReader("x")) },
			} {
				var api *rest.APIError
				if err := call(); !errors.As(err, &api) || len(api.Body) != test.want {
					t.Errorf("got %.100v", err)
				}
			}
		})
	}
}

func TestErrorTexts(t *testing.T) {
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("X-Request-Id", "r-1")
		answers(403, `{"statusCode":403,"message":"Free\n edition"}`)(rw, r)
	})
	_, err := w.GetThing(t.Context(), "a/b")
	if want := "GET /things/a%2Fb/names: 403 Forbidden: Free edition (request r-1)"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	w = newWorld(t, answers(200, `[1,"a"]`))
	_, err = w.GetThing(t.Context(), "x")
	if want := "GET /things/x/names: 200 OK: not the documented answer: [0]: number where string is documented"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	w.server.Close()
	_, err = w.GetAuditRecords(t.Context(), &fixture.GetAuditRecordsParams{SearchString: "canary"})
	if err == nil || !strings.HasPrefix(err.Error(), "GET /wiki/rest/api/audit: dial tcp") || strings.Contains(err.Error(), "canary") {
		t.Errorf("got %v", err)
	}
}

func TestAFewBytesOfWhichModelsWouldTakeGigabytesAreTooLarge(t *testing.T) {
	for name, element := range map[string]string{"empty models": "{}", "numbers in place of models": "1"} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, sends(200, compressed(`{"results":[`+strings.Repeat(element+",", 1<<20)+element+`]}`)), rest.WithMaxRetries(0))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := w.GetAuditRecords(t.Context(), nil)
			runtime.ReadMemStats(&after)
			if !errors.Is(err, rest.ErrTooLarge) || errors.Is(err, rest.ErrNotJSON) {
				t.Errorf("the error is %v", err)
			}
			if took := after.TotalAlloc - before.TotalAlloc; took > 1<<30 {
				t.Errorf("it took %d MiB", took>>20)
			}
		})
	}
}

func TestAnyLimitOfAnAnswerMayBeSet(t *testing.T) {
	w := newWorld(t, answers(200, `{"results":[]}`), rest.WithMaxResponseBytes(math.MaxInt64))
	if _, err := w.GetAuditRecords(t.Context(), nil); err != nil {
		t.Error(err)
	}
}
