package merge

import (
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
)

// kindText is how a kind of source is called in a sentence.
func kindText(k claim.Kind) string {
	switch k {
	case claim.Overlay:
		return "overlay"
	case claim.Page:
		return "reference page"
	case claim.Table:
		return "field table"
	case claim.Postman:
		return "Postman collection"
	case claim.Sample:
		return "JSON sample"
	default:
		return "specification"
	}
}

// filled says where an operation comes from that the specification should have and has not. Without any specification
// there are no holes in one.
func (o *operation) filled() string {
	if o.inSpec || !o.hasSpec {
		return ""
	}
	return "Not in the specification: described by the " + kindText(o.paths[0].src.Kind) + "."
}

// filled says what the specification leaves open about a parameter and who fills it.
func (p *param) filled(inSpec bool) string {
	if !inSpec {
		return ""
	}
	if !p.inSpec {
		if s, ok := strongest(append(slices.Clone(p.facts), p.schema.facts...)); ok {
			return "Not in the specification: described by the " + kindText(s.src.Kind) + "."
		}
		return ""
	}
	return holes(append(slices.Clone(p.facts), p.schema.facts...), p.schema)
}

// filled says what the specification leaves open about a member of an object it describes.
func (n *node) filled(owner *node) string {
	if !owner.stated() || !slices.ContainsFunc(owner.voices, func(v voice) bool { return v.src.Kind == claim.OpenAPI && len(v.schema.Members) > 0 }) {
		return ""
	}
	return holes(n.facts, n)
}

// holes names the facts about type, format, default and enum that come from elsewhere than a specification.
func holes(all facts, n *node) string {
	var parts []string
	if n.ref == "" && n.items == nil {
		for _, name := range []claim.Name{claim.Type, claim.Enum, claim.Default} {
			if s, ok := all.get(name); ok && s.src.Kind != claim.OpenAPI && !slices.ContainsFunc(all, func(o said) bool { return o.Name == name && o.src.Kind == claim.OpenAPI }) {
				word := string(name)
				if name == claim.Enum {
					word = "values"
				}
				parts = append(parts, word+" ("+kindText(s.src.Kind)+")")
			}
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "Not in the specification: " + strings.Join(parts, ", ") + "."
}

func strongest(all facts) (said, bool) {
	if len(all) == 0 {
		return said{}, false
	}
	return slices.MinFunc(all, stronger), true
}
