package emit

import (
	"github.com/dave/jennifer/jen"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

// addEnum yields
//
//	// <Enum> is <doc> Values that are not listed here are kept as they come.
//	type <Enum> string
//
//	const (
//		<Value> <Enum> = "<value>"
//		...
//	)
//
//	// IsKnown reports whether the documents list the value.
//	func (v <Enum>) IsKnown() bool { ... }
func addEnum(f *jen.File, e *ir.Enum) {
	const open = "Values that are not listed here are kept as they come."
	if e.Doc == "" {
		addComment(f.Group, own(e.Name+" is one of a list of words. "+open))
	} else {
		addComment(f.Group, prose(typeSentence(e.Name, e.Doc)).and(open))
	}
	f.Type().Id(e.Name).String()
	f.Line()

	if len(e.Values) > 0 {
		f.Const().DefsFunc(func(g *jen.Group) {
			for _, v := range e.Values {
				addComment(g, prose(capitalized(v.Doc)))
				g.Id(v.Name).Id(e.Name).Op("=").Lit(v.Value)
			}
		})
		f.Line()
	}
	addIsKnown(f, e)
}

// addIsKnown yields
//
//	func (v <Enum>) IsKnown() bool {
//		switch v {
//		case <Value>, ...:
//			return true
//		}
//		return false
//	}
func addIsKnown(f *jen.File, e *ir.Enum) {
	body := []jen.Code{jen.Return(jen.False())}
	if len(e.Values) > 0 {
		known := make([]jen.Code, len(e.Values))
		width := len("\tcase :")
		for i, v := range e.Values {
			known[i] = wrapped(jen.Id(v.Name), len(v.Name)+2, &width)
		}
		body = []jen.Code{jen.Switch(jen.Id("v")).Block(jen.Case(known...).Block(jen.Return(jen.True()))), body[0]}
	}
	addComment(f.Group, own("IsKnown tells whether the documents list the value."))
	f.Func().Params(jen.Id("v").Id(e.Name)).Id("IsKnown").Params().Bool().Block(body...)
	f.Line()
}
