package refdoc

// Converters that know no tables write each cell as a paragraph, below paragraphs with the names of
// the columns. Such a table is read like one that a browser copied as text.

// withTables finds the tables among the lines of blocks.
func withTables(blocks []block) []block {
	out := make([]block, 0, len(blocks))
	for i := 0; i < len(blocks); i++ {
		if !beginsColumns(blocks, i) {
			out = append(out, blocks[i])
			continue
		}
		lines, of := textLines(blocks, i)
		t, next := textTable(lines, 0)
		if t == nil {
			out = append(out, blocks[i])
			continue
		}
		out = append(out, *t)
		i = len(blocks) - 1
		if next < len(lines) {
			i = of[next] - 1
		} else if n := len(of); n > 0 {
			i = of[n-1]
		}
	}
	return out
}

// beginsColumns reports whether the names of columns begin at a block: that of the names of fields
// first, and two more.
func beginsColumns(blocks []block, i int) bool {
	for n := range 3 {
		if i+n >= len(blocks) || !blocks[i+n].isText() || columnNamed(blocks[i+n].text) == noColumn {
			return false
		}
	}
	return columnNamed(blocks[i].text) == nameColumn
}

// textLines returns the lines of the text that begins at block i, and the block of each. The text
// ends above the next table, code or heading, and below the title of the next names of columns.
func textLines(blocks []block, i int) (lines []textLine, of []int) {
	for j := i; j < len(blocks) && blocks[j].isText(); j++ {
		if j > i+2 && (blocks[j].kind == heading || beginsColumns(blocks, j)) {
			break
		}
		if !blocks[j].glued && j > i {
			lines, of = append(lines, textLine{line: line{number: blocks[j].number}}), append(of, j)
		}
		lines, of = append(lines, textLine{line: blocks[j].line}), append(of, j)
	}
	return lines, of
}
