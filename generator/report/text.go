package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// Text prints every fact below the addresses asked for, all of them if there are none, as a table
// at most width columns wide: under each address the facts, their values and where they come from.
// A minus sign marks who said something else, an exclamation mark who contradicted, and, where an
// address is asked for, an equals sign who said the same. Gaps and notes follow, and the meaning of
// the marks. It is an error if nothing has an address asked for.
func Text(w io.Writer, docs []*settled.Document, asked []string, width int) error {
	if err := check(docs, asked); err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	first := true
	for _, d := range docs {
		if len(selected(d, asked)) == 0 && len(selectedGaps(d, asked)) == 0 && len(asked) > 0 {
			continue
		}
		if !first {
			fmt.Fprintln(out)
		}
		first = false
		textOf(out, d, asked, max(width, 40))
	}
	fmt.Fprintf(out, "\nmarks: ")
	if len(asked) > 0 {
		fmt.Fprintf(out, "= says the same, ")
	}
	fmt.Fprintf(out, "- says something else, ! contradicts a type, a default or whether something is required\n")
	return out.Flush()
}

func textOf(out *bufio.Writer, d *settled.Document, asked []string, width int) {
	fmt.Fprintf(out, "%s\n", source.Printable(d.Title()))
	for i, s := range d.Sources {
		fmt.Fprintf(out, "  %d. %s (%s)\n", i+1, source.Printable(s.File), s.Kind)
	}
	facts := selected(d, asked)
	names, origins := columns(facts, width)
	last := ""
	for _, f := range facts {
		if f.address != last {
			fmt.Fprintf(out, "\n%s\n", source.Printable(f.address))
			last = f.address
		}
		line(out, string(f.Name), f.Won, names, origins, width)
		if len(asked) > 0 {
			others(out, "=", f.Agreed, names, origins, width)
		}
		mark := "-"
		if f.Conflict {
			mark = "!"
		}
		if len(asked) > 0 || !noisy(f.Name) {
			others(out, mark, f.Lost, names, origins, width)
		}
	}
	footer(out, d, asked)
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
	fmt.Fprintf(out, "  %s  %s  %s\n", pad(source.Printable(label), names), pad(source.Printable(short(s.Value, value)), value), source.Printable(origin(s)))
}

func footer(out *bufio.Writer, d *settled.Document, asked []string) {
	gaps := selectedGaps(d, asked)
	conflicts := 0
	for _, f := range selected(d, asked) {
		if f.Conflict {
			conflicts++
		}
	}
	fmt.Fprintf(out, "\nconflicts: %d, gaps: %d\n", conflicts, len(gaps))
	for _, g := range gaps {
		fmt.Fprintf(out, "  gap: %s: %s, %s is used\n", source.Printable(g.Address), source.Printable(g.What), source.Printable(g.Instead))
	}
	if len(asked) > 0 {
		return
	}
	for _, o := range d.Outdated {
		fmt.Fprintf(out, "  warning: %s\n", source.Printable(o.Warning().Error()))
	}
	for _, n := range Notes(slices.Concat(d.LockNotes, d.Notes)) {
		fmt.Fprintf(out, "  note: %s\n", source.Printable(n.String()))
		if len(n.Also) > 0 {
			fmt.Fprintf(out, "    %s\n", source.Printable(n.Places()))
		}
	}
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(width-utf8.RuneCountInString(s), 0))
}
