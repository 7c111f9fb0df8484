package rest_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
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

	"github.com/google/go-cmp/cmp"

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
	hook := rest.WithAttemptHook(func(a rest.Attempt) {
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

// answers gives a handler that sends a JSON text.
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

const freePlan = "Cannot make this request because you are on Free edition. Please upgrade to standard or premium."

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
	{"403 on the Free plan", answers(403, `{"message":"`+freePlan+`"}`), []error{rest.ErrForbidden, rest.ErrFreePlan}},
	{"404", answers(404, ``), []error{rest.ErrNotFound}},
	{"429", answers(429, ``), []error{rest.ErrRateLimited}},
	{"400", answers(400, `{"errorMessages":["bad"]}`), nil},
	{"503 with a page", htmlPage(503), nil},
	{"204 where a body is documented", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, []error{rest.ErrNotJSON}},
	{"an empty body", answers(200, ``), []error{rest.ErrNotJSON}},
	{"a page with 200", htmlPage(200), []error{rest.ErrNotJSON}},
	{"a page without a type", func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = nil
		_, _ = io.WriteString(w, " <!doctype html>")
	}, []error{rest.ErrNotJSON}},
	{"no JSON", answers(200, `oops`), []error{rest.ErrNotJSON}},
	{"JSON that breaks off", answers(200, `{"results":[{"summary":"a`), []error{rest.ErrNotJSON}},
	{"null", answers(200, `null`), []error{rest.ErrNotJSON}},
	{"an array where an object is documented", answers(200, `[]`), []error{rest.ErrNotJSON}},
	{"a redirect to a login page elsewhere", moved(302, "https://id.atlassian.com/login?continue=canary"), []error{rest.ErrUnauthorized}},
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
	{"a compressed bomb", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = z.Write(make([]byte, 1<<20))
		_ = z.Close()
	}, []error{rest.ErrTooLarge}},
	{"compressed and cut", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write([]byte(`{"results":[]}`))
		_ = z.Close()
		_, _ = w.Write(b.Bytes()[:b.Len()-6])
	}, nil},
	{"an endless body", func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := w.Write([]byte(`[[[[[[[[`)); err != nil {
				return
			}
		}
	}, []error{rest.ErrTooLarge}},
}

func TestEveryFailureIsAnErrorThatSaysWhichKind(t *testing.T) {
	all := []error{rest.ErrUnauthorized, rest.ErrForbidden, rest.ErrFreePlan, rest.ErrNotFound, rest.ErrRateLimited, rest.ErrNotJSON, rest.ErrTooLarge}
	for _, test := range failures {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
				rw.Header().Set("Atl-Traceid", "trace-1")
				rw.Header().Set("Set-Cookie", "session=canary")
				test.handler(rw, r)
			}, rest.WithMaxResponseBytes(1000), rest.WithMaxRetries(0))
			res, err := w.GetAuditRecords(t.Context(), &fixture.GetAuditRecordsParams{SearchString: "canary"})
			var api *rest.APIError
			if !errors.As(err, &api) || res != nil {
				t.Fatalf("got %v, %v", res, err)
			}
			for _, kind := range all {
				want := false
				for _, k := range test.want {
					want = want || k == kind
				}
				if errors.Is(err, kind) != want {
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

func TestTheLimitOfAnAnswerIsExact(t *testing.T) {
	text := `{"results":[]}`
	for extra, want := range map[int]bool{0: true, 1: false} {
		w := newWorld(t, answers(200, text+strings.Repeat(" ", extra)), rest.WithMaxResponseBytes(int64(len(text))))
		if _, err := w.GetAuditRecords(t.Context(), nil); (err == nil) != want || err != nil && !errors.Is(err, rest.ErrTooLarge) {
			t.Errorf("%d bytes more than allowed: %v", extra, err)
		}
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

func TestCredentialsStayWithTheirOrigin(t *testing.T) {
	var stolen []string
	thief := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		stolen = append(stolen, r.Header.Get("Authorization")+r.Header.Get("X-Secret")+string(data))
	})
	plain, secure := httptest.NewServer(thief), httptest.NewTLSServer(thief)
	defer plain.Close()
	defer secure.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, to := range []string{plain.URL, secure.URL, strings.Replace(plain.URL, "127.0.0.1", "localhost", 1), "//" + plain.Listener.Addr().String()} {
			redirect := func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", to+"/x")
				w.WriteHeader(status)
			}
			w := newWorld(t, redirect, rest.WithHTTPClient(secure.Client()))
			_, err := w.GetAuditRecords(t.Context(), nil, rest.WithHeader("X-Secret", "s"))
			_, err2 := w.CreateAuditRecord(t.Context(), fixture.AuditRecord{RemoteAddress: "a"})
			var api *rest.APIError
			if !errors.As(err, &api) || api.StatusCode != status || !errors.As(err2, &api) || api.StatusCode != status {
				t.Errorf("%d to %s: %v, %v", status, to, err, err2)
			}
		}
	}
	if len(stolen) > 0 {
		t.Errorf("another origin got %q", stolen)
	}
}

