package mock

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-1954497d/auditgen/internal/sample"
)

// Commands gives a curl line for each document that is served, which works as it stands: each was tried, without faults. A document
// without an operation that can be called by a line has none.
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

// simplestFirst gives operations without parameters in their paths first, and among them listings.
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

// tryable gives path and query of a call that a curl line can make. Nothing in it needs quoting beyond single quotes.
func (op *operation) tryable() (string, bool) {
	if op.route.Method != http.MethodGet || !op.answers[0].JSON {
		return "", false
	}
	path, query := op.route.Path, url.Values{}
	for _, p := range parametersOf(op) {
		text := plainText(p)
		switch {
		case p.In == openapi3.ParameterInPath && text != "":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", text)
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
		segments[i] = url.PathEscape(segment)
	}
	target := strings.Join(segments, "/")
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	return target, !strings.Contains(target, "'")
}

// parametersOf gives the parameters of an operation, those of its path first.
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

// plainText gives a value for a parameter that is one text or number, and an empty text for others.
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

// answers tells whether a GET succeeds, without faults and without a line in the log.
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

// discarded is an answer that nobody gets to see.
type discarded struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (d *discarded) Header() http.Header         { return d.header }
func (d *discarded) WriteHeader(status int)      { d.status = status }
func (d *discarded) Write(b []byte) (int, error) { return d.body.Write(b) }
