package mock

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"

	"github.com/seed-1954497d/auditgen/internal/sample"
)

// kin-openapi reads no objects in forms, and no styles in multipart forms. So forms are read here,
// into the JSON that their schema describes, which kin-openapi then checks.

// The media types of forms.
const (
	urlencoded = "application/x-www-form-urlencoded"
	multiparts = "multipart/form-data"
)

// maxFields bounds the parts of a form.
const maxFields = 10_000

// checkForm checks the body of a request that is a form.
func (x *exchange) checkForm(options *openapi3filter.Options) error {
	if x.op.route.Operation.RequestBody == nil {
		return nil
	}
	body := x.op.route.Operation.RequestBody.Value
	wrong := func(err error) error { return &openapi3filter.RequestError{RequestBody: body, Err: err} }
	data, err := io.ReadAll(x.r.Body)
	if err != nil {
		return wrong(err)
	}
	x.r.Body = io.NopCloser(bytes.NewReader(data))
	media := body.Content.Get(x.r.Header.Get("Content-Type"))
	switch {
	case len(data) == 0 && body.Required:
		return wrong(openapi3filter.ErrInvalidRequired)
	case len(data) == 0 || len(body.Content) == 0:
		return nil
	case media == nil:
		return wrong(fmt.Errorf("the document does not list the Content-Type %.60q", x.r.Header.Get("Content-Type")))
	case media.Schema == nil:
		return nil
	}
	f := &form{encoding: media.Encoding, fields: map[string][]field{}}
	if err := f.read(x.r.Header.Get("Content-Type"), data); err != nil {
		return wrong(err)
	}
	if sample.Kind(media.Schema.Value) != "object" && len(media.Schema.Value.AllOf) == 0 {
		return nil // it describes no fields
	}
	opts := append([]openapi3.SchemaValidationOption{openapi3.VisitAsRequest()}, options.SchemaValidationOptions...)
	if options.MultiError {
		opts = append(opts, openapi3.MultiErrors())
	}
	if err := media.Schema.Value.VisitJSON(f.object(media.Schema.Value), opts...); err != nil {
		f.wrong = append(f.wrong, err)
	}
	if len(f.wrong) > 0 {
		return wrong(f.wrong)
	}
	return nil
}

// field is a field of a form.
type field struct {
	text, media string
	header      http.Header
}

// form is the fields of a form, by name.
type form struct {
	encoding map[string]*openapi3.Encoding
	fields   map[string][]field
	wrong    openapi3.MultiError
}

// read splits a form into its fields.
func (f *form) read(contentType string, data []byte) error {
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return errors.New("the Content-Type cannot be read")
	}
	if media == urlencoded {
		values, err := url.ParseQuery(string(data))
		if err != nil {
			return errors.New("it has a broken escape or a semicolon")
		}
		for name, texts := range values {
			for _, text := range texts {
				f.fields[name] = append(f.fields[name], field{text: text})
			}
		}
		return nil
	}
	parts := multipart.NewReader(bytes.NewReader(data), params["boundary"])
	for n := 0; ; n++ {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			return nil
		}
		if err != nil || n > maxFields {
			return errors.New("it cannot be read")
		}
		text, err := io.ReadAll(part)
		if err != nil {
			return errors.New("it cannot be read")
		}
		name := part.FormName()
		media, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
		f.fields[name] = append(f.fields[name], field{string(text), media, http.Header(part.Header)})
		f.checkPart(name, media, http.Header(part.Header))
	}
}

// checkPart checks the headers of a part.
func (f *form) checkPart(name, media string, header http.Header) {
	how := f.encoding[name]
	if how == nil {
		return
	}
	if how.ContentType != "" && !how.AllowsContentType(media) {
		f.wrong = append(f.wrong, fmt.Errorf("part %.60q has the Content-Type %.60q, not %.60q", name, media, how.ContentType))
	}
	for key, h := range how.Headers {
		if h.Value != nil && h.Value.Required && header.Get(key) == "" {
			f.wrong = append(f.wrong, fmt.Errorf("part %.60q lacks the header %s", name, key))
		}
	}
}

// object returns the value of a schema that describes the fields, and the fields that it does not
// describe as strings.
func (f *form) object(s *openapi3.Schema) map[string]any {
	value, used := map[string]any{}, map[string]bool{}
	f.members(s, value, used, 0)
	for name, fields := range f.fields {
		if !used[name] {
			value[name] = fields[0].text
		}
	}
	return value
}

// members adds the members that a schema describes, and marks the fields that they are made of.
func (f *form) members(s *openapi3.Schema, value map[string]any, used map[string]bool, depth int) {
	for _, part := range slices.Concat(s.AllOf, s.OneOf, s.AnyOf) {
		if part.Value != nil && depth < maxDepth {
			f.members(part.Value, value, used, depth+1)
		}
	}
	for name, p := range s.Properties {
		if p.Value == nil {
			continue
		}
		if v, ok := f.member(name, p.Value, used); ok {
			value[name] = v
		}
	}
}

