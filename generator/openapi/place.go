package openapi

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// locate fills in the Pointer and Where of reports in one walk through the document. Tracking them
// while reading would cost a pointer per value.
func (r *Reader) locate(reports []report) {
	wanted := map[*source.Node][]*source.Error{}
	for _, rep := range reports {
		if rep.at != nil && rep.err.Pos.Pointer == "" && rep.err.Where == "" {
			wanted[rep.at] = append(wanted[rep.at], rep.err)
		}
	}
	if len(wanted) > 0 {
		l := &locator{wanted: wanted, basePath: r.basePath}
		l.visit(r.root)
	}
}

type locator struct {
	wanted   map[*source.Node][]*source.Error
	basePath string
	keys     []string
	nodes    []*source.Node // the value at each of keys
}

func (l *locator) visit(n *source.Node) {
	for _, err := range l.wanted[n] {
		err.Pos.Pointer = pointer(l.keys)
		err.Where = strings.Map(visible, l.where())
	}
	for _, m := range n.Members {
		l.enter(m.Key, m.Value)
	}
	for i, item := range n.Items {
		l.enter(strconv.Itoa(i), item)
	}
}

func (l *locator) enter(key string, n *source.Node) {
	l.keys, l.nodes = append(l.keys, key), append(l.nodes, n)
	l.visit(n)
	l.keys, l.nodes = l.keys[:len(l.keys)-1], l.nodes[:len(l.nodes)-1]
}

var escapePointer = strings.NewReplacer("~", "~0", "/", "~1")

func pointer(keys []string) string {
	var b strings.Builder
	for _, k := range keys {
		b.WriteByte('/')
		b.WriteString(escapePointer.Replace(k))
	}
	return b.String()
}

// where names the place as reports do: "GET /audit query:limit", "GET /audit 200 results[].author",
// "schema AuditRecord author".
func (l *locator) where() string {
	key := func(i int) string {
		if i < len(l.keys) {
			return l.keys[i]
		}
		return ""
	}
	switch {
	case key(0) == "paths" && len(l.keys) > 1:
		path := l.basePath + "/" + strings.TrimPrefix(key(1), "/")
		if method, ok := methods[key(2)]; ok {
			return method + " " + path + l.inside(3)
		}
		return path + l.inside(2)
	case key(0) == "components" && key(1) == "pathItems" && len(l.keys) > 2:
		if method, ok := methods[key(3)]; ok {
			return "path item " + key(2) + " " + method + l.inside(4)
		}
		return "path item " + key(2) + l.inside(3)
	case key(0) == "components" && len(l.keys) > 2:
		if word, ok := components[key(1)]; ok {
			return word + " " + key(2) + l.inside(3)
		}
	case len(l.keys) > 1:
		if word, ok := components[key(0)]; ok {
			return word + " " + key(1) + l.inside(2)
		}
	}
	return ""
}

// visible keeps a message on one line, whatever the document contains.
func visible(c rune) rune {
	if unicode.IsControl(c) {
		return ' '
	}
	return c
}

var components = map[string]string{
	"schemas": "schema", "definitions": "schema", "parameters": "parameter", "responses": "response", "requestBodies": "body",
	"headers": "header", "securitySchemes": "security scheme", "securityDefinitions": "security scheme", "examples": "example",
}

// inside names the place below an operation, a parameter, a response or a schema.
func (l *locator) inside(i int) string {
	var place, trail strings.Builder
	for i < len(l.keys) {
		next := ""
		if i+1 < len(l.keys) {
			next = l.keys[i+1]
		}
		switch key := l.keys[i]; {
		case key == "requestBody":
			place.WriteString(" body")
			i++
		case next == "" && key != "items" && key != "additionalProperties" && key != "not":
			i++
		case key == "parameters":
			place.WriteString(" " + paramPlace(l.nodes[i+1]))
			i += 2
		case key == "responses":
			place.WriteString(" " + next)
			i += 2
		case key == "headers":
			place.WriteString(" header:" + next)
			i += 2
		case key == "content":
			i += 2
		case key == "properties":
			trail.WriteString("." + next)
			i += 2
		case key == "items":
			trail.WriteString("[]")
			i++
		case key == "additionalProperties":
			trail.WriteString("{}")
			i++
		case key == "oneOf" || key == "anyOf" || key == "allOf":
			trail.WriteString("<" + key + ">")
			i += 2
		case key == "not":
			trail.WriteString("<not>")
			i++
		case key == "schema":
			i++
		default:
			i = len(l.keys)
		}
	}
	if trail.Len() == 0 {
		return place.String()
	}
	return place.String() + " " + strings.TrimPrefix(trail.String(), ".")
}

func paramPlace(n *source.Node) string {
	in, name := n.Get("in").Str(), n.Get("name").Str()
	if in == "" && name == "" {
		return "parameter"
	}
	return in + ":" + name
}
