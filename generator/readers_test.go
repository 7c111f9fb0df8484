package generator_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/refdoc"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// The documents of ../shared/cases/readers have the layouts of real ones. Each has a list of the
// facts that must come out, and of those that must not.
func TestReferenceDocumentsAsPeopleHaveThem(t *testing.T) {
	shared := filepath.Join("..", "..", "shared")
	score := filepath.Join(shared, "tools", "score_facts.py")
	lists, _ := filepath.Glob(filepath.Join(shared, "cases", "readers", "*", "expect.tsv"))
	python, err := exec.LookPath("python3")
	if _, missing := os.Stat(score); missing != nil || err != nil || len(lists) == 0 {
		t.Skip("../shared/cases/readers or python3 is not at hand")
	}
	for _, list := range lists {
		t.Run(filepath.Base(filepath.Dir(list)), func(t *testing.T) {
			settled := filepath.Join(t.TempDir(), "settled.json")
			if err := os.WriteFile(settled, settledJSON(t, filepath.Dir(list)), 0o644); err != nil {
				t.Fatal(err)
			}
			out, err := exec.Command(python, score, "-v", list, settled).CombinedOutput()
			if _, saidNo := errors.AsType[*exec.ExitError](err); saidNo {
				t.Errorf("%s", out)
			} else if err != nil {
				t.Fatal(err)
			}
		})
	}
}

// settledJSON settles the one document of a folder.
func settledJSON(t *testing.T, folder string) []byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil {
		t.Fatal(err)
	}
	in := generator.Input{Package: "api", Until: generator.Settled}
	for _, file := range files {
		if base := filepath.Base(file); base != "expect.tsv" && base != "note.md" {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			in.Sources = append(in.Sources, generator.SourceInput{Kind: claim.Reference, File: source.File{Name: base, Data: data}})
		}
	}
	out, err := generator.Generate(in)
	if err != nil {
		t.Fatal(err)
	}
	data, err := out.Document.JSON()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Ten megabytes in each syntax: what takes quadratic time takes hours.
func TestLongPagesAreReadInLinearTime(t *testing.T) {
	if testing.Short() {
		t.Skip("reads large documents")
	}
	size, limit := 2<<20, soon/5
	if *long {
		size, limit = 10<<20, soon
	}
	fill := func(head, format string) string {
		var b strings.Builder
		b.WriteString(head)
		for i := 0; b.Len() < size; i++ {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	for name, text := range map[string]string{
		"HTML of operations": fill("<!DOCTYPE html><html><body>", "<div class=\"op\"><h3>Get %[1]d</h3><p><code>GET /x/%[1]d</code></p><h4>Query parameters</h4>"+
			"<table><tr><th>Name</th><th>Type</th><th>Description</th></tr><tr><td>a</td><td>string</td><td><p>A <b>bold</b> word.</p></td></tr></table></div>\n"),
		"HTML of one table":        fill("<!DOCTYPE html><html><body><h1>GET /x</h1><h2>Query parameters</h2><table><tr><th>Name</th><th>Type</th><th>Description</th></tr>", "<tr><td>a%[1]d</td><td>string</td><td>x</td></tr>\n"),
		"HTML that closes nothing": fill("<!DOCTYPE html><html><body><h1>GET /x</h1>", "<div><ul><li><table><tr><td><b>a%d"),
		"HTML of one paragraph":    fill("<!DOCTYPE html><html><body><h1>GET /x</h1><p>", "<span>a%d</span> "),
		"HTML of code":             fill("<!DOCTYPE html><html><body><h1>GET /x</h1><pre>", "<span>a%d</span>\n"),
		"Markdown":                 fill("# GET /x\n\n## Query parameters\n\n", "- `a%[1]d` (string): what *it* [is](https://a.example)\n"),
		"Markdown of emphasis":     fill("GET /x\n\n## Query parameters\n\n", "*a_ [x%d](**"),
		"text":                     fill("", "GET\n\nGet %[1]d\n\nRequest\n\nQuery parameters\n\na\n\nstring\n\nResponses\n\n200\n\nGET/x/%[1]d\n200Response\n1 2 3 {\"a\": 1}\n"),
		"text of rows":             fill("GET /x\nQuery parameters\nName\tType\tRequired\tDescription\n", "a%d\tString\tYes\t\n\nWhat it is.\n\n"),
	} {
		t.Run(name, func(t *testing.T) {
			start := processorTime()
			doc, err := refdoc.Parse(source.File{Name: "doc", Data: []byte(text)}, &claim.Source{Kind: claim.Page})
			took := processorTime() - start
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d operations, %v", len(doc.Operations), took.Round(time.Millisecond))
			if took > limit {
				t.Errorf("took %v of processor time", took)
			}
		})
	}
}
