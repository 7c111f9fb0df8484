package generator_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/diff"
	"github.com/seed-1954497d/auditgen/generator/report"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// extended is a document with an extension of a name in every place, and the name in the places of
// other keys.
func extended(name string, value string) string {
	x := source.StringNode("x-a"+name, 0).JSON() + ": " + source.StringNode(value, 0).JSON()
	key := source.StringNode(name, 0).JSON()
	return `{"openapi": "3.0.3", ` + x + `, "info": {"title": "T", "version": "1", ` + x + `}, "tags": [{"name": ` + key + `, ` + x + `}],
"paths": {"/x": {` + x + `, "get": {"operationId": "getX", "tags": [` + key + `], ` + x + `, "parameters": [{"in": "query", "name": ` + key + `, ` + x + `, "schema": {"type": "string", "enum": ["a", ` + key + `], ` + x + `}}],
"responses": {` + x + `, "200": {"description": "ok", ` + x + `, "headers": {` + key + `: {"schema": {"type": "string", ` + x + `}}}, "content": {"application/json": {` + x + `, "schema": {"$ref": "#/components/schemas/S"}}}}}}}},
"components": {` + x + `, "schemas": {"S": {"type": "object", ` + x + `, "properties": {` + key + `: {"type": "string", ` + x + `}, "a": {"type": "string", "example": {` + key + `: 1}}}}},
"securitySchemes": {"s": {"type": "apiKey", "in": "header", "name": "X", ` + x + `}}}}`
}

// Names of extensions and other keys reach every output: the package, its pages, reports as text,
// JSON, Markdown and HTML, comparisons.
func TestNoKeyOfADocumentGetsOutOfItsPlace(t *testing.T) {
	more := []string{"\u3164", "<img src=x onerror=pwn_()>", "a|\n\n# b\n\n<script>pwn_()</script>\n\n[x](javascript:y) ![](http://127.0.0.1:1/x.png)\x1b[31m", "\\`|`<b>", "\u009b31m\u2028\u202e", "www.evil.example a@b.example https://evil.example"}
	input := func(payload string) generator.Input {
		in := document(extended(payload, payload))
		sample := "GET /x\n{\"a\":\"b\"}\n"
		in.Sources = append(in.Sources, generator.SourceInput{Kind: "sample", File: source.File{Name: "sample.txt", Data: []byte(sample)}})
		in.Package, in.ImportPath = "everything", importedAs
		return in
	}
	usual, err := generator.Generate(input("plain"))
	if err != nil {
		t.Fatal(err)
	}
	harmless := htmlOf(t, usual, input("plain"))
	for i, payload := range append(more, payloads...) {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			payload = strings.ToValidUTF8(payload[:min(len(payload), 2000)], "")
			in := input(payload)
			out, err := generator.Generate(in)
			if err != nil {
				if err := checkError(err); err != nil {
					t.Fatal(err)
				}
				t.Skipf("refused: %.200v", err)
			}
			if err := checkOutput(out); err != nil {
				t.Error(err)
			}
			if _, err := goOf(out.Files); err != nil {
				t.Error(err)
			}
			for _, f := range out.Files {
				if f.Name == "PROVENANCE.md" {
					checkProse(t, f.Name, string(f.Data))
				}
			}
			if err := checkHTML(harmless, htmlOf(t, out, in)); err != nil {
				t.Error(err)
			}
			checkDiff(t, payload)
		})
	}
}

