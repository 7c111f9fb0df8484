package generator_test

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/source"
)

var update = flag.Bool("update", false, "record what is generated as what is wanted")

const howToRecord = "If this is meant: make golden, then look at the difference"

// Each folder of golden holds one case: auditgen.yaml, the documents it names, and want, the
// package that has to come out. The packages are compiled with all others, and the test beside each
// of them calls them.
func TestGolden(t *testing.T) {
	cases, err := filepath.Glob("../golden/*/auditgen.yaml")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range cases {
		dir := filepath.Dir(file)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			for _, pkg := range readConfig(t, file).Packages {
				in := inputOf(t, dir, pkg)
				in.ImportPath = path.Join("github.com/seed-1954497d/auditgen/golden", filepath.Base(dir), pkg.Out)
				in.Rest = restOf(filepath.Base(dir))
				out, err := generator.Generate(in)
				if err != nil {
					t.Fatal(err)
				}
				want := filepath.Join(dir, filepath.FromSlash(pkg.Out))
				if *update {
					recordPackage(t, want, out.Files)
					continue
				}
				compare(t, want, out.Files)
			}
		})
	}
}

// restOf returns the import path of the runtime that a case stands on. All cases share the emitted
// copy, apart from the one that the tests of the runtime itself call.
func restOf(name string) string {
	if name == "runtime" {
		return "github.com/seed-1954497d/auditgen/templates/rest"
	}
	return "github.com/seed-1954497d/auditgen/generated/rest"
}

func readConfig(t testing.TB, file string) *generator.Config {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	config, err := generator.ParseConfig(source.File{Name: filepath.Base(file), Data: data})
	if err != nil {
		t.Fatal(err)
	}
	return config
}

func inputOf(t testing.TB, dir string, pkg generator.PackageConfig) generator.Input {
	in := generator.Input{Package: pkg.Package, Include: pkg.Include, Exclude: pkg.Exclude}
	for _, s := range pkg.Sources {
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(s.Path)))
		if err != nil {
			t.Fatal(err)
		}
		in.Sources = append(in.Sources, generator.SourceInput{Kind: s.Kind, BasePath: s.BasePath, File: source.File{Name: s.Path, Data: data}})
	}
	return in
}

// compare tells which files are missing, different or left over.
func compare(t *testing.T, want string, files []generator.File) {
	t.Helper()
	entries, err := os.ReadDir(want)
	if err != nil {
		t.Fatalf("%v\n%s", err, howToRecord)
	}
	left := map[string]bool{}
	for _, e := range entries {
		left[e.Name()] = e.Name() != "auditgen.manifest"
	}
	for _, f := range files {
		left[f.Name] = false
		old, err := os.ReadFile(filepath.Join(want, f.Name))
		if err != nil {
			t.Errorf("%s is missing\n%s", f.Name, howToRecord)
			continue
		}
		if diff := cmp.Diff(strings.Split(string(old), "\n"), strings.Split(string(f.Data), "\n")); diff != "" {
			t.Errorf("%s: -want +got\n%s\n%s", f.Name, diff, howToRecord)
		}
	}
	for name, extra := range left {
		if extra {
			t.Errorf("%s is left over\n%s", name, howToRecord)
		}
	}
}

// recordPackage puts the files in the place of those that are there, if they compile. They are
// vetted where they will lie, since the examples among them import that place; what lies there
// moves out of the way meanwhile.
func recordPackage(t *testing.T, want string, files []generator.File) {
	t.Helper()
	before, err := os.MkdirTemp(filepath.Dir(want), "_before")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(before)
	old := filepath.Join(before, "want")
	if err := os.Rename(want, old); err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	if err := os.MkdirAll(want, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(want, f.Name), f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	vet := exec.Command("go", "vet", ".")
	vet.Dir = want
	out, err := vet.CombinedOutput()
	if err == nil {
		return
	}
	failed := os.RemoveAll(want)
	if again := os.Rename(old, want); failed != nil || again != nil && !os.IsNotExist(again) {
		t.Fatalf("%s is not as it was: %v, %v", want, failed, again)
	}
	t.Fatalf("not recorded, it does not compile: %v\n%s", err, out)
}

// The same bytes come out however often, wherever and in whatever order things are looked at.
func TestGeneratingIsDeterministic(t *testing.T) {
	in := embedded(t, "confluence")
	first, err := generator.Generate(in)
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		again, err := generator.Generate(in)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(first.Files, again.Files, func(a, b generator.File) bool {
			return a.Name == b.Name && string(a.Data) == string(b.Data)
		}) {
			t.Fatal("two runs gave different files")
		}
	}
}

func fileOf(t *testing.T, files []generator.File, name string) string {
	t.Helper()
	for _, f := range files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	t.Fatal(fmt.Errorf("there is no %s", name))
	return ""
}
