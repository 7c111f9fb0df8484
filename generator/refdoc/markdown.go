package refdoc

import (
	"bytes"
	"regexp"
	"sort"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	tables "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	reading "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	"golang.org/x/net/html"
)

// Markdown is read with GFM tables, and the HTML inside of it as HTML: pandoc leaves tables and
// divisions of a page as they were. A line that is short ends there; a long one was only wrapped.

// markdownBlocks reads a Markdown document.
func markdownBlocks(data []byte) []block {
	p := parser.NewParser(
		parser.WithBlockParsers(parser.DefaultBlockParsers()...),
		parser.WithInlineParsers(parser.DefaultInlineParsers()...),
		parser.WithParagraphTransformers(append(parser.DefaultParagraphTransformers(),
			util.Prioritized(extension.NewTableParagraphTransformer(), 200))...),
		parser.WithASTTransformers(util.Prioritized(extension.NewTableASTTransformer(), 0)),
	)
	data = plainMarkdown(data)
	m := &markdown{data: data}
	for i, c := range data {
		if c == '\n' {
			m.ends = append(m.ends, i)
		}
	}
	root := p.Parse(reading.NewReader(data))
	// The error is that of visit, which has none.
	_ = ast.Walk(root, m.visit)
	return m.b.finish()
}

// markdown drives a builder by the tree of a document.
type markdown struct {
	b    builder
	data []byte
	ends []int // where each line ends
	at   int   // the line of the block being read
}

// number returns the line on which a byte of the document is.
func (m *markdown) number(offset int) int { return sort.SearchInts(m.ends, offset) + 1 }

// markdownTags has the elements of HTML that the nodes of a tree stand for.
var markdownTags = map[ast.NodeKind]string{
	ast.KindParagraph: "p", ast.KindTextBlock: "p", ast.KindList: "ul", ast.KindListItem: "li", ast.KindBlockquote: "div",
	ast.KindThematicBreak: "hr", tables.KindTable: "table", tables.KindTableHeader: "tr", tables.KindTableRow: "tr",
	tables.KindTableCell: "td",
}

func (m *markdown) visit(n ast.Node, entering bool) (ast.WalkStatus, error) {
	if n.Type() == ast.TypeBlock && n.Lines() != nil && n.Lines().Len() > 0 {
		m.at = m.number(n.Lines().At(0).Start)
	}
	tag := markdownTags[n.Kind()]
	if h, ok := n.(*ast.Heading); ok {
		tag = "h" + string(rune('0'+min(max(h.Level, 1), 6)))
	}
	if e, ok := n.(*ast.Emphasis); ok && e.Level == 2 {
		tag = "b"
	}
	switch {
	case tag == "p" && n.Parent() != nil && n.Parent().Kind() == ast.KindListItem && n.PreviousSibling() == nil:
		return ast.WalkContinue, nil // the item itself is the line
	case tag != "" && entering:
		m.b.start(tag, m.at, false, false)
	case tag != "":
		m.b.end(tag, m.at)
	case entering:
		return m.leaf(n), nil
	}
	return ast.WalkContinue, nil
}

// leaf reads what has text of its own.
func (m *markdown) leaf(n ast.Node) ast.WalkStatus {
	switch n := n.(type) {
	case *ast.Text:
		m.text(n)
	case *ast.String:
		m.b.write(string(n.Value), m.at)
	case *ast.AutoLink:
		m.b.write(string(n.Label(m.data)), m.at)
	case *ast.RawHTML:
		m.inlineHTML(n)
	case *ast.HTMLBlock:
		m.html(n.Lines())
		if n.HasClosure() {
			m.b.html(n.ClosureLine.Value(m.data), m.number(n.ClosureLine.Start))
		}
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		m.code(n)
	case *ast.Image:
		return ast.WalkSkipChildren
	}
	return ast.WalkContinue
}

// wrapped is how long a line is at least that was wrapped and goes on below.
const wrapped = 50

func (m *markdown) text(n *ast.Text) {
	value, number := n.Segment.Value(m.data), m.number(n.Segment.Start)
	if !n.IsRaw() && n.Parent().Kind() != ast.KindCodeSpan {
		value = util.UnescapePunctuations(value)
		value = []byte(html.UnescapeString(string(value)))
	}
	m.b.write(string(value), number)
	switch {
	case n.HardLineBreak():
		m.b.lineBreak(number)
	case !n.SoftLineBreak():
	case n.Parent().Type() == ast.TypeInline || m.width(number) >= wrapped:
		m.b.write("\n", number)
	default:
		m.b.lineBreak(number)
	}
}

