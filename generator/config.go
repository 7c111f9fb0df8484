package generator

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// Config is a configuration file, auditgen.yaml.
type Config struct {
	Packages []PackageConfig
	// Runtime is the folder of the runtime that all packages share. It is clean, slash-separated
	// and relative to the configuration, whose folder it may leave. The default is rest beside the
	// packages.
	Runtime string
}

// PackageConfig is one package to generate. Out is clean, slash-separated, relative and never
// leaves the folder of the configuration.
type PackageConfig struct {
	Package string
	Out     string
	Include []string
	Exclude []string
	Sources []SourceConfig // strongest first

	IncludePos, ExcludePos source.Position // zero if there is no selection
}

// SourceConfig is one document of a package. Path is relative to the configuration. If URL is set,
// auditgen update fetches the document from there; then Path is below the folder of the
// configuration and outside all output folders.
type SourceConfig struct {
	Kind     claim.Kind
	Path     string
	BasePath string
	Hosts    []string // of recorded traffic: the hosts that count
	URL      string
	Pos      source.Position
}

// Kinds returns the kinds that a configuration can name.
func Kinds() []claim.Kind {
	return []claim.Kind{claim.Overlay, claim.Reference, claim.Page, claim.Table, claim.Postman, claim.Sample, claim.HAR, claim.OpenAPI}
}

// Limits of a configuration: everything it lists is read at once.
const (
	maxPackages = 256
	maxSources  = 256 // per package
)

// ParseConfig reads a configuration. The error is a source.Errors with everything that is wrong in
// it.
//
// The document is walked and not decoded into a struct, because every error needs its line and an
// unknown key is an error: a misspelt include that is dropped would generate the whole API without
// a word.
func ParseConfig(f source.File) (*Config, error) {
	r := &configReader{file: f.Name}
	root, err := source.ParseTree(f)
	if err != nil {
		r.errs.AddErr(f.Name, err)
		return nil, r.errs.Err()
	}
	config := r.config(root)
	if err := r.errs.Err(); err != nil {
		return nil, err
	}
	return config, nil
}

// configReader walks a configuration and collects errors.
type configReader struct {
	file string
	errs source.Collector
}

func (r *configReader) add(line int, where, what, do string) {
	r.errs.Add(source.Position{File: r.file, Line: line}, where, what, do)
}

// addErr records an error whose text includes the remedy.
func (r *configReader) addErr(line int, where string, err error) {
	if err != nil {
		r.add(line, where, err.Error(), "")
	}
}

func (r *configReader) config(root *source.Node) *Config {
	if !r.object(root, "", "packages", "runtime") {
		return nil
	}
	c := &Config{}
	items := r.list(root, "", "packages", maxPackages)
	outs := make([]outFolder, 0, len(items))
	for i, item := range items {
		where := fmt.Sprintf("packages[%d]", i)
		p := r.packageConfig(item, where)
		if out := item.Get("out"); p.Out != "" {
			outs = append(outs, outFolder{p.Out, where + ".out", out.Line})
		}
		c.Packages = append(c.Packages, p)
	}
	c.Runtime = r.runtime(root, outs)
	r.apart(outs)
	r.fetched(c)
	return c
}

// runtime returns the folder of the runtime: the given one or rest beside the packages. No package
// may be in it.
func (r *configReader) runtime(root *source.Node, outs []outFolder) string {
	dir := r.runtimeFolder(root, outs)
	for _, out := range outs {
		if dir != "" && (strings.EqualFold(out.dir, dir) || strings.EqualFold(out.dir, dir+"/lossless")) {
			r.add(out.line, out.where, fmt.Sprintf("%q is also a folder of the runtime", out.dir), "give the package another folder")
		}
	}
	return dir
}

func (r *configReader) runtimeFolder(root *source.Node, outs []outFolder) string {
	if text, given := r.text(root, "", "runtime", false); given {
		clean, err := checkRuntime(text)
		r.addErr(root.Get("runtime").Line, "runtime", err)
		return clean
	}
	for _, out := range outs {
		if path.Dir(out.dir) != path.Dir(outs[0].dir) {
			r.add(out.line, out.where, "the packages share one runtime but have different parent folders",
				"set its folder, as in runtime: ./internal/rest")
			return ""
		}
	}
	if len(outs) == 0 {
		return ""
	}
	return path.Join(path.Dir(outs[0].dir), "rest")
}

