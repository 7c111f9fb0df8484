// Package judge has kin-openapi judge requests by the document from which a client was generated:
// the document as it is, not what auditgen settles it into.
//
// Arguments are made up, so limits of values (enum, pattern, minimum and the like) are not judged.
package judge

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// Judge judges by one document.
type Judge struct{ routes []route }

type route struct {
	routers.Route
	pattern *regexp.Regexp
	names   []string // of the parameters in the path
}

// New returns a judge. An error says why kin-openapi cannot load the document, or finds it invalid.
func New(name string, data []byte) (*Judge, error) {
	tree, err := source.ParseTree(source.File{Name: name, Data: data})
	if err != nil {
		return nil, err
	}
	text := []byte(tree.JSON())
	doc := new(openapi3.T)
	if tree.Get("swagger") != nil {
		old := new(openapi2.T)
		if err := json.Unmarshal(text, old); err != nil {
			return nil, err
		}
		if doc, err = openapi2conv.ToV3(old); err != nil {
			return nil, err
		}
	} else if doc, err = openapi3.NewLoader().LoadFromData(text); err != nil {
		return nil, err
	}
	if doc.Paths == nil || doc.Paths.Len() == 0 {
		return nil, errors.New("no paths")
	}
	if err := doc.Validate(context.Background(), openapi3.DisableExamplesValidation()); err != nil {
		return nil, err
	}
	j := new(Judge)
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			r := route{Route: routers.Route{Spec: doc, Path: path, PathItem: item, Method: method, Operation: op}}
			if err := r.match(path); err != nil {
				return nil, err
			}
			j.routes = append(j.routes, r)
		}
	}
	slices.SortFunc(j.routes, func(a, b route) int { // literal paths before parameters
		return strings.Compare(strings.ReplaceAll(a.Path, "{", "\x7f"), strings.ReplaceAll(b.Path, "{", "\x7f"))
	})
	return j, nil
}

var inBraces = regexp.MustCompile(`\{[^{}]*\}`)

// match makes the pattern of the paths of an operation, whatever the server puts before them.
func (r *route) match(path string) error {
	var pattern strings.Builder
	end := 0
	for _, at := range inBraces.FindAllStringIndex(path, -1) {
		pattern.WriteString(regexp.QuoteMeta(path[end:at[0]]) + "([^/]+?)")
		r.names = append(r.names, path[at[0]+1:at[1]-1])
		end = at[1]
	}
	pattern.WriteString(regexp.QuoteMeta(path[end:]))
	var err error
	r.pattern, err = regexp.Compile("^(?:/[^/]+)*?" + pattern.String() + "$")
	return err
}

// find returns the operation of a request and its path parameters.
func (j *Judge) find(method string, u *url.URL) (*route, map[string]string) {
	for i := range j.routes {
		r := &j.routes[i]
		if found := r.pattern.FindStringSubmatch(u.EscapedPath()); found != nil && r.Method == method {
			params := map[string]string{}
			for k, name := range r.names {
				params[name], _ = url.PathUnescape(found[k+1])
			}
			return r, params
		}
	}
	return nil, nil
}

// Complaint is what kin-openapi has against a request.
type Complaint struct{ Operation, Text string }

func (c Complaint) String() string { return c.Operation + ": " + c.Text }

// Request is a request.
type Request struct {
	Method, URL string // path and query
	Header      map[string][]string
	Body        []byte
}

// Complaints judges a request. ok is false if the document has no such operation.
func (j *Judge) Complaints(req Request) (all []Complaint, ok bool) {
	u, err := url.Parse(req.URL)
	if err != nil {
		return []Complaint{{req.Method, err.Error()}}, true
	}
	r, params := j.find(req.Method, u)
	if r == nil {
		return nil, false
	}
	in := &openapi3filter.RequestValidationInput{
		Request: &http.Request{Method: req.Method, URL: u, Header: http.Header(maps.Clone(req.Header)), Body: io.NopCloser(bytes.NewReader(req.Body)), ContentLength: int64(len(req.Body))},
		Options: &openapi3filter.Options{MultiError: true, SkipSettingDefaults: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
		Route:   &r.Route, PathParams: params}
	for _, text := range texts(openapi3filter.ValidateRequest(context.Background(), in)) {
		all = append(all, Complaint{req.Method + " " + r.Path, text})
	}
	return all, true
}

// limits are the keywords that limit values of the right type.
var limits = []string{"enum", "const", "pattern", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "minItems", "maxItems",
	"uniqueItems", "minProperties", "maxProperties", "discriminator"}

// texts returns what is wrong, in one line each.
func texts(err error) []string {
	switch e := err.(type) {
	case nil:
		return nil
	case openapi3.MultiError:
		var all []string
		for _, one := range e {
			all = append(all, texts(one)...)
		}
		return all
	case *openapi3filter.RequestError:
		where := "body"
		if e.Parameter != nil {
			where = e.Parameter.In + " parameter " + e.Parameter.Name
			if s := e.Parameter.Schema; s == nil || s.Value != nil && s.Value.IsEmpty() {
				where += " without a type"
			}
		}
		return within(where, e.Reason, e.Err)
	case *openapi3.SchemaError:
		if slices.Contains(limits, e.SchemaField) || isLimit(e.Origin) {
			return nil
		}
		if e.Origin != nil && e.SchemaField == "allOf" {
			return texts(e.Origin)
		}
		if strings.Contains(e.Reason, "\n") {
			return leaves(e.Reason)
		}
		return []string{fmt.Sprintf("/%s: %s", strings.Join(e.JSONPointer(), "/"), e.Reason)}
	}
	text, _, _ := strings.Cut(err.Error(), "\n")
	if strings.Contains(text, "is not one of the allowed values") { // wrapped by an allOf
		return nil
	}
	return []string{text}
}

// isLimit reports whether all that is wrong with the variants of a union is limits.
func isLimit(err error) bool {
	return err != nil && len(texts(err)) == 0
}

// aboutLimits matches what is said of values of the right type in a document of OpenAPI 3.1, where
// an error is a tree of lines.
var aboutLimits = regexp.MustCompile(`: (value must be|false schema|\w*(Length|imum|Items|Properties|pattern|multipleOf)\b|.*is not valid|does not match)`)

// leaves returns the lines of an error tree that are about more than limits. A union that made-up
// values do not fit, because each of them is for some variant, is left out.
func leaves(tree string) []string {
	var all []string
	union := -1 // indentation of the union that is left out
	for line := range strings.Lines(tree) {
		text, isLine := strings.CutPrefix(strings.TrimLeft(line, " "), "- at ")
		depth := len(line) - len(strings.TrimLeft(line, " "))
		switch {
		case !isLine || union >= 0 && depth > union:
			continue
		case strings.Contains(text, "'oneOf' failed"), strings.Contains(text, "'anyOf' failed"):
			union = depth
			continue
		}
		union = -1
		if !aboutLimits.MatchString(text) && !strings.Contains(text, "failed") {
			all = append(all, strings.TrimSpace(text))
		}
	}
	return all
}

func within(where, reason string, err error) []string {
	if err == nil {
		return []string{where + ": " + reason}
	}
	var all []string
	for _, text := range texts(err) {
		all = append(all, where+": "+text)
	}
	return all
}
