package generator_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// keywordDocuments use every keyword of their version.
var keywordDocuments = map[string]string{"2.0": "swagger20.yaml", "3.0": "openapi30.yaml", "3.1": "openapi31.yaml"}

// A keyword is removed from a document, and what is generated is compared with what the whole
// document yields. The table in docs/keywords.md says what must differ: the code, the comments
// alone, the settled document alone, or a note about the keyword. So no keyword is without a word.
func TestEveryKeywordDoesSomethingOrIsANote(t *testing.T) {
	table := readKeywordTable(t)
	if testing.Short() {
		t.Skip("a package for each keyword")
	}
	for version, name := range keywordDocuments {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			root := keywordDocument(t, name)
			whole := yieldOf(root)
			if whole.err != nil {
				t.Fatal(whole.err)
			}
			found := map[keyword][]string{}
			occurrences(version, "Document", root, "", func(k keyword, pointer string, in *source.Node, i int) {
				if row, ok := table[k]; ok && slices.Contains(found[k], row.effect) {
					return
				}
				members := in.Members
				in.Members = slices.Delete(slices.Clone(members), i, i+1)
				effect := whole.against(yieldOf(root))
				if effect == "" && whole.noted(pointer) {
					effect = "note"
				}
				found[k] = append(found[k], effect)
				in.Members = members
			})
			for k := range specified() {
				if row, ok := table[k]; k.version == version && !(ok && slices.Contains(found[k], row.effect)) {
					t.Errorf("%s of %s in %s shows in %q; docs/keywords.md says %q", k.key, k.object, version, found[k], row.effect)
				}
			}
		})
	}
}

// yield is what is generated from a document.
type yield struct {
	code, comments, document string
	notes                    map[string]bool // with their places
	leftOut                  []string        // pointers to what notes say is left out
	err                      error
}

func yieldOf(root *source.Node) yield {
	var data bytes.Buffer // of many lines: notes that say the same in one line are one
	if err := json.Indent(&data, []byte(root.JSON()), "", " "); err != nil {
		return yield{err: err}
	}
	out, err := generator.Generate(generator.Input{Package: "orders", ImportPath: "example.com/orders",
		Sources: []generator.SourceInput{{Kind: claim.OpenAPI, File: source.File{Name: "orders.json", Data: data.Bytes()}}}})
	if err != nil {
		return yield{err: err}
	}
	o := yield{notes: map[string]bool{}}
	for _, f := range out.Files {
		switch {
		case f.Name == "openapi.yaml":
			o.document = string(f.Data)
		case strings.HasSuffix(f.Name, ".go"):
			for line := range strings.Lines(string(f.Data)) {
				if strings.HasPrefix(strings.TrimSpace(line), "//") {
					o.comments += line
				} else {
					o.code += line
				}
			}
		}
	}
	for _, n := range out.Document.Notes {
		if place := n.Pos.Pointer + n.Where; place != "" {
			o.notes[place+" "+n.What+" "+n.Do] = true
		}
		if n.Do == "left out" {
			o.leftOut = append(o.leftOut, n.Pos.Pointer+"/")
		}
	}
	return o
}

// against returns the strongest of what a document lacks without a keyword: code, comment, note or
// document; "" if nothing. A note counts if it says where it is.
func (o yield) against(without yield) string {
	switch {
	case without.err != nil || o.code != without.code:
		return "code"
	case o.comments != without.comments:
		return "comment"
	}
	for note := range o.notes {
		if !without.notes[note] {
			return "note"
		}
	}
	if o.document != without.document {
		return "document"
	}
	return ""
}

// noted reports whether a note says that an object around a keyword is left out.
func (o yield) noted(pointer string) bool {
	return slices.ContainsFunc(o.leftOut, func(around string) bool { return strings.HasPrefix(pointer, around) })
}

