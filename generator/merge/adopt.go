package merge

import (
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
)

// adopt returns shapes without a name the name of the schema that has the same members: the records
// inside a page of records are the record that another operation answers with. Only shapes from
// reference documents are adopted; a specification that writes a schema inline means it. Names
// found in one round complete schemas, so rounds go on until nothing is found.
func (s *schemas) adopt(places []*node) {
	for {
		known := s.signatures()
		if len(known) == 0 || !s.adoptOnce(places, known) {
			return
		}
	}
}

// signatures maps sets of member names to the one schema that has them; a set that two schemas
// share names none.
func (s *schemas) signatures() map[string]string {
	known := map[string]string{}
	for _, name := range s.names {
		root := s.roots[name]
		if sig := root.signature(); sig != "" {
			if _, twice := known[sig]; twice {
				known[sig] = ""
				continue
			}
			known[sig] = name
		}
	}
	return known
}

// signature is the sorted member names of an object with at least two of them: fewer say too
// little.
func (n *node) signature() string {
	if n.ref != "" || len(n.members) < 2 || !n.combined.empty() {
		return ""
	}
	names := make([]string, len(n.members))
	for i, m := range n.members {
		names[i] = m.name()
	}
	slices.Sort(names)
	return strings.Join(names, "\x00")
}

func (s *schemas) adoptOnce(places []*node, known map[string]string) bool {
	changed := false
	for _, n := range places {
		changed = s.adoptAt(n, known) || changed
	}
	for i := 0; i < len(s.names); i++ {
		changed = s.adoptInside(s.roots[s.names[i]], known) || changed
	}
	return changed
}

func (s *schemas) adoptAt(n *node, known map[string]string) bool {
	if n == nil || n.ref != "" {
		return false
	}
	if name := known[n.signature()]; name != "" && s.roots[name] != n && n.fromReferences() && sameShape(n, s.roots[name]) {
		first := n.voices[0]
		s.name(n, said{claim.Fact{Name: claim.Ref, Value: name, Line: first.schema.Line, Weak: true}, first.src})
		return true
	}
	return s.adoptInside(n, known)
}

func (s *schemas) adoptInside(n *node, known map[string]string) bool {
	changed := false
	for _, m := range n.members {
		changed = s.adoptAt(m, known) || changed
	}
	changed = s.adoptAt(n.items, known) || changed
	return s.adoptAt(n.additional, known) || changed
}

// fromReferences reports whether no specification says anything about the node.
func (n *node) fromReferences() bool {
	return !slices.ContainsFunc(n.voices, func(v voice) bool { return v.src.Kind == claim.OpenAPI || v.src.Kind == claim.Overlay })
}

// sameShape reports whether no member of the two objects contradicts the other. Their member names
// are equal.
func sameShape(a, b *node) bool {
	for _, m := range a.members {
		other := b.index[m.name()]
		if m.ref != "" || other.ref != "" {
			if m.ref != "" && other.ref != "" && m.ref != other.ref {
				return false
			}
			continue
		}
		x, y := m.jsonType(), other.jsonType()
		if x != "" && y != "" && x != y {
			return false
		}
	}
	return true
}
