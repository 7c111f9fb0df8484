package main

import (
	"bytes"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/cmd/auditgen/internal/output"
	"github.com/seed-1954497d/auditgen/cmd/auditgen/internal/revision"
	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/lock"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// lockFile is the lock beside a configuration. All packages of the configuration share one.
type lockFile struct {
	dir, name string
	packages  []generator.PackageConfig // of the configuration
	bytes     []byte                    // as they are on disk; nil if there is no lock yet
	lock      *lock.File                // what it says about the packages that the configuration has
	gone      []string                  // folders of packages that the configuration does not have any more
}

// lockName returns the file name of the lock of a configuration: auditgen.lock for auditgen.yaml.
func lockName(config string) string {
	base := filepath.Base(config)
	if stem := strings.TrimSuffix(base, filepath.Ext(base)); stem != "" {
		base = stem
	}
	return base + ".lock"
}

// readLock reads the lock of a configuration, if there is one.
func readLock(t tree, file string, config *generator.Config) (*lockFile, error) {
	l := &lockFile{dir: filepath.Dir(file), name: lockName(file), packages: config.Packages, lock: &lock.File{}}
	shown := t.shown(l.path())
	fail := func(what, do string) (*lockFile, error) {
		return nil, source.Errors{{Pos: source.Position{File: shown}, What: what, Do: do}}
	}
	if l.name == filepath.Base(file) {
		return fail("this is the configuration, and its lock would have the same name", "call the configuration "+defaultConfig)
	}
	if info, err := os.Lstat(l.path()); t == (disk{}) && err == nil && !info.Mode().IsRegular() {
		return fail("the lock is not a regular file", "move it away")
	}
	switch kind, err := t.kind(l.path()); {
	case err != nil:
		return fail("cannot be read: "+output.Cause(err), "check who may read it")
	case kind == revision.Missing:
		return l, nil
	}
	data, what, do := t.read(l.path())
	if what != "" {
		return fail(what, do)
	}
	said, err := lock.Parse(source.File{Name: shown, Data: data})
	if err != nil {
		return nil, err
	}
	l.bytes, l.lock.Sources = data, said.Sources
	for _, p := range l.packages {
		if found := said.Find(p.Package, p.Out); found != nil {
			l.lock.Packages = append(l.lock.Packages, lock.Package{Package: p.Package, Folder: p.Out, Operations: found.Operations, Models: found.Models})
		}
	}
	others := l.foldersOfOthers()
	for _, p := range said.Packages {
		has := func(now generator.PackageConfig) bool { return now.Out == p.Folder }
		if p.Folder != "" && !slices.ContainsFunc(l.packages, has) && !others[p.Folder] {
			l.gone = append(l.gone, p.Folder)
		}
	}
	return l, nil
}

// foldersOfOthers returns the folders of the packages that other locks beside this one have: a
// package that moved to another configuration is not gone.
func (l *lockFile) foldersOfOthers() map[string]bool {
	all := map[string]bool{}
	files, _ := filepath.Glob(filepath.Join(l.dir, "*.lock")) // the only error is that of a bad pattern
	for _, file := range files {
		data, what, _ := readFile(file)
		if filepath.Base(file) == l.name || what != "" {
			continue
		}
		if other, err := lock.Parse(source.File{Name: file, Data: data}); err == nil {
			for _, p := range other.Packages {
				all[p.Folder] = true
			}
		}
	}
	return all
}

// path returns the path of the lock.
func (l *lockFile) path() string { return filepath.ToSlash(filepath.Join(l.dir, l.name)) }

// pins returns the operations and the models of a package.
func (l *lockFile) pins(p generator.PackageConfig) ([]lock.Operation, []lock.Model) {
	if found := l.lock.Find(p.Package, p.Out); found != nil {
		return found.Operations, found.Models
	}
	return nil, nil
}

// set replaces the operations and the models of a package.
func (l *lockFile) set(p generator.PackageConfig, out *generator.Output) {
	now := lock.Package{Package: p.Package, Folder: p.Out, Operations: out.Names, Models: out.Models}
	for i := range l.lock.Packages {
		if one := &l.lock.Packages[i]; one.Folder == p.Out {
			now.Package = one.Package
			*one = now
			return
		}
	}
	l.lock.Packages = append(l.lock.Packages, now)
}

// gonePackages returns the folders of packages that the configuration had when the lock was
// written.
func (l *lockFile) gonePackages() []output.Package {
	if l == nil {
		return nil
	}
	all := make([]output.Package, len(l.gone))
	for i, folder := range l.gone {
		all[i] = output.Package{Base: l.dir, Dir: folder, Gone: true}
	}
	return all
}

// leftovers returns what killed runs left beside the lock and the fetched documents.
func (l *lockFile) leftovers() []output.Leftover {
	if l == nil {
		return nil
	}
	files := map[string]string{l.name: ""}
	for _, p := range l.packages {
		for _, s := range p.Sources {
			if s.URL == "" {
				continue
			}
			clean := path.Clean(s.Path)
			files[clean] = ""
			if known := l.lock.Source(clean); known != nil {
				files[clean] = known.SHA256
			}
		}
	}
	return output.Leftovers(l.dir, files)
}

// unfinished returns an error if an update has changed the lock and not yet every document.
func (l *lockFile) unfinished() error {
	var errs source.Collector
	for _, left := range l.leftovers() {
		if left.Finishes {
			at := filepath.ToSlash(filepath.Join(left.Base, left.Path))
			errs.Add(source.Position{File: at}, "", "an update that was killed or is still running has not replaced this document yet", "run auditgen generate or auditgen update, which finishes it")
		}
	}
	return errs.Err()
}

// stands reports whether the lock on disk is as it would be written.
func (l *lockFile) stands() bool { return l == nil || bytes.Equal(l.bytes, l.lock.Bytes()) }

// files returns the lock as it has to be on disk.
func (l *lockFile) files() []output.File {
	if l == nil {
		return nil
	}
	return []output.File{{Base: l.dir, Path: l.name, Data: l.lock.Bytes()}}
}

// keepNames puts the names of the operations into the lock, and returns it. Generating with these
// names changes nothing, so the packages are remembered with them.
func keepNames(works []work, outputs []*generator.Output) *lockFile {
	for i := range works {
		if w := &works[i]; w.lock != nil {
			w.input.Names, w.input.Models = outputs[i].Names, outputs[i].Models
			w.lock.set(w.config, outputs[i])
		}
	}
	return works[0].lock
}

// tellNames prints what happened to operations since the lock was written.
func (p *program) tellNames(outputs []*generator.Output) {
	var notes []*source.Error
	for _, out := range outputs {
		if out.Document != nil {
			notes = append(notes, out.Document.LockNotes...)
		}
	}
	slices.SortStableFunc(notes, func(a, b *source.Error) int { return a.Pos.Line - b.Pos.Line })
	for _, note := range notes {
		fmt.Fprintln(p.stderr, source.Printable(note.Error()))
	}
}
