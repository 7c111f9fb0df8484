// Package try is shared by the tests of generated packages: a server that records requests and
// sends given responses, and two comparisons.
package try

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Request is a request as it arrived. Nothing is unescaped.
type Request struct {
	Method string
	Path   string
	Query  string
	Header http.Header
	Body   string
}

// Line returns method, path and query.
func (r Request) Line() string {
	if r.Query == "" {
		return r.Method + " " + r.Path
	}
	return r.Method + " " + r.Path + "?" + r.Query
}

// Param returns the first value of a query parameter, or "".
func (r Request) Param(name string) string {
	query, _ := url.ParseQuery(r.Query) // tests compare Query to find wrong escapes
	return query.Get(name)
}

// Answer is a response. A Status of 0 means 200.
type Answer struct {
	Status int
	Type   string            // Content-Type
	Header map[string]string // the other headers
	Body   string
}

// JSON returns a 200 response with a JSON body.
func JSON(format string, args ...any) Answer {
	if len(args) > 0 {
		format = fmt.Sprintf(format, args...)
	}
	return Answer{Type: "application/json", Body: format}
}

// Server records requests.
type Server struct {
	URL   string
	Close func()

	mu       sync.Mutex
	requests []Request
}

// NewServer starts a server, which the caller must close. It handles one request at a time.
func NewServer(answer func(Request) Answer) *Server {
	s := new(Server)
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		path, query, _ := strings.Cut(r.RequestURI, "?")
		got := Request{r.Method, path, query, r.Header, string(body)}
		s.requests = append(s.requests, got)
		answer(got).write(w)
	}))
	s.URL, s.Close = h.URL, h.Close
	return s
}

func (a Answer) write(w http.ResponseWriter) {
	for name, value := range a.Header {
		w.Header().Set(name, value)
	}
	if a.Type != "" {
		w.Header().Set("Content-Type", a.Type)
	}
	w.WriteHeader(max(a.Status, http.StatusOK))
	_, _ = io.WriteString(w, a.Body) // a failing client shows in the test
}

// ServeFunc starts a server for one test.
func ServeFunc(t testing.TB, answer func(Request) Answer) *Server {
	t.Helper()
	s := NewServer(answer)
	t.Cleanup(s.Close)
	return s
}

// Serve starts a server that sends the answers one after the other. An additional request fails the
// test.
func Serve(t testing.TB, answers ...Answer) *Server {
	t.Helper()
	return ServeFunc(t, func(r Request) Answer {
		if len(answers) == 0 {
			t.Errorf("one request too many: %s", r.Line())
			return Answer{Status: http.StatusTeapot}
		}
		next := answers[0]
		answers = answers[1:]
		return next
	})
}

// Requests returns the requests so far.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request{}, s.requests...)
}

// Lines returns the line of each request.
func (s *Server) Lines() []string {
	lines := []string{}
	for _, r := range s.Requests() {
		lines = append(lines, r.Line())
	}
	return lines
}

// Only returns the request. It fails the test unless there was exactly one.
func (s *Server) Only(t testing.TB) Request {
	t.Helper()
	all := s.Requests()
	if len(all) != 1 {
		t.Fatalf("got %d requests, want 1: %q", len(all), s.Lines())
	}
	return all[0]
}

// Equal fails the test if the values differ.
func Equal[T any](t testing.TB, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: -want +got\n%s", what, diff)
	}
}

// SameJSON fails the test if the JSON values differ. Numbers are compared by spelling.
func SameJSON(t testing.TB, what string, got []byte, want string) {
	t.Helper()
	Equal(t, what, valueOf(t, got), valueOf(t, []byte(want)))
}

func valueOf(t testing.TB, text []byte) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return v
}
