package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/seed-1954497d/auditgen/mock"
)

// following starts follow with fast polling, and returns its messages.
func following(t *testing.T, dir, product, site string, more ...string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := command(t, dir, append([]string{"follow", "--product", product, "--site", site, "--output", "out",
		"--lag", "0s", "--overlap", "2s", "--interval", "20ms"}, more...)...)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return cmd, bufio.NewScanner(stderr)
}

// terminated ends follow by SIGTERM, which is its normal end.
func terminated(t *testing.T, cmd *exec.Cmd, messages *bufio.Scanner) {
	t.Helper()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	var printed strings.Builder
	for messages.Scan() {
		fmt.Fprintln(&printed, messages.Text())
	}
	_ = cmd.Wait() // the status says it
	if status := cmd.ProcessState.ExitCode(); status != done {
		t.Fatalf("follow ended with status %d: %s", status, printed.String())
	}
}

func lineCount(path string) int {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	return strings.Count(string(data), "\n")
}

func TestFollowWritesWhatComesUntilItIsInterrupted(t *testing.T) {
	for _, product := range []string{"confluence", "jira"} {
		t.Run(product, func(t *testing.T) {
			s := startMock(t, product, mock.WithRecords(2000))
			dir := t.TempDir()
			out := filepath.Join(dir, "out")
			cmd, messages := following(t, dir, product, s.URL, "--from", "2020-01-01")
			waitFor(t, func() bool { return lineCount(out) == 2000 })
			s.SetScript(mock.InOrder(mock.Grown(3), mock.Unavailable(), mock.Grown(4)))
			waitFor(t, func() bool { return lineCount(out) == 2007 })
			terminated(t, cmd, messages)
			cmd, messages = following(t, dir, product, s.URL)
			s.SetScript(mock.InOrder(mock.Grown(2)))
			waitFor(t, func() bool { return lineCount(out) == 2009 })
			terminated(t, cmd, messages)
			same(t, "output", served(t, product, s.URL, time.Now()), sortedLines(t, out, ""))
		})
	}
}

func TestFollowStartsNowIfNothingElseIsSaid(t *testing.T) {
	s := startMock(t, "jira", mock.WithRecords(2000))
	dir := t.TempDir()
	cmd, messages := following(t, dir, "jira", s.URL)
	waitFor(t, func() bool {
		info, err := os.Stat(filepath.Join(dir, "out.state"))
		return err == nil && info.Size() > 0
	})
	time.Sleep(1500 * time.Millisecond) // the clock of the site has whole seconds
	s.SetScript(mock.InOrder(mock.Grown(3)))
	waitFor(t, func() bool { return lineCount(filepath.Join(dir, "out")) >= 3 })
	terminated(t, cmd, messages)
	if n := lineCount(filepath.Join(dir, "out")); n != 3 {
		t.Errorf("%d records were written, want the 3 that came", n)
	}
}

func TestMetricsCountRecordsRepeatsAndRetriesAndTellTheLag(t *testing.T) {
	s := startMock(t, "jira", mock.WithRecords(1500), mock.WithScript(mock.InOrder(mock.Unavailable())))
	dir := t.TempDir()
	cmd, messages := following(t, dir, "jira", s.URL, "--from", "2020-01-01", "--overlap", "87600h", "--metrics-listen", ":0")
	var address string
	for address == "" && messages.Scan() {
		address, _ = strings.CutPrefix(messages.Text(), "auditlog: metrics are at ")
	}
	if !strings.HasPrefix(address, "http://127.0.0.1:") {
		t.Fatalf("metrics are at %q", address)
	}
	labels := fmt.Sprintf(`{product="jira",site="%s"}`, s.URL)
	wanted := []*regexp.Regexp{
		regexp.MustCompile(`(?m)^auditlog_records_total` + regexp.QuoteMeta(labels) + ` 1500$`),
		regexp.MustCompile(`(?m)^auditlog_repeats_dropped_total` + regexp.QuoteMeta(labels) + ` [1-9]`),
		regexp.MustCompile(`(?m)^auditlog_retries_total` + regexp.QuoteMeta(labels) + ` 1$`),
		regexp.MustCompile(`(?m)^auditlog_problem_records_total` + regexp.QuoteMeta(labels) + ` 0$`),
		regexp.MustCompile(`(?m)^auditlog_lag_seconds` + regexp.QuoteMeta(labels) + ` [0-9.e-]+$`),
	}
	var text string
	waitFor(t, func() bool {
		resp, err := http.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		data, err := io.ReadAll(resp.Body)
		if text = string(data); err != nil {
			t.Fatal(err)
		}
		for _, w := range wanted {
			if !w.MatchString(text) {
				return false
			}
		}
		return true
	})
	terminated(t, cmd, messages)
}

func TestExitStatusesAreForCron(t *testing.T) {
	s := startMock(t, "jira", mock.WithRecords(50))
	always := func(f mock.Fault) { s.SetScript(func(int, *http.Request) mock.Fault { return f }) }
	dir := t.TempDir()
	export := func(more ...string) *exec.Cmd { return exportOf(t, dir, "jira", s.URL, more...) }
	says := func(status int, want string, cmd *exec.Cmd) {
		t.Helper()
		if r := ends(t, status, cmd); !strings.Contains(r.stderr, want) {
			t.Errorf("%v prints %s, want %s", cmd.Args[1:], r.stderr, want)
		}
	}
	says(usage, "a command is missing: say export, follow or doctor", command(t, dir))
	says(usage, `there is no command "exprot": say export, follow or doctor`, command(t, dir, "exprot"))
	says(usage, "--product is missing: say --product confluence or --product jira", command(t, dir, "export"))
	says(usage, "--since and --from exclude each other: leave one out", export("--since", "1d", "--from", "2020-01-01"))
	says(usage, "--since 1y: write a number and m, h, d or w, such as 30d", export("--since", "1y"))
	says(usage, `there is no format "xml": say ndjson or csv`, export("--format", "xml"))
	says(usage, "unknown flag: --token", export("--token", "x"))
	says(usage, "--site: base URL: http would send credentials in the clear; use https", exportOf(t, dir, "jira", "http://site.example"))
	without := export()
	without.Env = append(without.Env, "AUDITLOG_TOKEN=")
	says(usage, "there are no credentials: set AUDITLOG_EMAIL and AUDITLOG_TOKEN", without)

	always(mock.Answer(401, nil, ""))
	says(refused, "Run 'auditlog doctor' with the same --product, --site and credentials: it says why and what to do.", export())
	always(mock.FreePlan())
	says(refused, "not available on the Free plan", export())
	always(mock.Unavailable())
	says(unreachable, "the site kept failing for longer than --give-up allows: run the same command later: it goes on where it stopped", export("--give-up", "1s"))
	always(nil)
	says(unreachable, "the site kept failing", exportOf(t, t.TempDir(), "jira", "http://127.0.0.1:1", "--give-up", "1s"))
	says(done, "50 records written", export())
	says(usage, "it is about jira at "+s.URL+": name another one", exportOf(t, dir, "confluence", s.URL))
	says(usage, "its output is ndjson, and this run would write csv", export("--format", "csv"))

	cmd, messages := following(t, dir, "jira", s.URL, "--metrics-listen", ":0")
	if !messages.Scan() { // it has the lock before it says where metrics are
		t.Fatal("follow says nothing")
	}
	says(locked, "out.state: another run is using this state: wait until it has ended", export())
	terminated(t, cmd, messages)
	says(done, "0 records written", export())
}
