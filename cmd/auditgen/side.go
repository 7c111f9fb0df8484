package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/cmd/auditgen/internal/revision"
	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// tree is where the files of one side of a comparison come from. Paths have slashes.
type tree interface {
	kind(file string) (revision.Kind, error)
	read(file string) (data []byte, what, do string)
	names(folder string) (files, folders []string, err error)
	shown(file string) string // what messages and reports call a file
}

// disk is the files as they lie there.
type disk struct{}

func (disk) kind(file string) (revision.Kind, error) {
	info, err := os.Stat(filepath.FromSlash(file))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return revision.Missing, nil
	case err != nil:
		return revision.Missing, err
	case info.IsDir():
		return revision.Folder, nil
	}
	return revision.File, nil
}

func (disk) read(file string) (data []byte, what, do string) {
	return readFile(filepath.FromSlash(file))
}

func (disk) names(folder string) (files, folders []string, err error) {
	entries, err := os.ReadDir(filepath.FromSlash(folder))
	for _, e := range entries {
		if e.IsDir() {
			folders = append(folders, e.Name())
		} else if e.Type().IsRegular() {
			files = append(files, e.Name())
		}
	}
	return files, folders, err
}

func (disk) shown(file string) string { return filepath.ToSlash(file) }

// committed is the files as a revision has them.
type committed struct{ *revision.Revision }

func (c committed) kind(file string) (revision.Kind, error) { return c.Kind(file) }

func (c committed) read(file string) (data []byte, what, do string) {
	data, err := c.Read(filepath.ToSlash(file), source.MaxBytes)
	switch {
	case errors.Is(err, revision.ErrMissing):
		return nil, "there is no such file", "check the path, and whether it was committed"
	case errors.Is(err, revision.ErrLimit):
		return nil, tooLarge(), "give a smaller document"
	case err != nil:
		return nil, "cannot be read: " + err.Error(), "check the path"
	}
	return data, "", ""
}

func (c committed) names(folder string) (files, folders []string, err error) { return c.Names(folder) }

func (c committed) shown(file string) string { return c.Name + ":" + filepath.ToSlash(file) }

// state is a package as one side has it.
type state struct {
	work
	code []generator.File // the Go files that lie there, where the side is a generated package
}

// sideReader finds out what the operands of diff name.
type sideReader struct {
	flags *inputFlags
}

// side returns the packages that an operand names. What lies on the disk comes first; to name a
// revision that is called like a folder, write REVISION:PATH.
func (r *sideReader) side(operand string) ([]state, error) {
	if kind, err := (disk{}).kind(operand); err != nil || kind != revision.Missing {
		return r.at(disk{}, filepath.ToSlash(operand), kind, err)
	}
	name, file, ok := strings.Cut(operand, ":")
	rev, err := revision.Open(name)
	switch {
	case errors.Is(err, revision.ErrUnknown):
		return nil, usagef("%q is no file, no folder and no git revision: check it", operand)
	case errors.Is(err, revision.ErrNoRepository):
		return nil, usagef("%q is no file and no folder, and there is no git repository here: check it", operand)
	case err != nil:
		return nil, fmt.Errorf("%q is no file and no folder, and as a git revision it cannot be read: %w", operand, err)
	}
	file = path.Clean(filepath.ToSlash(file))
	if !ok {
		file = "."
	}
	kind, err := committed{rev}.kind(file)
	return r.at(committed{rev}, file, kind, err)
}

// at returns the packages at a path.
func (r *sideReader) at(t tree, file string, kind revision.Kind, err error) ([]state, error) {
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s cannot be read: %w", t.shown(file), err)
	case kind == revision.Folder:
		return r.folder(t, file)
	case kind == revision.Missing:
		return nil, &source.Error{Pos: source.Position{File: t.shown(file)}, What: "there is no such file or folder", Do: "check the path"}
	case path.Base(file) == path.Base(r.configName()):
		return r.config(t, file)
	}
	return r.document(t, file)
}

// configName is the configuration that folders and revisions are read by.
func (r *sideReader) configName() string {
	return cmp.Or(filepath.ToSlash(r.flags.config), defaultConfig)
}

// folder returns the packages of a configuration, or those that were generated into the folder or
// the folders in it.
func (r *sideReader) folder(t tree, folder string) ([]state, error) {
	config := path.Join(folder, r.configName())
	if kind, err := t.kind(config); err != nil || kind == revision.File {
		return r.config(t, config)
	}
	files, folders, err := t.names(folder)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", t.shown(folder), err)
	}
	if slices.Contains(files, settledName) {
		return r.generated(t, folder, files)
	}
	var all []state
	for _, name := range folders {
		inside, _, err := t.names(path.Join(folder, name))
		if err != nil || !slices.Contains(inside, settledName) {
			continue
		}
		one, err := r.generated(t, path.Join(folder, name), inside)
		if err != nil {
			return nil, err
		}
		all = append(all, one...)
	}
	if len(all) == 0 {
		return nil, &source.Error{Pos: source.Position{File: t.shown(folder)}, What: "there is neither " + r.configName() + " nor a generated package in this folder",
			Do: "name a document, or the folder of one of them"}
	}
	return r.picked(all, t.shown(folder))
}

