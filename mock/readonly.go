package mock

import (
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/internal/sample"
)

// relax makes members optional that only servers set. kin-openapi does so where one schema says
// both that a member is required and that it is read-only, but not where the parts of an allOf do.
func relax(doc *settled.Loaded) {
	for _, s := range doc.Of {
		if len(s.AllOf) == 0 {
			continue
		}
		if members := sample.Marked(s, func(s *openapi3.Schema) bool { return s.ReadOnly }); len(members) > 0 {
			*s = *relaxed(s, members, map[*openapi3.Schema]bool{})
		}
	}
}

// relaxed returns a copy of a schema in which members are not required.
func relaxed(s *openapi3.Schema, members []string, seen map[*openapi3.Schema]bool) *openapi3.Schema {
	seen[s] = true
	made := *s
	made.Required = slices.DeleteFunc(slices.Clone(s.Required), func(name string) bool { return slices.Contains(members, name) })
	made.AllOf = slices.Clone(s.AllOf)
	for i, part := range made.AllOf {
		if part.Value != nil && !seen[part.Value] {
			made.AllOf[i] = &openapi3.SchemaRef{Ref: part.Ref, Value: relaxed(part.Value, members, seen)}
		}
	}
	return &made
}
