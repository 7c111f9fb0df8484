// Package output puts generated files on disk. It is the only place that writes, and it writes all
// files of a run or none.
//
// Each output folder has a manifest of what auditgen wrote there. A run first reads every folder
// and decides, without changing anything, what is new, changed or left over, and whether a foreign
// file is in the way. Only then does it write: all files of all folders under temporary names, and,
// when the last of them is safely on disk, each under its own name by a rename.
//
// A run can be killed between two renames. The next run repairs that without any record of what was
// going on: packages are generated again, and what they are generated from, the lock and the
// fetched documents, is settled by the hashes in the lock (see Leftovers). Lock keeps two runs from
// writing to one folder.
//
// All access goes through os.Root: a folder that turns into a link while auditgen runs leads
// nowhere.
package output

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// Package is a generated package on its way to disk. Dir is a clean slash path below the folder
// Base, which exists; none of its folders may be a link.
type Package struct {
	Base, Dir string
	Files     []generator.File
	Inputs    string // hash of everything the package was made from
	Gone      bool   // nothing generates the package any more: what auditgen wrote there is left over
}

// Folder returns the output folder as messages show it.
func (p Package) Folder() string {
	return filepath.ToSlash(filepath.Join(p.Base, filepath.FromSlash(p.Dir)))
}

// Set is all the packages of a run, compared with what is on disk.
type Set struct {
	targets []*target
	write   func(*os.File, []byte) error // writes and syncs, for many files at once; tests let it fail
}

// target is one package and its folder.
type target struct {
	Package
	base  *os.Root // of Package.Base
	dir   *os.Root // nil until the folder exists
	alone bool     // a file beside the packages, in a folder without a manifest
	plan  plan
}

// Open reads the folders of all packages, and the files beside them, and decides what has to be
// written. The error is a source.Errors with everything that is in the way. Nothing is changed
// before Write.
func Open(packages []Package, files ...File) (*Set, error) {
	s := &Set{write: writeSync}
	var errs source.Collector
	for _, p := range packages {
		t := &target{Package: p}
		s.targets = append(s.targets, t)
		t.open(&errs)
	}
	for _, f := range files {
		t := &target{alone: true}
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
		errs = append(errs, t.close())
	}
	return errors.Join(errs...)
}

func (t *target) close() error {
	var errs []error
	for _, root := range []*os.Root{t.dir, t.base} {
		if root != nil {
			errs = append(errs, root.Close())
		}
	}
	return errors.Join(errs...)
}

// Differences returns what differs in the folder of package i, by name; after the packages come the
// files.
func (s *Set) Differences(i int) []Difference { return s.targets[i].plan.differences }

// Differs reports whether anything differs from what the run would write.
func (s *Set) Differs() bool {
	return slices.ContainsFunc(s.targets, func(t *target) bool { return len(t.plan.differences) > 0 })
}

func (t *target) open(errs *source.Collector) {
	problems := checkNames(t.Files)
	if problems == nil {
		var err error
		if problems, err = t.compare(hashesOf(t.Files)); err != nil {
			errs.AddErr("", err)
			return
		}
	}
	t.report(problems, errs)
}

// compare plans what has to be done in the folder so that it has files with these hashes.
func (t *target) compare(want map[string]string) (problems []problem, err error) {
	old, err := t.look()
	var listing map[string]entry
	if err == nil && t.dir != nil {
		listing, err = t.list(t.wanted(old))
	}
	switch {
	case err != nil:
	case t.Gone:
		t.plan = leftOvers(listing, old)
	default:
		t.plan, problems = makePlan(listing, old, want, t.Files)
	}
	return problems, err
}

// Hashes returns the hash of every file of the package, by name.
func (p Package) Hashes() map[string]string { return hashesOf(p.Files) }

// Unchanged reports whether the folder of a package has exactly the files with these hashes,
// besides foreign ones. Every file is read. In doubt the answer is no, and a run that generates
// finds out what is wrong.
func (p Package) Unchanged(hashes map[string]string) bool {
	for name := range hashes {
		p.Files = append(p.Files, generator.File{Name: name})
	}
	t := &target{Package: p}
	problems, err := t.compare(hashes)
	return t.close() == nil && err == nil && len(problems)+len(t.plan.differences) == 0
}

