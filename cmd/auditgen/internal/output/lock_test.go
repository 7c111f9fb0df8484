package output

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

const busy = ": another run of auditgen is writing here: wait until it is done, and run the command again"

func TestOneRunWritesToAFolderAtATime(t *testing.T) {
	locks, dir := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", locks)
	t.Chdir(dir)
	if err := errors.Join(os.Mkdir("real", 0o777), os.Symlink("real", "link")); err != nil {
		t.Fatal(err)
	}
	unlock, err := Lock("real", "new/deep", "link", "lone.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, same := range []string{"real", "link", "link/../REAL/.", "new/deep", filepath.Join(dir, "new", "deep"), "lone.yaml"} {
		if _, err := Lock("other", same); err == nil || err.Error() != filepath.ToSlash(same)+busy {
			t.Errorf("a second run locks %s: %v", same, err)
		}
	}
	other, err := Lock("other", "new", "real/deep")
	if err != nil {
		t.Errorf("other folders are locked: %v", err)
	}
	other()
	unlock()
	if left := tree(t, locks); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 2 {
		t.Errorf("left in the project: %v, %v", left, err)
	}
}

func TestALockFileThatIsThereMeansNothingAndALinkIsNotFollowed(t *testing.T) {
	locks, elsewhere := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", locks)
	unlock, err := Lock("x")
	if err != nil {
		t.Fatal(err)
	}
	found, err := filepath.Glob(filepath.Join(locks, "auditgen-*.lock"))
	if err != nil || len(found) != 1 {
		t.Fatalf("lock files: %v, %v", found, err)
	}
	unlock()
	if err := os.WriteFile(found[0], nil, 0o600); err != nil { // a run that was killed has left it
		t.Fatal(err)
	}
	if unlock, err = Lock("x"); err != nil {
		t.Fatal(err)
	}
	unlock()
	if err := os.Symlink(filepath.Join(elsewhere, "made"), found[0]); err != nil {
		t.Fatal(err)
	}
	if _, err := Lock("x"); err == nil || !strings.Contains(err.Error(), "x: cannot lock "+found[0]+": this is not a regular file") {
		t.Errorf("the error is %v", err)
	}
	if left := tree(t, elsewhere); len(left) > 0 {
		t.Errorf("made through the link: %v", left)
	}
}

func TestManyRunsAtOnceNeverHaveOneLockTogether(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	var inside, had atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 200 {
				unlock, err := Lock("b", "a")
				if err != nil {
					if !strings.HasSuffix(err.Error(), busy) {
						t.Error(err)
					}
					continue
				}
				if inside.Add(1) != 1 {
					t.Error("two runs have the lock")
				}
				had.Add(1)
				inside.Add(-1)
				unlock()
			}
		})
	}
	all.Wait()
	if had.Load() == 0 {
		t.Error("nobody ever had the lock")
	}
}
