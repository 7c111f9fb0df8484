package openapi

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// paramList is the parameters of an operation or a path item.
type paramList struct {
	params []*claim.Param
	forms  []*source.Node // Swagger 2.0: the parameters that are the body or members of it

	// The nodes of params that have no In yet, because it depends on the operation.
	unplaced map[*claim.Param]*source.Node
}

// over returns l and the parameters of the path item that l does not replace.
func (l paramList) over(shared paramList) paramList {
	if len(shared.params) == 0 && len(shared.forms) == 0 {
		return l
	}
	own := make(map[string]bool, len(l.params))
	for _, p := range l.params {
		own[paramKey(p)] = true
	}
	out := paramList{forms: l.forms, unplaced: maps.Clone(shared.unplaced)}
	if out.unplaced == nil {
		out.unplaced = l.unplaced
	} else {
		maps.Copy(out.unplaced, l.unplaced)
	}
	if len(l.forms) == 0 {
		out.forms = shared.forms
	}
	for _, p := range shared.params {
		if !own[paramKey(p)] {
			out.params = append(out.params, p)
		}
	}
	out.params = append(out.params, l.params...)
	return out
}

// paramKey identifies a parameter. Case does not matter in header names.
func paramKey(p *claim.Param) string {
	if p.In == "header" {
		return "header:" + strings.ToLower(p.Name)
	}
	return p.In + ":" + p.Name
}

// params reads a list of parameters. A parameter that is listed twice counts once, unless its types
// differ.
func (r *Reader) params(n *source.Node) paramList {
	var out paramList
	at := map[string]int{}
	for _, item := range r.list(n, source.Object, "parameters") {
		target, description := r.followObject(item, "the parameter")
		if target == nil {
			continue
		}
		in := r.placeOf(target)
		if in == "body" || in == "formData" {
			r.notePlace(target, in)
			out.forms = append(out.forms, target)
			continue
		}
		var p *claim.Param
		if in == "" && nameOf(target) != "" && !r.fragment {
			p = &claim.Param{Name: nameOf(target), Line: target.Line}
			if out.unplaced == nil {
				out.unplaced = map[*claim.Param]*source.Node{}
			}
			out.unplaced[p] = target
		} else if p = r.sharedParam(item, target, description); p == nil {
			continue
		}
		i, twice := at[paramKey(p)]
		if !twice {
			at[paramKey(p)] = len(out.params)
			out.params = append(out.params, p)
			continue
		}
		if in == "" {
			r.note(item, p.Line, fmt.Sprintf("the parameter %s is already declared in line %d", quote(p.Name), out.params[i].Line), "left out")
			continue
		}
		out.params[i] = r.sameParam(item, out.params[i], p)
	}
	return out
}

// sharedParam reads target, which is item or what item refers to.
func (r *Reader) sharedParam(item, target *source.Node, description *source.Member) *claim.Param {
	if item == target {
		return r.param(target)
	}
	p := r.shared.once(r, target, r.param)
	if p == nil || description == nil {
		return p
	}
	own := *p
	own.Facts = r.describe(own.Facts, description)
	return &own
}

// describe replaces the description in f by the one beside a reference.
func (r *Reader) describe(f claim.Facts, description *source.Member) claim.Facts {
	var out claim.Facts
	r.sayText(&out, claim.Description, *description)
	if len(out) == 0 {
		return f
	}
	return append(out, slices.DeleteFunc(slices.Clone(f), func(f claim.Fact) bool { return f.Name == claim.Description })...)
}

