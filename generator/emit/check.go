package emit

import (
	"errors"
	"fmt"
	"go/token"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/naming"
)

// check refuses an API that cannot be printed as Go: names that are not identifiers or are taken,
// types that are not whole. It is the door for identifiers; what passes here is printed as it is.
// All problems are reported at once.
func check(api *ir.API) error {
	c := checker{declared: map[string]string{}, checked: map[*ir.Model]bool{}, unions: map[*ir.Union]bool{}}
	if api.Package == "_" || api.Package == "main" || !isIdentifier(api.Package) {
		c.problem("package", "%q cannot be the name of a package", api.Package)
	}
	for _, m := range api.Models {
		c.declare(m.Name, "model")
		c.checked[m] = true
	}
	for _, e := range api.Enums {
		c.enum(e)
	}
	for _, u := range api.Unions {
		c.declare(u.Name, "union")
		c.unions[u] = true
	}
	for _, u := range api.Unions {
		c.union(u)
	}
	for _, m := range api.Models {
		c.model(m)
	}
	c.recursion(api.Models)
	c.declare("NewClient", "constructor")
	for _, v := range api.Variables {
		c.declare(v.Option, "option")
	}
	files := map[string]bool{"doc.go": true, "client.gen.go": true, "models.gen.go": true, "json.gen.go": true, "unions.gen.go": true}
	for _, g := range api.Groups {
		c.file(g.File, files)
		for _, op := range g.Operations {
			c.operation(op)
		}
	}
	return errors.Join(c.problems...)
}

// checker collects problems.
type checker struct {
	problems []error
	declared map[string]string  // what each name of the package is; methods of Client are "Client.<name>"
	checked  map[*ir.Model]bool // the models of the API: others would be used and not declared
	unions   map[*ir.Union]bool // likewise
}

func (c *checker) problem(where, format string, args ...any) {
	c.problems = append(c.problems, fmt.Errorf("emit: %s: %s", where, fmt.Sprintf(format, args...)))
}

func isIdentifier(name string) bool { return naming.IsIdentifier(name) && name != "_" }

// declare takes a name that must be exported and free.
func (c *checker) declare(name, what string) {
	bare := strings.TrimPrefix(name, "Client.")
	if !isIdentifier(bare) || !token.IsExported(bare) {
		c.problem(what, "%q is no exported Go identifier", bare)
	}
	if before, taken := c.declared[name]; taken {
		c.problem(what, "%s is already the name of a %s", name, before)
	}
	c.declared[name] = what
}

// modelMethods are the names a field of a model cannot have.
var modelMethods = []string{"JSON", "AppendJSON", "Clone", "MarshalJSON", "UnmarshalJSON"}

func (c *checker) model(m *ir.Model) {
	names, wires := map[string]bool{}, map[string]bool{}
	for _, f := range m.Fields {
		where := "model " + m.Name + ", field " + f.Name
		if !isIdentifier(f.Name) || !token.IsExported(f.Name) || slices.Contains(modelMethods, f.Name) {
			c.problem(where, "%q cannot be the name of a field", f.Name)
		}
		if names[f.Name] || wires[f.Wire] {
			c.problem(where, "the name or its member %q stands twice", f.Wire)
		}
		names[f.Name], wires[f.Wire] = true, true
		c.jsonType(where, f.Type)
		if f.Type != nil && isModel(f.Type) && f.Type.Model != nil && !f.Type.Model.Nested {
			c.problem(where, "%s is held by value and not marked as nested", f.Type.Model.Name)
		}
	}
}

func (c *checker) enum(e *ir.Enum) {
	c.declare(e.Name, "enum")
	values := map[string]bool{}
	for _, v := range e.Values {
		c.declare(v.Name, "value of "+e.Name)
		if values[v.Value] {
			c.problem("enum "+e.Name, "the value %q stands twice", v.Value)
		}
		values[v.Value] = true
	}
}

func (c *checker) union(u *ir.Union) {
	where := "union " + u.Name
	names := map[string]bool{}
	for _, v := range u.Variants {
		if !isIdentifier("As"+v.Name) || names[v.Name] {
			c.problem(where, "%q cannot be the name of a variant", v.Name)
		}
		names[v.Name] = true
		c.declare(v.Make, "function of "+u.Name)
		c.jsonType(where+", "+v.Name, v.Type)
		if v.Type != nil && v.Type.Pointer {
			c.problem(where, "a variant is a value, not a pointer")
		}
		if f := v.Field; f != nil && (len(v.Tags) == 0 || v.Type.Kind != ir.ModelKind || !slices.Contains(v.Type.Model.Fields, f)) {
			c.problem(where, "%s has no member for the value that tells it", v.Name)
		}
	}
}

