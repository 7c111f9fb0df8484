package main

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seed-1954497d/auditgen/cmd/auditgen/internal/memory"
	"github.com/seed-1954497d/auditgen/cmd/auditgen/internal/output"
	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// checks are the questions that generate answers with its exit status.
type checks struct{ check, strict bool }

func (p *program) generateCommand() *cobra.Command {
	var c checks
	cmd := &cobra.Command{
		Use:   "generate",
		Short: "Write a Go package for each API",
		Long: `Write a Go package for each API, with its settled OpenAPI document and a page that says
where everything comes from. Files that auditgen wrote before are replaced, or deleted
if nothing generates them any more; other files are left alone. Either everything is
written or nothing.` + inputHelp + `

It exits with 1 if --check finds a difference or --strict a gap, and with 2 if something
is wrong with the usage, the documents or the disk.`,
		Example: `  auditgen generate
  auditgen generate --config auditgen.yaml --check
  auditgen generate --api jira --out ./internal
  auditgen generate --spec audit.swagger.yaml --reference audit-page.txt \
      --overlay overlay.yaml --package confluence --out ./internal/confluence`,
		Args: noArguments,
	}
	flags := addInputFlags(cmd, true)
	cmd.Flags().BoolVar(&c.check, "check", false, "write nothing; list the files that differ, are missing or are left over")
	cmd.Flags().BoolVar(&c.strict, "strict", false, "write nothing as long as the documents leave gaps; list the gaps")
	cmd.RunE = func(*cobra.Command, []string) error { return p.runGenerate(flags, c) }
	return cmd
}

func (p *program) runGenerate(flags *inputFlags, c checks) (err error) {
	home, err := flags.home()
	if err != nil {
		return err
	}
	if home == "" || c.check {
		return p.generateWith(nil, flags, c)
	}
	if output.Interrupted(home) == nil {
		// What has nothing to do asks nobody for the right to write.
		works, err := flags.load(p.stdin)
		if err != nil {
			return err
		}
		if p.nothingToDo(works, packagesOf(works), c) {
			return nil
		}
	}
	busy, err := output.Lock(home, p.step)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, busy.Release()) }()
	return p.generateWith(busy, flags, c)
}

// generateWith does what generate does, with the right to write below the folder of the configuration, if there is one.
func (p *program) generateWith(busy *output.Busy, flags *inputFlags, c checks) (err error) {
	works, err := flags.load(p.stdin)
	if err != nil {
		return err
	}
	if p.nothingToDo(works, packagesOf(works), c) {
		return nil
	}
	if err := checkFetched(works, nil); err != nil {
		return err
	}
	outputs, err := p.generateAll(works)
	if err != nil {
		return err
	}
	p.tellNames(outputs)
	made, err := openMade(works, outputs, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, made.set.Close()) }()
	saidNo := false
	if c.strict {
		saidNo = p.listGaps(made.packages, outputs)
	}
	if c.check {
		saidNo = p.listDifferences(made) || saidNo
	}
	if saidNo {
		return errSaidNo
	}
	if c.check {
		return nil
	}
	if flags.given("out") {
		busy = nil // it does not lie below the configuration
	}
	return p.write(made, busy)
}

// made is everything that a run has made, on its way to disk.
type made struct {
	works    []work
	outputs  []*generator.Output
	packages []output.Package
	locked   *lockFile // nil without a configuration
	set      *output.Set
}

// packagesOf gives the packages that the inputs become, without their files.
func packagesOf(works []work) []output.Package {
	packages := make([]output.Package, len(works))
	for i, w := range works {
		packages[i] = output.Package{Base: w.base, Dir: w.dir, Inputs: inputsHash(generatorIdentity(), w.input)}
	}
	return packages
}

// openMade compares what was made, the lock and other files with what stands on disk.
func openMade(works []work, outputs []*generator.Output, files []output.File) (*made, error) {
	m := &made{works: works, outputs: outputs, locked: keepNames(works, outputs)}
	m.packages = packagesOf(works)
	for i, out := range outputs {
		m.packages[i].Files = out.Files
	}
	var err error
	m.set, err = output.Open(m.packages, append(m.locked.files(), files...)...)
	return m, err
}

// write puts everything on disk, and says what has changed.
func (p *program) write(m *made, busy *output.Busy) error {
	if err := m.set.Write(busy); err != nil {
		return err
	}
	for i, one := range m.packages {
		found := resultOf(one, m.outputs[i].Document)
		p.remember(one, found)
		fmt.Fprintln(p.stdout, summary(one.Folder(), len(one.Files), m.set.Differences(i)))
		p.hint(m.works[i].name, found)
	}
	if m.locked != nil && len(m.set.Differences(len(m.packages))) > 0 {
		fmt.Fprintf(p.stdout, "%s: changed; commit it with the packages\n", m.locked.path())
	}
	return nil
}

