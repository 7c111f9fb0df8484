package mock

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// routes finds operations by path, segment by segment. Literal segments take precedence over
// parameters.
type routes struct {
	literal map[string]*routes
	params  []*paramRoute
	methods map[string][]*operation // operations of the path that ends here
}

// paramRoute is a segment that contains parameters.
type paramRoute struct {
	segment string         // in the template
	pattern *regexp.Regexp // matches the whole unescaped segment
	next    *routes
}

var templateParam = regexp.MustCompile(`\{[^{}/]*\}`)

// add adds an operation. It fails if another document has one with the same method and path.
func (t *routes) add(op *operation) error {
	path, _, fragment := strings.Cut(op.route.Path, "#")
	path, query, _ := strings.Cut(path, "?")
	fixed, err := url.ParseQuery(query)
	if err != nil {
		return fmt.Errorf("mock: %s %.200s cannot be served: %w", op.route.Method, op.route.Path, err)
	}
	if op.fixed = fixed; fragment {
		op.fixConstants()
	}
	for segment := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		var err error
		if t, err = t.under(segment); err != nil {
			return fmt.Errorf("mock: %s %.200s cannot be served: %w", op.route.Method, op.route.Path, err)
		}
	}
	if t.methods == nil {
		t.methods = map[string][]*operation{}
	}
	for _, other := range t.methods[op.route.Method] {
		if !maps.EqualFunc(other.fixed, op.fixed, slices.Equal) {
			continue
		}
		if other.route.Spec != op.route.Spec {
			return fmt.Errorf("mock: two documents have %s %s: serve one of them at a time", op.route.Method, op.route.Path)
		}
		return nil // two templates of a document match the same paths: the first is used
	}
	all := append(t.methods[op.route.Method], op)
	slices.SortStableFunc(all, func(a, b *operation) int { return len(b.fixed) - len(a.fixed) })
	t.methods[op.route.Method] = all
	return nil
}

// fixConstants makes what only one value is allowed for a part of what tells operations apart.
// Where only a fragment does, which is not sent, the first operation answers.
func (op *operation) fixConstants() {
	for _, ref := range slices.Concat(op.route.PathItem.Parameters, op.route.Operation.Parameters) {
		if p := ref.Value; p != nil && p.In == "query" && p.Required && p.Schema != nil && p.Schema.Value != nil && len(p.Schema.Value.Enum) == 1 {
			op.fixed.Set(p.Name, fmt.Sprint(p.Schema.Value.Enum[0]))
		}
	}
}

// serves reports whether a query has what the path of the operation fixes.
func (op *operation) serves(query url.Values) bool {
	for name, values := range op.fixed {
		if !slices.Equal(query[name], values) {
			return false
		}
	}
	return true
}

// under returns the routes below a segment of a template.
func (t *routes) under(segment string) (*routes, error) {
	if !templateParam.MatchString(segment) {
		segment = plain(segment)
		if t.literal == nil {
			t.literal = map[string]*routes{}
		}
		if t.literal[segment] == nil {
			t.literal[segment] = &routes{}
		}
		return t.literal[segment], nil
	}
	shape := templateParam.ReplaceAllString(segment, "{}")
	for _, p := range t.params {
		if templateParam.ReplaceAllString(p.segment, "{}") == shape {
			return p.next, nil
		}
	}
	var pattern strings.Builder
	rest := segment
	for _, name := range templateParam.FindAllString(segment, -1) {
		before, after, _ := strings.Cut(rest, name)
		pattern.WriteString(regexp.QuoteMeta(plain(before)) + "(.+)")
		rest = after
	}
	whole, err := regexp.Compile("(?s)^" + pattern.String() + regexp.QuoteMeta(plain(rest)) + "$")
	if err != nil {
		return nil, err
	}
	p := &paramRoute{segment: segment, pattern: whole, next: &routes{}}
	t.params = append(t.params, p)
	return p.next, nil
}

// maxSegments bounds the paths that are matched.
const maxSegments = 64

// find returns the operation for a method, an escaped path and a query, and the values of its
// parameters. If there is none, allowed lists the methods of that path. It is empty if there is no
// such path.
func (t *routes) find(method, path string, query url.Values) (op *operation, params map[string]string, allowed []string) {
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	if len(segments) > maxSegments {
		return nil, nil, nil
	}
	for i, s := range segments {
		plain, err := url.PathUnescape(s)
		if err != nil {
			return nil, nil, nil
		}
		segments[i] = plain
	}
	found := map[string]bool{}
	op, values := t.walk(method, segments, nil, query, found)
	if op == nil {
		return nil, nil, slices.Sorted(maps.Keys(found))
	}
	params = map[string]string{}
	for i, name := range templateParam.FindAllString(op.route.Path, -1) {
		params[name[1:len(name)-1]] = values[i]
	}
	return op, params, nil
}

// walk matches the segments. It adds the methods of all matching paths to found.
func (t *routes) walk(method string, segments, values []string, query url.Values, found map[string]bool) (*operation, []string) {
	if len(segments) == 0 {
		for m, all := range t.methods {
			for _, op := range all {
				if op.serves(query) {
					found[m] = true
					if m == method {
						return op, values
					}
				}
			}
		}
		return nil, values
	}
	if next := t.literal[segments[0]]; next != nil {
		if op, all := next.walk(method, segments[1:], values, query, found); op != nil {
			return op, all
		}
	}
	for _, p := range t.params {
		match := p.pattern.FindStringSubmatch(segments[0])
		if match == nil {
			continue
		}
		if op, all := p.next.walk(method, segments[1:], append(values[:len(values):len(values)], match[1:]...), query, found); op != nil {
			return op, all
		}
	}
	return nil, nil
}

// plain returns text without percent-escapes, which some documents have in paths.
func plain(text string) string {
	if plain, err := url.PathUnescape(text); err == nil {
		return plain
	}
	return text
}
