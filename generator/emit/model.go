package emit

import (
	"strconv"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

// membersDoc stands above the field every model ends with.
const membersDoc = "JSON knows what the fields cannot show: absent, null and undocumented members, exact bytes."

// addModel yields
//
//	// <Model> is <doc>
//	type <Model> struct {
//		// <doc>
//		<Field> <type> `json:"<wire>"`
//		...
//
//		// JSON knows what the fields cannot show: absent, null and undocumented members, exact bytes.
//		JSON lossless.Members `json:"-"`
//	}
func addModel(f *jen.File, m *ir.Model) {
	text := typeSentence(m.Name, m.Doc)
	if m.Doc == "" {
		text = m.Name + " " + roleOf(m)
	}
	addComment(f.Group, prose(text).and(whatIsRequired(m)), deprecated(m.Deprecated))
	f.Type().Id(m.Name).StructFunc(func(g *jen.Group) {
		fields := make([]structField, 0, len(m.Fields)+1)
		for _, field := range m.Fields {
			fields = append(fields, structField{
				comment: docComment(fieldDoc(m, field)...),
				decl:    jen.Id(field.Name).Add(typeExpr(field.Type)).Add(tagExpr(field.Wire)),
			})
		}
		addStructFields(g, fields)
		if len(fields) > 0 {
			g.Line()
		}
		addComment(g, own(membersDoc))
		g.Id("JSON").Add(lossless("Members")).Tag(map[string]string{"json": "-"})
	})
	f.Line()
}

// roleOf says where a model occurs that no document describes.
func roleOf(m *ir.Model) string {
	switch {
	case m.Request && m.Response:
		return "travels both ways, in requests and in answers."
	case m.Request:
		return "is part of a request."
	case m.Response:
		return "is part of an answer."
	}
	return "is a JSON object."
}

// whatIsRequired names the fields that a request has to have.
func whatIsRequired(m *ir.Model) string {
	var names []string
	for _, f := range m.Fields {
		if f.Required && !f.ReadOnly && f.Const == "" {
			names = append(names, f.Name)
		}
	}
	switch {
	case !m.Request || len(names) == 0:
		return ""
	case len(names) == 1:
		return names[0] + " is required."
	}
	return enumerated(names) + " are required."
}

// enumerated returns "A, B and C".
func enumerated(names []string) string {
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// fieldDoc is the comment above a field. A member whose name no tag can carry is named here.
func fieldDoc(m *ir.Model, field *ir.Field) []block {
	blocks := []block{prose(capitalized(field.Doc))}
	if !taggable(field.Wire) {
		blocks = append(blocks, own("The member's name is "+quoted(field.Wire)+"."))
	}
	switch {
	case field.ReadOnly && m.Request:
		blocks[0] = blocks[0].and("Only servers set it: requests do not have it.")
	case field.WriteOnly && m.Response:
		blocks[0] = blocks[0].and("Only requests have it: answers do not.")
	}
	return append(blocks, deprecated(field.Deprecated))
}

// structField is a field and its comment.
type structField struct {
	comment string
	decl    *jen.Statement
}

// addStructFields sets fields apart with a blank line where comments are longer than a line; short
// ones stay together.
func addStructFields(g *jen.Group, fields []structField) {
	long := func(comment string) bool { return strings.Contains(comment, "\n") }
	for i, field := range fields {
		if i > 0 && (long(field.comment) || long(fields[i-1].comment)) {
			g.Line()
		}
		if field.comment != "" {
			g.Comment(field.comment)
		}
		g.Add(field.decl)
	}
}

// tagExpr yields `json:"<wire>"`, or nothing if the name has a character that a tag, or a tool that
// reads tags, might take amiss. Nothing in the package depends on tags.
func tagExpr(wire string) *jen.Statement {
	if !taggable(wire) {
		return jen.Null()
	}
	return jen.Tag(map[string]string{"json": wire})
}

// taggable is a list of what is allowed, not of what is known to do harm: a tag is a raw string
// literal.
func taggable(wire string) bool {
	if wire == "" || wire == "-" {
		return false
	}
	for i := 0; i < len(wire); i++ {
		c := wire[i]
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
		if !letter && strings.IndexByte("_-.$@:/+", c) < 0 {
			return false
		}
	}
	return true
}

// quoted is the text in quotes as a reader of Go expects it, in ASCII.
func quoted(text string) string { return strconv.QuoteToASCII(text) }
