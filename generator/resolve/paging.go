package resolve

import (
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/naming"
)

// Whether a listing pages is recognised from its shape: it asks for a place, and answers with one
// array of items. The styles, in the order in which they are tried:
//
//	nextPageToken goes out and comes back                         Token
//	start, startAt or offset goes out, _links.next comes back     OffsetNext
//	start, startAt or offset goes out                             Offset; isLast, if it is there, says where the end is
//	cursor goes out, _links.next or links.next holds the next one CursorNext
//	cursor goes out, the Link header holds the next one           LinkHeader
//	next comes back beside page or pagelen                        CursorNext, by page
//
// What documents or people know better is in x-auditgen-paging (override.go).

// listing is an operation that may page, taken apart.
type listing struct {
	op      *ir.Operation
	answer  *ir.Model // nil if the answer is an array
	items   *ir.Field
	item    *ir.Type
	headers []string // headers of the successful answer
}

// page decides whether and how an operation pages.
func (r *operations) page(op *ir.Operation, headers []string, override pagingOverride) {
	l, ok := newListing(op, headers, override.items())
	if !ok || override.none {
		override.refuse(ok)
		return
	}
	p := l.recognise()
	if override.given() {
		p = override.apply(l, p)
	}
	if p == nil {
		return
	}
	p.Item, p.Items = l.item, l.items
	p.Since = timeParam(op.Params, "startDate", "from", "start", "since", "after")
	p.End = timeParam(op.Params, "endDate", "to", "end", "until")
	p.Pager = r.take(r.methods, naming.Pager(op.Name))
	p.All = r.take(r.methods, naming.Iterator(op.Name))
	op.Paging = p
	r.api.HasPaging = true
}

// newListing takes an operation apart. items names the member that holds the items where it is
// known.
func newListing(op *ir.Operation, headers []string, items string) (*listing, bool) {
	l := &listing{op: op, headers: headers}
	if op.Result.Kind != ir.ResultJSON || op.Body != nil || op.Method != "GET" {
		return nil, false
	}
	switch t := op.Result.Type; t.Kind {
	case ir.Slice:
		l.item = t.Elem
	case ir.ModelKind:
		l.answer = t.Model
		if l.items = itemsField(t.Model); items != "" {
			l.items = field(t.Model, items)
		}
		if l.items == nil || l.items.Type.Kind != ir.Slice {
			return nil, false
		}
		l.item = l.items.Type.Elem
	default:
		return nil, false
	}
	return l, true
}

// recognise returns how the listing pages, nil if it does not.
func (l *listing) recognise() *ir.Paging {
	for _, try := range []func() *ir.Paging{l.byToken, l.byOffset, l.byCursor, l.byPage} {
		if p := try(); p != nil {
			return p
		}
	}
	return nil
}

func (l *listing) byToken() *ir.Paging {
	token, next := l.param(ir.String, "nextPageToken", "pageToken"), l.path(ir.String, "nextPageToken")
	if token == nil || next == nil {
		return nil
	}
	return &ir.Paging{Style: ir.Token, Cursor: token, Next: next, Limit: l.limit(), Basis: token.Wire + " in parameters and answer"}
}

func (l *listing) byOffset() *ir.Paging {
	offset := l.param(ir.Int, "start", "offset", "startAt")
	if offset == nil {
		return nil
	}
	p := &ir.Paging{Style: ir.Offset, Offset: offset, Limit: l.limit(), AnswerOffset: l.field(ir.Int, offset.Wire), Basis: offset.Wire}
	if p.Limit != nil {
		p.Basis += " and " + p.Limit.Wire
		p.AnswerLimit = l.field(ir.Int, p.Limit.Wire)
	}
	if p.Last = l.field(ir.Bool, "isLast", "isLastPage", "last"); p.Last != nil {
		p.Basis += " in parameters, and by " + p.Last.Wire + " in the answer"
	}
	if next := l.path(ir.String, "_links", "next"); next != nil {
		p.Style, p.Next, p.Last, p.Basis = ir.OffsetNext, next, nil, p.Basis+" in parameters, and by _links.next in the answer"
	}
	return p
}

