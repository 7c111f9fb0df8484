// Package merge settles what several documents say about one API. In come the claims of each document and the overlays,
// strongest first; out comes one complete OpenAPI 3 document with the origin of every fact in it.
//
// The stages: meet finds out which operations of the documents are one; hear gathers every claim at its place; adopt
// gives nameless shapes the names of schemas with the same members; overlays are applied; build decides each fact and
// writes the document. A fact is decided in one place only, facts.decide.
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
	// Shape says what an example shows about a value, every fact weak; nil leaves examples in specifications aside.
	Shape func(*source.Node) *claim.Schema
}

// Candidate is an operation that may be wanted or not. OperationID is the short one that the settled document has.
type Candidate struct {
	Method, Path, OperationID string
	Tags                      []string
}

// Settle makes one document of all that is said. Errors are source.Errors.
func Settle(in Input) (*settled.Document, error) {
	errs := &source.Collector{}
	m := &merger{schemas: newSchemas(errs), errs: errs, name: in.Name, pins: in.Locked, methods: in.Methods, schemeAt: map[string]*securityScheme{},
		bases: map[*claim.Source]base{}, ownBases: map[*claim.Operation]base{}}
	m.readServers(in.Docs)
	meetings := m.meet(in.Docs)
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
	for _, overlay := range slices.Backward(in.Overlays) {
		m.applyOverlay(overlay)
	}
	m.schemas.refuseCycles()
	if err := errs.Err(); err != nil {
		return nil, err
	}
	doc, err := m.finish(in)
	if err != nil {
		return nil, err
	}
	// The claims can be freed now, before kin-openapi loads the document.
	return doc, leaveOutMisfits(doc)
}

// merger is the state of one run.
type merger struct {
	name     string
	ops      []*operation
	opAt     map[string]*operation // the first of the operations, as many as are indexed, by address
	indexed  int
	schemas  *schemas
	info     facts
	servers  []said
	security []*securityScheme
	schemeAt map[string]*securityScheme // by name
	examples []example
	notes    []*source.Error
	errs     *source.Collector
	hints    int // actions of overlays for which it was looked where their targets may be

	bases    map[*claim.Source]base    // what comes before the paths of each document
	ownBases map[*claim.Operation]base // the same for operations with servers of their own

	pins      []lock.Operation // the lock so far
	methods   []string         // names that no operation can have
	locked    []lock.Operation // the lock of the next run
	lockNotes []*source.Error
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

// finish names and selects the operations and settles the document.
func (m *merger) finish(in Input) (*settled.Document, error) {
	m.identify()
	if err := m.errs.Err(); err != nil {
		return nil, err
	}
	m.selectOperations(in.Keep)
	doc := m.build()
	checkTypeNames(doc, m.errs)
	if err := m.errs.Err(); err != nil {
		return nil, err
	}
	for _, o := range in.Overlays {
		doc.Sources = append(doc.Sources, o.Source)
	}
	for _, d := range in.Docs {
		doc.Sources = append(doc.Sources, d.Source)
	}
	doc.Locked, doc.LockNotes = m.locked, m.lockNotes
	return doc, nil
}
