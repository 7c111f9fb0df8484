package rest

import (
	"strings"

	oapi "github.com/oapi-codegen/runtime"
)

// Style is one of the styles of OpenAPI in which a parameter may be written.
type Style string

// The styles.
const (
	Form           Style = "form"
	Simple         Style = "simple"
	SpaceDelimited Style = "spaceDelimited"
	PipeDelimited  Style = "pipeDelimited"
	DeepObject     Style = "deepObject"
	Label          Style = "label"
	Matrix         Style = "matrix"
)

// Query adds a query parameter.
func (r *Request) Query(name string, style Style, explode bool, value any) {
	text, ok := r.style(name, style, explode, value, oapi.ParamLocationQuery)
	if ok {
		r.queries = append(r.queries, forQueries.Replace(text))
	}
}

// forQueries writes a space as %20, which every part of a URL understands. A plus sign is a space only in forms.
var forQueries = strings.NewReplacer("+", "%20", " ", "%20", "|", "%7C")

// Path sets a path parameter. It makes exactly one segment of the path, or part of one, so there is no way to say nothing
// or the folder above.
func (r *Request) Path(name string, style Style, explode bool, value any) {
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

// style writes a parameter as OpenAPI says. An empty list is no value: it would become "name=".
func (r *Request) style(name string, style Style, explode bool, value any, where oapi.ParamLocation) (string, bool) {
	if v, ok := value.(interface {
		plain(style Style, where oapi.ParamLocation) (any, error)
	}); ok {
		var err error
		if value, err = v.plain(style, where); err != nil {
			r.fail("parameter %s: %w", name, err)
			return "", false
		}
	}
	if isNothing(value) {
		return "", false
	}
	text, err := oapi.StyleParamWithOptions(string(style), explode, name, value, oapi.StyleParamOptions{ParamLocation: where})
	if err != nil {
		// The library's texts may print the value.
		r.fail("parameter %s cannot be written in style %s", name, style)
		return "", false
	}
	return text, text != ""
}

// isNothing reports whether there is no value to be sent.
func isNothing(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case []string:
		return len(v) == 0
	case []int64:
		return len(v) == 0
	case []float64:
		return len(v) == 0
	case []bool:
		return len(v) == 0
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

// StringsOf returns the values of a list of enums.
func StringsOf[T ~string](list []T) []string {
	texts := make([]string, len(list))
	for i, v := range list {
		texts[i] = string(v)
	}
	return texts
}
