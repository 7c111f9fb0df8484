// Package examples_test runs the examples of generated packages and the command lines in their
// comments, unchanged, against the mock.
package examples_test

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seed-1954497d/auditgen/internal/compiled"
	"github.com/seed-1954497d/auditgen/mock"
)

// folder is where tests build.
var folder string

func TestMain(m *testing.M) {
	os.Exit(compiled.Main(m, func(dir string) error {
		folder = dir
		return nil
	}))
}

// shown is a generated package and a function that starts its mock.
type shown struct {
	name, dir string
	serve     func(t *testing.T) *mock.Server
}

// all returns the packages of the embedded APIs and of the golden cases.
func all(t *testing.T) []shown {
	t.Helper()
	few := mock.WithRecords(120)
	packages := []shown{
		{"confluence", "../../generated/confluence", func(t *testing.T) *mock.Server { return started(t)(mock.Confluence(few)) }},
		{"jira", "../../generated/jira", func(t *testing.T) *mock.Server { return started(t)(mock.Jira(few)) }},
	}
	documents, err := filepath.Glob("../*/want/openapi.yaml")
	several, err2 := filepath.Glob("../*/*/want/openapi.yaml")
	if err := errors.Join(err, err2); err != nil || len(documents) == 0 || len(several) == 0 {
		t.Fatalf("no golden cases: %v", err)
	}
	for _, file := range append(documents, several...) {
		dir := filepath.Dir(file)
		packages = append(packages, shown{filepath.Base(filepath.Dir(dir)), dir, func(t *testing.T) *mock.Server {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			return started(t)(mock.New(data))
		}})
	}
	return packages
}

// leftToTheCaller lists the calls that cannot succeed unchanged, and why.
var leftToTheCaller = map[string]string{
	"responses ExampleClient_SendImage": "the document says image/*, and only the caller knows the exact type",
	"responses /2.0/image-body":         "the same",
}

// addressed returns the path that a command line calls.
func addressed(line string) string {
	_, rest, _ := strings.Cut(line, `"$SITE`)
	path, _, _ := strings.Cut(rest, `"`)
	return path
}

func started(t *testing.T) func(*mock.Server, error) *mock.Server {
	return func(s *mock.Server, err error) *mock.Server {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.Close)
		return s
	}
}

// The examples of all packages are built into one program, because linking takes most of the time.
// A failing example ends its process, so the program runs once per package.
func TestEveryExampleOfAGeneratedPackageRuns(t *testing.T) {
	program, names := built(t)
	for _, p := range all(t) {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			run := exec.Command(program, append([]string{p.name}, names[p.name]...)...)
			run.Env = append(os.Environ(), "SITE="+p.serve(t).URL)
			out, err := run.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, tail(out))
			}
			for _, name := range names[p.name] {
				if !strings.Contains(string(out), "\nran "+name+"\n") {
					t.Errorf("%s was not run", name)
				}
			}
		})
	}
}

// oddRecords serves what a mock serves, with a number where each record has its summary.
func oddRecords(t *testing.T, site string) string {
	t.Helper()
	target, err := url.Parse(site)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ModifyResponse = func(resp *http.Response) error {
		body, err := io.ReadAll(resp.Body)
		err = errors.Join(err, resp.Body.Close())
		body = bytes.ReplaceAll(body, []byte(`"summary":"`), []byte(`"summary":7,"was":"`))
		resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		resp.Header.Del("Content-Length")
		return err
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	return server.URL
}

// Readers copy the examples: a member of an undocumented type must not end their loops.
func TestARecordErrorDoesNotEndTheLoopOfAnExample(t *testing.T) {
	confluence := all(t)[0]
	program, names := built(t)
	loops := slices.DeleteFunc(names[confluence.name], func(name string) bool {
		return !strings.HasPrefix(name, "ExampleClient_AllAuditRecords_") && !strings.HasPrefix(name, "ExampleClient_AuditRecordsPager_")
	})
	run := exec.Command(program, append([]string{confluence.name}, loops...)...)
	run.Env = append(os.Environ(), "SITE="+oddRecords(t, confluence.serve(t).URL))
	out, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, tail(out))
	}
	if want := "results[0].summary: "; len(loops) < 4 || strings.Count(string(out), want) < len(loops) {
		t.Errorf("%d examples print %q %d times", len(loops), want, strings.Count(string(out), want))
	}
}

// examples is a program of the examples of all packages, and their names by package. The arguments
// of the program are a package and the examples to run. The environment variable SITE says where
// the mock is.
var examples struct {
	program string
	names   map[string][]string
}