// maxDepth bounds how deep objects are in each other.
const maxDepth = 20

// member returns the value of one member of a form.
func (f *form) member(name string, s *openapi3.Schema, used map[string]bool) (any, bool) {
	style, explode := "", false
	if how := f.encoding[name]; how != nil && (how.Style != "" || how.Explode != nil) {
		serialized := how.SerializationMethod()
		style, explode = serialized.Style, serialized.Explode
	}
	whole := telling(s, 0)
	switch kind := sample.Kind(whole); {
	case kind == "object" && style == openapi3.SerializationDeepObject:
		v, ok := f.deep(name, whole, used, 0)
		return v, ok
	case kind == "object" && style != "" && explode:
		v := map[string]any{}
		f.members(whole, v, used, 0)
		return v, len(v) > 0
	}
	fields := f.fields[name]
	if len(fields) == 0 {
		return nil, false
	}
	used[name] = true
	separator, joined := map[string]string{"form": ",", "spaceDelimited": " ", "pipeDelimited": "|"}[style]
	joined = joined && !explode
	switch kind := sample.Kind(whole); {
	case kind == "object" && joined:
		return pairs(strings.Split(fields[0].text, separator), whole), true
	case kind == "array":
		if joined {
			texts := strings.Split(fields[0].text, separator)
			fields = nil
			for _, text := range texts {
				fields = append(fields, field{text: text})
			}
		}
		items := make([]any, len(fields))
		for i, one := range fields {
			items[i] = one.value(itemsOf(whole))
		}
		return items, true
	}
	return fields[0].value(s), true
}

// deep returns the object whose members are the fields name[member].
func (f *form) deep(name string, s *openapi3.Schema, used map[string]bool, depth int) (map[string]any, bool) {
	value := map[string]any{}
	for key, fields := range f.fields {
		member, isMember := strings.CutPrefix(key, name+"[")
		member, rest, closed := strings.Cut(member, "]")
		if !isMember || !closed || depth > maxDepth {
			continue
		}
		p := telling(memberOf(s, member), 0)
		switch {
		case rest != "" && sample.Kind(p) == "array":
			value[member] = f.indexed(name+"["+member+"]", p, used)
		case rest != "":
			value[member], _ = f.deep(name+"["+member+"]", p, used, depth+1)
		case sample.Kind(p) == "array":
			items := make([]any, len(fields))
			for i, one := range fields {
				items[i] = one.value(itemsOf(p))
			}
			value[member] = items
		default:
			value[member] = fields[0].value(p)
		}
		used[key] = true
	}
	return value, len(value) > 0
}

// indexed returns the list whose items are the fields name[0], name[1] and so on.
func (f *form) indexed(name string, s *openapi3.Schema, used map[string]bool) []any {
	items := []any{}
	for i := 0; ; i++ {
		key := fmt.Sprintf("%s[%d]", name, i)
		if len(f.fields[key]) == 0 {
			return items
		}
		used[key] = true
		items = append(items, f.fields[key][0].value(itemsOf(s)))
	}
}

// pairs returns the object of a list of names and values.
func pairs(texts []string, s *openapi3.Schema) map[string]any {
	value := map[string]any{}
	for i := 0; i+1 < len(texts); i += 2 {
		value[texts[i]] = field{text: texts[i+1]}.value(memberOf(s, texts[i]))
	}
	return value
}

// value returns the value of a text: a string if the schema allows one, else what it is as JSON.
func (f field) value(s *openapi3.Schema) any {
	isJSON := strings.Contains(f.media, "json")
	if !isJSON && s.VisitJSON(f.text, openapi3.SetSchemaRegexCompiler(compilePattern)) == nil {
		return f.text
	}
	var v any
	if err := json.Unmarshal([]byte(f.text), &v); err != nil {
		return f.text
	}
	if _, isString := v.(string); isString && !isJSON {
		return f.text
	}
	if kind := sample.Kind(telling(s, 0)); kind == "string" && !isJSON {
		return f.text // which has another fault than its type
	}
	return v
}

// telling returns the part of an allOf that says of which type a value is.
func telling(s *openapi3.Schema, depth int) *openapi3.Schema {
	if sample.Kind(s) != "" || depth > maxDepth {
		return s
	}
	for _, part := range s.AllOf {
		if part.Value != nil && sample.Kind(telling(part.Value, depth+1)) != "" {
			return telling(part.Value, depth+1)
		}
	}
	return s
}

// memberOf returns the schema of a member of an object.
func memberOf(s *openapi3.Schema, name string) *openapi3.Schema {
	for _, ref := range []*openapi3.SchemaRef{s.Properties[name], s.AdditionalProperties.Schema} {
		if ref != nil && ref.Value != nil {
			return ref.Value
		}
	}
	return &openapi3.Schema{}
}

func itemsOf(s *openapi3.Schema) *openapi3.Schema {
	if s.Items == nil || s.Items.Value == nil {
		return &openapi3.Schema{}
	}
	return s.Items.Value
}
