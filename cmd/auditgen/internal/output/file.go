package output

import (
	"bytes"
	"errors"
	"io/fs"
	"path"
	"strings"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// File is a file beside the packages, such as a document that was fetched. Path is a clean slash path below the folder Base,
// which exists; none of its folders may be a link. Unlike the files of a package it may replace any regular file.
type File struct {
	Base, Path string
	Data       []byte
}

// openFile decides what has to be done for one file.
func (t *target) openFile(f File, errs *source.Collector) {
	t.Package = Package{Base: f.Base, Dir: path.Dir(f.Path)}
	name := path.Base(f.Path)
	there, err := t.lookInto()
	if err != nil {
		errs.AddErr("", err)
		return
	}
	t.Files = []generator.File{{Name: name, Data: f.Data}}
	t.plan.differences = []Difference{{Missing, name}}
	if !there {
		t.plan.write = t.Files
		return
	}
	if err := t.planTemps(); err != nil {
		errs.AddErr("", err)
		return
	}
	at := path.Join(t.Folder(), name)
	info, err := t.dir.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		errs.AddErr("", failed(at, "cannot look at the file", err))
		return
	case !info.Mode().IsRegular():
		errs.Add(source.Position{File: at}, "", "this is no regular file, and auditgen must write it", "move it away, or name another file")
		return
	default:
		if old, err := t.read(name, int64(len(f.Data))+1); err == nil && bytes.Equal(old, f.Data) {
			t.plan.differences = nil
			return
		}
		t.plan.differences[0].State = Differs
	}
	t.plan.write = t.Files
}

// planTemps lets everything be removed that a run that was cut off left behind.
func (t *target) planTemps() error {
	dir, err := t.dir.Open(".")
	if err != nil {
		return failed(t.Folder(), "cannot read the folder", err)
	}
	defer dir.Close()
	all, err := dir.ReadDir(-1)
	if err != nil {
		return failed(t.Folder(), "cannot read the folder", err)
	}
	for _, d := range all {
		if d.Type().IsRegular() && isTemp(d.Name()) {
			t.plan.remove = append(t.plan.remove, d.Name())
		}
	}
	return nil
}

// names gives the files that must stand in the folder: those of a package with their manifest, or a file alone.
func (t *target) names() []string {
	var all []string
	for _, f := range t.Files {
		all = append(all, f.Name)
	}
	if t.Inputs != "" {
		all = append(all, ManifestName)
	}
	return all
}

// clashes reports files that are to be written twice, and files where a folder must be, also where that is so only on a disk
// that ignores case: a rename that fails would leave a run half done.
func (s *Set) clashes(errs *source.Collector) {
	files := map[string]*target{}
	for _, t := range s.targets {
		for _, name := range t.names() {
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
