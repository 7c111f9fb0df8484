package merge

import (
	"fmt"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/naming"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// x-go-type-name gives the Go type of a schema its name. The name belongs to the schema and not to
// the place: said of a reference, it is the name of the schema behind it. Which names are free is
// known when Go is decided on, in package resolve; here it is checked that a name is one at all,
// because other tools print what the settled document has.

// checkTypeNames refuses names of overlays that are not identifiers or contradict each other, and
// leaves such names of documents out.
func checkTypeNames(doc *settled.Document, errs *source.Collector) {
	for e, s := range doc.All() {
		f := e.Fact(claim.TypeName)
		if s == nil || f == nil {
			continue
		}
		fromOverlay := f.Won.Source.Kind == claim.Overlay
		switch {
		case naming.IsExported(f.Won.Value):
		case fromOverlay:
			errs.Add(source.Position{File: f.Won.Source.File, Line: f.Won.Line}, e.Address,
				fmt.Sprintf("x-go-type-name %.100q is not an exported Go identifier", f.Won.Value), "write one such as AuditRecord")
		default:
			e.Drop(string(claim.TypeName))
		}
		for _, lost := range f.Lost {
			if fromOverlay && lost.Source.File == f.Won.Source.File { // the second would replace the first silently
				errs.Add(source.Position{File: lost.Source.File, Line: lost.Line}, e.Address,
					fmt.Sprintf("x-go-type-name %.100q: line %d names the same schema %.100q", lost.Value, f.Won.Line, f.Won.Value), "remove one of them")
			}
		}
	}
}
