package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"text/template"

	"github.com/redpanda-data/benthos/v4/public/service"
)

// page is a page about an input. All that it says comes from the engine.
var page = template.Must(template.New("").Funcs(template.FuncMap{"trim": strings.TrimSpace}).Parse(`# {{.Name}}

{{.Summary}}

` + "```yaml\n{{.AdvancedConfigYAML}}```" + `

{{trim .Description}}
{{range .Fields}}
## {{.FullName}}

{{.Description}}{{if .IsSecret}} It is a secret: take it from the environment.{{end}}

- type: {{.Type}}
{{- if .DefaultMarshalled}}
- default: {{.DefaultMarshalled}}{{end}}
{{- range .AnnotatedOptions}}
- option: {{index . 0}}{{end}}
{{- range .Options}}
- option: {{.}}{{end}}
{{- range .ExamplesMarshalled}}
- example: {{trim .}}{{end}}
{{end}}
{{- range .Examples}}
## {{.Title}}

{{.Summary}}

` + "```yaml{{.Config}}```" + `
{{end}}`))

// TestTheDocumentationIsThatOfTheEngine compares atlassian_audit.md with what the engine knows.
func TestTheDocumentationIsThatOfTheEngine(t *testing.T) {
	var got strings.Builder
	service.GlobalEnvironment().WalkInputs(func(name string, config *service.ConfigView) {
		if name != "atlassian_audit" {
			return
		}
		data, err := config.TemplateData()
		if err != nil {
			t.Fatal(err)
		}
		if err := page.Execute(&got, data); err != nil {
			t.Fatal(err)
		}
		for _, example := range data.Examples {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "example.yaml"), []byte(example.Config), 0o600); err != nil {
				t.Fatal(err)
			}
			prints(t, dir, "lint", "example.yaml")
		}
	})
	const path = "atlassian_audit.md"
	if *update {
		if err := os.WriteFile(path, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || string(want) != got.String() {
		t.Errorf("%s is not what the engine knows (%v): run go test . -update in cmd/auditlog/connect", path, err)
	}
}

// TestTheInputUsesGeneratedPackagesOnly lists what of auditgen is imported.
func TestTheInputUsesGeneratedPackagesOnly(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{range .Imports}}{{println .}}{{end}}`, "./atlassian").Output()
	if err != nil {
		t.Fatal(err)
	}
	const auditgen = "github.com/seed-1954497d/auditgen/"
	if !strings.Contains(string(out), auditgen) {
		t.Errorf("nothing of auditgen is imported: %s", out)
	}
	for imported := range strings.Lines(string(out)) {
		if of, ok := strings.CutPrefix(imported, auditgen); ok && !strings.HasPrefix(of, "generated/") {
			t.Errorf("it imports %s", imported)
		}
	}
}
