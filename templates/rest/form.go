package rest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// asForm turns a body that is a JSON object into a form.
func (r *Request) asForm() {
	if r.err != nil {
		return
	}
	value, _ := decodeNumbers(r.body)
	members, ok := value.(map[string]any)
	if !ok {
		r.fail("a form is made from a JSON object, and the body is not one")
		return
	}
	form := url.Values{}
	for name, v := range members {
		r.fields[name].add(form, name, v)
	}
	r.body, r.media = []byte(form.Encode()), "application/x-www-form-urlencoded"
}

// fieldStyle is how a list or an object in a form is written: lists as repeated fields and objects
// as JSON, unless the document has a style.
type fieldStyle struct {
	style   Style
	explode bool
}

// separators are between the elements of a list or an object.
var separators = map[Style]string{Form: ",", SpaceDelimited: " ", PipeDelimited: "|"}

func (f fieldStyle) add(form url.Values, name string, v any) {
	separator, joined := separators[f.style]
	joined = joined && !f.explode
	switch v := v.(type) {
	case []any:
		var texts []string
		for _, item := range v {
			if text, ok := formText(item); ok {
				texts = append(texts, text)
			}
		}
		if joined && len(texts) > 0 {
			texts = []string{strings.Join(texts, separator)}
		}
		form[name] = append(form[name], texts...)
	case map[string]any:
		f.addObject(form, name, v)
	default:
		if text, ok := formText(v); ok {
			form.Add(name, text)
		}
	}
}

// addObject adds the members of an object: under names of their own, one after the other, or as
// JSON.
func (f fieldStyle) addObject(form url.Values, name string, members map[string]any) {
	var texts []string
	for _, key := range slices.Sorted(maps.Keys(members)) {
		if f.style == DeepObject {
			f.add(form, name+"["+key+"]", members[key])
		} else if text, ok := formText(members[key]); ok && f.explode {
			form.Add(key, text)
		} else if ok {
			texts = append(texts, key, text)
		}
	}
	switch separator, joined := separators[f.style]; {
	case f.style == "":
		text, _ := formText(members)
		form.Add(name, text)
	case joined && len(texts) > 0:
		form.Add(name, strings.Join(texts, separator))
	}
}

// formText returns a value as the text of a field. Null is not sent.
func formText(v any) (text string, ok bool) {
	if v = flat(v); v == nil {
		return "", false
	}
	return fmt.Sprint(v), true
}

// addPart adds a part to a multipart form, with the headers that the document says.
func (r *Request) addPart(p uploadPart) {
	header := http.Header{}
	maps.Copy(header, r.partHeaders[p.field])
	for name, values := range p.Header {
		header[http.CanonicalHeaderKey(name)] = values
	}
	for name, values := range header {
		if len(values) == 0 || values[0] == "" {
			r.fail("header %s of part %s of the form is required", name, p.field)
		}
	}
	p.Header = header
	r.form.parts = append(r.form.parts, p)
}

// addValue adds JSON to a multipart form: as its style says, or else the elements of a list one by
// one.
func (r *Request) addValue(name, media string, data json.RawMessage) {
	if style := r.fields[name]; style.style != "" {
		value, _ := decodeNumbers(data)
		form := url.Values{}
		style.add(form, name, value)
		for _, key := range slices.Sorted(maps.Keys(form)) {
			for _, text := range form[key] {
				r.addPart(uploadPart{field: key, value: text})
			}
		}
		return
	}
	items := []json.RawMessage{data}
	if data[0] == '[' {
		_ = json.Unmarshal(data, &items) // it was just written
	}
	for _, item := range items {
		part := uploadPart{field: name, value: string(item), File: File{ContentType: media}}
		switch value, _ := decodeNumbers(item); value.(type) {
		case map[string]any, []any:
			part.ContentType = cmp.Or(media, "application/json")
		default:
			text, ok := formText(value)
			if !ok {
				continue
			}
			if !strings.Contains(media, "json") {
				part.value = text
			}
		}
		r.addPart(part)
	}
}
