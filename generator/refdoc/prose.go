package refdoc

import (
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
)

// prose turns blocks of text into Markdown: paragraphs with a blank line between them, bullet
// points as "- " with two blanks for each level, and what is below a bullet point kept below it.
func prose(blocks []block) string {
	var b strings.Builder
	last := paragraph
	outer := outerLevel(blocks)
	for i := range blocks {
		one := &blocks[i]
		if !one.isText() || one.text == "" {
			continue
		}
		bullet := one.kind == item
		switch {
		case b.Len() == 0:
		case bullet && last == item:
			b.WriteByte('\n')
		case !bullet && one.glued:
			b.WriteByte(' ')
			b.WriteString(one.text)
			continue
		default:
			b.WriteString("\n\n")
		}
		b.WriteString(strings.Repeat("  ", min(one.depth()-outer, 10)))
		last = paragraph
		if bullet {
			last = item
			b.WriteString("- ")
		}
		b.WriteString(one.text)
	}
	return b.String()
}

// describe states what blocks say as the description, unless there is one.
func describe(to *claim.Facts, blocks []block) {
	if text := prose(blocks); text != "" {
		sayOnce(to, claim.Description, text, blocks[0].number)
	}
}

// sayOnce states a fact of whose name there is none yet.
func sayOnce(to *claim.Facts, name claim.Name, value any, line int) {
	if _, said := to.Get(name); !said {
		to.Say(name, value, line)
	}
}

// depth returns how deep a block is set in.
func (b *block) depth() int {
	switch b.kind {
	case heading:
		return 0
	case item:
		return max(b.level-1, 0)
	}
	return b.level
}

// outerLevel returns how deep the outermost of some blocks is set in.
func outerLevel(blocks []block) int {
	outer := 10
	for i := range blocks {
		outer = min(outer, blocks[i].depth())
	}
	return outer
}

// dangling are words that a sentence cannot end with. Pages lose the text of links, and with it the
// rest of a sentence.
const dangling = " a an and as at because by for from if in is of on or please see than that the this to use when where which with without "

// wholeSentences cuts a text that breaks off in the middle of a sentence back to the last whole
// one. A text without any whole sentence is kept, unless its last word says that something is
// missing.
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

// endsSentence reports whether the text ends with a full stop, a question mark or an exclamation
// mark, perhaps quoted.
func endsSentence(text string) bool {
	text = strings.TrimRight(text, "\"')`*_]")
	for _, abbreviation := range []string{"e.g.", "i.e.", "vs."} {
		if strings.HasSuffix(text, abbreviation) {
			return false
		}
	}
	return text != "" && strings.ContainsAny(text[len(text)-1:], ".!?")
}
