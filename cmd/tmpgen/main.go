package main

import (
	"os"
	"path/filepath"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/spec"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func main() {
	const rest = "github.com/seed-1954497d/auditgen/generated/rest"
	write := func(dir string, files []generator.File) {
		os.RemoveAll(dir)
		os.MkdirAll(dir, 0o755)
		for _, f := range files {
			os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o644)
		}
	}
	for _, p := range must(generator.Runtime(rest)) {
		write(filepath.Join("generated/rest", p.Dir), p.Files)
	}
	for _, api := range spec.APIs() {
		in := generator.Input{Package: api.Package, Rest: rest, ImportPath: "github.com/seed-1954497d/auditgen/generated/" + api.Name}
		for _, s := range api.Sources {
			in.Sources = append(in.Sources, generator.SourceInput{Kind: s.Kind, BasePath: s.BasePath, File: must(spec.Read(s))})
		}
		write("generated/"+api.Name, must(generator.Generate(in)).Files)
	}
}
