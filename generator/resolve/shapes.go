package resolve

import (
	"slices"

	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// shapes knows which JSON the schemas of a document describe.
type shapes struct {
	doc    *settled.Document
	api    *ir.API
	errs   *source.Collector
	shaped map[string]bool           // names of schemas with members, of their own or by allOf
	plans  map[*settled.Schema]*plan // of the schemas that were taken apart
	taken  int                       // variants that were taken out of unions within unions so far
	asking int                       // how many schemas are being asked for their JSON type
}

func newShapes(doc *settled.Document, api *ir.API, errs *source.Collector) *shapes {
	r := &shapes{doc: doc, api: api, errs: errs, shaped: map[string]bool{}, plans: map[*settled.Schema]*plan{}}
	r.findShaped()
	return r
}

// note reports what Go cannot say as the documents do.
func (r *shapes) note(address, what, instead string) {
	r.api.Notes = append(r.api.Notes, ir.Note{Address: address, What: what, Instead: instead})
}

// target follows a reference. It returns the name of the schema that describes s, and that schema:
// an empty name and s itself if s is not a reference. A reference wrapped into allOf, to make room
// for a description, counts as the reference itself.
func target(s *settled.Schema) (string, *settled.Schema) {
	switch {
	case s == nil:
		return "", nil
	case s.Ref != nil:
		t := s.Resolved()
		return t.Name, t
	}
	if ref := wrapped(s); ref != nil {
		t := ref.Resolved()
		return t.Name, t
	}
	return "", s
}

// wrapped returns the one reference in the allOf of a schema that says nothing else about the shape
// of values, or nil.
func wrapped(s *settled.Schema) *settled.Schema {
	if len(s.Properties)+len(s.OneOf)+len(s.AnyOf) > 0 {
		return nil
	}
	var ref *settled.Schema
	for _, part := range s.AllOf {
		switch {
		case part.Ref == nil && isRemark(part):
		case part.Ref == nil || ref != nil:
			return nil
		default:
			ref = part
		}
	}
	return ref
}

// isRemark reports whether a part of allOf describes no shape: it holds a description, or narrows
// what others describe.
func isRemark(s *settled.Schema) bool {
	for range s.Parts() {
		return false
	}
	return len(s.Enum()) == 0 && timeExtension(s) == ""
}

// remark returns what describes s: itself, or the first part of its allOf that has a description.
func remark(s *settled.Schema) *settled.Schema {
	if s.Text("description") == "" && wrapped(s) != nil {
		for _, part := range s.AllOf {
			if part.Text("description") != "" {
				return part
			}
		}
	}
	return s
}

// isModel reports whether a schema is an object with members of its own, or several of them put
// together.
func (r *shapes) isModel(s *settled.Schema) bool {
	p := r.planOf(s)
	return len(p.variants) == 0 && !p.open && r.hasMembers(s)
}

// findShaped finds the named schemas that have members, of their own or by allOf. Going from each
// to those that are made of it takes time in proportion to the document, however long the chains
// are.
func (r *shapes) findShaped() {
	users := map[string][]string{}
	var found []string
	for _, s := range r.doc.Schemas {
		if hasProperties(s, func(part string) bool { users[part] = append(users[part], s.Name); return false }) {
			r.shaped[s.Name] = true
			found = append(found, s.Name)
		}
	}
	for len(found) > 0 {
		name := found[len(found)-1]
		found = found[:len(found)-1]
		for _, user := range users[name] {
			if !r.shaped[user] {
				r.shaped[user] = true
				found = append(found, user)
			}
		}
	}
}

// hasProperties reports whether a schema has members, of its own or by allOf; shaped reports that
// of the named ones.
func hasProperties(s *settled.Schema, shaped func(name string) bool) bool {
	if len(s.Properties) > 0 {
		return true
	}
	for _, part := range s.AllOf {
		name, _ := target(part)
		if name != "" && shaped(name) || name == "" && hasProperties(part, shaped) {
			return true
		}
	}
	return false
}

func isEnum(s *settled.Schema) bool {
	if len(s.Enum()) == 0 || s.Type() != "string" || timeExtension(s) != "" {
		return false
	}
	return !slices.ContainsFunc(s.Enum(), func(v *source.Node) bool { return v.Kind != source.String && v.Kind != source.Null })
}

// hasType reports whether a named schema becomes a model, an enum or a union.
func (r *shapes) hasType(s *settled.Schema) bool {
	return r.isModel(s) || isEnum(s) || r.planOf(s).isUnion()
}

// isNull reports whether a schema has no value but null.
func isNull(s *settled.Schema) bool {
	return len(s.Enum()) > 0 && !slices.ContainsFunc(s.Enum(), func(v *source.Node) bool { return v.Kind != source.Null })
}

// narrows reports whether a schema says nothing about which type a value is.
func narrows(s *settled.Schema) bool {
	return s.Type() == "" && len(s.Properties)+len(s.Enum())+len(s.AllOf)+len(s.OneOf)+len(s.AnyOf) == 0 && s.Items == nil
}

// requires reports whether a variant says only which members of its owner are required.
func requires(owner, s *settled.Schema) bool {
	if t := s.Type(); t != "" && t != "object" || len(s.Enum())+len(s.AllOf)+len(s.OneOf)+len(s.AnyOf) > 0 {
		return false
	}
	required := false
	for _, p := range s.Properties {
		if owner.Property(p.Name) == nil || !isAnything(p.Schema) {
			return false
		}
		required = required || p.Required
	}
	return required
}

// isAnything reports whether a schema allows any value.
func isAnything(s *settled.Schema) bool {
	for _, limit := range []string{"pattern", "minProperties", "minLength", "maxLength"} {
		if s.Get(limit) != nil {
			return false
		}
	}
	return s.Ref == nil && narrows(s) && s.Not == nil
}

// hasMembers reports whether a schema has members, of its own or by allOf.
func (r *shapes) hasMembers(s *settled.Schema) bool {
	return hasProperties(s, func(name string) bool { return r.shaped[name] })
}

// jsonKind returns the JSON types that values of a schema have, joined with "or"; empty if that can
// be anything.
func (r *shapes) jsonKind(s *settled.Schema) string {
	if r.asking > maxFollowing {
		return ""
	}
	r.asking++
	defer func() { r.asking-- }()
	for range maxFollowing {
		name, t := target(s)
		if name == "" {
			break
		}
		s = t
	}
	switch t := s.Type(); {
	case s == nil:
		return ""
	case r.planOf(s).isUnion():
		return r.planOf(s).kinds()
	case len(r.planOf(s).variants) == 1:
		return r.planOf(s).variants[0].kind
	case r.hasMembers(s) || t == "object":
		return "object"
	case t == "integer" || t == "number" || timeExtension(s) == "unix-milli":
		return "number"
	case t != "":
		return t
	}
	if part, ok := r.onlyPart(s); ok {
		return r.jsonKind(part)
	}
	return ""
}

// onlyPart returns the one part of an allOf that says what a value is, where the others only narrow
// it and there are no members.
func (r *shapes) onlyPart(s *settled.Schema) (*settled.Schema, bool) {
	if len(s.AllOf) == 0 || s.Type() != "" || r.hasMembers(s) {
		return nil, false
	}
	var only *settled.Schema
	for _, part := range s.AllOf {
		if _, t := target(part); narrows(t) {
			continue
		}
		if only != nil {
			return nil, false
		}
		only = part
	}
	return only, only != nil
}
