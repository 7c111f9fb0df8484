package main

import (
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// maxGoMod is how many bytes of a go.mod are looked at: its module line stands near the top.
const maxGoMod = 1 << 20

// importPath returns what a package in the folder dir below base is imported as, by the go.mod of
// the module that it is in, and the root of that module; both are empty if it is in none, or in a
// folder that cannot be imported. A declared module path counts as a go.mod in the current folder.
func importPath(base, dir, declared string) (whole, root string) {
	folder, err := filepath.Abs(filepath.Join(base, filepath.FromSlash(dir)))
	if err != nil {
		return "", ""
	}
	here, err := filepath.Abs(".")
	if err != nil {
		return "", ""
	}
	for inside := ""; ; {
		name := modulePath(filepath.Join(folder, "go.mod"))
		if declared != "" && folder == here {
			name = declared
		}
		if name != "" {
			whole := path.Join(name, inside)
			if module.CheckImportPath(whole) != nil {
				return "", ""
			}
			return whole, folder
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			return "", ""
		}
		inside, folder = path.Join(filepath.Base(folder), inside), parent
	}
}

// folder is a place for a package: dir, with slashes, below base, which exists.
type folder struct{ base, dir string }

func (f folder) shown() string {
	return filepath.ToSlash(filepath.Join(f.base, filepath.FromSlash(f.dir)))
}

// placeInModule says what the package and its runtime will be imported as, where they are going to
// be written.
func (w *work) placeInModule(declared string) error {
	if w.dir == "" {
		return nil
	}
	fail := func(what, do string) error {
		return source.Errors{&source.Error{Pos: source.Position{File: folder{w.base, w.dir}.shown()}, What: what, Do: do}}
	}
	var root, restRoot string
	w.input.ImportPath, root = importPath(w.base, w.dir, declared)
	w.input.Rest, restRoot = importPath(w.rest.base, w.rest.dir, declared)
	switch {
	case w.input.ImportPath == "":
		return fail("generated packages import one another by the path of their module, and there is no go.mod here or above, or the folder cannot be imported",
			"run go mod init NAME first, or give --module PATH")
	case root != restRoot:
		return fail("its runtime "+w.rest.shown()+" is not in the same module", "put runtime: inside of the module")
	case !mayImport(w.input.ImportPath, w.input.Rest):
		return fail("it may not import its runtime "+w.input.Rest+": Go lets nobody into an internal folder from outside of its parent", "put one of them elsewhere")
	}
	return nil
}

// mayImport reports whether Go's rule about internal folders lets one package import another.
func mayImport(from, to string) bool {
	elements := strings.Split(to, "/")
	for i := len(elements) - 1; i >= 0; i-- {
		if elements[i] == "internal" {
			parent := strings.Join(elements[:i], "/")
			return parent == "" || from == parent || strings.HasPrefix(from, parent+"/")
		}
	}
	return true
}

// halfPublic reports whether others can import a package and not the types of its runtime.
func (w work) halfPublic() bool {
	internal := func(p string) bool { return strings.Contains("/"+p+"/", "/internal/") }
	return w.input.Rest != "" && internal(w.input.Rest) && !internal(w.input.ImportPath)
}

// modulePath returns the path that a go.mod declares, "" if there is no such file.
func modulePath(file string) string {
	f, err := os.Open(file)
	if err != nil {
		return ""
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxGoMod))
	if err != nil {
		return ""
	}
	return modfile.ModulePath(data)
}