// width returns how long a line of the document is.
func (m *markdown) width(number int) int {
	start := 0
	if number > 1 {
		start = m.ends[number-2] + 1
	}
	if number > len(m.ends) {
		return len(m.data) - start
	}
	return m.ends[number-1] - start
}

// html reads HTML, whose tags may go on over several lines.
func (m *markdown) html(lines *reading.Segments) {
	if lines.Len() == 0 {
		return
	}
	m.b.html(lines.Value(m.data), m.number(lines.At(0).Start))
}

var tagName = regexp.MustCompile(`^</?([A-Za-z][A-Za-z0-9]*)`)

// inlineHTML reads a tag in a line of text. What is not a tag of a line is text: array<object>.
func (m *markdown) inlineHTML(n *ast.RawHTML) {
	value := n.Segments.Value(m.data)
	if tag := tagName.FindSubmatch(value); tag != nil {
		if name := strings.ToLower(string(tag[1])); !inline[name] && !voids[name] && name != "p" && name != "div" {
			m.b.write(string(value), m.number(n.Segments.At(0).Start))
			return
		}
	}
	m.html(n.Segments)
}

func (m *markdown) code(n ast.Node) {
	m.b.start("pre", m.at, false, false)
	for _, s := range n.Lines().Sliced(0, n.Lines().Len()) {
		m.b.write(string(s.Value(m.data)), m.number(s.Start))
	}
	m.b.end("pre", m.at)
}

var (
	markdownHeading = regexp.MustCompile(`^#{2,6} +\S`)
	markdownLabel   = regexp.MustCompile("^(?:\\*\\*[^*]+\\*\\*|`[^`]+`)[ :]*(?:`[^`]+`)?$")
	markdownRow     = regexp.MustCompile(`^\|?(?: *:?-{3,}:? *\|)+(?: *:?-{3,}:? *)?$`)
	markdownLink    = regexp.MustCompile(`\[[^\]]*\]\([^)\s]+\)`)
)

// isMarkdown reports whether a text is Markdown: several of its lines look like it. A single #
// begins a comment in sample code more often than a heading, and links are in the descriptions of
// samples.
func isMarkdown(data []byte) bool {
	return looksLikeMarkdown(data) && isCheap(data)
}

// maxWork bounds the time that the parser needs for emphasis and links, which grows with the square
// of how many there may be in a paragraph.
const (
	maxWork  = 50_000_000
	maxInset = 100 // blanks in front of an item, and signs of quotation
)

// isCheap reports whether a document can be parsed in time that is linear in its size. No document
// that somebody wrote fails here; what does is read as plain text.
func isCheap(data []byte) bool {
	work, signs := 0, 0
	for l := range bytes.Lines(data) {
		text := bytes.TrimLeft(l, " \t>")
		if len(text) == 0 || text[0] == '\n' || bytes.IndexByte([]byte("|-+*#"), text[0]) >= 0 || text[0] >= '0' && text[0] <= '9' {
			signs = 0
		}
		front := l[:len(l)-len(text)]
		if bytes.Count(front, []byte{'>'}) > maxInset || len(text) > 0 && len(front) > maxInset && bytes.IndexByte([]byte("-+*0123456789"), text[0]) >= 0 {
			return false
		}
		n := bytes.Count(l, []byte{'['}) + bytes.Count(l, []byte{'*'}) + bytes.Count(l, []byte{'_'})
		work += n * (n + 2*signs)
		if signs += n; work > maxWork {
			return false
		}
	}
	return true
}

// looksLikeMarkdown counts the lines that look like Markdown.
func looksLikeMarkdown(data []byte) bool {
	points, comments, links := 0, 0, 0
	for l := range strings.Lines(string(data)) {
		l = strings.TrimLeft(strings.TrimRight(l, "\r\n "), "> ")
		switch {
		case strings.HasPrefix(l, "```") || strings.HasPrefix(l, "~~~"):
			points += 2
		case strings.HasPrefix(l, "##") && markdownHeading.MatchString(l), strings.HasPrefix(l, "# ") && isPathText(l[2:]):
			points += 3
		case isDrawn([]byte(l)):
			points += 3
		case strings.HasPrefix(l, "# "):
			comments = 1
		case markdownLabel.MatchString(l), strings.HasPrefix(l, "|") && markdownRow.MatchString(l), strings.HasPrefix(l, "<div") || strings.HasPrefix(l, "<table"):
			points++
		case !strings.Contains(l, `"`) && markdownLink.MatchString(l):
			links = min(links+1, 2)
		}
		if points+comments+links >= 3 {
			return true
		}
	}
	return false
}
