package resolve

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

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
func (r *operations) body(out *ir.Operation, args *naming.Scope, b *settled.Body) {
	if b == nil {
		return
	}
	media := pickMedia(b.Content)
	if media == nil {
		return
	}
	name, s := media.Type, media.Schema
	r.noteOthers(b.Address, b.Content, name, "sent")
	out.Body = &ir.Body{Arg: args.Take("body", "content"), Media: name, Doc: b.Text("description"), Required: b.Is("required"), Kind: ir.BodyStream}
	h := hint{name: out.Name + "Request", doc: "What [Client." + out.Name + "] sends."}
	base := baseMedia(name)
	switch kind := bodyKind(name, s); kind {
	case ir.BodyUpload:
		out.Body.Kind, out.Body.Parts = kind, r.formParts(b.Address, media)
	case ir.BodyJSON:
		out.Body.Kind, out.Body.Type = kind, r.typeOf(s, h)
		if strings.Contains(base, "*") {
			out.Body.Media = mediaJSON
		}
	case ir.BodyForm:
		if t := r.typeOf(s, h); t.Kind == ir.ModelKind {
			out.Body.Kind, out.Body.Type = kind, t
			out.Body.Fields = r.formFields(b.Address, media)
		}
	}
	out.Body.Required = out.Body.Required || out.Body.Kind == ir.BodyForm && anyRequired(s)
	if t := out.Body.Type; t != nil && !out.Body.Required {
		// A nil list, map or raw value and an empty union are not sent; others need a pointer.
		t.Pointer = t.Kind != ir.Slice && t.Kind != ir.Map && t.Kind != ir.Raw && t.Kind != ir.UnionKind
	}
	if out.Body.Kind != ir.BodyStream {
		return
	}
	if strings.Contains(base, "*") {
		out.Body.Media = mediaAny
		r.note(b.Address, "the media type "+name+" stands for several", "it is sent as "+mediaAny+" unless WithHeader gives its Content-Type")
	}
	r.noteShape(b.Address, name, s, "the caller writes the body")
}

// anyRequired reports whether a form has a field that must be sent, and so a body.
func anyRequired(s *settled.Schema) bool {
	return slices.ContainsFunc(s.Resolved().Properties, func(p *settled.Property) bool { return p.Required })
}

// formFields returns the styles of the fields of a form.
func (r *operations) formFields(address string, media *settled.Media) []ir.FormField {
	encoding := media.Get("encoding")
	if encoding == nil {
		return nil
	}
	var fields []ir.FormField
	for _, m := range encoding.Members {
		style, explode := m.Value.Get("style").Str(), m.Value.Get("explode")
		if m.Value.Get("allowReserved").IsTrue() {
			r.note(address, "the field "+m.Key+" may have reserved characters", "they are escaped, which servers read alike")
		}
		if part := m.Value.Get("contentType").Str(); part != "" && style == "" && explode == nil && isJSON(part) != r.isObject(media.Schema, m.Key) {
			r.note(address, "the field "+m.Key+" has the media type "+part, "lists are repeated fields, and objects are JSON")
		}
		if style == "" && explode == nil {
			continue
		}
		style = cmp.Or(style, "form")
		if !slices.Contains([]string{"form", "spaceDelimited", "pipeDelimited", "deepObject"}, style) {
			r.note(address, "the field "+m.Key+" has the unknown style "+style, "lists are repeated fields, and objects are JSON")
			continue
		}
		fields = append(fields, ir.FormField{Wire: m.Key, Style: style, Explode: explode.IsTrue() || explode == nil && style == "form"})
	}
	return fields
}

// isObject reports whether a member of a form is an object.
func (r *operations) isObject(form *settled.Schema, name string) bool {
	return slices.ContainsFunc(r.membersOf(form), func(p *settled.Property) bool { return p.Name == name && r.jsonKind(p.Schema) == "object" })
}

// formParts returns the media types of the parts of an upload: those of the encoding, and JSON for
// objects.
func (r *operations) formParts(address string, media *settled.Media) []ir.FormPart {
	encoding := media.Get("encoding")
	var parts []ir.FormPart
	if encoding != nil {
		for _, m := range encoding.Members {
			parts = append(parts, r.formPart(address, m)...)
		}
	}
	for _, p := range r.membersOf(media.Schema) {
		described := encoding.Get(p.Name).Get("contentType").Str() != ""
		inside := p.Schema
		if _, list := target(inside); r.jsonKind(inside) == "array" {
			inside = list.Items
		}
		if !described && r.jsonKind(inside) == "object" {
			parts = append(parts, ir.FormPart{Wire: p.Name, Media: mediaJSON})
		}
	}
	return parts
}

