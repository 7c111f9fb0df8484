package refdoc

import (
	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// jsonText gives the text of a fact that is a JSON string.
func jsonText(f claim.Fact) string {
	n, ok := f.Value.(*source.Node)
	if !ok {
		return ""
	}
	return n.Str()
}
