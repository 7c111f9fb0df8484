package emit

import (
	"github.com/dave/jennifer/jen"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

// addJSON yields everything that reads, writes and copies a model.
func addJSON(f *jen.File, m *ir.Model) {
	addShape(f, m)
	addMarshalers(f, m)
	addClone(f, m)
	if m.Nested {
		addIsZero(f, m)
	}
	addDecode(f, m)
	addEncode(f, m)
}

// methodOf yields func (m *<Model>), to which a name, parameters and a body are added.
func methodOf(m *ir.Model) *jen.Statement {
	return jen.Func().Params(jen.Id("m").Op("*").Id(m.Name))
}

func shapeName(m *ir.Model) string { return "shapeOf" + m.Name }

// addShape yields
//
//	var shapeOf<Model> = lossless.NewShape("<Model>", "<wire>", ...)
func addShape(f *jen.File, m *ir.Model) {
	args := []jen.Code{jen.Lit(m.Name)}
	width := len("var shapeOf = lossless.NewShape(") + 2*len(m.Name) + 2
	for _, field := range m.Fields {
		args = append(args, wrapped(jen.Lit(field.Wire), len(field.Wire)+4, &width))
	}
	f.Var().Id(shapeName(m)).Op("=").Add(lossless("NewShape")).Call(args...)
	f.Line()
}

// wrapped puts an item of a list on a new line if the current one would become too long.
func wrapped(item *jen.Statement, size int, width *int) jen.Code {
	*width += size
	if *width <= lineWidth {
		return item
	}
	*width = size + 8
	return jen.Line().Add(item)
}

// addMarshalers yields
//
//	// UnmarshalJSON implements json.Unmarshaler. It copies what it keeps.
//	func (m *<Model>) UnmarshalJSON(data []byte) error { return lossless.Unmarshal(data, m, decode<Model>) }
//
//	// MarshalJSON implements json.Marshaler.
//	func (m <Model>) MarshalJSON() ([]byte, error) { return lossless.Marshal(&m, encode<Model>) }
//
//	// AppendJSON appends m as JSON to b and returns the longer slice. It is faster than MarshalJSON; on an error it returns b.
//	func (m *<Model>) AppendJSON(b []byte) ([]byte, error) { return lossless.AppendJSON(b, m, encode<Model>) }
func addMarshalers(f *jen.File, m *ir.Model) {
	addComment(f.Group, own("UnmarshalJSON implements json.Unmarshaler. It copies what it keeps."))
	unmarshal := lossless("Unmarshal").Call(jen.Id("data"), jen.Id("m"), jen.Id(decodeName(m)))
	f.Add(methodOf(m).Id("UnmarshalJSON").Params(jen.Id("data").Index().Byte()).Error().Add(oneLine(jen.Return(unmarshal))))
	f.Line()

	addComment(f.Group, own("MarshalJSON implements json.Marshaler."))
	marshal := lossless("Marshal").Call(jen.Op("&").Id("m"), jen.Id(encodeName(m)))
	results := jen.Params(jen.Index().Byte(), jen.Error())
	f.Func().Params(jen.Id("m").Id(m.Name)).Id("MarshalJSON").Params().Add(results).Add(oneLine(jen.Return(marshal)))
	f.Line()

	addComment(f.Group, own("AppendJSON appends m as JSON to b and returns the longer slice. It is faster than MarshalJSON; on an error it returns b."))
	appended := lossless("AppendJSON").Call(jen.Id("b"), jen.Id("m"), jen.Id(encodeName(m)))
	f.Add(methodOf(m).Id("AppendJSON").Params(jen.Id("b").Index().Byte()).Add(results.Clone()).Add(oneLine(jen.Return(appended))))
	f.Line()
}

// addIsZero yields
//
//	func isZero<Model>(m *<Model>) bool {
//		return m.Name == "" &&
//			len(m.Labels) == 0 &&
//			m.JSON.IsZero()
//	}
func addIsZero(f *jen.File, m *ir.Model) {
	var body []jen.Code
	fields := m.Fields
	for ; len(fields) > maxChain; fields = fields[maxChain:] {
		body = append(body, jen.If(jen.Op("!").Parens(chainExpr(fields[:maxChain]))).Block(jen.Return(jen.False())))
	}
	all := jen.Null()
	if len(fields) > 0 {
		all.Add(chainExpr(fields)).Op("&&").Line()
	}
	body = append(body, jen.Return(all.Id("m.JSON.IsZero").Call()))
	f.Func().Id("isZero" + m.Name).Params(jen.Id("m").Op("*").Id(m.Name)).Bool().Block(body...)
	f.Line()
}

// maxChain is how many conditions one expression has at most: formatting takes time with the square of them. Models that
// people write have far fewer members.
const maxChain = 500

// m.<Field> == "" &&
//
//	m.<Field> == 0
func chainExpr(fields []*ir.Field) *jen.Statement {
	all := jen.Null()
	for i, field := range fields {
		if i > 0 {
			all.Op("&&").Line()
		}
		all.Add(emptyExpr(field.Type, "m."+field.Name))
	}
	return all
}
