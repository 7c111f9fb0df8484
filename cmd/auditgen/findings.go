package main

import (
	"fmt"
	"strings"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/report"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// maxFindings is how many warnings, gaps, conflicts and notes of a package a run prints, of each
// kind.
const maxFindings = 10

// tellFindings prints the findings about every package, and returns them.
func (p *program) tellFindings(works []work, outputs []*generator.Output, flags string) []string {
	said := make([]string, len(works))
	for i, w := range works {
		said[i] = findings(w.name, outputs[i].Document, flags)
		fmt.Fprint(p.stderr, said[i])
	}
	return said
}

// findings returns what a run prints about the documents of a package: warnings about overlays,
// gaps, conflicts and notes, a line each. The flags are those that make explain print all of them.
func findings(name string, d *settled.Document, flags string) string {
	if d == nil {
		return ""
	}
	return listed(name, flags, []finding{{"warning", warnings(d)}, {"gap", gaps(d)}, {"conflict", conflicts(d)}, {"note", notes(d)}})
}

// finding is the findings of one kind.
type finding struct {
	what string
	all  []string
}

// notes returns the notes of a document as text.
func notes(d *settled.Document) []string {
	var all []string
	for _, n := range report.Notes(d.Notes) {
		all = append(all, n.String())
	}
	return all
}

// warnings returns what overlays say that the documents say too.
func warnings(d *settled.Document) []string {
	var all []string
	for _, o := range d.Outdated {
		all = append(all, o.Warning().Error())
	}
	return all
}

// listed returns the first findings of each kind, and how many more there are.
func listed(name, flags string, kinds []finding) string {
	var b strings.Builder
	var more []string
	if name != "" {
		name += ": "
	}
	for _, kind := range kinds {
		for _, one := range kind.all[:min(len(kind.all), maxFindings)] {
			fmt.Fprintf(&b, "%s%s: %s\n", name, kind.what, source.Printable(one))
		}
		if n := len(kind.all) - maxFindings; n > 0 {
			more = append(more, count(n, "more "+kind.what))
		}
	}
	if len(more) > 0 {
		fmt.Fprintf(&b, "%s%s: auditgen explain%s\n", name, strings.Join(more, ", "), flags)
	}
	return b.String()
}

// gaps returns the gaps of a document as text.
func gaps(d *settled.Document) []string {
	all := make([]string, len(d.Gaps))
	for i, g := range d.Gaps {
		all[i] = fmt.Sprintf("%s: %s, %s is used", g.Address, g.What, g.Instead)
	}
	return all
}

// conflicts returns the conflicts of a document as text: the fact, the value that is used, and who
// says something else.
func conflicts(d *settled.Document) []string {
	var all []string
	for address, f := range d.AllFacts() {
		if !f.Conflict {
			continue
		}
		others := make([]string, len(f.Lost))
		for i, s := range f.Lost {
			others[i] = fmt.Sprintf("%s (%s)", s.Value, position(s))
		}
		all = append(all, fmt.Sprintf("%s: %s: %s %s is used, and not %s", position(f.Won), address, f.Name, f.Won.Value, strings.Join(others, ", ")))
	}
	return all
}

// position returns where a source says something.
func position(s settled.Said) source.Position {
	return source.Position{File: s.Source.File, Line: s.Line}
}

// explainFlags returns the flags that make explain read the documents of this run.
func (f *inputFlags) explainFlags() string {
	var b strings.Builder
	add := func(flag string, values ...string) {
		for _, v := range values {
			fmt.Fprintf(&b, " --%s %s", flag, shellWord(v))
		}
	}
	if f.given("config") {
		add("config", f.config)
	}
	add("api", f.apis...)
	add("spec", f.specs...)
	add("reference", f.references...)
	add("har-host", f.harHosts...)
	add("overlay", f.overlays...)
	add("include", f.include...)
	add("exclude", f.exclude...)
	add("har-host", f.harHosts...)
	return b.String()
}

// shellWord quotes a text for a shell if it needs that.
func shellWord(s string) string {
	special := func(r rune) bool {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		return !letter && !strings.ContainsRune("_-./:,=+@", r)
	}
	if s != "" && !strings.ContainsFunc(s, special) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
