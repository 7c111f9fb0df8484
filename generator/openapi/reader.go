package openapi

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// Reader is the state of reading one document: where references lead, what has been read, and what
// was wrong so far. It is not safe for concurrent use.
type Reader struct {
	file     string
	root     *source.Node
	version  Version
	fragment bool // part of another document: references to schemas are taken by name

	basePath           string          // Swagger 2.0: prefix of all paths, or empty
	consumes, produces *source.Node    // Swagger 2.0: media types of operations that name none
	security           *claim.Fact     // for operations without security of their own
	oauth2             map[string]bool // names of the OAuth 2.0 security schemes
	schemas            *source.Node    // the named schemas
	schemasAt          string          // pointer to schemas, ending in a slash

	// Targets of references are read once and shared.
	itemParams memo[paramList] // by the parameter list of the path item
	shared     memo[claim.Param]
	headers    memo[claim.Param]
	bodies     memo[claim.Body]
	responses  memo[claim.Response]

	nested      []string                // names of schemas inside others, in the order of their first references
	nestedNames map[*source.Node]string // name by schema
	nestedNodes map[string]*source.Node // schema by name
	nestedTwins map[string]int          // how many numbers were tried per name

	open    map[*source.Node]bool // parts of schemas that are being read through a reference
	inlined int                   // references into schemas that were followed
	spent   int                   // values read so far; shared ones count each time

	errs, notes []report
	suggested   int // how often a similar name was looked for
}

// report is a message about a node. locate fills in its Pointer and Where at the end.
type report struct {
	at  *source.Node
	err *source.Error
}

// NewReader returns a reader for a whole document.
func NewReader(file string, root *source.Node, version Version) *Reader {
	r := &Reader{file: file, root: root, version: version, itemParams: memo[paramList]{},
		shared: memo[claim.Param]{}, headers: memo[claim.Param]{}, bodies: memo[claim.Body]{}, responses: memo[claim.Response]{},
		open: map[*source.Node]bool{}, oauth2: map[string]bool{}, nestedNames: map[*source.Node]string{}, nestedNodes: map[string]*source.Node{}, nestedTwins: map[string]int{}}
	if version == Swagger20 {
		r.schemas, r.schemasAt = root.Get("definitions"), "/definitions/"
	} else {
		r.schemas, r.schemasAt = root.Get("components").Get("schemas"), "/components/schemas/"
	}
	return r
}

// NewFragmentReader returns a reader for parts of an OpenAPI 3 document that are in another file,
// such as the updates of an overlay. Root is the tree of that file. References to schemas are kept
// without checking that the schema exists; other references cannot be followed. Parts may be
// incomplete.
func NewFragmentReader(file string, root *source.Node) *Reader {
	r := NewReader(file, root, OpenAPI31)
	r.fragment = true
	return r
}

// Err returns everything that was wrong so far as source.Errors, or nil.
func (r *Reader) Err() error {
	if len(r.errs) == 0 {
		return nil
	}
	r.locate(r.errs)
	var all source.Collector
	for _, e := range r.errs {
		all.AddErr(r.file, e.err)
	}
	return all.Err()
}

// Notes returns everything so far that was left out or read differently, in document order.
func (r *Reader) Notes() []*source.Error {
	if len(r.notes) == 0 {
		return nil
	}
	r.locate(r.notes)
	var all source.Collector
	for _, n := range r.notes {
		all.AddErr(r.file, n.err)
	}
	notes, _ := errors.AsType[source.Errors](all.Err())
	return notes
}

func (r *Reader) fail(n *source.Node, what, do string) { r.failAt(n, n.Line, what, do) }

func (r *Reader) failAt(n *source.Node, line int, what, do string) {
	r.errs = append(r.errs, report{n, &source.Error{Pos: source.Position{File: r.file, Line: line}, What: what, Do: do}})
}

func (r *Reader) note(n *source.Node, line int, what, do string) {
	r.notes = append(r.notes, report{n, &source.Error{Pos: source.Position{File: r.file, Line: line}, What: what, Do: do}})
}

// spend counts values and reports whether there may be more. Only references that multiply their
// targets reach the limit.
func (r *Reader) spend(n *source.Node, values int) bool {
	if r.spent > source.MaxNodes {
		return false
	}
	if r.spent += values; r.spent > source.MaxNodes {
		r.fail(n, fmt.Sprintf("references expand to more than %d values", source.MaxNodes), "give a smaller document")
		r.spent = math.MaxInt / 2
		return false
	}
	return true
}

// exhausted reports whether spend reached the limit. The error is already recorded, so reading may
// stop.
func (r *Reader) exhausted() bool { return r.spent > source.MaxNodes }

// memo maps a node to the claims that were read from it.
type memo[T any] map[*source.Node]remembered[T]

