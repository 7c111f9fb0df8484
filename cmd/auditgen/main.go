// Command auditgen generates Go clients for the Atlassian Cloud audit-log APIs.
//
//	auditgen generate  [--config auditgen.yaml] [--api confluence,jira] [--out DIR] [--check] [--strict]
//	auditgen generate  [--spec FILE] [--reference FILE]... [--overlay FILE]...
//	                   [--include GLOB]... [--exclude GLOB]... --package NAME --out DIR [--check] [--strict]
//	auditgen update    [--config auditgen.yaml] [--api confluence,jira] [--dry-run]
//	                   [--fail-on breaking|any] [--allow-private]
//	auditgen init      [--api confluence,jira] [--published]
//	auditgen overlay   prune|yield (same inputs) [--all | FILE[:LINE]...] [--upstream]
//	auditgen normalize (same inputs) [--output FILE|-]
//	auditgen explain   (same inputs) [ADDRESS] [--json]
//	auditgen mock      (same inputs) [--listen 127.0.0.1:0] [--seed N] [--records 100000]
//	                   [--fault NAME=RATE]... [--expose] [--quiet]
//	auditgen report    (same inputs) --html FILE|-
//	auditgen diff      OLD NEW [--config auditgen.yaml] [--api confluence,jira]
//	                   [--format text|markdown|json] [--fail-on breaking|any]
//	auditgen version
//
// It reads every document about an API, settles what they say into one complete OpenAPI 3 document
// that records the origin of each fact, and writes a Go package from it.
//
// # Inputs
//
// The documents are those of --spec, --reference and --overlay, if one of these is given; else
// those of the configuration that --config names; else those of the nearest auditgen.yaml, from the
// current folder up to the root of the module; else the embedded documents about Confluence and
// Jira, which need no network and no file. Standard error names a configuration that is not in the
// current folder. With --out and without --config no configuration is read.
//
// Overlays are the strongest, then the references in the order given, then the specification. The
// content of a reference tells its format (page, table, postman or sample); kind:FILE states it.
// The file - is standard input, for one document at most. A document may have 64 MiB.
//
// --api picks among the packages of a configuration, or among the embedded APIs. --include and
// --exclude choose operations by their path: * matches any text in a segment, ** any number of
// segments.
//
// # Configuration
//
// The paths of a configuration are relative to it, and it writes below its own folder only:
//
//	packages:
//	  - package: confluence
//	    out: ./internal/confluence
//	    include: ["/wiki/rest/api/audit", "/wiki/rest/api/audit/**"]
//	    sources:                     # strongest first
//	      - {kind: overlay,   path: spec/overlay.yaml}
//	      - {kind: reference, path: spec/audit-page.txt}
//	      - {kind: openapi,   path: spec/audit.swagger.yaml, base_path: /wiki/rest/api, url: "https://example.com/audit.yaml"}
//
// init starts one in the current folder, with the embedded documents as files, or with --published
// with the urls of the documents that Atlassian publishes. It replaces nothing, and adds lines to
// .gitattributes that keep merges of generated files easy.
//
// # Update
//
// update fetches the documents that have a url, if they have changed, prints what that does to the
// generated packages, and generates them. No other command uses the network, except overlay with
// --upstream. A document is stored as it came, at the path of its source. That path must be below
// the configuration, outside of the output folders, and end in .json, .yaml, .yml, .txt or .md.
// Url, hash and time are in auditgen.lock. A package that --api does not pick is generated too if
// one of its documents has changed. --dry-run writes nothing. --fail-on writes nothing and exits
// with 1 if a change is breaking, or if there is any.
//
// Only https is fetched, without credentials and cookies, from addresses that are public when the
// connection is made, and redirects stay on the same scheme, host and port. --allow-private lifts
// the rule on addresses, and allows http from this machine. A proxy named by HTTPS_PROXY is used,
// whatever its address; it then looks up the hosts, and only those written as an address are
// checked. An answer that is cut off, larger than 64 MiB, a web page, or not what the digests in
// its header say is an error.
//
// Documents, lock and packages change together, also when the run is killed. update writes each new
// file under a temporary name beside the file that it replaces, and then renames all of them,
// auditgen.lock first. The lock has the hashes of the documents. The next generate or update
// renames a document that is still to be renamed: its temporary file has the hash in the lock, and
// its name says that it replaces exactly what is there. It removes other temporary files, and
// generates the packages again. Other commands report such a document.
//
// One run at a time writes to an output folder or for a configuration; another one is refused. What
// keeps it out is a lock of the operating system on a file in the folder for temporary files, so
// nothing is left in the project.
//
// generate never fetches. A document with a url that was changed by hand, or whose url is not that
// of the lock, is an error.
//
// # Output
//
// With --package, --out is the folder of the package. Otherwise, without --config, it is the parent
// of one folder per embedded API, ./generated if it is not given. With --config it replaces the
// folder of the only package.
//
// Every output folder has a manifest, auditgen.manifest, which lists the files that auditgen wrote,
// a name a line. Only files whose first line says that auditgen generated them are replaced or
// deleted, and of those that are not Go only files that the manifest lists. Manifests and generated
// files with merge-conflict marks are replaced like others. A foreign file where a generated one
// must go is an error. Nothing is written into .git and the like. Files that do not change keep
// their time. Either everything is written or nothing. normalize and report write one file, and
// never over one that they read.
//
// With a configuration, auditgen.lock beside it keeps the Go name of every operation by method and
// path. Names in it win, and those of operations that are gone stay taken. It also has the folder
// of each package, so that generate removes its files from the old folder of a package that was
// renamed or moved. It belongs to the configuration and is committed with it. The names win in
// normalize and explain too, where operationIds follow them. Documents named by flags and the
// embedded ones have no lock.
//
// generate --check writes nothing and lists the files that differ, are missing or are left over.
// generate --strict writes nothing while the documents leave gaps or have caught up with an
// overlay.
//
// When nothing has changed, generate does nothing. It remembers, in the user's cache folder, the
// hash of every file that this very program generated from these very inputs, and compares them
// with the files. --check and --strict generate, and trust no memory. The environment variable
// AUDITGEN_CACHE names another folder, or says off.
//
// # Overlays
//
// An action of an overlay whose whole update the documents say is a warning, and with --strict a
// no. overlay prune removes such actions. Where a document fills the hole that an action filled,
// and the action expected the hole (x-expect), that is an error that shows both values. overlay
// yield accepts the document's value for the actions that FILE:LINE names, or for all of them; an
// x-expect with the document's value overrules it. Both commands change nothing else in the file.
// With --upstream they compare with what update would fetch.
//
// # Mock
//
// mock serves the settled documents until it is interrupted, and prints its URL and a first command
// to try. Requests are checked against the document; any Basic or Bearer credentials are accepted.
// The audit logs of Confluence and Jira behave like the real ones, with records that follow from
// --seed; everything else is answered from its schema. All APIs are served at one URL; two that
// have the same operation are an error. --fault makes it fail at a rate from 0 to 1: rate-limit,
// unavailable, latency, truncate, growing, expired, free-plan. It listens at a loopback address;
// others need
// --expose. Each request is a line on standard error: method, path, status. When it is interrupted,
// requests that are running have 10 seconds, and the exit status is 0.
//
// # Differences
//
// diff generates two states in memory and prints, a line per change, what changed in the settled
// document, what that does to the Go API and on the wire, whether it breaks users of the package,
// and its position on both sides. OLD and NEW are each a document; a folder with a configuration or
// with generated packages; REVISION, a git revision, for the configuration of the current folder as
// it was then; or REVISION:PATH, a document or folder as it was then, the path relative to the
// current folder. What is on the disk comes before a revision of the same name.
//
// With --config, a document replaces the specification of that configuration: the source of the
// same name, else the only one of kind openapi. Overlays, references and the selection apply as
// they do for generate.
//
// Code that no longer compiles, and a request that the server refuses though it accepted it before,
// are breaking changes. --fail-on breaking exits with 1 if there is one, --fail-on any if there is
// any change.
//
// # Exit status
//
//	0  done
//	1  a check said no: --check found a difference, --strict a gap or an outdated action, --fail-on a change
//	2  usage, documents, network or disk: everything that is wrong is on standard error, one finding a line
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/seed-1954497d/auditgen/cmd/auditgen/internal/memory"
	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// The exit statuses.
