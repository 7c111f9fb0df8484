package refdoc

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

var update = flag.Bool("update", false, "record testdata/*.golden anew")

// golden compares a text with testdata/NAME.golden.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v\nto record it, type: go test ./generator/refdoc -run '%s' -update", err, t.Name())
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s\nif that is meant, type: go test ./generator/refdoc -run '%s' -update", path, diff, t.Name())
	}
}

// realDocuments pairs each of our documents with the published one it has the facts of.
var realDocuments = []struct {
	name, spec, seed string
	kind             claim.Kind
}{
	{"confluence-page", "confluence/audit-page.txt", "001_*.txt", claim.Page},
	{"confluence-table", "confluence/create-record-table.txt", "002_*.txt", claim.Table},
	{"jira-page", "jira/auditing-page.txt", "003_*.txt", claim.Page},
	{"confluence-postman", "confluence/audit-postman-page.txt", "004_*.txt", claim.Postman},
}

// seed reads a published document, and skips the test where they are not at hand.
func seed(t *testing.T, pattern string) source.File {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "seeds", pattern))
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) != 1 {
		t.Skipf("the published document ../shared/seeds/%s is not at hand beside the repository", pattern)
	}
	return readFile(t, paths[0])
}

func ours(t *testing.T, path string) source.File {
	t.Helper()
	return readFile(t, filepath.Join("..", "..", "spec", filepath.FromSlash(path)))
}

func readFile(t *testing.T, path string) source.File {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return source.File{Name: filepath.Base(path), Data: data}
}

// parsed reads a document whose format is to be found out.
func parsed(t *testing.T, f source.File) *claim.Document {
	t.Helper()
	doc, err := Parse(f, &claim.Source{File: f.Name, Kind: claim.Reference})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestEveryDocumentOfOursGivesItsClaims(t *testing.T) {
	for _, d := range realDocuments {
		t.Run(d.name, func(t *testing.T) {
			doc := parsed(t, ours(t, d.spec))
			if doc.Source.Kind != d.kind {
				t.Errorf("found to be a %s, and is a %s", doc.Source.Kind, d.kind)
			}
			golden(t, d.name, dump(doc, true))
		})
	}
}

func TestOurDocumentsStateWhatThePublishedOnesState(t *testing.T) {
	for _, d := range realDocuments {
		t.Run(d.name, func(t *testing.T) {
			theirs := dump(parsed(t, seed(t, d.seed)), false)
			if diff := cmp.Diff(theirs, dump(parsed(t, ours(t, d.spec)), false)); diff != "" {
				t.Errorf("published and ours differ in more than texts (-published +ours):\n%s", diff)
			}
		})
	}
}
