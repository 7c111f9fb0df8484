package refdoc

import (
	"bytes"
	"html"
	"regexp"
	"strings"
)

// Markdown of pandoc and of web clippers has more than GFM: front matter, divisions between colons,
// attributes in braces, and tables that are drawn:
//
//	::: {.prose}                          +--------+---------+
//	### Get lamps {#get-lamps}            | Name   | Type    |
//	[GET]{.method}                        +========+=========+
//	:::                                   | `wick` | String  |
//	                                      +--------+---------+
//	  Name   Type
//	  ------ -------
//	  `wick` String
//
// Each line is rewritten in its place, so that all lines keep their numbers.

var (
	divisionLine = regexp.MustCompile(`^\s*:{3,}`)
	attributed   = regexp.MustCompile(`\[((?:[^\[\]\\]|\\.)*)\]\{[.#][^{}]*\}`)
	headAttrs    = regexp.MustCompile(`^(#{1,6} .*?)\s*\{[.#][^{}]*\}\s*$`)
	gridLine     = regexp.MustCompile(`^\s*\+(?:[-=:]{3,}\+)+\s*$`)
	dashLine     = regexp.MustCompile(`^\s*-{2,}(?: +-{2,})+\s*$`)
)

// plainMarkdown returns a document in the Markdown that the parser knows.
func plainMarkdown(data []byte) []byte {
	lines := strings.Split(clean(string(data)), "\n")
	dropFrontMatter(lines)
	fenced, bars := false, 0 // bars of the table above
	for i := 0; i < len(lines); i++ {
		l := strings.TrimRight(lines[i], "\r")
		switch {
		case strings.HasPrefix(strings.TrimSpace(l), "```") && !divisionLine.MatchString(l):
			fenced = !fenced
		case fenced:
		case divisionLine.MatchString(l):
			lines[i] = ""
		case gridLine.MatchString(l):
			i = drawnTable(lines, i)
		case strings.HasPrefix(l, "|") && markdownRow.MatchString(l):
			bars = strings.Count(l, "|")
		case strings.HasPrefix(l, "|") && strings.Count(l, "|") < bars:
			i = brokenRow(lines, i)
		case dashLine.MatchString(l) && i > 0 && columnNamed(firstWord(lines[i-1])) != noColumn:
			i = dashedTable(lines, i)
		case strings.Contains(l, "{"):
			if m := headAttrs.FindStringSubmatch(l); m != nil {
				l = m[1]
			}
			lines[i] = attributed.ReplaceAllString(l, "$1")
		}
	}
	return []byte(strings.Join(lines, "\n"))
}

// dropFrontMatter blanks the lines between two rulers at the top of a document.
func dropFrontMatter(lines []string) {
	if len(lines) == 0 || strings.TrimSpace(lines[0]) != "---" {
		return
	}
	for i := 1; i < len(lines) && i < 200; i++ {
		if t := strings.TrimSpace(lines[i]); t == "---" || t == "..." {
			for j := range lines[:i+1] {
				lines[j] = ""
			}
			return
		}
	}
}

func firstWord(l string) string {
	words := strings.Fields(l)
	if len(words) == 0 {
		return ""
	}
	return words[0]
}

// brokenRow puts a row together whose cells have paragraphs, and returns its last line: turndown
// writes these with blank lines between them.
func brokenRow(lines []string, i int) int {
	row := strings.TrimRight(lines[i], "\r ")
	for j := i + 1; j < len(lines) && j < i+maxRowLines; j++ {
		l := strings.TrimSpace(lines[j])
		if strings.HasPrefix(l, "#") || strings.HasPrefix(l, "|") && len(l) > 1 {
			return i
		}
		row += "<br>" + l
		if strings.HasSuffix(l, "|") {
			lines[i] = row
			for k := i + 1; k <= j; k++ {
				lines[k] = "| |" // a row without a name: the table goes on
			}
			return j
		}
	}
	return i
}

// maxRowLines is how many lines a row can have.
const maxRowLines = 200

// drawnTable rewrites the table whose first border is line i as HTML, and returns its last line.
func drawnTable(lines []string, i int) int {
	end := i
	for end+1 < len(lines) && (gridLine.MatchString(lines[end+1]) || strings.HasPrefix(strings.TrimSpace(lines[end+1]), "|")) {
		end++
	}
	var cells []string
	open := "<table>"
	for ; i <= end; i++ {
		if !gridLine.MatchString(lines[i]) {
			for k, text := range strings.Split(strings.Trim(strings.TrimSpace(lines[i]), "|"), "|") {
				if k >= len(cells) {
					cells = append(cells, "")
				}
				cells[k] += html.EscapeString(strings.Trim(strings.TrimSpace(text), "`")) + "<br>"
			}
			lines[i] = "<!-- -->"
			continue
		}
		lines[i] = open
		if cells != nil {
			lines[i] += "<tr><td>" + strings.Join(cells, "</td><td>") + "</td></tr>"
		}
		if open = ""; i < end && lines[i] == "" {
			lines[i] = "<!-- -->"
		}
		cells = nil
	}
	lines[end] += "</table>"
	return end
}

// dashedTable rewrites the table whose names of columns are above line i with bars between its
// cells, and returns its last line.
func dashedTable(lines []string, i int) int {
	var starts []int
	for at, c := range lines[i] {
		if c == '-' && (at == 0 || lines[i][at-1] == ' ') {
			starts = append(starts, at)
		}
	}
	lines[i-1] = barred(lines[i-1], starts)
	lines[i] = strings.Repeat("|---", len(starts)) + "|"
	for i++; i < len(lines) && strings.TrimSpace(lines[i]) != "" && !dashLine.MatchString(lines[i]); i++ {
		lines[i] = barred(lines[i], starts)
	}
	if i < len(lines) && dashLine.MatchString(lines[i]) {
		lines[i] = ""
	}
	return i - 1
}

// barred cuts a line where the columns start.
func barred(l string, starts []int) string {
	var b strings.Builder
	for k, at := range starts {
		end := len(l)
		if k+1 < len(starts) {
			end = min(starts[k+1], len(l))
		}
		b.WriteString("| " + strings.ReplaceAll(strings.TrimSpace(l[min(at, end):end]), "|", `\|`) + " ")
	}
	return strings.ToValidUTF8(b.String(), "") + "|"
}

// isDrawn reports whether a document has lines that only this Markdown has.
func isDrawn(l []byte) bool {
	return bytes.HasPrefix(l, []byte(":::")) || bytes.HasPrefix(l, []byte("+--")) && gridLine.Match(l)
}
