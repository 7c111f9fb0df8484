package spec_test

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/spec"
)

func TestEveryListedDocumentCanBeReadAndEveryDocumentIsListed(t *testing.T) {
	var listed []string
	for _, api := range spec.APIs() {
		for _, s := range slices.Concat(api.Sources, api.Published) {
			if s.URL != "" {
				continue
			}
			f, err := spec.Read(s)
			if err != nil {
				t.Errorf("%s: %v", api.Name, err)
				continue
			}
			if f.Name != "spec/"+s.Path || len(f.Data) == 0 {
				t.Errorf("%s: Read(%q) gives %q with %d bytes", api.Name, s.Path, f.Name, len(f.Data))
			}
			listed = append(listed, s.Path)
		}
	}
	slices.Sort(listed)
	listed = slices.Compact(listed)
	var there []string
	err := fs.WalkDir(os.DirFS("."), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.Contains(path, "/") {
			there = append(there, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(there, listed) {
		t.Errorf("these documents are in the folders:\n%q\nand these are listed in spec.go:\n%q", there, listed)
	}
}

func TestBothStartsDifferInTheSecondSourceOnly(t *testing.T) {
	for _, api := range spec.APIs() {
		if len(api.Sources) != len(api.Published) {
			t.Fatalf("%s: %d and %d sources", api.Name, len(api.Sources), len(api.Published))
		}
		for i, embedded := range api.Sources {
			published := api.Published[i]
			if (embedded.Kind == claim.Overlay) != (i < 2) || (published.Kind == claim.Overlay) != (i == 0) {
				t.Errorf("%s: source %d is of kind %s, or %s", api.Name, i, embedded.Kind, published.Kind)
			}
			if (embedded == published) != (i != 1) || (published.URL != "") != (i == 1) {
				t.Errorf("%s: source %d is %v, or %v", api.Name, i, embedded, published)
			}
		}
	}
}

func TestReadNamesADocumentThatIsNotThere(t *testing.T) {
	_, err := spec.Read(spec.Source{Path: "confluence/none.txt"})
	if err == nil || !strings.Contains(err.Error(), "confluence/none.txt") {
		t.Errorf("the error is %v", err)
	}
}
