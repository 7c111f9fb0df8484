package resolve

import (
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/naming"
)

// Whether a listing pages is recognised from its shape: it asks for a place, and answers with one
// array of items. In the order in which they are tried:
//
//	a cursor goes out, and a cursor or an address comes back, in a member or a header
//	a number of records goes out (offset, start, skip); a link, a word such as isLast, or the length of the page is the end
//	a page number goes out, and the answer has its own number, the next one in a header, or says whether there is more
//	nothing goes out, and an address comes back
//
// Names are compared without case and marks: next_page_token is nextPageToken. Where the evidence
// is not enough there is no pager. What documents or people know better stands in x-auditgen-paging
// (override.go).

// listing is an operation that may page, taken apart.
type listing struct {
	op      *ir.Operation
	answer  *ir.Model // nil if the answer is an array
	items   []*ir.Field
	item    *ir.Type
	headers []string // headers of the successful answer
	found   []found  // members of the answer that are not arrays, the outer ones first
}

// found is a member of the answer, or of a model within it that says something about the page.
type found struct {
	path []*ir.Field
	name string // of the member, as names are compared
	in   string // the same of what it is in; empty at the top
}

// page decides whether and how an operation pages.
func (r *operations) page(op *ir.Operation, headers []string, override pagingOverride) {
	l, ok := newListing(op, headers, override.items())
	if !ok || override.none {
		override.refuse(ok)
		if !override.given() && !override.none {
			r.suggestItems(op, headers)
		}
		return
	}
	p := l.recognise()
	if override.given() {
		p = override.apply(l, p)
	}
	if p == nil {
		r.suggestPager(l, nil)
		return
	}
	p.Item, p.Items = l.item, l.items
	p.Since = timeParam(op.Params, "startdate", "from", "start", "since", "after", "starttime", "oldest", "createdafter")
	p.End = timeParam(op.Params, "enddate", "to", "end", "until", "before", "endtime", "latest", "createdbefore")
	p.Pager = r.take(r.methods, naming.Pager(op.Name))
	p.All = r.take(r.methods, naming.Iterator(op.Name))
	op.Paging = p
	r.api.HasPaging = true
}

// newListing takes an operation apart. items is the path to the items where it is known.
func newListing(op *ir.Operation, headers []string, items string) (*listing, bool) {
	l := &listing{op: op, headers: headers}
	searches := op.Method == "POST" && op.Body != nil && op.Body.Kind == ir.BodyJSON && op.Body.Type.Kind == ir.ModelKind
	if op.Result.Kind != ir.ResultJSON || !searches && (op.Method != "GET" || op.Body != nil) {
		return nil, false
	}
	switch t := op.Result.Type; t.Kind {
	case ir.Slice:
		l.item = t.Elem
	case ir.ModelKind:
		l.answer = t.Model
		l.collect(t.Model, nil, "")
		if l.items = l.itemsPath(); items != "" {
			l.items = l.pathTo(strings.Split(items, "."))
		}
		if len(l.items) == 0 || last(l.items).Type.Kind != ir.Slice {
			return nil, false
		}
		l.item = last(l.items).Type.Elem
	default:
		return nil, false
	}
	return l, true
}

// maxLevels is how deep the members that say something about a page are looked for:
// pagination.next.after has three.
const maxLevels = 3

// collect lists the members of a model, and those of the models within it whose names say that they
// are about paging.
func (l *listing) collect(m *ir.Model, path []*ir.Field, in string) {
	for _, f := range m.Fields {
		at := append(slices.Clip(path), f)
		name := plainName(f.Wire)
		if inner := valueModel(f.Type); inner == nil {
			l.found = append(l.found, found{at, name, in})
		}
	}
	for _, f := range m.Fields {
		inner := valueModel(f.Type)
		if inner != nil && len(path)+1 < maxLevels && slices.Contains(aboutPages, plainName(f.Wire)) {
			l.collect(inner, append(slices.Clip(path), f), plainName(f.Wire))
		}
	}
}

