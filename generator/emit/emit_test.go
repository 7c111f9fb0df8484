package emit

import (
	"bytes"
	"fmt"
	"go/format"
	"go/parser"
	"go/token"
	"runtime"
	"strings"
	"testing"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

func TestFilesAreInOrderFormattedAndMarked(t *testing.T) {
	files, err := Files(confluence())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
		first, rest, _ := strings.Cut(string(f.Data), "\n")
		if first != header || !strings.HasPrefix(rest, "\n") {
			t.Errorf("%s begins with %q", f.Name, first)
		}
		formatted, err := format.Source(f.Data)
		if err != nil || !bytes.Equal(formatted, f.Data) {
			t.Errorf("%s is not as gofmt has it: %v", f.Name, err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), "", f.Data, parser.ParseComments)
		if err != nil || (file.Doc != nil) != (f.Name == "doc.go") {
			t.Errorf("%s: package documentation belongs into doc.go and nowhere else: %v", f.Name, err)
		}
	}
	if got := strings.Join(names, " "); got != "doc.go client.gen.go models.gen.go json.gen.go audit.gen.go" {
		t.Errorf("files: %s", got)
	}
}

func TestPrintedFilesImportNothingUnexpected(t *testing.T) {
	allowed := map[string]bool{}
	for _, path := range []string{pathBytes, pathContext, pathIO, pathIter, pathJSON, pathSlices, pathStrings, pathTime, pathURL, pathRest, pathLossless} {
		allowed[fmt.Sprintf("%q", path)] = true
	}
	files, err := Files(everything())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		file, err := parser.ParseFile(token.NewFileSet(), "", f.Data, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range file.Imports {
			if !allowed[spec.Path.Value] || spec.Name != nil {
				t.Errorf("%s imports %v %s", f.Name, spec.Name, spec.Path.Value)
			}
		}
	}
}

