// Package report prints where the facts of settled documents come from: as a table for the
// terminal, as JSON for machines, and as the Markdown page that lies beside generated code.
package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// row is a fact and the address of its element.
type row struct {
	address string
	*settled.Fact
}

// selected returns the facts whose address is one of those asked for or is below it; all of them if
// nothing is asked for.
func selected(d *settled.Document, asked []string) []row {
	var out []row
	for at, f := range d.AllFacts() {
		if withinAny(at, asked) {
			out = append(out, row{at, f})
		}
	}
	return out
}

func selectedGaps(d *settled.Document, asked []string) []settled.Gap {
	var out []settled.Gap
	for _, g := range d.Gaps {
		if withinAny(g.Address, asked) {
			out = append(out, g)
		}
	}
	return out
}

// withinAny reports whether an address is one of those asked for or below it, or nothing is asked
// for.
func withinAny(address string, asked []string) bool {
	return len(asked) == 0 || slices.ContainsFunc(asked, func(one string) bool { return within(address, one) })
}

// within reports whether an address is the one asked for or below it. Case does not matter.
func within(address, asked string) bool {
	if len(address) < len(asked) || !strings.EqualFold(address[:len(asked)], asked) {
		return false
	}
	rest := address[len(asked):]
	return rest == "" || strings.ContainsRune(" .[{<", rune(rest[0]))
}

// Knows reports whether any document has an address asked for.
func Knows(docs []*settled.Document, asked []string) bool {
	return slices.ContainsFunc(docs, func(d *settled.Document) bool { return len(selected(d, asked))+len(selectedGaps(d, asked)) > 0 })
}

// check returns an error if nothing has an address asked for.
func check(docs []*settled.Document, asked []string) error {
	if len(asked) == 0 || Knows(docs, asked) {
		return nil
	}
	address := asked[0]
	var near, known []string
	for _, d := range docs {
		for at := range d.AllFacts() {
			if len(known) > 0 && known[len(known)-1] == at {
				continue
			}
			known = append(known, at)
			if len(near) < 3 && strings.Contains(strings.ToLower(at), strings.ToLower(address)) {
				near = append(near, at)
			}
		}
	}
	if misspelt := source.Nearest(address, known); misspelt != "" && len(near) == 0 {
		near = append(near, misspelt)
	}
	if len(near) > 0 {
		return fmt.Errorf("nothing has the address %q: did you mean %s?", address, strings.Join(near, ", or "))
	}
	return fmt.Errorf("nothing has the address %q: run explain without an address to see all of them", address)
}

// origin returns FILE:LINE, and whether only a sample shows it.
func origin(s settled.Said) string {
	if s.Source == nil {
		return ""
	}
	out := s.Source.File
	if s.Line > 0 {
		out = fmt.Sprintf("%s:%d", out, s.Line)
	}
	if s.Weak {
		out += " (sample)"
	}
	return out
}

// noisy reports whether a fact is prose: its texts differ from document to document, and nothing
// follows from that.
func noisy(name claim.Name) bool {
	switch name {
	case claim.Description, claim.Summary, claim.Title, claim.TermsOfService, claim.DocsURL:
		return true
	}
	return false
}

// short cuts a value to one line of at most width characters.
func short(s string, width int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > width {
		return string(r[:max(width-1, 0)]) + "…"
	}
	return s
}
