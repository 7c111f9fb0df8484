package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seed-1954497d/auditgen/cmd/auditgen/internal/output"
	"github.com/seed-1954497d/auditgen/cmd/auditgen/internal/overlay"
	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

func (p *program) overlayCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "overlay",
		Short: "Bring overlays up to date with better documents",
		Long: `Bring overlays up to date with documents that have become better. Both commands change overlay
files and nothing else in them: comments and layout stay.`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usagef("overlay has no command %q: say %s", args[0], orList(commandNames(cmd)))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			return usagef("a command is missing: say %s", orList(commandNames(cmd)))
		},
	}
	cmd.AddCommand(p.pruneCommand(), p.yieldCommand())
	return cmd
}

func (p *program) pruneCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "prune",
		Short: "Remove the actions of overlays that the documents no longer need",
		Long:  `Remove the actions of overlays whose whole update the documents say by now.` + inputHelp,
		Example: `  auditgen overlay prune
  auditgen overlay prune --spec openapi.json --overlay overlay.yaml`,
		Args: noArguments,
	}
	f := addOverlayFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return p.runPrune(cmd.Context(), f) }
	return cmd
}

func (p *program) yieldCommand() *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:   "yield [FILE[:LINE]...]",
		Short: "Accept what the documents say where overlays say something else",
		Long: `Accept what the documents say where an action of an overlay filled a hole that a document fills
by now. What the document says is removed from the action, and so is the expectation that it
broke; what is left of the action stays. FILE:LINE names an action, FILE all of an overlay.` + inputHelp,
		Example: `  auditgen overlay yield spec/overlay.yaml:31
  auditgen overlay yield --all
  auditgen overlay yield --all --upstream && auditgen update`,
	}
	f := addOverlayFlags(cmd)
	cmd.Flags().BoolVar(&all, "all", false, "all actions of all overlays")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if all == (len(args) > 0) {
			return usagef("name actions by FILE:LINE or overlays by FILE, or say --all for all of them")
		}
		return p.runYield(cmd.Context(), f, &choice{all: all, names: args, used: make([]bool, len(args))})
	}
	return cmd
}

// overlayFlags are the flags of both commands.
type overlayFlags struct {
	*inputFlags
	upstream, private bool
}

// addOverlayFlags adds the flags that name documents. There is no --api: packages can share an
// overlay, and an action is outdated when no package needs it.
func addOverlayFlags(cmd *cobra.Command) *overlayFlags {
	f := &overlayFlags{inputFlags: newInputFlags(cmd, false)}
	flags := cmd.Flags()
	addConfigFlag(flags, f.inputFlags)
	addDocumentFlags(flags, f.inputFlags)
	flags.BoolVar(&f.upstream, "upstream", false, "compare with what auditgen update would fetch; nothing of it is stored")
	flags.BoolVar(&f.private, "allow-private", false, "with --upstream, fetch from private addresses too, and from loopback by plain http")
	return f
}

// loadOverlays reads the documents, with --upstream those that have a url from there.
func (p *program) loadOverlays(ctx context.Context, f *overlayFlags) ([]work, error) {
	if !f.upstream {
		return f.load(p.stdin)
	}
	if err := f.check(); err != nil {
		return nil, err
	}
	file, err := f.configInUse()
	switch {
	case err != nil:
		return nil, err
	case file == "":
		return nil, usagef("--upstream fetches the documents of a configuration, and none is read: leave it out, or write a configuration with auditgen init")
	}
	c, err := f.readConfig(disk{}, file)
	if err != nil {
		return nil, err
	}
	found, err := p.fetchAll(ctx, c, f.private)
	if err != nil {
		return nil, err
	}
	r := &documentReader{fetched: found.changed()}
	works := c.works(r, func(generator.PackageConfig) bool { return true })
	return works, r.errs.Err()
}

func (p *program) runPrune(ctx context.Context, flags *overlayFlags) error {
	files, err := p.outdatedIn(ctx, flags)
	if err != nil {
		return err
	}
	var changes []change
	for _, f := range files {
		for _, o := range f.inAll(p.stderr) {
			if o.Whole {
				changes = append(changes, change{f, overlay.Edit{Action: o.Index, Whole: true}, []string{fmt.Sprintf("%s:%d: removed: %s", f.path, o.Pos.Line, o.Target)}})
			}
		}
	}
	return p.editOverlays(changes)
}

func (p *program) runYield(ctx context.Context, flags *overlayFlags, chosen *choice) error {
	files, err := p.outdatedIn(ctx, flags)
	if err != nil {
		return err
	}
	var changes []change
	for _, f := range files {
		for _, o := range f.inAll(p.stderr) {
			if !o.Whole && chosen.has(f, o.Index) {
				changes = append(changes, yielded(f, o))
			}
		}
	}
	if err := chosen.unused(); err != nil {
		return err
	}
	return p.editOverlays(changes)
}

// yielded is the edit that accepts what the documents say.
func yielded(f *overlayFile, o settled.Outdated) change {
	c := change{file: f, edit: overlay.Edit{Action: o.Index, Expect: o.Expect}}
	for _, filled := range o.Filled {
		c.edit.Update = append(c.edit.Update, filled.Path)
		if !filled.Same {
			c.said = append(c.said, fmt.Sprintf("%s:%d: %s: %s: %s instead of %s", f.path, o.Pos.Line, o.Target, strings.Join(filled.Path, "."), filled.Document, filled.Action))
		}
	}
	if len(c.said) == 0 {
		c.said = []string{fmt.Sprintf("%s:%d: %s: the documents say the same, so the expectation goes", f.path, o.Pos.Line, o.Target)}
	}
	return c
}

