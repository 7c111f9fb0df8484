package resolve

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/naming"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// operations makes methods of operations.
type operations struct {
	*typer
	args  []string                      // identifiers that no argument can have
	oauth map[string]bool               // security schemes that have scopes
	shown map[*ir.Param]*settled.Schema // where examples take their values from
	parts map[*ir.Part]*settled.Schema  // likewise

	security *security
}

func newOperations(t *typer, args []string) *operations {
	r := &operations{typer: t, args: args, oauth: map[string]bool{}, shown: map[*ir.Param]*settled.Schema{},
		parts: map[*ir.Part]*settled.Schema{}, security: newSecurity(t.doc, t.api, t.note)}
	for _, s := range r.doc.Security {
		r.oauth[s.Name] = s.Definition.Get("type").Str() == "oauth2"
	}
	return r
}

// link makes the operations and puts them into one group per tag. Pagers come after all operations
// have their names, so that none takes one.
func (r *operations) link() {
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
		r.page(made[i], headersOf(op), r.pagingOverride(op))
		r.follow(made[i], op)
		made[i].Instead = r.current.instead
	}
	r.current = nil
	r.security.decide(made)
	r.group(made)
}

// lockedFirst returns the order in which operations take their identifiers.
func (r *operations) lockedFirst() []int {
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
func (r *operations) group(made []*ir.Operation) {
	groups := map[string]*ir.Group{}
	files := naming.NewScope("doc", "client", "models", "unions", "json", "runtime")
	for i, op := range r.doc.Operations {
		tag := "operations"
		if tags := texts(op.Get("tags")); len(tags) > 0 {
			tag = tags[0]
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
func headersOf(op *settled.Operation) []string {
	var names []string
	for _, r := range op.Responses {
		if isSuccess(r) {
			for _, h := range r.Headers {
				names = append(names, h.Name)
			}
		}
	}
	return names
}

func (r *operations) operation(op *settled.Operation) *ir.Operation {
	out := &ir.Operation{Name: op.Name, Method: op.Method, Path: op.Path, Address: op.Address, Template: escapeTemplate(op.Path),
		Doc: cmp.Or(op.Text("description"), op.Text("summary")), Reference: op.Get("externalDocs").Get("url").Str(),
		Permissions: op.Text("x-auditgen-permissions"), Granular: texts(op.Get("x-auditgen-granular-scopes"))}
	if op.Is("deprecated") {
		out.Deprecated = deprecatedText
	}
	out.Scopes = r.scopes(op, out.Granular)
	r.security.read(out, op)
	args := naming.NewScope(r.args...)
	r.params(out, args, op)
	r.body(out, args, op.Body)
	out.Result = r.result(out, op)
	r.errorBodies(out, op)
	r.api.HasStreams = r.api.HasStreams || out.Result.Kind == ir.ResultStream
	return out
}

// scopes returns the OAuth 2.0 scopes that an operation needs, apart from the granular ones beside
// them.
func (r *operations) scopes(op *settled.Operation, granular []string) []string {
	requirements := op.Get("security")
	if requirements == nil {
		return nil
	}
	for _, requirement := range requirements.Items {
		schemes := slices.SortedFunc(slices.Values(requirement.Members), func(a, b source.Member) int { return cmp.Compare(a.Key, b.Key) })
		for _, scheme := range schemes {
			if scopes := texts(scheme.Value); r.oauth[scheme.Key] && len(scopes) > 0 && !slices.Equal(scopes, granular) {
				return scopes
			}
		}
	}
	return nil
}

// texts returns the strings of a list.
func texts(list *source.Node) []string {
	if list == nil {
		return nil
	}
	var out []string
	for _, item := range list.Items {
		if item.Kind == source.String {
			out = append(out, item.Text)
		}
	}
	return out
}

// params decides the arguments and the parameter struct of an operation.
func (r *operations) params(out *ir.Operation, args *naming.Scope, op *settled.Operation) {
	fields := naming.NewScope("encode")
	var rest []*ir.Param
	for _, described := range op.Parameters {
		if isServerVariable(described) {
			r.serverVariable(described)
			continue
		}
		p := r.param(out, described)
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

func (r *operations) param(op *ir.Operation, p *settled.Parameter) *ir.Param {
	out := &ir.Param{Wire: p.Name, Address: p.Address, In: p.In, Doc: p.Text("description"), Required: p.Is("required"),
		Type: r.paramType(p.Schema, op.Name+naming.Exported(p.Name), "What [Client."+op.Name+"] takes for "+p.Name+".")}
	r.style(out, p)
	if media := p.Text("x-auditgen-content"); isJSON(media) {
		out.JSON = true
	} else if media != "" {
		r.noteShape(p.Address, media, p.Schema, "the value is sent in style "+out.Style)
	}
	out.Doc = withListed(out.Doc, p.Schema, out.Type)
	if p.Is("deprecated") {
		out.Deprecated = deprecatedText
	}
	if d := given(p.Schema, "default"); d != nil {
		out.Default = fmt.Sprint(d.Any())
	}
	r.shown[out] = p.Schema
	out.Reserved = p.Is("allowReserved") && p.In == "query"
	out.AllowEmpty = p.Is("allowEmptyValue") && p.In == "query"
	if text := constant(p.Schema); out.Required && text != "" {
		out.Const = fmt.Sprint(r.onlyValue(p.Schema))
	}
	if out.AllowEmpty && out.Type.Kind != ir.String {
		r.note(p.Address, "it may be sent without a value", "it is sent with one, or not at all")
	}
	if !out.Required && out.AllowEmpty && out.Type.Kind == ir.String {
		out.Type.Pointer = true
	}
	if !out.Required && (out.Type.Kind == ir.Int || out.Type.Kind == ir.Uint || out.Type.Kind == ir.Float || out.Type.Kind == ir.Bool) {
		out.Type.Pointer = true
	}
	return out
}

// onlyValue returns the value of a constant.
func (r *operations) onlyValue(s *settled.Schema) any {
	_, t := target(s)
	return t.Enum()[0].Any()
}

// style decides how a parameter of a type is written. Styles that can write some types only give
// way to form where the type is another.
func (r *operations) style(out *ir.Param, p *settled.Parameter) {
	out.Style = cmp.Or(p.Text("style"), map[string]string{"query": "form", "cookie": "form", "path": "simple", "header": "simple"}[p.In])
	out.Explode = out.Style == "form"
	if p.Get("explode") != nil {
		out.Explode = p.Is("explode")
	}
	list, object := out.Type.Kind == ir.Slice, out.Type.Kind == ir.ModelKind || out.Type.Kind == ir.Map || out.Type.Kind == ir.UnionKind
	switch out.Style {
	case "deepObject":
		out.Explode = true // there is no other way to write it
		if list || object {
			return
		}
	case "spaceDelimited", "pipeDelimited":
		if list || object && !out.Explode {
			return
		}
	default:
		return
	}
	r.note(p.Address, "style "+out.Style+" is not for values of this type", "style form")
	out.Style = "form"
}

// paramType decides the type of a parameter. One that can be anything, or one of several things, is
// left to the caller as a string.
func (r *operations) paramType(s *settled.Schema, name, doc string) *ir.Type {
	_, t := target(s)
	if p := r.planOf(t); p.isUnion() {
		return r.paramUnion(s.Address, p, hint{name: name, doc: doc})
	}
	if t.Type() == "array" {
		if _, item := target(t.Items); r.planOf(item).isUnion() {
			r.note(t.Items.Address, "one of several types", "string")
			return &ir.Type{Kind: ir.Slice, Elem: &ir.Type{Kind: ir.String}}
		}
	}
	return textInstead(r.typeOf(s, hint{name: name, doc: doc}))
}

// textInstead returns the type of a parameter in which a string stands for any JSON value.
func textInstead(t *ir.Type) *ir.Type {
	if t.Kind == ir.Raw {
		return &ir.Type{Kind: ir.String}
	}
	if t.Kind == ir.Slice && t.Elem.Kind == ir.Raw {
		return &ir.Type{Kind: ir.Slice, Elem: &ir.Type{Kind: ir.String}}
	}
	return t
}

// paramUnion decides the type of a parameter that is one of several: a list where it is either one
// value or a list of them, since a list of one is sent as the value is.
func (r *operations) paramUnion(address string, p *plan, h hint) *ir.Type {
	for _, v := range p.variants {
		if v.kind != "array" || len(p.variants) != 2 || p.open || len(v.parts) != 1 {
			continue
		}
		_, list := target(v.parts[0])
		if single := joinedKinds(slices.DeleteFunc(slices.Clone(p.variants), func(a alternative) bool { return a.kind == "array" })); r.jsonKind(list.Items) == single {
			r.note(address, "either one "+single+" or an array", "a list, also for one")
			return r.typeOf(v.parts[0], h)
		}
	}
	r.note(address, "one of several types: "+cmp.Or(p.kinds(), "any"), "string")
	return &ir.Type{Kind: ir.String}
}
