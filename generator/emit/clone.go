package emit

import (
	"github.com/dave/jennifer/jen"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

// addClone yields
//
//	// Clone gives a copy that shares no memory with the page m was decoded from. It gives nil for nil.
//	func (m *<Model>) Clone() *<Model> {
//		if m == nil {
//			return nil
//		}
//		c := *m
//		c.detach()
//		return &c
//	}
//
//	func (m *<Model>) detach() {
//		detachStrings(&m.ID, &m.Name, (*string)(&m.Kind))
//		m.Labels = detachSlice(m.Labels, strings.Clone)
//		...
//		m.JSON.detach()
//	}
func addClone(f *jen.File, m *ir.Model) {
	addComment(f.Group, own("Clone gives a copy that shares no memory with the page m was decoded from. It gives nil for nil."))
	f.Add(methodOf(m).Id("Clone").Params().Op("*").Id(m.Name).Block(
		jen.If(jen.Id("m").Op("==").Nil()).Block(jen.Return(jen.Nil())),
		jen.Id("c").Op(":=").Op("*").Id("m"),
		jen.Id("c.detach").Call(),
		jen.Return(jen.Op("&").Id("c")),
	))
	f.Line()

	var body []jen.Code
	if fields := stringFields(m); len(fields) > 0 {
		body = append(body, jen.Id("detachStrings").Call(fields...))
	}
	for _, field := range m.Fields {
		if ownsMemory(field.Type) && !isText(field.Type) {
			body = append(body, detachStmt(field.Type, "m."+field.Name))
		}
	}
	body = append(body, jen.Id("m.JSON.detach").Call())
	f.Add(methodOf(m).Id("detach").Params().Block(body...))
	f.Line()
}

// isText tells whether a value is a string in Go.
func isText(t *ir.Type) bool { return t.Kind == ir.String || t.Kind == ir.EnumKind }

// stringFields yields &m.Name for each field that is a string, (*string)(&m.Kind) for enums.
func stringFields(m *ir.Model) []jen.Code {
	var list []jen.Code
	width := len("detachStrings(")
	for _, field := range m.Fields {
		v, size := jen.Op("&").Id("m."+field.Name), len("&m., ")+len(field.Name)
		switch field.Type.Kind {
		case ir.EnumKind:
			v, size = jen.Parens(jen.Op("*").String()).Call(v), size+len("(*string)()")
			fallthrough
		case ir.String:
			list = append(list, wrapped(v, size, &width))
		}
	}
	return list
}

// ownsMemory tells whether copying a value with = leaves memory shared.
func ownsMemory(t *ir.Type) bool {
	switch t.Kind {
	case ir.Int, ir.Float, ir.Bool, ir.Time:
		return false
	}
	return true
}

// detachStmt yields v.detach() for a model or a union, v = <detachExpr> for all others.
func detachStmt(t *ir.Type, v string) *jen.Statement {
	if isOwn(t) {
		return jen.Id(v + ".detach").Call()
	}
	return jen.Id(v).Op("=").Add(detachExpr(t, v))
}

// detachExpr yields a copy of v with memory of its own: strings.Clone(v), E(strings.Clone(string(v))), bytes.Clone(v), v.Clone(),
// slices.Clone(v), detachModels(v), detachSlice(v, strings.Clone), detachMap(v, detachValue[M]).
func detachExpr(t *ir.Type, v string) *jen.Statement {
	value := jen.Id(v)
	switch t.Kind {
	case ir.String:
		return jen.Qual(pathStrings, "Clone").Call(value)
	case ir.EnumKind:
		return jen.Id(t.Enum.Name).Call(jen.Qual(pathStrings, "Clone").Call(jen.String().Call(value)))
	case ir.Raw:
		return jen.Qual(pathBytes, "Clone").Call(value)
	case ir.ModelKind:
		if t.Pointer {
			return jen.Id(v + ".Clone").Call()
		}
		return jen.Id("detachValue").Call(value)
	case ir.Slice:
		return detachSliceExpr(t, value)
	case ir.Map:
		if !ownsMemory(t.Elem) {
			return jen.Id("detachMap").Call(value, jen.Nil())
		}
		return jen.Id("detachMap").Call(value, detachFunc(t.Elem))
	}
	return value
}

func detachSliceExpr(t *ir.Type, value *jen.Statement) *jen.Statement {
	switch {
	case isModel(t.Elem):
		return jen.Id("detachModels").Call(value)
	case !ownsMemory(t.Elem):
		return jen.Qual(pathSlices, "Clone").Call(value)
	}
	return jen.Id("detachSlice").Call(value, detachFunc(t.Elem))
}

// detachFunc yields a func(T) T: strings.Clone, detachValue[M], (*M).Clone, or a literal
//
//	func(v []string) []string { return detachSlice(v, strings.Clone) }
//	func(v <Union>) <Union> { v.detach(); return v }
func detachFunc(t *ir.Type) *jen.Statement {
	switch t.Kind {
	case ir.String:
		return jen.Qual(pathStrings, "Clone")
	case ir.ModelKind:
		if t.Pointer {
			return jen.Parens(typeExpr(t)).Dot("Clone")
		}
		return generic("detachValue", t)
	case ir.UnionKind:
		return jen.Func().Params(jen.Id("v").Add(typeExpr(t))).Add(typeExpr(t)).Block(detachStmt(t, "v"), jen.Return(jen.Id("v")))
	}
	return jen.Func().Params(jen.Id("v").Add(typeExpr(t))).Add(typeExpr(t)).Add(oneLine(jen.Return(detachExpr(t, "v"))))
}
