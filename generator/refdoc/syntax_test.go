package refdoc

import (
	"fmt"
	"html"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// The same page as text, as HTML that a browser saved, and as Markdown that a clipper made of that,
// must state the same. The two others are written from the blocks of the text.

func TestAPageStatesTheSameAsTextAsHTMLAndAsMarkdown(t *testing.T) {
	for _, d := range realDocuments {
		for _, f := range bothVersions(t, d.spec, d.seed) {
			want := dump(parsed(t, f), false)
			blocks := samplesAsCode(t, f)
			for _, s := range []struct {
				name  string
				write func([]block) string
			}{{"page.html", writeHTML}, {"page.md", writeMarkdown}} {
				t.Run(f.Name+" as "+s.name, func(t *testing.T) {
					text := s.write(blocks)
					got := dump(parsed(t, source.File{Name: s.name, Data: []byte(text)}), false)
					if diff := cmp.Diff(want, got); diff != "" {
						t.Errorf("the text and this state different facts (-text +this):\n%s", diff)
					}
				})
			}
		}
	}
}

// bothVersions returns our version of a document, and the published one where it is at hand.
func bothVersions(t *testing.T, spec, pattern string) []source.File {
	t.Helper()
	files := []source.File{ours(t, spec)}
	paths, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "seeds", pattern))
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) != 1 {
		t.Logf("the published document ../shared/seeds/%s is not at hand beside the repository", pattern)
		return files
	}
	return append(files, readFile(t, paths[0]))
}

// samplesAsCode makes blocks of a text, with its samples as code: those behind line numbers, and
// JSON that begins a line.
func samplesAsCode(t *testing.T, f source.File) []block {
	t.Helper()
	lines, err := splitLines(f)
	if err != nil {
		t.Fatal(err)
	}
	raw := strings.Split(string(f.Data), "\n")
	var out []block
	from := 0
	for i := 0; i < len(lines); i++ {
		n := lineNumbers(lines[i].text)
		end := i
		switch {
		case n > 10:
			out = append(out, textBlocks(lines[from:i])...)
			code1 := []line{}
			for j, part := range strings.Split(strings.TrimSpace(lines[i].text[n:]), ", ") {
				if j > 0 {
					code1[j-1].text += ","
				}
				code1 = append(code1, line{i, part})
			}
			out = append(out, block{line: line{i, lines[i].text[:n]}}, block{kind: code, code: code1})
		case lines[i].text == "{" && lines[i].indent == 0:
			out = append(out, textBlocks(lines[from:i])...)
			b := block{kind: code}
			for ; end < len(lines); end++ {
				b.code = append(b.code, line{end, raw[end]})
				if raw[end] == "}" {
					break
				}
			}
			out = append(out, b)
		default:
			continue
		}
		i, from = end, end+1
	}
	return append(out, textBlocks(lines[from:])...)
}

// level returns the level of the heading that a line is on a saved page, or 0.
func headingLevel(blocks []block, i int) int {
	switch {
	case i > 0 && isMethod(blocks[i-1].text):
		return 3
	case headingPart(blocks[i].text) == requestPart, headingPart(blocks[i].text) == answersPart, headingPart(blocks[i].text) == scopesPart:
		return 4
	case headingPart(blocks[i].text) != noPart && headingPart(blocks[i].text) != samplePart:
		return 5
	case len(mediaTypes(blocks[i].text)) > 0:
		return 6
	}
	return 0
}

func writeHTML(blocks []block) string {
	var b strings.Builder
	b.WriteString("<!DOCTYPE html>\n<html><head><title>GET started</title><script>var x = \"<p>GET</p>\";</script></head><body><nav><a>GET</a> <a>Get things</a></nav>\n")
	open := 0
	for i, one := range blocks {
		text := html.EscapeString(one.text)
		want := 0
		if one.kind == item || one.kind == paragraph && open > 0 {
			want = one.level
		}
		for ; open > want; open-- {
			b.WriteString("</li></ul>\n")
		}
		if one.kind == item {
			if open == want {
				b.WriteString("</li>\n")
			}
			for ; open < want; open++ {
				b.WriteString("<ul>")
			}
			fmt.Fprintf(&b, "<li>%s\n", text)
			continue
		}
		if method, path, ok := strings.Cut(text, "/"); ok && isMethod(method) {
			fmt.Fprintf(&b, "<div class=\"sc-x\"><span>%s</span><span>/%s</span></div>\n", method, path)
			continue
		}
		switch level := headingLevel(blocks, i); {
		case one.kind == code:
			b.WriteString("<div><pre class=\"sc\"><code>")
			for j, l := range one.code {
				if j > 0 {
					b.WriteByte('\n')
				}
				b.WriteString("<span class=\"hljs\">" + html.EscapeString(l.text) + "</span>")
			}
			b.WriteString("</code></pre><button>Copy</button></div>\n")
		case one.kind == table:
			b.WriteString("<table><thead>")
			for j, r := range one.rows {
				b.WriteString("<tr>")
				for k, cell := range r.cells {
					b.WriteString("<td>")
					for _, l := range cell {
						if k == 0 && j > 0 {
							fmt.Fprintf(&b, "<code>%s</code>", html.EscapeString(l.text))
						} else {
							fmt.Fprintf(&b, "<p>%s</p>", html.EscapeString(l.text))
						}
					}
					b.WriteString("</td>")
				}
				b.WriteString("</tr>\n")
			}
			b.WriteString("</table>\n")
		case level > 0:
			fmt.Fprintf(&b, "<h%d class=\"sc-y\">%s</h%d>\n", level, text, level)
		default:
			fmt.Fprintf(&b, "<div class=\"sc-z\"><p>%s</p></div>\n", text)
		}
	}
	return b.String() + "</body></html>"
}

var escapeMarkdown = strings.NewReplacer("_", `\_`, "*", `\*`, "<", `\<`, ">", `\>`, "[", `\[`, "]", `\]`)

func writeMarkdown(blocks []block) string {
	var b strings.Builder
	b.WriteString("[Developer](https://developer.example/x)\n\n")
	for i, one := range blocks {
		text := escapeMarkdown.Replace(one.text)
		switch level := headingLevel(blocks, i); {
		case one.kind == item:
			fmt.Fprintf(&b, "%s*   %s\n\n", strings.Repeat("    ", one.level-1), text)
		case one.kind == code:
			b.WriteString("```\n" + joinText(one.code) + "\n```\n\nCopy\n\n")
		case one.kind == table:
			for j, r := range one.rows {
				for _, cell := range r.cells {
					b.WriteString("| " + strings.ReplaceAll(escapeMarkdown.Replace(strings.ReplaceAll(joinText(cell), "\n", " ")), "|", `\|`) + " ")
				}
				b.WriteString("|\n")
				if j == 0 {
					b.WriteString(strings.Repeat("|---", len(r.cells)) + "|\n")
				}
			}
			b.WriteString("\n")
		case level > 0:
			b.WriteString(strings.Repeat("#", level) + " " + text + "\n\n")
		default:
			b.WriteString(strings.Repeat("    ", one.level) + text + "\n\n")
		}
	}
	return b.String()
}
