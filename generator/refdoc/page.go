package refdoc

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// The text of a captured reference page, as a browser gives it when everything is selected and copied. What was a layout
// of columns and tabs comes out as one line after the other, some of them glued together:
//
//	GET                                        the method, alone: an operation begins
//	Get audit records                          its title
//	Lists what the audit log holds. ...        prose, paragraphs and bullet points
//	Permissions required: ...
//	Data Security Policy: ...
//	Scopes
//	ClassicRECOMMENDED:manage:jira-...         or the scopes alone, without a label
//	Granular:read:audit-log:jira, ...
//	Connect app scope requiredREAD             or: Connect apps cannot access this REST resource.
//	Request
//	Query parameters                           each field as page_fields.go says
//	Request bodyapplication/json               the media type is glued on
//	Responses                                  as page_responses.go says
//	GET/wiki/rest/api/audit                    the path, at last, glued to the method
//	1 2 3 ... 12 // a code sample              on one line, behind all its line numbers
//	200Response                                the status of the sample that follows
//	1 2 3 ... 49 { "results": ... }
//
// What stands before the first operation (navigation, title of the page) and between a sample and the next method is
// skipped, whatever it says: only what has a method, and one of Request, Responses and a path line, is an operation. Menus
// that list methods and titles are therefore none.
//
// Known limits. A field without a type is known by its lower case only. A page shows one answer of several, the others
// being behind tabs; their statuses, if they are printed at all, have no description. Expanded schemas are read where
// they look like fields, one level deep.

// page reads one captured page.
type page struct {
	file    string
	errs    source.Collector
	samples samples
	known   *firsts // fields of the operation being read
}

// sectionKind says what the lines of a part of an operation are.
type sectionKind int

const (
	headSection sectionKind = iota
	requestSection
	responsesSection
	codeSection
	sampleSection
)

// section is a part of an operation: the line that starts it and the lines below that.
type section struct {
	kind  sectionKind
	start line
	lines []line
}

// parsePage reads the text of a captured reference page.
func parsePage(f source.File, src *claim.Source) (*claim.Document, error) {
	lines, err := splitLines(f)
	if err != nil {
		return nil, err
	}
	p := &page{file: f.Name}
	doc := &claim.Document{Source: src}
	gluePaths(lines)
	for _, block := range operationBlocks(lines) {
		if op := p.operation(block); op != nil {
			doc.Operations = append(doc.Operations, op)
		}
	}
	p.samples.show()
	refuseTwins(&p.errs, p.file, doc.Operations)
	if len(doc.Operations) == 0 && p.errs.Len() == 0 {
		p.errs.Add(source.Position{File: f.Name}, "",
			"no operation found: looked for a line with a method alone, such as GET, and below it a line with method and path, such as GET/rest/api/3/auditing/record",
			"check that the whole page was captured, or name the format, as in table:FILE")
	}
	if err := p.errs.Err(); err != nil {
		return nil, err
	}
	return doc, nil
}

// gluePaths joins a method and a path that stand on lines of their own, so that they are the path line they are meant as.
func gluePaths(lines []line) {
	method := -1
	for i, l := range lines {
		switch {
		case l.blank():
		case isMethod(l.text):
			method = i
		default:
			if method >= 0 {
				if _, _, ok := parsePathLine("GET" + l.text); ok {
					lines[method].text += l.text
					lines[i].text = ""
				}
			}
			method = -1
		}
	}
}

// operationBlocks cuts the page before each method that stands alone. A page that starts in the middle of an operation
// has its first path line as the start of a block of its own.
func operationBlocks(lines []line) [][]line {
	var blocks [][]line
	start := -1
	for i, l := range lines {
		_, _, isPath := parsePathLine(l.text)
		if isMethod(l.text) || start < 0 && isPath {
			if start >= 0 {
				blocks = append(blocks, lines[start:i])
			}
			start = i
		}
	}
	if start >= 0 {
		blocks = append(blocks, lines[start:])
	}
	return blocks
}

func isMethod(text string) bool {
	switch text {
	case "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS":
		return true
	}
	return false
}