// valueModel returns the model that a type holds by value, nil if it holds none.
func valueModel(t *ir.Type) *ir.Model {
	if t.Kind == ir.ModelKind && !t.Pointer {
		return t.Model
	}
	return nil
}

// Names, as they are compared.
var (
	// aboutPages are members whose own members are about the page.
	aboutPages = []string{"meta", "metadata", "responsemetadata", "paging", "pagination", "pageinfo", "paginginfo", "page", "cursors", "cursor", "links", "link",
		"resultinfo", "nextpage", "next", "info"}

	cursorParams = []string{"nextpagetoken", "pagetoken", "cursor", "pagecursor", "after", "pageafter", "startcursor", "aftercursor", "nextcursor", "startingafter",
		"startafter", "streamposition", "nexttoken", "continuationtoken", "continuation", "paginationtoken", "marker", "pagemarker", "skiptoken", "scrollid",
		"bookmark", "pagestate", "offset", "position"}
	cursorMembers = []string{"nextpagetoken", "nextcursor", "nextpagecursor", "nexttoken", "nextstreamposition", "nextcontinuationtoken", "continuationtoken",
		"nextmarker", "nextafter", "aftercursor", "endcursor", "after", "cursor", "pagetoken", "paginationtoken", "scrollid", "bookmark", "marker", "skiptoken",
		"nextposition", "pagestate"}
	linkMembers = []string{"nextlink", "nextpagelink", "nextpageuri", "nextpageurl", "nexturl", "nexturi", "nexthref", "nextrecordsurl", "odatanextlink"}

	offsetParams = []string{"start", "offset", "startat", "startindex", "skip", "startposition", "startrow", "startrecord", "firstresult", "pageoffset", "resultoffset"}
	numberParams = []string{"page", "pagenumber", "pageno", "pagenum", "pageindex", "currentpage"}
	limitParams  = []string{"limit", "maxresults", "pagelen", "perpage", "pagesize", "top", "pagelimit", "resultsperpage", "itemsperpage", "maxitems", "count", "size"}

	numberMembers = []string{"page", "pagenumber", "currentpage", "pageindex", "number"}
	pagesMembers  = []string{"totalpages", "pagecount", "numpages", "pages", "lastpage"}
	moreMembers   = []string{"hasmore", "more", "hasnext", "hasnextpage", "moreavailable", "hasmoreitems", "istruncated", "truncated"}
	lastMembers   = []string{"islast", "islastpage", "lastpage", "last", "done", "isdone"}

	itemsNames = []string{"results", "values", "records", "items", "data", "entries", "events", "logs", "entities", "elements", "resources", "value", "result", "rows", "nodes"}
	notItems   = []string{"errors", "warnings", "messages", "warningmessages", "errormessages", "included", "order", "sort", "facets", "links", "expand", "tags"}
	inItems    = []string{"data", "result", "results", "response", "page", "embedded", "items", "payload", "content"}
)

// plainName is a name as names are compared: letters and digits, in lower case.
func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r - 'A' + 'a'
		}
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, name)
}

// recognise returns how the listing pages, nil if it does not.
func (l *listing) recognise() *ir.Paging {
	tries := []func() *ir.Paging{l.byCursor, l.byOffset, l.byNumber, l.byLink}
	if l.op.Method == "POST" {
		tries = tries[:1] // of the others, none has been seen that is asked by POST
	}
	for _, try := range tries {
		if p := try(); p != nil {
			return p
		}
	}
	return nil
}

