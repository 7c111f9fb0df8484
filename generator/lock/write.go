package lock

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v4"
)

// head is the comment at the top of a lock.
const head = "# What auditgen has to remember between runs: the Go name of each operation, and the documents it fetched.\n" +
	"# Commit it beside the configuration. auditgen writes it; to give an operation another name, change the name here.\n"

// Bytes returns the lock as YAML. The order is fixed: packages by name, operations by path and
// method, documents by path.
func (f *File) Bytes() []byte {
	sorted := File{Packages: slices.Clone(f.Packages), Sources: slices.Clone(f.Sources)}
	for i := range sorted.Packages {
		sorted.Packages[i].Operations = slices.Clone(sorted.Packages[i].Operations)
		sorted.Packages[i].Models = slices.Clone(sorted.Packages[i].Models)
	}
	sorted.sort()
	var out bytes.Buffer
	out.WriteString(head)
	dumper, err := yaml.NewDumper(&out, yaml.WithIndent(2), yaml.WithLineWidth(-1))
	if err == nil {
		err = dumper.Dump(sorted.node())
	}
	if err == nil {
		err = dumper.Close()
	}
	if err != nil {
		panic("lock: writing strings never fails: " + err.Error())
	}
	return out.Bytes()
}

func (f *File) sort() {
	slices.SortStableFunc(f.Packages, func(a, b Package) int {
		return cmp.Or(strings.Compare(a.Package, b.Package), strings.Compare(a.Folder, b.Folder))
	})
	for _, p := range f.Packages {
		slices.SortStableFunc(p.Operations, Compare)
		slices.SortStableFunc(p.Models, func(a, b Model) int { return strings.Compare(a.Name, b.Name) })
	}
	slices.SortStableFunc(f.Sources, func(a, b Source) int { return strings.Compare(a.Path, b.Path) })
}

func (f *File) node() *yaml.Node {
	root := newObject()
	root.add("version", number(Version))
	packages := list(0)
	for _, p := range f.Packages {
		packages.Content = append(packages.Content, p.node())
	}
	root.addSome("packages", packages)
	sources := list(0)
	for _, s := range f.Sources {
		sources.Content = append(sources.Content, s.node())
	}
	root.addSome("sources", sources)
	return root.node
}

func (p Package) node() *yaml.Node {
	o := newObject()
	o.text("package", p.Package)
	o.text("folder", p.Folder)
	operations := list(0)
	for _, op := range p.Operations {
		operations.Content = append(operations.Content, op.node())
	}
	o.addSome("operations", operations)
	models := newObject()
	for _, m := range p.Models {
		models.text(m.Name, string(m.Held))
	}
	o.addSome("models", models.node)
	return o.node
}

func (op Operation) node() *yaml.Node {
	o := newObject()
	o.text("method", op.Method)
	o.text("path", op.Path)
	o.text("name", op.Name)
	if op.Removed {
		o.add("removed", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: "true"})
	}
	o.addSome("parameters", texts(op.Parameters))
	o.addSome("answers", texts(op.Answers))
	instead := newObject()
	for _, name := range slices.Sorted(maps.Keys(op.Instead)) {
		instead.text(name, op.Instead[name])
	}
	o.addSome("instead", instead.node)
	return o.node
}

func (s Source) node() *yaml.Node {
	o := newObject()
	o.text("path", s.Path)
	o.text("url", s.URL)
	o.text("etag", s.ETag)
	o.text("last_modified", s.LastModified)
	o.text("sha256", s.SHA256)
	o.add("size", number(s.Size))
	o.text("fetched", s.Fetched.UTC().Format(timeLayout))
	o.text("version", s.Version)
	o.text("auditgen", s.Auditgen)
	return o.node
}

// object builds a YAML mapping.
type object struct{ node *yaml.Node }

func newObject() object { return object{&yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}} }

func (o object) add(key string, value *yaml.Node) {
	o.node.Content = append(o.node.Content, text(key), value)
}

// addSome adds a list or an object that is not empty.
func (o object) addSome(key string, value *yaml.Node) {
	if len(value.Content) > 0 {
		o.add(key, value)
	}
}

// text adds a string that is not empty.
func (o object) text(key, value string) {
	if value != "" {
		o.add(key, text(value))
	}
}

func list(style yaml.Style) *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Style: style}
}

// texts writes a list on one line, so that a changed operation is a short diff.
func texts(all []string) *yaml.Node {
	n := list(yaml.FlowStyle)
	for _, s := range slices.Compact(slices.Sorted(slices.Values(all))) {
		n.Content = append(n.Content, text(s))
	}
	return n
}

func number(n int64) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.FormatInt(n, 10)}
}

// text writes a string so that readers of YAML 1.1 read a string too.
func text(s string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	if strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) || oldBooleans[strings.ToLower(s)] {
		n.Style = yaml.DoubleQuotedStyle
	}
	return n
}

// oldBooleans are the words that YAML 1.1 reads as booleans.
var oldBooleans = map[string]bool{"y": true, "n": true, "yes": true, "no": true, "on": true, "off": true}
