package refdoc

import (
	"strconv"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// Samples are code, or text behind a row of line numbers, all on one line or each on its own:
//
//	1 2 3 4 { "number": 45, "units": "NANOS" }
//
// Sample code holds the request body as the template literal bodyData, a curl command as --data.

// code reads sample code: the sample of the request body, and what curl commands show.
func (r *reader) code(s section) {
	for i := range s.blocks {
		if b := &s.blocks[i]; b.kind == code && !r.sends() && strings.ContainsAny(b.code[0].text[:1], "{[") {
			r.sampleLines("", withoutGutter(b.code)) // JSON beside a request that has no body
			return
		}
	}
	r.codeLines(trimmedLines(s.blocks), "")
}

// trimmedLines returns the lines of blocks without blanks around them.
func trimmedLines(blocks []block) []line {
	lines := linesOf(blocks)
	for i := range lines {
		lines[i].text = strings.TrimSpace(lines[i].text)
	}
	return lines
}

// codeBlock reads a block of code; status is that of the answer it is in.
func (r *reader) codeBlock(b *block, status string) { r.codeLines(withoutGutter(b.code), status) }

// openingCode reads the message that an operation begins with, if its first line is that of code.
func (r *reader) openingCode(b *block) {
	if b.kind == code && len(b.code) > 1 {
		r.codeBlock(b, "")
	} else if b.isText() && commandAt(b.text) >= 0 {
		r.codeLines([]line{b.line}, "")
	}
}

func (r *reader) codeLines(lines []line, status string) {
	text := joinText(lines)
	if strings.HasPrefix(text, "HTTP/") {
		status, text, lines = message(text, lines)
	}
	if status != "" {
		r.answerValue(status, text, lines)
		return
	}
	if i := strings.Index(text, "bodyData = `"); i >= 0 {
		i += len("bodyData = `")
		r.bodySample(text[i:], lineAt(lines, text, i))
	}
	if head, rest, ok := strings.Cut(text, "\n"); ok && isPathText(head) {
		if _, body, ok := strings.Cut(rest, "\n\n"); ok {
			r.bodySample(body, lineAt(lines, text, len(text)-len(body)))
		}
	}
	for _, c := range commandsIn(lines) {
		r.evidence(c)
	}
}

// message cuts the head of an HTTP answer off.
func message(text string, lines []line) (status, body string, below []line) {
	head, rest, _ := strings.Cut(text, "\n")
	fields := strings.Fields(head)
	if len(fields) > 1 {
		status, _ = parseStatus(fields[1])
	}
	if _, body, ok := strings.Cut(rest, "\n\n"); ok {
		return status, body, lines[strings.Count(text[:len(text)-len(body)], "\n"):]
	}
	return status, "", lines
}

// evidence takes from a curl command what the page does not say: names of query parameters, and the
// shape of the body.
func (r *reader) evidence(c curlCommand) {
	if c.method != r.op.Method {
		return
	}
	if _, ok := baseOf(c.path, r.op.Path); !ok && c.path != r.op.Path {
		return
	}
	for _, name := range c.query {
		bare := strings.TrimSuffix(name, "[]")
		if f := (&field{name: name, line: c.line}); fieldName.MatchString(name) && r.known[fieldKey{"query", name}] == nil && r.known[fieldKey{"query", bare}] == nil {
			r.known[fieldKey{"query", name}] = f
			param := &claim.Param{In: "query", Name: name, Line: c.line}
			param.Facts.Show(claim.Presence, true, c.line)
			r.op.Params = append(r.op.Params, param)
		}
	}
	if c.body != "" {
		r.bodySample(c.body, c.bodyLine)
	}
}

// bodySample reads a sample of the request body.
func (r *reader) bodySample(text string, number int) {
	value := r.value("body", text, number)
	if value == nil || !r.sends() {
		return
	}
	if r.op.Body == nil {
		r.op.Body = &claim.Body{Line: value.Line}
	}
	r.samples.keep(&jsonMedia(&r.op.Body.Content, value.Line).Schema, value)
}

// answerSample reads the samples below a heading such as 200Response.
func (r *reader) answerSample(s section) {
	status := sampleHeading(s.start.text)
	if status == "" && r.status != "" {
		status = r.status
	}
	for i := 0; i < len(s.blocks); i++ {
		b := &s.blocks[i]
		if b.isText() {
			if said, _ := statusOf(b.text); said != "" {
				status = said
				continue
			}
		}
		if b.kind == code {
			r.sampleLines(status, withoutGutter(b.code))
			if status == "" {
				return
			}
			continue
		}
		lines := trimmedLines(s.blocks[i:])
		if text := joinText(lines); strings.ContainsAny(text[lineNumbers(text):], "{[") {
			r.sampleLines(status, lines)
		}
		break
	}
	if status != "" {
		r.answered(status, s.start.number)
	}
}

func (r *reader) sampleLines(status string, lines []line) {
	text := joinText(lines)
	if strings.HasPrefix(text, "HTTP/") {
		status, text, lines = message(text, lines)
	}
	r.answerValue(status, text, lines)
}

// answerValue reads the sample of an answer. Without a status it is the successful one.
func (r *reader) answerValue(status, text string, lines []line) {
	i := lineNumbers(text)
	value := r.value("response "+status, text[i:], lineAt(lines, text, i))
	if value == nil {
		return
	}
	resp := r.answered(status, value.Line)
	r.samples.keep(&jsonMedia(&resp.Content, value.Line).Schema, value)
}

// answered returns the answer with that status, or the successful one, which then gets it; it is
// added if there is none.
func (r *reader) answered(status string, number int) *claim.Response {
	if status == "" {
		return r.success(number)
	}
	if resp := findStatus(r.op, status); resp != nil {
		return resp
	}
	if resp := findStatus(r.op, ""); resp != nil && status[0] <= '3' {
		resp.Status = status
		return resp
	}
	resp := &claim.Response{Status: status, Line: number}
	r.op.Responses = append(r.op.Responses, resp)
	return resp
}

// maxInline is how many values in the text of one part are read.
const maxInline = 4

// withoutSamples reads the samples of a body among its blocks, and returns the other blocks.
func (r *reader) withoutSamples(blocks []block, to *claim.Schema) []block {
	var rest []block
	tried := 0
	for i := 0; i < len(blocks); i++ {
		b := &blocks[i]
		switch {
		case b.kind == code:
			lines := withoutGutter(b.code)
			text := joinText(lines)
			if value := r.value("body", text, lines[0].number); value != nil {
				r.samples.keep(to, value)
			} else {
				r.codeBlock(b, "")
			}
			continue
		case b.isText() && (b.text[0] == '{' || b.text[0] == '[') && tried < maxInline:
			tried++
			lines := linesOf(blocks[i:])
			text := joinText(lines)
			if value, size, err := readValue(r.file, text); err == nil {
				setLines(value, func(l int) int { return lines[min(l-1, len(lines)-1)].number })
				r.samples.keep(to, value)
				last := lineAt(lines, text, size)
				for i+1 < len(blocks) && blocks[i+1].isText() && blocks[i+1].number <= last {
					i++
				}
				continue
			}
		}
		rest = append(rest, *b)
	}
	return rest
}

// jsonMedia returns the media that a JSON sample is of: the first one that is JSON, else the first
// one, else a new one without a name.
func jsonMedia(content *[]*claim.Media, number int) *claim.Media {
	for _, media := range *content {
		if isJSON(media.Type) {
			return media
		}
	}
	if len(*content) == 0 {
		*content = []*claim.Media{{Line: number}}
	}
	return (*content)[0]
}

func isJSON(mediaType string) bool {
	return strings.HasSuffix(mediaType, "/json") || strings.HasSuffix(mediaType, "+json")
}

// value reads the JSON value at the start of a text that begins on the given line. A text that is
// not JSON at all, such as a sentence, is nil; so is a broken value, which is noted.
func (r *reader) value(what, text string, number int) *source.Node {
	trimmed := strings.TrimLeft(text, " \t\n")
	number += strings.Count(text[:len(text)-len(trimmed)], "\n")
	if trimmed == "" || !strings.Contains("{[", trimmed[:1]) {
		return nil
	}
	value, _, err := readValue(r.file, trimmed)
	if e, ok := asError(err); ok {
		r.note(number+max(e.Pos.Line, 1)-1, "the sample of the "+strings.TrimSpace(what)+" is broken: "+e.What, "left out")
		return nil
	}
	setLines(value, func(l int) int { return number - 1 + l })
	return value
}

// lineNumbers returns the length of the row of line numbers 1 2 3 ... at the start of a text.
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

// withoutGutter removes line numbers from code: all in front of it, or one in front of each line.
func withoutGutter(lines []line) []line {
	n := 0
	for n < len(lines) && strings.TrimSpace(lines[n].text) == strconv.Itoa(n+1) {
		n++
	}
	if n > 0 && n < len(lines) {
		return lines[n:]
	}
	out := make([]line, len(lines))
	for i, l := range lines {
		rest, ok := strings.CutPrefix(strings.TrimLeft(l.text, " "), strconv.Itoa(i+1))
		if !ok || len(lines) < 2 {
			return lines
		}
		out[i] = line{l.number, rest}
	}
	return out
}
