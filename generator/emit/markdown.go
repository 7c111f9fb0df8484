package emit

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Documents write Markdown, HTML and mixtures of both, correct or not. This file reads them as a
// person would and gives plain parts; it is about looks only. Safety is safeLine's business, so
// nothing here has to be right for the output to be harmless.

// part is a paragraph, a list item, or one line of code.
type part struct {
	kind   partKind
	text   string
	marker string // of an item, as gofmt writes it
}

type partKind int

const (
	paragraph partKind = iota
	item
	code
)

// partsOf divides a document's text into parts.
func partsOf(text string) []part {
	text = breakLines(shortened(text))
	if simple(text) {
		return []part{{text: finished(strings.TrimSpace(text), ".")}}
	}
	var r partReader
	fenced := false
	var run strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			r.run(run.String())
			run.Reset()
			fenced = !fenced
			continue
		}
		if fenced {
			r.code(line)
			continue
		}
		run.WriteString(line)
		run.WriteByte('\n')
	}
	r.run(run.String())
	return r.done()
}

// maxText is how much of a text becomes a comment; nobody reads more in a comment, and a document may hold anything.
const maxText = 16 << 10

// shortened cuts a text that is too long after a word.
func shortened(text string) string {
	if len(text) <= maxText {
		return text
	}
	text = text[:maxText]
	if i := strings.LastIndexAny(text, " \n"); i > 0 {
		text = text[:i]
	}
	return strings.ToValidUTF8(text, "") + " …"
}

// simple reports whether text is one paragraph without markup: most are.
func simple(text string) bool {
	if strings.ContainsAny(text, "\n*_`[<&\\#|") {
		return false
	}
	trimmed := strings.TrimSpace(text)
	return trimmed != "" && markerOf(trimmed) == "" && !strings.HasPrefix(trimmed, ">")
}