const (
	done    = 0
	saidNo  = 1
	trouble = 2
)

// errSaidNo is the outcome of a check that found something, which it has printed already.
var errSaidNo = errors.New("the check said no")

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run executes a command line and returns its exit status.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return newProgram(stdin, stdout, stderr).run(args)
}

func newProgram(stdin io.Reader, stdout, stderr io.Writer) *program {
	return &program{stdin: stdin, stdout: stdout, stderr: stderr, generate: generator.Generate, memory: memory.Open(), now: time.Now,
		maxFetched: 8 * source.MaxBytes}
}

// program is one run: its streams, the function it is a shell around, and the memory of earlier
// runs.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	generate       func(generator.Input) (*generator.Output, error)
	memory         *memory.Memory
	now            func() time.Time
	maxFetched     int64  // bytes of all documents that one run may fetch, because all are in memory
	misspelt       error  // help was asked for with a command that does not exist
	step           func() // called before each change of the disk below a configuration; nil but in tests
}

func (p *program) run(args []string) int {
	results := &resultWriter{w: p.stdout}
	p.stdout = results
	root := p.rootCommand()
	root.SetArgs(args)
	cmd, err := root.ExecuteC()
	if err == nil {
		err = p.misspelt
	}
	if results.err != nil {
		err = fmt.Errorf("cannot write to standard output: %w", results.err)
	}
	switch {
	case err == nil:
		return done
	case errors.Is(err, errSaidNo):
		return saidNo
	default:
		printError(p.stderr, cmd.CommandPath(), err)
		return trouble
	}
}

