package resolve

import (
	"cmp"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/naming"
	"github.com/seed-1954497d/auditgen/generator/settled"
)

// hint is what a shape without a name is called after.
type hint struct {
	name   string // the name it gets as it is
	owner  string // Go name of the model it is a member of, if it is one
	member string // wire name of that member
	doc    string // what it is, where no document says so

	given *givenName // the name that the schema is given, if it is one
}

// item returns the hint for the items of an array: the singular. Where the owner is a plural that
// ends in the member, as AuditRecords ends in records, the item is what the owner holds:
// AuditRecord.
func (h hint) item() hint {
	if h.owner == "" {
		if single := naming.Singular(h.name); single != h.name {
			return hint{name: single, doc: h.doc}
		}
		return hint{name: h.name + "Item", doc: h.doc}
	}
	singular := naming.Exported(naming.Singular(h.member))
	if single := naming.Singular(h.owner); single != h.owner && strings.HasSuffix(single, singular) {
		return hint{name: single, doc: "One of the " + h.member + " of " + h.owner + "."}
	}
	doc := "One of the " + h.member + " of " + h.owner + "."
	if singular == naming.Exported(h.member) {
		return hint{name: h.owner + singular + "Item", doc: doc}
	}
	return hint{name: h.owner + singular, doc: doc}
}

// typer makes Go types of schemas.
type typer struct {
	*names
	models    map[string]*ir.Model // by schema name
	enums     map[string]*ir.Enum  // by schema name
	unions    map[string]*ir.Union // by schema name
	aliases   map[string]*ir.Type  // by schema name: the other schemas with names
	inner     map[shape]*ir.Type
	inherited int                           // members and parts that allOf brought in so far
	following map[string]bool               // names of schemas without a model that are being resolved, to find cycles
	filled    []*unionFiller                // unions whose variants are known
	fields    map[*ir.Field]*settled.Schema // where examples take their values from

	narrowedTo map[[2]*settled.Schema]*settled.Schema // what two descriptions of a member have in common
}

func newTyper(n *names) *typer {
	return &typer{names: n, models: map[string]*ir.Model{}, enums: map[string]*ir.Enum{}, unions: map[string]*ir.Union{}, aliases: map[string]*ir.Type{},
		inner: map[shape]*ir.Type{}, following: map[string]bool{}, fields: map[*ir.Field]*settled.Schema{},
		narrowedTo: map[[2]*settled.Schema]*settled.Schema{}}
}

// typeOf decides the Go type of a value. What cannot be said better in Go than in JSON stays JSON.
func (r *typer) typeOf(s *settled.Schema, h hint) *ir.Type {
	if name, t := target(s); name != "" {
		if m := r.models[name]; m != nil {
			return &ir.Type{Kind: ir.ModelKind, Model: m}
		}
		if e := r.enums[name]; e != nil && timeExtension(s) == "" {
			return &ir.Type{Kind: ir.EnumKind, Enum: e}
		}
		if u := r.unions[name]; u != nil {
			return &ir.Type{Kind: ir.UnionKind, Union: u}
		}
		return r.aliasType(name, s, t)
	}
	if s == nil {
		return &ir.Type{Kind: ir.Raw}
	}
	h = h.withName(r.given[s])
	switch p := r.planOf(s); {
	case p.isUnion():
		return r.shared(s, h, func() *ir.Type { return &ir.Type{Kind: ir.UnionKind, Union: r.newUnion(h, s)} })
	case p.open:
		return &ir.Type{Kind: ir.Raw}
	case len(p.variants) == 1:
		return r.onlyVariant(s, p.variants[0], h)
	}
	switch {
	case timeExtension(s) != "":
		return &ir.Type{Kind: ir.Time, Codec: codecs[timeExtension(s)]}
	case r.isModel(s):
		return r.shared(s, h, func() *ir.Type { return &ir.Type{Kind: ir.ModelKind, Model: r.newModel(h, s)} })
	case isEnum(s):
		return r.shared(s, h, func() *ir.Type { return &ir.Type{Kind: ir.EnumKind, Enum: r.newEnum(h, s)} })
	}
	return r.plain(s, h)
}

// shape is a schema without a name, and what its Go type is called after. Models that have one part
// in common, by allOf, share the types of its shapes; and a shape that holds what it is a part of
// comes back to itself.
type shape struct {
	schema *settled.Schema
	name   string
}

