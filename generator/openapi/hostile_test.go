package openapi

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/tools/txtar"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// lines writes n lines and formats each with its number and the next one.
func lines(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format+"\n", i, i+1)
	}
	return b.String()
}

const head = "openapi: 3.0.0\npaths: {}\ncomponents:\n  schemas:\n"

// Documents that try to exhaust time, memory or stack. The wanted text is part of the error; empty
// means no error. Quadratic time runs into the time limit of go test.
func TestHostileDocumentsEndSoon(t *testing.T) {
	if testing.Short() {
		t.Skip("many large documents and one goroutine: nothing for the race detector")
	}
	for _, tt := range []struct{ name, text, want string }{
		{"a long chain of references", head + lines(100_000, "    S%d: {$ref: '#/components/schemas/S%d'}") + "    S100000: {}\n", ""},
		{"a long chain of allOf", head + lines(100_000, "    S%d: {allOf: [{$ref: '#/components/schemas/S%d'}]}") + "    S100000: {}\n", ""},
		{"a large cycle", head + lines(100_000, "    S%d: {$ref: '#/components/schemas/S%d'}") + "    S100000: {$ref: '#/components/schemas/S0'}\n", "made of itself"},
		{"a chain of references to parts of schemas", head + lines(1000, "    S%d: {properties: {a: {$ref: '#/components/schemas/S%d/properties/a'}}}") + "    S1000: {properties: {a: {}}}\n", "nested deeper than 200 levels"},
		{"references to parts of schemas that multiply", head + lines(40, "    S%[1]d: {properties: {a: {$ref: '#/components/schemas/S%[2]d/properties/o'}, b: {$ref: '#/components/schemas/S%[2]d/properties/o'}, o: {properties: {a: {$ref: '#/components/schemas/S%[2]d/properties/o'}, b: {$ref: '#/components/schemas/S%[2]d/properties/o'}}}}}") + "    S40: {properties: {o: {}}}\n", ""},
		{"references to many parts that would have one name", head + "    S:\n      oneOf:\n" + lines(50_000, "      - {properties: {a%d: {title: t%d}}}") +
			lines(50_000, "    T%[1]d: {$ref: '#/components/schemas/S/oneOf/%[1]d'}"), ""},
		{"references outside the list of schemas that multiply", head + "    A: {$ref: '#/x-parts/S0'}\nx-parts:\n" + lines(40, "  S%[1]d: {properties: {a: {$ref: '#/x-parts/S%[2]d'}, b: {$ref: '#/x-parts/S%[2]d'}}}") + "  S40: {properties: {o: {}}}\n",
			"more than 100000 references point to parts of schemas"},
		{"many references without a target", head + lines(50_000, "    S%d: {$ref: '#/components/schemas/T%d'}"), ""},
		{"a chain of parameters", "openapi: 3.0.0\npaths: {/a: {get: {parameters: [{$ref: '#/components/parameters/P0'}]}}}\ncomponents:\n  parameters:\n" +
			lines(1000, "    P%d: {$ref: '#/components/parameters/P%d'}"), "a chain of more than 16 references"},
		{"a large response that many operations share", "openapi: 3.0.0\npaths:\n" + lines(20_000, "  /a%d/%d: {get: {responses: {200: {$ref: '#/components/responses/R'}}}}") +
			"components:\n  responses:\n    R:\n      content:\n        a/b:\n          schema:\n            properties:\n" + lines(20_000, "              p%d: {type: string, title: t%d}"), "references expand to more than 4000000 values"},
		{"a large path item that many paths share", "openapi: 3.0.0\npaths:\n" + lines(20_000, "  /a%d/%d: {$ref: '#/paths/~1z'}") + "  /z:\n    get: {}\n    parameters:\n" +
			lines(20_000, "    - {name: p%d, in: query, description: d%d}"), "references expand to more than 4000000 values"},
		{"many media types for many bodies", "swagger: '2.0'\nconsumes:\n" + lines(20_000, "- a/b%d%d") + "paths:\n" + lines(20_000, "  /a%d/%d: {get: {parameters: [{in: body, name: b}]}}"), "references expand to more than 4000000 values"},
		{"many parameters in one operation", "openapi: 3.0.0\npaths:\n  /z:\n    get:\n      parameters:\n" + lines(50_000, "      - {name: p%d, in: query, description: d%d}"), ""},
		{"many required members", head + "    A:\n      required:\n" + lines(50_000, "      - r%d-%d") + "      properties:\n" + lines(50_000, "        p%d: {title: t%d}"), ""},
		{"many notes", head + lines(50_000, "    S%d: {foo: %d}"), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse(source.File{Name: "in.yaml", Data: []byte(tt.text)}, &claim.Source{})
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("%.500v", err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("the error does not say %q: %.500v", tt.want, err)
			}
		})
	}
}

