package generator_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/templates"
)

func TestAPackageCarriesTheRuntimeThatItNeedsAndNoMore(t *testing.T) {
	always := map[string]bool{}
	files, err := templates.Runtime("api", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		always[f.Name] = true
	}
	cases, err := filepath.Glob("../golden/*/auditgen.yaml")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range cases {
		dir := filepath.Dir(file)
		for _, pkg := range readConfig(t, file).Packages {
			in := inputOf(t, dir, pkg)
			in.ImportPath = importedAs
			out, err := generator.Generate(in)
			if err != nil {
				t.Fatal(err)
			}
			if err := typeCheck(t, out.Files); err != nil {
				t.Errorf("%s: partsOf leaves out what is needed: %v", dir, err)
			}
			for i, f := range out.Files {
				if always[f.Name] || !strings.HasPrefix(f.Name, "runtime_") {
					continue
				}
				if typeCheck(t, slices.Delete(slices.Clone(out.Files), i, i+1)) == nil {
					t.Errorf("%s: nothing needs %s: partsOf in generator/parts.go should leave it out", dir, f.Name)
				}
			}
		}
	}
}
