// Command auditlog writes the audit log of a Confluence or Jira site to a file or a stream.
//
//	auditlog export  --product confluence|jira --site URL [--since 30d | --from TIME] [--to TIME]
//	                 [--output FILE|-] [--format ndjson|csv] [--envelope] [--state FILE]
//	auditlog follow  --product confluence|jira --site URL [--since 30d | --from TIME] [--interval 1m]
//	                 [--output FILE|-] [--format ndjson|csv] [--envelope] [--state FILE]
//	auditlog doctor  --product confluence|jira --site URL
//
// export ends when it has everything up to now, or up to --to. The same command later adds what has
// come since, which is what cron needs. follow goes on until it is interrupted. doctor says why a
// log cannot be read and what to do.
//
// # Credentials
//
// Credentials never come from flags, because every user of a computer can read those. They come
// from the environment, from --credentials-file or from --credentials-command:
//
//   - AUDITLOG_EMAIL and AUDITLOG_TOKEN are an email address and an API token. AUDITLOG_TOKEN alone
//     is a bearer token, such as an OAuth 2.0 access token.
//   - The file and the output of the command are one line, EMAIL:TOKEN or a bearer token. A file
//     that others may read is refused. A bearer token is read again each minute.
//
// # Site
//
// --site is https://NAME.atlassian.net for an email address and an API token without scopes, and
// https://api.atlassian.com/ex/PRODUCT/CLOUDID for API tokens with scopes and for OAuth 2.0. doctor
// finds the cloud id.
//
// # Output
//
// NDJSON has a line for each record with its exact value. --envelope puts it into the member raw,
// behind the members id, time, source, site, actor, action and object, which are the same for both
// products. Records of Confluence have no identifier, so their id follows from their content.
//
// CSV is for a spreadsheet: UTF-8 with a mark, times in UTC, one line for each record. Cells that
// begin like a formula get an apostrophe in front, and line breaks become blanks.
//
// Only its owner can read a file that auditlog creates. A record with values of other types than
// documented is written like the others and counted. --dead-letter names a file for a copy of it,
// with what is wrong.
//
// # State
//
// The state remembers the checkpoint of the log and the size of the output. It is FILE.state beside
// the output FILE unless --state names another one. Standard output has none unless --state names
// it. --since and --from count for the first run only: later runs go on from the state.
//
// The state is saved after the output is synced, in one step. When a run was killed between these,
// the next one reads the lines behind the size, cuts off a torn one, and leaves out the records of
// the others when they come again. So a file has each record once, whenever a run was killed. A
// pipe cannot be read again: behind a killed run, a batch of at most a page may come twice.
//
// A run locks its state (the file STATE.lock), and a second run is refused. With a new --output and
// the same --state, the new file goes on where the old one ends, for instance a file for each day.
//
// # Late records
//
// Records can become visible late. --overlap says how late (10 minutes by default): so much of the
// log is read again each time, and what was written already is dropped. --lag keeps that far behind
// the clock of the site (10 seconds by default).
//
// # Metrics
//
// --metrics-listen :9090 serves http://127.0.0.1:9090/metrics in the format of Prometheus: records
// written, repeats dropped, records with problems, retries, and the lag in seconds. There is no
// password, so name an address that other computers reach only if they may know.
//
// # Signals
//
// SIGINT and SIGTERM end a run when the current batch is written and the state is saved. A second
// signal ends it at once, which is safe too.
//
// # Exit status
//
//	0  done; follow: ended by a signal
//	1  doctor found something
//	2  usage, configuration or state: somebody has to look
//	3  the site refuses: credentials, permission, plan or address; doctor says which
//	4  the site cannot be reached or fails for longer than --give-up: the next run goes on
//	5  the output or the state cannot be written: the next run goes on
//	6  another run is using the state
//	7  export was interrupted by a signal: the next run goes on
package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/delivery"
	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/output"
	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/progress"
	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/state"
	"github.com/seed-1954497d/auditgen/generated/rest"
)

// The exit statuses.
const (
	done        = 0
	found       = 1
	usage       = 2
	refused     = 3
	unreachable = 4
	unwritable  = 5
	locked      = 6
	interrupted = 7
)