func (l *listing) byCursor() *ir.Paging {
	p := &ir.Paging{Limit: l.limit()}
	if next := l.nextLink(); next != nil && next.in == "links" && l.param(ir.Int, offsetParams...) != nil {
		return nil // such a link has the one or the other
	}
	if p.Cursor = l.param(ir.String, cursorParams...); p.Cursor != nil {
		p.CursorWire, p.Basis = p.Cursor.Wire, p.Cursor.Wire+" in parameters"
	} else if p.BodyCursor = l.bodyCursor(cursorParams...); p.BodyCursor != nil {
		p.CursorWire, p.Basis = p.BodyCursor.Wire, p.BodyCursor.Wire+" in the body"
	} else {
		return nil
	}
	l.saysMore(p)
	switch next := l.nextCursor(p.CursorWire); {
	case next != nil:
		p.Next = next.path
	case l.nextLink() != nil:
		p.Next, p.NextIsLink = l.nextLink().path, true
	case l.nextHeader(p):
	case p.More != nil && l.lastID() != nil:
		p.Next = l.lastID().path
	case p.More != nil && l.itemID() != nil:
		p.NextItem = l.itemID()
		p.Basis += ", which takes the " + p.NextItem.Wire + " of the last item"
	default:
		return nil
	}
	switch {
	case p.Next != nil:
		p.Basis += ", and by " + wirePath(p.Next)
	case p.NextHeader != "":
		p.Basis += ", and by the header " + p.NextHeader + " of the answer"
		return p
	case p.More != nil:
		p.Basis += ", and by " + wirePath(p.More)
	}
	if p.More != nil && p.NextItem == nil {
		p.Basis += " and " + wirePath(p.More)
	}
	p.Basis += " in the answer"
	return p
}

func (l *listing) byOffset() *ir.Paging {
	offset := l.param(ir.Int, offsetParams...)
	if offset == nil || isSpan(l.op.Params, offset) {
		return nil
	}
	p := &ir.Paging{Offset: offset, Limit: l.limit(), AnswerOffset: l.number(plainName(offset.Wire)), Basis: offset.Wire}
	if offset.Default == "1" || plainName(offset.Wire) == "startindex" && offset.Default == "" {
		p.First = 1
	}
	if p.Limit != nil {
		p.Basis += " and " + p.Limit.Wire
		p.AnswerLimit = l.number(plainName(p.Limit.Wire))
	}
	if next := l.nextLink(); next != nil && next.in == "links" {
		p.Next, p.NextIsLink = next.path, true
		p.Basis += " in parameters, and by " + wirePath(p.Next) + " in the answer"
		return p
	}
	if l.saysMore(p); p.More != nil {
		p.Basis += " in parameters, and by " + wirePath(p.More) + " in the answer"
	}
	return p
}

// byNumber recognises page numbers, which are from 0 or from 1. Which of them has to be known: by
// the answer's own number, by a header that has the next one, or by the default of the parameter
// where the answer says if there is more.
func (l *listing) byNumber() *ir.Paging {
	number := l.param(ir.Int, numberParams...)
	if number == nil {
		return nil
	}
	p := &ir.Paging{Number: number, CursorWire: number.Wire, Limit: l.limit(), First: 1, Basis: number.Wire + " in parameters"}
	if l.nextHeader(p) {
		p.Basis += ", and by the header " + p.NextHeader + " of the answer"
		return p
	}
	p.AnswerNumber, p.AnswerPages = l.number(numberMembers...), l.number(pagesMembers...)
	if p.Limit != nil {
		p.AnswerLimit = l.number(plainName(p.Limit.Wire))
	}
	l.saysMore(p)
	if next := l.nextLink(); next != nil && p.AnswerNumber == nil {
		p.Next, p.NextIsLink = next.path, true
		p.Basis += ", and by " + wirePath(next.path) + " in the answer"
		return p
	}
	if number.Default == "0" {
		p.First = 0
	}
	evidence := p.AnswerNumber
	if evidence == nil && (number.Default == "0" || number.Default == "1") {
		evidence = p.AnswerPages
		if evidence == nil {
			evidence = p.More
		}
	}
	if evidence == nil {
		return nil
	}
	p.Basis += ", and by " + wirePath(evidence) + " in the answer"
	return p
}

// byLink recognises answers that hold the address of the next page.
func (l *listing) byLink() *ir.Paging {
	p := &ir.Paging{Limit: l.limit(), NextIsLink: true}
	if next := l.nextLink(); next != nil && next.path[0].Wire == "_links" && next.name == "next" {
		return nil // Confluence leaves this link out of full pages, so its absence is not the end
	} else if next != nil {
		p.Next, p.Basis = next.path, wirePath(next.path)+" in the answer"
		l.saysMore(p)
		return p
	}
	if l.nextHeader(p) {
		p.Basis = "the header " + p.NextHeader + " of the answer"
		return p
	}
	return nil
}

