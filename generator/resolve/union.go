package resolve

import (
	"fmt"
	"go/token"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/naming"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

func (r *typer) newUnion(h hint, s *settled.Schema) *ir.Union {
	u := &ir.Union{Name: r.typeName(h), Address: s.Address, Doc: s.Text("description")}
	if s.Is("deprecated") {
		u.Deprecated = deprecatedText
	}
	r.api.Unions = append(r.api.Unions, u)
	return u
}

// fillUnion makes the variants of a union.
func (r *typer) fillUnion(u *ir.Union, s *settled.Schema) {
	p := r.planOf(s)
	f := &unionFiller{r: r, u: u, s: s, plan: p, names: naming.NewScope()}
	for _, alt := range p.variants {
		f.add(alt)
	}
	if r.hasMembers(s) {
		f.common()
	}
	u.Want = p.kinds()
	if f.open {
		u.Want = ""
	}
	r.filled = append(r.filled, f)
}

// tellUnions decides how the variants of all unions are told apart. It needs their members, so it
// comes after all models are filled.
func (r *typer) tellUnions() {
	for _, f := range r.filled {
		f.tell()
		f.report()
	}
}

// unionFiller makes the variants of one union.
type unionFiller struct {
	r     *typer
	u     *ir.Union
	s     *settled.Schema
	plan  *plan
	names *naming.Scope
	alts  []alternative // what each variant of u was made of
	open  bool          // there are variants that cannot be told from any JSON value
}

func (f *unionFiller) add(alt alternative) {
	owner := f.u.Name
	if home := f.r.unions[alt.home]; home != nil && len(alt.parts) == 1 {
		owner = home.Name
	}
	t := f.r.alternativeType(alt, hint{name: owner + suffix(alt), doc: "One of what " + owner + " can be."})
	if t.Kind == ir.Raw {
		f.open = true
		return
	}
	same := func(v *ir.Variant) bool { return sameType(v.Type, t) }
	if slices.ContainsFunc(f.u.Variants, same) {
		return
	}
	f.variant(alt, t, variantName(t))
}

// variant takes a variant. What its type is called after the union itself needs no saying again.

func (f *unionFiller) variant(alt alternative, t *ir.Type, name string) {
	if short := strings.TrimPrefix(name, f.u.Name); short != "" && token.IsExported(short) {
		name = f.names.Take(short, name)
	} else {
		name = f.names.Take(name)
	}
	f.alts = append(f.alts, alt)
	f.u.Variants = append(f.u.Variants, &ir.Variant{Name: name, Make: f.r.take(f.r.types, f.u.Name+"Of"+name), Type: t, JSON: alt.kind})
}

// common adds the members beside the variants, as a variant that a value is besides what else it
// is.
func (f *unionFiller) common() {
	m := f.r.newModel(hint{name: f.u.Name + "Common"}, f.s)
	m.Doc = "The members that " + f.u.Name + " has whatever it is."
	f.r.fill(m, f.s)
	f.variant(alternative{kind: "object"}, &ir.Type{Kind: ir.ModelKind, Model: m}, "Common")
}

// suffix is what the shape of a variant without a name is called behind the name of the union: its
// title, or its place.
func suffix(alt alternative) string {
	if len(alt.parts) > 1 {
		return naming.Exported(alt.kind)
	}
	if v := naming.Camel(alt.parts[0].Resolved().Text("title")); v != "" {
		return v
	}
	return "Variant" + strconv.Itoa(alt.place)
}

// alternativeType decides the Go type of a variant.
func (r *typer) alternativeType(alt alternative, h hint) *ir.Type {
	if len(alt.parts) == 1 {
		return r.typeOf(alt.parts[0], h)
	}
	switch alt.kind {
	case "number":
		return r.numberType(alt.parts, h)
	case "string":
		return r.stringType(alt.parts, h)
	}
	return r.typeOf(alt.parts[0], h)
}

// numberType returns the type that holds all of several numbers.
func (r *typer) numberType(parts []*settled.Schema, h hint) *ir.Type {
	first := r.typeOf(parts[0], h)
	for _, p := range parts[1:] {
		if t := r.typeOf(p, h); !sameType(t, first) {
			return &ir.Type{Kind: ir.Float}
		}
	}
	return first
}

// stringType returns the type that holds all of several strings: a time if all are the same sort of
// time, an enum if some list their values, since other values are data.
func (r *typer) stringType(parts []*settled.Schema, h hint) *ir.Type {
	var enums []*settled.Schema
	times := 0
	for _, p := range parts {
		_, t := target(p)
		if isEnum(t) {
			enums = append(enums, p)
		}
		if timeExtension(t) != "" || t.Text("format") == "date-time" {
			times++
		}
	}
	switch {
	case times == len(parts):
		first := r.typeOf(parts[0], h)
		for _, p := range parts[1:] {
			if !sameType(first, r.typeOf(p, h)) {
				return &ir.Type{Kind: ir.String}
			}
		}
		return first
	case len(enums) == 0 || times > 0:
		return &ir.Type{Kind: ir.String}
	case len(enums) == 1:
		return r.typeOf(enums[0], h)
	}
	return &ir.Type{Kind: ir.EnumKind, Enum: r.jointEnum(enums, h)}
}

// jointEnum makes an enum of the values of several.
func (r *typer) jointEnum(enums []*settled.Schema, h hint) *ir.Enum {
	e := &ir.Enum{Name: r.typeName(h), Address: enums[0].Address, Doc: h.doc}
	seen := map[string]bool{}
	for _, p := range enums {
		_, t := target(p)
		for _, v := range t.Enum() {
			if v.Kind == source.String && !seen[v.Text] {
				seen[v.Text] = true
				e.Values = append(e.Values, r.enumValue(e, v.Text))
			}
		}
	}
	r.api.Enums = append(r.api.Enums, e)
	return e
}

// variantName is what the accessor of a variant is called after.
func variantName(t *ir.Type) string {
	switch t.Kind {
	case ir.ModelKind:
		return t.Model.Name
	case ir.EnumKind:
		return t.Enum.Name
	case ir.UnionKind:
		return t.Union.Name
	case ir.Slice:
		return variantName(t.Elem) + "List"
	case ir.Map:
		return variantName(t.Elem) + "Map"
	}
	return map[ir.Kind]string{ir.String: "String", ir.Int: "Int", ir.Uint: "Uint", ir.Float: "Float", ir.Bool: "Bool", ir.Time: "Time", ir.Raw: "Value"}[t.Kind]
}

func sameType(a, b *ir.Type) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Kind == b.Kind && a.Model == b.Model && a.Enum == b.Enum && a.Union == b.Union && a.Codec == b.Codec && sameType(a.Elem, b.Elem)
}

// report says what the union does not.
func (f *unionFiller) report() {
	var untold []string
	for i, v := range f.u.Variants {
		if !v.Told && !f.isCommon(i) {
			untold = append(untold, v.Name)
		}
	}
	switch {
	case f.plan.open || f.open:
		f.r.note(f.s.Address, "one of the variants can be any value", "any value is kept; Raw gives it")
	case len(untold) == 1:
		f.r.note(f.s.Address, "nothing tells "+untold[0]+" from the other variants", "Value leaves it as JSON; its As method reads it")
	case len(untold) > 1:
		f.r.note(f.s.Address, "nothing tells "+listed(untold)+" from the other variants", "Value leaves them as JSON; their As methods read them")
	}
	for _, value := range f.plan.values {
		name := f.plan.mapping[value]
		if !slices.ContainsFunc(f.alts, func(a alternative) bool { return a.name == name }) {
			f.r.note(f.s.Address, fmt.Sprintf("the discriminator maps %q to %s, which is no variant", value, name), "such a value is kept; Raw gives it")
		}
	}
}

// listed returns a few names, and how many more there are.
func listed(names []string) string {
	const enough = 5
	if len(names) <= enough {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:enough], ", ") + fmt.Sprintf(" and %d more", len(names)-enough)
}
