package resolve

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// x-auditgen-paging, usually put on an operation by an overlay, says how it pages where its shape
// does not. It is "none", or an object with these members. What it does not name stays as
// recognised.
//
//	offset, page, cursor  the parameter that asks for a page, one of them; cursor may be a member of the body of a POST
//	first                 the lowest offset or page: 0 or 1
//	limit                 the parameter for how many items a page may have
//	items                 the member of the answer that holds the items
//	next, link            the member that holds the next cursor, or the next address
//	header                the header that holds it
//	id                    the member of the last item that is the next cursor
//	more, last            the member that says whether there is more, or none
//	pages                 the member that holds the number of pages
//
// Members of the answer can be paths with dots.

// pagingOverride is what is said about one operation.
type pagingOverride struct {
	address string
	pos     source.Position // of the extension
	node    *source.Node    // nil if nothing is said
	none    bool
	errs    *source.Collector
}

func (r *operations) pagingOverride(op *settled.Operation) pagingOverride {
	n := op.Get("x-auditgen-paging")
	o := pagingOverride{address: op.Address, node: n, errs: r.errs, none: n.Str() == "none"}
	if f := op.Fact("x-auditgen-paging"); f != nil {
		o.pos = f.Position()
	}
	if n != nil && !o.none && n.Kind != source.Object {
		o.fail(n.Line, "x-auditgen-paging is neither none nor an object", `write "none", or what goes out and comes back`)
		o.node = nil
	}
	return o
}

func (o *pagingOverride) given() bool { return o.node != nil && !o.none }

// items returns the path of the member that is said to hold the items.
func (o *pagingOverride) items() string {
	if !o.given() {
		return ""
	}
	return o.node.Get("items").Str()
}

// refuse reports that an operation cannot page at all.
func (o *pagingOverride) refuse(listing bool) {
	if o.given() && !listing {
		o.fail(o.pos.Line, "x-auditgen-paging is on an operation that is not a listing",
			"only an answer that is an array, or an object that has one, can page; items has to name it if there are several")
	}
}

// fail reports something wrong on a line of the extension.
func (o *pagingOverride) fail(line int, what, do string) {
	pos := o.pos
	if line > 0 {
		pos.Line = line
	}
	o.errs.AddErr("", &source.Error{Pos: pos, Where: o.address, What: what, Do: do})
}

// suggest returns the advice to write one of the words that there are.
func suggest(word string, known ...string) string {
	if near := source.Nearest(word, known); near != "" {
		return "did you mean " + near + "?"
	}
	return "use " + strings.Join(known[:len(known)-1], ", ") + " or " + known[len(known)-1]
}

// apply changes what was recognised, or makes something of nothing.
func (o *pagingOverride) apply(l *listing, p *ir.Paging) *ir.Paging {
	if p == nil || slices.ContainsFunc([]string{"offset", "page", "cursor"}, func(key string) bool { return o.node.Get(key) != nil }) {
		p = &ir.Paging{Limit: l.limit()}
	}
	p.Basis = "x-auditgen-paging"
	before := o.errs.Len()
	for _, m := range o.node.Members {
		o.member(l, p, m)
	}
	if p.Number != nil && o.node.Get("first") == nil && p.Number.Default != "0" {
		p.First = 1
	}
	if o.errs.Len() == before {
		o.complete(p)
	}
	return p
}

func (o *pagingOverride) member(l *listing, p *ir.Paging, m source.Member) {
	value := m.Value.Str()
	switch m.Key {
	case "offset":
		p.Offset = o.param(l, m, ir.Int)
		p.AnswerOffset = l.number(plainName(value))
	case "page":
		p.Number, p.CursorWire = o.param(l, m, ir.Int), value
		p.AnswerNumber = l.number(plainName(value))
	case "first":
		first, err := strconv.ParseInt(m.Value.Text, 10, 64)
		if err != nil || first < 0 || first > 1 {
			o.fail(m.Line, "x-auditgen-paging: first is neither 0 nor 1", "write the number of the first page, or the offset of the first item")
		}
		p.First = first
	case "limit":
		p.Limit = o.param(l, m, ir.Int)
		p.AnswerLimit = l.number(plainName(value))
	case "cursor":
		p.Cursor, p.CursorWire = l.param(ir.String, plainName(value)), value // undeclared ones are sent all the same
		if p.Cursor == nil && l.op.Body != nil {
			p.BodyCursor = l.bodyCursor(plainName(value))
		}
	case "items": // newListing has seen to it
	case "next", "link":
		p.Next, p.NextIsLink = o.path(l, m, ir.String), m.Key == "link"
	case "header":
		p.NextHeader, p.NextIsLink = value, strings.EqualFold(value, "Link")
	case "id":
		if item := valueModel(l.item); item != nil {
			p.NextItem = field(item, value)
		}
		if p.NextItem == nil || p.NextItem.Type.Kind != ir.String {
			o.fail(m.Line, fmt.Sprintf("x-auditgen-paging: items have no text %q", value), "name a member of an item")
			p.NextItem = nil
		}
	case "more", "last":
		p.More, p.MoreIsLast = o.path(l, m, ir.Bool), m.Key == "last"
	case "pages":
		p.AnswerPages = o.path(l, m, ir.Int)
	default:
		o.fail(m.Line, fmt.Sprintf("x-auditgen-paging has no member %q", m.Key),
			suggest(m.Key, "offset", "page", "cursor", "first", "limit", "items", "next", "link", "header", "id", "more", "last", "pages"))
	}
}

func (o *pagingOverride) param(l *listing, m source.Member, kind ir.Kind) *ir.Param {
	p := l.param(kind, plainName(m.Value.Str()))
	if p == nil {
		o.fail(m.Line, fmt.Sprintf("x-auditgen-paging: %s: there is no optional query parameter %q of that type", m.Key, m.Value.Str()), "name a parameter of the operation")
	}
	return p
}

// path finds a member of the answer, of a type.
func (o *pagingOverride) path(l *listing, m source.Member, kind ir.Kind) []*ir.Field {
	if l.answer != nil {
		if path := l.pathTo(strings.Split(m.Value.Str(), ".")); path != nil && last(path).Type.Kind == kind && !last(path).Type.Pointer {
			return path
		}
	}
	types := map[ir.Kind]string{ir.String: "text", ir.Bool: "boolean", ir.Int: "integer"}
	o.fail(m.Line, fmt.Sprintf("x-auditgen-paging: %s: the answer has no %s %q", m.Key, types[kind], m.Value.Str()), "name a member of the answer, with dots between levels")
	return nil
}

// complete makes sure that there is a way to ask for the next page.
func (o *pagingOverride) complete(p *ir.Paging) {
	leads := p.Next != nil || p.NextHeader != "" || p.NextItem != nil
	switch {
	case p.CursorWire != "" && p.Number == nil && !leads:
		o.fail(o.pos.Line, "x-auditgen-paging: a cursor needs to come from somewhere", "name next, link, header or id")
	case p.CursorWire == "" && p.Offset == nil && !(leads && p.NextIsLink):
		o.fail(o.pos.Line, "x-auditgen-paging: nothing asks for the next page", "name offset, page or cursor, or the link that answers have")
	}
}
