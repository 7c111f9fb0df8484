package runtime

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Go by itself forwards Authorization to the same host in the clear.
func TestCredentialsDoNotGoFromTLSToThePlain(t *testing.T) {
	var seen []string
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		seen = append(seen, r.Method+" "+r.Header.Get("Authorization")+string(data))
	}))
	defer plain.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			secure := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", plain.URL+"/wiki/rest/api/audit?token=canary")
				w.WriteHeader(status)
			}))
			defer secure.Close()
			c, err := NewClient(secure.URL, WithBearerToken("canary-token"), WithHTTPClient(secure.Client()))
			if err != nil {
				t.Fatal(err)
			}
			_, get := c.GetAuditRecords(t.Context(), nil)
			_, post := c.CreateAuditRecord(t.Context(), AuditRecord{RemoteAddress: "canary-address"})
			for _, err := range []error{get, post} {
				var api *APIError
				if !errors.As(err, &api) || api.StatusCode != status || strings.Contains(fmt.Sprintf("%+v", *api), "canary") {
					t.Errorf("got %v", err)
				}
			}
		})
	}
	if len(seen) > 0 {
		t.Errorf("the plain server got %q", seen)
	}
}

func TestAnOriginIsSchemeHostAndPort(t *testing.T) {
	for _, test := range []struct {
		a, b string
		same bool
	}{
		{"https://a.example", "https://a.example:443/x?y", true},
		{"http://A.example:80", "http://a.example", true},
		{"https://a.example", "http://a.example", false},
		{"https://a.example", "http://a.example:443", false},
		{"https://a.example", "https://a.example:8443", false},
		{"https://a.example", "https://b.a.example", false},
		{"https://a.example", "https://a.example.", false},
		{"http://[::1]:8080", "http://[::1]:8080/", true},
		{"http://127.0.0.1", "http://localhost", false},
	} {
		a, errA := url.Parse(test.a)
		b, errB := url.Parse(test.b)
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if got := origin(a) == origin(b); got != test.same {
			t.Errorf("%s and %s: got %v", test.a, test.b, got)
		}
	}
}

func compressed(text string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.WriteString(z, text) // a bytes.Buffer takes everything
	_ = z.Close()
	return b.Bytes()
}

// sends gives a handler that sends a compressed JSON text.
func sends(status int, zipped []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		w.WriteHeader(status)
		_, _ = w.Write(zipped)
	}
}

func TestTheLimitCountsWhatIsUnpacked(t *testing.T) {
	const limit = 10_000
	text := `{"results":[]}`
	for name, more := range map[string]int{"the limit": 0, "a byte more": 1, "a bomb": 4 << 20} {
		t.Run(name, func(t *testing.T) {
			zipped := compressed(text + strings.Repeat(" ", limit-len(text)+more))
			w := newWorld(t, sends(200, zipped), WithMaxResponseBytes(limit), WithMaxRetries(0))
			if _, err := w.GetAuditRecords(t.Context(), nil); errors.Is(err, ErrTooLarge) != (more > 0) || (err != nil) != (more > 0) {
				t.Errorf("got %v", err)
			}
		})
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
		{"a byte less", answers(500, strings.Repeat("x", maxErrorBody-1)), maxErrorBody - 1},
		{"the limit", answers(500, strings.Repeat("x", maxErrorBody)), maxErrorBody},
		{"a byte more", answers(500, strings.Repeat("x", maxErrorBody+1)), maxErrorBody},
		{"a compressed bomb", sends(500, compressed(strings.Repeat("x", 4<<20))), maxErrorBody},
		{"without an end", endless, maxErrorBody},
		{"a success that is too large", answers(200, strings.Repeat("x", 3*maxErrorBody)), maxErrorBody},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, test.handler, WithMaxRetries(0), WithMaxResponseBytes(2*maxErrorBody))
			for _, call := range []func() error{
				func() error { _, err := w.GetAuditRecords(t.Context(), nil); return err },
				func() error { return w.UploadAudit(t.Context(), strings.NewReader("x")) },
			} {
				var api *APIError
				if err := call(); !errors.As(err, &api) || len(api.Body) != test.want {
					t.Errorf("got %.100v", err)
				}
			}
		})
	}
}

func TestTheDefaultTransportTimesOutButNeverInTheMiddleOfABody(t *testing.T) {
	c, err := NewClient("https://example.com")
	if err != nil {
		t.Fatal(err)
	}
	if c.http.Timeout != 0 {
		t.Errorf("a call ends after %v, which cuts downloads", c.http.Timeout)
	}
	transport := c.http.Transport.(readableRedirects).next.(*http.Transport)
	for name, timeout := range map[string]time.Duration{
		"TLS": transport.TLSHandshakeTimeout, "header": transport.ResponseHeaderTimeout, "idle": transport.IdleConnTimeout,
	} {
		if timeout <= 0 {
			t.Errorf("%s: no timeout", name)
		}
	}
	if transport.DialContext == nil || transport.TLSClientConfig.MinVersion < tls.VersionTLS12 || transport.TLSClientConfig.InsecureSkipVerify {
		t.Errorf("transport: %+v", transport)
	}
}

