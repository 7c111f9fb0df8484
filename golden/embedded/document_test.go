// Package embedded_test calls the clients generated from the embedded documents.
package embedded_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

// document is a server that knows only the settled document of an API. It refuses what the document
// does not allow and answers with values made from the schemas.
type document struct {
	URL string

	doc    *openapi3.T
	router routers.Router

	mu   sync.Mutex
	t    *testing.T // the running test
	last exchange
}

// exchange is a request and the body of its response.
type exchange struct {
	operation string
	request   try.Request
	served    string
}

func serveDocument(t *testing.T, file string) *document {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromFile(file)
	if err != nil {
		t.Fatal(err)
	}
	doc.Servers = nil // the test server is not among them
	router, err := legacy.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	d := &document{t: t, doc: doc, router: router}
	s := httptest.NewServer(d)
	t.Cleanup(s.Close)
	d.URL = s.URL
	return d
}

// ServeHTTP checks a request and answers it. It fails the test if the document does not allow the
// request.
func (d *document) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		d.refuse(w, err)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	route, params, err := d.router.FindRoute(r)
	if err != nil {
		d.refuse(w, err)
		return
	}
	in := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route, Options: &openapi3filter.Options{
		AuthenticationFunc:                authenticated,
		MultiError:                        true,
		RejectWhenRequestBodyNotSpecified: true,
		SkipSettingDefaults:               true,
	}}
	if err := openapi3filter.ValidateRequest(r.Context(), in); err != nil {
		d.refuse(w, err)
		return
	}
	media, served := d.answer(r, route.Operation)
	path, query, _ := strings.Cut(r.RequestURI, "?")
	got := try.Request{Method: r.Method, Path: path, Query: query, Header: r.Header, Body: string(body)}
	d.last = exchange{route.Operation.OperationID, got, served}
	w.Header().Set("Content-Type", media)
	_, _ = io.WriteString(w, served)
}

func (d *document) refuse(w http.ResponseWriter, err error) {
	d.t.Errorf("the document does not allow this request: %v", err)
	http.Error(w, err.Error(), http.StatusBadRequest)
}

// authenticated accepts basic authentication and bearer tokens.
func authenticated(_ context.Context, in *openapi3filter.AuthenticationInput) error {
	want := map[string]string{"http": "Basic ", "oauth2": "Bearer "}[in.SecurityScheme.Type]
	if got := in.RequestValidationInput.Request.Header.Get("Authorization"); want == "" || !strings.HasPrefix(got, want) {
		return errors.New("no such credentials")
	}
	return nil
}

// answer makes the body of a successful response in the first accepted media type of the document.
func (d *document) answer(r *http.Request, op *openapi3.Operation) (media, body string) {
	content := op.Responses.Value("200").Value.Content
	for accepted := range strings.SplitSeq(r.Header.Get("Accept"), ", ") {
		switch c := content[accepted]; {
		case c == nil:
			continue
		case accepted == "application/json":
			data, err := json.Marshal(sample("answer", c.Schema.Value, false))
			if err != nil {
				d.t.Errorf("%s: %v", op.OperationID, err)
			}
			return accepted, string(data)
		default:
			return accepted, "date,what\n2026-03-01,login\n"
		}
	}
	d.t.Errorf("%s: accepts %q, which the document does not have", op.OperationID, r.Header.Get("Accept"))
	return "text/plain", ""
}

// operations returns the names of all operations of the document.
func (d *document) operations() []string {
	var names []string
	for _, item := range d.doc.Paths.Map() {
		for _, op := range item.Operations() {
			names = append(names, op.OperationID)
		}
	}
	slices.Sort(names)
	return names
}

// call is one use of an operation and the expected request.
type call struct {
	name, operation string
	line, body      string
	do              func(context.Context) (any, error)
}

// callAll makes the calls and compares requests and results. It fails if an operation of the
// document is not called.
func (d *document) callAll(t *testing.T, calls []call) {
	for _, c := range calls {
		t.Run(c.name, func(t *testing.T) {
			d.begin(t)
			got, err := c.do(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			try.Equal(t, "operation", d.last.operation, c.operation)
			try.Equal(t, "request", d.last.request.Line(), c.line)
			if c.body != "" {
				try.SameJSON(t, "body", []byte(d.last.request.Body), c.body)
			} else {
				try.Equal(t, "body", d.last.request.Body, "")
			}
			compareDecoded(t, got, d.last.served)
		})
	}
	missing := slices.DeleteFunc(d.operations(), func(name string) bool {
		return slices.ContainsFunc(calls, func(c call) bool { return c.operation == name })
	})
	if len(missing) > 0 {
		t.Errorf("operations of the document that no test calls: %q\nAdd them to the calls of this test.", missing)
	}
}

// begin makes later failures fail test t.
func (d *document) begin(t *testing.T) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.t, d.last = t, exchange{}
}
