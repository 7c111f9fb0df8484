package emit

import (
	"github.com/dave/jennifer/jen"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

// addDecode yields
//
//	func decode<Model>(d *lossless.Decoder, m *<Model>) {
//		if !m.JSON.IsZero() {
//			*m = <Model>{}
//		}
//		o := d.Object(shapeOf<Model>)
//		for o.More() {
//			switch o.Key {
//			case "<wire>":
//				<decodeMemberStmt>
//			...
//			default:
//				o.Unknown()
//			}
//		}
//		o.End(&m.JSON)
//	}
//
// A model that remembers something was decoded before: its member was repeated, and the last value counts. All others are empty, and
// emptying them again would cost a write barrier for each pointer while garbage is collected.
func addDecode(f *jen.File, m *ir.Model) {
	unknown := jen.Id("o.Unknown").Call()
	loop := unknown
	if len(m.Fields) > 0 {
		cases := make([]jen.Code, 0, len(m.Fields)+1)
		for i, field := range m.Fields {
			cases = append(cases, decodeCase(i, field))
		}
		loop = jen.Switch(jen.Id("o.Key")).Block(append(cases, jen.Default().Block(unknown))...)
	}
	f.Add(jen.Func().Id(decodeName(m)).Params(jen.Id("d").Op("*").Add(lossless("Decoder")), jen.Id("m").Op("*").Id(m.Name)).Block(
		jen.If(jen.Op("!").Id("m.JSON.IsZero").Call()).Block(jen.Op("*").Id("m").Op("=").Id(m.Name).Values()),
		jen.Id("o").Op(":=").Id("d.Object").Call(jen.Id(shapeName(m))),
		jen.For(jen.Id("o.More").Call()).Block(loop),
		jen.Id("o.End").Call(jen.Op("&").Id("m.JSON")),
	))
	f.Line()
}

// decodeName is the function that reads a model.
func decodeName(m *ir.Model) string { return "decode" + m.Name }

// decodeCase yields one case of the switch.
func decodeCase(index int, field *ir.Field) *jen.Statement {
	return jen.Case(jen.Lit(field.Wire)).Block(decodeMemberStmt(index, field.Type, "m."+field.Name))
}

// decodeMemberStmt yields o.String(<index>, &v), o.String(<index>, (*string)(&v)) for an enum, o.Time(<index>, &v, lossless.Jira), and for
// what is not read at one go
//
//	if o.Known(<index>) {
//		<decodeStmt>
//	}
func decodeMemberStmt(index int, t *ir.Type, v string) *jen.Statement {
	at, to := jen.Lit(index), jen.Op("&").Id(v)
	switch t.Kind {
	case ir.String, ir.Int, ir.Float, ir.Bool, ir.Raw:
		return jen.Id("o."+scalarMethod(t.Kind)).Call(at, to)
	case ir.EnumKind:
		return jen.Id("o.String").Call(at, jen.Parens(jen.Op("*").String()).Call(to))
	case ir.Time:
		return jen.Id("o.Time").Call(at, to, codecExpr(t.Codec))
	}
	return jen.If(jen.Id("o.Known").Call(at)).Block(decodeStmt(t, v))
}

// decodeStmt yields decode<Model>(d, &m.Author) for a model or a union, v = <decodeExpr> for all others.
func decodeStmt(t *ir.Type, v string) *jen.Statement {
	if isOwn(t) {
		return jen.Id("decode"+ownName(t)).Call(jen.Id("d"), jen.Op("&").Id(v))
	}
	return jen.Id(v).Op("=").Add(decodeExpr(t))
}

// decodeExpr yields the value the decoder d reads: d.ReadString(), d.ReadTime(lossless.UnixMilli), lossless.DecodeEnum[E](d),
// lossless.DecodeModels(d, decode<Model>), lossless.DecodeSlice(d, (*lossless.Decoder).ReadString), lossless.DecodeMap(d, <func>).
func decodeExpr(t *ir.Type) *jen.Statement {
	d := jen.Id("d")
	switch t.Kind {
	case ir.String, ir.Int, ir.Float, ir.Bool, ir.Raw:
		return jen.Id("d.Read" + scalarMethod(t.Kind)).Call()
	case ir.Time:
		return jen.Id("d.ReadTime").Call(codecExpr(t.Codec))
	case ir.EnumKind:
		return lossless("DecodeEnum").Index(valueTypeExpr(t)).Call(d)
	case ir.ModelKind:
		if t.Pointer {
			return lossless("DecodePointer").Call(d, jen.Id(decodeName(t.Model)))
		}
		return lossless("DecodeValue").Call(d, jen.Id(decodeName(t.Model)))
	case ir.Slice:
		if isModel(t.Elem) {
			return lossless("DecodeModels").Call(d, jen.Id(decodeName(t.Elem.Model)))
		}
		return lossless("DecodeSlice").Call(d, decodeFunc(t.Elem))
	case ir.Map:
		return lossless("DecodeMap").Call(d, decodeFunc(t.Elem))
	}
	panic("emit: check let an unknown kind pass")
}

// decodeFunc yields a func(*lossless.Decoder) T: (*lossless.Decoder).ReadString, lossless.DecodeEnum[E], or a literal
//
//	func(d *lossless.Decoder) []string { return lossless.DecodeSlice(d, (*lossless.Decoder).ReadString) }
//	func(d *lossless.Decoder) (v <Union>) { decode<Union>(d, &v); return v }
func decodeFunc(t *ir.Type) *jen.Statement {
	params := jen.Params(jen.Id("d").Op("*").Add(lossless("Decoder")))
	switch t.Kind {
	case ir.String, ir.Int, ir.Float, ir.Bool, ir.Raw:
		return jen.Parens(jen.Op("*").Add(lossless("Decoder"))).Dot("Read" + scalarMethod(t.Kind))
	case ir.EnumKind:
		return lossless("DecodeEnum").Index(valueTypeExpr(t))
	case ir.UnionKind:
		return jen.Func().Add(params).Params(jen.Id("v").Add(typeExpr(t))).Block(decodeStmt(t, "v"), jen.Return(jen.Id("v")))
	}
	return jen.Func().Add(params).Add(typeExpr(t)).Add(oneLine(jen.Return(decodeExpr(t))))
}

// ownName is the name of a model or a union.
func ownName(t *ir.Type) string {
	if t.Kind == ir.UnionKind {
		return t.Union.Name
	}
	return t.Model.Name
}

// scalarMethod is what ObjectReader and ObjectWriter call a scalar, and what follows Read and Write in those of Decoder and
// Encoder.
func scalarMethod(k ir.Kind) string {
	switch k {
	case ir.String:
		return "String"
	case ir.Int:
		return "Int"
	case ir.Float:
		return "Float"
	case ir.Bool:
		return "Bool"
	case ir.Raw:
		return "Raw"
	}
	panic("emit: not a scalar")
}