func (l *listing) byCursor() *ir.Paging {
	cursor := l.param(ir.String, "cursor")
	if cursor == nil {
		return nil
	}
	p := &ir.Paging{Cursor: cursor, CursorWire: cursor.Wire, Limit: l.limit()}
	links := "_links"
	next := l.path(ir.String, links, "next")
	if next == nil {
		links = "links"
		next = l.path(ir.String, links, "next")
	}
	switch {
	case next != nil:
		p.Style, p.Next, p.Basis = ir.CursorNext, next, cursor.Wire+" in parameters, and by "+links+".next in the answer"
	case slices.ContainsFunc(l.headers, func(h string) bool { return strings.EqualFold(h, "Link") }):
		p.Style, p.Basis = ir.LinkHeader, cursor.Wire+" in parameters, and by the Link header of the answer"
	default:
		return nil
	}
	return p
}

// byPage recognises answers that hold the address of the next page. Their number of the page may be
// any text, so it travels as a cursor whether or not a parameter is declared for it.
func (l *listing) byPage() *ir.Paging {
	next := l.path(ir.String, "next")
	if next == nil || l.field(ir.Int, "page") == nil && l.field(ir.Int, "pagelen") == nil {
		return nil
	}
	return &ir.Paging{Style: ir.CursorNext, CursorWire: "page", Next: next, Limit: l.param(ir.Int, "pagelen"), Basis: "page and next in the answer"}
}

func (l *listing) limit() *ir.Param {
	return l.param(ir.Int, "limit", "maxResults", "max-results", "pagelen")
}

// param finds an optional query parameter by its names, the first first.
func (l *listing) param(kind ir.Kind, names ...string) *ir.Param {
	if l.op.Params == nil {
		return nil
	}
	for _, name := range names {
		for _, p := range l.op.Params.Fields {
			if p.Wire == name && p.In == "query" && p.Type.Kind == kind && (kind != ir.Int || p.Type.Pointer) {
				return p
			}
		}
	}
	return nil
}

// field finds a member of the answer by its names, the first first.
func (l *listing) field(kind ir.Kind, names ...string) *ir.Field {
	if l.answer == nil {
		return nil
	}
	for _, name := range names {
		if f := field(l.answer, name); f != nil && f.Type.Kind == kind {
			return f
		}
	}
	return nil
}

// path follows member names from the answer; the last member has to be of the given kind.
func (l *listing) path(kind ir.Kind, names ...string) []*ir.Field {
	m := l.answer
	var fields []*ir.Field
	for i, name := range names {
		if m == nil {
			return nil
		}
		f := field(m, name)
		if f == nil {
			return nil
		}
		fields = append(fields, f)
		m = nil
		if f.Type.Kind == ir.ModelKind && !f.Type.Pointer {
			m = f.Type.Model
		}
		if i == len(names)-1 && f.Type.Kind != kind {
			return nil
		}
	}
	return fields
}

// timeParam finds the optional query parameter for a bound in time, by its names. A walk pins the
// later bound, so that what arrives meanwhile does not shift its pages.
func timeParam(params *ir.Params, names ...string) *ir.Param {
	if params == nil {
		return nil
	}
	for _, p := range params.Fields {
		if p.In == "query" && p.Type.Kind == ir.Time && !p.Required && slices.Contains(names, p.Wire) {
			return p
		}
	}
	return nil
}

// itemsField returns the array of an answer: the only one, or the one with the name that listings
// use.
func itemsField(m *ir.Model) *ir.Field {
	var arrays []*ir.Field
	for _, f := range m.Fields {
		if f.Type.Kind == ir.Slice {
			arrays = append(arrays, f)
		}
	}
	if len(arrays) == 1 {
		return arrays[0]
	}
	for _, name := range []string{"results", "values", "records", "items"} {
		if i := slices.IndexFunc(arrays, func(f *ir.Field) bool { return f.Wire == name }); i >= 0 {
			return arrays[i]
		}
	}
	return nil
}

func field(m *ir.Model, wire string) *ir.Field {
	for _, f := range m.Fields {
		if f.Wire == wire {
			return f
		}
	}
	return nil
}
