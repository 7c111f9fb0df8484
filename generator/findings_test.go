package generator_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// wholeJira returns Jira's whole document, which is not a part of the repository.
func wholeJira(t testing.TB) generator.Input {
	files, err := filepath.Glob("../../shared/specs/jira-*.json")
	if err != nil || len(files) == 0 {
		t.Skip("Jira's whole document is not at ../shared/specs")
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	return generator.Input{Package: "jira", Sources: []generator.SourceInput{{Kind: claim.OpenAPI, File: source.File{Name: "jira.json", Data: data}}}}
}

func TestWholeDocumentsHaveNoFindingsOnceTheyAreSettled(t *testing.T) {
	for name, in := range map[string]func(testing.TB) generator.Input{"jira": wholeJira, "everything": everything} {
		t.Run(name, func(t *testing.T) {
			doc, err := settle(in(t))
			if err != nil {
				t.Fatal(err)
			}
			if err := doc.Findings(); err != nil {
				t.Errorf("kin-openapi finds: %.1000v", err)
			}
			data, err := doc.YAML()
			if err != nil {
				t.Fatal(err)
			}
			loaded, err := openapi3.NewLoader().LoadFromData(data)
			if err != nil {
				t.Fatal(err)
			}
			if err := loaded.Validate(t.Context(), openapi3.EnableExamplesValidation(), openapi3.EnableSchemaDefaultsValidation()); err != nil {
				t.Errorf("kin-openapi finds in the YAML: %.1000v", err)
			}
			for _, n := range doc.Notes {
				t.Log(n)
			}
		})
	}
}

// Whatever an example or default gets wrong, it is left out, and that is said.
func TestExamplesThatContradictTheirSchemasAreLeftOutAndReported(t *testing.T) {
	const text = `
      type: object
      required: [id]
      properties:
        id: {type: integer, minimum: 5, example: 3, default: 7}
        name: {type: string, pattern: '^a+$', example: b}
        code: {type: string, maxLength: 3, default: abcd}
        list: {type: array, maxItems: 1, items: {type: string}, example: [a, b]}
        fits: {type: array, items: {type: string}, example: [a]}
        ref: {description: Beside a reference., allOf: [{$ref: '#/components/schemas/Other'}], example: {a: 1}}
        map: {type: object, additionalProperties: {type: integer}, example: {a: b}, default: {a: 1}}
      example: {name: a}
    Other: {type: object, required: [b], properties: {b: {type: string}}, example: {b: ok}}
`
	doc, err := settle(document(answering + "    Root:" + text))
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Findings(); err != nil {
		t.Error(err)
	}
	var got []string
	for _, n := range doc.Notes {
		got = append(got, n.Error())
	}
	want := []string{
		"schema Root: the example {\"name\":\"a\"} does not fit the schema: left out",
		"schema Root id: the example 3 does not fit the schema: left out",
		"schema Root name: the example \"b\" does not fit the schema: left out",
		"schema Root code: the default \"abcd\" does not fit the schema: left out",
		"schema Root list: the example [\"a\",\"b\"] does not fit the schema: left out",
		"schema Root ref: the example {\"a\":1} does not fit the schema: left out",
		"schema Root map: the example {\"a\":\"b\"} does not fit the schema: left out",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if example := doc.Node().At("/components/schemas/Root/properties/fits/example"); example == nil {
		t.Error("an example that fits is left out")
	}
}

// A number that a collection writes with a sign or with zeros in front is a number of JSON in the
// settled document.
func TestNumbersAreSpelledAsJSONSpellsThem(t *testing.T) {
	doc, err := settle(document(answering + "    Root: {type: object, properties: {a: {type: integer, default: '+7'}, b: {type: integer, example: '007', enum: [7, 7.0, '7']}, c: {type: number, default: '1.50'}}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"a":{"type":"integer","default":7},"b":{"type":"integer","enum":[7],"example":7},"c":{"type":"number","default":1.50}}`
	if got := doc.Node().At("/components/schemas/Root/properties").JSON(); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// Documents write one path in several ways. OpenAPI wants all methods of a path together, and
// kin-openapi refuses two templates of one shape.
func TestMethodsOfOnePathStandTogetherWhateverItsParametersAreCalled(t *testing.T) {
	doc, err := settle(document(head + "paths:\n  /a/{id}/{x}: {get: {parameters: [{in: path, name: id, required: true, schema: {type: integer}}], " + answer + "}}\n" +
		"  /a/{x}/{id}: {put: {parameters: [{in: path, name: x, required: true, schema: {type: integer}}], " + answer + "}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Findings(); err != nil {
		t.Error(err)
	}
	put := doc.Node().Get("paths").Get("/a/{id}/{x}").Get("put")
	if first := put.At("/parameters/0"); first.Get("name").Str() != "id" || first.At("/schema/type").Str() != "integer" {
		t.Errorf("the first parameter is %s", put.Get("parameters").JSON())
	}
	if len(doc.Notes) != 1 || !strings.Contains(doc.Notes[0].Error(), "the same path is written /a/{id}/{x} elsewhere") {
		t.Errorf("notes %v", doc.Notes)
	}
}
