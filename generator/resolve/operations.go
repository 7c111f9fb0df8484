package resolve

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/naming"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// linkOperations makes the operations and puts them into one group per tag. Pagers come after all operations have their names,
// so that none takes one.
func (r *resolver) linkOperations() {
	made := make([]*ir.Operation, len(r.doc.Operations))
	order := r.lockedFirst()
	for _, i := range order {
		op := r.doc.Operations[i]
		r.current = r.derived[op.Name]
		made[i] = r.operation(op)
	}
	for _, i := range order {
		op := r.doc.Operations[i]
		r.current = r.derived[op.Name]
		node := r.node(op)
		r.page(made[i], headersOf(node), r.pagingOverride(settled.OperationAddress(op.Method, op.Path), node))
		made[i].Instead = r.current.instead
	}
	r.current = nil
	r.group(made)
	r.findPrefix()
}

// lockedFirst gives the order in which operations take their identifiers.
func (r *resolver) lockedFirst() []int {
	var locked, others []int
	for i, op := range r.doc.Operations {
		if op.Pin != nil {
			locked = append(locked, i)
		} else {
			others = append(others, i)
		}
	}
	return append(locked, others...)
}

// group puts operations into files, in the order of the document.
func (r *resolver) group(made []*ir.Operation) {
	groups := map[string]*ir.Group{}
	files := naming.NewScope("doc", "client", "models", "unions", "json", "runtime")
	for i, op := range r.doc.Operations {
		tag := "operations"
		if len(op.T.Tags) > 0 {
			tag = op.T.Tags[0]
		}
		g := groups[naming.File(tag)]
		if g == nil {
			g = &ir.Group{File: files.Take(naming.File(tag)) + ".gen.go"}
			groups[naming.File(tag)] = g
			r.api.Groups = append(r.api.Groups, g)
		}
		g.Operations = append(g.Operations, made[i])
	}
	slices.SortFunc(r.api.Groups, func(a, b *ir.Group) int { return cmp.Compare(a.File, b.File) })
}

// headersOf lists the headers that successful answers are documented to have.
func headersOf(op *source.Node) []string {
	var names []string
	for _, m := range op.Get("responses").Members {
		if headers := m.Value.Get("headers"); headers != nil && strings.HasPrefix(m.Key, "2") {
			for _, h := range headers.Members {
				names = append(names, h.Key)
			}
		}
	}
	return names
}

func (r *resolver) operation(op *settled.Operation) *ir.Operation {
	address := settled.OperationAddress(op.Method, op.Path)
	node := r.node(op)
	out := &ir.Operation{Name: op.Name, Method: op.Method, Path: op.Path, Template: escapeTemplate(op.Path), Doc: cmp.Or(op.T.Description, op.T.Summary),
		Permissions: text(op.T.Extensions["x-auditgen-permissions"]), Granular: texts(op.T.Extensions["x-auditgen-granular-scopes"])}
	if op.T.Deprecated {
		out.Deprecated = deprecatedText
	}
	if op.T.ExternalDocs != nil {
		out.Reference = op.T.ExternalDocs.URL
	}
	out.Scopes = r.scopes(op.T, out.Granular)
	args := naming.NewScope(r.args...)
	r.params(out, args, op, node, address)
	r.body(out, args, op, node, address)
	out.Result = r.result(out, op, node, address)
	r.api.HasStreams = r.api.HasStreams || out.Result.Kind == ir.ResultStream
	return out
}