// breakLines makes every kind of line end one.
func breakLines(text string) string {
	if !strings.ContainsAny(text, "\r\v\f\u0085\u2028\u2029") {
		return text
	}
	return lineEnds.Replace(text)
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

// partReader collects parts line by line.
type partReader struct {
	parts  []part
	open   bool     // the last part may go on in the next line
	lines  []string // of the last part
	indent int      // of the last item that is in no other one
	nested bool     // the last part is an item, and has items in it
}

// run reads lines outside of fenced code.
func (r *partReader) run(text string) {
	if strings.TrimSpace(text) == "" {
		r.open = false
		return
	}
	for line := range strings.SplitSeq(inline(text), "\n") {
		r.line(line)
	}
	r.open = false
}

func (r *partReader) line(line string) {
	text := strings.TrimLeft(strings.TrimSpace(line), "> ")
	heading := strings.TrimLeft(text, "#")
	switch {
	case text == "" || strings.Trim(text, "-*=_:| ") == "":
		r.open = false
	case heading != text && (heading == "" || heading[0] == ' '):
		r.open = false
		r.add(part{kind: paragraph, text: finished(strings.TrimSpace(heading), ":")})
	case strings.HasPrefix(text, "|"):
		r.code(text)
	case markerOf(text) != "":
		marker := markerOf(text)
		_, rest, _ := strings.Cut(text, " ")
		r.item(part{kind: item, text: strings.TrimSpace(rest), marker: marker}, indentOf(line))
		r.open = true
	case r.open:
		r.lines = append(r.lines, text)
	case r.inItem(indentOf(line)):
		r.join()
		last := &r.parts[len(r.parts)-1]
		last.text = finished(last.text, ".") + " " + text
		r.open, r.nested = true, false
	default:
		r.add(part{kind: paragraph, text: text})
		r.open = true
	}
}

func (r *partReader) add(p part) {
	if strings.TrimSpace(p.text) != "" {
		r.join()
		r.parts = append(r.parts, p)
		r.nested = false
	}
}

// inItem reports whether what is indented so far stands in the item before.
func (r *partReader) inItem(indent int) bool {
	n := len(r.parts)
	return n > 0 && r.parts[n-1].kind == item && indent >= r.indent+2
}

// item adds an item. Lists of Go comments have no lists and paragraphs in them, so what stands
// deeper than the item before becomes part of it.
func (r *partReader) item(p part, indent int) {
	if !r.inItem(indent) {
		r.add(p)
		r.indent = indent
		return
	}
	r.join()
	last := &r.parts[len(r.parts)-1]
	if r.nested {
		last.text = strings.TrimRight(last.text, ".,;") + "; " + p.text
	} else {
		last.text = finished(last.text, ":") + " " + p.text
	}
	r.nested = true
}

// indentOf counts the columns in front of a line.
func indentOf(line string) int {
	columns := 0
	for _, c := range line {
		switch c {
		case ' ':
			columns++
		case '\t':
			columns += 4
		default:
			return columns
		}
	}
	return columns
}

// join gives the last part the lines that went on with it.
func (r *partReader) join() {
	if len(r.lines) > 0 {
		last := &r.parts[len(r.parts)-1]
		last.text += " " + strings.Join(r.lines, " ")
		r.lines = nil
	}
}

func (r *partReader) code(line string) {
	r.open = false
	r.add(part{kind: code, text: line})
}

// done ends every sentence, and the one in front of a list with a colon.
func (r *partReader) done() []part {
	r.join()
	for i := range r.parts {
		p := &r.parts[i]
		if p.kind != paragraph {
			continue
		}
		if i+1 < len(r.parts) && r.parts[i+1].kind != paragraph {
			p.text = finished(p.text, ":")
		} else {
			p.text = finished(p.text, ".")
		}
	}
	return r.parts
}

// finished puts an end to a sentence that has none. (go doc would take a short one without a stop
// for a heading.)
func finished(text, stop string) string {
	last, _ := utf8.DecodeLastRuneInString(text)
	if text == "" || strings.ContainsRune(".:!?;,…", last) {
		return text
	}
	return text + stop
}

// markerOf returns the marker of a list item as gofmt writes it, or nothing.
func markerOf(line string) string {
	head, rest, found := strings.Cut(line, " ")
	if !found || rest == "" {
		return ""
	}
	switch head {
	case "-", "*", "+", "•", "–":
		return "  - "
	}
	digits := strings.TrimRight(head, ".)")
	if digits == "" || len(digits) > 2 || len(head) != len(digits)+1 || strings.Trim(digits, "0123456789") != "" {
		return ""
	}
	return strings.Repeat(" ", 2-len(digits)) + digits + ". "
}

// inline takes the markup out of text: links become "text (url)", emphasis and tags vanish, code
// keeps its backquotes.
func inline(text string) string {
	return inlineAt(text, 0)
}

// inlineAt works inside of markup that is depth deep; what is deeper than anybody writes stays as
// it is.
func inlineAt(text string, depth int) string {
	if depth > 4 {
		return text
	}
	in := inliner{text: text, depth: depth}
	for in.at < len(in.text) {
		n := strings.IndexAny(in.text[in.at:], "`*_[!<&\\")
		if n < 0 {
			break
		}
		in.out.WriteString(in.text[in.at : in.at+n])
		in.at += n
		in.markup()
	}
	in.out.WriteString(in.text[in.at:])
	return in.out.String()
}

// inliner walks through text once.
type inliner struct {
	text  string
	at    int
	out   strings.Builder
	links []string // targets of the <a> that are open
	depth int
}

// near returns the text from the current place on, as far as markup is looked for: what opens and does not close soon is text.
// It also keeps the time linear.
func (in *inliner) near() string {
	return in.text[in.at:min(len(in.text), in.at+1000)]
}

// markup reads the markup character at the current place, or passes it on as text.
func (in *inliner) markup() {
	read := false
	switch in.text[in.at] {
	case '`':
		read = in.codeSpan()
	case '*', '_':
		read = in.emphasis()
	case '[':
		read = in.link()
	case '!':
		if strings.HasPrefix(in.text[in.at:], "![") {
			in.at++
			read = true
		}
	case '<':
		read = in.tag()
	case '&':
		read = in.entity()
	case '\\':
		if in.at+1 < len(in.text) && strings.IndexByte("*_`[]<>#\\-!|{}()", in.text[in.at+1]) >= 0 {
			in.out.WriteByte(in.text[in.at+1])
			in.at += 2
			read = true
		}
	}
	if !read {
		in.out.WriteByte(in.text[in.at])
		in.at++
	}
}

// codeSpan copies `code` untouched.
func (in *inliner) codeSpan() bool {
	rest := in.near()
	inner := strings.TrimLeft(rest, "`")
	ticks := rest[:len(rest)-len(inner)]
	end := strings.Index(inner, ticks)
	if end < 0 || strings.Contains(inner[:end], "\n\n") {
		in.at += len(ticks) - 1
		return false
	}
	in.out.WriteString("`" + strings.TrimSpace(inner[:end]) + "`")
	in.at += 2*len(ticks) + end
	return true
}

// emphasis drops ** and __, and * and _ that stand around a word; names such as _links and user_id
// keep theirs.
func (in *inliner) emphasis() bool {
	mark := in.text[in.at : in.at+1]
	rest := in.near()
	inner := strings.TrimLeft(rest, mark)
	marks := rest[:len(rest)-len(inner)]
	if len(marks) > 3 || in.afterWord() || !startsWord(strings.TrimLeft(inner, "`\"'([<*_")) {
		in.out.WriteString(marks)
		in.at += len(marks)
		return true
	}
	end := strings.Index(inner, marks)
	if end <= 0 || inner[end-1] <= ' ' || strings.Contains(inner[:end], "\n\n") || startsWord(inner[end+len(marks):]) {
		in.out.WriteString(marks)
		in.at += len(marks)
		return true
	}
	in.out.WriteString(inlineAt(inner[:end], in.depth+1))
	in.at += 2*len(marks) + end
	return true
}

// afterWord reports whether a letter or digit stands before the current place.
func (in *inliner) afterWord() bool {
	last, _ := utf8.DecodeLastRuneInString(in.text[:in.at])
	return in.at > 0 && (unicode.IsLetter(last) || unicode.IsDigit(last))
}

func startsWord(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	return text != "" && (unicode.IsLetter(first) || unicode.IsDigit(first))
}

// link turns [text](url) into text (url).
func (in *inliner) link() bool {
	rest := in.near()[1:]
	end := strings.Index(rest, "](")
	if end < 0 || strings.ContainsAny(rest[:end], "[\n") {
		return false
	}
	target := rest[end+2:]
	stop := strings.IndexAny(target, ")\n")
	if stop < 0 || target[stop] != ')' {
		return false
	}
	in.out.WriteString(linked(inlineAt(rest[:end], in.depth+1), target[:stop]))
	in.at += 1 + end + 2 + stop + 1
	return true
}

// linked shows where a link leads if that can be followed from a Go comment.
func linked(text, url string) string {
	url, _, _ = strings.Cut(strings.TrimSpace(url), " ")
	if !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") {
		return text
	}
	if text == "" || text == url {
		return url
	}
	return text + " (" + url + ")"
}