func (r *configReader) packageConfig(n *source.Node, where string) PackageConfig {
	var p PackageConfig
	if !r.object(n, where, "package", "out", "include", "exclude", "sources") {
		return p
	}
	if name, ok := r.text(n, where, "package", true); ok {
		p.Package = name
		r.addErr(n.Get("package").Line, where+".package", CheckPackage(name))
	}
	if out, ok := r.text(n, where, "out", true); ok {
		clean, err := checkOut(out)
		p.Out = clean
		r.addErr(n.Get("out").Line, where+".out", err)
	}
	p.Include, p.IncludePos = r.globs(n, where, "include")
	p.Exclude, p.ExcludePos = r.globs(n, where, "exclude")
	first := map[string]int{}
	for i, item := range r.list(n, where, "sources", maxSources) {
		here := fmt.Sprintf("%s.sources[%d]", where, i)
		s, ok := r.source(item, here)
		if !ok {
			continue
		}
		if line, twice := first[path.Clean(s.Path)]; twice {
			r.add(s.Pos.Line, here, fmt.Sprintf("%q is already in line %d", s.Path, line), "remove one of them")
			continue
		}
		first[path.Clean(s.Path)] = s.Pos.Line
		p.Sources = append(p.Sources, s)
	}
	if len(p.Sources) > 0 && !slices.ContainsFunc(p.Sources, func(s SourceConfig) bool { return s.Kind != claim.Overlay }) {
		r.add(n.Get("sources").Line, where+".sources", "all sources are overlays, so there is nothing to correct", "add a reference or an openapi document")
	}
	return p
}

func (r *configReader) source(n *source.Node, where string) (SourceConfig, bool) {
	s := SourceConfig{Pos: source.Position{File: r.file, Line: n.Line}}
	if !r.object(n, where, "kind", "path", "base_path", "hosts", "url") {
		return s, false
	}
	kind, ok := r.text(n, where, "kind", true)
	if ok {
		s.Kind = claim.Kind(kind)
		r.kind(n.Get("kind").Line, where+".kind", kind)
	}
	file, ok := r.text(n, where, "path", true)
	if ok {
		s.Path, s.Pos.Line = file, n.Get("path").Line
		r.addErr(s.Pos.Line, where+".path", checkPath(file))
	}
	if base, given := r.text(n, where, "base_path", false); given {
		s.BasePath = base
		r.addErr(n.Get("base_path").Line, where+".base_path", checkBasePath(base))
	}
	s.Hosts = r.hosts(n, where, s.Kind)
	r.url(n, where, &s)
	return s, ok
}

// hosts reads which hosts of recorded traffic count.
func (r *configReader) hosts(n *source.Node, where string, kind claim.Kind) []string {
	list := n.Get("hosts")
	if list == nil {
		return nil
	}
	if kind != claim.HAR && kind != claim.Reference {
		r.add(list.Line, where+".hosts", "only recorded traffic has hosts to choose from", "remove it, or write kind: har")
	}
	var hosts []string
	for i, item := range r.list(n, where, "hosts", maxSources) {
		if item.Str() == "" {
			r.add(item.Line, fmt.Sprintf("%s.hosts[%d]", where, i), item.Kind.String()+" where the name of a host must stand", "write it as text, such as api.example.com")
			continue
		}
		hosts = append(hosts, item.Text)
	}
	return hosts
}

func (r *configReader) kind(line int, where, kind string) {
	known := make([]string, 0, len(Kinds()))
	for _, k := range Kinds() {
		if kind == string(k) {
			return
		}
		known = append(known, string(k))
	}
	r.add(line, where, fmt.Sprintf("unknown kind %q", kind), didYouMean(kind, known))
}

