// Package compiled spares tests the compiler and the linker, where these take longer than the test
// itself. Programs of this module are linked once for all tests. Code that only has to compile is
// type-checked: of what it imports, only other modules are compiled, as the tests themselves need.
package compiled

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"
)

// Main runs the tests of a package, for TestMain, and returns the exit status. Before that, build
// may build programs in a temporary folder.
func Main(m interface{ Run() int }, build func(dir string) error) (status int) {
	dir, err := os.MkdirTemp("", "auditgen-test-")
	if err == nil {
		defer os.RemoveAll(dir)
		err = build(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// Program copies a program of this module, such as cmd/auditgen, into a folder. It comes from go
// run, which keeps executables in the build cache, so tests of other packages do not link it again.
func Program(dir, name string) (file string, err error) {
	file = filepath.Join(dir, path.Base(name))
	_, err = printed("go", "run", "-exec", "cp", "github.com/seed-1954497d/auditgen/"+name, file)
	return file, err
}

// Build builds a program whose files need not be on disk: files are texts by their places, relative
// to the current folder. What else it needs are the folder for the results, its package and flags.
// Its path is that of the package, whichever folder that is, so the build cache works.
func Build(dir, program string, files map[string]string, flags ...string) (file string, err error) {
	replace := map[string]string{}
	for place, text := range files {
		whole, err := filepath.Abs(filepath.FromSlash(place))
		if err != nil {
			return "", err
		}
		replace[whole] = filepath.Join(dir, strconv.Itoa(len(replace))+".go")
		if err := os.WriteFile(replace[whole], []byte(text), 0o600); err != nil {
			return "", err
		}
	}
	overlay, file := filepath.Join(dir, "overlay.json"), filepath.Join(dir, "program")
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err == nil {
		err = os.WriteFile(overlay, data, 0o600)
	}
	if err != nil {
		return "", err
	}
	_, err = printed("go", slices.Concat([]string{"build", "-overlay", overlay, "-o", file}, flags, []string{program})...)
	return file, err
}

func printed(name string, args ...string) (string, error) {
	c := exec.Command(name, args...)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w\n%s", c, err, &stderr)
	}
	return strings.TrimSpace(string(out)), nil
}

// Importer returns an importer of packages and of all that they import. They are compiled as a
// build in the current folder does.
func Importer(files *token.FileSet, packages ...string) (types.Importer, error) {
	out, err := printed("go", append([]string{"list", "-export", "-deps", "-json=ImportPath,Export"}, packages...)...)
	if err != nil {
		return nil, err
	}
	exports := map[string]string{}
	for dec := json.NewDecoder(strings.NewReader(out)); dec.More(); {
		var p struct{ ImportPath, Export string }
		if err := dec.Decode(&p); err != nil {
			return nil, err
		}
		exports[p.ImportPath] = p.Export
	}
	return importer.ForCompiler(files, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) }), nil
}

// Modules type-checks all packages below the folders of modules, with their tests. It returns the
// packages by import path. Packages of other modules are those of a build in the current folder.
func Modules(dirs ...string) (map[string]*types.Package, error) {
	m := &modules{files: token.NewFileSet(), sources: map[string]*sources{}, checked: map[string]*types.Package{}}
	for _, dir := range dirs {
		if err := m.read(dir); err != nil {
			return nil, err
		}
	}
	elsewhere := map[string]bool{}
	for _, s := range m.sources {
		for _, file := range slices.Concat(s.code, s.tests, s.outside) {
			for _, spec := range file.Imports {
				if path := strings.Trim(spec.Path.Value, `"`); m.sources[path] == nil {
					elsewhere[path] = true
				}
			}
		}
	}
	var err error
	if m.compiled, err = Importer(m.files, slices.Sorted(maps.Keys(elsewhere))...); err != nil {
		return nil, err
	}
	var all []error
	for _, path := range slices.Sorted(maps.Keys(m.sources)) {
		s := m.sources[path]
		_, err := m.Import(path)
		all = append(all, err)
		if len(s.tests) > 0 {
			_, err = m.check(path, s.goVersion, slices.Concat(s.code, s.tests))
			all = append(all, err)
		}
		if len(s.outside) > 0 {
			_, err = m.check(path+"_test", s.goVersion, s.outside)
			all = append(all, err)
		}
	}
	return m.checked, errors.Join(all...)
}

// modules are packages that are being checked.
type modules struct {
	files    *token.FileSet
	compiled types.Importer
	sources  map[string]*sources // by import path
	checked  map[string]*types.Package
}

// sources are the files of a package: code, tests within the package and tests outside of it.
type sources struct {
	goVersion            string
	code, tests, outside []*ast.File
}

// read parses the packages of a module.
func (m *modules) read(root string) error {
	data, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return err
	}
	mod, err := modfile.ParseLax("go.mod", data, nil)
	if err != nil {
		return err
	}
	return filepath.WalkDir(root, func(dir string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		_, inner := os.Stat(filepath.Join(dir, "go.mod"))
		if dir != root && (inner == nil || d.Name() == "vendor" || d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".")) {
			return fs.SkipDir
		}
		p, err := build.ImportDir(dir, 0)
		if none := new(build.NoGoError); errors.As(err, &none) {
			return nil
		} else if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, dir)
		if err != nil {
			return err
		}
		s := &sources{goVersion: "go" + mod.Go.Version}
		m.sources[path.Join(mod.Module.Mod.Path, filepath.ToSlash(rel))] = s
		for list, names := range map[*[]*ast.File][]string{&s.code: p.GoFiles, &s.tests: p.TestGoFiles, &s.outside: p.XTestGoFiles} {
			for _, name := range names {
				file, err := parser.ParseFile(m.files, filepath.Join(dir, name), nil, parser.SkipObjectResolution)
				if err != nil {
					return err
				}
				*list = append(*list, file)
			}
		}
		return nil
	})
}

// Import returns a package of the modules as checked, and others as compiled.
func (m *modules) Import(path string) (*types.Package, error) {
	s := m.sources[path]
	if s == nil {
		return m.compiled.Import(path)
	}
	if m.checked[path] == nil {
		p, err := m.check(path, s.goVersion, s.code)
		if err != nil {
			return nil, err
		}
		m.checked[path] = p
	}
	return m.checked[path], nil
}

func (m *modules) check(path, goVersion string, files []*ast.File) (*types.Package, error) {
	var all []error
	config := types.Config{Importer: m, GoVersion: goVersion, Error: func(err error) { all = append(all, err) }}
	p, _ := config.Check(path, m.files, files, nil) // every error went to config.Error
	return p, errors.Join(all...)
}
