package resolve

import (
	"cmp"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/settled"
)

// A schema with oneOf or anyOf is taken apart before anything gets a Go type. Variants that only
// narrow what the schema says beside them (a pattern, a list of required members) and variants that
// are null are not variants. A union among the variants is opened where nothing is lost by it.
// Strings of all sorts are one variant, and so are numbers. One variant that is left is what the
// schema is; several make a union.

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
	parts []*settled.Schema // one, or several scalars of one kind
	name  string            // name of the schema, empty if it has none
	kind  string            // its JSON types, such as "object" or "array or string"
	home  string            // name of the union it was taken out of, empty if it is one of the schema's own
	place int               // which variant of that union it is, from 1
}

func (p *plan) isUnion() bool { return len(p.variants) > 1 || p.open && len(p.variants) > 0 }

const (
	maxOpened  = 3      // levels of unions within unions that are opened; what lies deeper stays a union of its own
	maxVariant = 20_000 // variants that are taken out of named unions, in all unions together
)

// planOf takes a schema apart; it has no variants where there is neither oneOf nor anyOf.
func (r *shapes) planOf(s *settled.Schema) *plan {
	if s == nil || len(s.OneOf)+len(s.AnyOf) == 0 {
		return &plan{}
	}
	if p := r.plans[s]; p != nil {
		return p
	}
	p := &plan{mapping: map[string]string{}}
	r.plans[s] = p // an answer for those that ask on the way
	c := &variantCollector{r: r, plan: p, seen: map[string]bool{}, places: map[string]int{}, scalars: map[[2]string]bool{}}
	c.discriminator(s)
	c.open(s, 0, "")
	p.variants = mergedScalars(c.found)
	return p
}

// variantCollector collects the variants of one schema.
type variantCollector struct {
	r     *shapes
	plan  *plan
	seen  map[string]bool // names of schemas
	found []alternative

	places  map[string]int     // how many variants each named union had so far
	scalars map[[2]string]bool // named unions and the scalars that they have already

	required bool // some variants only say which members are required, and that was reported
}

// open adds the variants of s, which is in the union home.
func (c *variantCollector) open(s *settled.Schema, level int, home string) {
	variants := s.OneOf
	if len(variants) == 0 {
		variants = s.AnyOf
	} else if len(s.AnyOf) > 0 && level == 0 {
		c.r.note(s.Address, "there is anyOf beside oneOf", "anyOf is passed over")
	}
	for _, v := range variants {
		name, t := target(v)
		switch {
		case name != "" && c.seen[name], isNull(t):
		case c.opened(t, name, level):
			c.seen[name] = name != ""
			c.open(t, level+1, cmp.Or(name, home))
		default:
			c.seen[name] = name != ""
			c.add(s, v, name, t, home)
		}
	}
}

// opened reports whether a variant is a union whose variants can replace it.
func (c *variantCollector) opened(target *settled.Schema, name string, level int) bool {
	if level >= maxOpened || !c.r.planOf(target).isUnion() || c.r.hasMembers(target) {
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
func (c *variantCollector) add(owner, v *settled.Schema, name string, target *settled.Schema, home string) {
	kind := c.r.jsonKind(v)
	if requires(owner, target) {
		if !c.required {
			c.required = true
			c.r.note(owner.Address, "its variants only say which members are required", "those of all of them are optional")
		}
		return
	}
	if kind == "" && narrows(target) && (owner.Type() != "" || c.r.hasMembers(owner) || !isAnything(target)) {
		return
	}
	if kind == "" {
		c.plan.open = true
		return
	}
	c.found = append(c.found, alternative{parts: []*settled.Schema{v}, name: name, kind: kind, home: home, place: c.place(home, kind)})
}

// place counts the variants of each union, of which all strings are one, and so on. A variant has
// the same place in the union it stands in and in all that take it out of there.
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

// discriminator notes which values stand for which schemas.
func (c *variantCollector) discriminator(s *settled.Schema) {
	d := s.Get("discriminator")
	if d == nil {
		return
	}
	c.plan.tag = d.Get("propertyName").Str()
	mapping := d.Get("mapping")
	if mapping == nil {
		return
	}
	for _, m := range mapping.Members {
		name, _ := strings.CutPrefix(m.Value.Str(), settled.SchemaRef)
		name = strings.NewReplacer("~1", "/", "~0", "~").Replace(name)
		if _, there := c.plan.mapping[m.Key]; !there {
			c.plan.mapping[m.Key] = name
			c.plan.values = append(c.plan.values, m.Key)
		}
	}
}

// mergedScalars makes one variant of all strings, one of all numbers and one of all booleans, where
// the first of them stands.
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

// kinds returns the JSON types that all variants together have, joined with "or"; empty if that can
// be anything.
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
