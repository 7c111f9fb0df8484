package merge

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/naming"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// openAPIVersion is what is written: the version that every tool reads.
const openAPIVersion = "3.0.3"

// builder decides every fact and writes the settled document.
type builder struct {
	*merger
	doc   *settled.Document
	used  map[string]string // names of schemas in use, and what they are called in the document
	names *naming.Scope
	todo  []string // named schemas that are used and not yet written

	suggested int // undefined schemas for which similar names were looked for

	scopes map[string]bool // OAuth 2.0 scopes that operations ask for
	oauth  string          // name of the scheme they belong to, once it was looked for

	schemesHad    map[string]bool // names of security schemes that requirements can name, once they were looked for
	schemesMissed map[string]bool // those that requirements name all the same
}

// document writes the whole document. Only schemas that something uses are part of it.
func (b *builder) document() *source.Node {
	b.used, b.names = map[string]string{}, naming.NewScope()
	doc := newObject()
	doc.str("openapi", openAPIVersion)
	info, extensions := b.infoObject()
	doc.put("info", info)
	if servers := b.serverList(); servers != nil {
		doc.put("servers", servers)
	}
	if tags := b.facts("document", b.info.only(claim.Tags)); len(tags) > 0 {
		doc.put("tags", node0(tags[0].won))
	}
	doc.put("paths", b.paths())
	components := newObject()
	if schemas := b.namedSchemas(); len(schemas.Members) > 0 {
		components.put("schemas", schemas.Node)
	}
	if schemes := b.schemes(); len(schemes.Members) > 0 {
		components.put("securitySchemes", schemes.Node)
	}
	if len(components.Members) > 0 {
		doc.put("components", components.Node)
	}
	for _, d := range extensions {
		doc.put(string(d.name), node0(d.won))
	}
	return doc.Node
}

// facts decides all facts of one address and adds them to the report.
func (b *builder) facts(address string, f facts) []decision {
	all := f.decide()
	for i := range all {
		b.doc.Facts = append(b.doc.Facts, all[i].fact(address))
	}
	return all
}

// only gives the claims about one name.
func (f facts) only(name claim.Name) facts {
	return slices.DeleteFunc(slices.Clone(f), func(s said) bool { return s.Name != name && s.Name != removeFact })
}

func (f facts) without(names ...claim.Name) facts {
	return slices.DeleteFunc(slices.Clone(f), func(s said) bool { return slices.Contains(names, s.Name) })
}

func (b *builder) gap(address, what, instead string) {
	b.doc.Gaps = append(b.doc.Gaps, settled.Gap{Address: address, What: what, Instead: instead})
}

// infoObject writes the info object, and gives the extensions that belong to the document as a whole. A version is the one thing
// in it that OpenAPI cannot do without and that pages never have.
func (b *builder) infoObject() (info *source.Node, extensions []decision) {
	out := newObject()
	out.str("title", b.name)
	out.str("version", "1")
	for _, d := range b.facts("document", b.info.without(claim.Tags)) {
		if strings.HasPrefix(string(d.name), "x-") {
			extensions = append(extensions, d)
			continue
		}
		out.put(string(d.name), node0(d.won))
	}
	out.inOrder("title", "description", "termsOfService", "version")
	return out.Node, extensions
}

func (b *builder) serverList() *source.Node {
	if len(b.servers) == 0 {
		return nil
	}
	slices.SortStableFunc(b.servers, stronger)
	list := &source.Node{Kind: source.Array}
	for _, s := range b.servers {
		if s.src != b.servers[0].src {
			break
		}
		server := newObject()
		server.str("url", s.Text())
		list.Items = append(list.Items, server.Node)
		b.doc.Facts = append(b.doc.Facts, settled.Fact{Address: "document", Name: "server", Won: sayIt(s)})
	}
	return list
}

