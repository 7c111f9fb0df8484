package merge

import (
	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// Specifications carry samples too: the example of an answer. One often knows more than the schema
// beside it, which was written by hand and forgotten (the authorAccountId of Jira's audit records
// is in the example and in no schema). A member that only an example shows is a member, as weak a
// claim as any sample's.
//
// Only objects whose members are listed take new ones. Where the schema says that any members may
// come, or chooses between alternatives, an example shows one of many shapes and not what was
// forgotten.

// example is a sample in a specification, and the place that it is a sample of.
type example struct {
	src   *claim.Source
	value *source.Node
	at    *node
}

// hearExamples takes the examples of a body.
func (m *merger) hearExamples(src *claim.Source, at *node, all claim.Facts) {
	for _, f := range all {
		if value, ok := f.Value.(*source.Node); ok && f.Name == claim.Example {
			m.examples = append(m.examples, example{src, value, at})
		}
	}
}

// showExamples adds the members that examples show and no schema has. shape says what a value
// shows.
func (m *merger) showExamples(shape func(*source.Node) *claim.Schema) {
	if shape == nil {
		return
	}
	for _, e := range m.examples {
		value := e.value
		if value.Kind == source.String { // an example that was written as a text of JSON
			if parsed, err := source.ParseTree(source.File{Name: "example.json", Data: []byte(value.Text)}); err == nil {
				value = onLine(parsed, e.value.Line)
			}
		}
		m.schemas.show(e.at, value, e.src, shape)
	}
}

// show walks a value and the place it is an example of, side by side.
func (s *schemas) show(n *node, value *source.Node, src *claim.Source, shape func(*source.Node) *claim.Schema) {
	for n != nil && n.ref != "" {
		n = s.roots[n.ref]
	}
	switch {
	case n == nil:
	case value.Kind == source.Array && n.items != nil:
		for _, item := range value.Items {
			s.show(n.items, item, src, shape)
		}
	case value.Kind == source.Object && len(n.members) > 0 && n.additional == nil && n.combined.empty():
		for _, m := range value.Members {
			if known := n.index[m.Key]; known != nil {
				s.show(known, m.Value, src, shape)
				continue
			}
			s.add(n.member(m.Key), voice{src, shape(m.Value)})
		}
	}
}

// onLine sets the line of every value to that of the text that it was written in.
func onLine(n *source.Node, line int) *source.Node {
	n.Line = line
	for _, item := range n.Items {
		onLine(item, line)
	}
	for i := range n.Members {
		n.Members[i].Line = line
		onLine(n.Members[i].Value, line)
	}
	return n
}
