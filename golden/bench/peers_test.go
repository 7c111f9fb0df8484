package bench

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed-1954497d/auditgen/golden/internal/peers"
)

var withPeers = flag.Bool("peers", false, "generate clients with other generators and compare ours with them (needs the network)")

const (
	module      = "github.com/seed-1954497d/auditgen"
	peersModule = module + "/golden/bench/peers" // below ours, so that it may import the internal package pages
)

var apis = []string{"confluence", "jira"}

// contender is another generator that is compared with ours.
type contender struct {
	peers.Peer
	as      string // its folder, and the name of the file that calls its clients
	imports bool   // its clients import packages of its module
	flags   func(api, out string) []string
}

var contenders = []contender{
	{peers.OapiCodegen, "oapicodegen", false, func(api, out string) []string {
		return []string{"-generate", "types,client", "-package", api, "-o", filepath.Join(out, "client.go")}
	}},
	{peers.Ogen, "ogen", true, func(api, out string) []string {
		return []string{"--clean", "--package", api, "--target", out}
	}},
}

// TestPeers generates clients with other generators from the settled documents and compares ours
// with them (see testdata/peers). It works in a module in a temporary folder and keeps nothing of
// theirs.
func TestPeers(t *testing.T) {
	if !*withPeers {
		t.Skip("it takes minutes and the network: make bench-peers")
	}
	w := newWorkshop(t)
	for _, c := range contenders {
		if err := w.add(c); err != nil {
			fmt.Printf("%s: no comparison: %v\n", c, err)
			w.remove(c.as, c.as+".go")
		}
	}
	if err := w.run("go", "build", "-o", "peers", "."); err != nil {
		t.Fatal(err)
	}
	measure := exec.Command(filepath.Join(w.dir, "peers"))
	measure.Stdout, measure.Stderr = os.Stdout, os.Stderr
	if err := measure.Run(); err != nil {
		t.Fatal(err)
	}
}

// workshop is the module in which clients are generated and compiled.
type workshop struct {
	t        *testing.T
	root     string // of our module
	dir      string
	imported []peers.Peer // peers whose modules the clients import
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
	w.require()
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	w.write("go.sum", string(sums))
	return w
}

// require writes the go.mod with this checkout of our module and the modules that the clients of
// the peers import. Versions are given, so that the go command does not look for them.
func (w *workshop) require() {
	var b strings.Builder
	fmt.Fprintf(&b, "module %s\n\ngo 1.26\n\nrequire %s v0.0.0\n\nreplace %s => %s\n", peersModule, module, module, w.root)
	for _, p := range w.imported {
		fmt.Fprintf(&b, "\nrequire %s %s\n", p.Module, p.Version)
	}
	w.write("go.mod", b.String())
}

func (w *workshop) write(name, text string) {
	if err := os.WriteFile(filepath.Join(w.dir, name), []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

func (w *workshop) document(api string) string {
	return filepath.Join(w.root, "generated", api, "openapi.yaml")
}

// folder creates a folder in the workshop.
func (w *workshop) folder(parts ...string) string {
	dir := filepath.Join(append([]string{w.dir}, parts...)...)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		w.t.Fatal(err)
	}
	return dir
}

// add generates clients with a peer from the unchanged settled documents and compiles them. It
// fails if the peer cannot be installed.
func (w *workshop) add(c contender) error {
	program, err := c.Build(w.folder("programs", c.as))
	if err != nil {
		return err
	}
	for _, api := range apis {
		if err := w.run(program, append(c.flags(api, w.folder(c.as, api)), w.document(api))...); err != nil {
			return err
		}
	}
	before := w.imported
	if c.imports {
		w.imported = append(w.imported, c.Peer)
		w.require()
	}
	if err := w.run("go", "build", "./"+c.as+"/..."); err != nil {
		w.imported = before
		w.require()
		return err
	}
	return nil
}

// remove deletes files and folders in the workshop.
func (w *workshop) remove(names ...string) {
	for _, name := range names {
		if err := os.RemoveAll(filepath.Join(w.dir, name)); err != nil {
			w.t.Fatal(err)
		}
	}
}

// run runs a command in the workshop. Its error has the reason that the command printed, on one
// line.
func (w *workshop) run(name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Dir = w.dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %s", filepath.Base(name), peers.Reason(string(out), err))
	}
	return nil
}
