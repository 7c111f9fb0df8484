package bench

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var withPeers = flag.Bool("peers", false, "generate the clients of other generators and compare ours with them (needs the network)")

const (
	module      = "github.com/seed-1954497d/auditgen"
	peersModule = module + "/golden/bench/peers" // below ours, so that it may use the internal package pages

	oapiCodegen = "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2"
	ogen        = "github.com/ogen-go/ogen/cmd/ogen@v1.24.0"
)

var apis = []string{"confluence", "jira"}

// TestPeers generates the clients of other generators from the settled documents, in a module of its own in a temporary
// folder, and compares ours with them: see testdata/peers. Nothing of theirs is kept.
func TestPeers(t *testing.T) {
	if !*withPeers {
		t.Skip("it takes minutes and the network: make bench-peers")
	}
	w := newWorkshop(t)
	for _, api := range apis {
		w.mustRun("go", "run", oapiCodegen, "-generate", "types,client", "-package", api,
			"-o", w.folder("oapi", api)+"/client.go", w.document(api))
	}
	if err := w.addOgen(); err != nil {
		fmt.Printf("ogen: no comparison, it cannot be had: %s\n", firstLine(err))
		w.remove("ogen.go", "ogen")
		w.mustRun("go", "mod", "tidy")
		w.mustRun("go", "build", "-o", "peers", ".")
	}
	measure := exec.Command(filepath.Join(w.dir, "peers"))
	measure.Stdout, measure.Stderr = os.Stdout, os.Stderr
	if err := measure.Run(); err != nil {
		t.Fatal(err)
	}
}

// workshop is the module in which clients are generated and compiled.
type workshop struct {
	t    *testing.T
	root string // of our module
	dir  string
}

func newWorkshop(t *testing.T) *workshop {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	w := &workshop{t: t, root: root, dir: t.TempDir()}
	if err := os.CopyFS(w.dir, os.DirFS("testdata/peers")); err != nil {
		t.Fatal(err)
	}
	w.write("go.mod", fmt.Sprintf("module %s\n\ngo 1.26\n\nrequire %s v0.0.0\n\nreplace %s => %s\n", peersModule, module, module, root))
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	w.write("go.sum", string(sums))
	return w
}

func (w *workshop) write(name, text string) {
	if err := os.WriteFile(filepath.Join(w.dir, name), []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

func (w *workshop) document(api string) string {
	return filepath.Join(w.root, "generated", api, "openapi.yaml")
}

// folder makes a folder of the workshop.
func (w *workshop) folder(parts ...string) string {
	dir := filepath.Join(append([]string{w.dir}, parts...)...)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		w.t.Fatal(err)
	}
	return dir
}

// addOgen generates clients with ogen, if it can be had, and makes sure that they compile.
func (w *workshop) addOgen() error {
	for _, api := range apis {
		if err := w.run("go", "run", ogen, "--clean", "--package", api, "--target", w.folder("ogen", api), w.document(api)); err != nil {
			return err
		}
	}
	if err := w.run("go", "mod", "tidy"); err != nil {
		return err
	}
	return w.run("go", "build", "-o", "peers", ".")
}

// remove takes files and folders out of the workshop.
func (w *workshop) remove(names ...string) {
	for _, name := range names {
		if err := os.RemoveAll(filepath.Join(w.dir, name)); err != nil {
			w.t.Fatal(err)
		}
	}
}

func (w *workshop) mustRun(name string, args ...string) {
	w.t.Helper()
	if err := w.run(name, args...); err != nil {
		w.t.Fatal(err)
	}
}

// run runs a command in the workshop. Its error begins with what the command itself gave as the reason.
func (w *workshop) run(name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Dir = w.dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s\n%s %s: %w", bytes.TrimSpace(out), name, strings.Join(args, " "), err)
	}
	return nil
}

// firstLine gives the line that says why, without the notes of the go command about what it downloads.
func firstLine(err error) string {
	for line := range strings.Lines(err.Error()) {
		if !strings.HasPrefix(line, "go: downloading") && !strings.HasPrefix(line, "#") {
			return strings.TrimSpace(line)
		}
	}
	return err.Error()
}
