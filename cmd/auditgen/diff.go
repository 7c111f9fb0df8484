package main

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/seed-1954497d/auditgen/generator/diff"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// diffFlags are the flags of diff besides those that name its input.
type diffFlags struct {
	format string
	failOn failOn
}

func (p *program) diffCommand() *cobra.Command {
	var d diffFlags
	cmd := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Show what a change of the documents does to Go code and on the wire",
		Long: `Show what changed from OLD to NEW, a line per change: what it is in the document, what it
does to the Go API and on the wire, whether it breaks those who use the package, and
where it stands on both sides. Only what is generated counts.

OLD and NEW are each

  a document           a specification or a reference page
  a folder             with an auditgen.yaml, or with generated packages
  REVISION             a git revision: the auditgen.yaml of this folder as it stood there
  REVISION:PATH        a document or a folder as it stood there

With --config, documents stand in for the specification of that configuration, whose
overlays, references and selection then hold for both; of folders and revisions it
names the configuration.

It exits with 1 if --fail-on finds what it names, and with 2 if something is wrong with
the usage, the documents or the disk.`,
		Example: `  auditgen diff old.yaml new.yaml
  auditgen diff HEAD .
  auditgen diff --fail-on breaking main:internal/confluence internal/confluence
  auditgen diff --config auditgen.yaml --api jira old.json new.json --format markdown`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usagef("diff takes two arguments, not %d: name OLD and NEW", len(args))
			}
			return nil
		},
	}
	f := newInputFlags(cmd, false)
	flags := cmd.Flags()
	flags.StringVar(&f.config, "config", "", "configuration `file`; auditgen.yaml in folders and revisions")
	flags.StringSliceVar(&f.apis, "api", nil, "only the packages of these `names`, separated by commas")
	flags.StringVar(&d.format, "format", "text", "`text`, markdown or json")
	flags.StringVar((*string)(&d.failOn), "fail-on", "", "exit with 1 if there is any change of this `severity`: breaking, or any")
	cmd.RunE = func(_ *cobra.Command, args []string) error { return p.runDiff(f, d, args[0], args[1]) }
	return cmd
}

func (d diffFlags) check(given func(string) bool) error {
	if !slices.Contains([]string{"text", "markdown", "json"}, d.format) {
		return usagef("--format does not take %q: write text, markdown or json", d.format)
	}
	return d.failOn.check(given)
}

// failOn is what --fail-on names: breaking, any, or nothing.
type failOn string

// check refuses what is neither. An empty word, that of a variable which is not set, must not
// switch a check off.
func (f failOn) check(given func(string) bool) error {
	if given("fail-on") && !slices.Contains([]failOn{"breaking", "any"}, f) {
		return usagef("--fail-on does not take %q: write breaking or any", string(f))
	}
	return nil
}

// finds reports whether a report has what it names.
func (f failOn) finds(report *diff.Report) bool {
	return f == "breaking" && report.Count(diff.Breaking) > 0 || f == "any" && report.Step().Version != "none"
}

func (p *program) runDiff(f *inputFlags, d diffFlags, oldName, newName string) error {
	if err := d.check(f.given); err != nil {
		return err
	}
	if f.given("config") && f.config == "" {
		return usagef("--config is empty: name a file")
	}
	r := &sideReader{flags: f}
	old, err := r.side(oldName)
	if err != nil {
		return err
	}
	new, err := r.side(newName)
	if err != nil {
		return err
	}
	report, err := p.compareSides(old, new)
	if err != nil {
		return err
	}
	print := map[string]func() error{
		"text":     func() error { return report.Text(p.stdout) },
		"markdown": func() error { return report.Markdown(p.stdout) },
		"json":     func() error { return report.JSON(p.stdout) },
	}[d.format]
	if err := print(); err != nil {
		return err
	}
	if d.failOn.finds(report) {
		return errSaidNo
	}
	return nil
}

// compareSides pairs the packages of both sides by name; where both have one only, it is that one.
func (p *program) compareSides(old, new []state) (*diff.Report, error) {
	report := &diff.Report{}
	if len(old) == 1 && len(new) == 1 {
		old[0].name = new[0].name
	}
	named := func(name string) func(state) bool { return func(s state) bool { return s.name == name } }
	var errs source.Collector
	for _, after := range new {
		i := slices.IndexFunc(old, named(after.name))
		if i < 0 {
			report.Packages = append(report.Packages, diff.Whole(after.name, true))
			continue
		}
		found, err := p.comparePackage(old[i], after)
		errs.AddErr(after.name, err)
		report.Packages = append(report.Packages, found)
	}
	for _, before := range old {
		if !slices.ContainsFunc(new, named(before.name)) {
			report.Packages = append(report.Packages, diff.Whole(before.name, false))
		}
	}
	return report, errs.Err()
}

// comparePackage generates both sides and compares them.
func (p *program) comparePackage(old, new state) (*diff.Package, error) {
	before, after, failed := diff.Both(old.input, new.input, old.code != nil || new.code != nil)
	var errs source.Collector
	errs.AddErr(old.name, old.at(failed[0]))
	errs.AddErr(new.name, new.at(failed[1]))
	if err := errs.Err(); err != nil {
		return nil, err
	}
	return diff.Compare(new.name, diff.Side{Output: before, Code: old.code, Locate: old.locate}, diff.Side{Output: after, Code: new.code, Locate: new.locate})
}
