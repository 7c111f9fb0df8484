// Command benchgenerate compares whole runs of auditgen with other generators on the same
// documents: seconds, processor time, peak memory, lines of Go, whether they compile, how long that
// takes and how large the archive is. Neither our shared runtime nor the modules that the output of
// others imports are counted.
//
//	benchgenerate [-rounds N] [-sizes N,N...] [DOCUMENT...]
//
// The documents are the settled documents of the embedded APIs and the arguments. All tools take
// turns, after a warm-up round, so that they run under the same conditions. Figures are medians.
// Other generators are installed into a temporary folder. A generator that cannot be installed, or
// that refuses a document, is listed with the reason. If a generator refuses a document because of
// the name of one schema, all tools are measured again with that schema renamed.
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
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-1954497d/auditgen/golden/internal/peers"
)

func main() {
	rounds := flag.Int("rounds", 5, "how often each tool runs on each document")
	sizes := flag.String("sizes", "100,1000,10000", "also measure made-up documents with so many `operations`; none if empty")
	load := flag.String("load", "", "only load this `document` with kin-openapi and count its operations, as a baseline")
	make := flag.Int("make", 0, "only print a made-up document with so many operations")
	rename := flag.String("rename", "", "only print the given document with this `schema` renamed")
	flag.Parse()
	var err error
	switch {
	case *load != "":
		err = loadOnly(*load)
	case *make > 0:
		err = json.NewEncoder(os.Stdout).Encode(grown(*make))
	case *rename != "":
		err = renameOnly(os.Stdout, flag.Arg(0), *rename)
	default:
		err = run(os.Stdout, *rounds, *sizes, flag.Args())
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

func run(w io.Writer, rounds int, sizes string, documents []string) error {
	grown, err := numbers(sizes)
	if err != nil {
		return err
	}
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
		title := file
		if rel, err := filepath.Rel(root, file); err == nil {
			title = rel
		}
		if err := b.document(filepath.ToSlash(title), file); err != nil {
			return err
		}
	}
	if len(grown) > 0 {
		return b.growth(grown)
	}
	return nil
}

// numbers reads a comma-separated list of positive numbers.
func numbers(list string) (all []int, err error) {
	for field := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == ',' }) {
		n, err := strconv.Atoi(field)
		if err != nil || n <= 0 {
			return nil, fmt.Errorf("-sizes %s: %q is not a number of operations: write 100,1000", list, field)
		}
		all = append(all, n)
	}
	return all, nil
}

// bench is one run of the benchmark. It must use little memory itself: the peak of a child process
// starts at the peak of its parent.
type bench struct {
	w         io.Writer
	root, dir string // of this checkout, and of all output
	self      string // this program
	rounds    int
	tools     []*tool
	documents int // measured so far
}

// tool is a program that runs on a document.
type tool struct {
	name     string
	command  func(document, out string) *exec.Cmd // out is an empty folder, unless keeps is set
	needs    string                               // a module that its output imports, with its version
	module   bool                                 // its output is compiled
	inModule bool                                 // it runs in the module of its output, which decides the import path of our runtime
	keeps    bool                                 // it sees the output of the last run of a tool that keeps
}

// Indexes of the tools that are always there. Others follow them.
const (
	loading = iota
	full
	unchanged
	checked
	theirs
)

// install builds auditgen and installs all other tools that are available.
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
	ours := func(cache string, flags ...string) func(document, out string) *exec.Cmd {
		return func(document, out string) *exec.Cmd {
			args := append([]string{"generate", "--spec", document, "--package", "api", "--out", out}, flags...)
			cmd := exec.Command(auditgen, args...)
			cmd.Env = append(os.Environ(), "AUDITGEN_CACHE="+cache)
			return cmd
		}
	}
	cache := filepath.Join(b.dir, "cache")
	b.tools = []*tool{
		loading:   {name: "loading with kin-openapi", command: func(document, _ string) *exec.Cmd { return exec.Command(b.self, "-load", document) }},
		full:      {name: "auditgen", command: ours("off"), module: true, inModule: true},
		unchanged: {name: "auditgen, nothing changed", command: ours(cache), keeps: true, inModule: true},
		checked:   {name: "auditgen --check", command: ours(cache, "--check"), keeps: true, inModule: true},
	}
	b.installPeers()
	return nil
}

func (b *bench) installPeers() {
	for _, p := range []struct {
		peers.Peer
		needs string // other modules that its output imports
		args  func(document, out string) []string
	}{
		{peers.OapiCodegen, "", func(document, out string) []string {
			return []string{"-generate", "types,client", "-package", "api", "-o", filepath.Join(out, "client.go"), document}
		}},
		{peers.Doordash, "", func(document, out string) []string {
			return []string{"-generate", "types,client", "-package", "api", "-o", filepath.Join(out, "client.go"), document}
		}},
		{peers.Ogen, peers.Ogen.Module + " " + peers.Ogen.Version, func(document, out string) []string {
			return []string{"--clean", "--package", "api", "--target", out, document}
		}},
		{peers.GoSwagger, "", func(document, out string) []string {
			return []string{"generate", "client", "--quiet", "--target", out, "--spec", document}
		}},
	} {
		program, err := p.Build(filepath.Join(b.dir, "peers", p.Name))
		if err != nil {
			fmt.Fprintf(b.w, "%s cannot be installed: %v\n", p, err)
			continue
		}
		b.tools = append(b.tools, &tool{name: p.String(), module: true, needs: p.needs, command: func(document, out string) *exec.Cmd {
			return exec.Command(program, p.args(document, out)...)
		}})
	}
}

// refused reports whether a tool exited with an error.
func refused(err error) bool {
	exit, ok := errors.AsType[*exec.ExitError](err)
	return ok && exit.Exited()
}
