// Package generator turns the documents about an API into a Go client. Generate is the map of the whole program: it names the
// stages in their order, and each stage is a package whose doc comment says what comes in and what goes out.
package generator

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/emit"
	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/merge"
	"github.com/seed-1954497d/auditgen/generator/openapi"
	"github.com/seed-1954497d/auditgen/generator/refdoc"
	"github.com/seed-1954497d/auditgen/generator/report"
	"github.com/seed-1954497d/auditgen/generator/resolve"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
	"github.com/seed-1954497d/auditgen/templates"
)

// Input is everything one generated package is made from.
type Input struct {
	Package string        // name of the Go package
	Sources []SourceInput // strongest first; overlays are stronger than all others wherever they stand
	Include []string      // path globs; none means everything
	Exclude []string
}

// SourceInput is one document.
type SourceInput struct {
	Kind     claim.Kind // Reference: found out by content
	BasePath string
	File     source.File
}

// File is one generated file; Name has no folder.
type File struct {
	Name string
	Data []byte
}

// Output is what Generate gives.
type Output struct {
	Files    []File // sorted by name, openapi.yaml and PROVENANCE.md among them
	Document *settled.Document
}

// Generate makes a Go package. It is pure: bytes in, files out. Errors about documents are source.Errors.
func Generate(in Input) (*Output, error) {
	doc, err := Settle(in)
	if err != nil {
		return nil, err
	}
	api, err := resolveAPI(in, doc)
	if err != nil {
		return nil, err
	}
	files, err := printed(in, doc, api)
	if err != nil {
		return nil, err
	}
	return &Output{Files: files, Document: doc}, nil
}

// Settle does the first half of Generate: the document without the Go.
func Settle(in Input) (*settled.Document, error) {
	docs, overlays, err := read(in)
	if err != nil {
		return nil, err
	}
	keep, err := in.filter()
	if err != nil {
		return nil, err
	}
	doc, err := merge.Settle(merge.Input{Name: cmp.Or(in.Package, "API"), Docs: docs, Overlays: overlays, Keep: keep})
	if err != nil {
		return nil, err
	}
	if len(doc.Operations) == 0 {
		return nil, &source.Error{What: "no operation is left to generate", Do: "check include and exclude against the paths of the documents"}
	}
	return doc, nil
}

// overlayStep keeps the ranks of the actions of one overlay apart from those of the next.
const overlayStep = 1 << 20

// read turns every document into claims, and reports what is wrong with any of them at once.
func read(in Input) (docs []*claim.Document, overlays []*merge.Overlay, err error) {
	errs := &source.Collector{}
	for i, s := range in.Sources {
		src := &claim.Source{File: s.File.Name, Kind: s.Kind, BasePath: s.BasePath, Rank: i}
		switch s.Kind {
		case claim.Overlay:
			src.Rank = (i - len(in.Sources)) * overlayStep
			o, err := merge.ParseOverlay(s.File, src, readOverlay)
			errs.AddErr(s.File.Name, err)
			overlays = append(overlays, o)
		case claim.OpenAPI:
			doc, err := openapi.Parse(s.File, src)
			errs.AddErr(s.File.Name, err)
			docs = append(docs, doc)
		default:
			doc, err := refdoc.Parse(s.File, src)
			errs.AddErr(s.File.Name, err)
			docs = append(docs, doc)
		}
	}
	if len(docs) == 0 && errs.Len() == 0 {
		errs.AddErr("", &source.Error{What: "there is no document that describes an API", Do: "give a specification or a reference page"})
	}
	return docs, overlays, errs.Err()
}

// readOverlay reads what an action of an overlay adds.
func readOverlay(tree *source.Node, src *claim.Source) (*claim.Document, error) {
	r := openapi.NewFragmentReader(src.File, tree)
	doc := openapi.ReadDocument(tree, r)
	doc.Source = src
	doc.Notes = r.Notes()
	return doc, r.Err()
}

// filter makes of include and exclude a function that says which operations are wanted.
func (in *Input) filter() (func(method, path string) bool, error) {
	include, err := compileGlobs(in.Include)
	if err != nil {
		return nil, fmt.Errorf("include: %w", err)
	}
	exclude, err := compileGlobs(in.Exclude)
	if err != nil {
		return nil, fmt.Errorf("exclude: %w", err)
	}
	return func(_, path string) bool {
		return (len(in.Include) == 0 || include.Match(path)) && !exclude.Match(path)
	}, nil
}

func resolveAPI(in Input, doc *settled.Document) (*ir.API, error) {
	return resolve.Resolve(resolve.Input{Document: doc, Package: in.Package, Reserved: templates.Reserved(), Methods: templates.ClientMethods()})
}

// printed gives all files of the package: the generated ones, the runtime, and what lies beside the code.
func printed(in Input, doc *settled.Document, api *ir.API) ([]File, error) {
	var files []File
	code, err := emit.Files(api)
	if err != nil {
		return nil, fmt.Errorf("package %s: %w", in.Package, err)
	}
	for _, f := range code {
		files = append(files, File{f.Name, f.Data})
	}
	runtime, err := templates.Runtime(in.Package)
	if err != nil {
		return nil, fmt.Errorf("package %s: %w", in.Package, err)
	}
	for _, f := range runtime {
		files = append(files, File{f.Name, f.Data})
	}
	spec, err := doc.YAML()
	if err != nil {
		return nil, fmt.Errorf("package %s: %w", in.Package, err)
	}
	files = append(files, File{"openapi.yaml", spec}, File{"PROVENANCE.md", report.Markdown(doc)})
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Name, b.Name) })
	return files, nil
}
