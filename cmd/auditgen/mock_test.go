package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generated/confluence"
	"github.com/seed-1954497d/auditgen/generated/jira"
	"github.com/seed-1954497d/auditgen/generated/rest"
)

// asProgram is set where the test binary is to be auditgen.
const asProgram = "AUDITGEN_TEST_AS_PROGRAM"

// running is auditgen mock in a process of its own.
type running struct {
	cmd    *exec.Cmd
	url    string
	lines  []string // what it printed when it started
	stderr *bytes.Buffer
}

func startMock(t *testing.T, args ...string) *running {
	t.Helper()
	r := &running{cmd: exec.Command(os.Args[0], append([]string{"mock"}, args...)...), stderr: &bytes.Buffer{}}
	r.cmd.Env = append(os.Environ(), asProgram+"=1")
	r.cmd.Dir = t.TempDir()
	r.cmd.Stderr = r.stderr
	stdout, err := r.cmd.StdoutPipe()
	if err == nil {
		err = r.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.cmd.Process.Kill() }) // it has ended already, unless the test failed
	for in := bufio.NewScanner(stdout); in.Scan(); {
		r.lines = append(r.lines, in.Text())
		if strings.Contains(in.Text(), "auditing/record") {
			break
		}
	}
	if len(r.lines) == 0 {
		t.Fatalf("it printed nothing: %v: %s", r.cmd.Wait(), r.stderr)
	}
	r.url = r.lines[0][strings.LastIndex(r.lines[0], " ")+1:]
	return r
}

// interrupt ends it as Ctrl-C does, and returns its exit status.
func (r *running) interrupt(t *testing.T) int {
	t.Helper()
	if err := r.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	err := r.cmd.Wait()
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		t.Fatal(err)
	}
	return r.cmd.ProcessState.ExitCode()
}

