package refdoc

import (
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// A page about one item of a collection:
//
//	... sample code, with a sample of the answer as comments ...
//	Curl Command
//	curl -G -d "startDate=%3Cstring%3E"
//		-d "limit=1000"
//	https://your-domain.atlassian.net/wiki/rest/api/audit
//	Postman Collection Item JSON
//	{ "name": "Get audit records", "request": ..., "response": ... }
//
// The item is found as JSON that begins a line and has a request; it repeats all that the sample
// code shows. The curl command alone knows the whole path, where the item has {{baseUrl}}: a
// command with the item's method whose path ends with the item's, segment by segment, gives the
// path, and its line.

// maxAttempts is how many objects of a page may turn out to be broken, so that a page full of
// braces costs no more than that. A whole object is read once, however many there are.
const maxAttempts = 16

// embeddedItems finds the items in a page. broken is the error of something that looks like an item
// and cannot be read.
func embeddedItems(file string, lines []line) (items []*source.Node, broken error) {
	text := joinText(lines)
	at, n := 0, 0 // n is the index of the line that begins at byte at
	for attempts := 0; at < len(text); {
		end := strings.IndexByte(text[at:], '\n')
		if end < 0 {
			end = len(text) - at
		}
		rest := text[at:]
		step := min(end+1, len(rest))
		if blanks := len(rest) - len(strings.TrimLeft(rest, " \t")); startsObject(rest[blanks:]) && attempts < maxAttempts {
			value, size, err := readValue(file, rest[blanks:])
			switch {
			case err == nil && isCollection(value):
				first := n
				setLines(value, func(l int) int { return lines[min(first+l-1, len(lines)-1)].number })
				items = append(items, value)
				step = blanks + size
			case err == nil:
				step = blanks + size
			default:
				attempts++
				if broken == nil && strings.Contains(rest, `"request"`) && strings.Contains(rest, `"method"`) {
					broken = movedTo(err, file, lines[n:])
				}
			}
		}
		n += strings.Count(rest[:step], "\n")
		at += step
	}
	return items, broken
}

// startsObject reports whether a text starts with a brace and, after blanks, the quote of a key.
func startsObject(text string) bool {
	rest, ok := strings.CutPrefix(text, "{")
	return ok && strings.HasPrefix(strings.TrimLeft(rest, " \t\r\n"), `"`)
}

// movedTo gives an error about lines of a file the position in the file.
func movedTo(err error, name string, lines []line) error {
	e, ok := asError(err)
	if !ok || e.Pos.Line < 1 {
		return moved(err, name, 0)
	}
	return moved(err, name, lines[min(e.Pos.Line, len(lines))-1].number-e.Pos.Line)
}

// itemsIn finds the items in a page of any syntax, and returns its lines. JSON in Markdown that is
// not marked as code is found in the text.
func itemsIn(f source.File) (items []*source.Node, lines []line, err error) {
	blocks, err := blocksOf(f)
	if err != nil {
		return nil, nil, err
	}
	lines = linesOf(blocks)
	items, err = embeddedItems(f.Name, lines)
	if len(items) > 0 || !isMarkdown(f.Data) {
		return items, lines, err
	}
	text, _ := splitLines(f)
	items, err = embeddedItems(f.Name, plain(text))
	return items, plain(text), err
}

// page reads the items of a page.
func (c *collection) page(f source.File) error {
	items, lines, err := itemsIn(f)
	if len(items) == 0 && err != nil {
		return err
	}
	c.curls = commandsIn(lines)
	for _, item := range items {
		c.root(item)
	}
	return nil
}

// fromCurl gives an operation the whole path, where a command on the page has it. A declared base
// path is stronger.
func (c *collection) fromCurl(op *claim.Operation) {
	if c.based {
		return
	}
	for _, command := range c.curls {
		if command.method != op.Method {
			continue
		}
		if base, ok := baseOf(command.path, op.Path); ok {
			op.Path, op.Line = base+op.Path, command.line
			return
		}
	}
}
