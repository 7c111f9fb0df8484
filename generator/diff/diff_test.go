package diff_test

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/diff"
	"github.com/seed-1954497d/auditgen/generator/source"
)

var update = flag.Bool("update", false, "record what is made as what is wanted")

// both returns the packages that two documents make.
func both(t testing.TB, old, new source.File) (before, after diff.Side) {
	t.Helper()
	input := func(f source.File) generator.Input {
		return generator.Input{Package: "api", Sources: []generator.SourceInput{{Kind: claim.OpenAPI, File: f}}}
	}
	x, y, errs := diff.Both(input(old), input(new), false)
	if err := errors.Join(errs[:]...); err != nil {
		t.Fatal(err)
	}
	return diff.Side{Output: x}, diff.Side{Output: y}
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func compared(t testing.TB, old, new diff.Side) *diff.Report {
	t.Helper()
	p, err := diff.Compare("api", old, new)
	if err != nil {
		t.Fatal(err)
	}
	return &diff.Report{Packages: []*diff.Package{p}}
}

// The two documents in testdata differ in every kind of change.
func shop(t testing.TB) *diff.Report {
	t.Helper()
	old, new := both(t, source.File{Name: "old.yaml", Data: read(t, "testdata/old.yaml")}, source.File{Name: "new.yaml", Data: read(t, "testdata/new.yaml")})
	return compared(t, old, new)
}

func TestReports(t *testing.T) {
	r := shop(t)
	for name, print := range map[string]func(io.Writer) error{"report.txt": r.Text, "report.md": r.Markdown, "report.json": r.JSON} {
		t.Run(name, func(t *testing.T) { golden(t, name, print) })
	}
}

// golden compares what print writes with a file in testdata.
func golden(t *testing.T, name string, print func(io.Writer) error) {
	t.Helper()
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
	if d := cmp.Diff(string(read(t, file)), got.String()); d != "" {
		t.Errorf("-want +got\n%s\nIf this is meant: go test ./generator/diff -update", d)
	}
}

// The documents in testdata must show every kind of change.
func TestTheReportsShowEveryKindOfChange(t *testing.T) {
	r := shop(t)
	r.Packages = append(r.Packages, diff.Whole("more", true), diff.Whole("less", false))
	seen := map[diff.Kind]bool{diff.GoAPI: true} // needs another version of auditgen
	for _, p := range r.Packages {
		for _, c := range p.Changes {
			seen[c.Kind] = true
		}
	}
	for _, kind := range diff.Kinds() {
		if !seen[kind] {
			t.Errorf("no line has the kind %s: make testdata/old.yaml and new.yaml differ in it, then go test ./generator/diff -update", kind)
		}
	}
}

// jira returns Jira's whole document, and a copy that was changed in a few places.
func jira(t testing.TB) (old, new source.File) {
	t.Helper()
	files, err := filepath.Glob("../../../shared/specs/jira-platform-*.openapi.json")
	if err != nil || len(files) == 0 {
		t.Skip("Jira's document is not beside the repository")
	}
	old = source.File{Name: "old.json", Data: read(t, files[0])}
	new = source.File{Name: "new.json", Data: old.Data}
	for _, change := range [][2]string{
		{`"/rest/api/3/auditing/record": {`, `"/ex/rest/api/3/auditing/record": {`},
		{`"operationId": "getAllDashboards"`, `"operationId": "com.atlassian.getAllDashboards"`},
		{"\"AuditRecords\": {\n        \"type\": \"object\",\n        \"properties\": {\n", "\"AuditRecords\": {\n        \"type\": \"object\",\n        \"properties\": {\n\"more\": {\"type\": \"boolean\"},\n"},
		{"The maximum number of results to return.\",\n            \"schema\": {\n              \"type\": \"integer\",\n              \"format\": \"int32\",\n              \"default\": 1000\n",
			"The maximum number of results to return.\",\n            \"schema\": {\n              \"type\": \"string\"\n"},
	} {
		if n := bytes.Count(new.Data, []byte(change[0])); n != 1 {
			t.Fatalf("%s is in Jira's document %d times", change[0], n)
		}
		new.Data = bytes.Replace(new.Data, []byte(change[0]), []byte(change[1]), 1)
	}
	return old, new
}

func TestAFewChangesInALargeDocumentAreAFewLines(t *testing.T) {
	if testing.Short() {
		t.Skip("a very large document; other tests use small ones")
	}
	oldFile, newFile := jira(t)
	old, new := both(t, oldFile, newFile)
	r := compared(t, old, new)
	golden(t, "jira.txt", r.Text)
}

// The figures stand side by side: what comparing Jira's whole document with a changed copy takes
// with generating both sides and without, and what loading the two with kin-openapi takes.
func BenchmarkJira(b *testing.B) {
	old, new := jira(b)
	b.Run("diff", func(b *testing.B) {
		for b.Loop() {
			before, after := both(b, old, new)
			compared(b, before, after)
		}
	})
	b.Run("compare", func(b *testing.B) {
		before, after := both(b, old, new)
		for b.Loop() {
			compared(b, before, after)
		}
	})
	b.Run("load", func(b *testing.B) {
		for b.Loop() {
			for _, f := range []source.File{old, new} {
				if _, err := openapi3.NewLoader().LoadFromData(f.Data); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}
