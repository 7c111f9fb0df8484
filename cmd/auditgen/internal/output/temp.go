package output

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// A new file is written under a temporary name beside the one that it replaces. The name has a hash
// of the file's name and the hash of the content that it replaces.
var tempPattern = regexp.MustCompile(`^\.auditgen-[0-9a-f]{16}-[0-9a-f]{16}\.tmp$`)

func isTemp(name string) bool { return tempPattern.MatchString(name) }

// tempPrefix is how all temporary files for one file begin.
func tempPrefix(name string) string { return ".auditgen-" + hashOf([]byte(name))[:16] + "-" }

// tempName returns the temporary name for a file whose content has the hash old.
func tempName(name, old string) string { return tempPrefix(name) + old[:16] + ".tmp" }

// absent is the hash of a file that does not exist.
var absent = strings.Repeat("0", 64)

var errNotRegular = errors.New("this is not a regular file")

// current returns the hash of a file in the folder, absent if there is none.
func (t *target) current(name string) (string, error) {
	info, err := t.dir.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return absent, nil
	case err != nil:
		return "", err
	case !info.Mode().IsRegular():
		return "", errNotRegular
	}
	e, err := t.entry(name, source.MaxBytes+1, make([]byte, 64<<10))
	return e.hash, err
}

// temps returns the temporary files for one file that lie in the folder.
func (t *target) temps(name string) ([]string, error) {
	all, err := t.names()
	var temps []string
	for _, d := range all {
		if d.Type().IsRegular() && isTemp(d.Name()) && strings.HasPrefix(d.Name(), tempPrefix(name)) {
			temps = append(temps, d.Name())
		}
	}
	return temps, err
}

// Leftover is a temporary file of a run that was killed.
type Leftover struct {
	Base, Path string // the file that it was written for
	temp       string
	Finishes   bool // it must become that file
}

// Leftovers returns the temporary files for some files below base. Each file has the hash that the
// lock of the configuration says, or none.
//
// An update writes all temporary files, then renames that of the lock, and then those of the
// documents. So the lock decides whether the update has happened. A temporary file finishes an
// update only if it has exactly the hash in the lock, the file has another one, and the temporary
// name says that this very content is to be replaced. Whoever plants a temporary file in a
// repository cannot use it to overwrite a file whose content is not known to them.
func Leftovers(base string, files map[string]string) []Leftover {
	var all []Leftover
	for _, file := range slices.Sorted(maps.Keys(files)) {
		t := &target{Package: Package{Base: base, Dir: path.Dir(file)}}
		// Where no run can write, there is nothing that one has left behind.
		if there, err := t.lookInto(); err == nil && there {
			all = append(all, t.leftovers(path.Base(file), files[file])...)
		}
		_ = t.close() // only read
	}
	return all
}

func (t *target) leftovers(name, want string) []Leftover {
	temps, err := t.temps(name)
	if err != nil || len(temps) == 0 {
		return nil
	}
	now, err := t.current(name)
	known := err == nil && want != "" && want != now
	all := make([]Leftover, len(temps))
	for i, temp := range temps {
		all[i] = Leftover{Base: t.Base, Path: path.Join(t.Dir, name), temp: path.Join(t.Dir, temp)}
		if known && temp == tempName(name, now) {
			got, err := t.current(temp)
			all[i].Finishes = err == nil && got == want
		}
	}
	return all
}

// Clear renames a temporary file to what it finishes, or removes it. The caller holds the lock on
// the folder. Step, which may be nil, is called before the disk changes.
func (l Leftover) Clear(step func()) error {
	root, err := os.OpenRoot(l.Base)
	if err != nil {
		return failed(l.Base, "cannot open the folder", err)
	}
	defer root.Close()
	if step != nil {
		step()
	}
	at := path.Join(filepath.ToSlash(l.Base), l.Path)
	if l.Finishes {
		if err := root.Rename(filepath.FromSlash(l.temp), filepath.FromSlash(l.Path)); err != nil {
			return failed(at, "cannot put the fetched document in place", err)
		}
		return nil
	}
	if err := root.Remove(filepath.FromSlash(l.temp)); err != nil {
		return failed(path.Join(filepath.ToSlash(l.Base), l.temp), "cannot remove what a killed run left behind", err)
	}
	return nil
}