// printable are values of every exported type, made by calls with secrets in them.
func printable(t *testing.T) map[string]any {
	t.Helper()
	echo := func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("X-Echo", r.Header.Get("Authorization"))
		rw.Header().Set("Set-Cookie", "session=canary-cookie")
		switch {
		case r.URL.Path == "/wiki/rest/api/audit/export":
			rw.Header().Set("Content-Type", "text/csv")
			_, _ = io.WriteString(rw, "a,b")
		case r.URL.Query().Has("limit"):
			answers(200, `{"results":[{"summary":1}]}`)(rw, r)
		default:
			rw.Header().Set("Location", "https://canary-token@x.example/?q=canary-query")
			answers(400, `{"message":"you sent `+r.Header.Get("Authorization")+` and canary-token"}`)(rw, r)
		}
	}
	w := newWorld(t, echo)
	var resp Response
	secret := &GetAuditRecordsParams{SearchString: "canary-query"}
	_, failed := w.GetAuditRecords(t.Context(), secret)
	page, err := w.GetAuditRecords(t.Context(), &GetAuditRecordsParams{SearchString: "canary-query", Limit: ptr(int64(1))}, WithResponse(&resp))
	if err != nil {
		t.Fatal(err)
	}
	download, err := w.ExportAuditRecords(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = download.Close() })
	pager := w.AuditRecordsPager(&GetAuditRecordsParams{SearchString: "canary-query", Limit: ptr(int64(1))})
	var record, walk error
	for _, record = range pager.All(t.Context()) {
		break
	}
	for _, walk = range w.AuditRecordsPager(secret).All(t.Context()) {
		break
	}
	made := AuditRecord{}
	made.JSON.Send("none")
	_, incomplete := w.CreateAuditRecord(t.Context(), made)
	var api *APIError
	var faulty *RecordError
	var ended *PageError
	var wrong *RequestError
	if !errors.As(failed, &api) || !errors.As(record, &faulty) || !errors.As(walk, &ended) || !errors.As(incomplete, &wrong) {
		t.Fatal(failed, record, walk, incomplete)
	}
	return map[string]any{
		"APIError": api, "RecordError": faulty, "PageError": ended, "RequestError": wrong, "Attempt": w.attempts[0],
		"CallOption": WithHeader("X-Secret", "canary-token"), "Client": w.Client, "Download": download, "Members": page.JSON,
		"Option": WithBasicAuth("ann@example.com", "canary-token"), "Pager": pager, "Position": pager.Position(),
		"Problem": page.JSON.Problems()[0], "Response": resp, "Union": unionOf(func(e *encoder) { e.string("what the caller says") }), "Upload": new(Upload).Field("comment", "what the caller says"),
	}
}

func TestNoExportedTypePrintsASecret(t *testing.T) {
	values := printable(t)
	if diff := cmp.Diff(exportedTypes(t), slices.Sorted(maps.Keys(values))); diff != "" {
		t.Errorf("exported types and those that are printed here (-want +got):\n%s", diff)
	}
	pair := base64.StdEncoding.EncodeToString([]byte("ann@example.com:canary-token"))
	secrets := []string{"canary", pair, fmt.Sprintf("%x", "canary"), fmt.Sprint([]byte("canary")), base64.StdEncoding.EncodeToString([]byte("canary"))}
	for name, v := range values {
		t.Run(name, func(t *testing.T) {
			all := []any{v, []any{v}, struct{ V any }{v}}
			if p := reflect.ValueOf(v); p.Kind() == reflect.Pointer {
				all = append(all, p.Elem().Interface())
			}
			for _, v := range all {
				text := fmt.Sprintf("%v %+v %#v %s %q %x %d", v, v, v, v, v, v, v)
				if data, err := json.Marshal(v); err == nil {
					text += string(data)
				}
				for _, secret := range secrets {
					if strings.Contains(text, strings.Trim(secret, "[]")) {
						t.Errorf("%T shows %s in %s", v, secret, text)
					}
				}
			}
		})
	}
}

// exportedTypes gives the names of the types that the runtime declares for everybody.
func exportedTypes(t *testing.T) (names []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(gotoken.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.TypeSpec); ok && s.Name.IsExported() {
				names = append(names, s.Name.Name)
			}
			return true
		})
	}
	slices.Sort(names)
	return names
}

func TestASuccessKeepsItsHeaderButNotItsCookies(t *testing.T) {
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Set-Cookie", "session=canary")
		rw.Header().Set("Location", "/x?id=3")
		rw.Header().Set("X-Echo", r.Header.Get("Authorization"))
		answers(201, `{}`)(rw, r)
	})
	var resp Response
	if _, err := w.GetAuditRecords(t.Context(), nil, WithResponse(&resp)); err != nil {
		t.Fatal(err)
	}
	got := []any{resp.StatusCode, resp.Header.Get("Set-Cookie"), resp.Header.Get("Location"), resp.Header.Get("X-Echo")}
	if diff := cmp.Diff([]any{201, "", "/x?id=3", "Basic [redacted]"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