type remembered[T any] struct {
	claim *T
	spent int
}

// once reads the target of a reference, or returns what was read before.
func (m memo[T]) once(r *Reader, n *source.Node, read func(*source.Node) *T) *T {
	if seen, ok := m[n]; ok {
		r.spend(n, seen.spent)
		return seen.claim
	}
	before := r.spent
	c := read(n)
	m[n] = remembered[T]{c, r.spent - before + 1}
	return c
}

// object reports whether n is an object. A missing value, null and [] (which some documents write
// for {}) are not. Any other kind is reported as an error or a note.
func (r *Reader) object(n *source.Node, what string) bool {
	switch {
	case n == nil || n.Kind == source.Null || n.Kind == source.Array && len(n.Items) == 0:
		return false
	case n.Kind != source.Object:
		r.otherKind(n, fmt.Sprintf("%s is %s, not an object", what, n.Kind.Noun()), "write it as an object or remove it")
		return false
	}
	return true
}

// list returns the items of an array. A single value of the wanted kind counts as an array of one.
func (r *Reader) list(n *source.Node, single source.Kind, what string) []*source.Node {
	switch {
	case n == nil || n.Kind == source.Null:
		return nil
	case n.Kind == source.Array:
		return n.Items
	case n.Kind == source.Object && len(n.Members) == 0:
		return nil
	case n.Kind == single && single != source.Object:
		r.note(n, n.Line, fmt.Sprintf("%s is %s, not a list", what, n.Kind.Noun()), "read as a list of one")
		return []*source.Node{n}
	}
	r.otherKind(n, fmt.Sprintf("%s is %s, not a list", what, n.Kind.Noun()), "write it as a list or remove it")
	return nil
}

// otherKind reports a value of the wrong kind. In a fragment, whose author can correct it, that is
// an error. In a document it is a note, and the value is left out.
func (r *Reader) otherKind(n *source.Node, what, do string) {
	if r.fragment {
		r.fail(n, what, do)
		return
	}
	r.note(n, n.Line, what, "left out")
}

// truth reads a boolean. The strings "true", "yes", "false" and "no" count as booleans.
func truth(n *source.Node) (value, ok bool) {
	switch {
	case n == nil || n.Kind != source.Bool && n.Kind != source.String:
		return false, false
	case strings.EqualFold(n.Text, "true"), strings.EqualFold(n.Text, "yes"):
		return true, true
	}
	return false, strings.EqualFold(n.Text, "false") || strings.EqualFold(n.Text, "no")
}

// text returns the value of a member that has to be a string. YAML reads 1.0 as a number.
func (r *Reader) text(m source.Member) (string, bool) {
	switch m.Value.Kind {
	case source.String, source.Number, source.Bool:
		return m.Value.Text, true
	case source.Null:
		return "", false
	}
	r.meaningless(m, fmt.Sprintf("%s is %s, not a string", m.Key, m.Value.Kind.Noun()), "", nil)
	return "", false
}

// flag returns the value of a member that has to be a boolean.
func (r *Reader) flag(m source.Member) (value, ok bool) {
	value, ok = truth(m.Value)
	switch {
	case m.Value.Kind == source.Null:
		return false, false
	case ok && m.Value.Kind == source.String:
		r.note(m.Value, m.Line, fmt.Sprintf("%s is a string, not a boolean", m.Key), fmt.Sprintf("read as %t", value))
		return value, true
	case ok:
		return value, true
	}
	r.meaningless(m, fmt.Sprintf("%s is %s, not a boolean", m.Key, m.Value.Kind.Noun()), "", nil)
	return false, false
}

func (r *Reader) sayText(f *claim.Facts, name claim.Name, m source.Member) {
	if s, ok := r.text(m); ok {
		f.Say(name, s, m.Line)
	}
}

func (r *Reader) sayFlag(f *claim.Facts, name claim.Name, m source.Member) {
	if v, ok := r.flag(m); ok {
		f.Say(name, v, m.Line)
	}
}

// extra keeps an extension and notes anything else as unknown.
func (r *Reader) extra(f *claim.Facts, m source.Member, object string) {
	if isExtension(m.Key) {
		r.checkOwn(m, object)
		f.Say(claim.Name(m.Key), m.Value, m.Line)
		return
	}
	r.meaningless(m, fmt.Sprintf("%s is not a keyword of %s", quote(m.Key), object), m.Key, keywordsOf(object))
}

func isExtension(key string) bool { return strings.HasPrefix(key, "x-") }

// quote quotes text of a document for a message and cuts long text.
func quote(s string) string {
	const enough = 80
	if runes := []rune(s); len(s) > enough && len(runes) > enough {
		s = string(runes[:enough]) + "..."
	}
	return fmt.Sprintf("%q", s)
}
