package source

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// dump prints a tree with the line of every key, and of every value on another line than its key.
func dump(n *Node) string {
	var b strings.Builder
	var write func(n *Node, indent string)
	write = func(n *Node, indent string) {
		for _, m := range n.Members {
			fmt.Fprintf(&b, "%s%d %s: ", indent, m.Line, m.Key)
			writeValue(&b, m.Value, m.Line)
			write(m.Value, indent+"  ")
		}
		for _, item := range n.Items {
			fmt.Fprintf(&b, "%s%d - ", indent, item.Line)
			writeValue(&b, item, item.Line)
			write(item, indent+"  ")
		}
	}
	writeValue(&b, n, n.Line)
	write(n, "")
	return b.String()
}

func writeValue(b *strings.Builder, n *Node, line int) {
	switch n.Kind {
	case Array, Object:
		fmt.Fprint(b, n.Kind)
	default:
		b.WriteString(n.JSON())
	}
	if n.Line != line {
		fmt.Fprintf(b, " @%d", n.Line)
	}
	b.WriteByte('\n')
}

var trees = []struct{ name, file, text string }{
	{"JSON", "a.json", "{\"a\": 1,\n\"b\": [true,\n  {\"c\": null}],\n\n\"d\":\n\"x\\ny\"}\n"},
	{"JSON with CRLF", "a.json", "{\r\n\"a\":\r\n1\r\n}\r\n"},
	{"JSON after a byte order mark", "a.json", "\xef\xbb\xbf{\"a\": 1}"},
	{"JSON that is one string", "a.json", ` "x" `},
	{"YAML block", "a.yaml", "a: 1\nb:\n- true\n- c: null\n  d:\n    e: f\n"},
	{"YAML flow", "a.yaml", "{a: 1, b: [x,\n y]}\n"},
	{"front matter and a closing line", "a.yaml", "---\na: 1\n---"},
	{"front matter and a closing line with an end", "a.yaml", "---\na: 1\n...\n---\n"},
	{"comments before and after", "a.yaml", "# x\n---\n# y\na: 1 # z\n# end\n"},
	{"keys that look like numbers", "a.yaml", "200: a\n4XX: b\n1.0: c\ntrue: d\nnull: e\n0x10: f\n~: g\n"},
	{"scalars", "a.yaml", "- 1\n- -1.5\n- 1e3\n- +7\n- .5\n- 007\n- 0x1F\n- 0o17\n- 1_000\n- .inf\n- .nan\n- 2022-01-13\n- 1.2.3\n- yes\n- True\n- ~\n-\n- '1'\n- \"true\"\n- !!str 5\n- !!int 6\n- !!int x\n- !mine y\n- !!str\n- 2.0\n- x: y\n"},
	{"block scalars start at their marker", "a.yaml", "a: |\n  one\n  two\nb: >-\n  one\n  two\nc: \"x\n  y\"\n"},
	{"CRLF", "a.yaml", "a: 1\r\nb: |\r\n  one\r\n  two\r\nc: 2\r\n"},
	{"anchors and aliases", "a.yaml", "a: &x\n  k: &y v\nb: *x\nc: [*x, *y]\n*y : 5\n"},
	{"merge keys", "a.yaml", "a: &a\n  k: 1\n  l: 2\nb: &b\n  <<: *a\n  l: 3\nc:\n  l: own\n  <<: [*b, *a, {m: 4, k: 5}]\n  \"<<\": text\n"},
	{"a byte order mark", "a.yaml", "\xef\xbb\xbfa: 1\n"},
	{"non-ASCII", "a.yaml", "é: \"\\u00e9\\U0001F600\"\n"},
	{"empty values", "a.yaml", "a:\nb: []\nc: {}\nd: ''\n"},
	{"a key that needs quotes", "a.yaml", "/audit/{id}: x\n'#/a': y\n? long key\n: z\n"},
}

func TestParseTreeKeepsLinesAndSpellings(t *testing.T) {
	var b strings.Builder
	for _, tt := range trees {
		n, err := ParseTree(File{Name: tt.file, Data: []byte(tt.text)})
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		fmt.Fprintf(&b, "== %s\n%s\n", tt.name, dump(n))
	}
	golden(t, "trees.txt", b.String())
}

