package main

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/cmd/auditgen/internal/output"
)

// killAt is in the environment of a test that is started again to be killed before a change of the disk.
const killAt = "AUDITGEN_TEST_KILL"

// runToBeKilled runs the stand-in in a process that is there to be killed, and does not come back; elsewhere it does nothing.
func runToBeKilled() {
	at, err := strconv.Atoi(os.Getenv(killAt))
	if err != nil {
		return
	}
	var n atomic.Int32
	p := standIn(strings.NewReader(""), os.Stdout, os.Stderr)
	p.step = func() {
		if int(n.Add(1)) == at {
			self, err := os.FindProcess(os.Getpid())
			if err != nil || self.Kill() != nil {
				os.Exit(3)
			}
			select {}
		}
	}
	os.Exit(p.run(os.Args[1:]))
}

// upstream is a server with one document, of the kind that the stand-in reads.
func upstream(t *testing.T) (address string, set func(text string)) {
	var text atomic.Value
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, text.Load()) }))
	t.Cleanup(server.Close)
	return server.URL + "/doc.txt", func(s string) { text.Store(s) }
}

// downstream is a folder with a configuration of two packages.
func downstream(t *testing.T, dir, address string) {
	t.Helper()
	config := fmt.Sprintf(`packages:
  - package: a
    out: gen/a
    sources: [{kind: page, path: spec/doc.txt, url: %q}]
  - package: b
    out: gen/b
    sources: [{kind: page, path: spec/deep/doc.txt, url: %q}]
`, address, address)
	writeFile(t, filepath.Join(dir, "auditgen.yaml"), []byte(config))
}

// standInRun runs the stand-in and gives what it prints.
func standInRun(t *testing.T, want int, args ...string) string {
	t.Helper()
	var printed bytes.Buffer
	if status := standIn(strings.NewReader(""), &printed, &printed).run(args); status != want {
		t.Errorf("auditgen %s: exit %d, want %d\n%s", strings.Join(args, " "), status, want, &printed)
	}
	return printed.String()
}

// everything gives the files below a folder, and without leftovers those that last when a run is cut off.
func everything(t *testing.T, dir string, leftovers bool) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		data, err := os.ReadFile(name)
		all[filepath.ToSlash(rel)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if !leftovers {
		maps.DeleteFunc(all, func(name, _ string) bool { return strings.HasPrefix(filepath.Base(name), ".auditgen") })
	}
	return all
}

const (
	docBefore = "plain a.txt one\nplain old.txt one\n"
	docAfter  = "plain a.txt two\nplain new.txt two\n"
)

// TestAnUpdateThatIsKilledAnywhereHasHappenedOrNot kills an update before each change of the disk. Then all is old, or there is a
// journal, and the next run of generate finishes.
func TestAnUpdateThatIsKilledAnywhereHasHappenedOrNot(t *testing.T) {
	address, set := upstream(t)
	set(docBefore)
	first := t.TempDir()
	downstream(t, first, address)
	config := func(dir string) string { return filepath.Join(dir, "auditgen.yaml") }
	standInRun(t, done, "update", "--allow-private", "--config", config(first))
	set(docAfter)
	second := t.TempDir()
	if err := os.CopyFS(second, os.DirFS(first)); err != nil {
		t.Fatal(err)
	}
	standInRun(t, done, "update", "--allow-private", "--config", config(second))
	old, new := forgetTimes(everything(t, first, true)), forgetTimes(everything(t, second, true))
	journals := 0
	for n := 1; ; n++ {
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(first)); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(os.Args[0], "update", "--allow-private", "--config", config(dir))
		cmd.Env = append(os.Environ(), killAt+"="+strconv.Itoa(n))
		out, err := cmd.CombinedOutput()
		if err == nil {
			if journals < 10 {
				t.Errorf("killed %d times, only %d of them with a journal", n-1, journals)
			}
			break
		}
		if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.Exited() {
			t.Fatalf("%v: %s", err, out)
		}
		if output.Interrupted(dir) != nil {
			journals++
			standInRun(t, trouble, "generate", "--check", "--config", config(dir))
			standInRun(t, done, "generate", "--config", config(dir))
		}
		got := forgetTimes(everything(t, dir, false))
		want := old
		if got["spec/doc.txt"] == docAfter {
			want = new
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("killed before change %d: (-want +got)\n%s", n, diff)
		}
		standInRun(t, done, "update", "--allow-private", "--config", config(dir))
		if diff := cmp.Diff(new, forgetTimes(everything(t, dir, true))); diff != "" {
			t.Errorf("killed before change %d, after another update: (-want +got)\n%s", n, diff)
		}
	}
}

