package merge

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/naming"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// known reports whether anything says what sort of value is at n.
func (n *node) known() bool {
	return n.ref != "" || n.jsonType() != "" || !n.combined.empty() || len(n.facts.only(claim.Enum)) > 0
}

// stated reports whether a specification or an overlay speaks of n, so that an empty schema there
// means any value.
func (n *node) stated() bool {
	return slices.ContainsFunc(n.voices, func(v voice) bool { return v.src.Kind == claim.OpenAPI || v.src.Kind == claim.Overlay })
}

// schemaBuilder settles the schemas of a document.
type schemaBuilder struct {
	doc       *settled.Document
	from      *schemas
	used      map[string]*settled.Schema // those with a name, by the name that sources use
	names     *naming.Scope              // names in the document
	todo      []string                   // named schemas that are used and not settled yet
	suggested int                        // undefined schemas for which similar names were looked for
}

func newSchemaBuilder(doc *settled.Document, from *schemas) *schemaBuilder {
	return &schemaBuilder{doc: doc, from: from, used: map[string]*settled.Schema{}, names: naming.NewScope()}
}

// named settles the schemas in use, and those that they use in turn.
func (b *schemaBuilder) named() {
	for len(b.todo) > 0 {
		name := b.todo[0]
		b.todo = b.todo[1:]
		root := b.from.root(name)
		if !root.known() {
			b.doc.Gap(root.place, "no members and no type", "any value")
		}
		b.fill(b.used[name], root)
		b.doc.Schemas = append(b.doc.Schemas, b.used[name])
	}
	slices.SortFunc(b.doc.Schemas, func(x, y *settled.Schema) int { return strings.Compare(x.Name, y.Name) })
}

// use makes a named schema part of the document. OpenAPI allows only letters, digits, dots, hyphens
// and underscores in its name.
func (b *schemaBuilder) use(name string) *settled.Schema {
	if s := b.used[name]; s != nil {
		return s
	}
	s := &settled.Schema{Name: b.names.Take(strings.Map(func(r rune) rune {
		if r < 128 && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r)) {
			return r
		}
		return '_'
	}, name))}
	b.used[name] = s
	b.todo = append(b.todo, name)
	return s
}

// schema settles what describes the value at n; nil for nil.
func (b *schemaBuilder) schema(n *node) *settled.Schema {
	if n == nil {
		return nil
	}
	s := &settled.Schema{}
	b.fill(s, n)
	return s
}

func (b *schemaBuilder) fill(s *settled.Schema, n *node) {
	s.Address = n.address()
	if n.ref != "" {
		b.reference(s, n)
		return
	}
	for _, d := range settle(&s.Element, n.facts) {
		if d.name != claim.Required {
			s.Keywords = append(s.Keywords, d.keyword())
		}
	}
	if s.Get("type") == nil && n.combined.empty() {
		if t := inferredType(n, s.Enum()); t != "" {
			s.Set("type", source.StringNode(t, 0))
			if slices.ContainsFunc(s.Enum(), isNull) {
				s.Set("nullable", boolNode(true))
			}
		}
	}
	b.fit(s)
	b.inside(s, n)
}

// inferredType returns the type that nobody states: it follows from the inside of the value, or
// from its enum.
func inferredType(n *node, enum []*source.Node) string {
	t := n.jsonType()
	if t != "" {
		return t
	}
	for _, item := range enum {
		switch one := typeOf(item); {
		case isNull(item):
		case t != "" && one != t:
			return ""
		default:
			t = one
		}
	}
	return t
}

func isNull(n *source.Node) bool { return n.Kind == source.Null }

// typeOf returns the JSON type of a value as OpenAPI calls it; "" for null.
func typeOf(n *source.Node) string {
	switch n.Kind {
	case source.Number:
		if strings.ContainsAny(n.Text, ".eE") {
			return "number"
		}
		return "integer"
	case source.Null:
		return ""
	default:
		return n.Kind.String()
	}
}

// reference settles a use of a named schema. OpenAPI 3.0 ignores the neighbours of $ref, so a
// reference with neighbours is put into allOf.
func (b *schemaBuilder) reference(s *settled.Schema, n *node) {
	all := append(facts{n.refSaid}, n.facts...)
	for _, d := range settle(&s.Element, all) {
		if d.name != claim.Required && d.name != claim.Ref && d.name != claim.Example {
			s.Keywords = append(s.Keywords, d.keyword())
		}
	}
	if len(b.from.root(n.ref).voices) == 0 {
		if kind := n.refSaid.src.Kind; kind == claim.OpenAPI || kind == claim.Overlay {
			b.undefined(n)
		} else { // pages name types that they do not describe
			b.doc.Gap(s.Address, fmt.Sprintf("the type %.100q is described nowhere", n.ref), "any value")
		}
		return
	}
	if len(s.Keywords) == 0 {
		s.Ref = b.use(n.ref)
		return
	}
	s.AllOf = []*settled.Schema{{Element: settled.Element{Address: n.child("<allOf>").address()}, Ref: b.use(n.ref)}}
}

