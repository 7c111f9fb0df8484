package refdoc

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
)

// part is what the blocks below a heading are about.
type part uint8

const (
	noPart part = iota
	headPart
	requestPart
	queryPart
	pathPart
	headerPart
	cookiePart
	mixedPart // parameters, and nobody says where they go
	bodyPart
	answersPart
	answerBodyPart
	answerHeadersPart
	codePart
	samplePart
	scopesPart
	permissionsPart
	serversPart
	otherPart
)

// places has where the parameters of a part are sent.
var places = map[part]string{queryPart: "query", pathPart: "path", headerPart: "header", cookiePart: "cookie"}

// headings has the headings that are always one, in lower case. In a text they begin with a
// capital.
var headings = meanings(map[part]string{
	requestPart: "request",
	mixedPart:   "parameters,request parameters,params,arguments",
	headerPart:  "headers,request headers,http headers",
	cookiePart:  "cookies",
	answersPart: "responses,response,response codes,status codes,http status codes,http responses,error responses,error codes,success response," +
		"possible responses,response status codes,successful response,http response codes,success responses,error response,failure response,failure responses",
	answerBodyPart:    "response fields,response body,response parameters,response attributes,response properties,response schema,response body fields",
	answerHeadersPart: "response headers",
	codePart: "example,examples,code samples,code sample,sample code,example request,example requests,request example,request examples,sample request," +
		"sample requests,sample call,example call,curl,curl example,curl command,example code,code examples,code example,request samples,request sample,usage",
	samplePart: "example response,example responses,response example,response examples,sample response,sample responses,response samples,response sample," +
		"example result,sample output,example output,content example",
	scopesPart:      "scopes,oauth scopes,oauth 2.0 scopes,required scopes,scopes required,oauth scopes required,oauth 2.0 scopes required",
	permissionsPart: "permissions,permissions required,required permissions",
	serversPart:     "servers,server,base url,base urls,server url",
	headPart:        "description,http request,endpoint,request url,url",
})

// paramHeading matches headings such as "Query parameters" and "Request body fields"; single has
// the words that are a heading only where the syntax says so, or above a table.
var (
	paramHeading = regexp.MustCompile(`^(?:optional |required |available |supported |request |http )?(query|path|uri|url|header|cookie|body|form|payload|multipart|json body)` +
		`(?: string| data| form| request)?(?: (?:parameters?|params?|arguments?|variables?|fields?|attributes|properties|args|schema))$`)
	bodyHeading = regexp.MustCompile(`^(?:request (?:body|payload|fields)|http body|json body)(?: schema)?$`)
	single      = meanings(map[part]string{bodyPart: "body,payload,data,form data", queryPart: "query,query string,query params", pathPart: "path",
		answersPart: "errors,returns,result"})
)

// headingPart returns what a heading is about, or noPart. In a text a heading begins with a
// capital.
func headingPart(text string) part {
	if text == "" || text[0] >= 'a' && text[0] <= 'z' && !lowerHeading.MatchString(text) {
		return noPart
	}
	return markedPart(text)
}

// lowerHeading matches headings that one kind of page begins with a small letter.
var lowerHeading = regexp.MustCompile(`^(?:query|path|header|cookie) Parameters$`)

// markedPart does the same for a line that is known to be a heading.
func markedPart(text string) part {
	if len(text) > 60 {
		return noPart
	}
	name := headingName(text)
	if of, ok := headings[name]; ok {
		return of
	}
	if m := paramHeading.FindStringSubmatch(name); m != nil {
		switch m[1] {
		case "query":
			return queryPart
		case "path", "uri", "url":
			return pathPart
		case "header":
			return headerPart
		case "cookie":
			return cookiePart
		}
		return bodyPart
	}
	if bodyHeading.MatchString(name) {
		return bodyPart
	}
	if _, ok := cutPrefixFold(text, "request body"); ok && len(bodyTypes(text)) > 0 {
		return bodyPart
	}
	if sampleHeading(text) != "" {
		return samplePart
	}
	return noPart
}

func headingName(text string) string {
	name := strings.ToLower(strings.Trim(text, " :#*"))
	for _, more := range []string{" (optional)", " (required)", " (json)"} {
		name = strings.TrimSuffix(name, more)
	}
	return name
}

// partOf returns what the blocks below a block are about, if it is a heading.
func partOf(b, next *block) part {
	if !b.isText() {
		return noPart
	}
	of := headingPart(b.text)
	marked := b.kind == heading || b.strong || next != nil && next.kind == table
	if of == noPart && marked {
		name := headingName(b.text)
		if of = markedPart(b.text); of == noPart {
			of = single[name]
		}
		if of == noPart && next != nil && next.kind == table && b.kind != item && !strings.HasSuffix(b.text, ".") {
			of = looseHeading(name)
		}
	}
	return of
}

