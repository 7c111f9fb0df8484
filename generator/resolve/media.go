package resolve

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/naming"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

const (
	mediaJSON = "application/json"
	mediaAny  = "application/octet-stream" // bytes of which nothing is known
)

// body decides how a request body is sent.
func (r *resolver) body(out *ir.Operation, args *naming.Scope, op *settled.Operation, node *source.Node, address string) {
	if op.T.RequestBody == nil || op.T.RequestBody.Value == nil {
		return
	}
	b := op.T.RequestBody.Value
	content := node.Get("requestBody").Get("content")
	name := pickMedia(content)
	if name == "" {
		return
	}
	address += " body"
	r.noteOthers(address, content, name, "sent")
	out.Body = &ir.Body{Arg: args.Take("body", "content"), Media: name, Doc: b.Description, Required: b.Required, Kind: ir.BodyStream}
	s := schema{b.Content[name].Schema, content.Get(name).Get("schema"), address, false}
	h := hint{name: out.Name + "Request", doc: "What [Client." + out.Name + "] sends."}
	base := baseMedia(name)
	switch kind := bodyKind(name, s); kind {
	case ir.BodyUpload:
		out.Body.Kind = kind
	case ir.BodyJSON:
		out.Body.Kind, out.Body.Type = kind, r.typeOf(s, h)
		if strings.Contains(base, "*") {
			out.Body.Media = mediaJSON
		}
	case ir.BodyForm:
		if t := r.typeOf(s, h); t.Kind == ir.ModelKind {
			out.Body.Kind, out.Body.Type = kind, t
		}
	}
	if out.Body.Kind != ir.BodyStream {
		return
	}
	if strings.Contains(base, "*") {
		out.Body.Media = mediaAny
		r.note(address, "the media type "+name+" stands for several", "it is sent as "+mediaAny+" unless WithHeader gives its Content-Type")
	}
	r.noteShape(address, name, s, "the caller writes the body")
}

// bodyKind says how a body of a media type is sent, if its schema allows.
func bodyKind(media string, s schema) ir.BodyKind {
	base := baseMedia(media)
	switch {
	case base == "multipart/form-data": // whatever the schema: only a form can be sent as one
		return ir.BodyUpload
	case isBytes(s):
		return ir.BodyStream
	case isJSON(media) || canBeJSON(media, s):
		return ir.BodyJSON
	case base == "application/x-www-form-urlencoded":
		return ir.BodyForm
	}
	return ir.BodyStream
}

// pickMedia chooses the media type to send or to read: JSON if there is any, else the first.
func pickMedia(content *source.Node) string {
	if content == nil || len(content.Members) == 0 {
		return ""
	}
	for _, m := range content.Members {
		if isJSON(m.Key) {
			return m.Key
		}
	}
	return content.Members[0].Key
}

// noteOthers reports the media types that were not chosen.
func (r *resolver) noteOthers(address string, content *source.Node, chosen, done string) {
	var others []string
	for _, m := range content.Members {
		if m.Key != chosen {
			others = append(others, m.Key)
		}
	}
	if len(others) > 0 {
		r.note(address, "there are other media types: "+strings.Join(others, ", "), chosen+" is "+done)
	}
}

// noteShape reports a schema that says more than that the body is text or bytes, where the body is not JSON.
func (r *resolver) noteShape(address, media string, s schema, instead string) {
	if s.SchemaRef != nil && s.Value != nil && (s.is("object") || s.is("array") || r.isModel(s)) {
		r.note(address, "a schema in "+media+" is not followed", instead)
	}
}

func baseMedia(media string) string {
	media, _, _ = strings.Cut(strings.ToLower(media), ";")
	return strings.TrimSpace(media)
}

func isJSON(media string) bool {
	media = baseMedia(media)
	return media == mediaJSON || media == "text/json" || strings.HasSuffix(media, "+json")
}

// canBeJSON tells whether a media type that stands for several has a schema that only JSON makes sense of.
func canBeJSON(media string, s schema) bool {
	media = baseMedia(media)
	return (media == "*/*" || media == "application/*") && s.SchemaRef != nil && s.Value != nil && !s.is("string") && !isBytes(s)
}

// isBytes tells whether a schema says that the body is a file, whatever its media type.
func isBytes(s schema) bool {
	return s.is("string") && s.Value.Format == "binary"
}

// answer is what a successful call gives back.
type answer struct {
	status, media string // empty if there is nothing
	content       *source.Node
	schema        *openapi3.SchemaRef
}

