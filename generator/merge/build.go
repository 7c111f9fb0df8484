package merge

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// builder decides every fact and makes the settled document of a merger.
type builder struct {
	doc      *settled.Document
	schemas  *schemaBuilder
	security *securityBuilder
}

// build makes the settled document. Only schemas that something uses are part of it.
func (m *merger) build() *settled.Document {
	doc := &settled.Document{Element: settled.Element{Address: "document"}, Notes: slices.Clone(m.notes)}
	b := &builder{doc: doc, schemas: newSchemaBuilder(doc, m.schemas), security: newSecurityBuilder(doc, m.security, m.atlassian)}
	b.info(m.name, m.info)
	b.servers(m.servers)
	if tags := settle(&doc.Element, m.info.only(claim.Tags)); len(tags) > 0 {
		doc.Tags = node0(tags[0].won)
	}
	for _, op := range m.ops {
		doc.Operations = append(doc.Operations, b.operation(op))
	}
	b.schemas.named()
	b.security.schemes()
	return doc
}

// settle decides all facts of one element and keeps who said them.
func settle(e *settled.Element, f facts) []decision {
	all := f.decide()
	for i := range all {
		e.Facts = append(e.Facts, all[i].fact())
	}
	return all
}

// keep settles facts that are all keywords of their element.
func keep(e *settled.Element, f facts) {
	for _, d := range settle(e, f) {
		e.Keywords = append(e.Keywords, d.keyword())
	}
}

// keyword returns a decision as a keyword of OpenAPI.
func (d *decision) keyword() source.Member {
	return source.Member{Key: string(d.name), Line: d.won.Line, Value: node0(d.won)}
}

// only returns the claims about one name.
func (f facts) only(name claim.Name) facts {
	return slices.DeleteFunc(slices.Clone(f), func(s said) bool { return s.Name != name && s.Name != removeFact })
}

func (f facts) without(name claim.Name) facts {
	return slices.DeleteFunc(slices.Clone(f), func(s said) bool { return s.Name == name })
}

// info settles what is said about the API as a whole. A version is the one thing that OpenAPI
// cannot do without and that pages never have.
func (b *builder) info(name string, all facts) {
	b.doc.Set("title", source.StringNode(name, 0))
	b.doc.Set("version", source.StringNode("1", 0))
	for _, d := range settle(&b.doc.Element, all.without(claim.Tags)) {
		if strings.HasPrefix(string(d.name), "x-") {
			b.doc.Extensions = append(b.doc.Extensions, d.keyword())
			continue
		}
		b.doc.Set(string(d.name), node0(d.won))
	}
}

// servers takes the servers of the strongest source that has any.
func (b *builder) servers(all []said) {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, stronger)
	for _, s := range sorted {
		if s.src != sorted[0].src {
			break
		}
		b.doc.Servers = append(b.doc.Servers, s.Text())
		b.doc.Facts = append(b.doc.Facts, settled.Fact{Name: "server", Won: sayIt(s)})
	}
}

// extensionOf holds the extensions that carry what OpenAPI has no keyword for.
var extensionOf = map[claim.Name]claim.Name{
	claim.Permissions:  "x-auditgen-permissions",
	claim.Granular:     "x-auditgen-granular-scopes",
	claim.ConnectScope: "x-atlassian-connect-scope",

	// Documents may use the extensions themselves.
	"x-auditgen-permissions": "x-auditgen-permissions", "x-auditgen-granular-scopes": "x-auditgen-granular-scopes",
	"x-atlassian-connect-scope": "x-atlassian-connect-scope",
}

func (b *builder) operation(op *operation) *settled.Operation {
	out := &settled.Operation{Element: settled.Element{Address: op.address(), Facts: []settled.Fact{pathFact(op.paths)}},
		Method: op.method, Path: op.path, Name: op.name.Go, Pin: op.pin}
	out.Set("operationId", source.StringNode(op.name.ID, 0))
	for _, d := range settle(&out.Element, op.facts) {
		switch d.name {
		case claim.OperationID:
			if d.won.Text() != op.name.ID {
				out.Set("x-auditgen-operation-id", node0(d.won))
			}
		case claim.DocsURL:
			url := source.NewObject(0)
			if text := op.facts.text(claim.DocsText); text != "" {
				url.Set("description", source.StringNode(text, 0))
			}
			url.Set("url", source.StringNode(d.won.Text(), 0))
			out.Set(string(d.name), url)
		case claim.Scopes, claim.Security:
		case claim.Summary, claim.Description, claim.Tags, claim.Deprecated:
			out.Keywords = append(out.Keywords, d.keyword())
		default:
			if name := extensionOf[d.name]; name != "" {
				out.Set(string(name), node0(d.won))
			} else if strings.HasPrefix(string(d.name), "x-") {
				out.Keywords = append(out.Keywords, d.keyword())
			}
		}
	}
	b.parameters(out, op)
	if op.body != nil && !op.body.facts.gone() {
		out.Body = b.body(op)
	}
	b.responses(out, op)
	if requirements := b.security.of(op); requirements != nil {
		out.Set("security", requirements)
	}
	return out
}

// pathFact lists the spellings of a path. They do not conflict: the shorter ones are parts of the
// one that is called.
func pathFact(paths []said) settled.Fact {
	row := settled.Fact{Name: "path", Won: sayIt(paths[0])}
	for _, p := range paths[1:] {
		if p.Value == paths[0].Value {
			row.Agreed = append(row.Agreed, sayIt(p))
		} else {
			row.Lost = append(row.Lost, sayIt(p))
		}
	}
	return row
}

