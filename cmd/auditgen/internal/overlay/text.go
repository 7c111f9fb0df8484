package overlay

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// text is a document of which parts are cut.
type text struct {
	data   []byte
	starts []int // of the lines
	cuts   []span
}

// span is a part of a text, and what takes its place.
type span struct {
	from, to int
	instead  string
}

func newText(data []byte) *text {
	t := &text{data: data, starts: []int{0}}
	for i, c := range data {
		if c == '\n' {
			t.starts = append(t.starts, i+1)
		}
	}
	return t
}

// line returns a line, counted from 1, with its end.
func (t *text) line(number int) string {
	to := len(t.data)
	if number < len(t.starts) {
		to = t.starts[number]
	}
	return string(t.data[t.starts[number-1]:to])
}

// offset returns where a node begins.
func (t *text) offset(n *yaml.Node) int {
	at := t.starts[n.Line-1]
	for range n.Column - 1 {
		_, size := utf8.DecodeRune(t.data[at:])
		at += size
	}
	return at
}

// without returns the text without its cuts.
func (t *text) without() []byte {
	slices.SortFunc(t.cuts, func(a, b span) int { return a.from - b.from })
	var out bytes.Buffer
	at := 0
	for _, c := range t.cuts {
		if c.from < at {
			continue // inside of what is cut already
		}
		out.Write(t.data[at:c.from])
		out.WriteString(c.instead)
		at = c.to
	}
	out.Write(t.data[at:])
	return out.Bytes()
}

// cutIn cuts what goes in a collection.
func (t *text) cutIn(n *yaml.Node, gone nodes) {
	all := entries(n)
	cut := t.cutLines
	if isFlow(n) {
		cut = t.cutFlow
	}
	for from := 0; from < len(all); from++ {
		to := from
		for to < len(all) && gone[all[to]] {
			to++
		}
		if to > from {
			cut(n, all, from, to)
			from = to
		}
	}
	for i, value := range values(n) {
		if !gone[all[i]] {
			t.cutIn(value, gone)
		}
	}
}

// cutLines cuts the entries from..to of a collection in block style: their lines, without blank
// lines and comments that stand between them and the next entry.
func (t *text) cutLines(n *yaml.Node, all []*yaml.Node, from, to int) {
	for i := from; i < to; i++ {
		begin := t.starts[all[i].Line-1]
		if own := t.offset(n); i == 0 && n.Kind == yaml.MappingNode && t.onDashLine(all[i]) && len(all) > to {
			// The key is behind the dash of an item, so the next key moves there.
			t.cuts = append(t.cuts, span{from: own, to: t.offset(all[to])})
			return
		}
		t.cuts = append(t.cuts, span{from: begin, to: t.endOfEntry(all, i, n.Column-1)})
	}
}

// onDashLine reports whether a key is on the line that begins an item of a list.
func (t *text) onDashLine(key *yaml.Node) bool {
	before := t.data[t.starts[key.Line-1]:t.offset(key)]
	return len(bytes.TrimSpace(before)) > 0
}

// endOfEntry returns where the last line of an entry ends. The entries of the collection begin at a
// column.
func (t *text) endOfEntry(all []*yaml.Node, i, column int) int {
	var last int
	if i+1 < len(all) {
		last = all[i+1].Line - 1
	} else {
		last = t.lastInside(all[i].Line, column)
	}
	for last > all[i].Line && blank(t.line(last), column) {
		last--
	}
	if last < len(t.starts) {
		return t.starts[last]
	}
	return len(t.data)
}

// lastInside returns the last line from first on that belongs to an entry which begins at a column:
// those that are indented more, and those that say nothing.
func (t *text) lastInside(first, column int) int {
	last := first
	for number := first + 1; number <= len(t.starts); number++ {
		line := t.line(number)
		indent := len(line) - len(bytes.TrimLeft([]byte(line), " "))
		if !blank(line, len(line)) && indent <= column {
			break
		}
		last = number
	}
	return last
}

// cutFlow cuts the entries from..to of a collection in brackets, with the commas between them.
func (t *text) cutFlow(n *yaml.Node, all []*yaml.Node, from, to int) {
	spans := t.flow(t.offset(n))
	if len(spans) != len(all) {
		return // check finds that nothing was cut
	}
	switch {
	case to < len(all):
		t.cuts = append(t.cuts, span{from: spans[from].from, to: spans[to].from})
	case from > 0:
		t.cuts = append(t.cuts, span{from: spans[from-1].to, to: spans[to-1].to})
	}
}

// emptyList writes the list of actions that has lost all of them.
func (t *text) emptyList(key, actions *yaml.Node) {
	if isFlow(actions) {
		at := t.offset(actions)
		t.cuts = append(t.cuts, span{at, t.endOfFlow(at), "[]"})
		return
	}
	colon := t.offset(key) + bytes.IndexByte(t.data[t.offset(key):], ':')
	t.cuts = append(t.cuts, span{colon + 1, colon + 1, " []"})
	for i := range actions.Content {
		begin := t.starts[actions.Content[i].Line-1]
		t.cuts = append(t.cuts, span{from: begin, to: t.endOfEntry(actions.Content, i, actions.Column-1)})
	}
}

// flow returns the entries of the collection whose bracket is at an offset, without the white space
// around them.
func (t *text) flow(at int) []span {
	var all []span
	t.scanFlow(at, func(from, to int) {
		part := t.data[from:to]
		from += len(part) - len(bytes.TrimLeft(part, " \t\r\n"))
		part = bytes.TrimSpace(part)
		if len(part) > 0 {
			all = append(all, span{from: from, to: from + len(part)})
		}
	})
	return all
}

// endOfFlow returns the offset behind the closing bracket.
func (t *text) endOfFlow(at int) int { return t.scanFlow(at, func(int, int) {}) }

// scanFlow calls entry for each part between the commas of a collection in brackets, and returns
// the offset behind the closing bracket.
func (t *text) scanFlow(at int, entry func(from, to int)) int {
	depth, from := 0, at+1
	for i := at; i < len(t.data); i++ {
		switch c := t.data[i]; c {
		case '"', '\'':
			if startsScalar(t.data[:i]) {
				i = endOfQuoted(t.data, i)
			}
		case '#':
			if i > 0 && (t.data[i-1] == ' ' || t.data[i-1] == '\n') {
				i += max(bytes.IndexByte(t.data[i:], '\n'), 0)
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				entry(from, i)
				return i + 1
			}
		case ',':
			if depth == 1 {
				entry(from, i)
				from = i + 1
			}
		}
	}
	return len(t.data)
}

// startsScalar reports whether a quote behind some text begins a scalar: an apostrophe in a word
// does not.
func startsScalar(before []byte) bool {
	before = bytes.TrimRight(before, " \t\r\n")
	return len(before) > 0 && bytes.IndexByte([]byte("{[,:"), before[len(before)-1]) >= 0
}

// endOfQuoted returns the offset of the quote that ends a quoted scalar.
func endOfQuoted(data []byte, at int) int {
	quote := data[at]
	for i := at + 1; i < len(data); i++ {
		switch {
		case quote == '"' && data[i] == '\\':
			i++
		case data[i] != quote:
		case quote == '\'' && i+1 < len(data) && data[i+1] == quote:
			i++
		default:
			return i
		}
	}
	return len(data) - 1
}
