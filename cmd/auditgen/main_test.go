package main

import (
	"bytes"
	"errors"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// printedVersion is what a build prints: that of its module, or (devel) and the revision where that
// is known.
var printedVersion = regexp.MustCompile(`^auditgen (v\d+\.\d+\.\d+\S*|\(devel\)( [0-9a-f]{12})?( modified)?), built with go.+\n$`)

func TestVersionIsPrintedByCommandAndFlag(t *testing.T) {
	for _, arg := range []string{"version", "--version"} {
		var stdout, stderr bytes.Buffer
		if status := run([]string{arg}, nil, &stdout, &stderr); status != done || !printedVersion.MatchString(stdout.String()) || stderr.Len() > 0 {
			t.Errorf("%s: exit %d, stdout %q, stderr %q", arg, status, &stdout, &stderr)
		}
	}
}

func TestVersionOfABuild(t *testing.T) {
	build := func(version string, settings ...string) *debug.BuildInfo {
		info := &debug.BuildInfo{GoVersion: "go1.26.8", Main: debug.Module{Version: version}}
		for i := 0; i < len(settings); i += 2 {
			info.Settings = append(info.Settings, debug.BuildSetting{Key: settings[i], Value: settings[i+1]})
		}
		return info
	}
	replaced := build("v1.2.3")
	replaced.Main.Replace = &debug.Module{Path: "../auditgen"}
	forked := build("v1.2.3")
	forked.Main.Replace = &debug.Module{Path: "example.com/fork", Version: "v1.2.4"}
	cases := map[string]struct {
		info           *debug.BuildInfo
		text, identity string
	}{
		"a release from a module cache": {build("v1.2.3"), "auditgen v1.2.3, built with go1.26.8", "v1.2.3"},
		"a release built in a checkout": {build("v1.2.3", "vcs", "git"), "auditgen v1.2.3, built with go1.26.8", "devel"},
		"a pseudo-version":              {build("v0.0.0-20261121034200-a02ee1b00000"), "auditgen v0.0.0-20261121034200-a02ee1b00000, built with go1.26.8", "devel"},
		"a folder in its place":         {replaced, "auditgen (devel), built with go1.26.8", "devel"},
		"a fork in its place":           {forked, "auditgen example.com/fork v1.2.4, built with go1.26.8", "devel"},
		"go run":                        {build("(devel)"), "auditgen (devel), built with go1.26.8", "devel"},
		"nothing known":                 {build(""), "auditgen (devel), built with go1.26.8", "devel"},
		"an edited checkout": {build("(devel)", "vcs", "git", "vcs.revision", "a02ee1b0123456789", "vcs.modified", "true"),
			"auditgen (devel) a02ee1b01234 modified, built with go1.26.8", "devel"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff([]string{c.text, c.identity}, []string{formatVersion(c.info), releaseOf(c.info)}); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// failingWriter fails after some bytes, as a full disk does.
type failingWriter struct{ left int }

func (w *failingWriter) Write(b []byte) (int, error) {
	if len(b) > w.left {
		return 0, errors.New("no space left on device")
	}
	w.left -= len(b)
	return len(b), nil
}

func TestOutputThatCannotBeWrittenIsTrouble(t *testing.T) {
	t.Chdir(t.TempDir())
	writeFile(t, "doc", []byte("file a.gen.go x\nfact summary y\ngap GET /audit query:limit\n"))
	documents := []string{"--spec", "doc"}
	for name, args := range map[string][]string{
		"version":          {"version"},
		"version flag":     {"--version"},
		"help":             {"help"},
		"normalize":        append([]string{"normalize"}, documents...),
		"explain":          append([]string{"explain"}, documents...),
		"explain json":     append([]string{"explain", "--json"}, documents...),
		"generate":         append([]string{"generate", "--package", "a", "--out", "a"}, documents...),
		"generate, check":  append([]string{"generate", "--check", "--package", "a", "--out", "b"}, documents...),
		"generate, strict": append([]string{"generate", "--strict", "--package", "a", "--out", "b"}, documents...),
	} {
		var stderr bytes.Buffer
		status := standIn(strings.NewReader(""), &failingWriter{left: 5}, &stderr).run(args)
		if status != trouble || !strings.Contains(stderr.String(), "auditgen: cannot write to standard output: no space left on device\n") {
			t.Errorf("%s: exit %d, stderr %q", name, status, &stderr)
		}
	}
}

func TestInputThatCannotBeReadIsTrouble(t *testing.T) {
	t.Chdir(t.TempDir())
	var stdout, stderr bytes.Buffer
	status := standIn(brokenReader{}, &stdout, &stderr).run([]string{"normalize", "--spec", "-"})
	if want := "stdin: cannot be read: the pipe broke: try again, or save it as another file\n"; status != trouble || stderr.String() != want {
		t.Errorf("exit %d, stderr %q, want %q", status, &stderr, want)
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("the pipe broke") }

func TestStandardInputIsBounded(t *testing.T) {
	_, what, _ := readBounded(endless{}, 0)
	if want := "larger than the limit of 64 MiB"; what != want {
		t.Errorf("got %q, want %q", what, want)
	}
}

type endless struct{}

func (endless) Read(b []byte) (int, error) { return len(b), nil }

func TestOnlyAKnownKindIsAPrefix(t *testing.T) {
	for arg, want := range map[string][2]string{
		"page:a.txt":          {"page", "a.txt"},
		"postman:C:\\a.json":  {"postman", "C:\\a.json"},
		"reference:page:a":    {"reference", "page:a"},
		"C:\\page.txt":        {"reference", "C:\\page.txt"},
		"c:page.txt":          {"reference", "c:page.txt"},
		"./page:a.txt":        {"reference", "./page:a.txt"},
		"Page:a.txt":          {"reference", "Page:a.txt"},
		"https://example.com": {"reference", "https://example.com"},
		"-":                   {"reference", "-"},
		"sample:-":            {"sample", "-"},
	} {
		kind, file, err := splitReference(arg)
		if err != nil || string(kind) != want[0] || file != want[1] {
			t.Errorf("splitReference(%q) = %q, %q, %v", arg, kind, file, err)
		}
	}
}

func TestDocumentsAreNamedWithoutTheMachine(t *testing.T) {
	dir := t.TempDir()
	in := []string{"spec/a.yaml", "./b.yaml", "../c.yaml", filepath.Join(dir, "x", "d.yaml"), filepath.Join(dir, "y", "d.yaml"), filepath.Join(dir, "e.yaml"), "-"}
	want := []string{"spec/a.yaml", "b.yaml", "../c.yaml", "x/d.yaml", "y/d.yaml", "e.yaml", "stdin"}
	if diff := cmp.Diff(want, documentNames(in)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestTheOutputFolderIsSplitWhereItExists(t *testing.T) {
	t.Chdir(t.TempDir())
	writeFile(t, "there/already/x", nil)
	abs, err := filepath.Abs("there")
	if err != nil {
		t.Fatal(err)
	}
	for out, want := range map[string][2]string{
		"there":                        {".", "there"},
		"there/already":                {"there", "already"},
		"there/already/new/deep":       {"there/already", "new/deep"},
		"new/deep/":                    {".", "new/deep"},
		".":                            {".", "."},
		"..":                           {"..", "."},
		"../new":                       {"..", "new"},
		filepath.Join(abs, "new"):      {abs, "new"},
		filepath.Join(abs, "already/"): {abs, "already"},
	} {
		base, dir := splitOut(out)
		if diff := cmp.Diff(want, [2]string{filepath.ToSlash(base), dir}); diff != "" {
			t.Errorf("splitOut(%q): (-want +got)\n%s", out, diff)
		}
	}
}

func TestTheInputsHashKnowsEveryPart(t *testing.T) {
	input := func(change func(*generator.Input)) generator.Input {
		in := generator.Input{Package: "a", Include: []string{"/b"}, Exclude: []string{"/c"}, Sources: []generator.SourceInput{
			{Kind: "page", BasePath: "/d", File: source.File{Name: "e", Data: []byte("f")}}}}
		change(&in)
		return in
	}
	seen := map[string]string{}
	for name, in := range map[string]generator.Input{
		"as it is":         input(func(*generator.Input) {}),
		"package":          input(func(in *generator.Input) { in.Package = "x" }),
		"import path":      input(func(in *generator.Input) { in.ImportPath = "x" }),
		"include":          input(func(in *generator.Input) { in.Include = []string{"/x"} }),
		"moved to exclude": input(func(in *generator.Input) { in.Include, in.Exclude = nil, []string{"/b", "/c"} }),
		"kind":             input(func(in *generator.Input) { in.Sources[0].Kind = "table" }),
		"base path":        input(func(in *generator.Input) { in.Sources[0].BasePath = "" }),
		"name":             input(func(in *generator.Input) { in.Sources[0].File.Name = "x" }),
		"bytes":            input(func(in *generator.Input) { in.Sources[0].File.Data = []byte("x") }),
		"name and bytes": input(func(in *generator.Input) {
			in.Sources[0].File = source.File{Name: "e1", Data: nil}
		}),
		"another source": input(func(in *generator.Input) { in.Sources = append(in.Sources, in.Sources[0]) }),
	} {
		hash := inputsHash("devel", in)
		if other, twice := seen[hash]; twice {
			t.Errorf("%s and %s have one hash", name, other)
		}
		seen[hash] = name
	}
	if inputsHash("devel", input(func(*generator.Input) {})) == inputsHash("v1.0.0", input(func(*generator.Input) {})) {
		t.Error("two versions of auditgen have one hash")
	}
}

// Every part of what the generator gets is changed in turn, also those that are added after this
// was written.
func TestTheInputsHashKnowsEveryFieldOfTheInput(t *testing.T) {
	full := func() *generator.Input {
		in := &generator.Input{}
		fill(reflect.ValueOf(in).Elem())
		return in
	}
	before := inputsHash("devel", *full())
	for i := range leaves(reflect.ValueOf(full()).Elem(), "Input") {
		in := full()
		leaf := leaves(reflect.ValueOf(in).Elem(), "Input")[i]
		if leaf.name == "Input.Until" || leaf.name == "Input.Review" || strings.HasPrefix(leaf.name, "Input.Settled") {
			continue // how far a run goes, and what it reports, decides nothing about what it makes
		}
		switch leaf.value.Kind() {
		case reflect.String:
			leaf.value.SetString("other")
		case reflect.Bool:
			leaf.value.SetBool(false)
		case reflect.Uint8:
			leaf.value.SetUint(7)
		case reflect.Map:
			leaf.value.Set(reflect.ValueOf(map[string]string{"other": "text"}))
		default:
			t.Fatalf("%s: this test cannot change a %s: teach it", leaf.name, leaf.value.Kind())
		}
		if inputsHash("devel", *in) == before {
			t.Errorf("inputsHash does not know %s: a run that differs in nothing else would find nothing to do", leaf.name)
		}
	}
}

// leaf is a value that has no parts that can be changed apart.
type leaf struct {
	name  string
	value reflect.Value
}

// decidesNothing are the fields that say where something stands, for messages.
var decidesNothing = reflect.TypeFor[source.Position]()

// leaves lists the leaves of a value.
func leaves(v reflect.Value, name string) []leaf {
	var all []leaf
	switch {
	case v.Type() == decidesNothing:
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			all = append(all, leaves(v.Field(i), name+"."+v.Type().Field(i).Name)...)
		}
	case v.Kind() == reflect.Slice:
		all = leaves(v.Index(0), name+"[0]")
	default:
		all = []leaf{{name, v}}
	}
	return all
}

// fill gives every part of a value something to hold.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.String:
		v.SetString("text")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]string{"text": "text"}))
	}
}
