package emit

import (
	"github.com/dave/jennifer/jen"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

// addClone yields
//
//	// Clone returns a copy that shares no memory with the page m was decoded from. It returns nil for nil.
//	func (m *<Model>) Clone() *<Model> { return lossless.Clone(m, detach<Model>) }
//
//	func detach<Model>(m *<Model>) {
//		lossless.DetachStrings(&m.ID, &m.Name, (*string)(&m.Kind))
//		m.Labels = lossless.DetachSlice(m.Labels, strings.Clone)
//		...
//		m.JSON = m.JSON.Clone()
//	}
func addClone(f *jen.File, m *ir.Model) {
	addComment(f.Group, own("Clone returns a copy that shares no memory with the page m was decoded from. It returns nil for nil."))
	clone := lossless("Clone").Call(jen.Id("m"), jen.Id(detachName(m)))
	f.Add(methodOf(m).Id("Clone").Params().Op("*").Id(m.Name).Add(oneLine(jen.Return(clone))))
	f.Line()

	var body []jen.Code
	if fields := stringFields(m); len(fields) > 0 {
		body = append(body, lossless("DetachStrings").Call(fields...))
	}
	for _, field := range m.Fields {
		if ownsMemory(field.Type) && !isText(field.Type) {
			body = append(body, detachStmt(field.Type, "m."+field.Name))
		}
	}
	body = append(body, jen.Id("m.JSON").Op("=").Id("m.JSON.Clone").Call())
	f.Add(jen.Func().Id(detachName(m)).Params(jen.Id("m").Op("*").Id(m.Name)).Block(body...))
	f.Line()
}

// detachName is the function that copies what a model shares.
func detachName(m *ir.Model) string { return "detach" + m.Name }

// isText reports whether a value is a string in Go.
func isText(t *ir.Type) bool { return t.Kind == ir.String || t.Kind == ir.EnumKind }

// stringFields yields &m.Name for each field that is a string, (*string)(&m.Kind) for enums.
func stringFields(m *ir.Model) []jen.Code {
	var list []jen.Code
	width := len("lossless.DetachStrings(")
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

// ownsMemory reports whether copying a value with = leaves memory shared.
func ownsMemory(t *ir.Type) bool {
	switch t.Kind {
	case ir.Int, ir.Float, ir.Bool, ir.Time:
		return false
	}
	return true
}

// detachStmt yields detach<Model>(&v) for a model, lossless.DetachUnion(&v.Union) for a union, v = <detachExpr> for all others.
func detachStmt(t *ir.Type, v string) *jen.Statement {
	switch {
	case isModel(t):
		return jen.Id(detachName(t.Model)).Call(jen.Op("&").Id(v))
	case t.Kind == ir.UnionKind:
		return lossless("DetachUnion").Call(jen.Op("&").Id(v + ".Union"))
	}
	return jen.Id(v).Op("=").Add(detachExpr(t, v))
}

// detachExpr yields a copy of v with memory of its own: strings.Clone(v), E(strings.Clone(string(v))), bytes.Clone(v), v.Clone(),
// slices.Clone(v), lossless.DetachModels(v, detach<Model>), lossless.DetachSlice(v, strings.Clone).
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
		return lossless("DetachValue").Call(value, jen.Id(detachName(t.Model)))
	case ir.Slice:
		return detachSliceExpr(t, value)
	case ir.Map:
		if !ownsMemory(t.Elem) {
			return lossless("DetachMap").Call(value, jen.Nil())
		}
		return lossless("DetachMap").Call(value, detachFunc(t.Elem))
	}
	return value
}

func detachSliceExpr(t *ir.Type, value *jen.Statement) *jen.Statement {
	switch {
	case isModel(t.Elem):
		return lossless("DetachModels").Call(value, jen.Id(detachName(t.Elem.Model)))
	case !ownsMemory(t.Elem):
		return jen.Qual(pathSlices, "Clone").Call(value)
	}
	return lossless("DetachSlice").Call(value, detachFunc(t.Elem))
}

// detachFunc yields a func(T) T: strings.Clone, (*M).Clone, or a literal
//
//	func(v []string) []string { return lossless.DetachSlice(v, strings.Clone) }
//	func(v <Union>) <Union> { lossless.DetachUnion(&v.Union); return v }
func detachFunc(t *ir.Type) *jen.Statement {
	switch t.Kind {
	case ir.String:
		return jen.Qual(pathStrings, "Clone")
	case ir.ModelKind:
		if t.Pointer {
			return jen.Parens(typeExpr(t)).Dot("Clone")
		}
	case ir.UnionKind:
		return jen.Func().Params(jen.Id("v").Add(typeExpr(t))).Add(typeExpr(t)).Block(detachStmt(t, "v"), jen.Return(jen.Id("v")))
	}
	return jen.Func().Params(jen.Id("v").Add(typeExpr(t))).Add(typeExpr(t)).Add(oneLine(jen.Return(detachExpr(t, "v"))))
}