func (p *program) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "auditgen",
		Short: "Generate Go clients for the Atlassian Cloud audit-log APIs",
		Long: `auditgen reads every document about an API, settles what they say into one complete
OpenAPI 3 document that records the origin of each fact, and writes a Go package from
it. Without flags it works on the nearest auditgen.yaml, from here up to the go.mod,
or else on the embedded documents about the audit logs of Confluence and Jira.`,
		Example: `  auditgen generate
  auditgen explain "GET /wiki/rest/api/audit"
  auditgen normalize --api jira --output jira.yaml`,
		Version:           versionText(),
		SilenceUsage:      true,
		SilenceErrors:     true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
		Args:              knownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return usagef("a command is missing: say %s", orList(commandNames(cmd)))
		},
	}
	root.SetIn(p.stdin)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(p.generateCommand(), p.updateCommand(), p.initCommand(), p.overlayCommand(), p.normalizeCommand(), p.explainCommand(), p.mockCommand(), p.reportCommand(),
		p.diffCommand(), p.versionCommand())
	p.addHelp(root)
	return root
}

// resultWriter remembers the first failed write, so that a full disk or a closed pipe is never
// taken for success.
type resultWriter struct {
	w   io.Writer
	err error
}

func (r *resultWriter) Write(b []byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	n, err := r.w.Write(b)
	r.err = err
	return n, err
}

// usageError is a command line that makes no sense.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text }

func usagef(format string, args ...any) error { return &usageError{fmt.Sprintf(format, args...)} }

// knownCommand refuses arguments of the program itself: the first of them is not a command.
func knownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	known := commandNames(cmd)
	if near := source.Nearest(args[0], known); near != "" {
		return usagef("there is no command %q: did you mean %s?", args[0], near)
	}
	return usagef("there is no command %q: say %s", args[0], orList(known))
}

// commandNames returns the commands of the program, sorted.
func commandNames(root *cobra.Command) []string {
	var names []string
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() && c.Name() != "help" {
			names = append(names, c.Name())
		}
	}
	return names
}

// orList joins words as in a sentence: a, b or c.
func orList(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// noArguments is for commands that take flags only.
func noArguments(cmd *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return nil
	case cmd.Flags().Lookup("spec") == nil:
		return usagef("%s takes no arguments, and %q is one: leave it out", cmd.Name(), args[0])
	}
	return usagef("%q is no flag, and %s takes nothing else: name documents with --spec, --reference or --overlay", args[0], cmd.Name())
}

// flagError suggests a flag: cobra has suggestions for commands only.
func flagError(cmd *cobra.Command, err error) error {
	if bad, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return usagef("--%s does not take %q: write %s", bad.GetFlag().Name, bad.GetValue(), valuesOf(bad.GetFlag()))
	}
	if bare, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		kind, _ := pflag.UnquoteUsage(bare.GetFlag())
		return usagef("--%s needs a value: give a %s", bare.GetSpecifiedName(), kind)
	}
	unknown, ok := errors.AsType[*pflag.NotExistError](err)
	if !ok {
		return usagef("%s", err)
	}
	var known []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
	name, given := unknown.GetSpecifiedName(), "--"+unknown.GetSpecifiedName()
	if short := unknown.GetSpecifiedShortnames(); short != "" {
		name, given = short, "-"+short
	}
	if near := source.Nearest(name, known); near != "" {
		return usagef("there is no flag %s: did you mean --%s?", given, near)
	}
	return usagef("there is no flag %s", given)
}

// valuesOf describes the values of a flag.
func valuesOf(flag *pflag.Flag) string {
	switch flag.Value.Type() {
	case "bool":
		return "true or false, or leave the value out"
	case "int", "uint64":
		return "a whole number, such as " + flag.DefValue
	}
	return "names separated by commas"
}

// printError prints everything that is wrong, one finding a line. An error in a document starts
// with FILE:LINE; any other error names the command.
func printError(w io.Writer, command string, err error) {
	switch e := err.(type) {
	case *source.Error:
		fmt.Fprintln(w, source.Printable(e.Error()))
	case interface{ Unwrap() []error }:
		for _, one := range e.Unwrap() {
			printError(w, command, one)
		}
	case *usageError:
		fmt.Fprintf(w, "%s: %s\nRun '%s --help' for how it is used.\n", command, source.Printable(e.Error()), command)
	default:
		fmt.Fprintf(w, "auditgen: %s\n", source.Printable(err.Error()))
	}
}