// nothingToDo tells whether this program wrote all packages before, from the same inputs, and they stand there as it did.
// Then it says what a run that generates them again would say. Gaps that --strict has to list are not remembered, only
// how many there are.
func (p *program) nothingToDo(works []work, packages []output.Package, c checks) bool {
	if !works[0].lock.stands() || checkFetched(works, nil) != nil {
		return false
	}
	lines := make([]string, len(packages))
	results := make([]memory.Result, len(packages))
	for i, one := range packages {
		found, ok := p.memory.Recall(one.Inputs)
		if !ok || c.strict && found.Gaps > 0 {
			return false
		}
		known := found.Stamps
		if c.check {
			known = nil // a check reads every byte
		}
		files, stamps, ok := one.Standing(found.Manifest, known)
		if !ok {
			return false
		}
		if !maps.Equal(stamps, found.Stamps) {
			found.Stamps = stamps
			p.memory.Keep(one.Inputs, found)
		}
		lines[i], results[i] = summary(one.Folder(), files, nil), found
	}
	if c.check {
		return true
	}
	for i, line := range lines {
		fmt.Fprintln(p.stdout, line)
		p.hint(works[i].name, results[i])
	}
	return true
}

// remember keeps what was found out about a package, once its files are seen to stand there as they were written.
func (p *program) remember(one output.Package, found memory.Result) {
	if p.memory == nil {
		return
	}
	if _, stamps, ok := one.Standing(found.Manifest, nil); ok {
		found.Stamps = stamps
		p.memory.Keep(one.Inputs, found)
	}
}

// resultOf is what there is to remember of a package, but for the stamps of its files.
func resultOf(one output.Package, d *settled.Document) memory.Result {
	found := memory.Result{Manifest: one.ManifestHash()}
	if d != nil {
		found.Gaps, found.Conflicts, found.Notes = len(d.Gaps), d.Conflicts(), len(d.Notes)
	}
	return found
}

// generateAll generates every package, or gives what is wrong in any of them.
func (p *program) generateAll(works []work) ([]*generator.Output, error) {
	outputs := make([]*generator.Output, len(works))
	var errs source.Collector
	for i, w := range works {
		out, err := p.generate(w.input)
		errs.AddErr(w.name, w.at(err))
		outputs[i] = out
	}
	return outputs, errs.Err()
}

// summary is what generate says about a package, such as "generated/confluence: 14 files, 3 changed".
func summary(folder string, files int, differences []output.Difference) string {
	changed, removed := 0, 0
	for _, d := range differences {
		switch {
		case d.Name == output.ManifestName:
		case d.State == output.LeftOver:
			removed++
		default:
			changed++
		}
	}
	text := fmt.Sprintf("%s: %s, %d changed", folder, count(files, "file"), changed)
	if removed > 0 {
		text += fmt.Sprintf(", %d removed", removed)
	}
	return text
}

// hint says that there is something to look at, and how.
func (p *program) hint(name string, result memory.Result) {
	var found []string
	for _, c := range []struct {
		n    int
		what string
	}{{result.Gaps, "gap"}, {result.Conflicts, "conflict"}, {result.Notes, "note"}} {
		if c.n > 0 {
			found = append(found, count(c.n, c.what))
		}
	}
	if len(found) > 0 {
		fmt.Fprintf(p.stderr, "%s: %s: see them with auditgen explain\n", name, strings.Join(found, ", "))
	}
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// listGaps prints every gap and tells whether there is any.
func (p *program) listGaps(packages []output.Package, outputs []*generator.Output) bool {
	n := 0
	for i, out := range outputs {
		if out.Document == nil {
			continue
		}
		for _, g := range out.Document.Gaps {
			fmt.Fprintln(p.stdout, source.Printable(fmt.Sprintf("gap %s: %s: %s, %s instead", packages[i].Folder(), g.Address, g.What, g.Instead)))
			n++
		}
	}
	if n > 0 {
		fmt.Fprintf(p.stderr, "%s, nothing was written: fill them with a reference or an overlay\n", count(n, "gap"))
	}
	return n > 0
}

// listDifferences prints every file that is not as generate would leave it, and tells whether there is any.
func (p *program) listDifferences(m *made) bool {
	n := 0
	list := func(i int, folder string) {
		for _, d := range m.set.Differences(i) {
			fmt.Fprintf(p.stdout, "%s %s\n", d.State, source.Printable(path.Join(folder, d.Name)))
			n++
		}
	}
	for i, one := range m.packages {
		list(i, one.Folder())
	}
	if m.locked != nil {
		list(len(m.packages), filepath.ToSlash(m.locked.dir))
	}
	if n > 0 {
		fmt.Fprintf(p.stderr, "%s: run auditgen generate with the same flags, and commit the result\n", count(n, "difference"))
	}
	return n > 0
}
