package main

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/seed-1954497d/auditgen/generated/rest"
	"github.com/seed-1954497d/auditgen/mock"
)

// command is the command in a process of its own, in a folder.
func command(dir string, args ...string) *exec.Cmd {
	path := os.Args[0]
	if *program != "" {
		path = *program
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), commandVariable+"=1", "ATLASSIAN_EMAIL=me@example.com", "ATLASSIAN_TOKEN=secret-token")
	return cmd
}

// configured writes a configuration with inputs and the rest of it into a new folder.
func configured(t *testing.T, rest string, inputs ...string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "checkpoints"), 0o755); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("http: {enabled: false}\ninput:\n  broker:\n    inputs:\n")
	for _, input := range inputs {
		b.WriteString("      - " + strings.ReplaceAll(strings.TrimSpace(input), "\n", "\n        ") + "\n")
	}
	b.WriteString("cache_resources:\n  - label: checkpoints\n    file: {directory: checkpoints}\n" + rest)
	if err := os.WriteFile(filepath.Join(dir, "pipeline.yaml"), []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// fromEnvironment has the credentials of an input in the environment.
func fromEnvironment() []string {
	return []string{`email: "${ATLASSIAN_EMAIL}"`, `token: "${ATLASSIAN_TOKEN}"`}
}

// finished runs a pipeline until all inputs have delivered everything up to now, and ends it.
func finished(t *testing.T, dir string, inputs int) {
	t.Helper()
	cmd := command(dir, "run", "pipeline.yaml")
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	now := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() }) // it may have ended
	logged := func() string {
		text, err := os.ReadFile(log.Name())
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	waitFor(t, func() bool {
		if text := logged(); strings.Count(text, "level=error") > 1000 {
			t.Fatalf("the pipeline cannot go on: %.3000s", text)
		}
		return delivered(dir, now) == inputs
	})
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("the pipeline ended with %v: %s", err, logged())
	}
	if text := logged(); strings.Contains(text, "secret-token") {
		t.Errorf("the log has the token: %s", text)
	}
}

// delivered counts the checkpoints in a folder that say that everything up to a time was delivered.
func delivered(dir string, until time.Time) int {
	names, _ := filepath.Glob(filepath.Join(dir, "checkpoints", "*"))
	keys := map[string]bool{}
	for _, name := range names {
		var saved struct{ Checkpoint rest.Checkpoint }
		text, err := os.ReadFile(name)
		if err == nil && json.Unmarshal(text, &saved) == nil && saved.Checkpoint.Time().After(until) {
			keys[strings.TrimRight(name, "01")] = true
		}
	}
	return len(keys)
}

// TestAPipelineWritesEveryRecordOnce copies the logs of two sites into files.
func TestAPipelineWritesEveryRecordOnce(t *testing.T) {
	t.Parallel()
	sites := map[string]*mock.Server{}
	var inputs []string
	for _, product := range []string{"confluence", "jira"} {
		sites[product] = startMock(t, product, mock.WithRecords(3000))
		inputs = append(inputs, inputOf(product, sites[product].URL, fromEnvironment()...))
	}
	dir := configured(t, "output:\n  file:\n    path: ${! @product }.ndjson\n    codec: lines\n", inputs...)
	finished(t, dir, len(inputs))
	sites["jira"].SetScript(mock.InOrder(nil, mock.Grown(5)))
	finished(t, dir, len(inputs))
	for product, s := range sites {
		text, err := os.ReadFile(filepath.Join(dir, product+".ndjson"))
		if err != nil {
			t.Fatal(err)
		}
		same(t, product, served(t, product, s.URL), strings.Split(strings.TrimSuffix(string(text), "\n"), "\n"))
	}
}

// killedOutput is an output of the engine, and how to read what killed pipelines left there.
type killedOutput struct {
	product, config string
	stamp           func(dir string) int64 // changes when something was written
	read            func(t *testing.T, dir string, kills int) []string
}

// A record that the file output appends is there again if a kill came before its acknowledgement,
// so lines carry the id. A file for each id is replaced then.
var killedOutputs = map[string]killedOutput{
	"lines with ids": {"confluence", `
pipeline:
  processors:
    - mapping: |
        root = {"id": @id, "record": content().string()}
output:
  file: {path: out, codec: lines}
`, func(dir string) int64 {
		info, err := os.Stat(filepath.Join(dir, "out"))
		if err != nil {
			return 0
		}
		return info.Size()
	}, readLines},
	"a file for each id": {"jira", `
output:
  file:
    path: out/${! @id }
    codec: all-bytes
`, func(dir string) int64 {
		info, err := os.Stat(filepath.Join(dir, "out"))
		if err != nil {
			return 0
		}
		return info.ModTime().UnixNano()
	}, readFiles},
}

