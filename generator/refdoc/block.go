package refdoc

import (
	"strings"
	"unicode"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// A document of any syntax (HTML, Markdown, plain text) becomes a list of blocks, and the readers
// of pages and tables see nothing else. A layout that one of them learns is learned for all
// syntaxes.

// block is a line of text, a table or a sample of code.
type block struct {
	line
	kind   blockKind
	level  int    // of a heading: 1 to 6; of an item, and of text below it: how deep it is set in
	glued  bool   // it follows the block above without a blank line
	strong bool   // all of its text is bold: it may be a label
	code   []line // of a sample: its lines
	rows   []row  // of a table; the first one has the names of the columns
}

type blockKind uint8

const (
	paragraph blockKind = iota
	heading
	item // of a list
	code
	table
)

// line is a line of text and its number. Text has no white space around it, except in code.
type line struct {
	number int
	text   string
}

// row is a row of a table. A cell may have several lines.
type row struct {
	number int
	cells  [][]line
}

// isText reports whether a block is a line of text.
func (b *block) isText() bool { return b.kind < code }

// isLine reports whether a block is a line with exactly this text, in any case.
func (b *block) isLine(text string) bool { return b.isText() && strings.EqualFold(b.text, text) }

// linesOf returns the lines of blocks one below the other: those of text, of code, and of the cells
// of tables. Blocks are separated by blank lines, unless they are glued.
func linesOf(blocks []block) []line {
	var out []line
	for i := range blocks {
		b := &blocks[i]
		if !b.glued && len(out) > 0 {
			out = append(out, line{number: out[len(out)-1].number})
		}
		switch b.kind {
		case code:
			out = append(out, b.code...)
		case table:
			for _, r := range b.rows {
				for _, cell := range r.cells {
					out = append(out, cell...)
				}
			}
		default:
			out = append(out, b.line)
		}
	}
	return out
}

// joinText puts lines together again, one below the other.
func joinText(lines []line) string {
	var b strings.Builder
	for i, l := range lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(l.text)
	}
	return b.String()
}

// lineAt returns the number of the line on which byte i of the joined text is.
func lineAt(lines []line, text string, i int) int {
	if len(lines) == 0 {
		return 0
	}
	return lines[min(strings.Count(text[:i], "\n"), len(lines)-1)].number
}

// clean replaces every kind of blank by a plain one and removes what has no width. Line ends and
// tabulators stay.
func clean(text string) string {
	if isPlain(text) {
		return text
	}
	return strings.Map(func(c rune) rune {
		switch c {
		case '\n', '\t':
			return c
		case '\u200b', '\u200c', '\u200e', '\u200f', '\u2060', '\ufeff', '\u00ad', '\r':
			return -1
		case '\u2028', '\u2029', '\u0085', '\v', '\f':
			return ' '
		}
		if unicode.Is(unicode.Zs, c) {
			return ' '
		}
		return c
	}, text)
}

// isPlain reports whether a text is printable ASCII with line ends and tabulators.
func isPlain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c >= 0x7f || c < ' ' && c != '\n' && c != '\t' {
			return false
		}
	}
	return true
}

// oneLine collapses all white space of a text.
func oneLine(text string) string { return strings.Join(strings.Fields(clean(text)), " ") }

// cutPrefixFold is strings.CutPrefix for ASCII prefixes, whatever the case.
func cutPrefixFold(s, prefix string) (rest string, found bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// at returns the position of a line in a file.
func at(file string, line int) source.Position { return source.Position{File: file, Line: line} }

// set returns the words of a text.
func set(words string) map[string]bool {
	all := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		all[word] = true
	}
	return all
}

// meanings returns what each of the words means that are listed, between commas, by their meaning.
func meanings[T comparable](words map[T]string) map[string]T {
	all := map[string]T{}
	for meaning, list := range words {
		for word := range strings.SplitSeq(list, ",") {
			all[word] = meaning
		}
	}
	return all
}
