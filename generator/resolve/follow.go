package resolve

import (
	"fmt"
	"slices"

	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/naming"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// x-auditgen-follow, usually put on a listing by an overlay, says that the listing is a log that
// grows. It is an object:
//
//	time      the member of an item that is its time
//	from, to  the parameters for the earliest and the latest time, both included
//	id        the member that identifies an item; without it, equal items are counted
//	order     newest or oldest: which item is the first of an answer; oldest if it is left out
//	stream    true if the server keeps the place by a cursor; then time, from and to can be left out
//
// No document says such a thing, and to guess it would lose records.

// follower reads the extension of one operation.
type follower struct {
	op   *ir.Operation
	item *ir.Model
	pos  source.Position
	at   string
	errs *source.Collector
}

// follow decides whether and how an operation is followed.
func (r *operations) follow(op *ir.Operation, from *settled.Operation) {
	n := from.Get("x-auditgen-follow")
	if n == nil {
		r.suggestFollow(op)
		return
	}
	f := &follower{op: op, at: from.Address, errs: r.errs}
	if fact := from.Fact("x-auditgen-follow"); fact != nil {
		f.pos = fact.Position()
	}
	switch {
	case op.Paging == nil:
		f.fail(0, "x-auditgen-follow is on an operation that does not page", "say how it pages with x-auditgen-paging")
		return
	case valueModel(op.Paging.Item) == nil || op.Body != nil:
		f.fail(0, "x-auditgen-follow is on a listing whose items are not objects, or that is asked by a body", "remove it")
		return
	case n.Kind != source.Object:
		f.fail(n.Line, "x-auditgen-follow is not an object", "write time, from, to and order, or stream: true")
		return
	}
	f.item = valueModel(op.Paging.Item)
	out := &ir.Follow{}
	before := r.errs.Len()
	for _, m := range n.Members {
		f.member(out, m)
	}
	if r.errs.Len() == before {
		f.complete(out)
	}
	out.Name = r.take(r.methods, naming.Follower(op.Name))
	op.Follow = out
}

func (f *follower) fail(line int, what, do string) {
	pos := f.pos
	if line > 0 {
		pos.Line = line
	}
	f.errs.AddErr("", &source.Error{Pos: pos, Where: f.at, What: what, Do: do})
}

func (f *follower) member(out *ir.Follow, m source.Member) {
	value := m.Value.Str()
	switch m.Key {
	case "time":
		out.Time = f.field(m, ir.Time)
	case "id":
		out.ID = f.field(m, ir.String, ir.Int)
	case "from":
		out.From = f.param(m)
	case "to":
		out.To = f.param(m)
	case "order":
		if out.NewestFirst = value == "newest"; !out.NewestFirst && value != "oldest" {
			f.fail(m.Line, fmt.Sprintf("x-auditgen-follow: order %q is neither newest nor oldest", value), "write which item is the first of an answer")
		}
	case "stream":
		out.Stream = m.Value.IsTrue()
	default:
		f.fail(m.Line, fmt.Sprintf("x-auditgen-follow has no member %q", m.Key), suggest(m.Key, "time", "from", "to", "id", "order", "stream"))
	}
}

// field finds a member of an item.
func (f *follower) field(m source.Member, kinds ...ir.Kind) *ir.Field {
	found := field(f.item, m.Value.Str())
	if found == nil || found.Type.Pointer || !slices.Contains(kinds, found.Type.Kind) {
		f.fail(m.Line, fmt.Sprintf("x-auditgen-follow: %s: items have no such member %q", m.Key, m.Value.Str()),
			map[bool]string{true: "name one that is a time; x-auditgen-time can make it one", false: "name one that is a text or an integer"}[m.Key == "time"])
		return nil
	}
	return found
}

// param finds a parameter that is a time.
func (f *follower) param(m source.Member) *ir.Param {
	p := timeParam(f.op.Params, plainName(m.Value.Str()))
	if p == nil {
		f.fail(m.Line, fmt.Sprintf("x-auditgen-follow: %s: there is no optional query parameter %q that is a time", m.Key, m.Value.Str()),
			"name one that is; x-auditgen-time can make it one")
	}
	return p
}

// complete makes sure that nothing is missing.
func (f *follower) complete(out *ir.Follow) {
	switch {
	case !out.Stream && (out.Time == nil || out.From == nil || out.To == nil):
		f.fail(0, "x-auditgen-follow lacks time, from or to", "name all three, or write stream: true")
	case out.Stream && f.op.Paging.CursorWire == "":
		f.fail(0, "x-auditgen-follow: the listing has no cursor, and a stream needs one", "name time, from and to instead")
	}
}
