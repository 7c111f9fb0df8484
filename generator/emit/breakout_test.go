package emit

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/dave/jennifer/jen"
	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

// names are the string fields of the IR that hold identifiers, file names or words of a closed set;
// all others are text of documents.
var names = map[string]bool{"Package": true, "ImportPath": true, "Rest": true, "File": true, "Name": true, "Pager": true, "All": true, "Arg": true, "In": true, "Style": true}

var (
	exhaustive = flag.Bool("exhaustive", false, "try each text with each payload alone; takes minutes")
	long       = flag.Bool("long", false, "try more texts alone than every day: make long")
)

// every says that one pair of text and payload of so many is tried alone. It shares no divisor with
// the number of payloads, so that each of them takes its turn.
func every() int {
	switch {
	case *exhaustive:
		return 1
	case *long:
		return 29
	}
	return 359
}

// text is a string of the IR that a document decides.
type text struct {
	path string
	set  func(string)
}

// textsOf finds every text in an API. Empty ones are found too.
func textsOf(v reflect.Value, path string, seen map[any]bool) []text {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() || seen[v.Interface()] {
			return nil
		}
		seen[v.Interface()] = true
		return textsOf(v.Elem(), path, seen)
	case reflect.String:
		return []text{{path: path, set: v.SetString}}
	case reflect.Slice:
		var all []text
		for i := range v.Len() {
			all = append(all, textsOf(v.Index(i), fmt.Sprintf("%s[%d]", path, i), seen)...)
		}
		return all
	case reflect.Struct:
		var all []text
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			document := v.Type() == reflect.TypeFor[ir.Document]()
			if v.Field(i).Kind() == reflect.String && names[name] && !document {
				continue
			}
			all = append(all, textsOf(v.Field(i), path+"."+name, seen)...)
		}
		return all
	}
	return nil
}

// breakoutAPI uses every emitter.
func breakoutAPI() *ir.API {
	api := confluence()
	leaf := &ir.Model{Name: "Leaf", Fields: []*ir.Field{field("ID", "id", typ(ir.Int), "")}}
	api.Models = append(api.Models, leaf)
	posted := search()
	posted.PathParams = posted.PathParams[1:]
	posted.Params.Fields = posted.Params.Fields[1:]
	posted.Body.Type.Elem.Model = leaf
	posted.Params.Fields[1].Type.Model = leaf
	listed := everyPaging(api, leaf)
	api.ImportPath = "example.com/module/confluence"
	for _, op := range listed {
		op.Example = exampleOfTexts(op)
	}
	api.Groups = append(api.Groups, &ir.Group{File: "more.gen.go", Operations: append(listed, posted)})
	return api
}

// exampleOfTexts is an example with text wherever it can have any.
func exampleOfTexts(op *ir.Operation) *ir.Example {
	e := &ir.Example{Curl: "curl"}
	text := &ir.Value{Type: typ(ir.String)}
	members := &ir.Value{Type: mapOf(typ(ir.Raw)), Members: []ir.MemberValue{{Value: &ir.Value{Type: typ(ir.Raw)}}, {Key: "other", Value: &ir.Value{Type: typ(ir.Raw)}}}}
	if op.Body != nil && op.Body.Type != nil {
		e.Body = &ir.Value{Type: op.Body.Type}
	}
	for range op.PathParams {
		e.Args = append(e.Args, text)
	}
	if op.Params != nil {
		for i, v := range []*ir.Value{text, members} {
			if i < len(op.Params.Fields) {
				e.Params = append(e.Params, &ir.ParamValue{Param: op.Params.Fields[i], Value: v})
			}
		}
	}
	return e
}