// looseHeading finds out what a table is about from the words of the line above it.
func looseHeading(name string) part {
	for _, one := range looseHeadings {
		missing := func(word string) bool { return !strings.Contains(name, word) }
		if !slices.ContainsFunc(strings.Fields(one.words), missing) {
			return one.part
		}
	}
	return noPart
}

// looseHeadings are the words that a line above a table has, the more telling ones first.
var looseHeadings = []struct {
	words string
	part  part
}{
	{"response header", answerHeadersPart}, {"response code", answersPart}, {"response status", answersPart}, {"response", answerBodyPart},
	{"body", bodyPart}, {"header", headerPart}, {"query", queryPart}, {"path", pathPart}, {"cookie", cookiePart}, {"parameter", mixedPart},
}

// section is a part of an operation: its heading and the blocks below.
type section struct {
	part   part
	start  block
	blocks []block
}

// split cuts the blocks of an operation at its headings.
func split(blocks []block) []section {
	all := []section{{part: headPart}}
	for i := range blocks {
		b := &blocks[i]
		var next *block
		if i+1 < len(blocks) {
			next = &blocks[i+1]
		}
		last := &all[len(all)-1]
		of := partOf(b, next)
		switch {
		case last.part == answersPart && of == headerPart, of == answersPart && last.part == answersPart && b.kind != heading:
			of = noPart // the headers of an answer, or one word of it
		case last.part == headPart && (of == scopesPart || of == permissionsPart):
			of = noPart // who may call it is part of the head
		case of != noPart:
		case b.isText() && isPathText(b.text):
			of = codePart
		case last.part != answersPart && (last.part != samplePart && last.part != codePart || b.kind == heading) && statusAlone(b):
			all = append(all, section{part: answersPart, start: *b, blocks: []block{*b}})
			continue
		case b.kind == heading && last.closedBy(b, next):
			of = otherPart
		}
		if of == noPart {
			last.blocks = append(last.blocks, *b)
			continue
		}
		all = append(all, section{part: of, start: *b})
	}
	return all
}

// statusAlone reports whether a block is a status with its reason, marked as a heading or a label.
func statusAlone(b *block) bool {
	if !b.isText() || b.kind != heading && !b.strong {
		return false
	}
	_, ok := parseStatus(b.text)
	return ok && strings.ContainsAny(b.text[:1], "12345HS")
}

// closedBy reports whether a heading that says nothing ends a section: it is at least as high as
// the one at its start.
func (s *section) closedBy(b, next *block) bool {
	if s.start.kind != heading || s.part == headPart || b.level > s.start.level {
		return false
	}
	if next != nil && next.kind == table {
		return true
	}
	_, isStatus := parseStatus(b.text)
	isField := fieldName.MatchString(b.text) && (s.part == headerPart || strings.ToLower(b.text[:1]) == b.text[:1])
	return !isStatus && len(mediaTypes(b.text)) == 0 && !isField
}

// section reads one part of an operation.
func (r *reader) section(s section) {
	switch s.part {
	case headPart:
		r.head(s)
	case scopesPart, permissionsPart:
		s.blocks = append([]block{s.start}, s.blocks...)
		r.head(s)
	case serversPart:
		r.servers(s.blocks)
	case requestPart:
		r.unheaded(s)
	case queryPart, pathPart, headerPart, cookiePart:
		r.parameters(places[s.part], s)
	case mixedPart:
		r.parameters("", s)
	case bodyPart:
		r.body(s)
	case answersPart:
		r.answers(s)
	case answerBodyPart:
		r.answerFields(s)
	case answerHeadersPart:
		r.answerHeaders(s)
	case codePart:
		r.code(s)
	case samplePart:
		r.answerSample(s)
	default:
		r.other(s)
	}
}

// other looks at a part that has no meaning here, for what looks as if it should have one.
func (r *reader) other(s section) {
	for i := range s.blocks {
		b := &s.blocks[i]
		if b.kind == table && columnsOf(b.rows[0]).fields() {
			r.note(b.number, fmt.Sprintf("the table below %.80q is of no known kind", s.start.text),
				"left out; call it Request headers, Query parameters, Path parameters, Request body fields or Response fields")
		}
	}
}

// DataPolicy is the extension that keeps the line "Data Security Policy: ..." of a page.
const DataPolicy claim.Name = "x-auditgen-data-security-policy"

