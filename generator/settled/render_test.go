package settled

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator/source"
)

func parsed(t *testing.T, text string) *source.Node {
	t.Helper()
	n, err := source.ParseTree(source.File{Name: "doc.json", Data: []byte(text)})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWrittenPieceByPieceADocumentIsTheSame(t *testing.T) {
	long := strings.Repeat("long ", 60)
	for name, text := range map[string]string{
		"whole": `{"openapi":"3.0.3","info":{"title":"T","description":"two\nlines\n\n"},"servers":[{"url":"https://x"}],
			"paths":{"/a":{"get":{"summary":"` + long + `"}},"/b":{},"yes":{"put":{"tags":["a\n","\u00a0b"]}}},
			"components":{"x-first":1,"schemas":{"A":{"type":"string","example":"one\n\n"},"B":{"enum":["no","1",1.0,null]}},"securitySchemes":{"basic":{"type":"http"}}},
			"x-last":[[],{},[{"a":[1]}]]}`,
		"nothing in it":                 `{"openapi":"3.0.3","paths":{},"components":{"schemas":{}}}`,
		"no objects there":              `{"paths":[1],"components":"x"}`,
		"keys that take several lines":  `{"paths":{"` + long + long + `":{"get":{}},"a\nb":{"get":{"x\ny":"z"}},"/c":{}}}`,
		"names of objects further down": `{"paths":{"paths":{"paths":{"components":{"schemas":{"a":1}}}},"components":{"schemas":{"a":1}}},"x":{"paths":{"a":1}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			tree := parsed(t, text)
			want, err := encodeYAML(yamlNode(tree))
			if err != nil {
				t.Fatal(err)
			}
			got, err := treeYAML(tree)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("(-whole +piece by piece)\n%s", diff)
			}
		})
	}
}
