package main

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-1954497d/auditgen/mock"
)

func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

// exportOf is an export to out in the current folder, which needs no waiting.
func exportOf(t *testing.T, dir, product, site string, more ...string) *exec.Cmd {
	t.Helper()
	return command(t, dir, append([]string{"export", "--product", product, "--site", site, "--output", "out", "--lag", "0s"}, more...)...)
}

// passed returns a time for --to: all exports before this moment end before it.
func passed() time.Time { return time.Now().Add(-2 * time.Second).UTC().Truncate(time.Millisecond) }

func toFlag(t time.Time) []string { return []string{"--to", t.Format(time.RFC3339Nano)} }

func TestAnExportHasEveryRecordOnceAndLaterRunsAddWhatIsNew(t *testing.T) {
	for _, product := range []string{"confluence", "jira"} {
		t.Run(product, func(t *testing.T) {
			dir, s := t.TempDir(), startMock(t, product, mock.WithRecords(3000))
			r := ends(t, done, exportOf(t, dir, product, s.URL, "--from", "2020-01-01"))
			if !strings.Contains(r.stderr, "auditlog: 3,000 records written") {
				t.Errorf("got %s", r.stderr)
			}
			s.SetScript(mock.InOrder(mock.Grown(5)))
			ends(t, done, exportOf(t, dir, product, s.URL))
			time.Sleep(3 * time.Second) // the new records are younger than the end of that run
			until := passed()
			r = ends(t, done, exportOf(t, dir, product, s.URL, toFlag(until)...))
			if !strings.Contains(r.stderr, "auditlog: 5 records written") {
				t.Errorf("got %s", r.stderr)
			}
			same(t, "output", served(t, product, s.URL, until), sortedLines(t, filepath.Join(dir, "out"), ""))
		})
	}
}

func TestSinceAndToBoundAnExport(t *testing.T) {
	dir, s := t.TempDir(), startMock(t, "jira", mock.WithRecords(3000))
	until := time.Now().AddDate(0, 0, -10).UTC().Truncate(time.Millisecond)
	ends(t, done, exportOf(t, dir, "jira", s.URL, append(toFlag(until), "--since", "20d")...))
	before := served(t, "jira", s.URL, time.Now().Add(-20*24*time.Hour))
	want := slices.DeleteFunc(served(t, "jira", s.URL, until), func(r string) bool {
		_, old := slices.BinarySearch(before, r)
		return old
	})
	same(t, "output", want, sortedLines(t, filepath.Join(dir, "out"), ""))
	r := ends(t, usage, exportOf(t, dir, "jira", s.URL, toFlag(time.Now().Add(time.Hour))...))
	if !strings.Contains(r.stderr, "it has not passed yet: leave it out, or use auditlog follow") {
		t.Errorf("got %s", r.stderr)
	}
}

