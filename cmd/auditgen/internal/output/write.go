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

// Write puts everything on disk. Files that were changed by hand and carry no header are an error. If it fails before
// everything stands there under temporary names, nothing has changed.
//
// With the right to write below a folder, in which everything must lie then, a run that fails later is finished by the next
// one. Without, if a rename fails after that, the error says which folder has to be written again.
func (s *Set) Write(busy *Busy) error {
	if err := s.writable(busy); err != nil {
		return err
	}
	var made []madeFolder
	var temps []temp
	for _, t := range s.targets {
		if t.dir == nil {
			busy.next()
			if err := t.create(&made); err != nil {
				remove(made)
				return err
			}
		}
		for _, f := range t.plan.write {
			temps = append(temps, temp{t, tempPrefix + rand.Text() + tempSuffix, f})
		}
	}
	err := s.writeTemps(temps, busy)
	if err == nil && busy != nil {
		err = s.record(temps, busy)
	}
	if err != nil {
		discard(temps)
		remove(made)
		return err
	}
	if busy != nil {
		return busy.do(s.steps)
	}
	if err := s.commit(temps); err != nil {
		discard(temps)
		return err
	}
	return nil
}

// writable tells why the files cannot be written.
func (s *Set) writable(busy *Busy) error {
	var errs source.Collector
	for _, t := range s.targets {
		t.report(t.plan.edited, &errs)
		if busy != nil && t.Base != busy.home {
			errs.Add(source.Position{File: t.Folder()}, "", "this does not lie below "+busy.home, "write it in a run of its own")
		}
	}
	return errs.Err()
}

// record writes down what is to be done from now on. Temporary files of earlier runs are removed before.
func (s *Set) record(temps []temp, busy *Busy) error {
	buf := make([]byte, 64<<10)
	for _, t := range s.targets {
		for _, name := range t.plan.remove {
			if isTemp(name) {
				busy.next()
				_ = t.dir.Remove(name) // another run, or the same in another target, has done it; or a later one will
				continue
			}
			hash, err := t.hash(name, buf)
			if err != nil {
				return failed(path.Join(t.Folder(), name), "cannot read the file, and nothing was changed", err)
			}
			s.steps = append(s.steps, journalStep{dir: t.Dir, name: name, hash: hash})
		}
	}
	for _, f := range temps {
		s.steps = append(s.steps, journalStep{dir: f.to.Dir, temp: f.name, name: f.file.Name, hash: hashOf(f.file.Data)})
	}
	if err := busy.sync(folders(s.steps)); err != nil {
		return err
	}
	return busy.record(s.steps)
}

// writeAtOnce is how many files are written at a time: a disk syncs many together in about the time of one.
const writeAtOnce = 16

// writeTemps writes all files under their temporary names. The error is that of the first file that failed.
func (s *Set) writeTemps(temps []temp, busy *Busy) error {
	errs := make([]error, len(temps))
	slots := make(chan struct{}, writeAtOnce)
	var all sync.WaitGroup
	for i, f := range temps {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			write := func(file *os.File, data []byte) error {
				busy.next()
				return s.write(file, data)
			}
			busy.next()
			if err := writeTemp(f.to.dir, f.name, f.file.Data, write); err != nil {
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
func WriteFile(name string, data []byte) (err error) {
	s, err := Open(nil, File{Base: filepath.Dir(name), Path: filepath.Base(name), Data: data})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return s.Write(nil)
}
