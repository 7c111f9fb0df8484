package refdoc

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// Plain text is what is left of a page when everything is selected and copied. What was a layout of
// columns comes out as one line after the other, some of them glued together. Each line is a block;
// a table, which is known by the names of its columns, is one too (text_table.go).

// textLine is a line of a text and how far it is set in.
type textLine struct {
	line
	indent int
}

func (l textLine) blank() bool { return l.text == "" }

// splitLines cuts a document into lines, or says why it cannot be one.
func splitLines(f source.File) ([]textLine, error) {
	if len(f.Data) > source.MaxBytes {
		return nil, &source.Error{Pos: source.Position{File: f.Name},
			What: fmt.Sprintf("%d bytes, more than the limit of %d", len(f.Data), source.MaxBytes), Do: "give a smaller document"}
	}
	lines := make([]textLine, 0, bytes.Count(f.Data, []byte{'\n'})+1)
	for raw := range bytes.Lines(withoutMark(f.Data)) {
		if !utf8.Valid(raw) {
			return nil, &source.Error{Pos: at(f.Name, len(lines)+1), What: "the document is not UTF-8", Do: "save it as UTF-8"}
		}
		lines = append(lines, newLine(string(raw), len(lines)+1))
	}
	return lines, nil
}

// withoutMark removes the byte order mark.
func withoutMark(data []byte) []byte { return bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")) }

func newLine(raw string, number int) textLine {
	raw = clean(raw)
	l := textLine{line: line{number: number, text: strings.TrimSpace(raw)}}
	for _, c := range raw {
		switch c {
		case ' ':
			l.indent++
			continue
		case '\t':
			l.indent += 4
			continue
		}
		break
	}
	return l
}

// filled returns the lines that are not blank.
func filled(lines []textLine) []textLine {
	var out []textLine
	for _, l := range lines {
		if !l.blank() {
			out = append(out, l)
		}
	}
	return out
}

// textBlocks makes blocks of the lines of a text.
func textBlocks(lines []textLine) []block {
	var out []block
	var open []int // how far the bullet points are set in that we are inside of
	glued := false
	for i := 0; i < len(lines); i++ {
		l := lines[i]
		if l.blank() {
			glued = false
			continue
		}
		if t, next := textTable(lines, i); t != nil {
			out = append(out, *t)
			i, glued = next-1, false
			continue
		}
		text, bullet := cutBullet(l.text)
		for (bullet || !glued) && len(open) > 0 && open[len(open)-1] >= l.indent {
			open = open[:len(open)-1]
		}
		b := block{line: line{l.number, text}, glued: glued}
		if bullet {
			b.kind = item
			open = append(open, l.indent)
		}
		b.level = min(len(open), 10)
		out = append(out, b)
		glued = true
	}
	return out
}

// cutBullet takes the sign of a bullet point off.
func cutBullet(text string) (rest string, bullet bool) {
	for _, sign := range []string{"•", "◦", "▪", "‣", "- ", "* "} {
		if rest, ok := strings.CutPrefix(text, sign); ok && strings.TrimSpace(rest) != "" {
			return strings.TrimSpace(rest), true
		}
	}
	return text, false
}