func TestTheMockServesUntilItIsInterrupted(t *testing.T) {
	r := startMock(t, "--records", "30", "--seed", "4")
	want := []string{
		"Serving, until it is interrupted (Ctrl-C), at URL",
		"  Confluence Cloud audit log",
		"  Jira Cloud audit log",
		"Try:",
		"  curl -s -u me@example.com:token 'URL/wiki/rest/api/audit?limit=2'",
		"  curl -s -u me@example.com:token 'URL/rest/api/3/auditing/record?limit=2'",
	}
	if diff := cmp.Diff(want, strings.Split(strings.ReplaceAll(strings.Join(r.lines, "\n"), r.url, "URL"), "\n")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	tryInAMinute(t, r.url)
	if status := r.interrupt(t); status != done {
		t.Errorf("exit %d, want %d", status, done)
	}
	log := `GET /wiki/rest/api/audit?endDate=N&start=0&limit=20 200 T
GET /wiki/rest/api/audit?endDate=N&start=20&limit=20 200 T
POST /wiki/rest/api/audit 200 T
GET /wiki/rest/api/audit?searchString=tried%20THE%20mock 200 T
GET /wiki/rest/api/audit/export 200 T
GET /rest/api/3/auditing/record 200 T
`
	got := regexp.MustCompile(`endDate=\d+`).ReplaceAllString(r.stderr.String(), "endDate=N")
	got = regexp.MustCompile(`(?m) [0-9.]+m?s$`).ReplaceAllString(got, " T")
	if diff := cmp.Diff(log, got); diff != "" {
		t.Errorf("log (-want +got)\n%s", diff)
	}
}

// tryInAMinute lists, pages, creates and exports. The README's own lines are run in golden/readme.
func tryInAMinute(t *testing.T, url string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c, err := confluence.NewClient(url, rest.WithBasicAuth("me@example.com", "token"))
	if err != nil {
		t.Fatal(err)
	}
	limit, n := int64(20), 0
	for _, err := range c.AllAuditRecords(ctx, &confluence.GetAuditRecordsParams{Limit: &limit}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 30 {
		t.Errorf("the Confluence log has %d records, want 30", n)
	}
	made := confluence.CreateAuditRecordRequest{RemoteAddress: "198.51.100.7", Summary: "Tried the mock"}
	if _, err := c.CreateAuditRecord(ctx, made); err != nil {
		t.Fatal(err)
	}
	found, err := c.GetAuditRecords(ctx, &confluence.GetAuditRecordsParams{SearchString: "tried THE mock"})
	if err != nil || len(found.Results) != 1 {
		t.Fatalf("the record that was created was found %d times (%v), want once", len(found.Results), err)
	}
	file, err := c.ExportAuditRecords(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(file)
	if lines := bytes.Count(data, []byte("\n")); err != nil || lines != 32 {
		t.Errorf("the export has %d lines (%v), want 32: 31 records and a header", lines, err)
	}
	j, err := jira.NewClient(url, rest.WithBearerToken("token"))
	if err != nil {
		t.Fatal(err)
	}
	if page, err := j.GetAuditRecords(ctx, nil); err != nil || len(page.Records) != 30 {
		t.Errorf("the Jira log has %d records (%v), want 30", len(page.Records), err)
	}
}

func TestTheMockListensWhereItIsTold(t *testing.T) {
	cases := map[string]struct {
		args   []string
		stderr string
	}{
		"everywhere": {[]string{"--listen", ":8080"},
			"auditgen mock: --listen :8080: other computers may reach that address: listen at 127.0.0.1, or add --expose if that is meant\nRun 'auditgen mock --help' for how it is used.\n"},
		"no port": {[]string{"--listen", "127.0.0.1"},
			"auditgen mock: --listen 127.0.0.1: write ADDRESS:PORT, such as 127.0.0.1:8080\nRun 'auditgen mock --help' for how it is used.\n"},
		"another computer's address": {[]string{"--listen", "192.0.2.1:0", "--expose"},
			"auditgen mock: warning: whoever reaches 192.0.2.1:0 can use this server: any credentials will do\n" +
				"auditgen: mock: cannot listen at 192.0.2.1:0: it is in use or not an address of this machine: use another address, or port 0 for any free port\n"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			status := run(append([]string{"mock", "--api", "jira"}, c.args...), nil, &stdout, &stderr)
			if diff := cmp.Diff(c.stderr, stderr.String()); status != trouble || diff != "" {
				t.Errorf("exit %d, want %d; standard error (-want +got)\n%s", status, trouble, diff)
			}
		})
	}
}

func TestAMockWhoseAddressNobodyHearsOfEnds(t *testing.T) {
	var stderr bytes.Buffer
	status := run([]string{"mock"}, nil, &failingWriter{}, &stderr)
	if want := "auditgen: cannot write to standard output: no space left on device\n"; status != trouble || stderr.String() != want {
		t.Errorf("exit %d, standard error %q, want %d and %q", status, &stderr, trouble, want)
	}
}

func TestTheMockKnowsItsFaults(t *testing.T) {
	known := "rate-limit, unavailable, latency, truncate, growing, expired, free-plan, shrinking"
	for fault, want := range map[string]string{
		"slow=0.5":         `--fault: unknown fault "slow": use one of ` + known,
		"rate-limt=0.5":    `--fault: unknown fault "rate-limt": did you mean rate-limit?`,
		"latency":          "--fault latency: write NAME=RATE, such as rate-limit=0.1",
		"latency=often":    "--fault latency=often: write NAME=RATE, such as rate-limit=0.1",
		"latency=1.5":      "--fault: fault latency: 1.5 is not a rate: give a number from 0 (never) to 1 (always)",
		"rate-limit=NaN":   "--fault: fault rate-limit: NaN is not a rate: give a number from 0 (never) to 1 (always)",
		"free-plan=-0.001": "--fault: fault free-plan: -0.001 is not a rate: give a number from 0 (never) to 1 (always)",
	} {
		var stdout, stderr bytes.Buffer
		status := run([]string{"mock", "--fault", fault}, nil, &stdout, &stderr)
		if got, _, _ := strings.Cut(stderr.String(), "\n"); status != trouble || got != "auditgen mock: "+want {
			t.Errorf("exit %d\n got %s\nwant %s", status, got, "auditgen mock: "+want)
		}
	}
}

func TestTheFlagsOfTheMockMakeALogHardToFollow(t *testing.T) {
	r := startMock(t, "--records", "1000", "--skew", "-2h", "--burst", "250", "--odd", "1", "--late", "1h", "--streams", "--fault", "growing=1", "--fault", "shrinking=1", "--quiet")
	c, err := confluence.NewClient(r.url, rest.WithBearerToken("x"))
	if err != nil {
		t.Fatal(err)
	}
	var answer rest.Response
	page, err := c.GetAuditRecords(t.Context(), nil, rest.WithResponse(&answer))
	if err != nil {
		t.Fatal(err)
	}
	date, err := time.Parse(time.RFC1123, answer.Header.Get("Date"))
	if behind := time.Since(date); err != nil || behind < 119*time.Minute || behind > 121*time.Minute {
		t.Errorf("Date is %v, %v", answer.Header.Get("Date"), err)
	}
	times, odd := map[time.Time]int{}, 0
	for i := range page.Results {
		if record := &page.Results[i]; len(record.JSON.Problems()) > 0 {
			odd++
			times[record.CreationDate]++
		}
	}
	if n := len(page.Results); odd != n || n == 1000 || len(times) > 20 {
		t.Errorf("of %d records, %d are odd, and they have %d times", n, odd, len(times))
	}
	if status := r.interrupt(t); status != done || r.stderr.Len() > 0 {
		t.Errorf("exit %d: %s", status, r.stderr)
	}
	for flag, want := range map[string]string{
		"--late=-1s": "auditgen: mock: records that are -1s late: give a duration that is not negative\n",
		"--burst=-1": "auditgen: mock: bursts of -1 records: give a number from 1 to 100000\n",
		"--odd=2":    "auditgen: mock: a share of 2 odd records: give a number from 0 (none) to 1 (all)\n",
	} {
		var stdout, stderr bytes.Buffer
		if status := run([]string{"mock", flag}, nil, &stdout, &stderr); status != trouble || stderr.String() != want {
			t.Errorf("%s: exit %d: %s", flag, status, &stderr)
		}
	}
}

func TestTheMockRefusesDocumentsThatHaveTheSameOperation(t *testing.T) {
	t.Chdir(t.TempDir())
	writeFile(t, "a.yaml", []byte("openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths: {/things: {get: {operationId: getThings, responses: {'204': {description: done}}}}}\n"))
	writeFile(t, "auditgen.yaml", []byte("packages:\n  - {package: a, out: ./a, sources: [{kind: openapi, path: a.yaml}]}\n  - {package: b, out: ./b, sources: [{kind: openapi, path: a.yaml}]}\n"))
	var stdout, stderr bytes.Buffer
	status := run([]string{"mock"}, nil, &stdout, &stderr)
	if want := "auditgen: mock: two documents have GET /things: serve one of them at a time\n"; status != trouble || stderr.String() != want {
		t.Errorf("exit %d\n got %s\nwant %s", status, &stderr, want)
	}
}
