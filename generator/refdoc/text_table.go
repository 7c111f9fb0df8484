package refdoc

import (
	"regexp"
	"strings"
)

// A table that was copied as text begins with the names of its columns: between bars, tabulators or
// blanks, or each on a line of its own. Its rows are written in any of these ways:
//
//	Name | Type | Required | Description |    Name Type Required Description
//	---|---|---|---|                          words String No
//	tags[].name |
//	String | Yes |                            Words that are looked for.
//	What it is. Default value: "x" |
//
// A description may have bars, blank lines and lists in it. So a row begins wherever the name of a
// field is followed by a type and, if the table says what is required, by Yes or No. Below a table
// between bars, text after the last bar belongs to the page; below others, text from the first line
// on that looks like a title.

// textTable reads the table whose names of columns begin at line i, and returns it with the first
// line below it. There is none if it is nil.
func textTable(lines []textLine, i int) (t *block, next int) {
	names, body := tableHead(lines, i)
	if names == nil {
		return nil, i
	}
	if body < len(lines) && ruler.MatchString(lines[body].text) {
		body++
	}
	end := tableEnd(lines, body)
	t = &block{kind: table, line: lines[i].line, rows: []row{cellRow(names, lines[i].number)}}
	head := columnsOf(t.rows[0])
	if head.ordered() {
		rows, below := fieldRows(lines, body, end, head)
		t.rows = append(t.rows, rows...)
		return t, below
	}
	for ; body < end; body++ {
		if cells := splitCells(lines[body].text); len(cells) > 1 {
			t.rows = append(t.rows, cellRow(cells, lines[body].number))
		} else if !lines[body].blank() {
			break
		}
	}
	return t, body
}

var ruler = regexp.MustCompile(`^[-|: ]*-[-|: ]*$`)

// tableHead reads the names of the columns that begin at line i, and returns the line below them.
func tableHead(lines []textLine, i int) (names []string, next int) {
	text := lines[i].text
	if len(text) > 200 {
		return nil, i
	}
	cells := splitCells(text)
	if len(cells) == 1 {
		if cells = strings.Fields(text); len(cells) == 2 { // a name and a mark look the same
			return nil, i
		}
	}
	if len(cells) == 1 {
		return tableHeadBelow(lines, i)
	}
	for _, cell := range cells {
		if columnNamed(cell) == noColumn {
			return nil, i
		}
	}
	if !isHead(cells) {
		return nil, i
	}
	return cells, i + 1
}

// tableHeadBelow reads names of columns, each on a line of its own.
func tableHeadBelow(lines []textLine, i int) (names []string, next int) {
	seen := map[column]bool{}
	for next = i; next < len(lines); next++ {
		if lines[next].blank() {
			continue
		}
		c := columnNamed(lines[next].text)
		if c == noColumn || seen[c] || strings.ToLower(lines[next].text[:1]) == lines[next].text[:1] {
			break
		}
		seen[c] = true
		names = append(names, lines[next].text)
	}
	if len(names) < 3 || !isHead(names) || !seen[nameColumn] || !seen[typeColumn] {
		return nil, i
	}
	return names, next
}

// isHead reports whether the names of columns are those of a table that says something.
func isHead(names []string) bool {
	r := columnsOf(cellRow(names, 0))
	return r.fields() || r.has(statusColumn) && len(names) > 1
}

// splitCells cuts a line at its bars, or at its tabulators.
func splitCells(text string) []string {
	sep := "\t"
	if strings.Contains(text, "|") {
		sep = "|"
		text = strings.TrimSuffix(strings.TrimPrefix(text, "|"), "|")
	}
	cells := strings.Split(text, sep)
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	for len(cells) > 1 && cells[len(cells)-1] == "" && sep == "\t" {
		cells = cells[:len(cells)-1]
	}
	return cells
}

func cellRow(cells []string, number int) row {
	r := row{number: number}
	for _, text := range cells {
		var cell []line
		if text != "" {
			cell = []line{{number, text}}
		}
		r.cells = append(r.cells, cell)
	}
	return r
}

// tableEnd returns the line at which something else begins for sure: the next operation, a heading
// that is known, or the title of the next table.
func tableEnd(lines []textLine, from int) int {
	title := from
	for i := from; i < len(lines); i++ {
		text := lines[i].text
		if lines[i].blank() {
			continue
		}
		if isMethod(text) || isPathText(text) || headingPart(text) != noPart {
			return i
		}
		if names, _ := tableHead(lines, i); names != nil {
			return title
		}
		title = i
	}
	return len(lines)
}

// rowStart is where a row begins: its first cells, and what is left of the line of the last one.
type rowStart struct {
	at    int // line
	cells []line
	rest  line
	next  int // the line below
}

