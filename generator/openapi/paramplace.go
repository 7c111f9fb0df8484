package openapi

import (
	"fmt"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// This file finds out where parameters go whose documents do not say so, or say so in other words.

// places is where parameters can go, in small letters and without hyphens: also as Swagger 1.2 wrote it, and people do.
var places = map[string]string{
	"query": "query", "path": "path", "header": "header", "cookie": "cookie", "body": "body", "formdata": "formData", "form": "formData",
	"querystring": "query", "url": "query", "headers": "header", "cookies": "cookie",
}

// maxNameLen bounds the names of places and types that are looked at for what they mean.
const maxNameLen = 100

var withoutHyphens = strings.NewReplacer("-", "", "_", "", " ", "")

// placeOf gives where a parameter says it goes, "" if it does not say so, or names no place. Fragments are taken at their word.
func (r *Reader) placeOf(n *source.Node) string {
	in := n.Get("in").Str()
	if r.fragment {
		return in
	}
	if len(in) > maxNameLen {
		return ""
	}
	return places[withoutHyphens.Replace(strings.ToLower(in))]
}

// nameOf gives the name of a parameter. YAML takes 1 and true for other things than names.
func nameOf(n *source.Node) string {
	name := n.Get("name")
	if name == nil || name.Kind != source.String && name.Kind != source.Number && name.Kind != source.Bool {
		return ""
	}
	return name.Text
}

// notePlace notes a place that is read as another word than the one that is written, or that is not written at all.
func (r *Reader) notePlace(n *source.Node, in string) {
	switch said := n.Get("in"); {
	case said.Str() == in:
	case said.Str() == "":
		r.note(n, n.Line, fmt.Sprintf("the parameter %s does not say where it goes", quote(nameOf(n))), "taken for one in "+quote(in))
	default:
		r.note(n, said.Line, fmt.Sprintf("the parameter %s goes into %s, which there is not", quote(nameOf(n)), quote(said.Text)), "taken for one in "+quote(in))
	}
}

// settlePlaces gives the parameters that do not say where they go the place they most likely have in this operation: the path, if it has
// the name; the form that a POST, PUT or PATCH sends; else the query.
func (r *Reader) settlePlaces(op *source.Node, method, path string, l paramList) paramList {
	if len(l.unplaced) == 0 {
		return l
	}
	form := r.version == Swagger20 && (method == "POST" || method == "PUT" || method == "PATCH") && (len(l.forms) > 0 && r.placeOf(l.forms[0]) != "body" || r.consumesForm(op))
	known := make(map[string]bool, len(l.params))
	for _, p := range l.params {
		known[paramKey(p)] = true
	}
	out := paramList{forms: l.forms}
	for _, p := range l.params {
		n := l.unplaced[p]
		if n == nil {
			out.params = append(out.params, p)
			continue
		}
		in := "query"
		if strings.Contains(path, "{"+p.Name+"}") {
			in = "path"
		} else if form {
			r.notePlace(n, "formData")
			out.forms = append(out.forms[:len(out.forms):len(out.forms)], n)
			continue
		}
		if known[in+":"+p.Name] {
			r.note(n, n.Line, fmt.Sprintf("the parameter %s does not say where it goes, and there is one in %s", quote(p.Name), quote(in)), "left out")
			continue
		}
		r.spend(n, 1)
		if placed := r.paramIn(n, in); placed != nil {
			out.params = append(out.params, placed)
		}
	}
	return out
}

// consumesForm tells whether an operation of Swagger 2.0 takes a form.
func (r *Reader) consumesForm(op *source.Node) bool {
	for _, t := range r.mediaTypes(op, "consumes", r.consumes) {
		if strings.HasPrefix(t.Value, multipart) || strings.HasPrefix(t.Value, urlencoded) {
			return true
		}
	}
	return false
}

// pathQuery cuts off what some writers put behind the path, ?a={a}&b=1, and gives it as parameters of the query.
func (r *Reader) pathQuery(m source.Member) (path string, query []*claim.Param) {
	path, _, _ = strings.Cut(m.Key, "#")
	path, rest, found := strings.Cut(path, "?")
	if path == m.Key || r.fragment {
		return m.Key, nil
	}
	r.note(m.Value, m.Line, fmt.Sprintf("the path %s has more than segments", quote(m.Key)), "cut off at "+quote(path)+", the query read as parameters")
	if !found {
		return path, nil
	}
	seen := map[string]bool{}
	for pair := range strings.FieldsFuncSeq(rest, func(c rune) bool { return c == '&' || c == ';' }) {
		name, value, _ := strings.Cut(pair, "=")
		name = strings.Trim(name, "{}*,")
		if name == "" || seen[name] || !r.spend(m.Value, 1) {
			continue
		}
		seen[name] = true
		p := &claim.Param{In: "query", Name: name, Line: m.Line, Schema: claim.Schema{Line: m.Line}}
		if value != "" && !strings.ContainsAny(value, "{}<>[]:") {
			p.Facts.Say(claim.Example, source.StringNode(value, m.Line), m.Line)
		}
		query = append(query, p)
	}
	return path, query
}
