// Command benchgenerate measures whole runs of auditgen beside other generators that take the same documents: seconds,
// processor time, peak memory, lines of Go, whether they compile, how long that takes and how large the archive is. The
// runtime that our packages share counts as little as the modules that the output of others imports.
//
//	benchgenerate [-rounds N] [-sizes N,N...] [DOCUMENT...]
//
// The documents are the settled ones of the embedded APIs and those of the command line. All tools run in turns, after a
// run that does not count, so that all of them see the same machine; figures are medians. Other generators are installed
// into a temporary folder; one that cannot be had, or refuses a document, is named with its reason. What a generator refuses
// for the name of one schema is measured once more, with all tools, with that schema renamed.
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
	sizes := flag.String("sizes", "100,1000,10000", "also measure documents of so many `operations`, made for it; none if empty")
	load := flag.String("load", "", "only load this `document` with kin-openapi and count its operations: what a run is compared with")
	make := flag.Int("make", 0, "only print a document of so many operations")
	rename := flag.String("rename", "", "only print the document of the command line with this `schema` renamed")
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

// numbers reads a list of positive numbers with commas between them.
func numbers(list string) (all []int, err error) {
	for field := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == ',' }) {
		n, err := strconv.Atoi(field)
		if err != nil || n <= 0 {
			return nil, fmt.Errorf("-sizes %s: %q is no number of operations: write 100,1000", list, field)
		}
		all = append(all, n)
	}
	return all, nil
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
	name     string
	command  func(document, out string) *exec.Cmd // out is an empty folder, if the tool does not keep it
	needs    string                               // a module that its output imports, with its version
	module   bool                                 // its output is to be compiled
	inModule bool                                 // it runs within the module of its output, as the import path of our runtime follows from it
	keeps    bool                                 // it finds the output of the run before, of itself or another one that keeps
}

// The tools that are always there, by their places among all. Those of others come behind them.
const (
	loading = iota
	full
	unchanged
	checked
	theirs
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
		needs string // what its output imports beyond our modules
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
			fmt.Fprintf(b.w, "%s cannot be had: %v\n", p, err)
			continue
		}
		b.tools = append(b.tools, &tool{name: p.String(), module: true, needs: p.needs, command: func(document, out string) *exec.Cmd {
			return exec.Command(program, p.args(document, out)...)
		}})
	}
}

// refused tells whether a tool ended by itself with an error.
func refused(err error) bool {
	exit, ok := errors.AsType[*exec.ExitError](err)
	return ok && exit.Exited()
}
