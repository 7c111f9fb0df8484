package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/cmd/auditgen/internal/memory"
	"github.com/seed-1954497d/auditgen/generator"
)

// Nothing that tests find out is remembered for the user, and no lock file of theirs is left.
func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main() // a test has started this binary as auditgen
	}
	runToBeKilled()
	dir, err := os.MkdirTemp("", "auditgen-test-")
	if err == nil {
		err = errors.Join(os.WriteFile(filepath.Join(dir, "go.mod"), []byte(goMod), 0o644), os.Setenv("AUDITGEN_CACHE", filepath.Join(dir, "cache")), os.Setenv("TMPDIR", dir))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(trouble)
	}
	status := m.Run()
	_ = os.RemoveAll(dir) // it is in the folder for temporary files
	os.Exit(status)
}

// counted is a stand-in with a memory that counts how often it generates.
type counted struct {
	t              *testing.T
	cache, version string // of the program: it is in what the program generates
	ran            int
}

func (c *counted) program(stdin io.Reader, stdout, stderr io.Writer) *program {
	p := standIn(stdin, stdout, stderr)
	p.memory = memory.New(c.cache, c.version)
	p.generate = func(in generator.Input) (*generator.Output, error) {
		c.ran++
		out, err := standInGenerate(in)
		if err == nil {
			out.Files = append(out.Files, generator.File{Name: "version.go", Data: []byte(generatedHeader + "\n" + c.version)})
		}
		return out, err
	}
	return p
}

// generate runs generate and returns all that it prints; want is how many packages it has to
// generate for that.
func (c *counted) generate(want int, args ...string) string {
	c.t.Helper()
	var out bytes.Buffer
	before := c.ran
	status := c.program(strings.NewReader(""), &out, &out).run(append([]string{"generate"}, args...))
	if got := c.ran - before; got != want {
		c.t.Errorf("generate %q generated %d packages, want %d", args, got, want)
	}
	return fmt.Sprintf("%s[exit %d]", runtimeLines.ReplaceAll(out.Bytes(), nil), status)
}

// runtimeLines are what a run says about the runtime: tests here are about packages.
var runtimeLines = regexp.MustCompile(`(?m)^rest(/lossless)?: .*\n`)

func (c *counted) says(want int, text string, args ...string) {
	c.t.Helper()
	if diff := cmp.Diff(text, c.generate(want, args...)); diff != "" {
		c.t.Errorf("generate %q: (-want +got)\n%s", args, diff)
	}
}

// newCounted has generated two packages already.
func newCounted(t *testing.T) *counted {
	t.Helper()
	t.Chdir(t.TempDir())
	writeFile(t, "auditgen.yaml", []byte("packages:\n"+
		"  - {package: a, out: a, sources: [{kind: openapi, path: doc}]}\n"+
		"  - {package: b, out: b, sources: [{kind: openapi, path: doc2}]}\n"))
	writeFile(t, "doc", []byte("file a.gen.go var a = 1\nplain PLAIN.md text\noperation GET /a GetA\n"))
	writeFile(t, "doc2", []byte("gap GET /audit\nnote x\n"))
	c := &counted{t: t, cache: t.TempDir(), version: "one"}
	c.says(2, found+"a: 4 files, 4 changed\nb: 2 files, 2 changed\nauditgen.lock: changed; commit it with the packages\n[exit 0]")
	return c
}

// What newCounted finds, and what it prints while nothing changes.
const (
	found     = "b: gap: GET /audit: no type, string is used\nb: note: doc2:2: x\n"
	unchanged = found + "a: 4 files, 0 changed\nb: 2 files, 0 changed\n[exit 0]"
)

func TestWhereNothingChangedNothingIsGenerated(t *testing.T) {
	c := newCounted(t)
	c.says(0, unchanged)
	c.says(0, "a: 4 files, 0 changed\n[exit 0]", "--api", "a")
	c.says(2, "[exit 0]", "--check")
	c.says(1, "a: 4 files, 0 changed\n[exit 0]", "--strict", "--api", "a")
	c.says(2, "gap b: GET /audit: no type, string instead\n1 gap, nothing was written: fill them with a reference or an overlay\n[exit 1]", "--strict")
	writeFile(t, "a/foreign.txt", []byte("mine\n"))
	c.says(0, unchanged)
}

// After any change a run generates and puts everything right, and the next has nothing to do again.
func TestEveryChangeIsFoundOut(t *testing.T) {
	write := func(name, text string) func(*counted) error {
		return func(*counted) error { return os.WriteFile(name, []byte(text), 0o666) }
	}
	replace := func(name, old, text string) func(*counted) error {
		return func(*counted) error { return replaceIn(name, old, text) }
	}
	remove := func(name string) func(*counted) error {
		return func(*counted) error { return os.RemoveAll(name) }
	}
	for name, change := range map[string]func(*counted) error{
		"a document":               write("doc", "file a.gen.go var a = 2\n"),
		"a file edited":            replace("a/a.gen.go", "a = 1", "a = 3"),
		"a file without a header":  write("a/PLAIN.md", "edited\n"),
		"a file gone":              remove("b/doc.go"),
		"a folder gone":            remove("b"),
		"the manifest gone":        remove("b/auditgen.manifest"),
		"the manifest broken":      write("b/auditgen.manifest", "x"),
		"something left over":      write("b/old.go", generatedHeader),
		"a run that was killed":    write("b/.auditgen-0123456789abcdef-0123456789abcdef.tmp", ""),
		"a twin of another case":   write("b/DOC.go", "package b\n"),
		"a link in place of file":  func(*counted) error { return replaceByLink("a/a.gen.go") },
		"a link in place of a dir": func(*counted) error { return replaceByLink("a") },
		"the lock gone":            remove("auditgen.lock"),
		"a comment in the lock":    replace("auditgen.lock", "version: 1", "version: 1 # mine"),
		"another program":          func(c *counted) error { c.version = "two"; return nil },
	} {
		t.Run(name, func(t *testing.T) {
			c := newCounted(t)
			if err := change(c); err != nil {
				t.Fatal(err)
			}
			check := c.generate(2, "--check")
			if strings.HasSuffix(check, "[exit 0]") {
				t.Fatalf("the change makes no difference:\n%s", check)
			}
			got := c.generate(2)
			if strings.HasPrefix(name, "a link") || strings.HasSuffix(check, "[exit 2]") || strings.Contains(check, "differs a/PLAIN.md") {
				if !strings.HasSuffix(got, "[exit 2]") {
					t.Errorf("somebody has to look at it, and generate says\n%s", got)
				}
				return
			}
			if again := c.generate(0); strings.Count(again, ", 0 changed\n") != 2 {
				t.Errorf("a second run says\n%s", again)
			}
			c.says(2, "[exit 0]", "--check")
		})
	}
}

// replaceIn replaces a text in a file.
func replaceIn(name, old, text string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	return os.WriteFile(name, bytes.ReplaceAll(data, []byte(old), []byte(text)), 0o666)
}

// replaceByLink puts a link to it in the place of a file or folder.
func replaceByLink(name string) error {
	if err := os.Rename(name, name+".moved"); err != nil {
		return err
	}
	return os.Symlink(filepath.Base(name)+".moved", name)
}