// scopes gives the OAuth 2.0 scopes that an operation needs, apart from the granular ones that stand beside them.
func (r *resolver) scopes(op *openapi3.Operation, granular []string) []string {
	if op.Security == nil || r.doc.T.Components == nil {
		return nil
	}
	for _, requirement := range *op.Security {
		for _, scheme := range slices.Sorted(maps.Keys(requirement)) {
			def := r.doc.T.Components.SecuritySchemes[scheme]
			scopes := requirement[scheme]
			if def != nil && def.Value != nil && def.Value.Type == "oauth2" && len(scopes) > 0 && !slices.Equal(scopes, granular) {
				return scopes
			}
		}
	}
	return nil
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

func texts(v any) []string {
	var out []string
	items, _ := v.([]any)
	for _, item := range items {
		if s, ok := item.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// params decides the arguments and the parameter struct of an operation.
func (r *resolver) params(out *ir.Operation, args *naming.Scope, op *settled.Operation, node *source.Node, address string) {
	fields := naming.NewScope("encode")
	list := node.Get("parameters")
	var rest []*ir.Param
	for i, ref := range op.T.Parameters {
		if isServerVariable(ref.Value) {
			r.serverVariable(ref.Value, address)
			continue
		}
		p := r.param(out, ref.Value, list.Items[i].Get("schema"), address)
		if p.In == "path" {
			p.Name = args.Take(naming.Unexported(p.Wire))
			out.PathParams = append(out.PathParams, p)
			continue
		}
		p.Name = fields.Take(naming.Exported(p.Wire), naming.Exported(p.In+" "+p.Wire))
		rest = append(rest, p)
	}
	at := make(map[*ir.Param]int, len(out.PathParams))
	for _, p := range out.PathParams {
		at[p] = strings.Index(out.Path, "{"+p.Wire+"}")
	}
	slices.SortStableFunc(out.PathParams, func(a, b *ir.Param) int { return cmp.Compare(at[a], at[b]) })
	if len(rest) > 0 {
		out.Params = &ir.Params{Name: r.take(r.types, out.Name+"Params"), Fields: rest}
	}
}

func (r *resolver) param(op *ir.Operation, p *openapi3.Parameter, node *source.Node, address string) *ir.Param {
	at := settled.ParamAddress(address, p.In, p.Name)
	s := schema{p.Schema, node, at, false}
	out := &ir.Param{Wire: p.Name, In: p.In, Doc: p.Description, Required: p.Required,
		Type: r.paramType(s, op.Name+naming.Exported(p.Name), "What [Client."+op.Name+"] takes for "+p.Name+".")}
	r.style(out, p, at)
	if media := text(p.Extensions["x-auditgen-content"]); isJSON(media) {
		out.JSON = true
	} else if media != "" {
		r.noteShape(at, media, s, "the value is sent in style "+out.Style)
	}
	out.Doc = withListed(out.Doc, s, out.Type)
	if p.Deprecated {
		out.Deprecated = deprecatedText
	}
	if p.Schema != nil && p.Schema.Value != nil && p.Schema.Value.Default != nil {
		out.Default = fmt.Sprint(p.Schema.Value.Default)
	}
	r.shown[out] = s
	if !out.Required && (out.Type.Kind == ir.Int || out.Type.Kind == ir.Float || out.Type.Kind == ir.Bool) {
		out.Type.Pointer = true
	}
	return out
}

// style decides how a parameter of a type is written. Styles that can write some types only give way to form where the type is another.
func (r *resolver) style(out *ir.Param, p *openapi3.Parameter, at string) {
	out.Style = cmp.Or(p.Style, map[string]string{"query": "form", "cookie": "form", "path": "simple", "header": "simple"}[p.In])
	out.Explode = out.Style == "form"
	if p.Explode != nil {
		out.Explode = *p.Explode
	}
	list, object := out.Type.Kind == ir.Slice, out.Type.Kind == ir.ModelKind || out.Type.Kind == ir.Map || out.Type.Kind == ir.UnionKind
	switch out.Style {
	case "deepObject":
		out.Explode = true // there is no other way to write it
		if list || object {
			return
		}
	case "spaceDelimited", "pipeDelimited":
		if list {
			return
		}
	default:
		return
	}
	r.note(at, "style "+out.Style+" is not for values of this type", "style form")
	out.Style = "form"
}

// paramType decides the type of a parameter. One that can be anything, or one of several things, is left to the caller as a string.
func (r *resolver) paramType(s schema, name, doc string) *ir.Type {
	_, target := r.target(s)
	if p := r.planOf(target); p.isUnion() {
		return r.paramUnion(s.address, p, hint{name: name, doc: doc})
	}
	if target.SchemaRef != nil && target.is("array") {
		if _, item := r.target(target.items()); r.planOf(item).isUnion() {
			r.note(s.address+"[]", "one of several types", "string")
			return &ir.Type{Kind: ir.Slice, Elem: &ir.Type{Kind: ir.String}}
		}
	}
	t := r.typeOf(s, hint{name: name, doc: doc})
	if t.Kind == ir.Raw {
		return &ir.Type{Kind: ir.String}
	}
	if t.Kind == ir.Slice && t.Elem.Kind == ir.Raw {
		return &ir.Type{Kind: ir.Slice, Elem: &ir.Type{Kind: ir.String}}
	}
	return t
}

// paramUnion decides the type of a parameter that is one of several: a list where it is either one value or a list of them,
// since a list of one is sent as the value is.
func (r *resolver) paramUnion(address string, p *plan, h hint) *ir.Type {
	for _, v := range p.variants {
		if v.kind != "array" || len(p.variants) != 2 || p.open || len(v.parts) != 1 {
			continue
		}
		_, list := r.target(v.parts[0])
		if single := joinedKinds(slices.DeleteFunc(slices.Clone(p.variants), func(a alternative) bool { return a.kind == "array" })); r.jsonKind(list.items()) == single {
			r.note(address, "either one "+single+" or an array", "a list, also for one")
			return r.typeOf(v.parts[0], h)
		}
	}
	r.note(address, "one of several types: "+cmp.Or(p.kinds(), "any"), "string")
	return &ir.Type{Kind: ir.String}
}