// TestAPipelineKilledAnywhereLosesNothing kills pipelines at random moments, from a site with all
// faults.
func TestAPipelineKilledAnywhereLosesNothing(t *testing.T) {
	t.Parallel()
	kills, records := 6, 8_000
	if *long {
		kills, records = 200, 200_000
	}
	faults := mock.Faults{RateLimit: 0.005, Unavailable: 0.01, Latency: 0.05, Truncate: 0.03, Growing: 0.3, Expired: 0.002, FreePlan: 0.002}
	for name, out := range killedOutputs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startMock(t, out.product, mock.WithRecords(records), mock.WithFaults(faults))
			dir := configured(t, out.config, inputOf(out.product, s.URL, fromEnvironment()...))
			within := 0
			for n := range kills {
				if killed(t, dir, n%2 == 0, out.stamp) {
					within++
				}
			}
			t.Logf("%d pipelines were killed, %d of them after they had written something", kills, within)
			s.SetFaults(mock.Faults{})
			finished(t, dir, 1)
			same(t, "output", served(t, out.product, s.URL), out.read(t, dir, kills))
		})
	}
}

// killed runs a pipeline and kills it at a random moment: early from its start, else after it has
// begun to write. It reports whether it had written something.
func killed(t *testing.T, dir string, early bool, stamp func(string) int64) bool {
	t.Helper()
	before := stamp(dir)
	cmd := command(dir, "run", "pipeline.yaml")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	for !early && stamp(dir) == before && time.Since(begun) < 5*time.Second { // there may be nothing new
		time.Sleep(time.Millisecond)
	}
	time.Sleep(rand.N(300 * time.Millisecond))
	if err := cmd.Process.Kill(); err != nil {
		t.Fatalf("the pipeline has ended: %v", err)
	}
	_ = cmd.Wait() // it was killed
	return stamp(dir) != before
}

// readLines returns the records of a file without those that came again. A kill may leave a torn
// line.
func readLines(t *testing.T, dir string, kills int) (records []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "out"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	torn, again := 0, 0
	const start = `{"id":"`
	for _, value := range strings.Split(string(text), start)[1:] {
		var line struct{ ID, Record string }
		switch err := json.NewDecoder(strings.NewReader(start + value)).Decode(&line); {
		case err != nil:
			torn++
		case seen[line.ID]:
			again++
		default:
			seen[line.ID] = true
			records = append(records, line.Record)
		}
	}
	if torn > kills || again > kills*1000 {
		t.Errorf("%d lines are torn and %d came again after %d kills and batches of 1000", torn, again, kills)
	}
	t.Logf("%d lines are torn, %d came again", torn, again)
	return records
}

// readFiles returns the records of a folder.
func readFiles(t *testing.T, dir string, _ int) (records []string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "out", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, string(text))
	}
	return records
}

// prints runs the command and returns what it prints.
func prints(t *testing.T, dir string, args ...string) string {
	t.Helper()
	out, err := command(dir, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return string(out)
}

// TestTheEngineChecksAndPrintsConfigurations runs the commands of the engine that read one.
func TestTheEngineChecksAndPrintsConfigurations(t *testing.T) {
	t.Parallel()
	dir := configured(t, "output: {drop: {}}\n", inputOf("jira", "https://example.atlassian.net", fromEnvironment()...))
	prints(t, dir, "lint", "pipeline.yaml")
	if text := prints(t, dir, "echo", "pipeline.yaml"); strings.Contains(text, "secret-token") || !strings.Contains(text, "!!!SECRET_SCRUBBED!!!") {
		t.Errorf("echo prints the token, or nothing: %s", text)
	}
	if text := prints(t, dir, "create", "atlassian_audit"); !strings.Contains(text, "interval: 1m") {
		t.Errorf("create prints %s", text)
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	prints(t, here, "lint", "README.md") // its examples
	wrong := configured(t, "output: {drop: {}}\n", inputOf("bitbucket", "https://example.atlassian.net"))
	if out, err := command(wrong, "lint", "pipeline.yaml").CombinedOutput(); err == nil || !bytes.Contains(out, []byte("value bitbucket is not a valid option for this field")) {
		t.Errorf("lint says %s, %v", out, err)
	}
	unset := command(dir, "run", "pipeline.yaml")
	unset.Env = slices.DeleteFunc(unset.Env, func(v string) bool { return strings.HasPrefix(v, "ATLASSIAN_TOKEN=") })
	if out, err := unset.CombinedOutput(); err == nil || !bytes.Contains(out, []byte("ATLASSIAN_TOKEN")) {
		t.Errorf("without ATLASSIAN_TOKEN it says %s, %v", out, err)
	}
}
