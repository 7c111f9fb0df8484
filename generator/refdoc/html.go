package refdoc

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
)

// HTML is read as a stream of tags and text: what a browser shows on lines of their own becomes
// blocks. Unclosed and stray tags do no harm, and the time is linear in the size of the document.
//
// Scripts, styles, pictures, menus (nav) and fields of forms have no text. A table is one block,
// unless it is there for the layout: a cell with a heading or a table in it is part of the page.

// builder makes blocks of elements and text. Markdown drives it as well.
type builder struct {
	out    []block
	text   strings.Builder // the line being read
	number int             // its line in the document
	kind   blockKind
	level  int
	glued  bool
	bold   int // elements around the text that make it bold
	strong int // how many bytes of the line are bold
	lists  int // lists around the text
	closed bool

	pre    int    // elements pre around the text
	code   []line // lines of the code being read
	skip   string // the element whose content is left out
	nested int    // how many of these are open
	tables []*tableFrame
}

// tableFrame is a table being read.
type tableFrame struct {
	outer  []block // what is above the table
	rows   []row
	blocks [][]block // of each cell of all rows, in order
	inCell bool
	lists  int
}

// htmlBlocks reads an HTML document.
func htmlBlocks(data []byte) []block {
	b := &builder{}
	b.html(data, 1)
	return b.finish()
}

// html reads a piece of HTML that begins on the given line.
func (b *builder) html(data []byte, number int) {
	z := html.NewTokenizer(bytes.NewReader(data))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return
		}
		raw := z.Raw()
		lines := bytes.Count(raw, []byte{'\n'})
		switch kind {
		case html.TextToken:
			b.write(string(z.Text()), number)
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			tag := string(name)
			b.start(tag, number, kind == html.SelfClosingTagToken || voids[tag], more && b.hides(tag, z))
		case html.EndTagToken:
			name, _ := z.TagName()
			b.end(string(name), number)
		}
		number += lines
	}
}

// hides reports whether the attributes of an inline element say that it is not text: the sign
// beside a heading that links to it, for instance.
func (b *builder) hides(tag string, z *html.Tokenizer) bool {
	if !inline[tag] {
		return false
	}
	for {
		key, value, more := z.TagAttr()
		if string(key) == "aria-hidden" && string(value) == "true" {
			return true
		}
		if !more {
			return false
		}
	}
}

var (
	voids   = set("area base br col embed hr img input link meta source track wbr")
	hidden  = set("script style template svg math title nav select noscript iframe textarea")
	inline  = set("a abbr b bdi bdo big cite code data del em font i ins kbd label mark q s samp small span strong sub sup time tt u var")
	boldTag = set("b strong")
)

// start opens an element.
func (b *builder) start(tag string, number int, empty, unseen bool) {
	if b.skip != "" {
		switch {
		case tag == "body" || tag == "main": // nothing that is left out goes on into these
			b.skip = ""
		case tag == b.skip && !empty:
			b.nested++
			return
		default:
			return
		}
	}
	switch {
	case (hidden[tag] || unseen) && !empty:
		b.skip, b.nested = tag, 1
	case hidden[tag]:
	case inline[tag]:
		if b.closed && b.pre == 0 && b.text.Len() > 0 {
			b.blank()
		}
		if boldTag[tag] && !empty {
			b.bold++
		}
	case tag == "br" || tag == "wbr":
		if tag == "br" {
			b.lineBreak(number)
		}
	default:
		b.startBlock(tag, number, empty)
	}
}

// startBlock opens an element that begins a line.
func (b *builder) startBlock(tag string, number int, empty bool) {
	b.flush()
	switch tag {
	case "h1", "h2", "h3", "h4", "h5", "h6":
		b.kind, b.level = heading, int(tag[1]-'0')
	case "ul", "ol":
		b.lists = min(b.lists+1, 20)
	case "li":
		b.kind, b.level = item, max(b.lists, 1)
	case "pre":
		if !empty {
			b.pre++
			b.code = append(b.code, line{number: number})
		}
	case "table":
		if len(b.tables) >= maxTables {
			return
		}
		b.tables = append(b.tables, &tableFrame{outer: b.out, lists: b.lists})
		b.out, b.lists = nil, 0
	case "tr":
		b.endRow()
		if f := b.frame(); f != nil {
			f.rows = append(f.rows, row{number: number})
		}
	case "td", "th":
		b.endCell()
		if f := b.frame(); f != nil {
			if len(f.rows) == 0 {
				f.rows = append(f.rows, row{number: number})
			}
			f.inCell = true
		}
	}
}

// end closes an element.
func (b *builder) end(tag string, number int) {
	if b.skip != "" {
		if tag == b.skip {
			if b.nested--; b.nested == 0 {
				b.skip = ""
			}
		}
		return
	}
	if inline[tag] {
		b.closed = true
		if boldTag[tag] {
			b.bold = max(b.bold-1, 0)
		}
		return
	}
	b.flush()
	switch tag {
	case "ul", "ol":
		b.lists = max(b.lists-1, 0)
	case "pre":
		if b.pre = max(b.pre-1, 0); b.pre == 0 {
			b.endCode()
		}
	case "td", "th":
		b.endCell()
	case "tr":
		b.endRow()
	case "table":
		b.endTable()
	}
}

