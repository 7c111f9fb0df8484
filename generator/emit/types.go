package emit

import (
	"github.com/dave/jennifer/jen"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

// typeExpr yields the Go type: string, *int64, []AuditRecord, map[string]json.RawMessage,
// time.Time.
func typeExpr(t *ir.Type) *jen.Statement {
	if t.Pointer {
		return jen.Op("*").Add(valueTypeExpr(t))
	}
	return valueTypeExpr(t)
}

// valueTypeExpr yields the type without its pointer.
func valueTypeExpr(t *ir.Type) *jen.Statement {
	switch t.Kind {
	case ir.String:
		return jen.Id("string")
	case ir.Int:
		return jen.Id("int64")
	case ir.Uint:
		return jen.Id("uint64")
	case ir.Float:
		return jen.Id("float64")
	case ir.Bool:
		return jen.Id("bool")
	case ir.Time:
		return jen.Qual(pathTime, "Time")
	case ir.Raw:
		return jen.Qual(pathJSON, "RawMessage")
	case ir.Slice:
		return jen.Index().Add(typeExpr(t.Elem))
	case ir.Map:
		return jen.Map(jen.Id("string")).Add(typeExpr(t.Elem))
	case ir.ModelKind:
		return jen.Id(t.Model.Name)
	case ir.EnumKind:
		return jen.Id(t.Enum.Name)
	case ir.UnionKind:
		return jen.Id(t.Union.Name)
	case ir.File:
		return rest("File")
	}
	panic("emit: check let an unknown kind pass")
}

// codecExpr yields the runtime's constant for the way a time travels.
func codecExpr(c ir.Codec) *jen.Statement {
	switch c {
	case ir.RFC3339:
		return lossless("RFC3339")
	case ir.UnixMilli:
		return lossless("UnixMilli")
	case ir.Jira:
		return lossless("Jira")
	}
	panic("emit: check let an unknown codec pass")
}

// notEmptyExpr yields the condition under which an optional value is sent: v != "", len(v) > 0,
// !v.IsZero(), v != nil, v.Content != nil, or !lossless.IsEmpty(&v, code<Model>).
func notEmptyExpr(t *ir.Type, v string) *jen.Statement {
	if t.Pointer {
		return jen.Id(v).Op("!=").Nil()
	}
	switch t.Kind {
	case ir.String, ir.EnumKind:
		return jen.Id(v).Op("!=").Lit("")
	case ir.Int, ir.Uint, ir.Float:
		return jen.Id(v).Op("!=").Lit(0)
	case ir.Bool:
		return jen.Id(v)
	case ir.Time, ir.UnionKind:
		return jen.Op("!").Id(v + ".IsZero").Call()
	case ir.File:
		return jen.Id(v + ".Content").Op("!=").Nil()
	case ir.ModelKind:
		return jen.Op("!").Add(lossless("IsEmpty")).Call(codedArgs(t, v)...)
	}
	return jen.Len(jen.Id(v)).Op(">").Lit(0)
}

// isModel reports whether t is a model by value.
func isModel(t *ir.Type) bool { return t.Kind == ir.ModelKind && !t.Pointer }

// oneLine yields { <stmt> }; gofmt breaks it where the line would be too long.
func oneLine(stmt jen.Code) *jen.Statement {
	return jen.Custom(jen.Options{Open: "{", Close: "}"}, stmt)
}

// rest and lossless yield a name of the runtime.
func rest(name string) *jen.Statement { return jen.Qual(pathRest, name) }

func lossless(name string) *jen.Statement { return jen.Qual(pathLossless, name) }