// undefined refuses a use of a schema that no source says anything about. The time to find a
// similar name grows with the number of schemas, so only a few are looked for.
func (b *schemaBuilder) undefined(n *node) {
	do := "define it in one of them, or correct the name"
	if b.suggested++; b.suggested <= maxSuggested {
		defined := slices.DeleteFunc(slices.Clone(b.from.names), func(name string) bool { return len(b.from.roots[name].voices) == 0 })
		if near := source.Nearest(n.ref, defined); near != "" {
			do += fmt.Sprintf(": perhaps %.100q is meant", near)
		}
	}
	from := source.Position{File: n.refSaid.src.File, Line: n.refSaid.Line}
	b.from.errs.Add(from, n.address(), fmt.Sprintf("$ref leads to the schema %.100q, which no source defines", n.ref), do)
}

const maxSuggested = 20

// inside settles what an object, an array or a combination holds.
func (b *schemaBuilder) inside(s *settled.Schema, n *node) {
	if n.items != nil || s.Type() == "array" {
		items := n.items
		if items == nil {
			items = n.child("[]")
		}
		s.Items = b.schema(items)
		if !items.known() && !items.stated() {
			b.doc.Gap(s.Items.Address, "no type", "any value")
		}
	}
	for _, m := range n.members {
		if m.facts.gone() {
			continue
		}
		p := &settled.Property{Name: m.name(), Schema: b.schema(m)}
		if !m.known() && !m.stated() {
			b.doc.Gap(p.Schema.Address, "no type", "any value")
		}
		r, ok := m.facts.get(claim.Required)
		p.Required = ok && r.Value == true
		s.Add(p)
	}
	if n.additional != nil {
		s.Drop(string(claim.Closed))
		s.Additional = b.schema(n.additional)
	}
	s.OneOf, s.AnyOf, s.AllOf = b.list(n.combined.oneOf), b.list(n.combined.anyOf), b.list(n.combined.allOf)
	s.Not = b.schema(n.combined.not)
}

func (b *schemaBuilder) list(nodes []*node) []*settled.Schema {
	var all []*settled.Schema
	for _, n := range nodes {
		all = append(all, b.schema(n))
	}
	return all
}

// fit brings defaults, examples and enum values to the type of the schema. A default of "0" that a
// Postman collection has for an integer becomes 0. What cannot be of the type is left out.
func (b *schemaBuilder) fit(s *settled.Schema) {
	enum := s.Get("enum")
	for _, key := range []string{"default", "example"} {
		value := s.Get(key)
		if value == nil {
			continue
		}
		fitted, ok := fitTo(value, s.Type(), s.Is("nullable"))
		if ok && enum != nil && fitted.Kind != source.Null {
			ok = slices.ContainsFunc(enum.Items, fitted.Equal)
		}
		if !ok {
			s.Drop(key)
			b.doc.Note(s.Address, "the "+key+" "+value.JSON()+" does not fit the schema", "left out")
			continue
		}
		s.Set(key, fitted)
	}
	if enum != nil {
		b.fitEnum(s, enum)
	}
}

func (b *schemaBuilder) fitEnum(s *settled.Schema, enum *source.Node) {
	fitted := &source.Node{Kind: source.Array, Line: enum.Line}
	seen := make(map[string]bool, len(enum.Items))
	for _, item := range enum.Items {
		value, ok := fitTo(item, s.Type(), s.Is("nullable"))
		switch {
		case !ok:
			b.doc.Note(s.Address, "the enum value "+item.JSON()+" does not fit the schema", "left out")
		case !seen[valueKey(value)]:
			seen[valueKey(value)] = true
			fitted.Items = append(fitted.Items, value)
		}
	}
	if len(fitted.Items) == 0 {
		s.Drop("enum")
		return
	}
	s.Set("enum", fitted)
}

// valueKey returns one text for values that are the same. 1 and 1.0 are, unless they are too large
// to be told apart.
func valueKey(v *source.Node) string {
	if f, err := strconv.ParseFloat(v.Text, 64); err == nil && v.Kind == source.Number && math.Abs(f) < 1<<53 {
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	return v.JSON()
}

// fitTo returns the value as one of type t, and whether it can be one.
func fitTo(v *source.Node, t string, nullable bool) (*source.Node, bool) {
	if v.Kind == source.Null {
		return v, nullable || t == ""
	}
	switch t {
	case "":
		return v, true
	case "integer":
		if i, err := strconv.ParseInt(v.Text, 10, 64); err == nil && (v.Kind == source.Number || v.Kind == source.String) {
			return &source.Node{Kind: source.Number, Text: strconv.FormatInt(i, 10), Line: v.Line}, true // "+7" and "007" are not JSON
		}
		return v, false
	case "number":
		if _, err := strconv.ParseFloat(v.Text, 64); err == nil && v.Kind == source.String {
			return &source.Node{Kind: source.Number, Text: v.Text, Line: v.Line}, validNumber(v.Text)
		}
		return v, v.Kind == source.Number
	case "boolean":
		if v.Kind == source.String && (v.Text == "true" || v.Text == "false") {
			return &source.Node{Kind: source.Bool, Text: v.Text, Line: v.Line}, true
		}
		return v, v.Kind == source.Bool
	case "string":
		if v.Kind == source.Number || v.Kind == source.Bool {
			return source.StringNode(v.Text, v.Line), true
		}
		return v, v.Kind == source.String
	default:
		return v, v.Kind.String() == t
	}
}

// validNumber reports whether a text is a number as JSON writes it.
func validNumber(text string) bool {
	n, err := source.ParseTree(source.File{Name: "number.json", Data: []byte("[" + text + "]")})
	return err == nil && len(n.Items) == 1 && n.Items[0].Kind == source.Number
}
