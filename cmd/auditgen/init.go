package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seed-1954497d/auditgen/cmd/auditgen/internal/output"
	"github.com/seed-1954497d/auditgen/generator/source"
	"github.com/seed-1954497d/auditgen/spec"
)

func (p *program) initCommand() *cobra.Command {
	var published bool
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Start a configuration of your own",
		Long: `Write auditgen.yaml into this folder, with the embedded documents copied to ./spec, as a start
for documents and corrections of your own. With --published the configuration also names the
OpenAPI documents that Atlassian publishes, which auditgen update fetches and keeps up with.
Packages have the same Go names and types either way. No file that is there already is changed,
except .gitattributes, which gets lines that keep merges of generated files easy.`,
		Example: `  auditgen init && auditgen generate
  auditgen init --published --api jira && auditgen update`,
		Args: noArguments,
	}
	f := newInputFlags(cmd, false)
	flags := cmd.Flags()
	flags.StringSliceVar(&f.apis, "api", nil, "only these `names` of embedded APIs, separated by commas")
	flags.BoolVar(&published, "published", false, "name the OpenAPI documents that Atlassian publishes, too")
	cmd.RunE = func(*cobra.Command, []string) error { return p.runInit(f, published) }
	return cmd
}

func (p *program) runInit(flags *inputFlags, published bool) (err error) {
	names := make([]string, len(spec.APIs()))
	for i, api := range spec.APIs() {
		names[i] = api.Name
	}
	wanted, err := flags.pick(names, "auditgen")
	if err != nil {
		return err
	}
	files, attributes, err := start(wanted, published)
	if err != nil {
		return err
	}
	unlock, err := output.Lock(".")
	if err != nil {
		return err
	}
	defer unlock()
	if err := absent(files); err != nil {
		return err
	}
	kept, err := withAttributes(attributes)
	if err != nil {
		return err
	}
	files = append(kept, files...) // the configuration comes last
	set, err := output.Open(nil, files...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, set.Close()) }()
	if err := set.Write(p.step); err != nil {
		return err
	}
	next := "auditgen generate"
	if published {
		next = "auditgen update, which fetches what Atlassian publishes"
	}
	for _, f := range files {
		fmt.Fprintf(p.stdout, "%s: written\n", f.Path)
	}
	_, err = fmt.Fprintf(p.stdout, "next: %s\nto add a reference page: %s\n", next, captureCommand)
	return err
}

// captureCommand saves a page as it is once its scripts have built it.
const captureCommand = "chromium --headless --virtual-time-budget=20000 --dump-dom URL > spec/page.html"

// start returns the files of a new configuration, which comes last, and the git attributes of what
// it generates.
func start(wanted func(string) bool, published bool) (files []output.File, attributes string, err error) {
	config, git := &strings.Builder{}, &strings.Builder{}
	config.WriteString("# What auditgen generates from what; see auditgen --help. Made by auditgen init, and yours from now on.\npackages:\n")
	git.WriteString("# auditgen compares what it writes byte by byte. After a merge, run auditgen generate.\n" +
		output.ManifestName + " merge=union\n/internal/rest/** -text linguist-generated\n")
	for _, api := range spec.APIs() {
		if !wanted(api.Name) {
			continue
		}
		sources := api.Sources
		if published {
			sources = api.Published
		}
		writePackage(config, api, sources, published)
		fmt.Fprintf(git, "/internal/%s/** -text linguist-generated\n", api.Package)
		for _, s := range sources {
			if s.URL != "" {
				fmt.Fprintf(git, "/spec/%s -text\n", s.Path)
			}
		}
		copied, err := copies(sources)
		if err != nil {
			return nil, "", err
		}
		files = append(files, copied...)
	}
	return append(files, output.File{Base: ".", Path: defaultConfig, Data: []byte(config.String())}), git.String(), nil
}

// attributesFile is where git looks for attributes.
const attributesFile = ".gitattributes"

// withAttributes returns .gitattributes with our lines behind its own, or nothing if it names
// manifests already.
func withAttributes(lines string) ([]output.File, error) {
	there, err := os.ReadFile(attributesFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, &source.Error{Pos: source.Position{File: attributesFile}, What: "cannot be read: " + output.Cause(err), Do: "check the path", Err: err}
	case bytes.Contains(there, []byte(output.ManifestName)):
		return nil, nil
	case len(there) > 0 && !bytes.HasSuffix(there, []byte("\n")):
		there = append(there, '\n')
	}
	return []output.File{{Base: ".", Path: attributesFile, Data: append(there, lines...)}}, nil
}

// writePackage writes the entry of an API in a configuration.
func writePackage(b *strings.Builder, api spec.API, sources []spec.Source, published bool) {
	fmt.Fprintf(b, "  - package: %s\n    out: ./internal/%s\n", api.Package, api.Package)
	if published {
		quoted := make([]string, len(api.Include))
		for i, glob := range api.Include {
			quoted[i] = strconv.Quote(glob)
		}
		fmt.Fprintf(b, "    include: [%s]\n", strings.Join(quoted, ", "))
	}
	b.WriteString("    sources: # strongest first\n")
	for _, s := range sources {
		fmt.Fprintf(b, "      - {kind: %s, path: %s", s.Kind, path.Join("spec", s.Path))
		if s.BasePath != "" {
			fmt.Fprintf(b, ", base_path: %s", s.BasePath)
		}
		if s.URL != "" {
			fmt.Fprintf(b, ", url: %q", s.URL)
		}
		b.WriteString("}\n")
	}
}

// copies returns the embedded documents among the sources, as files of this folder.
func copies(sources []spec.Source) ([]output.File, error) {
	var files []output.File
	for _, s := range sources {
		if s.URL != "" {
			continue
		}
		doc, err := spec.Read(s)
		if err != nil {
			return nil, fmt.Errorf("embedded documents: %w", err)
		}
		files = append(files, output.File{Base: ".", Path: path.Join("spec", s.Path), Data: doc.Data})
	}
	return files, nil
}

// absent reports files that are there already. After an init that was killed, which writes the
// configuration last, documents that are as init writes them do no harm.
func absent(files []output.File) error {
	_, err := os.Lstat(defaultConfig)
	started := errors.Is(err, fs.ErrNotExist)
	var errs source.Collector
	for _, f := range files {
		info, err := os.Lstat(f.Path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if started && err == nil && info.Mode().IsRegular() {
			if data, err := os.ReadFile(f.Path); err == nil && bytes.Equal(data, f.Data) {
				continue
			}
		}
		errs.Add(source.Position{File: f.Path}, "", "this is there already, and init replaces nothing", "move it away, or start in another folder")
	}
	return errs.Err()
}
