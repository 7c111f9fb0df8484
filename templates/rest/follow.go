package rest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/seed-1954497d/auditgen/templates/rest/lossless"
)

// Following a log means to ask for it again and again, and to lose nothing of it. Records can
// become visible late, several can be equal, and offsets shift while new ones arrive. So the time
// since the checkpoint is cut into windows that end a lag behind the server's clock and whose
// records fit into one page. A page is a snapshot: nothing can shift within it. What lies within
// the overlap is asked for again, and records that were delivered are recognised by a digest.
//
// A log that is a stream of pages with cursors needs no windows: the server keeps the place.

// FollowOption changes how a log is followed.
type FollowOption func(*followSettings)

type followSettings struct {
	interval, lag, overlap time.Duration
	until                  time.Time
	calls                  []CallOption
}

// FollowInterval sets how long to wait when nothing new is there. The default is a minute. An idle
// log is asked once in this time.
func FollowInterval(d time.Duration) FollowOption {
	return func(s *followSettings) { s.interval = max(d, time.Millisecond) }
}

// FollowLag sets how far behind the server's clock records are read. The default is ten seconds.
func FollowLag(d time.Duration) FollowOption {
	return func(s *followSettings) { s.lag = max(d, 0) }
}

// FollowOverlap sets how late a record may become visible, counted from its own time. The default
// is ten minutes. That much of the log is read again each time, and a checkpoint holds a digest of
// each of its records.
func FollowOverlap(d time.Duration) FollowOption {
	return func(s *followSettings) { s.overlap = max(d, 0) }
}

// FollowUntil ends the iteration when all records up to that time were delivered. A later iteration
// can go on from the last checkpoint.
func FollowUntil(t time.Time) FollowOption {
	return func(s *followSettings) { s.until = t }
}

// FollowCalls adds options to every call.
func FollowCalls(opts ...CallOption) FollowOption {
	return func(s *followSettings) { s.calls = append(s.calls, opts...) }
}

// Batch is some records of a log, the oldest first, none of which was delivered before. It can be
// empty: then nothing new has come, and the checkpoint has moved on all the same.
type Batch[T any] struct {
	Records []T
	// Checkpoint is where to go on once the records have been dealt with.
	Checkpoint Checkpoint
	// Repeats counts the records that came again and are not part of the batch.
	Repeats int
	// ServerTime is the server's clock when it answered.
	ServerTime time.Time

	faults map[int]error
}

// All yields the records. One with values of other types than documented comes with its
// *[RecordError].
func (b *Batch[T]) All() iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for i := range b.Records {
			if !yield(&b.Records[i], b.faults[i]) {
				return
			}
		}
	}
}

// FollowError ends an iteration. Everything before its checkpoint was delivered.
type FollowError struct {
	Checkpoint Checkpoint
	Err        error
}

// Error says why the iteration ended.
func (e *FollowError) Error() string { return "following the log ended: " + e.Err.Error() }

// Unwrap returns Err.
func (e *FollowError) Unwrap() error { return e.Err }

// Feed is what generated code knows about a log that can be followed.
type Feed[T any] struct {
	// Pager pages through the records of a span of time, both ends included. A stream has no end,
	// which is then zero.
	Pager func(from, to time.Time, opts []CallOption) *Pager[T]
	// Stream says that the server keeps the place, by cursors, and that nothing comes before a
	// cursor that was handed out.
	Stream bool
	// Time returns the time of a record, zero if it has none. It is nil for a stream.
	Time func(*T) time.Time
	// ID returns what identifies a record. Without it, records are told apart by their members, and
	// equal ones are counted.
	ID      func(*T) string
	Members func(*T) *lossless.Members
	// NewestFirst says that answers start with the newest record.
	NewestFirst bool
}

// resolution is the smallest difference of two times that servers make.
const resolution = time.Millisecond

