package emit

import (
	"github.com/dave/jennifer/jen"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

// addEncode yields
//
//	func (m *<Model>) encodeJSON(e *encoder) {
//		o := e.object(shapeOf<Model>, &m.JSON)
//		<encodeMemberStmt>
//		...
//		o.end()
//	}
func addEncode(f *jen.File, m *ir.Model) {
	object := jen.Id("e.object").Call(jen.Id(shapeName(m)), jen.Op("&").Id("m.JSON"))
	body := []jen.Code{jen.Id("o").Op(":=").Add(object)}
	for i, field := range m.Fields {
		body = append(body, encodeMemberStmt(i, field))
	}
	body = append(body, jen.Id("o.end").Call())
	f.Add(methodOf(m).Id("encodeJSON").Params(jen.Id("e").Op("*").Id("encoder")).Block(body...))
	f.Line()
}

// encodeMemberStmt yields o.string(<index>, required, v), o.string(<index>, optional, string(v)) for an enum,
// o.time(<index>, optional, v, jira), and for what is not written at one go
//
//	if o.member(<index>, optional, len(v) > 0) {
//		<encodeStmt>
//	}
func encodeMemberStmt(index int, field *ir.Field) *jen.Statement {
	need := "optional"
	if field.Required {
		need = "required"
	}
	t, v := field.Type, "m."+field.Name
	args := []jen.Code{jen.Lit(index), jen.Id(need)}
	switch t.Kind {
	case ir.String, ir.Int, ir.Float, ir.Bool, ir.Raw:
		return jen.Id("o." + scalarMethod(t.Kind)).Call(append(args, jen.Id(v))...)
	case ir.EnumKind:
		return jen.Id("o.string").Call(append(args, jen.String().Call(jen.Id(v)))...)
	case ir.Time:
		return jen.Id("o.time").Call(append(args, jen.Id(v), codecExpr(t.Codec))...)
	}
	return jen.If(jen.Id("o.member").Call(append(args, notEmptyExpr(t, v))...)).Block(encodeStmt(t, v))
}

// encodeStmt yields the call that writes v to the encoder e: e.string(v), e.time(v, jira), v.encodeJSON(e),
// encodeModels(e, v), encodeSlice(e, v, (*encoder).string), encodeMap(e, v, encodeValue[M]).
func encodeStmt(t *ir.Type, v string) *jen.Statement {
	e, value := jen.Id("e"), jen.Id(v)
	switch t.Kind {
	case ir.EnumKind:
		return jen.Id("e.string").Call(jen.String().Call(value))
	case ir.Time:
		return jen.Id("e.time").Call(value, codecExpr(t.Codec))
	case ir.ModelKind:
		if t.Pointer {
			return jen.Id("encodePointer").Call(e, value)
		}
		return jen.Id(v + ".encodeJSON").Call(e)
	case ir.UnionKind:
		return jen.Id(v + ".encodeJSON").Call(e)
	case ir.Slice:
		if isModel(t.Elem) {
			return jen.Id("encodeModels").Call(e, value)
		}
		return jen.Id("encodeSlice").Call(e, value, encodeFunc(t.Elem))
	case ir.Map:
		return jen.Id("encodeMap").Call(e, value, encodeFunc(t.Elem))
	}
	return jen.Id("e." + scalarMethod(t.Kind)).Call(value)
}

// encodeFunc yields a func(*encoder, T): (*encoder).string, encodeValue[M], or a literal
//
//	func(e *encoder, v time.Time) { e.time(v, unixMilli) }
func encodeFunc(t *ir.Type) *jen.Statement {
	switch t.Kind {
	case ir.String, ir.Int, ir.Float, ir.Bool, ir.Raw:
		return jen.Parens(jen.Op("*").Id("encoder")).Dot(scalarMethod(t.Kind))
	case ir.ModelKind:
		if t.Pointer {
			return generic("encodePointer", t)
		}
		return generic("encodeValue", t)
	case ir.Slice:
		if isModel(t.Elem) {
			return generic("encodeModels", t.Elem)
		}
	}
	params := jen.Params(jen.Id("e").Op("*").Id("encoder"), jen.Id("v").Add(typeExpr(t)))
	return jen.Func().Add(params).Add(oneLine(encodeStmt(t, "v")))
}
