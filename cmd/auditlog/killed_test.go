package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/seed-1954497d/auditgen/mock"
)

// killedAfter starts a command and kills it. It reports whether the command had ended before.
func killedAfter(t *testing.T, cmd *exec.Cmd, d time.Duration) (ended bool) {
	t.Helper()
	return killedWhen(t, cmd, func(<-chan struct{}) { time.Sleep(d) })
}

// killedWhen starts a command and kills it when moment returns, which is told when the command
// ends.
func killedWhen(t *testing.T, cmd *exec.Cmd, moment func(ended <-chan struct{})) (ended bool) {
	t.Helper()
	var printed bytes.Buffer
	cmd.Stdout, cmd.Stderr = &printed, &printed
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	over := make(chan struct{})
	go func() {
		moment(over)
		_ = cmd.Process.Kill() // it may have ended
	}()
	_ = cmd.Wait() // the status says it
	close(over)
	switch status := cmd.ProcessState.ExitCode(); status {
	case -1:
		return false
	case done, refused: // faults can be an expired login
		return true
	default:
		t.Fatalf("%v ended with status %d: %s", cmd.Args[1:], status, printed.String())
		return false
	}
}

// TestAnExportKilledAnywhereHasEveryRecordOnce kills exports at random moments, from a server with
// all faults, and compares what the last one leaves with what the server has.
func TestAnExportKilledAnywhereHasEveryRecordOnce(t *testing.T) {
	kills, records := 8, 12_000
	switch {
	case *long:
		kills, records = 200, 200_000
	case testing.Short():
		kills, records = 4, 4000
	}
	faults := mock.Faults{RateLimit: 0.005, Unavailable: 0.01, Latency: 0.05, Truncate: 0.03, Growing: 0.3, Expired: 0.002, FreePlan: 0.002}
	for _, c := range []struct {
		product, member string
		flags           []string
	}{
		{"confluence", "", nil},
		{"jira", "raw", []string{"--envelope"}},
	} {
		t.Run(c.product, func(t *testing.T) {
			t.Parallel()
			s := startMock(t, c.product, mock.WithRecords(records), mock.WithFaults(faults))
			dir := t.TempDir()
			killOften(t, kills, filepath.Join(dir, "out"), func() *exec.Cmd { return exportOf(t, dir, c.product, s.URL, c.flags...) })
			s.SetFaults(mock.Faults{})
			until := passed()
			ends(t, done, exportOf(t, dir, c.product, s.URL, append(toFlag(until), c.flags...)...))
			same(t, "output", served(t, c.product, s.URL, until), sortedLines(t, filepath.Join(dir, "out"), c.member))
		})
	}
}

// killOften starts a command until so many of its runs were killed: every second one at a random
// moment from its start, the others at a random moment after the output has begun to grow.
func killOften(t *testing.T, kills int, out string, command func() *exec.Cmd) {
	t.Helper()
	killed, within, ended := 0, 0, 0
	for killed < kills {
		before := sizeOf(out)
		early := killed%2 == 0
		if killedWhen(t, command(), func(ended <-chan struct{}) {
			for !early && sizeOf(out) == before {
				select {
				case <-ended:
					return
				case <-time.After(time.Millisecond):
				}
			}
			time.Sleep(rand.N(100 * time.Millisecond))
		}) {
			ended++
			continue
		}
		killed++
		if sizeOf(out) > before {
			within++
		}
	}
	t.Logf("%d runs were killed, %d of them after they had written something; %d had ended before", killed, within, ended)
}

func sizeOf(path string) int {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return int(info.Size())
}

// TestSIGTERMFinishesTheBatch interrupts an export in the middle. Nothing follows the state in the
// output then.
func TestSIGTERMFinishesTheBatch(t *testing.T) {
	for name, sig := range map[string]os.Signal{"SIGTERM": syscall.SIGTERM, "SIGINT": os.Interrupt} {
		t.Run(name, func(t *testing.T) {
			s := startMock(t, "confluence", mock.WithRecords(8000), mock.WithFaults(mock.Faults{Latency: 0.5}))
			dir := t.TempDir()
			out := filepath.Join(dir, "out")
			cmd := exportOf(t, dir, "confluence", s.URL)
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			waitFor(t, func() bool { info, err := os.Stat(out); return err == nil && info.Size() > 0 })
			if err := cmd.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait() // the status says it
			const want = "auditlog: interrupted: everything up to now is saved: run the same command again: it goes on where it stopped\n"
			if status := cmd.ProcessState.ExitCode(); status != interrupted || !strings.HasSuffix(stderr.String(), want) {
				t.Errorf("status %d: %s", status, stderr.String())
			}
			if got := len(sortedLines(t, out, "")); got == 0 || got == 8000 {
				t.Errorf("%d records were written", got)
			}
			data, err := os.ReadFile(out + ".state")
			if err != nil || !strings.Contains(string(data), `"clean":true`) {
				t.Errorf("the state is %s, %v", data, err)
			}
			s.SetFaults(mock.Faults{})
			until := passed()
			ends(t, done, exportOf(t, dir, "confluence", s.URL, toFlag(until)...))
			same(t, "output", served(t, "confluence", s.URL, until), sortedLines(t, out, ""))
		})
	}
}

