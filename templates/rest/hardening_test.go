package rest_test

import (
	"bytes"
	"compress/gzip"
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
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	fixture "github.com/seed-1954497d/auditgen/golden/runtime/want"
	"github.com/seed-1954497d/auditgen/templates/rest"
	"github.com/seed-1954497d/auditgen/templates/rest/lossless"
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
			c, err := fixture.NewClient(secure.URL, rest.WithBearerToken("canary-token"), rest.WithHTTPClient(secure.Client()))
			if err != nil {
				t.Fatal(err)
			}
			_, get := c.GetAuditRecords(t.Context(), nil)
			_, post := c.CreateAuditRecord(t.Context(), fixture.AuditRecord{RemoteAddress: "canary-address"})
			for _, err := range []error{get, post} {
				var api *rest.APIError
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
			w := newWorld(t, sends(200, zipped), rest.WithMaxResponseBytes(limit), rest.WithMaxRetries(0))
			if _, err := w.GetAuditRecords(t.Context(), nil); errors.Is(err, rest.ErrTooLarge) != (more > 0) || (err != nil) != (more > 0) {
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
	var resp rest.Response
	secret := &fixture.GetAuditRecordsParams{SearchString: "canary-query"}
	_, failed := w.GetAuditRecords(t.Context(), secret)
	page, err := w.GetAuditRecords(t.Context(), &fixture.GetAuditRecordsParams{SearchString: "canary-query", Limit: ptr(int64(1))}, rest.WithResponse(&resp))
	if err != nil {
		t.Fatal(err)
	}
	download, err := w.ExportAuditRecords(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = download.Close() })
	pager := w.AuditRecordsPager(&fixture.GetAuditRecordsParams{SearchString: "canary-query", Limit: ptr(int64(1))})
	var record, walk error
	for _, record = range pager.All(t.Context()) {
		break
	}
	for _, walk = range w.AuditRecordsPager(secret).All(t.Context()) {
		break
	}
	made := fixture.AuditRecord{}
	made.JSON.Send("none")
	_, incomplete := w.CreateAuditRecord(t.Context(), made)
	var api *rest.APIError
	var faulty *rest.RecordError
	var ended *rest.PageError
	var wrong *rest.RequestError
	if !errors.As(failed, &api) || !errors.As(record, &faulty) || !errors.As(walk, &ended) || !errors.As(incomplete, &wrong) {
		t.Fatal(failed, record, walk, incomplete)
	}
	return map[string]any{
		"APIError": api, "RecordError": faulty, "PageError": ended, "RequestError": wrong, "Attempt": w.attempts[0],
		"CallOption": rest.WithHeader("X-Secret", "canary-token"), "Client": w.rest, "Download": download, "Members": page.JSON,
		"Option": rest.WithBasicAuth("ann@example.com", "canary-token"), "Pager": pager, "Position": pager.Position(),
		"Problem": page.JSON.Problems()[0], "Response": resp, "Union": lossless.UnionOf(func(e *lossless.Encoder) { e.WriteString("what the caller says") }), "Upload": new(rest.Upload).Field("comment", "what the caller says"),
	}
}

// machinery are the exported types that only generated code holds.
var machinery = []string{"Decoder", "Encoder", "ObjectReader", "ObjectWriter", "Page", "Request", "Shape", "Style", "TimeFormat", "UnionType", "Variant"}

func TestNoExportedTypePrintsASecret(t *testing.T) {
	values := printable(t)
	if diff := cmp.Diff(exportedTypes(t), slices.Sorted(slices.Values(append(slices.Collect(maps.Keys(values)), machinery...)))); diff != "" {
		t.Errorf("exported types and those that are known here (-want +got):\n%s", diff)
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

// exportedTypes returns the names of the types that the runtime declares for everybody.
func exportedTypes(t *testing.T) (names []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	more, err2 := filepath.Glob("lossless/*.go")
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	for _, name := range append(files, more...) {
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
	return slices.Compact(names) // rest.RequestError is that of lossless
}

func TestASuccessKeepsItsHeaderButNotItsCookies(t *testing.T) {
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Set-Cookie", "session=canary")
		rw.Header().Set("Location", "/x?id=3")
		rw.Header().Set("X-Echo", r.Header.Get("Authorization"))
		answers(201, `{}`)(rw, r)
	})
	var resp rest.Response
	if _, err := w.GetAuditRecords(t.Context(), nil, rest.WithResponse(&resp)); err != nil {
		t.Fatal(err)
	}
	got := []any{resp.StatusCode, resp.Header.Get("Set-Cookie"), resp.Header.Get("Location"), resp.Header.Get("X-Echo")}
	if diff := cmp.Diff([]any{201, "", "/x?id=3", "Basic [redacted]"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
