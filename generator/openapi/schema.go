package openapi

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// schema reads n into s. Depth counts nested schemas: references can nest them deeper than the
// document.
func (r *Reader) schema(n *source.Node, s *claim.Schema, depth int) {
	if n == nil {
		return
	}
	s.Line = n.Line
	if depth > source.MaxDepth {
		r.fail(n, fmt.Sprintf("schemas nested deeper than %d levels", source.MaxDepth), "give the inner schemas names")
		return
	}
	if !r.spend(n, 1) {
		return
	}
	if n.Kind == source.Bool {
		if n.Text == "false" {
			s.Not = &claim.Schema{Line: n.Line}
		}
		return
	}
	if !r.object(n, "the schema") {
		return
	}
	if ref := n.Get("$ref"); ref != nil {
		r.refSchema(n, ref, s, depth)
		return
	}
	if name := r.nestedNames[n]; name != "" {
		r.refNested(n, name, s, depth)
		return
	}
	r.keywords(n, n.Members, s, depth)
}

// keywords reads the given members of n as schema keywords.
func (r *Reader) keywords(n *source.Node, members []source.Member, s *claim.Schema, depth int) {
	if len(members) > 0 {
		s.Facts = make(claim.Facts, 0, min(len(members), 8))
	}
	var later []source.Member
	for _, m := range members {
		how := schemaKeywords[m.Key]
		if m.Key == "type" && m.Value.Kind == source.Array {
			how = afterwards // it may become an anyOf beside an existing one
		}
		switch how {
		case asText:
			r.sayText(&s.Facts, claim.Name(m.Key), m)
		case asFlag:
			r.sayFlag(&s.Facts, flagName(m.Key), m)
		case asNumber:
			r.number(&s.Facts, m)
		case asValue:
			s.Facts.Say(claim.Name(m.Key), m.Value, m.Line)
		case asSchema:
			r.inner(m, s, depth)
		case asList:
			r.alternatives(m, s, depth)
		case special:
			r.special(m, s, depth)
		case afterwards:
			later = append(later, m)
		case silent:
		case lost:
			r.note(m.Value, m.Line, m.Key+" cannot be expressed in OpenAPI 3.0", "left out")
		default:
			r.extra(&s.Facts, m, "a schema")
		}
	}
	for _, m := range later {
		r.afterwards(n, m, s, depth)
	}
	if t, ok := s.Facts.Get(claim.Type); ok && t.Value != "object" && len(s.Members) > 0 {
		r.note(n, s.Members[0].Schema.Line, fmt.Sprintf("the schema has properties, and its type is %s", t.Text()), "the properties are left out")
		s.Members = nil
	}
}

// treatment says how a schema keyword is read.
type treatment uint8

const (
	unknown treatment = iota
	asText
	asFlag
	asNumber
	asValue
	asSchema
	asList
	special
	afterwards // after all other keywords of the schema
	silent     // holds schemas, which are read where something refers to them
	lost       // cannot be expressed in OpenAPI 3.0
)

var schemaKeywords = map[string]treatment{
	"title": asText, "description": asText, "format": asText, "pattern": asText,
	"nullable": asFlag, "x-nullable": asFlag, "deprecated": asFlag, "readOnly": asFlag, "writeOnly": asFlag, "uniqueItems": asFlag,
	"multipleOf": asNumber, "maximum": asNumber, "minimum": asNumber, "maxLength": asNumber, "minLength": asNumber,
	"maxItems": asNumber, "minItems": asNumber, "maxProperties": asNumber, "minProperties": asNumber,
	"default": asValue, "example": asValue, "xml": asValue,
	"not": asSchema, "oneOf": asList, "anyOf": asList, "allOf": asList,
	"type": special, "enum": special, "const": special, "examples": special, "properties": special, "items": special,
	"additionalProperties": special, "discriminator": special, "externalDocs": special, string(claim.TypeName): special,
	"required": afterwards, "patternProperties": afterwards, "exclusiveMinimum": afterwards, "exclusiveMaximum": afterwards, "prefixItems": afterwards,
	"contentMediaType": afterwards, "contentEncoding": afterwards,
	"$schema": lost, "$comment": lost, "$defs": silent, "definitions": silent,
	"if": lost, "then": lost, "else": lost, "contains": lost, "minContains": lost, "maxContains": lost, "propertyNames": lost,
	"unevaluatedItems": lost, "unevaluatedProperties": lost, "dependentSchemas": lost, "dependentRequired": lost, "dependencies": lost,
	"additionalItems": lost, "contentSchema": lost, "$id": lost, "$anchor": lost, "$dynamicRef": lost, "$dynamicAnchor": lost,
	"$recursiveRef": lost, "$recursiveAnchor": lost, "$vocabulary": lost,
}

