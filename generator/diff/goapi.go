package diff

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"sync"

	"golang.org/x/exp/apidiff"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// GoChange is one change of the Go API as apidiff reports it.
type GoChange struct {
	Symbol     string // such as "GetAuditRecordsParams.Limit" or "(*Client).GetAuditRecords"
	What       string // such as "added", "removed" or "*int64 -> string"
	Compatible bool   // code that uses the old API compiles against the new one
}

func (c GoChange) String() string { return c.Symbol + ": " + c.What }

// compareGo compares the exported API of two packages. What their functions do is left aside, so
// that nothing is reported between packages that differ in bodies and comments only. Errors are
// source.Errors about files that are not Go.
//
// The files need not be ours: a package that lies in a folder may have been changed by hand.
// go/types and apidiff promise nothing about packages with mistakes in them, hence the recover.
func compareGo(old, new []generator.File) (changes []GoChange, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &source.Error{What: fmt.Sprintf("the Go files of the two sides cannot be compared: %v", r), Do: "generate them again"}
		}
	}()
	old, new = goFiles(old), goFiles(new)
	if slices.EqualFunc(old, new, func(a, b generator.File) bool { return a.Name == b.Name && string(a.Data) == string(b.Data) }) {
		return nil, nil
	}
	s := newSyntax()
	if err := s.parse(slices.Concat(old, new)); err != nil {
		return nil, err
	}
	var before, after *types.Package
	var both sync.WaitGroup
	var failed [2]any
	for i, side := range []struct {
		files []generator.File
		into  **types.Package
	}{{old, &before}, {new, &after}} {
		both.Go(func() {
			defer func() { failed[i] = recover() }()
			*side.into = s.check(side.files)
		})
	}
	both.Wait()
	for _, r := range failed {
		if r != nil {
			panic(r)
		}
	}
	removed := keepApart(before, after)
	return goChanges(apidiff.Changes(before, after), removed), nil
}

// goFiles returns the files that are part of the package, in the order of their names.
func goFiles(all []generator.File) []generator.File {
	var out []generator.File
	for _, f := range all {
		if strings.HasSuffix(f.Name, ".go") && !strings.HasSuffix(f.Name, "_test.go") {
			out = append(out, f)
		}
	}
	slices.SortFunc(out, func(a, b generator.File) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// syntax holds parsed files by their bytes: most files are the same on both sides, and the type
// checker only reads them.
type syntax struct {
	files  *token.FileSet
	mu     sync.Mutex
	parsed map[string]*ast.File
}

func newSyntax() *syntax { return &syntax{files: token.NewFileSet(), parsed: map[string]*ast.File{}} }

// parse parses each distinct file once, two at a time.
func (s *syntax) parse(all []generator.File) error {
	todo := make(chan generator.File)
	var errs source.Collector
	var workers sync.WaitGroup
	for range 2 {
		workers.Go(func() {
			for f := range todo {
				file, err := parser.ParseFile(s.files, f.Name, f.Data, parser.SkipObjectResolution)
				s.mu.Lock()
				s.parsed[string(f.Data)] = file
				if err != nil {
					addSyntaxErrors(&errs, f.Name, err)
				}
				s.mu.Unlock()
			}
		})
	}
	seen := map[string]bool{}
	for _, f := range all {
		if !seen[string(f.Data)] {
			seen[string(f.Data)] = true
			todo <- f
		}
	}
	close(todo)
	workers.Wait()
	return errs.Err()
}

// addSyntaxErrors reports the first error of a file. The others usually follow from it.
func addSyntaxErrors(errs *source.Collector, name string, err error) {
	pos := source.Position{File: name}
	if list, ok := errors.AsType[scanner.ErrorList](err); ok {
		pos.Line = list[0].Pos.Line
	}
	errs.Add(pos, "", "this is not Go", "generate the package again")
}

// check returns the package that the files make, as far as its declarations tell. Whatever is wrong
// in it is left aside: the declarations that are right are compared all the same.
func (s *syntax) check(files []generator.File) *types.Package {
	trees := s.trees(files)
	config := types.Config{Importer: newStandIns(trees), IgnoreFuncBodies: true, DisableUnusedImportCheck: true, Error: func(error) {}}
	pkg, _ := config.Check("p", s.files, trees, nil) // errors went to config.Error
	return pkg
}

func (s *syntax) trees(files []generator.File) []*ast.File {
	trees := make([]*ast.File, len(files))
	for i, f := range files {
		trees[i] = s.parsed[string(f.Data)]
	}
	return trees
}

// keepApart declares the types that are gone in the new package too, as something that no type can
// be taken for, and gives their names. Otherwise apidiff looks for the type that took the place of
// each, by what it meets first in the order of a map: where a type was split in two, every run
// would say something else. apidiff goes by the order of names and has to meet these pairs first,
// so the old package gets another name for each of them.
func keepApart(old, new *types.Package) map[string]bool {
	nothing := types.NewInterfaceType(nil, []types.Type{types.Typ[types.Int], types.Typ[types.String]}).Complete()
	removed := map[string]bool{}
	for _, name := range old.Scope().Names() {
		t, ok := old.Scope().Lookup(name).(*types.TypeName)
		if !ok || !t.Exported() || new.Scope().Lookup(name) != nil {
			continue
		}
		removed[name] = true
		var gone types.Type = nothing // implements every interface, so apidiff does not report missing methods
		if types.IsInterface(t.Type()) {
			gone = types.NewInterfaceType(nil, nil).Complete() // every type implements it, for the same reason
		}
		stand := types.NewTypeName(token.NoPos, new, name, nil)
		types.NewNamed(stand, gone, nil)
		new.Scope().Insert(stand)
		old.Scope().Insert(types.NewTypeName(token.NoPos, old, "\x00"+name, t.Type()))
	}
	return removed
}

// goChanges returns what apidiff found, sorted; of the types that are gone only that they are.
func goChanges(report apidiff.Report, removed map[string]bool) []GoChange {
	var out []GoChange
	for name := range removed {
		out = append(out, GoChange{Symbol: name, What: "removed"})
	}
	for _, c := range report.Changes {
		symbol, what, _ := strings.Cut(c.Message, ": ")
		if removed[typeOf(symbol)] {
			continue
		}
		out = append(out, GoChange{Symbol: symbol, What: arrow(what), Compatible: c.Compatible})
	}
	slices.SortFunc(out, func(a, b GoChange) int { return strings.Compare(a.String(), b.String()) })
	return out
}

// typeOf returns the declaration that a symbol belongs to: Client of (*Client).Do, Params of
// Params.Limit.
func typeOf(symbol string) string {
	symbol = strings.TrimPrefix(strings.TrimPrefix(symbol, "("), "*")
	if i := strings.IndexAny(symbol, ").[,"); i >= 0 {
		return symbol[:i]
	}
	return symbol
}

// arrow rewrites "changed from int64 to string" as "int64 -> string".
func arrow(what string) string {
	for _, prefix := range []string{"changed from ", "value changed from "} {
		rest, ok := strings.CutPrefix(what, prefix)
		if before, after, two := strings.Cut(rest, " to "); ok && two {
			return before + " -> " + after
		}
	}
	return what
}
