package refdoc

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
)

// parameterHeadings say which parameters follow.
var parameterHeadings = map[string]string{
	"query parameters": "query", "query parameter": "query",
	"path parameters": "path", "path parameter": "path",
	"header parameters": "header", "header parameter": "header", "headers": "header", "request headers": "header",
	"cookie parameters": "cookie", "cookies": "cookie",
}

var mediaType = regexp.MustCompile(`^(?:application|audio|font|image|message|model|multipart|text|video|\*)/[A-Za-z0-9!#$&^_.+*\-]{1,120}$`)

// mediaTypes reads a line of nothing but media types, separated by blanks, commas or semicolons.
func mediaTypes(text string) []string {
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

// request reads the lines below Request: lists of parameters and the body, each under a heading.
func (p *page) request(op *claim.Operation, lines []line) {
	start, in := 0, ""
	for i := 0; i <= len(lines); i++ {
		heading := i == len(lines)
		if !heading {
			_, isList := parameterHeadings[strings.ToLower(lines[i].text)]
			heading = isList || strings.HasPrefix(lines[i].text, "Request body")
		}
		if !heading {
			continue
		}
		part := lines[start:i]
		switch in {
		case "":
			p.unheaded(op, part)
		case "body":
			p.body(op, part)
		default:
			p.parameters(op, in, part[1:])
		}
		if start = i; i < len(lines) {
			in = parameterHeadings[strings.ToLower(lines[i].text)]
			if in == "" {
				in = "body"
			}
		}
	}
}

// unheaded reads what stands under Request before any heading. Usually that is the sentence that there are no parameters.
func (p *page) unheaded(op *claim.Operation, lines []line) {
	r := &fieldReader{lines: lines}
	r.read()
	for _, f := range r.fields {
		p.fail(f.line, address(op), fmt.Sprintf("the field %.80s stands under Request and under no heading", f.name),
			"put it under Query parameters, Path parameters, Header parameters or Request body")
	}
}

// parameters reads the parameters of one place.
func (p *page) parameters(op *claim.Operation, in string, lines []line) {
	r := &fieldReader{lines: lines, header: in == "header"}
	r.read()
	for _, f := range r.fields {
		if p.known.isNew(op, in, f.name, f) && !addHeader(op, in, f) {
			op.Params = append(op.Params, f.param(in))
		}
	}
}

// addHeader takes care of the headers that are no parameters, as OpenAPI has it too: Content-Type is the media type of
// the body, Accept the choice among those of the answer, Authorization a matter of security.
func addHeader(op *claim.Operation, in string, f *field) bool {
	if in != "header" {
		return false
	}
	switch strings.ToLower(f.name) {
	case "content-type":
		media := &claim.Media{Line: f.line}
		if said, ok := f.facts.Get(claim.Default); ok {
			media.Type, media.Line = jsonText(said), said.Line
		}
		if op.Body == nil {
			op.Body = &claim.Body{Line: f.line}
		}
		if len(op.Body.Content) == 0 {
			op.Body.Content = []*claim.Media{media}
		}
		if first := op.Body.Content[0]; first.Type == "" {
			first.Type = media.Type
		}
		return true
	case "accept", "authorization":
		return true
	}
	return false
}

// maxBodyMedia is in how many media types a body can be sent. Nobody has more than three.
const maxBodyMedia = 50

// body reads a request body: its media types stand on the heading or on the first line below it.
func (p *page) body(op *claim.Operation, lines []line) {
	heading := lines[0]
	rest, types, at := lines[1:], mediaTypes(strings.TrimPrefix(heading.text, "Request body")), heading.number
	if text := filled(rest); len(types) == 0 && len(text) > 0 {
		if below := mediaTypes(text[0].text); len(below) > 0 {
			types, at = below, text[0].number
			for rest[0].number <= at {
				rest = rest[1:]
				if len(rest) == 0 {
					break
				}
			}
		}
	}
	if len(types) == 0 {
		types = []string{""}
	}
	if op.Body == nil {
		op.Body = &claim.Body{Line: heading.number}
	}
	if len(op.Body.Content) > maxBodyMedia {
		p.fail(heading.number, address(op), fmt.Sprintf("a body in more than %d media types", maxBodyMedia), "remove some of them")
		return
	}
	for i, name := range types {
		media := bodyMedia(op.Body, name, at)
		intro := p.bodySchema(op, strings.TrimSpace("body "+name), rest, &media.Schema, heading.number)
		if text := prose(intro); i == 0 && text != "" {
			op.Body.Facts.Say(claim.Description, text, filled(intro)[0].number)
		}
	}
}

// bodyMedia gives the media of that type, or the one that has no type yet, or a new one.
func bodyMedia(body *claim.Body, name string, line int) *claim.Media {
	for _, media := range body.Content {
		if media.Type == name || media.Type == "" {
			media.Type = name
			return media
		}
	}
	media := &claim.Media{Type: name, Line: line}
	body.Content = append(body.Content, media)
	return media
}

// bodySchema reads what is said about a body and gives the text before that.
func (p *page) bodySchema(op *claim.Operation, where string, lines []line, to *claim.Schema, at int) (intro []line) {
	r := &fieldReader{lines: lines, body: true}
	r.read()
	if r.whole != nil {
		if p.known.isNew(op, where, "(type)", r.whole) {
			r.whole.schema(to)
		}
	}
	if len(r.fields) == 0 {
		return r.intro
	}
	if r.whole == nil {
		to.Line = at
		showNew(to, claim.Type, "object", at)
	}
	for _, f := range r.fields {
		switch {
		case !p.known.isNew(op, where, f.name, f):
		case f.name == "*":
			to.Additional = &claim.Schema{Line: f.line}
			f.schema(to.Additional)
		default:
			m := &claim.Member{Name: f.name, Schema: claim.Schema{Line: f.line}}
			f.schema(&m.Schema)
			to.Members = append(to.Members, m)
		}
	}
	return r.intro
}
