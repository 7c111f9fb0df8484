package resolve

import (
	"fmt"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// x-auditgen-paging, usually put on an operation by an overlay, says how it pages where its shape
// does not. It is "none", or an object: style (offset, link, cursor, token or header), offset,
// limit and cursor (names of query parameters), items, next and last (members of the answer, next
// as a path with dots). What it does not name stays as recognised.

// pagingOverride is what is said about one operation.
type pagingOverride struct {
	address string
	pos     source.Position // of the extension
	node    *source.Node    // nil if nothing is said
	none    bool
	errs    *source.Collector
}

var pagingStyles = map[string]ir.PagingStyle{"offset": ir.Offset, "link": ir.OffsetNext, "cursor": ir.CursorNext, "token": ir.Token, "header": ir.LinkHeader}

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

// items returns the member that is said to hold the items.
func (o *pagingOverride) items() string {
	if !o.given() {
		return ""
	}
	return o.node.Get("items").Str()
}

// refuse says that paging cannot be had at all.
func (o *pagingOverride) refuse(listing bool) {
	if o.given() && !listing {
		o.fail(o.pos.Line, "x-auditgen-paging is on an operation that is not a listing", "only a GET that answers with an array, or with an object that has one, can page; items has to name it if there are several")
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
	if p == nil {
		p = &ir.Paging{}
	}
	p.Basis = "x-auditgen-paging"
	before := o.errs.Len()
	for _, m := range o.node.Members {
		o.member(l, p, m)
	}
	if o.errs.Len() == before {
		o.complete(p)
	}
	return p
}

func (o *pagingOverride) member(l *listing, p *ir.Paging, m source.Member) {
	key, value := m.Key, m.Value.Str()
	fail := func(what, do string) { o.fail(m.Line, what, do) }
	switch key {
	case "style":
		style, ok := pagingStyles[value]
		if !ok {
			fail(fmt.Sprintf("x-auditgen-paging: there is no style %q", value), suggest(value, "offset", "link", "cursor", "token", "header"))
		}
		p.Style = style
	case "offset":
		p.Offset = o.param(l, m, ir.Int)
		p.AnswerOffset = l.field(ir.Int, value)
	case "limit":
		p.Limit = o.param(l, m, ir.Int)
		p.AnswerLimit = l.field(ir.Int, value)
	case "cursor":
		p.Cursor, p.CursorWire = l.param(ir.String, value), value // undeclared ones are sent all the same
	case "items": // newListing has seen to it
	case "next":
		if p.Next = l.path(ir.String, strings.Split(value, ".")...); p.Next == nil {
			fail(fmt.Sprintf("x-auditgen-paging: the answer has no text %q", value), "name a member of the answer, with dots between levels")
		}
	case "last":
		if p.Last = l.field(ir.Bool, value); p.Last == nil {
			fail(fmt.Sprintf("x-auditgen-paging: the answer has no boolean %q", value), "name a member of the answer")
		}
	default:
		fail(fmt.Sprintf("x-auditgen-paging has no member %q", key), suggest(key, "style", "offset", "limit", "cursor", "items", "next", "last"))
	}
}

func (o *pagingOverride) param(l *listing, m source.Member, kind ir.Kind) *ir.Param {
	p := l.param(kind, m.Value.Str())
	if p == nil {
		o.fail(m.Line, fmt.Sprintf("x-auditgen-paging: %s: there is no optional query parameter %q of that type", m.Key, m.Value.Str()), "name a parameter of the operation")
	}
	return p
}

// complete makes sure that the style has what it needs.
func (o *pagingOverride) complete(p *ir.Paging) {
	need := func(ok bool, what string) {
		if !ok {
			o.fail(o.pos.Line, "x-auditgen-paging: the style needs "+what, "name it")
		}
	}
	switch p.Style {
	case ir.Offset:
		need(p.Offset != nil, "an offset")
		p.Next, p.Cursor = nil, nil
	case ir.OffsetNext:
		need(p.Offset != nil, "an offset")
		need(len(p.Next) > 0, "a next link")
	case ir.LinkHeader:
		need(p.CursorWire != "", "a cursor")
	default:
		need(p.CursorWire != "" || p.Cursor != nil, "a cursor")
		need(len(p.Next) > 0, "a next link or token")
	}
	if p.Style != ir.Offset && p.Style != ir.OffsetNext {
		p.Offset, p.AnswerOffset = nil, nil
	}
}
