package refdoc

import "strings"

// prose turns the lines of a running text into Markdown: paragraphs with a blank line between them, bullet points as
// "- " with two blanks for each level, and what is set in below a bullet point kept below it.
func prose(lines []line) string {
	var b strings.Builder
	var open []int // indents of the bullet points we are inside of
	var last string
	blank := true
	for _, l := range lines {
		if l.blank() {
			blank = true
			continue
		}
		text, bullet := cutBullet(l.text)
		for (bullet || blank) && len(open) > 0 && open[len(open)-1] >= l.indent {
			open = open[:len(open)-1]
		}
		switch {
		case b.Len() == 0:
		case bullet && last == "bullet":
			b.WriteByte('\n')
		case !bullet && !blank:
			b.WriteByte(' ')
			b.WriteString(text)
			continue
		default:
			b.WriteString("\n\n")
		}
		b.WriteString(strings.Repeat("  ", min(len(open), 10)))
		last = "paragraph"
		if bullet {
			open = append(open, l.indent)
			last = "bullet"
			b.WriteString("- ")
		}
		b.WriteString(text)
		blank = false
	}
	return b.String()
}

// cutBullet takes the sign of a bullet point off.
func cutBullet(text string) (rest string, bullet bool) {
	for _, sign := range []string{"•", "◦", "▪", "‣", "- ", "* "} {
		if rest, ok := strings.CutPrefix(text, sign); ok {
			return strings.TrimSpace(rest), true
		}
	}
	return text, false
}

// dangling are words that a sentence cannot end with. Pages lose the text of links, and with it the rest of a sentence.
const dangling = " a an and as at because by for from if in is of on or please see than that the this to use when where which with without "

// wholeSentences cuts a text that breaks off in the middle of a sentence back to the last whole one.
// A text without any whole sentence is kept, unless its last word says that something is missing.
func wholeSentences(text string) string {
	text = strings.TrimSpace(text)
	if text == "" || endsSentence(text) {
		return text
	}
	for i := len(text) - 2; i >= 0; i-- {
		if (text[i+1] == ' ' || text[i+1] == '\n') && endsSentence(text[:i+1]) {
			return text[:i+1]
		}
	}
	last := text[strings.LastIndexAny(text, " \n")+1:]
	if strings.Contains(dangling, " "+strings.ToLower(last)+" ") {
		return ""
	}
	return text
}

// endsSentence tells whether the text ends with a full stop, a question mark or an exclamation mark, perhaps quoted.
func endsSentence(text string) bool {
	text = strings.TrimRight(text, "\"')`*_]")
	for _, abbreviation := range []string{"e.g.", "i.e.", "vs."} {
		if strings.HasSuffix(text, abbreviation) {
			return false
		}
	}
	return text != "" && strings.ContainsAny(text[len(text)-1:], ".!?")
}
