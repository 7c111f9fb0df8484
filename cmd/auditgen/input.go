package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"math"
	"path"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/lock"
	"github.com/seed-1954497d/auditgen/generator/source"
	"github.com/seed-1954497d/auditgen/spec"
)

// work is one package of a run: what the generator gets, and where its output goes.
type work struct {
	name      string // what --api calls it
	input     generator.Input
	base, dir string            // the output folder is dir, with slashes, below base, which exists
	paths     map[string]string // where a document lies, by its name in input
	lock      *lockFile         // of the configuration; nil without one
	rest      folder            // of the runtime
	others    []string          // packages of the configuration that stand on the same runtime and are not part of the run
	config    generator.PackageConfig
}

// at names the work that an error is about: positions move from the names that documents have in
// output to where they lie on disk, and an error about no document gets the name of the API.
func (w work) at(err error) error {
	if err == nil {
		return nil
	}
	var found source.Collector
	found.AddErr(w.name, err)
	all, _ := errors.AsType[source.Errors](found.Err())
	for i, e := range all {
		if file, moved := w.paths[e.Pos.File]; moved {
			here := *e
			here.Pos.File = file
			all[i] = &here
		}
	}
	return all
}

// load turns flags into what the generator gets: the documents are read, nothing else happens to
// them.
func (f *inputFlags) load(stdin io.Reader) ([]work, error) {
	works, err := f.read(stdin)
	boundMemory(works)
	if err != nil || !f.writes {
		return works, err
	}
	return works, placeAll(works, f.module)
}

// memoryFactor is how many times the bytes of its documents a run takes, and fewMegabytes what it
// takes besides.
const (
	memoryFactor = 90
	fewMegabytes = 32 << 20
)

// boundMemory has the garbage collector work more before a run takes more memory than that. Only
// documents that are one giant schema come near it. Who sets GOMEMLIMIT decides.
func boundMemory(works []work) {
	bytes := 0
	for _, w := range works {
		for _, s := range w.input.Sources {
			bytes += len(s.File.Data)
		}
	}
	if debug.SetMemoryLimit(-1) == math.MaxInt64 {
		debug.SetMemoryLimit(int64(fewMegabytes + memoryFactor*bytes))
	}
}

// placeAll places all packages in their modules.
func placeAll(works []work, declared string) error {
	var errs source.Collector
	for i := range works {
		errs.AddErr("", works[i].placeInModule(declared))
	}
	return errs.Err()
}

// beside returns the folder of the runtime that a package has where nobody says otherwise: rest, in
// the parent of the package.
func beside(base, dir string) folder { return folder{base, path.Join(path.Dir(dir), "rest")} }

// runtimeOf returns the folder of the runtime of a configuration in the folder home.
func runtimeOf(c *generator.Config, home string) folder {
	dir := c.Runtime
	for strings.HasPrefix(dir, "../") {
		home, dir = filepath.Join(home, ".."), dir[len("../"):]
	}
	return folder{home, dir}
}

// read reads the documents that the flags choose.
func (f *inputFlags) read(stdin io.Reader) ([]work, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	if f.named() {
		return f.loadNamed(stdin)
	}
	config, err := f.configFile()
	if err != nil {
		return nil, err
	}
	if config != "" {
		return f.loadConfig(config)
	}
	return f.loadEmbedded()
}

// loadNamed reads the documents that the command line names.
func (f *inputFlags) loadNamed(stdin io.Reader) ([]work, error) {
	sources, err := f.sources()
	if err != nil {
		return nil, err
	}
	paths := make([]string, len(sources))
	for i, s := range sources {
		paths[i] = s.Path
	}
	names := documentNames(paths)
	w := work{name: f.pkg, paths: map[string]string{}, input: generator.Input{Package: f.pkg, Include: f.include, Exclude: f.exclude}}
	r := &documentReader{stdin: stdin}
	for i, s := range sources {
		var data []byte
		var ok bool
		if s.Path == stdinName {
			data, ok = r.standardInput()
		} else {
			data, ok = r.file(s.Path, source.Position{})
			w.paths[names[i]] = filepath.ToSlash(s.Path)
		}
		if ok {
			w.input.Sources = append(w.input.Sources, generator.SourceInput{Kind: s.Kind, Hosts: f.harHosts, File: source.File{Name: names[i], Data: data}})
		}
	}
	if f.writes {
		w.base, w.dir = splitOut(f.out)
		w.rest = beside(w.base, w.dir)
	}
	return []work{w}, r.errs.Err()
}

// configured is a configuration with its lock, and the choice of --api among its packages.
type configured struct {
	file   string
	config *generator.Config
	locked *lockFile
	wanted func(name string) bool
}

// readConfig reads a configuration and its lock, and no documents.
func (f *inputFlags) readConfig(t tree, file string) (*configured, error) {
	r := &documentReader{tree: t}
	data, ok := r.file(file, source.Position{})
	if !ok {
		return nil, r.errs.Err()
	}
	shown := t.shown(file)
	config, err := generator.ParseConfig(source.File{Name: shown, Data: data})
	if err != nil {
		return nil, err
	}
	names := make([]string, len(config.Packages))
	for i, p := range config.Packages {
		names[i] = p.Package
	}
	wanted, err := f.pick(names, shown)
	if err != nil {
		return nil, err
	}
	locked, err := readLock(t, file, config)
	return &configured{file, config, locked, wanted}, err
}