// Follow delivers the records of a log from a checkpoint on, batch by batch, until the context or
// the loop ends.
//
// If the checkpoint of each batch is saved when its records have been dealt with, every record that
// becomes visible within the overlap is delivered at least once, and none twice unless the process
// ends between delivery and saving.
//
// Failures that can pass, as [IsTemporary] says, are tried again until the context ends, at most
// once in an interval. Any other is a *[FollowError] and ends the iteration.
func Follow[T any](ctx context.Context, c *Client, feed Feed[T], from Checkpoint, opts ...FollowOption) iter.Seq2[*Batch[T], error] {
	s := followSettings{interval: time.Minute, lag: 10 * time.Second, overlap: 10 * time.Minute}
	for _, opt := range opts {
		if opt != nil {
			opt(&s)
		}
	}
	return func(yield func(*Batch[T], error) bool) {
		f := &follower[T]{followSettings: s, feed: feed, c: c, start: from.start, latest: from.latest, cursor: from.cursor, seen: map[digest]delivered{}}
		for d, n := range from.seen {
			f.seen[d] = delivered{n, from.latest, 0}
		}
		if f.fresh = f.start.IsZero(); f.fresh {
			f.start = c.now().UTC()
		}
		round := f.sweep
		if feed.Stream {
			round = f.page
		}
		for {
			batch, wait, err := round(ctx)
			switch {
			case err != nil && ctx.Err() == nil && IsTemporary(err):
				f.failures++
				wait = f.backoff(err)
			case err != nil:
				yield(nil, &FollowError{f.checkpoint(), err})
				return
			default:
				f.failures = 0
				if batch != nil && !yield(batch, nil) || f.over {
					return
				}
			}
			if err := c.sleep(ctx, wait); err != nil {
				yield(nil, &FollowError{f.checkpoint(), err})
				return
			}
		}
	}
}

// follower is one iteration.
type follower[T any] struct {
	followSettings
	feed Feed[T]
	c    *Client

	start  time.Time            // of what has to be asked for: everything older was delivered
	latest time.Time            // the end of what was asked for
	cursor string               // start, in a stream
	seen   map[digest]delivered // the records since start that were delivered
	at     time.Time            // where the current sweep is; zero between two sweeps
	open   bool                 // the current sweep has reached the overlap
	sweeps int

	fresh    bool          // start is our own guess of the server's time
	skew     time.Duration // how far the server's clock is ahead of ours
	width    time.Duration // of a window; 0 is all there is
	full     int           // records of the last page that had too many
	failures int           // in a row
	over     bool          // until was reached
}

// delivered is how often a record was delivered, and when it happened.
type delivered struct {
	count int
	time  time.Time // or later, for those of a checkpoint and those that do not say it
	sweep int       // in which it came last
}

func (f *follower[T]) checkpoint() Checkpoint {
	c := Checkpoint{start: f.start, latest: f.latest, cursor: f.cursor, seen: make(map[digest]int, len(f.seen))}
	for d, s := range f.seen {
		c.seen[d] = s.count
	}
	return c
}

// sweep reads the next window. Windows run from start to the lag behind the server's clock; then
// the sweep is over, and the next one begins at the new start.
func (f *follower[T]) sweep(ctx context.Context) (*Batch[T], time.Duration, error) {
	if f.at.IsZero() {
		f.at, f.open = f.start, false
		f.sweeps++
	}
	end, last := f.end()
	if end.Before(f.at) {
		end = f.at // our clock may be wrong; the answer has the server's
	}
	read, err := f.window(ctx, f.at, end)
	if read == nil || err != nil {
		return nil, 0, err
	}
	if f.fresh {
		f.fresh, f.at, f.start = false, time.Time{}, read.asked
		return nil, f.interval, nil
	}
	latest := f.latest
	if end.After(f.latest) {
		f.latest = end
	}
	f.resize(len(read.items))
	wait := f.interval
	// What the server's clock has not reached yet can still come.
	if closed := read.asked.Add(-f.lag); closed.Before(end) {
		end, last = closed, true
	}
	if !f.until.IsZero() {
		f.over = !end.Before(f.until)
		wait = min(wait, max(time.Second, f.until.Sub(end))) // Date changes once in a second
	}
	start := f.startAfter(end, read.asked)
	batch := f.deliver(read, latest, start)
	f.start = start
	maps.DeleteFunc(f.seen, func(_ digest, s delivered) bool { return s.time.Before(start) })
	if last {
		f.at = time.Time{}
	} else {
		f.at, wait = end.Add(-resolution), 0 // whether or not servers include the ends of a span
	}
	batch.Checkpoint, batch.ServerTime = f.checkpoint(), read.asked
	return batch, wait, nil
}

