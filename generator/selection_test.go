package generator_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

const selectable = `openapi: 3.0.3
info: {title: A, version: '1'}
paths:
  /a:
    get: {operationId: get, tags: [One], responses: {200: {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}
  /b/long:
    get: {operationId: get, tags: [Two], responses: {200: {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/B'}}}}}}
components:
  schemas:
    A: {type: object, properties: {inner: {$ref: '#/components/schemas/Inner'}}}
    B: {type: object, properties: {id: {type: string}}}
    Inner: {type: object, properties: {id: {type: string}}}
    Unused: {type: object, properties: {id: {type: string}}}
`

func TestSelectingOperationsKeepsTheirNamesAndWhatTheyReach(t *testing.T) {
	cases := []struct {
		name             string
		include, exclude []string
		want             []string
		err              string
	}{
		{"everything", nil, nil, []string{"get", "getBLong", "A", "B", "Inner"}, ""},
		{"by path", []string{"/b/**"}, nil, []string{"getBLong", "B"}, ""},
		{"by tag", []string{"tag:One"}, nil, []string{"get", "A", "Inner"}, ""},
		{"by operation", []string{"operation:getB*"}, nil, []string{"getBLong", "B"}, ""},
		{"all but a tag", nil, []string{"tag:One"}, []string{"getBLong", "B"}, ""},
		{"nothing is left", []string{"/a"}, []string{"tag:One"}, nil, "no operation is left to generate: check include and exclude against the paths of the documents"},
		{"a path that has got longer", []string{"/long"}, nil, nil, "include /long: no operation matches: it may have moved to /b/long: correct it; auditgen explain lists the operations"},
		{"a path that has got shorter", nil, []string{"/wiki/*/b/*"}, nil, "exclude /wiki/*/b/*: no operation matches: it may have moved to /b/*: correct or remove it; auditgen explain lists the operations"},
		{"a pattern that matches nothing", []string{"/a", "tag:Three"}, nil, nil, "include tag:Three: no operation matches: correct it; auditgen explain lists the operations"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			doc, err := settle(generator.Input{Package: "p", Include: c.include, Exclude: c.exclude, Sources: []generator.SourceInput{
				{Kind: claim.OpenAPI, File: source.File{Name: "a.yaml", Data: []byte(selectable)}}}})
			if c.err != "" {
				if err == nil || strings.TrimSpace(err.Error()) != c.err {
					t.Fatalf("got %v, want %s", err, c.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, op := range doc.Operations {
				got = append(got, op.Text("operationId"))
			}
			for _, s := range doc.Schemas {
				got = append(got, s.Name)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// People copy the operationId of the document, the short one of the settled document, or the Go
// name.
func TestAnOperationIsSelectedByAnyOfItsNames(t *testing.T) {
	long := strings.Replace(selectable, "/a:\n    get: {operationId: get", "/a:\n    get: {operationId: com.example.Audit.listRecords_get", 1)
	for _, name := range []string{"com.example.Audit.listRecords_get", "listRecords", "ListRecords", "*listRecords*"} {
		doc, err := settle(generator.Input{Package: "p", Include: []string{"operation:" + name}, Sources: []generator.SourceInput{
			{Kind: claim.OpenAPI, File: source.File{Name: "a.yaml", Data: []byte(long)}}}})
		if err != nil || len(doc.Operations) != 1 || doc.Operations[0].Path != "/a" {
			t.Errorf("operation:%s: %v", name, err)
		}
	}
}
