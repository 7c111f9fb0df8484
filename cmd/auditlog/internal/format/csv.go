package format

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/audit"
)

// A spreadsheet recognises UTF-8 by the mark at the start, and times in the form of csvTime. It
// would run a cell that begins like a formula, so such a cell gets an apostrophe. A row is one
// physical line: line breaks in a value become blanks.

const (
	byteOrderMark = "\ufeff"
	csvTime       = "2006-01-02 15:04:05.000"
)

var columns = []string{"time_utc", "actor", "actor_id", "action", "category", "object_type", "object", "description",
	"remote_address", "changes", "associated", "id"}

func csvHeader() []byte {
	var b bytes.Buffer
	b.WriteString(byteOrderMark)
	row(&b, columns)
	return b.Bytes()
}

func csvLine(b *bytes.Buffer, r *audit.Record) error {
	var when string
	if !r.Time.IsZero() {
		when = r.Time.UTC().Format(csvTime)
	}
	var changes []string
	for _, c := range r.Changes {
		changes = append(changes, c.Name+": "+c.Old+" -> "+c.New)
	}
	row(b, []string{when, r.ActorName, r.ActorID, r.Action, r.Category, r.ObjectType, r.Object, r.Description,
		r.RemoteAddress, strings.Join(changes, " | "), strings.Join(r.Associated, " | "), r.ID})
	return nil
}

// row writes cells, every one of them in quotes: encoding/csv would leave most of them bare, and
// then a spreadsheet that separates cells by semicolons would start a new cell within a value.
func row(b *bytes.Buffer, cells []string) {
	for i, cell := range cells {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('"')
		b.WriteString(strings.ReplaceAll(harmless(cell), `"`, `""`))
		b.WriteByte('"')
	}
	b.WriteByte('\n')
}

// maxCell is the number of characters that a cell of the usual spreadsheets can hold.
const maxCell = 32767

// formula finds text that a spreadsheet may take for a formula: at the start of a cell, or after a
// semicolon, which separates cells in many countries. Full-width signs count in some of them.
var formula = regexp.MustCompile(`(^|;)([\s\x{feff}\x{200b}"']*)([=+\-@＝＋－＠|%])`)

// harmless returns the text of a cell that is shown and never run.
func harmless(cell string) string {
	cell = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\u0085' || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(cell, "\ufffd"))
	cell = formula.ReplaceAllString(cell, "$1'$2$3")
	if runes := []rune(cell); len(runes) > maxCell {
		cell = string(runes[:maxCell-3]) + "..."
	}
	return cell
}