func flagName(key string) claim.Name {
	if key == "x-nullable" {
		return claim.Nullable
	}
	return claim.Name(key)
}

func (r *Reader) number(f *claim.Facts, m source.Member) {
	switch m.Value.Kind {
	case source.Number:
		f.Say(claim.Name(m.Key), m.Value, m.Line)
	case source.Null:
	default:
		r.meaningless(m, fmt.Sprintf("%s is %s, not a number", m.Key, m.Value.Kind.Noun()), "", nil)
	}
}

// inner reads not, the keyword that holds one schema.
func (r *Reader) inner(m source.Member, s *claim.Schema, depth int) {
	if m.Value.Kind == source.Null {
		return
	}
	s.Not = &claim.Schema{}
	r.schema(m.Value, s.Not, depth+1)
}

// alternatives reads oneOf, anyOf and allOf. In OpenAPI 3.1 an alternative of type null means
// nullable.
func (r *Reader) alternatives(m source.Member, s *claim.Schema, depth int) {
	items := []*source.Node{m.Value}
	if m.Value.Kind == source.Object && len(m.Value.Members) > 0 {
		r.note(m.Value, m.Line, m.Key+" is an object, not a list", "read as a list of one")
	} else {
		items = r.list(m.Value, source.Object, m.Key)
	}
	all := make([]*claim.Schema, 0, len(items))
	for _, item := range items {
		if m.Key != "allOf" && isNullType(item) {
			s.Facts.Say(claim.Nullable, true, item.Line)
			continue
		}
		one := &claim.Schema{}
		r.schema(item, one, depth+1)
		all = append(all, one)
	}
	switch m.Key {
	case "oneOf":
		s.OneOf = all
	case "anyOf":
		s.AnyOf = all
	default:
		s.AllOf = all
	}
}

func isNullType(n *source.Node) bool {
	t := n.Get("type")
	return len(n.Members) == 1 && t != nil && (t.Str() == "null" || t.Kind == source.Null)
}

func (r *Reader) special(m source.Member, s *claim.Schema, depth int) {
	switch m.Key {
	case "type":
		r.typeKeyword(m, s)
	case "enum":
		r.enum(m, s)
	case "const":
		s.Facts.Say(claim.Enum, &source.Node{Kind: source.Array, Line: m.Value.Line, Items: []*source.Node{m.Value}}, m.Line)
	case "examples":
		r.exampleList(m, s)
	case "properties":
		r.properties(m, s, depth)
	case "items":
		r.items(m, s, depth)
	case "additionalProperties":
		r.additional(m, s, depth)
	case "discriminator":
		r.discriminator(m, s)
	case "externalDocs":
		if r.object(m.Value, "externalDocs") {
			s.Facts.Say(claim.DocsURL, m.Value, m.Line)
		}
	case string(claim.TypeName):
		r.goTypeName(m, s)
	}
}

// goTypeName reads the Go name of a schema. Package merge checks that it is a valid Go name.
func (r *Reader) goTypeName(m source.Member, s *claim.Schema) {
	switch m.Value.Kind {
	case source.String:
		s.Facts.Say(claim.TypeName, m.Value.Text, m.Line)
	case source.Null:
	default:
		r.otherKind(m.Value, fmt.Sprintf("%s is %s, not a string", m.Key, m.Value.Kind.Noun()), "write the name of a Go type")
	}
}

func (r *Reader) enum(m source.Member, s *claim.Schema) {
	switch {
	case m.Value.Kind == source.Null:
	case m.Value.Kind == source.Array && len(m.Value.Items) > 0:
		s.Facts.Say(claim.Enum, m.Value, m.Line)
	case m.Value.Kind == source.Array:
		r.meaningless(m, "enum lists no values", "", nil)
	default:
		r.meaningless(m, "enum is "+m.Value.Kind.Noun()+", not a list", "", nil)
	}
}

// exampleList reads the first of the examples of OpenAPI 3.1. Claims have room for one.
func (r *Reader) exampleList(m source.Member, s *claim.Schema) {
	switch {
	case m.Value.Kind != source.Array:
		r.note(m.Value, m.Line, "examples is "+m.Value.Kind.Noun()+", not a list", "left out")
	case len(m.Value.Items) > 0:
		s.Facts.Say(claim.Example, m.Value.Items[0], m.Value.Items[0].Line)
		if len(m.Value.Items) > 1 {
			r.note(m.Value, m.Line, "there are several examples", "the first is kept")
		}
	}
}

