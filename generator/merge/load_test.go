package merge

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator/source"
)

func TestLoadedPieceByPieceADocumentIsTheSame(t *testing.T) {
	documents := map[string]string{
		"one of everything": `{"openapi":"3.0.3","info":{"title":"T","version":"1"},"x-a":{"b":[1]},"servers":[{"url":"https://x"}],
			"paths":{"/a/{id}":{"get":{"parameters":[{"name":"id","in":"path","required":true,"schema":{"type":"string"}}],
				"responses":{"200":{"description":"","content":{"application/json":{"schema":{"$ref":"#/components/schemas/A"}}}}},"x-b":1.50}},"/b":{}},
			"components":{"schemas":{"A":{"properties":{"next":{"$ref":"#/components/schemas/A"},"b":{"$ref":"#/components/schemas/B"}}},"B":{"type":"integer","default":12345678901234567890}},
				"securitySchemes":{"basic":{"type":"http","scheme":"basic"}},"x-c":null}}`,
		"no components":                 `{"openapi":"3.0.3","info":{"title":"T","version":"1"},"paths":{}}`,
		"numbers of two kinds":          `{"openapi":"3.0.3","info":{"title":"T","version":"1"},"paths":{"/a":{"get":{"parameters":[{"name":"a","in":"query","schema":{"type":"string","maxLength":1.0}}],"responses":{}}}}}`,
		"a reference that leads away":   `{"openapi":"3.0.3","info":{"title":"T","version":"1"},"paths":{},"components":{"schemas":{"A":{"$ref":"#/components/schemas/B"}}}}`,
		"a schema of the wrong type":    `{"openapi":"3.0.3","info":{"title":"T","version":"1"},"paths":{},"components":{"schemas":{"A":{"type":{}}}}}`,
		"a number that is none of Go's": `{"openapi":"3.0.3","info":{"title":"T","version":"1"},"paths":{},"components":{"schemas":{"A":{"default":1e400}}}}`,
	}
	settled, err := filepath.Glob("../../golden/*/want/openapi.yaml")
	if err != nil || len(settled) == 0 {
		t.Fatalf("golden/*/want/openapi.yaml: %v", err)
	}
	for _, file := range settled {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		documents[file] = string(data)
	}
	for name, text := range documents {
		t.Run(name, func(t *testing.T) {
			tree, err := source.ParseTree(source.File{Name: "doc", Data: []byte(text)})
			if err != nil {
				t.Fatal(err)
			}
			before := tree.JSON()
			want, wantErr := openapi3.NewLoader().LoadFromData([]byte(before))
			got, err := load(tree)
			if (err == nil) != (wantErr == nil) || err != nil && err.Error() != wantErr.Error() {
				t.Fatalf("got error %v, want %v", err, wantErr)
			}
			if diff := cmp.Diff(before, tree.JSON()); diff != "" {
				t.Errorf("the tree was changed: (-before +after)\n%s", diff)
			}
			if err != nil {
				return
			}
			if diff := cmp.Diff(jsonOf(t, want), jsonOf(t, got)); diff != "" {
				t.Errorf("(-whole +piece by piece)\n%s", diff)
			}
			if got.Components == nil {
				return
			}
			for name, ref := range got.Components.Schemas {
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
