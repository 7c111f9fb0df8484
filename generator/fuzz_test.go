package generator_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/lock"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// inputFrom makes the input of bytes. What looks like a specification or an overlay is one.
func inputFrom(documents ...[]byte) generator.Input {
	in := generator.Input{Package: "p"}
	for i, data := range documents {
		if len(data) == 0 {
			continue
		}
		kind := claim.Reference
		head := data[:min(len(data), 200)]
		switch {
		case bytes.Contains(head, []byte("overlay:")) || bytes.Contains(head, []byte(`"overlay"`)):
			kind = claim.Overlay
		case bytes.Contains(head, []byte("openapi")) || bytes.Contains(head, []byte("swagger")):
			kind = claim.OpenAPI
		}
		in.Sources = append(in.Sources, generator.SourceInput{Kind: kind, File: source.File{Name: string(rune('a' + i)), Data: data}})
	}
	return in
}

// seeds are the documents that the project has, by case.
func seeds(f *testing.F) map[string][]generator.SourceInput {
	all := map[string][]generator.SourceInput{"everything": everything(f).Sources}
	for _, name := range []string{"confluence", "jira"} {
		all[name] = embedded(f, name).Sources
	}
	cases, err := filepath.Glob("../golden/*/auditgen.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range cases {
		for _, pkg := range readConfig(f, file).Packages {
			all[file] = inputOf(f, filepath.Dir(file), pkg).Sources
		}
	}
	return all
}

// small documents that bring what the larger ones have into reach of a few changes.
var small = []string{
	answering + "    Root: {type: object, required: [a], properties: {a: {type: integer, default: 1, example: 2}, b: {$ref: '#/components/schemas/Root'}}}\n",
	answering + "    Root: {oneOf: [{type: string}, {$ref: '#/components/schemas/B'}], discriminator: {propertyName: a}}\n    B: {allOf: [{properties: {a: {type: string}}}], example: {a: 1}}\n",
	head + "paths: {'/a/{b}': {get: {parameters: [{in: path, name: b, schema: {type: string, enum: [x, y]}}, {in: query, name: c, style: deepObject, schema: {type: object}}], " + answer + "}}}\n",
	"swagger: '2.0'\npaths: {/a: {post: {parameters: [{in: body, name: b, schema: {type: array, items: {type: file}}}], responses: {201: {schema: {type: object}}}}}}\n",
	"openapi: 3.1.0\npaths: {/a: {post: {requestBody: {content: {a/b: {schema: {type: [string, 'null'], const: 1}}}}, responses: {default: {content: {'*/*': {schema: true}}}}}}}\n",
}

// FuzzSettle looks at reading and merging: two documents and an overlay give errors with a place,
// or a document that kin-openapi and the project itself can read again.
func FuzzSettle(f *testing.F) {
	for _, sources := range seeds(f) {
		documents := make([][]byte, 3)
		for i, s := range sources {
			if i < len(documents) {
				documents[i] = s.File.Data
			}
		}
		f.Add(documents[0], documents[1], documents[2])
	}
	for i, text := range small {
		f.Add([]byte(text), []byte(small[(i+1)%len(small)]), []byte("overlay: 1.0.0\nactions: [{target: '$.paths.*.*', update: {summary: s}}, {target: '$.components.schemas.Root', remove: true}]\n"))
	}
	f.Fuzz(func(t *testing.T, a, b, overlay []byte) {
		if len(a)+len(b)+len(overlay) > 1<<16 {
			t.Skip("long documents only slow the search down")
		}
		doc, err := settle(inputFrom(a, b, overlay))
		if err != nil {
			if err := checkError(err); err != nil {
				t.Fatal(err)
			}
			return
		}
		checkDocument(t, doc)
	})
}