// picked keeps the packages that --api wants.
func (r *sideReader) picked(all []state, where string) ([]state, error) {
	names := make([]string, len(all))
	for i, s := range all {
		names[i] = s.name
	}
	wanted, err := r.flags.pick(names, where)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(s state) bool { return !wanted(s.name) }), nil
}

func (r *sideReader) config(t tree, file string) ([]state, error) {
	c, err := r.flags.readConfig(t, file)
	if err != nil {
		return nil, err
	}
	reader := &documentReader{tree: t}
	works := c.works(reader, func(p generator.PackageConfig) bool { return c.wanted(p.Package) })
	if err := reader.errs.Err(); err != nil {
		return nil, err
	}
	all := make([]state, len(works))
	for i, w := range works {
		all[i] = state{work: w}
	}
	return all, nil
}

// generated returns the package that lies in a folder: its settled document, and those of its Go
// files that carry our header.
func (r *sideReader) generated(t tree, folder string, files []string) ([]state, error) {
	reader := &documentReader{tree: t}
	name := path.Base(t.shown(folder))
	s := state{work: work{name: name, input: generator.Input{Package: unnamedPackage}}}
	s.add(t, reader, path.Join(folder, settledName), claim.OpenAPI)
	for _, file := range files {
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			continue
		}
		data, ok := reader.file(path.Join(folder, file), source.Position{})
		if !ok || !bytes.HasPrefix(data, []byte(generatedHeader)) {
			continue
		}
		s.code = append(s.code, generator.File{Name: t.shown(path.Join(folder, file)), Data: data})
		if tree, err := parser.ParseFile(token.NewFileSet(), file, data, parser.PackageClauseOnly); err == nil && generator.CheckPackage(tree.Name.Name) == nil {
			s.name, s.input.Package = tree.Name.Name, tree.Name.Name
		}
	}
	if err := reader.errs.Err(); err != nil {
		return nil, err
	}
	return []state{s}, nil
}

// generatedHeader is how every generated Go file begins.
const generatedHeader = "// Code generated by auditgen. DO NOT EDIT."

// document returns the package that one document makes, by itself or in the place of the
// specification of --config.
func (r *sideReader) document(t tree, file string) ([]state, error) {
	reader := &documentReader{tree: t}
	if !r.flags.given("config") {
		s := state{work: work{name: unnamedPackage, input: generator.Input{Package: unnamedPackage}}}
		s.add(t, reader, file, claim.Reference)
		return []state{s}, reader.errs.Err()
	}
	data, ok := reader.file(file, source.Position{})
	if !ok {
		return nil, reader.errs.Err()
	}
	all, err := r.config(disk{}, r.configName())
	if err != nil {
		return nil, err
	}
	if len(all) != 1 {
		return nil, usagef("%s has %d packages, and a document can be part of one: pick it with --api", r.configName(), len(all))
	}
	s := &all[0]
	at := replaced(s.input.Sources, path.Base(file))
	if at < 0 {
		return nil, usagef("%s has several specifications, or none, and none is called %s: compare folders or revisions", r.configName(), path.Base(file))
	}
	s.input.Sources[at].File.Data = data
	s.paths[s.input.Sources[at].File.Name] = t.shown(file)
	return all, nil
}

// replaced returns which source a document stands in for: the one that is called like it, else the
// only specification.
func replaced(sources []generator.SourceInput, name string) int {
	only := -1
	for i, s := range sources {
		switch {
		case path.Base(s.File.Name) == name:
			return i
		case s.Kind == claim.OpenAPI && only >= 0:
			return -1
		case s.Kind == claim.OpenAPI:
			only = i
		}
	}
	return only
}

// specification tells documents that say which version of OpenAPI or Swagger they are from all
// others.
var specification = regexp.MustCompile(`(^|[{,\s])["']?(openapi|swagger)["']?\s*:\s*["']?[0-9]`)

// add reads a document into the input of a package. What is not a specification finds out by itself
// what it is.
func (s *state) add(t tree, r *documentReader, file string, kind claim.Kind) {
	data, ok := r.file(file, source.Position{})
	if !ok {
		return
	}
	if specification.Match(data[:min(len(data), 1<<16)]) {
		kind = claim.OpenAPI
	}
	s.paths = map[string]string{file: t.shown(file)}
	s.input.Sources = append(s.input.Sources, generator.SourceInput{Kind: kind, File: source.File{Name: file, Data: data}})
}
