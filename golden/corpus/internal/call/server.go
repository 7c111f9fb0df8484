package call

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// operation is an operation, the pattern of its paths, and how often it was called.
type operation struct {
	*Operation
	path    *regexp.Regexp // matches escaped paths
	query   url.Values     // that the path fixes
	literal int            // length of the path without parameters
	called  int
}

// exchange is what happened during a call.
type exchange struct {
	requests  int
	operation *operation
	answer    Answer
	problems  []string
}

// server answers as the document says and records everything else as a problem.
type server struct {
	operations []*operation

	mu     sync.Mutex
	wanted *operation // the operation of the running call, if known
	now    exchange
	paging bool // responses are pages

	requests []Request
}

// walk switches paged responses on or off.
func (s *server) walk(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.paging = on
}

var templateParam = regexp.MustCompile(`\\\{[^/]*?\\\}`)

// escapedTwice finds escapes that the document already contained.
var escapedTwice = regexp.MustCompile(`%25([0-9A-Fa-f]{2})`)

// optionalEscapes removes the escapes of characters that a path can have as they are.
var optionalEscapes = strings.NewReplacer("%21", "!", "%27", "'", "%28", "(", "%29", ")", "%2A", "*")

func newServer(doc *Document) *server {
	s := new(server)
	for _, op := range doc.Operations {
		path, _, _ := strings.Cut(op.Path, "#") // a fragment is not sent
		path, fixed, _ := strings.Cut(path, "?")
		query, _ := url.ParseQuery(fixed) // a query that cannot be read fixes nothing
		escaped := escapedTwice.ReplaceAllString((&url.URL{Path: path}).EscapedPath(), "%$1")
		escaped = optionalEscapes.Replace(escaped)
		quoted := regexp.QuoteMeta(escaped)
		quoted = strings.NewReplacer("%7B", `\{`, "%7D", `\}`).Replace(quoted)
		s.operations = append(s.operations, &operation{
			Operation: op, query: query,
			path:    regexp.MustCompile("^" + templateParam.ReplaceAllString(quoted, "[^/]+") + "$"),
			literal: len(templateParam.ReplaceAllString(quoted, "")),
		})
	}
	return s
}

// begin starts the call of a method and returns the operation of that name, if there is one.
func (s *server) begin(method string) *operation {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wanted, s.now = nil, exchange{}
	for _, op := range s.operations {
		if op.ID == "" || plainName(op.ID) != plainName(method) {
			continue
		}
		if s.wanted != nil {
			s.wanted = nil // several operations have the name
			break
		}
		s.wanted = op
	}
	return s.wanted
}

// end returns what happened since begin.
func (s *server) end() exchange {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now.requests++
	op := s.find(r.Method, optionalEscapes.Replace(r.URL.EscapedPath()), r.URL.Query())
	if op == nil {
		s.problem("the document has no %s %s", r.Method, r.URL.EscapedPath())
		http.Error(w, "no such operation", http.StatusTeapot)
		return
	}
	op.called++
	s.now.operation = op
	if !s.paging {
		s.checkParams(op, r)
	}
	body := s.checkBody(op, r)
	s.now.answer = op.answer(r.Header.Get("Accept"))
	s.requests = append(s.requests, Request{r.Method, r.URL.RequestURI(), r.Header, body})
	if s.paging {
		s.now.answer.Body = page(s.now.answer.Body, s.now.requests)
		if s.now.requests < pages {
			w.Header().Set("Link", "<"+link(s.now.requests)+`>; rel="next"`)
		}
	}
	if s.now.answer.Media != "" {
		w.Header().Set("Content-Type", s.now.answer.Media)
	}
	w.WriteHeader(s.now.answer.Status)
	_, _ = io.WriteString(w, s.now.answer.Body) // if the client is gone, the call fails
}

func (s *server) problem(format string, args ...any) {
	s.now.problems = append(s.now.problems, fmt.Sprintf(format, args...))
}

