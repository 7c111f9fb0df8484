package mock

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// authenticated accepts any non-empty credentials. It cannot see whether there is a certificate.
func authenticated(in *openapi3filter.AuthenticationInput) error {
	if s := in.SecurityScheme; s != nil && s.Type == "mutualTLS" {
		return nil
	}
	r := in.RequestValidationInput.Request
	scheme, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if (strings.EqualFold(scheme, "Basic") || strings.EqualFold(scheme, "Bearer")) && strings.TrimSpace(secret) != "" {
		return nil
	}
	if s := in.SecurityScheme; s != nil && s.Type == "apiKey" {
		switch s.In {
		case "header":
			if r.Header.Get(s.Name) != "" {
				return nil
			}
		case "query":
			if in.RequestValidationInput.GetQueryParams().Get(s.Name) != "" {
				return nil
			}
		case "cookie":
			if c, err := r.Cookie(s.Name); err == nil && c.Value != "" {
				return nil
			}
		}
	}
	return errors.New("no credentials")
}

// readable are the media types of bodies that are checked. Others are accepted unchecked.
var readable = []string{"application/json", "text/plain"}

// check checks a request against the document. It returns the status of the refusal and the
// reasons, or 0.
func (x *exchange) check(params map[string]string) (status int, wrong []string) {
	query, err := x.op.parseQuery(x.r.URL.RawQuery)
	if err != nil {
		return http.StatusBadRequest, []string{"query: it has a broken escape or a semicolon"}
	}
	x.query = query
	media, _, _ := mime.ParseMediaType(x.r.Header.Get("Content-Type")) // empty if it is invalid
	isForm := media == urlencoded || media == multiparts
	isRead := x.r.ContentLength == 0 || strings.HasSuffix(media, "+json") || slices.Contains(readable, media)
	in := &openapi3filter.RequestValidationInput{Request: x.r, PathParams: params, QueryParams: query, Route: &x.op.route, Options: &openapi3filter.Options{
		MultiError: x.r.ContentLength >= 0 && x.r.ContentLength <= maxChecked, SkipSettingDefaults: true, ExcludeRequestBody: !isRead || isForm,
		AuthenticationFunc:      func(_ context.Context, in *openapi3filter.AuthenticationInput) error { return authenticated(in) },
		RegexCompiler:           compilePattern,
		SchemaValidationOptions: []openapi3.SchemaValidationOption{openapi3.WithStringFormatValidator("date-time", momentFormat{}), openapi3.SetSchemaRegexCompiler(compilePattern)}}}
	err = openapi3filter.ValidateRequest(x.r.Context(), in)
	if isForm && (err == nil || in.Options.MultiError) {
		if bad := x.checkForm(in.Options); bad != nil {
			err = openapi3.MultiError(append(flat(err), bad))
		}
	}
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return http.StatusRequestEntityTooLarge, []string{fmt.Sprintf("body: it is larger than %d bytes", tooLarge.Limit)}
	}
	if _, unknown := errors.AsType[*openapi3filter.SecurityRequirementsError](err); unknown {
		return http.StatusUnauthorized, []string{"Credentials are required: any Basic or Bearer credentials are accepted."}
	}
	wrong = reasons(err)
	if !isRead && !isForm {
		wrong = append(wrong, x.op.checkMedia(media)...)
	}
	if len(wrong) > 0 {
		return http.StatusBadRequest, wrong
	}
	return 0, nil
}

// parseQuery parses a query. In parameters with allowReserved, a plus sign and a semicolon are what
// they are.
func (op *operation) parseQuery(raw string) (url.Values, error) {
	values := url.Values{}
	var others []string
	for pair := range strings.SplitSeq(raw, "&") {
		name, text, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		if err != nil || !op.reserved(name) {
			others = append(others, pair)
			continue
		}
		if text, err = url.PathUnescape(text); err != nil {
			return nil, err
		}
		values[name] = append(values[name], text)
	}
	plain, err := url.ParseQuery(strings.Join(others, "&"))
	maps.Copy(values, plain)
	return values, err
}

