package refdoc

// Converters that know no tables write each cell as a paragraph, below paragraphs with the names of
// the columns. Such a table is read like one that a browser copied as text.

// withTables finds the tables among the lines of blocks.
func withTables(blocks []block) []block {
	out := make([]block, 0, len(blocks))
	for i := 0; i < len(blocks); i++ {
		if !blocks[i].isText() || columnNamed(blocks[i].text) != nameColumn {
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

// textLines returns the lines of the text that begins at block i and ends above the next table, code
// or heading that is not the name of a column, and the block of each.
func textLines(blocks []block, i int) (lines []textLine, of []int) {
	for j := i; j < len(blocks) && blocks[j].isText(); j++ {
		if blocks[j].kind == heading && j > i+8 {
			break
		}
		if !blocks[j].glued && j > i {
			lines, of = append(lines, textLine{line: line{number: blocks[j].number}}), append(of, j)
		}
		lines, of = append(lines, textLine{line: blocks[j].line}), append(of, j)
	}
	return lines, of
}