// find returns the operation for a request: the one of the running call, otherwise one that was not
// called yet, otherwise the one with the most specific path.
func (s *server) find(method, path string, query url.Values) *operation {
	var fitting []*operation
	for _, op := range s.operations {
		if op.Method == method && op.path.MatchString(path) && op.fixes(query) {
			fitting = append(fitting, op)
		}
	}
	if len(fitting) == 0 || slices.Contains(fitting, s.wanted) {
		return s.wanted.orNil(fitting)
	}
	slices.SortStableFunc(fitting, func(a, b *operation) int {
		if n := min(a.called, 1) - min(b.called, 1); n != 0 {
			return n
		}
		return b.literal + len(b.query) - a.literal - len(a.query)
	})
	return fitting[0]
}

// fixes reports whether a query has what the path of the operation fixes.
func (o *operation) fixes(query url.Values) bool {
	for name, values := range o.query {
		if !slices.Equal(query[name], values) {
			return false
		}
	}
	return true
}

// orNil returns the operation if it is in among, else nil.
func (o *operation) orNil(among []*operation) *operation {
	if slices.Contains(among, o) {
		return o
	}
	return nil
}

// checkParams records missing parameters. All parameters were set.
func (s *server) checkParams(op *operation, r *http.Request) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		s.problem("%s: the query %q cannot be read: %v", op, r.URL.RawQuery, err)
	}
	for _, p := range op.Params {
		if !p.Spread && !arrived(p, r, query) {
			s.problem("%s: the %s parameter %s was not sent, only %q", op, p.In, p.Name, r.URL.RawQuery)
		}
	}
}

func arrived(p Param, r *http.Request, query url.Values) bool {
	switch p.In {
	case "query":
		for name := range query {
			if name == p.Name || strings.HasPrefix(name, p.Name+"[") {
				return true
			}
		}
		return false
	case "header":
		return len(r.Header.Values(p.Name)) > 0
	case "cookie":
		_, err := r.Cookie(p.Name)
		return err == nil
	}
	return true
}

// checkBody reads the body. It records one that is missing, has a media type the document does not
// have, or is not JSON as it should be.
func (s *server) checkBody(op *operation, r *http.Request) []byte {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		s.problem("%s: the body cannot be read: %v", op, err)
		return nil
	}
	media, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	switch {
	case op.Body == nil && len(data) > 0:
		s.problem("%s: a body was sent, and the document has none", op)
	case op.Body == nil:
	case len(data) == 0 && op.Body.Required:
		s.problem("%s: the body is missing", op)
	case len(data) > 0 && !slices.ContainsFunc(op.Body.Media, func(m string) bool { return sentAs(media, m) }):
		s.problem("%s: a body of type %q was sent, and the document has %q", op, media, op.Body.Media)
	case len(data) > 0 && isJSON(media) && !json.Valid(data):
		s.problem("%s: the body is no JSON: %.200q", op, data)
	}
	return data
}

// answer returns the first response that the client accepts.
func (o *operation) answer(accept string) Answer {
	if len(o.Answers) == 0 {
		return Answer{Status: http.StatusOK}
	}
	for wanted := range strings.SplitSeq(accept, ",") {
		wanted, _, _ = strings.Cut(strings.TrimSpace(wanted), ";")
		for _, a := range o.Answers {
			if mediaFits(a.Media, wanted) {
				return a
			}
		}
	}
	return o.Answers[0]
}

// sentAs reports whether a body may have a media type. For a range in the document, untyped bytes
// are sent.
func sentAs(media, like string) bool {
	return mediaFits(media, like) || strings.Contains(like, "*") && media == "application/octet-stream"
}

// mediaFits reports whether a media type matches a range such as */* or text/*.
func mediaFits(media, like string) bool {
	like, _, _ = strings.Cut(like, ";")
	prefix, any := strings.CutSuffix(strings.ToLower(strings.TrimSpace(like)), "*")
	media = strings.ToLower(media)
	return media == prefix || any && strings.HasPrefix(media, strings.TrimPrefix(prefix, "*/"))
}

func isJSON(media string) bool {
	media = strings.ToLower(media)
	return media == "application/json" || strings.HasSuffix(media, "+json")
}
