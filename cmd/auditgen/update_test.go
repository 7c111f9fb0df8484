package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

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

const (
	docBefore = "plain a.txt one\nplain old.txt one\n"
	docAfter  = "plain a.txt two\nplain new.txt two\n"
)

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
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("a small disk can be mounted by root only: %v: %s", err, out)
	}
	defer exec.Command("umount", dir).Run()
	address, set := upstream(t)
	set(docBefore)
	downstream(t, dir, address)
	config := filepath.Join(dir, "auditgen.yaml")
	standInRun(t, done, "update", "--allow-private", "--config", config)
	before := everything(t, dir)
	set(docAfter + strings.Repeat("#", 900_000))
	if text := standInRun(t, trouble, "update", "--allow-private", "--config", config); !strings.Contains(text, "no space left on device") {
		t.Errorf("it says %s", text)
	}
	if diff := cmp.Diff(before, everything(t, dir)); diff != "" {
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
	if left := everything(t, "."); len(left) != 1 {
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