// object reports whether n is an object. It records an error for each unknown key.
func (r *configReader) object(n *source.Node, where string, known ...string) bool {
	if n.Kind != source.Object {
		r.add(n.Line, where, "expected an object, found "+n.Kind.Noun(), "give it the keys "+strings.Join(known, ", "))
		return false
	}
	for _, m := range n.Members {
		if !slices.Contains(known, m.Key) {
			r.add(m.Line, where, fmt.Sprintf("unknown key %q", m.Key), didYouMean(m.Key, known))
		}
	}
	return true
}

// text returns the string at a key. It records an error if there is none.
func (r *configReader) text(n *source.Node, where, key string, required bool) (string, bool) {
	v := n.Get(key)
	if v == nil {
		if required {
			r.add(n.Line, where, "the key "+key+" is missing", "add it")
		}
		return "", false
	}
	if v.Kind != source.String {
		r.add(v.Line, where+"."+key, "expected a string, found "+v.Kind.Noun(), "write it in quotes")
		return "", false
	}
	return v.Text, true
}

// list returns the items at a required key. It records an error if there are none.
func (r *configReader) list(n *source.Node, where, key string, most int) []*source.Node {
	here := strings.TrimPrefix(where+"."+key, ".")
	v := n.Get(key)
	switch {
	case v == nil:
		r.add(n.Line, where, "the key "+key+" is missing", "add it")
	case v.Kind != source.Array:
		r.add(v.Line, here, "expected a list, found "+v.Kind.Noun(), "start each item with a dash")
	case len(v.Items) == 0:
		r.add(v.Line, here, "the list is empty", "give at least one item")
	case len(v.Items) > most:
		r.add(v.Line, here, fmt.Sprintf("%d items, more than the limit of %d", len(v.Items), most), "split the configuration")
	default:
		return v.Items
	}
	return nil
}

// globs returns the patterns of include or exclude and their position. Both are optional.
func (r *configReader) globs(n *source.Node, where, key string) ([]string, source.Position) {
	v := n.Get(key)
	if v == nil {
		return nil, source.Position{}
	}
	var patterns []string
	for i, item := range r.list(n, where, key, maxSources) {
		here := fmt.Sprintf("%s.%s[%d]", where, key, i)
		if item.Kind != source.String {
			r.add(item.Line, here, "expected a string, found "+item.Kind.Noun(), "write a path such as /wiki/rest/api/audit/**")
			continue
		}
		r.addErr(item.Line, here, CheckGlob(item.Text))
		patterns = append(patterns, item.Text)
	}
	return patterns, source.Position{File: r.file, Line: v.Line}
}

// outFolder is the output folder of a package and its place in the configuration.
type outFolder struct {
	dir, where string
	line       int
}

// apart reports output folders that are equal or inside each other. Case does not matter, because
// some file systems ignore it and each package removes leftover files in its folder.
func (r *configReader) apart(outs []outFolder) {
	for i, b := range outs {
		for _, a := range outs[:i] {
			x, y := strings.ToLower(a.dir), strings.ToLower(b.dir)
			what := ""
			switch {
			case a.dir == b.dir:
				what = fmt.Sprintf("%q is also the folder of %s in line %d", b.dir, a.where, a.line)
			case x == y:
				what = fmt.Sprintf("%q and %q in line %d differ only in case", b.dir, a.dir, a.line)
			case below(x, y):
				what = fmt.Sprintf("%q is inside %q in line %d", b.dir, a.dir, a.line)
			case below(y, x):
				what = fmt.Sprintf("%q in line %d is inside %q", a.dir, a.line, b.dir)
			default:
				continue
			}
			r.add(b.line, b.where, what, "give each package a folder of its own")
			break
		}
	}
}

// below reports whether the folder inner is inside outer.
func below(outer, inner string) bool {
	return outer == "." || strings.HasPrefix(inner, outer+"/")
}

// didYouMean returns the remedy for an unknown word.
func didYouMean(word string, known []string) string {
	if near := source.Nearest(word, known); near != "" {
		return fmt.Sprintf("did you mean %s?", near)
	}
	return "use one of " + strings.Join(known, ", ")
}
