package openapi

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// responseList reads the responses of the operation op.
func (r *Reader) responseList(op, n *source.Node) []*claim.Response {
	if !r.object(n, "responses") {
		return nil
	}
	all := make([]*claim.Response, 0, len(n.Members))
	lines := make(map[string]int, len(n.Members))
	for _, m := range n.Members {
		if isExtension(m.Key) {
			r.note(m.Value, m.Line, quote(m.Key)+" is an extension of responses", "left out")
			continue
		}
		status, ok := statusOf(m.Key)
		if !ok {
			r.meaningless(m, fmt.Sprintf("%s is not a status", quote(m.Key)), "", nil)
			continue
		}
		if line, twice := lines[status]; twice {
			r.note(m.Value, m.Line, fmt.Sprintf("the status %s is already declared in line %d", status, line), "left out")
			continue
		}
		lines[status] = m.Line
		all = append(all, r.response(op, m, status))
	}
	return all
}

// statusOf returns a status as OpenAPI 3 writes it: 404, 4XX or default.
func statusOf(key string) (string, bool) {
	key = strings.ToUpper(strings.TrimSpace(key))
	if key == "DEFAULT" {
		return "default", true
	}
	if len(key) != 3 || key[0] < '1' || key[0] > '5' {
		return "", false
	}
	digits := key[1] >= '0' && key[1] <= '9' && key[2] >= '0' && key[2] <= '9'
	return key, digits || key[1:] == "XX"
}

func (r *Reader) response(op *source.Node, m source.Member, status string) *claim.Response {
	if m.Value.Kind == source.String {
		r.note(m.Value, m.Line, "the response is a string, not an object", "read as its description")
		out := &claim.Response{Status: status, Line: m.Line}
		r.sayText(&out.Facts, claim.Description, source.Member{Key: "description", Line: m.Line, Value: m.Value})
		return out
	}
	out := readResponse(m.Value, r, status, op)
	if !isRef(m.Value) {
		out.Line = m.Line
	}
	return out
}

// readResponse reads a response object. In Swagger 2.0 its media types come from the operation op,
// which may be nil.
func readResponse(n *source.Node, r *Reader, status string, op *source.Node) *claim.Response {
	target, description := r.followObject(n, "the response")
	if target == nil {
		out := &claim.Response{Status: status}
		if n != nil {
			out.Line = n.Line
		}
		return out
	}
	read := func(n *source.Node) *claim.Response { return r.answer(n, op) }
	var out claim.Response
	if target == n || r.version == Swagger20 && op.Get("produces") != nil {
		out = *read(target)
	} else {
		out = *r.responses.once(r, target, read)
	}
	out.Status = status
	if description != nil {
		out.Facts = r.describe(out.Facts, description)
	}
	if r.version == Swagger20 && len(out.Content) == 0 && strings.HasPrefix(status, "2") && status != "204" && status != "205" {
		out.Content = r.unsaid(op)
	}
	return &out
}

// unsaid returns the media types of a successful Swagger 2.0 response without a schema. Strictly
// that is a response without a body, but documents that list produces and no schemas are merely
// incomplete.
func (r *Reader) unsaid(op *source.Node) []*claim.Media {
	var all []*claim.Media
	for _, t := range r.mediaTypes(op, "produces", r.produces) {
		all = append(all, &claim.Media{Type: t.Value, Line: t.Line})
	}
	return all
}

func (r *Reader) answer(n, op *source.Node) *claim.Response {
	r.spend(n, 1)
	out := &claim.Response{Line: n.Line}
	for _, m := range n.Members {
		switch m.Key {
		case "description":
			r.sayText(&out.Facts, claim.Description, m)
		case "headers":
			out.Headers = r.headerList(m.Value)
		case "content":
			out.Content = r.content(m.Value)
		case "schema":
			if r.version != Swagger20 {
				r.note(m.Value, m.Line, "a schema in a response belongs to Swagger 2.0", "read as the body, without a media type")
			}
			out.Content = append(out.Content, r.produced(m.Value, n, op)...)
		case "examples":
			if r.version != Swagger20 {
				r.extra(&out.Facts, m, "a response")
				continue
			}
			r.unproduced(m, op)
		case "links":
			r.note(m.Value, m.Line, "links between operations", "left out")
		default:
			r.extra(&out.Facts, m, "a response")
		}
	}
	return out
}

// unproduced reports the examples of Swagger 2.0 in media types that the operation does not
// produce.
func (r *Reader) unproduced(m source.Member, op *source.Node) {
	produced := r.mediaTypes(op, "produces", r.produces)
	for _, e := range membersOf(m.Value) {
		if !slices.ContainsFunc(produced, func(t claim.Text) bool { return t.Value == e.Key }) {
			r.note(e.Value, e.Line, "the operation does not produce "+quote(e.Key)+", of which there is an example", "left out")
		}
	}
}

func (r *Reader) headerList(n *source.Node) []*claim.Param {
	if !r.object(n, "headers") {
		return nil
	}
	all := make([]*claim.Param, 0, len(n.Members))
	for _, m := range n.Members {
		if strings.EqualFold(m.Key, "Content-Type") || isExtension(m.Key) && m.Value.Kind != source.Object {
			continue
		}
		h := readHeader(m.Value, r, m.Key)
		if !isRef(m.Value) {
			h.Line = m.Line
		}
		all = append(all, h)
	}
	return all
}

// produced returns the body of a Swagger 2.0 response: one schema in all media types of the
// operation.
func (r *Reader) produced(schema, answer, op *source.Node) []*claim.Media {
	var s claim.Schema
	r.schema(schema, &s, 0)
	examples := answer.Get("examples")
	var all []*claim.Media
	for _, t := range r.mediaTypes(op, "produces", r.produces) {
		r.spend(schema, 1)
		media := &claim.Media{Type: t.Value, Line: t.Line, Schema: s}
		if e := examples.Get(t.Value); e != nil {
			media.Facts.Say(claim.Example, e, e.Line)
		}
		all = append(all, media)
	}
	if len(all) == 0 {
		all = []*claim.Media{{Line: schema.Line, Schema: s}}
	}
	return all
}
