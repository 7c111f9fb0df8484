package diff

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// maxText is how many characters of one value the reports for people show; the JSON report has all
// of it.
const maxText = 160

// Text writes the report for a terminal: a line per change, then the totals.
func (r *Report) Text(w io.Writer) error {
	var out bytes.Buffer
	for _, p := range r.Packages {
		for _, c := range p.Changes {
			fmt.Fprintf(&out, "%-10s  %s\n", c.Severity, printable(strings.Join(c.parts(p.Name), "; "), 0))
		}
	}
	fmt.Fprintln(&out, r.sum())
	_, err := w.Write(out.Bytes())
	return err
}

// parts returns the line of a change: what and where, Go, wire, positions.
func (c *Change) parts(pkg string) []string {
	head := pkg + ": "
	if c.Address != "" {
		head += printable(c.Address, maxText) + ": "
	}
	parts := []string{head + c.what()}
	if len(c.Go) > 0 {
		parts = append(parts, "Go: "+strings.Join(c.goTexts(), ", "))
	}
	if c.Wire != "" {
		parts = append(parts, "wire: "+printable(c.Wire, maxText))
	}
	if at := c.positions(); at != "" {
		parts[len(parts)-1] += " (" + at + ")"
	}
	return parts
}

// what returns the phrase of a change with its values cut to a bearable length.
func (c *Change) what() string {
	short := *c
	short.Old, short.New = printable(c.Old, maxText), printable(c.New, maxText)
	return short.phrase()
}

func (c *Change) goTexts() []string {
	all := make([]string, len(c.Go))
	for i, g := range c.Go {
		all[i] = printable(g.String(), maxText)
	}
	return all
}

// positions returns FILE:LINE -> FILE:LINE, or the side that has one.
func (c *Change) positions() string {
	old, new := c.OldPos.String(), c.NewPos.String()
	if old == "" || new == "" {
		return old + new
	}
	return old + " -> " + new
}

// sum returns the last line of a report.
func (r *Report) sum() string {
	step := r.Step()
	if step.Version == "none" {
		return "no changes"
	}
	return fmt.Sprintf("%d breaking, %d compatible, %d none; version step: %s (%s while the version is v0)",
		r.Count(Breaking), r.Count(Compatible), r.Count(None), step.Version, step.Zero)
}

// printable writes a text on one line of at most width characters (0: any): reports quote
// documents.
func printable(s string, width int) string {
	if r := []rune(s); width > 0 && len(r) > width {
		return source.Printable(string(r[:width])) + "…"
	}
	return source.Printable(s)
}

// Markdown writes the report as a page with a table per package, for a pull request.
func (r *Report) Markdown(w io.Writer) error {
	var out bytes.Buffer
	fmt.Fprintf(&out, "# What changed\n\n%s.\n", r.sum())
	for _, p := range r.Packages {
		if len(p.Changes) == 0 {
			continue
		}
		fmt.Fprintf(&out, "\n## %s\n\n| severity | where | change | Go | wire | position |\n|---|---|---|---|---|---|\n", source.Markdown(p.Name))
		for _, c := range p.Changes {
			fmt.Fprintf(&out, "| %s | %s | %s | %s | %s | %s |\n", c.Severity, source.Markdown(printable(c.Address, maxText)), source.Markdown(c.what()),
				source.Markdown(strings.Join(c.goTexts(), ", ")), source.Markdown(printable(c.Wire, maxText)), source.Markdown(printable(c.positions(), 0)))
		}
	}
	_, err := w.Write(out.Bytes())
	return err
}
