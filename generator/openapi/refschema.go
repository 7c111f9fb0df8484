package openapi

import (
	"fmt"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// refSchema reads a schema that is a reference. Keywords beside $ref are kept if they describe the
// place and not the value. Before OpenAPI 3.1 they have no effect, but people write descriptions
// and x-nullable there and mean them. Keywords that narrow the value in 3.1 become a second part of
// an allOf.
func (r *Reader) refSchema(n, ref *source.Node, s *claim.Schema, depth int) {
	var place, narrow []source.Member
	for _, m := range n.Members {
		switch {
		case m.Key == "$ref":
		case m.Key == string(claim.TypeName) && !r.fragment:
			r.note(m.Value, m.Line, m.Key+" is beside $ref, where it has no effect", "left out")
		case aboutPlace(m.Key):
			place = append(place, m)
		case schemaKeywords[m.Key] == unknown || schemaKeywords[m.Key] == lost || schemaKeywords[m.Key] == silent:
			place = append(place, m)
		case m.Key == "required" && m.Value.Kind == source.Bool: // about the property, and read there
		case r.version == OpenAPI31 && m.Key != "title" && m.Key != "xml" && m.Key != "externalDocs":
			narrow = append(narrow, m)
		default:
			r.note(m.Value, m.Line, m.Key+" is beside $ref, where it cannot be kept", "left out")
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

// aboutPlace reports whether a keyword describes the place of a value and not the value.
func aboutPlace(key string) bool {
	switch key {
	case "description", "nullable", "x-nullable", "default", "example", "examples", "deprecated", "readOnly", "writeOnly":
		return true
	}
	return isExtension(key)
}

// readRef puts the target of a reference into s: the name of a named schema, otherwise the schema
// itself.
func (r *Reader) readRef(n, ref *source.Node, s *claim.Schema, depth int) {
	if name := r.loosely(ref); name != "" {
		s.Facts.Say(claim.Ref, name, ref.Line)
		return
	}
	target, at := r.resolve(ref)
	if target == nil {
		if at != "" { // another source may have a schema of that name; package merge checks
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
		r.fail(ref, fmt.Sprintf("$ref %s contains itself", quote(ref.Text)),
			"give the schema a name under "+r.schemasAt+" and refer to that")
		return
	}
	if r.inlined++; r.inlined > source.MaxAlias {
		if r.inlined == source.MaxAlias+1 {
			r.fail(ref, fmt.Sprintf("more than %d references point to parts of schemas", source.MaxAlias), "give the parts names")
		}
		return
	}
	r.open[target] = true
	defer delete(r.open, target)
	inside := claim.Schema{}
	r.schema(target, &inside, depth+1)
	inside.Facts = append(s.Facts, inside.Facts...) // keywords beside the reference come first
	inside.AllOf = append(s.AllOf, inside.AllOf...)
	inside.Line = n.Line
	*s = inside
}

// schemasIn lists the prefixes of schema references in all versions, complete or not.
var schemasIn = []string{"#", "/", "definitions/", "components/schemas/"}

// nameIn cuts the prefixes in schemasIn off a reference.
func nameIn(text string) string {
	for _, part := range schemasIn {
		text = strings.TrimPrefix(text, part)
	}
	return unescapePointer.Replace(text)
}

// loosely returns the schema name of a malformed reference: Record, #Record, or the form of another
// version. It returns "" for all others. A text that is not a schema name may be a file, which is
// not read.
func (r *Reader) loosely(ref *source.Node) string {
	name := nameIn(ref.Str())
	if r.fragment || r.schemas.Get(name) == nil {
		return ""
	}
	if at, ok := strings.CutPrefix(ref.Text, "#/"); ok && r.root.At("/"+at) != nil {
		return ""
	}
	r.note(ref, ref.Line, fmt.Sprintf("$ref %s is not a pointer to a schema", quote(ref.Text)), "read as "+quote("#"+r.schemasAt+escapePointer.Replace(name)))
	return name
}

// refuseCycles reports named schemas that contain themselves by reference or allOf. The members of
// such a schema cannot be listed. A schema whose properties refer to it is fine.
//
// A schema is removed once all its parts are removed. Each of the remaining schemas is on a cycle
// or leads to one, so following parts from any of them ends in a cycle.
func (r *Reader) refuseCycles(schemas []*claim.Named) {
	index := make(map[string]int, len(schemas))
	for i, s := range schemas {
		index[s.Name] = i
	}
	parts := make([][]part, len(schemas))
	users := make([][]int, len(schemas))
	open := make([]int, len(schemas)) // parts that are not removed yet
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
	walk := make([]int, len(schemas)) // the walk that came by, to tell a new cycle from a reported one
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

// schemaNode returns the schema of that name.
func (r *Reader) schemaNode(name string) *source.Node {
	if n := r.nestedNodes[name]; n != nil {
		return n
	}
	return r.schemas.Get(name)
}

// part is a schema that another one consists of, and the line that says so.
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