// paths writes the operations in the order in which the sources name their paths.
func (b *builder) paths() *source.Node {
	paths := newObject()
	byPath := map[string]*object{}
	for _, op := range b.ops {
		item := byPath[op.path]
		if item == nil {
			item = newObject()
			byPath[op.path] = item
			paths.add(op.path, item.Node)
		}
		item.put(strings.ToLower(op.method), b.operation(op))
		b.doc.Operations = append(b.doc.Operations, &settled.Operation{Method: op.method, Path: op.path, Name: op.name.Go, Pin: op.pin})
	}
	return paths.Node
}

// extensions that carry what OpenAPI has no keyword for.
var extensionOf = map[claim.Name]string{
	claim.Permissions:  "x-auditgen-permissions",
	claim.Granular:     "x-auditgen-granular-scopes",
	claim.ConnectScope: "x-atlassian-connect-scope",
}

func (b *builder) operation(op *operation) *source.Node {
	address := op.address()
	b.reportPaths(op)
	out := newObject()
	out.str("operationId", op.name.ID)
	var late []decision
	for _, d := range b.facts(address, op.facts) {
		switch d.name {
		case claim.OperationID:
			if d.won.Text() != op.name.ID {
				late = append(late, decision{name: "x-auditgen-operation-id", won: d.won})
			}
		case claim.Summary, claim.Description, claim.Tags, claim.Deprecated:
			out.put(string(d.name), node0(d.won))
		case claim.DocsURL:
			docs := newObject()
			docs.str("url", d.won.Text())
			out.put(string(d.name), docs.Node)
		case claim.Scopes, claim.Security:
		default:
			if name, ok := extensionOf[d.name]; ok {
				late = append(late, decision{name: claim.Name(name), won: d.won})
			} else if strings.HasPrefix(string(d.name), "x-") {
				late = append(late, d)
			}
		}
	}
	if params := b.params(op); len(params.Items) > 0 {
		out.put("parameters", params)
	}
	if op.body != nil && !op.body.facts.gone() {
		out.put("requestBody", b.requestBody(op))
	}
	out.put("responses", b.responses(op))
	if security := b.securityOf(op); security != nil {
		out.put("security", security)
	}
	for _, d := range late {
		out.put(string(d.name), node0(d.won))
	}
	out.inOrder("operationId", "summary", "description", "externalDocs", "tags", "deprecated", "parameters", "requestBody", "responses", "security")
	return out.Node
}

// reportPaths lists the spellings of the path. They are no conflict: the shorter ones are parts of the one that is called.
func (b *builder) reportPaths(op *operation) {
	row := settled.Fact{Address: op.address(), Name: "path", Won: sayIt(op.paths[0])}
	for _, p := range op.paths[1:] {
		if p.Value == op.paths[0].Value {
			row.Agreed = append(row.Agreed, sayIt(p))
		} else {
			row.Lost = append(row.Lost, sayIt(p))
		}
	}
	b.doc.Facts = append(b.doc.Facts, row)
}

func (b *builder) params(op *operation) *source.Node {
	inPath := b.completePathParams(op)
	list := &source.Node{Kind: source.Array}
	for _, p := range op.params {
		if p.facts.gone() || p.schema.facts.gone() || p.in == "path" && !inPath[p.name] {
			continue
		}
		list.Items = append(list.Items, b.param(op, p))
	}
	return list
}

// completePathParams adds the parameters that the path has and nobody describes. It gives the names that the path has, and notes
// parameters that it has not.
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
			b.notes = append(b.notes, &source.Error{Where: op.address(), What: "the path parameter " + strconv.Quote(p.name) + " is not part of the path",
				Do: "left out"})
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

func (b *builder) param(op *operation, p *param) *source.Node {
	address := p.schema.place
	out := newObject()
	out.str("name", p.name)
	out.str("in", p.in)
	for _, d := range b.facts(address, p.facts) {
		if d.name == claim.Required && p.in == "path" {
			continue
		}
		out.put(string(d.name), node0(d.won))
	}
	if p.in == "path" {
		out.put("required", boolNode(true))
	}
	schema := b.schema(p.schema)
	if !p.schema.known() {
		b.gap(address, "no type", "string")
		schema.str("type", "string")
		schema.inOrder("type")
	}
	out.put("schema", schema.Node)
	out.inOrder("name", "in", "description", "required", "deprecated", "style", "explode")
	return out.Node
}

