package emit

import (
	"go/token"

	"github.com/dave/jennifer/jen"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

// addForm yields
//
//	// <Form> is the form that [Client.<Operation>] sends. ...
//	type <Form> struct {
//		// <doc>
//		<Field> <type>
//		...
//
//		// More has parts that the documents do not describe. They are sent last.
//		More *rest.Upload
//	}
//
//	func (p *<Form>) encode(r *rest.Request) { ... }
func addForm(f *jen.File, op *ir.Operation) {
	form := op.Body.Form
	var required []string
	for _, part := range form.Parts {
		if part.Required {
			required = append(required, part.Name)
		}
	}
	text := form.Name + " is the form that [Client." + op.Name + "] sends. " + whatIsSent(required, len(form.Parts), "Parts are sent only if they are set.")
	addComment(f.Group, own(text))
	f.Type().Id(form.Name).StructFunc(func(g *jen.Group) {
		var fields []structField
		for _, part := range form.Parts {
			fields = append(fields, structField{comment: docComment(partDoc(part)...), decl: jen.Id(part.Name).Add(typeExpr(part.Type))})
		}
		addStructFields(g, fields)
		if len(fields) > 0 {
			g.Line()
		}
		addComment(g, own(form.More+" has parts that the documents do not describe. They are sent last."))
		g.Id(form.More).Op("*").Add(rest("Upload"))
	})
	f.Line()
	addEncodeForm(f, form)
}

// partDoc is the comment above the field of a part.
func partDoc(p *ir.Part) []block {
	blocks := []block{prose(capitalized(p.Doc))}
	for _, h := range p.Headers {
		if h.Value == "" {
			blocks = append(blocks, own("Header must have "+quoted(h.Name)+"."))
		}
	}
	return append(blocks, deprecated(p.Deprecated))
}

// addEncodeForm yields
//
//	func (p *<Form>) encode(r *rest.Request) {
//		<encodePartStmts>
//		...
//		r.Upload(p.More)
//	}
func addEncodeForm(f *jen.File, form *ir.Form) {
	var body []jen.Code
	for _, part := range form.Parts {
		body = append(body, encodePartStmts(part)...)
	}
	body = append(body, jen.Id("r.Upload").Call(jen.Id("p."+form.More)))
	f.Func().Params(jen.Id("p").Op("*").Id(form.Name)).Id("encode").Params(jen.Id("r").Op("*").Add(rest("Request"))).Block(body...)
	f.Line()
}

// encodePartStmts yields
//
//	r.PartHeader("<wire>", "<header>", "<value>")
//	if p.<Field> != "" {
//		rest.AddPart(r, "<wire>", "<media>", &p.<Field>, <codeExpr>)
//	}
//
// without the condition for a required part, and with "<only value>" where there is one. A file is
// r.AddFile("<wire>", "<media>", p.<Field>), in a loop for a list.
func encodePartStmts(p *ir.Part) []jen.Code {
	var stmts []jen.Code
	for _, h := range p.Headers {
		stmts = append(stmts, jen.Id("r.PartHeader").Call(jen.Lit(p.Wire), jen.Lit(h.Name), jen.Lit(h.Value)))
	}
	field, wire, media := "p."+p.Name, jen.Lit(p.Wire), jen.Lit(p.Media)
	if p.Type.Kind == ir.Slice && p.Type.Elem.Kind == ir.File {
		return append(stmts, jen.For(jen.Id("i").Op(":=").Range().Id(field)).Block(
			jen.Id("r.AddFile").Call(wire, media, jen.Id(field).Index(jen.Id("i")))))
	}
	add := jen.Id("r.AddFile").Call(wire, media, jen.Id(field))
	if p.Type.Kind != ir.File {
		args := append([]jen.Code{jen.Id("r"), wire, media}, codedArgs(p.Type, field)...)
		if p.Required && p.Const != "" {
			args = append(args, jen.Lit(p.Const))
		}
		add = rest("AddPart").Call(args...)
	}
	if !p.Required {
		add = jen.If(notEmptyExpr(p.Type, field)).Block(add)
	}
	return append(stmts, add)
}

// formExpr yields <package>.<Form>{<Field>: ..., ...}.
func (e exampler) formExpr(op *ir.Operation) *jen.Statement {
	var fields []jen.Code
	for _, v := range op.Example.Parts {
		fields = append(fields, jen.Id(v.Part.Name).Op(":").Add(e.value(v.Value)))
	}
	form := e.name(op.Body.Form.Name)
	if len(fields) > 1 {
		return form.Add(multiline(fields))
	}
	return form.Values(fields...)
}

// fileExpr yields rest.File{Name: "README.md", Content: strings.NewReader("content")}, with a
// Header if the file must have one.
func fileExpr(v *ir.Value) *jen.Statement {
	fields := []jen.Code{jen.Id("Name").Op(":").Lit(v.Text)}
	if len(v.Members) > 0 {
		headers := jen.Dict{}
		for _, m := range v.Members {
			headers[jen.Lit(m.Key)] = jen.Values(jen.Lit(m.Value.Text))
		}
		fields = append(fields, jen.Id("Header").Op(":").Map(jen.String()).Index().String().Values(headers))
	}
	return rest("File").Values(append(fields, jen.Id("Content").Op(":").Qual(pathStrings, "NewReader").Call(jen.Lit("content")))...)
}

// form checks the struct of a form.
func (c *checker) form(where string, form *ir.Form) {
	c.declare(form.Name, "form")
	names := map[string]bool{}
	for _, name := range append(partNames(form), form.More) {
		if !isIdentifier(name) || !token.IsExported(name) || names[name] {
			c.problem(where, "%q cannot be the name of a field", name)
		}
		names[name] = true
	}
	for _, p := range form.Parts {
		t := p.Type
		if t != nil && t.Kind == ir.Slice {
			t = t.Elem
		}
		if t != nil && t.Kind == ir.File && !t.Pointer {
			continue
		}
		if c.wholeType(where+", "+p.Name, p.Type) && p.Type.Elem != nil {
			c.jsonType(where+", "+p.Name, p.Type.Elem)
		}
	}
}

func partNames(form *ir.Form) []string {
	var names []string
	for _, p := range form.Parts {
		names = append(names, p.Name)
	}
	return names
}