// formPart returns the media type that an encoding gives to a part, if it is one type.
func (r *operations) formPart(address string, encoding source.Member) []ir.FormPart {
	for _, key := range []string{"style", "explode", "allowReserved"} {
		if encoding.Value.Get(key) != nil {
			r.note(address, "the encoding of part "+encoding.Key+" has "+key, "left out; the caller writes the part")
		}
	}
	media := encoding.Value.Get("contentType").Str()
	if strings.ContainsAny(media, ",*") {
		r.note(address, "part "+encoding.Key+" can be of several media types: "+media, "the caller chooses one with Upload.FileOf")
		return nil
	}
	if media == "" {
		return nil
	}
	return []ir.FormPart{{Wire: encoding.Key, Media: media}}
}

// membersOf returns the members of a schema and of the parts of its allOf.
func (r *operations) membersOf(s *settled.Schema) []*settled.Property {
	var all []*settled.Property
	seen := map[*settled.Schema]bool{}
	var add func(*settled.Schema)
	add = func(s *settled.Schema) {
		if s = s.Resolved(); s == nil || seen[s] || !r.spend(s, 1) {
			return
		}
		seen[s] = true
		for _, part := range s.AllOf {
			add(part)
		}
		all = append(all, s.Properties...)
	}
	add(s)
	return all
}

