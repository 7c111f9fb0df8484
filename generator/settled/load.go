package settled

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v4"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// Loaded is the document as kin-openapi holds it. It takes as much memory as the model, so nobody
// keeps it for longer than needed.
type Loaded struct {
	*openapi3.T
	Of map[*Schema]*openapi3.Schema // the same schemas; references have none
}

// Load makes kin-openapi's document. kin-openapi decodes each object twice per nesting level, so it
// decodes only the keywords of each element, and the elements are linked here.
func (d *Document) Load() (*Loaded, error) {
	l := &loader{loaded: &Loaded{T: &openapi3.T{}, Of: map[*Schema]*openapi3.Schema{}}}
	l.decode(d.frame(object(), nil), l.loaded.T)
	for _, s := range d.Schemas {
		if s.Ref == nil {
			l.loaded.Of[s] = &openapi3.Schema{} // references lead to it before it is filled
		}
	}
	paths := openapi3.NewPathsWithCapacity(len(d.Operations))
	for _, op := range d.Operations {
		item := paths.Value(op.Path)
		if item == nil {
			item = &openapi3.PathItem{}
			paths.Set(op.Path, item)
		}
		item.SetOperation(op.Method, l.operation(op))
	}
	l.loaded.Paths = paths
	if len(d.Schemas) > 0 {
		if l.loaded.Components == nil {
			l.loaded.Components = &openapi3.Components{}
		}
		l.loaded.Components.Schemas = make(openapi3.Schemas, len(d.Schemas))
	}
	for _, s := range d.Schemas {
		l.loaded.Components.Schemas[s.Name] = l.schema(s)
	}
	return l.loaded, l.err
}

// Findings returns what kin-openapi has against the document, or nil.
func (d *Document) Findings() error {
	loaded, err := d.Load()
	if err != nil {
		return err
	}
	return loaded.Validate(context.Background(), openapi3.EnableExamplesValidation(), openapi3.EnableSchemaDefaultsValidation())
}

// loader makes kin-openapi's document. It keeps the first error.
type loader struct {
	loaded *Loaded
	err    error
}

// decode has kin-openapi decode an object that holds no other element. As kin-openapi does, it
// reads as YAML what Go cannot read as JSON: 1.0 where an integer must be, and numbers beyond all
// floats.
func (l *loader) decode(n *source.Node, into any) {
	text := []byte(n.JSON())
	err := json.Unmarshal(text, into)
	if err != nil {
		var plain any
		if yaml.Unmarshal(text, &plain) == nil {
			if text, err = json.Marshal(plain); err == nil {
				err = json.Unmarshal(text, into)
			}
		}
	}
	l.err = cmp.Or(l.err, err)
}

func (l *loader) operation(op *Operation) *openapi3.Operation {
	out := &openapi3.Operation{}
	l.decode(object(op.Keywords...), out)
	for _, p := range op.Parameters {
		out.Parameters = append(out.Parameters, &openapi3.ParameterRef{Value: l.parameter(p)})
	}
	if op.Body != nil {
		body := &openapi3.RequestBody{}
		l.decode(object(op.Body.Keywords...), body)
		body.Content = l.content(op.Body.Content)
		out.RequestBody = &openapi3.RequestBodyRef{Value: body}
	}
	out.Responses = openapi3.NewResponsesWithCapacity(len(op.Responses))
	for _, r := range op.Responses {
		out.Responses.Set(r.Status, &openapi3.ResponseRef{Value: l.response(r)})
	}
	return out
}

func (l *loader) parameter(p *Parameter) *openapi3.Parameter {
	out := &openapi3.Parameter{}
	l.decode(object(p.keywords()...), out)
	out.Schema = l.schema(p.Schema)
	return out
}

func (l *loader) response(r *Response) *openapi3.Response {
	out := &openapi3.Response{}
	l.decode(object(r.Keywords...), out)
	out.Content = l.content(r.Content)
	if len(r.Headers) > 0 {
		out.Headers = make(openapi3.Headers, len(r.Headers))
	}
	for _, h := range r.Headers {
		header := &openapi3.Header{}
		l.decode(object(h.Keywords...), header)
		header.Schema = l.schema(h.Schema)
		out.Headers[h.Name] = &openapi3.HeaderRef{Value: header}
	}
	return out
}

func (l *loader) content(c Content) openapi3.Content {
	if len(c) == 0 {
		return nil
	}
	out := make(openapi3.Content, len(c))
	for _, m := range c {
		media := &openapi3.MediaType{Encoding: encodings(m.Get("encoding"))}
		media.Schema = l.schema(m.Schema)
		out[m.Type] = media
	}
	return out
}

// encodings reads how the fields of a form are encoded. References in it are not followed, and what
// is malformed says nothing.
func encodings(n *source.Node) map[string]*openapi3.Encoding {
	var all map[string]*openapi3.Encoding
	if n == nil || json.Unmarshal([]byte(n.JSON()), &all) != nil {
		return nil
	}
	for _, e := range all {
		maps.DeleteFunc(e.Headers, func(_ string, h *openapi3.HeaderRef) bool { return h.Value == nil })
	}
	return all
}

func (l *loader) schema(s *Schema) *openapi3.SchemaRef {
	if s == nil {
		return nil
	}
	if s.Ref != nil {
		return &openapi3.SchemaRef{Ref: SchemaRef + s.Ref.Name, Value: l.loaded.Of[s.Resolved()]}
	}
	out := l.loaded.Of[s]
	if out == nil {
		out = &openapi3.Schema{}
		l.loaded.Of[s] = out
	}
	l.keywords(s.Keywords, out)
	out.Items, out.Not = l.schema(s.Items), l.schema(s.Not)
	out.OneOf, out.AnyOf, out.AllOf = l.schemas(s.OneOf), l.schemas(s.AnyOf), l.schemas(s.AllOf)
	if s.Additional != nil {
		out.AdditionalProperties.Schema = l.schema(s.Additional)
	}
	if len(s.Properties) > 0 {
		out.Properties = make(openapi3.Schemas, len(s.Properties))
	}
	for _, p := range s.Properties {
		out.Properties[p.Name] = l.schema(p.Schema)
		if p.Required {
			out.Required = append(out.Required, p.Name)
		}
	}
	return &openapi3.SchemaRef{Value: out}
}

func (l *loader) schemas(all []*Schema) openapi3.SchemaRefs {
	var out openapi3.SchemaRefs
	for _, s := range all {
		out = append(out, l.schema(s))
	}
	return out
}

// keywords fills in the keywords of a schema. Most schemas have only a type and a description, and
// these need no decoder.
func (l *loader) keywords(all []source.Member, out *openapi3.Schema) {
	var types *openapi3.Types
	var description string
	var others members
	for _, m := range all {
		switch {
		case m.Key == "type" && m.Value.Kind == source.String:
			types = &openapi3.Types{m.Value.Text}
		case m.Key == "description" && m.Value.Kind == source.String:
			description = m.Value.Text
		default:
			others = append(others, m)
		}
	}
	if len(others) > 0 {
		l.decode(object(others...), out)
	}
	out.Type, out.Description = types, description
}
