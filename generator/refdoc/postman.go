package refdoc

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// A Postman collection, v2.0 or v2.1: a tree of folders whose leaves are items, each with a request
// and the answers somebody saved. It comes as a file of its own (as exported, or as Postman's API
// wraps it), or as one or more items in the text of a page (postman_page.go).
//
// A collection holds values where a specification holds types. What they say:
//
//	"<string>", "<long>"    a placeholder states the type and nothing else
//	"0", "1000", "false"    the default, and by its look the type; a number that long that it can only be an id or a
//	                        moment is not a default
//	"csv"                   an example, unless it is lorem
//	"disabled": true        the parameter is not sent unless somebody ticks it: optional, though nobody says so
//	a key that comes twice  an array
//
// Descriptions are Markdown and stay as they are, but for what Postman's converter puts around
// them: "(Required) " in front, and "(This can only be one of a,b)" at the end.
//
// The path is what the URL has behind its host or its {{baseUrl}}. Where the collection says what
// that variable is, and nobody declared a base path, the path in the variable belongs to it.
//
// Known limits. Scripts, cookies and GraphQL bodies are not read; OAuth 2.0 is a scheme only if
// both of its URLs are given.

// collection reads one Postman document.
type collection struct {
	result
	vars    map[string]string // values of the collection's variables
	based   bool              // the source declares a base path: variables and commands say nothing about it
	curls   []curlCommand     // of the page around the items
	known   map[string]*savedRequest
	media   contents
	samples samples
}

// isCollection reports whether a document is of Postman.
func isCollection(n *source.Node) bool {
	if n != nil && n.Kind == source.Array {
		return len(n.Items) > 0 && isItem(n.Items[0])
	}
	return n.Get("info") != nil && n.Get("item") != nil || isItem(n) || n.Get("collection").Get("item") != nil
}

// isItem reports whether an object is an item with a request.
func isItem(n *source.Node) bool {
	request := n.Get("request")
	return request != nil && (request.Get("url") != nil || request.Get("method") != nil || request.Kind == source.String && n.Get("name") != nil)
}

// parsePostman reads a collection file, or a page with items in it.
func parsePostman(f source.File, src *claim.Source) (*claim.Document, error) {
	lines, err := splitLines(f)
	if err != nil {
		return nil, err
	}
	c := &collection{result: newResult(f, src), vars: map[string]string{}, known: map[string]*savedRequest{}, media: contents{}, based: src.BasePath != ""}
	if beginsJSON(filled(lines)) {
		root, err := source.ParseTree(source.File{Name: jsonName(f.Name), Data: f.Data})
		if err != nil {
			return nil, moved(err, f.Name, 0)
		}
		c.root(root)
	} else if err := c.page(f); err != nil {
		return nil, err
	}
	c.samples.show()
	if marks := c.samples.marks; len(marks) > 0 {
		c.note(marks[0], "", fmt.Sprintf("%d values in samples are error texts of the converter that wrote the collection", len(marks)), "nothing is known of these values")
	}
	return c.finish("no operation found: looked for Postman items, which are JSON objects with a member request", "check that the whole collection was saved")
}

// root reads a document that is JSON as a whole.
func (c *collection) root(n *source.Node) {
	if wrapped := n.Get("collection"); wrapped != nil {
		n = wrapped
	}
	if n.Kind == source.Array {
		c.items(n, nil)
		return
	}
	if isItem(n) {
		c.item(n, nil)
		return
	}
	if info := n.Get("info"); info != nil {
		sayString(&c.doc.Facts, claim.Title, info.Get("name"))
		sayDescription(&c.doc.Facts, info.Get("description"))
		sayString(&c.doc.Facts, claim.Version, info.Get("version"))
	}
	c.variables(n.Get("variable"))
	c.items(n.Get("item"), n.Get("auth"))
}

// maxVariable is how long the value of a variable can be and still be a part of a URL: each use of
// it is a copy.
const maxVariable = 256

// variables reads the values of the collection's variables; a base URL with a host is a server.
func (c *collection) variables(list *source.Node) {
	for _, v := range itemsOf(list) {
		name, value := firstString(v.Get("key"), v.Get("id")), v.Get("value").Str()
		if _, ok := parsePlaceholder(value); name == "" || value == "" || ok || len(value) > maxVariable {
			continue
		}
		c.vars[name] = value
		if scheme, rest, ok := strings.Cut(value, "://"); ok && strings.HasPrefix(scheme, "http") && !strings.Contains(value, "{{") {
			host, _, _ := strings.Cut(rest, "/")
			c.doc.Servers = append(c.doc.Servers, claim.Server{URL: scheme + "://" + host, Line: v.Line})
		}
	}
}

