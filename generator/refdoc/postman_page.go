package refdoc

import (
	"bytes"
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
// The item is found as JSON that begins a line and has a request; it repeats all that the sample code shows. The curl
// command alone knows the whole path, where the item has {{baseUrl}}: a command with the item's method whose path ends
// with the item's, segment by segment, gives the path, and its line.

// curlCommand is a command on the page.
type curlCommand struct {
	method, path string
	line         int
}

// embeddedItem is an item and the line above which it stands.
type embeddedItem struct {
	node   *source.Node
	offset int
}

// maxAttempts is how many objects of a page may turn out to be broken, so that a page full of braces costs no more than
// that. A whole object is read once, however many there are.
const maxAttempts = 16

// embeddedItems finds the items in a page. broken is the error of something that looks like an item and cannot be read.
func embeddedItems(file, text string) (items []embeddedItem, broken error) {
	at, line := 0, 0 // line is the number of lines above at
	for attempts := 0; at < len(text); {
		end := strings.IndexByte(text[at:], '\n')
		if end < 0 {
			end = len(text) - at
		}
		rest := text[at:]
		step := min(end+1, len(rest))
		if startsObject(rest) && attempts < maxAttempts {
			n, size, err := readValue(file, rest)
			switch {
			case err == nil && isCollection(n):
				items = append(items, embeddedItem{node: n, offset: line})
				step = size
			case err == nil:
				step = size
			default:
				attempts++
				if broken == nil && strings.Contains(rest, `"request"`) && strings.Contains(rest, `"method"`) {
					broken = moved(err, file, line)
				}
			}
		}
		line += strings.Count(rest[:step], "\n")
		at += step
	}
	return items, broken
}

// startsObject tells whether a text starts with a brace and, after blanks, the quote of a key.
func startsObject(text string) bool {
	rest, ok := strings.CutPrefix(text, "{")
	return ok && strings.HasPrefix(strings.TrimLeft(rest, " \t\r\n"), `"`)
}

// page reads the items of a page.
func (c *collection) page(f source.File, lines []line) error {
	items, broken := embeddedItems(f.Name, string(bytes.TrimPrefix(f.Data, []byte("\xef\xbb\xbf"))))
	if len(items) == 0 && broken != nil {
		return broken
	}
	c.curls = curlCommands(lines)
	for _, item := range items {
		c.offset = item.offset
		c.root(item.node)
	}
	return nil
}

// How many commands of a page are read, and how long their paths can be. A page has one; each is held against each item.
const (
	maxCurls    = 100
	maxCurlPath = 512
)

// curlCommands finds the curl commands of a page. A command goes on to the next blank line.
func curlCommands(lines []line) []curlCommand {
	var out []curlCommand
	for i := 0; i < len(lines); i++ {
		if !strings.HasPrefix(lines[i].text, "curl ") {
			continue
		}
		end := i
		for end < len(lines) && !lines[end].blank() {
			end++
		}
		if command, ok := readCurl(lines[i:end]); ok && len(command.path) <= maxCurlPath && len(out) < maxCurls {
			out = append(out, command)
		}
		i = end
	}
	return out
}

// readCurl reads method and path of one command.
func readCurl(lines []line) (command curlCommand, ok bool) {
	var method string
	get, data, previous := false, false, ""
	for _, l := range lines {
		for word := range strings.FieldsSeq(l.text) {
			bare := strings.Trim(word, `"'\`)
			switch {
			case previous == "-X" || previous == "--request":
				method = strings.ToUpper(bare)
			case bare == "-G" || bare == "--get":
				get = true
			case bare == "-d" || strings.HasPrefix(bare, "--data") || bare == "--json":
				data = true
			case command.path == "" && (strings.HasPrefix(bare, "https://") || strings.HasPrefix(bare, "http://")):
				_, path := splitHost(bare)
				command.path, command.line = path, l.number
			}
			previous = bare
		}
	}
	command.method = "GET"
	if data && !get {
		command.method = "POST"
	}
	if method != "" {
		command.method = method
	}
	return command, command.path != ""
}

// fromCurl gives an operation the whole path, where a command on the page has it. A declared base path stands above that.
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

// baseOf gives what a whole path has in front of a shorter one. A path parameter stands for any one segment.
func baseOf(whole, path string) (base string, ok bool) {
	long, short := strings.Split(strings.Trim(whole, "/"), "/"), strings.Split(strings.Trim(path, "/"), "/")
	n := len(long) - len(short)
	if n < 0 || path == "/" {
		return "", false
	}
	for i, part := range short {
		if part != long[n+i] && !strings.HasPrefix(part, "{") {
			return "", false
		}
	}
	if n == 0 {
		return "", true
	}
	return "/" + strings.Join(long[:n], "/"), true
}