func TestSameInputGivesSameBytes(t *testing.T) {
	first, err := Files(everything())
	if err != nil {
		t.Fatal(err)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for i := range 4 {
		runtime.GOMAXPROCS(1 + i%2)
		again, err := Files(everything())
		if err != nil || len(again) != len(first) {
			t.Fatal(err)
		}
		for j := range first {
			if first[j].Name != again[j].Name || !bytes.Equal(first[j].Data, again[j].Data) {
				t.Errorf("%s differs", first[j].Name)
			}
		}
	}
}

func TestNoFileIsTooLong(t *testing.T) {
	if testing.Short() {
		t.Skip("a very large document; TestSameInputGivesSameBytes has files rendered side by side")
	}
	api := large(1500, 2500)
	api.Groups = append(api.Groups, &ir.Group{File: "ops2.gen.go"}, &ir.Group{File: "json2.gen.go"})
	files, err := Files(api)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, f := range files {
		if seen[f.Name] {
			t.Errorf("two files are called %s", f.Name)
		}
		seen[f.Name] = true
		if n := bytes.Count(f.Data, []byte("\n")); n > maxLines {
			t.Errorf("%s has %d lines", f.Name, n)
		}
	}
	for _, want := range []string{"models.gen.go", "json.gen.go", "json3.gen.go", "ops.gen.go", "ops3.gen.go"} {
		if !seen[want] {
			t.Errorf("there is no %s", want)
		}
	}
}

// large is an API of the given size, as varied as a real one.
func large(operations, models int) *ir.API {
	api := &ir.API{Package: "large", Title: "Large API"}
	state := &ir.Enum{Name: "State", Values: []ir.EnumValue{{Name: "StateOpen", Value: "open"}}}
	api.Enums = []*ir.Enum{state}
	const doc = "The **name** of the thing, which `may` be long and lead [elsewhere](https://example.com), so that it wraps once or twice."
	for i := range models {
		m := &ir.Model{Name: fmt.Sprintf("Model%d", i), Doc: "Details about a thing.", Response: true}
		leaf := m
		if i > 0 {
			leaf = api.Models[i/2]
		}
		for j, t := range []*ir.Type{typ(ir.String), typ(ir.Int), typ(ir.Bool), timeOf(ir.Jira), sliceOf(modelType(leaf)), enumType(state), sliceOf(typ(ir.String)), mapOf(typ(ir.Raw))} {
			m.Fields = append(m.Fields, field(fmt.Sprintf("Field%d", j), fmt.Sprintf("field%d", j), t, doc))
		}
		api.Models = append(api.Models, m)
	}
	g := &ir.Group{File: "ops.gen.go"}
	for i := range operations {
		op := search()
		op.Name, op.Doc = fmt.Sprintf("Search%d", i), "Returns things.\n\n"+doc+"\n\n"+doc
		op.Params.Name = op.Name + "Params"
		for _, p := range op.Params.Fields {
			p.Doc = doc
		}
		op.Params.Fields[0].Type, op.PathParams[0].Type = sliceOf(enumType(state)), enumType(state)
		m := modelType(api.Models[i%models])
		op.Params.Fields[2].Type, op.Body.Type = m, m
		op.Result = jsonResult(m)
		g.Operations = append(g.Operations, op)
	}
	api.Groups = []*ir.Group{g}
	return api
}

func BenchmarkFiles(b *testing.B) {
	api := large(400, 800)
	b.ReportAllocs()
	lines := 0
	for b.Loop() {
		files, err := Files(api)
		if err != nil {
			b.Fatal(err)
		}
		lines = 0
		for _, f := range files {
			lines += bytes.Count(f.Data, []byte("\n"))
		}
	}
	b.ReportMetric(float64(lines), "lines")
}

func TestWhatCannotBeGoIsRefused(t *testing.T) {
	loop := &ir.Model{Name: "Loop"}
	loop.Fields = []*ir.Field{field("Self", "self", modelType(loop), "")}
	str := typ(ir.String)
	op := func(o ir.Operation) *ir.API {
		return &ir.API{Package: "p", Groups: []*ir.Group{{File: "a.gen.go", Operations: []*ir.Operation{&o}}}}
	}
	model := func(fields ...*ir.Field) *ir.API {
		return &ir.API{Package: "p", Models: []*ir.Model{{Name: "M", Fields: fields}}}
	}
	arg := func(name string) *ir.API {
		return op(ir.Operation{Name: "Get", PathParams: []*ir.Param{{Name: name, In: "path", Style: "simple", Type: str}}})
	}
	for name, c := range map[string]struct {
		api  *ir.API
		want string
	}{
		"package":             {&ir.API{Package: "a-b"}, "name of a package"},
		"keyword":             {&ir.API{Package: "func"}, "name of a package"},
		"model name":          {&ir.API{Package: "p", Models: []*ir.Model{{Name: "A{}; func init"}}}, "no exported Go identifier"},
		"lower case":          {&ir.API{Package: "p", Models: []*ir.Model{{Name: "thing"}}}, "no exported Go identifier"},
		"two of one name":     {&ir.API{Package: "p", Models: []*ir.Model{{Name: "A"}}, Enums: []*ir.Enum{{Name: "A"}}}, "already the name"},
		"field name":          {model(field("a b", "a", str, "")), "name of a field"},
		"method name":         {model(field("Clone", "a", str, "")), "name of a field"},
		"two members":         {model(field("A", "a", str, ""), field("B", "a", str, "")), "stands twice"},
		"no type":             {model(field("A", "a", nil, "")), "not whole"},
		"no element":          {model(field("A", "a", sliceOf(nil), "")), "not whole"},
		"no such kind":        {model(field("A", "a", typ(99), "")), "not whole"},
		"pointer to text":     {model(field("A", "a", pointer(str), "")), "only models"},
		"undeclared model":    {model(field("A", "a", modelType(loop), "")), "not whole"},
		"undeclared enum":     {model(field("A", "a", enumType(&ir.Enum{Name: "E"}), "")), "not whole"},
		"undeclared union":    {model(field("A", "a", unionType(&ir.Union{Name: "U"}), "")), "not whole"},
		"two of one variant":  {&ir.API{Package: "p", Unions: []*ir.Union{{Name: "U", Variants: []*ir.Variant{{Name: "A", Make: "B", Type: str}, {Name: "A", Make: "C", Type: str}}}}}, "name of a variant"},
		"variant by pointer":  {&ir.API{Package: "p", Models: []*ir.Model{{Name: "M"}}, Unions: []*ir.Union{{Name: "U", Variants: []*ir.Variant{{Name: "A", Make: "B", Type: pointer(modelType(&ir.Model{Name: "M"}))}}}}}, "not a pointer"},
		"tag without values":  {&ir.API{Package: "p", Unions: []*ir.Union{{Name: "U", Variants: []*ir.Variant{{Name: "A", Make: "B", Type: str, Field: field("A", "a", str, "")}}}}}, "no member for the value"},
		"itself by value":     {&ir.API{Package: "p", Models: []*ir.Model{loop}}, "holds itself by value"},
		"file out of place":   {&ir.API{Package: "p", Groups: []*ir.Group{{File: "../a.gen.go"}}}, "name of a file"},
		"file of ours":        {&ir.API{Package: "p", Groups: []*ir.Group{{File: "json.gen.go"}}}, "two files"},
		"test file":           {&ir.API{Package: "p", Groups: []*ir.Group{{File: "a_test.gen.go"}}}, "name of a file"},
		"argument of ours":    {arg("ctx"), "name of an argument"},
		"argument":            {arg("a, b"), "name of an argument"},
		"place":               {op(ir.Operation{Name: "Get", Params: &ir.Params{Name: "P", Fields: []*ir.Param{{Name: "A", In: "x(", Type: str}}}}), "cannot stand in"},
		"style":               {op(ir.Operation{Name: "Get", Params: &ir.Params{Name: "P", Fields: []*ir.Param{{Name: "A", In: "query", Style: "x", Type: str}}}}), "no style"},
		"form of text":        {op(ir.Operation{Name: "Get", Body: &ir.Body{Arg: "body", Kind: ir.BodyForm, Type: str}}), "a form is a model"},
		"paging without link": {op(ir.Operation{Name: "Get", Result: jsonResult(str), Paging: &ir.Paging{Pager: "A", All: "B", Item: str}}), "nothing leads to the next page"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Files(c.api); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want something about %q", err, c.want)
			}
		})
	}
}