var pathLine = regexp.MustCompile(`^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s*(/[^\s?#]*)(?:[?#]\S*)?$`)

// parsePathLine reads a method with a path, glued together or with a blank between them.
func parsePathLine(text string) (method, path string, ok bool) {
	m := pathLine.FindStringSubmatch(text)
	if m == nil {
		return "", "", false
	}
	if len(m[2]) > 1 {
		m[2] = strings.TrimSuffix(m[2], "/")
	}
	return m[1], m[2], true
}

// sections cuts a block of an operation into its parts.
func sections(block []line) []section {
	parts := []section{{kind: headSection, start: block[0]}}
	for _, l := range block {
		kind := headSection
		switch {
		case l.text == "Request":
			kind = requestSection
		case l.text == "Responses":
			kind = responsesSection
		case sampleHeading(l.text) != "":
			kind = sampleSection
		default:
			if _, _, ok := parsePathLine(l.text); ok {
				kind = codeSection
			}
		}
		if kind != headSection {
			parts = append(parts, section{kind: kind, start: l})
			continue
		}
		last := &parts[len(parts)-1]
		last.lines = append(last.lines, l)
	}
	return parts
}

// operation reads one block, and gives nil where it is no operation.
func (p *page) operation(block []line) *claim.Operation {
	parts := sections(block)
	if len(parts) == 1 {
		return nil
	}
	op := &claim.Operation{Line: block[0].number}
	p.known = &firsts{errs: &p.errs, file: p.file}
	if isMethod(block[0].text) {
		op.Method = block[0].text
		parts[0].lines = parts[0].lines[1:]
	}
	p.findPath(op, parts)
	if op.Path == "" {
		return nil
	}
	for _, part := range parts {
		switch part.kind {
		case headSection:
			p.head(op, part.lines)
		case requestSection:
			p.request(op, part.lines)
		case responsesSection:
			p.responses(op, part.lines)
		case codeSection:
			p.code(op, part)
		case sampleSection:
			p.answerSample(op, part)
		}
	}
	return op
}

// findPath takes method and path from the path line of the block.
func (p *page) findPath(op *claim.Operation, parts []section) {
	title := blockTitle(op, parts)
	found := false
	for _, part := range parts {
		if part.kind != codeSection {
			continue
		}
		found = true
		method, path, _ := parsePathLine(part.start.text)
		switch {
		case op.Path != "" && (op.Path != path || op.Method != method):
			p.fail(part.start.number, title, fmt.Sprintf("a second path, %s %s, after %s %s", method, path, op.Method, op.Path),
				"start the second operation with a line "+method)
		case op.Method != "" && op.Method != method:
			p.fail(part.start.number, title, fmt.Sprintf("the path line says %s and the operation starts with %s on line %d", method, op.Method, op.Line),
				"correct one of them")
		default:
			op.Method, op.Path, op.Line = method, path, part.start.number
		}
	}
	if !found {
		p.fail(op.Line, title, "the operation has no line with its method and path", "add a line such as "+op.Method+"/rest/api/3/auditing/record below its answers")
	}
}

// blockTitle names an operation in messages.
func blockTitle(op *claim.Operation, parts []section) string {
	if lines := filled(parts[0].lines); len(lines) > 0 {
		return strings.TrimSpace(op.Method + " " + fmt.Sprintf("%.80q", lines[0].text))
	}
	return op.Method
}

func (p *page) fail(line int, where, what, do string) {
	p.errs.Add(source.Position{File: p.file, Line: line}, where, what, do)
}

// address names an operation in messages once its path is known.
func address(op *claim.Operation) string { return op.Method + " " + op.Path }

// refuseTwins adds an error for each operation that the document has described before: nobody could say which is meant.
func refuseTwins(errs *source.Collector, file string, ops []*claim.Operation) {
	first := map[string]*claim.Operation{}
	for _, op := range ops {
		if twin := first[address(op)]; twin != nil {
			errs.Add(source.Position{File: file, Line: op.Line}, address(op),
				fmt.Sprintf("described a second time, after line %d", twin.Line), "remove one of them")
			continue
		}
		first[address(op)] = op
	}
}
