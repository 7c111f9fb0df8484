package report

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// Markdown returns the page that lies beside generated code: the sources, what they disagree about,
// what is missing, and for each address the facts with their origins.
func Markdown(d *settled.Document) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "# Where this package comes from\n\n%s, settled from these documents, the strongest first:\n\n", cell(d.Title(), 200))
	for i, s := range d.Sources {
		fmt.Fprintf(&out, "%d. %s (%s)\n", i+1, code(s.File, 200), s.Kind)
	}
	conflicts(&out, d)
	gaps(&out, d)
	if len(d.Notes) > 0 {
		fmt.Fprintf(&out, "\n## Read and not kept\n\n")
		for _, n := range Notes(d.Notes) {
			fmt.Fprintf(&out, "- %s\n", cell(n.String(), 400))
			if len(n.Also) > 0 {
				fmt.Fprintf(&out, "  - %s\n", source.Markdown(n.Places()))
			}
		}
	}
	if len(d.Sources) > 1 {
		facts(&out, d)
	}
	return out.Bytes()
}

func conflicts(out *bytes.Buffer, d *settled.Document) {
	fmt.Fprintf(out, "\n## Conflicts\n\n")
	if d.Conflicts() == 0 {
		fmt.Fprintf(out, "None.\n")
		return
	}
	fmt.Fprintf(out, "| address | fact | used | not used |\n|---|---|---|---|\n")
	for address, f := range d.AllFacts() {
		if f.Conflict {
			fmt.Fprintf(out, "| %s | %s | %s | %s |\n", cell(address, 200), cell(string(f.Name), 60), saidCell(f.Won), saidCells(f.Lost))
		}
	}
}

func gaps(out *bytes.Buffer, d *settled.Document) {
	fmt.Fprintf(out, "\n## Gaps\n\n")
	if len(d.Gaps) == 0 {
		fmt.Fprintf(out, "None.\n")
		return
	}
	fmt.Fprintf(out, "| address | missing | used instead |\n|---|---|---|\n")
	for _, g := range d.Gaps {
		fmt.Fprintf(out, "| %s | %s | %s |\n", cell(g.Address, 200), cell(g.What, 200), cell(g.Instead, 200))
	}
}

// facts lists one row per address, its facts grouped by where they come from.
func facts(out *bytes.Buffer, d *settled.Document) {
	fmt.Fprintf(out, "\n## Facts\n\n| address | facts and their origins | also said |\n|---|---|---|\n")
	for all := selected(d, nil); len(all) > 0; {
		end := slices.IndexFunc(all, func(r row) bool { return r.address != all[0].address })
		if end < 0 {
			end = len(all)
		}
		won, lost := rowCells(all[:end])
		fmt.Fprintf(out, "| %s | %s | %s |\n", cell(all[0].address, 200), won, lost)
		all = all[end:]
	}
}

func rowCells(facts []row) (won, lost string) {
	var origins []string
	by := map[string][]string{}
	var others []string
	for _, f := range facts {
		from := origin(f.Won)
		if by[from] == nil {
			origins = append(origins, from)
		}
		text := cell(string(f.Name), 60)
		if !noisy(f.Name) {
			text += " " + code(f.Won.Value, 60)
			for _, l := range f.Lost {
				others = append(others, cell(string(f.Name), 60)+" "+saidCell(l))
			}
		}
		by[from] = append(by[from], text)
	}
	parts := make([]string, len(origins))
	for i, from := range origins {
		parts[i] = strings.Join(by[from], ", ") + " (" + cell(from, 200) + ")"
	}
	return strings.Join(parts, "; "), strings.Join(others, "; ")
}

func saidCell(s settled.Said) string {
	return code(s.Value, 60) + " (" + cell(origin(s), 200) + ")"
}

func saidCells(all []settled.Said) string {
	parts := make([]string, len(all))
	for i, s := range all {
		parts[i] = saidCell(s)
	}
	return strings.Join(parts, "; ")
}

// code makes document text safe as code.
func code(s string, width int) string { return source.MarkdownCode(short(s, width)) }

// cell makes document text safe in a table cell.
func cell(s string, width int) string { return source.Markdown(short(s, width)) }
