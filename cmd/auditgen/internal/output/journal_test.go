package output

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// writeBelow does what a run does that changes documents, the lock and packages at once.
func writeBelow(home, text string, step func()) (err error) {
	busy, err := Lock(home, step)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, busy.Release()) }()
	first, second := pack(home, "out", text), pack(home, "new/deep/"+text, text)
	first.Files = append(first.Files, generator.File{Name: "z_" + text + ".go", Data: ours(text)}) // that of another text is left over
	set, err := Open([]Package{first, second}, File{home, "spec/one.json", []byte("one " + text)}, File{home, "auditgen.lock", []byte("lock " + text)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, set.Close()) }()
	return set.Write(busy)
}

// killAt is in the environment of a test that is started again to be killed.
const killAt = "AUDITGEN_TEST_KILL"

// TestMain writes below a folder, and kills itself before the n-th change of the disk, when it is called as such a child.
func TestMain(m *testing.M) {
	at, err := strconv.Atoi(os.Getenv(killAt))
	if err != nil {
		os.Exit(m.Run())
	}
	var n atomic.Int32
	err = writeBelow(os.Args[1], os.Args[2], func() {
		if int(n.Add(1)) == at {
			self, err := os.FindProcess(os.Getpid())
			if err != nil || self.Kill() != nil {
				os.Exit(3)
			}
			select {}
		}
	})
	if err != nil {
		os.Stderr.WriteString(err.Error())
		os.Exit(1)
	}
	os.Exit(0)
}

// killed runs writeBelow in a process of its own that is killed before its n-th change. It tells whether it came that far.
func killed(t *testing.T, home, text string, n int) bool {
	t.Helper()
	cmd := exec.Command(os.Args[0], home, text)
	cmd.Env = append(os.Environ(), killAt+"="+strconv.Itoa(n))
	out, err := cmd.CombinedOutput()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && !exit.Exited() {
		return true
	}
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return false
}

// lasting leaves out of a tree what runs leave behind that are cut off: folders among it, which are made early.
func lasting(all map[string]string) map[string]string {
	files := maps.Clone(all)
	maps.DeleteFunc(files, func(name, _ string) bool {
		return isTemp(filepath.Base(name)) || name == BusyName || name == JournalName || strings.HasSuffix(name, "/")
	})
	return files
}

