package rest_test

import (
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
	"time"

	"github.com/google/go-cmp/cmp"

	fixture "github.com/seed-1954497d/auditgen/golden/runtime/want"
	"github.com/seed-1954497d/auditgen/templates/rest"
	"github.com/seed-1954497d/auditgen/templates/rest/lossless"
)

// Go by itself forwards Authorization to other ports of a host, and from https to http.
func TestCredentialsStayWithTheirOrigin(t *testing.T) {
	var stolen []string
	thief := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		stolen = append(stolen, r.Header.Get("Authorization")+r.Header.Get("X-Secret")+string(data))
	})
	plain, secure := httptest.NewServer(thief), httptest.NewTLSServer(thief)
	defer plain.Close()
	defer secure.Close()
	var to string
	var status int
	redirect := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", to+"/x?token=canary")
		w.WriteHeader(status)
	})
	fromPlain, fromSecure := httptest.NewServer(redirect), httptest.NewTLSServer(redirect)
	defer fromPlain.Close()
	defer fromSecure.Close()
	for _, from := range []string{fromPlain.URL, fromSecure.URL} {
		c, err := fixture.NewClient(from, rest.WithBearerToken("canary-token"), rest.WithHTTPClient(secure.Client()))
		if err != nil {
			t.Fatal(err)
		}
		for _, status = range []int{301, 302, 303, 307, 308} {
			for _, to = range []string{plain.URL, secure.URL, strings.Replace(plain.URL, "127.0.0.1", "localhost", 1), "//" + plain.Listener.Addr().String()} {
				_, get := c.GetAuditRecords(t.Context(), nil, rest.WithHeader("X-Secret", "s"))
				_, post := c.CreateAuditRecord(t.Context(), fixture.AuditRecord{RemoteAddress: "canary-address"})
				for _, err := range []error{get, post} {
					var api *rest.APIError
					if !errors.As(err, &api) || api.StatusCode != status || strings.Contains(fmt.Sprintf("%+v", *api), "canary") {
						t.Errorf("%d from %s to %s: %v", status, from, to, err)
					}
				}
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
	bearer, err := rest.NewClient("https://example.com", "", nil, []rest.Option{rest.WithBearerToken("canary-token")})
	if got := fmt.Sprintf("%+v", bearer); err != nil || got != "Client(https://example.com)" {
		t.Errorf("a client prints as %s, %v", got, err)
	}
	return map[string]any{
		"Batch": new(rest.Batch[fixture.AuditRecord]), "Checkpoint": rest.StartAt(time.Now()), "FollowError": &rest.FollowError{Err: api}, "FollowOption": rest.FollowLag(time.Second),
		"APIError": api, "RecordError": faulty, "PageError": ended, "RequestError": wrong, "Attempt": w.attempts,
		"CallOption": rest.WithHeader("X-Secret", "canary-token"), "Client": []any{w.Client, *w.Client, w.rest, *w.rest, bearer, *bearer}, "Download": download, "Members": page.JSON,
		"ErrorBody": &rest.ErrorBody[string]{StatusCode: 400, Value: "what the server says"}, "Option": rest.WithBasicAuth("ann@example.com", "canary-token"), "Pager": pager, "Position": pager.Position(),
		"Problem": page.JSON.Problems()[0], "Response": resp, "Union": lossless.UnionOf("what the caller says", (*lossless.Codec).String), "File": rest.File{Name: "what the caller says"}, "Upload": new(rest.Upload).Field("comment", "what the caller says"),
	}
}

// machinery are the exported types that only generated code holds.
var machinery = []string{"Codec", "Feed", "Object", "Page", "Request", "Shape", "Style", "TimeFormat", "UnionType", "Variant"}

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
