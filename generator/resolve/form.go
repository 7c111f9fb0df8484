package resolve

import (
	"cmp"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/naming"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// formFields returns the styles of the fields of a form.
func formFields(media *settled.Media) []ir.FormField {
	encoding := media.Get("encoding")
	if encoding == nil {
		return nil
	}
	var fields []ir.FormField
	for _, m := range encoding.Members {
		style, explode := m.Value.Get("style").Str(), m.Value.Get("explode")
		if style == "" && explode == nil {
			continue
		}
		style = cmp.Or(style, "form")
		fields = append(fields, ir.FormField{Wire: m.Key, Style: style, Explode: explode.IsTrue() || explode == nil && style == "form"})
	}
	return fields
}

// isForm reports whether a schema describes the parts of a multipart form.
func (r *shapes) isForm(s *settled.Schema) bool {
	_, s = target(s)
	return s != nil && r.isModel(s)
}

// form makes the struct of a multipart form. It is nil if the document does not describe its parts.
func (r *operations) form(op *ir.Operation, address string, media *settled.Media) *ir.Form {
	if !r.isForm(media.Schema) {
		if media.Schema != nil {
			r.note(address, "the schema in "+media.Type+" does not name the parts", "the caller writes them into a rest.Upload")
		}
		return nil
	}
	form := &ir.Form{Name: r.take(r.types, op.Name+"Form")}
	name, s := target(media.Schema)
	owner := form.Name
	if m := r.models[name]; m != nil {
		owner = m.Name // which has types for the shapes in it already
	}
	all := r.gather(&ir.Model{Name: owner}, s)
	scope := naming.NewScope()
	for _, member := range all.members {
		if all.flags["readOnly"][member.wire] {
			continue // only servers set it
		}
		encoding := media.Get("encoding").Get(member.wire)
		p := r.part(address, member, encoding, scope)
		p.Required = all.required[member.wire]
		if k := p.Type.Kind; !p.Required && (k == ir.Int || k == ir.Uint || k == ir.Float || k == ir.Bool) {
			p.Type.Pointer = true
		}
		form.Parts = append(form.Parts, p)
	}
	form.More = scope.Take("More")
	return form
}

// part decides how a member of a form is sent.
func (r *operations) part(address string, member *inherited, encoding *source.Node, scope *naming.Scope) *ir.Part {
	s := member.schema
	p := &ir.Part{Name: scope.Take(naming.Exported(member.wire)), Wire: member.wire, Const: constant(s), Type: r.fileType(s)}
	if p.Type != nil {
		inside := r.described(s)
		if p.Type.Kind == ir.Slice {
			inside = r.described(inside.Items)
		}
		p.Media = inside.Text("x-auditgen-content")
	} else {
		p.Type = r.typeOf(s, hint{name: member.owner + p.Name, owner: member.owner, member: member.wire, doc: "The " + member.wire + " of " + member.owner + "."})
	}
	if remark := remark(s); s.Ref == nil {
		p.Doc = withListed(remark.Text("description"), s, p.Type)
		if s.Is("deprecated") || remark.Is("deprecated") {
			p.Deprecated = deprecatedText
		}
	} else if isFile(p.Type) {
		p.Doc = s.Resolved().Text("description")
	}
	r.partMedia(address, p, encoding)
	r.partHeaders(address, p, encoding)
	r.parts[p] = s
	return p
}

func isFile(t *ir.Type) bool {
	return t.Kind == ir.File || t.Kind == ir.Slice && t.Elem.Kind == ir.File
}

// fileType returns the type of a part that is a file, or a list of them, and nil for others.
func (r *operations) fileType(s *settled.Schema) *ir.Type {
	s = r.described(s)
	if s == nil {
		return nil
	}
	if isBytes(s) {
		return &ir.Type{Kind: ir.File}
	}
	if s.Type() == "array" {
		if item := r.described(s.Items); item != nil && isBytes(item) {
			return &ir.Type{Kind: ir.Slice, Elem: &ir.Type{Kind: ir.File}}
		}
	}
	return nil
}

// described returns what references, the only telling part of an allOf and the only variant lead
// to: of several strings, one that is a file.
func (r *shapes) described(s *settled.Schema) *settled.Schema {
	for range maxFollowing {
		if _, s = target(s); s == nil {
			return nil
		}
		if part, ok := r.onlyPart(s); ok {
			s = part
			continue
		}
		p := r.planOf(s)
		if len(p.variants) != 1 || p.open || r.hasMembers(s) {
			break
		}
		parts := p.variants[0].parts
		if i := slices.IndexFunc(parts, isBytes); i >= 0 {
			if len(parts) > 1 {
				r.note(s.Address, "it is a file or a string", "a file")
			}
			return parts[i].Resolved()
		}
		if len(parts) != 1 {
			break
		}
		s = parts[0]
	}
	return s
}

// partMedia decides the media type of a part. What can be neither text nor JSON is left to the
// caller.
func (r *operations) partMedia(address string, p *ir.Part, encoding *source.Node) {
	said := encoding.Get("contentType").Str()
	media := cmp.Or(said, p.Media)
	var kinds []string
	for kind := range strings.SplitSeq(media, ",") {
		if kind = strings.TrimSpace(kind); kind != "" && !strings.Contains(kind, "*") {
			kinds = append(kinds, kind)
		}
	}
	p.Media = ""
	if i := slices.IndexFunc(kinds, isJSON); i >= 0 && !isFile(p.Type) {
		p.Media = kinds[i]
	} else if len(kinds) > 0 {
		p.Media = kinds[0]
	}
	switch {
	case !strings.ContainsAny(said, ",*"):
	case isFile(p.Type):
		p.Doc = strings.TrimSpace(p.Doc + " ContentType may be " + strings.Join(strings.Fields(said), " ") + "; without it, it is " + cmp.Or(p.Media, mediaAny) + ".")
	default:
		r.note(address, "part "+p.Wire+" can be of several media types: "+said, "it is sent as "+cmp.Or(p.Media, "text"))
	}
	if isFile(p.Type) || isJSON(p.Media) {
		return
	}
	element := p.Type
	if element.Kind == ir.Slice {
		element = element.Elem
	}
	switch k := element.Kind; {
	case p.Media == "" || k != ir.ModelKind && k != ir.Map && k != ir.UnionKind && k != ir.Slice:
		p.Type = textInstead(p.Type)
	default:
		r.note(address, "part "+p.Wire+" is "+p.Media+", and its schema is not text", "the caller writes it as a string")
		p.Type = &ir.Type{Kind: ir.String}
	}
}

// partHeaders finds the headers of a part. Those with one value are sent; the caller can set others
// for a file.
func (r *operations) partHeaders(address string, p *ir.Part, encoding *source.Node) {
	if encoding.Get("allowReserved") != nil {
		r.note(address, "the encoding of part "+p.Wire+" has allowReserved", "left out: nothing is escaped in a part")
	}
	headers := encoding.Get("headers")
	if headers == nil {
		return
	}
	for _, h := range headers.Members {
		if strings.EqualFold(h.Key, "Content-Type") {
			continue // OpenAPI ignores it: contentType says it
		}
		var fixed *source.Node
		if list := h.Value.Get("schema").Get("enum"); list != nil && len(list.Items) == 1 {
			fixed = list.Items[0]
		}
		switch required := h.Value.Get("required").IsTrue(); {
		case fixed.Str() != "":
			p.Headers = append(p.Headers, ir.PartHeader{Name: h.Key, Value: fixed.Text})
		case isFile(p.Type) && required:
			p.Headers = append(p.Headers, ir.PartHeader{Name: h.Key})
		case isFile(p.Type):
			p.Doc = strings.TrimSpace(p.Doc + " Header may have " + h.Key + ".")
		default:
			r.note(address, "part "+p.Wire+" has the header "+h.Key, "left out: only files have headers that vary")
		}
	}
}
