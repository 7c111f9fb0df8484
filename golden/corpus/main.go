// Command corpus generates a client from every document below the given folders, builds and vets
// all of them, calls each operation once and walks each listing. Where a package is made of one
// specification, kin-openapi judges its requests by it. It prints a line per document and a total.
//
//	corpus [-keep] [-once] FOLDER...
//
// A document is a .json, .yaml, .yml or .txt file: a specification if it has a swagger or an
// openapi key, else a reference page or collection. A folder with an auditgen.yaml is generated as
// it says. Output of auditgen and overlays are skipped. All clients share one copy of the runtime.
//
// A document that auditgen refuses, with a finding that names it, is not a failure. The exit status
// is 1 if there is a failure, and 2 if the corpus cannot be run.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"
)

func main() {
	keep := flag.Bool("keep", false, "keep the folder with all output and print its name")
	once := flag.Bool("once", false, "do not keep compiled clients, but use the standard library of other builds")
	generate := flag.Bool("generate", false, "only generate one client from KIND FILE PACKAGE OUT")
	flag.Parse()
	if *generate {
		os.Exit(generateClient(flag.Args()))
	}
	failures, err := run(os.Stdout, flag.Args(), options{keep: *keep, once: *once})
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "corpus:", err)
		os.Exit(2)
	case failures > 0:
		os.Exit(1)
	}
}

// options are the flags.
type options struct {
	keep, once bool
	unvetted   bool // skip go vet, which would vet the standard library if the cache is empty
}

// run processes the corpus and returns the number of failures.
func run(w io.Writer, folders []string, opts options) (failures int, err error) {
	start := time.Now()
	docs, err := find(folders)
	if err != nil {
		return 0, err
	}
	shop, err := newWorkshop(opts)
	if err != nil {
		return 0, err
	}
	if opts.keep {
		fmt.Fprintln(w, "output is kept in", shop.dir)
	} else {
		defer os.RemoveAll(shop.dir)
	}
	if err := shop.generate(docs); err != nil {
		return 0, err
	}
	if err := shop.build(docs); err != nil {
		return 0, err
	}
	shop.call(docs)
	return report(w, docs, time.Since(start)), nil
}

// report prints the result of each document and the total.
func report(w io.Writer, docs []*document, took time.Duration) (failures int) {
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(t, "DOCUMENT\tOPERATIONS\tGAPS\tSECONDS\tMB\tRESULT")
	var operations, gaps, refused int
	var seconds, most float64
	for _, d := range docs {
		fmt.Fprintf(t, "%s\t%d\t%d\t%.2f\t%.0f\t%s\n", d.name, d.operations, d.gaps, d.seconds, d.megabytes, d.result())
		operations, gaps, seconds, most = operations+d.operations, gaps+d.gaps, seconds+d.seconds, max(most, d.megabytes)
		switch {
		case d.failed():
			failures++
		case d.refusal != "":
			refused++
		}
	}
	fmt.Fprintf(t, "TOTAL: %d\t%d\t%d\t%.2f\t%.0f\t%d ok, %d refused, %d failed, in %.0f s\n",
		len(docs), operations, gaps, seconds, most, len(docs)-refused-failures, refused, failures, took.Seconds())
	_ = t.Flush() // without standard output nothing can be done
	for _, d := range docs {
		if d.failed() {
			fmt.Fprintf(w, "\n%s\n%s", d.name, indented(d.failures))
		}
	}
	return failures
}

// maxShown is the maximum number of failure lines per document.
const maxShown = 30

func indented(failures []string) string {
	var b strings.Builder
	lines := strings.Split(strings.Join(failures, "\n"), "\n")
	for i, line := range lines {
		if i == maxShown {
			fmt.Fprintf(&b, "\tand %d lines more\n", len(lines)-i)
			break
		}
		fmt.Fprintf(&b, "\t%s\n", line)
	}
	return b.String()
}

// workshop is the module in which everything is generated and built.
type workshop struct {
	root     string // of this checkout
	dir      string
	self     string   // this program
	commands []string // go build and go vet
	flags    []string // of both commands
}

func newWorkshop(opts options) (*workshop, error) {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return nil, err
	}
	s := &workshop{root: filepath.Dir(strings.TrimSpace(string(out))), commands: []string{"build", "vet"}}
	if opts.unvetted {
		s.commands = s.commands[:1]
	}
	if !opts.once {
		s.flags = []string{"-trimpath"} // so that the build cache works across folders
	}
	if s.dir, err = os.MkdirTemp("", "auditgen-corpus-"); err != nil {
		return nil, err
	}
	s.self = filepath.Join(s.dir, "corpus")
	build := exec.Command("go", "build", "-o", s.self, "./golden/corpus") // the running program may be a test
	build.Dir = s.root
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("this program cannot be built: %w\n%s", err, out)
	}
	return s, s.writeModule()
}
