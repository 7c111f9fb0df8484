package merge

import (
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// An example or default that contradicts its schema tells the reader something wrong, and no tool accepts the document. While the
// document is built, fit looks at types and enums; whether an object has the members it must have is known only when
// all schemas are there. So that is asked here, of the same library that other tools would ask.

// misfits leaves out examples and defaults that contradict their schemas.
type misfits struct {
	doc    *settled.Document
	visits map[visit]int
	spent  int // visits that were allowed so far, in all examples together
}

// visit is a value and a schema that it is held against.
type visit struct {
	schema *openapi3.Schema
	value  *source.Node
}

// maxVisits is how many comparisons of a value with a schema all examples may take. Alternatives inside of alternatives
// multiply: sixty of them with two sides each would never end.
const maxVisits = 5_000_000

// leaveOutMisfits does so in the tree and in the loaded document.
func leaveOutMisfits(doc *settled.Document) {
	m := &misfits{doc: doc, visits: map[visit]int{}}
	t, paths := doc.T, doc.Tree.Get("paths")
	for _, op := range doc.Operations {
		m.operation(paths.Get(op.Path).Get(strings.ToLower(op.Method)), op.T, settled.OperationAddress(op.Method, op.Path))
	}
	if t.Components == nil {
		return
	}
	schemas := doc.Tree.Get("components").Get("schemas")
	if schemas == nil {
		return
	}
	for _, s := range schemas.Members {
		m.schema(s.Value, t.Components.Schemas[s.Key], settled.SchemaAddress(s.Key), false)
	}
}

func (m *misfits) operation(n *source.Node, op *openapi3.Operation, address string) {
	if params := n.Get("parameters"); params != nil {
		for i, p := range params.Items {
			m.param(p, op.Parameters[i].Value, settled.ParamAddress(address, p.Get("in").Str(), p.Get("name").Str()))
		}
	}
	if op.RequestBody != nil {
		m.content(n.Get("requestBody").Get("content"), op.RequestBody.Value.Content, address+" body")
	}
	for _, r := range n.Get("responses").Members {
		response := op.Responses.Value(r.Key)
		if response == nil {
			continue
		}
		m.content(r.Value.Get("content"), response.Value.Content, address+" "+r.Key)
		if headers := r.Value.Get("headers"); headers != nil {
			for _, h := range headers.Members {
				m.param(h.Value, &response.Value.Headers[h.Key].Value.Parameter, address+" "+r.Key+" header:"+h.Key)
			}
		}
	}
}

func (m *misfits) content(n *source.Node, content openapi3.Content, address string) {
	if n == nil {
		return
	}
	for _, media := range n.Members {
		m.schema(media.Value.Get("schema"), content[media.Key].Schema, address, false)
	}
}

func (m *misfits) param(n *source.Node, p *openapi3.Parameter, address string) {
	m.schema(n.Get("schema"), p.Schema, address, false)
	if p.Schema != nil && p.Example != nil && !m.fits(p.Example, n.Get("example"), p.Schema.Value) {
		p.Example = nil
		m.leaveOut(n, "example", address)
	}
}

// schema looks at a schema and all that stands inside of it; a reference is looked at where it leads.
func (m *misfits) schema(n *source.Node, ref *openapi3.SchemaRef, address string, nested bool) {
	if n == nil || ref == nil || ref.Ref != "" || ref.Value == nil {
		return
	}
	s := ref.Value
	if s.Default != nil && !m.fits(s.Default, n.Get("default"), s) {
		s.Default = nil
		m.leaveOut(n, "default", address)
	}
	if s.Example != nil && !m.fits(s.Example, n.Get("example"), s) {
		s.Example = nil
		m.leaveOut(n, "example", address)
	}
	if properties := n.Get("properties"); properties != nil {
		for _, p := range properties.Members {
			m.schema(p.Value, s.Properties[p.Key], settled.MemberAddress(address, nested, p.Key), true)
		}
	}
	m.schema(n.Get("items"), s.Items, address+"[]", true)
	m.schema(n.Get("additionalProperties"), s.AdditionalProperties.Schema, address+"{}", true)
	m.schema(n.Get("not"), s.Not, address+" <not>", true)
	for _, list := range []struct {
		key  string
		refs openapi3.SchemaRefs
	}{{"allOf", s.AllOf}, {"oneOf", s.OneOf}, {"anyOf", s.AnyOf}} {
		for i, part := range list.refs {
			m.schema(n.Get(list.key).Items[i], part, address+" <"+list.key+">", true)
		}
	}
}

func (m *misfits) leaveOut(n *source.Node, key, address string) {
	value := n.Get(key)
	(&object{Node: n}).drop(key)
	m.doc.Notes = append(m.doc.Notes, &source.Error{Where: address, What: "the " + key + " " + short(value.JSON()) + " does not fit the schema", Do: "left out"})
}

// short cuts a value that is too long for a message.
func short(text string) string {
	const enough = 200
	if runes := []rune(text[:min(len(text), 4*enough)]); len(runes) > enough {
		return string(runes[:enough]) + "..."
	}
	return text
}

// fits tells whether a value is what the schema describes.
func (m *misfits) fits(value any, n *source.Node, s *openapi3.Schema) bool {
	if m.spent += m.cost(n, s); m.spent > maxVisits {
		return false
	}
	return s.VisitJSON(value, openapi3.FailFast()) == nil
}

// cost is how many comparisons it can take to find out, counted without making them.
func (m *misfits) cost(n *source.Node, s *openapi3.Schema) int {
	if n == nil || s == nil {
		return 1
	}
	key := visit{s, n}
	if known, ok := m.visits[key]; ok {
		return known
	}
	sum := 1
	add := func(n *source.Node, ref *openapi3.SchemaRef) {
		if ref != nil {
			sum = min(sum+m.cost(n, ref.Value), maxVisits+1)
		}
	}
	for _, ref := range slices.Concat(s.AllOf, s.OneOf, s.AnyOf) {
		add(n, ref)
	}
	add(n, s.Not)
	for _, item := range n.Items {
		add(item, s.Items)
	}
	for _, member := range n.Members {
		if property := s.Properties[member.Key]; property != nil {
			add(member.Value, property)
			continue
		}
		add(member.Value, s.AdditionalProperties.Schema)
	}
	m.visits[key] = sum
	return sum
}
