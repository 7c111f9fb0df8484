package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// generateClient runs in its own process for each document, so that the time and memory of each are
// known, and none can bring down the others. It prints the number of gaps. If the documents are
// refused, it prints the findings on standard error and returns 2.
func generateClient(args []string) (exit int) {
	if len(args) != 4 {
		fmt.Fprintln(os.Stderr, "corpus: want -generate KIND FILE PACKAGE OUT")
		return 1
	}
	gaps, err := generate(kind(args[0]), args[1], args[2], args[3])
	switch {
	case err == nil:
		fmt.Println(gaps)
		return 0
	case isFinding(err):
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	fmt.Fprintln(os.Stderr, "corpus:", err)
	return 1
}

// isFinding reports whether an error is about the documents.
func isFinding(err error) bool {
	_, many := errors.AsType[source.Errors](err)
	_, one := errors.AsType[*source.Error](err)
	return many || one
}

func generate(k kind, file, pkg, out string) (gaps int, err error) {
	in, err := read(k, file, pkg)
	if err != nil {
		return 0, err
	}
	in.Rest = restPath
	made, err := generator.Generate(in)
	if err != nil {
		return 0, err
	}
	if err := os.MkdirAll(out, 0o700); err != nil {
		return 0, err
	}
	for _, f := range made.Files {
		if err := os.WriteFile(filepath.Join(out, f.Name), f.Data, 0o600); err != nil {
			return 0, err
		}
	}
	return len(made.Document.Gaps), nil
}

// read returns what a package is made from.
func read(k kind, file, pkg string) (generator.Input, error) {
	in := generator.Input{Package: pkg}
	data, err := os.ReadFile(file)
	if err != nil {
		return in, err
	}
	document := source.File{Name: filepath.ToSlash(file), Data: data}
	switch k {
	case specification:
		in.Sources = []generator.SourceInput{{Kind: claim.OpenAPI, File: document}}
		return in, nil
	case reference:
		in.Sources = []generator.SourceInput{{Kind: claim.Reference, File: document}}
		return in, nil
	}
	config, err := generator.ParseConfig(document)
	if err != nil {
		return in, err
	}
	for _, p := range config.Packages {
		if p.Package == pkg {
			return readConfigured(p, filepath.Dir(file))
		}
	}
	return in, fmt.Errorf("%s has no package %s", file, pkg)
}

// readConfigured reads the documents of a package of a configuration in dir.
func readConfigured(p generator.PackageConfig, dir string) (generator.Input, error) {
	in := generator.Input{Package: p.Package, Include: p.Include, Exclude: p.Exclude, IncludePos: p.IncludePos, ExcludePos: p.ExcludePos}
	for _, s := range p.Sources {
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(s.Path)))
		if err != nil {
			return in, err
		}
		in.Sources = append(in.Sources, generator.SourceInput{Kind: s.Kind, BasePath: s.BasePath, File: source.File{Name: s.Path, Data: data}})
	}
	return in, nil
}
