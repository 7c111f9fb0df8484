package rest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"
)

// Pager walks through a listing, page by page. It is not safe for concurrent use.
//
// A Pager goes on where it stopped: after a break or an error, another loop over All or Pages
// yields the rest. In another process, From does the same with a Position that was kept.
//
// Its rules:
//
//   - An answer's own word on its end counts: a link, a cursor, a member such as isLast. An empty or
//     short page does not end a walk that the answer says goes on. Without such a word, an empty page
//     ends it, and so does one with fewer items than the answer's own limit.
//   - A place that was asked for before is an error, and so is a page that starts elsewhere than asked.
//     If answers do not say where they start, so is one with the same items as the one before.
//   - An open end of a time range is fixed at the start of the walk.
//   - A thousand pages in a row without an item are an error.
type Pager[T any] struct {
	fetch func(context.Context, Position) (*Page[T], error)
	pin   bool
	now   func() time.Time
	first Position // as it was asked for

	page  *Page[T] // the current page, empty at the start
	at    Position // of page
	index int      // of the first item of page that was not yielded
	next  Position // what is fetched after page
	done  bool     // nothing comes after page
	loop  bool     // next was asked for before

	mark         Position // a place that was asked for; it moves on after 1, 2, 4, 8... pages, so that it lies in any cycle
	pages, renew int
	empty        int // pages in a row without items
}

// Position is a place in a listing: that of the first item not yet yielded. It can be kept as JSON.
type Position struct {
	// Offset counts the items before it; with a Cursor or a Link, only those of its page.
	Offset int64 `json:"offset,omitempty"`
	// Cursor is what the server calls the page, for listings that have cursors or page numbers.
	Cursor string `json:"cursor,omitempty"`
	// Link is the address of the page, for listings that have nothing else. Only its query is used,
	// and its path if it is below the client's base URL.
	Link string `json:"link,omitempty"`
	// End is the end of the time that is walked through. New records would shift the offsets, so an
	// open end is set to the time of the first request.
	End time.Time `json:"end,omitzero"`
}

// From returns a Pager that starts at a position and otherwise asks for the same. A position
// without an End takes over the one that was asked for.
func (p *Pager[T]) From(at Position) *Pager[T] {
	if at.End.IsZero() {
		at.End = p.first.End
	}
	return &Pager[T]{fetch: p.fetch, pin: p.pin, now: p.now, first: p.first, page: new(Page[T]), next: at}
}

// Position returns the place of the first item not yet yielded. Within a loop over All that is the
// item after the current one, so keep the position when the current item has been dealt with. Where
// the server leaves items out of its pages, a position in the middle of a page may lie a few items
// early, never late.
func (p *Pager[T]) Position() Position {
	if p.index >= len(p.page.Items) && !p.done {
		return p.next
	}
	at := p.at
	at.Offset += int64(p.index)
	return at
}

// All yields every item from the Position on. An item with values of other types than documented
// comes with a *[RecordError] and the walk goes on; any other error is a *[PageError], comes
// without an item and ends the walk. An item shares memory with its page; keep its Clone where few
// items are kept of many.
func (p *Pager[T]) All(ctx context.Context) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for {
			switch ok, err := p.load(ctx); {
			case err != nil:
				yield(nil, err)
				return
			case !ok:
				return
			}
			i := p.index
			p.index++
			if !yield(&p.page.Items[i], p.page.fault(i)) {
				return
			}
		}
	}
}

// Pages yields the items page by page. The *[RecordError]s of a page come together, joined with
// errors.Join, and the walk goes on; any other error is a *[PageError], comes without items and
// ends the walk.
func (p *Pager[T]) Pages(ctx context.Context) iter.Seq2[[]T, error] {
	return func(yield func([]T, error) bool) {
		for {
			switch ok, err := p.load(ctx); {
			case err != nil:
				yield(nil, err)
				return
			case !ok:
				return
			}
			var faults []error
			items := p.page.Items[p.index:]
			for ; p.index < len(p.page.Items); p.index++ {
				faults = append(faults, p.page.fault(p.index))
			}
			if !yield(items, errors.Join(faults...)) {
				return
			}
		}
	}
}