// loadConfig reads a configuration and the documents of the packages that --api picks.
func (f *inputFlags) loadConfig(file string) ([]work, error) {
	c, err := f.readConfig(disk{}, file)
	if err == nil {
		err = c.locked.unfinished()
	}
	if err != nil {
		return nil, err
	}
	r := &documentReader{}
	all := c.works(r, func(p generator.PackageConfig) bool { return c.wanted(p.Package) })
	if f.given("out") {
		if len(all) > 1 {
			return nil, usagef("--out is one folder, and %s has %d packages: pick one with --api, or set out in the configuration", filepath.ToSlash(file), len(all))
		}
		all[0].base, all[0].dir = splitOut(f.out)
		if all[0].rest = beside(all[0].base, all[0].dir); all[0].rest.shown() != runtimeOf(c.config, filepath.Dir(file)).shown() {
			all[0].others = nil // they have another runtime
		}
	}
	return all, r.errs.Err()
}

// works reads the documents of some packages.
func (c *configured) works(r *documentReader, wanted func(generator.PackageConfig) bool) []work {
	var all []work
	var others []string
	for _, p := range c.config.Packages {
		if !wanted(p) {
			others = append(others, p.Package)
		} else {
			w := r.packageConfig(p, filepath.Dir(c.file), c.locked)
			w.rest = runtimeOf(c.config, filepath.Dir(c.file))
			all = append(all, w)
		}
	}
	for i := range all {
		all[i].others = others
	}
	return all
}

// packageConfig reads the documents of one package of a configuration in the folder dir. They are
// called as the configuration calls them, so that the output is the same wherever auditgen is
// started.
func (r *documentReader) packageConfig(p generator.PackageConfig, dir string, locked *lockFile) work {
	w := work{name: p.Package, base: dir, dir: p.Out, paths: map[string]string{}, lock: locked, config: p,
		input: generator.Input{Package: p.Package, Include: p.Include, Exclude: p.Exclude, IncludePos: p.IncludePos, ExcludePos: p.ExcludePos}}
	if locked != nil {
		w.input.Names, w.input.Models = locked.pins(p)
	}
	for _, s := range p.Sources {
		file := filepath.Join(dir, filepath.FromSlash(s.Path))
		name := path.Clean(s.Path)
		data, ok := r.fetched[name]
		if !ok {
			data, ok = r.source(file, s)
		}
		if !ok {
			continue
		}
		w.paths[name] = r.files().shown(file)
		w.input.Sources = append(w.input.Sources, generator.SourceInput{Kind: s.Kind, BasePath: s.BasePath, Hosts: s.Hosts, File: source.File{Name: name, Data: data}})
	}
	return w
}

// loadEmbedded takes the embedded documents of the APIs that --api picks.
func (f *inputFlags) loadEmbedded() ([]work, error) {
	apis := spec.APIs()
	names := make([]string, len(apis))
	for i, api := range apis {
		names[i] = api.Name
	}
	wanted, err := f.pick(names, "auditgen")
	if err != nil {
		return nil, err
	}
	out := "generated"
	if f.given("out") {
		out = f.out
	}
	base, dir := splitOut(out)
	var all []work
	for _, api := range apis {
		if !wanted(api.Name) {
			continue
		}
		w := work{name: api.Name, base: base, dir: path.Join(dir, api.Name), rest: folder{base, path.Join(dir, "rest")}, input: generator.Input{Package: api.Package}}
		for _, s := range api.Sources {
			file, err := spec.Read(s)
			if err != nil {
				return nil, fmt.Errorf("embedded documents: %w", err)
			}
			w.input.Sources = append(w.input.Sources, generator.SourceInput{Kind: s.Kind, BasePath: s.BasePath, File: file})
		}
		all = append(all, w)
	}
	return all, nil
}

// inputsHash is the hash over everything that decides what is generated: the generator, the
// configuration of the package and every document. Each part is preceded by its length, so that no
// two inputs run together.
func inputsHash(identity string, in generator.Input) string {
	h := sha256.New()
	part(h, identity)
	part(h, in.Package)
	part(h, in.ImportPath)
	part(h, in.Rest)
	part(h, strconv.FormatBool(in.Review))
	parts(h, in.Include)
	parts(h, in.Exclude)
	for _, s := range in.Sources {
		part(h, string(s.Kind))
		part(h, s.BasePath)
		parts(h, s.Hosts)
		part(h, s.File.Name)
		fmt.Fprintf(h, "%d:", len(s.File.Data))
		h.Write(s.File.Data) // not as a string, which would be a copy
	}
	hashNames(h, in.Names)
	for _, m := range in.Models {
		parts(h, []string{m.Name, string(m.Held)})
	}
	return hex.EncodeToString(h.Sum(nil))
}

// hashNames adds what a lock says; the line it stands in decides nothing.
func hashNames(h hash.Hash, names []lock.Operation) {
	for _, op := range names {
		parts(h, []string{op.Method, op.Path, op.Name, strconv.FormatBool(op.Removed)})
		parts(h, op.Parameters)
		parts(h, op.Answers)
		var instead []string
		for _, name := range slices.Sorted(maps.Keys(op.Instead)) {
			instead = append(instead, name, op.Instead[name])
		}
		parts(h, instead)
	}
}

func parts(h hash.Hash, all []string) {
	fmt.Fprintf(h, "%d;", len(all))
	for _, s := range all {
		part(h, s)
	}
}

func part(h hash.Hash, s string) {
	fmt.Fprintf(h, "%d:", len(s))
	io.WriteString(h, s)
}
