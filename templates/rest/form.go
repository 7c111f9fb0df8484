package rest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
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
	var form []formField
	for _, name := range slices.Sorted(maps.Keys(members)) {
		form = r.fields[name].add(form, name, members[name])
	}
	slices.SortStableFunc(form, func(a, b formField) int { return strings.Compare(a.name, b.name) })
	pairs := make([]string, len(form))
	for i, f := range form {
		pairs[i] = url.QueryEscape(f.name) + "=" + f.joined(url.QueryEscape)
	}
	r.body, r.media = []byte(strings.Join(pairs, "&")), "application/x-www-form-urlencoded"
}

// formField is a field of a form, with several texts if its style joins them.
type formField struct {
	name  string
	texts []string
	style Style
}

// separators are between the texts of a field.
var separators = map[Style]string{Form: ",", SpaceDelimited: " ", PipeDelimited: "|"}

// joined returns the value of the field. A comma that separates is not escaped.
func (f formField) joined(escape func(string) string) string {
	var out strings.Builder
	for i, text := range f.texts {
		if separator := separators[f.style]; i > 0 && separator == "," {
			out.WriteString(separator)
		} else if i > 0 {
			out.WriteString(escape(separator))
		}
		out.WriteString(escape(text))
	}
	return out.String()
}

// fieldStyle is how a list or an object in a form is written: lists as repeated fields and objects
// as JSON, unless the document has a style.
type fieldStyle struct {
	style   Style
	explode bool
}

// add adds a member of a body to the fields of a form.
func (f fieldStyle) add(form []formField, name string, v any) []formField {
	_, joins := separators[f.style]
	joins = joins && !f.explode
	var texts []string
	switch v := v.(type) {
	case []any:
		for i, item := range v {
			if f.style == DeepObject {
				form = f.add(form, name+"["+strconv.Itoa(i)+"]", item)
			} else if text, ok := formText(item); ok {
				texts = append(texts, text)
			}
		}
	case map[string]any:
		if f.style == "" {
			text, _ := formText(v)
			return append(form, formField{name: name, texts: []string{text}})
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if f.style == DeepObject {
				form = f.add(form, name+"["+key+"]", v[key])
			} else if text, ok := formText(v[key]); ok && joins {
				texts = append(texts, key, text)
			} else if ok {
				form = append(form, formField{name: key, texts: []string{text}})
			}
		}
	default:
		if text, ok := formText(v); ok {
			texts, joins = []string{text}, false
		}
	}
	if joins && len(texts) > 0 {
		return append(form, formField{name, texts, f.style})
	}
	for _, text := range texts {
		form = append(form, formField{name: name, texts: []string{text}})
	}
	return form
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
		for _, f := range style.add(nil, name, value) {
			r.addPart(uploadPart{field: f.name, value: f.joined(func(text string) string { return text })})
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
