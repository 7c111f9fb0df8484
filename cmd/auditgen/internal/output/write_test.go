package output

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator"
)

// tree returns every file below dir with its content, and every folder.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == dir {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		if d.IsDir() {
			all[filepath.ToSlash(rel)+"/"] = ""
			return nil
		}
		data, err := os.ReadFile(name)
		all[filepath.ToSlash(rel)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func pack(base, dir, text string) Package {
	return Package{Base: base, Dir: dir, Inputs: "inputs", Files: []generator.File{
		{Name: "a.go", Data: ours("a " + text)}, {Name: "b.yaml", Data: plain("b " + text)}}}
}

func write(t *testing.T, packages ...Package) {
	t.Helper()
	s, err := Open(packages)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Write(nil); err != nil {
		t.Fatal(err)
	}
}

func TestAFailedWriteChangesNothing(t *testing.T) {
	broken := errors.New("no space left on device")
	for fail := 1; fail <= 8; fail++ { // two packages of two files, a manifest of one, and three files
		dir := t.TempDir()
		write(t, pack(dir, "old", "before"))
		before := tree(t, dir)
		s, err := Open([]Package{pack(dir, "old", "after"), pack(dir, "new/deep", "after")},
			File{dir, "auditgen.lock", nil}, File{dir, "spec/one.json", []byte("x")}, File{dir, "spec/two.json", []byte("x")})
		if err != nil {
			t.Fatal(err)
		}
		var n atomic.Int32
		s.write = func(f *os.File, data []byte) error {
			if int(n.Add(1)) == fail {
				_, err := f.Write(data[:len(data)/2])
				return errors.Join(err, broken)
			}
			return writeSync(f, data)
		}
		err = s.Write(nil)
		if closed := s.Close(); closed != nil {
			t.Fatal(closed)
		}
		if !errors.Is(err, broken) || !strings.Contains(err.Error(), "nothing was changed") {
			t.Errorf("write %d: the error is %v", fail, err)
		}
		if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
			t.Errorf("write %d left something behind (-before +after)\n%s", fail, diff)
		}
	}
}

// A folder in the place of a file makes the rename fail. Nothing is renamed after that.
func TestARenameThatFailsIsSaidWithWhatHasChanged(t *testing.T) {
	for bad, want := range map[string]string{
		"auditgen.lock": "auditgen.lock: cannot rename the file, and nothing was changed",
		"spec/a.json":   "spec/a.json: some files were changed, and the next run changes the others: cannot rename the file",
		"out/b.yaml":    "out/b.yaml: the folder was written in part, run the command again: cannot rename the file",
	} {
		dir := t.TempDir()
		plant(t, dir, map[string]string{"spec/x": "mine", "out/x": "mine"})
		s, err := Open([]Package{pack(dir, "out", "x")}, File{dir, "auditgen.lock", nil}, File{dir, "spec/a.json", []byte("after")})
		if err != nil {
			t.Fatal(err)
		}
		var steps atomic.Int32
		err = s.Write(func() {
			if steps.Add(1) == 11 { // all five files are written, and none is renamed
				plant(t, dir, map[string]string{bad + "/foreign": ""})
			}
		})
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err == nil || !strings.HasPrefix(err.Error(), filepath.ToSlash(dir)+"/"+want) {
			t.Errorf("got %v, want %s", err, want)
		}
		staged := 0
		for name := range tree(t, dir) {
			if isTemp(filepath.Base(name)) {
				staged++
			}
		}
		if (staged == 1) != (bad == "spec/a.json") {
			t.Errorf("%s: %d temporary files are left", bad, staged)
		}
	}
}

func TestFilesThatStayTheSameKeepTheirTime(t *testing.T) {
	dir := t.TempDir()
	write(t, pack(dir, "out", "one"))
	long := time.Now().Add(-time.Hour).Truncate(time.Second)
	for _, name := range []string{"a.go", "b.yaml", ManifestName} {
		if err := os.Chtimes(filepath.Join(dir, "out", name), long, long); err != nil {
			t.Fatal(err)
		}
	}
	p := pack(dir, "out", "one")
	p.Files[1].Data = plain("changed")
	write(t, p)
	for name, same := range map[string]bool{"a.go": true, "b.yaml": false, ManifestName: true} {
		info, err := os.Stat(filepath.Join(dir, "out", name))
		if err != nil {
			t.Fatal(err)
		}
		if info.ModTime().Equal(long) != same {
			t.Errorf("%s has the time %v, written before at %v", name, info.ModTime(), long)
		}
	}
}

// A folder that becomes a link after it was looked at must not lead out of the base.
func TestAFolderThatTurnsIntoALinkLeadsNowhere(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	s, err := Open([]Package{pack(dir, "out/deep", "x")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := os.Symlink(elsewhere, filepath.Join(dir, "out")); err != nil {
		t.Fatal(err)
	}
	if err := s.Write(nil); err == nil {
		t.Error("there is no error")
	}
	if left := tree(t, elsewhere); len(left) > 0 {
		t.Errorf("written through the link: %v", left)
	}
}

func TestAFullDiskChangesNothing(t *testing.T) {
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("a small disk can be mounted by root only: %v: %s", err, out)
	}
	defer exec.Command("umount", dir).Run()
	write(t, pack(dir, "out", "before"))
	before := tree(t, dir)
	s, err := Open([]Package{pack(dir, "out", "after"), pack(dir, "new", strings.Repeat("x", 100_000))})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Write(nil); err == nil || !strings.Contains(err.Error(), "no space left on device: check the path, and the room on its disk") {
		t.Errorf("the error is %v", err)
	}
	if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
		t.Errorf("(-before +after)\n%s", diff)
	}
}

func TestAFolderThatCannotBeWrittenIsNamed(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may write everywhere")
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	s, err := Open([]Package{pack(dir, "out", "x")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Write(nil); err == nil || !strings.Contains(err.Error(), filepath.ToSlash(dir)+"/out: cannot create the folder: permission denied") {
		t.Errorf("the error is %v", err)
	}
}

func TestWriteFileReplacesRegularFilesOnly(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "api.yaml")
	for _, text := range []string{"one", "two", "two"} {
		if err := WriteFile(name, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[string]string{"api.yaml": text}, tree(t, dir)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	link := filepath.Join(dir, "link.yaml")
	if err := os.Symlink("api.yaml", link); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{link, dir, filepath.Join(dir, "no/such/folder.yaml")} {
		if err := WriteFile(bad, []byte("three")); err == nil {
			t.Errorf("%s is written", bad)
		}
	}
}
