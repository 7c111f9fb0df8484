package emit

import (
	"github.com/dave/jennifer/jen"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

// addDecode yields
//
//	func (m *<Model>) decodeJSON(d *decoder) {
//		if m.JSON.shape != nil {
//			*m = <Model>{}
//		}
//		o := d.object(shapeOf<Model>)
//		for o.more() {
//			switch o.key {
//			case "<wire>":
//				<decodeMemberStmt>
//			...
//			default:
//				o.unknown()
//			}
//		}
//		o.end(&m.JSON)
//	}
//
// A model that has a shape was decoded before: its member was repeated, and the last value counts. All others are empty, and
// emptying them again would cost a write barrier for each pointer while garbage is collected.
func addDecode(f *jen.File, m *ir.Model) {
	unknown := jen.Id("o.unknown").Call()
	loop := unknown
	if len(m.Fields) > 0 {
		cases := make([]jen.Code, 0, len(m.Fields)+1)
		for i, field := range m.Fields {
			cases = append(cases, decodeCase(i, field))
		}
		loop = jen.Switch(jen.Id("o.key")).Block(append(cases, jen.Default().Block(unknown))...)
	}
	f.Add(methodOf(m).Id("decodeJSON").Params(jen.Id("d").Op("*").Id("decoder")).Block(
		jen.If(jen.Id("m.JSON.shape").Op("!=").Nil()).Block(jen.Op("*").Id("m").Op("=").Id(m.Name).Values()),
		jen.Id("o").Op(":=").Id("d.object").Call(jen.Id(shapeName(m))),
		jen.For(jen.Id("o.more").Call()).Block(loop),
		jen.Id("o.end").Call(jen.Op("&").Id("m.JSON")),
	))
	f.Line()
}

// decodeCase yields one case of the switch in decodeJSON.
func decodeCase(index int, field *ir.Field) *jen.Statement {
	return jen.Case(jen.Lit(field.Wire)).Block(decodeMemberStmt(index, field.Type, "m."+field.Name))
}

// decodeMemberStmt yields o.string(<index>, &v), o.string(<index>, (*string)(&v)) for an enum, o.time(<index>, &v, jira), and for
// what is not read at one go
//
//	if o.known(<index>) {
//		<decodeStmt>
//	}
func decodeMemberStmt(index int, t *ir.Type, v string) *jen.Statement {
	at, to := jen.Lit(index), jen.Op("&").Id(v)
	switch t.Kind {
	case ir.String, ir.Int, ir.Float, ir.Bool, ir.Raw:
		return jen.Id("o."+scalarMethod(t.Kind)).Call(at, to)
	case ir.EnumKind:
		return jen.Id("o.string").Call(at, jen.Parens(jen.Op("*").String()).Call(to))
	case ir.Time:
		return jen.Id("o.time").Call(at, to, codecExpr(t.Codec))
	}
	return jen.If(jen.Id("o.known").Call(at)).Block(decodeStmt(t, v))
}

// decodeStmt yields m.Author.decodeJSON(d) for a model or a union, v = <decodeExpr> for all others.
func decodeStmt(t *ir.Type, v string) *jen.Statement {
	if isOwn(t) {
		return jen.Id(v + ".decodeJSON").Call(jen.Id("d"))
	}
	return jen.Id(v).Op("=").Add(decodeExpr(t))
}

// decodeExpr yields the value the decoder d reads: d.string(), d.time(unixMilli), decodeEnum[E](d), decodeModels[M](d),
// decodeSlice(d, (*decoder).string), decodeMap(d, decodeValue[M]).
func decodeExpr(t *ir.Type) *jen.Statement {
	d := jen.Id("d")
	switch t.Kind {
	case ir.String, ir.Int, ir.Float, ir.Bool, ir.Raw:
		return jen.Id("d." + scalarMethod(t.Kind)).Call()
	case ir.Time:
		return jen.Id("d.time").Call(codecExpr(t.Codec))
	case ir.Slice:
		if !isModel(t.Elem) {
			return jen.Id("decodeSlice").Call(d, decodeFunc(t.Elem))
		}
	case ir.Map:
		return jen.Id("decodeMap").Call(d, decodeFunc(t.Elem))
	}
	return decodeFunc(t).Call(d)
}

// decodeFunc yields a func(*decoder) T: (*decoder).string, decodeValue[M], or a literal
//
//	func(d *decoder) []string { return decodeSlice(d, (*decoder).string) }
//	func(d *decoder) (v <Union>) { v.decodeJSON(d); return v }
func decodeFunc(t *ir.Type) *jen.Statement {
	switch t.Kind {
	case ir.String, ir.Int, ir.Float, ir.Bool, ir.Raw:
		return jen.Parens(jen.Op("*").Id("decoder")).Dot(scalarMethod(t.Kind))
	case ir.EnumKind:
		return generic("decodeEnum", t)
	case ir.ModelKind:
		if t.Pointer {
			return generic("decodePointer", t)
		}
		return generic("decodeValue", t)
	case ir.UnionKind:
		read := jen.Id("v.decodeJSON").Call(jen.Id("d"))
		return jen.Func().Params(jen.Id("d").Op("*").Id("decoder")).Params(jen.Id("v").Add(typeExpr(t))).Block(read, jen.Return(jen.Id("v")))
	case ir.Slice:
		if isModel(t.Elem) {
			return generic("decodeModels", t.Elem)
		}
	}
	result := typeExpr(t)
	return jen.Func().Params(jen.Id("d").Op("*").Id("decoder")).Add(result).Add(oneLine(jen.Return(decodeExpr(t))))
}

// scalarMethod is what decoder, encoder, objectReader and objectWriter call a scalar.
func scalarMethod(k ir.Kind) string {
	switch k {
	case ir.String:
		return "string"
	case ir.Int:
		return "int"
	case ir.Float:
		return "float"
	case ir.Bool:
		return "bool"
	case ir.Raw:
		return "raw"
	}
	panic("emit: not a scalar")
}
