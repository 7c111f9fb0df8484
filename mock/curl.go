package mock

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-1954497d/auditgen/internal/sample"
)

// Commands returns a working curl command per document. Each was tried without faults. A document
// whose operations cannot be called in one line has none.
func (s *Server) Commands() []string {
	var all []string
	for _, ops := range s.handler.docs {
		for _, op := range simplestFirst(ops) {
			if target, ok := op.tryable(); ok && s.handler.answers(s.URL+target) {
				all = append(all, fmt.Sprintf("curl -s -u me@example.com:token '%s%s'", s.URL, target))
				break
			}
		}
	}
	return all
}

// simplestFirst sorts operations: first those without path parameters, and among them listings.
func simplestFirst(ops []*operation) []*operation {
	rank := func(op *operation) int {
		n := 0
		if templateParam.MatchString(op.route.Path) {
			n += 2
		}
		if op.ir == nil || op.ir.Paging == nil {
			n++
		}
		return n
	}
	return slices.SortedStableFunc(slices.Values(ops), func(a, b *operation) int { return cmp.Compare(rank(a), rank(b)) })
}

// tryable returns the path and query of a call, if a curl command can make it. They need single
// quotes only.
func (op *operation) tryable() (string, bool) {
	if op.route.Method != http.MethodGet || !op.answers[0].JSON {
		return "", false
	}
	path, _, _ := strings.Cut(op.route.Path, "?")
	query := maps.Clone(op.fixed)
	for _, p := range parametersOf(op) {
		text := plainText(p)
		switch {
		case p.In == openapi3.ParameterInPath && text != "":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(text))
		case p.In == openapi3.ParameterInQuery && p.Required && text != "":
			query.Set(p.Name, text)
		case p.Required:
			return "", false
		}
	}
	if x := op.ir; x != nil && x.Paging != nil && x.Paging.Limit != nil {
		query.Set(x.Paging.Limit.Wire, "2")
	}
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		segments[i] = url.PathEscape(plain(segment))
	}
	target := strings.Join(segments, "/")
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	return target, !strings.Contains(target, "'")
}

// parametersOf returns the parameters of an operation, those of its path item first.
func parametersOf(op *operation) []*openapi3.Parameter {
	var all []*openapi3.Parameter
	for _, list := range []openapi3.Parameters{op.route.PathItem.Parameters, op.route.Operation.Parameters} {
		for _, p := range list {
			if p.Value != nil {
				all = append(all, p.Value)
			}
		}
	}
	return all
}

// plainText returns a value for a parameter that is a single text, number or boolean, "" for
// others.
func plainText(p *openapi3.Parameter) string {
	if p.Schema == nil {
		return "1"
	}
	switch v := sample.ValueByExample(p.Schema, p.Name, 0).(type) {
	case string:
		return v
	case int64, float64, bool:
		return fmt.Sprint(v)
	}
	return ""
}

// answers reports whether a GET succeeds. It bypasses faults and the log.
func (h *handler) answers(address string) bool {
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, address, http.NoBody)
	if err != nil {
		return false
	}
	r.SetBasicAuth("me@example.com", "token")
	w := &discarded{header: http.Header{}, status: http.StatusOK}
	h.answer(w, r, chance{faults: &Faults{}}, func(string) {})
	return w.status >= 200 && w.status < 300 && w.body.Len() > 0
}

// discarded is a response that is not sent.
type discarded struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (d *discarded) Header() http.Header         { return d.header }
func (d *discarded) WriteHeader(status int)      { d.status = status }
func (d *discarded) Write(b []byte) (int, error) { return d.body.Write(b) }