func main() {
	// A closed pipe is an error of the write, so that it can be reported like a full disk.
	signal.Ignore(syscall.SIGPIPE)
	os.Exit(newProgram().run(os.Args[1:]))
}

// program is one run: its streams and its clock.
type program struct {
	stdout, stderr *os.File
	now            func() time.Time
}

func newProgram() *program { return &program{os.Stdout, os.Stderr, time.Now} }

// run executes a command line and returns its exit status.
func (p *program) run(args []string) int {
	root := p.rootCommand()
	root.SetArgs(args)
	cmd, err := root.ExecuteC()
	if err == nil {
		return done
	}
	if !errors.Is(err, errFound) {
		printError(p.stderr, cmd.CommandPath(), err)
	}
	return statusOf(err)
}

func (p *program) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "auditlog",
		Short: "Write the audit log of a Confluence or Jira site to a file or a stream",
		Long: `auditlog writes the audit log of a Confluence or Jira site to a file or a stream. It
remembers what it has written, so it can be killed and started again at any moment.

Credentials come from AUDITLOG_EMAIL and AUDITLOG_TOKEN, from --credentials-file or
from --credentials-command, and never from flags.

Exit status: 0 done, 1 doctor found something, 2 usage or state, 3 the site refuses,
4 the site cannot be reached, 5 the output cannot be written, 6 another run is using
the state, 7 interrupted. After 4, 5 and 7 the same command goes on where it stopped.`,
		Example: `  auditlog doctor --product confluence --site https://NAME.atlassian.net
  auditlog export --product confluence --site https://NAME.atlassian.net --output audit.ndjson
  auditlog follow --product jira --site https://NAME.atlassian.net --output - --envelope`,
		SilenceUsage:      true,
		SilenceErrors:     true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usagef("there is no command %q: say export, follow or doctor", args[0])
			}
			return nil
		},
		RunE: func(*cobra.Command, []string) error {
			return usagef("a command is missing: say export, follow or doctor")
		},
	}
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usagef("%s", err) })
	root.AddCommand(p.exportCommand(), p.followCommand(), p.doctorCommand())
	return root
}

// noArguments is for commands that take flags only.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("%s takes no arguments, and %q is one: leave it out", cmd.Name(), args[0])
	}
	return nil
}

// usageError is a command line that makes no sense.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text }

func usagef(format string, args ...any) error { return &usageError{fmt.Sprintf(format, args...)} }

// errFound is the outcome of a doctor that found something, which it has printed already.
var errFound = errors.New("doctor found something")

// errGaveUp is why an export ends that failed for too long.
var errGaveUp = errors.New("the site kept failing")

// statusOf returns the exit status of an error.
func statusOf(err error) int {
	var out *output.Error
	var saved *state.Error
	var api *rest.APIError
	var certificate *tls.CertificateVerificationError
	var name *net.DNSError
	switch {
	case errors.Is(err, errFound):
		return found
	case errors.Is(err, state.ErrLocked):
		return locked
	case errors.As(err, &out) && out.Err != nil:
		return unwritable
	case errors.As(err, &saved) && saved.Saving:
		return unwritable
	case errors.Is(err, errGaveUp):
		return unreachable
	case errors.Is(err, delivery.ErrInterrupted):
		return interrupted
	case errors.As(err, &api) && !rest.IsTemporary(err), errors.As(err, &certificate):
		return refused
	case rest.IsTemporary(err), errors.As(err, &name):
		return unreachable
	}
	return usage
}

// printError prints an error and what to do.
func printError(w io.Writer, command string, err error) {
	text := progress.Printable(err.Error())
	if _, ok := errors.AsType[*usageError](err); ok {
		fmt.Fprintf(w, "%s: %s\nRun '%s --help' for how it is used.\n", command, text, command)
		return
	}
	if statusOf(err) == refused {
		text += "\nRun 'auditlog doctor' with the same --product, --site and credentials: it says why and what to do."
	}
	fmt.Fprintf(w, "auditlog: %s\n", strings.TrimSpace(text))
}
