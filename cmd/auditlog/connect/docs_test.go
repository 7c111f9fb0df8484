package main

import (
	"os"
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
