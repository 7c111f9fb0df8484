package runtime

import (
	"context"
	"errors"
	"iter"
	"time"
)

// Pager walks through a listing, page by page. It is not safe for concurrent use.
//
// A Pager goes on where it stopped: after a break in the middle of a page, and after an error, another loop over All or
// Pages yields the rest. In another process, From does the same with a Position that was kept.
type Pager[T any] struct {
	fetch func(context.Context, Position) (page[T], error)
	pin   bool
	now   func() time.Time
	end   time.Time // as it was asked for

	page  page[T]
	start Position // of page
	index int      // of the first item of page that was not yielded
	done  bool     // nothing comes after page
	seen  repetition
}

// Position is a place in a listing: that of the first item not yet yielded. It can be kept as JSON.
type Position struct {
	// Offset counts the items before it; with a Cursor, only those of the cursor's page.
	Offset int64 `json:"offset,omitempty"`
	// Cursor is what the server calls the page, for listings that have cursors.
	Cursor string `json:"cursor,omitempty"`
	// End is the end of the time that is walked through. New records would shift the offsets, so an open end is set to the
	// time of the first request.
	End time.Time `json:"end,omitzero"`
}

const (
	openEnd = false // nothing is pinned
	pinEnd  = true  // an open end becomes the time of the first request
)

func newPager[T any](start Position, pin bool, fetch func(context.Context, Position) (page[T], error)) *Pager[T] {
	return &Pager[T]{fetch: fetch, pin: pin, now: time.Now, end: start.End, page: page[T]{next: start}}
}

// From gives a Pager that starts at a position and otherwise asks for the same. A position without an End takes over the one
// that was asked for.
func (p *Pager[T]) From(at Position) *Pager[T] {
	if at.End.IsZero() {
		at.End = p.end
	}
	return &Pager[T]{fetch: p.fetch, pin: p.pin, now: p.now, end: p.end, page: page[T]{next: at}}
}

// Position gives the place of the first item not yet yielded. Within a loop over All that is the item after the current
// one, so the position is to be kept when the current item has been dealt with. Where the server leaves items out of its
// pages, a position in the middle of a page may lie a few items early, never late.
func (p *Pager[T]) Position() Position {
	if p.index >= len(p.page.items) && !p.done {
		return p.page.next
	}
	at := p.start
	at.Offset += int64(p.index)
	return at
}

// All yields every item from the Position on. An item with values of other types than documented comes with a *[RecordError]
// and the walk goes on; any other error is a *[PageError], comes without an item and ends the walk. An item shares memory
// with its page; keep its Clone where few items are kept of many.
func (p *Pager[T]) All(ctx context.Context) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for p.load(ctx, func(err error) { yield(nil, err) }) {
			for p.index < len(p.page.items) {
				i := p.index
				p.index++
				if !yield(&p.page.items[i], p.page.fault(i)) {
					return
				}
			}
		}
	}
}

// Pages yields the items page by page. The *[RecordError]s of a page come together, joined with errors.Join, and the walk
// goes on; any other error is a *[PageError], comes without items and ends the walk.
func (p *Pager[T]) Pages(ctx context.Context) iter.Seq2[[]T, error] {
	return func(yield func([]T, error) bool) {
		for p.load(ctx, func(err error) { yield(nil, err) }) {
			var faults []error
			for i := p.index; i < len(p.page.items); i++ {
				faults = append(faults, p.page.fault(i))
			}
			items := p.page.items[p.index:]
			p.index = len(p.page.items)
			if !yield(items, errors.Join(faults...)) {
				return
			}
		}
	}
}

// load makes sure that there are items to yield. It is false at the end of the walk; an error goes to failed.
func (p *Pager[T]) load(ctx context.Context, failed func(error)) bool {
	for p.index >= len(p.page.items) {
		if p.done {
			return false
		}
		at := p.page.next
		if p.pin && at.End.IsZero() {
			at.End = p.now().UTC().Truncate(time.Millisecond)
			p.page.next = at // also if the request fails
		}
		got, err := p.fetchNext(ctx, at)
		if err != nil {
			failed(&PageError{at, err})
			return false
		}
		p.page, p.start, p.index = got, at, 0
		if at.Cursor != "" || got.unnumbered {
			p.index, p.start.Offset = int(min(max(0, at.Offset), int64(len(got.items)))), 0
		}
		p.done = !got.more
	}
	return true
}

// fetchNext gets the page at a position and makes sure that it is none that was seen before.
func (p *Pager[T]) fetchNext(ctx context.Context, at Position) (page[T], error) {
	if p.page.stuck {
		p.page.stuck = false // another loop asks the server again
		return page[T]{}, ErrRepeatedPage
	}
	got, err := p.fetch(ctx, at)
	if err == nil {
		err = got.check(at, &p.seen)
	}
	return got, err
}
