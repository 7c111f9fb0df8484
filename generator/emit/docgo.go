package emit

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

// addPackageDoc yields
//
//	// Package <name> is a client for <title>.
//	//
//	// <doc>
//	//
//	//	c, err := <name>.NewClient("<server>", ...)
//	//	...
//	//
//	// It was made from these documents: ...
//	package <name>
func addPackageDoc(f *jen.File, api *ir.API) {
	blocks := []block{
		prose("Package " + api.Package + " is a client for " + titleOf(api.Title) + "."),
		prose(capitalized(api.Doc)),
	}
	if op := exampleOperation(api); op != nil {
		blocks = append(blocks, own("Make one client and share it; goroutines can use it at the same time:"), indented(exampleOf(api, op)))
	}
	f.PackageComment(docComment(append(blocks, sourcesOf(api.Documents)...)...))
}

// titleOf returns the title as it is written inside a sentence.
func titleOf(title string) string {
	title = strings.TrimRight(strings.Join(strings.Fields(title), " "), ".")
	lower := strings.ToLower(title)
	switch {
	case title == "":
		return "an HTTP API"
	case strings.HasPrefix(lower, "the "):
		return "the" + title[len("the"):]
	case strings.HasSuffix(lower, "api") || strings.HasSuffix(lower, "apis"):
		return "the " + title
	}
	return "the " + title + " API"
}

// sourcesOf lists the documents.
func sourcesOf(documents []ir.Document) []block {
	if len(documents) == 0 {
		return nil
	}
	lines := make([]string, len(documents))
	for i, d := range documents {
		lines[i] = strings.Join(strings.Fields(d.Name), " ")
		if kind := strings.Join(strings.Fields(d.Kind), " "); kind != "" {
			lines[i] += " (" + kind + ")"
		}
	}
	return []block{own("It was generated from:"), listOf(strings.Join(lines, "\n")).below()}
}

// exampleOperation returns the first operation that pages without further arguments, else the first
// operation.
func exampleOperation(api *ir.API) *ir.Operation {
	var first *ir.Operation
	for _, g := range api.Groups {
		for _, op := range g.Operations {
			if first == nil {
				first = op
			}
			if op.Paging != nil && len(op.PathParams) == 0 && op.Body == nil {
				return op
			}
		}
	}
	return first
}

// exampleOf returns the Go that a reader starts from.
func exampleOf(api *ir.API, op *ir.Operation) string {
	first := "c, err := " + api.Package + ".NewClient(" + quoted(serverOf(api))
	for _, c := range op.Credentials {
		first += ",\n\t" + optionText(api, c)
	}
	lines := []string{first + ")", "if err != nil {", "\treturn err", "}"}
	args := exampleArgs(api, op)
	switch {
	case op.Paging != nil:
		lines = append(lines, "var odd *rest.RecordError", "for item, err := range c."+op.Paging.All+args+" {", "\tif errors.As(err, &odd) {", "\t\tlog.Print(err) "+oddComment,
			"\t} else if err != nil {", "\t\treturn err", "\t}", "\tfmt.Println(item)", "}")
	case op.Result.Kind == ir.ResultNone:
		lines = append(lines, "err = c."+op.Name+args)
	default:
		lines = append(lines, "res, err := c."+op.Name+args)
	}
	return strings.Join(lines, "\n")
}

// exampleArgs returns the arguments of a call by their names.
func exampleArgs(api *ir.API, op *ir.Operation) string {
	args := []string{"ctx"}
	for _, p := range op.PathParams {
		args = append(args, p.Name)
	}
	if op.Body != nil {
		args = append(args, op.Body.Arg)
	}
	if op.Params != nil {
		args = append(args, exampleParams(api, op))
	}
	return "(" + strings.Join(args, ", ") + ")"
}

// exampleParams asks for everything since yesterday if the operation has a time to start from, else
// for everything.
func exampleParams(api *ir.API, op *ir.Operation) string {
	for _, p := range op.Params.Fields {
		end := op.Paging != nil && p == op.Paging.End
		if p.Type.Kind == ir.Time && !p.Type.Pointer && !end {
			return "&" + api.Package + "." + op.Params.Name + "{" + p.Name + ": yesterday}"
		}
	}
	return "nil"
}