// forgetTimes leaves out of a lock when documents were fetched.
func forgetTimes(all map[string]string) map[string]string {
	var kept []string
	for line := range strings.Lines(all["auditgen.lock"]) {
		if !strings.HasPrefix(line, "  fetched: ") {
			kept = append(kept, line)
		}
	}
	all["auditgen.lock"] = strings.Join(kept, "")
	return all
}

func TestWhileOneUpdateWritesOthersAreRefused(t *testing.T) {
	address, set := upstream(t)
	set(docBefore)
	dir := t.TempDir()
	downstream(t, dir, address)
	config := filepath.Join(dir, "auditgen.yaml")
	var inside bool
	p := standIn(strings.NewReader(""), new(bytes.Buffer), new(bytes.Buffer))
	p.step = func() {
		if inside {
			return
		}
		inside = true
		writeFile(t, filepath.Join(dir, "spec/doc.txt"), []byte(docAfter))
		writeFile(t, filepath.Join(dir, "spec/deep/doc.txt"), []byte(docAfter))
		for _, command := range [][]string{{"update", "--allow-private"}, {"generate"}} {
			if text := standInRun(t, trouble, append(command, "--config", config)...); !strings.Contains(text, "another run of auditgen is writing here: wait until it is done") {
				t.Errorf("%s says %s", command[0], text)
			}
		}
		standInRun(t, done, "update", "--allow-private", "--dry-run", "--config", config)
	}
	if status := p.run([]string{"update", "--allow-private", "--config", config}); status != done || !inside {
		t.Errorf("exit %d, others were started: %v", status, inside)
	}
	standInRun(t, done, "generate", "--check", "--config", config)
}

func TestAnUpdateOnAFullDiskChangesNothing(t *testing.T) {
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("a small disk can be mounted by root only: %v: %s", err, out)
	}
	defer exec.Command("umount", dir).Run()
	address, set := upstream(t)
	set(docBefore)
	downstream(t, dir, address)
	config := filepath.Join(dir, "auditgen.yaml")
	standInRun(t, done, "update", "--allow-private", "--config", config)
	before := everything(t, dir, true)
	set(docAfter + strings.Repeat("#", 100_000))
	if text := standInRun(t, trouble, "update", "--allow-private", "--config", config); !strings.Contains(text, "no space left on device") {
		t.Errorf("it says %s", text)
	}
	if diff := cmp.Diff(before, everything(t, dir, true)); diff != "" {
		t.Errorf("(-before +after)\n%s", diff)
	}
}

func TestDocumentsMayHaveSoMuchTogether(t *testing.T) {
	address, set := upstream(t)
	set(docBefore)
	t.Chdir(t.TempDir())
	var config strings.Builder
	config.WriteString("packages:\n")
	for i := range 3 * fetchAtOnce {
		fmt.Fprintf(&config, "  - {package: p%d, out: gen/p%d, sources: [{kind: page, path: spec/%d.txt, url: %q}]}\n", i, i, i, address)
	}
	writeFile(t, defaultConfig, []byte(config.String()))
	var printed bytes.Buffer
	p := standIn(strings.NewReader(""), &printed, &printed)
	p.maxFetched = 5 * int64(len(docBefore))
	if status := p.run([]string{"update", "--allow-private"}); status != trouble || !strings.Contains(printed.String(), "the documents have more than 170 bytes together: split the configuration") {
		t.Errorf("exit %d\n%s", status, &printed)
	}
	if left := everything(t, ".", true); len(left) != 1 {
		t.Errorf("something was written: %v", left)
	}
}

// The whole document that Atlassian published for Jira in 2022 stands for that of today.
func TestWhatAtlassianPublishesCanBeFollowed(t *testing.T) {
	document, err := filepath.Abs("../../../shared/specs/jira-platform-2022-01-13.openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(document)
	if err != nil {
		t.Skip("the document is not part of the repository: ", err)
	}
	text := string(data)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, text) }))
	defer server.Close()
	t.Chdir(t.TempDir())
	command(t, done, "init", "--published", "--api", "jira")
	config, err := os.ReadFile(defaultConfig)
	if err != nil {
		t.Fatal(err)
	}
	here := strings.Replace(string(config), "https://dac-static.atlassian.com", server.URL, 1)
	writeFile(t, defaultConfig, []byte(here))
	command(t, done, "update", "--allow-private")
	command(t, done, "generate", "--check")
	text = strings.NewReplacer(`"summary": "Get audit records"`, `"summary": "Get the audit records"`, `"operationId": "getAuditRecords"`, `"operationId": "getThem"`).Replace(text)
	if text == string(data) {
		t.Fatal("the changed copy is the same")
	}
	report := command(t, done, "update", "--allow-private", "--fail-on", "breaking")
	if !strings.Contains(report, "0 breaking") {
		t.Errorf("other words and another operationId break something:\n%s", report)
	}
	command(t, done, "generate", "--check")
}
