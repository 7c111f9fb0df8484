package merge

import (
	"slices"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// node is the place of a value, with everything that any source says about it. Places are a member
// of an object, the items of an array, a parameter, a body, or a schema with a name.
//
// A node may turn out to be described by a named schema, and any source may be the one that knows.
// Until then what is said about its inside is kept at the node; from then on it goes to that
// schema, so that a table about a request body can complete a schema that only a response names.
type node struct {
	place   string // what the tree hangs on, such as "GET /audit query:limit"; only at the root
	parent  *node
	segment string // how the parent reaches this node: ".name", "[]", "{}", "<oneOf>"
	whole   bool   // a whole body: what is said of it is said of the schema that describes it

	facts      facts
	ref        string  // name of the schema that describes this value
	behind     int     // of a named schema: how many references, one after another, lead to it
	refSaid    said    // who says so
	voices     []voice // everything said, in order of arrival
	members    []*node
	index      map[string]*node
	items      *node
	additional *node
	combined   combined
}

// voice is what one source says about one value.
type voice struct {
	src    *claim.Source
	schema *claim.Schema
}

// combined holds oneOf, anyOf, allOf and not. They are taken from one source as a whole:
// alternatives of two sources cannot be told apart.
type combined struct {
	src                 *claim.Source
	oneOf, anyOf, allOf []*node
	not                 *node
}

func (c *combined) empty() bool {
	return len(c.oneOf)+len(c.anyOf)+len(c.allOf) == 0 && c.not == nil
}

// address returns the name of the place in reports, such as "GET /audit 200 results[].author".
func (n *node) address() string {
	path, top := "", n
	for ; top.parent != nil; top = top.parent {
		if len(path) < settled.MaxAddress {
			path = top.segment + path
		}
	}
	path = path[:min(len(path), settled.MaxAddress)]
	if path == "" {
		return top.place
	}
	if path[0] == '.' {
		path = path[1:]
	}
	return top.place + " " + path
}

func (n *node) child(segment string) *node { return &node{parent: n, segment: segment} }

func (n *node) member(name string) *node {
	if m, ok := n.index[name]; ok {
		return m
	}
	m := n.child("." + name)
	if n.index == nil {
		n.index = map[string]*node{}
	}
	n.index[name] = m
	n.members = append(n.members, m)
	return m
}

// name returns the member name of a node that is a member.
func (n *node) name() string { return n.segment[1:] }

// schemas finds the named schemas while claims are collected.
type schemas struct {
	names []string // in order of first mention
	roots map[string]*node
	errs  *source.Collector
}

func newSchemas(errs *source.Collector) *schemas {
	return &schemas{roots: map[string]*node{}, errs: errs}
}

func (s *schemas) root(name string) *node {
	if n, ok := s.roots[name]; ok {
		return n
	}
	n := &node{place: "schema " + name}
	s.roots[name] = n
	s.names = append(s.names, name)
	return n
}

// add hears one voice at a node.
func (s *schemas) add(n *node, v voice) {
	n.voices = append(n.voices, v)
	if fact, ok := v.schema.Facts.Get(claim.Ref); ok {
		ref := said{fact, v.src}
		switch {
		case n.ref == "":
			if s.name(n, ref) {
				return
			}
		case stronger(ref, n.refSaid) >= 0:
		case ref.Text() == n.ref:
			n.refSaid = ref
		default:
			s.link(n, ref)
		}
	}
	if n.ref != "" {
		s.forward(n, v)
		return
	}
	s.spread(n, v)
}

// name makes n a use of a named schema and hands everything heard so far on to it.
func (s *schemas) name(n *node, ref said) bool {
	if !s.link(n, ref) {
		return false
	}
	n.facts, n.members, n.index, n.items, n.additional, n.combined = nil, nil, nil, nil, nil, combined{}
	for _, v := range n.voices {
		s.forward(n, v)
	}
	return true
}

// forward keeps what is about the place and hands on what is about the value itself.
func (s *schemas) forward(n *node, v voice) {
	inside := &claim.Schema{Line: v.schema.Line, Members: v.schema.Members, Items: v.schema.Items, Additional: v.schema.Additional,
		OneOf: v.schema.OneOf, AnyOf: v.schema.AnyOf, AllOf: v.schema.AllOf, Not: v.schema.Not}
	for _, f := range v.schema.Facts {
		if aboutPlace(f.Name) && (!n.whole || f.Name != claim.Description) {
			n.facts = append(n.facts, said{f, v.src})
			continue
		}
		inside.Facts = append(inside.Facts, f)
	}
	if len(inside.Facts) > 0 || len(inside.Members) > 0 || inside.Items != nil || inside.Additional != nil ||
		len(inside.OneOf)+len(inside.AnyOf)+len(inside.AllOf) > 0 || inside.Not != nil {
		s.add(s.root(n.ref), voice{v.src, inside})
	}
}

// aboutPlace reports whether a fact belongs to the place of a value and not to the value.
func aboutPlace(name claim.Name) bool {
	switch name {
	case claim.Ref, claim.Required, claim.Description, claim.Nullable, claim.Default, claim.Example, claim.Deprecated,
		claim.Presence, "readOnly", "writeOnly", removeFact:
		return true
	case claim.TypeName:
		return false // a type has one name, wherever it is used
	}
	return len(name) > 2 && name[:2] == "x-"
}

// spread hands what a voice says about the inside of a value to the nodes there.
func (s *schemas) spread(n *node, v voice) {
	n.facts.add(v.src, v.schema.Facts)
	for _, m := range v.schema.Members {
		s.add(n.member(m.Name), voice{v.src, &m.Schema})
	}
	if v.schema.Items != nil {
		if n.items == nil {
			n.items = n.child("[]")
		}
		s.add(n.items, voice{v.src, v.schema.Items})
	}
	if v.schema.Additional != nil {
		if n.additional == nil {
			n.additional = n.child("{}")
		}
		s.add(n.additional, voice{v.src, v.schema.Additional})
	}
	s.combine(n, v)
}

func (s *schemas) combine(n *node, v voice) {
	if len(v.schema.OneOf)+len(v.schema.AnyOf)+len(v.schema.AllOf) == 0 && v.schema.Not == nil {
		return
	}
	if n.combined.src != nil && n.combined.src.Rank <= v.src.Rank {
		return
	}
	list := func(word string, all []*claim.Schema) []*node {
		nodes := make([]*node, len(all))
		for i, one := range all {
			nodes[i] = n.child(word)
			s.add(nodes[i], voice{v.src, one})
		}
		return slices.Clip(nodes)
	}
	n.combined = combined{src: v.src, oneOf: list("<oneOf>", v.schema.OneOf), anyOf: list("<anyOf>", v.schema.AnyOf), allOf: list("<allOf>", v.schema.AllOf)}
	if v.schema.Not != nil {
		n.combined.not = n.child("<not>")
		s.add(n.combined.not, voice{v.src, v.schema.Not})
	}
}

// jsonType returns the settled JSON type of a node: what is said, else what its inside shows; "" if
// nothing tells.
func (n *node) jsonType() string {
	if s, ok := n.facts.get(claim.Type); ok {
		return s.Text()
	}
	switch {
	case len(n.members) > 0 || n.additional != nil:
		return "object"
	case n.items != nil:
		return "array"
	}
	return ""
}