// Experimental is the extension by which Atlassian's own documents mark what a page calls
// experimental.
const Experimental claim.Name = "x-experimental"

var (
	permissionsLabel = regexp.MustCompile(`(?i)^(?:required permissions?|permissions?(?: required)?)\s*:\s*(.*)$`)
	policyLabel      = regexp.MustCompile(`(?i)^data security policy\s*:\s*(.+)$`)
	scopesLabel      = regexp.MustCompile(`(?i)^(?:required |oauth(?: ?2(?:\.0)?)? )*scopes?(?: required)?\s*:\s*(\S.*)$`)
	scopeLabel       = regexp.MustCompile(`^(Classic|Granular)\s*(?:\(?[A-Z]{2,}\)?)?\s*(?::\s*(.*))?$`)
	noScopes         = regexp.MustCompile(`(?i)^(?:none|no scopes?|not required)\b`)
	scopeBadge       = regexp.MustCompile(`^[A-Z]{4,}\s*:?$`)
	scopeName        = regexp.MustCompile(`^[A-Za-z][\w-]*(?::[\w.-]+)+$`)
	oneWordScope     = regexp.MustCompile(`^[a-z][a-z0-9_.-]{1,40}$`)
	connectScope     = regexp.MustCompile(`^(?:Connect )?[Aa]pp scope required\s*:?\s*([A-Z_]+)$`)
	connectNone      = regexp.MustCompile(`^Connect apps cannot access this\b`)
)

// pageHead reads title, prose and access of an operation.
type pageHead struct {
	r           *reader
	prose       []block
	permissions []block // the label's own text first
	inList      bool    // the list of permissions goes on
	scopes      map[claim.Name][]string
	scopeLines  map[claim.Name]int
	scopesOf    claim.Name // which scopes the lines now are; empty outside of the list
	headed      bool       // the list has a heading, so that a scope may be one word
}

// head reads the blocks between the title and what is sent.
func (r *reader) head(s section) {
	h := &pageHead{r: r, scopes: map[claim.Name][]string{}, scopeLines: map[claim.Name]int{}}
	for i := range s.blocks {
		b := &s.blocks[i]
		switch {
		case b.kind == code && i > 0 && isAnswer.MatchString(s.blocks[i-1].text) && strings.ContainsAny(b.code[0].text, "{["):
			r.sampleLines("", withoutGutter(b.code))
			if n := len(h.prose); n > 0 && h.prose[n-1].number == s.blocks[i-1].number {
				h.prose = h.prose[:n-1] // the line that announces it
			}
		case b.kind == code:
			r.codeBlock(b, "")
		case b.kind == table:
			r.headTable(b)
		case len(h.prose) > 0 && strings.EqualFold(b.text, "copy"):
		default:
			h.line(b)
		}
	}
	h.finish()
}

// isAnswer matches a line that announces the sample of an answer.
var isAnswer = regexp.MustCompile(`(?i)\b(?:returns?|responses?|results?|answers?)\b.{0,80}:?$`)

// headTable reads a table above all headings: of fields, if its columns say where they go, or of
// answers.
func (r *reader) headTable(b *block) {
	head := columnsOf(b.rows[0])
	switch {
	case head.has(statusColumn) && !head.has(nameColumn):
		r.statusTable(b)
	case head.fields() && head.has(inColumn):
		r.parameters("", section{part: mixedPart, start: *b, blocks: []block{*b}})
	case head.fields() && head.has(typeColumn):
		r.note(b.number, "a table of fields below no heading that is known",
			"left out; call it Request headers, Query parameters, Path parameters, Request body fields or Response fields")
	}
}

// line reads one line below the title.
func (h *pageHead) line(b *block) {
	if h.access(b) {
		return
	}
	if b.isLine(",") && len(h.scopes) > 0 {
		return
	}
	if h.addScopes(b) {
		return
	}
	h.scopesOf = ""
	if h.inList && b.kind == item {
		h.permissions = append(h.permissions, *b)
		return
	}
	h.inList = false
	h.prose = append(h.prose, *b)
}

