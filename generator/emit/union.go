package emit

import (
	"github.com/dave/jennifer/jen"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

// addUnion yields the type of a union, what is known of its variants, and what reads and makes
// them.
//
//	// <Union> is <doc>
//	//
//	// It is one of <type> and <type>. ...
//	type <Union> struct{ lossless.Union }
//
//	func code<Union>(c *lossless.Codec, u *<Union>) { c.Union(&u.Union, unionOf<Union>) }
func addUnion(f *jen.File, u *ir.Union) {
	if u.Doc == "" {
		addComment(f.Group, own(u.Name+unionDoc(u)), deprecated(u.Deprecated))
	} else {
		addComment(f.Group, prose(typeSentence(u.Name, u.Doc)), own("It"+unionDoc(u)), deprecated(u.Deprecated))
	}
	f.Type().Id(u.Name).Struct(lossless("Union"))
	f.Line()
	addUnionType(f, u)
	if u.Tag != "" {
		addDiscriminator(f, u)
	}
	for i, v := range u.Variants {
		addAccessor(f, u, v, i)
		addMaker(f, u, v)
	}
	addValue(f, u)

	code := jen.Id("c.Union").Call(jen.Op("&").Id("u.Union"), jen.Id(unionTypeName(u)))
	f.Func().Id(codeName(u.Name)).Params(codecParam(), jen.Id("u").Op("*").Id(u.Name)).Add(oneLine(code))
	f.Line()
}

func unionTypeName(u *ir.Union) string { return "unionOf" + u.Name }

// unionDoc tells what a union may be and how to find out what it is.
func unionDoc(u *ir.Union) string {
	text := " is one of " + enumerated(variantTypes(u.Variants, func(*ir.Variant) bool { return true })) + "."
	if u.Tag != "" {
		text += " The member " + quoted(u.Tag) + " tells which."
	}
	return text + " What it holds is kept as JSON, whatever it is."
}

// variantTypes returns the types of those variants as comments name them.
func variantTypes(variants []*ir.Variant, wanted func(*ir.Variant) bool) []string {
	var names []string
	for _, v := range variants {
		if wanted(v) {
			names = append(names, typeText(v.Type))
		}
	}
	return names
}

// typeText is the type as comments show it: types of the package as links.
func typeText(t *ir.Type) string {
	switch t.Kind {
	case ir.ModelKind:
		return "[" + t.Model.Name + "]"
	case ir.EnumKind:
		return "[" + t.Enum.Name + "]"
	case ir.UnionKind:
		return "[" + t.Union.Name + "]"
	case ir.Slice:
		return "a list of " + typeText(t.Elem)
	case ir.Map:
		return "a map of " + typeText(t.Elem)
	case ir.Raw:
		return "any JSON"
	}
	return typeExpr(t).GoString()
}

// addUnionType yields
//
//	var unionOf<Union> = &lossless.UnionType{Want: "object", Tag: "<wire>", Variants: []lossless.Variant{
//		{Name: "<Variant>", JSON: "object", Tags: []string{"<value>"}, Has: []string{"<wire>"}, Lacks: []string{"<wire>"}},
//		...
//	}}
func addUnionType(f *jen.File, u *ir.Union) {
	variants := make([]jen.Code, 0, len(u.Variants)+1)
	for _, v := range u.Variants {
		values := []jen.Code{jen.Id("Name").Op(":").Lit(v.Name)}
		if v.Told {
			values = append(values, jen.Id("JSON").Op(":").Lit(v.JSON))
		}
		for _, list := range []struct {
			name  string
			items []string
		}{{"Tags", v.Tags}, {"Has", v.Has}, {"Lacks", v.Lacks}} {
			if len(list.items) > 0 {
				values = append(values, jen.Id(list.name).Op(":").Index().String().Values(literals(list.items)...))
			}
		}
		variants = append(variants, jen.Line().Values(values...))
	}
	var parts []jen.Code
	if u.Want != "" {
		parts = append(parts, jen.Id("Want").Op(":").Lit(u.Want))
	}
	if u.Tag != "" {
		parts = append(parts, jen.Id("Tag").Op(":").Lit(u.Tag))
	}
	parts = append(parts, jen.Id("Variants").Op(":").Index().Add(lossless("Variant")).Values(append(variants, jen.Line())...))
	f.Var().Id(unionTypeName(u)).Op("=").Op("&").Add(lossless("UnionType")).Values(parts...)
	f.Line()
}

func literals(texts []string) []jen.Code {
	all := make([]jen.Code, len(texts))
	for i, text := range texts {
		all[i] = jen.Lit(text)
	}
	return all
}

// unionMethod yields func (u <Union>) <name>, to which parameters, results and a body are added.
func unionMethod(u *ir.Union, name string) *jen.Statement {
	return jen.Func().Params(jen.Id("u").Id(u.Name)).Id(name)
}

// addDiscriminator yields
//
//	// Discriminator returns the member "<wire>", which tells what the value is; it is empty if there is none.
//	func (u <Union>) Discriminator() string { return lossless.TagOf(u.Union, unionOf<Union>) }
func addDiscriminator(f *jen.File, u *ir.Union) {
	addComment(f.Group, own("Discriminator returns the member "+quoted(u.Tag)+", which tells what the value is; it is empty if there is none."))
	f.Add(unionMethod(u, "Discriminator").Params().String().Add(oneLine(jen.Return(lossless("TagOf").Call(jen.Id("u.Union"), jen.Id(unionTypeName(u)))))))
	f.Line()
}

// addAccessor yields
//
//	// As<Variant> returns the value as <type>. It is an error if the value is surely something else.
//	func (u <Union>) As<Variant>() (<type>, error) {
//		return lossless.UnionAs(u.Union, unionOf<Union>, <index>, <codeExpr>)
//	}
func addAccessor(f *jen.File, u *ir.Union, v *ir.Variant, index int) {
	addComment(f.Group, own("As"+v.Name+" returns the value as "+typeText(v.Type)+". It is an error if the value is surely something else."))
	as := lossless("UnionAs").Call(jen.Id("u.Union"), jen.Id(unionTypeName(u)), jen.Lit(index), codeExpr(v.Type))
	f.Add(unionMethod(u, "As"+v.Name)).Params().Params(typeExpr(v.Type), jen.Error()).Block(jen.Return(as))
	f.Line()
}

// addMaker yields
//
//	// <Make> returns a <Union> with a copy of v. If its <Field> is empty, it becomes "<value>".
//	func <Make>(v <type>) <Union> {
//		if v.<Field> == "" {
//			v.<Field> = "<value>"
//		}
//		return <Union>{lossless.UnionOf(v, <codeExpr>)}
//	}
func addMaker(f *jen.File, u *ir.Union, v *ir.Variant) {
	text := v.Make + " returns a [" + u.Name + "] with a copy of v."
	var body []jen.Code
	if v.Field != nil {
		text += " If its " + v.Field.Name + " is empty, it becomes " + quoted(v.Tags[0]) + "."
		field := "v." + v.Field.Name
		body = append(body, jen.If(jen.Id(field).Op("==").Lit("")).Block(jen.Id(field).Op("=").Lit(v.Tags[0])))
	}
	body = append(body, jen.Return(jen.Id(u.Name).Values(lossless("UnionOf").Call(jen.Id("v"), codeExpr(v.Type)))))
	addComment(f.Group, own(text))
	f.Func().Id(v.Make).Params(jen.Id("v").Add(typeExpr(v.Type))).Id(u.Name).Block(body...)
	f.Line()
}

// addValue yields
//
//	// Value returns the value as what it is: <type> or <type>. Anything else comes as json.RawMessage.
//	func (u <Union>) Value() (any, error) {
//		switch lossless.VariantOf(u.Union, unionOf<Union>) {
//		case <index>:
//			return u.As<Variant>()
//		...
//		}
//		return u.Raw(), nil
//	}
//
// for those variants that can be told apart, and nothing where there is none.
func addValue(f *jen.File, u *ir.Union) {
	names := variantTypes(u.Variants, func(v *ir.Variant) bool { return v.Told })
	untold := variantTypes(u.Variants, func(v *ir.Variant) bool { return !v.Told })
	if len(names) == 0 {
		return
	}
	var cases []jen.Code
	for i, v := range u.Variants {
		if v.Told {
			cases = append(cases, jen.Case(jen.Lit(i)).Block(jen.Return(jen.Id("u.As"+v.Name).Call())))
		}
	}
	text := "Value returns the value as what it is: " + alternatives(names) + ". Anything else comes as json.RawMessage"
	if len(untold) > 0 {
		text += ", and so does what nothing tells from other variants: " + enumerated(untold)
	}
	addComment(f.Group, own(text+"."))
	f.Add(unionMethod(u, "Value")).Params().Params(jen.Any(), jen.Error()).Block(
		jen.Switch(lossless("VariantOf").Call(jen.Id("u.Union"), jen.Id(unionTypeName(u)))).Block(cases...),
		jen.Return(jen.Id("u.Raw").Call(), jen.Nil()),
	)
	f.Line()
}

// alternatives returns "A, B or C".
func alternatives(names []string) string {
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	text := names[0]
	for _, name := range names[1:last] {
		text += ", " + name
	}
	return text + " or " + names[last]
}
