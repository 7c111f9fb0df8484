package diff

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// standIns imports packages that are not read: neither a Go installation nor a module cache is
// needed to compare two generated packages, and nothing outside the two sides can change what is
// found. A generated package uses few names of other packages in what it exports. Those whose shape
// matters (what can be compared, embedded or ranged over) are declared below; any other name stands
// for a type about which nothing is known but its name, and that is all that apidiff asks of types
// of other packages.
type standIns struct {
	used     map[string]map[string]int // number of type arguments by path and name
	packages map[string]*types.Package
}

// shapes are the declarations whose shape matters, by package path.
var shapes = map[string]string{
	"context":       "type Context interface{ Done() <-chan struct{}; Err() error; Value(key any) any }",
	"encoding/json": "type RawMessage []byte; type Number string; type Marshaler interface{ MarshalJSON() ([]byte, error) }",
	"errors":        "func New(text string) error",
	"io": "type Reader interface{ Read([]byte) (int, error) }; type Writer interface{ Write([]byte) (int, error) };" +
		"type Closer interface{ Close() error }; type ReadCloser interface{ Reader; Closer }",
	"iter": "type Seq[V any] func(yield func(V) bool); type Seq2[K, V any] func(yield func(K, V) bool)",
	"net/http": "type Header map[string][]string; type Client struct{ _ func() }; type Request struct{ _ func() };" +
		"type Response struct{ _ func() }; type RoundTripper interface{ RoundTrip(*Request) (*Response, error) }",
	"net/url":       "type Values map[string][]string",
	"rest":          "type File struct{ _ func() }",
	"rest/lossless": "type Union struct{ _ func() }",
	"time": "type Time struct{ _ uint64 }; type Duration int64; type Month int; const (" +
		"Nanosecond Duration = 1; Microsecond = 1000 * Nanosecond; Millisecond = 1000 * Microsecond;" +
		"Second = 1000 * Millisecond; Minute = 60 * Second; Hour = 60 * Minute)",
}

func newStandIns(files []*ast.File) *standIns {
	s := &standIns{used: map[string]map[string]int{}, packages: map[string]*types.Package{}}
	for _, f := range files {
		paths := map[string]string{}
		for _, spec := range f.Imports {
			where, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				continue
			}
			name := packageName(where)
			if spec.Name != nil {
				name = spec.Name.Name
			}
			paths[name] = runtimeOnce(where)
		}
		for _, decl := range f.Decls {
			ast.Inspect(decl, func(n ast.Node) bool { return s.note(paths, n) })
		}
	}
	return s
}

// note records the names of other packages that declarations use. It skips function bodies.
func (s *standIns) note(paths map[string]string, n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BlockStmt:
		return false
	case *ast.IndexExpr:
		s.use(paths, n.X, 1)
	case *ast.IndexListExpr:
		s.use(paths, n.X, len(n.Indices))
	case *ast.SelectorExpr:
		s.use(paths, n, 0)
	}
	return true
}

func (s *standIns) use(paths map[string]string, n ast.Expr, arguments int) {
	selector, ok := n.(*ast.SelectorExpr)
	if !ok {
		return
	}
	qualifier, ok := selector.X.(*ast.Ident)
	if !ok || paths[qualifier.Name] == "" {
		return
	}
	where := paths[qualifier.Name]
	if s.used[where] == nil {
		s.used[where] = map[string]int{}
	}
	s.used[where][selector.Sel.Name] = max(arguments, s.used[where][selector.Sel.Name])
}

var majorVersion = regexp.MustCompile(`^v[0-9]+$`)

// packageName returns what a package is called that nobody looks at: the last element of its path
// that is not a version.
func packageName(where string) string {
	dir, name := path.Split(where)
	if majorVersion.MatchString(name) && dir != "" {
		name = path.Base(dir)
	}
	return name
}

// runtimeOnce returns the same path for the runtime on both sides.
func runtimeOnce(where string) string {
	for _, own := range []string{"rest", "rest/lossless", "rest/atlassian"} {
		if where == own || strings.HasSuffix(where, "/"+own) {
			return own
		}
	}
	return where
}

// Import returns the placeholder for the package at a path.
func (s *standIns) Import(where string) (*types.Package, error) {
	where = runtimeOnce(where)
	if p := s.packages[where]; p != nil {
		return p, nil
	}
	name := packageName(where)
	files := token.NewFileSet()
	tree, err := parser.ParseFile(files, where, "package "+cmp.Or(identifier(name), "p")+"; "+shapes[where], parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("package %s: %w", where, err)
	}
	config := types.Config{IgnoreFuncBodies: true, Error: func(error) {}}
	pkg, _ := config.Check(where, files, []*ast.File{tree}, nil)
	for name, arguments := range s.used[where] {
		if pkg.Scope().Lookup(name) == nil {
			pkg.Scope().Insert(unknown(pkg, name, arguments))
		}
	}
	pkg.MarkComplete()
	s.packages[where] = pkg
	return pkg, nil
}

// identifier returns the name if it is a Go identifier, else nothing.
func identifier(name string) string {
	if token.IsIdentifier(name) {
		return name
	}
	return ""
}

// unknown returns a type of which only the name is known.
func unknown(pkg *types.Package, name string, arguments int) *types.TypeName {
	out := types.NewTypeName(token.NoPos, pkg, name, nil)
	named := types.NewNamed(out, types.NewStruct(nil, nil), nil)
	parameters := make([]*types.TypeParam, arguments)
	for i := range parameters {
		parameters[i] = types.NewTypeParam(types.NewTypeName(token.NoPos, pkg, "T"+strconv.Itoa(i), nil), types.Universe.Lookup("any").Type())
	}
	named.SetTypeParams(slices.Clip(parameters))
	return out
}
