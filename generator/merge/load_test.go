package merge_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/merge"
	"github.com/seed-1954497d/auditgen/generator/openapi"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// Load links kin-openapi's document from parts. kin-openapi itself makes the same of the whole
// text.
func TestLoadedFromPartsADocumentIsTheSame(t *testing.T) {
	const head = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\n"
	documents := map[string]string{
		"one of everything": head + `x-a: {b: [1]}
servers: [{url: 'https://x'}]
tags: [{name: a, description: A}]
paths:
  /a/{id}:
    get:
      x-b: 1.50
      security: [{basic: []}]
      parameters: [{name: id, in: path, required: true, example: a, schema: {type: string}}, {name: n, in: query, explode: false, schema: {$ref: '#/components/schemas/C'}}]
      responses:
        200: {description: '', headers: {X: {description: x, example: 1, schema: {type: integer}}}, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}, text/plain: {}}}
    post: {requestBody: {required: true, x-r: 1, content: {application/json: {schema: {oneOf: [{$ref: '#/components/schemas/A'}, {type: string}], discriminator: {propertyName: t}}}}}, responses: {default: {description: d, x-s: 1}}}
components:
  schemas:
    A: {required: [b], properties: {next: {$ref: '#/components/schemas/A'}, b: {$ref: '#/components/schemas/B'}, m: {nullable: true, allOf: [{$ref: '#/components/schemas/B'}]}}, additionalProperties: false}
    B: {type: integer, default: 12345678901234567890, maximum: 1e3, externalDocs: {url: 'https://x'}}
    C: {type: array, maxItems: 2, items: {not: {enum: [a, 1.0]}}, xml: {name: c}}
    D: {type: object, additionalProperties: {$ref: '#/components/schemas/C'}}
  securitySchemes: {basic: {type: http, scheme: basic}}
`,
		"no components":      head + "paths: {/a: {get: {responses: {200: {description: a}}}}}\n",
		"a chain of names":   head + "paths: {/a: {get: {responses: {200: {description: a, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}}}\ncomponents: {schemas: {A: {$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/C'}, C: {type: string}}}\n",
		"an integer as 1.0":  head + "paths: {/a: {get: {parameters: [{name: a, in: query, schema: {type: string, maxLength: 1.0, minimum: 2.50}}], responses: {200: {description: a}}}}}\n",
		"a number too large": head + "paths: {/a: {get: {parameters: [{name: a, in: query, schema: {type: number, example: 1e400}}], responses: {200: {description: a}}}}}\n",
	}
	files, err := filepath.Glob("../../golden/*/want/openapi.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("golden/*/want/openapi.yaml: %v", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		documents[file] = string(data)
	}
	for name, text := range documents {
		t.Run(name, func(t *testing.T) {
			doc, err := openapi.Parse(source.File{Name: "doc.yaml", Data: []byte(text)}, &claim.Source{File: "doc.yaml", Kind: claim.OpenAPI})
			if err != nil {
				t.Fatal(err)
			}
			d, err := merge.Settle(merge.Input{Docs: []*claim.Document{doc}})
			if err != nil {
				t.Fatal(err)
			}
			got, err := d.Load()
			if err != nil {
				t.Fatal(err)
			}
			want, err := openapi3.NewLoader().LoadFromData([]byte(d.Node().JSON()))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(jsonOf(t, want), jsonOf(t, got.T)); diff != "" {
				t.Errorf("(-whole +from parts)\n%s", diff)
			}
			if got.Components == nil {
				return
			}
			for name, ref := range got.Components.Schemas {
				if ref.Ref != want.Components.Schemas[name].Ref {
					t.Errorf("%s refers to %s, want %s", name, ref.Ref, want.Components.Schemas[name].Ref)
				}
				for property, p := range ref.Value.Properties {
					if target := got.Components.Schemas[filepath.Base(p.Ref)]; p.Ref != "" && p.Value != target.Value {
						t.Errorf("%s.%s does not lead to its schema", name, property)
					}
				}
			}
		})
	}
}

func jsonOf(t *testing.T, doc *openapi3.T) string {
	t.Helper()
	data, err := doc.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
