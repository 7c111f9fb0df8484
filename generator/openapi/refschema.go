package openapi

import (
	"fmt"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// refSchema reads a schema that is a reference. What stands beside $ref is kept where it is about the place and not about
// the value: before OpenAPI 3.1 nothing there counts, but people write descriptions and x-nullable there and mean
// them. What 3.1 lets stand there to narrow the value is kept as a second part of an allOf.
func (r *Reader) refSchema(n, ref *source.Node, s *claim.Schema, depth int) {
	var place, narrow []source.Member
	for _, m := range n.Members {
		switch {
		case m.Key == "$ref":
		case m.Key == string(claim.TypeName) && !r.fragment:
			r.note(m.Value, m.Line, m.Key+" stands beside $ref, where it names nothing", "left out")
		case aboutPlace(m.Key):
			place = append(place, m)
		case schemaKeywords[m.Key] == unknown || schemaKeywords[m.Key] == lost || schemaKeywords[m.Key] == silent:
			place = append(place, m)
		case m.Key == "required" && m.Value.Kind == source.Bool: // about the member, and read there
		case r.version == OpenAPI31 && m.Key != "title" && m.Key != "xml" && m.Key != "externalDocs":
			narrow = append(narrow, m)
		default:
			r.note(m.Value, m.Line, m.Key+" stands beside $ref, where it cannot be kept", "left out")
		}
	}
	r.keywords(n, place, s, depth)
	if len(narrow) == 0 {
		r.readRef(n, ref, s, depth)
		return
	}
	target, rest := &claim.Schema{Line: n.Line}, &claim.Schema{Line: n.Line}
	r.readRef(n, ref, target, depth+1)
	r.keywords(n, narrow, rest, depth+1)
	s.AllOf = []*claim.Schema{target, rest}
}

// aboutPlace tells the keywords that are about where a value stands from those about the value.
func aboutPlace(key string) bool {
	switch key {
	case "description", "nullable", "x-nullable", "default", "example", "examples", "deprecated", "readOnly", "writeOnly":
		return true
	}
	return isExtension(key)
}

// readRef puts into s what a reference leads to: the name, if it is a schema with a name, else the schema itself.
func (r *Reader) readRef(n, ref *source.Node, s *claim.Schema, depth int) {
	if name := r.loosely(ref); name != "" {
		s.Facts.Say(claim.Ref, name, ref.Line)
		return
	}
	target, at := r.resolve(ref)
	if target == nil {
		if at != "" { // another source may have a schema of that name; package merge tells
			s.Facts.Say(claim.Ref, nameIn(at), ref.Line)
		}
		return
	}
	if name, ok := r.schemaName(at); ok {
		s.Facts.Say(claim.Ref, name, ref.Line)
		return
	}
	if name := r.nestedNames[target]; name != "" {
		s.Facts.Say(claim.Ref, name, ref.Line)
		return
	}
	if r.open[target] {
		r.fail(ref, fmt.Sprintf("$ref %s leads back into itself", quote(ref.Text)),
			"give the schema a name under "+r.schemasAt+" and refer to that")
		return
	}
	if r.inlined++; r.inlined > source.MaxAlias {
		if r.inlined == source.MaxAlias+1 {
			r.fail(ref, fmt.Sprintf("more than %d references lead into the inside of schemas", source.MaxAlias), "give the schemas names")
		}
		return
	}
	r.open[target] = true
	defer delete(r.open, target)
	inside := claim.Schema{}
	r.schema(target, &inside, depth+1)
	inside.Facts = append(s.Facts, inside.Facts...) // what stands beside the reference comes first
	inside.AllOf = append(s.AllOf, inside.AllOf...)
	inside.Line = n.Line
	*s = inside
}

// schemasIn is where documents keep their schemas, in either version and however the way there is written.
var schemasIn = []string{"#", "/", "definitions/", "components/schemas/"}

// nameIn gives the name at the end of the ways to a schema that people write: that of the other version, or one without # or slash.
func nameIn(text string) string {
	for _, part := range schemasIn {
		text = strings.TrimPrefix(text, part)
	}
	return unescapePointer.Replace(text)
}

// loosely gives the name of the schema that a reference means, where it is written as none is: Record, #Record, or the way to it in
// the other version. It gives "" for all others. What is no name of a schema here may be a file, which nothing is read from.
func (r *Reader) loosely(ref *source.Node) string {
	name := nameIn(ref.Str())
	if r.fragment || r.schemas.Get(name) == nil {
		return ""
	}
	if at, ok := strings.CutPrefix(ref.Text, "#/"); ok && r.root.At("/"+at) != nil {
		return ""
	}
	r.note(ref, ref.Line, fmt.Sprintf("$ref %s is no way to a schema", quote(ref.Text)), "read as "+quote("#"+r.schemasAt+escapePointer.Replace(name)))
	return name
}

// refuseCycles finds named schemas that are made of themselves, by reference or by allOf. Such a schema has no members that
// could ever be listed. Schemas that merely contain themselves are fine.
//
// A schema is taken away once everything it is made of is taken away. What remains is made of itself, or of something that
// is: from any of the rest, going from part to part leads into a circle.
func (r *Reader) refuseCycles(schemas []*claim.Named) {
	index := make(map[string]int, len(schemas))
	for i, s := range schemas {
		index[s.Name] = i
	}
	parts := make([][]part, len(schemas))
	users := make([][]int, len(schemas))
	open := make([]int, len(schemas)) // parts that are not taken away yet
	var free []int
	for i, s := range schemas {
		parts[i] = madeOf(&s.Schema, index, nil)
		for _, p := range parts[i] {
			users[p.schema] = append(users[p.schema], i)
		}
		if open[i] = len(parts[i]); open[i] == 0 {
			free = append(free, i)
		}
	}
	for len(free) > 0 {
		i := free[len(free)-1]
		free = free[:len(free)-1]
		for _, u := range users[i] {
			if open[u]--; open[u] == 0 {
				free = append(free, u)
			}
		}
	}
	walk := make([]int, len(schemas)) // the walk that came by, to tell a new circle from one already reported
	for i := range schemas {
		at := i
		var via part
		for open[at] > 0 && walk[at] == 0 {
			walk[at] = i + 1
			for _, p := range parts[at] {
				if open[p.schema] > 0 {
					via = p
					break
				}
			}
			at = via.schema
		}
		if open[at] > 0 && walk[at] == i+1 {
			r.failAt(r.schemaNode(schemas[at].Name), via.line, "the schema is made of itself, by $ref or allOf", "break the cycle")
		}
	}
}

// schemaNode gives the schema of that name.
func (r *Reader) schemaNode(name string) *source.Node {
	if n := r.nestedNodes[name]; n != nil {
		return n
	}
	return r.schemas.Get(name)
}

// part is a named schema that another is made of, and the line that says so.
type part struct{ schema, line int }

func madeOf(s *claim.Schema, index map[string]int, parts []part) []part {
	if ref, ok := s.Facts.Get(claim.Ref); ok {
		if i, ok := index[ref.Text()]; ok {
			parts = append(parts, part{i, ref.Line})
		}
	}
	for _, a := range s.AllOf {
		parts = madeOf(a, index, parts)
	}
	return parts
}
