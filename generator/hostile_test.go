package generator_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

var (
	hostile = flag.Bool("hostile", false, "change each string of the documents to each payload; takes an hour")
	long    = flag.Bool("long", false, "change more strings of the documents than every day; takes minutes: make long")
)

// every says that one change of so many is tried. It shares no divisor with the number of payloads,
// so that each of them takes its turn at every kind of place.
func every() int {
	switch {
	case *hostile:
		return 1
	case *long:
		return 97
	}
	return 1259
}

// payloads try to get out of wherever a text of a document stands.
var payloads = []string{
	`"+pwn_()+"`, "`+pwn_()+`", "x\nfunc init() { pwn_() }", "x\r\nfunc init() { pwn_() }", "*/ func init() { pwn_() } /*", "//go:embed x", "x\n//go:build ignore\n",
	"//line x:1", "x\u2028func init() { pwn_() }", "x\u2029//go:linkname a b", "\"`; func init() {}; var _ = `\"", "` xml:\"x", "\x00", "\u202e\u2066\ufeff", "C\"\nimport \"C\"",
	strings.Repeat("very long ", 3000), "Deprecated: no", "+build ignore", "//export pwn_", "../../x.go", "CON", "a_linux_test", "\x1b[31m\x07\u0085", "| a |\n\n# b\n<script>[x](javascript:y)",
	": &a *a !!b [{ # - ? |", "%s%d${x}{{.}}", "x */ /* \\\" \\", "]}\"'",
}

// benign is a text of which the payloads must not differ in effect.
const benign = "harmless words"

// site is one string of a document: what becomes of the document when it is another.
type site struct {
	name   string
	change func(text string) []byte
}

// hostileCase is one set of documents, one of which is changed.
type hostileCase struct {
	name  string
	in    generator.Input
	which int      // the document that is changed
	plain *printed // the Go of the documents as they are
}

func hostileCases(t testing.TB) []hostileCase {
	var all []hostileCase
	add := func(name string, in generator.Input) {
		for i, s := range in.Sources {
			all = append(all, hostileCase{name: name + "/" + filepath.Base(s.File.Name), in: in, which: i})
		}
	}
	together := everything(t)
	add("everything", generator.Input{Package: "everything", ImportPath: importedAs, Sources: together.Sources[1:]})
	all = append(all, hostileCase{name: "everything/overlay.yaml", in: together})
	for _, name := range []string{"reference_page", "field_table", "postman_collection", "json_sample", "swagger_fragment"} {
		dir := filepath.Join("../golden", name)
		for _, pkg := range readConfig(t, filepath.Join(dir, "auditgen.yaml")).Packages {
			add(name, inputOf(t, dir, pkg))
		}
	}
	return all
}

// everything is the document with every construct, and the overlay to it.
func everything(t testing.TB) generator.Input {
	return generator.Input{Package: "everything", ImportPath: importedAs, Sources: []generator.SourceInput{
		hostileDocument(t, "overlay.yaml", claim.Overlay), hostileDocument(t, "everything.yaml", claim.OpenAPI)}}
}

func hostileDocument(t testing.TB, name string, kind claim.Kind) generator.SourceInput {
	data, err := os.ReadFile(filepath.Join("testdata/hostile", name))
	if err != nil {
		t.Fatal(err)
	}
	return generator.SourceInput{Kind: kind, File: source.File{Name: name, Data: data}}
}

// with returns the documents with one of them changed.
func (c hostileCase) with(data []byte) generator.Input {
	in := c.in
	in.Sources = slices.Clone(in.Sources)
	in.Sources[c.which].File.Data = data
	return in
}

// sites finds every string of the document: keys and values of YAML and JSON, lines and words of text.
func (c hostileCase) sites(t testing.TB) []site {
	f := c.in.Sources[c.which].File
	tree, err := source.ParseTree(f)
	if err != nil || tree.Kind != source.Object {
		return textSites(string(f.Data))
	}
	var all []site
	var walk func(n *source.Node, path string)
	add := func(at *string, path string) {
		all = append(all, site{path, func(text string) []byte {
			defer func(old string) { *at = old }(*at)
			*at = text
			return []byte(tree.JSON())
		}})
	}
	walk = func(n *source.Node, path string) {
		if n.Kind == source.String {
			add(&n.Text, path)
			all = append(all, inner(tree, n, path)...)
		}
		for i := range n.Members {
			m := &n.Members[i]
			add(&m.Key, path+"/"+m.Key+" (key)")
			walk(m.Value, path+"/"+m.Key)
		}
		for i, item := range n.Items {
			walk(item, path+"/"+strconv.Itoa(i))
		}
	}
	walk(tree, "")
	return all
}

// inner returns the strings inside a string that is JSON itself, such as the bodies of a collection.
func inner(tree, n *source.Node, path string) []site {
	if !strings.Contains(n.Text, "{") || !strings.Contains(n.Text, `"`) {
		return nil
	}
	var all []site
	for _, s := range textSites(n.Text) {
		all = append(all, site{path + ": " + s.name, func(text string) []byte {
			defer func(old string) { n.Text = old }(n.Text)
			n.Text = string(s.change(text))
			return []byte(tree.JSON())
		}})
	}
	return all
}