// recursion refuses models that hold themselves by value: Go has no such type.
func (c *checker) recursion(models []*ir.Model) {
	state := map[*ir.Model]int{} // 1 while its fields are looked at, 2 when done
	var visit func(m *ir.Model)
	visit = func(m *ir.Model) {
		state[m] = 1
		for _, f := range m.Fields {
			if f.Type == nil || !isModel(f.Type) || f.Type.Model == nil {
				continue
			}
			switch state[f.Type.Model] {
			case 0:
				visit(f.Type.Model)
			case 1:
				c.problem("model "+m.Name+", field "+f.Name, "%s holds itself by value: it needs a pointer", f.Type.Model.Name)
			}
		}
		state[m] = 2
	}
	for _, m := range models {
		if state[m] == 0 {
			visit(m)
		}
	}
}

// jsonType is a type that travels as JSON: pointers point to models only.
func (c *checker) jsonType(where string, t *ir.Type) {
	if c.wholeType(where, t) && t.Pointer && t.Kind != ir.ModelKind {
		c.problem(where, "only models may be pointers in JSON")
	}
	if t != nil && t.Elem != nil {
		c.jsonType(where, t.Elem)
	}
}

// wholeType reports whether t says all that its kind needs.
func (c *checker) wholeType(where string, t *ir.Type) bool {
	whole := t != nil
	if whole {
		switch t.Kind {
		case ir.String, ir.Int, ir.Uint, ir.Float, ir.Bool, ir.Raw:
		case ir.Time:
			whole = t.Codec == ir.RFC3339 || t.Codec == ir.UnixMilli || t.Codec == ir.Jira
		case ir.Slice, ir.Map:
			whole = t.Elem != nil
		case ir.ModelKind:
			whole = t.Model != nil && c.checked[t.Model]
		case ir.EnumKind:
			whole = t.Enum != nil && c.declared[t.Enum.Name] == "enum"
		case ir.UnionKind:
			whole = t.Union != nil && c.unions[t.Union]
		default:
			whole = false
		}
	}
	if !whole {
		c.problem(where, "the type is missing, unknown or not whole")
	}
	return whole
}