func keywordDocument(t *testing.T, name string) *source.Node {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "keywords", name))
	if err != nil {
		t.Fatal(err)
	}
	root, err := source.ParseTree(source.File{Name: name, Data: data})
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// occurrences calls use for each keyword of an object and of the objects in it. The pointer leads
// to the object.
func occurrences(version, object string, n *source.Node, pointer string, use func(k keyword, pointer string, in *source.Node, i int)) {
	if n.Kind != source.Object {
		return
	}
	if n.Get("$ref") != nil && object != "Schema" && object != "PathItem" {
		object = "Reference"
	}
	known := keywordsOf(version, object)
	for i, m := range n.Members {
		key := m.Key
		if _, ok := known[key]; !ok && strings.HasPrefix(key, "x-") {
			key = "x-"
		}
		if object == "Paths" && strings.HasPrefix(key, "/") {
			key = "/"
		}
		if object == "Responses" && key != "default" && key != "x-" {
			key = "200"
		}
		holds, ok := known[key]
		if !ok {
			panic(fmt.Sprintf("line %d: %s is not a keyword of %s", m.Line, m.Key, object))
		}
		at := pointer + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(m.Key)
		use(keyword{version, object, key}, at, n, i)
		inside := strings.TrimLeft(holds, "[]{}")
		switch {
		case holds == "":
		case strings.HasPrefix(holds, "[]"):
			for i, item := range m.Value.Items {
				occurrences(version, inside, item, fmt.Sprint(at, "/", i), use)
			}
		case strings.HasPrefix(holds, "{}"):
			for _, one := range m.Value.Members {
				if !strings.HasPrefix(one.Key, "x-") {
					occurrences(version, inside, one.Value, at+"/"+one.Key, use)
				}
			}
		default:
			occurrences(version, inside, m.Value, at, use)
		}
	}
}

// keywordRow is a row of the table: what shows that a keyword was read, and the test of it.
type keywordRow struct {
	effect, does, test string
}

// The table has a heading per object and a row per keyword:
//
//	## Operation
//	| keyword | versions | shows in | what it does | test |
//	| `summary` | 2.0 3.0 3.1 | comment | starts the comment | `TestX` |
func readKeywordTable(t *testing.T) map[keyword]keywordRow {
	t.Helper()
	data, err := os.ReadFile("../docs/keywords.md")
	if err != nil {
		t.Fatal(err)
	}
	table := map[keyword]keywordRow{}
	object := ""
	for line := range strings.Lines(string(data)) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "## "); ok {
			object = strings.ReplaceAll(name, " ", "")
			continue
		}
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if !strings.HasPrefix(line, "| `") || len(cells) != 5 {
			continue
		}
		for version := range strings.FieldsSeq(cells[1]) {
			k := keyword{version, object, strings.Trim(cells[0], "`")}
			if _, twice := table[k]; twice {
				t.Errorf("docs/keywords.md has %v twice", k)
			}
			table[k] = keywordRow{cells[2], cells[3], cells[4]}
		}
	}
	return table
}

func TestTheKeywordTableHasTheKeywordsOfTheSpecifications(t *testing.T) {
	table := readKeywordTable(t)
	has := map[keyword]bool{}
	for k := range table {
		has[k] = true
	}
	if diff := cmp.Diff(specified(), has); diff != "" {
		t.Errorf("docs/keywords.md: -specifications +table\n%s", diff)
	}
	for k, row := range table {
		if row.does == "" || !slices.Contains([]string{"code", "comment", "document", "note"}, row.effect) {
			t.Errorf("docs/keywords.md: the row of %v says neither what the keyword does nor which note it is", k)
		}
	}
}

// Tests that the table names exist.
func TestTheKeywordTableNamesTests(t *testing.T) {
	tests := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	err := filepath.WalkDir("..", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		data, err := os.ReadFile(path)
		for _, found := range declared.FindAllSubmatch(data, -1) {
			tests[string(found[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	table := readKeywordTable(t)
	for _, k := range slices.SortedFunc(maps.Keys(table), func(a, b keyword) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) }) {
		name := strings.Trim(table[k].test, "`")
		if !tests[name] {
			t.Errorf("docs/keywords.md: %v: there is no test %q", k, name)
		}
	}
}