// items reads a list of items and folders. A folder may say how its requests are authorized.
func (c *collection) items(list, auth *source.Node) {
	for _, n := range itemsOf(list) {
		of := auth
		if own := n.Get("auth"); own != nil && own.Kind == source.Object {
			of = own
		}
		switch {
		case n.Get("item") != nil:
			c.items(n.Get("item"), of)
		case n.Get("request") != nil:
			c.item(n, of)
		}
	}
}

// item reads one request and its answers.
func (c *collection) item(n, auth *source.Node) {
	request := n.Get("request")
	line := n.Line
	op := &claim.Operation{Method: "GET", Line: line}
	url := request.Get("url")
	if request.Kind == source.String {
		url = request
	}
	if method := request.Get("method").Str(); method != "" {
		op.Method = strings.ToUpper(method)
	}
	name := n.Get("name").Str()
	where := fmt.Sprintf("item %.80q", name)
	if !isMethod(op.Method) {
		c.note(request.Line, where, fmt.Sprintf("the method %.20q is not one of HTTP", op.Method), "the item is left out")
		return
	}
	op.Method = methodOf(op.Method)
	path, at := c.path(url)
	if path == "" {
		c.note(request.Line, where, "the request has no URL", "the item is left out")
		return
	}
	op.Path, op.Line = path, at
	c.fromCurl(op)
	if name != "" && !strings.ContainsAny(name, "/{") {
		sayString(&op.Facts, claim.Summary, n.Get("name"))
	}
	if !sayDescription(&op.Facts, request.Get("description")) {
		sayDescription(&op.Facts, n.Get("description"))
	}
	if own := request.Get("auth"); own != nil && own.Kind == source.Object {
		auth = own
	}
	c.auth(op, auth)
	c.params(op, url, request)
	c.body(op, request)
	c.fold(op, n.Get("response"))
}

// savedRequest is an operation and what of it is known already.
type savedRequest struct {
	op        *claim.Operation
	params    map[string]bool
	responses map[string]*claim.Response
}

// fold adds an operation to the document. People save one request several times, with other
// parameters set: all of them are the same operation. What the first says about it, or about a
// parameter, is kept; answers are samples of one.
func (c *collection) fold(op *claim.Operation, answers *source.Node) {
	saved, params := c.known[address(op)], op.Params
	if saved == nil {
		saved = &savedRequest{op: op, params: map[string]bool{}, responses: map[string]*claim.Response{}}
		c.known[address(op)] = saved
		c.doc.Operations = append(c.doc.Operations, op)
		op.Params = nil
	}
	for _, p := range params {
		if key := p.In + ":" + p.Name; !saved.params[key] {
			saved.params[key] = true
			saved.op.Params = append(saved.op.Params, p)
		}
	}
	if saved.op.Body == nil {
		saved.op.Body = op.Body
	}
	c.responses(saved, answers)
}

// path returns the path of a URL, {name} for what Postman writes as :name or {{name}}, and its
// line.
func (c *collection) path(url *source.Node) (path string, line int) {
	if url == nil {
		return "", 0
	}
	raw, base := url.Str(), ""
	if url.Kind == source.Object {
		raw = url.Get("raw").Str()
	}
	if raw != "" {
		base, raw = splitHost(raw)
	}
	line = url.Line
	parts := url.Get("path")
	switch {
	case parts == nil:
	case parts.Kind == source.String:
		raw, line = parts.Text, parts.Line
	case len(parts.Items) > 0:
		var b strings.Builder
		for _, part := range parts.Items {
			b.WriteString("/" + firstString(part, part.Get("value")))
		}
		raw, line = b.String(), parts.Line
	}
	if base == "" {
		if host := url.Get("host"); host.Str() != "" {
			base = host.Str()
		} else if hosts := itemsOf(host); len(hosts) == 1 {
			base = hosts[0].Str()
		}
	}
	return c.segments(c.basePath(base) + "/" + raw), line
}

// splitHost cuts a URL behind its host, which may be a variable, and drops query and fragment.
func splitHost(raw string) (host, path string) {
	if i := strings.IndexAny(raw, "?#"); i >= 0 {
		raw = raw[:i]
	}
	rest := raw
	if i := strings.Index(raw, "://"); i >= 0 {
		rest = raw[i+3:]
	} else if !strings.HasPrefix(raw, "{{") {
		return "", raw
	}
	i := strings.IndexByte(rest, '/')
	if i < 0 {
		return raw, "/"
	}
	// {{host}}{{basePath}}rest/... has its first word glued to variables
	if end := strings.LastIndex(rest[:i], "}}"); end >= 0 && end+2 < i && !strings.ContainsAny(rest[end+2:end+3], ".:") {
		i = end + 2
	}
	return raw[:len(raw)-len(rest)+i], rest[i:]
}