func TestRedirectsWithinTheOriginKeepTheRequest(t *testing.T) {
	var seen []string
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		seen = append(seen, r.Method+" "+r.URL.Path+" "+string(data)+r.Header.Get("Referer"))
		if r.URL.Path == "/wiki/rest/api/audit" {
			http.Redirect(rw, r, "/moved", map[string]int{"GET": 302, "POST": 307}[r.Method])
			return
		}
		answers(200, `{}`)(rw, r)
	})
	if _, err := w.GetAuditRecords(t.Context(), &fixture.GetAuditRecordsParams{SearchString: "s"}); err != nil {
		t.Error(err)
	}
	if _, err := w.CreateAuditRecord(t.Context(), fixture.AuditRecord{RemoteAddress: "a"}); err != nil {
		t.Error(err)
	}
	body := `{"remoteAddress":"a"}`
	want := []string{"GET /wiki/rest/api/audit ", "GET /moved ", "POST /wiki/rest/api/audit " + body, "POST /moved " + body}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	w = newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/moved" {
			answers(200, `{}`)(rw, r)
			return
		}
		http.Redirect(rw, r, "http://somebody:else@"+r.Host+"/moved", http.StatusFound)
	})
	var api *rest.APIError
	if _, err := w.GetAuditRecords(t.Context(), nil); !errors.As(err, &api) || api.StatusCode != http.StatusFound {
		t.Errorf("a redirect that brings credentials of its own: %v", err)
	}
	w = newWorld(t, func(rw http.ResponseWriter, r *http.Request) { http.Redirect(rw, r, "/moved", http.StatusFound) })
	if _, err := w.CreateAuditRecord(t.Context(), fixture.AuditRecord{RemoteAddress: "a"}); !errors.As(err, &api) || api.StatusCode != http.StatusFound {
		t.Errorf("a redirect that turns POST into GET: %v", err)
	}
}

func TestTheCallersHTTPClientIsLeftAlone(t *testing.T) {
	own := &http.Client{Timeout: time.Minute}
	w := newWorld(t, answers(200, `{}`), rest.WithHTTPClient(own))
	if own.Transport != nil || own.CheckRedirect != nil || w.rest.HTTP() == own || w.rest.HTTP().Timeout != time.Minute {
		t.Errorf("the client is %+v", own)
	}
}

func TestNoSecretIsPrinted(t *testing.T) {
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("X-Echo", r.Header.Get("Authorization"))
		rw.WriteHeader(400)
		_, _ = fmt.Fprintf(rw, `{"message":"you sent %s and canary-token"}`, r.Header.Get("Authorization"))
	})
	params := &fixture.GetAuditRecordsParams{SearchString: "canary-query"}
	_, err := w.GetAuditRecords(t.Context(), params)
	pager := w.AuditRecordsPager(params)
	var walk error
	for _, walk = range pager.All(t.Context()) {
		break
	}
	var api *rest.APIError
	errors.As(err, &api)
	bearer, _ := rest.NewClient("https://example.com", "", nil, []rest.Option{rest.WithBearerToken("canary-token")})
	values := []any{w.Client, *w.Client, w.rest, *w.rest, bearer, *bearer, pager, *pager, err, *api, walk, w.attempts, rest.WithBasicAuth("ann@example.com", "canary-token"), rest.WithHeader("X", "canary-token"), struct{ C *fixture.Client }{w.Client}, []*rest.Client{bearer}}
	pair := base64.StdEncoding.EncodeToString([]byte("ann@example.com:canary-token"))
	for _, v := range values {
		texts := []string{fmt.Sprintf("%v %+v %#v %s %d %x", v, v, v, v, v, v)}
		if data, err := json.Marshal(v); err == nil {
			texts = append(texts, string(data))
			var api rest.APIError
			if json.Unmarshal(data, &api) == nil {
				texts = append(texts, string(api.Body))
			}
		}
		for _, text := range texts {
			for _, secret := range []string{"canary", pair, fmt.Sprintf("%x", "canary-token")} {
				if strings.Contains(text, secret) {
					t.Errorf("%T shows %s: %s", v, secret, text)
				}
			}
		}
	}
	if got := fmt.Sprintf("%+v", bearer); got != "Client(https://example.com)" {
		t.Errorf("a client prints as %s", got)
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
	r.JSON(func(e *lossless.Encoder) { e.WriteString("a") })
	r.ContentType("application/merge-patch+json")
	if err := rest.CallNone(t.Context(), w.rest, r, nil); err != nil || got != "application/merge-patch+json" {
		t.Errorf("%q, %v", got, err)
	}
}
