// Package sample makes values that match the schemas of a document. The mock answers with them, and
// the corpus runner calls generated clients with them. The input is a schema and a seed, and the
// output is a JSON value of the types of encoding/json. The same input gives the same output in
// every process.
//
// Known limits: not, if and patternProperties are ignored, and a pattern is matched only by one of
// a few common texts.
package sample

import (
	"maps"
	"path"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

const (
	// maxDepth is the maximum depth of values. Schemas may contain themselves; deeper members are
	// left out if they are optional.
	maxDepth = 6
	// maxValues is the maximum number of values from optional members. It bounds lists of lists of
	// lists.
	maxValues = 2000
)

// Value returns a JSON value that matches a schema, chosen by seed. An empty schema matches any
// value.
func Value(ref *openapi3.SchemaRef, seed uint64) any {
	return (&maker{}).value(ref, place{seed: seed})
}

// ValueByExample is Value, but uses the examples of the schema if they match it. The name of the
// member or parameter, if there is one, decides what a text looks like if the schema does not.
func ValueByExample(ref *openapi3.SchemaRef, name string, seed uint64) any {
	return (&maker{examples: true}).value(ref, place{seed: seed, name: name})
}

// Mix returns a pseudo-random number that depends only on seed and n.
func Mix(seed, n uint64) uint64 {
	x := seed + (n+1)*0x9E3779B97F4A7C15
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

// MixText is Mix for a text.
func MixText(seed uint64, text string) uint64 {
	hash := uint64(14695981039346656037)
	for i := range len(text) {
		hash = (hash ^ uint64(text[i])) * 1099511628211
	}
	return Mix(seed, hash)
}

// maker makes one value.
type maker struct {
	examples bool
	made     int
}

// place is a place in the value.
type place struct {
	seed  uint64
	name  string // name of the nearest member
	depth int
}

func (p place) member(name string) place { return place{MixText(p.seed, name), name, p.depth + 1} }

func (p place) item(i int) place { return place{Mix(p.seed, uint64(i)), p.name, p.depth + 1} }

// part returns the place for another schema of the same value.
func (p place) part() place { return place{p.seed, p.name, p.depth + 1} }

func (m *maker) value(ref *openapi3.SchemaRef, at place) any {
	m.made++
	if ref == nil || ref.Value == nil {
		return map[string]any{"anything": []any{"goes"}}
	}
	s := ref.Value
	if v, ok := m.given(s, at); ok {
		return v
	}
	switch {
	case len(s.OneOf) > 0:
		return m.variant(s, s.OneOf, at)
	case len(s.AnyOf) > 0:
		return m.variant(s, s.AnyOf, at)
	case len(s.AllOf) > 0:
		return m.all(s, at)
	}
	switch Kind(s) {
	case "object":
		return hide(s, m.object(s, at))
	case "array":
		return m.array(s, at)
	case "integer":
		return integer(s, at)
	case "number":
		return number(s, at)
	case "boolean":
		return at.seed%2 == 0
	case "string":
		return text(s, at)
	case "null":
		return nil
	}
	return map[string]any{"anything": []any{"goes"}}
}

// given returns a value from the schema itself: a constant, a time, an enum value or a matching
// example.
func (m *maker) given(s *openapi3.Schema, at place) (any, bool) {
	if s.Const != nil {
		return whole(s, s.Const), true
	}
	if form := s.Extensions["x-auditgen-time"]; form != nil {
		return moment(form, at.seed), true
	}
	if values := slices.DeleteFunc(slices.Clone(s.Enum), func(v any) bool { return v == nil }); len(values) > 0 {
		return whole(s, values[at.seed%uint64(len(values))]), true
	}
	if m.examples && s.Example != nil && isScalar(s.Example) && s.VisitJSON(s.Example) == nil {
		return s.Example, true
	}
	return nil, false
}

func isScalar(v any) bool {
	switch v := v.(type) {
	case string, bool:
		return true
	case float64:
		return v > -maxExact && v < maxExact
	}
	return false
}

// Kind returns the type of a schema: the first of several, null only if there is no other. It is
// empty if the schema does not say.
func Kind(s *openapi3.Schema) string {
	found := ""
	for _, t := range s.Type.Slice() {
		if found == "" || found == "null" {
			found = t
		}
	}
	switch {
	case found != "":
		return found
	case len(s.Properties) > 0 || s.AdditionalProperties.Schema != nil:
		return "object"
	case s.Items != nil:
		return "array"
	}
	return ""
}

// object makes the members that are allowed in responses.
func (m *maker) object(s *openapi3.Schema, at place) map[string]any {
	all := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		p := s.Properties[name]
		if p != nil && p.Value != nil && p.Value.WriteOnly {
			continue
		}
		if m.room(at.depth) || slices.Contains(s.Required, name) && at.depth < 3*maxDepth && m.made < 10*maxValues {
			all[name] = m.value(p, at.member(name))
		}
	}
	if more := s.AdditionalProperties.Schema; more != nil && s.Properties["more"] == nil && m.room(at.depth) && (s.MaxProps == nil || uint64(len(all)) < *s.MaxProps) {
		all["more"] = m.value(more, at.member("more"))
	}
	return all
}

// Marked returns the members of a schema, and of the parts of its allOf, that have a flag: beside a
// reference, or behind it.
func Marked(s *openapi3.Schema, flag func(*openapi3.Schema) bool) []string {
	var names []string
	seen := map[*openapi3.Schema]bool{}
	var look func(s *openapi3.Schema)
	look = func(s *openapi3.Schema) {
		if s == nil || seen[s] {
			return
		}
		seen[s] = true
		for name, p := range s.Properties {
			if p != nil && p.Value != nil && (flag(p.Value) || slices.ContainsFunc(p.Value.AllOf, func(part *openapi3.SchemaRef) bool { return part.Value != nil && flag(part.Value) })) {
				names = append(names, name)
			}
		}
		for _, part := range s.AllOf {
			look(part.Value)
		}
	}
	look(s)
	return names
}

func writeOnly(s *openapi3.Schema) bool { return s.WriteOnly }

// hide removes the members that only requests have. Any part of an allOf may say so of a member of
// another part.
func hide(s *openapi3.Schema, whole map[string]any) map[string]any {
	for _, name := range Marked(s, writeOnly) {
		delete(whole, name)
	}
	return whole
}

// room reports whether an optional value may be added.
func (m *maker) room(depth int) bool { return depth < maxDepth && m.made < maxValues }

// maxItems bounds lists whose schema requires many items.
const maxItems = 100

// array makes two or three items, if the schema allows it.
func (m *maker) array(s *openapi3.Schema, at place) []any {
	n := 2 + at.seed%2
	if s.UniqueItems {
		n = 1 // random items may be equal
	}
	if !m.room(at.depth) {
		n = 0
	}
	n = max(n, min(s.MinItems, maxItems))
	if s.MaxItems != nil {
		n = min(n, *s.MaxItems)
	}
	items := make([]any, 0, n)
	for i := range int(n) {
		if m.made >= 10*maxValues || at.depth >= 3*maxDepth {
			break
		}
		items = append(items, m.value(s.Items, at.item(i)))
	}
	return items
}

// all combines the parts of allOf: the members of objects, or the part that is not an object.
func (m *maker) all(s *openapi3.Schema, at place) any {
	whole := m.object(s, at)
	var other any
	for _, part := range s.AllOf {
		if at.depth >= 3*maxDepth {
			break
		}
		switch v := m.value(part, at.part()).(type) {
		case map[string]any:
			if part.Value != nil && Kind(part.Value) == "" && len(part.Value.AllOf)+len(part.Value.OneOf)+len(part.Value.AnyOf) == 0 {
				continue // it does not describe the value
			}
			put(whole, v, part)
		default:
			other = v
		}
	}
	if other != nil && len(whole) == 0 {
		return other
	}
	return hide(s, whole)
}

// variant uses the first schema that is not null and sets the discriminator.
func (m *maker) variant(s *openapi3.Schema, variants openapi3.SchemaRefs, at place) any {
	for _, v := range variants {
		if v.Value == nil || Kind(v.Value) == "null" || at.depth >= 3*maxDepth {
			continue
		}
		made := m.value(v, at.part())
		object, ok := made.(map[string]any)
		if !ok {
			return made
		}
		own := m.object(s, at)
		put(own, object, v)
		if s.Discriminator != nil && s.Discriminator.PropertyName != "" {
			own[s.Discriminator.PropertyName] = discriminatorOf(s.Discriminator, v.Ref)
		}
		return hide(s, own)
	}
	return nil
}

// put adds the members of a part to the whole. A part may only require a member of another part,
// which is kept.
func put(whole, members map[string]any, part *openapi3.SchemaRef) {
	for name, value := range members {
		if _, there := whole[name]; there && part.Value != nil {
			if p := part.Value.Properties[name]; p != nil && p.Value != nil && saysNothing(p.Value) {
				continue
			}
		}
		whole[name] = value
	}
}

// saysNothing reports whether a schema does not describe the value.
func saysNothing(s *openapi3.Schema) bool {
	return Kind(s) == "" && len(s.AllOf)+len(s.OneOf)+len(s.AnyOf)+len(s.Enum) == 0 && s.Const == nil
}

func discriminatorOf(d *openapi3.Discriminator, ref string) string {
	for _, name := range slices.Sorted(maps.Keys(d.Mapping)) {
		if target := d.Mapping[name].Ref; target == ref || path.Base(target) == path.Base(ref) {
			return name
		}
	}
	return path.Base(ref)
}
