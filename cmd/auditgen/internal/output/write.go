package output

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sync"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// temp is a file on its way: written under a temporary name, to be renamed to that of the file.
type temp struct {
	to   *target
	name string
	file generator.File
}

// Write puts all packages on disk. Files that were changed by hand and carry no header are an error. If it fails before
// everything stands there under temporary names, nothing has changed; if a rename fails after that, the error says which
// folder has to be written again.
func (s *Set) Write() error {
	var errs source.Collector
	for _, t := range s.targets {
		t.report(t.plan.edited, &errs)
	}
	if err := errs.Err(); err != nil {
		return err
	}
	var made []madeFolder
	var temps []temp
	for _, t := range s.targets {
		if t.dir == nil {
			if err := t.create(&made); err != nil {
				remove(made)
				return err
			}
		}
		for _, f := range t.plan.write {
			temps = append(temps, temp{t, tempPrefix + rand.Text() + tempSuffix, f})
		}
	}
	if err := s.writeTemps(temps); err != nil {
		discard(temps)
		remove(made)
		return err
	}
	if err := s.commit(temps); err != nil {
		discard(temps)
		return err
	}
	return nil
}

// writeAtOnce is how many files are written at a time: a disk syncs many together in about the time of one.
const writeAtOnce = 16

// writeTemps writes all files under their temporary names. The error is that of the first file that failed.
func (s *Set) writeTemps(temps []temp) error {
	errs := make([]error, len(temps))
	slots := make(chan struct{}, writeAtOnce)
	var all sync.WaitGroup
	for i, f := range temps {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			if err := writeTemp(f.to.dir, f.name, f.file.Data, s.write); err != nil {
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

// commit removes what is left over and gives the new files their names, folder by folder and the manifest last.
func (s *Set) commit(temps []temp) error {
	const partly = "the folder was written in part, run the command again"
	for _, t := range s.targets {
		for _, name := range t.plan.remove {
			if err := t.dir.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return failed(path.Join(t.Folder(), name), partly+": cannot remove the file", err)
			}
		}
		for ; len(temps) > 0 && temps[0].to == t; temps = temps[1:] {
			if err := t.dir.Rename(temps[0].name, temps[0].file.Name); err != nil {
				return failed(path.Join(t.Folder(), temps[0].file.Name), partly+": cannot rename the file", err)
			}
		}
	}
	return nil
}

// discard removes temporary files that were not renamed.
func discard(temps []temp) {
	for _, f := range temps {
		_ = f.to.dir.Remove(f.name) // gone if it was renamed or never written; a later run removes what stays
	}
}

// madeFolder is a folder that Write created.
type madeFolder struct {
	root *os.Root
	name string
}

// remove takes back folders that were made for nothing, deepest first. One that somebody uses already stays.
func remove(made []madeFolder) {
	for _, folder := range made {
		_ = folder.root.Remove(folder.name)
	}
}

// create makes the output folder; the deepest of those made comes first, so that they can be removed in order.
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

// writeTemp writes a new file and sees to it that it is on disk; a file it could not finish is removed.
func writeTemp(dir *os.Root, name string, data []byte, write func(*os.File, []byte) error) error {
	f, err := dir.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	if err := errors.Join(write(f, data), f.Close()); err != nil {
		return errors.Join(err, dir.Remove(name))
	}
	return nil
}

func writeSync(f *os.File, data []byte) error {
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.Sync()
}

// WriteFile writes one file that the user named, atomically, and only if it is not there yet as it must be. Unlike
// the files of a package it may replace any regular file.
func WriteFile(name string, data []byte) error {
	folder, base := filepath.Dir(name), filepath.Base(name)
	dir, err := os.OpenRoot(folder)
	if err != nil {
		return failed(folder, "cannot open the folder", err)
	}
	t := &target{Package: Package{Base: folder, Dir: "."}, dir: dir}
	defer dir.Close()
	info, err := dir.Lstat(base)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return failed(name, "cannot look at the file", err)
	case !info.Mode().IsRegular():
		return &source.Error{Pos: source.Position{File: filepath.ToSlash(name)}, What: "this is no regular file", Do: "name a file, or - for standard output"}
	default:
		if old, err := t.read(base, int64(len(data))+1); err == nil && string(old) == string(data) {
			return nil
		}
	}
	t.plan.write = []generator.File{{Name: base, Data: data}}
	s := &Set{targets: []*target{t}, write: writeSync}
	return s.Write()
}
