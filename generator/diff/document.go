package diff

import (
	"cmp"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/naming"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// comparer gathers what changed between two documents.
type comparer struct {
	changes []*Change
	uses    map[*settled.Schema]use // of the schemas with a name, on either side
}

// compareDocuments compares two settled documents.
func compareDocuments(old, new *settled.Document) []*Change {
	c := &comparer{uses: usesOf(old, new)}
	c.whole(old, new)
	c.operations(old.Operations, new.Operations)
	c.schemas(old.Schemas, new.Schemas)
	return c.changes
}

// add records a change. The rules say what it does on the wire.
func (c *comparer) add(p *place, kind Kind, fact, old, new string, u use) *Change {
	change := &Change{Kind: kind, Old: old, New: new, place: p, fact: fact}
	change.judge(u)
	c.changes = append(c.changes, change)
	return change
}

// keyword records a change of a keyword, if there is one.
func (c *comparer) keyword(p *place, kind Kind, key string, u use) {
	var a, b *source.Node
	if p.old != nil {
		a = p.old.Get(key)
	}
	if p.new != nil {
		b = p.new.Get(key)
	}
	c.value(p, kind, key, a, b, u)
}

func (c *comparer) value(p *place, kind Kind, key string, old, new *source.Node, u use) {
	if !old.Equal(new) {
		c.add(p, kind, key, cmp.Or(value(old), absent[key]), cmp.Or(value(new), absent[key]), u)
	}
}

// absent is what keywords mean that are not there.
var absent = map[string]string{"required": "false", "nullable": "false", "deprecated": "false", "readOnly": "false", "writeOnly": "false"}

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
func (c *comparer) whole(old, new *settled.Document) {
	p := &place{nil, &old.Element, &new.Element}
	for _, key := range []string{"title", "description", "termsOfService", "version"} {
		c.keyword(p, Text, key, 0)
	}
	c.value(p, Text, "tags", old.Tags, new.Tags, 0)
	if a, b := strings.Join(old.Servers, ", "), strings.Join(new.Servers, ", "); a != b {
		c.add(p, Server, "server", a, b, 0)
	}
	c.extensions(p, old.Extensions, new.Extensions)
	c.value(p, Security, "securitySchemes", old.SecuritySchemes(), new.SecuritySchemes(), 0)
}

// operations pairs the operations by method and path, and those that are left by the name of their
// Go method: the newer side is generated with the names of the older one, so that an operation that
// moved has kept its name.
func (c *comparer) operations(old, new []*settled.Operation) {
	pairs, removed, added := pair(old, new, func(o *settled.Operation) string { return o.Address })
	moved, removed, added := pair(removed, added, func(o *settled.Operation) string { return o.Name })
	for _, both := range slices.Concat(pairs, moved) {
		c.operation(both[0], both[1])
	}
	for _, o := range removed {
		c.add(&place{nil, &o.Element, nil}, OperationRemoved, "path", "", "", 0)
	}
	for _, o := range added {
		c.add(&place{nil, nil, &o.Element}, OperationAdded, "path", "", "", 0)
	}
}

// pair brings together the items of both sides that have the same key, the first of each. Empty
// keys pair nothing.
func pair[T any](old, new []T, key func(T) string) (pairs [][2]T, removed, added []T) {
	same := 0 // items that are the same on both sides up to here need no index
	for same < min(len(old), len(new)) && key(old[same]) == key(new[same]) && key(old[same]) != "" {
		pairs = append(pairs, [2]T{old[same], new[same]})
		same++
	}
	if old, new = old[same:], new[same:]; len(old) == 0 || len(new) == 0 {
		return pairs, old, new
	}
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

func (c *comparer) operation(old, new *settled.Operation) {
	p := &place{nil, &old.Element, &new.Element}
	if old.Address != new.Address {
		c.add(p, OperationMoved, "path", old.Address, new.Address, 0)
	}
	if x, y := upstreamID(old), upstreamID(new); x != y {
		c.add(p, OperationID, "operationId", x, y, 0)
	}
	for _, key := range []string{"summary", "description", "externalDocs", "tags", "x-auditgen-permissions"} {
		c.keyword(p, Text, key, 0)
	}
	c.keyword(p, Deprecated, "deprecated", 0)
	c.security(p, old.Get("security"), new.Get("security"))
	c.keyword(p, Paging, "x-auditgen-paging", 0)
	c.parameters(p, old.Parameters, new.Parameters)
	c.body(p, old.Body, new.Body)
	c.responses(p, old.Responses, new.Responses)
	c.extensions(p, old.Keywords, new.Keywords, "x-auditgen-operation-id", "x-auditgen-paging", "x-auditgen-follow", "x-auditgen-permissions", "x-auditgen-granular-scopes")
}

// upstreamID returns the operationId that the documents have.
func upstreamID(op *settled.Operation) string {
	return cmp.Or(value(op.Get("x-auditgen-operation-id")), op.Text("operationId"))
}

// parameters pairs parameters by place and name, then by place and Go name; those of the path that
// are left one by one, since a path that calls them something else means the same.
func (c *comparer) parameters(p *place, old, new []*settled.Parameter) {
	pairs, removed, added := pair(old, new, func(x *settled.Parameter) string { return x.In + ":" + x.Name })
	renamed, removed, added := pair(removed, added, func(x *settled.Parameter) string { return x.In + ":" + naming.Exported(x.Name) })
	inPath, removed, added := pair(removed, added, func(x *settled.Parameter) string {
		return strings.TrimSuffix(x.In, "query")
	})
	for _, both := range pairs {
		c.parameter(p.child(&both[0].Element, &both[1].Element), both[0], both[1])
	}
	for _, both := range append(renamed, inPath...) {
		here := p.child(&both[0].Element, &both[1].Element)
		c.add(here, ParameterRenamed, "", both[0].Name, both[1].Name, useOf(both[0]))
		c.parameter(here, both[0], both[1])
	}
	for _, x := range removed {
		c.add(p.child(&x.Element, nil), ParameterRemoved, "", "", "", useOf(x))
	}
	for _, x := range added {
		c.add(p.child(nil, &x.Element), ParameterAdded, "", "", "", useOf(x))
	}
}

func (c *comparer) parameter(p *place, old, new *settled.Parameter) {
	c.keyword(p, Text, "description", 0)
	c.keyword(p, Required, "required", inParameter)
	c.keyword(p, Deprecated, "deprecated", 0)
	c.keyword(p, Style, "style", inParameter)
	c.keyword(p, Style, "explode", inParameter)
	c.extensions(p, old.Keywords, new.Keywords)
	c.schema(p.schema(old.Schema, new.Schema), old.Schema, new.Schema, inParameter)
}

func (c *comparer) body(p *place, old, new *settled.Body) {
	switch {
	case old == nil && new == nil:
	case old == nil:
		u := inRequest
		if new.Is("required") {
			u |= isRequired
		}
		c.add(p.child(nil, &new.Element), BodyAdded, "", "", "", u)
	case new == nil:
		c.add(p.child(&old.Element, nil), BodyRemoved, "", "", "", inRequest)
	default:
		p = p.child(&old.Element, &new.Element)
		c.keyword(p, Text, "description", 0)
		c.keyword(p, Required, "required", inRequest|isWhole)
		c.content(p, old.Content, new.Content, inRequest)
	}
}

func (c *comparer) responses(p *place, old, new []*settled.Response) {
	pairs, removed, added := pair(old, new, func(r *settled.Response) string { return r.Status })
	for _, both := range pairs {
		here := p.child(&both[0].Element, &both[1].Element)
		c.keyword(here, Text, "description", 0)
		c.headers(here, both[0].Headers, both[1].Headers)
		c.content(here, both[0].Content, both[1].Content, inResponse)
	}
	for _, r := range removed {
		c.add(p.child(&r.Element, nil), ResponseRemoved, "", "", "", inResponse)
	}
	for _, r := range added {
		c.add(p.child(nil, &r.Element), ResponseAdded, "", "", "", inResponse)
	}
}

func (c *comparer) headers(p *place, old, new []*settled.Parameter) {
	pairs, removed, added := pair(old, new, func(h *settled.Parameter) string { return ":" + h.Name })
	for _, both := range pairs {
		here := p.child(&both[0].Element, &both[1].Element)
		c.keyword(here, Text, "description", 0)
		c.schema(here.schema(both[0].Schema, both[1].Schema), both[0].Schema, both[1].Schema, inResponse)
	}
	for _, h := range removed {
		c.add(p.child(&h.Element, nil), HeaderRemoved, "", "", "", inResponse)
	}
	for _, h := range added {
		c.add(p.child(nil, &h.Element), HeaderAdded, "", "", "", inResponse)
	}
}

// content compares bodies by media type. All of them have one address.
func (c *comparer) content(p *place, old, new settled.Content, u use) {
	pairs, removed, added := pair(old, new, func(m *settled.Media) string { return ":" + m.Type })
	for _, both := range pairs {
		here := p.child(&both[0].Element, &both[1].Element)
		c.schema(here.schema(both[0].Schema, both[1].Schema), both[0].Schema, both[1].Schema, u)
	}
	for _, m := range removed {
		c.add(p.child(&m.Element, nil), MediaTypeRemoved, "media", m.Type, "", u)
	}
	for _, m := range added {
		c.add(p.child(nil, &m.Element), MediaTypeAdded, "media", "", m.Type, u)
	}
}

// extensions compares the keywords that somebody made up, except those that are compared elsewhere.
func (c *comparer) extensions(p *place, old, new []source.Member, but ...string) {
	own := func(all []source.Member) []source.Member {
		var out []source.Member
		for _, m := range all {
			if strings.HasPrefix(m.Key, "x-") && !slices.Contains(but, m.Key) {
				out = append(out, m)
			}
		}
		return out
	}
	pairs, removed, added := pair(own(old), own(new), func(m source.Member) string { return m.Key })
	for _, both := range pairs {
		c.value(p, Extension, both[0].Key, both[0].Value, both[1].Value, 0)
	}
	for _, m := range removed {
		c.value(p, Extension, m.Key, m.Value, nil, 0)
	}
	for _, m := range added {
		c.value(p, Extension, m.Key, nil, m.Value, 0)
	}
}

// symbolsOf returns the address of everything that a package declares, by the symbol that apidiff
// calls it.
func symbolsOf(api *ir.API) map[string]string {
	all := map[string]string{}
	for _, g := range api.Groups {
		for _, op := range g.Operations {
			all["(*Client)."+op.Name] = op.Address
			if op.Paging != nil {
				all["(*Client)."+op.Paging.All], all["(*Client)."+op.Paging.Pager] = op.Address, op.Address
			}
			if op.Params == nil {
				continue
			}
			all[op.Params.Name] = op.Address
			for _, f := range op.Params.Fields {
				all[op.Params.Name+"."+f.Name] = f.Address
			}
		}
	}
	for _, m := range api.Models {
		all[m.Name] = m.Address
		for _, f := range m.Fields {
			all[m.Name+"."+f.Name] = f.Address
		}
	}
	for _, e := range api.Enums {
		all[e.Name] = e.Address
		for _, v := range e.Values {
			all[v.Name] = e.Address
		}
	}
	for _, u := range api.Unions {
		all[u.Name] = u.Address
		for _, v := range u.Variants {
			all[v.Make] = u.Address
		}
	}
	return all
}