// end returns the end of the next window, and whether it is the last one of the sweep.
func (f *follower[T]) end() (end time.Time, last bool) {
	end = f.c.now().Add(f.skew - f.lag).UTC().Truncate(resolution)
	if !f.until.IsZero() && f.until.Before(end) {
		end = f.until
	}
	if f.width > 0 && f.at.Add(f.width).Before(end) {
		return f.at.Add(f.width), false
	}
	return end, true
}

// snapshot is the records of a span of time, as they were at one moment.
type snapshot[T any] struct {
	items    []T
	faults   map[int]error
	from, to time.Time
	asked    time.Time // the server's clock when it was asked, never later
}

// window reads what lies between two times. It returns nil if that does not fit into a page, and
// makes the next window smaller.
func (f *follower[T]) window(ctx context.Context, from, to time.Time) (*snapshot[T], error) {
	least := 2 * resolution
	read, whole, err := f.read(ctx, from, to, false)
	if whole || err != nil {
		return read, err
	}
	f.full = len(read.items)
	if to.Sub(from) > least {
		f.width = max(least, (to.Sub(from) / 2).Truncate(resolution))
		return nil, nil
	}
	// A page is too small for the records of one moment. A walk through pages is not a snapshot,
	// unless another one agrees.
	for try := 0; ; try++ {
		if read, _, err = f.read(ctx, from, to, true); err != nil {
			return nil, err
		}
		again, _, err := f.read(ctx, from, to, true)
		if err != nil || maps.Equal(f.count(read.items), f.count(again.items)) || try == 3 {
			return again, err
		}
	}
}

// resize makes the next window so wide that it nearly fills a page if records go on to come as they
// did.
func (f *follower[T]) resize(records int) {
	fuller := min(2, 0.9*float64(f.full)/float64(max(1, records)))
	f.width = min(time.Duration(fuller*float64(f.width)), 10000*time.Hour).Truncate(resolution)
}

// read asks for a page, or for all pages of a span of time. It reports whether there are no more.
func (f *follower[T]) read(ctx context.Context, from, to time.Time, all bool) (read *snapshot[T], whole bool, err error) {
	var answer Response
	asked := f.c.now()
	p := f.feed.Pager(from, to, append(slices.Clip(f.calls), WithResponse(&answer)))
	read = &snapshot[T]{from: from, to: to, faults: map[int]error{}}
	for first := true; first || all; first = false {
		ok, err := p.load(ctx)
		if err != nil {
			return nil, false, err
		}
		if first {
			read.asked = f.clock(asked, &answer)
		}
		if !ok {
			return read, true, nil
		}
		f.take(read, p)
	}
	return read, p.done, nil
}

// take adds the current page of a walk to what was read.
func (f *follower[T]) take(read *snapshot[T], p *Pager[T]) {
	for ; p.index < len(p.page.Items); p.index++ {
		if err := p.page.fault(p.index); err != nil {
			read.faults[len(read.items)] = err
		}
		read.items = append(read.items, p.page.Items[p.index])
	}
}

// clock returns the server's time at which it was asked, by the Date of its answer, and learns how
// far its clock is ahead. Date has no fractions of a second, so the result may be a second early,
// never late.
func (f *follower[T]) clock(asked time.Time, answer *Response) time.Time {
	date, err := http.ParseTime(answer.Header.Get("Date"))
	if err != nil {
		return asked.Add(f.skew)
	}
	now := f.c.now()
	f.skew = date.Sub(now)
	return date.Add(asked.Sub(now))
}

