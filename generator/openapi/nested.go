package openapi

import (
	"strconv"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// Some documents refer to a part of a schema, such as #/components/schemas/Report/definitions/part.
// So do tools that bundle several files into one. The part may contain itself. If it is more than a
// plain value, it becomes a named schema, here Report.part, and both the reference and the place of
// the part refer to it.

// findNested names the parts of schemas that references point to.
func (r *Reader) findNested(n *source.Node) {
	for _, item := range n.Items {
		r.findNested(item)
	}
	for _, m := range n.Members {
		if m.Key == "$ref" && m.Value.Kind == source.String {
			r.nameNested(m.Value.Text)
			continue
		}
		r.findNested(m.Value)
	}
}

func (r *Reader) nameNested(ref string) {
	way, ok := strings.CutPrefix(ref, "#"+r.schemasAt)
	if !ok || !strings.Contains(way, "/") {
		return
	}
	target, _ := r.lookup(r.schemasAt + way)
	if target == nil || !isShape(target) || r.nestedNames[target] != "" {
		return
	}
	base := nestedName(way)
	name := base
	for r.schemas.Get(name) != nil || r.nestedNodes[name] != nil {
		r.nestedTwins[base]++ // not from 1 again: all parts of a long list may have one name
		name = base + strconv.Itoa(r.nestedTwins[base]+1)
	}
	r.nestedNodes[name] = target
	r.nestedNames[target] = name
	r.nested = append(r.nested, name)
}

// isShape reports whether a schema deserves a name: it has parts or lists its values.
func isShape(n *source.Node) bool {
	for _, key := range []string{"properties", "items", "additionalProperties", "allOf", "oneOf", "anyOf", "enum"} {
		if part := n.Get(key); part != nil && len(part.Members)+len(part.Items) > 0 {
			return n.Get("$ref") == nil
		}
	}
	return false
}

// nestedName makes a name from the path below the list of schemas. Report/definitions/part becomes
// Report.part. Report/properties/reportPart becomes reportPart, which already contains the schema's
// name.
func nestedName(way string) string {
	steps := strings.Split(way, "/")
	words := []string{unescapePointer.Replace(steps[0])}
	for i := 1; i < len(steps); i++ {
		switch steps[i] {
		case "items", "additionalProperties", "not":
			words = append(words, "item")
		case "allOf", "oneOf", "anyOf":
			words = append(words, "part")
			i++
		default: // properties, definitions and similar: a name follows
			if i++; i < len(steps) {
				words = append(words, unescapePointer.Replace(steps[i]))
			}
		}
	}
	if len(words) == 2 && len(words[1]) > len(words[0]) && strings.EqualFold(words[1][:len(words[0])], words[0]) {
		return words[1]
	}
	return strings.Join(words, ".")
}

// nestedSchemas reads the schemas that findNested named.
func (r *Reader) nestedSchemas() []*claim.Named {
	all := make([]*claim.Named, 0, len(r.nested))
	for _, name := range r.nested {
		n := r.nestedNodes[name]
		named := &claim.Named{Name: name, Line: n.Line, Schema: claim.Schema{Line: n.Line}}
		r.keywords(n, n.Members, &named.Schema, 0)
		all = append(all, named)
	}
	return all
}

// refNested reads a part that has a name: keywords about the place stay, the rest becomes a
// reference.
func (r *Reader) refNested(n *source.Node, name string, s *claim.Schema, depth int) {
	var place []source.Member
	for _, m := range n.Members {
		if aboutPlace(m.Key) && !isExtension(m.Key) {
			place = append(place, m)
		}
	}
	r.keywords(n, place, s, depth)
	s.Facts.Say(claim.Ref, name, n.Line)
}
