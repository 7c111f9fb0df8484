package refdoc

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// line is one line of a text document. Text has no white space around it; how far it was set in is kept in indent.
type line struct {
	number int
	indent int
	text   string
}

func (l line) blank() bool { return l.text == "" }

// splitLines cuts a document into lines, or says why it cannot be one.
func splitLines(f source.File) ([]line, error) {
	if len(f.Data) > source.MaxBytes {
		return nil, &source.Error{Pos: source.Position{File: f.Name},
			What: fmt.Sprintf("%d bytes, more than the limit of %d", len(f.Data), source.MaxBytes), Do: "give a smaller document"}
	}
	lines := make([]line, 0, bytes.Count(f.Data, []byte{'\n'})+1)
	for raw := range bytes.Lines(bytes.TrimPrefix(f.Data, []byte("\xef\xbb\xbf"))) {
		if !utf8.Valid(raw) {
			return nil, &source.Error{Pos: source.Position{File: f.Name, Line: len(lines) + 1},
				What: "the document is not UTF-8", Do: "save it as UTF-8"}
		}
		lines = append(lines, newLine(string(raw), len(lines)+1))
	}
	return lines, nil
}

func newLine(raw string, number int) line {
	l := line{number: number, text: strings.TrimSpace(raw)}
	for _, c := range raw {
		switch c {
		case ' ', '\u00a0':
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

// filled gives the lines that are not blank.
func filled(lines []line) []line {
	var out []line
	for _, l := range lines {
		if !l.blank() {
			out = append(out, l)
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

// cutPrefixFold is strings.CutPrefix for ASCII prefixes, whatever the case.
func cutPrefixFold(s, prefix string) (rest string, found bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}
