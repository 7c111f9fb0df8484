// Command benchgenerate measures whole runs of auditgen beside other generators that take the same documents: seconds,
// processor time, peak memory, lines of Go, whether they compile and how long that takes.
//
//	benchgenerate [-rounds N] [-growth=false] [DOCUMENT...]
//
// The documents are the settled ones of the embedded APIs and those of the command line. All tools run in turns, after a
// run that does not count, so that all of them see the same machine; figures are medians. Other generators are installed
// into a temporary folder; one that cannot be had, or refuses a document, is named with its reason.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

func main() {
	rounds := flag.Int("rounds", 5, "how often each tool runs on each document")
	grow := flag.Bool("growth", true, "also measure documents of 100, 1,000 and 10,000 operations")
	load := flag.String("load", "", "only load this `document` with kin-openapi and count its operations: what a run is compared with")
	make := flag.Int("make", 0, "only print a document of so many operations")
	flag.Parse()
	var err error
	switch {
	case *load != "":
		err = loadOnly(*load)
	case *make > 0:
		err = json.NewEncoder(os.Stdout).Encode(grown(*make))
	default:
		err = run(os.Stdout, *rounds, *grow, flag.Args())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "benchgenerate:", err)
		os.Exit(1)
	}
}

func loadOnly(file string) error {
	doc, err := openapi3.NewLoader().LoadFromFile(file)
	if err != nil {
		return err
	}
	n := 0
	for _, item := range doc.Paths.Map() {
		n += len(item.Operations())
	}
	_, err = fmt.Println(n)
	return err
}

func run(w io.Writer, rounds int, grow bool, documents []string) error {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return err
	}
	root := filepath.Dir(strings.TrimSpace(string(out)))
	dir, err := os.MkdirTemp("", "auditgen-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := &bench{w: w, root: root, dir: dir, rounds: rounds}
	if err := b.install(); err != nil {
		return err
	}
	for _, api := range []string{"confluence", "jira"} {
		documents = append(documents, filepath.Join(root, "generated", api, "openapi.yaml"))
	}
	for _, file := range documents {
		if file, err = filepath.Abs(file); err != nil {
			return err
		}
		if err := b.document(file); err != nil {
			return err
		}
	}
	if grow {
		return b.growth()
	}
	return nil
}

// bench is one run of the benchmark. It does nothing that takes memory itself: the peak of a process that is started counts
// from that of the process that starts it.
type bench struct {
	w         io.Writer
	root, dir string // of this checkout, of all that is made
	self      string // this program
	rounds    int
	tools     []*tool
	documents int // measured so far
}

// tool is something that runs on a document.
type tool struct {
	name    string
	command func(document, out string) *exec.Cmd // out is an empty folder
	module  bool                                 // its output is to be compiled
	keeps   bool                                 // it finds the output of the run before
}

const (
	oapiCodegen = "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2"
	ogen        = "github.com/ogen-go/ogen/cmd/ogen@v1.24.0"
)

// install builds auditgen and all other tools that can be had.
func (b *bench) install() error {
	auditgen := filepath.Join(b.dir, "auditgen")
	build := exec.Command("go", "build", "-o", auditgen, "./cmd/auditgen")
	build.Dir = b.root
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("auditgen cannot be built: %w\n%s", err, out)
	}
	var err error
	if b.self, err = os.Executable(); err != nil {
		return err
	}
	ours := func(cache string) func(document, out string) *exec.Cmd {
		return func(document, out string) *exec.Cmd {
			cmd := exec.Command(auditgen, "generate", "--spec", document, "--package", "api", "--out", out)
			cmd.Env = append(os.Environ(), "AUDITGEN_CACHE="+cache)
			return cmd
		}
	}
	b.tools = []*tool{
		{name: "loading with kin-openapi", command: func(document, _ string) *exec.Cmd { return exec.Command(b.self, "-load", document) }},
		{name: "auditgen", command: ours("off"), module: true},
		{name: "auditgen, nothing changed", command: ours(filepath.Join(b.dir, "cache")), keeps: true},
	}
	return b.installPeers()
}

func (b *bench) installPeers() error {
	bin := filepath.Join(b.dir, "peers")
	if err := os.Mkdir(bin, 0o700); err != nil {
		return err
	}
	for _, peer := range []struct {
		path string
		args func(document, out string) []string
	}{
		{oapiCodegen, func(document, out string) []string {
			return []string{"-generate", "types,client", "-package", "api", "-o", filepath.Join(out, "client.go"), document}
		}},
		{ogen, func(document, out string) []string {
			return []string{"--clean", "--package", "api", "--target", out, document}
		}},
	} {
		module, version, _ := strings.Cut(peer.path, "@")
		name := filepath.Base(module)
		install := exec.Command("go", "install", peer.path)
		install.Dir, install.Env = bin, append(os.Environ(), "GOBIN="+bin, "GOWORK=off", "GOFLAGS=")
		if out, err := install.CombinedOutput(); err != nil {
			fmt.Fprintf(b.w, "%s %s cannot be had: %s\n", name, version, firstReason(string(out), err))
			continue
		}
		b.tools = append(b.tools, &tool{name: name + " " + version, module: true, command: func(document, out string) *exec.Cmd {
			return exec.Command(filepath.Join(bin, name), peer.args(document, out)...)
		}})
	}
	return nil
}

// firstReason gives the line of an output that says what is wrong.
func firstReason(out string, err error) string {
	for line := range strings.Lines(out) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "go: downloading") && !strings.HasPrefix(line, "#") {
			if r := []rune(line); len(r) > 200 {
				line = string(r[:200]) + "..."
			}
			return line
		}
	}
	return err.Error()
}

// refused tells whether a tool ended by itself with an error.
func refused(err error) bool {
	exit, ok := errors.AsType[*exec.ExitError](err)
	return ok && exit.Exited()
}
