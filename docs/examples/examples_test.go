// Package examples_test runs the example programs against the mock.
package examples_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seed-1954497d/auditgen/internal/compiled"
	"github.com/seed-1954497d/auditgen/mock"
)

var programs = []string{"nightly", "poll", "permissions", "logging"}

const mainFile = `package main

import (
	"os"

	"github.com/seed-1954497d/auditgen/docs/examples/program/logging"
	"github.com/seed-1954497d/auditgen/docs/examples/program/nightly"
	"github.com/seed-1954497d/auditgen/docs/examples/program/permissions"
	"github.com/seed-1954497d/auditgen/docs/examples/program/poll"
)

func main() {
	map[string]func(){"logging": logging.Main, "nightly": nightly.Main, "poll": poll.Main, "permissions": permissions.Main}[os.Args[1]]()
}
`

// program is all programs in one, because linking takes most of the time. Its argument is the name
// of one.
var program string

func TestMain(m *testing.M) {
	os.Exit(compiled.Main(m, func(dir string) (err error) {
		program, err = built(dir)
		return err
	}))
}

func built(dir string) (string, error) {
	files := map[string]string{"program/main.go": mainFile}
	for _, name := range programs {
		text, err := os.ReadFile(filepath.Join(name, "main.go"))
		if err != nil {
			return "", err
		}
		files["program/"+name+"/main.go"] = strings.NewReplacer("\npackage main\n", "\npackage "+name+"\n", "\nfunc main() {", "\nfunc Main() {").Replace(string(text))
	}
	return compiled.Build(dir, "./program", files)
}

// command returns a command that runs a program in a folder of its own.
func command(t *testing.T, name string) func(ctx context.Context, s *mock.Server) *exec.Cmd {
	t.Helper()
	dir := t.TempDir()
	return func(ctx context.Context, s *mock.Server) *exec.Cmd {
		cmd := exec.CommandContext(ctx, program, name)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "SITE="+s.URL, "EMAIL=you@example.com", "API_TOKEN=api-token")
		return cmd
	}
}

func serve(t *testing.T, product func(...mock.Option) (*mock.Server, error), opts ...mock.Option) *mock.Server {
	t.Helper()
	s, err := product(opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func TestProgramsAreShort(t *testing.T) {
	for _, name := range programs {
		text, err := os.ReadFile(filepath.Join(name, "main.go"))
		if n := bytes.Count(text, []byte("\n")); err != nil || n >= 60 {
			t.Errorf("%s has %d lines, %v", name, n, err)
		}
	}
}

func TestNightlyWritesEveryRecordOnce(t *testing.T) {
	s := serve(t, mock.Confluence, mock.WithRecords(2500))
	run := command(t, "nightly")
	for night := range 2 {
		cmd := run(t.Context(), s)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("night %d: %v\n%s", night, err, out)
		}
		text, err := os.ReadFile(filepath.Join(cmd.Dir, "audit.ndjson"))
		lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
		if err != nil || len(lines) != 2500 {
			t.Errorf("night %d: %d lines of 2500, %v", night, len(lines), err)
		}
	}
}

func TestPollPrintsRecordsUntilItIsStopped(t *testing.T) {
	s := serve(t, mock.Jira, mock.WithRecords(50))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := command(t, "poll")(ctx, s)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	first := make([]byte, 1)
	if _, err := out.Read(first); err != nil {
		t.Fatalf("nothing was printed: %v", err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("stopped by a signal, it ends with %v", err)
	}
}

func TestPermissionsReadsAWeek(t *testing.T) {
	s := serve(t, mock.Confluence, mock.WithRecords(3000))
	out, err := command(t, "permissions")(t.Context(), s).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		if !strings.Contains(strings.ToLower(line), "permission") {
			t.Errorf("printed %s", line)
		}
	}
}

func TestLoggingLogsEachAttemptWithoutSecrets(t *testing.T) {
	s := serve(t, mock.Confluence, mock.WithRecords(1))
	s.SetScript(func(n int, _ *http.Request) mock.Fault {
		if n == 0 {
			return mock.Answer(http.StatusServiceUnavailable, nil, "")
		}
		return nil
	})
	out, err := command(t, "logging")(t.Context(), s).CombinedOutput()
	if err != nil || bytes.Contains(out, []byte("api-token")) || bytes.Contains(out, []byte("Basic")) {
		t.Fatalf("%v\n%s", err, out)
	}
	var got []string
	for line := range bytes.Lines(out) {
		var l map[string]any
		if err := json.Unmarshal(line, &l); err != nil || l["duration"] == nil {
			t.Fatalf("%v: %s", err, line)
		}
		got = append(got, fmt.Sprint(l["level"], " ", l["request_id"], " ", l["method"], " ", l["path"], " ", l["attempt"], " ", l["status"]))
	}
	want := "WARN r-17 GET /wiki/rest/api/audit 1 503\nDEBUG r-17 GET /wiki/rest/api/audit 2 200"
	if strings.Join(got, "\n") != want {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
}

// The module in otel has dependencies that this one does not have.
func TestTracingIsAModuleThatBuildsAndWorks(t *testing.T) {
	run := func(args ...string) (string, error) {
		cmd := exec.Command("go", args...)
		cmd.Dir, cmd.Env = "otel", append(os.Environ(), "GOFLAGS=-mod=readonly", "GOWORK=off")
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := run("mod", "download"); err != nil {
		t.Skipf("the modules of OpenTelemetry cannot be fetched here: %s", out)
	}
	if out, err := run("test", "./..."); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
