package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"slices"

	oapi "github.com/oapi-codegen/runtime"

	"github.com/seed-1954497d/auditgen/templates/rest/lossless"
)

// jsonParam is the value of a parameter that is neither a scalar nor a list of scalars, as JSON.
type jsonParam struct {
	data []byte
	err  error
}

// plain returns what the value holds, ready to be styled: without nulls, which no style can say, and with JSON text in place of
// what is nested deeper than styles reach.
func (p jsonParam) plain(style Style, where oapi.ParamLocation) (any, error) {
	if p.err != nil || len(p.data) == 0 {
		return nil, p.err
	}
	d := json.NewDecoder(bytes.NewReader(p.data))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		return nil, errors.New("not a JSON value")
	}
	if style == DeepObject {
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

// flat returns JSON text in place of a list or an object.
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

// ParamOf returns a parameter whose value is neither a scalar nor a list of scalars. What cannot be encoded is an error once
// the parameter is added to the request.
func ParamOf[T any](v *T, code func(*lossless.Codec, *T)) any {
	data, err := lossless.Encode(v, false, code)
	return jsonParam{data, err}
}

// JSONParam returns a parameter that travels as JSON, whatever its style. What cannot be encoded is an error once the
// parameter is added to the request.
func JSONParam[T any](v *T, code func(*lossless.Codec, *T)) any {
	data, err := lossless.Encode(v, false, code)
	return jsonText{string(data), err}
}

// jsonText is a parameter that travels as JSON.
type jsonText struct {
	text string
	err  error
}

func (p jsonText) plain(Style, oapi.ParamLocation) (any, error) { return p.text, p.err }
