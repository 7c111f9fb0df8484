package merge_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/merge"
	"github.com/seed-1954497d/auditgen/generator/openapi"
	"github.com/seed-1954497d/auditgen/generator/refdoc"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

var update = flag.Bool("update", false, "record what is made as what is wanted")

// Each archive in testdata is a case: documents in the order of their strength, then what comes
// out. The files want.yaml (the document), want.facts (what was disagreed about, gaps and notes)
// and want.error are compared and recorded. Lines "base NAME PATH" before the first file declare
// base paths.
func TestSettle(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			made := settleCase(archive)
			if *update {
				record(t, file, archive, made)
				return
			}
			for _, name := range []string{"want.yaml", "want.facts", "want.error"} {
				if diff := cmp.Diff(content(archive.Files, name), content(made, name)); diff != "" {
					t.Errorf("%s: -want +got\n%s\nIf this is meant: go test ./generator/merge -run TestSettle -update", name, diff)
				}
			}
		})
	}
}

func content(files []txtar.File, name string) string {
	for _, f := range files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

func record(t *testing.T, file string, archive *txtar.Archive, made []txtar.File) {
	archive.Files = slices.DeleteFunc(archive.Files, func(f txtar.File) bool { return strings.HasPrefix(f.Name, "want.") })
	archive.Files = append(archive.Files, made...)
	if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

func settleCase(archive *txtar.Archive) []txtar.File {
	in, err := readCase(archive)
	if err != nil {
		return []txtar.File{{Name: "want.error", Data: []byte(err.Error() + "\n")}}
	}
	d, err := merge.Settle(in)
	if err != nil {
		return []txtar.File{{Name: "want.error", Data: []byte(err.Error() + "\n")}}
	}
	doc, err := d.YAML()
	if err != nil {
		return []txtar.File{{Name: "want.error", Data: []byte(err.Error() + "\n")}}
	}
	made := []txtar.File{{Name: "want.yaml", Data: doc}}
	if facts := factsOf(d); facts != "" {
		made = append(made, txtar.File{Name: "want.facts", Data: []byte(facts)})
	}
	return made
}

// factsOf lists what is worth a look: disagreements, gaps, notes, and what kin-openapi finds.
func factsOf(d *settled.Document) string {
	var b bytes.Buffer
	for address, f := range d.AllFacts() {
		for _, l := range f.Lost {
			word := "lost"
			if f.Conflict {
				word = "conflict"
			}
			fmt.Fprintf(&b, "%s: %s %s: %q (%s:%d) over %q (%s:%d)\n", word, address, f.Name, f.Won.Value, f.Won.Source.File, f.Won.Line,
				l.Value, l.Source.File, l.Line)
		}
	}
	for _, g := range d.Gaps {
		fmt.Fprintf(&b, "gap: %s: %s, %s\n", g.Address, g.What, g.Instead)
	}
	for _, o := range d.Outdated {
		fmt.Fprintf(&b, "warning: %v\n", o.Warning())
	}
	for _, n := range d.Notes {
		fmt.Fprintf(&b, "note: %v\n", n)
	}
	if err := d.Findings(); err != nil {
		fmt.Fprintf(&b, "finding: %v\n", err)
	}
	return b.String()
}

func readCase(archive *txtar.Archive) (merge.Input, error) {
	in := merge.Input{Name: "case", Shape: refdoc.Shape}
	bases := map[string]string{}
	for line := range strings.Lines(string(archive.Comment)) {
		if f := strings.Fields(line); len(f) == 3 && f[0] == "base" {
			bases[f[1]] = f[2]
		}
	}
	errs := &source.Collector{}
	for i, f := range archive.Files {
		if strings.HasPrefix(f.Name, "want.") {
			continue
		}
		src := &claim.Source{File: f.Name, Kind: claim.Reference, BasePath: bases[f.Name], Rank: i}
		file := source.File{Name: f.Name, Data: f.Data}
		switch {
		case strings.HasPrefix(f.Name, "overlay"):
			src.Kind, src.Rank = claim.Overlay, (i-len(archive.Files))*1000
			o, err := merge.ParseOverlay(file, src, readOverlay)
			errs.AddErr(f.Name, err)
			in.Overlays = append(in.Overlays, o)
		case strings.HasPrefix(f.Name, "spec"):
			src.Kind = claim.OpenAPI
			d, err := openapi.Parse(file, src)
			errs.AddErr(f.Name, err)
			in.Docs = append(in.Docs, d)
		default:
			d, err := refdoc.Parse(file, src)
			errs.AddErr(f.Name, err)
			in.Docs = append(in.Docs, d)
		}
	}
	return in, errs.Err()
}

func readOverlay(tree *source.Node, src *claim.Source) (*claim.Document, error) {
	r := openapi.NewFragmentReader(src.File, tree)
	doc := openapi.ReadDocument(tree, r)
	doc.Source = src
	return doc, r.Err()
}