// deliver makes a batch of the records that were not delivered yet. Those that were are not newer
// than latest, and none that is older than start will be asked for again. So most records of a long
// log need no digest.
func (f *follower[T]) deliver(read *snapshot[T], latest, start time.Time) *Batch[T] {
	b := &Batch[T]{faults: map[int]error{}}
	count := map[digest]int{}
	for n := range read.items {
		i := n
		if f.feed.NewestFirst {
			i = len(read.items) - 1 - n
		}
		item, t := &read.items[i], read.to
		if f.feed.Time != nil {
			// A time outside the window is not the one that the server goes by.
			if own := f.feed.Time(item); !own.Before(read.from) && own.Before(read.to) {
				t = own
			}
		}
		if f.feed.ID != nil || !t.After(latest) || !t.Before(start) {
			d, identified := f.digest(item)
			count[d]++
			known := f.seen[d]
			repeated := known.count >= count[d] || identified && known.count > 0
			f.seen[d] = delivered{max(known.count, count[d]), t, f.sweeps}
			if repeated {
				b.Repeats++
				continue
			}
		}
		if err := read.faults[i]; err != nil {
			b.faults[len(b.Records)] = err
		}
		b.Records = append(b.Records, *item)
	}
	return b
}

// startAfter returns where the next sweep starts when everything up to end was read and the
// server's clock was at asked: what is older than the overlap is not asked for again. Once a window
// of a sweep has an end within the overlap, what follows is read again by the next sweep.
func (f *follower[T]) startAfter(end, asked time.Time) time.Time {
	if f.open {
		return f.start
	}
	if late := asked.Add(-f.overlap); late.Before(end) {
		end, f.open = late, true
	}
	if end = end.Add(-resolution).Truncate(resolution); end.After(f.start) {
		return end
	}
	return f.start
}

// page reads the next page of a stream. A page without a next one, or one without records, is asked
// for again after a while.
func (f *follower[T]) page(ctx context.Context) (*Batch[T], time.Duration, error) {
	var answer Response
	asked := f.c.now()
	p := f.feed.Pager(f.start, time.Time{}, append(slices.Clip(f.calls), WithResponse(&answer))).From(Position{Cursor: f.cursor})
	page, err := p.fetch(ctx, p.next)
	if err != nil {
		return nil, 0, err
	}
	if page.next.Link != "" {
		return nil, 0, fmt.Errorf("%w: the next page of a stream has no cursor", ErrNotJSON)
	}
	p.turn(page)
	read := &snapshot[T]{faults: map[int]error{}}
	read.asked = f.clock(asked, &answer)
	f.take(read, p)
	f.sweeps++
	batch := f.deliver(read, time.Time{}, time.Time{})
	wait := f.interval
	if next := page.next.Cursor; next != "" && next != f.cursor {
		f.cursor = next
		if len(page.Items) > 0 {
			wait = 0
		}
	}
	// A server that repeats the end of a page in the next one repeats no more than this page.
	maps.DeleteFunc(f.seen, func(_ digest, s delivered) bool { return s.sweep < f.sweeps-1 })
	batch.Checkpoint, batch.ServerTime = f.checkpoint(), read.asked
	f.over = wait > 0 && !f.until.IsZero() && !read.asked.Before(f.until)
	return batch, wait, nil
}

// digest returns the digest of a record, and whether it is that of an identifier. Else it is that
// of the members, whose order and the blanks between them do not count.
func (f *follower[T]) digest(item *T) (d digest, identified bool) {
	var text []byte
	if f.feed.ID != nil {
		text = []byte(f.feed.ID(item))
	}
	if identified = len(text) > 0; !identified {
		text = canonical(f.feed.Members(item).Raw())
	}
	sum := sha256.Sum256(text)
	return digest(sum[:16]), identified
}

// canonical writes a JSON value in one of the many ways it can be written.
func canonical(raw []byte) []byte {
	var value any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&value); err != nil {
		return raw
	}
	text, err := json.Marshal(value)
	if err != nil {
		return raw
	}
	return text
}

func (f *follower[T]) count(items []T) map[digest]int {
	count := map[digest]int{}
	for i := range items {
		d, _ := f.digest(&items[i])
		count[d]++
	}
	return count
}

// backoff returns how long to wait after failures in a row: what the server asks for, and at least
// an interval that doubles.
func (f *follower[T]) backoff(err error) time.Duration {
	const most = 10 * time.Minute
	wait := max(f.interval, min(min(f.interval, most)<<min(f.failures-1, 20), most))
	var api *APIError
	if errors.As(err, &api) {
		wait = max(wait, askedWait(api.Header, f.c.now()))
	}
	return wait
}