// FuzzGenerate looks at the whole way: a document and an overlay give errors with a place, or a
// package that type-checks and does nothing that harmless documents do not cause.
func FuzzGenerate(f *testing.F) {
	for _, sources := range seeds(f) {
		last := sources[len(sources)-1].File.Data
		f.Add(last, []byte(nil))
		if first := sources[0]; first.Kind == claim.Overlay {
			f.Add(last, first.File.Data)
		}
	}
	for _, text := range small {
		f.Add([]byte(text), []byte("overlay: 1.0.0\nactions: [{target: '$.paths.*.*', update: {summary: s}}]\n"))
	}
	f.Fuzz(func(t *testing.T, document, overlay []byte) {
		if len(document)+len(overlay) > 1<<16 {
			t.Skip("long documents only slow the search down")
		}
		out, err := generator.Generate(inputFrom(document, overlay))
		if err != nil {
			if err := checkError(err); err != nil {
				t.Fatal(err)
			}
			return
		}
		if err := checkOutput(out); err != nil {
			t.Fatal(err)
		}
		if _, err := goOf(out.Files); err != nil {
			t.Fatal(err)
		}
		if err := typeCheck(t, out.Files); err != nil {
			t.Fatal(err)
		}
		checkDocument(t, out.Document)
	})
}

// FuzzLockedNames generates with locks that mean harm: an error about the lock, or a package that
// type-checks and that the lock it gives back does not change.
func FuzzLockedNames(f *testing.F) {
	if testing.Short() {
		f.Skip("a large document for each case, one goroutine: nothing for the race detector")
	}
	const head = "version: 1\npackages:\n- package: p\n  operations:\n"
	f.Add([]byte(head + "  - {method: GET, path: /t, name: Do}\n  - {method: GET, path: /old/things, name: GetAuditPager}\n"))
	f.Add([]byte(head + "  - {method: GET, path: /things, name: AllThings, instead: {AllThingsParams: Client, X: GetThingsByIDResponse}}\n"))
	f.Add([]byte(head + "  - {method: POST, path: /make, name: Make, instead: {MakeRequest: MakeThingRequest}}\n  - {method: GET, path: /t, name: Pager, removed: true}\n"))
	f.Add([]byte(head + "  - {method: GET, path: /gone, name: GetThings, removed: true}\n  - {method: GET, path: /s, name: Getthings}\n  - {method: GET, path: /e, name: Error}\n"))
	if out, err := lockedRivals(nil); err == nil {
		f.Add((&lock.File{Packages: []lock.Package{{Package: "p", Operations: out.Names}}}).Bytes())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		locked, err := lock.Parse(source.File{Name: "auditgen.lock", Data: data})
		if err != nil || len(locked.Packages) == 0 {
			return
		}
		checkLocked(t, locked.Packages[0].Operations)
	})
}

// checkDocument reads what is written of a document again.
func checkDocument(t *testing.T, doc *settled.Document) {
	t.Helper()
	data, err := doc.YAML()
	if err != nil {
		t.Fatal(err)
	}
	tree, err := source.ParseTree(source.File{Name: "openapi.yaml", Data: data})
	if err != nil && !strings.Contains(err.Error(), "nested deeper than") {
		t.Fatalf("%v\n%s", err, data)
	}
	if err == nil && !tree.Equal(doc.Node()) {
		t.Fatalf("the YAML says something else than the document:\n%s\n%s", doc.Node().JSON(), data)
	}
	loader := openapi3.NewLoader()
	loader.Context = context.Background()
	if _, err := loader.LoadFromData(data); err != nil {
		t.Fatalf("kin-openapi cannot load the YAML: %v\n%s", err, data)
	}
}

// What fuzzing once found stays found: every kept case is run by go test, and none is there without
// its target.
func TestKeptCasesBelongToATarget(t *testing.T) {
	folders, err := filepath.Glob("testdata/fuzz/*")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("fuzz_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		if !strings.Contains(string(source), "func "+filepath.Base(folder)+"(") {
			t.Errorf("%s belongs to no target", folder)
		}
	}
}
