package settled

import (
	"cmp"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// OpenAPIVersion is what is written: the version that every tool reads.
const OpenAPIVersion = "3.0.3"

// SchemaRef begins every reference to a schema.
const SchemaRef = "#/components/schemas/"

// Node returns the document as OpenAPI writes it.
func (d *Document) Node() *source.Node {
	paths, byPath := &source.Node{Kind: source.Object}, map[string]*source.Node{}
	for _, op := range d.Operations {
		item := byPath[op.Path]
		if item == nil {
			item = &source.Node{Kind: source.Object}
			byPath[op.Path] = item
			paths.Members = append(paths.Members, source.Member{Key: op.Path, Value: item})
		}
		item.Members = append(item.Members, source.Member{Key: strings.ToLower(op.Method), Value: op.node()})
	}
	schemas := make([]source.Member, len(d.Schemas))
	for i, s := range d.Schemas {
		schemas[i] = source.Member{Key: s.Name, Value: s.Node()}
	}
	return d.frame(paths, schemas)
}

// frame returns the document around its operations and schemas.
func (d *Document) frame(paths *source.Node, schemas []source.Member) *source.Node {
	var out members
	out.add("openapi", source.StringNode(OpenAPIVersion, 0))
	out.add("info", ordered(d.Keywords, infoOrder))
	var servers []*source.Node
	for _, url := range d.Servers {
		servers = append(servers, object(source.Member{Key: "url", Value: source.StringNode(url, 0)}))
	}
	out.addList("servers", servers)
	out.add("tags", d.Tags)
	out.add("paths", paths)
	var components members
	components.addObject("schemas", schemas)
	components.add("securitySchemes", d.SecuritySchemes())
	out.addObject("components", components)
	return object(append(out, d.Extensions...)...)
}

// SecuritySchemes returns the definitions of all security schemes by name, nil if there are none.
func (d *Document) SecuritySchemes() *source.Node {
	if len(d.Security) == 0 {
		return nil
	}
	var all members
	for _, s := range d.Security {
		all.add(s.Name, s.Definition)
	}
	return object(all...)
}

func (op *Operation) node() *source.Node {
	out := members(slices.Clone(op.Keywords))
	var parameters []*source.Node
	for _, p := range op.Parameters {
		parameters = append(parameters, p.node())
	}
	out.addList("parameters", parameters)
	if op.Body != nil {
		body := append(members(slices.Clone(op.Body.Keywords)), source.Member{Key: "content", Value: op.Body.Content.node()})
		out.add("requestBody", ordered(body, bodyOrder))
	}
	var responses members
	for _, r := range op.Responses {
		responses.add(r.Status, r.node())
	}
	out.add("responses", object(responses...))
	return ordered(out, operationOrder)
}

func (p *Parameter) node() *source.Node {
	return ordered(append(p.keywords(), source.Member{Key: "schema", Value: p.Schema.Node()}), parameterOrder)
}

// keywords returns all keywords of a parameter but its schema.
func (p *Parameter) keywords() members {
	var out members
	if p.In != "" {
		out.add("name", source.StringNode(p.Name, 0))
		out.add("in", source.StringNode(p.In, 0))
	}
	return append(out, p.Keywords...)
}

func (r *Response) node() *source.Node {
	out := members(slices.Clone(r.Keywords))
	var headers members
	for _, h := range r.Headers {
		headers.add(h.Name, h.node())
	}
	out.addObject("headers", headers)
	if len(r.Content) > 0 {
		out.add("content", r.Content.node())
	}
	return ordered(out, responseOrder)
}

func (c Content) node() *source.Node {
	var out members
	for _, m := range c {
		var entry members
		entry.add("schema", m.Schema.Node())
		out.add(m.Type, object(append(entry, m.Keywords...)...))
	}
	return object(out...)
}

// Node returns a schema as OpenAPI writes it, nil for nil.
func (s *Schema) Node() *source.Node {
	if s == nil {
		return nil
	}
	if s.Ref != nil {
		return object(source.Member{Key: "$ref", Value: source.StringNode(SchemaRef+s.Ref.Name, 0)})
	}
	out := members(slices.Clone(s.Keywords))
	out.add("items", s.Items.Node())
	var properties members
	var required []*source.Node
	for _, p := range s.Properties {
		properties.add(p.Name, p.Schema.Node())
		if p.Required {
			required = append(required, source.StringNode(p.Name, 0))
		}
	}
	out.addObject("properties", properties)
	out.addList("required", required)
	out.add("additionalProperties", s.Additional.Node())
	for _, list := range []struct {
		key string
		all []*Schema
	}{{"oneOf", s.OneOf}, {"anyOf", s.AnyOf}, {"allOf", s.AllOf}} {
		var nodes []*source.Node
		for _, one := range list.all {
			nodes = append(nodes, one.Node())
		}
		out.addList(list.key, nodes)
	}
	out.add("not", s.Not.Node())
	return ordered(out, schemaOrder)
}

// The orders in which keywords are written. Other keywords follow as they come.
var (
	infoOrder      = []string{"title", "description", "termsOfService", "version"}
	operationOrder = []string{"operationId", "summary", "description", "externalDocs", "tags", "deprecated", "parameters", "requestBody",
		"responses", "security"}
	parameterOrder = []string{"name", "in", "description", "required", "deprecated", "style", "explode"}
	bodyOrder      = []string{"description", "required", "content"}
	responseOrder  = []string{"description", "headers", "content"}
	schemaOrder    = []string{"type", "format", "title", "description", "nullable", "deprecated", "readOnly", "writeOnly", "enum", "default",
		"example", "items", "properties", "required", "additionalProperties", "oneOf", "anyOf", "allOf", "not", "discriminator"}
)

// ordered returns an object with the named members first.
func ordered(all members, first []string) *source.Node {
	rank := func(m source.Member) int {
		if i := slices.Index(first, m.Key); i >= 0 {
			return i
		}
		return len(first)
	}
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b source.Member) int { return cmp.Compare(rank(a), rank(b)) })
	return object(sorted...)
}

func object(all ...source.Member) *source.Node {
	return &source.Node{Kind: source.Object, Members: all}
}

// members is an object under construction.
type members []source.Member

// add adds a member, unless the value is nil.
func (m *members) add(key string, value *source.Node) {
	if value != nil {
		*m = append(*m, source.Member{Key: key, Value: value})
	}
}

// addObject adds an object, unless it is empty.
func (m *members) addObject(key string, all members) {
	if len(all) > 0 {
		m.add(key, object(all...))
	}
}

// addList adds an array, unless it is empty.
func (m *members) addList(key string, all []*source.Node) {
	if len(all) > 0 {
		m.add(key, &source.Node{Kind: source.Array, Items: all})
	}
}
