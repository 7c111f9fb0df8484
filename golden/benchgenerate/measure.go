package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// figures are what one run cost.
type figures struct{ seconds, cpu, megabytes float64 }

// measured is what came of a tool on a document.
type measured struct {
	*tool
	runs     []figures
	refusal  string
	out      string // the folder of its last run
	lines    int
	compiled string // in how much time, or why not
	compile  figures
}

// of gives the median of a figure.
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

// timed runs a command and gives what it cost, its children included.
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

// document measures all tools on one document and prints a table.
func (b *bench) document(file string) error {
	b.documents++
	base := filepath.Join(b.dir, fmt.Sprintf("document%d", b.documents))
	var all []*measured
	for _, t := range b.tools {
		all = append(all, &measured{tool: t})
	}
	for round := range b.rounds + 1 { // the first does not count
		for i, m := range all {
			if err := b.once(m, file, filepath.Join(base, fmt.Sprint(i)), round); err != nil {
				return err
			}
		}
	}
	for _, m := range all {
		if m.module && m.refusal == "" {
			if err := b.compile(m); err != nil {
				return err
			}
		}
	}
	operations, err := b.operationsOf(file)
	if err != nil {
		return err
	}
	name := filepath.ToSlash(file)
	if rel, err := filepath.Rel(b.root, file); err == nil {
		name = filepath.ToSlash(rel)
	}
	fmt.Fprintf(b.w, "\n%s: %d operations, %d rounds\n", name, operations, b.rounds)
	b.table(all)
	b.targets(all, operations)
	return nil
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
	m.out = filepath.Join(out, "api")
	if !m.keeps {
		if err := os.RemoveAll(out); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(m.out, 0o700); err != nil {
		return err
	}
	f, text, err := timed(m.command(file, m.out))
	switch {
	case refused(err):
		m.refusal = firstReason(text, err)
	case err != nil:
		return err
	case round > 0:
		m.runs = append(m.runs, f)
	}
	return nil
}

func (b *bench) table(all []*measured) {
	t := tabwriter.NewWriter(b.w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(t, "\tSECONDS\tCPU\tMB\tLINES\tCOMPILES")
	for _, m := range all {
		if m.refusal != "" {
			fmt.Fprintf(t, "%s\trefuses: %s\n", m.name, m.refusal)
			continue
		}
		lines := ""
		if m.module {
			lines = fmt.Sprint(m.lines)
		}
		fmt.Fprintf(t, "%s\t%.3f\t%.3f\t%.0f\t%s\t%s\n", m.name, m.of(seconds), m.of(cpu), m.of(megabytes), lines, m.compiled)
	}
	_ = t.Flush() // nothing is left to do without standard output
}

// targets prints what is aimed at and whether it is reached.
func (b *bench) targets(all []*measured, operations int) {
	load, ours, again := all[0], all[1], all[2]
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
		if load.refusal == "" {
			ratio := ours.of(seconds) / load.of(seconds)
			target(ratio < 4, "less than 4x loading the document: %.2fx (processor time %.2fx)", ratio, ours.of(cpu)/load.of(cpu))
		}
	}
	target(again.of(seconds) <= 0.060, "at most 60 ms when nothing changed: %.0f ms", 1000*again.of(seconds))
	for _, peer := range all[3:] {
		if peer.refusal == "" {
			ratio := ours.of(seconds) / peer.of(seconds)
			target(ratio <= 1, "no slower than %s: %.2fx (processor time %.2fx)", peer.name, ratio, ours.of(cpu)/peer.of(cpu))
			if ours.compile.cpu > 0 && peer.compile.cpu > 0 {
				ratio := ours.compile.cpu / peer.compile.cpu
				target(ratio <= 1, "compiles no slower than its output: %.2fx of the processor time", ratio)
			}
		}
	}
}

var moduleLine = regexp.MustCompile(`(?m)^module .*$`)

// compile counts the lines of an output and compiles it once its dependencies are compiled.
func (b *bench) compile(m *measured) error {
	dir := filepath.Dir(m.out)
	for _, name := range []string{"go.mod", "go.sum"} {
		data, err := os.ReadFile(filepath.Join(b.root, name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name), moduleLine.ReplaceAll(data, []byte("module bench")), 0o600); err != nil {
			return err
		}
	}
	var err error
	if m.lines, err = linesOf(m.out); err != nil {
		return err
	}
	if err := buildOutput(dir); err != nil {
		m.compiled = "no: " + err.Error()
		return nil
	}
	// Something new in the package: it is compiled again, and nothing else is.
	fresh := fmt.Appendf(nil, "package api\n\nconst benchmark%d = 0\n", time.Now().UnixNano())
	if err := os.WriteFile(filepath.Join(m.out, "benchmark.go"), fresh, 0o600); err != nil {
		return err
	}
	f, text, err := goCommand(dir, "build", "./api")
	if err != nil {
		return fmt.Errorf("%w\n%s", err, text)
	}
	m.compile, m.compiled = f, fmt.Sprintf("in %.1f s, CPU %.1f s", f.seconds, f.cpu)
	return nil
}

// buildOutput compiles an output and all that it needs. What a peer's needs beyond our modules has to be fetched.
func buildOutput(dir string) error {
	if _, _, err := goCommand(dir, "build", "./api"); err == nil {
		return nil
	}
	if _, text, err := goCommand(dir, "mod", "tidy"); err != nil {
		return errors.New(firstReason(text, err))
	}
	if _, text, err := goCommand(dir, "build", "./api"); err != nil {
		return errors.New(firstReason(text, err))
	}
	return nil
}

func goCommand(dir string, args ...string) (figures, string, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	return timed(cmd)
}

func linesOf(dir string) (n int, err error) {
	err = filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ".go") {
			return err
		}
		data, err := os.ReadFile(file)
		n += bytes.Count(data, []byte("\n"))
		return err
	})
	return n, err
}