func (b *builder) requestBody(op *operation) *source.Node {
	out := newObject()
	for _, d := range b.facts(op.address()+" body", op.body.facts) {
		out.put(string(d.name), node0(d.won))
	}
	content := b.content(&op.body.content, true)
	if len(content.Members) == 0 {
		b.gap(op.address()+" body", "no media type", "any value in JSON")
		content.put("application/json", newObject().Node)
	}
	out.put("content", content.Node)
	out.inOrder("description", "required", "content")
	return out.Node
}

func (b *builder) responses(op *operation) *source.Node {
	out := newObject()
	all := slices.DeleteFunc(slices.Clone(op.responses), func(r *response) bool { return r.facts.gone() })
	slices.SortStableFunc(all, func(x, y *response) int { return strings.Compare(x.status, y.status) })
	if !slices.ContainsFunc(all, func(r *response) bool { return strings.HasPrefix(r.status, "2") || r.status == "default" }) {
		b.gap(op.address(), "no successful response", "an answer without a body")
	}
	for _, r := range all {
		out.put(r.status, b.response(op, r))
	}
	if len(all) == 0 {
		empty := newObject()
		empty.str("description", http.StatusText(http.StatusOK))
		out.put("200", empty.Node)
	}
	return out.Node
}

func (b *builder) response(op *operation, r *response) *source.Node {
	out := newObject()
	out.str("description", statusText(r.status))
	for _, d := range b.facts(r.content.place, r.facts) {
		if d.name != claim.Description || d.won.Text() != "" {
			out.put(string(d.name), node0(d.won))
		}
	}
	if len(r.headers) > 0 {
		headers := newObject()
		for _, h := range r.headers {
			header := newObject()
			for _, d := range b.facts(h.schema.place, h.facts) {
				header.put(string(d.name), node0(d.won))
			}
			header.put("schema", b.schema(h.schema).Node)
			headers.put(h.name, header.Node)
		}
		out.put("headers", headers.Node)
	}
	if content := b.content(&r.content, hasBody(r.status)); len(content.Members) > 0 {
		out.put("content", content.Node)
	}
	out.inOrder("description", "headers", "content")
	return out.Node
}

// hasBody tells the answers whose body matters: successful ones, unless their status says that there is none.
func hasBody(status string) bool {
	return strings.HasPrefix(status, "2") && status != "204" && status != "205"
}

// anything tells whether a specification writes an empty schema on purpose: any value.
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

// content writes a body by media type. wanted says that a body nobody describes is a gap.
func (b *builder) content(c *content, wanted bool) *object {
	out := newObject()
	for _, md := range c.media {
		b.facts(c.place, md.facts)
		entry := newObject()
		schema := b.schema(md.schema)
		if wanted && !md.schema.known() && !md.anything() {
			b.gap(c.place, "no schema for "+md.name, "any value")
		}
		if len(schema.Members) > 0 {
			entry.put("schema", schema.Node)
		}
		out.put(md.name, entry.Node)
	}
	return out
}

// namedSchemas writes the schemas in use, and those that they use in turn, by name.
func (b *builder) namedSchemas() *object {
	written := map[string]*source.Node{}
	for len(b.todo) > 0 {
		name := b.todo[0]
		b.todo = b.todo[1:]
		root := b.schemas.root(name)
		if !root.known() {
			b.gap(root.place, "no members and no type", "any value")
		}
		written[b.used[name]] = b.schema(root).Node
	}
	out := newObject()
	for _, name := range slices.Sorted(maps.Keys(written)) {
		out.add(name, written[name])
	}
	return out
}

// use marks a named schema as part of the document and gives its name there: OpenAPI allows letters, digits, dots, hyphens and
// underscores only.
func (b *builder) use(name string) string {
	if legal, ok := b.used[name]; ok {
		return legal
	}
	legal := b.names.Take(strings.Map(func(r rune) rune {
		if r < 128 && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r)) {
			return r
		}
		return '_'
	}, name))
	b.used[name] = legal
	b.todo = append(b.todo, name)
	return legal
}
