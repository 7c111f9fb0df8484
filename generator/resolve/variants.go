package resolve

import (
	"cmp"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// A schema with oneOf or anyOf is taken apart before anything gets a Go type. Variants that only narrow what the schema says
// beside them (a pattern, a list of required members) and variants that are null are no variants. A union among the variants is
// opened where nothing is lost by it. Strings of all sorts are one variant, and so are numbers. One variant that is left is what
// the schema is; several make a union.

// plan is what the variants of a schema come to.
type plan struct {
	variants []alternative
	tag      string            // member that tells objects apart, as a discriminator says; empty if none does
	mapping  map[string]string // value of the tag to name of the schema, where it is said
	values   []string          // the keys of mapping in the order of the document
	open     bool              // one of the variants can be anything
}

// alternative is one variant.
type alternative struct {
	parts []schema // one, or several scalars of one kind
	name  string   // name of the schema, empty if it has none
	kind  string   // its JSON types, such as "object" or "array or string"
	home  string   // name of the union it was taken out of, empty if it is one of the schema's own
	place int      // which variant of that union it is, from 1
}

func (p *plan) isUnion() bool { return len(p.variants) > 1 || p.open && len(p.variants) > 0 }

const (
	maxOpened  = 3      // levels of unions within unions that are opened; what lies deeper stays a union of its own
	maxVariant = 20_000 // variants that are taken out of named unions, in all unions together
)

// planOf takes a schema apart; it has no variants where there is neither oneOf nor anyOf.
func (r *resolver) planOf(s schema) *plan {
	if s.SchemaRef == nil || s.Value == nil || len(s.Value.OneOf)+len(s.Value.AnyOf) == 0 {
		return &plan{}
	}
	if p := r.plans[s.node]; p != nil {
		return p
	}
	p := &plan{mapping: map[string]string{}}
	if s.node != nil {
		r.plans[s.node] = p // an answer for those that ask on the way
	}
	c := &variantCollector{r: r, plan: p, seen: map[string]bool{}, places: map[string]int{}, scalars: map[[2]string]bool{}}
	c.discriminator(s)
	c.open(s, 0, "")
	p.variants = mergedScalars(c.found)
	return p
}

// variantCollector collects the variants of one schema.
type variantCollector struct {
	r     *resolver
	plan  *plan
	seen  map[string]bool // names of schemas
	found []alternative

	places  map[string]int     // how many variants each named union had so far
	scalars map[[2]string]bool // named unions and the scalars that they have already

	required bool // some variants only say which members are required, and that was reported
}

// open adds the variants of s, which stands in the union home.
func (c *variantCollector) open(s schema, level int, home string) {
	key := "oneOf"
	if len(s.Value.OneOf) == 0 {
		key = "anyOf"
	} else if len(s.Value.AnyOf) > 0 && level == 0 {
		c.r.note(s.address, "there is anyOf beside oneOf", "anyOf is passed over")
	}
	for _, v := range s.parts(key) {
		name, target := c.r.target(v)
		switch {
		case name != "" && c.seen[name], target.SchemaRef == nil, isNull(target):
		case c.opened(target, name, level):
			c.seen[name] = name != ""
			c.open(target, level+1, cmp.Or(name, home))
		default:
			c.seen[name] = name != ""
			c.add(s, v, name, target, home)
		}
	}
}

// opened tells whether a variant is a union whose variants can stand in its place.
func (c *variantCollector) opened(target schema, name string, level int) bool {
	if level >= maxOpened || target.Value == nil || !c.r.planOf(target).isUnion() || c.r.hasMembers(target) {
		return false
	}
	inner := c.r.planOf(target)
	if inner.tag != "" && inner.tag != c.plan.tag || inner.open {
		return false
	}
	if name != "" {
		if c.r.taken += len(inner.variants); c.r.taken > maxVariant {
			return false
		}
	}
	if inner.tag != "" {
		c.discriminator(target)
	}
	return true
}

// add takes a variant as it is.
func (c *variantCollector) add(owner, v schema, name string, target schema, home string) {
	kind := c.r.jsonKind(v)
	if requires(owner, target) {
		if !c.required {
			c.required = true
			c.r.note(owner.address, "its variants only say which members are required", "those of all of them are optional")
		}
		return
	}
	if kind == "" && narrows(target) && (owner.Value.Type != nil || c.r.hasMembers(owner) || !isAnything(target)) {
		return
	}
	if kind == "" {
		c.plan.open = true
		return
	}
	c.found = append(c.found, alternative{parts: []schema{v}, name: name, kind: kind, home: home, place: c.place(home, kind)})
}

// place counts the variants of each union, of which all strings are one, and so on. A variant has the same place in the union it
// stands in and in all that take it out of there.
func (c *variantCollector) place(home, kind string) int {
	if isScalarKind(kind) {
		if c.scalars[[2]string{home, kind}] {
			return c.places[home]
		}
		c.scalars[[2]string{home, kind}] = true
	}
	c.places[home]++
	return c.places[home]
}

func isScalarKind(kind string) bool { return kind == "string" || kind == "number" || kind == "boolean" }

// discriminator takes down which values stand for which schemas.
func (c *variantCollector) discriminator(s schema) {
	d := s.node.Get("discriminator")
	if d == nil {
		return
	}
	c.plan.tag = d.Get("propertyName").Str()
	mapping := d.Get("mapping")
	if mapping == nil {
		return
	}
	for _, m := range mapping.Members {
		name, _ := strings.CutPrefix(m.Value.Str(), "#/components/schemas/")
		name = strings.NewReplacer("~1", "/", "~0", "~").Replace(name)
		if _, there := c.plan.mapping[m.Key]; !there {
			c.plan.mapping[m.Key] = name
			c.plan.values = append(c.plan.values, m.Key)
		}
	}
}

// parts gives the schemas that a schema lists under oneOf, anyOf or allOf.
func (s schema) parts(key string) []schema {
	if s.node.Get(key) == nil {
		return nil
	}
	refs := s.Value.OneOf
	switch key {
	case "anyOf":
		refs = s.Value.AnyOf
	case "allOf":
		refs = s.Value.AllOf
	}
	all := make([]schema, 0, len(refs))
	for i, item := range s.node.Get(key).Items {
		address := s.address + " <" + key + ">"
		if s.nested {
			address = s.address + "<" + key + ">"
		}
		all = append(all, schema{refs[i], item, address, true})
	}
	return all
}

// mergedScalars makes one variant of all strings, one of all numbers and one of all booleans, where the first of them stands.
func mergedScalars(all []alternative) []alternative {
	var merged []alternative
	at := map[string]int{}
	for _, one := range all {
		if i, ok := at[one.kind]; ok {
			merged[i].parts, merged[i].name = append(merged[i].parts, one.parts...), ""
			continue
		}
		if isScalarKind(one.kind) {
			at[one.kind] = len(merged)
		}
		merged = append(merged, one)
	}
	return merged
}

// isNull tells whether a schema has no value but null.
func isNull(s schema) bool {
	if s.Value == nil || len(s.Value.Enum) == 0 {
		return false
	}
	return !slices.ContainsFunc(s.Value.Enum, func(v any) bool { return v != nil })
}

// narrows tells whether a schema says nothing of which type a value is.
func narrows(s schema) bool {
	v := s.Value
	return v != nil && v.Type == nil && len(v.Properties)+len(v.Enum)+len(v.AllOf)+len(v.OneOf)+len(v.AnyOf) == 0 && v.Items == nil
}

// requires tells whether a variant says no more than which members of its owner are required.
func requires(owner, s schema) bool {
	v := s.Value
	if v == nil || len(v.Required) == 0 || v.Type != nil && !v.Type.Is("object") || len(v.Enum)+len(v.AllOf)+len(v.OneOf)+len(v.AnyOf) > 0 {
		return false
	}
	for name, p := range v.Properties {
		if owner.Value.Properties[name] == nil || !isAnything(schema{SchemaRef: p}) {
			return false
		}
	}
	return len(owner.Value.Properties) > 0
}

// isAnything tells whether a schema allows any value.
func isAnything(s schema) bool {
	return s.Ref == "" && narrows(s) && len(s.Value.Required) == 0 && s.Value.Not == nil && s.Value.Pattern == "" &&
		s.Value.MinProps == 0 && s.Value.MinLength == 0 && s.Value.MaxLength == nil
}

// hasMembers tells whether a schema has members, of its own or by allOf.
func (r *resolver) hasMembers(s schema) bool {
	return r.hasProperties(s, func(name string) bool { return r.shaped[name] })
}

// jsonKind gives the JSON types that values of a schema have, joined with "or"; empty if that can be anything.
func (r *resolver) jsonKind(s schema) string {
	if r.asking > maxFollowing {
		return ""
	}
	r.asking++
	defer func() { r.asking-- }()
	for range maxFollowing {
		name, target := r.target(s)
		if name == "" {
			break
		}
		s = target
	}
	switch {
	case s.SchemaRef == nil || s.Value == nil:
		return ""
	case r.planOf(s).isUnion():
		return r.planOf(s).kinds()
	case len(r.planOf(s).variants) == 1:
		return r.planOf(s).variants[0].kind
	case r.hasMembers(s) || s.is("object"):
		return "object"
	case s.is("integer") || s.is("number") || timeExtension(s) == "unix-milli":
		return "number"
	case s.is("string") || s.is("boolean") || s.is("array"):
		return s.Value.Type.Slice()[0]
	}
	if part, ok := r.onlyPart(s); ok {
		return r.jsonKind(part)
	}
	return ""
}

// kinds gives the JSON types that all variants together have, joined with "or"; empty if that can be anything.
func (p *plan) kinds() string {
	if p.open {
		return ""
	}
	return joinedKinds(p.variants)
}

// joinedKinds joins the JSON types of variants, each once.
func joinedKinds(variants []alternative) string {
	var all []string
	for _, v := range variants {
		for kind := range strings.SplitSeq(v.kind, " or ") {
			if !slices.Contains(all, kind) {
				all = append(all, kind)
			}
		}
	}
	return strings.Join(all, " or ")
}

// onlyPart gives the one part of an allOf that says what a value is, where the others only narrow it and there are no members.
func (r *resolver) onlyPart(s schema) (schema, bool) {
	if s.Value == nil || len(s.Value.AllOf) == 0 || s.Value.Type != nil || r.hasMembers(s) {
		return schema{}, false
	}
	parts := slices.DeleteFunc(s.parts("allOf"), func(p schema) bool {
		_, target := r.target(p)
		return narrows(target)
	})
	if len(parts) != 1 {
		return schema{}, false
	}
	return parts[0], true
}

// plansOf is where plans are kept: by the place of the schema in the document.
type plansOf map[*source.Node]*plan
