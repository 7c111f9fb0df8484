package emit

import (
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/dave/jennifer/jen"
	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

var update = flag.Bool("update", false, "write testdata/*.golden anew")

// Each emitter, with a little IR in and a little Go out: testdata/<name>.golden.
var emitters = map[string]func(f *jen.File){
	"package doc": func(f *jen.File) { addPackageDoc(f, confluence()) },
	"package doc of next to nothing": func(f *jen.File) {
		addPackageDoc(f, &ir.API{Package: "tiny", Groups: []*ir.Group{{Operations: []*ir.Operation{
			{Name: "DeleteThing", PathParams: []*ir.Param{{Name: "id"}}},
		}}}})
	},
	"client": func(f *jen.File) { addClient(f, confluence()) },
	"client with server variables": func(f *jen.File) {
		addClient(f, &ir.API{Title: "Desk", Server: "https://desk.example", Prefix: "/{tenant}/v{version}", Variables: []*ir.Variable{
			{Option: "WithTenant", Wire: "tenant", Doc: "The name of your account."},
			{Option: "WithVersion", Wire: "version", Default: "2", HasDefault: true, Enum: []string{"1", "2"}},
		}})
	},
	"client with credentials": func(f *jen.File) {
		key, secret := &ir.Credential{Kind: "header", Name: "X-Key", Var: "xKey"}, &ir.Credential{Kind: "query", Name: "secret", Var: "secret"}
		addClient(f, &ir.API{Title: "Desk", Server: "https://desk.example", Security: []string{"header X-Key & query secret", "bearer"},
			Credentials: ir.Alternatives{{key, secret}, {{Kind: ir.Bearer, OAuth: true}}}})
	},
	"operation with credentials of its own": func(f *jen.File) {
		addMethod(f, &ir.Operation{Name: "GetThing", Method: "GET", Template: "/thing", Path: "/thing", Security: []string{"basic"}, Needs: "read, or write",
			Result: ir.Result{Kind: ir.ResultNone}})
	},
	"model": func(f *jen.File) { addModel(f, confluence().Models[0]) },
	"model of a request": func(f *jen.File) {
		addModel(f, &ir.Model{Name: "Thing", Request: true, Doc: "Represents a thing.", Deprecated: "use `Other` instead", Fields: []*ir.Field{
			{Name: "ID", Wire: "id", Type: typ(ir.Int), Required: true},
			{Name: "Odd", Wire: "odd name", Type: typ(ir.Raw), Required: true, Doc: "the odd one"},
		}})
	},
	"enum": func(f *jen.File) {
		addEnum(f, &ir.Enum{Name: "Unit", Doc: "A unit of time", Values: []ir.EnumValue{
			{Name: "UnitDays", Value: "DAYS", Doc: "24 hours"}, {Name: "UnitOdd", Value: "\"`\n"}}})
	},
	"enum without values": func(f *jen.File) { addEnum(f, &ir.Enum{Name: "Unit"}) },
	"enum with many values": func(f *jen.File) {
		e := &ir.Enum{Name: "Letter"}
		for r := 'A'; r <= 'Z'; r++ {
			e.Values = append(e.Values, ir.EnumValue{Name: "LetterCalled" + string(r), Value: string(r)})
		}
		addIsKnown(f, e)
	},
	"union": func(f *jen.File) { addUnion(f, shapes(&ir.Model{Name: "Leaf"}, &ir.Model{Name: "Node"})) },
	"union without names": func(f *jen.File) {
		addUnion(f, &ir.Union{Name: "Either", Want: "string or array", Variants: []*ir.Variant{
			{Name: "String", Make: "EitherOfString", Type: typ(ir.String), Told: true, JSON: "string"},
			{Name: "IntList", Make: "EitherOfIntList", Type: sliceOf(typ(ir.Int)), JSON: "array"},
		}})
	},
	"json": func(f *jen.File) { addJSON(f, confluence().Models[0]) },
	"code": func(f *jen.File) { addJSON(f, sampler()) },
	"json of an empty model": func(f *jen.File) {
		addJSON(f, &ir.Model{Name: "Empty"})
	},
	"params":           func(f *jen.File) { addParams(f, confluence().Groups[0].Operations[0]) },
	"required params":  func(f *jen.File) { addParams(f, search()) },
	"operation":        func(f *jen.File) { addOperation(f, confluence().Groups[0].Operations[0]) },
	"put":              func(f *jen.File) { addOperation(f, confluence().Groups[0].Operations[1]) },
	"download":         func(f *jen.File) { addMethod(f, confluence().Groups[0].Operations[2]) },
	"everything sent":  func(f *jen.File) { addMethod(f, search()) },
	"values and forms": addValuesAndForms,
	"form with files":  addFormWithFiles,
	"examples": func(f *jen.File) {
		api := confluence()
		api.ImportPath = "example.com/generated/confluence"
		list, set := api.Groups[0].Operations[0], api.Groups[0].Operations[1]
		list.Paging.Since = list.Params.Fields[0]
		list.Example, set.Example = &ir.Example{}, exampleOfSet(set)
		e := newExampler(f, api)
		e.addExamples(f, list)
		e.addExamples(f, set)
	},
	"example values": func(f *jen.File) {
		e := newExampler(f, &ir.API{Package: "log", ImportPath: "example.com/log"})
		for i, v := range everyValue() {
			f.Var().Id("v" + strconv.Itoa(i)).Op("=").Add(e.value(v))
		}
	},
	"paging by offset": func(f *jen.File) {
		ops := everyPaging(&ir.API{}, &ir.Model{Name: "Leaf"})
		addPager(f, ops[1])
		addAll(f, ops[1])
	},
}

// exampleOfSet is an example with a body.
func exampleOfSet(op *ir.Operation) *ir.Example {
	period := op.Body.Type.Model
	return &ir.Example{Body: &ir.Value{Type: op.Body.Type, Members: []ir.MemberValue{
		{Field: period.Fields[0], Key: "number", Value: &ir.Value{Type: typ(ir.Int), Text: "12"}},
		{Field: period.Fields[1], Key: "units", Value: &ir.Value{Type: period.Fields[1].Type, Text: "MONTHS"}}}}}
}

// everyValue has a value of each kind of type.
func everyValue() []*ir.Value {
	state := &ir.Enum{Name: "State", Values: []ir.EnumValue{{Name: "StateOpen", Value: "open"}}}
	leaf := &ir.Model{Name: "Leaf", Fields: []*ir.Field{field("ID", "id", typ(ir.Int), "")}}
	one, open := &ir.Value{Type: typ(ir.Int), Text: "1"}, &ir.Value{Type: enumType(state), Text: "open"}
	return []*ir.Value{one, open,
		{Type: enumType(state), Text: "unknown"},
		{Type: typ(ir.String), Text: "a \"text\""},
		{Type: typ(ir.Float), Text: "1.5"},
		{Type: typ(ir.Bool), Truth: true},
		{Type: timeOf(ir.Jira), Text: "2026-03-01T12:00:00Z"},
		{Type: typ(ir.Raw), Text: `{"a":[]}`},
		{Type: sliceOf(enumType(state)), Items: []*ir.Value{open}},
		{Type: sliceOf(pointer(modelType(leaf)))},
		{Type: mapOf(typ(ir.Int)), Members: []ir.MemberValue{{Key: "a", Value: one}, {Key: "b", Value: one}}},
		{Type: modelType(leaf), Members: []ir.MemberValue{{Field: leaf.Fields[0], Key: "id", Value: one}}},
	}
}

// sampler has a field of each sort.
func sampler() *ir.Model {
	leaf, state, one := &ir.Model{Name: "Leaf"}, &ir.Enum{Name: "State"}, &ir.Union{Name: "One"}
	m := &ir.Model{Name: "Sampler"}
	for i, t := range []*ir.Type{typ(ir.String), typ(ir.Float), timeOf(ir.Jira), typ(ir.Raw), enumType(state), modelType(leaf), pointer(modelType(leaf)),
		sliceOf(typ(ir.String)), sliceOf(timeOf(ir.UnixMilli)), sliceOf(enumType(state)), sliceOf(modelType(leaf)), sliceOf(sliceOf(typ(ir.Int))),
		mapOf(typ(ir.Int)), mapOf(modelType(leaf)), mapOf(sliceOf(typ(ir.String))), unionType(one), sliceOf(unionType(one)), mapOf(unionType(one))} {
		name := string(rune('A' + i))
		m.Fields = append(m.Fields, &ir.Field{Name: name, Wire: strings.ToLower(name), Type: t, Required: i%2 == 0})
	}
	return m
}

// search has a parameter in each place.
func search() *ir.Operation {
	leaf, state := &ir.Model{Name: "Leaf"}, &ir.Enum{Name: "State"}
	return &ir.Operation{
		Name: "SearchThings", Method: "POST", Path: "/things/{kind}/{since}", Template: "/things/{kind}/{since}", Doc: "This operation searches things.\n\n**Note**\n\n* fast\n* exact",
		Deprecated: "Use the other search.", Scopes: []string{"read:thing", "write:thing"}, Granular: []string{"read:thing.part"},
		PathParams: []*ir.Param{
			{Name: "kind", Wire: "kind", In: "path", Style: "simple", Type: enumType(state), Doc: "The kind of thing."},
			{Name: "since", Wire: "since", In: "path", Style: "label", Explode: true, Type: timeOf(ir.Jira)},
		},
		Params: &ir.Params{Name: "SearchThingsParams", Fields: []*ir.Param{
			{Name: "States", Wire: "states[]", In: "query", Style: "pipeDelimited", Type: sliceOf(enumType(state)), Required: true},
			{Name: "Days", Wire: "days", In: "query", Style: "form", Type: sliceOf(timeOf(ir.RFC3339))},
			{Name: "Filter", Wire: "filter", In: "query", Style: "deepObject", Explode: true, Type: modelType(leaf), Required: true},
			{Name: "Trace", Wire: "X-Trace", In: "header", Style: "simple", Type: pointer(typ(ir.Bool))},
			{Name: "Session", Wire: "session", In: "cookie", Style: "form", Type: mapOf(typ(ir.String))},
		}},
		Body:   &ir.Body{Arg: "body", Media: "application/json-patch+json", Type: sliceOf(modelType(leaf)), Doc: "What to look for."},
		Result: ir.Result{Kind: ir.ResultJSON, Type: mapOf(sliceOf(typ(ir.String))), Media: "application/json", Doc: "Things by kind."},
		Errors: []*ir.ErrorBody{{Type: modelType(leaf), Statuses: []int{400, 404}}, {Type: typ(ir.String), Statuses: []int{0}}},
	}
}

func addValuesAndForms(f *jen.File) {
	leaf := &ir.Model{Name: "Leaf"}
	addMethod(f, &ir.Operation{Name: "SendForm", Method: "POST", Path: "/form", Template: "/form", Body: &ir.Body{Arg: "body", Kind: ir.BodyForm, Type: modelType(leaf)}})
	addMethod(f, &ir.Operation{Name: "Upload", Method: "POST", Path: "/up", Template: "/up", Result: ir.Result{Kind: ir.ResultText, Media: "text/plain"},
		Body: &ir.Body{Arg: "content", Kind: ir.BodyStream, Media: "text/csv"}})
	addMethod(f, &ir.Operation{Name: "GetTags", Method: "GET", Path: "/tags", Template: "/tags", Result: jsonResult(sliceOf(typ(ir.String)))})
	addMethod(f, &ir.Operation{Name: "GetAny", Method: "GET", Path: "/any", Template: "/any", Result: jsonResult(typ(ir.Raw))})
}

func addFormWithFiles(f *jen.File) {
	label := &ir.Model{Name: "Label"}
	form := &ir.Form{Name: "ShipForm", More: "More", Parts: []*ir.Part{
		{Name: "Label", Wire: "label", Media: "application/json", Required: true, Type: modelType(label)},
		{Name: "Scan", Wire: "scan", Media: "image/png", Doc: "the paper", Headers: []ir.PartHeader{{Name: "X-Pages"}}, Type: typ(ir.File)},
		{Name: "Photos", Wire: "photos", Type: sliceOf(typ(ir.File))},
		{Name: "Weight", Wire: "weight", Type: pointer(typ(ir.Int))},
		{Name: "Kind", Wire: "kind", Required: true, Const: `"crate"`, Type: typ(ir.String)},
	}}
	op := &ir.Operation{Name: "Ship", Method: "POST", Path: "/crates", Template: "/crates",
		Body: &ir.Body{Arg: "body", Kind: ir.BodyUpload, Form: form, Fields: []ir.FormField{{Wire: "weight", Style: "form"}}}}
	addForm(f, op)
	addMethod(f, op)
}

func TestEmittersPrintTheGoThatTheirCommentsPromise(t *testing.T) {
	for name, add := range emitters {
		t.Run(name, func(t *testing.T) {
			got, err := render(&ir.API{Package: "golden"}, job{name: name, print: add})
			if err != nil {
				t.Fatal(err)
			}
			compareGolden(t, filepath.Join("testdata", strings.ReplaceAll(name, " ", "-")+".golden"), got)
		})
	}
}

func TestEveryGoldenBelongsToACase(t *testing.T) {
	names, err := filepath.Glob("testdata/*.golden")
	if err != nil {
		t.Fatal(err)
	}
	if len(names) != len(emitters) {
		t.Errorf("%d golden files for %d cases: delete those that belong to none", len(names), len(emitters))
	}
}

func compareGolden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v\nto record it: go test ./generator/emit -update", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s\nif this is what you meant: go test ./generator/emit -update, then read git diff", file, diff)
	}
}