// access reads the lines that have a label.
func (h *pageHead) access(b *block) bool {
	facts := &h.r.op.Facts
	if m := permissionsLabel.FindStringSubmatch(b.text); m != nil && len(h.permissions) == 0 {
		label := *b
		label.text = m[1]
		h.permissions = []block{label}
		h.inList = m[1] == "" || strings.HasSuffix(m[1], ":")
		return true
	}
	if m := policyLabel.FindStringSubmatch(b.text); m != nil {
		facts.Say(DataPolicy, m[1], b.number)
		return true
	}
	if m := connectScope.FindStringSubmatch(b.text); m != nil {
		facts.Say(claim.ConnectScope, m[1], b.number)
		return true
	}
	if m := scopesLabel.FindStringSubmatch(b.text); m != nil {
		if noScopes.MatchString(m[1]) {
			return true
		}
		list := *b
		list.text = strings.ReplaceAll(m[1], "`", "")
		h.scopesOf, h.headed = claim.Scopes, !strings.Contains(m[1], " ")
		if h.addScopes(&list) {
			return true
		}
	}
	part := headingPart(b.text)
	if b.kind == heading || b.strong {
		part = markedPart(b.text)
	}
	switch {
	case connectNone.MatchString(b.text):
		facts.Say(claim.ConnectScope, "none", b.number)
	case part == scopesPart:
		h.scopesOf, h.headed = claim.Scopes, true
	case part == permissionsPart:
		h.permissions, h.inList = []block{{line: line{number: b.number}}}, true
	case strings.EqualFold(b.text, "deprecated"), strings.EqualFold(b.text, "experimental"):
		h.r.badge(strings.ToLower(b.text), b.number)
	default:
		return false
	}
	return true
}

// addScopes reads a line of the list of scopes. Without a heading, all words of the line must have
// the colon of a scope.
func (h *pageHead) addScopes(b *block) bool {
	text, of := b.text, h.scopesOf
	listed := of != ""
	if listed && noScopes.MatchString(text) {
		return true
	}
	if listed && scopeBadge.MatchString(text) {
		return true // RECOMMENDED, where it is not glued to its label
	}
	m := scopeLabel.FindStringSubmatch(text)
	if m != nil && listed {
		text, of = m[2], claim.Scopes
		if m[1] == "Granular" {
			of = claim.Granular
		}
	}
	if !listed {
		of = claim.Scopes
	}
	names := strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c == ' ' || c == '\t' || c == '`' })
	for _, name := range names {
		if !scopeName.MatchString(name) && !(listed && h.headed && len(names) == 1 && oneWordScope.MatchString(name)) {
			return false
		}
	}
	if len(names) == 0 && (m == nil || !listed) {
		return false
	}
	if listed {
		h.scopesOf = of
	}
	if len(names) > 0 && h.scopeLines[of] == 0 {
		h.scopeLines[of] = b.number
	}
	h.scopes[of] = append(h.scopes[of], names...)
	h.inList = false
	return true
}

// finish states what was gathered over several lines.
func (h *pageHead) finish() {
	facts := &h.r.op.Facts
	h.lastWord()
	describe(facts, h.prose)
	var permissions []string
	for _, b := range h.permissions {
		if b.text != "" {
			permissions = append(permissions, b.text)
		}
	}
	if len(permissions) > 0 {
		text := strings.Join(permissions, "; ")
		if first := permissions[0]; strings.HasSuffix(first, ":") && len(permissions) > 1 {
			text = first + " " + strings.Join(permissions[1:], "; ")
		}
		facts.Say(claim.Permissions, text, h.permissions[0].number)
	}
	for _, of := range []claim.Name{claim.Scopes, claim.Granular} {
		if len(h.scopes[of]) > 0 {
			facts.Say(of, h.scopes[of], h.scopeLines[of])
		}
	}
}

// lastWord takes a scope of one word that is the last line of the head of a page: prose does not
// end with a word in lower case on a line of its own.
func (h *pageHead) lastWord() {
	n := len(h.prose)
	if n < 2 || !h.r.bare || len(h.scopes[claim.Granular]) > 0 {
		return
	}
	last := &h.prose[n-1]
	if last.kind != paragraph || last.level > 0 || !oneWordScope.MatchString(last.text) {
		return
	}
	h.scopes[claim.Scopes] = append([]string{last.text}, h.scopes[claim.Scopes]...)
	h.scopeLines[claim.Scopes] = last.number
	h.prose = h.prose[:n-1]
}

// servers reads the URLs below the heading Servers.
func (r *reader) servers(blocks []block) {
	for i := range blocks {
		url := strings.Trim(blocks[i].text, "`")
		switch {
		case !blocks[i].isText():
		case strings.Contains(url, "://") && !strings.Contains(url, " "):
			r.server(url, blocks[i].number)
		default:
			r.head(section{blocks: blocks[i:]})
			return
		}
	}
}

func (r *reader) server(url string, number int) {
	for _, known := range r.doc.Servers[:min(len(r.doc.Servers), 100)] {
		if known.URL == url {
			return
		}
	}
	if len(r.doc.Servers) < 100 {
		r.doc.Servers = append(r.doc.Servers, claim.Server{URL: url, Line: number})
	}
}
