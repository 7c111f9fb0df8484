package mock

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/internal/sample"
)

// synthesize answers from the schema of the operation. Equal requests get equal responses.
func (h *handler) synthesize(x *exchange) {
	answer := x.accepted()
	seed := sample.MixText(h.set.seed, x.r.Method+" "+x.r.URL.Path)
	if p := x.paging(); p != nil && answer.JSON {
		l := listing{x: x, paging: p, schema: answer.Schema, seed: seed, total: h.set.listed(), odd: h.set.odd}
		if l.stream = h.set.streams && p.CursorWire != "" && p.Number == nil; l.stream {
			l.total += int(x.op.grown.Add(int64(x.grown(h.set.burst))))
		}
		l.answer(answer)
		return
	}
	body, err := answer.Body(seed)
	if err != nil {
		x.refuse(http.StatusInternalServerError, err.Error())
		return
	}
	if body == nil {
		x.w.WriteHeader(answer.Status)
		return
	}
	writeBody(x.w, answer.Status, answer.Media, body)
}

func (x *exchange) paging() *ir.Paging {
	if x.op.ir == nil {
		return nil
	}
	return x.op.ir.Paging
}

// accepted returns the first response that the client accepts, or the first one.
func (x *exchange) accepted() sample.Answer {
	for wanted := range strings.SplitSeq(x.r.Header.Get("Accept"), ",") {
		wanted, _, _ = strings.Cut(strings.TrimSpace(wanted), ";")
		prefix, any := strings.CutSuffix(wanted, "*")
		for _, a := range x.op.answers {
			media, _, _ := strings.Cut(a.Media, ";")
			if media == wanted || any && strings.HasPrefix(media, strings.TrimPrefix(prefix, "*/")) {
				return a
			}
		}
	}
	return x.op.answers[0]
}

// listing is one page of a listing that is made from its schema. Items depend only on the seed and
// their index. Package resolve decides how it pages, as for a generated client.
type listing struct {
	x      *exchange
	paging *ir.Paging
	schema *openapi3.SchemaRef
	seed   uint64
	total  int
	start  int
	limit  int
	end    int // first item after the page
	odd    float64
	stream bool // the last page leads on
}

const (
	defaultPage = 50
)

func (l *listing) answer(a sample.Answer) {
	if wrong := l.locate(); wrong != "" {
		l.x.refuse(http.StatusBadRequest, wrong)
		return
	}
	items := make([]any, 0, l.end-l.start)
	schema := l.itemSchema()
	for i := l.start; i < l.end; i++ {
		item := sample.Value(schema, sample.Mix(l.seed, uint64(i)))
		cursor := ""
		if members, ok := item.(map[string]any); ok && l.paging.NextItem != nil {
			cursor = l.paging.NextItem.Wire
			members[cursor] = strconv.Itoa(i + 1)
		}
		items = append(items, oddly(item, l.odd, sample.Mix(l.seed, uint64(i)), cursor))
	}
	var body any = items
	if l.paging.Items != nil {
		whole, ok := sample.Value(l.schema, l.seed).(map[string]any)
		if !ok {
			whole = map[string]any{}
		}
		l.set(whole, l.paging.Items, items)
		l.describe(whole)
		body = whole
	}
	if name := l.paging.NextHeader; name != "" && (l.stream || l.end < l.total) {
		l.x.w.Header().Set(name, l.next())
	}
	data, err := json.Marshal(body)
	if err != nil {
		l.x.refuse(http.StatusInternalServerError, err.Error())
		return
	}
	writeBody(l.x.w, a.Status, a.Media, data)
}

// locate finds the requested items. It returns what is wrong with the request, if anything.
func (l *listing) locate() string {
	l.limit = defaultPage
	if p := l.paging.Limit; p != nil {
		if n, err := strconv.Atoi(p.Default); err == nil && n > 0 {
			l.limit = n
		}
		if n := l.x.number(p.Wire, 0); n > 0 {
			l.limit = n
		}
	}
	l.limit = min(l.limit, l.x.pageLimit())
	first := int(l.paging.First)
	if p := l.paging.Offset; p != nil {
		l.start = max(0, l.x.number(p.Wire, first)-first)
	} else if text := l.asked(); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return fmt.Sprintf("%s: %.60q is not a cursor of an earlier response", l.place(), text)
		}
		l.start = n
		if l.paging.Number != nil {
			l.start = (min(max(n, first), l.total+first) - first) * l.limit
		}
	}
	l.start = min(l.x.start(l.start), l.total)
	l.end = min(l.start+l.limit, l.total)
	return ""
}

