package diff

import (
	"errors"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/exp/apidiff"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/internal/compiled"
)

// exports returns the importer that reads what the compiler wrote about the packages that generated
// files import.
func exports(t *testing.T) types.Importer {
	t.Helper()
	imported, err := compiled.Importer(token.NewFileSet(), "../../generated/confluence", "../../golden/runtime/want")
	if err != nil {
		t.Fatal(err)
	}
	return imported
}

func packageIn(t *testing.T, dir string) []generator.File {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(names) == 0 {
		t.Fatalf("%s: no Go files: %v", dir, err)
	}
	var files []generator.File
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, generator.File{Name: filepath.Base(name), Data: data})
	}
	return goFiles(files)
}

// What a package exports is the same whether the packages it imports are read or stood in for, down
// to what can be compared.
func TestStandInsTellAllThatTheExportedAPINeeds(t *testing.T) {
	real := exports(t)
	dirs, err := filepath.Glob("../../golden/*/want")
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range append(dirs, "../../generated/confluence", "../../generated/jira") {
		s, files := parsed(t, packageIn(t, dir))
		config := types.Config{Importer: real, IgnoreFuncBodies: true, DisableUnusedImportCheck: true}
		want, err := config.Check("p", s.files, s.trees(files), nil)
		if err != nil {
			t.Fatalf("%s: %v", dir, err)
		}
		if d := cmp.Diff(exported(want), exported(s.check(files))); d != "" {
			t.Errorf("%s: -real +stand-in\n%s\nIf the runtime exports something new, declare its shape in standin.go", dir, d)
		}
	}
}

func parsed(t *testing.T, files []generator.File) (*syntax, []generator.File) {
	t.Helper()
	s := newSyntax()
	if err := s.parse(files); err != nil {
		t.Fatal(err)
	}
	return s, files
}

// exported describes everything that a package exports, one line each. runtimePaths puts one path
// in the place of those that the runtime has in this repository.
var runtimePaths = strings.NewReplacer("github.com/seed-1954497d/auditgen/generated/rest", "rest", "github.com/seed-1954497d/auditgen/templates/rest", "rest")

// exported describes everything that a package exports, one line each.
func exported(pkg *types.Package) []string {
	var all []string
	for _, name := range pkg.Scope().Names() {
		obj := pkg.Scope().Lookup(name)
		if !obj.Exported() {
			continue
		}
		line := types.ObjectString(obj, nil)
		if types.Comparable(obj.Type()) {
			line += " (comparable)"
		}
		all = append(all, line)
		for _, t := range []types.Type{obj.Type(), types.NewPointer(obj.Type())} {
			methods := types.NewMethodSet(t)
			for i := range methods.Len() {
				if methods.At(i).Obj().Pkg() == pkg { // not a method of an embedded type
					all = append(all, methods.At(i).String())
				}
			}
		}
	}
	for i := range all {
		all[i] = runtimePaths.Replace(all[i])
	}
	return all
}

// If a type is split in two, the report is the same in every run.
func TestATypeThatIsSplitIsReportedTheSameWayInEveryRun(t *testing.T) {
	old := []generator.File{{Name: "a.go", Data: []byte(`package p
type Old struct { X int }
type Holder struct { One, Two, Three, Four Old }
func (Holder) F(Old) {}
type Aaa struct { First Holder }
`)}}
	new := []generator.File{{Name: "a.go", Data: []byte(`package p
type B struct { X int }
type C struct { X int }
type Holder struct { One, Two B; Three, Four C }
func (Holder) F(B) {}
type Aaa struct { First Holder }
`)}}
	want := []string{"B: added", "C: added", "Holder.F: func(Old) -> func(B)", "Holder.Four: Old -> C", "Holder.One: Old -> B",
		"Holder.Three: Old -> C", "Holder.Two: Old -> B", "Old: removed"}
	for range 50 {
		found, err := compareGo(old, new)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range found {
			got = append(got, c.String())
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("-want +got\n%s", d)
		}
	}
}

// Removed types that an interface of the package is about are the case in which apidiff has two
// things to say about one type.
func TestRemovedTypesMayImplementWhatThePackageExports(t *testing.T) {
	old := []generator.File{{Name: "a.go", Data: []byte("package p\ntype I interface{ M() }\ntype J interface{ I }\ntype T struct{}\nfunc (T) M() {}\nvar V J")}}
	new := []generator.File{{Name: "a.go", Data: []byte("package p\ntype I interface{ M() }\nvar V I")}}
	var found []GoChange
	var err error
	printed := stdoutOf(t, func() { found, err = compareGo(old, new) })
	if err != nil || printed != "" {
		t.Fatalf("%v, and apidiff printed %q", err, printed)
	}
	want := []GoChange{{Symbol: "J", What: "removed"}, {Symbol: "T", What: "removed"}, {Symbol: "V", What: "J -> I"}}
	if d := cmp.Diff(want, found); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}

// stdoutOf returns what f prints on standard output, behind the back of everyone.
func stdoutOf(t *testing.T, f func()) string {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "stdout"))
	if err != nil {
		t.Fatal(err)
	}
	stdout := os.Stdout
	os.Stdout = file
	f()
	os.Stdout = stdout
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file.Name())
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// incompatible tells what apidiff by itself says, with the packages that are imported read from the
// compiler.
func incompatible(t *testing.T, real types.Importer, old, new []generator.File) bool {
	t.Helper()
	s := newSyntax()
	if err := s.parse(slices.Concat(goFiles(old), goFiles(new))); err != nil {
		t.Fatal(err)
	}
	config := types.Config{Importer: real, IgnoreFuncBodies: true, DisableUnusedImportCheck: true}
	before, err := config.Check("p", s.files, s.trees(goFiles(old)), nil)
	after, err2 := config.Check("p", s.files, s.trees(goFiles(new)), nil)
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(apidiff.Changes(before, after).Changes, func(c apidiff.Change) bool { return !c.Compatible })
}

func TestFilesThatAreNotGoAreErrorsWithALine(t *testing.T) {
	good := []generator.File{{Name: "a.go", Data: []byte("package p\n")}}
	_, err := compareGo(good, []generator.File{{Name: "a.go", Data: []byte("package p\nfunc {")}})
	if err == nil || err.Error() != "a.go:2: this is not Go: generate the package again" {
		t.Errorf("got %v", err)
	}
}

// go/types goes on after errors, and valid declarations are compared.
func TestPackagesWithMistakesAreCompared(t *testing.T) {
	old := []generator.File{{Name: "a.go", Data: []byte("package p\nimport \"x/y\"\ntype A struct { B; y.C; D undefined }\ntype B [len(B{})]A\nfunc (A) A() {}\ntype E[T any] E[E[T]]\nvar F = F\n")}}
	new := []generator.File{{Name: "a.go", Data: []byte("package q\ntype A interface { A; ~int | A }\n")}, {Name: "b.go", Data: []byte("package p\ntype A int\n")}}
	for _, pair := range [][2][]generator.File{{old, new}, {new, old}, {old, nil}, {nil, new}} {
		found, err := compareGo(pair[0], pair[1])
		if err == nil && len(found) == 0 {
			t.Error("nothing was found")
		}
	}
}
