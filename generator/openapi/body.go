package openapi

import (
	"fmt"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// requestBody reads a request body object. It returns nil if there is none.
func (r *Reader) requestBody(n *source.Node) *claim.Body {
	target, description := r.followObject(n, "the request body")
	switch target {
	case nil:
		return nil
	case n:
		return r.body(n)
	}
	b := r.bodies.once(r, target, r.body)
	if description == nil {
		return b
	}
	own := *b
	own.Facts = r.describe(own.Facts, description)
	return &own
}

func (r *Reader) body(n *source.Node) *claim.Body {
	r.spend(n, 1)
	b := &claim.Body{Line: n.Line}
	for _, m := range n.Members {
		switch m.Key {
		case "description":
			r.sayText(&b.Facts, claim.Description, m)
		case "required":
			r.sayFlag(&b.Facts, claim.Required, m)
		case "content":
			b.Content = r.content(m.Value)
		default:
			r.extra(&b.Facts, m, "a request body")
		}
	}
	return b
}

func (r *Reader) content(n *source.Node) []*claim.Media {
	if !r.object(n, "content") {
		return nil
	}
	all := make([]*claim.Media, 0, len(n.Members))
	for _, m := range n.Members {
		media := readMedia(m.Value, r, m.Key)
		media.Line = m.Line
		all = append(all, media)
	}
	return all
}

// readMedia reads the body in one media type.
func readMedia(n *source.Node, r *Reader, mediaType string) *claim.Media {
	media := &claim.Media{Type: mediaType}
	if n != nil {
		media.Line = n.Line
		r.spend(n, 1)
	}
	if !r.object(n, "the media type") {
		return media
	}
	for _, m := range n.Members {
		switch m.Key {
		case "schema":
			r.schema(m.Value, &media.Schema, 0)
		case "example":
			media.Facts.Say(claim.Example, m.Value, m.Line)
		case "examples":
			r.examples(m, &media.Facts)
		case "encoding":
			if r.object(m.Value, "encoding") {
				if encoding := r.encoding(m.Value); len(encoding.Members) > 0 {
					media.Facts.Say(claim.Encoding, encoding, m.Line)
				}
			}
		default:
			r.extra(&media.Facts, m, "a media type")
		}
	}
	return media
}

// examples reads the first of several named examples. Claims have room for one.
func (r *Reader) examples(m source.Member, f *claim.Facts) {
	if m.Value.Kind == source.Array && len(m.Value.Items) > 0 {
		f.Say(claim.Example, m.Value.Items[0], m.Value.Items[0].Line)
		return
	}
	if !r.object(m.Value, "examples") {
		return
	}
	kept := false
	for _, e := range m.Value.Members {
		example := e.Value
		if example.Kind == source.Object {
			if example, _ = r.follow(example); example == nil {
				continue
			}
		}
		for _, m := range example.Members {
			if m.Key != "value" && m.Key != "externalValue" {
				r.note(m.Value, m.Line, "an example has "+quote(m.Key), "left out")
			}
		}
		value := example.Get("value")
		switch {
		case value == nil && example.Get("externalValue") != nil:
			r.note(e.Value, e.Line, "the example "+quote(e.Key)+" is outside the document", "left out")
		case value != nil && !kept:
			f.Say(claim.Example, value, value.Line)
			kept = true
		}
	}
	if kept && len(m.Value.Members) > 1 {
		r.note(m.Value, m.Line, "there are several examples", "the first is kept")
	}
}

// formBody reads the Swagger 2.0 parameters that are the body (in: body) or its members (in:
// formData).
func (r *Reader) formBody(n *source.Node, forms []*source.Node, op *claim.Operation) {
	var whole, fields []*source.Node
	for _, f := range forms {
		if r.version != Swagger20 {
			r.note(f, f.Line, "a parameter in "+quote(r.placeOf(f))+" belongs to Swagger 2.0", "read as the request body")
		}
		if r.placeOf(f) == "body" {
			whole = append(whole, f)
		} else {
			fields = append(fields, f)
		}
	}
	switch {
	case op.Body != nil:
		r.fail(forms[0], fmt.Sprintf("the operation already has a body in line %d", op.Body.Line), "keep one")
	case len(whole) > 1:
		r.fail(whole[1], fmt.Sprintf("the operation already has a body in line %d", whole[0].Line), "keep one")
	case len(whole) == 1 && len(fields) > 0:
		r.fail(fields[0], fmt.Sprintf("the operation has form parameters and also a body in line %d", whole[0].Line), "keep one")
	case len(whole) == 1:
		op.Body = r.wholeBody(n, whole[0])
	default:
		op.Body = r.formFields(n, fields)
	}
}

func (r *Reader) wholeBody(n, param *source.Node) *claim.Body {
	b := &claim.Body{Line: param.Line}
	var schema claim.Schema
	var media claim.Facts
	for _, m := range param.Members {
		switch m.Key {
		case "in", "name":
		case "description":
			r.sayText(&b.Facts, claim.Description, m)
		case "required":
			r.sayFlag(&b.Facts, claim.Required, m)
		case "schema":
			r.schema(m.Value, &schema, 0)
		case "example":
			media.Say(claim.Example, m.Value, m.Line)
		default:
			if schemaKeywords[m.Key] != unknown && !isExtension(m.Key) {
				r.note(m.Value, m.Line, quote(m.Key)+" is beside the schema of the body", "left out")
				continue
			}
			r.extra(&b.Facts, m, "a body parameter")
		}
	}
	for _, t := range r.mediaTypes(n, "consumes", r.consumes) {
		r.spend(param, 1)
		b.Content = append(b.Content, &claim.Media{Type: t.Value, Line: t.Line, Schema: schema, Facts: media})
	}
	if len(b.Content) == 0 {
		b.Content = []*claim.Media{{Line: param.Line, Schema: schema, Facts: media}}
	}
	return b
}

// formFields makes one body of all form parameters. It is multipart if the operation says so or a
// parameter is a file.
func (r *Reader) formFields(n *source.Node, fields []*source.Node) *claim.Body {
	b := &claim.Body{Line: fields[0].Line}
	schema := claim.Schema{Line: fields[0].Line}
	schema.Facts.Say(claim.Type, "object", fields[0].Line)
	encoding := &source.Node{Kind: source.Object, Line: fields[0].Line}
	lines := map[string]int{}
	file := false
	for _, f := range fields {
		p := &claim.Param{In: "formData", Name: nameOf(f), Line: f.Line}
		if p.Name == "" {
			r.note(f, f.Line, "the form parameter has no name", "left out")
			continue
		}
		if other, twice := lines[p.Name]; twice {
			r.fail(f, fmt.Sprintf("the form parameter %s is already declared in line %d", quote(p.Name), other), "keep one")
			continue
		}
		lines[p.Name] = p.Line
		r.valueOf(f, p, "a form parameter")
		file = file || strings.EqualFold(f.Get("type").Str(), "file")
		member := &claim.Member{Name: p.Name, Schema: p.Schema}
		member.Schema.Line = f.Line
		how := &source.Node{Kind: source.Object, Line: f.Line}
		for _, fact := range p.Facts {
			if fact.Name != claim.Style && fact.Name != claim.Explode {
				member.Schema.Facts = append(member.Schema.Facts, fact)
				continue
			}
			how.Members = append(how.Members, source.Member{Key: string(fact.Name), Line: fact.Line, Value: valueNode(fact)})
		}
		if len(how.Members) > 0 {
			encoding.Members = append(encoding.Members, source.Member{Key: p.Name, Line: f.Line, Value: how})
		}
		schema.Members = append(schema.Members, member)
	}
	var facts claim.Facts
	if len(encoding.Members) > 0 {
		facts.Say(claim.Encoding, encoding, encoding.Line)
	}
	for _, t := range r.formTypes(n, file) {
		b.Content = append(b.Content, &claim.Media{Type: t.Value, Line: t.Line, Schema: schema, Facts: facts})
	}
	return b
}

const (
	multipart  = "multipart/form-data"
	urlencoded = "application/x-www-form-urlencoded"
)

// formTypes returns the form media types of consumes, or the default one.
func (r *Reader) formTypes(n *source.Node, file bool) []claim.Text {
	var all []claim.Text
	for _, t := range r.mediaTypes(n, "consumes", r.consumes) {
		if strings.HasPrefix(t.Value, multipart) || strings.HasPrefix(t.Value, urlencoded) && !file {
			all = append(all, t)
		}
	}
	switch {
	case len(all) > 0:
		return all
	case file:
		return []claim.Text{{Value: multipart, Line: n.Line}}
	}
	return []claim.Text{{Value: urlencoded, Line: n.Line}}
}

// mediaTypes returns the media types of an operation, or those of the document.
func (r *Reader) mediaTypes(op *source.Node, key string, all *source.Node) []claim.Text {
	n := op.Get(key)
	if n == nil {
		n = all
	}
	var types []claim.Text
	for _, t := range r.list(n, source.String, key) {
		if t.Kind == source.String && t.Text != "" {
			types = append(types, claim.Text{Value: t.Text, Line: t.Line})
		}
	}
	return types
}

func valueNode(f claim.Fact) *source.Node {
	if _, ok := f.Value.(bool); ok {
		return &source.Node{Kind: source.Bool, Text: f.Text(), Line: f.Line}
	}
	return source.StringNode(f.Text(), f.Line)
}