// sameParam merges two parameters of the same name.
func (r *Reader) sameParam(n *source.Node, first, second *claim.Param) *claim.Param {
	a, b := typeOf(&first.Schema), typeOf(&second.Schema)
	if a != "" && b != "" && a != b {
		r.failAt(n, second.Line, fmt.Sprintf("the %s parameter %s is declared twice: its type is %s here and in line %d it is %s",
			second.In, quote(second.Name), b, first.Line, a), "keep the right one")
		return first
	}
	r.note(n, second.Line, fmt.Sprintf("the %s parameter %s is already declared in line %d", second.In, quote(second.Name), first.Line),
		"merged into one, in which the first counts more")
	out := *first
	out.Facts = slices.Clone(first.Facts)
	for _, f := range second.Facts {
		if _, ok := out.Facts.Get(f.Name); !ok {
			out.Facts = append(out.Facts, f)
		}
	}
	if a == "" {
		out.Schema = second.Schema
	}
	return &out
}

// typeOf returns the type of a value for a message, "" if it is not known.
func typeOf(s *claim.Schema) string {
	if ref, ok := s.Facts.Get(claim.Ref); ok {
		return quote(ref.Text())
	}
	t, ok := s.Facts.Get(claim.Type)
	if !ok {
		return ""
	}
	if t.Value == "array" && s.Items != nil {
		if items := typeOf(s.Items); items != "" {
			return "array of " + items
		}
	}
	return t.Text()
}

// param reads a parameter object of OpenAPI 3, or of Swagger 2.0 if it is not part of the body. It
// returns nil for a parameter to be left out, such as a header that OpenAPI describes elsewhere.
func (r *Reader) param(n *source.Node) *claim.Param {
	r.spend(n, 1)
	return r.paramIn(n, r.placeOf(n))
}

// paramIn reads a parameter whose location is in.
func (r *Reader) paramIn(n *source.Node, in string) *claim.Param {
	p := &claim.Param{In: in, Name: nameOf(n), Line: n.Line}
	if !r.place(n, p) {
		return nil
	}
	r.notePlace(n, in)
	r.valueOf(n, p, "a parameter")
	return p
}

// place reports whether a parameter has a valid name and location.
func (r *Reader) place(n *source.Node, p *claim.Param) bool {
	if r.fragment && (p.In == "" || p.Name == "") {
		return true // it may complete a parameter that an overlay's target selects
	}
	switch p.In {
	case "query", "path", "cookie":
	case "header":
		switch strings.ToLower(p.Name) {
		case "accept", "content-type", "authorization":
			r.note(n, n.Line, fmt.Sprintf("the header %s is set by the media type or the security scheme", quote(p.Name)), "left out, as OpenAPI asks")
			return false
		case "host", "content-length", "transfer-encoding", "trailer":
			r.note(n, n.Line, fmt.Sprintf("the header %s is set by HTTP itself", quote(p.Name)), "left out")
			return false
		}
	default:
		if r.fragment {
			r.fail(n, "the parameter "+quote(p.Name)+" has the unknown location "+quote(p.In), "set in to query, path, header or cookie")
			return false
		}
		r.note(n, n.Line, "the parameter has neither a name nor a location", "left out")
		return false
	}
	if p.Name == "" {
		r.note(n, n.Line, "the "+p.In+" parameter has no name", "left out")
		return false
	}
	if (p.In == "header" || p.In == "cookie") && !isToken(p.Name) {
		r.note(n, n.Line, fmt.Sprintf("%s is not a valid name of a %s", quote(p.Name), p.In), "left out")
		return false
	}
	return true
}

// isToken reports whether HTTP allows a name for a header or cookie.
func isToken(name string) bool {
	return !strings.ContainsFunc(name, func(c rune) bool {
		return !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("!#$%&'*+-.^_`|~", c))
	})
}

