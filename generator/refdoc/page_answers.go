package refdoc

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
)

// The answers of an operation, below Responses:
//
//	200 OK                             the status, glued or not; often there is none
//	Returned if ...                    when it is given
//	Headers                            as page_fields.go says
//	application/json                   media types, perhaps several on one line
//	AuditRecords                       schema, or a JSON type
//	One page of the audit log.         what is said about the schema
//
// Statuses that are together before any text are the labels of tabs; the answers below belong to
// them in their order, of which a capture usually has the first only. An answer without a status is
// the successful one; the heading of its sample (200Response) may name it later.

var (
	statusLine = regexp.MustCompile(`^(?:(?i:status(?: code)?|code|http(?:/[\d.]+)?(?: status)?|response)\s*:?\s*)?([1-5](?:\d\d|XX|xx)|default)` +
		`(?:\s*(?:[-–—:(]\s*)?([A-Z][A-Za-z' -]{0,40})\)?)?:?$`)
	statusText   = regexp.MustCompile(`^(?i:status(?: code)?:? )?([1-5](?:\d\d|XX|xx))(?:\s*[-–—:]\s*|\s+)(\S.*)$`)
	sampleStatus = regexp.MustCompile(`(?i)^(?:(?:example|sample) )?(?:response )?\(?([1-5](?:\d\d|XX)|default)\)?\s*(?:[a-z ]{0,20}\s)?response(?: (?:example|sample|body))?:?$`)
	statusBehind = regexp.MustCompile(`(?i)^(?:(?:example|sample) )?response \(?([1-5]\d\d)\)?(?: [a-z ]{1,30})?:?$`)
	mediaType    = regexp.MustCompile(`^(?:application|audio|font|image|message|model|multipart|text|video|\*)/[A-Za-z0-9!#$&^_.+*\-]{1,120}$`)
)

// parseStatus reads a status, alone or with its reason phrase.
func parseStatus(text string) (status string, ok bool) {
	m := statusLine.FindStringSubmatch(text)
	if m == nil || m[2] == "Response" {
		return "", false
	}
	return strings.ToUpper(m[1][:1]) + strings.ReplaceAll(m[1][1:], "xx", "XX"), true
}

// sampleHeading returns the status of a line such as 200Response, or "".
func sampleHeading(text string) string {
	if len(text) > 60 {
		return ""
	}
	for _, form := range []*regexp.Regexp{sampleStatus, statusBehind} {
		if m := form.FindStringSubmatch(text); m != nil {
			return m[1]
		}
	}
	return ""
}

// mediaTypes reads a line of nothing but media types, separated by blanks, commas or semicolons.
func mediaTypes(text string) []string {
	if !strings.Contains(text, "/") {
		return nil
	}
	names := strings.FieldsFunc(text, func(c rune) bool { return c == ' ' || c == ',' || c == ';' })
	if len(names) > 8 {
		return nil
	}
	for _, name := range names {
		if !mediaType.MatchString(name) {
			return nil
		}
	}
	return names
}

// answer is the blocks of one answer; status is nil where none is given.
type answer struct {
	status *block
	said   string // what is behind the status on its line
	blocks []block
}

func (a *answer) line() int {
	if a.status != nil {
		return a.status.number
	}
	return a.blocks[0].number
}

// answers reads the blocks below Responses.
func (r *reader) answers(s section) {
	s.blocks = slices.DeleteFunc(slices.Clone(s.blocks), func(b block) bool {
		if b.kind != table || !columnsOf(b.rows[0]).has(statusColumn) || columnsOf(b.rows[0]).has(typeColumn) {
			return false
		}
		r.statusTable(&b)
		return true
	})
	for _, a := range splitAnswers(s.blocks) {
		if a.status == nil && len(a.blocks) == 0 {
			continue
		}
		status := ""
		if a.status != nil {
			status, _ = statusOf(a.status.text)
		}
		r.status = status
		if status == "" && len(r.op.Responses) > 0 {
			r.note(a.line(), "an answer without a status after the first one", "left out; write its status above it, such as 403 Forbidden")
			continue
		}
		resp := findStatus(r.op, status)
		if resp != nil && len(resp.Content)+len(resp.Facts) > 0 && len(a.blocks) > 0 {
			r.note(a.line(), "a second answer with status "+status, "left out")
			continue
		}
		if resp == nil {
			resp = &claim.Response{Status: status, Line: a.line()}
			r.op.Responses = append(r.op.Responses, resp)
		}
		if a.said != "" {
			a.blocks = append([]block{{line: line{a.line(), a.said}}}, a.blocks...)
		}
		r.answer(resp, a.blocks)
	}
}

// statusOf reads a status line, and what is said behind it if it is more than the reason phrase.
func statusOf(text string) (status, said string) {
	if status, ok := parseStatus(text); ok {
		return status, ""
	}
	if m := statusText.FindStringSubmatch(text); m != nil {
		code, _ := strconv.Atoi(m[1])
		if rest, ok := cutPrefixFold(m[2], http.StatusText(code)); ok && code > 0 && strings.Trim(rest, " -–—:") != "" {
			m[2] = strings.TrimLeft(rest, " -–—:")
		}
		return m[1], m[2]
	}
	return "", ""
}

