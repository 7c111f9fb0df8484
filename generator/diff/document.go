package diff

import (
	"cmp"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/naming"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// comparer gathers what changed between two documents.
type comparer struct {
	changes  []*Change
	uses     map[string]use // by name of a schema, on either side
	old, new *source.Node   // the schemas that have a name
}

// compareDocuments compares two settled documents. Subtrees that are equal are passed over at once, so that two versions of a
// large document with a few changes take hardly longer than reading both once.
func compareDocuments(old, new *generator.Output) []*Change {
	c := &comparer{uses: usesOf(old.Document.Tree, new.Document.Tree), old: namedSchemas(old.Document.Tree), new: namedSchemas(new.Document.Tree)}
	c.whole(old.Document.Tree, new.Document.Tree)
	c.operations(operationsOf(old), operationsOf(new))
	c.schemas()
	return c.changes
}

func namedSchemas(doc *source.Node) *source.Node { return doc.Get("components").Get("schemas") }

// add records a change. The rules say what it does on the wire.
func (c *comparer) add(p *place, kind Kind, fact, old, new string, u use) *Change {
	change := &Change{Kind: kind, Old: old, New: new, place: p, fact: fact}
	change.judge(u)
	c.changes = append(c.changes, change)
	return change
}

// fact records a change of the values at one key, if there is one.
func (c *comparer) fact(p *place, kind Kind, key string, old, new *source.Node, u use) {
	a, b := old.Get(key), new.Get(key)
	if !a.Equal(b) {
		c.add(p, kind, key, valueOr(a, absent[key]), valueOr(b, absent[key]), u)
	}
}

// absent is what the keys mean that are not there.
var absent = map[string]string{"required": "false", "nullable": "false", "deprecated": "false", "readOnly": "false", "writeOnly": "false"}

func valueOr(n *source.Node, other string) string { return cmp.Or(value(n), other) }

// value writes a value for a report: a string as it is, "" for nothing.
func value(n *source.Node) string {
	switch {
	case n == nil:
		return ""
	case n.Kind == source.String:
		return n.Text
	}
	return n.JSON()
}

// whole compares what is said about the API as a whole.
func (c *comparer) whole(old, new *source.Node) {
	p := &place{nil, "document", "document"}
	for _, key := range []string{"title", "description", "termsOfService", "version"} {
		c.fact(p, Text, key, old.Get("info"), new.Get("info"), 0)
	}
	c.fact(p, Text, "tags", old, new, 0)
	if a, b := servers(old), servers(new); a != b {
		c.add(p, Server, "server", a, b, 0)
	}
	c.extensions(p, old, new)
	c.fact(p, Security, "securitySchemes", old.Get("components"), new.Get("components"), 0)
}

func servers(doc *source.Node) string {
	var urls []string
	if list := doc.Get("servers"); list != nil {
		for _, s := range list.Items {
			urls = append(urls, s.Get("url").Str())
		}
	}
	return strings.Join(urls, ", ")
}

// operation is one operation of a side.
type operation struct {
	method, path string
	name         string // of the Go method
	node         *source.Node
}

func operationsOf(out *generator.Output) []operation {
	names := map[string]string{}
	for _, g := range out.API.Groups {
		for _, op := range g.Operations {
			names[op.Method+" "+op.Path] = op.Name
		}
	}
	all := make([]operation, len(out.Document.Operations))
	for i, op := range out.Document.Operations {
		node := out.Document.Tree.Get("paths").Get(op.Path).Get(strings.ToLower(op.Method))
		all[i] = operation{op.Method, op.Path, names[op.Method+" "+op.Path], node}
	}
	return all
}

func (o operation) address() string { return settled.OperationAddress(o.method, o.path) }

// operations pairs the operations by method and path, and those that are left by the name of their Go method: the newer side is
// generated with the names of the older one, so that an operation that moved has kept its name.
func (c *comparer) operations(old, new []operation) {
	pairs, removed, added := pair(old, new, operation.address)
	moved, removed, added := pair(removed, added, func(o operation) string { return o.name })
	for _, both := range slices.Concat(pairs, moved) {
		c.operation(both[0], both[1])
	}
	for _, o := range removed {
		c.add(&place{nil, o.address(), o.address()}, OperationRemoved, "path", "", "", 0)
	}
	for _, o := range added {
		c.add(&place{nil, o.address(), o.address()}, OperationAdded, "path", "", "", 0)
	}
}

// pair brings together the items of both sides that have the same key, the first of each; empty keys pair nothing.
func pair[T any](old, new []T, key func(T) string) (pairs [][2]T, removed, added []T) {
	at := make(map[string]int, len(new))
	for i, n := range new {
		if _, twice := at[key(n)]; !twice && key(n) != "" {
			at[key(n)] = i
		}
	}
	taken := make([]bool, len(new))
	for _, o := range old {
		i, ok := at[key(o)]
		if !ok || taken[i] {
			removed = append(removed, o)
			continue
		}
		taken[i] = true
		pairs = append(pairs, [2]T{o, new[i]})
	}
	for i, n := range new {
		if !taken[i] {
			added = append(added, n)
		}
	}
	return pairs, removed, added
}

func (c *comparer) operation(old, new operation) {
	p := &place{nil, old.address(), new.address()}
	if old.address() != new.address() {
		c.add(p, OperationMoved, "path", old.address(), new.address(), 0)
	}
	a, b := old.node, new.node
	if a.Equal(b) {
		return
	}
	if x, y := upstreamID(a), upstreamID(b); x != y {
		c.add(p, OperationID, "operationId", x, y, 0)
	}
	for _, key := range []string{"summary", "description", "externalDocs", "tags", "x-auditgen-permissions"} {
		c.fact(p, Text, key, a, b, 0)
	}
	c.fact(p, Deprecated, "deprecated", a, b, 0)
	c.security(p, a, b)
	c.fact(p, Paging, "x-auditgen-paging", a, b, 0)
	c.parameters(p, a.Get("parameters"), b.Get("parameters"))
	c.body(p.part("body"), a.Get("requestBody"), b.Get("requestBody"))
	c.responses(p, a.Get("responses"), b.Get("responses"))
	c.extensions(p, a, b, "x-auditgen-operation-id", "x-auditgen-paging", "x-auditgen-permissions", "x-auditgen-granular-scopes")
}

// upstreamID gives the operationId that the documents give.
func upstreamID(op *source.Node) string {
	if id := op.Get("x-auditgen-operation-id"); id != nil {
		return value(id)
	}
	return value(op.Get("operationId"))
}

// parameters pairs parameters by place and name, then by place and Go name; those of the path that are left one by one, since a
// path that calls them something else means the same.
func (c *comparer) parameters(p *place, old, new *source.Node) {
	pairs, removed, added := pair(items(old), items(new), paramName)
	renamed, removed, added := pair(removed, added, func(n *source.Node) string {
		return n.Get("in").Str() + ":" + naming.Exported(n.Get("name").Str())
	})
	inPath, removed, added := pair(removed, added, func(n *source.Node) string {
		return strings.TrimSuffix(n.Get("in").Str(), "query")
	})
	renamed = append(renamed, inPath...)
	for _, both := range pairs {
		c.parameter(p.part(paramName(both[0])), both[0], both[1])
	}
	for _, both := range renamed {
		here := p.child(" "+paramName(both[0]), " "+paramName(both[1]))
		c.add(here, ParameterRenamed, "", both[0].Get("name").Str(), both[1].Get("name").Str(), useOf(both[0]))
		c.parameter(here, both[0], both[1])
	}
	for _, n := range removed {
		c.add(p.part(paramName(n)), ParameterRemoved, "", "", "", useOf(n))
	}
	for _, n := range added {
		c.add(p.part(paramName(n)), ParameterAdded, "", "", "", useOf(n))
	}
}

func items(list *source.Node) []*source.Node {
	if list == nil {
		return nil
	}
	return list.Items
}

// paramName gives the end of the address of a parameter.
func paramName(n *source.Node) string {
	return strings.TrimPrefix(settled.ParamAddress("", n.Get("in").Str(), n.Get("name").Str()), " ")
}

func (c *comparer) parameter(p *place, old, new *source.Node) {
	if old.Equal(new) {
		return
	}
	c.fact(p, Text, "description", old, new, 0)
	c.fact(p, Required, "required", old, new, inParameter)
	c.fact(p, Deprecated, "deprecated", old, new, 0)
	c.fact(p, Style, "style", old, new, inParameter)
	c.fact(p, Style, "explode", old, new, inParameter)
	c.extensions(p, old, new)
	c.schema(p, old.Get("schema"), new.Get("schema"), inParameter)
}

func (c *comparer) body(p *place, old, new *source.Node) {
	switch {
	case old.Equal(new):
	case old == nil:
		c.add(p, BodyAdded, "", "", "", useOf(new))
	case new == nil:
		c.add(p, BodyRemoved, "", "", "", inRequest)
	default:
		c.fact(p, Text, "description", old, new, 0)
		c.fact(p, Required, "required", old, new, inRequest|isWhole)
		c.content(p, old.Get("content"), new.Get("content"), inRequest)
	}
}

func (c *comparer) responses(p *place, old, new *source.Node) {
	c.keyed(old, new, func(status string, a, b *source.Node) {
		here := p.part(status)
		switch {
		case a == nil:
			c.add(here, ResponseAdded, "", "", "", inResponse)
		case b == nil:
			c.add(here, ResponseRemoved, "", "", "", inResponse)
		default:
			c.fact(here, Text, "description", a, b, 0)
			c.headers(here, a.Get("headers"), b.Get("headers"))
			c.content(here, a.Get("content"), b.Get("content"), inResponse)
		}
	})
}

func (c *comparer) headers(p *place, old, new *source.Node) {
	c.keyed(old, new, func(name string, a, b *source.Node) {
		here := p.part("header:" + name)
		switch {
		case a == nil:
			c.add(here, HeaderAdded, "", "", "", inResponse)
		case b == nil:
			c.add(here, HeaderRemoved, "", "", "", inResponse)
		default:
			c.fact(here, Text, "description", a, b, 0)
			c.schema(here, a.Get("schema"), b.Get("schema"), inResponse)
		}
	})
}

// content compares bodies by media type. All of them have one address.
func (c *comparer) content(p *place, old, new *source.Node, u use) {
	c.keyed(old, new, func(media string, a, b *source.Node) {
		switch {
		case a == nil:
			c.add(p, MediaTypeAdded, "media", "", media, u)
		case b == nil:
			c.add(p, MediaTypeRemoved, "media", media, "", u)
		default:
			c.schema(p, a.Get("schema"), b.Get("schema"), u)
		}
	})
}

// keyed calls f for every key of two objects whose values differ, in the order of the older one and then of the newer one.
func (c *comparer) keyed(old, new *source.Node, f func(key string, old, new *source.Node)) {
	for _, m := range members(old) {
		if other := new.Get(m.Key); !m.Value.Equal(other) {
			f(m.Key, m.Value, other)
		}
	}
	for _, m := range members(new) {
		if old.Get(m.Key) == nil {
			f(m.Key, nil, m.Value)
		}
	}
}

func members(n *source.Node) []source.Member {
	if n == nil {
		return nil
	}
	return n.Members
}

// extensions compares the keywords that somebody made up, but for those that are compared elsewhere.
func (c *comparer) extensions(p *place, old, new *source.Node, but ...string) {
	c.keyed(old, new, func(key string, a, b *source.Node) {
		if strings.HasPrefix(key, "x-") && !slices.Contains(but, key) {
			c.add(p, Extension, key, value(a), value(b), 0)
		}
	})
}

// symbolsOf gives the address of everything that a package declares, by the symbol that apidiff calls it.
func symbolsOf(api *ir.API) map[string]string {
	all := map[string]string{}
	for _, g := range api.Groups {
		for _, op := range g.Operations {
			address := settled.OperationAddress(op.Method, op.Path)
			all["(*Client)."+op.Name] = address
			if op.Paging != nil {
				all["(*Client)."+op.Paging.All], all["(*Client)."+op.Paging.Pager] = address, address
			}
			if op.Params == nil {
				continue
			}
			all[op.Params.Name] = address
			for _, f := range op.Params.Fields {
				all[op.Params.Name+"."+f.Name] = settled.ParamAddress(address, f.In, f.Wire)
			}
		}
	}
	for _, m := range api.Models {
		all[m.Name] = canonical(m.Address)
		for _, f := range m.Fields {
			all[m.Name+"."+f.Name] = canonical(f.Address)
		}
	}
	for _, e := range api.Enums {
		all[e.Name] = canonical(e.Address)
		for _, v := range e.Values {
			all[v.Name] = canonical(e.Address)
		}
	}
	for _, u := range api.Unions {
		all[u.Name] = canonical(u.Address)
		for _, v := range u.Variants {
			all[v.Make] = canonical(u.Address)
		}
	}
	return all
}
