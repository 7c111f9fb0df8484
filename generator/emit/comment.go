package emit

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dave/jennifer/jen"
)

// lineWidth is where comments wrap, counted from the slashes; long lists of names wrap there too.
const lineWidth = 100

// block is a part of a comment, set apart from its neighbours by an empty line.
type block struct {
	kind  blockKind
	text  string
	tail  string // a sentence of ours that follows the first paragraph
	tight bool   // no empty line before it
}

type blockKind int

const (
	ownText  blockKind = iota // our words: one paragraph
	document                  // a document's words: paragraphs, lists, Markdown, HTML, anything
	fixed                     // one line that does not wrap, such as a path
	sample                    // Go or a command line, indented
	bullets                   // our words: a list, one item a line
	warning                   // the paragraph that tells tools about a deprecation
)

func own(text string) block        { return block{kind: ownText, text: text} }
func prose(text string) block      { return block{kind: document, text: text} }
func fixedLine(text string) block  { return block{kind: fixed, text: text} }
func indented(text string) block   { return block{kind: sample, text: text} }
func listOf(text string) block     { return block{kind: bullets, text: text} }
func deprecated(text string) block { return block{kind: warning, text: text} }

// and adds a sentence of ours to the first paragraph.
func (b block) and(tail string) block {
	b.tail = tail
	return b
}

// below puts a block directly under the one before it.
func (b block) below() block {
	b.tight = true
	return b
}

// addComment yields the comment, or nothing if there is nothing to say.
func addComment(g *jen.Group, blocks ...block) {
	if text := docComment(blocks...); text != "" {
		g.Comment(text)
	}
}

// docComment is the only way from text to a comment. Whatever the text, every line of the result is
// "//", or "// " or "//\t" followed by something printable that is not a directive: jennifer prints
// it as it is.
func docComment(blocks ...block) string {
	var w commentWriter
	for _, b := range blocks {
		w.block(b)
	}
	return w.out.String()
}

// commentWriter collects the lines of one comment.
type commentWriter struct {
	out strings.Builder
}

func (w *commentWriter) block(b block) {
	if strings.TrimSpace(b.text) == "" {
		return
	}
	if !b.tight {
		w.gap()
	}
	switch b.kind {
	case ownText:
		w.wrap(b.text, "", "")
	case document:
		w.document(b)
	case fixed:
		w.line("// ", strings.Join(strings.Fields(visible(b.text)), " "))
	case sample:
		for line := range strings.SplitSeq(b.text, "\n") {
			w.code(line)
		}
	case bullets:
		for line := range strings.SplitSeq(b.text, "\n") {
			w.wrap(line, "  - ", "    ")
		}
	case warning:
		w.warning(b)
	}
}

// gap ends a paragraph.
func (w *commentWriter) gap() {
	if w.out.Len() > 0 {
		w.out.WriteString("\n//")
	}
}

// document writes a document's text: its paragraphs apart, its lists as Go lists, its code
// indented.
func (w *commentWriter) document(b block) {
	var last partKind
	for i, p := range partsOf(b.text) {
		if i > 0 && apart(last, p.kind) {
			w.gap()
		}
		last = p.kind
		switch p.kind {
		case paragraph:
			text := harmlessParagraph(p.text)
			if b.tail != "" {
				text += " " + b.tail
				b.tail = ""
			}
			w.wrap(text, "", "")
		case item:
			w.wrap(p.text, p.marker, "    ")
		case code:
			w.code(p.text)
		}
	}
	if b.tail != "" {
		w.gap()
		w.wrap(b.tail, "", "")
	}
}

// apart reports whether an empty line stands between two parts.
func apart(last, next partKind) bool { return next == paragraph || last != next }

// warning writes a deprecation, in one paragraph, for that is what tools read.
func (w *commentWriter) warning(b block) {
	var text []string
	for _, p := range partsOf(b.text) {
		text = append(text, strings.TrimPrefix(p.text, "Deprecated: "))
	}
	if len(text) > 0 {
		w.wrap("Deprecated: "+capitalized(strings.Join(text, " ")), "", "")
	}
}

// harmlessParagraph keeps a document from deprecating what the IR does not call deprecated.
func harmlessParagraph(text string) string {
	if strings.HasPrefix(text, "Deprecated:") {
		return "It is deprecated:" + strings.TrimPrefix(text, "Deprecated:")
	}
	return text
}

// wrap writes a paragraph in lines of at most lineWidth; a longer word gets a line of its own. The
// first line starts with first, the others with rest.
func (w *commentWriter) wrap(text, first, rest string) {
	indent := first
	var line strings.Builder
	width := 0
	for word := range strings.FieldsSeq(visible(text)) {
		size := utf8.RuneCountInString(word)
		if width > 0 && len("// ")+len(indent)+width+1+size > lineWidth {
			w.line("// "+indent, line.String())
			line.Reset()
			width, indent = 0, rest
		}
		if width > 0 {
			line.WriteByte(' ')
			width++
		}
		line.WriteString(word)
		width += size
	}
	if width > 0 {
		w.line("// "+indent, line.String())
	}
}

// code writes an indented line and keeps its own indentation.
func (w *commentWriter) code(text string) {
	bare := strings.TrimLeft(text, "\t")
	w.line("//\t"+text[:len(text)-len(bare)], bare)
}

// line writes one line after making it safe. Nothing else writes text.
func (w *commentWriter) line(prefix, text string) {
	if w.out.Len() > 0 {
		w.out.WriteByte('\n')
	}
	text = safeLine(text)
	if text == "" {
		w.out.WriteString("//")
		return
	}
	w.out.WriteString(prefix)
	w.out.WriteString(text)
}

// safeLine turns text into something that is one line for every reader of Go and no order to any of
// them.
func safeLine(text string) string {
	text = strings.TrimRightFunc(visible(text), unicode.IsSpace)
	if strings.Contains(text, "``") || strings.Contains(text, "''") {
		text = quotes.Replace(text)
	}
	if strings.Contains(text, "DO NOT EDIT") {
		text = strings.ReplaceAll(text, "DO NOT EDIT", "do not edit")
	}
	if strings.HasPrefix(strings.TrimSpace(text), "+build") {
		text = "(build)" + strings.TrimPrefix(strings.TrimSpace(text), "+build")
	}
	return text
}

// visible puts a space in the place of each character that does not print.
func visible(text string) string {
	if plainASCII(text) {
		return text
	}
	return strings.Map(printable, text)
}

// quotes writes as one character what gofmt would make one.
var quotes = strings.NewReplacer("``", `"`, "''", `"`)

func plainASCII(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] < ' ' || text[i] >= utf8.RuneSelf-1 {
			return false
		}
	}
	return true
}

// printable replaces what ends a line, cannot be seen or turns the reading direction with a space:
// control and format characters (byte order mark, bidi controls), line and paragraph separators,
// odd spaces.
func printable(r rune) rune {
	if r == utf8.RuneError || r == '\t' || !unicode.IsPrint(r) {
		return ' '
	}
	return r
}