func TestCSVOfAWholeLogHasARowForEachRecord(t *testing.T) {
	dir, s := t.TempDir(), startMock(t, "confluence", mock.WithRecords(2500))
	ends(t, done, exportOf(t, dir, "confluence", s.URL, "--format", "csv"))
	data, err := os.ReadFile(filepath.Join(dir, "out"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff")))).ReadAll()
	if err != nil || len(rows) != 2501 || bytes.Count(data, []byte("\n")) != 2501 {
		t.Errorf("%d rows, %d lines, %v", len(rows), bytes.Count(data, []byte("\n")), err)
	}
	ids := map[string]bool{}
	for _, row := range rows {
		ids[row[len(row)-1]] = true
	}
	if len(ids) != len(rows) {
		t.Errorf("%d different ids in %d rows: equal records have ids of their own", len(ids), len(rows))
	}
}

// TestAFileForEachDayGoesOnWhereTheLastOneEnds kills a run, and goes on in another file.
func TestAFileForEachDayGoesOnWhereTheLastOneEnds(t *testing.T) {
	dir, s := t.TempDir(), startMock(t, "confluence", mock.WithRecords(6000))
	day := func(name string, more ...string) *exec.Cmd {
		return command(t, dir, append([]string{"export", "--product", "confluence", "--site", s.URL, "--lag", "0s", "--state", "state", "--output", name}, more...)...)
	}
	killedAfter(t, day("monday"), 300*time.Millisecond)
	killedAfter(t, day("tuesday"), 500*time.Millisecond)
	until := passed()
	ends(t, done, day("wednesday", toFlag(until)...))
	var got []string
	for _, name := range []string{"monday", "tuesday", "wednesday"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			got = append(got, sortedLines(t, filepath.Join(dir, name), "")...)
		}
	}
	slices.Sort(got)
	same(t, "three files", served(t, "confluence", s.URL, until), got)

	if err := os.Remove(filepath.Join(dir, "wednesday")); err != nil { // somebody archives it
		t.Fatal(err)
	}
	r := ends(t, done, day("thursday"))
	if !strings.Contains(r.stderr, "auditlog: 0 records written") {
		t.Errorf("got %s", r.stderr)
	}
}

func TestRecordsWithProblemsAreWrittenCountedAndCopied(t *testing.T) {
	s := startMock(t, "confluence", mock.WithRecords(2500))
	site := changed(t, s, func(w http.ResponseWriter, r *http.Request, honest http.Handler) {
		seen := httptest.NewRecorder()
		honest.ServeHTTP(seen, r)
		body := bytes.ReplaceAll(seen.Body.Bytes(), []byte(`"sysAdmin":true`), []byte(`"sysAdmin":"yes"`))
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(seen.Code)
		_, _ = w.Write(body)
	})
	dir, until := t.TempDir(), passed()
	killedAfter(t, exportOf(t, dir, "confluence", site, "--dead-letter", "dead"), 200*time.Millisecond)
	r := ends(t, done, exportOf(t, dir, "confluence", site, append(toFlag(until), "--dead-letter", "dead")...))
	want := served(t, "confluence", site, until)
	same(t, "output", want, sortedLines(t, filepath.Join(dir, "out"), ""))
	odd := slices.DeleteFunc(want, func(r string) bool { return !strings.Contains(r, `"sysAdmin":"yes"`) })
	same(t, "dead letters", odd, sortedLines(t, filepath.Join(dir, "dead"), "record"))
	data, err := os.ReadFile(filepath.Join(dir, "dead"))
	const problem = `{"problems":[{"path":"sysAdmin","want":"boolean","got":"string"}],"record":{`
	if err != nil || !strings.HasPrefix(string(data), problem) {
		t.Errorf("got %.200s, want %s, %v", data, problem, err)
	}
	if !strings.Contains(r.stderr, "with values of other types than documented") {
		t.Errorf("got %s", r.stderr)
	}
	r = ends(t, usage, exportOf(t, dir, "confluence", site))
	if !strings.Contains(r.stderr, "the run before had --dead-letter") {
		t.Errorf("got %s", r.stderr)
	}
}

// TestClocksThatStepBackLoseAndRepeatNothing has a clock of the site that steps back and forth, and
// our own an hour behind in the second run.
func TestClocksThatStepBackLoseAndRepeatNothing(t *testing.T) {
	s := startMock(t, "confluence", mock.WithRecords(5000), mock.WithFaults(mock.Faults{Growing: 0.3}))
	var n atomic.Int64
	site := changed(t, s, func(w http.ResponseWriter, r *http.Request, honest http.Handler) {
		if n.Add(1)%3 == 0 {
			w.Header().Set("Date", time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat))
		}
		honest.ServeHTTP(w, r)
	})
	dir := t.TempDir()
	ends(t, done, exportOf(t, dir, "confluence", site))
	back := exportOf(t, dir, "confluence", site)
	back.Env = append(back.Env, shiftVariable+"=-1h")
	ends(t, done, back)
	s.SetFaults(mock.Faults{})
	until := passed()
	ends(t, done, exportOf(t, dir, "confluence", s.URL, append(toFlag(until), "--state", "other", "--output", "fresh")...))
	n.Store(0) // the next answer has the right time
	last := exportOf(t, dir, "confluence", site, toFlag(until)...)
	last.Env = append(last.Env, shiftVariable+"=-1h")
	ends(t, done, last)
	want := served(t, "confluence", s.URL, until)
	same(t, "output", want, sortedLines(t, filepath.Join(dir, "out"), ""))
	same(t, "fresh output", want, sortedLines(t, filepath.Join(dir, "fresh"), ""))
}

func TestProgressIsPlainLinesWithoutATerminal(t *testing.T) {
	dir, s := t.TempDir(), startMock(t, "jira", mock.WithRecords(1200))
	s.SetScript(mock.InOrder(mock.Unavailable()))
	r := ends(t, done, exportOf(t, dir, "jira", s.URL))
	lines := strings.Split(strings.TrimSpace(r.stderr), "\n")
	if len(lines) != 2 || !strings.HasPrefix(lines[0], "auditlog: GET /rest/api/3/auditing/record: 503 Service Unavailable: trying again in ") || !strings.HasPrefix(lines[1], "auditlog: 1,200 records written") {
		t.Errorf("got %s", r.stderr)
	}
	if r := ends(t, done, exportOf(t, dir, "jira", s.URL, "--quiet")); r.stderr != "" {
		t.Errorf("--quiet prints %s", r.stderr)
	}
}

func TestStandardOutputIsAStream(t *testing.T) {
	s := startMock(t, "jira", mock.WithRecords(2100))
	dir, until := t.TempDir(), passed()
	args := append([]string{"export", "--product", "jira", "--site", s.URL, "--lag", "0s", "--envelope", "--state", "state"}, toFlag(until)...)
	r := ends(t, done, command(t, dir, args...))
	if err := os.WriteFile(filepath.Join(dir, "got"), []byte(r.stdout), 0o600); err != nil {
		t.Fatal(err)
	}
	same(t, "output", served(t, "jira", s.URL, until), sortedLines(t, filepath.Join(dir, "got"), "raw"))
	if r := ends(t, done, command(t, dir, args...)); r.stdout != "" {
		t.Errorf("a second run prints %.100s", r.stdout)
	}
}
