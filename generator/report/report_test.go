package report_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/merge"
	"github.com/seed-1954497d/auditgen/generator/openapi"
	"github.com/seed-1954497d/auditgen/generator/report"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

var update = flag.Bool("update", false, "record what is made as what is wanted")

const strong = `openapi: 3.0.3
info: {title: 'Log | of <b>things</b>', version: '1'}
paths:
  /log:
    get:
      summary: Get log
      parameters:
        - {in: query, name: limit, description: "red \e[31m text", schema: {type: integer, default: 50}}
        - {in: query, name: hole}
      responses:
        200: {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Log'}}}}
components:
  schemas:
    Log: {type: object, properties: {id: {type: integer, example: none}}}
`

const weak = `openapi: 3.0.3
info: {title: Log, version: '1'}
paths:
  /log:
    get:
      summary: Get the log
      parameters:
        - {in: query, name: limit, schema: {type: string, default: '50'}}
      responses:
        200: {description: Good, content: {application/json: {schema: {$ref: '#/components/schemas/Log'}}}}
components:
  schemas:
    Log: {type: object, properties: {id: {type: integer}, more: {type: string}}}
`

func document(t *testing.T) *settled.Document {
	t.Helper()
	var docs []*claim.Document
	for i, text := range []string{strong, weak} {
		name := []string{"strong.yaml", "weak.yaml"}[i]
		doc, err := openapi.Parse(source.File{Name: name, Data: []byte(text)}, &claim.Source{File: name, Kind: claim.OpenAPI, Rank: i})
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, doc)
	}
	d, err := merge.Settle(merge.Input{Docs: docs})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestReports(t *testing.T) {
	d := []*settled.Document{document(t)}
	for name, print := range map[string]func(*bytes.Buffer) error{
		"all.txt":       func(b *bytes.Buffer) error { return report.Text(b, d, nil, 100) },
		"narrow.txt":    func(b *bytes.Buffer) error { return report.Text(b, d, nil, 40) },
		"address.txt":   func(b *bytes.Buffer) error { return report.Text(b, d, []string{"get /LOG query:limit"}, 100) },
		"schema.txt":    func(b *bytes.Buffer) error { return report.Text(b, d, []string{"schema Log"}, 100) },
		"all.json":      func(b *bytes.Buffer) error { return report.JSON(b, d, nil) },
		"PROVENANCE.md": func(b *bytes.Buffer) error { _, err := b.Write(report.Markdown(d[0])); return err },
	} {
		t.Run(name, func(t *testing.T) {
			var got bytes.Buffer
			if err := print(&got); err != nil {
				t.Fatal(err)
			}
			if strings.ContainsRune(got.String(), '\x1b') {
				t.Error("a control character of a document reached the report")
			}
			file := filepath.Join("testdata", name)
			if *update {
				if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("-want +got\n%s\nIf this is meant: go test ./generator/report -update", diff)
			}
		})
	}
}

func TestAnAddressThatNothingHasIsAnErrorWithASuggestion(t *testing.T) {
	d := []*settled.Document{document(t)}
	for address, want := range map[string]string{
		"query:limit":          `nothing has the address "query:limit": did you mean GET /log query:limit?`,
		"GET /log query:l":     `nothing has the address "GET /log query:l": did you mean GET /log query:limit?`,
		"GET /log query:limti": `nothing has the address "GET /log query:limti": did you mean GET /log query:limit?`,
		"nowhere":              `nothing has the address "nowhere": run explain without an address to see all of them`,
	} {
		for _, err := range []error{report.Text(&bytes.Buffer{}, d, []string{address}, 80), report.JSON(&bytes.Buffer{}, d, []string{address})} {
			if err == nil || err.Error() != want {
				t.Errorf("%s: got %v, want %s", address, err, want)
			}
		}
	}
}
