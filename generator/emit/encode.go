package emit

import (
	"github.com/dave/jennifer/jen"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

// addEncode yields
//
//	func encode<Model>(e *lossless.Encoder, m *<Model>) {
//		o := e.Object(shapeOf<Model>, &m.JSON)
//		<encodeMemberStmt>
//		...
//		o.End()
//	}
func addEncode(f *jen.File, m *ir.Model) {
	object := jen.Id("e.Object").Call(jen.Id(shapeName(m)), jen.Op("&").Id("m.JSON"))
	body := []jen.Code{jen.Id("o").Op(":=").Add(object)}
	for i, field := range m.Fields {
		body = append(body, encodeMemberStmt(i, field))
	}
	body = append(body, jen.Id("o.End").Call())
	f.Add(jen.Func().Id(encodeName(m)).Params(jen.Id("e").Op("*").Add(lossless("Encoder")), jen.Id("m").Op("*").Id(m.Name)).Block(body...))
	f.Line()
}

// encodeMemberStmt yields o.String(<index>, lossless.Required, v), o.String(<index>, lossless.Optional, string(v)) for an
// enum, o.Time(<index>, lossless.Optional, v, lossless.Jira), and for what is not written at one go
//
//	if o.Member(<index>, lossless.Optional, len(v) > 0) {
//		<encodeStmt>
//	}
func encodeMemberStmt(index int, field *ir.Field) *jen.Statement {
	need := "Optional"
	if field.Required {
		need = "Required"
	}
	t, v := field.Type, "m."+field.Name
	args := []jen.Code{jen.Lit(index), lossless(need)}
	switch t.Kind {
	case ir.String, ir.Int, ir.Float, ir.Bool, ir.Raw:
		return jen.Id("o." + scalarMethod(t.Kind)).Call(append(args, jen.Id(v))...)
	case ir.EnumKind:
		return jen.Id("o.String").Call(append(args, jen.String().Call(jen.Id(v)))...)
	case ir.Time:
		return jen.Id("o.Time").Call(append(args, jen.Id(v), codecExpr(t.Codec))...)
	}
	return jen.If(jen.Id("o.Member").Call(append(args, notEmptyExpr(t, v))...)).Block(encodeStmt(t, v))
}

// encodeStmt yields the call that writes v to the encoder e: e.WriteString(v), e.WriteTime(v, lossless.Jira), encode<Model>(e, &v),
// lossless.EncodeModels(e, v, encode<Model>), lossless.EncodeSlice(e, v, (*lossless.Encoder).WriteString).
func encodeStmt(t *ir.Type, v string) *jen.Statement {
	e, value := jen.Id("e"), jen.Id(v)
	switch t.Kind {
	case ir.EnumKind:
		return jen.Id("e.WriteString").Call(jen.String().Call(value))
	case ir.Time:
		return jen.Id("e.WriteTime").Call(value, codecExpr(t.Codec))
	case ir.ModelKind:
		if t.Pointer {
			return lossless("EncodePointer").Call(e, value, jen.Id(encodeName(t.Model)))
		}
		return jen.Id(encodeName(t.Model)).Call(e, jen.Op("&").Id(v))
	case ir.UnionKind:
		return lossless("EncodeUnion").Call(e, jen.Id(v+".Union"))
	case ir.Slice:
		if isModel(t.Elem) {
			return lossless("EncodeModels").Call(e, value, jen.Id(encodeName(t.Elem.Model)))
		}
		return lossless("EncodeSlice").Call(e, value, encodeFunc(t.Elem))
	case ir.Map:
		return lossless("EncodeMap").Call(e, value, encodeFunc(t.Elem))
	}
	return jen.Id("e.Write" + scalarMethod(t.Kind)).Call(value)
}

// encodeFunc yields a func(*lossless.Encoder, T): (*lossless.Encoder).WriteString, or a literal
//
//	func(e *lossless.Encoder, v time.Time) { e.WriteTime(v, lossless.UnixMilli) }
func encodeFunc(t *ir.Type) *jen.Statement {
	switch t.Kind {
	case ir.String, ir.Int, ir.Float, ir.Bool, ir.Raw:
		return jen.Parens(jen.Op("*").Add(lossless("Encoder"))).Dot("Write" + scalarMethod(t.Kind))
	}
	params := jen.Params(jen.Id("e").Op("*").Add(lossless("Encoder")), jen.Id("v").Add(typeExpr(t)))
	return jen.Func().Add(params).Add(oneLine(encodeStmt(t, "v")))
}

// writeFunc yields func(e *lossless.Encoder) { <encodeStmt> }.
func writeFunc(t *ir.Type, v string) *jen.Statement {
	return jen.Func().Params(jen.Id("e").Op("*").Add(lossless("Encoder"))).Add(oneLine(encodeStmt(t, v)))
}

// encodeName is the function that writes a model.
func encodeName(m *ir.Model) string { return "encode" + m.Name }
