package diff

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/naming"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// schemas compares the schemas that have a name on both sides, and reports those that only one side
// uses.
func (c *comparer) schemas(old, new []*settled.Schema) {
	pairs, removed, added := pair(old, new, func(s *settled.Schema) string { return s.Name })
	for _, both := range pairs {
		c.schema(&place{nil, &both[0].Element, &both[1].Element}, both[0], both[1], c.uses[both[0]]|c.uses[both[1]])
	}
	for _, s := range removed {
		c.add(&place{nil, &s.Element, nil}, SchemaRemoved, "", "", "", 0)
	}
	for _, s := range added {
		c.add(&place{nil, nil, &s.Element}, SchemaAdded, "", "", "", 0)
	}
}

// limits are the keywords that say which values of a type are allowed.
var limits = []string{"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern",
	"minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"}

// schema compares what describes a value, which may be nothing. A schema with a name is compared
// once, at its own place, and not where it is used.
func (c *comparer) schema(p *place, old, new *settled.Schema, u use) {
	if old == nil && new == nil {
		return
	}
	a, b := orAnything(old), orAnything(new)
	refA, refB := reference(a), reference(b)
	if refA.name() != refB.name() {
		c.reference(p, refA, refB, u)
	}
	if !slices.EqualFunc(a.Keywords, b.Keywords, sameMember) {
		c.keywords(p, a, b, u)
	}
	if refA.name() != refB.name() {
		return // another schema: differences inside are reported where the two are
	}
	if !slices.EqualFunc(a.Keywords, b.Keywords, sameMember) {
		c.shape(p, a, b, u)
	}
	c.inside(p, a, b, u)
}

func orAnything(s *settled.Schema) *settled.Schema {
	if s == nil {
		return &settled.Schema{}
	}
	return s
}

func sameMember(a, b source.Member) bool { return a.Key == b.Key && a.Value.Equal(b.Value) }

// keywords compares what is said about the place of a value.
func (c *comparer) keywords(p *place, a, b *settled.Schema, u use) {
	for _, key := range []string{"description", "title", "example", "externalDocs"} {
		c.keyword(p, Text, key, 0)
	}
	c.keyword(p, Nullable, "nullable", u)
	c.keyword(p, Deprecated, "deprecated", 0)
	c.keyword(p, Default, "default", u)
	c.keyword(p, Limit, "readOnly", 0)
	c.keyword(p, Limit, "writeOnly", 0)
	c.keyword(p, TimeFormat, "x-auditgen-time", u)
	c.extensions(p, a.Keywords, b.Keywords, "x-auditgen-time")
}

// shape compares what is said about the value itself.
func (c *comparer) shape(p *place, a, b *settled.Schema, u use) {
	c.keyword(p, Type, "type", u)
	c.keyword(p, Format, "format", u)
	for _, key := range limits {
		c.keyword(p, Limit, key, u)
	}
	c.keyword(p, Alternatives, "discriminator", u)
	c.enum(p, a.Get("enum"), b.Get("enum"), u)
}

// ref is the schema that a reference leads to, or nil.
type ref struct{ *settled.Schema }

func (r ref) name() string {
	if r.Schema == nil {
		return ""
	}
	return r.Name
}

// reference returns where a schema leads. A reference wrapped into allOf, to make room for a
// description, counts as the reference itself.
func reference(s *settled.Schema) ref {
	if s.Ref == nil && len(s.AllOf) == 1 && len(s.Properties) == 0 {
		return ref{s.AllOf[0].Ref}
	}
	return ref{s.Ref}
}

// reference reports that another schema describes a value. A schema that differs only in its name
// changes nothing on the wire.
func (c *comparer) reference(p *place, old, new ref, u use) {
	change := c.add(p, Reference, "$ref", old.name(), new.name(), u)
	if old.Schema != nil && new.Schema != nil && old.Node().Equal(new.Node()) {
		change.Wire, change.Severity = "", None
	}
}

// inside compares what an object, an array or a combination holds.
func (c *comparer) inside(p *place, a, b *settled.Schema, u use) {
	c.properties(p, a, b, u)
	if a.Items != nil && b.Items != nil {
		c.schema(p.schema(a.Items, b.Items), a.Items, b.Items, u)
	}
	if a.Additional != nil && b.Additional != nil {
		c.schema(p.schema(a.Additional, b.Additional), a.Additional, b.Additional, u)
	} else {
		c.value(p, Open, "additionalProperties", additional(a), additional(b), u)
	}
	c.alternatives(p, "oneOf", a.OneOf, b.OneOf, u)
	c.alternatives(p, "anyOf", a.AnyOf, b.AnyOf, u)
	c.alternatives(p, "allOf", a.AllOf, b.AllOf, u)
	c.value(p, Alternatives, "not", a.Not.Node(), b.Not.Node(), u)
}

// additional returns what a schema says about members without a name: a schema or a boolean.
func additional(s *settled.Schema) *source.Node {
	if s.Additional != nil {
		return s.Additional.Node()
	}
	return s.Get("additionalProperties")
}

// alternatives compares combinations one by one if there are as many of them, of the same names, on
// both sides.
func (c *comparer) alternatives(p *place, key string, old, new []*settled.Schema, u use) {
	if a, b := names(old), names(new); a != b || len(old) != len(new) {
		c.add(p, Alternatives, key, a, b, u)
		return
	}
	for i := range old {
		c.schema(p.schema(old[i], new[i]), old[i], new[i], u)
	}
}

// names returns what a combination is made of: names of schemas, and types where there is no name.
func names(list []*settled.Schema) string {
	var all []string
	for _, one := range list {
		all = append(all, cmp.Or(reference(one).name(), one.Type(), orNone("")))
	}
	return strings.Join(all, ", ")
}

// properties pairs members by name, then by Go name.
func (c *comparer) properties(p *place, old, new *settled.Schema, u use) {
	pairs, removed, added := pair(old.Properties, new.Properties, func(m *settled.Property) string { return "." + m.Name })
	renamed, removed, added := pair(removed, added, func(m *settled.Property) string { return naming.Exported(m.Name) })
	for _, both := range pairs {
		c.member(p.schema(both[0].Schema, both[1].Schema), both, u)
	}
	for _, both := range renamed {
		here := p.schema(both[0].Schema, both[1].Schema)
		c.add(here, MemberRenamed, "", both[0].Name, both[1].Name, u)
		c.member(here, both, u)
	}
	for _, m := range removed {
		c.add(p.schema(m.Schema, nil), MemberRemoved, "", "", "", u)
	}
	for _, m := range added {
		more := u
		if m.Required {
			more |= isRequired
		}
		c.add(p.schema(nil, m.Schema), MemberAdded, "", "", "", more)
	}
}

func (c *comparer) member(p *place, both [2]*settled.Property, u use) {
	if was, is := both[0].Required, both[1].Required; was != is {
		c.add(p, Required, "required", strconv.FormatBool(was), strconv.FormatBool(is), u)
	}
	c.schema(p, both[0].Schema, both[1].Schema, u)
}

// enum reports every value that came or went.
func (c *comparer) enum(p *place, old, new *source.Node, u use) {
	if old.Equal(new) {
		return
	}
	_, removed, added := pair(items(old), items(new), (*source.Node).JSON)
	if old == nil || new == nil {
		u |= isWhole
	}
	for _, v := range removed {
		c.add(p, EnumRemoved, "enum", v.JSON(), "", u)
	}
	for _, v := range added {
		c.add(p, EnumAdded, "enum", "", v.JSON(), u)
	}
}