// load makes sure that there are items to yield. It returns false at the end of the listing.
func (p *Pager[T]) load(ctx context.Context) (bool, error) {
	for p.index >= len(p.page.Items) {
		if p.done {
			return false, nil
		}
		if p.pin && p.next.End.IsZero() {
			p.next.End = p.now().UTC().Truncate(time.Millisecond)
		}
		page, err := p.ask(ctx, p.next)
		if err != nil {
			return false, &PageError{p.next, err}
		}
		p.turn(page)
	}
	return true, nil
}

// ask fetches the page at a place, and makes sure that it is the one that was asked for.
func (p *Pager[T]) ask(ctx context.Context, at Position) (*Page[T], error) {
	if p.loop {
		p.loop = false // another loop asks the server again
		return nil, ErrRepeatedPage
	}
	page, err := p.fetch(ctx, at)
	switch {
	case err != nil:
		return nil, err
	case page.placed && at.Cursor == "" && page.start < at.Offset:
		return nil, fmt.Errorf("%w: asked for offset %d, got %d", ErrRepeatedPage, at.Offset, page.start)
	case page.placed && at.Cursor == "" && page.start > at.Offset:
		return nil, fmt.Errorf("records %d to %d are missing: asked for offset %d, got %d", at.Offset, page.start-1, at.Offset, page.start)
	case page.same(p.page):
		return nil, ErrRepeatedPage
	case len(page.Items) == 0 && p.empty >= maxEmpty:
		return nil, fmt.Errorf("%w: %d pages in a row without an item", ErrRepeatedPage, p.empty)
	}
	return page, nil
}

// maxEmpty is how many pages in a row may be without items and yet lead on.
const maxEmpty = 1000

// turn moves on to a page.
func (p *Pager[T]) turn(page *Page[T]) {
	at := p.next
	if p.pages++; p.pages > p.renew {
		p.mark, p.renew = at, 2*p.pages
	}
	if p.empty++; len(page.Items) > 0 {
		p.empty = 0
	}
	p.page, p.at, p.index = page, at, 0
	if at.Cursor != "" || page.unnumbered { // the offset counts within the page
		p.index, p.at.Offset = int(min(max(0, at.Offset), int64(len(page.Items)))), 0
	}
	p.done, p.next = !page.more, page.next
	p.next.End = at.End
	p.loop = page.more && (p.next.place() == at.place() || p.next.place() == p.mark.place())
	if p.loop && p.next.place() == at.place() && (at.Cursor != "" || page.unnumbered) {
		p.next.Offset = int64(len(page.Items)) // the page leads to itself, and these were delivered
	}
}

// place is what of a position is asked of the server.
func (at Position) place() Position {
	if at.Cursor != "" || at.Link != "" {
		return Position{Cursor: at.Cursor, Link: at.Link}
	}
	return Position{Offset: at.Offset}
}

// ErrNoLimit refuses a walk in pages without items.
var ErrNoLimit = errors.New("a walk cannot ask for pages of 0 items: leave the limit unset, or set it to 1 or more")

// ErrRepeatedPage ends the walk through a listing whose server returns the same page again and
// again, or goes back. It comes inside a *[PageError].
var ErrRepeatedPage = errors.New("the server repeats itself")

// RecordError comes with an item of a listing that has values of other types than documented. The
// item is there all the same, with those fields empty; its Problems lists them all. The walk goes
// on.
type RecordError struct {
	Index  int    // the item's place in its page, from 0
	Path   string // the first such value, such as "results[3].author.type"
	Reason string // what is wrong with it
	Raw    []byte // the whole item as it came
}

// Error says where and what, without the value.
func (e *RecordError) Error() string { return e.Path + ": " + e.Reason }

// PageError ends the walk through a listing. All items before Position were delivered and none
// after it, so a walk that starts from Position goes on where this one ended.
type PageError struct {
	Position Position
	Err      error
}

// Error says where the walk ended and why.
func (e *PageError) Error() string {
	if e.Position.Cursor != "" || e.Position.Link != "" {
		return fmt.Sprintf("listing ended %d records after a cursor: %v", e.Position.Offset, e.Err)
	}
	return fmt.Sprintf("listing ended at offset %d: %v", e.Position.Offset, e.Err)
}

// Unwrap returns Err.
func (e *PageError) Unwrap() error { return e.Err }