// bodyCursor finds the cursor in the body of a POST, by its names.
func (l *listing) bodyCursor(names ...string) *ir.Field {
	if l.op.Body == nil {
		return nil
	}
	for _, name := range names {
		for _, f := range l.op.Body.Type.Model.Fields {
			if plainName(f.Wire) == name && f.Type.Kind == ir.String && !f.Type.Pointer {
				return f
			}
		}
	}
	return nil
}

// nextCursor finds the cursor of the next page: by the names that cursors have, a next beside what
// is about the page, and what is called like the parameter.
func (l *listing) nextCursor(wire string) *found {
	if f := l.text(func(f found) bool { return plainName(wire) == f.name && f.name != "offset" }); f != nil {
		return f
	}
	for _, name := range cursorMembers {
		if f := l.text(func(f found) bool { return f.name == name }); f != nil {
			return f
		}
	}
	return l.text(func(f found) bool {
		return f.name == "next" && f.in != "links" && f.in != "link" || f.name == "offset" && f.in == "nextpage"
	})
}

// nextLink finds the address of the next page. Without a name that says so, next is one beside a
// previous or a count of pages.
func (l *listing) nextLink() *found {
	if f := l.text(func(f found) bool {
		return slices.Contains(linkMembers, f.name) || f.name == "next" && (f.in == "links" || f.in == "link") || f.name == "href" && f.in == "next"
	}); f != nil {
		return f
	}
	beside := slices.ContainsFunc(l.found, func(f found) bool {
		return slices.Contains([]string{"prev", "previous", "page", "pagelen", "previouspage"}, f.name)
	})
	return l.text(func(f found) bool { return f.name == "next" && beside })
}

// nextHeader finds the header that leads to the next page.
func (l *listing) nextHeader(p *ir.Paging) bool {
	for _, h := range l.headers {
		switch name := plainName(h); {
		case p.Number != nil && (name == "xnextpage" || name == "nextpage"):
			p.NextHeader, p.NextIsLink = h, false
			return true
		case strings.Contains(name, "next") && (strings.HasSuffix(name, "uri") || strings.HasSuffix(name, "url") || strings.HasSuffix(name, "link")):
			p.NextHeader, p.NextIsLink = h, true
		case p.NextHeader == "" && strings.EqualFold(h, "Link") && (p.CursorWire != "" || l.answer == nil):
			p.NextHeader, p.NextIsLink = "Link", true
		case p.NextHeader == "" && p.CursorWire != "" && strings.Contains(name, "next") && (strings.HasSuffix(name, "cursor") || strings.HasSuffix(name, "token")):
			p.NextHeader, p.NextIsLink = h, false
		}
	}
	return p.NextHeader != ""
}

func (l *listing) lastID() *found {
	return l.text(func(f found) bool { return f.name == "lastid" })
}

// itemID finds the member that identifies an item.
func (l *listing) itemID() *ir.Field {
	if m := valueModel(l.item); m != nil {
		if f := field(m, "id"); f != nil && f.Type.Kind == ir.String {
			return f
		}
	}
	return nil
}

// saysMore finds the answer's own word whether there is more.
func (l *listing) saysMore(p *ir.Paging) {
	for _, f := range l.found {
		if last(f.path).Type.Kind != ir.Bool || last(f.path).Type.Pointer {
			continue
		}
		if isLast := slices.Contains(lastMembers, f.name); isLast || slices.Contains(moreMembers, f.name) {
			p.More, p.MoreIsLast = f.path, isLast
			return
		}
	}
}

// text finds the first member that is a text and fits.
func (l *listing) text(fits func(found) bool) *found {
	for i, f := range l.found {
		if t := last(f.path).Type; t.Kind == ir.String && fits(f) {
			return &l.found[i]
		}
	}
	return nil
}

// number finds an integer by its names, the first first.
func (l *listing) number(names ...string) []*ir.Field {
	for _, name := range names {
		for _, f := range l.found {
			if f.name == name && last(f.path).Type.Kind == ir.Int && !last(f.path).Type.Pointer {
				return f.path
			}
		}
	}
	return nil
}