func findStatus(op *claim.Operation, status string) *claim.Response {
	for _, resp := range op.Responses {
		if resp.Status == status {
			return resp
		}
	}
	return nil
}

// splitAnswers cuts the blocks before each status, and where a second "Returned ..." follows on a
// whole answer.
func splitAnswers(blocks []block) []answer {
	var all []answer
	returned := false
	for i := range blocks {
		b := &blocks[i]
		status, said := "", ""
		if b.isText() {
			if status, said = statusOf(b.text); said != "" && !b.strong && b.kind == paragraph && b.glued {
				status = "" // a sentence that begins with a number
			}
		}
		says := strings.HasPrefix(b.text, "Returned ")
		if status != "" {
			all = append(all, answer{status: b, said: said})
			returned = false
			continue
		}
		if len(all) == 0 || says && returned {
			all = append(all, answer{})
		}
		returned = returned || says
		last := &all[len(all)-1]
		last.blocks = append(last.blocks, *b)
	}
	tabs := 0 // how many answers at the start have nothing but their status
	for tabs < len(all) && all[tabs].status != nil && len(all[tabs].blocks) == 0 && all[tabs].said == "" {
		tabs++
	}
	return underTabs(all, tabs)
}

// underTabs assigns the answers below a row of statuses to these in their order. The last status of
// the row is the one that got the blocks of the first answer; where a status is further down the
// row is none.
func underTabs(all []answer, empty int) []answer {
	if empty == 0 || empty == len(all) || all[empty].said != "" {
		return all
	}
	row := empty + 1
	for _, a := range all[row:] {
		if a.status != nil {
			return all
		}
	}
	bodies := [][]block{all[empty].blocks}
	for _, a := range all[row:] {
		bodies = append(bodies, a.blocks)
	}
	out := all[:row:row]
	for i := range out {
		out[i].blocks = nil
	}
	for i, body := range bodies {
		if i < row {
			out[i].blocks = body
		} else {
			out = append(out, answer{blocks: body})
		}
	}
	return out
}

// noSchema is the sentence that a page has where it knows no schema.
const noSchema = "A schema has not been defined for this response code."

// answer reads one answer.
func (r *reader) answer(resp *claim.Response, blocks []block) {
	where := strings.TrimSpace("response " + resp.Status)
	text, groups := r.splitMedia(resp, blocks)
	for _, g := range groups {
		for i, media := range g.media {
			// A text that no field can hold is about the answer after all.
			intro := r.bodySchema(strings.TrimSpace(where+" "+media.Type), g.blocks, &media.Schema, media.Line)
			if i == 0 {
				text = append(text, intro...)
			}
			resp.Content = append(resp.Content, media)
		}
	}
	text = r.answerTables(resp, text)
	text = slices.DeleteFunc(text, func(b block) bool {
		return b.text == noSchema || contentHead.MatchString(b.text) || noise[strings.ToLower(b.text)]
	})
	describe(&resp.Facts, text)
}

// contentHead matches the names of the columns above media type and schema, as a browser copies
// them.
var contentHead = regexp.MustCompile(`(?i)^(?:content|media) type\s*(?:value|schema)$`)

// mediaGroup is media types that are together, and the blocks that hold for all of them.
type mediaGroup struct {
	media  []*claim.Media
	blocks []block
}

// splitMedia returns the blocks before the first media type, and then each group. The headers of
// the answer are read on the way.
func (r *reader) splitMedia(resp *claim.Response, blocks []block) (text []block, groups []*mediaGroup) {
	var last *mediaGroup
	for i := 0; i < len(blocks); i++ {
		b := blocks[i]
		if b.isText() && headingPart(b.text) == headerPart || b.isLine("response headers") {
			end := i + 1
			for end < len(blocks) && !(blocks[end].isText() && (len(mediaTypes(blocks[end].text)) > 0 || contentHead.MatchString(blocks[end].text))) {
				end++
			}
			r.headersOf(resp, blocks[i+1:end])
			i = end - 1
			continue
		}
		if b.kind == table && columnsOf(b.rows[0]).has(schemaColumn) && !columnsOf(b.rows[0]).has(statusColumn) {
			groups = append(groups, r.mediaTable(&b)...)
			last = nil
			continue
		}
		types := mediaTypes(mediaText(&b))
		switch {
		case len(types) > 0 && (last == nil || len(last.blocks) > 0 || len(last.media) >= 8):
			last = &mediaGroup{}
			groups = append(groups, last)
		case len(types) == 0 && last == nil:
			text = append(text, b)
		case len(types) == 0:
			last.blocks = append(last.blocks, b)
		}
		for _, name := range types {
			last.media = append(last.media, &claim.Media{Type: name, Line: b.number})
		}
	}
	return text, groups
}

// mediaText returns a line without the label in front of its media types.
func mediaText(b *block) string {
	if !b.isText() {
		return ""
	}
	text := b.text
	for _, label := range []string{"content type:", "content-type:", "media type:", "produces:", "response schema:"} {
		if rest, ok := cutPrefixFold(text, label); ok {
			text = rest
		}
	}
	return strings.Trim(strings.TrimSpace(text), "`")
}

