package resolve

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// How variants are told apart, surest first: by the value of one member, as a discriminator says or
// as their enums show; by the JSON type that only one of them has; and among objects by members
// that one must have and another does not know. What cannot be told apart is left to the caller.

// maxCompared is how many objects are compared with each other: it takes time with the square of
// them.
const maxCompared = 50

// tell decides how the variants are told apart.
func (f *unionFiller) tell() {
	if f.open || f.plan.open {
		f.byTag() // any JSON value may be meant, unless a member says otherwise
		return
	}
	objects := f.objects()
	if !f.byTag() && len(objects) > 1 && len(objects) <= maxCompared && !f.byEnum(objects) {
		f.byMembers(objects)
	}
	for i, v := range f.u.Variants {
		if len(v.Tags) == 0 && !f.isCommon(i) && !f.shared(i) {
			v.Told = true
		}
	}
}

func (f *unionFiller) isCommon(i int) bool { return len(f.alts[i].parts) == 0 }

// objects returns the indexes of the variants that are models and nothing else.
func (f *unionFiller) objects() []int {
	var all []int
	for i, v := range f.u.Variants {
		if v.Type.Kind == ir.ModelKind && !f.isCommon(i) {
			all = append(all, i)
		}
	}
	return all
}

// shared reports whether another variant has a JSON type of variant i.
func (f *unionFiller) shared(i int) bool {
	for j := range f.u.Variants {
		if i == j || f.isCommon(j) {
			continue
		}
		for kind := range strings.SplitSeq(f.alts[j].kind, " or ") {
			if strings.Contains(f.alts[i].kind, kind) {
				return true
			}
		}
	}
	return false
}

// byTag goes by the discriminator: by the constants of its member, else by its mapping, else by the
// names of schemas.
func (f *unionFiller) byTag() bool {
	if f.plan.tag == "" {
		return false
	}
	f.u.Tag = f.plan.tag
	constants := f.constants()
	taken := map[string]bool{}
	for _, value := range f.plan.values {
		taken[value] = true
		for i, alt := range f.alts {
			if alt.name == "" || alt.name != f.plan.mapping[value] {
				continue
			}
			if constants[i] == nil {
				f.u.Variants[i].Tags = append(f.u.Variants[i].Tags, value)
			} else if !slices.Contains(constants[i], value) {
				f.r.note(f.s.Address, fmt.Sprintf("the discriminator maps %q to %s, whose %s is %s", value, alt.name, f.plan.tag, listed(constants[i])),
					"the value of the member counts")
			}
		}
	}
	for i, v := range f.u.Variants {
		switch {
		case constants[i] != nil:
			v.Tags = constants[i]
		case len(v.Tags) == 0 && f.alts[i].name != "" && !taken[f.alts[i].name] && v.JSON == "object":
			v.Tags = []string{f.alts[i].name}
		}
		f.tagged(v)
	}
	return true
}

// constants returns the values that the tag can have in each variant, nil for variants whose values
// are not their own: a base schema may list those of all.
func (f *unionFiller) constants() [][]string {
	lists := make([][]string, len(f.u.Variants))
	owners := map[string]int{}
	for i, v := range f.u.Variants {
		if v.Type.Kind == ir.ModelKind && !f.isCommon(i) {
			lists[i] = f.r.listedValues(fieldOf(v, f.u.Tag))
		}
		for _, value := range lists[i] {
			owners[value]++
		}
	}
	for i, list := range lists {
		if slices.ContainsFunc(list, func(value string) bool { return owners[value] > 1 }) {
			lists[i] = nil
		}
	}
	return lists
}

// listedValues returns the values that a document lists for a scalar, as the runtime compares them;
// nil if it lists none.
func (r *typer) listedValues(field *ir.Field) []string {
	if field == nil {
		return nil
	}
	_, s := target(r.fields[field])
	var values []string
	for _, v := range s.Enum() {
		switch v.Kind {
		case source.String:
			values = append(values, v.Text)
		case source.Number, source.Bool:
			values = append(values, v.JSON())
		}
	}
	return values
}

