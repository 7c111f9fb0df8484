package emit

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

// TestOutputCompiles builds printed packages. Nothing is written into the repository. make check
// vets the packages of golden: here that would mean to vet all of the standard library they import.
func TestOutputCompiles(t *testing.T) {
	for _, api := range []*ir.API{confluence(), everything()} {
		t.Run(api.Package, func(t *testing.T) {
			api.Rest = "github.com/seed-1954497d/auditgen/templates/rest"
			files, err := Files(api)
			if err != nil {
				t.Fatal(err)
			}
			build(t, files)
		})
	}
}

// build builds a package that exists as an overlay only, so that it is a part of this module.
func build(t *testing.T, files []File) {
	t.Helper()
	dir := t.TempDir()
	place, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	for _, f := range files {
		name := filepath.Join(dir, f.Name)
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
		overlay.Replace[filepath.Join(place, f.Name)] = name
	}
	list, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "overlay.json"), list, 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("go", "build", "-overlay", filepath.Join(dir, "overlay.json"), "./testdata").CombinedOutput()
	if err != nil {
		t.Errorf("go build: %v\n%s", err, out)
	}
}
