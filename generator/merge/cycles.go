package merge

import (
	"fmt"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// A document that names its schemas in a circle is refused by its reader. Two documents can make a
// circle of schemas that each of them has none of, so it is looked for here again: one of
// references while claims are heard, because claims are handed on along references, and one of
// parts when all is heard.

// link makes n a use of the schema that ref names, unless references would then lead in a circle or
// through more schemas than documents are deep.
func (s *schemas) link(n *node, ref said) bool {
	length := n.behind + 1
	for to := s.root(ref.Text()); ; to = s.root(to.ref) {
		to.behind = max(to.behind, length)
		length++
		switch {
		case to == n:
			s.errs.Add(source.Position{File: ref.src.File, Line: ref.Line}, n.place, "the schema is made of itself, by references of several documents", "break the cycle")
			return false
		case length > source.MaxDepth:
			s.errs.Add(source.Position{File: ref.src.File, Line: ref.Line}, n.address(), fmt.Sprintf("more than %d references one after another", source.MaxDepth),
				"refer to the last one")
			return false
		}
		if to.ref == "" {
			break
		}
	}
	n.ref, n.refSaid = ref.Text(), ref
	return true
}

// refuseCycles finds schemas that are made of themselves, by references or alternatives. Nothing
// could ever tell what such a value looks like. Schemas that merely contain themselves are fine.
func (s *schemas) refuseCycles() {
	const (
		open = 1
		done = 2
	)
	state := make(map[*node]int, len(s.names))
	var visit func(root *node)
	visit = func(root *node) {
		state[root] = open
		root.parts(func(name string) {
			to := s.roots[name]
			switch {
			case to == nil || state[to] == done:
			case state[to] == open:
				s.errs.Add(to.position(), to.place, "the schema is made of itself, by $ref, allOf, oneOf, anyOf or not", "break the cycle")
			default:
				visit(to)
			}
		})
		state[root] = done
	}
	for _, name := range s.names {
		if root := s.roots[name]; state[root] == 0 {
			visit(root)
		}
	}
}

// parts calls see for every named schema that a value is made of.
func (n *node) parts(see func(name string)) {
	if n.ref != "" {
		see(n.ref)
		return
	}
	for _, list := range [][]*node{n.combined.allOf, n.combined.oneOf, n.combined.anyOf, {n.combined.not}} {
		for _, one := range list {
			if one != nil {
				one.parts(see)
			}
		}
	}
}

// position is where the strongest source that speaks of n does so.
func (n *node) position() source.Position {
	var best *voice
	for i, v := range n.voices {
		if v.schema.Line > 0 && v.src.Kind != claim.Overlay && (best == nil || v.src.Rank < best.src.Rank) {
			best = &n.voices[i]
		}
	}
	if best == nil {
		return source.Position{}
	}
	return source.Position{File: best.src.File, Line: best.schema.Line}
}
