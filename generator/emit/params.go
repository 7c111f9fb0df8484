package emit

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

// addParams yields
//
//	// <Params> are the parameters of [Client.<Operation>]. ...
//	type <Params> struct {
//		// <doc>
//		<Field> <type>
//	}
//
//	func (p *<Params>) encode(r *rest.Request) { ... }
func addParams(f *jen.File, op *ir.Operation) {
	var required []string
	for _, p := range op.Params.Fields {
		if p.Required {
			required = append(required, p.Name)
		}
	}
	text := whatIsSent(required, len(op.Params.Fields), "The zero value sends none of them.")
	addComment(f.Group, own(op.Params.Name+" are the parameters of [Client."+op.Name+"]. "+text))
	f.Type().Id(op.Params.Name).StructFunc(func(g *jen.Group) {
		fields := make([]structField, 0, len(op.Params.Fields))
		for _, p := range op.Params.Fields {
			fields = append(fields, structField{
				comment: docComment(paramDoc(p)...),
				decl:    jen.Id(p.Name).Add(typeExpr(p.Type)),
			})
		}
		addStructFields(g, fields)
	})
	f.Line()
	addEncodeParams(f, op.Params)
}

// whatIsSent tells which of some fields may be left out, none being the text if all may.
func whatIsSent(required []string, fields int, none string) string {
	switch n := len(required); {
	case n == 0:
		return none
	case n == fields && n == 1:
		return required[0] + " is always sent."
	case n == fields:
		return "All of them are always sent."
	case n == 1:
		return required[0] + " is always sent, the others only if they are set."
	default:
		return enumerated(required) + " are always sent, the others only if they are set."
	}
}

// paramDoc is the comment above the field of a parameter.
func paramDoc(p *ir.Param) []block {
	text := prose(capitalized(p.Doc))
	unset := ""
	if p.Default != "" {
		unset = "If it is not set, the server takes " + finished(strings.Join(strings.Fields(p.Default), " "), ".")
	}
	blocks := []block{text.and(unset)}
	if strings.TrimSpace(p.Doc) == "" {
		blocks[0] = own(unset)
	}
	return append(blocks, deprecated(p.Deprecated))
}

// addEncodeParams yields
//
//	func (p *<Params>) encode(r *rest.Request) {
//		if p == nil {
//			return
//		}
//		<encodeParamStmt>
//		...
//	}
//
// and p = new(<Params>) instead of return where a parameter is required.
func addEncodeParams(f *jen.File, params *ir.Params) {
	onNil := jen.Return()
	for _, p := range params.Fields {
		if p.Required {
			onNil = jen.Id("p").Op("=").New(jen.Id(params.Name))
			break
		}
	}
	body := []jen.Code{jen.If(jen.Id("p").Op("==").Nil()).Block(onNil)}
	for _, p := range params.Fields {
		body = append(body, encodeParamStmt(p))
	}
	f.Func().Params(jen.Id("p").Op("*").Id(params.Name)).Id("encode").Params(jen.Id("r").Op("*").Add(rest("Request"))).Block(body...)
	f.Line()
}

// encodeParamStmt yields
//
//	if p.<Field> != "" {
//		r.Query("<wire>", rest.Form, true, p.<Field>)
//	}
//
// and the call alone for a required parameter.
func encodeParamStmt(p *ir.Param) *jen.Statement {
	field := "p." + p.Name
	send := sendParamStmt(p, field)
	if p.Required {
		return send
	}
	return jen.If(notEmptyExpr(p.Type, field)).Block(send)
}

// sendParamStmt yields r.Query("<wire>", rest.Form, true, v), r.Path("<wire>", rest.Simple, false,
// v), r.Header("<wire>", false, v) or r.Cookie("<wire>", false, v). The value of a parameter in
// JSON is rest.JSONParam(&v, <codeExpr>); rest.Reserved(v) and rest.Required(v, "<only value>") are
// around the value of others.
func sendParamStmt(p *ir.Param, v string) *jen.Statement {
	wire, explode, value := jen.Lit(p.Wire), jen.Lit(p.Explode), paramExpr(p.Type, v)
	if p.JSON {
		value = rest("JSONParam").Call(codedArgs(p.Type, v)...)
	}
	if p.Reserved {
		value = rest("Reserved").Call(value)
	}
	if p.Required && !p.AllowEmpty && canBeEmpty(p.Type) && (p.In != "path" || p.Const != "") {
		args := []jen.Code{value}
		if p.Const != "" {
			args = append(args, jen.Lit(p.Const))
		}
		value = rest("Required").Call(args...)
	}
	method := jen.Id("r." + strings.ToUpper(p.In[:1]) + p.In[1:])
	switch p.In {
	case "header", "cookie":
		return method.Call(wire, explode, value)
	}
	return method.Call(wire, styleExpr(p.Style), explode, value)
}

// styleExpr yields rest.Form, rest.DeepObject and so on.
func styleExpr(style string) *jen.Statement { return rest(strings.ToUpper(style[:1]) + style[1:]) }

// canBeEmpty reports whether a value may be one that says nothing.
func canBeEmpty(t *ir.Type) bool {
	return t.Kind != ir.Int && t.Kind != ir.Uint && t.Kind != ir.Float && t.Kind != ir.Bool
}

// paramExpr yields one of the types the runtime styles: v, *v, string(v), lossless.FormatTime(v,
// lossless.Jira), rest.StringsOf(v), or rest.ParamOf(&v, <codeExpr>) for what only JSON can hold.
func paramExpr(t *ir.Type, v string) *jen.Statement {
	value := jen.Id(v)
	if t.Pointer && t.Kind != ir.ModelKind {
		value = jen.Op("*").Id(v)
	}
	switch t.Kind {
	case ir.String, ir.Int, ir.Uint, ir.Float, ir.Bool:
		return value
	case ir.Time:
		return lossless("FormatTime").Call(value, codecExpr(t.Codec))
	case ir.EnumKind:
		return jen.String().Call(value)
	case ir.Slice:
		if list := listExpr(t.Elem, value); list != nil {
			return list
		}
	}
	return rest("ParamOf").Call(codedArgs(t, v)...)
}

// listExpr yields a slice of scalars as the runtime styles it, or nothing for other slices.
func listExpr(elem *ir.Type, value *jen.Statement) *jen.Statement {
	if elem.Pointer {
		return nil
	}
	switch elem.Kind {
	case ir.String, ir.Int, ir.Uint, ir.Float, ir.Bool:
		return value
	case ir.Time:
		return lossless("FormatTimes").Call(value, codecExpr(elem.Codec))
	case ir.EnumKind:
		return rest("StringsOf").Call(value)
	}
	return nil
}
