package resolve

import (
	"strings"

	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/settled"
)

// maxListed is how many values a comment names.
const maxListed = 20

// withListed adds to a text which values a document lists, where Go has no constants for them:
// those of numbers and booleans.
func withListed(doc string, s *settled.Schema, t *ir.Type) string {
	if t.Kind != ir.Int && t.Kind != ir.Uint && t.Kind != ir.Float && t.Kind != ir.Bool {
		return doc
	}
	enum := s.Enum()
	if len(enum) == 0 {
		return doc
	}
	var values []string
	for _, v := range enum[:min(len(enum), maxListed)] {
		values = append(values, v.Text)
	}
	if len(enum) > maxListed {
		values = append(values, "others")
	}
	listed := "Documented values: " + strings.Join(values, ", ") + "."
	if doc = strings.TrimSpace(doc); doc == "" {
		return listed
	}
	if !strings.HasSuffix(doc, ".") {
		doc += "."
	}
	return doc + " " + listed
}