// fieldRows reads rows whose columns are name, type, perhaps others, and description.
func fieldRows(lines []textLine, from, end int, head columns) (rows []row, below int) {
	var starts []rowStart
	for i := from; i < end; {
		s, ok := startsRow(lines, i, end, head)
		if !ok {
			i++
			continue
		}
		starts = append(starts, s)
		i = s.next
	}
	below = from
	for i, s := range starts {
		until, last := end, i+1 == len(starts)
		if !last {
			until = starts[i+1].at
		}
		text := append([]line{s.rest}, plain(lines[s.next:until])...)
		text, used := description(text, last)
		if below = s.next + used - 1; !last {
			below = until
		}
		r := row{number: s.cells[0].number}
		for _, c := range s.cells {
			r.cells = append(r.cells, []line{c})
		}
		rows = append(rows, row{number: r.number, cells: append(r.cells, text)})
	}
	return rows, max(below, from)
}

func plain(lines []textLine) []line {
	out := make([]line, len(lines))
	for i, l := range lines {
		out[i] = l.line
	}
	return out
}

// startsRow reads the first cells of the row that begins at line i.
func startsRow(lines []textLine, i, end int, head columns) (s rowStart, ok bool) {
	s.at = i
	want := len(head) - 1 // all but the description
	rest, bars := strings.TrimSpace(strings.TrimPrefix(lines[i].text, "|")), false
	if rest == "" || len(rest) > 1000 {
		return s, false
	}
	for n := 0; len(s.cells) < want; {
		text, after, sep := cutCell(rest)
		bars = bars || sep == '|'
		if text == "" && rest == "" && sep == 0 { // nothing is left of this line
			if n++; i+n >= end || n > 2*want+2 {
				return s, false
			}
			rest = lines[i+n].text
			continue
		}
		if sep == 0 && strings.Contains(text, " ") && len(s.cells) < want {
			text, after, _ = strings.Cut(text, " ")
			after = strings.TrimSpace(after)
		}
		s.cells = append(s.cells, line{lines[i+n].number, text})
		rest = after
		s.next = i + n + 1
	}
	s.rest = line{lines[s.next-1].number, rest}
	return s, s.isRow(head)
}

// isRow reports whether the cells can be those of a row.
func (s *rowStart) isRow(head columns) bool {
	name, _, _ := markedName(s.cells[0].text)
	s.cells[0].text = trimQuotes(s.cells[0].text)
	if !fieldName.MatchString(name) {
		return false
	}
	typeText := s.cells[head.index(typeColumn)].text
	if _, isType := parseCellType(typeText); !isType && (typeText != "" || !head.has(requiredColumn)) {
		return false
	}
	for _, c := range []column{requiredColumn, optionalColumn} {
		if i := head.index(c); i >= 0 {
			if _, isMark := requiredCell(s.cells[i].text); !isMark {
				return false
			}
		}
	}
	return true
}

// cutCell takes the text before the first bar or tabulator off; sep is 0 if there is none.
func cutCell(text string) (cell, rest string, sep byte) {
	i := strings.IndexAny(text, "|\t")
	if i < 0 {
		return text, "", 0
	}
	return strings.TrimSpace(text[:i]), strings.TrimLeft(text[i+1:], " "), text[i]
}

// description takes the bars off a description, or what is below its end in the last row, and
// returns how many of the lines it used.
func description(lines []line, last bool) (out []line, used int) {
	bar := -1
	for i, l := range lines {
		if strings.HasSuffix(l.text, "|") {
			bar = i
		}
	}
	blank, ended := false, false
	for i, l := range lines {
		text := strings.TrimSpace(strings.TrimSuffix(l.text, "|"))
		if i == 0 {
			text = strings.TrimSpace(strings.TrimPrefix(text, "|"))
		}
		if last && (bar >= 0 && i > bar || bar < 0 && blank && ended && isTitle(text)) {
			break
		}
		used = i + 1
		if text == "" {
			blank = true
			continue
		}
		blank, ended = false, !strings.HasSuffix(text, ":")
		text, _ = cutBullet(text)
		out = append(out, line{l.number, text})
	}
	return out, max(used, 1)
}

// isTitle reports whether a line looks like the title of what follows: short, with a capital in
// front, and no sentence.
func isTitle(text string) bool {
	if text == "" || len(text) > 80 || strings.ContainsAny(text, "|\t") || !(text[0] >= 'A' && text[0] <= 'Z' || text[0] >= 0x80) {
		return false
	}
	return !strings.ContainsAny(text[len(text)-1:], ".:;,?!)]}>\"'") && !valueLabel.MatchString(text)
}
