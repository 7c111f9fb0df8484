package output

import (
	"errors"
	"path"
	"path/filepath"
	"strings"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// File is a file beside the packages, such as a document that was fetched. Path is a clean slash
// path below the folder Base, which exists; none of its folders may be a link. Unlike the files of
// a package it may replace any regular file.
type File struct {
	Base, Path string
	Data       []byte
}

// openFile decides what has to be done for one file.
func (t *target) openFile(f File, errs *source.Collector) {
	t.Package = Package{Base: f.Base, Dir: path.Dir(f.Path)}
	name := path.Base(f.Path)
	t.Files = []generator.File{{Name: name, Data: f.Data}}
	there, err := t.lookInto()
	if err != nil {
		errs.AddErr("", err)
		return
	}
	old := absent
	if there {
		if old, err = t.current(name); err == nil {
			t.plan.remove, err = t.temps(name)
		}
	}
	at := path.Join(t.Folder(), name)
	switch {
	case errors.Is(err, errNotRegular):
		errs.Add(source.Position{File: at}, "", "this is not a regular file, and auditgen must write it", "move it away, or name another file")
	case err != nil:
		errs.AddErr("", failed(at, "cannot look at the file", err))
	case old == absent:
		t.plan.write, t.plan.differences = t.Files, []Difference{{Missing, name}}
	case old != hashOf(f.Data):
		t.plan.write, t.plan.differences = t.Files, []Difference{{Differs, name}}
	}
}

// WriteFile writes one file that the user named, atomically, and only if it is not there yet as it
// must be.
func WriteFile(name string, data []byte) (err error) {
	unlock, err := Lock(name)
	if err != nil {
		return err
	}
	defer unlock()
	s, err := Open(nil, File{Base: filepath.Dir(name), Path: filepath.Base(name), Data: data})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return s.Write(nil)
}

// writes returns the names of the files that the target writes: those of a package with its
// manifest, or a file alone.
func (t *target) writes() []string {
	var all []string
	for _, f := range t.Files {
		all = append(all, f.Name)
	}
	if !t.alone && !t.Gone {
		all = append(all, ManifestName)
	}
	return all
}

// clashes reports files that are to be written twice, and files where a folder must be, also on a
// disk that ignores case: a rename that fails would leave a run half done.
func (s *Set) clashes(errs *source.Collector) {
	files := map[string]*target{}
	for _, t := range s.targets {
		for _, name := range t.writes() {
			at := path.Join(t.Folder(), name)
			if other := files[strings.ToLower(at)]; other != nil && other != t {
				errs.Add(source.Position{File: at}, "", "two files of this run would be one", "give the document or the package another folder")
			}
			files[strings.ToLower(at)] = t
		}
	}
	for _, t := range s.targets {
		for _, dir := range prefixes(t.Folder()) {
			if files[strings.ToLower(dir)] != nil {
				errs.Add(source.Position{File: dir}, "", "a file and a folder of this run would have this name", "give the document or the package another folder")
			}
		}
	}
}