// tagged finds the field that holds the tag.
func (f *unionFiller) tagged(v *ir.Variant) {
	if len(v.Tags) == 0 {
		return
	}
	v.Told = true
	if v.Type.Kind != ir.ModelKind {
		return
	}
	i := slices.IndexFunc(v.Type.Model.Fields, func(field *ir.Field) bool { return field.Wire == f.u.Tag })
	if i < 0 {
		f.r.note(f.s.Address, "the discriminator "+f.u.Tag+" is no member of "+v.Name, "it is read, and not written for "+v.Name)
		return
	}
	if field := v.Type.Model.Fields[i]; len(v.Tags) == 1 && (field.Type.Kind == ir.String || field.Type.Kind == ir.EnumKind) {
		v.Field = field
	}
}

// byEnum looks for a member that all objects have and whose listed values differ from one to the
// other.
func (f *unionFiller) byEnum(objects []int) bool {
	for _, field := range f.u.Variants[objects[0]].Type.Model.Fields {
		lists := f.listsOf(field.Wire, objects)
		if lists == nil {
			continue
		}
		f.u.Tag = field.Wire
		for i, at := range objects {
			f.u.Variants[at].Tags = lists[i]
			f.tagged(f.u.Variants[at])
		}
		return true
	}
	return false
}

// listsOf returns the values that a member can have in each of the objects, nil if they do not
// distinguish them.
func (f *unionFiller) listsOf(wire string, objects []int) [][]string {
	var lists [][]string
	seen := map[string]bool{}
	for _, at := range objects {
		list := f.r.listedValues(fieldOf(f.u.Variants[at], wire))
		for _, value := range list {
			if seen[value] {
				return nil
			}
			seen[value] = true
		}
		if list == nil {
			return nil
		}
		lists = append(lists, list)
	}
	return lists
}

func fieldOf(v *ir.Variant, wire string) *ir.Field {
	for _, field := range v.Type.Model.Fields {
		if field.Wire == wire {
			return field
		}
	}
	return nil
}

// byMembers goes by required members. Each object is held against each other: one of the two must
// have a member that the other does not know.
func (f *unionFiller) byMembers(objects []int) {
	known := make([]map[string]bool, len(objects))
	for i, at := range objects {
		known[i] = map[string]bool{}
		for _, field := range f.u.Variants[at].Type.Model.Fields {
			known[i][field.Wire] = true
		}
		if last := len(f.u.Variants) - 1; f.isCommon(last) {
			for _, field := range f.u.Variants[last].Type.Model.Fields {
				known[i][field.Wire] = true
			}
		}
	}
	required := func(i int) []*ir.Field { return f.u.Variants[objects[i]].Type.Model.Fields }
	for i, at := range objects {
		v, told := f.u.Variants[at], f.onlyModels()
		for j := range objects {
			if i != j {
				told = told && separate(v, required(i), known[j], required(j), known[i])
			}
		}
		if v.Told = told && len(v.Has) > 0; !v.Told {
			v.Has, v.Lacks = nil, nil
		}
	}
}

// onlyModels reports whether all objects among the variants are models: a map can have any members.
func (f *unionFiller) onlyModels() bool {
	for i, alt := range f.alts {
		if strings.Contains(alt.kind, "object") && f.u.Variants[i].Type.Kind != ir.ModelKind {
			return false
		}
	}
	return true
}

// separate notes by which member v differs from another variant, and reports whether there is one.
func separate(v *ir.Variant, mine []*ir.Field, theirKnown map[string]bool, theirs []*ir.Field, known map[string]bool) bool {
	for _, field := range mine {
		if field.Required && !theirKnown[field.Wire] {
			if !slices.Contains(v.Has, field.Wire) {
				v.Has = append(v.Has, field.Wire)
			}
			return true
		}
	}
	for _, field := range theirs {
		if field.Required && !known[field.Wire] {
			if !slices.Contains(v.Lacks, field.Wire) {
				v.Lacks = append(v.Lacks, field.Wire)
			}
			for _, own := range mine { // what lacks something is taken for v only if it is whole
				if own.Required && !slices.Contains(v.Has, own.Wire) {
					v.Has = append(v.Has, own.Wire)
				}
			}
			return true
		}
	}
	return false
}
