package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/seed-1954497d/auditgen/golden/internal/peers"
)

// figures is the cost of one run.
type figures struct{ seconds, cpu, megabytes float64 }

// measured is the result of a tool on a document.
type measured struct {
	*tool
	runs    []figures
	refusal string
	out     string // folder of its last run
	lines   int
	trouble string  // why its output does not compile
	compile figures // of its output alone
	archive float64 // size of the compiled package, in megabytes
}

// compiles reports whether the output compiled.
func (m *measured) compiles() bool { return m.archive > 0 }

// of returns the median of a figure.
func (m *measured) of(what func(figures) float64) float64 {
	if len(m.runs) == 0 {
		return 0
	}
	var all []float64
	for _, f := range m.runs {
		all = append(all, what(f))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

func seconds(f figures) float64   { return f.seconds }
func cpu(f figures) float64       { return f.cpu }
func megabytes(f figures) float64 { return f.megabytes }

// timed runs a command and returns the cost, including its children.
func timed(cmd *exec.Cmd) (figures, string, error) {
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	start := time.Now()
	err := cmd.Run()
	f := figures{seconds: time.Since(start).Seconds()}
	if cmd.ProcessState == nil {
		return f, out.String(), err
	}
	f.cpu = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
	f.megabytes = peak(cmd.ProcessState)
	return f, out.String(), err
}

// maxRenamed is the maximum number of schemas that are renamed for tools that refuse a document.
const maxRenamed = 5

// document measures all tools on one document and prints a table. If a tool refuses the document
// because of the name of a schema, all tools are measured again with that schema renamed. renamed
// lists the schemas so far.
func (b *bench) document(title, file string, renamed ...string) error {
	all, err := b.measureAll(file)
	if err != nil {
		return err
	}
	operations, err := b.operationsOf(file)
	if err != nil {
		return err
	}
	fmt.Fprintf(b.w, "\n%s: %d operations, %d rounds\n", title, operations, b.rounds)
	for _, name := range renamed {
		fmt.Fprintf(b.w, "  the same document, complete, with the schema %s renamed to %s\n", name, newName(name))
	}
	b.table(all)
	b.targets(all, operations)
	for _, m := range all[theirs:] {
		name := doubled(m.refusal)
		if name == "" || len(renamed) == maxRenamed {
			continue
		}
		changed := filepath.Join(b.dir, fmt.Sprintf("renamed%d.json", b.documents))
		if err := b.output(changed, "-rename", name, file); err != nil {
			fmt.Fprintf(b.w, "  it cannot be measured with %s renamed: %v\n", name, err)
			continue
		}
		return b.document(title, changed, append(renamed, name)...)
	}
	return nil
}

// measureAll runs all tools on a document, in turns, and compiles their output.
func (b *bench) measureAll(file string) ([]*measured, error) {
	b.documents++
	base := filepath.Join(b.dir, fmt.Sprintf("document%d", b.documents))
	var all []*measured
	for _, t := range b.tools {
		all = append(all, &measured{tool: t})
	}
	for round := range b.rounds + 1 { // the first is a warm-up
		for i, m := range all {
			if err := b.once(m, file, filepath.Join(base, fmt.Sprint(i)), round); err != nil {
				return nil, err
			}
		}
	}
	for _, m := range all {
		if m.module && m.refusal == "" {
			if err := b.compile(m); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// output runs this program with other arguments and writes what it prints to a file. A separate
// process keeps the memory of this one small.
func (b *bench) output(file string, args ...string) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	var said bytes.Buffer
	cmd := exec.Command(b.self, args...)
	cmd.Stdout, cmd.Stderr = f, &said
	err = cmd.Run()
	if said.Len() > 0 {
		err = errors.New(strings.TrimSpace(said.String()))
	}
	return errors.Join(err, f.Close())
}

func (b *bench) operationsOf(file string) (int, error) {
	out, err := exec.Command(b.self, "-load", file).Output()
	if err != nil {
		return 0, fmt.Errorf("%s: kin-openapi cannot load it", file)
	}
	return strconv.Atoi(strings.TrimSpace(string(out)))
}

// once runs a tool once, unless it refused the document before.
func (b *bench) once(m *measured, file, out string, round int) error {
	if m.refusal != "" {
		return nil
	}
	if m.keeps {
		out = filepath.Join(filepath.Dir(out), "kept")
	}
	m.out = filepath.Join(out, "api")
	if !m.keeps {
		if err := os.RemoveAll(out); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(m.out, 0o700); err != nil {
		return err
	}
	if m.inModule {
		if err := b.writeModule(out, m.needs); err != nil {
			return err
		}
	}
	f, text, err := timed(m.command(file, m.out))
	switch {
	case refused(err):
		m.refusal = peers.Reason(text, err)
	case err != nil:
		return err
	case round > 0:
		m.runs = append(m.runs, f)
	}
	return nil
}

// table prints the cost of all tools, and auditgen's as a fraction of each.
func (b *bench) table(all []*measured) {
	t := tabwriter.NewWriter(b.w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(t, "\tSECONDS\tCPU\tMB\tLINES\tCOMPILES\tCPU\tARCHIVE MB")
	for i, m := range all {
		if m.refusal != "" {
			fmt.Fprintf(t, "%s\trefuses: %s\n", m.name, m.refusal)
			continue
		}
		fmt.Fprintf(t, "%s\t%.3f\t%.3f\t%.0f", m.name, m.of(seconds), m.of(cpu), m.of(megabytes))
		if m.module {
			fmt.Fprintf(t, "\t%d\t%s", m.lines, cmp.Or(m.trouble, "yes"))
		}
		if m.compiles() {
			fmt.Fprintf(t, "\t%.2f\t%.2f", m.compile.cpu, m.archive)
		}
		fmt.Fprintln(t)
		if ours := all[full]; ours.refusal == "" && (i == loading || i >= theirs) {
			fmt.Fprintf(t, "  auditgen to this\t%s\n", strings.Join(ours.to(m), "\t"))
		}
	}
	_ = t.Flush() // without standard output nothing can be done
}

// to returns the figures as multiples of another's, in the order of the table.
func (m *measured) to(other *measured) []string {
	cells := []string{ratio(m.of(seconds), other.of(seconds)), ratio(m.of(cpu), other.of(cpu)), ratio(m.of(megabytes), other.of(megabytes))}
	if other.module {
		cells = append(cells, ratio(float64(m.lines), float64(other.lines)))
	}
	if m.compiles() && other.compiles() {
		cells = append(cells, "", ratio(m.compile.cpu, other.compile.cpu), ratio(m.archive, other.archive))
	}
	return cells
}

func ratio(a, b float64) string { return fmt.Sprintf("%.2fx", a/b) }

// targets prints the targets and whether they are reached.
func (b *bench) targets(all []*measured, operations int) {
	ours := all[full]
	target := func(reached bool, format string, args ...any) {
		word := map[bool]string{true: "reached", false: "MISSED"}[reached]
		fmt.Fprintf(b.w, "  %s: %s\n", word, fmt.Sprintf(format, args...))
	}
	if ours.refusal != "" {
		return
	}
	if operations >= 400 {
		target(ours.of(seconds) <= 2, "at most 2 s: %.2f s", ours.of(seconds))
		target(ours.of(megabytes) <= 220, "at most 220 MB: %.0f MB", ours.of(megabytes))
		if load := all[loading]; load.refusal == "" {
			target(ours.of(seconds) < 4*load.of(seconds), "less than 4x loading the document")
		}
	}
	target(all[unchanged].of(seconds) <= 0.060, "at most 60 ms when nothing changed: %.0f ms", 1000*all[unchanged].of(seconds))
	for _, peer := range all[theirs:] {
		if peer.refusal != "" {
			continue
		}
		target(ours.of(seconds) <= peer.of(seconds), "no slower than %s", peer.name)
		if ours.compiles() && peer.compiles() {
			target(ours.compile.cpu <= peer.compile.cpu, "compiles no slower than its output")
		}
	}
}
