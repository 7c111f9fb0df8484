// Package merge settles what several documents say about one API. In come the claims of each
// document and the overlays, strongest first; out comes one complete OpenAPI 3 document with the
// origin of every fact in it.
//
// The stages: meet finds out which operations of the documents are one; hear gathers every claim at
// its place; adopt gives nameless shapes the names of schemas with the same members; overlays are
// applied; build decides each fact and writes the document. A fact is decided in one place only,
// facts.decide.
package merge

import (
	"slices"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/lock"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// Input is what is to be settled.
type Input struct {
	Name     string               // what the API is called where no source gives it a title
	Docs     []*claim.Document    // strongest first
	Overlays []*Overlay           // stronger than all Docs; the first is the strongest
	Keep     func(Candidate) bool // which operations are wanted; nil keeps all
	// Locked is the names that operations had so far; Methods are those that no operation can have.
	Locked  []lock.Operation
	Methods []string
	// Shape says what an example shows about a value, every fact weak; nil leaves examples in
	// specifications aside.
	Shape func(*source.Node) *claim.Schema
	// Review lists actions of overlays that the documents contradict as outdated. They are errors
	// otherwise.
	Review bool
	// Atlassian says that scopes without a scheme belong to that of Atlassian's cloud.
	Atlassian bool
}

// Candidate is an operation that may be wanted or not. Names are its operationIds, as documents
// spell them and as the settled document has it, and its name in Go.
type Candidate struct {
	Method, Path string
	Names        []string
	Tags         []string
}

// Settle makes one document of all that is said. Errors are source.Errors.
func Settle(in Input) (*settled.Document, error) {
	errs := &source.Collector{}
	m := &merger{schemas: newSchemas(errs), errs: errs, name: in.Name, atlassian: in.Atlassian, bases: readBases(in.Docs), schemeAt: map[string]*securityScheme{}}
	m.notes = m.bases.notes
	meetings := meet(in.Docs, m.bases, errs)
	shapes := shapesOf(meetings)
	for _, meeting := range meetings {
		m.ops = append(m.ops, m.newOperation(meeting, shapes.called(meeting)))
	}
	for _, doc := range in.Docs {
		m.hearDocument(doc)
	}
	if err := errs.Err(); err != nil {
		return nil, err
	}
	for _, op := range m.ops {
		m.place(op)
	}
	m.showExamples(in.Shape)
	m.schemas.adopt(m.places())
	n := &namer{pins: in.Locked, methods: in.Methods, schemas: m.schemas, errs: errs}
	overlays := &overlayer{m: m, names: n.name, review: in.Review, at: map[string]*operation{}}
	for _, overlay := range slices.Backward(in.Overlays) {
		overlays.apply(overlay)
	}
	m.schemas.refuseCycles()
	if err := errs.Err(); err != nil {
		return nil, err
	}
	m.ops = n.name(m.ops)
	if err := errs.Err(); err != nil {
		return nil, err
	}
	m.ops = n.choose(m.ops, in.Keep)
	doc := m.build()
	checkTypeNames(doc, errs)
	if err := errs.Err(); err != nil {
		return nil, err
	}
	doc.Sources, doc.Outdated, doc.Locked, doc.LockNotes = in.sources(), m.outdated, n.locked, n.lockNotes
	return doc, leaveOutMisfits(doc) // the claims are garbage by now
}

// sources returns the sources of all documents, the strongest first.
func (in *Input) sources() []*claim.Source {
	var all []*claim.Source
	for _, o := range in.Overlays {
		all = append(all, o.Source)
	}
	for _, d := range in.Docs {
		all = append(all, d.Source)
	}
	return all
}

// merger is everything that was heard.
type merger struct {
	name     string
	bases    *bases
	ops      []*operation
	schemas  *schemas
	info     facts
	servers  []said
	security []*securityScheme
	schemeAt map[string]*securityScheme // by name
	examples []example
	outdated []settled.Outdated
	notes    []*source.Error
	errs     *source.Collector

	atlassian bool
}

// securityScheme is a scheme that a source defines, whole.
type securityScheme struct {
	name  string
	facts facts
}

// hearDocument takes what a document says beside its operations.
func (m *merger) hearDocument(doc *claim.Document) {
	m.info.add(doc.Source, doc.Facts)
	m.hearServers(doc)
	for _, named := range doc.Schemas {
		m.schemas.add(m.schemas.root(named.Name), voice{doc.Source, &named.Schema})
	}
	for _, named := range doc.Security {
		m.scheme(named.Name).facts.add(doc.Source, named.Schema.Facts)
	}
	m.notes = append(m.notes, doc.Notes...)
}

func (m *merger) scheme(name string) *securityScheme {
	if s := m.schemeAt[name]; s != nil {
		return s
	}
	s := &securityScheme{name: name}
	m.security = append(m.security, s)
	m.schemeAt[name] = s
	return s
}

// places lists every node that a tree of values hangs on, named schemas apart.
func (m *merger) places() []*node {
	var all []*node
	for _, op := range m.ops {
		for _, p := range op.params {
			all = append(all, p.schema)
		}
		if op.body != nil {
			all = op.body.content.append(all)
		}
		for _, r := range op.responses {
			all = r.content.append(all)
		}
	}
	return all
}

func (c *content) append(all []*node) []*node {
	for _, md := range c.media {
		all = append(all, md.schema)
	}
	return all
}
