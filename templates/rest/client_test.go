package rest_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	fixture "github.com/seed-1954497d/auditgen/golden/runtime/want"
	"github.com/seed-1954497d/auditgen/templates/rest"
	"github.com/seed-1954497d/auditgen/templates/rest/lossless"
)

// world is a client of a test server, with a clock that moves only when the client sleeps.
type world struct {
	*fixture.Client
	rest   *rest.Client // the one behind it
	server *httptest.Server

	mu       sync.Mutex
	now      time.Time
	waits    []time.Duration
	attempts []rest.Attempt
}

func newWorld(t testing.TB, handler http.HandlerFunc, opts ...rest.Option) *world {
	t.Helper()
	w := &world{server: httptest.NewServer(handler), now: time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)}
	t.Cleanup(w.server.Close)
	hook := rest.WithHook(func(_ context.Context, a rest.Attempt) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.attempts = append(w.attempts, a)
	})
	now := func() time.Time {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.now
	}
	sleep := func(ctx context.Context, d time.Duration) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.now = w.now.Add(d)
		w.waits = append(w.waits, d)
		return ctx.Err()
	}
	clock := rest.WithClock(now, sleep, func() float64 { return 1 })
	var err error
	w.Client, err = fixture.NewClient(w.server.URL, append([]rest.Option{rest.WithBasicAuth("ann@example.com", "canary-token"), hook, clock, rest.WithSelf(&w.rest)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// answers returns a handler that sends a JSON text.
func answers(status int, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	}
}

func TestTheBaseURLIsChecked(t *testing.T) {
	for _, test := range []struct{ base, want string }{
		{"https://example.atlassian.net", ""},
		{"https://example.atlassian.net/", ""},
		{"https://api.atlassian.com/ex/confluence/11111111-2222", ""},
		{"http://localhost:8080", ""},
		{"http://127.0.0.1", ""},
		{"http://[::1]:1", ""},
		{"HTTPS://example.atlassian.net", ""},
		{"http://example.atlassian.net", "base URL: http would send credentials in the clear; use https"},
		{"http://localhost.example.com", "base URL: http would send credentials in the clear; use https"},
		{"ftp://example.atlassian.net", "base URL: it must start with https://"},
		{"example.atlassian.net", "base URL: it must start with https://"},
		{"", "base URL: it must start with https://"},
		{"https://", "base URL: the host is missing"},
		{"https:opaque", "base URL: the host is missing"},
		{"https://user:canary@example.atlassian.net", "base URL: user and password do not belong there; use WithBasicAuth"},
		{"https://example.atlassian.net?token=canary", "base URL: it must have neither query nor fragment"},
		{"https://example.atlassian.net#x", "base URL: it must have neither query nor fragment"},
		{"https://example.atlassian.net/a/../b", "base URL: its path has an empty segment or one of dots"},
		{"https://example.atlassian.net/a//b", "base URL: its path has an empty segment or one of dots"},
		{"https://example.atlassian.net/%2e%2e", "base URL: its path has an empty segment or one of dots"},
		{"https://canary:canary@exa mple", "base URL: not a URL"},
		{"https://example\x00.net/canary", "base URL: not a URL"},
	} {
		t.Run(test.base, func(t *testing.T) {
			_, err := fixture.NewClient(test.base)
			if got := fmt.Sprint(err); err != nil && got != test.want || err == nil && test.want != "" {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
	for name, opt := range map[string]rest.Option{"retries": rest.WithMaxRetries(-1), "bytes": rest.WithMaxResponseBytes(0), "credentials": rest.WithBearerToken("a\r\nX: y"),
		"no token": rest.WithBearerToken(""), "no API token": rest.WithBasicAuth("ann@example.com", ""), "no email": rest.WithBasicAuth("", "t"), "a user with a password": rest.WithBasicAuth("ann:x", "t")} {
		if _, err := fixture.NewClient("https://example.com", opt); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := fixture.NewClient("https://example.com", nil, rest.WithHTTPClient(nil)); err != nil {
		t.Errorf("nil options: %v", err)
	}
}

func TestARequestIsWhatTheDocumentsSay(t *testing.T) {
	var got *http.Request
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		got = r
		answers(200, `{"results":[],"start":0}`)(rw, r)
	}, rest.WithUserAgent("tests/1"))
	limit := int64(0)
	var resp rest.Response
	_, err := w.GetAuditRecords(t.Context(), &fixture.GetAuditRecordsParams{
		StartDate: time.UnixMilli(1643014085645), Limit: &limit, SearchString: "a+b &c=ü/", Expand: []string{"x", "y,z"},
	}, rest.WithResponse(&resp), rest.WithHeader("X-Trace", "1"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := "startDate=1643014085645&limit=0&searchString=a%2Bb%20%26c%3D%C3%BC%2F&expand=x,y%2Cz"; got.URL.RawQuery != want {
		t.Errorf("query:\n got %s\nwant %s", got.URL.RawQuery, want)
	}
	header := map[string]string{
		"Accept": "application/json", "User-Agent": "tests/1", "X-Trace": "1",
		"Authorization": "Basic " + base64.StdEncoding.EncodeToString([]byte("ann@example.com:canary-token")),
	}
	for name, want := range header {
		if got.Header.Get(name) != want {
			t.Errorf("header %s: got %q, want %q", name, got.Header.Get(name), want)
		}
	}
	if got.Method != "GET" || got.URL.Path != "/wiki/rest/api/audit" || resp.StatusCode != 200 || resp.Header.Get("Content-Type") == "" {
		t.Errorf("got %s %s, response %+v", got.Method, got.URL.Path, resp)
	}
	if _, err := w.GetJiraRecords(t.Context(), &fixture.GetJiraRecordsParams{To: time.Date(2022, 1, 24, 9, 0, 0, 0, time.FixedZone("", 3600))}); err != nil {
		t.Fatal(err)
	}
	if want := "to=2022-01-24T08%3A00%3A00.000%2B0000"; got.URL.RawQuery != want {
		t.Errorf("query: got %s, want %s", got.URL.RawQuery, want)
	}
	if _, err := w.GetAuditRecords(t.Context(), nil); err != nil || got.URL.RawQuery != "" {
		t.Errorf("nil parameters: %v, query %q", err, got.URL.RawQuery)
	}
}

func TestTheGatewayKeepsItsPath(t *testing.T) {
	var path string
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		path = r.URL.EscapedPath()
		answers(200, `[]`)(rw, r)
	})
	c, err := fixture.NewClient(w.server.URL+"/ex/conf%2Fluence/1-2/", rest.WithBearerToken("t"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.GetThing(t.Context(), "ü/x"); err != nil || path != "/ex/conf%2Fluence/1-2/things/%C3%BC%2Fx/names" {
		t.Errorf("path %s, %v", path, err)
	}
}

func TestTheCallersHTTPClientIsLeftAlone(t *testing.T) {
	own := &http.Client{Timeout: time.Minute}
	w := newWorld(t, answers(200, `{}`), rest.WithHTTPClient(own))
	if own.Transport != nil || own.CheckRedirect != nil || w.rest.HTTP() == own || w.rest.HTTP().Timeout != time.Minute {
		t.Errorf("the client is %+v", own)
	}
}

func TestDoCallsWhatIsNotGenerated(t *testing.T) {
	var got string
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		got = r.Method + " " + r.RequestURI + " " + string(data) + " " + r.Header.Get("Content-Type")
		if r.Method == "DELETE" {
			rw.WriteHeader(204)
			return
		}
		answers(200, `{"a": 1}`)(rw, r)
	})
	raw, err := w.Do(t.Context(), "POST", "/x/a%2Fb", url.Values{"q": {"a b+c"}}, fixture.AuditRecord{Summary: "s"})
	if err != nil || string(raw) != `{"a": 1}` || got != `POST /x/a%2Fb?q=a%20b%2Bc {"remoteAddress":"","summary":"s"} application/json` {
		t.Errorf("%s %v: %s", raw, err, got)
	}
	if raw, err := w.Do(t.Context(), "DELETE", "/x", nil, nil); err != nil || string(raw) != "null" || got != "DELETE /x  " {
		t.Errorf("%s %v: %s", raw, err, got)
	}
	got = ""
	for _, path := range []string{"", "x", "/..", "/a/%2e%2E/b", "/a?b", "/{x}", "/%zz", "https://evil.example/"} {
		if _, err := w.Do(t.Context(), "GET", path, nil, nil); err == nil || got != "" {
			t.Errorf("%q is sent: %s", path, got)
		}
	}
	if _, err := w.Do(t.Context(), "GE T", "/x", nil, nil); err == nil {
		t.Error("an invalid method is sent")
	}
	if _, err := w.Do(t.Context(), "GET", "/x", nil, func() {}); err == nil {
		t.Error("a body that is no JSON is sent")
	}
	if _, err := w.Do(t.Context(), "GET", "//evil.example/x", nil, nil); err != nil || got != "GET //evil.example/x  " {
		t.Errorf("%s %v", got, err)
	}
}

func TestTextAndAnswersWithoutABody(t *testing.T) {
	w := newWorld(t, func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "text/plain")
		_, _ = io.WriteString(rw, "<note>")
	})
	if text, err := w.GetNote(t.Context()); err != nil || text != "<note>" {
		t.Errorf("%q %v", text, err)
	}
	w = newWorld(t, func(rw http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(rw, "<html>") })
	if _, err := w.GetNote(t.Context()); !errors.Is(err, rest.ErrNotJSON) {
		t.Errorf("a page where text is documented: %v", err)
	}
	if err := w.UploadAudit(t.Context(), strings.NewReader("")); !errors.Is(err, rest.ErrNotJSON) {
		t.Errorf("a page where nothing is documented: %v", err)
	}
	for _, status := range []int{200, 201, 204} {
		w = newWorld(t, func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Content-Type", "text/html")
			rw.WriteHeader(status)
		})
		if err := w.UploadAudit(t.Context(), strings.NewReader("")); err != nil {
			t.Errorf("%d without a body is not a page, whatever its type: %v", status, err)
		}
		if _, err := w.GetAuditRecords(t.Context(), nil); !errors.Is(err, rest.ErrNotJSON) {
			t.Errorf("%d without the documented body: %v", status, err)
		}
	}
}

func TestOneClientServesManyGoroutines(t *testing.T) {
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		answers(200, `{"results":[{"summary":"`+r.URL.Query().Get("searchString")+`"}]}`)(rw, r)
	})
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			want := fmt.Sprint("s", i)
			for range 10 {
				res, err := w.GetAuditRecords(t.Context(), &fixture.GetAuditRecordsParams{SearchString: want})
				if err != nil || res.Results[0].Summary != want {
					t.Errorf("%v %v", res, err)
				}
			}
		})
	}
	all.Wait()
}

func TestAJSONBodyTravelsInTheMediaTypeOfItsOperation(t *testing.T) {
	var got string
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		got = r.Header.Get("Content-Type")
		rw.WriteHeader(http.StatusNoContent)
	})
	r := rest.NewRequest("PATCH", "/thing", "application/json")
	rest.SendJSON(r, new("a"), (*lossless.Codec).String)
	r.ContentType("application/merge-patch+json")
	if err := rest.CallNone(t.Context(), w.rest, r, nil); err != nil || got != "application/merge-patch+json" {
		t.Errorf("%q, %v", got, err)
	}
}
