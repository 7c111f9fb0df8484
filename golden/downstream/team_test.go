// Package downstream uses auditgen as a team does: consumer is a module of its own. The tests copy
// it to an empty folder, build it without a network, and play years of document changes against it.
package downstream

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/seed-1954497d/auditgen/internal/compiled"
)

// published is the base URL of the documents in the consumer's configuration.
const published = "https://docs.example.com"

// upstream serves documents with ETags and 304 responses.
type upstream struct {
	url string

	mu        sync.Mutex
	documents map[string]string
	unchanged int // number of 304 responses
}

func newUpstream(t *testing.T, documents map[string]string) *upstream {
	t.Helper()
	u := &upstream{documents: documents}
	server := httptest.NewServer(u)
	t.Cleanup(server.Close)
	u.url = server.URL
	return u
}

func (u *upstream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	u.mu.Lock()
	defer u.mu.Unlock()
	text, ok := u.documents[strings.TrimPrefix(r.URL.Path, "/")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	tag := fmt.Sprintf(`"%.8x"`, sha256.Sum256([]byte(text)))
	w.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		u.unchanged++
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write([]byte(text)) // if the client is gone, it reports that itself
}

// edit changes one document.
func (u *upstream) edit(t *testing.T, e edit) {
	t.Helper()
	u.mu.Lock()
	defer u.mu.Unlock()
	u.documents[e.file] = e.apply(t, u.documents[e.file])
}

// edit replaces a text in a file. The text must be there exactly once unless all is set.
type edit struct {
	file, old, new string
	all            bool
}

func (e edit) apply(t *testing.T, text string) string {
	t.Helper()
	if n := strings.Count(text, e.old); n == 0 || n > 1 && !e.all {
		t.Fatalf("%q is in %s %d times", e.old, e.file, n)
	}
	return strings.ReplaceAll(text, e.old, e.new)
}

// team is a folder in which a team works.
type team struct {
	dir      string
	auditgen string   // path of the program
	env      []string // in addition to our environment
}

// program is the path of auditgen.
var program string

func TestMain(m *testing.M) {
	os.Exit(compiled.Main(m, func(dir string) (err error) {
		program, err = compiled.Program(dir, "cmd/auditgen")
		return err
	}))
}

func newTeam(t *testing.T) *team {
	t.Helper()
	return &team{dir: t.TempDir(), auditgen: program, env: []string{"AUDITGEN_CACHE=off", "COLUMNS=", "GOWORK=off"}}
}

// consumer returns a team with a copy of the consumer that uses this checkout and fetches its
// documents from url.
func consumer(t *testing.T, url string) *team {
	t.Helper()
	team := newTeam(t)
	if err := os.CopyFS(team.dir, os.DirFS("consumer")); err != nil {
		t.Fatal(err)
	}
	checkout, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	team.must(t, "go", "mod", "edit", "-replace=github.com/seed-1954497d/auditgen="+checkout)
	if out, err := team.run("go", "mod", "tidy", "-diff"); err != nil {
		t.Fatalf("the go.mod of golden/downstream/consumer is outdated: run make generate\n%s", out)
	}
	for _, name := range []string{"auditgen.yaml", "auditgen.lock"} {
		team.edit(t, edit{file: name, old: published, new: url, all: true})
	}
	return team
}

// run runs a command in the folder of the team and returns its output.
func (m *team) run(name string, args ...string) (string, error) {
	c := exec.Command(name, args...)
	c.Dir, c.Env = m.dir, append(os.Environ(), m.env...)
	out, err := c.CombinedOutput()
	return string(out), err
}

// must is run for commands that have to succeed.
func (m *team) must(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := m.run(name, args...)
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return out
}

// compiles fails the test if a package of the team, or of the modules in the folders within, does
// not compile.
func (m *team) compiles(t *testing.T, within ...string) {
	t.Helper()
	dirs := []string{m.dir}
	for _, dir := range within {
		dirs = append(dirs, filepath.Join(m.dir, dir))
	}
	if _, err := compiled.Modules(dirs...); err != nil {
		t.Fatalf("the code of the team does not compile: %v", err)
	}
}

// answer runs auditgen and returns its output and exit status.
func (m *team) answer(t *testing.T, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	c := exec.Command(m.auditgen, args...)
	c.Dir, c.Env, c.Stdout, c.Stderr = m.dir, append(os.Environ(), m.env...), &out, &errs
	if err := c.Run(); c.ProcessState == nil {
		t.Fatal(err)
	}
	return out.String(), errs.String(), c.ProcessState.ExitCode()
}

func (m *team) read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(m.dir, file))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func (m *team) write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(m.dir, file), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func (m *team) edit(t *testing.T, e edit) {
	t.Helper()
	m.write(t, e.file, e.apply(t, m.read(t, e.file)))
}

// state returns the hash of every file except those of git and go mod vendor.
func (m *team) state(t *testing.T) map[string]string {
	t.Helper()
	state := map[string]string{}
	err := fs.WalkDir(os.DirFS(m.dir), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (name == ".git" || name == "vendor"):
			return fs.SkipDir
		case d.IsDir():
			return nil
		}
		data, err := os.ReadFile(filepath.Join(m.dir, name))
		state[name] = fmt.Sprintf("%x", sha256.Sum256(data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// commit commits the folder to git.
func (m *team) commit(t *testing.T, message string) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(m.dir, ".git")); err != nil {
		m.must(t, "git", "init", "-q")
		m.write(t, ".gitignore", "/vendor/\n")
	}
	m.must(t, "git", "add", "-A")
	m.must(t, "git", "-c", "user.name=Team", "-c", "user.email=team@example.com", "-c", "commit.gpgsign=false", "commit", "-q", "--allow-empty", "-m", message)
}

// names returns the Go names of the operations in the lock, except removed ones.
func (m *team) names(t *testing.T) []string {
	t.Helper()
	text := regexp.MustCompile(`(?m)^    name: .*\n    removed: true\n`).ReplaceAllString(m.read(t, "auditgen.lock"), "")
	var names []string
	for _, found := range regexp.MustCompile(`(?m)^    name: (.*)$`).FindAllStringSubmatch(text, -1) {
		names = append(names, found[1])
	}
	return names
}
