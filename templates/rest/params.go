package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	oapi "github.com/oapi-codegen/runtime"
)

// forQueries writes a space as %20, which every part of a URL understands. A plus sign is a space
// in forms only.
var forQueries = strings.NewReplacer("+", "%20", " ", "%20", "|", "%7C")

// style writes a parameter as OpenAPI says. An empty list is not sent: it would become "name=".
func (r *Request) style(name string, style Style, explode bool, value any, where oapi.ParamLocation) (string, bool) {
	options := oapi.StyleParamOptions{ParamLocation: where}
	must, isRequired := value.(required)
	if isRequired {
		value = must.value
	}
	if v, ok := value.(reserved); ok {
		value, options.AllowReserved = v.value, true
	}
	if v, ok := value.(jsonParam); ok {
		var err error
		if value, err = v.plain(style, where); err != nil {
			r.fail("parameter %s: %w", name, err)
			return "", false
		}
	}
	empty := isEmpty(value)
	if isRequired && (empty || value == "") {
		if value, empty = must.fixed, must.fixed == ""; empty {
			r.fail("parameter %s is required and empty", name)
		}
	}
	if empty {
		return "", false
	}
	text, err := oapi.StyleParamWithOptions(string(style), explode, name, value, options)
	if err != nil { // whose text may print the value
		r.fail("parameter %s cannot be written in style %s", name, style)
		return "", false
	}
	return text, text != ""
}

// isEmpty reports whether a value has nothing that a style could write.
func isEmpty(value any) bool {
	v := reflect.ValueOf(value)
	return value == nil || (v.Kind() == reflect.Slice || v.Kind() == reflect.Map) && v.Len() == 0
}

// required is a parameter that must have a value.
type required struct {
	value any
	fixed string
}

// reserved is a parameter whose reserved characters are not escaped.
type reserved struct{ value any }

// escape escapes what would end the query or begin another parameter.
func (v reserved) escape(text string) string {
	text = strings.NewReplacer("#", "%23", " ", "%20").Replace(text)
	if _, ok := v.value.(string); ok {
		text = strings.ReplaceAll(text, "&", "%26")
	}
	return text
}

// jsonParam is the value of a parameter as JSON.
type jsonParam struct {
	data   []byte
	err    error
	asText bool // it is sent as JSON, whatever its style
}

// plain returns what the value holds, ready to be styled: without nulls, which no style can write,
// and with JSON for values that are nested deeper than the style reaches.
func (p jsonParam) plain(style Style, where oapi.ParamLocation) (any, error) {
	if p.err != nil || p.asText {
		return string(p.data), p.err
	}
	value, err := decodeNumbers(p.data)
	if err != nil || style == DeepObject {
		return digits(value), err
	}
	switch value := value.(type) {
	case []any:
		list := slices.DeleteFunc(value, func(v any) bool { return v == nil })
		for i, v := range list {
			list[i] = flat(v)
		}
		return list, nil
	case map[string]any:
		if style == SpaceDelimited || style == PipeDelimited {
			var list []any // names and values, one after the other
			for _, name := range slices.Sorted(maps.Keys(value)) {
				if v := value[name]; v != nil {
					list = append(list, name, flat(v))
				}
			}
			return list, nil
		}
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
	return flat(value), nil
}

// decodeNumbers reads JSON and keeps the spelling of numbers.
func decodeNumbers(data []byte) (value any, err error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if d.Decode(&value) != nil {
		return nil, errors.New("not a JSON value")
	}
	return value, nil
}

// flat returns JSON for a list or an object, and a number without an exponent.
func flat(v any) any {
	switch v.(type) {
	case []any, map[string]any:
		if text, err := json.Marshal(v); err == nil {
			return string(text)
		}
	}
	return digits(v)
}

// digits returns a value whose numbers are texts without exponents, which servers do not expect in
// URLs and forms.
func digits(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = digits(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = digits(v[name])
		}
	case json.Number:
		if f, err := v.Float64(); err == nil && strings.ContainsAny(v.String(), "eE") {
			return strconv.FormatFloat(f, 'f', -1, 64)
		}
		return v.String()
	}
	return v
}

func addCookie(h http.Header, text string) {
	if before := h.Get("Cookie"); before != "" {
		text = before + "; " + text
	}
	h.Set("Cookie", text)
}

func isHeaderText(s string) bool {
	return !strings.ContainsFunc(s, func(c rune) bool { return (c < ' ' && c != '\t') || c == 0x7f })
}