// entity reads &lt; and its like.
func (in *inliner) entity() bool {
	end := strings.IndexByte(in.near(), ';')
	if end < 2 || end > 10 {
		return false
	}
	entity := in.text[in.at : in.at+end+1]
	text := html.UnescapeString(entity)
	if text == entity {
		return false
	}
	in.out.WriteString(text)
	in.at += len(entity)
	return true
}

// tag drops an HTML tag and keeps what it means for the layout. What is not HTML, such as <string>, stays.
func (in *inliner) tag() bool {
	rest := in.near()
	end := strings.IndexByte(rest, '>')
	if end < 0 {
		return false
	}
	inside := rest[1:end]
	if strings.HasPrefix(inside, "https://") || strings.HasPrefix(inside, "http://") {
		in.out.WriteString(inside)
		in.at += end + 1
		return true
	}
	closing := strings.HasPrefix(inside, "/")
	name := strings.ToLower(strings.TrimPrefix(inside, "/"))
	if i := strings.IndexAny(name, " /\n\t"); i >= 0 {
		name = name[:i]
	}
	layout, known := htmlTags[name]
	if !known {
		return false
	}
	in.at += end + 1
	if name == "a" {
		in.anchor(inside, closing)
	} else if layout != "" && (!closing || name != "li") {
		in.out.WriteString(layout)
	}
	return true
}

// anchor puts the target of <a href="..."> behind the text.
func (in *inliner) anchor(inside string, closing bool) {
	if !closing {
		_, target, _ := strings.Cut(inside, "href=")
		target = strings.TrimLeft(target, "\"'")
		if i := strings.IndexAny(target, "\"' "); i >= 0 {
			target = target[:i]
		}
		in.links = append(in.links, target)
		return
	}
	if n := len(in.links); n > 0 {
		if url := linked("", in.links[n-1]); url != "" {
			in.out.WriteString(" (" + url + ")")
		}
		in.links = in.links[:n-1]
	}
}

// htmlTags are the tags that documents use, with what they do to the layout.
var htmlTags = map[string]string{
	"a": "", "b": "", "strong": "", "i": "", "em": "", "u": "", "s": "", "code": "", "tt": "", "kbd": "", "span": "", "font": "",
	"sup": "", "sub": "", "small": "", "abbr": "", "img": "", "tbody": "", "thead": "", "big": "", "nobr": "", "mark": "", "del": "",
	"br": "\n", "hr": "\n\n", "tr": "\n", "td": " ", "th": " ", "li": "\n- ", "dt": "\n- ", "dd": " ",
	"p": "\n\n", "div": "\n\n", "ul": "\n\n", "ol": "\n\n", "dl": "\n\n", "pre": "\n\n", "table": "\n\n", "blockquote": "\n\n",
	"section": "\n\n", "h1": "\n\n", "h2": "\n\n", "h3": "\n\n", "h4": "\n\n", "h5": "\n\n", "h6": "\n\n", "center": "\n\n",
	"details": "\n\n", "summary": "\n\n", "script": "", "style": "",
}