// look opens the folder, if it exists, and returns its manifest, if it has one.
func (t *target) look() (manifest, error) {
	there, err := t.lookInto()
	if err != nil || !there {
		return nil, err
	}
	return t.manifest()
}

// lookInto opens the folder, and reports whether it exists.
func (t *target) lookInto() (bool, error) {
	if err := checkPlace(t.Folder()); err != nil {
		return false, err
	}
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

// check walks down to the output folder and reports whether it exists. A link or a file on the way
// is an error.
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
	return &source.Error{Pos: source.Position{File: filepath.ToSlash(at)}, What: "this is not a folder, and the output must go there", Do: "move it away, or choose another folder"}
}

// prefixes returns every folder on the way to dir, dir included.
func prefixes(dir string) []string {
	var all []string
	for i, c := range dir {
		if c == '/' {
			all = append(all, dir[:i])
		}
	}
	return append(all, dir)
}

// manifest reads the manifest of the folder. It returns nil if there is none.
func (t *target) manifest() (manifest, error) {
	at := path.Join(t.Folder(), ManifestName)
	info, err := t.dir.Lstat(ManifestName)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return nil, nil // the plan reports anything but a regular file
	}
	if err != nil {
		return nil, failed(at, "cannot look at the file", err)
	}
	if info.Size() > maxManifest {
		return nil, &source.Error{Pos: source.Position{File: at}, What: "this is too large for a manifest", Do: "restore the file from version control, or delete it"}
	}
	data, err := t.dir.ReadFile(ManifestName)
	if err != nil {
		return nil, failed(at, "cannot read the file", err)
	}
	return parseManifest(source.File{Name: at, Data: data})
}

// The most that is read of a file in an output folder.
const (
	maxManifest = 4 << 20
	maxHeader   = 256 // of a Go file that nothing lists, and of any first line
)

// wanted returns how much of each file a plan has to know: all of what may be ours, and how other
// Go files begin.
func (t *target) wanted(old manifest) func(name string) int64 {
	known := map[string]bool{ManifestName: true}
	for _, f := range t.Files {
		known[f.Name] = true
	}
	maps.Copy(known, old)
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

// list returns the content of the folder. Wanted says how many bytes of a regular file are read.
func (t *target) list(wanted func(name string) int64) (map[string]entry, error) {
	all, err := t.names()
	if err != nil {
		return nil, failed(t.Folder(), "cannot read the folder", err)
	}
	listing := make(map[string]entry, len(all))
	buf := make([]byte, 64<<10)
	for _, d := range all {
		var e entry
		if most := wanted(d.Name()); most > 0 && d.Type().IsRegular() {
			if e, err = t.entry(d.Name(), most, buf); err != nil {
				return nil, failed(path.Join(t.Folder(), d.Name()), "cannot read the file", err)
			}
		}
		e.mode = d.Type()
		listing[d.Name()] = e
	}
	return listing, nil
}

// names returns the names in the folder.
func (t *target) names() ([]os.DirEntry, error) {
	dir, err := t.dir.Open(".")
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	return dir.ReadDir(-1)
}

// entry reads a file, or its first bytes if there are more, through a buffer.
func (t *target) entry(name string, most int64, buf []byte) (entry, error) {
	f, err := t.dir.Open(name)
	if err != nil {
		return entry{}, err
	}
	defer f.Close()
	n, err := io.ReadFull(f, buf[:maxHeader])
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return entry{}, err
	}
	h := sha256.New()
	h.Write(buf[:n])
	line, _, _ := bytes.Cut(buf[:n], []byte("\n"))
	e := entry{line: string(bytes.TrimSuffix(line, []byte("\r")))}
	_, err = io.CopyBuffer(struct{ io.Writer }{h}, io.LimitReader(f, most-int64(n)), buf)
	e.hash = hex.EncodeToString(h.Sum(nil))
	return e, err
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
