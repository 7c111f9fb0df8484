package emit

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/internal/compiled"
)

// TestOutputCompiles type-checks printed packages. The packages of golden are compiled and vetted.
func TestOutputCompiles(t *testing.T) {
	for _, api := range []*ir.API{confluence(), everything()} {
		t.Run(api.Package, func(t *testing.T) {
			api.Rest = "github.com/seed-1954497d/auditgen/templates/rest"
			files, err := Files(api)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			for _, f := range append(files, File{Name: "go.mod", Data: []byte("module example.com/printed\n\ngo 1.26.0\n")}) {
				if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := compiled.Modules(dir); err != nil {
				t.Error(err)
			}
		})
	}
}
