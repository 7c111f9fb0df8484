package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/audit"
	"github.com/seed-1954497d/auditgen/generated/confluence"
	"github.com/seed-1954497d/auditgen/generated/jira"
	"github.com/seed-1954497d/auditgen/generated/rest"
	"github.com/seed-1954497d/auditgen/mock"
)

var (
	update = flag.Bool("update", false, "record what doctor prints")
	long   = flag.Bool("long", false, "kill exports of 200,000 records 200 times")
)

// Variables of a process that is the command itself. The shift is that of its clock.
const (
	commandVariable = "AUDITLOG_TEST_COMMAND"
	shiftVariable   = "AUDITLOG_TEST_SHIFT"
)

func TestMain(m *testing.M) {
	if os.Getenv(commandVariable) == "" {
		os.Exit(m.Run())
	}
	signal.Ignore(syscall.SIGPIPE)
	p := newProgram()
	if shift, err := time.ParseDuration(os.Getenv(shiftVariable)); err == nil {
		p.now = func() time.Time { return time.Now().Add(shift) }
	}
	os.Exit(p.run(os.Args[1:]))
}

// command is auditlog in a process of its own, in a folder.
func command(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), commandVariable+"=1", "AUDITLOG_EMAIL=me@example.com", "AUDITLOG_TOKEN=secret-token")
	return cmd
}

// result is how a command ended.
type result struct {
	status         int // -1 if it was killed
	stdout, stderr string
}

func run(t *testing.T, cmd *exec.Cmd) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if cmd.Stdout == nil {
		cmd.Stdout = &stdout
	}
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	if strings.Contains(stdout.String()+stderr.String(), "secret-token") {
		t.Errorf("the token is printed: %s", stderr.String())
	}
	return result{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// ends runs a command that must end with a status.
func ends(t *testing.T, status int, cmd *exec.Cmd) result {
	t.Helper()
	r := run(t, cmd)
	if r.status != status {
		t.Fatalf("%v ended with status %d, want %d\n%s", cmd.Args[1:], r.status, status, r.stderr)
	}
	return r
}

func startMock(t *testing.T, product string, opts ...mock.Option) *mock.Server {
	t.Helper()
	serve := mock.Confluence
	if product == "jira" {
		serve = mock.Jira
	}
	s, err := serve(opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// served returns all records of a server up to a time, by the plain listing of the generated
// client, in the form of sortedLines.
func served(t *testing.T, product, site string, until time.Time) (all []string) {
	t.Helper()
	add := func(raw []byte, err error) {
		var odd *rest.RecordError
		if err != nil && !errors.As(err, &odd) {
			t.Fatal(err)
		}
		all = append(all, string(audit.Canonical(raw)))
	}
	auth := rest.WithBasicAuth("me@example.com", "x")
	if product == "jira" {
		c, err := jira.NewClient(site, auth)
		if err != nil {
			t.Fatal(err)
		}
		for r, err := range c.AllAuditRecords(t.Context(), &jira.GetAuditRecordsParams{To: until}) {
			add(r.JSON.Raw(), err)
		}
	} else {
		c, err := confluence.NewClient(site, auth)
		if err != nil {
			t.Fatal(err)
		}
		for r, err := range c.AllAuditRecords(t.Context(), &confluence.GetAuditRecordsParams{EndDate: until}) {
			add(r.JSON.Raw(), err)
		}
	}
	slices.Sort(all)
	return all
}

// sortedLines returns the records in a file of NDJSON. member is where a line has its record, empty
// for the whole line. A torn line is an error.
func sortedLines(t *testing.T, path, member string) (all []string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(data) > 0 && !bytes.HasSuffix(data, []byte("\n")) {
		t.Errorf("%s ends with a torn line", filepath.Base(path))
	}
	for line := range bytes.Lines(data) {
		if !json.Valid(line) {
			t.Fatalf("%s has the line %q", filepath.Base(path), line)
		}
		if member != "" {
			var members map[string]json.RawMessage
			if err := json.Unmarshal(line, &members); err != nil {
				t.Fatal(err)
			}
			line = members[member]
		}
		all = append(all, string(audit.Canonical(line)))
	}
	slices.Sort(all)
	return all
}

// same compares sets with multiplicity.
func same(t *testing.T, what string, want, got []string) {
	t.Helper()
	if slices.Equal(want, got) {
		return
	}
	t.Errorf("%s: %d records, want %d (-want +got)\n%.3000s", what, len(got), len(want), cmp.Diff(want, got))
}

// changed is a server in front of a mock that changes its answers.
func changed(t *testing.T, s *mock.Server, change func(http.ResponseWriter, *http.Request, http.Handler)) string {
	t.Helper()
	return serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { change(w, r, s.Handler()) }))
}
