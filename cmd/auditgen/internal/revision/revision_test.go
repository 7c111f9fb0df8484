package revision_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/cmd/auditgen/internal/revision"
)

// repository makes a repository with one commit of these files, and makes its folder dir the
// current one. Nothing of the machine's own configuration of git takes part.
func repository(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not there")
	}
	root := t.TempDir()
	for key, value := range map[string]string{"GIT_CONFIG_GLOBAL": os.DevNull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CEILING_DIRECTORIES": filepath.Dir(root),
		"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com"} {
		t.Setenv(key, value)
	}
	t.Chdir(root)
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"init", "-q"}, {"add", "-A"}, {"commit", "-q", "-m", "one"}, {"tag", "v1"}} {
		if out, err := exec.Command("git", args...).CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	t.Chdir(filepath.Join(root, dir))
}

func TestFilesAreReadAsTheRevisionHasThem(t *testing.T) {
	repository(t, "sub", map[string]string{"a.txt": "a", "sub/b.txt": "b", "sub/in/c d.txt": "c", "sub/-x": "x"})
	if err := os.WriteFile("b.txt", []byte("changed"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"HEAD", "v1", "@"} {
		r, err := revision.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		for file, want := range map[string]string{"b.txt": "b", "./in/c d.txt": "c", "../a.txt": "a", "-x": "x"} {
			got, err := r.Read(file, 100)
			if err != nil || string(got) != want {
				t.Errorf("%s:%s: want %q, got %q and %v", name, file, want, got, err)
			}
		}
	}
}

func TestFoldersAreListed(t *testing.T) {
	repository(t, "sub", map[string]string{"sub/b.txt": "b", "sub/in/c.txt": "c", "a.txt": "a"})
	r, err := revision.Open("HEAD")
	if err != nil {
		t.Fatal(err)
	}
	files, folders, err := r.Names(".")
	if d := cmp.Diff([][]string{{"b.txt"}, {"in"}}, [][]string{files, folders}); d != "" || err != nil {
		t.Errorf("-want +got\n%s%v", d, err)
	}
	for file, want := range map[string]revision.Kind{".": revision.Folder, "in": revision.Folder, "..": revision.Folder, "b.txt": revision.File, "nothing": revision.Missing} {
		if got, err := r.Kind(file); got != want || err != nil {
			t.Errorf("%s: want %d, got %d and %v", file, want, got, err)
		}
	}
}

func TestNamesThatAreNoRevisions(t *testing.T) {
	repository(t, ".", map[string]string{"a.txt": "a"})
	for _, name := range []string{"", "nothing", "-x", "--upload-pack=touch owned", "--output=owned", "HEAD:a.txt", "HEAD^{tree}", "a b", "\x00", "HEAD\n--all", strings.Repeat("x", 5000)} {
		if r, err := revision.Open(name); !errors.Is(err, revision.ErrUnknown) {
			t.Errorf("%q: got %v and %v", name, r, err)
		}
	}
	if _, err := os.Stat("owned"); err == nil {
		t.Error("a name was taken for an option")
	}
}

func TestPathsOutsideAndFilesTooLargeAreErrors(t *testing.T) {
	repository(t, "sub", map[string]string{"sub/a.txt": "four"})
	r, err := revision.Open("HEAD")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"../..", "../../etc/passwd", "/etc/passwd", "a\x00.txt"} {
		if _, err := r.Read(file, 100); err == nil || errors.Is(err, revision.ErrMissing) {
			t.Errorf("%q: got %v", file, err)
		}
	}
	if _, err := r.Read("a.txt", 3); !errors.Is(err, revision.ErrLimit) {
		t.Errorf("limit 3: got %v", err)
	}
	if got, err := r.Read("a.txt", 4); string(got) != "four" || err != nil {
		t.Errorf("limit 4: got %q and %v", got, err)
	}
	if _, err := r.Read("nothing", 4); !errors.Is(err, revision.ErrMissing) {
		t.Errorf("a missing file: got %v", err)
	}
}

func TestOutsideOfARepository(t *testing.T) {
	repository(t, "", map[string]string{"a.txt": "a"})
	if err := os.RemoveAll(".git"); err != nil {
		t.Fatal(err)
	}
	if _, err := revision.Open("HEAD"); !errors.Is(err, revision.ErrNoRepository) {
		t.Errorf("got %v", err)
	}
}
