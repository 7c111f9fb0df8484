package diff

import (
	"strconv"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/naming"
	"github.com/seed-1954497d/auditgen/generator/source"
)

const refPrefix = "#/components/schemas/"

// schemas compares the schemas that have a name on both sides, and reports those that only one side uses.
func (c *comparer) schemas() {
	c.keyed(c.old, c.new, func(name string, a, b *source.Node) {
		p := &place{nil, "schema " + name, "schema " + name}
		switch {
		case a == nil:
			c.add(p, SchemaAdded, "", "", "", 0)
		case b == nil:
			c.add(p, SchemaRemoved, "", "", "", 0)
		default:
			c.schema(p, a, b, c.uses[name])
		}
	})
}

// limits are the keywords that say which values of a type are allowed.
var limits = []string{"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern",
	"minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"}

// schema compares what describes a value. A schema with a name is compared once, where it stands, and not where it is used.
func (c *comparer) schema(p *place, old, new *source.Node, u use) {
	if old.Equal(new) {
		return
	}
	a, refA := target(old)
	b, refB := target(new)
	if refA != refB {
		c.reference(p, refA, refB, u)
	}
	for _, key := range []string{"description", "title", "example", "externalDocs"} {
		c.fact(p, Text, key, a, b, 0)
	}
	c.fact(p, Nullable, "nullable", a, b, u)
	c.fact(p, Deprecated, "deprecated", a, b, 0)
	c.fact(p, Default, "default", a, b, u)
	c.fact(p, Limit, "readOnly", a, b, 0)
	c.fact(p, Limit, "writeOnly", a, b, 0)
	c.fact(p, TimeFormat, "x-auditgen-time", a, b, u)
	c.extensions(p, a, b, "x-auditgen-time")
	if refA != refB {
		return // another schema: what differs inside is told where the two stand
	}
	c.fact(p, Type, "type", a, b, u)
	c.fact(p, Format, "format", a, b, u)
	for _, key := range limits {
		c.fact(p, Limit, key, a, b, u)
	}
	c.enum(p, a.Get("enum"), b.Get("enum"), u)
	c.inside(p, a, b, u)
}

// reference reports that another schema describes a value. A schema that has another name and nothing else is none for the wire.
func (c *comparer) reference(p *place, old, new string, u use) {
	change := c.add(p, Reference, "$ref", old, new, u)
	if a := c.old.Get(old); a != nil && a.Equal(c.new.Get(new)) {
		change.Wire, change.Severity = "", None
	}
}

// target gives the schema that stands at a place, and the name of the one it refers to. A reference wrapped into allOf, to make
// room for a description, counts as the reference itself.
func target(n *source.Node) (*source.Node, string) {
	ref := n.Get("$ref")
	if all := n.Get("allOf"); ref == nil && all != nil && len(all.Items) == 1 && n.Get("properties") == nil {
		ref = all.Items[0].Get("$ref")
	}
	return n, strings.TrimPrefix(ref.Str(), refPrefix)
}

// inside compares what an object, an array or a combination holds.
func (c *comparer) inside(p *place, old, new *source.Node, u use) {
	c.properties(p, old, new, u)
	if a, b := old.Get("items"), new.Get("items"); a != nil && b != nil {
		c.schema(p.child("[]", "[]"), a, b, u)
	}
	a, b := old.Get("additionalProperties"), new.Get("additionalProperties")
	switch {
	case a.Equal(b):
	case a != nil && b != nil && a.Kind == source.Object && b.Kind == source.Object:
		c.schema(p.child("{}", "{}"), a, b, u)
	default:
		c.add(p, Open, "additionalProperties", value(a), value(b), u)
	}
	for _, key := range []string{"oneOf", "anyOf", "allOf"} {
		c.alternatives(p, key, old.Get(key), new.Get(key), u)
	}
	c.fact(p, Alternatives, "not", old, new, u)
	c.fact(p, Alternatives, "discriminator", old, new, u)
}

// alternatives compares combinations one by one as long as there are as many of them, of the same names, on both sides.
func (c *comparer) alternatives(p *place, key string, old, new *source.Node, u use) {
	if old.Equal(new) {
		return
	}
	a, b := names(old), names(new)
	if a != b {
		c.add(p, Alternatives, key, a, b, u)
		return
	}
	for i, one := range items(old) {
		c.schema(p.child("<"+key+">", "<"+key+">"), one, new.Items[i], u)
	}
}

// names gives what a combination is made of: names of schemas, and types where there is no name.
func names(list *source.Node) string {
	var all []string
	for _, one := range items(list) {
		_, name := target(one)
		if name == "" {
			name = orNone(value(one.Get("type")))
		}
		all = append(all, name)
	}
	return strings.Join(all, ", ")
}

// properties pairs members by name, then by Go name.
func (c *comparer) properties(p *place, old, new *source.Node, u use) {
	a, b := old.Get("properties"), new.Get("properties")
	needA, needB := required(old), required(new)
	if a.Equal(b) && len(needA)+len(needB) == 0 {
		return
	}
	pairs, removed, added := pair(members(a), members(b), func(m source.Member) string { return m.Key })
	renamed, removed, added := pair(removed, added, func(m source.Member) string { return naming.Exported(m.Key) })
	for _, both := range pairs {
		c.member(p.member(both[0].Key, both[1].Key), both, needA, needB, u)
	}
	for _, both := range renamed {
		here := p.member(both[0].Key, both[1].Key)
		c.add(here, MemberRenamed, "", both[0].Key, both[1].Key, u)
		c.member(here, both, needA, needB, u)
	}
	for _, m := range removed {
		c.add(p.member(m.Key, m.Key), MemberRemoved, "", "", "", u)
	}
	for _, m := range added {
		more := u
		if needB[m.Key] {
			more |= isRequired
		}
		c.add(p.member(m.Key, m.Key), MemberAdded, "", "", "", more)
	}
}

func (c *comparer) member(p *place, both [2]source.Member, needA, needB map[string]bool, u use) {
	if was, is := needA[both[0].Key], needB[both[1].Key]; was != is {
		c.add(p, Required, "required", strconv.FormatBool(was), strconv.FormatBool(is), u)
	}
	c.schema(p, both[0].Value, both[1].Value, u)
}

// required gives the names of the members that a schema requires.
func required(n *source.Node) map[string]bool {
	list := items(n.Get("required"))
	all := make(map[string]bool, len(list))
	for _, name := range list {
		all[name.Str()] = true
	}
	return all
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
