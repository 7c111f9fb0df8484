package openapi

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// fieldStyles are the styles that a field of a form can have.
var fieldStyles = []string{"form", "spaceDelimited", "pipeDelimited", "deepObject"}

// encoding reads how the fields of a form are encoded. What it keeps has no references.
func (r *Reader) encoding(n *source.Node) *source.Node {
	out := &source.Node{Kind: source.Object, Line: n.Line}
	for _, field := range n.Members {
		if !r.object(field.Value, "the encoding of "+quote(field.Key)) {
			continue
		}
		how := &source.Node{Kind: source.Object, Line: field.Line}
		for _, m := range field.Value.Members {
			if value := r.encodingKeyword(field, m); value != nil {
				how.Members = append(how.Members, source.Member{Key: m.Key, Line: m.Line, Value: value})
			}
		}
		if explode := how.Get("explode"); how.Get("style").Str() == "deepObject" && explode != nil {
			explode.Text = "true" // there is no other way to write it
		}
		if len(how.Members) > 0 {
			out.Members = append(out.Members, source.Member{Key: field.Key, Line: field.Line, Value: how})
		}
	}
	return out
}

// encodingKeyword returns the value of one keyword, or nil with a note.
func (r *Reader) encodingKeyword(field, m source.Member) *source.Node {
	leave := func(what string) *source.Node {
		r.note(m.Value, m.Line, "the encoding of "+quote(field.Key)+" has "+what, "left out")
		return nil
	}
	switch m.Key {
	case "contentType":
		if !strings.Contains(m.Value.Str(), "/") {
			return leave("a contentType that is not a media type")
		}
		return m.Value
	case "style":
		if !slices.Contains(fieldStyles, m.Value.Str()) {
			return leave("the unknown style " + quote(m.Value.Str()))
		}
		return m.Value
	case "explode", "allowReserved":
		value, ok := truth(m.Value)
		if !ok {
			return leave(m.Key + ", which is not a boolean")
		}
		return &source.Node{Kind: source.Bool, Text: fmt.Sprint(value), Line: m.Line}
	case "headers":
		return r.encodingHeaders(m.Value)
	}
	return leave(quote(m.Key))
}

// encodingHeaders keeps of the headers of a part whether they are required, and their type and
// values.
func (r *Reader) encodingHeaders(n *source.Node) *source.Node {
	if !r.object(n, "headers") {
		return nil
	}
	out := &source.Node{Kind: source.Object, Line: n.Line}
	for _, h := range n.Members {
		target, _ := r.followObject(h.Value, "the header")
		if target == nil {
			continue
		}
		described, _ := r.followObject(target.Get("schema"), "the schema of the header")
		schema := &source.Node{Kind: source.Object, Line: h.Line}
		for _, key := range []string{"type", "enum"} {
			if value := described.Get(key); value != nil && (key == "enum" || value.Kind == source.String) {
				schema.Members = append(schema.Members, source.Member{Key: key, Line: value.Line, Value: value})
			}
		}
		if value := described.Get("const"); value != nil {
			schema.Members = append(schema.Members, source.Member{Key: "enum", Line: value.Line, Value: &source.Node{Kind: source.Array, Line: value.Line, Items: []*source.Node{value}}})
		}
		header := &source.Node{Kind: source.Object, Line: h.Line, Members: []source.Member{{Key: "schema", Line: h.Line, Value: schema}}}
		if target.Get("required").IsTrue() {
			header.Members = append(header.Members, source.Member{Key: "required", Line: h.Line, Value: target.Get("required")})
		}
		out.Members = append(out.Members, source.Member{Key: h.Key, Line: h.Line, Value: header})
	}
	return out
}