func (r *Reader) properties(m source.Member, s *claim.Schema, depth int) {
	if !r.object(m.Value, "properties") {
		return
	}
	// One allocation for all members: documents consist mostly of objects.
	members := make([]claim.Member, len(m.Value.Members))
	s.Members = make([]*claim.Member, 0, len(members))
	for i, p := range m.Value.Members {
		member := &members[i]
		member.Name = p.Key
		r.schema(p.Value, &member.Schema, depth+1)
		member.Schema.Line = p.Line
		if required, ok := truth(p.Value.Get("required")); ok {
			member.Schema.Facts.Say(claim.Required, required, p.Value.Get("required").Line)
		}
		if len(member.Schema.Facts) == 0 {
			member.Schema.Facts.Say(claim.Presence, true, p.Line)
		}
		s.Members = append(s.Members, member)
	}
}

// items reads the schema of the items of an array. Old documents have a list with one schema per
// position.
func (r *Reader) items(m source.Member, s *claim.Schema, depth int) {
	if m.Value.Kind == source.Null {
		return
	}
	if m.Value.Kind != source.Array || len(m.Value.Items) == 0 {
		s.Items = &claim.Schema{}
		r.schema(m.Value, s.Items, depth+1)
		return
	}
	r.note(m.Value, m.Line, "items has one schema per position", "every position may match any of them")
	s.Items = &claim.Schema{Line: m.Value.Line}
	for _, item := range m.Value.Items {
		one := &claim.Schema{}
		r.schema(item, one, depth+1)
		s.Items.AnyOf = append(s.Items.AnyOf, one)
	}
}

func (r *Reader) additional(m source.Member, s *claim.Schema, depth int) {
	switch {
	case m.Value.Kind == source.Null:
	case m.Value.Kind == source.Bool:
		s.Facts.Say(claim.Closed, m.Value.IsTrue(), m.Line)
	default:
		s.Additional = &claim.Schema{}
		r.schema(m.Value, s.Additional, depth+1)
	}
}

// patterns reads patternProperties as additionalProperties.
func (r *Reader) patterns(m source.Member, s *claim.Schema, depth int) {
	if !r.object(m.Value, "patternProperties") || s.Additional != nil || len(m.Value.Members) == 0 {
		return
	}
	r.note(m.Value, m.Line, "patternProperties cannot be expressed in OpenAPI 3.0", "read as members of any name")
	s.Facts = slices.DeleteFunc(s.Facts, func(f claim.Fact) bool { return f.Name == claim.Closed })
	s.Additional = &claim.Schema{Line: m.Line}
	if len(m.Value.Members) == 1 {
		r.schema(m.Value.Members[0].Value, s.Additional, depth+1)
	}
}

// discriminator reads a string in Swagger 2.0 and an object in OpenAPI 3, whose mapping names
// schemas by name or by reference.
func (r *Reader) discriminator(m source.Member, s *claim.Schema) {
	if name := m.Value.Str(); name != "" {
		s.Facts.Say("discriminator", object(m.Line, "propertyName", source.StringNode(name, m.Value.Line)), m.Line)
		return
	}
	if !r.object(m.Value, "discriminator") {
		return
	}
	if m.Value.Get("propertyName").Str() == "" {
		r.note(m.Value, m.Line, "discriminator has no propertyName", "left out")
		return
	}
	out := &source.Node{Kind: source.Object, Line: m.Value.Line}
	for _, part := range m.Value.Members {
		if part.Key == "mapping" && part.Value.Kind == source.Object {
			part.Value = r.mapping(part.Value)
		}
		out.Members = append(out.Members, part)
	}
	s.Facts.Say("discriminator", out, m.Line)
}

func (r *Reader) mapping(n *source.Node) *source.Node {
	out := &source.Node{Kind: source.Object, Line: n.Line}
	for _, m := range n.Members {
		name, ok := r.schemaName(strings.TrimPrefix(m.Value.Str(), "#"))
		if !ok {
			name = m.Value.Str()
		}
		if name == "" || !r.fragment && r.schemas.Get(name) == nil {
			r.note(m.Value, m.Line, fmt.Sprintf("the discriminator maps %s to %s, which is not a schema of the document", quote(m.Key), quote(m.Value.Str())), "left out")
			continue
		}
		m.Value = source.StringNode("#/components/schemas/"+escapePointer.Replace(name), m.Value.Line)
		out.Members = append(out.Members, m)
	}
	return out
}

// object returns an object node made of keys and values.
func object(line int, pairs ...any) *source.Node {
	n := &source.Node{Kind: source.Object, Line: line}
	for i := 0; i+1 < len(pairs); i += 2 {
		n.Members = append(n.Members, source.Member{Key: pairs[i].(string), Line: line, Value: pairs[i+1].(*source.Node)})
	}
	return n
}
