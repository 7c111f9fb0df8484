package openapi

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

var update = flag.Bool("update", false, "record the golden files")

const howToUpdate = "if the new text is right: go test ./generator/openapi -update"

// Each archive in testdata holds cases about one subject: NAME.yaml is a document, and NAME.claims
// is what is read from it.
func TestDocumentsAreReadAsClaims(t *testing.T) {
	archives, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil || len(archives) == 0 {
		t.Fatal("no archives", err)
	}
	for _, file := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { testArchive(t, file) })
	}
}

func testArchive(t *testing.T, file string) {
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, f := range a.Files {
		want[f.Name] = string(f.Data)
	}
	var recorded []txtar.File
	for _, f := range a.Files {
		name, isInput := strings.CutSuffix(f.Name, ".yaml")
		if !isInput {
			continue
		}
		got := readToText(f.Data)
		recorded = append(recorded, f, txtar.File{Name: name + ".claims", Data: []byte(got)})
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(want[name+".claims"], got); diff != "" && !*update {
				t.Errorf("%s: %s.claims (-want +got):\n%s\n%s", file, name, diff, howToUpdate)
			}
		})
	}
	if *update {
		a.Files = recorded
		if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// readToText returns the claims of a document, or the error text.
func readToText(data []byte) string {
	doc, err := Parse(source.File{Name: "in.yaml", Data: data}, &claim.Source{File: "in.yaml", Kind: claim.OpenAPI})
	if err != nil {
		all, ok := err.(source.Errors)
		if !ok {
			return "error " + err.Error() + "\n"
		}
		var b strings.Builder
		for _, e := range all {
			b.WriteString("error " + e.Error() + " (" + e.Pos.Pointer + ")\n")
		}
		return b.String()
	}
	return dump(doc)
}

// shared finds a file beside the repository, which only some machines have.
func shared(t testing.TB, pattern string) string {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join("..", "..", "..", "shared", filepath.FromSlash(pattern)))
	if len(files) == 0 {
		t.Skip("the real document is not at ../shared/" + pattern + " (seen from the root of the repository)")
	}
	return files[0]
}

func TestRealFragmentIsReadAsItIs(t *testing.T) {
	file := shared(t, "seeds/000_*")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := Parse(source.File{Name: "fragment", Data: data}, &claim.Source{File: "fragment", Kind: claim.OpenAPI})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, op := range doc.Operations {
		line := op.Method + " " + op.Path
		for _, p := range op.Params {
			if len(p.Schema.Facts) > 0 {
				t.Errorf("%s %s: the document gives no type, but the claims say%s", line, p.Name, facts(p.Schema.Facts))
			}
			line += " " + p.In + ":" + p.Name
		}
		for _, r := range op.Responses {
			line += " " + r.Status
		}
		got = append(got, line)
	}
	want := []string{
		"GET /audit query:endDate query:limit query:searchString query:start query:startDate 200",
		"POST /audit 200",
		"GET /audit/export query:endDate query:format query:searchString query:startDate 200",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if id, _ := doc.Operations[0].Facts.Get(claim.OperationID); !strings.HasSuffix(id.Text(), ".getAuditRecords_get") || id.Line != 28 {
		t.Errorf("operationId is %s in line %d", id.Text(), id.Line)
	}
	if len(doc.Notes) > 0 {
		t.Errorf("%d notes, the first: %v", len(doc.Notes), doc.Notes[0])
	}
}

func TestParamsBodiesAndResponsesThatAreReferredToAreReadOnce(t *testing.T) {
	doc, err := Parse(source.File{Name: "in.yaml", Data: []byte(sharing)}, &claim.Source{})
	if err != nil {
		t.Fatal(err)
	}
	a, b := doc.Operations[0], doc.Operations[1]
	if a.Params[0] != b.Params[0] || a.Body != b.Body {
		t.Error("a parameter or body was read twice")
	}
	if a.Responses[0].Content[0] != b.Responses[0].Content[0] {
		t.Error("a response was read twice")
	}
}

const sharing = `openapi: 3.0.3
paths:
  /a:
    get: &op
      parameters: [{$ref: '#/components/parameters/P'}]
      requestBody: {$ref: '#/components/requestBodies/B'}
      responses: {200: {$ref: '#/components/responses/R'}}
  /b:
    get: *op
components:
  parameters: {P: {in: query, name: p, schema: {type: string}}}
  requestBodies: {B: {content: {application/json: {schema: {type: string}}}}}
  responses: {R: {description: x, content: {application/json: {schema: {type: string}}}}}
`
