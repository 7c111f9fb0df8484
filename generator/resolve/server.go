package resolve

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/naming"
	"github.com/seed-1954497d/auditgen/generator/settled"
)

// isServerVariable reports whether a path parameter is a variable of the server URL, which the
// client fills in.
func isServerVariable(p *settled.Parameter) bool {
	return p.In == "path" && p.Is(string(claim.ServerVariable))
}

// serverVariable adds a variable to those of the package. An operation whose server has another
// default, or other values, for a variable of the same name shares it, with a note.
func (r *operations) serverVariable(p *settled.Parameter) {
	v := &ir.Variable{Wire: p.Name, Doc: p.Text("description")}
	if d := given(p.Schema, "default"); d != nil {
		v.Default, v.HasDefault = fmt.Sprint(d.Any()), true
	}
	for _, value := range p.Schema.Resolved().Enum() {
		v.Enum = append(v.Enum, fmt.Sprint(value.Any()))
	}
	for _, had := range r.api.Variables {
		if had.Wire != v.Wire {
			continue
		}
		if had.Default != v.Default || !slices.Equal(had.Enum, v.Enum) {
			r.note(p.Address, "the variable of the server URL has another default or other values than elsewhere",
				"the default "+fmt.Sprintf("%q", had.Default))
		}
		return
	}
	v.Option = r.types.Take("With" + naming.Exported(v.Wire))
	r.api.Variables = append(r.api.Variables, v)
}

// findPrefix finds what all paths begin with: whole segments, up to the first parameter of an
// operation.
func findPrefix(api *ir.API) {
	var prefix []string
	first := true
	for _, g := range api.Groups {
		for _, op := range g.Operations {
			segments := fixedSegments(op)
			if first {
				prefix, first = segments, false
			}
			n := 0
			for n < min(len(prefix), len(segments)) && prefix[n] == segments[n] {
				n++
			}
			prefix = prefix[:n]
		}
	}
	if len(prefix) > 0 {
		api.Prefix = "/" + strings.Join(prefix, "/")
	}
}

// fixedSegments returns the segments of a path before the first that holds a parameter of the
// operation.
func fixedSegments(op *ir.Operation) []string {
	path, _, _ := strings.Cut(op.Template, "?")
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, segment := range segments {
		for _, p := range op.PathParams {
			if strings.Contains(segment, "{"+p.Wire+"}") {
				return segments[:i]
			}
		}
	}
	return segments
}

// escapeTemplate escapes a path as it travels, and leaves parameters in braces as they are. Escapes
// that the document has already are kept. A query in it never changes, and the reader of the
// document has escaped it. A fragment is not sent.
func escapeTemplate(path string) string {
	path, _, _ = strings.Cut(path, "#")
	path, query, fixed := strings.Cut(path, "?")
	var out strings.Builder
	for path != "" {
		open := strings.IndexByte(path, '{')
		end := strings.IndexByte(path, '}')
		if open < 0 || end < open {
			escapePath(&out, path)
			break
		}
		escapePath(&out, path[:open])
		out.WriteString(path[open : end+1])
		path = path[end+1:]
	}
	if fixed {
		out.WriteString("?" + query)
	}
	return out.String()
}

// escapePath writes what RFC 3986 allows in a path as it is, and every other byte as an escape.
func escapePath(out *strings.Builder, text string) {
	const marks = "-._~!$&'()*+,;=:@/"
	isHex := func(c byte) bool { return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' }
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || strings.IndexByte(marks, c) >= 0,
			c == '%' && i+2 < len(text) && isHex(text[i+1]) && isHex(text[i+2]):
			out.WriteByte(c)
		default:
			fmt.Fprintf(out, "%%%02X", c)
		}
	}
}
