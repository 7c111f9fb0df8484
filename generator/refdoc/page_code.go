package refdoc

import (
	"strconv"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// Samples stand behind a row of line numbers, all on one line or each on its own:
//
//	1 2 3 4 { "number": 45, "units": "NANOS" }
//
// The code sample holds the request body as the template literal bodyData.

// bodyMarks stand before the sample of a body in sample code.
var bodyMarks = []string{"bodyData = `", "--data '"}

// code reads the sample of the request body out of the sample code.
func (p *page) code(op *claim.Operation, part section) {
	text := joinText(part.lines)
	for _, mark := range bodyMarks {
		i := strings.Index(text, mark)
		if i < 0 {
			continue
		}
		i += len(mark)
		value := p.sampleValue(op, "body", text[i:], part.lineAt(text, i))
		if value == nil {
			return
		}
		if op.Body == nil {
			op.Body = &claim.Body{Line: value.Line}
		}
		p.samples.keep(&jsonMedia(&op.Body.Content, value.Line).Schema, value)
		return
	}
}

// answerSample reads the sample of an answer, and takes its status for the answer that has none.
func (p *page) answerSample(op *claim.Operation, part section) {
	status := sampleHeading(part.start.text)
	resp := findAnswer(op, status)
	if resp == nil {
		resp = &claim.Response{Status: status, Line: part.start.number}
		op.Responses = append(op.Responses, resp)
	}
	text := joinText(part.lines)
	i := lineNumbers(text)
	if value := p.sampleValue(op, "response "+status, text[i:], part.lineAt(text, i)); value != nil {
		p.samples.keep(&jsonMedia(&resp.Content, value.Line).Schema, value)
	}
}

// findAnswer gives the answer with that status, or the successful one, which then gets it.
func findAnswer(op *claim.Operation, status string) *claim.Response {
	for _, resp := range op.Responses {
		if resp.Status == status {
			return resp
		}
	}
	for _, resp := range op.Responses {
		if resp.Status == "" && status[0] <= '3' {
			resp.Status = status
			return resp
		}
	}
	return nil
}

// jsonMedia gives the media that a JSON sample is of: the first one that is JSON, else the first one, else a new one
// without a name.
func jsonMedia(content *[]*claim.Media, line int) *claim.Media {
	for _, media := range *content {
		if isJSON(media.Type) {
			return media
		}
	}
	if len(*content) == 0 {
		*content = []*claim.Media{{Line: line}}
	}
	return (*content)[0]
}

func isJSON(mediaType string) bool {
	return strings.HasSuffix(mediaType, "/json") || strings.HasSuffix(mediaType, "+json")
}

// lineAt gives the line of the document on which byte i of the joined text stands.
func (s section) lineAt(text string, i int) int {
	if len(s.lines) == 0 {
		return s.start.number
	}
	return s.lines[0].number + strings.Count(text[:i], "\n")
}

// sampleValue reads the JSON value at the start of a text that begins on the given line. A text that is no JSON at all,
// such as a sentence, gives nil; a broken value is an error.
func (p *page) sampleValue(op *claim.Operation, what, text string, line int) *source.Node {
	trimmed := strings.TrimLeft(text, " \t\n")
	line += strings.Count(text[:len(text)-len(trimmed)], "\n")
	if trimmed == "" || !strings.Contains("{[", trimmed[:1]) {
		return nil
	}
	value, _, err := readValue(p.file, trimmed)
	if e, ok := asError(err); ok {
		p.fail(line+max(e.Pos.Line, 1)-1, address(op)+" "+what, "the sample is broken: "+e.What, "correct the sample or remove it")
		return nil
	}
	setLines(value, func(l int) int { return line - 1 + l })
	return value
}

// lineNumbers gives the length of the row of line numbers 1 2 3 ... at the start of a text.
func lineNumbers(text string) int {
	at := 0
	for want := 1; ; want++ {
		rest := strings.TrimLeft(text[at:], " \t\n")
		end := strings.IndexAny(rest, " \t\n")
		if end < 0 || rest[:end] != strconv.Itoa(want) {
			return at
		}
		at = len(text) - len(rest) + end
	}
}
