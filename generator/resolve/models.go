package resolve

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/naming"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// create makes an empty model or enum for each schema with a name, so that links can point to them.
func (r *resolver) create() {
	if r.doc.T.Components == nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(r.doc.T.Components.Schemas)) {
		s := r.named(name)
		h := hint{name: naming.Exported(name), given: r.given[s.node]}
		switch {
		case r.isModel(s):
			r.models[name] = r.newModel(h, s)
			if s.node.Get("discriminator") != nil {
				r.note(s.address, "its discriminator tells that there is more to it", "the members of "+r.models[name].Name+"; all others are undocumented members")
			}
		case isEnum(s):
			r.enums[name] = r.newEnum(h, s)
		case r.planOf(s).isUnion():
			r.unions[name] = r.newUnion(h, s)
		}
	}
}

// isModel tells whether a schema is an object with members of its own, or several of them put together.
func (r *resolver) isModel(s schema) bool {
	p := r.planOf(s)
	return len(p.variants) == 0 && !p.open && r.hasMembers(s)
}

// findShaped finds the named schemas that have members, of their own or by allOf. Going from each to those that are made of it takes
// time in proportion to the document, however long the chains are.
func (r *resolver) findShaped() {
	r.shaped = map[string]bool{}
	if r.doc.T.Components == nil {
		return
	}
	users := map[string][]string{}
	var found []string
	for name := range r.doc.T.Components.Schemas {
		if r.hasProperties(r.named(name), func(part string) bool { users[part] = append(users[part], name); return false }) {
			r.shaped[name] = true
			found = append(found, name)
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

// hasProperties tells whether a schema has members, of its own or by allOf; shaped tells it of the named ones.
func (r *resolver) hasProperties(s schema, shaped func(name string) bool) bool {
	if s.Value == nil {
		return false
	}
	if len(s.Value.Properties) > 0 {
		return true
	}
	for _, part := range s.Value.AllOf {
		p := schema{SchemaRef: part}
		if name, _ := r.target(p); name != "" {
			if shaped(name) {
				return true
			}
			continue
		}
		if r.hasProperties(p, shaped) {
			return true
		}
	}
	return false
}

func isEnum(s schema) bool {
	if s.Value == nil || len(s.Value.Enum) == 0 || !s.is("string") || timeExtension(s) != "" {
		return false
	}
	return !slices.ContainsFunc(s.Value.Enum, func(v any) bool { _, ok := v.(string); return !ok && v != nil })
}

func (r *resolver) newModel(h hint, s schema) *ir.Model {
	m := &ir.Model{Name: r.typeName(h), Address: s.address, Doc: s.Value.Description}
	if s.Value.Deprecated {
		m.Deprecated = deprecatedText
	}
	r.api.Models = append(r.api.Models, m)
	return m
}

// deprecatedText stands where a document marks something as deprecated and does not say why.
const deprecatedText = "the documents of the API mark it as deprecated."

func (r *resolver) newEnum(h hint, s schema) *ir.Enum {
	e := &ir.Enum{Name: r.typeName(h), Address: s.address, Doc: s.Value.Description}
	for _, v := range s.Value.Enum {
		if value, ok := v.(string); ok {
			e.Values = append(e.Values, r.enumValue(e, value))
		}
	}
	r.api.Enums = append(r.api.Enums, e)
	return e
}

// enumValue names the constant of a value.
func (r *resolver) enumValue(e *ir.Enum, value string) ir.EnumValue {
	return ir.EnumValue{Name: r.take(r.types, e.Name+naming.Value(value)), Value: value}
}

// linkSchemas fills the models and unions of schemas with names.
func (r *resolver) linkSchemas() {
	for _, name := range slices.Sorted(maps.Keys(r.models)) {
		r.fill(r.models[name], r.named(name))
	}
	for _, name := range slices.Sorted(maps.Keys(r.unions)) {
		r.fillUnion(r.unions[name], r.named(name))
	}
}

// fill gives a model its fields.
func (r *resolver) fill(m *ir.Model, s schema) {
	f := &filler{r: r, m: m, scope: naming.NewScope("JSON", "UnmarshalJSON", "MarshalJSON", "AppendJSON", "Clone"),
		wires: map[string]schema{}, seen: map[string]bool{}, required: map[string]bool{}}
	f.add(s, m.Name)
	if s.Value.AdditionalProperties.Schema != nil {
		r.note(s.address+"{}", "members of any name stand beside those with a name", "they are kept as JSON, for JSON.Extra")
	}
	for _, field := range m.Fields {
		field.Required = f.required[field.Wire]
	}
}

// filler fills one model from a schema and all that allOf brings into it.
type filler struct {
	r        *resolver
	m        *ir.Model
	scope    *naming.Scope
	wires    map[string]schema // the first that describes each member
	seen     map[string]bool   // names of schemas
	required map[string]bool   // names of members
}

// add adds the properties of s, those that allOf brings in before its own. Shapes within them are called after owner, the model of
// the schema that they stand in, so that all models that schema is a part of share them.
func (f *filler) add(s schema, owner string) {
	for _, part := range s.parts("allOf") {
		home := owner
		if name, target := f.r.target(part); name != "" {
			if f.seen[name] || !f.r.spend(s, 1+len(target.order())) {
				continue
			}
			f.seen[name] = true
			part = target
			if m := f.r.models[name]; m != nil {
				home = m.Name
			}
		}
		if part.Value == nil {
			continue
		}
		if p := f.r.planOf(part); len(p.variants) > 0 {
			f.r.note(part.address, "the variants of a part of "+f.m.Name+" bring in members", "they are undocumented members of "+f.m.Name)
		}
		f.add(part, home)
	}
	for _, name := range s.Value.Required {
		f.required[name] = true
	}
	for _, wire := range s.order() {
		if first, there := f.wires[wire]; there {
			f.compare(first, s.property(wire))
			continue
		}
		f.wires[wire] = s.property(wire)
		f.m.Fields = append(f.m.Fields, f.r.field(owner, s, wire, f.scope))
	}
}

// compare reports a member that two parts describe as something else. The first one counts.
func (f *filler) compare(first, again schema) {
	firstName, _ := f.r.target(first)
	name, _ := f.r.target(again)
	kind, other := f.r.jsonKind(first), f.r.jsonKind(again)
	if other == "" || kind == other && (name == firstName || name == "" && kind != "object") {
		return
	}
	f.r.note(again.address, "it is "+cmp.Or(name, other)+" here and "+cmp.Or(firstName, kind, "anything")+" in "+first.address, "the latter is taken for "+f.m.Name)
}

// maxInherited is how many members and parts allOf may bring into all schemas together. A long chain of schemas, each of which is
// the one before with a member more, would otherwise make Go that grows with the square of the document.
const maxInherited = 200_000

// spend counts what allOf brings in, and tells whether there may be more.
func (r *resolver) spend(s schema, members int) bool {
	if r.inherited > maxInherited {
		return false
	}
	if r.inherited += members; r.inherited > maxInherited {
		r.errs.Add(source.Position{}, s.address, fmt.Sprintf("allOf brings more than %d members into the schemas of the document", maxInherited), "give a simpler document")
		return false
	}
	return true
}

func (r *resolver) field(owner string, s schema, wire string, scope *naming.Scope) *ir.Field {
	p := s.property(wire)
	name := scope.Take(naming.Exported(wire))
	f := &ir.Field{Name: name, Address: p.address, Wire: wire}
	f.Type = r.typeOf(p, hint{name: owner + name, owner: owner, member: wire, doc: "The " + wire + " of " + owner + "."})
	r.shownFields[f] = p
	if p.Value != nil && p.Ref == "" {
		remark := p.remark()
		f.Doc = withListed(remark.Description, p, f.Type)
		if p.Value.Deprecated || remark.Deprecated {
			f.Deprecated = deprecatedText
		}
	}
	return f
}
