package refdoc

import (
	"regexp"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
)

// The answers of an operation, below Responses:
//
//	200 OK                             the status, glued or not; often there is none
//	Returned if ...                    when it is given
//	application/json                   media types, perhaps several on one line
//	AuditRecords                       schema, or a JSON type
//	One page of the audit log.         what is said about the schema
//
// Statuses that stand together before any text are the labels of tabs; the answers below belong to them in their order, of
// which a capture usually has the first only. An answer that names no status is the successful one; the heading of its
// sample (200Response) may name it later.

var statusLine = regexp.MustCompile(`^([1-5](?:\d\d|XX)|default)(?:\s*(?:[-–:]\s*)?([A-Z][A-Za-z' -]{0,40}))?$`)

// parseStatusLine reads a status, alone or with its reason phrase.
func parseStatusLine(text string) (status string, ok bool) {
	m := statusLine.FindStringSubmatch(text)
	if m == nil || m[2] == "Response" {
		return "", false
	}
	return m[1], true
}

var sampleStatus = regexp.MustCompile(`^([1-5](?:\d\d|XX)|default)\s*Response$`)

// sampleHeading gives the status of a line such as 200Response, or "".
func sampleHeading(text string) string {
	if m := sampleStatus.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}

// answer is the lines of one answer; status is blank where none is given.
type answer struct {
	status line
	lines  []line
}

// responses reads the lines below Responses.
func (p *page) responses(op *claim.Operation, lines []line) {
	for _, a := range splitAnswers(lines) {
		resp := &claim.Response{Line: a.line()}
		if !a.status.blank() {
			resp.Status, _ = parseStatusLine(a.status.text)
		}
		if resp.Status == "" && len(op.Responses) > 0 {
			p.fail(resp.Line, address(op), "an answer without a status after the first one", "write its status above it, such as 403 Forbidden")
			continue
		}
		if slices.ContainsFunc(op.Responses, func(r *claim.Response) bool { return r.Status == resp.Status }) {
			p.fail(resp.Line, address(op), "a second answer with status "+resp.Status, "remove one of them, or correct the status")
			continue
		}
		p.answer(op, resp, a.lines)
		op.Responses = append(op.Responses, resp)
	}
}

func (a answer) line() int {
	if !a.status.blank() {
		return a.status.number
	}
	return filled(a.lines)[0].number
}

// splitAnswers cuts the lines before each status, and where a second "Returned ..." follows on a whole answer.
func splitAnswers(lines []line) []answer {
	var answers []answer
	tabs := 0 // how many answers at the start are still without lines
	returned := false
	for _, l := range lines {
		_, isStatus := parseStatusLine(l.text)
		says := strings.HasPrefix(l.text, "Returned ")
		switch {
		case isStatus:
			answers = append(answers, answer{status: l})
			returned = false
			continue
		case l.blank() && (len(answers) == 0 || len(answers[len(answers)-1].lines) == 0):
			continue
		case len(answers) == 0 || says && returned:
			answers = append(answers, answer{})
		}
		returned = returned || says
		last := &answers[len(answers)-1]
		last.lines = append(last.lines, l)
	}
	for tabs < len(answers) && !answers[tabs].status.blank() && len(answers[tabs].lines) == 0 {
		tabs++
	}
	return underTabs(answers, tabs)
}

// underTabs gives the answers below a row of statuses to these in their order. The last status of the row is the one
// that got the lines of the first answer; where a status stands further down the row is none.
func underTabs(answers []answer, empty int) []answer {
	if empty == 0 || empty == len(answers) {
		return answers
	}
	row := empty + 1
	for _, a := range answers[row:] {
		if !a.status.blank() {
			return answers
		}
	}
	bodies := [][]line{answers[empty].lines}
	for _, a := range answers[row:] {
		bodies = append(bodies, a.lines)
	}
	out := answers[:row:row]
	for i := range out {
		out[i].lines = nil
	}
	for i, body := range bodies {
		if i < row {
			out[i].lines = body
		} else {
			out = append(out, answer{lines: body})
		}
	}
	return out
}

// answer reads one answer.
func (p *page) answer(op *claim.Operation, resp *claim.Response, lines []line) {
	text, groups := splitMedia(lines)
	for _, g := range groups {
		for i, media := range g.media {
			// A text that no field can hold is about the answer after all.
			intro := p.bodySchema(op, strings.TrimSpace("response "+resp.Status)+" "+media.Type, g.lines, &media.Schema, media.Line)
			if i == 0 {
				text = append(text, intro...)
			}
			resp.Content = append(resp.Content, media)
		}
	}
	if said := prose(text); said != "" {
		resp.Facts.Say(claim.Description, said, filled(text)[0].number)
	}
}

// mediaGroup is media types that stand together, and the lines that hold for all of them.
type mediaGroup struct {
	media []*claim.Media
	lines []line
}

// splitMedia gives the lines before the first media type, and then each group.
func splitMedia(lines []line) (text []line, groups []*mediaGroup) {
	var last *mediaGroup
	for _, l := range lines {
		types := mediaTypes(l.text)
		switch {
		case len(types) > 0 && (last == nil || len(last.lines) > 0 || len(last.media) >= 8):
			last = &mediaGroup{}
			groups = append(groups, last)
		case len(types) == 0 && last == nil:
			text = append(text, l)
		case len(types) == 0 && (!l.blank() || len(last.lines) > 0):
			last.lines = append(last.lines, l)
		}
		for _, name := range types {
			last.media = append(last.media, &claim.Media{Type: name, Line: l.number})
		}
	}
	return text, groups
}