func (l *listing) limit() *ir.Param { return l.param(ir.Int, limitParams...) }

// param finds an optional query parameter by its names, the first first.
func (l *listing) param(kind ir.Kind, names ...string) *ir.Param {
	if l.op.Params == nil {
		return nil
	}
	for _, name := range names {
		for _, p := range l.op.Params.Fields {
			if plainName(p.Wire) == name && p.In == "query" && p.Type.Kind == kind && (kind != ir.Int || p.Type.Pointer) {
				return p
			}
		}
	}
	return nil
}

// isSpan reports whether start is one end of a span of time, and no place in a listing.
func isSpan(params *ir.Params, start *ir.Param) bool {
	return plainName(start.Wire) == "start" && slices.ContainsFunc(params.Fields, func(p *ir.Param) bool {
		return plainName(p.Wire) == "end" && p.Type.Kind == ir.Int
	})
}

// itemsPath finds the array of an answer: the only one of them, or the one with a name that
// listings use, or the one that is called like the resource. It can be one level down.
func (l *listing) itemsPath() []*ir.Field {
	if f := l.itemsOf(l.answer); f != nil {
		if id := field(l.answer, "id"); id != nil && !slices.Contains(itemsNames, plainName(f.Wire)) {
			return nil // the tags of a thing are not a page of tags
		}
		return []*ir.Field{f}
	}
	for _, outer := range l.answer.Fields {
		inner := valueModel(outer.Type)
		if inner == nil || !slices.Contains(inItems, plainName(outer.Wire)) {
			continue
		}
		if f := l.itemsOf(inner); f != nil {
			l.collect(inner, []*ir.Field{outer}, "")
			return []*ir.Field{outer, f}
		}
	}
	return nil
}

func (l *listing) itemsOf(m *ir.Model) *ir.Field {
	var arrays []*ir.Field
	for _, f := range m.Fields {
		if f.Type.Kind == ir.Slice {
			arrays = append(arrays, f)
		}
	}
	if len(arrays) == 1 {
		return arrays[0]
	}
	segments := strings.Split(l.op.Path, "/")
	for _, name := range append(slices.Clone(itemsNames), plainName(segments[len(segments)-1])) {
		if i := slices.IndexFunc(arrays, func(f *ir.Field) bool { return plainName(f.Wire) == name }); i >= 0 {
			return arrays[i]
		}
	}
	arrays = slices.DeleteFunc(arrays, func(f *ir.Field) bool {
		return slices.Contains(notItems, plainName(f.Wire)) || valueModel(f.Type.Elem) == nil
	})
	if len(arrays) == 1 {
		return arrays[0]
	}
	return nil
}

// pathTo follows wire names from the answer, through models that are held by value. It returns nil
// if there is no such path.
func (l *listing) pathTo(names []string) []*ir.Field {
	m := l.answer
	var path []*ir.Field
	for _, name := range names {
		if m == nil {
			return nil
		}
		f := field(m, name)
		if f == nil {
			return nil
		}
		path = append(path, f)
		m = valueModel(f.Type)
	}
	return path
}

// timeParam finds the optional query parameter for a bound in time, by its names. A walk pins the
// later bound, so that what arrives meanwhile does not shift its pages.
func timeParam(params *ir.Params, names ...string) *ir.Param {
	if params == nil {
		return nil
	}
	for _, p := range params.Fields {
		if p.In == "query" && p.Type.Kind == ir.Time && !p.Required && slices.Contains(names, plainName(p.Wire)) {
			return p
		}
	}
	return nil
}

func last(path []*ir.Field) *ir.Field { return path[len(path)-1] }

// wirePath writes a path with dots.
func wirePath(path []*ir.Field) string {
	names := make([]string, len(path))
	for i, f := range path {
		names[i] = f.Wire
	}
	return strings.Join(names, ".")
}

func field(m *ir.Model, wire string) *ir.Field {
	for _, f := range m.Fields {
		if f.Wire == wire {
			return f
		}
	}
	return nil
}
