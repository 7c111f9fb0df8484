package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seed-1954497d/auditgen/cmd/auditgen/internal/memory"
	"github.com/seed-1954497d/auditgen/cmd/auditgen/internal/output"
	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// checks are the checks that decide the exit status of generate.
type checks struct{ check, strict bool }

func (p *program) generateCommand() *cobra.Command {
	var c checks
	cmd := &cobra.Command{
		Use:   "generate",
		Short: "Write a Go package for each API",
		Long: `Write a Go package for each API, with its settled OpenAPI document and a page that says
where each fact comes from. Files that auditgen wrote before are replaced, or deleted
if nothing generates them any more; other files are left alone. Either everything is
written or nothing.` + inputHelp + `

It exits with 1 if --check finds a difference, or --strict a gap or an outdated action of an
overlay, and with 2 if something is wrong with the usage, the documents or the disk.`,
		Example: `  auditgen generate
  auditgen generate --config auditgen.yaml --check
  auditgen generate --api jira --out ./internal
  auditgen generate --spec audit.swagger.yaml --reference audit-page.txt \
      --overlay overlay.yaml --package confluence --out ./internal/confluence`,
		Args: noArguments,
	}
	flags := addInputFlags(cmd, true)
	cmd.Flags().BoolVar(&c.check, "check", false, "write nothing; list the files that differ, are missing or are left over")
	cmd.Flags().BoolVar(&c.strict, "strict", false, "write nothing while the documents leave gaps or have caught up with an overlay; list both")
	cmd.RunE = func(*cobra.Command, []string) error { return p.runGenerate(flags, c) }
	return cmd
}

func (p *program) runGenerate(flags *inputFlags, c checks) (err error) {
	file, err := flags.configInUse()
	if err != nil {
		return err
	}
	works, err := flags.load(p.stdin)
	switch {
	case err == nil && c == (checks{}) && p.nothingToDo(works):
		return nil // a run that writes nothing needs no lock
	case file != "" && !c.check:
		unlock, err := p.takeOver(flags, file)
		if err != nil {
			return err
		}
		defer unlock()
		if works, err = flags.load(p.stdin); err != nil {
			return err
		}
	case err != nil:
		return err
	case !c.check:
		var folders []string
		for _, one := range packagesOf(works) {
			folders = append(folders, one.Folder())
		}
		unlock, err := output.Lock(folders...)
		if err != nil {
			return err
		}
		defer unlock()
	}
	return p.generateWith(works, c, flags.explainFlags())
}

// takeOver locks the folder of a configuration and all that it can write to. Then it finishes or
// removes what a killed run left there.
func (p *program) takeOver(flags *inputFlags, file string) (unlock func(), err error) {
	c, err := flags.readConfig(disk{}, file)
	if err != nil {
		return nil, err
	}
	folders := []string{filepath.Dir(file)}
	for _, one := range c.config.Packages {
		folders = append(folders, filepath.Join(filepath.Dir(file), filepath.FromSlash(one.Out)))
	}
	for _, one := range c.locked.gonePackages() {
		folders = append(folders, one.Folder())
	}
	folders = append(folders, runtimeOf(c.config, filepath.Dir(file)).shown())
	if flags.given("out") {
		folders = append(folders, flags.out)
	}
	if unlock, err = output.Lock(folders...); err != nil {
		return nil, err
	}
	if c, err = flags.readConfig(disk{}, file); err == nil { // another run may have written meanwhile
		err = p.clear(c.locked.leftovers())
	}
	if err != nil {
		unlock()
		return nil, err
	}
	return unlock, nil
}

func (p *program) clear(all []output.Leftover) error {
	for _, l := range all {
		if err := l.Clear(p.step); err != nil {
			return err
		}
		if l.Finishes {
			fmt.Fprintf(p.stderr, "%s: replaced, as the update that was killed would have done\n", source.Printable(l.Path))
		}
	}
	return nil
}

// generateWith generates all packages and writes them, or prints what a check finds. Flags make
// explain read the same documents.
func (p *program) generateWith(works []work, c checks, flags string) (err error) {
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
		saidNo = p.listUnsettled(made.packages, outputs)
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
	made.said = p.tellFindings(works, outputs, flags)
	return p.write(made)
}

// made is everything that a run has made, on its way to disk. The packages are those of works, then
// the runtimes, then those that are gone.
type made struct {
	works    []work
	outputs  []*generator.Output
	packages []output.Package
	said     []string  // about the documents of each of the works
	locked   *lockFile // nil without a configuration
	set      *output.Set
}

// packagesOf returns the packages that the inputs become, and then those of the runtimes that they
// import, all without their files.
func packagesOf(works []work) []output.Package {
	packages := make([]output.Package, len(works))
	for i, w := range works {
		packages[i] = output.Package{Base: w.base, Dir: w.dir, Inputs: inputsHash(generatorIdentity(), w.input)}
	}
	for _, r := range runtimesOf(works) {
		packages = append(packages, r.Package)
	}
	return packages
}

// runtimePackage is a package of the runtime on its way to disk.
type runtimePackage struct {
	output.Package
	files []generator.File
}

// runtimesOf returns the packages of each runtime that the packages import, once.
func runtimesOf(works []work) []runtimePackage {
	var all []runtimePackage
	seen, atlassian := map[folder]bool{}, map[folder]bool{}
	for _, w := range works {
		atlassian[w.rest] = atlassian[w.rest] || w.input.Atlassian()
	}
	for _, w := range works {
		if seen[w.rest] || w.input.Rest == "" {
			continue
		}
		seen[w.rest] = true
		packages, err := generator.Runtime(w.input.Rest, atlassian[w.rest])
		if err != nil {
			panic("the runtime is part of the program: " + err.Error())
		}
		for _, p := range packages {
			h := sha256.New()
			part(h, generatorIdentity())
			part(h, w.input.Rest)
			part(h, p.Dir)
			one := output.Package{Base: w.rest.base, Dir: path.Join(w.rest.dir, p.Dir), Inputs: hex.EncodeToString(h.Sum(nil))}
			all = append(all, runtimePackage{one, p.Files})
		}
	}
	return all
}

