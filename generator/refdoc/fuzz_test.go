package refdoc

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// Whatever the bytes: no panic, an end, and claims whose lines are lines of the document.

func FuzzPage(f *testing.F)    { fuzz(f, claim.Page, "audit-page.txt", "auditing-page.txt") }
func FuzzTable(f *testing.F)   { fuzz(f, claim.Table, "create-record-table.txt") }
func FuzzPostman(f *testing.F) { fuzz(f, claim.Postman, "audit-postman-page.txt") }
func FuzzHTML(f *testing.F) {
	addPages(f, writeHTML)
	f.Add([]byte("<html><table><tr><td><h1>GET /x</h1><table><td>a<td>string</table><pre>1\n2\n<b>{</b>\n\"a\": 1}</pre></ul></li><nav>x"))
	fuzz(f, claim.Reference)
}

func FuzzMarkdown(f *testing.F) {
	addPages(f, writeMarkdown)
	f.Add([]byte("## Things\n\n**GET** `/x`\n\n- `a` (string, required): x\n\n<table><tr><td>\n\n`b`</table>\n\n~~~\ncurl -d '{\"a\": 1}' https://a.example/x\n~~~\n"))
	fuzz(f, claim.Reference)
}

func FuzzHAR(f *testing.F) {
	f.Add([]byte(`{"log": {"entries": [{"request": {"method": "POST", "url": "https://a.example/rest/1/a/77?b=1&b=2", "postData": {"mimeType": "application/json", "text": "{\"c\": [1, 2.5]}"}},
"response": {"status": 200, "content": {"mimeType": "application/json", "encoding": "base64", "text": "e30="}}}]}}`))
	fuzz(f, claim.HAR)
}

// addPages adds the pages of ours in another syntax.
func addPages(f *testing.F, write func([]block) string) {
	for _, d := range realDocuments {
		data, err := os.ReadFile(filepath.Join("..", "..", "spec", filepath.FromSlash(d.spec)))
		if err != nil {
			f.Fatal(err)
		}
		lines, err := splitLines(source.File{Name: d.name, Data: data})
		if err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(write(textBlocks(lines))))
	}
}

func FuzzSample(f *testing.F) { fuzz(f, claim.Sample) }
func FuzzParse(f *testing.F) {
	fuzz(f, claim.Reference, "audit-page.txt", "auditing-page.txt", "create-record-table.txt", "audit-postman-page.txt")
}

func fuzz(f *testing.F, kind claim.Kind, documents ...string) {
	for _, name := range documents {
		paths, err := filepath.Glob(filepath.Join("..", "..", "spec", "*", name))
		if err != nil || len(paths) != 1 {
			f.Fatalf("%s: %v %v", name, paths, err)
		}
		data, err := os.ReadFile(paths[0])
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, c := range badDocuments {
		f.Add([]byte(c.input))
	}
	f.Add([]byte(`{"info": {}, "variable": [{"key": "u", "value": "https://a.example/x"}], "item": [{"item": [{"name": "n", "request": {"method": "POST", "url": {"raw": "{{u}}/a/:b?c=1", "host": ["{{u}}"], "path": ["a", ":b"], "query": [{"key": "c", "value": "<long>"}]}, "body": {"mode": "raw", "raw": "{\"a\": [1]}"}}, "response": [{"code": 200, "body": "[1, null]"}]}]}]}`))
	f.Add([]byte("GET /things\n200\n[{\"a\": 1}, {\"a\": \"<string>\", \"b\": {}}]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 {
			t.Skip("long documents only slow the search down")
		}
		doc, err := Parse(source.File{Name: "doc", Data: data}, &claim.Source{Kind: kind})
		if err != nil {
			return
		}
		w := walker{t: t, lines: bytes.Count(data, []byte{'\n'}) + 1}
		w.document(doc)
		if again, err := Parse(source.File{Name: "doc", Data: data}, &claim.Source{Kind: kind}); err != nil || dump(again, true) != dump(doc, true) {
			t.Errorf("the second reading is another: %v", err)
		}
	})
}

// walker looks at every claim of a document.
type walker struct {
	t     *testing.T
	lines int
}

func (w walker) line(what string, line int) {
	if line < 1 || line > w.lines {
		w.t.Errorf("%s stands on line %d of %d", what, line, w.lines)
	}
}

func (w walker) facts(what string, facts claim.Facts) {
	for _, f := range facts {
		w.line(what+" "+string(f.Name), f.Line)
		if n, ok := f.Value.(*source.Node); ok {
			w.line(what+" "+string(f.Name)+" value", n.Line)
		}
		_ = f.Text()
	}
}

func (w walker) document(doc *claim.Document) {
	w.facts("document", doc.Facts)
	for _, s := range doc.Servers {
		w.line("server", s.Line)
	}
	for _, named := range append(append([]*claim.Named{}, doc.Schemas...), doc.Security...) {
		w.line(named.Name, named.Line)
		w.schema(named.Name, &named.Schema, 0)
	}
	for _, op := range doc.Operations {
		if !isMethod(op.Method) || op.Path == "" || op.Path[0] != '/' {
			w.t.Errorf("an operation %q %q", op.Method, op.Path)
		}
		w.line("operation", op.Line)
		w.facts("operation", op.Facts)
		w.params(op.Params)
		if op.Body != nil {
			w.line("body", op.Body.Line)
			w.facts("body", op.Body.Facts)
			w.content(op.Body.Content)
		}
		for _, r := range op.Responses {
			w.line("response", r.Line)
			w.facts("response", r.Facts)
			w.params(r.Headers)
			w.content(r.Content)
		}
	}
}

func (w walker) params(params []*claim.Param) {
	known := map[string]bool{}
	for _, p := range params {
		if known[p.In+p.Name] || p.Name == "" {
			w.t.Errorf("%s:%q is there twice, or has no name", p.In, p.Name)
		}
		known[p.In+p.Name] = true
		w.line("param", p.Line)
		w.facts("param", p.Facts)
		w.schema("param", &p.Schema, 0)
	}
}

func (w walker) content(content []*claim.Media) {
	for _, m := range content {
		w.line("media", m.Line)
		w.schema("media", &m.Schema, 0)
	}
}

func (w walker) schema(what string, s *claim.Schema, depth int) {
	if depth > 2*source.MaxDepth {
		w.t.Fatal("a schema is nested too deep")
	}
	if len(s.Facts) > 0 || len(s.Members) > 0 || s.Items != nil {
		w.line(what, s.Line)
	}
	w.facts(what, s.Facts)
	known := map[string]bool{}
	for _, m := range s.Members {
		if known[m.Name] {
			w.t.Errorf("the member %q is there twice", m.Name)
		}
		known[m.Name] = true
		w.schema(fmt.Sprintf("%s.%.20q", what, m.Name), &m.Schema, depth+1)
	}
	for _, inner := range []*claim.Schema{s.Items, s.Additional} {
		if inner != nil {
			w.schema(what+"[]", inner, depth+1)
		}
	}
}
