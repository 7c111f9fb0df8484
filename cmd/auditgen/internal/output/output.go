// Package output puts generated files on disk. It is the only place that writes, and it writes all of a run or nothing.
//
// Each output folder holds a manifest of what auditgen wrote there. A run first reads every folder and decides, without
// touching anything, what is new, changed or left over and whether something foreign stands in the way. Only then does
// it write: all files of all folders under temporary names, and, when the last of them is safely on disk, each under its
// own name by a rename. The manifest of a folder is last, so that a run that is cut off is found out by the next one. Below
// the folder of a configuration there is a journal besides, so that the next run finishes what one that was cut off began.
//
// All access goes through os.Root: a folder that turns into a link while auditgen runs leads nowhere.
package output

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// Package is a generated package on its way to disk. Dir is a clean slash path below the folder Base, which exists; none
// of its folders may be a link.
type Package struct {
	Base, Dir string
	Files     []generator.File
	Inputs    string // hash of everything the package was made from
}

// Folder gives the output folder as messages show it.
func (p Package) Folder() string {
	return filepath.ToSlash(filepath.Join(p.Base, filepath.FromSlash(p.Dir)))
}

// Set is all the packages of a run, compared with what stands on disk.
type Set struct {
	targets []*target
	write   func(*os.File, []byte) error // writes and syncs, for many files at once; tests let it fail
	steps   []journalStep                // what the journal says
}

// target is one package and its folder.
type target struct {
	Package
	base *os.Root // of Package.Base
	dir  *os.Root // nil until the folder exists
	plan plan
}

// Open reads the folders of all packages, and the files beside them, and decides what has to be written. The error is a
// source.Errors with everything that stands in the way. Nothing is changed before Write.
func Open(packages []Package, files ...File) (*Set, error) {
	s := &Set{write: writeSync}
	var errs source.Collector
	for _, p := range packages {
		t := &target{Package: p}
		s.targets = append(s.targets, t)
		t.open(&errs)
	}
	for _, f := range files {
		t := &target{}
		s.targets = append(s.targets, t)
		t.openFile(f, &errs)
	}
	s.clashes(&errs)
	if err := errs.Err(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close lets go of the folders.
func (s *Set) Close() error {
	var errs []error
	for _, t := range s.targets {
		for _, root := range []*os.Root{t.dir, t.base} {
			if root != nil {
				errs = append(errs, root.Close())
			}
		}
	}
	return errors.Join(errs...)
}

// Differences gives what differs in the folder of package i, by name; behind the packages come the files.
func (s *Set) Differences(i int) []Difference { return s.targets[i].plan.differences }

func (t *target) open(errs *source.Collector) {
	old, err := t.look()
	var listing map[string]entry
	if err == nil && t.dir != nil {
		listing, err = t.list(t.wanted(old))
	}
	if err != nil {
		errs.AddErr("", err)
		return
	}
	var problems []problem
	t.plan, problems = makePlan(listing, old, t.Files, t.Inputs)
	t.report(problems, errs)
}

// look opens the folder, if it exists, and gives its manifest, if it has one.
func (t *target) look() (*manifest, error) {
	there, err := t.lookInto()
	if err != nil || !there {
		return nil, err
	}
	return t.manifest()
}

// lookInto opens the folder, and tells whether it exists.
func (t *target) lookInto() (bool, error) {
	if info, err := os.Stat(t.Base); err == nil && !info.IsDir() {
		return false, noFolder(t.Base)
	}
	var err error
	if t.base, err = os.OpenRoot(t.Base); err != nil {
		return false, failed(t.Base, "cannot open the folder", err)
	}
	exists, err := t.check()
	if err != nil || !exists {
		return false, err
	}
	if t.dir, err = t.base.OpenRoot(filepath.FromSlash(t.Dir)); err != nil {
		return false, failed(t.Folder(), "cannot open the folder", err)
	}
	return true, nil
}

func (t *target) report(problems []problem, errs *source.Collector) {
	for _, p := range problems {
		errs.Add(source.Position{File: path.Join(t.Folder(), p.name)}, "", p.what, p.do)
	}
}

// check walks down to the output folder and says whether it exists; a link or a file on the way is an error.
func (t *target) check() (bool, error) {
	for _, dir := range prefixes(t.Dir) {
		info, err := t.base.Lstat(filepath.FromSlash(dir))
		at := filepath.ToSlash(filepath.Join(t.Base, dir))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return false, nil
		case err != nil:
			return false, failed(at, "cannot look at the folder", err)
		case info.Mode()&fs.ModeSymlink != 0:
			return false, &source.Error{Pos: source.Position{File: at}, What: "the output folder leads through a symbolic link", Do: "name the folder it stands for, or remove the link"}
		case !info.IsDir():
			return false, noFolder(at)
		}
	}
	return true, nil
}

func noFolder(at string) error {
	return &source.Error{Pos: source.Position{File: filepath.ToSlash(at)}, What: "this is no folder, and the output must go there", Do: "move it away, or choose another folder"}
}

// prefixes gives every folder on the way to dir, dir included.
func prefixes(dir string) []string {
	var all []string
	for i, c := range dir {
		if c == '/' {
			all = append(all, dir[:i])
		}
	}
	return append(all, dir)
}

// manifest reads the manifest of the folder, or gives nil if there is none.
func (t *target) manifest() (*manifest, error) {
	at := path.Join(t.Folder(), ManifestName)
	info, err := t.dir.Lstat(ManifestName)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return nil, nil // what is no regular file is found when the plan is made
	}
	if err != nil {
		return nil, failed(at, "cannot look at the file", err)
	}
	data, err := t.read(ManifestName, maxManifest+1)
	if err != nil {
		return nil, err
	}
	if len(data) > maxManifest {
		return nil, &source.Error{Pos: source.Position{File: at}, What: "this is too large for a manifest", Do: "restore the file from version control, or delete it"}
	}
	return parseManifest(source.File{Name: at, Data: data})
}

