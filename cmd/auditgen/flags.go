package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// defaultConfig is read if no flag names documents.
const defaultConfig = "auditgen.yaml"

// inputHelp is part of the help of every command that reads documents.
const inputHelp = `

The documents are those of --spec, --reference and --overlay, if any is given; else
those of --config, or of the nearest auditgen.yaml from here up to the go.mod; else
the embedded ones, which need no network and no file. The file - is standard input.
Write the format of a reference before its name, as in page:FILE, table:FILE,
postman:FILE, sample:FILE or har:FILE, if its content does not tell.`

// inputFlags are the flags that say which documents a command works on.
type inputFlags struct {
	config     string
	apis       []string
	specs      []string // at most one; a list so that a second one is an error
	references []string
	harHosts   []string
	overlays   []string
	include    []string
	exclude    []string
	pkg        string
	out        string
	module     string
	given      func(name string) bool
	writes     bool             // the command has --package and --out
	stderr     func() io.Writer // where it says which configuration it found
	found      *string          // the configuration, once it was looked for
}

// newInputFlags returns the flags of a command, without any flag yet.
func newInputFlags(cmd *cobra.Command, writes bool) *inputFlags {
	cmd.Flags().SortFlags = false
	return &inputFlags{given: cmd.Flags().Changed, writes: writes, stderr: cmd.ErrOrStderr}
}

func addInputFlags(cmd *cobra.Command, writes bool) *inputFlags {
	f := newInputFlags(cmd, writes)
	flags := cmd.Flags()
	addConfigFlag(flags, f)
	flags.StringSliceVar(&f.apis, "api", nil, "only these `names`, separated by commas: embedded APIs, or packages of the configuration")
	addDocumentFlags(flags, f)
	if writes {
		flags.StringVar(&f.pkg, "package", "", "`name` of the Go package, with --spec or --reference")
		flags.StringVar(&f.out, "out", "", "output `folder`; with the embedded documents the parent of one folder per API (default ./generated)")
		addModuleFlag(flags, f)
	}
	return f
}

func addDocumentFlags(flags *pflag.FlagSet, f *inputFlags) {
	flags.StringArrayVar(&f.specs, "spec", nil, "Swagger 2.0 or OpenAPI 3 `file`")
	flags.StringArrayVar(&f.references, "reference", nil, "`file` with reference documentation, strongest first; repeatable")
	flags.StringArrayVar(&f.harHosts, "har-host", nil, "in recorded traffic (HAR) only calls of this `host` count; repeatable (default the one with the most calls)")
	flags.StringArrayVar(&f.overlays, "overlay", nil, "OpenAPI overlay `file`, strongest first; repeatable")
	flags.StringArrayVar(&f.include, "include", nil, "only operations that match this `pattern`: a path such as /audit/**, tag:NAME or operation:NAME; repeatable")
	flags.StringArrayVar(&f.exclude, "exclude", nil, "no operations that match this `pattern`; repeatable")
}

func addConfigFlag(flags *pflag.FlagSet, f *inputFlags) {
	flags.StringVar(&f.config, "config", "", "configuration `file` (default the nearest auditgen.yaml, from here up to the go.mod)")
}

func addModuleFlag(flags *pflag.FlagSet, f *inputFlags) {
	flags.StringVar(&f.module, "module", "", "module `path` of the current folder, where there is no go.mod")
}

// named reports whether the documents are named on the command line.
func (f *inputFlags) named() bool {
	return len(f.specs)+len(f.references)+len(f.overlays) > 0
}

// check finds flags that do not go together.
func (f *inputFlags) check() error {
	if f.given("out") && f.out == "" {
		return usagef("--out is empty: name a folder")
	}
	if f.named() {
		return f.checkNamed()
	}
	if f.given("include") || f.given("exclude") {
		return usagef("--include and --exclude choose among the documents of --spec and --reference, and none is given: name them, or put include and exclude into the configuration")
	}
	if f.given("package") {
		return usagef("--package names what is made from --spec and --reference, and none is given: name them, or use --api to pick one of several")
	}
	return nil
}