var badTrees = []struct{ name, file, text string }{
	{"nothing", "a.yaml", ""},
	{"only a comment", "a.yaml", "# nothing\n"},
	{"only null", "a.yaml", "---\nnull\n---\n"},
	{"not UTF-8", "a.yaml", "a: 1\nb: \xff\n"},
	{"two documents", "a.yaml", "a: 1\n---\nb: 2\n"},
	{"a key twice in YAML", "a.yaml", "a: 1\nb: 2\na: 3\n"},
	{"a key twice in JSON", "a.json", "{\"a\": 1,\n\"a\": 2}"},
	{"a long key twice", "a.json", `{"` + strings.Repeat("é", 100) + `": 1, "` + strings.Repeat("é", 100) + `": 2}`},
	{"a number and a string as one key", "a.yaml", "200: a\n'200': b\n"},
	{"a key twice among many", "a.yaml", manyKeys(40) + "k7: again\n"},
	{"a list as a key", "a.yaml", "a: 1\n? [x]\n: y\n"},
	{"a merge key with a value that is not an object", "a.yaml", "a: &x {k: 1}\nb:\n  <<: [*x,\n  5]\n"},
	{"a merge key inside its own anchor", "a.yaml", "a: &x\n  <<: *x\n"},
	{"merge keys that multiply", "a.yaml", mergeBomb()},
	{"an alias without anchor", "a.yaml", "a: 1\nb: *x\n"},
	{"an anchor inside itself", "a.yaml", "a: &x\n  b: *x\n"},
	{"an alias bomb", "a.yaml", aliasBomb},
	{"an alias bomb of large strings", "a.yaml", "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n"},
	{"deep JSON", "a.json", strings.Repeat("[", 100_000)},
	{"deep JSON objects", "a.json", strings.Repeat(`{"a":`, 100_000)},
	{"deep YAML flow", "a.yaml", "a: " + strings.Repeat("[", 100_000)},
	{"deep YAML flow objects", "a.yaml", strings.Repeat("{a: ", 100_000)},
	{"deep YAML lists", "a.yaml", strings.Repeat("- ", 100_000) + "x"},
	{"deep YAML keys", "a.yaml", strings.Repeat("? ", 100_000) + "x"},
	{"deep YAML objects", "a.yaml", deepBlock(1000)},
	{"broken YAML", "a.yaml", "a: 1\nb: [1, 2\nc: 3\n"},
	{"broken indentation", "a.yaml", "a:\n    b: 1\n  c: 2\n"},
	{"a tab", "a.yaml", "a:\n\tb: 1\n"},
	{"an invalid character that is not a tab", "a.yaml", "a:\n @b\n"},
	{"a merge conflict in YAML", "a.yaml", "a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> other\n"},
	{"a merge conflict in JSON", "a.json", "{\n<<<<<<< HEAD\n\"b\": 1\n=======\n\"b\": 2\n>>>>>>> other\n}\n"},
	{"a colon too many", "a.yaml", "a: b: c\n"},
	{"an open quote", "a.yaml", "a: \"x\nb: 1\n"},
	{"broken JSON", "a.json", "{\"a\": 1,\n\"b\" 2}"},
	{"a comma too many", "a.json", "{\"a\": 1,\n}"},
	{"an unquoted key in JSON", "a.json", "{\"a\": 1,\nkey: 2}"},
	{"an unknown word in JSON", "a.json", "{\"a\":\nnone}"},
	{"a missing comma in JSON", "a.json", "[\"é\"\n\"é\"]"},
	{"an unknown escape in JSON", "a.json", "{\"a\":\n\"C:\\Users\"}"},
	{"a line break in a JSON string", "a.json", "{\"a\": \"one\ntwo\"}"},
	{"a malformed number in JSON", "a.json", "{\"a\": 1,\n\"b\": 01}"},
	{"JSON cut off in a string", "a.json", "{\"a\":\n\"b\\"},
	{"JSON cut off", "a.json", "{\"a\": [1,\n2"},
	{"JSON and more", "a.json", "{\"a\": 1}\n{}"},
	{"HTML", "a.json", "<!doctype html>\n<html><body>Log in: now</body></html>\n"},
	{"a control character", "a.yaml", "a: 1\nb: x\x01y\n"},
}