// write adds text that begins on the given line.
func (b *builder) write(text string, number int) {
	if b.skip != "" || text == "" {
		return
	}
	text = clean(text)
	if b.pre > 0 {
		for i, part := range strings.Split(text, "\n") {
			if i > 0 {
				b.code = append(b.code, line{number: number + i})
			}
			b.code[len(b.code)-1].text += part
		}
		return
	}
	words := strings.Fields(text)
	if len(words) == 0 {
		if b.text.Len() > 0 {
			b.blank()
		}
		return
	}
	if b.text.Len() == 0 {
		before := text[:strings.Index(text, words[0])]
		b.number = number + strings.Count(before, "\n")
	} else if strings.ContainsAny(text[:1], " \n\t") {
		b.blank()
	}
	from := b.text.Len()
	for i, word := range words {
		if i > 0 {
			b.text.WriteByte(' ')
		}
		b.text.WriteString(word)
	}
	if b.bold > 0 {
		b.strong += b.text.Len() - from
	}
	if strings.ContainsAny(text[len(text)-1:], " \n\t") {
		b.blank()
	}
	b.closed = false
}

// blank adds one blank to the line being read.
func (b *builder) blank() {
	b.closed = false
	if s := b.text.String(); !strings.HasSuffix(s, " ") {
		b.text.WriteByte(' ')
		b.strong += min(b.bold, 1)
	}
}

// lineBreak ends a line, and the block goes on.
func (b *builder) lineBreak(number int) {
	if b.pre > 0 {
		b.code = append(b.code, line{number: number})
		return
	}
	level := b.level
	if b.kind == heading {
		level = 0
	}
	if b.flush() {
		b.glued, b.level = true, level
	}
}

// flush ends the line being read and reports whether there was one.
func (b *builder) flush() bool {
	text := strings.TrimSpace(b.text.String())
	strong := b.strong >= len(text)
	b.text.Reset()
	b.strong, b.closed = 0, false
	if b.pre > 0 && len(b.code) > 0 && b.code[len(b.code)-1].text != "" {
		b.code = append(b.code, line{number: b.code[len(b.code)-1].number})
	}
	if text == "" {
		return false
	}
	level := b.level
	if b.kind == paragraph && level == 0 {
		level = b.lists
	}
	b.out = append(b.out, block{line: line{b.number, text}, kind: b.kind, level: level, glued: b.glued, strong: strong})
	b.kind, b.level, b.glued = paragraph, 0, false
	return true
}

// endCode makes a block of the code being read.
func (b *builder) endCode() {
	lines := b.code
	b.code = nil
	for len(lines) > 0 && strings.TrimSpace(lines[0].text) == "" {
		lines = lines[1:]
	}
	for len(lines) > 0 && strings.TrimSpace(lines[len(lines)-1].text) == "" {
		lines = lines[:len(lines)-1]
	}
	if len(lines) > 0 {
		b.out = append(b.out, block{kind: code, line: line{number: lines[0].number}, code: lines})
	}
	b.kind, b.level, b.glued = paragraph, 0, false
}

func (b *builder) frame() *tableFrame {
	if len(b.tables) == 0 {
		return nil
	}
	return b.tables[len(b.tables)-1]
}

// maxTables is how many tables can be inside of each other. Deeper ones are text.
const maxTables = 20

// endCell ends the cell being read. Text between cells belongs to no cell and is kept above the
// table.
func (b *builder) endCell() {
	f := b.frame()
	if f == nil {
		return
	}
	b.flush()
	if !f.inCell {
		f.outer = append(f.outer, b.out...)
		b.out = nil
		return
	}
	last := &f.rows[len(f.rows)-1]
	last.cells = append(last.cells, linesOf(b.out))
	f.blocks = append(f.blocks, b.out)
	b.out, f.inCell, b.lists = nil, false, 0
}

func (b *builder) endRow() {
	b.endCell()
	if f := b.frame(); f != nil && len(f.rows) > 0 && len(f.rows[len(f.rows)-1].cells) == 0 {
		f.rows = f.rows[:len(f.rows)-1]
	}
}

// endTable makes a block of a table, or puts its content into the page where it is there for the
// layout.
func (b *builder) endTable() {
	f := b.frame()
	if f == nil {
		return
	}
	b.endRow()
	b.tables = b.tables[:len(b.tables)-1]
	b.out, b.lists = f.outer, f.lists
	if len(f.rows) == 0 {
		return
	}
	if f.isLayout() {
		for _, blocks := range f.blocks {
			b.out = append(b.out, blocks...)
		}
		return
	}
	b.out = append(b.out, block{kind: table, line: line{number: f.rows[0].number}, rows: f.rows})
}

// isLayout reports whether a table is there for the layout of the page.
func (f *tableFrame) isLayout() bool {
	for _, blocks := range f.blocks {
		for i := range blocks {
			switch blocks[i].kind {
			case heading, table:
				return true
			case code:
				if len(f.rows) == 1 {
					return true
				}
			}
		}
	}
	return false
}

// finish ends the document, and with it everything that was not closed.
func (b *builder) finish() []block {
	b.flush()
	if b.pre > 0 {
		b.pre = 0
		b.endCode()
	}
	for len(b.tables) > 0 {
		b.endTable()
	}
	return b.out
}
