package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/seed-1954497d/auditgen/generator/settled"
)

// Text prints every fact below an address (all of them if it is empty) as a table at most width
// columns wide: under each address the facts, their values and where they come from. Behind a minus
// sign stands who said something else, behind an exclamation mark who contradicted, and, where an
// address is asked for, behind an equals sign who said the same. Gaps and notes follow. An address
// that nothing has is an error.
func Text(w io.Writer, docs []*settled.Document, address string, width int) error {
	if err := check(docs, address); err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	first := true
	for _, d := range docs {
		if address != "" && len(selected(d, address)) == 0 && len(selectedGaps(d, address)) == 0 {
			continue
		}
		if !first {
			fmt.Fprintln(out)
		}
		first = false
		textOf(out, d, address, max(width, 40))
	}
	return out.Flush()
}

func textOf(out *bufio.Writer, d *settled.Document, address string, width int) {
	fmt.Fprintf(out, "%s\n", safe(d.Title()))
	for i, s := range d.Sources {
		fmt.Fprintf(out, "  %d. %s (%s)\n", i+1, safe(s.File), s.Kind)
	}
	facts := selected(d, address)
	names, origins := columns(facts, width)
	last := ""
	for _, f := range facts {
		if f.address != last {
			fmt.Fprintf(out, "\n%s\n", safe(f.address))
			last = f.address
		}
		line(out, string(f.Name), f.Won, names, origins, width)
		if address != "" {
			others(out, "=", f.Agreed, names, origins, width)
		}
		mark := "-"
		if f.Conflict {
			mark = "!"
		}
		if address != "" || !noisy(f.Name) {
			others(out, mark, f.Lost, names, origins, width)
		}
	}
	footer(out, d, address)
}

func others(out *bufio.Writer, mark string, all []settled.Said, names, origins, width int) {
	for _, s := range all {
		line(out, mark, s, names, origins, width)
	}
}

func columns(facts []row, width int) (names, origins int) {
	for _, f := range facts {
		names = max(names, utf8.RuneCountInString(string(f.Name)))
		origins = max(origins, utf8.RuneCountInString(origin(f.Won)))
		for _, l := range slices.Concat(f.Agreed, f.Lost) {
			origins = max(origins, utf8.RuneCountInString(origin(l)))
		}
	}
	return min(names, width/4), min(origins, width/2)
}

func line(out *bufio.Writer, label string, s settled.Said, names, origins, width int) {
	value := max(width-names-origins-6, 8)
	fmt.Fprintf(out, "  %s  %s  %s\n", pad(safe(label), names), pad(safe(short(s.Value, value)), value), safe(origin(s)))
}

func footer(out *bufio.Writer, d *settled.Document, address string) {
	gaps := selectedGaps(d, address)
	conflicts := 0
	for _, f := range selected(d, address) {
		if f.Conflict {
			conflicts++
		}
	}
	fmt.Fprintf(out, "\nconflicts: %d, gaps: %d\n", conflicts, len(gaps))
	for _, g := range gaps {
		fmt.Fprintf(out, "  gap: %s: %s, %s is used\n", safe(g.Address), safe(g.What), safe(g.Instead))
	}
	if address != "" {
		return
	}
	for _, n := range slices.Concat(d.LockNotes, d.Notes) {
		fmt.Fprintf(out, "  note: %s\n", safe(n.Error()))
	}
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(width-utf8.RuneCountInString(s), 0))
}

// safe takes out of document text what would drive a terminal, end a line or turn the reading
// direction.
func safe(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) {
			return ' '
		}
		return r
	}, s)
}