func (f *inputFlags) checkNamed() error {
	switch {
	case f.given("config"):
		return usagef("--config and --spec, --reference or --overlay exclude each other: put the documents into the configuration, or leave it out")
	case f.given("api"):
		return usagef("--api picks among embedded APIs and does not go with --spec, --reference or --overlay: leave it out")
	case len(f.specs) > 1:
		return usagef("--spec is given %d times, and there is one specification only: give the others with --reference or --overlay", len(f.specs))
	case len(f.specs)+len(f.references) == 0:
		return usagef("--overlay corrects documents, and there are none: give --spec or --reference")
	case f.writes && f.pkg == "" && f.out == "":
		return usagef("--spec and --reference need --package NAME and --out DIR: say what the package is called and where it goes")
	case f.writes && f.pkg == "":
		return usagef("--out needs --package NAME: say what the package is called")
	case f.writes && f.out == "":
		return usagef("--package needs --out DIR: say where the package goes")
	}
	if f.writes {
		if err := generator.CheckPackage(f.pkg); err != nil {
			return usagef("--package: %s", err)
		}
	}
	for _, pattern := range slices.Concat(f.include, f.exclude) {
		if err := generator.CheckGlob(pattern); err != nil {
			return usagef("--include, --exclude: %s", err)
		}
	}
	return nil
}

// sources returns the documents that the command line names, strongest first.
func (f *inputFlags) sources() ([]generator.SourceConfig, error) {
	var all []generator.SourceConfig
	for _, file := range f.overlays {
		all = append(all, generator.SourceConfig{Kind: claim.Overlay, Path: file})
	}
	for _, arg := range f.references {
		kind, file, err := splitReference(arg)
		if err != nil {
			return nil, err
		}
		all = append(all, generator.SourceConfig{Kind: kind, Path: file})
	}
	for _, file := range f.specs {
		all = append(all, generator.SourceConfig{Kind: claim.OpenAPI, Path: file})
	}
	seen := map[string]bool{}
	for _, s := range all {
		if s.Path == "" {
			return nil, usagef("--spec, --reference and --overlay name files, and one of them is empty")
		}
		if clean := filepath.Clean(s.Path); seen[clean] && s.Path == stdinName {
			return nil, usagef("standard input (-) is given twice, and it can be read once only: save one of the documents as a file")
		} else if seen[clean] {
			return nil, usagef("%s is given twice: leave one out", s.Path)
		} else {
			seen[clean] = true
		}
	}
	return all, nil
}

// splitReference splits KIND:FILE. Only a known kind counts as one: C:\page.txt is a file.
func splitReference(arg string) (claim.Kind, string, error) {
	kind, file, ok := strings.Cut(arg, ":")
	if !ok || !slices.Contains(generator.Kinds(), claim.Kind(kind)) {
		return claim.Reference, arg, nil
	}
	switch claim.Kind(kind) {
	case claim.OpenAPI:
		return "", "", usagef("--reference %s: a specification is given with --spec %s", arg, file)
	case claim.Overlay:
		return "", "", usagef("--reference %s: an overlay is given with --overlay %s", arg, file)
	}
	return claim.Kind(kind), file, nil
}

// configFile returns the configuration to read, or "" if there is none. It looks once, and says on
// standard error which one it found if that is not in the current folder.
func (f *inputFlags) configFile() (string, error) {
	if f.given("config") {
		if f.config == "" {
			return "", usagef("--config is empty: name a file")
		}
		return f.config, nil
	}
	if f.found != nil {
		return *f.found, nil
	}
	file, err := nearestConfig()
	if err != nil {
		return "", err
	}
	switch {
	case file != "" && f.given("out"):
		fmt.Fprintf(f.stderr(), "%s is not read: --out without --config writes the embedded documents\n", source.Printable(filepath.ToSlash(file)))
		file = ""
	case file != "" && file != defaultConfig:
		fmt.Fprintf(f.stderr(), "configuration: %s\n", source.Printable(filepath.ToSlash(file)))
	}
	f.found = &file
	return file, nil
}

