package refdoc

import (
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
)

// fieldTree puts fields with dotted names in their places: author.type is a member of author,
// changedValues[].name a member of each item of changedValues.
type fieldTree struct {
	root  *claim.Schema
	known map[place]*claim.Schema
	made  []*claim.Schema // containers that may have no row of their own
}

// place is a member of a schema; the name [] stands for the items.
type place struct {
	of   *claim.Schema
	name string
}

func newFieldTree(root *claim.Schema, line int) *fieldTree {
	root.Line = line
	return &fieldTree{root: root, known: map[place]*claim.Schema{}, made: []*claim.Schema{root}}
}

const maxParts = 50 // of a dotted name

// add puts a field into the tree, and refuses a name that is none.
func (t *fieldTree) add(f *field) bool {
	at := t.root
	parts := nameParts(f.name)
	if parts == nil || len(parts) > maxParts {
		return false
	}
	for i, part := range parts {
		last := i == len(parts)-1
		if last && part == "[]" && f.typ != nil && f.typ.json == "array" {
			break // "Array" is said about name[] as a whole and not about each item
		}
		at = t.step(at, part, f.line)
	}
	f.schema(at)
	return true
}

// step goes from a schema to one of its members, or to its items.
func (t *fieldTree) step(from *claim.Schema, part string, line int) *claim.Schema {
	key := place{from, part}
	if to := t.known[key]; to != nil {
		return to
	}
	var to *claim.Schema
	if part == "[]" {
		if from.Items == nil {
			from.Items = &claim.Schema{Line: line}
		}
		to = from.Items
	} else {
		m := &claim.Member{Name: part, Schema: claim.Schema{Line: line}}
		from.Members = append(from.Members, m)
		to = &m.Schema
	}
	t.known[key] = to
	t.made = append(t.made, to)
	return to
}

// nameParts cuts a name at its dots; each [] is a part of its own. It returns nil for a name with
// an empty part.
func nameParts(name string) []string {
	var parts []string
	for part := range strings.SplitSeq(name, ".") {
		bare, items := part, 0
		for strings.HasSuffix(bare, "[]") {
			bare = strings.TrimSuffix(bare, "[]")
			items++
		}
		if bare == "" && (items == 0 || len(parts) > 0) {
			return nil
		}
		if bare != "" {
			parts = append(parts, bare)
		}
		for range items {
			parts = append(parts, "[]")
		}
	}
	return parts
}

// finish gives each container without a row the type that its fields show.
func (t *fieldTree) finish() {
	for _, s := range t.made {
		_, typed := s.Facts.Get(claim.Type)
		_, named := s.Facts.Get(claim.Ref)
		switch {
		case typed || named:
		case len(s.Members) > 0:
			s.Facts.Show(claim.Type, "object", s.Line)
		case s.Items != nil:
			s.Facts.Show(claim.Type, "array", s.Line)
		}
	}
}
