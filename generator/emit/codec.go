package emit

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

// addJSON yields everything that reads, writes and copies a model.
func addJSON(f *jen.File, m *ir.Model) {
	addShape(f, m)
	addMarshalers(f, m)
	addCode(f, m)
}

// methodOf yields func (m *<Model>), to which a name, parameters and a body are added.
func methodOf(m *ir.Model) *jen.Statement {
	return jen.Func().Params(jen.Id("m").Op("*").Id(m.Name))
}

func shapeName(m *ir.Model) string { return "shapeOf" + m.Name }

// codeName is the function that reads, writes and copies a model or a union.
func codeName(name string) string { return "code" + name }

// addShape yields
//
//	var shapeOf<Model> = lossless.NewShape("<Model>", "<wire>", ...).Required("<wire>", ...).ReadOnly("<wire>", ...).
//		NotBlank("<wire>", ...).Const("<wire>", "<json>")
func addShape(f *jen.File, m *ir.Model) {
	width := len("var shapeOf = lossless.NewShape(") + 2*len(m.Name) + 2
	args := []jen.Code{jen.Lit(m.Name)}
	for _, field := range m.Fields {
		args = append(args, wrapped(jen.Lit(field.Wire), len(field.Wire)+4, &width))
	}
	shape := lossless("NewShape").Call(args...)
	mark := func(method string, has func(*ir.Field) bool) {
		var names []jen.Code
		for _, field := range m.Fields {
			if has(field) {
				if len(names) == 0 {
					width += len(method) + 4
				}
				names = append(names, wrapped(jen.Lit(field.Wire), len(field.Wire)+4, &width))
			}
		}
		if len(names) > 0 {
			shape.Dot(method).Call(names...)
		}
	}
	mark("Required", func(field *ir.Field) bool { return field.Required })
	mark("ReadOnly", func(field *ir.Field) bool { return field.ReadOnly && m.Request })
	mark("NotBlank", func(field *ir.Field) bool { return field.Required && field.NotBlank && !field.ReadOnly })
	for _, field := range m.Fields {
		if field.Required && field.Const != "" && !field.ReadOnly {
			shape.Dot("Const").Call(jen.Lit(field.Wire), jen.Lit(field.Const))
		}
	}
	f.Var().Id(shapeName(m)).Op("=").Add(shape)
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
//	func (m *<Model>) UnmarshalJSON(data []byte) error { return lossless.Unmarshal(data, m, code<Model>) }
//
//	// MarshalJSON implements json.Marshaler.
//	func (m <Model>) MarshalJSON() ([]byte, error) { return lossless.Marshal(&m, code<Model>) }
//
//	// AppendJSON appends m as JSON to b. It is faster than MarshalJSON; on an error it returns b.
//	func (m *<Model>) AppendJSON(b []byte) ([]byte, error) { return lossless.AppendJSON(b, m, code<Model>) }
//
//	// Clone returns a copy that shares no memory with the page m was decoded from, nil for nil.
//	func (m *<Model>) Clone() *<Model> { return lossless.Clone(m, code<Model>) }
func addMarshalers(f *jen.File, m *ir.Model) {
	code := jen.Id(codeName(m.Name))
	add := func(comment string, method *jen.Statement, call string, args ...jen.Code) {
		addComment(f.Group, own(comment))
		f.Add(method.Add(oneLine(jen.Return(lossless(call).Call(append(args, code)...)))))
		f.Line()
	}
	bytes := func() *jen.Statement { return jen.Params(jen.Index().Byte(), jen.Error()) }

	add("UnmarshalJSON implements json.Unmarshaler. It copies what it keeps.",
		methodOf(m).Id("UnmarshalJSON").Params(jen.Id("data").Index().Byte()).Error(), "Unmarshal", jen.Id("data"), jen.Id("m"))
	add("MarshalJSON implements json.Marshaler.",
		jen.Func().Params(jen.Id("m").Id(m.Name)).Id("MarshalJSON").Params().Add(bytes()), "Marshal", jen.Op("&").Id("m"))
	add("AppendJSON appends m as JSON to b. It is faster than MarshalJSON; on an error it returns b.",
		methodOf(m).Id("AppendJSON").Params(jen.Id("b").Index().Byte()).Add(bytes()), "AppendJSON", jen.Id("b"), jen.Id("m"))
	add("Clone returns a copy that shares no memory with the page m was decoded from, nil for nil.",
		methodOf(m).Id("Clone").Params().Op("*").Id(m.Name), "Clone", jen.Id("m"))
}

// addCode yields
//
//	func code<Model>(c *lossless.Codec, m *<Model>) {
//		o := c.Object(shapeOf<Model>, &m.JSON)
//		for o.Next() {
//			<memberStmt>
//			...
//		}
//	}
func addCode(f *jen.File, m *ir.Model) {
	var members []jen.Code
	for i, field := range m.Fields {
		members = append(members, memberStmt(i, field.Type, "m."+field.Name))
	}
	object := jen.Id("c.Object").Call(jen.Id(shapeName(m)), jen.Op("&").Id("m.JSON"))
	f.Add(jen.Func().Id(codeName(m.Name)).Params(codecParam(), jen.Id("m").Op("*").Id(m.Name)).Block(
		jen.Id("o").Op(":=").Add(object),
		jen.For(jen.Id("o.Next").Call()).Block(members...),
	))
	f.Line()
}

// codecParam yields c *lossless.Codec.
func codecParam() *jen.Statement { return jen.Id("c").Op("*").Add(lossless("Codec")) }

// memberStmt yields o.String(<index>, &v), o.Enum(<index>, (*string)(&v)) (o.String if "" is one of
// the values), o.Time(<index>, &v, lossless.Jira), and for all that is not a scalar
// lossless.Value(&o, <index>, &v, <codeExpr>).
func memberStmt(index int, t *ir.Type, v string) *jen.Statement {
	at, to := jen.Lit(index), jen.Op("&").Id(v)
	switch {
	case t.Pointer:
	case isScalar(t.Kind):
		return jen.Id("o."+scalarMethod(t.Kind)).Call(at, to)
	case t.Kind == ir.EnumKind && hasBlank(t.Enum):
		return jen.Id("o.String").Call(at, jen.Parens(jen.Op("*").String()).Call(to))
	case t.Kind == ir.EnumKind:
		return jen.Id("o.Enum").Call(at, jen.Parens(jen.Op("*").String()).Call(to))
	case t.Kind == ir.Time:
		return jen.Id("o.Time").Call(at, to, codecExpr(t.Codec))
	}
	return lossless("Value").Call(jen.Op("&").Id("o"), at, to, codeExpr(t))
}

// hasBlank reports whether "" is one of the values of an enum.
func hasBlank(e *ir.Enum) bool {
	return slices.ContainsFunc(e.Values, func(v ir.EnumValue) bool { return v.Value == "" })
}

// codeExpr yields the func(*lossless.Codec, *T) of a type: code<Model>, (*lossless.Codec).String,
// lossless.Enum[<Enum>], lossless.TimeIn(lossless.UnixMilli), lossless.PointerTo(<code>),
// lossless.ListOf(<code>) or lossless.MapOf(<code>).
func codeExpr(t *ir.Type) *jen.Statement {
	if t.Pointer && t.Kind == ir.ModelKind {
		return lossless("PointerTo").Call(jen.Id(codeName(t.Model.Name)))
	}
	switch t.Kind {
	case ir.EnumKind:
		return lossless("Enum").Index(valueTypeExpr(t))
	case ir.Time:
		return lossless("TimeIn").Call(codecExpr(t.Codec))
	case ir.ModelKind:
		return jen.Id(codeName(t.Model.Name))
	case ir.UnionKind:
		return jen.Id(codeName(t.Union.Name))
	case ir.Slice:
		return lossless("ListOf").Call(codeExpr(t.Elem))
	case ir.Map:
		return lossless("MapOf").Call(codeExpr(t.Elem))
	}
	return jen.Parens(jen.Op("*").Add(lossless("Codec"))).Dot(scalarMethod(t.Kind))
}

// codedArgs yields &v, <codeExpr>, or v, <codeExpr> for a pointer to a scalar.
func codedArgs(t *ir.Type, v string) []jen.Code {
	if t.Pointer && t.Kind != ir.ModelKind {
		return []jen.Code{jen.Id(v), codeExpr(t)}
	}
	return []jen.Code{jen.Op("&").Id(v), codeExpr(t)}
}

func isScalar(k ir.Kind) bool {
	return k == ir.String || k == ir.Int || k == ir.Uint || k == ir.Float || k == ir.Bool || k == ir.Raw
}

// scalarMethod is what Codec and Object call a scalar.
func scalarMethod(k ir.Kind) string {
	switch k {
	case ir.String:
		return "String"
	case ir.Int:
		return "Int"
	case ir.Uint:
		return "Uint"
	case ir.Float:
		return "Float"
	case ir.Bool:
		return "Bool"
	case ir.Raw:
		return "Raw"
	}
	panic("emit: not a scalar")
}