func (b *builder) parameters(out *settled.Operation, op *operation) {
	inPath := b.completePathParams(op)
	for _, p := range op.params {
		if p.facts.gone() || p.schema.facts.gone() || p.in == "path" && !inPath[p.name] {
			continue
		}
		out.Parameters = append(out.Parameters, b.parameter(p))
	}
}

// completePathParams adds the parameters that are in the path and that nobody describes. It returns
// the names that are in the path, and notes parameters that are not.
func (b *builder) completePathParams(op *operation) map[string]bool {
	names := map[string]bool{}
	for _, segment := range splitPath(op.path) {
		for name := range templateNames(segment) {
			names[name] = true
			op.param("path", name)
		}
	}
	for _, p := range op.params {
		if p.in == "path" && !names[p.name] {
			b.doc.Note(op.address(), "the path parameter "+strconv.Quote(p.name)+" is not part of the path", "left out")
		}
	}
	return names
}

func templateNames(segment string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for {
			_, rest, ok := strings.Cut(segment, "{")
			name, after, closed := strings.Cut(rest, "}")
			if !ok || !closed || !yield(name) {
				return
			}
			segment = after
		}
	}
}

func (b *builder) parameter(p *param) *settled.Parameter {
	out := &settled.Parameter{Element: settled.Element{Address: p.schema.place}, In: p.in, Name: p.name}
	keep(&out.Element, p.facts)
	if p.in == "path" {
		out.Set("required", boolNode(true))
	}
	out.Schema = b.schemas.schema(p.schema)
	if example := out.Get("example"); example != nil { // documents write true and 5 as texts
		if value, ok := fitTo(example, out.Schema.Type(), out.Schema.Is("nullable")); ok {
			out.Set("example", value)
		}
	}
	if p.in != "" && !p.schema.known() {
		b.doc.Gap(out.Address, "no type", "string")
		out.Schema.Set("type", source.StringNode("string", 0))
	}
	return out
}

func (b *builder) body(op *operation) *settled.Body {
	out := &settled.Body{Element: settled.Element{Address: op.address() + " body"}}
	keep(&out.Element, op.body.facts)
	out.Content = b.content(&op.body.content, true)
	if len(out.Content) == 0 {
		b.doc.Gap(out.Address, "no media type", "any value in JSON")
		out.Content = settled.Content{{Element: settled.Element{Address: out.Address}, Type: "application/json"}}
	}
	return out
}

func (b *builder) responses(out *settled.Operation, op *operation) {
	all := slices.DeleteFunc(slices.Clone(op.responses), func(r *response) bool { return r.facts.gone() })
	slices.SortStableFunc(all, func(x, y *response) int { return strings.Compare(x.status, y.status) })
	if !slices.ContainsFunc(all, func(r *response) bool { return strings.HasPrefix(r.status, "2") || r.status == "default" }) {
		b.doc.Gap(op.address(), "no successful response", "an answer without a body")
	}
	if len(all) == 0 {
		all = []*response{{status: "200", content: content{place: op.address() + " 200"}}}
	}
	for _, r := range all {
		out.Responses = append(out.Responses, b.response(r))
	}
}

func (b *builder) response(r *response) *settled.Response {
	out := &settled.Response{Element: settled.Element{Address: r.content.place}, Status: r.status}
	keep(&out.Element, r.facts)
	if out.Text("description") == "" {
		out.Set("description", source.StringNode(statusText(r.status), 0))
	}
	for _, h := range r.headers {
		out.Headers = append(out.Headers, b.parameter(&param{name: h.name, facts: h.facts, schema: h.schema}))
	}
	out.Content = b.content(&r.content, hasBody(r.status))
	return out
}

// hasBody reports whether the body of an answer matters: that of successful ones, unless their
// status says that there is none.
func hasBody(status string) bool {
	return strings.HasPrefix(status, "2") && status != "204" && status != "205"
}

// anything reports whether a specification writes an empty schema on purpose: any value.
func (md *media) anything() bool {
	return slices.ContainsFunc(md.schema.voices, func(v voice) bool { return v.src.Kind == claim.OpenAPI && v.schema.Line > 0 })
}

func statusText(status string) string {
	if code, err := strconv.Atoi(status); err == nil && http.StatusText(code) != "" {
		return http.StatusText(code)
	}
	if status == "default" {
		return "Any other answer"
	}
	return "Status " + status
}

// content settles a body by media type. If wanted, a body that nobody describes is a gap.
func (b *builder) content(c *content, wanted bool) settled.Content {
	var out settled.Content
	for _, md := range c.media {
		entry := &settled.Media{Element: settled.Element{Address: c.place}, Type: md.name}
		for _, d := range settle(&entry.Element, md.facts) {
			if d.name == claim.Encoding || strings.HasPrefix(string(d.name), "x-") {
				entry.Keywords = append(entry.Keywords, d.keyword())
			}
		}
		entry.Schema = b.schemas.schema(md.schema)
		if wanted && !md.schema.known() && !md.anything() {
			b.doc.Gap(c.place, "no schema for "+md.name, "any value")
		}
		if entry.Schema.Empty() {
			entry.Facts = append(entry.Facts, entry.Schema.Facts...)
			entry.Schema = nil
		}
		out = append(out, entry)
	}
	return out
}
