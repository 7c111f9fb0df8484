package diff_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// payloads are texts that mean something to a terminal, to Markdown, to HTML or to a reader of
// lines.
var payloads = []string{"\x1b[2J\x1b]0;x\a", "a\nbreaking    all: is fine", "| x | y |", "`<script>alert(1)</script>`", "\u202etxt.exe", "[x](https://evil.example)", "@everyone\u2028x", "\u009b31m"}

// Texts of documents reach a report as texts: a change stays one line of the report, or one row of
// its table.
func TestTextsOfDocumentsStayInTheirLine(t *testing.T) {
	const base = `{"openapi": "3.0.3", "info": {"title": "x", "version": "1"}, "paths": {"/a": {"get": {"operationId": "getA",
"parameters": [{"in": "query", "name": "plain", "schema": {"type": "string", "enum": ["one", "two"], "default": "one"}}],
"responses": {"200": {"description": "OK", "content": {"application/json": {"schema": {"type": "object", "properties": {"member": {"type": "string"}}}}}}}}}}}`
	for i, payload := range payloads {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			quoted, err := json.Marshal(payload)
			if err != nil {
				t.Fatal(err)
			}
			text := strings.NewReplacer(`"plain"`, string(quoted), `"two"`, string(quoted), `"default": "one"`, `"default": `+string(quoted),
				`"member"`, string(quoted), `"x"`, string(quoted), `"version": "1"`, `"version": `+string(quoted)).Replace(base)
			before, after := both(t, source.File{Name: "old.json", Data: []byte(base)}, source.File{Name: "new.json", Data: []byte(text)})
			r := compared(t, before, after)
			var out, page bytes.Buffer
			if err := r.Text(&out); err != nil {
				t.Fatal(err)
			}
			if err := r.Markdown(&page); err != nil {
				t.Fatal(err)
			}
			changes := len(r.Packages[0].Changes)
			if lines := strings.Count(out.String(), "\n"); changes < 5 || lines != changes+1 {
				t.Errorf("%d changes on %d lines\n%q", changes, lines, &out)
			}
			for _, c := range out.String() + page.String() {
				if c != '\n' && !unicode.IsPrint(c) {
					t.Errorf("%U reached a report", c)
				}
			}
			checkRows(t, page.String(), changes)
		})
	}
}

var bar = regexp.MustCompile(`(^|[^\\])\|`)

// checkRows sees that a page has a row of six cells for every change, and nothing in them that
// means anything.
func checkRows(t *testing.T, page string, changes int) {
	t.Helper()
	_, table, _ := strings.Cut(page, "|---|---|---|---|---|---|\n")
	rows := strings.Split(strings.TrimSuffix(table, "\n"), "\n")
	if len(rows) != changes {
		t.Errorf("%d rows for %d changes\n%s", len(rows), changes, page)
	}
	for _, row := range rows {
		if n := len(bar.FindAllString(row, -1)); n != 7 {
			t.Errorf("%d bars in %s", n, row)
		}
		if strings.ContainsAny(row, "<>@") || strings.Contains(row, "://") {
			t.Errorf("this contains markup: %s", row)
		}
	}
}