var variable = regexp.MustCompile(`\{\{([^{}]{1,100})\}\}`)

// basePath returns the path that the variable of a host stands for, if the collection says so.
func (c *collection) basePath(host string) string {
	m := variable.FindStringSubmatch(host)
	if m == nil || m[0] != host || c.based {
		return ""
	}
	value := c.vars[m[1]]
	if !strings.Contains(value, "://") && !strings.HasPrefix(value, "{{") {
		return ""
	}
	_, path := splitHost(value)
	return path
}

// segments writes a path the way OpenAPI does, and returns "/" for one without segments.
func (c *collection) segments(raw string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(c.withoutBase(raw), "/") {
		if name, ok := strings.CutPrefix(part, ":"); ok && name != "" {
			part = "{" + name + "}"
		}
		part = variable.ReplaceAllStringFunc(part, func(v string) string {
			name := strings.TrimSpace(v[2 : len(v)-2])
			if value, ok := c.vars[name]; ok && !strings.Contains(value, "{{") && !strings.Contains(value, "://") {
				return strings.Trim(value, "/")
			}
			return "{" + name + "}"
		})
		if part != "" {
			b.WriteString("/" + part)
		}
	}
	if b.Len() == 0 {
		return "/"
	}
	return b.String()
}

// baseName matches the name of a variable that holds the beginning of all paths.
var baseName = regexp.MustCompile(`(?i)base|prefix|context|root|url|host|server|domain|site`)

// withoutBase takes the variable off the front of a path that holds the beginning of all paths: it
// is glued to the first word, or its name says so. Its value is put in its place, if it is known.
func (c *collection) withoutBase(raw string) string {
	path := strings.TrimLeft(raw, "/")
	m := variable.FindStringSubmatchIndex(path)
	if m == nil || m[0] != 0 {
		return raw
	}
	name, rest := strings.TrimSpace(path[m[2]:m[3]]), path[m[1]:]
	glued := rest != "" && rest[0] != '/'
	if !glued && !baseName.MatchString(name) || rest == "" {
		return raw
	}
	value, known := c.vars[name]
	switch {
	case !known && glued && strings.HasPrefix(rest, "{{"), !known && glued && strings.ContainsAny(rest[:1], ".:-_"):
		return raw
	case !known || c.based:
		return rest
	case strings.Contains(value, "://"):
		_, value = splitHost(value)
	}
	return value + rest
}

// responses reads the answers that were saved. Several of one status are samples of the same
// answer.
func (c *collection) responses(saved *savedRequest, list *source.Node) {
	for _, n := range itemsOf(list) {
		status, ok := responseStatus(n)
		if !ok {
			c.note(n.Line, address(saved.op), fmt.Sprintf("the saved answer %.60q has no status", n.Get("name").Str()), "left out; give it a code, such as 200")
			continue
		}
		resp := saved.responses[status]
		if resp == nil {
			resp = &claim.Response{Status: status, Line: n.Line}
			sayString(&resp.Facts, claim.Description, n.Get("name"))
			saved.responses[status] = resp
			saved.op.Responses = append(saved.op.Responses, resp)
		}
		c.answerBody(resp, n)
	}
}

// responseStatus reads the code of an answer, or its reason phrase where there is no code.
func responseStatus(n *source.Node) (status string, ok bool) {
	code := n.Get("code")
	if code.Str() != "" {
		if status, ok = parseStatus(code.Text); ok {
			return status, true
		}
	}
	if code != nil && code.Kind == source.Number {
		i, err := strconv.Atoi(code.Text)
		return code.Text, err == nil && i >= 100 && i < 600
	}
	if status, ok = parseStatus(n.Get("status").Str()); ok {
		return status, true
	}
	status = reason(n.Get("status").Str())
	return status, status != ""
}

// answerBody reads the body of an answer; an empty one is none.
func (c *collection) answerBody(resp *claim.Response, n *source.Node) {
	body := n.Get("body")
	if strings.TrimSpace(body.Str()) == "" {
		return
	}
	name, line := "", body.Line
	for _, h := range headersOf(n.Get("header")) {
		if strings.EqualFold(h.key, "Content-Type") {
			name, line = bareMedia(h.value.Str()), h.line
		}
	}
	if name == "" && n.Get("_postman_previewlanguage").Str() == "json" {
		name = "application/json"
	}
	media := c.media.named(&resp.Content, name, line)
	c.sample(&media.Schema, body.Text, name, body.Line)
}
