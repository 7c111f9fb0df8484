package merge

import (
	"fmt"
	"slices"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/naming"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// x-go-type-name gives the Go type of a schema its name. The name belongs to the schema and not to
// the place: said of a reference, it is the name of the schema behind it. Which names are free is
// known when Go is decided on, in package resolve; here it is checked that a name is one at all,
// because other tools print what the settled document has.

// checkTypeNames refuses names of overlays that are no identifiers or contradict each other, and
// leaves such names of documents out.
func (b *builder) checkTypeNames() {
	for _, name := range b.doc.TypeNames {
		if naming.IsExported(name.Said.Value) {
			continue
		}
		if name.Said.Source.Kind == claim.Overlay {
			b.errs.Add(source.Position{File: name.Said.Source.File, Line: name.Said.Line}, name.Address,
				fmt.Sprintf("x-go-type-name %.100q is not an exported Go identifier", name.Said.Value), "write one such as AuditRecord")
			continue
		}
		name.Schema.Members = slices.DeleteFunc(name.Schema.Members, func(m source.Member) bool { return m.Key == string(claim.TypeName) })
	}
	for i := range b.doc.Facts {
		b.checkOneName(&b.doc.Facts[i])
	}
}

// checkOneName refuses two names for one schema in one overlay: the second of them would replace
// the first without a word.
func (b *builder) checkOneName(f *settled.Fact) {
	if f.Name != claim.TypeName || f.Won.Source.Kind != claim.Overlay {
		return
	}
	for _, lost := range f.Lost {
		if lost.Source.File == f.Won.Source.File {
			b.errs.Add(source.Position{File: lost.Source.File, Line: lost.Line}, f.Address,
				fmt.Sprintf("x-go-type-name %.100q: line %d names the same schema %.100q", lost.Value, f.Won.Line, f.Won.Value), "remove one of them")
		}
	}
}