// built builds the program for the first test that needs it. The program is in no folder of this
// module: compiled.Build puts it there.
func built(t *testing.T) (program string, names map[string][]string) {
	t.Helper()
	if examples.program != "" {
		return examples.program, examples.names
	}
	packages := all(t)
	names = map[string][]string{}
	files := map[string]string{}
	var imports, entries strings.Builder
	for i, p := range packages {
		file := filepath.Join(p.dir, "example_test.go")
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		pkg, examples, server := declared(t, file, data)
		names[p.name] = slices.DeleteFunc(examples, func(name string) bool { return leftToTheCaller[p.name+" "+name] != "" })
		files["program/"+p.name+"/examples.go"] = strings.ReplaceAll(string(data), server, "theSite")
		files["program/"+p.name+"/calls.go"] = calls(pkg, names[p.name])
		fmt.Fprintf(&imports, "\tp%d %q\n", i, "github.com/seed-1954497d/auditgen/golden/examples/program/"+p.name)
		fmt.Fprintf(&entries, "\t%q: p%d.All,\n", p.name, i)
	}
	files["program/main.go"] = fmt.Sprintf(mainFile, imports.String(), entries.String())
	// Compiling takes longer than running.
	program, err := compiled.Build(folder, "./program", files, "-gcflags=github.com/seed-1954497d/auditgen/golden/examples/program/...=-N -l -dwarf=false")
	if err != nil {
		t.Fatal(err)
	}
	examples.program, examples.names = program, names
	return program, names
}

const mainFile = `package main

import (
	"fmt"
	"os"

%s)

var all = map[string]map[string]func(){
%s}

func main() {
	for _, name := range os.Args[2:] {
		all[os.Args[1]][name]()
		fmt.Printf("\nran %%s\n", name)
	}
}
`

// declared returns the package and the examples of a file, and the literal with the server that
// they call.
func declared(t *testing.T, name string, data []byte) (pkg string, examples []string, server string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, data, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok {
			examples = append(examples, f.Name.Name)
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && server == "" {
			if f, ok := call.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "NewClient" {
				server = call.Args[0].(*ast.BasicLit).Value
			}
		}
		return server == ""
	})
	if len(examples) == 0 || server == "" {
		t.Fatalf("%s has %d examples, of the server %s", name, len(examples), server)
	}
	return file.Name.Name, examples, server
}

// calls returns the code through which a program calls the examples of a package.
func calls(pkg string, examples []string) string {
	var out strings.Builder
	fmt.Fprintf(&out, "package %s\n\nimport \"os\"\n\nvar theSite = os.Getenv(\"SITE\")\n\nvar All = map[string]func(){\n", pkg)
	for _, name := range examples {
		fmt.Fprintf(&out, "\t%q: %s,\n", name, name)
	}
	return out.String() + "}\n"
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func tail(out []byte) string { return string(out[max(0, len(out)-4000):]) }

func TestEveryCommandLineOfAGeneratedPackageRuns(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is not installed")
	}
	home := t.TempDir()
	write(t, filepath.Join(home, ".curlrc"), "silent\nshow-error\nfail-with-body\n")
	write(t, filepath.Join(home, "README.md"), "content\n")
	for _, p := range all(t) {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			site := p.serve(t).URL
			lines := commandLines(t, p.dir)
			if len(lines) == 0 {
				t.Fatal("no comment has a command line")
			}
			for _, line := range lines {
				if leftToTheCaller[p.name+" "+addressed(line)] != "" {
					continue
				}
				sh := exec.Command("sh", "-euc", line)
				sh.Dir = home
				sh.Env = append(os.Environ(), "CURL_HOME="+home)
				for _, name := range variable.FindAllString(line, -1) {
					sh.Env = append(sh.Env, name[1:]+"=token")
				}
				sh.Env = append(sh.Env, "SITE="+site)
				if out, err := sh.CombinedOutput(); err != nil {
					t.Errorf("%v\n%s\n%s", err, line, tail(out))
				}
			}
		})
	}
}

// variable matches what a reader has to set.
var variable = regexp.MustCompile(`\$[A-Z_]+`)

// commandLines returns the command lines in the comments of a package's methods.
func commandLines(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.gen.go"))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(files)
	var lines []string
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Doc != nil {
				lines = append(lines, indented(f.Doc)...)
			}
		}
	}
	return lines
}

// indented returns the indented parts of a comment that start with curl.
func indented(doc *ast.CommentGroup) []string {
	var lines []string
	more := false
	for _, c := range doc.List {
		text, ok := strings.CutPrefix(c.Text, "//\t")
		switch {
		case ok && more:
			lines[len(lines)-1] += "\n" + text
		case ok && strings.HasPrefix(text, "curl "):
			lines = append(lines, text)
		}
		more = ok && strings.HasSuffix(text, `\`)
	}
	return lines
}
