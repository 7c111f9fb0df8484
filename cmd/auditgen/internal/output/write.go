package output

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sync"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// temp is a file on its way: it is written under a temporary name and then renamed.
type temp struct {
	to   *target
	name string
	file generator.File
}

// Write puts everything on disk. The caller holds the lock on all folders. Files that were changed
// by hand and have no header are an error. Step, which may be nil, is called before each change of
// the disk.
//
// Nothing has changed until all files are on disk under temporary names. Then packages that are
// gone are removed. Then come the files beside the packages, in their order: the first of them says
// what the others must be, so once it is renamed the run has happened, and what is still missing is
// a Leftover that finishes it. Packages come last: they can be generated again.
func (s *Set) Write(step func()) error {
	if step == nil {
		step = func() {}
	}
	if err := s.edited(); err != nil {
		return err
	}
	made, err := s.create(step)
	var files, packages []temp
	if err == nil {
		files, packages, err = s.stage(step)
	}
	if err == nil {
		err = s.removeGone(step)
	}
	renamed := 0
	if err == nil {
		renamed, err = renameFiles(files, step)
	}
	switch {
	case err == nil:
	case renamed == 0:
		discard(append(files, packages...))
		remove(made)
		return err
	default: // the files stay under their temporary names: the next run finishes
		discard(packages)
		return err
	}
	if err := s.renamePackages(packages, step); err != nil {
		discard(packages)
		return err
	}
	return nil
}

// edited reports the files that a run must not replace because somebody changed them.
func (s *Set) edited() error {
	var errs source.Collector
	for _, t := range s.targets {
		t.report(t.plan.edited, &errs)
	}
	return errs.Err()
}

// stage writes all files under their temporary names, after it has removed temporary files of runs
// that were killed.
func (s *Set) stage(step func()) (files, packages []temp, err error) {
	for _, t := range s.targets {
		for _, name := range t.plan.remove {
			if isTemp(name) {
				step()
				_ = t.dir.Remove(name) // if it stays it is in the way, and that is an error below
			}
		}
		for _, f := range t.plan.write {
			old, err := t.current(f.Name)
			if err != nil {
				return nil, nil, failed(path.Join(t.Folder(), f.Name), "cannot read the file, and nothing was changed", err)
			}
			one := temp{t, tempName(f.Name, old), f}
			if !t.alone {
				packages = append(packages, one)
			} else {
				files = append(files, one)
			}
		}
	}
	if err := s.writeTemps(append(files[:len(files):len(files)], packages...), step); err != nil {
		return files, packages, err
	}
	for _, f := range files {
		f.to.sync()
	}
	return files, packages, nil
}

// writeAtOnce is how many files are written at a time: a disk syncs many together in about the time
// of one.
const writeAtOnce = 16

// writeTemps writes all files under their temporary names. The error is that of the first file that
// failed.
func (s *Set) writeTemps(temps []temp, step func()) error {
	errs := make([]error, len(temps))
	slots := make(chan struct{}, writeAtOnce)
	var all sync.WaitGroup
	for i, f := range temps {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			step()
			if err := s.writeTemp(f, step); err != nil {
				errs[i] = failed(path.Join(f.to.Folder(), f.file.Name), "cannot write the file, and nothing was changed", err)
			}
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// writeTemp writes a new file and waits until it is on disk.
func (s *Set) writeTemp(t temp, step func()) error {
	f, err := t.to.dir.OpenFile(t.name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	step()
	return errors.Join(s.write(f, t.file.Data), f.Close())
}

func writeSync(f *os.File, data []byte) error {
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.Sync()
}

// renameFiles renames the files beside the packages, and returns how many it has renamed.
func renameFiles(files []temp, step func()) (int, error) {
	for i, f := range files {
		step()
		if err := f.to.dir.Rename(f.name, f.file.Name); err != nil {
			what := "cannot rename the file, and nothing was changed"
			if i > 0 {
				what = "some files were changed, and the next run changes the others: cannot rename the file"
			}
			return i, failed(path.Join(f.to.Folder(), f.file.Name), what, err)
		}
		f.to.sync() // a disk that loses power must not have the second file without the first
	}
	return len(files), nil
}

// renamePackages renames new files and removes what is left over, folder by folder. The
// manifest comes last, so that a run that is killed leaves no file that nothing lists.
func (s *Set) renamePackages(temps []temp, step func()) error {
	for _, t := range s.targets {
		if t.Gone {
			continue
		}
		if err := t.removeFiles(step); err != nil {
			return err
		}
		for ; len(temps) > 0 && temps[0].to == t; temps = temps[1:] {
			step()
			if err := t.dir.Rename(temps[0].name, temps[0].file.Name); err != nil {
				return failed(path.Join(t.Folder(), temps[0].file.Name), partly+": cannot rename the file", err)
			}
		}
	}
	return nil
}

// partly begins errors about a folder in which a run could not do everything.
const partly = "the folder was written in part, run the command again"

// removeFiles removes what is left over in a folder.
func (t *target) removeFiles(step func()) error {
	for _, name := range t.plan.remove {
		if isTemp(name) {
			continue
		}
		step()
		if err := t.dir.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return failed(path.Join(t.Folder(), name), partly+": cannot remove the file", err)
		}
	}
	return nil
}

// removeGone removes the packages that are gone. That comes before the lock is renamed, because
// only the old lock knows their folders: a run that is killed meanwhile goes on when it is started
// again.
func (s *Set) removeGone(step func()) error {
	for _, t := range s.targets {
		if !t.Gone || t.dir == nil {
			continue
		}
		if err := t.removeFiles(step); err != nil {
			return err
		}
		step()
		_ = t.base.Remove(filepath.FromSlash(t.Dir)) // stays if somebody has files in it
	}
	return nil
}

// discard removes temporary files that were not renamed.
func discard(temps []temp) {
	for _, f := range temps {
		_ = f.to.dir.Remove(f.name) // gone if it was renamed or never written; a later run removes what stays
	}
}

// sync waits until the names in the folder, and those of the folders above it, are on disk. Not
// every system can do that, and without a loss of power nothing depends on it.
func (t *target) sync() {
	for _, dir := range append([]string{"."}, prefixes(t.Dir)...) {
		if f, err := t.base.Open(filepath.FromSlash(dir)); err == nil {
			_ = f.Sync()
			_ = f.Close()
		}
	}
}

// madeFolder is a folder that Write created.
type madeFolder struct {
	root *os.Root
	name string
}

// create makes the folders that are missing. The deepest comes first among those it returns, so
// that they can be removed in order. After an error there are none.
func (s *Set) create(step func()) (made []madeFolder, err error) {
	for _, t := range s.targets {
		if t.dir != nil || t.Gone {
			continue
		}
		step()
		if err := t.create(&made); err != nil {
			remove(made)
			return nil, err
		}
	}
	return made, nil
}

func (t *target) create(made *[]madeFolder) error {
	for _, dir := range prefixes(t.Dir) {
		err := t.base.Mkdir(filepath.FromSlash(dir), 0o777)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return failed(filepath.Join(t.Base, dir), "cannot create the folder", err)
		}
		*made = append([]madeFolder{{t.base, filepath.FromSlash(dir)}}, *made...)
	}
	dir, err := t.base.OpenRoot(filepath.FromSlash(t.Dir))
	if err != nil {
		return failed(t.Folder(), "cannot open the folder", err)
	}
	t.dir = dir
	return nil
}

// remove takes back folders that were made for nothing, deepest first. One that somebody uses
// already stays.
func remove(made []madeFolder) {
	for _, folder := range made {
		_ = folder.root.Remove(folder.name)
	}
}
