package resolve

import (
	"slices"

	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// Parts of an allOf may describe one member several times: a page has items, and a page of books
// says that they are books. A value must be what all parts say, so the part that says more counts.

// narrow returns a schema for the values that both schemas describe: one of them where it says more
// than the other, or a new one. It returns nil if there is none that Go can say.
func (r *typer) narrow(a, b *settled.Schema) *settled.Schema {
	nameA, wholeA := target(a)
	nameB, wholeB := target(b)
	switch {
	case wholeA == wholeB || r.saysNothing(wholeB):
		return a
	case r.saysNothing(wholeA):
		return b
	case nameA != "" && derives(wholeB, nameA):
		return b
	case nameB != "" && derives(wholeA, nameB):
		return a
	case nameA+nameB == "" && wholeA.Node().Equal(wholeB.Node()):
		return a
	}
	if planA, planB := r.planOf(wholeA), r.planOf(wholeB); len(planA.variants)+len(planB.variants) > 0 {
		return nil
	}
	kind := r.jsonKind(a)
	if kind != r.jsonKind(b) {
		return nil
	}
	switch kind {
	case "array":
		return r.narrowInside(a, b, wholeA.Items, wholeB.Items, func(s, items *settled.Schema) { s.Items = items })
	case "object":
		return r.narrowObjects(a, b)
	}
	return r.narrowScalars(a, b)
}

// saysNothing reports whether a schema allows any value.
func (r *typer) saysNothing(s *settled.Schema) bool {
	return s == nil || narrows(s) && s.Additional == nil && timeExtension(s) == "" && len(r.planOf(s).variants) == 0
}

// derives reports whether a schema has the named one among its parts.
func derives(s *settled.Schema, from string) bool {
	seen := map[string]bool{}
	var look func(*settled.Schema) bool
	look = func(s *settled.Schema) bool {
		return slices.ContainsFunc(s.AllOf, func(part *settled.Schema) bool {
			name, t := target(part)
			if name == from && name != "" || t == nil || seen[name] && name != "" {
				return name == from && name != ""
			}
			seen[name] = true
			return look(t)
		})
	}
	return look(s)
}

// narrowInside narrows what lists or maps hold. A list whose items come from the other part is a
// copy with these items.
func (r *typer) narrowInside(a, b, insideA, insideB *settled.Schema, put func(s, inside *settled.Schema)) *settled.Schema {
	switch inside := r.narrow(insideA, insideB); inside {
	case nil:
		if insideA == nil && insideB == nil {
			return a
		}
		return nil
	case insideA:
		return a
	case insideB:
		return b
	default:
		return r.joined(a, b, func(s *settled.Schema) { put(s, inside) })
	}
}

// narrowObjects narrows objects. Members of two shapes, one of them without a name, are put
// together.
func (r *typer) narrowObjects(a, b *settled.Schema) *settled.Schema {
	nameA, wholeA := target(a)
	nameB, wholeB := target(b)
	switch hasA, hasB := r.hasMembers(wholeA), r.hasMembers(wholeB); {
	case hasA && hasB:
		if nameA != "" && nameB != "" {
			return nil
		}
		return r.joined(a, b, func(s *settled.Schema) {
			*s = settled.Schema{Element: settled.Element{Address: b.Address}, AllOf: []*settled.Schema{a, b}}
		})
	case hasA && r.saysNothing(wholeB.Additional):
		return a
	case hasB && r.saysNothing(wholeA.Additional):
		return b
	case hasA || hasB:
		return nil
	}
	return r.narrowInside(a, b, wholeA.Additional, wholeB.Additional, func(s, values *settled.Schema) { s.Additional = values })
}

// narrowScalars narrows texts, numbers and booleans: values that are listed, integers and times say
// more than others.
func (r *typer) narrowScalars(a, b *settled.Schema) *settled.Schema {
	_, wholeA := target(a)
	_, wholeB := target(b)
	enumA, enumB := wholeA.Enum(), wholeB.Enum()
	isTime := func(s *settled.Schema) bool { return timeExtension(s) != "" || s.Text("format") == "date-time" }
	switch {
	case len(enumA) > 0 && len(enumB) > 0:
		both := slices.DeleteFunc(slices.Clone(enumA), func(v *source.Node) bool { return !slices.ContainsFunc(enumB, v.Equal) })
		switch len(both) {
		case 0:
			return nil
		case len(enumA):
			return a
		case len(enumB):
			return b
		}
		return r.joined(a, b, func(s *settled.Schema) { s.Set("enum", &source.Node{Kind: source.Array, Items: both}) })
	case len(enumA) > 0:
		return a
	case len(enumB) > 0:
		return b
	case isTime(wholeB) && !isTime(wholeA), wholeB.Type() == "integer" && wholeA.Type() == "number":
		return b
	}
	return a
}

// joined returns a new schema, made of a copy of what describes a. It is the same for the same two
// schemas, so that all models with these parts share its type.
func (r *typer) joined(a, b *settled.Schema, change func(*settled.Schema)) *settled.Schema {
	key := [2]*settled.Schema{a, b}
	if s := r.narrowedTo[key]; s != nil {
		return s
	}
	_, whole := target(a)
	s := *whole
	s.Name, s.Address, s.Keywords = "", b.Address, slices.Clone(whole.Keywords)
	change(&s)
	r.narrowedTo[key] = &s
	return &s
}