func waitFor(t *testing.T, there func() bool) {
	t.Helper()
	for !there() {
		if t.Context().Err() != nil {
			t.Fatal("the test has ended")
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// TestAFullDiskLeavesNoTornLine limits the size of files, which fails like a full disk.
func TestAFullDiskLeavesNoTornLine(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("there is no sh")
	}
	s := startMock(t, "jira", mock.WithRecords(6000))
	dir := t.TempDir()
	limited := exportOf(t, dir, "jira", s.URL)
	limited.Args = append([]string{"sh", "-c", `ulimit -f 1000 && exec "$0" "$@"`, os.Args[0]}, limited.Args[1:]...)
	limited.Path, _ = exec.LookPath("sh")
	r := ends(t, unwritable, limited)
	if !strings.Contains(r.stderr, "out: cannot be written: file too large: make it writable or free some space, and run the same command again: it goes on where it stopped") {
		t.Errorf("got %s", r.stderr)
	}
	if n := len(sortedLines(t, filepath.Join(dir, "out"), "")); n == 0 {
		t.Error("nothing was written")
	}
	until := passed()
	ends(t, done, exportOf(t, dir, "jira", s.URL, toFlag(until)...))
	same(t, "output", served(t, "jira", s.URL, until), sortedLines(t, filepath.Join(dir, "out"), ""))
}

func TestADeviceThatIsFullAndAClosedPipeAreReported(t *testing.T) {
	s := startMock(t, "jira", mock.WithRecords(6000))
	if _, err := os.Stat("/dev/full"); err == nil {
		r := ends(t, unwritable, command(t, t.TempDir(), "export", "--product", "jira", "--site", s.URL, "--output", "/dev/full", "--state", "state"))
		if !strings.Contains(r.stderr, "/dev/full: cannot be written: no space left on device") {
			t.Errorf("got %s", r.stderr)
		}
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := command(t, t.TempDir(), "export", "--product", "jira", "--site", s.URL)
	cmd.Stdout = write
	read.Close()
	r := ends(t, unwritable, cmd)
	write.Close()
	if want := "auditlog: standard output: cannot be written: broken pipe: see why its reader has ended, or use --output FILE\n"; !strings.HasSuffix(r.stderr, want) {
		t.Errorf("got %s", r.stderr)
	}
}

func TestADamagedStateIsRefusedAndTheOutputStaysAsItIs(t *testing.T) {
	s := startMock(t, "jira", mock.WithRecords(100))
	dir := t.TempDir()
	ends(t, done, exportOf(t, dir, "jira", s.URL))
	before := sortedLines(t, filepath.Join(dir, "out"), "")
	state, err := os.ReadFile(filepath.Join(dir, "out.state"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "out.state"), state[:len(state)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	r := ends(t, usage, exportOf(t, dir, "jira", s.URL))
	if !strings.Contains(r.stderr, "out.state: the state is damaged or was edited: restore it from a backup, or start again with another --state and --output") {
		t.Errorf("got %s", r.stderr)
	}
	if !slices.Equal(before, sortedLines(t, filepath.Join(dir, "out"), "")) {
		t.Error("the output has changed")
	}
	if err := os.Remove(filepath.Join(dir, "out.state")); err != nil {
		t.Fatal(err)
	}
	r = ends(t, usage, exportOf(t, dir, "jira", s.URL))
	if !strings.Contains(r.stderr, "out: it exists, and no state says how much of it is complete") {
		t.Errorf("got %s", r.stderr)
	}
}

func TestAStateThatCannotBeSavedEndsTheRun(t *testing.T) {
	s := startMock(t, "jira", mock.WithRecords(100))
	dir := t.TempDir()
	inTheWay := filepath.Join(dir, "out.state.tmp", "x")
	if err := os.MkdirAll(inTheWay, 0o755); err != nil {
		t.Fatal(err)
	}
	r := ends(t, unwritable, exportOf(t, dir, "jira", s.URL))
	if !strings.Contains(r.stderr, "out.state: the state cannot be saved: ") || sizeOf(filepath.Join(dir, "out")) != 0 {
		t.Errorf("got %s", r.stderr)
	}
	if err := os.RemoveAll(filepath.Dir(inTheWay)); err != nil {
		t.Fatal(err)
	}
	ends(t, done, exportOf(t, dir, "jira", s.URL))
}
