package templates

import (
	"encoding/json"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// everyPart gives the set of all parts.
func everyPart() Parts {
	parts := Parts{}
	for _, p := range partOf {
		parts.Add(p)
	}
	return parts
}

func TestEachPartCompilesWithWhatItNeedsAndNoOther(t *testing.T) {
	check := compiler(t)
	check("no part", Parts{})
	for name, p := range partOf {
		parts := Parts{}
		parts.Add(p)
		check("the part of "+name, parts)
	}
	check("all parts", everyPart())
}

func TestEachPartHasAFileAndTravelsOnlyWhenAskedFor(t *testing.T) {
	all, err := Runtime("api", everyPart())
	if err != nil {
		t.Fatal(err)
	}
	none, err := Runtime("api", nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(none)+len(partOf) != len(all) {
		t.Errorf("%d files without any part and %d with all: partOf in parts.go must name files of the runtime, and names %d", len(none), len(all), len(partOf))
	}
	for _, f := range none {
		if _, ok := partOf[strings.TrimPrefix(f.Name, "runtime_")]; ok {
			t.Errorf("%s travels with a package that does not need it", f.Name)
		}
	}
	for p := Lists; p <= LinkHeaders; p++ {
		if !everyPart()[p] {
			t.Errorf("part %d has no file: name one in partOf", p)
		}
	}
}

// compiler gives a function that type-checks a package of nothing but the runtime with some parts.
func compiler(t *testing.T) func(what string, parts Parts) {
	exports := exportsOf(t)
	files := token.NewFileSet()
	imports := importer.ForCompiler(files, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	return func(what string, parts Parts) {
		t.Helper()
		runtime, err := Runtime("api", parts)
		if err != nil {
			t.Fatal(err)
		}
		var syntax []*ast.File
		for _, f := range runtime {
			file, err := parser.ParseFile(files, f.Name, f.Data, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			syntax = append(syntax, file)
		}
		config := types.Config{Importer: imports, Error: func(err error) {
			t.Errorf("with %s: %v: add what is missing to Parts.Add, or move it", what, err)
		}}
		_, _ = config.Check("api", files, syntax, nil) // every error went to config.Error
	}
}

// exportsOf gives for each package that the runtime imports the file with what it exports.
func exportsOf(t *testing.T) map[string]string {
	out, err := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Export", "./runtime").Output()
	if err != nil {
		t.Fatal("go list:", err)
	}
	exports := map[string]string{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var pkg struct{ ImportPath, Export string }
		if err := dec.Decode(&pkg); err != nil {
			t.Fatal(err)
		}
		exports[pkg.ImportPath] = pkg.Export
	}
	return exports
}