var word = regexp.MustCompile(`[A-Za-z][A-Za-z0-9_-]*`)

// textSites are the lines of a text, and the words in them: these also as JSON would have them.
func textSites(text string) []site {
	var all []site
	start := 0
	for number, line := range slices.Collect(strings.Lines(text)) {
		from, end := start, start+len(strings.TrimRight(line, "\n"))
		start += len(line)
		name := fmt.Sprintf("line %d", number+1)
		all = append(all, site{name, func(s string) []byte { return []byte(text[:from] + s + text[end:]) }})
		for _, w := range word.FindAllStringIndex(text[from:end], -1) {
			before, after := text[:from+w[0]], text[from+w[1]:]
			name := fmt.Sprintf("%s %q", name, text[from+w[0]:from+w[1]])
			all = append(all, site{name, func(s string) []byte { return []byte(before + s + after) }})
			if strings.Contains(line, `{"`) || strings.Contains(line, `{ "`) {
				all = append(all, site{name + " escaped", func(s string) []byte {
					quoted := source.StringNode(s, 0).JSON()
					return []byte(before + quoted[1:len(quoted)-1] + after)
				}})
			}
		}
	}
	return all
}

// trial is one document with one string changed.
type trial struct {
	c       hostileCase
	site    site
	payload string
}

func TestNoStringOfADocumentGetsOutOfItsPlace(t *testing.T) {
	if testing.Short() {
		t.Skip("many large documents, one goroutine: nothing for the race detector")
	}
	cases := hostileCases(t)
	harmless := harmlessGo(t, cases)
	var trials []trial
	total := 0
	for _, c := range cases {
		sites := c.sites(t)
		t.Logf("%s: %d strings", c.name, len(sites))
		for i, s := range sites {
			for j, payload := range payloads {
				if total++; (i*len(payloads)+j)%every() == 0 {
					trials = append(trials, trial{c, s, payload})
				}
			}
		}
	}
	t.Logf("%d of %d changes", len(trials), total)
	results := runTrials(t, trials, harmless)
	t.Logf("%d gave errors, %d the Go of a harmless text, %d another within what harmless documents cause", results[refused], results[same], results[other])
}

// harmlessGo is all that documents which mean no harm cause.
func harmlessGo(t testing.TB, cases []hostileCase) *printed {
	all := &printed{used: map[string]bool{}}
	for i, c := range cases {
		out, err := generator.Generate(c.in)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		p, err := goOf(out.Files)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		all.add(p)
		cases[i].plain = p
	}
	return all
}

// outcome is how a trial ended.
type outcome int

const (
	refused outcome = iota
	same
	other
)

// runTrials runs the trials on all processors. The trees of a case are changed in place, so that the documents are written first.
func runTrials(t *testing.T, trials []trial, harmless *printed) map[outcome]int {
	type job struct {
		trial
		changed, plain []byte
	}
	jobs := make(chan job)
	var mu sync.Mutex
	counts := map[outcome]int{}
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for j := range jobs {
				got, err := j.run(j.changed, j.plain, harmless)
				if err != nil {
					t.Errorf("%s: %s = %.60q: %v", j.c.name, j.site.name, j.payload, err)
				}
				mu.Lock()
				counts[got]++
				mu.Unlock()
			}
		})
	}
	for _, one := range trials {
		jobs <- job{one, one.site.change(one.payload), one.site.change(benign)}
	}
	close(jobs)
	wg.Wait()
	return counts
}

// run generates from a changed document. The Go must be that of a harmless text in the same place, or made of nothing
// that harmless documents do not cause: a path that a payload changes is another path, and its operation another operation.
func (x trial) run(changed, plain []byte, harmless *printed) (outcome, error) {
	out, err := generator.Generate(x.c.with(changed))
	if err != nil {
		return refused, checkError(err)
	}
	if err := checkOutput(out); err != nil {
		return other, err
	}
	got, err := goOf(out.Files)
	if err != nil {
		return other, err
	}
	if check, err := checker(); err != nil {
		return other, err
	} else if err := check.check(out.Files); err != nil {
		return other, err
	}
	if got.like(x.c.plain) {
		return same, nil
	}
	reference, err := generator.Generate(x.c.with(plain))
	if err != nil {
		return other, got.within(harmless)
	}
	want, err := goOf(reference.Files)
	if err != nil {
		return other, err
	}
	if got.like(want) {
		return same, nil
	}
	if prose.MatchString(x.site.name) {
		return other, fmt.Errorf("a text that is only shown changes the Go")
	}
	return other, got.within(harmless, want)
}

// prose is where texts stand that are only shown.
var prose = regexp.MustCompile(`/(description|title|summary|termsOfService|externalDocs/url|email)$`)

// checkError wants an error to name its document, and to be readable.
func checkError(err error) error {
	all, ok := err.(source.Errors)
	if !ok {
		return fmt.Errorf("an error that names no document: %.300v", err)
	}
	for _, e := range all {
		if e.What == "" {
			return fmt.Errorf("an error that says nothing: %#v", e)
		}
		if err := visibleOnly("an error", e.Error()); err != nil {
			return err
		}
	}
	return nil
}
