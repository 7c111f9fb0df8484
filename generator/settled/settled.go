// Package settled holds what the sources say once it is settled: one complete API, element by
// element, and who said what about each element. Package merge makes a Document. Every later stage
// reads it, and YAML, JSON and kin-openapi's document are made from it.
package settled

import (
	"errors"
	"iter"
	"slices"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/lock"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// Element is what all parts of a document have in common. Keywords are in the order in which they
// were settled; a rendered document sorts them.
type Element struct {
	Address  string          // what reports call it, such as "GET /wiki/rest/api/audit query:limit"
	Keywords []source.Member // what OpenAPI says about it in keywords that hold no other element
	Facts    []Fact          // where that comes from
}

// Document is a settled API. Its keywords are those of the info object.
type Document struct {
	Element
	Servers    []string        // URLs
	Tags       *source.Node    // nil if no source describes tags
	Extensions []source.Member // of the document as a whole
	Operations []*Operation
	Schemas    []*Schema // those with a name, sorted by name
	Security   []*SecurityScheme

	Sources   []*claim.Source // strongest first
	Gaps      []Gap
	Outdated  []Outdated       // actions of overlays
	Notes     []*source.Error  // what was read and could not be kept
	Locked    []lock.Operation // names for the lock of the next run, also of operations that are gone or not wanted
	LockNotes []*source.Error  // what happened to operations since the lock was written
}

// Operation is one operation. Security requirements are one of its keywords.
type Operation struct {
	Element
	Method, Path string
	Name         string          // in Go
	Pin          *lock.Operation // what the lock says about it; nil if nothing
	Parameters   []*Parameter
	Body         *Body // nil if there is none
	Responses    []*Response
}

// Parameter is a parameter of an operation, or a header of a response.
type Parameter struct {
	Element
	In, Name string // a header of a response has no In
	Schema   *Schema
}

// Body is a request body.
type Body struct {
	Element
	Content Content
}

// Response is an answer with one status, such as 200, 4XX or default.
type Response struct {
	Element
	Status  string
	Headers []*Parameter
	Content Content
}

// Media is a body in one media type.
type Media struct {
	Element
	Type   string
	Schema *Schema // nil if nothing is known
}

// Content is a body in all its media types.
type Content []*Media

// Schema describes a value. A schema with Ref says nothing else.
type Schema struct {
	Element
	Name string  // of a schema of the document; empty if it is nested in something else
	Ref  *Schema // the schema with a name that describes the value

	Items               *Schema
	Properties          []*Property
	Additional          *Schema // of members that have no name
	OneOf, AnyOf, AllOf []*Schema
	Not                 *Schema

	index map[string]*Property // of large objects
}

// Property is a member of an object.
type Property struct {
	Name     string
	Required bool
	Schema   *Schema
}

// SecurityScheme is a way to prove who calls.
type SecurityScheme struct {
	Element
	Name       string
	Definition *source.Node
}

// Said is a value and the source that says it.
type Said struct {
	Value  string
	Source *claim.Source
	Line   int
	Weak   bool // only a sample shows it
}

// Fact is one settled fact about an element.
type Fact struct {
	Name     claim.Name
	Won      Said
	Agreed   []Said // others that say the same
	Lost     []Said // others that say something else
	Conflict bool   // the disagreement is about type, required, path or default, and no overlay decided it
}

// Position returns where the source that won states the fact; the line is 0 if nobody knows.
func (f *Fact) Position() source.Position {
	if f.Won.Source == nil || f.Won.Line == 0 {
		return source.Position{}
	}
	return source.Position{File: f.Won.Source.File, Line: f.Won.Line}
}

// Gap is a hole that no source fills and what is used instead.
type Gap struct {
	Address string
	What    string // what is missing, such as "no type"
	Instead string // what is used in its place, such as "string"
}

// Outdated is an action of an overlay that the documents have caught up with: they say its whole
// update, or they fill what it expects to be a hole.
type Outdated struct {
	Pos    source.Position // of the action
	Index  int             // of the action in its overlay
	Target string
	Whole  bool       // the documents say the whole update; the members below are empty
	Gone   bool       // so it is, because what the action removes is not there
	Filled []Filled   // members of the update that the documents have, too
	Expect [][]string // members of x-expect that are not as expected
}

// ErrContradicted is the cause of errors about actions of overlays whose holes the documents fill.
var ErrContradicted = errors.New("the documents contradict an overlay")

// Filled is a member of an update that the documents have, too.
type Filled struct {
	Path             []string // the keys that lead to it in the update
	Same             bool     // the documents say the same
	Action, Document string   // the values, cut if they are long
}

// Warning says that an action can go.
func (o *Outdated) Warning() *source.Error {
	what := "the documents say so already"
	if o.Gone {
		what = "the documents no longer have what it removes"
	}
	return &source.Error{Pos: o.Pos, Where: o.Target, What: what, Do: "auditgen overlay prune removes the action"}
}

// Get returns the value of a keyword, or nil.
func (e *Element) Get(key string) *source.Node {
	for i := range e.Keywords {
		if e.Keywords[i].Key == key {
			return e.Keywords[i].Value
		}
	}
	return nil
}

// Text returns the value of a keyword that is a string, or "".
func (e *Element) Text(key string) string { return e.Get(key).Str() }

// Is reports whether a keyword is true.
func (e *Element) Is(key string) bool { return e.Get(key).IsTrue() }

// Set sets a keyword.
func (e *Element) Set(key string, value *source.Node) {
	for i := range e.Keywords {
		if e.Keywords[i].Key == key {
			e.Keywords[i].Value = value
			return
		}
	}
	e.Keywords = append(e.Keywords, source.Member{Key: key, Value: value})
}

// Drop removes a keyword.
func (e *Element) Drop(key string) {
	e.Keywords = slices.DeleteFunc(e.Keywords, func(m source.Member) bool { return m.Key == key })
}

// Fact returns the fact of that name, or nil.
func (e *Element) Fact(name claim.Name) *Fact {
	for i := range e.Facts {
		if e.Facts[i].Name == name {
			return &e.Facts[i]
		}
	}
	return nil
}

// Resolved returns the schema that references lead to: s itself if it is not a reference.
func (s *Schema) Resolved() *Schema {
	for s != nil && s.Ref != nil {
		s = s.Ref
	}
	return s
}

// Get returns the value of a keyword, or nil, also if there is no schema.
func (s *Schema) Get(key string) *source.Node {
	if s == nil {
		return nil
	}
	return s.Element.Get(key)
}

// Text returns the value of a keyword that is a string, or "", also if there is no schema.
func (s *Schema) Text(key string) string { return s.Get(key).Str() }

// Type returns the JSON type of the value, "" if it can have several or nobody knows.
func (s *Schema) Type() string { return s.Text("type") }

// Enum returns the values that are listed.
func (s *Schema) Enum() []*source.Node {
	if list := s.Get("enum"); list != nil {
		return list.Items
	}
	return nil
}

// Empty reports whether a schema allows any value and says nothing about it.
func (s *Schema) Empty() bool {
	for range s.Parts() {
		return false
	}
	return s.Ref == nil && len(s.Keywords) == 0
}

// fewProperties is how many properties are searched from first to last. Larger objects have an
// index.
const fewProperties = 16

// Add adds a property, which must have a new name.
func (s *Schema) Add(p *Property) {
	s.Properties = append(s.Properties, p)
	switch {
	case s.index != nil:
		s.index[p.Name] = p
	case len(s.Properties) > fewProperties:
		s.index = make(map[string]*Property, 2*len(s.Properties))
		for _, p := range s.Properties {
			s.index[p.Name] = p
		}
	}
}

// Property returns the property of that name, or nil.
func (s *Schema) Property(name string) *Property {
	if s.index != nil {
		return s.index[name]
	}
	for _, p := range s.Properties {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// Parts yields the schemas directly inside a schema, in document order. References are not
// followed.
func (s *Schema) Parts() iter.Seq[*Schema] {
	return func(yield func(*Schema) bool) {
		if s.Items != nil && !yield(s.Items) {
			return
		}
		for _, p := range s.Properties {
			if !yield(p.Schema) {
				return
			}
		}
		if s.Additional != nil && !yield(s.Additional) {
			return
		}
		for _, list := range [][]*Schema{s.OneOf, s.AnyOf, s.AllOf} {
			for _, one := range list {
				if !yield(one) {
					return
				}
			}
		}
		if s.Not != nil {
			yield(s.Not)
		}
	}
}

// All yields every element in document order, each with the schema that it is, or nil.
func (d *Document) All() iter.Seq2[*Element, *Schema] {
	return func(yield func(*Element, *Schema) bool) {
		w := &walk{yield: yield}
		w.element(&d.Element)
		for _, op := range d.Operations {
			w.operation(op)
		}
		for _, s := range d.Schemas {
			w.schema(s)
		}
		for _, s := range d.Security {
			w.element(&s.Element)
		}
	}
}

// walk goes through a document until yield has enough.
type walk struct {
	yield func(*Element, *Schema) bool
	done  bool
}

func (w *walk) element(e *Element) { w.done = w.done || !w.yield(e, nil) }

func (w *walk) schema(s *Schema) {
	if s == nil || w.done {
		return
	}
	w.done = !w.yield(&s.Element, s)
	for part := range s.Parts() {
		w.schema(part)
	}
}

func (w *walk) parameters(all []*Parameter) {
	for _, p := range all {
		w.element(&p.Element)
		w.schema(p.Schema)
	}
}

func (w *walk) content(c Content) {
	for _, m := range c {
		w.element(&m.Element)
		w.schema(m.Schema)
	}
}

func (w *walk) operation(op *Operation) {
	w.element(&op.Element)
	w.parameters(op.Parameters)
	if op.Body != nil {
		w.element(&op.Body.Element)
		w.content(op.Body.Content)
	}
	for _, r := range op.Responses {
		w.element(&r.Element)
		w.parameters(r.Headers)
		w.content(r.Content)
	}
}

// AllFacts yields the facts of all elements in document order, each with the address of its
// element.
func (d *Document) AllFacts() iter.Seq2[string, *Fact] {
	return func(yield func(string, *Fact) bool) {
		for e := range d.All() {
			for i := range e.Facts {
				if !yield(e.Address, &e.Facts[i]) {
					return
				}
			}
		}
	}
}

// Title returns the title of the API.
func (d *Document) Title() string { return d.Text("title") }

// Note records something that was read and could not be kept, and what was done instead.
func (d *Document) Note(address, what, do string) {
	d.Notes = append(d.Notes, &source.Error{Where: address, What: what, Do: do})
}

// Gap records a hole and what is used instead.
func (d *Document) Gap(address, what, instead string) {
	d.Gaps = append(d.Gaps, Gap{Address: address, What: what, Instead: instead})
}

// Conflicts returns how many facts sources disagree about.
func (d *Document) Conflicts() int {
	n := 0
	for _, f := range d.AllFacts() {
		if f.Conflict {
			n++
		}
	}
	return n
}

// OperationAddress names an operation in reports.
func OperationAddress(method, path string) string { return method + " " + path }

// MaxAddress is how long the way to a member may be, in bytes; an address is cut there. Names may
// be long and objects deep, and every element has an address.
const MaxAddress = 2000
