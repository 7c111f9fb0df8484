package openapi

import (
	"fmt"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// This file finds the location of parameters whose documents omit it or use another word for it.

// places maps a location, in lower case and without hyphens, to the OpenAPI word. It includes the
// words of Swagger 1.2 and common mistakes.
var places = map[string]string{
	"query": "query", "path": "path", "header": "header", "cookie": "cookie", "body": "body", "formdata": "formData", "form": "formData",
	"querystring": "query", "url": "query", "headers": "header", "cookies": "cookie",
}

// maxNameLen bounds the names of locations and types that are looked up.
const maxNameLen = 100

var withoutHyphens = strings.NewReplacer("-", "", "_", "", " ", "")

// placeOf returns the location of a parameter, "" if it is missing or unknown. Fragments are not
// corrected.
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

// nameOf returns the name of a parameter. YAML reads 1 and true as a number and a boolean.
func nameOf(n *source.Node) string {
	name := n.Get("name")
	if name == nil || name.Kind != source.String && name.Kind != source.Number && name.Kind != source.Bool {
		return ""
	}
	return name.Text
}

// notePlace notes that the location of a parameter was guessed.
func (r *Reader) notePlace(n *source.Node, in string) {
	switch said := n.Get("in"); {
	case said.Str() == in:
	case said.Str() == "":
		r.note(n, n.Line, fmt.Sprintf("the parameter %s has no location", quote(nameOf(n))), "read as a parameter in "+quote(in))
	default:
		r.note(n, said.Line, fmt.Sprintf("the parameter %s has the unknown location %s", quote(nameOf(n)), quote(said.Text)), "read as a parameter in "+quote(in))
	}
}

// settlePlaces guesses the location of parameters that have none: the path, if it contains the
// name; the form of a POST, PUT or PATCH; otherwise the query.
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
			r.note(n, n.Line, fmt.Sprintf("the parameter %s has no location, and there already is one in %s", quote(p.Name), quote(in)), "left out")
			continue
		}
		r.spend(n, 1)
		if placed := r.paramIn(n, in); placed != nil {
			out.params = append(out.params, placed)
		}
	}
	return out
}

// consumesForm reports whether a Swagger 2.0 operation takes a form.
func (r *Reader) consumesForm(op *source.Node) bool {
	for _, t := range r.mediaTypes(op, "consumes", r.consumes) {
		if strings.HasPrefix(t.Value, multipart) || strings.HasPrefix(t.Value, urlencoded) {
			return true
		}
	}
	return false
}