// bodyKind says how a body of a media type is sent, if its schema allows.
func bodyKind(media string, s *settled.Schema) ir.BodyKind {
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

// pickMedia chooses the media type to send or to read: application/json, else other JSON, else the
// first; nil if there is none. JSON of a special meaning, such as a problem or a patch, comes after
// other JSON.
func pickMedia(content settled.Content) *settled.Media {
	var best *settled.Media
	for _, m := range content {
		if best == nil || jsonRank(m.Type) > jsonRank(best.Type) {
			best = m
		}
	}
	return best
}

// jsonRank is how much a media type is wanted.
func jsonRank(media string) int {
	switch base := baseMedia(media); {
	case !isJSON(media):
		return 0
	case base == mediaJSON:
		return 3
	case strings.HasSuffix(base, "problem+json") || strings.Contains(base, "patch+json"):
		return 1
	}
	return 2
}

// noteOthers reports the media types that were not chosen.
func (r *operations) noteOthers(address string, content settled.Content, chosen, done string) {
	var others []string
	for _, m := range content {
		if m.Type != chosen {
			others = append(others, m.Type)
		}
	}
	if len(others) > 0 {
		r.note(address, "there are other media types: "+strings.Join(others, ", "), chosen+" is "+done)
	}
}

// noteShape reports a schema that says more than that the body is text or bytes, where the body is
// not JSON.
func (r *operations) noteShape(address, media string, s *settled.Schema, instead string) {
	if s = s.Resolved(); s != nil && (s.Type() == "object" || s.Type() == "array" || r.isModel(s)) {
		r.note(address, "a schema in "+media+" is not followed", instead)
	}
}

func baseMedia(media string) string {
	media, _, _ = strings.Cut(strings.ToLower(media), ";")
	return strings.TrimSpace(media)
}

// isJSON reports whether a media type is one JSON value. A stream or a sequence of values is not.
func isJSON(media string) bool {
	media = baseMedia(media)
	if strings.HasSuffix(media, "stream+json") || strings.HasSuffix(media, "seq+json") {
		return false
	}
	return media == mediaJSON || media == "text/json" || strings.HasSuffix(media, "+json")
}

// canBeJSON reports whether a media type that stands for several has a schema that only JSON makes
// sense of.
func canBeJSON(media string, s *settled.Schema) bool {
	media = baseMedia(media)
	return (media == "*/*" || media == "application/*") && s != nil && s.Resolved().Type() != "string"
}

// isBytes reports whether a schema says that the body is a file, whatever its media type.
func isBytes(s *settled.Schema) bool {
	s = s.Resolved()
	return s.Type() == "string" && s.Text("format") == "binary"
}

// answer is what a successful call returns.
type answer struct {
	*settled.Response
	media *settled.Media
}

// answerOf chooses the lowest successful status with a body, else default. It returns nil if there
// is not a body.
func answerOf(op *settled.Operation) *answer {
	var best *settled.Response
	success := false
	for _, r := range op.Responses {
		success = success || isSuccess(r)
		switch {
		case r.Status == "default" && best == nil:
			best = r
		case isSuccess(r) && len(bodyOf(r)) > 0 && (best == nil || best.Status == "default" || r.Status < best.Status):
			best = r
		}
	}
	if best == nil || best.Status == "default" && success || op.Method == http.MethodHead {
		return nil
	}
	media := pickMedia(bodyOf(best))
	if media == nil {
		return nil
	}
	return &answer{best, media}
}

func isSuccess(r *settled.Response) bool { return strings.HasPrefix(r.Status, "2") }

// bodiless are the successes that HTTP gives no body, whatever a document describes.
var bodiless = map[string]bool{"204": true, "205": true}

// bodyOf returns the body of an answer by media type.
func bodyOf(r *settled.Response) settled.Content {
	if bodiless[r.Status] {
		return nil
	}
	return r.Content
}

func (a *answer) isJSON() bool {
	return !isBytes(a.media.Schema) && (isJSON(a.media.Type) || canBeJSON(a.media.Type, a.media.Schema))
}

// result decides what a successful call returns.
func (r *operations) result(out *ir.Operation, op *settled.Operation) ir.Result {
	r.noteBodiless(op)
	a := answerOf(op)
	if a == nil {
		return ir.Result{Kind: ir.ResultNone, Media: mediaJSON}
	}
	media, s := a.media.Type, a.media.Schema
	res := ir.Result{Kind: ir.ResultStream, Media: media, Doc: a.Text("description")}
	switch base := baseMedia(media); {
	case a.isJSON():
		res.Kind = ir.ResultJSON
		res.Type = r.typeOf(s, hint{name: out.Name + "Response", doc: "What [Client." + out.Name + "] gives."})
		if strings.Contains(base, "*") {
			res.Media = mediaJSON
		}
		res.Empty = empty(op, a.Response)
		res.Null = r.mayBeNull(s)
	case isBytes(s):
	case base == "text/plain" || base == "text/html":
		res.Kind = ir.ResultText
		r.noteShape(a.Address, media, s, "the text is given as it is")
	default:
		r.noteShape(a.Address, media, s, "the body is given as a download")
	}
	r.noteAnswers(op, a)
	if res.Kind == ir.ResultStream {
		var all []string
		for _, m := range a.Content {
			all = append(all, m.Type)
		}
		res.Media = strings.Join(all, ", ")
		for _, response := range op.Responses {
			if status, _ := strconv.Atoi(response.Status); (status == http.StatusAccepted || status == http.StatusPartialContent) && len(bodyOf(response)) > 0 {
				res.Parts = append(res.Parts, status)
			}
		}
		return res
	}
	r.noteOthers(a.Address, a.Content, media, "asked for")
	return res
}

// mayBeNull reports whether a schema allows null.
func (r *shapes) mayBeNull(s *settled.Schema) bool {
	for range maxFollowing {
		if s == nil || s.Is("nullable") {
			return s != nil
		}
		for _, v := range slices.Concat(s.OneOf, s.AnyOf) {
			if isNull(v.Resolved()) || v.Resolved().Is("nullable") {
				return true
			}
		}
		if s.Ref == nil {
			break
		}
		s = s.Ref
	}
	return false
}

// errorBodies returns the documented bodies of answers that are not successes, those of one type
// together.
func (r *operations) errorBodies(out *ir.Operation, op *settled.Operation) {
	for _, answer := range op.Responses {
		status, known := errorStatus(answer.Status)
		m := pickMedia(answer.Content)
		if !known || m == nil || m.Schema == nil || !isJSON(m.Type) && !canBeJSON(m.Type, m.Schema) || isBytes(m.Schema) {
			continue
		}
		t := r.typeOf(m.Schema, hint{name: out.Name + "Error", doc: "What [Client." + out.Name + "] fails with."})
		if t.Kind == ir.Raw {
			continue
		}
		if i := slices.IndexFunc(out.Errors, func(e *ir.ErrorBody) bool { return sameType(e.Type, t) }); i >= 0 {
			out.Errors[i].Statuses = append(out.Errors[i].Statuses, status)
		} else {
			out.Errors = append(out.Errors, &ir.ErrorBody{Type: t, Statuses: []int{status}})
		}
	}
}

// errorStatus returns the number of a status that is not a success: 404, 4 for 4XX, 0 for default.
func errorStatus(status string) (code int, ok bool) {
	if status == "default" {
		return 0, true
	}
	code, err := strconv.Atoi(strings.TrimRight(strings.ToUpper(status), "X"))
	return code, err == nil && (code == 4 || code == 5 || code >= 300 && code < 600)
}

// empty lists the other successes that come without a body.
func empty(op *settled.Operation, read *settled.Response) []int {
	var all []int
	for _, r := range op.Responses {
		if code, err := strconv.Atoi(r.Status); err == nil && code/100 == 2 && r != read && len(bodyOf(r)) == 0 {
			all = append(all, code)
		}
	}
	return all
}

// noteAnswers reports successes whose body differs from that of the one that is read.
func (r *operations) noteAnswers(op *settled.Operation, read *answer) {
	for _, other := range op.Responses {
		if !isSuccess(other) || other == read.Response {
			continue
		}
		if m := pickMedia(bodyOf(other)); m != nil && m.Schema != nil && !m.Schema.Node().Equal(read.media.Schema.Node()) {
			r.note(other.Address, "the body of this success differs from that of "+read.Status, "it is read as that of "+read.Status)
		}
	}
}

// noteBodiless reports successes for which documents describe a body that cannot be.
func (r *operations) noteBodiless(op *settled.Operation) {
	for _, answer := range op.Responses {
		if m := pickMedia(answer.Content); bodiless[answer.Status] && m != nil && m.Schema != nil {
			r.note(answer.Address, "HTTP gives this status no body, and one is described", "it is taken for an answer without a body")
		}
	}
}
