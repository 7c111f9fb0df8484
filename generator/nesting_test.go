package generator_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/types"
	"strings"
	"testing"

	"github.com/seed-1954497d/auditgen/generator"
)

// levels is a document of n models, each of which has two members of the next.
func levels(n int) string {
	var b strings.Builder
	b.WriteString(answering + "    Root: {$ref: '#/components/schemas/S0'}\n")
	b.WriteString(repeated(n, "    S%[1]d: {type: object, properties: {a: {type: string}, n: {$ref: '#/components/schemas/S%[2]d'}, m: {$ref: '#/components/schemas/S%[2]d'}}}"))
	b.WriteString(schemaOf(n, "type: object, properties: {a: {type: string}}"))
	return b.String()
}

func TestModelsInGoGrowNoFasterThanTheirDocument(t *testing.T) {
	for _, n := range []int{26, much(20_000)} {
		out, err := generator.Generate(document(levels(n)))
		if err != nil {
			t.Fatal(err)
		}
		if err := typeCheck(t, out.Files); err != nil {
			t.Fatalf("%.1000v", err)
		}
		if largest := largestStruct(t, out.Files); largest > 2000 {
			t.Errorf("of %d models the largest has %d bytes", n, largest)
		}
	}
}

func TestPagingReadsAnswersThroughModelsThatAreHeldByPointer(t *testing.T) {
	const text = "type: string"
	var members strings.Builder
	for i := range 40 {
		fmt.Fprintf(&members, "t%d: {%s}, ", i, text)
	}
	in := document(head + "paths:\n  /a:\n    get:\n      operationId: listA\n      parameters: [{in: query, name: cursor, schema: {type: string}}]\n      responses: {200: {description: OK, " +
		"content: {application/json: {schema: {type: object, properties: {items: {type: array, items: {type: object, properties: {id: {type: string}}}}, " +
		"meta: {$ref: '#/components/schemas/Meta'}}}}}}}\n" +
		"    post:\n      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [big], properties: {big: {$ref: '#/components/schemas/Big'}}}}}}\n" +
		"      responses: {204: {description: OK}}\n" +
		"components:\n  schemas:\n    Meta: {type: object, properties: {" + members.String() + "next_cursor: {type: string}, has_more: {type: boolean}}}\n" +
		"    Big: {type: object, required: [t1], properties: {" + members.String() + "z: {type: string}}}\n")
	in.ImportPath = importedAs
	out, err := generator.Generate(in)
	if err != nil {
		t.Fatal(err)
	}
	if err := typeCheck(t, out.Files); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`page.Follow(lossless.Or(res.Meta).NextCursor, "cursor", false)`,
		`page.MoreSaid(&lossless.Or(res.Meta).JSON, "has_more", lossless.Or(res.Meta).HasMore)`,
		`Big: &p.Big{T1: "t1"}`, // an example has all that is required
	} {
		found := false
		for _, f := range out.Files {
			found = found || strings.Contains(string(f.Data), want)
		}
		if !found {
			t.Errorf("no file has %s", want)
		}
	}
}

// largestStruct returns the size of the largest struct that a package declares.
func largestStruct(t *testing.T, files []generator.File) int64 {
	t.Helper()
	c, err := checker()
	if err != nil {
		t.Fatal(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var syntax []*ast.File
	for _, f := range files {
		if strings.HasSuffix(f.Name, ".go") && !strings.HasSuffix(f.Name, "_test.go") {
			file, err := parser.ParseFile(c.files, f.Name, f.Data, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			syntax = append(syntax, file)
		}
	}
	config := types.Config{Importer: c.importer, Error: func(error) {}}
	made, _ := config.Check(importedAs, c.files, syntax, nil) // typeCheck has reported the errors
	largest, sizes := int64(0), types.SizesFor("gc", "amd64")
	for _, name := range made.Scope().Names() {
		if obj, ok := made.Scope().Lookup(name).(*types.TypeName); ok {
			if s, ok := obj.Type().Underlying().(*types.Struct); ok {
				largest = max(largest, sizes.Sizeof(s))
			}
		}
	}
	return largest
}