// The most that is read of a file in an output folder.
const (
	maxManifest = 4 << 20
	maxHeader   = 256 // of a Go file that nothing lists
)

// wanted gives how much of each file a plan has to know: all of what may be ours, and how other Go files begin.
func (t *target) wanted(old *manifest) func(name string) int64 {
	known := map[string]bool{ManifestName: true}
	for _, f := range t.Files {
		known[f.Name] = true
	}
	if old != nil {
		for name := range old.files {
			known[name] = true
		}
	}
	return func(name string) int64 {
		switch {
		case known[name]:
			return source.MaxBytes
		case strings.HasSuffix(name, ".go"):
			return maxHeader
		}
		return 0
	}
}

// list gives what stands in the folder. wanted says how many bytes of a regular file are to be read.
func (t *target) list(wanted func(name string) int64) (map[string]entry, error) {
	dir, err := t.dir.Open(".")
	if err != nil {
		return nil, failed(t.Folder(), "cannot read the folder", err)
	}
	defer dir.Close()
	all, err := dir.ReadDir(-1)
	if err != nil {
		return nil, failed(t.Folder(), "cannot read the folder", err)
	}
	listing := make(map[string]entry, len(all))
	for _, d := range all {
		e := entry{mode: d.Type()}
		if most := wanted(d.Name()); most > 0 && e.mode.IsRegular() {
			if e.data, err = t.read(d.Name(), most); err != nil {
				return nil, err
			}
		}
		listing[d.Name()] = e
	}
	return listing, nil
}

// read gives the content of a file, or its first bytes if there are more.
func (t *target) read(name string, most int64) ([]byte, error) {
	f, err := t.dir.Open(name)
	if err != nil {
		return nil, failed(path.Join(t.Folder(), name), "cannot read the file", err)
	}
	defer f.Close()
	var data bytes.Buffer
	if info, err := f.Stat(); err == nil {
		data.Grow(int(min(info.Size(), most)) + bytes.MinRead) // the buffer is not to be moved while it grows
	}
	if _, err := data.ReadFrom(io.LimitReader(f, most)); err != nil {
		return nil, failed(path.Join(t.Folder(), name), "cannot read the file", err)
	}
	return data.Bytes(), nil
}

// failed is an error of the disk at a path.
func failed(at, what string, err error) error {
	do := "check the path, and the room on its disk"
	switch {
	case errors.Is(err, fs.ErrPermission):
		do = "check who may do that"
	case errors.Is(err, fs.ErrNotExist):
		do = "create it, or check the path"
	}
	return &source.Error{Pos: source.Position{File: filepath.ToSlash(at)}, What: what + ": " + Cause(err), Do: do, Err: err}
}
