package openapi

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// Reader is what reading one document needs beside the object at hand: where references lead, what was read already,
// and what was wrong so far. It is not safe for concurrent use.
type Reader struct {
	file     string
	root     *source.Node
	version  Version
	fragment bool // a part of some other document: references to schemas are taken by name

	basePath           string          // Swagger 2.0: what stands before all paths, or empty
	consumes, produces *source.Node    // Swagger 2.0: media types of operations that name none
	security           *claim.Fact     // for operations that say nothing about it
	oauth2             map[string]bool // names of the security schemes whose scopes are OAuth 2.0 scopes
	schemas            *source.Node    // the named schemas
	schemasAt          string          // the pointer to them, with a slash at the end

	// What references lead to is read once and shared.
	itemParams memo[paramList] // by the list of a path item
	shared     memo[claim.Param]
	headers    memo[claim.Param]
	bodies     memo[claim.Body]
	responses  memo[claim.Response]

	nested      []string                // names of schemas inside others, in the order of the references to them
	nestedNames map[*source.Node]string // those names, by the schema
	nestedNodes map[string]*source.Node // the schemas, by their names
	nestedTwins map[string]int          // how many numbers were tried for a name

	open    map[*source.Node]bool // places inside schemas that are being read because a reference leads there
	inlined int                   // references into the inside of schemas that were followed
	spent   int                   // values read so far, shared ones counted each time

	errs, notes []report
	suggested   int // how often a near name was looked for
}

// report is something to say about a node. Pointer and Where are looked up when all is read.
type report struct {
	at  *source.Node
	err *source.Error
}

// NewReader makes a reader of a whole document.
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

// NewFragmentReader makes a reader of parts of an OpenAPI 3 document that stand in some other file, such as the updates
// of an overlay. Root is that file's tree. References name schemas of the document that is being completed, so whether they
// lead somewhere is not asked; other references cannot be followed. Objects may lack what a whole document could not do without.
func NewFragmentReader(file string, root *source.Node) *Reader {
	r := NewReader(file, root, OpenAPI31)
	r.fragment = true
	return r
}

// Err gives everything that was wrong so far, as source.Errors, or nil.
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

// Notes gives everything so far that was read and not kept as it was, in document order.
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

// spend counts values and tells whether there may be more. The limit is reached only where references multiply what they
// lead to.
func (r *Reader) spend(n *source.Node, values int) bool {
	if r.spent > source.MaxNodes {
		return false
	}
	if r.spent += values; r.spent > source.MaxNodes {
		r.fail(n, fmt.Sprintf("references stand for more than %d values", source.MaxNodes), "give a smaller document")
		r.spent = math.MaxInt / 2
		return false
	}
	return true
}

// exhausted tells whether references multiplied what they lead to beyond the limit: an error says so, and reading on would
// take time for nothing.
func (r *Reader) exhausted() bool { return r.spent > source.MaxNodes }

// memo keeps claims by the node they were read from.
type memo[T any] map[*source.Node]remembered[T]

type remembered[T any] struct {
	claim *T
	spent int
}

// once reads a node that references lead to, or gives what was read before.
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

// object tells whether n is an object. What is absent or null is none, and neither is [], which some writers use for {}; anything
// else is an error that says what was expected.
func (r *Reader) object(n *source.Node, what string) bool {
	switch {
	case n == nil || n.Kind == source.Null || n.Kind == source.Array && len(n.Items) == 0:
		return false
	case n.Kind != source.Object:
		r.otherKind(n, fmt.Sprintf("%s is %s, not an object", what, kindOf(n)), "write it as an object, or remove it")
		return false
	}
	return true
}

// list gives the items of an array. A single value of the wanted kind counts as an array of one.
func (r *Reader) list(n *source.Node, single source.Kind, what string) []*source.Node {
	switch {
	case n == nil || n.Kind == source.Null:
		return nil
	case n.Kind == source.Array:
		return n.Items
	case n.Kind == source.Object && len(n.Members) == 0:
		return nil
	case n.Kind == single && single != source.Object:
		r.note(n, n.Line, fmt.Sprintf("%s is %s, not a list", what, kindOf(n)), "taken as a list of one")
		return []*source.Node{n}
	}
	r.otherKind(n, fmt.Sprintf("%s is %s, not a list", what, kindOf(n)), "write it as a list, or remove it")
	return nil
}

// otherKind reports a value that is not of the kind that has to stand there. A document is read without it; in a fragment, whose author is
// at hand, it is an error.
func (r *Reader) otherKind(n *source.Node, what, do string) {
	if r.fragment {
		r.fail(n, what, do)
		return
	}
	r.note(n, n.Line, what, "left out")
}

// truth reads a boolean as people write it: true, and also "true", yes or no, which are strings.
func truth(n *source.Node) (value, ok bool) {
	switch {
	case n == nil || n.Kind != source.Bool && n.Kind != source.String:
		return false, false
	case strings.EqualFold(n.Text, "true"), strings.EqualFold(n.Text, "yes"):
		return true, true
	}
	return false, strings.EqualFold(n.Text, "false") || strings.EqualFold(n.Text, "no")
}

// text gives a member that has to be a string. YAML takes 1.0 for a number where nobody means one.
func (r *Reader) text(m source.Member) (string, bool) {
	switch m.Value.Kind {
	case source.String, source.Number, source.Bool:
		return m.Value.Text, true
	case source.Null:
		return "", false
	}
	r.meaningless(m, fmt.Sprintf("%s is %s, not a string", m.Key, kindOf(m.Value)), "", nil)
	return "", false
}

// flag gives a member that has to be a boolean.
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
	r.meaningless(m, fmt.Sprintf("%s is %s, not a boolean", m.Key, kindOf(m.Value)), "", nil)
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

// extra keeps an extension. Anything else is unknown.
func (r *Reader) extra(f *claim.Facts, m source.Member, object string) {
	if isExtension(m.Key) {
		r.checkOwn(m, object)
		f.Say(claim.Name(m.Key), m.Value, m.Line)
		return
	}
	r.meaningless(m, fmt.Sprintf("%s is not a keyword of %s", quote(m.Key), object), m.Key, keywordsOf(object))
}

func isExtension(key string) bool { return strings.HasPrefix(key, "x-") }

// kindOf names the kind of a value with its article.
func kindOf(n *source.Node) string {
	switch n.Kind {
	case source.Null:
		return "null"
	case source.Array, source.Object:
		return "an " + n.Kind.String()
	default:
		return "a " + n.Kind.String()
	}
}

// quote quotes text of a document for a message, cut where it is too long to be read.
func quote(s string) string {
	const enough = 80
	if runes := []rune(s); len(s) > enough && len(runes) > enough {
		s = string(runes[:enough]) + "..."
	}
	return fmt.Sprintf("%q", s)
}
