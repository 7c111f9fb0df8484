package refdoc

import (
	"math/bits"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// What a sample shows about a value is its name and its JSON type, and neither is a promise: every
// fact below is weak. The elements of an array are merged into one item, and several samples of one
// answer into one shape, so that a member that only the second element has is a member.
//
// Where elements disagree, an integer and a number make a number, anything and null make a nullable
// anything, and everything else makes a value of no known type. A null alone says nullable and
// nothing about the type.
//
// A sample is made up more often than not. A string is taken for an example if it is neither a
// placeholder nor lorem; a number or boolean only if the whole document holds neither, since the
// same generator that writes "<string>" writes 2154 for a limit.

// kinds is a set of JSON types, as they are seen at one place of the samples.
type kinds uint8

const (
	sawString kinds = 1 << iota
	sawInteger
	sawNumber
	sawBoolean
	sawArray
	sawObject
)

// jsonTypes gives each kind its name.
var jsonTypes = map[kinds]string{
	sawString: "string", sawInteger: "integer", sawNumber: "number",
	sawBoolean: "boolean", sawArray: "array", sawObject: "object",
}

func kindNamed(jsonType string) (k kinds) {
	for k = sawString; jsonTypes[k] != jsonType; k <<= 1 {
	}
	return k
}

// shape is what all samples of one value show.
type shape struct {
	line    int
	kinds   kinds
	null    bool
	format  string
	formats bool // format was set by every string so far
	example *source.Node
	names   []string // of members, in the order in which they were met
	members map[string]*shape
	items   *shape
	count   int  // how many samples there were
	objects int  // how many of these were objects
	counted bool // how often a member was seen is part of its description
}

// anyName is the name of members that have no name of their own: what they show is shown of all
// others.
const anyName = "\x00"

// Shape returns what a sample shows about a value: every fact is weak, and none is an example.
func Shape(sample *source.Node) *claim.Schema {
	s, to := newShape(sample.Line), &claim.Schema{Line: sample.Line}
	s.add(sample, false)
	s.show(to)
	return to
}

func newShape(line int) *shape { return &shape{line: line} }

// add takes one more sample of the value in. Numbers in a document that is clean of placeholders
// are examples.
func (s *shape) add(n *source.Node, clean bool) {
	if isErrorMark(n) {
		return
	}
	s.count++
	switch n.Kind {
	case source.Null:
		s.null = true
	case source.Bool:
		s.kinds |= sawBoolean
		s.showExample(n, clean)
	case source.Number:
		if isInteger(n.Text) {
			s.kinds |= sawInteger
		} else {
			s.kinds |= sawNumber
		}
		s.showExample(n, clean)
	case source.String:
		s.addString(n)
	case source.Array:
		s.kinds |= sawArray
		for _, item := range n.Items {
			if s.items == nil {
				s.items = newShape(item.Line)
			}
			s.items.add(item, clean)
		}
	case source.Object:
		s.kinds |= sawObject
		s.objects++
		for _, m := range n.Members {
			s.member(m).add(m.Value, clean)
		}
	}
}

func (s *shape) member(m source.Member) *shape {
	if known := s.members[m.Key]; known != nil {
		return known
	}
	if s.members == nil {
		s.members = map[string]*shape{}
	}
	made := newShape(m.Line)
	s.members[m.Key] = made
	s.names = append(s.names, m.Key)
	return made
}

func (s *shape) addString(n *source.Node) {
	p, ok := parsePlaceholder(n.Text)
	if !ok {
		s.kinds |= sawString
		s.formats, s.format = true, ""
		s.showExample(n, !isLorem(n.Text) && !isTemplate(n.Text))
		return
	}
	s.kinds |= kindNamed(p.json)
	if !s.formats {
		s.formats, s.format = true, p.format
	} else if s.format != p.format {
		s.format = ""
	}
}

func (s *shape) showExample(n *source.Node, believable bool) {
	if believable && s.example == nil {
		s.example = n
	}
}

// jsonType returns the one type that covers all samples, or "".
func (s *shape) jsonType() string {
	if s.kinds == sawInteger|sawNumber {
		return "number"
	}
	if bits.OnesCount8(uint8(s.kinds)) == 1 {
		return jsonTypes[s.kinds]
	}
	return ""
}

// show adds the shape to what is already said about the value. A fact that is stated there is not
// shown again.
func (s *shape) show(to *claim.Schema) {
	line := s.line
	if to.Line == 0 {
		to.Line = line
	}
	jsonType := s.jsonType()
	switch {
	case jsonType != "":
		showNew(to, claim.Type, jsonType, line)
	case !s.null:
		showNew(to, claim.Presence, true, line)
	}
	if s.null {
		showNew(to, claim.Nullable, true, line)
	}
	if s.format != "" && jsonType == "string" {
		showNew(to, claim.Format, s.format, line)
	}
	if s.example != nil && jsonType != "" && jsonType != "object" && jsonType != "array" {
		to.Facts.Show(claim.Example, s.example, s.example.Line)
	}
	if s.items != nil {
		if to.Items == nil {
			to.Items = &claim.Schema{Line: s.items.line}
		}
		s.items.counted = s.counted
		s.items.show(to.Items)
	}
	s.showMembers(to)
}

func (s *shape) showMembers(to *claim.Schema) {
	known := make(map[string]*claim.Schema, len(to.Members))
	for _, m := range to.Members {
		known[m.Name] = &m.Schema
	}
	for _, name := range s.names {
		s.members[name].counted = s.counted
		if name == anyName {
			if to.Additional == nil {
				to.Additional = &claim.Schema{Line: s.members[name].line}
			}
			s.members[name].show(to.Additional)
			continue
		}
		member := known[name]
		if member == nil {
			m := &claim.Member{Name: name, Schema: claim.Schema{Line: s.members[name].line}}
			to.Members = append(to.Members, m)
			member = &m.Schema
		}
		s.members[name].show(member)
		if s.counted {
			member.Facts.Show(claim.Description, seenIn(s.members[name].count, s.objects, "object"), s.members[name].line)
		}
	}
}

// showNew shows a fact unless the very same is already said.
func showNew(to *claim.Schema, name claim.Name, value any, line int) {
	if said, ok := to.Facts.Get(name); ok && said.Value == value {
		return
	}
	to.Facts.Show(name, value, line)
}

// samples is the samples of one document. They are kept until all are found: only then is it known
// whether there is any filler among them, and which are samples of the same value.
type samples struct {
	filler bool  // there is a placeholder or lorem somewhere
	marks  []int // lines of error texts that a converter left
	order  []*claim.Schema
	values map[*claim.Schema][]*source.Node
}

// keep adds a sample of the value that a schema describes. Its lines have to be lines of the
// document.
func (s *samples) keep(to *claim.Schema, value *source.Node) {
	if s.values == nil {
		s.values = map[*claim.Schema][]*source.Node{}
	}
	if s.values[to] == nil {
		s.order = append(s.order, to)
	}
	s.values[to] = append(s.values[to], value)
	s.look(value)
}

// look finds placeholders, lorem, and the error texts of a converter in a sample.
func (s *samples) look(n *source.Node) {
	if isErrorMark(n) {
		s.filler = true
		if n.Text != unknown {
			s.marks = append(s.marks, n.Line)
		}
		return
	}
	if n.Kind == source.String && !s.filler {
		_, s.filler = parsePlaceholder(n.Text)
		s.filler = s.filler || isLorem(n.Text)
	}
	for _, item := range n.Items {
		s.look(item)
	}
	for _, m := range n.Members {
		s.look(m.Value)
	}
}

// show adds what the samples show to what is stated.
func (s *samples) show() {
	for _, to := range s.order {
		shown := newShape(s.values[to][0].Line)
		for _, value := range s.values[to] {
			shown.add(value, !s.filler)
		}
		shown.show(to)
	}
}

// setLines gives each value inside of a sample, and the sample itself, its line in the document.
func setLines(n *source.Node, line func(int) int) {
	n.Line = line(n.Line)
	for _, item := range n.Items {
		setLines(item, line)
	}
	for i := range n.Members {
		n.Members[i].Line = line(n.Members[i].Line)
		setLines(n.Members[i].Value, line)
	}
}
