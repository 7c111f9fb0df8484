package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const diffConfig = `packages:
  - package: log
    out: gen
    sources: [{kind: openapi, path: spec.yaml}]
`

const diffSpec = `openapi: 3.0.3
info: {title: Log, version: '1'}
paths:
  /log:
    get:
      operationId: getLog
      parameters:
        - {in: query, name: limit, schema: {type: TYPE}}
      responses: {204: {description: OK}}
`

// diffRun runs diff and gives all it prints.
func diffRun(args ...string) (status int, printed string) {
	var out bytes.Buffer
	status = run(append([]string{"diff"}, args...), strings.NewReader(""), &out, &out)
	return status, out.String()
}

// A revision is named by itself, with a document, with a folder, and with a generated package; what
// lies on the disk comes before a revision of the same name.
func TestDiffReadsRevisions(t *testing.T) {
	commitLog(t)
	writeFile(t, "spec.yaml", []byte(strings.Replace(diffSpec, "TYPE", "string", 1)))
	const change = "GET /log query:limit: type integer -> string; Go: GetLogParams.Limit: *int64 -> string; wire: sent as string, no longer as integer "
	const sum = "\n1 breaking, 0 compatible, 0 none; version step: major (minor while the version is v0)\n"
	for _, c := range []struct{ old, new, want string }{
		{"HEAD", ".", "breaking    log: " + change + "(HEAD:spec.yaml:8 -> spec.yaml:8)" + sum},
		{"HEAD:spec.yaml", "spec.yaml", "breaking    api: " + change + "(HEAD:spec.yaml:8 -> spec.yaml:8)" + sum},
		{"v1:gen", ".", "breaking    log: " + change + "(v1:gen/openapi.yaml:14 -> spec.yaml:8)" + sum},
		{"HEAD", "HEAD:gen", "no changes\n"},
		{"gen", "HEAD:.", "no changes\n"},
	} {
		if status, got := diffRun(c.old, c.new); status != done || got != c.want {
			t.Errorf("auditgen diff %s %s\nwant %s\ngot  %s(status %d)", c.old, c.new, c.want, got, status)
		}
	}
	if err := os.Mkdir("v1", 0o777); err != nil {
		t.Fatal(err)
	}
	if status, got := diffRun("v1", "."); status != trouble || !strings.HasPrefix(got, "v1: there is neither auditgen.yaml nor a generated package") {
		t.Errorf("a folder that is called like a tag: status %d, %s", status, got)
	}
}

func TestDiffSaysWhatIsNoRevision(t *testing.T) {
	commitLog(t)
	for arg, want := range map[string]string{
		"nothing":      `auditgen diff: "nothing" is no file, no folder and no git revision: check it`,
		"nothing:x":    `auditgen diff: "nothing:x" is no file, no folder and no git revision: check it`,
		"HEAD:nothing": `HEAD:nothing: there is no such file or folder: check the path`,
		"HEAD:../../x": `auditgen: HEAD:../../x cannot be read: "../../x" does not lie in the repository`,
		":spec.yaml":   `auditgen diff: ":spec.yaml" is no file, no folder and no git revision: check it`,
	} {
		if status, got := diffRun(arg, "."); status != trouble || !strings.HasPrefix(got, want) {
			t.Errorf("auditgen diff %s .\nwant %s\ngot  %s(status %d)", arg, want, got, status)
		}
	}
	if err := os.RemoveAll(".git"); err != nil {
		t.Fatal(err)
	}
	want := `auditgen diff: "HEAD" is no file and no folder, and there is no git repository here: check it`
	if status, got := diffRun("HEAD", "."); status != trouble || !strings.HasPrefix(got, want) {
		t.Errorf("want %s\ngot  %s(status %d)", want, got, status)
	}
}

// commitLog makes a repository with a configuration, its specification and the package generated
// from it, and makes its folder the current one.
func commitLog(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not there")
	}
	root := t.TempDir()
	for key, value := range map[string]string{"AUDITGEN_CACHE": "off", "GIT_CONFIG_GLOBAL": os.DevNull, "GIT_CONFIG_NOSYSTEM": "1",
		"GIT_CEILING_DIRECTORIES": filepath.Dir(root), "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com"} {
		t.Setenv(key, value)
	}
	t.Chdir(root)
	writeFile(t, "auditgen.yaml", []byte(diffConfig))
	writeFile(t, "spec.yaml", []byte(strings.Replace(diffSpec, "TYPE", "integer", 1)))
	var out bytes.Buffer
	if status := run([]string{"generate"}, strings.NewReader(""), &out, &out); status != done {
		t.Fatal(out.String())
	}
	for _, args := range [][]string{{"init", "-q"}, {"add", "-A"}, {"commit", "-q", "-m", "one"}, {"tag", "v1"}} {
		if out, err := exec.Command("git", args...).CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
}

// The lock that was committed counts for the revision, and the one on the disk for the folder;
// without one the names of the older side do.
func TestDiffKeepsTheNamesOfTheLock(t *testing.T) {
	commitLog(t)
	moved := strings.NewReplacer("TYPE", "integer", "/log:", "/api/log:", "getLog", "fetchLog").Replace(diffSpec)
	writeFile(t, "spec.yaml", []byte(moved))
	want := "compatible  log: GET /api/log: operation moved GET /log -> GET /api/log; wire: called as GET /api/log (HEAD:spec.yaml:5 -> spec.yaml:5)\n" +
		"none        log: GET /api/log: operationId getLog -> fetchLog (HEAD:spec.yaml:6 -> spec.yaml:6)\n" +
		"0 breaking, 1 compatible, 1 none; version step: minor (patch while the version is v0)\n"
	if status, got := diffRun("HEAD", "."); status != done || got != want {
		t.Errorf("with a lock\nwant %s\ngot  %s(status %d)", want, got, status)
	}
	if err := os.Remove("auditgen.lock"); err != nil {
		t.Fatal(err)
	}
	if status, got := diffRun("HEAD", "."); status != done || got != want {
		t.Errorf("without\nwant %s\ngot  %s(status %d)", want, got, status)
	}
	writeFile(t, "auditgen.lock", []byte("no lock\n"))
	if status, got := diffRun("HEAD", "."); status != trouble || !strings.HasPrefix(got, "auditgen.lock:1: ") {
		t.Errorf("a broken lock: status %d, %s", status, got)
	}
	if status, got := diffRun("HEAD", "HEAD"); status != done || got != "no changes\n" {
		t.Errorf("a lock on the disk is none of a revision: status %d, %s", status, got)
	}
}
