package runtime

import (
	"fmt"
	"hash/maphash"
	"net/url"
)

// page is one page of a listing as the generated code makes it from an answer. The rules of going on live here: what an
// answer says about itself is believed only as far as it moves the walk forward.
type page struct {
	items any      // the []T of a Pager[T]
	count int      // of items
	next  Position // where the next page starts
	more  bool     // whether there is one
	fault func(i int) error

	stuck bool // the answer leads to itself
	// unnumbered pages have no offsets at all: a Position's Offset counts within its page even without a cursor.
	unnumbered bool
	started    bool // offset is known
	offset     int64
	digest     uint64
	uniform    bool // all items are the same
}

// digestSeed makes digests comparable within this process.
var digestSeed = maphash.MakeSeed()

// modelPage makes a page of models. path is the member of the answer that holds them, empty if they are the whole answer.
func modelPage[M any, P model[M]](path string, items []M) page {
	return newModelPage(path, items, len(items), func(i int) *Members { return P(&items[i]).members() })
}

func newModelPage(path string, items any, count int, members func(int) *Members) page {
	return newPage(items, count, func(i int) uint64 {
		return maphash.String(digestSeed, members(i).raw)
	}, func(i int) error {
		m := members(i)
		if m.rest == nil || len(m.rest.problems) == 0 {
			return nil
		}
		first := m.rest.problems[0]
		reason := first.Got + " where " + first.Want + " is documented"
		if n := len(m.rest.problems); n > 1 {
			reason += fmt.Sprintf(", and %d more", n-1)
		}
		return &RecordError{Index: i, Path: path + stepAt(i) + first.Path, Reason: reason, Raw: m.Raw()}
	})
}

// valuePage makes a page of other values.
func valuePage[T any](_ string, items []T) page {
	return newPage(items, len(items), func(i int) uint64 {
		return maphash.String(digestSeed, fmt.Sprintf("%v", items[i]))
	}, func(int) error { return nil })
}

func newPage(items any, count int, digest func(int) uint64, fault func(int) error) page {
	p := page{items: items, count: count, fault: fault, uniform: true}
	var first uint64
	for i := range count {
		one := digest(i)
		if i == 0 {
			first = one
		}
		p.uniform = p.uniform && one == first
		p.digest = p.digest*0x9E3779B97F4A7C15 + one + 1
	}
	return p
}

// startedAt takes down where the answer says that it starts, if it says so in a usable way.
//
//go:noinline
func (p *page) startedAt(m *Members, name string, offset int64) {
	p.started, p.offset = saysSo(m, name), offset
}

// saysSo tells whether a member is there with a value of its documented type.
func saysSo(m *Members, name string) bool {
	if !m.Has(name) || m.IsNull(name) {
		return false
	}
	for _, problem := range m.Problems() {
		if problem.Path == name {
			return false
		}
	}
	return true
}

// offsetNames is what Atlassian's listings call the place where a page starts.
var offsetNames = []string{"start", "startAt", "offset"}

// moveTo sets the next position. One that is not ahead is noted: the items of this page are good all the same.
func (p *page) moveTo(at Position, offset int64, cursor string) {
	p.next = Position{Offset: offset, Cursor: cursor, End: at.End}
	p.stuck = cursor == at.Cursor && (cursor != "" || offset <= at.Offset)
	if p.stuck && cursor != "" {
		p.next.Offset = int64(p.count) // what follows these, in the same page
	}
}

// check finds out whether a page is the one that was asked for, before anything of it is yielded.
func (p *page) check(at Position, seen *repetition) error {
	if p.count == 0 {
		if seen.empty++; seen.empty > maxEmpty {
			return fmt.Errorf("%w: %d in a row without any item", ErrRepeatedPage, seen.empty)
		}
		return nil
	}
	seen.empty = 0
	if p.started && at.Cursor == "" && p.offset != at.Offset {
		if p.offset < at.Offset {
			return fmt.Errorf("%w: asked for offset %d, got %d", ErrRepeatedPage, at.Offset, p.offset)
		}
		return fmt.Errorf("records %d to %d are missing: asked for offset %d, got %d", at.Offset, p.offset-1, at.Offset, p.offset)
	}
	if seen.again(p.digest, p.uniform) {
		return ErrRepeatedPage
	}
	return nil
}

// options adds to a call what a position needs beyond the parameters: the cursor, which stands in place of the offset.
//
//go:noinline
func (at Position) options(opts []CallOption) []CallOption {
	if at.Cursor == "" {
		return opts
	}
	return append(opts[:len(opts):len(opts)], func(s *callSettings) {
		s.drop = append(s.drop, offsetNames...)
		s.add = url.Values{"cursor": {at.Cursor}}
	})
}

// repetition notices a server that gives the same pages again, in cycles of any length, without keeping all pages in mind:
// each page is compared with the one before and with a mark that is set anew after 1, 2, 4, 8... pages.
type repetition struct {
	last, mark   uint64
	pages, renew int
	empty        int // pages in a row without items
	sameAsLast   int // pages in a row that were the one before
	sameAsMark   int // pages that were the mark and not the one before, since the mark was set
}

// Records have no identity: some that are equal in all their members, within one millisecond, are legal, and with a limit of
// 1 each is a page. So pages of nothing but the same item may repeat in a row, and come back a few times.
const (
	maxInARow = 100
	maxApart  = 10
	maxEmpty  = 1000 // pages without items that yet lead on
)

func (r *repetition) again(digest uint64, uniform bool) bool {
	repeats := r.pages > 0 && (digest == r.last || digest == r.mark)
	switch {
	case digest == r.last:
		r.sameAsLast++
	case digest == r.mark:
		r.sameAsLast = 0
		r.sameAsMark++
	default:
		r.sameAsLast = 0
	}
	if repeats && (!uniform || r.sameAsLast > maxInARow || r.sameAsMark > maxApart) {
		return true
	}
	r.last = digest
	r.pages++
	if r.pages > r.renew {
		r.mark, r.renew, r.sameAsMark = digest, 2*r.pages, 0
	}
	return false
}
