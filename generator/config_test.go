package generator_test

import (
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/filename"
	"github.com/seed-1954497d/auditgen/generator/source"
)

const exampleConfig = `packages:
  - package: confluence
    out: ./internal/confluence
    include: ["/wiki/rest/api/audit", "/wiki/rest/api/audit/**"]
    sources:                     # strongest first
      - {kind: overlay,   path: spec/overlay.yaml}
      - {kind: reference, path: ../shared/audit-page.txt}
      - {kind: postman,   path: spec/audit.postman_collection.json, base_path: /wiki/rest}
      - {kind: openapi,   path: spec/audit.swagger.yaml, base_path: /wiki/rest/api, url: "https://example.com/audit.yaml?v=1"}
  - package: jira
    out: internal//jira/.
    exclude: [/rest/api/3/auditing/*]
    sources:
      - kind: page
        path: spec/jira.txt
`

func TestParseConfigKeepsPositions(t *testing.T) {
	got, err := generator.ParseConfig(source.File{Name: "auditgen.yaml", Data: []byte(exampleConfig)})
	if err != nil {
		t.Fatal(err)
	}
	at := func(line int) source.Position { return source.Position{File: "auditgen.yaml", Line: line} }
	want := &generator.Config{Packages: []generator.PackageConfig{
		{Package: "confluence", Out: "internal/confluence", Include: []string{"/wiki/rest/api/audit", "/wiki/rest/api/audit/**"}, Sources: []generator.SourceConfig{
			{claim.Overlay, "spec/overlay.yaml", "", nil, "", at(6)},
			{claim.Reference, "../shared/audit-page.txt", "", nil, "", at(7)},
			{claim.Postman, "spec/audit.postman_collection.json", "/wiki/rest", nil, "", at(8)},
			{claim.OpenAPI, "spec/audit.swagger.yaml", "/wiki/rest/api", nil, "https://example.com/audit.yaml?v=1", at(9)},
		}, IncludePos: at(4)},
		{Package: "jira", Out: "internal/jira", Exclude: []string{"/rest/api/3/auditing/*"}, Sources: []generator.SourceConfig{
			{claim.Page, "spec/jira.txt", "", nil, "", at(15)},
		}, ExcludePos: at(12)},
	}, Runtime: "internal/rest"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestConfigErrors reads every NAME.yaml of testdata/config.txtar and compares the errors with
// NAME.want.
func TestConfigErrors(t *testing.T) {
	file := filepath.Join("testdata", "config.txtar")
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	recorded := &txtar.Archive{Comment: archive.Comment}
	wants := map[string]string{}
	for _, f := range archive.Files {
		wants[f.Name] = string(f.Data)
	}
	for _, f := range archive.Files {
		name, ok := strings.CutSuffix(f.Name, ".yaml")
		if !ok {
			continue
		}
		config, err := generator.ParseConfig(source.File{Name: f.Name, Data: f.Data})
		if err == nil || config != nil {
			t.Errorf("%s: read without an error", f.Name)
			continue
		}
		got := err.Error() + "\n"
		recorded.Files = append(recorded.Files, f, txtar.File{Name: name + ".want", Data: []byte(got)})
		if diff := cmp.Diff(wants[name+".want"], got); diff != "" && !*update {
			t.Errorf("%s: (-want +got)\n%s\nif the new text is right: make golden, then check the diff", f.Name, diff)
		}
	}
	if *update {
		if err := os.WriteFile(file, txtar.Format(recorded), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPackageNames(t *testing.T) {
	for _, good := range []string{"confluence", "audit2", "a", "internal", "jiraAudit", "audit_log"} {
		if err := generator.CheckPackage(good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range append(types.Universe.Names(), "", "_", "func", "string", "nil", "any", "main", "3a", "a-b", "a.b", "a/b", "../a", "a b", "a\n", "documentation", "a_test", "a\x00") {
		if generator.CheckPackage(bad) == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}

func TestFileNames(t *testing.T) {
	for _, good := range []string{"audit.gen.go", "PROVENANCE.md", "console.go", "com.go", "com10.go", "a b", "ä.go"} {
		if err := filename.Check(good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{"", ".", "..", "a/b", `a\b`, "/a", "C:a", "a\x00b", "a\nb", "a\u202eb", "\xff", "CON", "con.gen.go", "nul", "Aux.txt", "COM1", "lpt9.go", "COM¹", "a.", "a ", "a*", strings.Repeat("a", 256)} {
		if filename.Check(bad) == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}

// FuzzParseConfig checks that outputs are below the configuration and that every error has a text.
func FuzzParseConfig(f *testing.F) {
	f.Add([]byte(exampleConfig))
	archive, err := txtar.ParseFile(filepath.Join("testdata", "config.txtar"))
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range archive.Files {
		f.Add(file.Data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		config, err := generator.ParseConfig(source.File{Name: "auditgen.yaml", Data: data})
		if err != nil {
			for line := range strings.SplitSeq(err.Error(), "\n") {
				if line == "" {
					t.Fatalf("an error without a text among %q", err)
				}
			}
			return
		}
		if len(config.Packages) == 0 {
			t.Fatal("a configuration without a package is accepted")
		}
		for _, p := range config.Packages {
			if !filepath.IsLocal(filepath.FromSlash(p.Out)) || strings.ContainsAny(p.Out, "\\\x00:") {
				t.Fatalf("the folder %q is accepted", p.Out)
			}
			if err := generator.CheckPackage(p.Package); err != nil {
				t.Fatal(err)
			}
			for _, pattern := range slices.Concat(p.Include, p.Exclude) {
				if err := generator.CheckGlob(pattern); err != nil {
					t.Fatal(err)
				}
			}
			if len(p.Sources) == 0 {
				t.Fatal("a package without sources is accepted")
			}
		}
	})
}