// answerOf chooses the lowest successful status with a body, else default.
func answerOf(op *settled.Operation, node *source.Node) answer {
	responses := node.Get("responses")
	status := ""
	for _, m := range responses.Members {
		if m.Key == "default" && status == "" || strings.HasPrefix(m.Key, "2") && bodyOf(m.Key, m.Value) != nil && (status == "" || status == "default" || m.Key < status) {
			status = m.Key
		}
	}
	content := bodyOf(status, responses.Get(status))
	name := pickMedia(content)
	if name == "" || status == "default" && hasSuccess(responses) || op.Method == http.MethodHead {
		return answer{}
	}
	return answer{status, name, content, op.T.Responses.Value(status).Value.Content[name].Schema}
}

// bodiless are the successes that HTTP gives no body, whatever a document describes.
var bodiless = map[string]bool{"204": true, "205": true}

// bodyOf gives the media types of the body of an answer, nil if it has none.
func bodyOf(status string, response *source.Node) *source.Node {
	if bodiless[status] {
		return nil
	}
	return response.Get("content")
}

func (a answer) isJSON() bool {
	s := schema{SchemaRef: a.schema}
	return !isBytes(s) && (isJSON(a.media) || canBeJSON(a.media, s))
}

// result decides what a successful call gives.
func (r *resolver) result(out *ir.Operation, op *settled.Operation, node *source.Node, address string) ir.Result {
	a, responses := answerOf(op, node), node.Get("responses")
	r.noteBodiless(address, responses)
	if a.status == "" {
		return ir.Result{Kind: ir.ResultNone, Media: mediaJSON}
	}
	at, base := address+" "+a.status, baseMedia(a.media)
	res := ir.Result{Kind: ir.ResultStream, Media: a.media, Doc: responses.Get(a.status).Get("description").Str()}
	s := schema{a.schema, a.content.Get(a.media).Get("schema"), at, false}
	switch {
	case a.isJSON():
		res.Kind = ir.ResultJSON
		res.Type = r.typeOf(s, hint{name: out.Name + "Response", doc: "What [Client." + out.Name + "] gives."})
		if strings.Contains(base, "*") {
			res.Media = mediaJSON
		}
		res.Empty = empty(responses, a.status)
	case isBytes(s):
	case base == "text/plain" || base == "text/html":
		res.Kind = ir.ResultText
		r.noteShape(at, a.media, s, "the text is given as it is")
	default:
		r.noteShape(at, a.media, s, "the body is given as a download")
	}
	r.noteAnswers(address, responses, a.status)
	if res.Kind == ir.ResultStream {
		var all []string
		for _, m := range a.content.Members {
			all = append(all, m.Key)
		}
		res.Media = strings.Join(all, ", ")
		return res
	}
	r.noteOthers(at, a.content, a.media, "asked for")
	return res
}

// empty lists the other successes that come without a body.
func empty(responses *source.Node, status string) []int {
	var all []int
	for _, m := range responses.Members {
		if code, err := strconv.Atoi(m.Key); err == nil && code/100 == 2 && m.Key != status && bodyOf(m.Key, m.Value) == nil {
			all = append(all, code)
		}
	}
	return all
}

// noteAnswers reports successes whose body is described otherwise than that of the one that is read.
func (r *resolver) noteAnswers(address string, responses *source.Node, status string) {
	shape := func(status string) *source.Node {
		content := bodyOf(status, responses.Get(status))
		return content.Get(pickMedia(content)).Get("schema")
	}
	read := shape(status)
	for _, m := range responses.Members {
		other := shape(m.Key)
		if strings.HasPrefix(m.Key, "2") && m.Key != status && other != nil && (read == nil || !read.Equal(other)) {
			r.note(address+" "+m.Key, fmt.Sprintf("the body of this success differs from that of %s", status), "it is read as that of "+status)
		}
	}
}

// noteBodiless reports successes for which documents describe a body that cannot be.
func (r *resolver) noteBodiless(address string, responses *source.Node) {
	for _, m := range responses.Members {
		content := m.Value.Get("content")
		if schema := content.Get(pickMedia(content)).Get("schema"); bodiless[m.Key] && schema != nil && len(schema.Members) > 0 {
			r.note(address+" "+m.Key, "HTTP gives this status no body, and one is described", "it is taken for an answer without a body")
		}
	}
}

func hasSuccess(responses *source.Node) bool {
	return slices.ContainsFunc(responses.Members, func(m source.Member) bool { return strings.HasPrefix(m.Key, "2") })
}

// place gives the schema of the answer of an operation, with where it stands.
func (a answer) place(operation string) schema {
	return schema{a.schema, a.content.Get(a.media).Get("schema"), operation + " " + a.status, false}
}
