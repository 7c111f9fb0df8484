package compiled

import (
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// team is a module, and one within that imports its package.
var team = map[string]string{
	"go.mod":            "module example.com/team\n\ngo 1.26.0\n",
	"a/a.go":            "package a\n\nimport \"strings\"\n\nfunc A() string { return strings.ToUpper(\"a\") }\n",
	"a/a_test.go":       "package a\n\nimport \"testing\"\n\nfunc TestA(t *testing.T) { _ = A() }\n",
	"a/example_test.go": "package a_test\n\nimport \"example.com/team/a\"\n\nfunc ExampleA() { _ = a.A() }\n",
	"a/old.go":          "//go:build never\n\npackage a\n\nfunc A() {}\n",
	"inner/go.mod":      "module example.com/inner\n\ngo 1.26.0\n",
	"inner/inner.go":    "package inner\n\nimport \"example.com/team/a\"\n\nvar _ = a.A() + \"b\"\n",
}

func written(t *testing.T, changed ...string) string {
	t.Helper()
	dir := t.TempDir()
	put := func(name, text string) {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range team {
		put(name, text)
	}
	for i := 0; i < len(changed); i += 2 {
		put(changed[i], changed[i+1])
	}
	return dir
}

func TestModulesThatCompile(t *testing.T) {
	dir := written(t)
	packages, err := Modules(dir, filepath.Join(dir, "inner"))
	if err != nil {
		t.Fatal(err)
	}
	if p := packages["example.com/team/a"]; p == nil || p.Scope().Lookup("A") == nil || len(packages) != 2 {
		t.Errorf("got %v", packages)
	}
}

func TestWhatDoesNotCompileIsAnError(t *testing.T) {
	for name, c := range map[string]struct {
		changed []string // names of files and their texts
		want    string
	}{
		"code":                     {[]string{"a/b.go", "package a\n\nvar B int = A()\n"}, "b.go:3:13: "},
		"an import not used":       {[]string{"a/b.go", "package a\n\nimport \"os\"\n"}, "b.go:3:8: "},
		"an import not there":      {[]string{"a/b.go", "package a\n\nimport _ \"example.com/team/c\"\n"}, "example.com/team/c"},
		"a test":                   {[]string{"a/b_test.go", "package a\n\nvar _ = B\n"}, "b_test.go:3:9: "},
		"an example":               {[]string{"a/b_test.go", "package a_test\n\nimport \"example.com/team/a\"\n\nvar _ = a.B\n"}, "b_test.go:5:11: "},
		"syntax":                   {[]string{"a/b.go", "package a\n\nfunc {\n"}, "b.go:3:6: "},
		"another package":          {[]string{"inner/b.go", "package inner\n\nimport \"example.com/team/a\"\n\nvar _ int = a.A()\n"}, "b.go:5:13: "},
		"Go of a later release":    {[]string{"go.mod", "module example.com/team\n\ngo 1.17\n", "a/b.go", "package a\n\nfunc B[T any](T) {}\n"}, "b.go:3:8: "},
		"a package of many names":  {[]string{"a/b.go", "package b\n"}, "b.go"},
		"a test of many packages":  {[]string{"a/b_test.go", "package c\n"}, "b_test.go"},
		"one name declared by two": {[]string{"a/b.go", "package a\n\nfunc A() {}\n"}, "A redeclared"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := written(t, c.changed...)
			if _, err := Modules(dir, filepath.Join(dir, "inner")); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func TestAnImporterOfWhatIsNotThereIsAnError(t *testing.T) {
	if _, err := Importer(token.NewFileSet(), "github.com/seed-1954497d/auditgen/nothing"); err == nil {
		t.Error("there is no error")
	}
}

func TestAProgramRuns(t *testing.T) {
	program, err := Program(t.TempDir(), "cmd/auditgen")
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(program, "version").CombinedOutput(); err != nil || !strings.HasPrefix(string(out), "auditgen ") {
		t.Errorf("it prints %s, %v", out, err)
	}
	if _, err := Program(t.TempDir(), "cmd/nothing"); err == nil {
		t.Error("a program that is not there is built")
	}
}