// overlayFile is an overlay on disk, and what packages find outdated in it.
type overlayFile struct {
	path     string // as messages show it
	data     []byte
	lines    []int                // where its actions begin
	packages [][]settled.Outdated // what is outdated, for each package that uses the overlay
}

// outdatedIn returns the overlays of the documents that the flags choose.
func (p *program) outdatedIn(ctx context.Context, flags *overlayFlags) ([]*overlayFile, error) {
	works, err := p.loadOverlays(ctx, flags)
	if err != nil {
		return nil, err
	}
	var errs source.Collector
	files := map[string]*overlayFile{}
	for _, w := range works {
		w.input.Review, w.input.Until = true, generator.Settled
		out, err := p.generate(w.input)
		errs.AddErr(w.name, w.at(err))
		for i, s := range w.input.Sources {
			if s.Kind == claim.Overlay && err == nil {
				errs.AddErr("", w.addOverlay(files, i, out.Document))
			}
		}
	}
	all := slices.SortedFunc(maps.Values(files), func(a, b *overlayFile) int { return cmp.Compare(a.path, b.path) })
	return all, errs.Err()
}

// addOverlay adds what is outdated in source i of a package.
func (w work) addOverlay(files map[string]*overlayFile, i int, doc *settled.Document) error {
	s := w.input.Sources[i].File
	path, onDisk := w.paths[s.Name]
	switch {
	case !onDisk:
		return usagef("%s is not a file of yours: start with auditgen init, or save it", s.Name)
	case i < len(w.config.Sources) && w.config.Sources[i].URL != "":
		return &source.Error{Pos: source.Position{File: path}, What: "auditgen update fetches this overlay, so it is not edited", Do: "leave its url out, or put actions into another overlay"}
	}
	if files[path] == nil {
		lines, err := overlay.Actions(s.Data)
		if err != nil {
			return &source.Error{Pos: source.Position{File: path}, What: err.Error(), Do: "edit it by hand"}
		}
		files[path] = &overlayFile{path: path, data: s.Data, lines: lines}
	}
	own := slices.DeleteFunc(slices.Clone(doc.Outdated), func(o settled.Outdated) bool { return o.Pos.File != s.Name })
	files[path].packages = append(files[path].packages, own)
	return nil
}

// inAll returns the actions that are outdated in the same way for all packages that use the
// overlay, and says which are not.
func (f *overlayFile) inAll(stderr io.Writer) []settled.Outdated {
	var all []settled.Outdated
	for _, o := range f.packages[0] {
		same := func(other []settled.Outdated) bool {
			return slices.ContainsFunc(other, func(x settled.Outdated) bool { return reflect.DeepEqual(x, o) })
		}
		all = append(all, o)
		if slices.ContainsFunc(f.packages, func(other []settled.Outdated) bool { return !same(other) }) {
			all = all[:len(all)-1]
			fmt.Fprintf(stderr, "%s:%d: %s: it stays, because packages that share the overlay do not agree on it\n", source.Printable(f.path), o.Pos.Line, source.Printable(o.Target))
		}
	}
	return all
}

// actionAt returns the action that a line belongs to, -1 if there is none.
func (f *overlayFile) actionAt(line int) int {
	at := -1
	for i, begin := range f.lines {
		if begin <= line {
			at = i
		}
	}
	return at
}

// choice is the actions that the command line names.
type choice struct {
	all   bool
	names []string // FILE or FILE:LINE
	used  []bool
}

// has reports whether an action of an overlay is chosen.
func (c *choice) has(f *overlayFile, action int) bool {
	found := c.all
	for i, name := range c.names {
		file, line := name, 0
		if before, after, ok := strings.Cut(name, ":"); ok {
			if n, err := strconv.Atoi(after); err == nil {
				file, line = before, n
			}
		}
		if filepath.ToSlash(filepath.Clean(file)) == path.Clean(f.path) && (line == 0 || f.actionAt(line) == action) {
			c.used[i], found = true, true
		}
	}
	return found
}

// unused is an error if something was named that there is not.
func (c *choice) unused() error {
	var errs source.Collector
	for i, name := range c.names {
		if !c.used[i] {
			errs.Add(source.Position{File: name}, "", "no action here is filled by a document with another value", "name the file and the line of an error that auditgen generate prints")
		}
	}
	return errs.Err()
}

// change is an edit of an overlay, and what to say about it.
type change struct {
	file *overlayFile
	edit overlay.Edit
	said []string
}

// editOverlays writes the overlays that change.
func (p *program) editOverlays(changes []change) error {
	edits := map[*overlayFile][]overlay.Edit{}
	for _, c := range changes {
		edits[c.file] = append(edits[c.file], c.edit)
	}
	var files []output.File
	var folders []string
	for f, all := range edits {
		edited, err := overlay.Apply(f.data, all)
		if err != nil {
			return &source.Error{Pos: source.Position{File: f.path}, What: err.Error(), Do: "edit it by hand"}
		}
		dir, name := filepath.Split(filepath.FromSlash(f.path))
		files = append(files, output.File{Base: filepath.Join(dir, "."), Path: name, Data: edited})
		folders = append(folders, filepath.Join(dir, "."))
	}
	if len(files) == 0 {
		_, err := fmt.Fprintln(p.stdout, "no action changes")
		return err
	}
	if err := p.writeAll(folders, files); err != nil {
		return err
	}
	for _, c := range changes {
		for _, line := range c.said {
			fmt.Fprintln(p.stdout, source.Printable(line))
		}
	}
	return nil
}

// writeAll writes files, all or none.
func (p *program) writeAll(folders []string, files []output.File) (err error) {
	unlock, err := output.Lock(folders...)
	if err != nil {
		return err
	}
	defer unlock()
	set, err := output.Open(nil, files...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, set.Close()) }()
	return set.Write(p.step)
}