// file checks the name of a group's file: a plain one that no other file has, even where case does
// not count.
func (c *checker) file(name string, taken map[string]bool) {
	stem, found := strings.CutSuffix(name, ".gen.go")
	plain := found && stem != "" && !strings.HasSuffix(stem, "_test")
	for _, r := range stem {
		plain = plain && ('a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '_')
	}
	if !plain || strings.HasPrefix(stem, "_") {
		c.problem("group", "%q cannot be the name of a file", name)
	}
	if taken[name] {
		c.problem("group", "two files are called %q", name)
	}
	taken[name] = true
}

func (c *checker) operation(op *ir.Operation) {
	where := "operation " + op.Name
	c.declare("Client."+op.Name, "method")
	args := map[string]bool{}
	for _, p := range op.PathParams {
		c.argument(where, p.Name, args)
		c.param(where, p)
	}
	if op.Body != nil {
		c.body(where, op.Body, args)
	}
	if op.Params != nil {
		c.params(where, op.Params)
	}
	c.result(where, &op.Result)
	if op.Paging != nil {
		c.paging(where, op)
	}
	if e := op.Example; e != nil && (len(e.Args) != len(op.PathParams) || e.Body == nil && op.Body != nil && op.Body.Type != nil) {
		c.problem(where, "the example lacks an argument")
	}
}

// argument checks the name of an argument: it must hide nothing that the body of the function uses.
func (c *checker) argument(where, name string, taken map[string]bool) {
	if !isIdentifier(name) || taken[name] || slices.Contains(ir.LocalNames, name) {
		c.problem(where, "%q cannot be the name of an argument", name)
	}
	taken[name] = true
}

func (c *checker) params(where string, params *ir.Params) {
	c.declare(params.Name, "parameter struct")
	names := map[string]bool{}
	for _, p := range params.Fields {
		if !isIdentifier(p.Name) || !token.IsExported(p.Name) || names[p.Name] {
			c.problem(where, "%q cannot be the name of a field", p.Name)
		}
		names[p.Name] = true
		c.param(where+", "+p.Name, p)
	}
}

// paramPlaces and paramStyles are printed as names of the runtime.
var (
	paramPlaces = []string{"query", "path", "header", "cookie"}
	paramStyles = []string{"form", "simple", "spaceDelimited", "pipeDelimited", "deepObject", "label", "matrix"}
)

func (c *checker) param(where string, p *ir.Param) {
	if c.wholeType(where, p.Type) && p.Type.Elem != nil {
		c.jsonType(where, p.Type.Elem)
	}
	if !slices.Contains(paramPlaces, p.In) {
		c.problem(where, "a parameter cannot stand in %q", p.In)
	}
	if (p.In == "query" || p.In == "path") && !slices.Contains(paramStyles, p.Style) {
		c.problem(where, "there is no style %q", p.Style)
	}
}

func (c *checker) body(where string, b *ir.Body, args map[string]bool) {
	c.argument(where, b.Arg, args)
	if b.Form != nil {
		c.form(where, b.Form)
	}
	if b.Kind == ir.BodyStream || b.Kind == ir.BodyUpload {
		return
	}
	if b.Type == nil {
		c.problem(where, "the body has no type")
		return
	}
	plain := *b.Type
	plain.Pointer = false
	c.jsonType(where+", body", &plain)
	if b.Kind == ir.BodyForm && (b.Type == nil || b.Type.Kind != ir.ModelKind) {
		c.problem(where, "a form is a model")
	}
}

func (c *checker) result(where string, r *ir.Result) {
	switch r.Kind {
	case ir.ResultNone, ir.ResultStream, ir.ResultText:
	case ir.ResultJSON:
		c.jsonType(where+", result", r.Type)
	default:
		c.problem(where, "unknown kind of result")
	}
}

func (c *checker) paging(where string, op *ir.Operation) {
	p := op.Paging
	c.declare("Client."+p.Pager, "pager")
	c.declare("Client."+p.All, "iterator")
	c.jsonType(where+", item", p.Item)
	if op.Result.Kind != ir.ResultJSON {
		c.problem(where, "only JSON can be paged")
	}
	for _, param := range []*ir.Param{p.Offset, p.Number, p.Limit, p.End, p.Cursor} {
		if param != nil && (op.Params == nil || !slices.Contains(op.Params.Fields, param)) {
			c.problem(where, "paging by %s, which is not a parameter of the operation", param.Name)
		}
	}
	if p.Offset != nil && (p.Offset.Type == nil || p.Offset.Type.Kind != ir.Int) {
		c.problem(where, "the offset is not an integer")
	}
	if p.Number != nil && (p.Number.Type == nil || p.Number.Type.Kind != ir.Int || !p.Number.Type.Pointer) {
		c.problem(where, "the number of the page is not an optional integer")
	}
	if p.Cursor != nil && (p.Cursor.Type == nil || p.Cursor.Type.Kind != ir.String || p.Cursor.Type.Pointer) {
		c.problem(where, "the cursor is not a string")
	}
	if f := p.BodyCursor; f != nil && (op.Body == nil || op.Body.Type.Kind != ir.ModelKind || !slices.Contains(op.Body.Type.Model.Fields, f)) {
		c.problem(where, "the cursor %s is not a member of the body", f.Name)
	}
	if p.End != nil && (p.End.Type == nil || p.End.Type.Kind != ir.Time || p.End.Type.Pointer) {
		c.problem(where, "the end is not a time")
	}
	c.pagingAnswer(where, p)
}

// pagingAnswer checks the members of the answer that paging reads.
func (c *checker) pagingAnswer(where string, p *ir.Paging) {
	c.answerPath(where, p.Items, ir.Slice)
	for _, path := range [][]*ir.Field{p.AnswerOffset, p.AnswerNumber, p.AnswerPages, p.AnswerLimit} {
		c.answerPath(where, path, ir.Int)
	}
	c.answerPath(where, p.Next, ir.String)
	c.answerPath(where, p.More, ir.Bool)
	leads := p.Next != nil || p.NextHeader != "" || p.NextItem != nil
	switch {
	case p.Offset == nil && p.Number == nil && !leads:
		c.problem(where, "nothing leads to the next page")
	case p.Offset == nil && !p.NextIsLink && p.CursorWire == "":
		c.problem(where, "the cursor has no name")
	}
}

// answerPath checks a path into the answer: it passes models, and ends at a type.
func (c *checker) answerPath(where string, path []*ir.Field, end ir.Kind) {
	for i, f := range path {
		if last := i == len(path)-1; f.Type == nil || last && f.Type.Kind != end || !last && f.Type.Kind != ir.ModelKind {
			c.problem(where, "paging reads %s of the answer, which does not have the type for it", f.Name)
		}
	}
}
