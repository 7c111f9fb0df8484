package runtime

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"reflect"
	"slices"
	"strings"

	oapi "github.com/oapi-codegen/runtime"
)

// The styles of OpenAPI in which a parameter may be written.
const (
	form           = "form"
	simple         = "simple"
	spaceDelimited = "spaceDelimited"
	pipeDelimited  = "pipeDelimited"
	deepObject     = "deepObject"
	label          = "label"
	matrix         = "matrix"
)

// query adds a query parameter.
func (r *request) query(name, style string, explode bool, value any) {
	text, ok := r.style(name, style, explode, value, oapi.ParamLocationQuery)
	if ok {
		// A space is %20 in every part of a URL, a plus sign is one only in forms.
		r.queries = append(r.queries, strings.NewReplacer("+", "%20", " ", "%20", "|", "%7C").Replace(text))
	}
}

// path sets a path parameter. It makes exactly one segment of the path, or part of one, so there is no way to say nothing
// or the folder above.
func (r *request) path(name, style string, explode bool, value any) {
	text, ok := r.style(name, style, explode, value, oapi.ParamLocationPath)
	switch {
	case !ok:
		r.fail("path parameter %s is empty", name)
	case isDots(text):
		r.fail("path parameter %s must not be a single or double dot", name)
	}
	if r.params == nil {
		r.params = map[string]string{}
	}
	r.params[name] = text
}

// header adds a header parameter.
func (r *request) header(name string, explode bool, value any) {
	if text, ok := r.style(name, simple, explode, value, oapi.ParamLocationHeader); ok {
		if !isHeaderText(text) {
			r.fail("header parameter %s has a line break or another control character", name)
			return
		}
		r.headers.Add(name, text)
	}
}

// cookie adds a cookie parameter.
func (r *request) cookie(name string, explode bool, value any) {
	text, ok := r.style(name, form, explode, value, oapi.ParamLocationCookie)
	if !ok {
		return
	}
	if !isHeaderText(text) || strings.Contains(text, ";") {
		r.fail("cookie parameter %s has a semicolon or a control character", name)
		return
	}
	if before := r.headers.Get("Cookie"); before != "" {
		text = before + "; " + text
	}
	r.headers.Set("Cookie", text)
}

func isHeaderText(s string) bool {
	return !strings.ContainsFunc(s, func(c rune) bool { return (c < ' ' && c != '\t') || c == 0x7f })
}

// style writes a parameter as OpenAPI says. An empty list is no value: it would become "name=".
func (r *request) style(name, style string, explode bool, value any, where oapi.ParamLocation) (string, bool) {
	if raw, ok := value.(json.RawMessage); ok {
		var err error
		if value, err = plainValue(raw, style, where); err != nil {
			r.fail("parameter %s: %w", name, err)
			return "", false
		}
	}
	v := reflect.ValueOf(value)
	if !v.IsValid() || (v.Kind() == reflect.Pointer && v.IsNil()) {
		return "", false
	}
	if (v.Kind() == reflect.Slice || v.Kind() == reflect.Map) && v.Len() == 0 {
		return "", false
	}
	text, err := oapi.StyleParamWithOptions(style, explode, name, value, oapi.StyleParamOptions{ParamLocation: where})
	if err != nil {
		// The library's texts may print the value.
		r.fail("parameter %s cannot be written in style %s", name, style)
		return "", false
	}
	return text, text != ""
}

// plainValue gives what a JSON value holds, ready to be styled: without nulls, which no style can say, and with JSON text in
// place of what is nested deeper than styles reach.
func plainValue(raw json.RawMessage, style string, where oapi.ParamLocation) (any, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		return nil, errors.New("not a JSON value")
	}
	if style == deepObject {
		return value, nil
	}
	switch value := value.(type) {
	case []any:
		list := slices.DeleteFunc(value, func(v any) bool { return v == nil })
		for i, v := range list {
			list[i] = flat(v)
		}
		return list, nil
	case map[string]any:
		escaped := make(map[string]any, len(value))
		for name, v := range value {
			switch where {
			case oapi.ParamLocationQuery:
				name = url.QueryEscape(name) // the library leaves names as they are
			case oapi.ParamLocationPath:
				name = url.PathEscape(name)
			}
			if v != nil {
				escaped[name] = flat(v)
			}
		}
		return escaped, nil
	}
	return value, nil
}

// flat gives JSON text in place of a list or an object.
func flat(v any) any {
	switch v.(type) {
	case []any, map[string]any:
		text, err := json.Marshal(v)
		if err == nil {
			return string(text)
		}
	}
	return v
}

// encoded gives a parameter whose value is neither a scalar nor a list of scalars. What cannot be encoded is no JSON, and is
// found out when the parameter is added to the request.
func encoded(encode func(*encoder)) json.RawMessage {
	e := new(encoder)
	encode(e)
	data, err := e.finish()
	if err != nil {
		return json.RawMessage("?")
	}
	return data
}

// jsonText gives a parameter that travels as JSON, whatever its style. What cannot be encoded is found out when the parameter is
// added to the request.
func jsonText(encode func(*encoder)) any {
	e := new(encoder)
	encode(e)
	data, err := e.finish()
	if err != nil {
		return json.RawMessage("?")
	}
	return string(data)
}

// stringsOf gives the values of a list of enums.
func stringsOf[T ~string](list []T) []string {
	texts := make([]string, len(list))
	for i, v := range list {
		texts[i] = string(v)
	}
	return texts
}

// valueOf gives what a pointer points to, the zero value where it points nowhere.
func valueOf[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}