// openMade compares what was made, the lock and other files with what is on disk.
func openMade(works []work, outputs []*generator.Output, files []output.File) (*made, error) {
	m := &made{works: works, outputs: outputs, locked: keepNames(works, outputs)}
	m.packages = packagesOf(works)
	for i, out := range outputs {
		m.packages[i].Files = out.Files
	}
	for i, r := range runtimesOf(works) {
		m.packages[len(works)+i].Files = r.files
	}
	m.packages = append(m.packages, m.locked.gonePackages()...)
	var err error
	if m.set, err = output.Open(m.packages, append(m.locked.files(), files...)...); err != nil {
		return nil, err
	}
	if err := m.leavesNobodyBehind(); err != nil {
		return nil, errors.Join(err, m.set.Close())
	}
	return m, nil
}

// leavesNobodyBehind refuses to change a runtime that packages outside of the run import.
func (m *made) leavesNobodyBehind() error {
	others := m.works[0].others
	for i := len(m.works); i < len(m.packages) && len(others) > 0 && !m.packages[i].Gone; i++ {
		for _, d := range m.set.Differences(i) {
			if d.State != output.Missing {
				return source.Errors{&source.Error{Pos: source.Position{File: m.packages[i].Folder()},
					What: "the runtime changes, and " + strings.Join(others, ", ") + " would be left with the one before", Do: "run it without --api"}}
			}
		}
	}
	return nil
}

// write writes everything to disk, and prints what has changed.
func (p *program) write(m *made) error {
	if err := m.set.Write(p.step); err != nil {
		return err
	}
	for _, w := range m.works {
		if w.halfPublic() {
			fmt.Fprintf(p.stderr, "warning: others can import %s and not the types of its runtime %s: put the runtime outside of internal folders\n", source.Printable(w.input.ImportPath), source.Printable(w.input.Rest))
		}
	}
	for i, one := range m.packages {
		if one.Gone {
			if n := len(m.set.Differences(i)); n > 0 {
				fmt.Fprintf(p.stdout, "%s: %s removed: no package of the configuration has this folder any more\n", source.Printable(one.Folder()), count(n-1, "file"))
			}
			continue
		}
		said := ""
		if i < len(m.said) {
			said = m.said[i]
		}
		p.memory.Keep(one.Folder(), memory.Result{Inputs: one.Inputs, Files: one.Hashes(), Said: said})
		fmt.Fprintln(p.stdout, summary(one.Folder(), len(one.Files), m.set.Differences(i)))
	}
	if m.locked != nil && len(m.set.Differences(len(m.packages))) > 0 {
		fmt.Fprintf(p.stdout, "%s: changed; commit it with the packages\n", source.Printable(m.locked.path()))
	}
	return nil
}

// nothingToDo reports whether all packages are exactly as this program generated them before from
// the same inputs. If so, it says what a run that generates them again would say.
//
// The memory of the user says what each file must be, and every file is read.
func (p *program) nothingToDo(works []work) bool {
	locked := works[0].lock
	if !locked.stands() || len(locked.leftovers())+len(locked.gonePackages()) > 0 || checkFetched(works, nil) != nil {
		return false
	}
	var lines, said strings.Builder
	for _, one := range packagesOf(works) {
		found, ok := p.memory.Recall(one.Folder(), one.Inputs)
		if !ok {
			return false
		}
		if !one.Unchanged(found.Files) {
			return false
		}
		fmt.Fprintln(&lines, summary(one.Folder(), len(found.Files), nil))
		said.WriteString(found.Said)
	}
	fmt.Fprint(p.stderr, said.String())
	fmt.Fprint(p.stdout, lines.String())
	return true
}

// generateAll generates every package. The error has everything that is wrong in any of them.
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

// summary returns what generate prints about a package, such as
// "generated/confluence: 14 files, 3 changed".
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
	text := fmt.Sprintf("%s: %s, %d changed", source.Printable(folder), count(files, "file"), changed)
	if removed > 0 {
		text += fmt.Sprintf(", %d removed", removed)
	}
	return text
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// listUnsettled prints every gap and every action of an overlay that the documents have caught up
// with, and reports whether there is any.
func (p *program) listUnsettled(packages []output.Package, outputs []*generator.Output) bool {
	gaps, outdated := 0, 0
	for i, out := range outputs {
		if out.Document == nil {
			continue
		}
		for _, o := range out.Document.Outdated {
			fmt.Fprintln(p.stdout, source.Printable(fmt.Sprintf("outdated %s: %s", packages[i].Folder(), o.Warning())))
			outdated++
		}
		for _, g := range out.Document.Gaps {
			fmt.Fprintln(p.stdout, source.Printable(fmt.Sprintf("gap %s: %s: %s, %s instead", packages[i].Folder(), g.Address, g.What, g.Instead)))
			gaps++
		}
	}
	if outdated > 0 {
		fmt.Fprintf(p.stderr, "%s, nothing was written: run auditgen overlay prune\n", count(outdated, "outdated action"))
	}
	if gaps > 0 {
		fmt.Fprintf(p.stderr, "%s, nothing was written: fill them with a reference or an overlay\n", count(gaps, "gap"))
	}
	return gaps+outdated > 0
}

// listDifferences prints every file that is not as generate would leave it, and reports whether
// there is any.
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