// shared returns the type of a shape, which is made when it is first met.
func (r *typer) shared(s *settled.Schema, h hint, make func() *ir.Type) *ir.Type {
	key := shape{s, h.key()}
	if t := r.inner[key]; t != nil {
		again := *t
		return &again
	}
	t := make()
	kept := *t
	r.inner[key] = &kept
	switch {
	case t.Model != nil:
		t.Model.Doc = cmp.Or(t.Model.Doc, h.doc)
		r.fill(t.Model, s)
	case t.Enum != nil:
		t.Enum.Doc = cmp.Or(t.Enum.Doc, h.doc)
	case t.Union != nil:
		t.Union.Doc = cmp.Or(t.Union.Doc, h.doc)
		r.fillUnion(t.Union, s)
	}
	return t
}

// aliasType returns the type of a schema with a name that is neither model, enum nor union. It is
// decided once, so that shapes within it are the same wherever it is used.
func (r *typer) aliasType(name string, s, target *settled.Schema) *ir.Type {
	if t := r.aliases[name]; t != nil {
		again := *t
		return &again
	}
	if r.following[name] || len(r.following) > maxFollowing {
		r.note(s.Address, "the value holds itself, and no model stands between", "it stays JSON from there on")
		return &ir.Type{Kind: ir.Raw}
	}
	r.following[name] = true
	t := r.typeOf(target, hint{name: naming.Exported(name)})
	delete(r.following, name)
	if len(r.following) == 0 {
		r.aliases[name] = t
		again := *t
		return &again
	}
	return t
}

// onlyVariant returns the type of a schema whose oneOf or anyOf leaves one variant.
func (r *typer) onlyVariant(s *settled.Schema, v alternative, h hint) *ir.Type {
	if r.hasMembers(s) {
		r.note(s.Address, "there are members beside oneOf or anyOf", "those of the variant are taken; the others are undocumented members")
	}
	return r.alternativeType(v, h)
}

// maxFollowing is through how many schemas that are not models a type is followed. What lies
// deeper, such as an array of arrays of arrays under a name each, stays JSON.
const maxFollowing = 30

// plain decides the types that are called after nothing.
func (r *typer) plain(s *settled.Schema, h hint) *ir.Type {
	switch {
	case s.Type() == "string" && s.Text("format") == "date-time":
		return &ir.Type{Kind: ir.Time, Codec: ir.RFC3339}
	case s.Type() == "string":
		return &ir.Type{Kind: ir.String}
	case s.Type() == "integer":
		if s.Text("format") == "uint64" {
			return &ir.Type{Kind: ir.Uint}
		}
		return &ir.Type{Kind: ir.Int}
	case s.Type() == "number":
		return &ir.Type{Kind: ir.Float}
	case s.Type() == "boolean":
		return &ir.Type{Kind: ir.Bool}
	case s.Type() == "array":
		return &ir.Type{Kind: ir.Slice, Elem: r.typeOf(s.Items, h.item())}
	case s.Type() == "object" && s.Additional != nil:
		return &ir.Type{Kind: ir.Map, Elem: r.typeOf(s.Additional, hint{name: h.name + "Value"})}
	case s.Type() == "object":
		return &ir.Type{Kind: ir.Map, Elem: &ir.Type{Kind: ir.Raw}}
	case len(s.AllOf) > 0:
		return r.narrowed(s, h)
	}
	if len(s.Enum()) > 0 {
		r.note(s.Address, "the values that are listed are of several types", "it stays JSON")
	}
	return &ir.Type{Kind: ir.Raw}
}

// narrowed decides the type of a value that is not an object and that allOf describes in parts: the
// one part that says what it is, which the others can only narrow.
func (r *typer) narrowed(s *settled.Schema, h hint) *ir.Type {
	if part, ok := r.onlyPart(s); ok && r.spend(s, 1) {
		return r.typeOf(part, h)
	}
	if len(s.AllOf) > 1 {
		r.note(s.Address, "the parts of allOf cannot be put together", "any JSON value")
	}
	return &ir.Type{Kind: ir.Raw}
}

// codecs are the values of x-auditgen-time.
var codecs = map[string]ir.Codec{"unix-milli": ir.UnixMilli, "jira": ir.Jira, "rfc3339": ir.RFC3339}

// timeExtension returns how a time travels, "" if the schema does not say that it is one.
func timeExtension(s *settled.Schema) string {
	text := s.Resolved().Text("x-auditgen-time")
	if _, ok := codecs[text]; !ok {
		return ""
	}
	return text
}
