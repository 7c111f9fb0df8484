package runtime

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"
)

// Pager walks through a listing, page by page. It is not safe for concurrent use.
//
// A Pager goes on where it stopped: after a break in the middle of a page, and after an error, another loop over All or
// Pages yields the rest. In another process, From does the same with a Position that was kept.
type Pager[T any] struct {
	walk *walk
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

func newPager[T any](start Position, pin bool, fetch func(context.Context, Position) (page, error)) *Pager[T] {
	return &Pager[T]{newWalk(start, pin, fetch)}
}

// From gives a Pager that starts at a position and otherwise asks for the same. A position without an End takes over the one
// that was asked for.
func (p *Pager[T]) From(at Position) *Pager[T] { return &Pager[T]{p.walk.from(at)} }

// Position gives the place of the first item not yet yielded. Within a loop over All that is the item after the current
// one, so the position is to be kept when the current item has been dealt with. Where the server leaves items out of its
// pages, a position in the middle of a page may lie a few items early, never late.
func (p *Pager[T]) Position() Position { return p.walk.position() }

// All yields every item from the Position on. An item with values of other types than documented comes with a *[RecordError]
// and the walk goes on; any other error is a *[PageError], comes without an item and ends the walk. An item shares memory
// with its page; keep its Clone where few items are kept of many.
func (p *Pager[T]) All(ctx context.Context) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for {
			i, err := p.walk.item(ctx)
			if i == noItem {
				if err != nil {
					yield(nil, err)
				}
				return
			}
			if !yield(&p.walk.page.items.([]T)[i], err) {
				return
			}
		}
	}
}

// Pages yields the items page by page. The *[RecordError]s of a page come together, joined with errors.Join, and the walk
// goes on; any other error is a *[PageError], comes without items and ends the walk.
func (p *Pager[T]) Pages(ctx context.Context) iter.Seq2[[]T, error] {
	return func(yield func([]T, error) bool) {
		for {
			i, err := p.walk.items(ctx)
			if i == noItem {
				if err != nil {
					yield(nil, err)
				}
				return
			}
			if !yield(p.walk.page.items.([]T)[i:], err) {
				return
			}
		}
	}
}

// walk is what of a Pager does not depend on the type of its items, so that it is compiled once for all of them; the functions
// that are short are kept apart so that they are not inlined into each.
type walk struct {
	fetch func(context.Context, Position) (page, error)
	pin   bool
	now   func() time.Time
	end   time.Time // as it was asked for

	page  page
	start Position // of page
	index int      // of the first item of page that was not yielded
	done  bool     // nothing comes after page
	seen  repetition
}

//go:noinline
func newWalk(start Position, pin bool, fetch func(context.Context, Position) (page, error)) *walk {
	return &walk{fetch: fetch, pin: pin, now: time.Now, end: start.End, page: page{next: start}}
}

// noItem stands in place of an index in a page at the end of the walk.
const noItem = -1

//go:noinline
func (w *walk) from(at Position) *walk {
	if at.End.IsZero() {
		at.End = w.end
	}
	return &walk{fetch: w.fetch, pin: w.pin, now: w.now, end: w.end, page: page{next: at}}
}

//go:noinline
func (w *walk) position() Position {
	if w.index >= w.page.count && !w.done {
		return w.page.next
	}
	at := w.start
	at.Offset += int64(w.index)
	return at
}

// item moves on by an item and gives its index in page and what is wrong with it; or noItem, with an error unless this is the
// end of the listing.
func (w *walk) item(ctx context.Context) (int, error) {
	if ok, err := w.load(ctx); !ok {
		return noItem, err
	}
	i := w.index
	w.index++
	return i, w.page.fault(i)
}

// items moves on to the end of page and gives the index of the first item that was left in it and what is wrong with these
// items; or noItem, with an error unless this is the end of the listing.
func (w *walk) items(ctx context.Context) (int, error) {
	if ok, err := w.load(ctx); !ok {
		return noItem, err
	}
	var faults []error
	first := w.index
	for ; w.index < w.page.count; w.index++ {
		faults = append(faults, w.page.fault(w.index))
	}
	return first, errors.Join(faults...)
}

// load makes sure that there are items to yield. It is false at the end of the walk, be it that of the listing or an error.
func (w *walk) load(ctx context.Context) (bool, error) {
	for w.index >= w.page.count {
		if w.done {
			return false, nil
		}
		at := w.page.next
		if w.pin && at.End.IsZero() {
			at.End = w.now().UTC().Truncate(time.Millisecond)
			w.page.next = at // also if the request fails
		}
		got, err := w.fetchNext(ctx, at)
		if err != nil {
			return false, &PageError{at, err}
		}
		w.page, w.start, w.index = got, at, 0
		if at.Cursor != "" || got.unnumbered {
			w.index, w.start.Offset = int(min(max(0, at.Offset), int64(got.count))), 0
		}
		w.done = !got.more
	}
	return true, nil
}

// fetchNext gets the page at a position and makes sure that it is none that was seen before.
func (w *walk) fetchNext(ctx context.Context, at Position) (page, error) {
	if w.page.stuck {
		w.page.stuck = false // another loop asks the server again
		return page{}, ErrRepeatedPage
	}
	got, err := w.fetch(ctx, at)
	if err == nil {
		err = got.check(at, &w.seen)
	}
	return got, err
}

// ErrRepeatedPage ends the walk through a listing whose server gives the same page again and again, or goes back. It comes
// inside a *[PageError].
var ErrRepeatedPage = errors.New("the server repeats itself")

// RecordError comes with an item of a listing that has values of other types than documented. The item is there all the
// same, with those fields empty; its Problems lists them all. The walk goes on.
type RecordError struct {
	Index  int    // the item's place in its page, from 0
	Path   string // the first such value, such as "results[3].author.type"
	Reason string // what is wrong with it
	Raw    []byte // the whole item as it came
}

// Error says where and what, without the value.
func (e *RecordError) Error() string { return e.Path + ": " + e.Reason }

// PageError ends the walk through a listing. All items before Position were delivered and none after it, so a walk that
// starts from Position goes on where this one ended.
type PageError struct {
	Position Position
	Err      error
}

// Error says where the walk ended and why.
func (e *PageError) Error() string {
	if e.Position.Cursor != "" {
		return fmt.Sprintf("listing ended %d records after a cursor: %v", e.Position.Offset, e.Err)
	}
	return fmt.Sprintf("listing ended at offset %d: %v", e.Position.Offset, e.Err)
}

// Unwrap gives Err.
func (e *PageError) Unwrap() error { return e.Err }

// valueOf gives what a pointer points to, the zero value where it points nowhere.
func valueOf[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}
