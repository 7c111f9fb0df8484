package merge

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// An example or default that contradicts its schema misleads the reader, and no tool accepts the
// document. While the document is built, fit checks types and enums. Whether an object has its
// required members is known only when all schemas are there, so it is checked here, by kin-openapi,
// as other tools would check it.

// misfits leaves out examples and defaults that contradict their schemas.
type misfits struct {
	doc    *settled.Document
	loaded *settled.Loaded
	visits map[visit]int
	spent  int // visits that were allowed so far, in all examples together
}

// visit is a value and a schema that it is checked against.
type visit struct {
	schema *settled.Schema
	value  *source.Node
}

// maxVisits is how many comparisons of a value with a schema all examples may take. Alternatives
// inside of alternatives multiply: sixty of them with two sides each would never end.
const maxVisits = 5_000_000

func leaveOutMisfits(doc *settled.Document) error {
	loaded, err := doc.Load()
	if err != nil {
		return fmt.Errorf("the settled document cannot be loaded: %w", err)
	}
	m := &misfits{doc: doc, loaded: loaded, visits: map[visit]int{}}
	for _, op := range doc.Operations {
		m.parameters(op.Parameters)
		for _, r := range op.Responses {
			m.parameters(r.Headers)
		}
	}
	for e, s := range doc.All() {
		if s != nil {
			m.check(e, "default", s)
			m.check(e, "example", s)
		}
	}
	return nil
}

func (m *misfits) parameters(all []*settled.Parameter) {
	for _, p := range all {
		m.check(&p.Element, "example", p.Schema)
	}
}

// short cuts a value that is too long for a message.
func short(text string) string {
	const enough = 200
	if runes := []rune(text[:min(len(text), 4*enough)]); len(runes) > enough {
		return string(runes[:enough]) + "..."
	}
	return text
}

// check leaves out the value of a keyword if it does not fit the schema.
func (m *misfits) check(e *settled.Element, key string, s *settled.Schema) {
	node := e.Get(key)
	if node == nil || node.Kind == source.Null {
		return
	}
	var value any
	err := json.Unmarshal([]byte(node.JSON()), &value)
	if m.spent += m.cost(node, s); err == nil && m.spent <= maxVisits && m.loaded.Of[s.Resolved()].VisitJSON(value, openapi3.FailFast()) == nil {
		return
	}
	e.Drop(key)
	m.doc.Note(e.Address, "the "+key+" "+short(node.JSON())+" does not fit the schema", "left out")
}

// cost returns how many comparisons a check can take. It makes none of them.
func (m *misfits) cost(n *source.Node, s *settled.Schema) int {
	s = s.Resolved()
	if n == nil || s == nil {
		return 1
	}
	key := visit{s, n}
	if known, ok := m.visits[key]; ok {
		return known
	}
	sum := 1
	add := func(n *source.Node, s *settled.Schema) {
		if s != nil {
			sum = min(sum+m.cost(n, s), maxVisits+1)
		}
	}
	for _, part := range slices.Concat(s.AllOf, s.OneOf, s.AnyOf) {
		add(n, part)
	}
	add(n, s.Not)
	for _, item := range n.Items {
		add(item, s.Items)
	}
	for _, member := range n.Members {
		if property := s.Property(member.Key); property != nil {
			add(member.Value, property.Schema)
			continue
		}
		add(member.Value, s.Additional)
	}
	m.visits[key] = sum
	return sum
}
