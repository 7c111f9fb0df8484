package resolve

import (
	"cmp"
	"fmt"

	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/naming"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// create makes an empty model or enum for each schema with a name, so that links can point to them.
func (r *typer) create() {
	for _, s := range r.doc.Schemas {
		name := s.Name
		h := hint{name: naming.Exported(name), given: r.given[s]}
		switch {
		case r.isModel(s):
			r.models[name] = r.newModel(h, s)
			if s.Get("discriminator") != nil {
				r.note(s.Address, "it has a discriminator and no list of variants", "its own members are fields; those of the variants are undocumented members")
			}
		case isEnum(s):
			r.enums[name] = r.newEnum(h, s)
		case r.planOf(s).isUnion():
			r.unions[name] = r.newUnion(h, s)
		}
	}
}

func (r *typer) newModel(h hint, s *settled.Schema) *ir.Model {
	m := &ir.Model{Name: r.typeName(h), Address: s.Address, Doc: s.Text("description")}
	if s.Is("deprecated") {
		m.Deprecated = deprecatedText
	}
	r.api.Models = append(r.api.Models, m)
	return m
}

// deprecatedText is printed where a document marks something as deprecated and does not say why.
const deprecatedText = "the documents of the API mark it as deprecated."

func (r *typer) newEnum(h hint, s *settled.Schema) *ir.Enum {
	e := &ir.Enum{Name: r.typeName(h), Address: s.Address, Doc: s.Text("description")}
	for _, v := range s.Enum() {
		if v.Kind == source.String {
			e.Values = append(e.Values, r.enumValue(e, v.Text))
		}
	}
	r.api.Enums = append(r.api.Enums, e)
	return e
}

// enumValue names the constant of a value.
func (r *typer) enumValue(e *ir.Enum, value string) ir.EnumValue {
	return ir.EnumValue{Name: r.take(r.types, e.Name+naming.Value(value)), Value: value}
}

// linkSchemas fills the models and unions of schemas with names.
func (r *typer) linkSchemas() {
	for _, s := range r.doc.Schemas {
		if m := r.models[s.Name]; m != nil {
			r.fill(m, s)
		}
	}
	for _, s := range r.doc.Schemas {
		if u := r.unions[s.Name]; u != nil {
			r.fillUnion(u, s)
		}
	}
}

// fill makes the fields of a model.
func (r *typer) fill(m *ir.Model, s *settled.Schema) {
	f := r.gather(m, s)
	scope := naming.NewScope("JSON", "UnmarshalJSON", "MarshalJSON", "AppendJSON", "Clone")
	for _, member := range f.members {
		m.Fields = append(m.Fields, r.field(member.owner, &settled.Property{Name: member.wire, Schema: member.schema}, scope))
	}
	if s.Additional != nil {
		r.note(s.Additional.Address, "members of any name stand beside those with a name", "they are kept as JSON, for JSON.Extra")
	}
	for _, field := range m.Fields {
		field.Required, field.ReadOnly, field.WriteOnly = f.required[field.Wire], f.flags["readOnly"][field.Wire], f.flags["writeOnly"][field.Wire]
		field.NotBlank, field.Const = refusesBlank(r.fields[field]), constant(r.fields[field])
	}
}

// gather collects the members of a schema. The model is what notes and shapes within it are called
// after.
func (r *typer) gather(m *ir.Model, s *settled.Schema) *filler {
	f := &filler{r: r, m: m, at: map[string]*inherited{}, seen: map[string]bool{}, required: map[string]bool{},
		flags: map[string]map[string]bool{"readOnly": {}, "writeOnly": {}}}
	f.add(s, m.Name)
	return f
}

// refusesBlank reports whether a schema excludes the empty value of its type.
func refusesBlank(s *settled.Schema) bool {
	if s = s.Resolved(); s == nil {
		return false
	}
	for _, key := range []string{"minLength", "minItems", "minProperties", "minimum"} {
		if n, ok := number(s.Get(key)); ok && (n > 0 || n == 0 && key == "minimum" && s.Is("exclusiveMinimum")) {
			return true
		}
	}
	n, ok := number(s.Get("maximum"))
	return ok && (n < 0 || n == 0 && s.Is("exclusiveMaximum"))
}

// constant returns the only value that a schema allows, as JSON, empty if there are others.
func constant(s *settled.Schema) string {
	_, t := target(s)
	values := t.Enum()
	if len(values) != 1 || values[0].Kind == source.Null || t.Is("nullable") {
		return ""
	}
	return values[0].JSON()
}

// filler collects the members of a schema and of all that allOf brings into it.
type filler struct {
	r        *typer
	m        *ir.Model
	members  []*inherited               // in order of first mention
	at       map[string]*inherited      // by wire name
	seen     map[string]bool            // names of schemas
	required map[string]bool            // names of members
	flags    map[string]map[string]bool // names of members, by flag
}

// inherited is a member and what describes it.
type inherited struct {
	wire, owner string
	schema      *settled.Schema
}

// add adds the properties of s, those that allOf brings in before its own. Shapes within them are
// called after owner, the model of the schema that they are in, so that all models that schema is a
// part of share them.
func (f *filler) add(s *settled.Schema, owner string) {
	for _, part := range s.AllOf {
		home := owner
		if name, named := target(part); name != "" {
			if f.seen[name] || !f.r.spend(s, 1+len(named.Properties)) {
				continue
			}
			f.seen[name] = true
			part = named
			if m := f.r.models[name]; m != nil {
				home = m.Name
			}
		}
		if p := f.r.planOf(part); len(p.variants) > 0 {
			f.r.note(part.Address, "the variants of a part of "+f.m.Name+" bring in members", "they are undocumented members of "+f.m.Name)
		}
		f.add(part, home)
	}
	for _, p := range s.Properties {
		f.required[p.Name] = f.required[p.Name] || p.Required
		for flag, members := range f.flags {
			members[p.Name] = members[p.Name] || p.Schema.Is(flag) || p.Schema.Resolved().Is(flag)
		}
		had := f.at[p.Name]
		if had == nil {
			had = &inherited{p.Name, owner, p.Schema}
			f.at[p.Name] = had
			f.members = append(f.members, had)
			continue
		}
		if both := f.r.narrow(had.schema, p.Schema); both == nil {
			f.noteMisfit(had.schema, p.Schema)
		} else if both != had.schema {
			had.schema, had.owner = both, owner
		}
	}
}

// noteMisfit reports a member that two parts describe as something else. The first one counts.
func (f *filler) noteMisfit(first, again *settled.Schema) {
	firstName, _ := target(first)
	name, _ := target(again)
	here, there := cmp.Or(name, f.r.jsonKind(again)), cmp.Or(firstName, f.r.jsonKind(first), "anything")
	what := "it is " + here + " here and " + there + " in " + first.Address
	if here == there {
		what = "no Go type is both this " + here + " and that in " + first.Address
	}
	f.r.note(again.Address, what, "the latter is taken for "+f.m.Name)
}

// maxInherited is how many members and parts allOf may bring into all schemas together. A long
// chain of schemas, each of which is the one before with a member more, would otherwise make Go
// that grows with the square of the document.
const maxInherited = 200_000

// spend counts what allOf brings in, and reports whether there may be more.
func (r *typer) spend(s *settled.Schema, members int) bool {
	if r.inherited > maxInherited {
		return false
	}
	if r.inherited += members; r.inherited > maxInherited {
		r.errs.Add(source.Position{}, s.Address, fmt.Sprintf("allOf brings more than %d members into the schemas of the document", maxInherited), "give a simpler document")
		return false
	}
	return true
}

func (r *typer) field(owner string, p *settled.Property, scope *naming.Scope) *ir.Field {
	name := scope.Take(naming.Exported(p.Name))
	f := &ir.Field{Name: name, Address: p.Schema.Address, Wire: p.Name}
	f.Type = r.typeOf(p.Schema, hint{name: owner + name, owner: owner, member: p.Name, doc: "The " + p.Name + " of " + owner + "."})
	r.fields[f] = p.Schema
	if p.Schema.Ref == nil {
		remark := remark(p.Schema)
		f.Doc = withListed(remark.Text("description"), p.Schema, f.Type)
		if p.Schema.Is("deprecated") || remark.Is("deprecated") {
			f.Deprecated = deprecatedText
		}
	}
	return f
}
