package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/diff"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// updateOptions are the flags of update besides those that choose what is updated.
type updateOptions struct {
	dryRun, private bool
	failOn          failOn
	module          string
	explain         string // the flags that make explain read the same documents
}

func (p *program) updateCommand() *cobra.Command {
	var o updateOptions
	cmd := &cobra.Command{
		Use:   "update",
		Short: "Fetch the documents again, print what has changed, and generate",
		Long: `Fetch the documents of the configuration that have a url, if they have changed; print what that
does to the generated packages, and generate them. Documents, auditgen.lock and packages
are written together, and only if everything succeeded. It uses the
network, as overlay --upstream does: https, without credentials, from public addresses, within the origin of the url.

It exits with 1 if --fail-on finds what it looks for, and writes nothing then; with 2 if
something is wrong with the usage, the network, the documents or the disk.`,
		Example: `  auditgen update
  auditgen update --dry-run --fail-on breaking
  auditgen update --api jira`,
		Args: noArguments,
	}
	f := newInputFlags(cmd, true)
	flags := cmd.Flags()
	addConfigFlag(flags, f)
	flags.StringSliceVar(&f.apis, "api", nil, "only these `names` of packages of the configuration, separated by commas")
	flags.BoolVar(&o.dryRun, "dry-run", false, "write nothing; print what would change")
	flags.StringVar((*string)(&o.failOn), "fail-on", "", "write nothing and exit with 1 if a change is `breaking`, or if there is any")
	flags.BoolVar(&o.private, "allow-private", false, "fetch from private addresses too, and from loopback by plain http")
	addModuleFlag(flags, f)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		o.module = f.module
		return p.runUpdate(cmd.Context(), f, o)
	}
	return cmd
}

func (p *program) runUpdate(ctx context.Context, flags *inputFlags, o updateOptions) (err error) {
	if err := o.failOn.check(flags.given); err != nil {
		return err
	}
	file, err := flags.configFile()
	if err != nil {
		return err
	}
	if file == "" {
		return usagef("there is no %s here or above, and the embedded documents are part of the program: write a configuration with auditgen init", defaultConfig)
	}
	if !o.dryRun {
		unlock, err := p.takeOver(flags, file)
		if err != nil {
			return err
		}
		defer unlock()
	}
	c, err := flags.readConfig(disk{}, file)
	if err == nil {
		err = c.locked.unfinished() // of a dry run, which finishes nothing
	}
	if err != nil {
		return err
	}
	found, err := p.fetchAll(ctx, c, o.private)
	if err != nil {
		return err
	}
	if !found.anything() {
		same, err := p.upToDate(flags)
		if same {
			fmt.Fprintf(p.stdout, "nothing has changed: %s\n", count(len(found), "document"))
		}
		if same || err != nil {
			return err
		}
	}
	for _, r := range found {
		fmt.Fprintln(p.stdout, source.Printable(r.summary()))
	}
	o.explain = flags.explainFlags()
	return p.settleUpdate(c, found, o)
}

// upToDate reports whether all packages and the lock are as generate would leave them. They are not
// after an update that was killed while it wrote them.
func (p *program) upToDate(flags *inputFlags) (ok bool, err error) {
	works, err := flags.load(p.stdin)
	if err != nil {
		return false, err
	}
	outputs, err := p.generateAll(works)
	if err != nil {
		return false, err
	}
	m, err := openMade(works, outputs, nil)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, m.set.Close()) }()
	return !m.set.Differs(), nil
}

// settleUpdate generates from the documents as they are now, compares that with what was, and
// writes everything.
func (p *program) settleUpdate(c *configured, found fetched, o updateOptions) (err error) {
	r := &documentReader{fetched: found.changed()}
	works := c.works(r, func(p generator.PackageConfig) bool { return c.wanted(p.Package) || found.concern(p) })
	if err := r.errs.Err(); err != nil {
		return err
	}
	for i := range works {
		found.name(&works[i])
	}
	if err := placeAll(works, o.module); err != nil {
		return err
	}
	if err := checkFetched(works, found); err != nil {
		return err
	}
	outputs, err := p.generateAll(works)
	if errors.Is(err, settled.ErrContradicted) {
		fmt.Fprintln(p.stderr, "nothing was written: auditgen overlay yield --upstream compares overlays with the new documents")
	}
	if err != nil {
		return err
	}
	report, err := p.compare(c, works, outputs)
	if err != nil {
		return err
	}
	if err := report.Text(p.stdout); err != nil {
		return err
	}
	p.tellNames(outputs)
	said := p.tellFindings(works, outputs, o.explain)
	if o.failOn.finds(report) {
		fmt.Fprintln(p.stderr, "nothing was written: run auditgen update without --fail-on to take the changes")
		return errSaidNo
	}
	if o.dryRun {
		fmt.Fprintln(p.stderr, "nothing was written: run auditgen update without --dry-run to take the changes")
		return nil
	}
	c.locked.lock.Sources = found.lockSources(c)
	made, err := openMade(works, outputs, found.files(filepath.Dir(c.file)))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, made.set.Close()) }()
	made.said = said
	return p.write(made)
}

// compare reports what the new documents do to the packages.
func (p *program) compare(c *configured, works []work, outputs []*generator.Output) (*diff.Report, error) {
	report := &diff.Report{}
	for i, w := range works {
		before := p.before(c, w)
		if before == nil {
			report.Packages = append(report.Packages, diff.Whole(w.name, true))
			continue
		}
		one, err := diff.Compare(w.name, *before, diff.Side{Output: outputs[i], Locate: w.locate})
		if err != nil {
			return nil, err
		}
		report.Packages = append(report.Packages, one)
	}
	return report, nil
}

// before returns a package as its users have it. It is generated from the documents on disk, unless
// an overlay was changed meanwhile to fit the new ones: then from its own openapi.yaml. Nil if
// there is neither.
func (p *program) before(c *configured, w work) *diff.Side {
	stands, what, _ := readFile(filepath.Join(w.base, filepath.FromSlash(w.dir), settledName))
	r := &documentReader{}
	old := r.packageConfig(w.config, filepath.Dir(c.file), c.locked)
	if r.errs.Len() == 0 {
		if out, err := p.generate(old.input); err == nil && (what != "" || bytes.Equal(stands, settledFile(out))) {
			return &diff.Side{Output: out, Locate: old.locate}
		}
	}
	if what != "" {
		return nil
	}
	old.input.Include, old.input.Exclude = nil, nil
	old.input.Sources = []generator.SourceInput{{Kind: claim.OpenAPI, File: source.File{Name: path.Join(w.dir, settledName), Data: stands}}}
	out, err := p.generate(old.input)
	if err != nil {
		return nil
	}
	return &diff.Side{Output: out}
}

// settledName is the file of a package that holds its settled document.
const settledName = "openapi.yaml"

func settledFile(out *generator.Output) []byte {
	for _, f := range out.Files {
		if f.Name == settledName {
			return f.Data
		}
	}
	return nil
}

// locate returns the path of a document, by its name in the input.
func (w work) locate(name string) string {
	if file, ok := w.paths[name]; ok {
		return file
	}
	return name
}
