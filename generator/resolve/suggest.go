package resolve

import (
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

// Where the evidence is not enough for a pager, people can say in an overlay what is missing. A
// suggestion is such an overlay action. It is complete, and its members that had to be guessed say
// what to look up.

// suggestPager suggests how a listing pages that was not recognised, if something asks for a page.
// before are members of the extension that are known already.
func (r *operations) suggestPager(l *listing, before []ir.SuggestedMember) {
	s := ir.Suggestion{Operation: l.op, Extension: "x-auditgen-paging", Members: before}
	add := func(name, value, check string) {
		s.Members = append(s.Members, ir.SuggestedMember{Name: name, Value: value, Check: check})
	}
	switch number, cursor := l.param(ir.Int, numberParams...), l.cursorName(); {
	case number != nil:
		s.Why = "it takes the page number " + number.Wire + ", and nothing says whether the first page is 0 or 1"
		add("page", number.Wire, "")
		add("first", "1", "or 0: ask for both pages and compare")
		p := &ir.Paging{}
		if l.saysMore(p); p.More != nil {
			add(map[bool]string{true: "last", false: "more"}[p.MoreIsLast], wirePath(p.More), "")
		}
		if pages := l.number(pagesMembers...); pages != nil {
			add("pages", wirePath(pages), "")
		}
	case cursor != "":
		s.Why = "it takes the cursor " + cursor + ", and nothing says where an answer has the next one"
		add("cursor", cursor, "")
		if next := l.text(func(found) bool { return true }); next != nil {
			add("next", wirePath(next.path), "the member that has the next cursor, or header: the header that has it")
		} else {
			add("header", "Link", "the header that has the next cursor or address")
		}
	default:
		return
	}
	if limit := l.limit(); limit != nil {
		add("limit", limit.Wire, "")
	}
	r.suggest(s)
}

// cursorName returns the parameter or member of the body that takes a cursor, empty if none does.
func (l *listing) cursorName() string {
	if p := l.param(ir.String, cursorParams...); p != nil {
		return p.Wire
	}
	if f := l.bodyCursor(cursorParams...); f != nil {
		return f.Wire
	}
	return ""
}

// suggestItems suggests which of several arrays holds the items, if something asks for a page. The
// arrays of a thing with an id are parts of it.
func (r *operations) suggestItems(op *ir.Operation, headers []string) {
	if op.Result.Kind != ir.ResultJSON || op.Result.Type.Kind != ir.ModelKind || field(op.Result.Type.Model, "id") != nil {
		return
	}
	var arrays []string
	for _, f := range op.Result.Type.Model.Fields {
		if f.Type.Kind == ir.Slice && !slices.Contains(notItems, plainName(f.Wire)) {
			arrays = append(arrays, f.Wire)
		}
	}
	if len(arrays) < 2 {
		return
	}
	l, ok := newListing(op, headers, arrays[0])
	if !ok {
		return
	}
	items := []ir.SuggestedMember{{Name: "items", Value: arrays[0], Check: "or " + strings.Join(arrays[1:], ", ")}}
	if l.recognise() == nil {
		r.suggestPager(l, items)
		return
	}
	r.suggest(ir.Suggestion{Operation: op, Extension: "x-auditgen-paging", Members: items,
		Why: "it asks for a page, and its answer has several arrays: " + strings.Join(arrays, ", ")})
}

// suggest keeps a suggestion, and notes that there is no pager.
func (r *operations) suggest(s ir.Suggestion) {
	r.api.Suggestions = append(r.api.Suggestions, s)
	r.note(s.Operation.Address, s.Why, `no pager; auditgen explain "`+s.Operation.Address+`" shows the overlay action that makes one`)
}

// suggestFollow suggests how a listing is followed whose items have a time that parameters bound.
// Most listings need not be followed, so that is no note.
func (r *operations) suggestFollow(op *ir.Operation) {
	if op.Paging == nil || op.Body != nil || op.Paging.Since == nil || op.Paging.End == nil {
		return
	}
	item := valueModel(op.Paging.Item)
	if item == nil {
		return
	}
	var times []string
	for _, f := range item.Fields {
		if f.Type.Kind == ir.Time && !f.Type.Pointer {
			times = append(times, f.Wire)
		}
	}
	if len(times) == 0 {
		return
	}
	check := ""
	if len(times) > 1 {
		check = "or " + strings.Join(times[1:], ", ")
	}
	s := ir.Suggestion{Operation: op, Extension: "x-auditgen-follow", Why: "nothing says whether it is a log that grows",
		Members: []ir.SuggestedMember{{Name: "time", Value: times[0], Check: check}, {Name: "from", Value: op.Paging.Since.Wire, Check: "is that moment included?"},
			{Name: "to", Value: op.Paging.End.Wire, Check: "is that moment included?"}}}
	if id := field(item, "id"); id != nil && !id.Type.Pointer && (id.Type.Kind == ir.String || id.Type.Kind == ir.Int) {
		s.Members = append(s.Members, ir.SuggestedMember{Name: "id", Value: "id"})
	}
	s.Members = append(s.Members, ir.SuggestedMember{Name: "order", Value: "newest", Check: "or oldest: which item is the first of an answer"})
	r.api.Suggestions = append(r.api.Suggestions, s)
}