// nearestConfig returns the nearest auditgen.yaml from the current folder up to the root of its
// module, "" if there is none. Outside of a module it looks into the current folder only.
func nearestConfig() (string, error) {
	up, err := toModuleRoot()
	if err != nil {
		return "", fmt.Errorf("cannot look for %s: %w", defaultConfig, err)
	}
	dir := "."
	for range up + 1 {
		file := filepath.Join(dir, defaultConfig)
		switch _, err := os.Lstat(file); {
		case err == nil:
			return file, nil
		case !errors.Is(err, fs.ErrNotExist):
			return "", fmt.Errorf("cannot look for %s: %w", filepath.ToSlash(file), err)
		}
		dir = filepath.Join(dir, "..")
	}
	return "", nil
}

// toModuleRoot returns how many folders the root of the module is above the current folder, 0
// outside of a module.
func toModuleRoot() (int, error) {
	folder, err := filepath.Abs(".")
	if err != nil {
		return 0, err
	}
	for up := 0; ; up++ {
		if info, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil && info.Mode().IsRegular() {
			return up, nil
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			return 0, nil
		}
		folder = parent
	}
}

// configInUse returns the configuration that the command reads, or "" if it reads none.
func (f *inputFlags) configInUse() (string, error) {
	if f.named() {
		return "", nil
	}
	return f.configFile()
}

// pick keeps those of the known names that --api wants: all of them if it wants none.
func (f *inputFlags) pick(known []string, where string) (func(name string) bool, error) {
	if !f.given("api") {
		return func(string) bool { return true }, nil
	}
	if len(f.apis) == 0 {
		return nil, usagef("--api is empty: known are %s", strings.Join(known, ", "))
	}
	for _, name := range f.apis {
		if slices.Contains(known, name) {
			continue
		}
		if near := source.Nearest(name, known); near != "" {
			return nil, usagef("--api: %s has no %q: did you mean %s?", where, name, near)
		}
		return nil, usagef("--api: %s has no %q: known are %s", where, name, strings.Join(known, ", "))
	}
	return func(name string) bool { return slices.Contains(f.apis, name) }, nil
}

// splitOut returns the folder that exists already and the way from there to the output folder. The
// output folder itself is never taken to exist, so that a link there is found.
func splitOut(out string) (base, dir string) {
	base, dir = filepath.Clean(out), "."
	for {
		name := filepath.Base(base)
		if name == "." || name == ".." || name == string(filepath.Separator) || filepath.Dir(base) == base {
			return base, dir
		}
		base, dir = filepath.Dir(base), path.Join(name, dir)
		if _, err := os.Stat(base); err == nil {
			return base, dir
		}
	}
}

// documentNames returns the names of documents in messages and in generated files: the path as it
// was given. An absolute path is cut to the end that tells it apart from the others, because
// generated files must not depend on the machine.
func documentNames(paths []string) []string {
	names := make([]string, len(paths))
	for i, p := range paths {
		names[i] = filepath.ToSlash(filepath.Clean(p))
		if p == stdinName {
			names[i] = "stdin"
		}
	}
	for i, p := range paths {
		if !filepath.IsAbs(p) {
			continue
		}
		whole := names[i]
		for from := strings.LastIndex(whole, "/"); from >= 0; from = strings.LastIndex(whole[:from], "/") {
			names[i] = whole[from+1:]
			if !clashes(names, i) {
				break
			}
		}
	}
	return names
}

// clashes reports whether another document's name is, or ends in, that of document i.
func clashes(names []string, i int) bool {
	for j, other := range names {
		if j != i && (other == names[i] || strings.HasSuffix(other, "/"+names[i])) {
			return true
		}
	}
	return false
}
