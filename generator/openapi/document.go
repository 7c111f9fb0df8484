package openapi

import (
	"fmt"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// ReadDocument reads the root object of a document. Every part may be missing.
func ReadDocument(root *source.Node, r *Reader) *claim.Document {
	doc := &claim.Document{}
	if !r.object(root, "the document") {
		return doc
	}
	r.before(root, doc)
	for _, m := range root.Members {
		switch m.Key {
		case "swagger", "openapi", "swaggerVersion", "host", "schemes", "basePath", "consumes", "produces", "security",
			"securityDefinitions", "parameters", "responses":
		case "jsonSchemaDialect":
			r.dialect(m)
		case "info":
			r.info(m.Value, &doc.Facts)
		case "servers":
			doc.Servers = append(doc.Servers, r.servers(m.Value)...)
		case "tags":
			r.tags(m, &doc.Facts)
		case "externalDocs":
			r.note(m.Value, m.Line, "the document has externalDocs", "left out")
		case "paths":
			r.paths(m.Value, doc)
		case "definitions":
			r.namedSchemas(m.Value, doc)
		case "components":
			r.components(m.Value, doc)
		case "webhooks":
			r.note(m.Value, m.Line, "webhooks are calls to the client", "left out")
		default:
			r.extra(&doc.Facts, m, "a document")
		}
	}
	return doc
}

// before reads what applies to all operations.
func (r *Reader) before(root *source.Node, doc *claim.Document) {
	if r.version == Swagger20 {
		r.consumes, r.produces = root.Get("consumes"), root.Get("produces")
		r.host(root, doc)
	}
	schemes := root.Get("securityDefinitions")
	if schemes == nil {
		schemes = root.Get("components").Get("securitySchemes")
	}
	r.securitySchemes(schemes, doc)
	for _, m := range root.Members {
		if m.Key == "security" {
			facts := claim.Facts{}
			r.sayRequirements(m, &facts)
			if len(facts) > 0 {
				r.security = &facts[0]
			}
		}
	}
}

// host reads the address of the API from Swagger 2.0: a host, which may have a scheme or a path,
// and a basePath, which may be a whole URL. The path is prepended to the paths of the document.
func (r *Reader) host(root *source.Node, doc *claim.Document) {
	host, before := root.Get("host"), root.Get("basePath")
	origin, path := claim.SplitServer(before.Str())
	if text := host.Str(); text != "" {
		if !strings.Contains(text, "://") {
			text = r.scheme(root) + "://" + strings.TrimLeft(text, "/")
		}
		own, first := claim.SplitServer(text)
		if first != "" {
			r.note(host, host.Line, fmt.Sprintf("the host %s has a path", quote(host.Text)), "it is put before the basePath")
		}
		origin, path = own, first+path
	} else if origin != "" {
		r.note(before, before.Line, fmt.Sprintf("the basePath %s is a URL", quote(before.Text)), "read as host and basePath")
	}
	r.basePath = path
	if origin == "" {
		return
	}
	line := host
	if line == nil {
		line = before
	}
	doc.Servers = append(doc.Servers, claim.Server{URL: origin, Line: line.Line})
}

// scheme returns https if a Swagger 2.0 document lists it or lists nothing, else the first scheme.
func (r *Reader) scheme(root *source.Node) string {
	scheme := "https"
	for i, s := range r.list(root.Get("schemes"), source.String, "schemes") {
		if i == 0 && s.Str() != "" || s.Str() == "https" {
			scheme = s.Str()
		}
	}
	return scheme
}

// servers reads a list of servers. Servers without a url are skipped.
func (r *Reader) servers(n *source.Node) []claim.Server {
	var all []claim.Server
	for _, s := range r.list(n, source.Object, "servers") {
		url := s.Get("url")
		if strings.TrimSpace(url.Str()) == "" || !r.spend(s, 1) {
			continue
		}
		if strings.ContainsAny(url.Text, "?#") {
			r.note(url, url.Line, fmt.Sprintf("the server URL %s has a query or a fragment", quote(url.Text)), "left out")
		}
		r.besideURL(s)
		server := claim.Server{URL: url.Text, Line: url.Line}
		for _, m := range membersOf(s.Get("variables")) {
			v := claim.Variable{Name: m.Key, Default: scalarText(m.Value.Get("default")), HasDefault: m.Value.Get("default") != nil,
				Description: m.Value.Get("description").Str(), Line: m.Line}
			for _, value := range r.list(m.Value.Get("enum"), source.String, "enum") {
				v.Enum = append(v.Enum, scalarText(value))
			}
			server.Variables = append(server.Variables, v)
		}
		all = append(all, server)
	}
	return all
}

// besideURL reports what a server says that a client cannot use. Its address is the caller's.
func (r *Reader) besideURL(server *source.Node) {
	host, _ := claim.SplitServer(server.Get("url").Text)
	for _, m := range server.Members {
		switch {
		case m.Key == "url":
		case m.Key != "variables":
			r.note(m.Value, m.Line, fmt.Sprintf("the server has %s", quote(m.Key)), "left out")
		default:
			for _, v := range membersOf(m.Value) {
				if strings.Contains(host, "{"+v.Key+"}") {
					r.note(v.Value, v.Line, fmt.Sprintf("the variable %s is in the host of the server URL", quote(v.Key)), "its default is used; NewClient takes the whole address")
				}
				for _, word := range membersOf(v.Value) {
					if isExtension(word.Key) {
						r.note(word.Value, word.Line, fmt.Sprintf("a variable of the server URL has %s", quote(word.Key)), "left out")
					}
				}
			}
		}
	}
}

// dialect reports a dialect of JSON Schema other than that of OpenAPI 3.1.
func (r *Reader) dialect(m source.Member) {
	if m.Value.Str() != "https://spec.openapis.org/oas/3.1/dialect/base" {
		r.note(m.Value, m.Line, fmt.Sprintf("jsonSchemaDialect %s is not the dialect of OpenAPI 3.1", quote(m.Value.Str())), "the schemas are read as OpenAPI 3.1")
	}
}

// scalarText returns a string, number or boolean as written. YAML reads a version as a number.
func scalarText(n *source.Node) string {
	if n == nil || n.Kind != source.String && n.Kind != source.Number && n.Kind != source.Bool {
		return ""
	}
	return n.Text
}

func (r *Reader) info(n *source.Node, f *claim.Facts) {
	if !r.object(n, "info") {
		return
	}
	for _, m := range n.Members {
		switch m.Key {
		case "title", "description", "version", "termsOfService":
			r.sayText(f, claim.Name(m.Key), m)
		case "contact", "license":
			if r.object(m.Value, m.Key) {
				f.Say(claim.Name(m.Key), m.Value, m.Line)
			}
		case "summary":
			r.note(m.Value, m.Line, "OpenAPI 3.0 has no summary of a document", "left out")
		default:
			r.extra(f, m, "info")
		}
	}
}

// tags keeps the tags that have a name. Some documents list the names alone.
func (r *Reader) tags(m source.Member, f *claim.Facts) {
	all := &source.Node{Kind: source.Array, Line: m.Value.Line}
	for _, tag := range r.list(m.Value, source.String, "tags") {
		switch {
		case tag.Kind == source.String:
			all.Items = append(all.Items, object(tag.Line, "name", tag))
		case tag.Get("name").Str() != "":
			all.Items = append(all.Items, tag)
		default:
			r.note(tag, tag.Line, "a tag without a name", "left out")
		}
	}
	if len(all.Items) > 0 {
		f.Say(claim.Tags, all, m.Line)
	}
}

func (r *Reader) components(n *source.Node, doc *claim.Document) {
	if !r.object(n, "components") {
		return
	}
	for _, m := range n.Members {
		switch m.Key {
		case "schemas":
			r.namedSchemas(m.Value, doc)
		case "securitySchemes", "parameters", "responses", "requestBodies", "headers", "examples", "pathItems":
		case "callbacks":
			r.note(m.Value, m.Line, "callbacks are calls to the client", "left out")
		case "links":
			r.note(m.Value, m.Line, "links between operations", "left out")
		default:
			r.extra(&doc.Facts, m, "components")
		}
	}
}

func (r *Reader) namedSchemas(n *source.Node, doc *claim.Document) {
	if !r.object(n, "the list of schemas") {
		return
	}
	doc.Schemas = make([]*claim.Named, 0, len(n.Members))
	for _, m := range n.Members {
		if isExtension(m.Key) && m.Value.Kind != source.Object {
			continue
		}
		named := &claim.Named{Name: m.Key, Line: m.Line}
		r.schema(m.Value, &named.Schema, 0)
		doc.Schemas = append(doc.Schemas, named)
	}
	doc.Schemas = append(doc.Schemas, r.nestedSchemas()...)
}

// methods maps the keys of a path item that are operations to their HTTP methods.
var methods = map[string]string{
	"get": "GET", "put": "PUT", "post": "POST", "delete": "DELETE", "options": "OPTIONS", "head": "HEAD", "patch": "PATCH", "trace": "TRACE",
}

func (r *Reader) paths(n *source.Node, doc *claim.Document) {
	if !r.object(n, "paths") {
		return
	}
	owners := operationOwners(n)
	for _, m := range n.Members {
		if isExtension(m.Key) {
			r.note(m.Value, m.Line, quote(m.Key)+" is an extension of paths", "left out")
			continue
		}
		item := r.itemKey(m)
		if !strings.HasPrefix(item.path, "/") {
			r.note(m.Value, m.Line, fmt.Sprintf("the path %s does not start with a slash", quote(item.path)), "read with one")
			item.path = "/" + item.path
		}
		if strings.Contains(item.path, "//") {
			r.note(m.Value, m.Line, fmt.Sprintf("the path %s has an empty segment", quote(item.path)), "read without it")
		}
		item.path = r.basePath + item.path
		for _, op := range r.pathItem(m, item) {
			path := strings.TrimPrefix(op.Path, r.basePath)
			key := operationKey(op.Method, path)
			if owners[key] != "" && owners[key] != m.Key && item.fragment != "" {
				op.Path += "#" + item.fragment
				path += "#" + item.fragment
				key += "#" + item.fragment
			}
			if owners[key] == "" {
				owners[key] = m.Key
			}
			if owners[key] != m.Key {
				r.note(m.Value, op.Line, fmt.Sprintf("%s %s is already an operation of the path %s", op.Method, path, quote(owners[key])), "left out")
				continue
			}
			doc.Operations = append(doc.Operations, op)
		}
	}
}

// operationOwners returns, for each operation, the key of paths that has it without a query or a
// fragment. Some documents tell apart several operations of one method and path by a fragment. The
// path without it keeps its operation, and the others keep their fragments.
func operationOwners(paths *source.Node) map[string]string {
	owners := make(map[string]string, len(paths.Members))
	for _, m := range paths.Members {
		if strings.ContainsAny(m.Key, "?#") {
			continue
		}
		for _, op := range membersOf(m.Value) {
			if method := methods[strings.ToLower(op.Key)]; method != "" && owners[operationKey(method, m.Key)] == "" {
				owners[operationKey(method, m.Key)] = m.Key
			}
		}
	}
	return owners
}

// operationKey identifies an operation by method and path. Empty path segments do not count.
func operationKey(method, path string) string {
	for path = "/" + path; strings.Contains(path, "//"); {
		path = strings.ReplaceAll(path, "//", "/")
	}
	return method + " " + path
}

func membersOf(n *source.Node) []source.Member {
	if n == nil {
		return nil
	}
	return n.Members
}