// mergeBomb returns objects that merge the previous one into each of ten members.
func mergeBomb() string {
	var b strings.Builder
	b.WriteString("a0: &a0 {k: v}\n")
	for i := range 12 {
		fmt.Fprintf(&b, "a%d: &a%d\n", i+1, i+1)
		for j := range 10 {
			fmt.Fprintf(&b, "  m%d: {<<: *a%d}\n", j, i)
		}
	}
	return b.String()
}

const aliasBomb = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n" +
	"d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: [*f,*f,*f,*f,*f,*f,*f,*f,*f]\n"

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "k%d: v\n", i)
	}
	return b.String()
}

func deepBlock(levels int) string {
	var b strings.Builder
	for i := range levels {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

func TestParseTreeErrorTexts(t *testing.T) {
	var b strings.Builder
	for _, tt := range badTrees {
		_, err := ParseTree(File{Name: tt.file, Data: []byte(tt.text)})
		if err == nil {
			t.Errorf("%s: there is no error", tt.name)
			continue
		}
		fmt.Fprintf(&b, "== %s\n%s\n\n", tt.name, err)
	}
	golden(t, "errors.txt", b.String())
}

func TestParseTreeRefusesTooManyBytes(t *testing.T) {
	_, err := ParseTree(File{Name: "a.yaml", Data: make([]byte, MaxBytes+1)})
	if want := "a.yaml: 67108865 bytes, more than the limit of 67108864: give a smaller document"; err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

func TestParseTreeAcceptsMaxDepth(t *testing.T) {
	for name, text := range map[string]string{
		"a.json":  strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth),
		"b.yaml":  "a: " + strings.Repeat("[", MaxDepth-1) + strings.Repeat("]", MaxDepth-1),
		"c.yaml":  deepBlock(MaxDepth),
		"d.yaml":  strings.Repeat("- ", MaxDepth) + "x",
		"e.jsonx": strings.Repeat(`{"a":`, MaxDepth) + "1" + strings.Repeat("}", MaxDepth),
	} {
		if _, err := ParseTree(File{Name: name, Data: []byte(text)}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Descriptions are full of brackets.
func TestParseTreeIgnoresBracketsInText(t *testing.T) {
	text := "a: |\n" + strings.Repeat("  [see {this\n", 1000) + "b: '" + strings.Repeat("[", 1000) + "'\nc: x" + strings.Repeat("[", 1000) + "\n"
	if _, err := ParseTree(File{Name: "a.yaml", Data: []byte(text)}); err != nil {
		t.Error(err)
	}
}

func TestParseTreeTakesTimeInProportionToSize(t *testing.T) {
	if testing.Short() {
		t.Skip("large documents and one goroutine: nothing for the race detector")
	}
	repeat := strings.Repeat
	for name, text := range map[string]string{
		"many keys":         manyKeys(100_000),
		"many items":        repeat("- a: 1\n", 100_000),
		"many flow keys":    "a: {" + repeat("k, ", 1) + strings.ReplaceAll(manyKeys(50_000), "\n", ", ") + "}",
		"many flow items":   "a: [" + repeat("x, ", 200_000) + "]",
		"many aliases":      "a: &x 1\n" + strings.ReplaceAll(manyKeys(50_000), " v", " *x"),
		"many anchors":      strings.ReplaceAll(manyKeys(50_000), " v", " &x v"),
		"many comments":     repeat("# x\n", 200_000) + "a: 1\n",
		"many lines":        "a: |\n" + repeat("  some text\n", 200_000),
		"a long scalar":     "a: \"" + repeat("word word\n  ", 100_000) + "\"\n",
		"many tags":         "a: " + repeat("! ", 100_000) + "x",
		"many anchors here": repeat("&a ", 100_000),
		"many colons":       repeat("a: ", 100_000),
		"many ends":         repeat("]", 100_000),
		"many documents":    repeat("---\n", 100_000),
	} {
		t.Run(name, func(t *testing.T) {
			// Errors do not matter here. Quadratic time runs into the time limit of go test.
			_, _ = ParseTree(File{Name: "a.yaml", Data: []byte(text)})
		})
	}
}

func TestParseTreeReadsJSONAndYAMLAlike(t *testing.T) {
	const jsonText = `{"a": [1, 2.50, "x", true, null, {"b": []}], "200": {"c": "d\ne"}}`
	const yamlText = "a: [1, 2.50, x, true, null, {b: []}]\n200:\n  c: |-\n    d\n    e\n"
	if diff := cmp.Diff(parse(t, jsonText).Any(), parse(t, yamlText).Any()); diff != "" {
		t.Errorf("-JSON +YAML:\n%s", diff)
	}
}

// encoding/json decides what is valid JSON. Only the error texts are ours.
func FuzzParseJSONAgreesWithEncodingJSON(f *testing.F) {
	for _, text := range []string{`{}`, `[]`, `{"a":[1,-0.5e+3,true,false,null,"x"]}`, `["\ud83d\ude00\ud800\u00e9\n\/"]`, `[01]`, `[1.]`, `[-]`, `[1e]`, `["\x"]`, `[tru]`, `[1,]`, `{"a"}`, `{"a":1,}`,
		"[\"\x7f\u2028\"]", "[\"\t\"]", " [ ] ", `[]]`, `["\u12"]`, `{"a":1 "b":2}`, `{,}`, `[,]`, "[1\v]"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || strings.Trim(text, " \t\r\n") == "" {
			return // ParseTree checks both earlier
		}
		n, err := parseJSON("a.json", []byte(text))
		if err != nil {
			if what := err.(*Error).What; json.Valid([]byte(text)) && !strings.Contains(what, "twice") && !strings.Contains(what, "nested") {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		var want any
		if err := d.Decode(&want); err != nil {
			t.Fatalf("%q is read as JSON: %v", text, err)
		}
		d = json.NewDecoder(strings.NewReader(n.JSON()))
		d.UseNumber()
		var got any
		if err := d.Decode(&got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%q (-encoding/json +ours)\n%s", text, diff)
		}
	})
}

func FuzzParseTree(f *testing.F) {
	for _, tt := range trees {
		f.Add(tt.file == "a.json", []byte(tt.text))
	}
	for _, tt := range badTrees {
		if len(tt.text) < 1000 {
			f.Add(tt.file == "a.json", []byte(tt.text))
		}
	}
	f.Fuzz(func(t *testing.T, isJSON bool, data []byte) {
		name := "a.yaml"
		if isJSON {
			name = "a.json"
		}
		lines := lineCount(data)
		n, err := ParseTree(File{Name: name, Data: data})
		if err != nil {
			if e, ok := err.(*Error); !ok || e.Pos.Line < 0 || e.Pos.Line > lines || e.What == "" || e.Do == "" {
				t.Fatalf("of %d lines: %#v", lines, err)
			}
			return
		}
		if line := lastLine(n); line > lines {
			t.Fatalf("line %d of %d", line, lines)
		}
		again, err := ParseTree(File{Name: "again.json", Data: []byte(n.JSON())})
		if err != nil || !again.Equal(n) {
			t.Fatalf("the tree is written as\n%s\nand read back as\n%v %v", n.JSON(), again, err)
		}
		if trimmed := bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")); json.Valid(trimmed) && n.Kind >= Array {
			dec := json.NewDecoder(bytes.NewReader(trimmed))
			dec.UseNumber()
			var want any
			if err := dec.Decode(&want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, n.Any()); diff != "" {
				t.Fatalf("-encoding/json +got:\n%s", diff)
			}
		}
	})
}

func lastLine(n *Node) int {
	last := n.Line
	for _, m := range n.Members {
		last = max(last, m.Line, lastLine(m.Value))
	}
	for _, item := range n.Items {
		last = max(last, lastLine(item))
	}
	return last
}

func BenchmarkParseTree(b *testing.B) {
	files, _ := filepath.Glob(filepath.Join("..", "..", "..", "shared", "specs", "jira-*.json"))
	if len(files) == 0 {
		b.Skip("Jira's whole document is not at ../shared/specs")
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseTree(File{Name: "jira.json", Data: data}); err != nil {
			b.Fatal(err)
		}
	}
}
