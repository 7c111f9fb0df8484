package generator_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
	"github.com/seed-1954497d/auditgen/spec"
)

// embedded returns the documents about one of the APIs that the project carries.
func embedded(t testing.TB, name string) generator.Input {
	t.Helper()
	for _, api := range spec.APIs() {
		if api.Name != name {
			continue
		}
		in := generator.Input{Package: api.Package}
		for _, s := range api.Sources {
			f, err := spec.Read(s)
			if err != nil {
				t.Fatal(err)
			}
			in.Sources = append(in.Sources, generator.SourceInput{Kind: s.Kind, BasePath: s.BasePath, File: f})
		}
		return in
	}
	t.Fatalf("there is no API %s", name)
	return generator.Input{}
}

// withoutOverlay leaves what the documents say by themselves.
func withoutOverlay(in generator.Input) generator.Input {
	var kept []generator.SourceInput
	for _, s := range in.Sources {
		if s.Kind != claim.Overlay {
			kept = append(kept, s)
		}
	}
	in.Sources = kept
	return in
}

func TestEmbeddedDocumentsSettleWithoutGapsConflictsOrFindings(t *testing.T) {
	for _, name := range []string{"confluence", "jira"} {
		t.Run(name, func(t *testing.T) {
			doc, err := settle(embedded(t, name))
			if err != nil {
				t.Fatal(err)
			}
			if len(doc.Gaps) > 0 || doc.Conflicts() > 0 || len(doc.Notes) > 0 {
				t.Errorf("gaps %v, %d conflicts, notes %v", doc.Gaps, doc.Conflicts(), doc.Notes)
			}
			if err := doc.Findings(); err != nil {
				t.Errorf("kin-openapi finds: %v", err)
			}
			data, err := doc.YAML()
			if err != nil {
				t.Fatal(err)
			}
			loaded, err := openapi3.NewLoader().LoadFromData(data)
			if err != nil {
				t.Fatalf("the YAML cannot be loaded: %v", err)
			}
			if err := loaded.Validate(t.Context()); err != nil {
				t.Errorf("kin-openapi finds in the YAML: %v", err)
			}
		})
	}
}

// typeList lists the JSON type of every parameter and every member, one a line.
func typeList(doc *settled.Document) string {
	var b strings.Builder
	for address, f := range doc.AllFacts() {
		if f.Name == claim.Type || f.Name == claim.Ref {
			b.WriteString(address + ": " + f.Won.Value + "\n")
		}
	}
	return b.String()
}

// Without any overlay every parameter and every member has its type already.
func TestDocumentsAloneGiveEveryType(t *testing.T) {
	for name, in := range map[string]generator.Input{
		"confluence": withoutOverlay(embedded(t, "confluence")), "jira": withoutOverlay(embedded(t, "jira")),
	} {
		t.Run(name, func(t *testing.T) { checkTypes(t, name, in) })
	}
}

// The captured documents that the project's own were written after give the same types.
func TestCapturedDocumentsGiveEveryType(t *testing.T) {
	const dir = "../../shared/seeds"
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the captured documents are not here: ", err)
	}
	read := func(pattern string, kind claim.Kind, base string) generator.SourceInput {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil || len(files) != 1 {
			t.Fatalf("%s: %v %v", pattern, files, err)
		}
		data, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		return generator.SourceInput{Kind: kind, BasePath: base, File: source.File{Name: filepath.Base(files[0]), Data: data}}
	}
	confluence := []generator.SourceInput{read("001_*", claim.Reference, ""), read("002_*", claim.Reference, ""),
		read("004_*", claim.Reference, ""), read("000_*", claim.OpenAPI, "")}
	checkTypes(t, "confluence", generator.Input{Package: "confluence", Sources: confluence})
	checkTypes(t, "jira", generator.Input{Package: "jira", Sources: []generator.SourceInput{read("003_*", claim.Reference, "")}})
}

func checkTypes(t *testing.T, name string, in generator.Input) {
	t.Helper()
	doc, err := settle(in)
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.Gaps) > 0 || doc.Conflicts() > 0 {
		t.Errorf("gaps %v, %d conflicts", doc.Gaps, doc.Conflicts())
	}
	if err := doc.Findings(); err != nil {
		t.Errorf("kin-openapi finds: %v", err)
	}
	file := "testdata/" + name + ".types"
	if *update {
		if err := os.WriteFile(file, []byte(typeList(doc)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), typeList(doc)); diff != "" {
		t.Errorf("-want +got\n%s\n%s", diff, howToRecord)
	}
}

// What is written is a document like any other: generating from it gives the same Go.
func TestSettledDocumentIsAnInput(t *testing.T) {
	for _, name := range []string{"confluence", "jira"} {
		t.Run(name, func(t *testing.T) {
			first, err := generator.Generate(embedded(t, name))
			if err != nil {
				t.Fatal(err)
			}
			again, err := generator.Generate(generator.Input{Package: name, Sources: []generator.SourceInput{{Kind: claim.OpenAPI,
				File: source.File{Name: "openapi.yaml", Data: []byte(fileOf(t, first.Files, "openapi.yaml"))}}}})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range again.Files {
				if f.Name == "PROVENANCE.md" || f.Name == "doc.go" {
					continue
				}
				want := withoutProvenance(fileOf(t, first.Files, f.Name))
				if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(withoutProvenance(string(f.Data)), "\n")); diff != "" {
					t.Errorf("%s: -first +second\n%s", f.Name, diff)
				}
			}
		})
	}
}

// withoutProvenance drops the lines about filled holes, of which a complete document has none, and
// the blank lines that set them off.
func withoutProvenance(code string) string {
	var kept []string
	for line := range strings.Lines(code) {
		switch trimmed := strings.TrimSpace(line); {
		case strings.HasPrefix(trimmed, "// Not in the specification"), trimmed == "//", trimmed == "":
		default:
			kept = append(kept, strings.TrimSpace(line))
		}
	}
	return strings.Join(kept, "\n")
}
