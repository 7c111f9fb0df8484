package generator

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/lock"
	"github.com/seed-1954497d/auditgen/generator/report"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// WriteHTML writes the page that shows the origin of everything in the outputs. in holds the input
// of each output.
func WriteHTML(w io.Writer, in []Input, out []*Output) error {
	pages := make([]report.Page, len(out))
	for i, o := range out {
		texts := map[string][]byte{}
		for _, s := range in[i].Sources {
			file, err := source.Decode(s.File)
			if err != nil {
				return err
			}
			texts[s.File.Name] = file.Data
		}
		for _, s := range o.Document.Sources {
			if s.Kind == claim.HAR { // a recording has secrets in its lines
				delete(texts, s.File)
			}
		}
		declared, err := declarations(o)
		if err != nil {
			return err
		}
		pages[i] = report.Page{Package: in[i].Package, Document: o.Document, Texts: texts, Go: declared, Changes: lockChanges(in[i].Names, o.Names)}
	}
	return report.HTML(w, pages)
}

// lockChanges returns the differences from the lock of earlier runs. Operations are matched by
// name. Without a lock there are no differences.
func lockChanges(locked, now []lock.Operation) []report.Change {
	if len(locked) == 0 {
		return nil
	}
	before := make(map[string]lock.Operation, len(locked))
	for _, op := range locked {
		before[op.Name] = op
	}
	var all []report.Change
	for _, op := range now {
		add := func(what, text string) {
			all = append(all, report.Change{What: what, Address: settled.OperationAddress(op.Method, op.Path), Text: text})
		}
		old, known := before[op.Name]
		switch {
		case !known:
			add("added", "as "+op.Name)
			continue
		case old.Removed && op.Removed:
			continue
		case op.Removed:
			add("removed", "nothing else gets its name, "+op.Name)
			continue
		case old.Removed:
			add("returned", "as "+op.Name)
		}
		if old.Method != op.Method || old.Path != op.Path {
			add("moved", "from "+settled.OperationAddress(old.Method, old.Path))
		}
		differences := append(listChanges(old.Parameters, op.Parameters), listChanges(old.Answers, op.Answers)...)
		if len(differences) > 0 {
			add("changed", strings.Join(differences, ", "))
		}
	}
	return all
}

// listChanges returns the differences of two lists: "+ query limit", "- query size".
func listChanges(before, now []string) []string {
	var out []string
	for _, s := range now {
		if !slices.Contains(before, s) {
			out = append(out, "+ "+s)
		}
	}
	for _, s := range before {
		if !slices.Contains(now, s) {
			out = append(out, "- "+s)
		}
	}
	return out
}

// declarations returns the Go that was made from each address: the parameters, method and paging of
// an operation, and the type of a schema.
func declarations(o *Output) ([]report.Declaration, error) {
	texts, err := textsOf(o.Files)
	if err != nil {
		return nil, err
	}
	var all []report.Declaration
	add := func(address string, names ...string) {
		for _, name := range names {
			if text := texts[name]; text != "" {
				all = append(all, report.Declaration{Address: address, Name: names[0], Text: text})
			}
		}
	}
	for _, group := range o.API.Groups {
		for _, op := range group.Operations {
			add(op.Address, operationNames(op)...)
		}
	}
	for _, m := range o.API.Models {
		add(m.Address, m.Name)
	}
	for _, e := range o.API.Enums {
		add(e.Address, e.Name)
	}
	for _, u := range o.API.Unions {
		add(u.Address, u.Name)
	}
	return all, nil
}

// operationNames returns the names of the declarations of an operation, the method first.
func operationNames(op *ir.Operation) []string {
	names := []string{op.Name}
	if op.Params != nil {
		names = append(names, op.Params.Name)
	}
	if op.Paging != nil {
		names = append(names, op.Paging.Pager, op.Paging.All)
	}
	return names
}

// textsOf returns the text of each type and each method of Client in generated files, by name.
// Constants follow their type. Names are unique, because methods of Client and types share a scope.
// Encoding (json*.gen.go) and the runtime are left out: they say nothing about the API.
func textsOf(files []File) (map[string]string, error) {
	texts := map[string]string{}
	for _, f := range files {
		if !strings.HasSuffix(f.Name, ".gen.go") || strings.HasPrefix(f.Name, "json") {
			continue
		}
		fset := token.NewFileSet()
		parsed, err := parser.ParseFile(fset, f.Name, f.Data, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("generated code cannot be read back: %w", err)
		}
		text := func(doc *ast.CommentGroup, n ast.Node) string {
			from := n.Pos()
			if doc != nil {
				from = doc.Pos()
			}
			return string(f.Data[fset.Position(from).Offset:fset.Position(n.End()).Offset])
		}
		for _, d := range parsed.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv != nil && receiver(d) == "Client" {
					texts[d.Name.Name] = text(d.Doc, d)
				}
			case *ast.GenDecl:
				name := declares(d)
				if name != "" {
					texts[name] = strings.TrimPrefix(texts[name]+"\n\n"+text(d.Doc, d), "\n\n")
				}
			}
		}
	}
	return texts, nil
}

func receiver(d *ast.FuncDecl) string {
	t := d.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	name, _ := t.(*ast.Ident)
	if name == nil {
		return ""
	}
	return name.Name
}

// declares returns the name of the type that a declaration declares or has constants of.
func declares(d *ast.GenDecl) string {
	if len(d.Specs) == 0 {
		return ""
	}
	switch s := d.Specs[0].(type) {
	case *ast.TypeSpec:
		return s.Name.Name
	case *ast.ValueSpec:
		if t, ok := s.Type.(*ast.Ident); ok {
			return t.Name
		}
	}
	return ""
}