// htmlOf returns the report of one package as a page, with the documents that it shows.
func htmlOf(t *testing.T, out *generator.Output, in generator.Input) string {
	t.Helper()
	page := report.Page{Package: in.Package, Document: out.Document, Texts: map[string][]byte{}}
	for _, s := range in.Sources {
		page.Texts[s.File.Name] = s.File.Data
	}
	for _, f := range out.Files {
		page.Go = append(page.Go, report.Declaration{Address: "GET /x", Name: f.Name, Text: string(f.Data)})
	}
	var b strings.Builder
	if err := report.HTML(&b, []report.Page{page}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// partsOf returns the sorts of elements of a page, each with the names of its attributes, and what
// its scripts, styles and addresses are.
func partsOf(page string) (parts map[string]bool, active []string) {
	parts = map[string]bool{}
	raw := false
	for z := html.NewTokenizer(strings.NewReader(page)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return parts, active
		case html.CommentToken:
			parts["comment"] = true
		case html.TextToken:
			if raw && !json.Valid(z.Raw()) { // data is for the script of the page
				active = append(active, string(z.Raw()))
			}
			raw = false
		case html.StartTagToken, html.SelfClosingTagToken:
			tag := z.Token()
			raw = tag.Data == "script" || tag.Data == "style"
			for _, a := range tag.Attr {
				parts[tag.Data+" "+a.Key] = true
				if a.Key == "href" && !strings.HasPrefix(a.Val, "#") || a.Key == "src" || a.Key == "content" {
					active = append(active, a.Val)
				}
			}
			parts[tag.Data] = true
		}
	}
}

// checkHTML refuses a page with an element, attribute, script or address that a harmless one of the
// same form does not have, and with characters that nobody sees.
func checkHTML(harmless, page string) error {
	usual, usualActive := partsOf(harmless)
	parts, active := partsOf(page)
	for part := range parts {
		if !usual[part] {
			return fmt.Errorf("the HTML report has a %s", part)
		}
	}
	if !slices.Equal(active, usualActive) {
		return fmt.Errorf("the HTML report has other scripts, styles or addresses: %.300q", active)
	}
	return visibleOnly("the HTML report", page)
}

// checkDiff compares a document with one that has a payload, and checks the report in each form.
func checkDiff(t *testing.T, payload string) {
	t.Helper()
	before, after, errs := diff.Both(document(extended("plain", "old")), document(extended(payload, "new")), false)
	if err := errors.Join(errs[:]...); err != nil {
		t.Fatal(err)
	}
	p, err := diff.Compare("p", diff.Side{Output: before}, diff.Side{Output: after})
	if err != nil {
		t.Fatal(err)
	}
	r := &diff.Report{Packages: []*diff.Package{p}}
	var text, page, data bytes.Buffer
	if err := errors.Join(r.Text(&text), r.Markdown(&page), r.JSON(&data)); err != nil {
		t.Fatal(err)
	}
	if len(p.Changes) < 5 || !json.Valid(data.Bytes()) {
		t.Errorf("%d changes, JSON %.200s", len(p.Changes), data.String())
	}
	for form, got := range map[string]string{"text": text.String(), "Markdown": page.String(), "JSON": data.String()} {
		if err := visibleOnly("diff as "+form, got); err != nil {
			t.Error(err)
		}
	}
	if lines := strings.Count(text.String(), "\n"); lines != len(p.Changes)+1 {
		t.Errorf("%d changes on %d lines", len(p.Changes), lines)
	}
	checkProse(t, "diff as Markdown", page.String())
}

// checkProse sees that outside of code nothing is HTML, a link or a mention.
func checkProse(t *testing.T, what, page string) {
	t.Helper()
	_, page, _ = strings.Cut(page, "-->")
	for line := range strings.SplitSeq(page, "\n") {
		bare := codeSpan.ReplaceAllString(strings.ReplaceAll(line, "\\`", ""), "")
		bare = regexp.MustCompile(`\\.`).ReplaceAllString(bare, "")
		if strings.ContainsAny(bare, "<@[]`") || strings.Contains(bare, "://") || strings.Contains(bare, "www.") {
			t.Errorf("%s has markup: %.300q", what, line)
		}
	}
}

func TestForeignTextIsPrintedInOneWayForEachFormat(t *testing.T) {
	const text = "a\x1b[31m\u009b\u202e\u3164\u2028|<b>`\\_x_ @c [d](http://e)\U000e0001"
	for format, got := range map[string]string{
		`a\x1b[31m\u009b\u202e\u3164\u2028|<b>` + "`" + `\_x_ @c [d](http://e)\U000e0001`:                              source.Printable(text),
		`a\\x1b\[31m\\u009b\\u202e\\u3164\\u2028\|&lt;b&gt;` + "\\`" + `\\\_x\_ &#64;c \[d\](http:&#47;/e)\\U000e0001`: source.Markdown(text),
		"`" + `a\x1b[31m\u009b\u202e\u3164\u2028\|<b>'\_x_ @c [d](http://e)\U000e0001` + "`":                           source.MarkdownCode(text),
		`"a\u001b\u009b\u202e\u3164\u2028\udb40\udc01"`:                                                                string(source.EscapeJSON([]byte("\"a\\u001b\u009b\u202e\u3164\u2028\U000e0001\""))),
		`"\u202e\U000e0001"` + "\n": string(source.EscapeYAML([]byte("\"\u202e\U000e0001\"\n"))),
	} {
		if got != format {
			t.Errorf("got  %s\nwant %s", got, format)
		}
	}
}
