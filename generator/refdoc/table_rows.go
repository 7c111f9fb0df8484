package refdoc

import (
	"regexp"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
)

// cell is the text between two bars, line by line.
type cell []line

// text gives the cell as one line.
func (c cell) text() string {
	words := make([]string, 0, len(c))
	for _, l := range c {
		words = append(words, l.text)
	}
	return strings.TrimSpace(strings.Join(words, " "))
}

// cells cuts the lines of a section at its bars. What stands below the last bar is left out.
func cells(lines []line) []cell {
	var out []cell
	var open cell
	for _, l := range lines {
		parts := strings.Split(l.text, "|")
		for i, part := range parts {
			if part = strings.TrimSpace(part); part != "" {
				open = append(open, line{number: l.number, text: part})
			}
			if i < len(parts)-1 {
				out = append(out, open)
				open = nil
			}
		}
	}
	return out
}

var ruler = regexp.MustCompile(`^[-|: ]*-[-|: ]*$`)

// rows reads the rows below the names of the columns.
func rows(lines []line, head tableHead) []*field {
	if len(lines) > 0 && ruler.MatchString(lines[0].text) {
		lines = lines[1:]
	}
	all := cells(lines)
	var starts []int
	for k := 0; k < len(all); k++ {
		if startsRow(all, k, head) {
			starts = append(starts, k)
			k += head.described() - 1 // what belongs to this row starts no other
		}
	}
	var out []*field
	for i, k := range starts {
		end := len(all)
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		out = append(out, readRow(all, k, end, i+1 < len(starts), head))
	}
	return out
}

// described gives how many cells of a row stand before its description.
func (h tableHead) described() int {
	if h.required {
		return 3
	}
	return 2
}

// startsRow tells whether the last line of cell k is the name of a row.
func startsRow(all []cell, k int, head tableHead) bool {
	name := all[k]
	if len(name) == 0 || !fieldName.MatchString(name[len(name)-1].text) {
		return false
	}
	if k+1 >= len(all) {
		return false
	}
	typeText := all[k+1].text()
	_, isType := parseType(typeText)
	if !head.required {
		return isType
	}
	if k+2 >= len(all) {
		return false
	}
	_, isMark := requiredCell(all[k+2].text())
	return isMark && (isType || typeText == "")
}

// requiredCell reads Yes or No.
func requiredCell(text string) (required, ok bool) {
	switch strings.ToLower(text) {
	case "yes", "true", "required":
		return true, true
	case "no", "false", "optional":
		return false, true
	}
	return false, false
}

// readRow makes a field of the row that starts in cell k. Its description goes on to cell end, of which, if another row
// starts there, all lines but the last are still ours.
func readRow(all []cell, k, end int, more bool, head tableHead) *field {
	name := all[k][len(all[k])-1]
	f := &field{name: name.text, line: name.number}
	if typeCell := all[k+1]; len(typeCell) > 0 {
		t, _ := parseType(typeCell.text())
		f.typ, f.at = &t, typeCell[0].number
	}
	next := k + head.described()
	if head.required {
		required, _ := requiredCell(all[k+2].text())
		f.facts.Say(claim.Required, required, all[k+2][0].number)
	}
	var text []line
	for i := next; i < end; i++ {
		if i > next && len(all[i]) > 0 {
			text = append(text, line{number: all[i][0].number, text: "|"})
		}
		text = append(text, all[i]...)
	}
	if more {
		text = append(text, all[end][:len(all[end])-1]...)
	}
	f.describe(text)
	return f
}

var valueLabel = regexp.MustCompile(`(?i)\b(Default value:|Possible values:|Allowed values:|Always defaults to null\b)[ \n]*`)

// maxLabels is how many labels of a description are read. Nobody writes more than two.
const maxLabels = 10

// describe reads the facts out of a description and keeps the rest as text.
func (f *field) describe(lines []line) {
	if len(lines) == 0 {
		return
	}
	text := joinText(lines)
	at := valueLabel.FindAllStringSubmatchIndex(text, maxLabels)
	kept := text
	if len(at) > 0 {
		kept = text[:at[0][0]]
	}
	jsonType := ""
	if f.typ != nil {
		jsonType = f.typ.json
	}
	for i, m := range at {
		end := len(text)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		value, line := text[m[1]:end], lines[strings.Count(text[:m[2]], "\n")].number
		kept += f.labelled(strings.ToLower(text[m[2]:m[3]]), text[m[0]:m[1]], value, jsonType, line)
	}
	kept = strings.Join(strings.Fields(kept), " ")
	if kept = wholeSentences(kept); kept != "" {
		f.prose = []line{{number: lines[0].number, text: kept}}
	}
}

// labelled reads what follows a label, and gives what is text after all.
func (f *field) labelled(name, label, value, jsonType string, line int) (rest string) {
	switch name {
	case "always defaults to null":
		f.facts.Say(claim.Nullable, true, line)
		return label + value
	case "default value:":
		word, rest := cutValue(value)
		if word != "" {
			f.facts.Say(claim.Default, typedValue(word, jsonType, line), line)
		}
		return rest
	}
	list := strings.TrimSuffix(strings.TrimSpace(value), ".")
	if list == "" {
		return ""
	}
	values := enumValues(list, jsonType, line)
	if values == nil {
		return label + value
	}
	f.facts.Say(claim.Enum, values, line)
	return ""
}

// cutValue takes the value off the start of a text: what is quoted, or else one word.
func cutValue(text string) (word, rest string) {
	text = strings.TrimSpace(text)
	for _, q := range []string{`"`, "'", "`"} {
		if inner, found := strings.CutPrefix(text, q); found {
			if end := strings.Index(inner, q); end >= 0 {
				return text[:end+2], " " + strings.TrimPrefix(inner[end+1:], ".")
			}
		}
	}
	end := strings.IndexAny(text, " \n")
	if end < 0 {
		end = len(text)
	}
	return strings.TrimRight(text[:end], ".,;"), text[end:]
}