// leadingTypes takes the media types off that are the first line of blocks.
func leadingTypes(blocks []block) (types []string, rest []block) {
	if len(blocks) > 0 {
		types = mediaTypes(mediaText(&blocks[0]))
	}
	if len(types) > 0 {
		blocks = blocks[1:]
	}
	return types, blocks
}

// mediaTable reads a table of media types and what is sent in them.
func (r *reader) mediaTable(t *block) (groups []*mediaGroup) {
	for _, one := range t.rows[1:] {
		if len(one.cells) < 2 {
			continue
		}
		g := &mediaGroup{}
		for _, name := range mediaTypes(cellText(one.cells[0])) {
			g.media = append(g.media, &claim.Media{Type: name, Line: one.number})
		}
		for _, l := range one.cells[1] {
			if text := oneLine(l.text); text != "" {
				g.blocks = append(g.blocks, block{line: line{l.number, text}})
			}
		}
		if len(g.media) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

// answerTables reads tables in an answer: of its fields, if it has one body, or of statuses.
func (r *reader) answerTables(resp *claim.Response, blocks []block) (rest []block) {
	for i := range blocks {
		b := &blocks[i]
		if b.kind != table {
			if b.kind == code {
				r.codeBlock(b, resp.Status)
				continue
			}
			rest = append(rest, *b)
			continue
		}
		media := jsonMedia(&resp.Content, b.number)
		r.bodySchema(strings.TrimSpace("response "+resp.Status), []block{*b}, &media.Schema, b.number)
	}
	if resp.Status == "" && len(resp.Content) == 0 && len(resp.Facts) == 0 && len(resp.Headers) == 0 && len(r.op.Responses) > 1 {
		r.op.Responses = slices.DeleteFunc(r.op.Responses, func(one *claim.Response) bool { return one == resp })
	}
	return rest
}

// statusTable reads a table of statuses.
func (r *reader) statusTable(t *block) {
	head := columnsOf(t.rows[0])
	found := 0
	for _, one := range t.rows[1:] {
		status, said := statusOf(cellText(head.cell(one, statusColumn)))
		if status == "" {
			continue
		}
		found++
		if findStatus(r.op, status) != nil {
			continue
		}
		resp := &claim.Response{Status: status, Line: one.number}
		for _, c := range []column{descriptionColumn, otherColumn} {
			if text := cellText(head.cell(one, c)); said == "" {
				said = text
			}
		}
		if said != "" {
			resp.Facts.Say(claim.Description, said, one.number)
		}
		if text := cellText(head.cell(one, schemaColumn)); text != "" {
			for _, name := range mediaTypes(text) {
				resp.Content = append(resp.Content, &claim.Media{Type: name, Line: one.number})
			}
			if t, ok := parseCellType(text); ok && len(resp.Content) == 0 {
				t.say(&jsonMedia(&resp.Content, one.number).Schema, one.number)
			}
		}
		r.op.Responses = append(r.op.Responses, resp)
	}
	if found == 0 {
		r.note(t.number, "0 facts from this table of statuses", "check that it was saved whole")
	}
}

// answerFields reads the fields of the successful answer.
func (r *reader) answerFields(s section) {
	resp := r.success(s.start.number)
	types, rest := leadingTypes(s.blocks)
	media := jsonMedia(&resp.Content, s.start.number)
	if len(types) > 0 && media.Type == "" {
		media.Type = types[0]
	}
	intro := r.bodySchema("response", rest, &media.Schema, s.start.number)
	describe(&resp.Facts, intro)
}

// success returns the successful answer, added without a status if there is none.
func (r *reader) success(number int) *claim.Response {
	for _, resp := range r.op.Responses {
		if resp.Status == "" || resp.Status[0] == '2' {
			return resp
		}
	}
	resp := &claim.Response{Line: number}
	r.op.Responses = append(r.op.Responses, resp)
	return resp
}

// answerHeaders reads the headers of the answer above, or of the successful one.
func (r *reader) answerHeaders(s section) {
	r.headersOf(r.answered(r.status, s.start.number), s.blocks)
}

// headersOf reads the headers of an answer.
func (r *reader) headersOf(resp *claim.Response, blocks []block) {
	list := r.fieldsOf(blocks, true, false)
	for _, f := range list.fields {
		if r.isNew("response "+resp.Status+" header", strings.ToLower(f.name), f) {
			resp.Headers = append(resp.Headers, f.param("header"))
		}
	}
	if len(list.fields) == 0 && len(blocks) > 0 {
		r.note(blocks[0].number, "headers of an answer, and none of them is understood", "write name and type on lines of their own")
	}
}

// reason returns the status that a reason phrase stands for, or "".
func reason(phrase string) string {
	for code := 100; phrase != "" && code < 600; code++ {
		if strings.EqualFold(http.StatusText(code), phrase) {
			return strconv.Itoa(code)
		}
	}
	return ""
}
