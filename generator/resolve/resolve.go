// Package resolve turns a settled document into the API as Go sees it: ir.API. It decides names, types, what is optional,
// how times travel and which listings page. It works in two passes: create makes a model or an enum for every
// schema with a name, link fills in fields, operations and the shapes that have no name of their own.
package resolve

import (
	"cmp"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/naming"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// Input is what one package is resolved from.
type Input struct {
	Document *settled.Document
	Package  string
	Reserved []string // exported identifiers that every package declares
	Methods  []string // methods that every Client has; no operation of the document is called like one

	ImportPath string // of the package, for its examples; empty if nobody knows
	Rest       string // import path of the runtime
}

// Resolve decides everything about the package that is to be emitted. An error is a source.Errors: an instruction in the
// document, such as x-auditgen-paging, or one of an overlay, such as x-go-type-name, that does not fit.
func Resolve(in Input) (*ir.API, error) {
	r := &resolver{
		doc:     in.Document,
		types:   naming.NewScope(append(slices.Clone(predeclared), in.Reserved...)...),
		methods: naming.NewScope(in.Methods...),
		args:    slices.Concat(ir.LocalNames, predeclared, in.Reserved),
		models:  map[string]*ir.Model{},
		enums:   map[string]*ir.Enum{},
		unions:  map[string]*ir.Union{},
		aliases: map[string]*ir.Type{},
		plans:   plansOf{},
		inner:   map[shape]*ir.Type{},
		oauth:   map[string]bool{},
		api:     &ir.API{Package: in.Package, ImportPath: in.ImportPath, Rest: in.Rest},
		errs:    &source.Collector{},
		shown:   map[*ir.Param]*settled.Schema{},

		shownFields: map[*ir.Field]*settled.Schema{},
	}
	r.describe()
	r.findShaped()
	r.hearNames()
	r.reserve()
	r.giveNames()
	r.create()
	r.linkSchemas()
	r.linkOperations()
	r.checkNames()
	if err := r.errs.Err(); err != nil {
		return nil, err
	}
	r.breakRecursion()
	r.mark()
	slices.SortFunc(r.api.Unions, func(a, b *ir.Union) int { return cmp.Compare(a.Name, b.Name) })
	r.examples()
	slices.SortFunc(r.api.Models, func(a, b *ir.Model) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(r.api.Enums, func(a, b *ir.Enum) int { return cmp.Compare(a.Name, b.Name) })
	return r.api, nil
}

// predeclared are the identifiers that generated code relies on besides those of the runtime.
var predeclared = []string{"any", "append", "bool", "byte", "cap", "clear", "close", "comparable", "copy", "delete", "error", "false",
	"float64", "int", "int64", "iota", "len", "make", "max", "min", "new", "nil", "panic", "string", "true", "uint64",
	"context", "io", "iter", "json", "time", "slices", "maps", "strings", "bytes", "url", "rest", "lossless"}

// note reports what Go cannot say as the documents do.
func (r *resolver) note(address, what, instead string) {
	r.api.Notes = append(r.api.Notes, ir.Note{Address: address, What: what, Instead: instead})
}

type resolver struct {
	doc     *settled.Document
	api     *ir.API
	types   *naming.Scope
	methods *naming.Scope
	args    []string
	errs    *source.Collector
	models  map[string]*ir.Model // by schema name
	enums   map[string]*ir.Enum  // by schema name
	unions  map[string]*ir.Union // by schema name
	aliases map[string]*ir.Type  // by schema name: what the other schemas with names are

	names   []*givenName                   // given by x-go-type-name, in document order
	given   map[*settled.Schema]*givenName // the same by schema
	givenTo map[string]*givenName          // those that can be had, by name
	oauth   map[string]bool                // security schemes that have scopes

	plans  plansOf
	inner  map[shape]*ir.Type
	taken  int // variants that were taken out of unions within unions so far
	asking int // how many schemas are being asked for their JSON type

	current   *derived            // that of the operation that is being resolved; nil while schemas are
	derived   map[string]*derived // by Go name of the operation
	shaped    map[string]bool     // names of schemas with members, of their own or by allOf
	inherited int                 // members and parts that allOf brought in so far
	following map[string]bool     // names of schemas that are no models and that are being resolved, to find cycles

	shown       map[*ir.Param]*settled.Schema // where examples take their values from
	shownFields map[*ir.Field]*settled.Schema
}

// target follows a reference. It returns the name of the schema that describes s, and that schema: an
// empty name and s itself if s is not a reference. A reference wrapped into allOf, to make room for a
// description, counts as the reference itself.
func target(s *settled.Schema) (string, *settled.Schema) {
	switch {
	case s == nil:
		return "", nil
	case s.Ref != nil:
		t := s.Resolved()
		return t.Name, t
	}
	if ref := wrapped(s); ref != nil {
		t := ref.Resolved()
		return t.Name, t
	}
	return "", s
}

// wrapped returns the one reference in the allOf of a schema that says nothing else about the shape of
// values, or nil.
func wrapped(s *settled.Schema) *settled.Schema {
	if len(s.Properties)+len(s.OneOf)+len(s.AnyOf) > 0 {
		return nil
	}
	var ref *settled.Schema
	for _, part := range s.AllOf {
		switch {
		case part.Ref == nil && isRemark(part):
		case part.Ref == nil || ref != nil:
			return nil
		default:
			ref = part
		}
	}
	return ref
}

// isRemark reports whether a part of allOf describes no shape: it holds a description, or narrows what
// others describe.
func isRemark(s *settled.Schema) bool {
	for range s.Parts() {
		return false
	}
	return len(s.Enum()) == 0 && timeExtension(s) == ""
}

// remark returns what describes s: itself, or the first part of its allOf that has a description.
func remark(s *settled.Schema) *settled.Schema {
	if s.Text("description") == "" && wrapped(s) != nil {
		for _, part := range s.AllOf {
			if part.Text("description") != "" {
				return part
			}
		}
	}
	return s
}

// describe fills in what the package documentation says.
func (r *resolver) describe() {
	r.api.Title = r.doc.Title()
	r.api.Doc = r.doc.Text("description")
	for _, s := range r.doc.Sources {
		r.api.Documents = append(r.api.Documents, ir.Document{Name: baseName(s.File), Kind: kinds[s.Kind]})
	}
	if len(r.doc.Servers) > 0 {
		r.api.Server = r.doc.Servers[0]
	}
	for _, s := range r.doc.Security {
		r.oauth[s.Name] = s.Definition.Get("type").Str() == "oauth2"
	}
}

// kinds is how the package documentation calls the kinds of documents.
var kinds = map[claim.Kind]string{claim.Overlay: "overlay", claim.Page: "reference page", claim.Table: "field table",
	claim.Postman: "Postman collection", claim.Sample: "JSON sample", claim.OpenAPI: "specification"}

func baseName(file string) string {
	return file[strings.LastIndexAny(file, `/\`)+1:]
}