func TestNoTextGetsOutOfItsPlace(t *testing.T) {
	if testing.Short() {
		t.Skip("many large documents, one goroutine: nothing for the race detector")
	}
	api := breakoutAPI()
	texts := textsOf(reflect.ValueOf(api), "API", map[any]bool{})
	harmless := func(i int) string { return "text " + strconv.Itoa(i) }
	for i, x := range texts {
		x.set(harmless(i))
	}
	want := fingerprint(t, api)
	t.Logf("%d texts, %d payloads", len(texts), len(payloads))
	// All texts at once. The number keeps member names and enum values apart.
	for _, payload := range payloads {
		for i, x := range texts {
			x.set(payload + strings.Repeat(" ", i%2) + strconv.Itoa(i))
		}
		if got := fingerprint(t, api); !slices.Equal(want, got) {
			t.Fatalf("%q everywhere changes the Go (-harmless +payload):\n%s", payload, cmp.Diff(want, got))
		}
	}
	for i, x := range texts {
		x.set(harmless(i))
	}
	for i, x := range texts {
		for j, payload := range payloads {
			if (i*len(payloads)+j)%every() != 0 {
				continue
			}
			x.set(payload)
			if got := fingerprint(t, api); !slices.Equal(want, got) {
				t.Fatalf("%s = %q changes the Go (-harmless +payload):\n%s", x.path, payload, cmp.Diff(want, got))
			}
		}
		x.set(harmless(i))
	}
}

// fingerprint is all there is in the Go of an API except for what its strings and comments say.
func fingerprint(t *testing.T, api *ir.API) []string {
	t.Helper()
	files, err := Files(api)
	if err != nil {
		t.Fatal(err)
	}
	var print []string
	for _, f := range files {
		file, err := parser.ParseFile(token.NewFileSet(), f.Name, f.Data, parser.ParseComments)
		if err != nil {
			t.Fatalf("%v\n%s", err, f.Data)
		}
		print = append(print, f.Name, "generated "+strconv.FormatBool(ast.IsGenerated(file)))
		print = append(print, nodesOf(file)...)
		print = append(print, ordersIn(t, file)...)
	}
	return print
}

// nodesOf lists the syntax tree. Struct tags are left out: whether a member's name can stand in one
// depends on the name.
func nodesOf(file *ast.File) []string {
	var nodes []string
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case nil, *ast.CommentGroup, *ast.Comment:
			return false
		case *ast.Ident:
			nodes = append(nodes, n.Name)
		case *ast.BasicLit:
			value := n.Value
			if n.Kind == token.STRING {
				value = value[:1]
			}
			if value != "`" {
				nodes = append(nodes, n.Kind.String()+value)
			}
		case *ast.ImportSpec:
			nodes = append(nodes, n.Path.Value)
		default:
			nodes = append(nodes, fmt.Sprintf("%T", n))
		}
		return true
	})
	return nodes
}

// ordersIn lists the comments that tools obey, after checking that every line is one that docComment could have written.
func ordersIn(t *testing.T, file *ast.File) []string {
	var orders []string
	for _, group := range file.Comments {
		blank := true
		for _, c := range group.List {
			checkCommentLine(t, c.Text)
			if blank && strings.HasPrefix(c.Text, "// Deprecated:") {
				orders = append(orders, "Deprecated:")
			}
			blank = c.Text == "//"
		}
	}
	return orders
}

func TestQuotedTextsArriveAsTheyWere(t *testing.T) {
	ugly := everything().Models[5]
	data, err := render(&ir.API{Package: "p"}, job{name: "json.gen.go", print: func(f *jen.File) { addShape(f, ugly) }})
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), "", data, 0)
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			value, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Error(err)
			}
			count[value]++
		}
		return true
	})
	for _, wire := range uglyNames {
		if count[wire] != 1 {
			t.Errorf("%q is in the shape %d times, not once", wire, count[wire])
		}
	}
}

func TestTagsCarryPlainNamesOnly(t *testing.T) {
	for wire, want := range map[string]bool{"id": true, "_links": true, "$ref": true, "@type": true, "a-b.c": true, "": false, "-": false, "a b": false,
		"a,b": false, `a"b`: false, "a`b": false, `a\b`: false, "ä": false, "a\n": false, "\xff": false} {
		if got := taggable(wire); got != want {
			t.Errorf("taggable(%q) = %v", wire, got)
		}
	}
}
