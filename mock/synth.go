package mock

import (
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
		l := listing{x: x, paging: p, schema: answer.Schema, seed: seed, total: h.set.listed()}
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
}

const (
	defaultPage = 50
	pageName    = "page" // a cursor of this name is a page number, any other is an item number
)

func (l *listing) answer(a sample.Answer) {
	if wrong := l.locate(); wrong != "" {
		l.x.refuse(http.StatusBadRequest, wrong)
		return
	}
	items := make([]any, 0, l.end-l.start)
	schema := l.itemSchema()
	for i := l.start; i < l.end; i++ {
		items = append(items, sample.Value(schema, sample.Mix(l.seed, uint64(i))))
	}
	var body any = items
	if l.paging.Items != nil {
		whole, ok := sample.Value(l.schema, l.seed).(map[string]any)
		if !ok {
			whole = map[string]any{}
		}
		whole[l.paging.Items.Wire] = items
		l.describe(whole)
		body = whole
	}
	if l.paging.Style == ir.LinkHeader && l.end < l.total {
		l.x.w.Header().Set("Link", "<"+l.x.origin()+l.link()+`>; rel="next"`)
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
	if p := l.paging.Offset; p != nil {
		l.start = l.x.number(p.Wire, 0)
	} else if text := l.x.query.Get(l.cursorName()); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return fmt.Sprintf("query parameter %s: %.60q is not a cursor of an earlier response", l.cursorName(), text)
		}
		l.start = n
		if l.cursorName() == pageName {
			l.start = (min(max(n, 1), l.total+1) - 1) * l.limit
		}
	}
	l.start = min(l.x.start(l.start), l.total)
	l.end = min(l.start+l.limit, l.total)
	return ""
}

// cursorName returns the query parameter for the position in listings without offsets.
func (l *listing) cursorName() string {
	if l.paging.Cursor != nil {
		return l.paging.Cursor.Wire
	}
	return l.paging.CursorWire
}

// cursor returns the cursor of the next page.
func (l *listing) cursor() string {
	if l.cursorName() == pageName {
		return strconv.Itoa(l.start/l.limit + 2)
	}
	return strconv.Itoa(l.end)
}

// link returns path and query of the next page.
func (l *listing) link() string {
	query := l.x.r.URL.Query()
	if l.paging.Offset != nil {
		query.Set(l.paging.Offset.Wire, strconv.Itoa(l.end))
	} else {
		query.Set(l.cursorName(), l.cursor())
	}
	return (&url.URL{Path: l.x.r.URL.Path, RawQuery: query.Encode()}).String()
}

// describe fills in the members of a response that are about paging.
func (l *listing) describe(whole map[string]any) {
	last := l.end >= l.total
	set := func(f *ir.Field, value any) {
		if f != nil {
			whole[f.Wire] = value
		}
	}
	set(l.paging.AnswerOffset, l.start)
	set(l.paging.AnswerLimit, l.limit)
	set(l.paging.Last, last)
	for name, value := range map[string]int{"total": l.total, "totalCount": l.total, "size": l.end - l.start} {
		if _, counts := whole[name].(int64); counts {
			whole[name] = value
		}
	}
	if len(l.paging.Next) == 0 {
		return
	}
	at := whole
	for _, f := range l.paging.Next[:len(l.paging.Next)-1] {
		below, ok := at[f.Wire].(map[string]any)
		if !ok {
			below = map[string]any{}
			at[f.Wire] = below
		}
		at = below
	}
	name := l.paging.Next[len(l.paging.Next)-1]
	switch {
	case last && name.Required:
		at[name.Wire] = ""
	case last:
		delete(at, name.Wire)
	case l.paging.Style == ir.Token:
		at[name.Wire] = l.cursor()
	case len(l.paging.Next) == 1:
		at[name.Wire] = l.x.origin() + l.link()
	default:
		at[name.Wire] = l.link()
	}
}

// itemSchema returns the schema of an item, nil if it is not known.
func (l *listing) itemSchema() *openapi3.SchemaRef {
	list := l.schema
	if l.paging.Items != nil {
		list = member(l.schema, l.paging.Items.Wire, 0)
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