// linkName is the query parameter of a link where the document declares none.
const linkName = "page"

// place says where the cursor is in a request.
func (l *listing) place() string {
	if l.paging.BodyCursor != nil {
		return "member " + l.paging.CursorWire + " of the body"
	}
	return "query parameter " + cmp.Or(l.paging.CursorWire, linkName)
}

// asked returns the cursor that was asked for.
func (l *listing) asked() string {
	if f := l.paging.BodyCursor; f != nil {
		var body map[string]any
		// A body that is not an object has no cursor. The document's validation has seen to its
		// size.
		_ = json.NewDecoder(l.x.r.Body).Decode(&body)
		text, _ := body[f.Wire].(string)
		return text
	}
	return l.x.query.Get(cmp.Or(l.paging.CursorWire, linkName))
}

// cursor returns the cursor of the next page.
func (l *listing) cursor() string {
	if l.paging.Number != nil {
		return strconv.Itoa(l.start/l.limit + int(l.paging.First) + 1)
	}
	return strconv.Itoa(l.end)
}

// next is what an answer says about the next page: a cursor, or the address with it.
func (l *listing) next() string {
	switch {
	case l.paging.NextHeader == "Link":
		return "<" + l.x.origin() + l.link() + `>; rel="next"`
	case !l.paging.NextIsLink:
		return l.cursor()
	case len(l.paging.Next) > 1:
		return l.link()
	}
	return l.x.origin() + l.link()
}

// link returns path and query of the next page.
func (l *listing) link() string {
	query := l.x.r.URL.Query()
	if p := l.paging.Offset; p != nil {
		query.Set(p.Wire, strconv.Itoa(l.end+int(l.paging.First)))
	} else {
		query.Set(cmp.Or(l.paging.CursorWire, linkName), l.cursor())
	}
	return (&url.URL{Path: l.x.r.URL.Path, RawQuery: query.Encode()}).String()
}

// set writes a member of an answer, and the objects around it. A nil value removes it.
func (l *listing) set(whole map[string]any, path []*ir.Field, value any) {
	if len(path) == 0 {
		return
	}
	for _, f := range path[:len(path)-1] {
		below, ok := whole[f.Wire].(map[string]any)
		if !ok {
			below = map[string]any{}
			whole[f.Wire] = below
		}
		whole = below
	}
	name := path[len(path)-1].Wire
	if whole[name] = value; value == nil {
		delete(whole, name)
	}
}

// describe writes into an answer what it says about itself.
func (l *listing) describe(whole map[string]any) {
	isLast, first := l.end >= l.total, int(l.paging.First)
	l.set(whole, l.paging.AnswerOffset, l.start+first)
	l.set(whole, l.paging.AnswerNumber, l.start/l.limit+first)
	l.set(whole, l.paging.AnswerPages, (l.total+l.limit-1)/l.limit+first-1)
	l.set(whole, l.paging.AnswerLimit, l.limit)
	l.set(whole, l.paging.More, isLast == l.paging.MoreIsLast)
	for name, value := range map[string]int{"total": l.total, "totalCount": l.total, "size": l.end - l.start} {
		if _, counts := whole[name].(int64); counts {
			whole[name] = value
		}
	}
	switch path := l.paging.Next; {
	case path == nil:
	case !isLast || l.stream:
		l.set(whole, path, l.next())
	case path[len(path)-1].Required:
		l.set(whole, path, "")
	default:
		l.set(whole, path, nil)
	}
}

// itemSchema returns the schema of an item, nil if it is not known.
func (l *listing) itemSchema() *openapi3.SchemaRef {
	list := l.schema
	for _, f := range l.paging.Items {
		list = member(list, f.Wire, 0)
	}
	for list != nil && list.Value != nil && list.Value.Items == nil && len(list.Value.AllOf) == 1 {
		list = list.Value.AllOf[0]
	}
	if list == nil || list.Value == nil {
		return nil
	}
	return list.Value.Items
}

// maxParts bounds chains of allOf.
const maxParts = 50

// member returns the schema of a member of an object or of its allOf.
func member(ref *openapi3.SchemaRef, name string, depth int) *openapi3.SchemaRef {
	if ref == nil || ref.Value == nil || depth > maxParts {
		return nil
	}
	if p := ref.Value.Properties[name]; p != nil {
		return p
	}
	for _, part := range ref.Value.AllOf {
		if p := member(part, name, depth+1); p != nil {
			return p
		}
	}
	return nil
}
