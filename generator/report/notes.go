package report

import (
	"fmt"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// fewNotes is how many notes of one document may say the same, each on a line of its own.
const fewNotes = 3

// Note is a note and the places of others that say the same.
type Note struct {
	First *source.Error
	Also  []string
}

// Notes joins the notes of one document that say the same about more than a few places: a reader
// decides once about all of them. The order is that of the first of each.
func Notes(all []*source.Error) []Note {
	type saying struct{ file, what, do string }
	count := map[saying]int{}
	of := func(n *source.Error) saying { return saying{n.Pos.File, n.What, n.Do} }
	for _, n := range all {
		count[of(n)]++
	}
	var out []Note
	first := map[saying]int{}
	for _, n := range all {
		says := of(n)
		if i, known := first[says]; known {
			out[i].Also = append(out[i].Also, placeOf(n))
			continue
		}
		if count[says] > fewNotes {
			first[says] = len(out)
		}
		out = append(out, Note{First: n})
	}
	return out
}

// String returns the note in one line: its first place and how many others there are.
func (n Note) String() string {
	if len(n.Also) == 0 {
		return n.First.Error()
	}
	return fmt.Sprintf("%s (and in %d more places)", n.First.Error(), len(n.Also))
}

// Places lists the other places, "" if there are none.
func (n Note) Places() string { return strings.Join(n.Also, ", ") }

// placeOf names the place of a note by its address, or else by its line.
func placeOf(n *source.Error) string {
	if n.Where != "" && n.Pos.Line > 0 {
		return fmt.Sprintf("%s (line %d)", n.Where, n.Pos.Line)
	}
	if n.Where != "" {
		return n.Where
	}
	return fmt.Sprintf("line %d", n.Pos.Line)
}