func TestSchemasCanBeAsDeepAsDocuments(t *testing.T) {
	const levels = source.MaxDepth/2 - 10
	text := `{"openapi":"3.0.0","components":{"schemas":{"A":` + strings.Repeat(`{"properties":{"a":`, levels) + `{}` + strings.Repeat(`}}`, levels) + `}}}`
	if _, err := Parse(source.File{Name: "in.json", Data: []byte(text)}, &claim.Source{}); err != nil {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	archives, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range archives {
		a, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, one := range a.Files {
			if strings.HasSuffix(one.Name, ".yaml") {
				f.Add(one.Data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		last := 1 + bytes.Count(data, []byte("\n")) + bytes.Count(data, []byte("\r"))
		for _, other := range []string{"\u0085", "\u2028", "\u2029"} {
			last += bytes.Count(data, []byte(other))
		}
		doc, err := Parse(source.File{Name: "in.yaml", Data: data}, &claim.Source{})
		if err == nil {
			checkLines(t, doc, last)
			return
		}
		if all, ok := err.(source.Errors); ok {
			for _, e := range all {
				checkError(t, e, last)
			}
		} else {
			checkError(t, err.(*source.Error), last)
		}
	})
}

func checkError(t *testing.T, e *source.Error, last int) {
	if e.Pos.Line < 0 || e.Pos.Line > last || e.What == "" || e.Do == "" || strings.ContainsFunc(e.Error(), unicode.IsControl) {
		t.Fatalf("of %d lines: %#v", last, e)
	}
}

// checkLines checks that every claim has a line of the document.
func checkLines(t *testing.T, doc *claim.Document, last int) {
	_ = dump(doc) // every fact can be printed
	for _, n := range doc.Notes {
		checkError(t, n, last)
	}
	eachLine(doc, func(line int) {
		if line < 1 || line > last {
			t.Fatalf("a claim in line %d of %d:\n%s", line, last, dump(doc))
		}
	})
}

func eachLine(doc *claim.Document, see func(line int)) {
	facts := func(all claim.Facts) {
		for _, f := range all {
			see(f.Line)
		}
	}
	var schema func(s *claim.Schema)
	schema = func(s *claim.Schema) {
		facts(s.Facts)
		for _, m := range s.Members {
			see(m.Schema.Line)
			schema(&m.Schema)
		}
		for _, list := range [][]*claim.Schema{s.OneOf, s.AnyOf, s.AllOf, {s.Items, s.Additional, s.Not}} {
			for _, one := range list {
				if one != nil {
					schema(one)
				}
			}
		}
	}
	content := func(all []*claim.Media) {
		for _, m := range all {
			see(m.Line)
			facts(m.Facts)
			schema(&m.Schema)
		}
	}
	params := func(all []*claim.Param) {
		for _, p := range all {
			see(p.Line)
			facts(p.Facts)
			schema(&p.Schema)
		}
	}
	facts(doc.Facts)
	for _, s := range doc.Servers {
		see(s.Line)
	}
	for _, s := range append(doc.Security, doc.Schemas...) {
		see(s.Line)
		schema(&s.Schema)
	}
	for _, op := range doc.Operations {
		see(op.Line)
		facts(op.Facts)
		params(op.Params)
		if op.Body != nil {
			see(op.Body.Line)
			facts(op.Body.Facts)
			content(op.Body.Content)
		}
		for _, r := range op.Responses {
			see(r.Line)
			facts(r.Facts)
			params(r.Headers)
			content(r.Content)
		}
	}
}
