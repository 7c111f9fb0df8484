package emit

import (
	"github.com/dave/jennifer/jen"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

// addEncode yields
//
//	func (m *<Model>) encodeJSON(e *encoder) {
//		o := e.object(shapeOf<Model>, &m.JSON)
//		if o.member(<index>, required, m.Name != "") {
//			<encodeStmt>
//		}
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

// encodeMemberStmt yields one if of encodeJSON.
func encodeMemberStmt(index int, field *ir.Field) *jen.Statement {
	need := "optional"
	if field.Required {
		need = "required"
	}
	v := "m." + field.Name
	member := jen.Id("o.member").Call(jen.Lit(index), jen.Id(need), notEmptyExpr(field.Type, v))
	return jen.If(member).Block(encodeStmt(field.Type, v))
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