func TestARunThatIsKilledAnywhereHasHappenedOrNot(t *testing.T) {
	before, after := t.TempDir(), t.TempDir()
	for _, c := range []struct {
		dir   string
		texts []string
	}{{before, []string{"before"}}, {after, []string{"before", "after"}}} {
		for _, text := range c.texts {
			if err := writeBelow(c.dir, text, nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	wantBefore, wantAfter := tree(t, before), tree(t, after)
	finished := 0
	for n := 1; ; n++ {
		home := t.TempDir()
		if err := os.CopyFS(home, os.DirFS(before)); err != nil {
			t.Fatal(err)
		}
		if !killed(t, home, "after", n) {
			if n < 30 || finished < 10 {
				t.Errorf("only %d changes of the disk, %d of them with a journal", n, finished)
			}
			break
		}
		if Interrupted(home) == nil {
			want := wantBefore
			if _, begun := lasting(tree(t, home))["new/deep/after/a.go"]; begun {
				want = wantAfter // all is done, and the journal gone
			}
			if diff := cmp.Diff(lasting(want), lasting(tree(t, home))); diff != "" {
				t.Errorf("killed before change %d: without a journal, neither old nor new (-want +got)\n%s", n, diff)
			}
		} else {
			finished++
			if err := errors.Join(finishTwice(t, home)...); err != nil {
				t.Errorf("killed before change %d: %v", n, err)
			}
			if diff := cmp.Diff(lasting(wantAfter), lasting(tree(t, home))); diff != "" {
				t.Errorf("killed before change %d and finished: (-want +got)\n%s", n, diff)
			}
		}
		if err := writeBelow(home, "after", nil); err != nil {
			t.Errorf("killed before change %d: the next run: %v", n, err)
		}
		if diff := cmp.Diff(wantAfter, tree(t, home)); diff != "" {
			t.Errorf("killed before change %d, after the next run: (-want +got)\n%s", n, diff)
		}
	}
}

// finishTwice finishes a run that was cut off, killed once more on the way.
func finishTwice(t *testing.T, home string) []error {
	killed(t, home, "after", 3)
	busy, err := Lock(home, nil)
	if err != nil {
		return []error{err}
	}
	return []error{busy.Release(), Interrupted(home)}
}

func TestOneRunWritesAtATime(t *testing.T) {
	home := t.TempDir()
	writeStale(t, home)
	first, err := Lock(home, nil)
	if err != nil {
		t.Fatalf("a file that a killed run left behind keeps others out: %v", err)
	}
	if _, err := Lock(home, nil); !errors.Is(err, ErrBusy) || !strings.Contains(err.Error(), "wait until it is done, and run the command again") {
		t.Errorf("the second run gets %v", err)
	}
	if err := first.Release(); err != nil {
		t.Fatal(err)
	}
	if left := tree(t, home); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	second, err := Lock(home, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Release(); err != nil {
		t.Fatal(err)
	}
}

func writeStale(t *testing.T, home string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(home, BusyName), nil, 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestALinkInThePlaceOfTheLockIsNotFollowed(t *testing.T) {
	home, elsewhere := t.TempDir(), t.TempDir()
	if err := os.Symlink(filepath.Join(elsewhere, "made"), filepath.Join(home, BusyName)); err != nil {
		t.Fatal(err)
	}
	if _, err := Lock(home, nil); err == nil || !strings.Contains(err.Error(), BusyName+": this is no regular file: remove it") {
		t.Errorf("the error is %v", err)
	}
	if left := tree(t, elsewhere); len(left) > 0 {
		t.Errorf("made through the link: %v", left)
	}
}

func TestManyRunsAtOnceNeverWriteTogether(t *testing.T) {
	home := t.TempDir()
	var inside, writes atomic.Int32
	done := make(chan error)
	for range 8 {
		go func() {
			for range 50 {
				busy, err := Lock(home, nil)
				if errors.Is(err, ErrBusy) {
					continue
				}
				if err == nil && inside.Add(1) != 1 {
					err = errors.New("two runs have the right to write")
				}
				inside.Add(-1)
				writes.Add(1)
				if err == nil {
					err = busy.Release()
				}
				if err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range 8 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if writes.Load() == 0 {
		t.Error("nobody ever had the right to write")
	}
}

var poison = map[string]struct{ text, want string }{
	"not a journal":           {"hello", ":1: this is no journal that this version of auditgen knows"},
	"of another version":      {journalMark + "2: later", ":1: this is no journal that this version of auditgen knows"},
	"a word":                  {journalHeader + "\nlink HASH a", `:2: the line "link ` + strings.Repeat("0", 55) + `..." makes no sense`},
	"no hash":                 {journalHeader + "\nremove 12 a", `:2: the line "remove 12 a" makes no sense`},
	"a file elsewhere":        {journalHeader + "\nremove HASH ../a", `:2: a journal lists plain files below its own folder: ".." is no name`},
	"an absolute file":        {journalHeader + "\nremove HASH /a", ":2: a journal lists plain files below its own folder: the name is empty"},
	"no temporary file":       {journalHeader + "\nrename HASH mine.txt a", `:2: the line "rename ` + strings.Repeat("0", 53) + `..." makes no sense`},
	"a file that is not here": {journalHeader + "\nrename HASH .auditgen-ABCDEFGHIJKLMNOPQRSTUVWXYZ.tmp spec/a", ":2: spec/a is neither as it must become nor is there what it must become"},
	"through a link":          {journalHeader + "\nrename HASH .auditgen-ABCDEFGHIJKLMNOPQRSTUVWXYZ.tmp link/a", ":2: link is no folder any more"},
}

func TestAPoisonedJournalDoesNothing(t *testing.T) {
	for name, c := range poison {
		t.Run(name, func(t *testing.T) {
			home := t.TempDir()
			if err := errors.Join(os.Mkdir(filepath.Join(home, "spec"), 0o777), os.Symlink("spec", filepath.Join(home, "link"))); err != nil {
				t.Fatal(err)
			}
			text := strings.ReplaceAll(c.text, "HASH", strings.Repeat("0", 64))
			if err := os.WriteFile(filepath.Join(home, JournalName), []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
			_, err := Lock(home, nil)
			want := filepath.ToSlash(home) + "/" + JournalName + c.want + ": restore the folder from version control, delete this file and run the command again"
			if err == nil || err.Error() != want {
				t.Errorf("\n got %v\nwant %s", err, want)
			}
		})
	}
}

func TestAJournalRemovesWhatItKnowsOnly(t *testing.T) {
	home := t.TempDir()
	text := journalHeader + "\nremove " + hashOf([]byte("known")) + " known\nremove " + hashOf([]byte("known")) + " changed\n"
	for name, data := range map[string]string{"known": "known", "changed": "changed since", JournalName: text} {
		if err := os.WriteFile(filepath.Join(home, name), []byte(data), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	busy, err := Lock(home, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := busy.Release(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"changed": "changed since"}, tree(t, home)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestAFailedWriteBelowAFolderChangesNothing(t *testing.T) {
	broken := errors.New("no space left on device")
	home := t.TempDir()
	if err := writeBelow(home, "before", nil); err != nil {
		t.Fatal(err)
	}
	before := tree(t, home)
	for fail := 1; fail <= 9; fail++ {
		busy, err := Lock(home, nil)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Open([]Package{pack(home, "out", "after"), pack(home, "new/deep", "after")}, File{home, "spec/one.json", []byte("x")}, File{home, "spec/two.json", []byte("x")}, File{home, "auditgen.lock", nil})
		if err != nil {
			t.Fatal(err)
		}
		var n atomic.Int32
		s.write = func(f *os.File, data []byte) error {
			if int(n.Add(1)) == fail {
				return broken
			}
			return writeSync(f, data)
		}
		err = s.Write(busy)
		if closed := errors.Join(s.Close(), busy.Release()); closed != nil {
			t.Fatal(closed)
		}
		if !errors.Is(err, broken) || !strings.Contains(err.Error(), "nothing was changed") {
			t.Errorf("write %d: the error is %v", fail, err)
		}
		if diff := cmp.Diff(before, tree(t, home)); diff != "" {
			t.Errorf("write %d left something behind (-before +after)\n%s", fail, diff)
		}
	}
}

func TestFilesThatCannotStandTogetherAreRefusedBeforeAnythingIsWritten(t *testing.T) {
	for name, c := range map[string]struct {
		files []File
		want  string
	}{
		"one file twice":        {[]File{{Path: "a/x"}, {Path: "a/X"}}, "a/X: two files of this run would be one"},
		"a file of a package":   {[]File{{Path: "out/a.go"}}, "out/a.go: two files of this run would be one"},
		"the manifest":          {[]File{{Path: "out/auditgen.manifest"}}, "out/auditgen.manifest: two files of this run would be one"},
		"a file and its folder": {[]File{{Path: "a"}, {Path: "a/b"}}, "a: a file and a folder of this run would have this name"},
	} {
		dir := t.TempDir()
		for i := range c.files {
			c.files[i].Base = dir
		}
		_, err := Open([]Package{pack(dir, "out", "x")}, c.files...)
		if err == nil || !strings.Contains(err.Error(), filepath.ToSlash(dir)+"/"+c.want) {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
}

// FuzzParseJournal: whatever is read lists plain files, and is written as it was read.
func FuzzParseJournal(f *testing.F) {
	f.Add(formatJournal([]journalStep{{"a/b", ".auditgen-ABCDEFGHIJKLMNOPQRSTUVWXYZ.tmp", "c d", strings.Repeat("0", 64)}, {".", "", "e", strings.Repeat("0", 64)}}))
	f.Add([]byte(poison["a file elsewhere"].text))
	f.Fuzz(func(t *testing.T, data []byte) {
		steps, err := parseJournal(source.File{Name: "j", Data: data})
		if err != nil {
			return
		}
		for _, s := range steps {
			if !filepath.IsLocal(s.file()) || s.temp != "" && !isTemp(s.temp) {
				t.Fatalf("%+v", s)
			}
		}
		again, err := parseJournal(source.File{Name: "j", Data: formatJournal(steps)})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(steps, again, cmp.AllowUnexported(journalStep{})); diff != "" {
			t.Fatalf("(-read +read again)\n%s", diff)
		}
		if !bytes.HasPrefix(data, []byte(journalMark)) {
			t.Fatal("read without its first line")
		}
	})
}
