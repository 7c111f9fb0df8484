// Package resolve turns a settled document into the API as Go sees it: ir.API. It decides names,
// types, what is optional, how times travel and which listings page.
//
// Four subjects build on each other: shapes knows which JSON schemas describe, names hands out Go
// identifiers, typer makes types, and operations makes methods. typer works in two passes: create
// makes a model, an enum or a union for every schema with a name, and linkSchemas fills them.
package resolve

import (
	"cmp"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/lock"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// Input is what one package is resolved from.
type Input struct {
	Document *settled.Document
	Package  string
	Reserved []string     // exported identifiers that every package declares
	Methods  []string     // methods that every Client has; no operation of the document is called like one
	Models   []lock.Model // how the lock has models held

	ImportPath string // of the package, for its examples; empty if nobody knows
	Rest       string // import path of the runtime
	Atlassian  bool   // the API is one of Atlassian
}

// Resolve decides everything about the package that is to be emitted. An error is a source.Errors:
// an instruction in the document, such as x-auditgen-paging, or one of an overlay, such as
// x-go-type-name, that does not fit.
func Resolve(in Input) (*ir.API, error) {
	api, errs := &ir.API{Package: in.Package, ImportPath: in.ImportPath, Rest: in.Rest, Atlassian: in.Atlassian}, &source.Collector{}
	describe(api, in.Document)
	shapes := newShapes(in.Document, api, errs)
	names := newNames(shapes, slices.Concat(predeclared, in.Reserved), in.Methods)
	types := newTyper(names)
	types.create()
	types.linkSchemas()
	operations := newOperations(types, slices.Concat(ir.LocalNames, predeclared, in.Reserved))
	operations.link()
	types.tellUnions()
	names.check()
	if err := errs.Err(); err != nil {
		return nil, err
	}
	findPrefix(api)
	nest(api, in.Models)
	mark(api)
	slices.SortFunc(api.Unions, func(a, b *ir.Union) int { return cmp.Compare(a.Name, b.Name) })
	operations.examples()
	slices.SortFunc(api.Models, func(a, b *ir.Model) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(api.Enums, func(a, b *ir.Enum) int { return cmp.Compare(a.Name, b.Name) })
	return api, nil
}

// predeclared are the identifiers that generated code relies on besides those of the runtime.
var predeclared = []string{"any", "append", "bool", "byte", "cap", "clear", "close", "comparable", "copy", "delete", "error", "false",
	"float64", "int", "int64", "iota", "len", "make", "max", "min", "new", "nil", "panic", "string", "true", "uint64",
	"context", "io", "iter", "json", "time", "slices", "maps", "strings", "bytes", "url", "rest", "lossless"}

// describe fills in what the package documentation says.
func describe(api *ir.API, doc *settled.Document) {
	api.Title, api.Doc = doc.Title(), doc.Text("description")
	for _, s := range doc.Sources {
		api.Documents = append(api.Documents, ir.Document{Name: baseName(s.File), Kind: kinds[s.Kind]})
	}
	if len(doc.Servers) > 0 {
		api.Server = doc.Servers[0]
	}
}

// kinds is how the package documentation calls the kinds of documents.
var kinds = map[claim.Kind]string{claim.Overlay: "overlay", claim.Page: "reference page", claim.Table: "field table",
	claim.Postman: "Postman collection", claim.Sample: "JSON sample", claim.HAR: "recorded traffic", claim.OpenAPI: "specification"}

func baseName(file string) string {
	return file[strings.LastIndexAny(file, `/\`)+1:]
}