// valueOf reads a parameter or header and its value. Swagger 2.0 describes the value beside the
// other keywords and OpenAPI 3 in a schema; both are read in either version.
func (r *Reader) valueOf(n *source.Node, p *claim.Param, what string) {
	var beside []source.Member
	p.Schema.Line = n.Line
	for _, m := range n.Members {
		switch m.Key {
		case "in", "name", "collectionFormat":
		case "description":
			r.sayText(&p.Facts, claim.Description, m)
		case "style":
			r.style(m, p)
		case "required", "deprecated", "explode", "allowReserved", "allowEmptyValue":
			r.sayFlag(&p.Facts, claim.Name(m.Key), m)
		case "schema":
			r.schema(m.Value, &p.Schema, 0)
			if required, ok := truth(m.Value.Get("required")); ok && n.Get("required") == nil {
				p.Facts.Say(claim.Required, required, m.Value.Get("required").Line)
			}
		case "content":
			r.contentParam(m.Value, p)
		case "example":
			p.Facts.Say(claim.Example, m.Value, m.Line)
		case "examples":
			r.examples(m, &p.Facts)
		default:
			if schemaKeywords[m.Key] != unknown {
				beside = append(beside, m)
				continue
			}
			r.extra(&p.Facts, m, what)
		}
	}
	if len(beside) > 0 && r.version != Swagger20 && !r.fragment {
		r.note(n, n.Line, fmt.Sprintf("%s is beside the schema of %s", quote(beside[0].Key), what), "read as part of the schema")
	}
	if len(beside) > 0 {
		r.besideSchema(n, beside, p)
	}
	if r.version == Swagger20 {
		t, _ := p.Schema.Facts.Get(claim.Type)
		r.collectionFormat(n, p.In, t.Value == "array", &p.Facts)
	}
}

// styles lists the styles that OpenAPI allows in each location.
var styles = map[string][]string{
	"query": {"form", "spaceDelimited", "pipeDelimited", "deepObject"}, "formData": {"form", "spaceDelimited", "pipeDelimited", "deepObject"},
	"path": {"simple", "label", "matrix"}, "header": {"simple"}, "cookie": {"form"},
}

// style reads the style of a parameter. A style that its location does not allow would produce a
// request that no server understands.
func (r *Reader) style(m source.Member, p *claim.Param) {
	if text, ok := r.text(m); !ok {
		return
	} else if !slices.Contains(styles[p.In], text) {
		r.meaningless(m, fmt.Sprintf("the style %s is not allowed in %s", quote(text), p.In), text, styles[p.In])
		return
	}
	r.sayText(&p.Facts, claim.Style, m)
}

// besideSchema reads schema keywords of the parameter itself. Its schema takes precedence.
func (r *Reader) besideSchema(n *source.Node, members []source.Member, p *claim.Param) {
	own := claim.Schema{Line: n.Line}
	r.keywords(n, members, &own, 0)
	if len(p.Schema.Facts) == 0 && len(p.Schema.Members) == 0 && p.Schema.Items == nil {
		p.Schema = own
		return
	}
	for _, f := range own.Facts {
		if _, ok := p.Schema.Facts.Get(f.Name); !ok {
			p.Schema.Facts = append(p.Schema.Facts, f)
		}
	}
}

// contentParam reads a parameter with a media type, which is kept as x-auditgen-content.
func (r *Reader) contentParam(n *source.Node, p *claim.Param) {
	if !r.object(n, "content") || len(n.Members) == 0 {
		return
	}
	first := n.Members[0]
	if len(n.Members) > 1 {
		r.note(n, n.Line, "the parameter has several media types", "read as "+quote(first.Key))
	}
	p.Facts.Say("x-auditgen-content", source.StringNode(first.Key, first.Line), first.Line)
	if r.object(first.Value, "the media type") {
		r.schema(first.Value.Get("schema"), &p.Schema, 0)
	}
}

// readHeader reads a header of a response.
func readHeader(n *source.Node, r *Reader, name string) *claim.Param {
	target, description := r.followObject(n, "the header")
	if target == nil {
		h := &claim.Param{In: "header", Name: name}
		if n != nil {
			h.Line = n.Line
		}
		return h
	}
	p := *r.headers.once(r, target, func(n *source.Node) *claim.Param {
		r.spend(n, 1)
		h := &claim.Param{In: "header", Line: n.Line}
		r.valueOf(n, h, "a header")
		return h
	})
	p.Name = name
	if description != nil {
		p.Facts = r.describe(p.Facts, description)
	}
	return &p
}
