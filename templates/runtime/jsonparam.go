package runtime

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"slices"

	oapi "github.com/oapi-codegen/runtime"
)

// jsonParam is the value of a parameter that is neither a scalar nor a list of scalars, as JSON.
type jsonParam json.RawMessage

// plain gives what the value holds, ready to be styled: without nulls, which no style can say, and with JSON text in place of
// what is nested deeper than styles reach.
func (raw jsonParam) plain(style string, where oapi.ParamLocation) (any, error) {
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
func encoded(encode func(*encoder)) jsonParam {
	e := new(encoder)
	encode(e)
	data, err := e.finish()
	if err != nil {
		return jsonParam("?")
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
		return jsonParam("?")
	}
	return string(data)
}
