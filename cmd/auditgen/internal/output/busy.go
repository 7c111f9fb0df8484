package output

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/gofrs/flock"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// BusyName is the file that is there, and locked, while a run writes below a folder. What keeps others out is the lock of the
// operating system, which goes with the process; a file that a killed run left behind means nothing.
const BusyName = ".auditgen.busy"

// Busy is the right to write below a folder. One run has it at a time.
type Busy struct {
	home string
	root *os.Root
	lock *flock.Flock
	step func() // called before each change of the disk; tests stop the run there
}

// next is called before each change of the disk.
func (b *Busy) next() {
	if b != nil {
		b.step()
	}
}

// ErrBusy is the cause of the error when another run writes below a folder.
var ErrBusy = errors.New("another run of auditgen is writing")

// Lock gives the right to write below a folder, or an error, ErrBusy among others. If an earlier run was cut off, what it left to
// do is done first. Step, which may be nil, is called before each change of the disk.
func Lock(home string, step func()) (*Busy, error) {
	if step == nil {
		step = func() {}
	}
	root, err := os.OpenRoot(home)
	if err != nil {
		return nil, failed(home, "cannot open the folder", err)
	}
	b := &Busy{home: home, root: root, step: step}
	if err := b.acquire(); err != nil {
		return nil, errors.Join(err, root.Close())
	}
	if err := b.finish(); err != nil {
		return nil, errors.Join(err, b.Release())
	}
	return b, nil
}

// acquire takes the lock. Between the moment a file is opened and the moment it is locked its owner may have removed it: then
// the lock is on a file that nobody else will find, and it is tried again.
func (b *Busy) acquire() error {
	name := filepath.Join(b.home, BusyName)
	for range 100 {
		if info, err := b.root.Lstat(BusyName); err == nil && !info.Mode().IsRegular() {
			return &source.Error{Pos: source.Position{File: filepath.ToSlash(name)}, What: "this is no regular file", Do: "remove it"}
		}
		lock := flock.New(name, flock.SetPermissions(0o666))
		locked, err := lock.TryLock()
		if err != nil {
			return failed(name, "cannot lock the file", err)
		}
		if !locked {
			break
		}
		mine, err := lock.Stat()
		if err == nil {
			var found fs.FileInfo
			if found, err = b.root.Lstat(BusyName); err == nil && os.SameFile(mine, found) {
				b.lock = lock
				return nil
			}
		}
		if err = lock.Close(); err != nil {
			return failed(name, "cannot unlock the file", err)
		}
	}
	return &source.Error{Pos: source.Position{File: filepath.ToSlash(b.home)}, What: ErrBusy.Error() + " here",
		Do: "wait until it is done, and run the command again", Err: fmt.Errorf("%s: %w", name, ErrBusy)}
}

// Release gives the right back, if there is one. The file goes while it is locked, so that nobody else's is removed; Windows removes no file that
// is open.
func (b *Busy) Release() error {
	if b == nil {
		return nil
	}
	err := b.root.Remove(BusyName)
	if runtime.GOOS == "windows" {
		err = nil
	}
	unlocked := b.lock.Close()
	if runtime.GOOS == "windows" {
		_ = b.root.Remove(BusyName) // it stays if another run has it by now
	}
	return errors.Join(err, unlocked, b.root.Close())
}