// reserved reports whether a name in a query belongs to a parameter with allowReserved: the name of
// the parameter, of a member of a deepObject, or of a member that is sent by itself.
func (op *operation) reserved(name string) bool {
	for _, ref := range slices.Concat(op.route.PathItem.Parameters, op.route.Operation.Parameters) {
		p := ref.Value
		if p == nil || !p.AllowReserved || p.In != openapi3.ParameterInQuery {
			continue
		}
		if name == p.Name || strings.HasPrefix(name, p.Name+"[") {
			return true
		}
		how, err := p.SerializationMethod()
		if err == nil && how.Style == openapi3.SerializationForm && how.Explode && p.Schema != nil && p.Schema.Value != nil && p.Schema.Value.Properties[name] != nil {
			return true
		}
	}
	return false
}

// compilePattern compiles a pattern of the document. A pattern that Go does not support, such as a
// lookahead, matches everything, because the request is not at fault.
func compilePattern(pattern string) (openapi3.RegexMatcher, error) {
	compiled, err := regexp.Compile(pattern)
	if err != nil {
		return anything{}, nil
	}
	return compiled, nil
}

// anything matches every text.
type anything struct{}

func (anything) MatchString(string) bool { return true }

// checkMedia checks the media type of a body that is not read.
func (op *operation) checkMedia(media string) []string {
	if op.route.Operation.RequestBody == nil || op.route.Operation.RequestBody.Value == nil {
		return nil
	}
	content := op.route.Operation.RequestBody.Value.Content
	if len(content) == 0 || content.Get(media) != nil {
		return nil
	}
	return []string{fmt.Sprintf("body: the document does not list the Content-Type %.60q", media)}
}

// maxReasons bounds the reasons for one request, maxReason the characters of each. Of a body of
// more than maxChecked bytes, nothing but the first thing that is wrong is looked for: each of a
// million elements can be.
const (
	maxReasons = 10
	maxReason  = 300
	maxChecked = 64 << 10
)

// reasons returns what is wrong with a request, one line per error.
func reasons(err error) []string {
	var all []string
	for _, one := range flat(err) {
		if len(all) == maxReasons {
			return append(all, "and more")
		}
		where, why := "request", []error{one}
		if wrong, ok := errors.AsType[*openapi3filter.RequestError](one); ok {
			where, why = whereOf(wrong), flat(wrong.Err)
			if len(why) == 0 {
				why = []error{errors.New(wrong.Reason)}
			}
		}
		for _, w := range why[:min(len(why), maxReasons-len(all))] {
			all = append(all, source.Short(where+reasonOf(w), maxReason))
		}
		if len(all) == maxReasons && len(why) > 1 {
			return append(all, "and more")
		}
	}
	return all
}

// flat flattens nested errors.
func flat(err error) []error {
	switch e := err.(type) {
	case nil:
		return nil
	case openapi3.MultiError:
		var all []error
		for _, one := range e {
			all = append(all, flat(one)...)
		}
		return all
	}
	return []error{err}
}

func whereOf(err *openapi3filter.RequestError) string {
	if err.Parameter != nil {
		return err.Parameter.In + " parameter " + err.Parameter.Name
	}
	return "body"
}

func reasonOf(err error) string {
	if bad, ok := errors.AsType[*openapi3.SchemaError](err); ok {
		at := ""
		if path := bad.JSONPointer(); len(path) > 0 {
			at = " /" + strings.Join(path, "/")
		}
		return at + ": " + bad.Reason
	}
	if bad, ok := errors.AsType[*openapi3filter.ParseError](err); ok {
		reason := strings.TrimSpace(bad.Reason)
		if reason == "" {
			reason = "it cannot be read"
		}
		if text, ok := bad.Value.(string); ok {
			return fmt.Sprintf(": %.60q: %s", text, reason)
		}
		return ": " + reason
	}
	return ": " + err.Error()
}

// lines splits joined errors.
func lines(err error) []string {
	return strings.Split(err.Error(), "\n")
}
