package output

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gofrs/flock"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// Lock makes this process the only one that writes to some folders or files, which need not exist,
// until it calls unlock. If another process is writing to one of them, Lock does not wait: it
// returns an error.
//
// Each path has a lock file in the folder for temporary files, named by a hash of the path. Nothing
// is written into the project, so nothing there can be planted or left behind. The lock itself is
// the operating system's and ends with the process: a lock file of a killed run means nothing.
func Lock(paths ...string) (unlock func(), err error) {
	held := map[string]*flock.Flock{}
	unlock = func() {
		for name, lock := range held {
			_ = os.Remove(name) // Windows does not remove an open file, which does no harm
			_ = lock.Close()    // the lock ends with the process at the latest
		}
	}
	for _, p := range paths {
		name, err := lockName(p)
		if err == nil && held[name] == nil { // two of the paths may be one folder
			held[name], err = lockFile(name)
		}
		if errors.Is(err, errHeld) {
			err = &source.Error{Pos: source.Position{File: filepath.ToSlash(p)}, What: err.Error(), Do: "wait until it is done, and run the command again", Err: err}
		} else if err != nil {
			err = failed(p, "cannot lock "+name, err)
		}
		if err != nil {
			delete(held, name)
			unlock()
			return nil, err
		}
	}
	return unlock, nil
}

// lockName returns the lock file for a path. A disk may ignore case, and two folders whose names
// differ in nothing else are rare enough to share one.
func lockName(p string) (string, error) {
	real, err := resolve(p)
	return filepath.Join(os.TempDir(), "auditgen-"+hashOf([]byte(strings.ToLower(real)))[:32]+".lock"), err
}

var errHeld = errors.New("another run of auditgen is writing here")

// lockFile locks a file. The error is errHeld if another process has the lock.
//
// Others may write to the folder for temporary files. So the file is created only where nothing
// exists, and then opened without creating anything: a planted link leads to no new file.
func lockFile(name string) (*flock.Flock, error) {
	for {
		created, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL, 0o644)
		if err == nil {
			err = created.Close()
		}
		if err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		if info, err := os.Lstat(name); err == nil && !info.Mode().IsRegular() {
			return nil, errNotRegular
		}
		lock := flock.New(name, flock.SetFlag(os.O_RDONLY))
		locked, err := lock.TryLock()
		if errors.Is(err, fs.ErrNotExist) {
			continue // the run that held it has removed it
		}
		if err != nil {
			return nil, err
		}
		if !locked {
			return nil, errHeld
		}
		// The run before removes the file before it unlocks it, and then the lock is on no file.
		mine, err := lock.Stat()
		if there, missing := os.Lstat(name); err == nil && missing == nil && os.SameFile(mine, there) {
			return lock, nil
		}
		if err := lock.Close(); err != nil {
			return nil, err
		}
	}
}

// resolve returns the absolute path of a file or folder without symbolic links in it, as far as it
// exists.
func resolve(name string) (string, error) {
	name, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	for rest := ""; ; {
		real, err := filepath.EvalSymlinks(name)
		parent := filepath.Dir(name)
		if err == nil || parent == name {
			return filepath.Join(real, rest), err
		}
		rest, name = filepath.Join(filepath.Base(name), rest), parent
	}
}

// versionControl are the folders in which version control systems keep their own files.
var versionControl = []string{".git", ".hg", ".svn", ".jj", ".bzr"}

// checkPlace refuses a folder inside those of version control: a file there may be run as a hook.
func checkPlace(folder string) error {
	real, err := resolve(folder)
	if err != nil {
		return failed(folder, "cannot find the folder", err)
	}
	for segment := range strings.SplitSeq(filepath.ToSlash(real), "/") {
		if slices.Contains(versionControl, strings.ToLower(segment)) {
			return &source.Error{Pos: source.Position{File: filepath.ToSlash(folder)},
				What: "the folder is inside " + segment + ", which belongs to version control", Do: "choose another folder"}
		}
	}
	return nil
}
