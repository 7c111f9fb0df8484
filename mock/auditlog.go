package mock

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"sync"
	"time"

	"github.com/seed-1954497d/auditgen/internal/sample"
)

// auditLog is a log of records in the order of their times. Most of them exist as numbers only: time and content of record i follow
// from the seed and i. What was added since is kept, with bounds.
type auditLog struct {
	mu sync.Mutex
	view
	bytes int          // of the bodies of all extras
	marks map[mark]int // where filtered pages ended
}

// mark is the place in a filtered walk that so many matching records were found before. It lets the next page start where the
// last one ended, so that a walk looks at each record once.
type mark struct {
	filter string
	high   int // where the walk began
	shifts int
	found  int
}

// maxMarks is how many marks are kept.
const maxMarks = 1000

// view is a log at one moment. It does not change, so that a long export need not hold up anybody.
type view struct {
	seed    uint64
	n       int   // records that follow from the seed
	end     int64 // when the server was made; times are in milliseconds since 1970
	step    int64 // each record has so many milliseconds to be somewhere in
	extras  []extra
	shifts  int   // how often a record was added below others
	deleted int64 // records before this are gone
	keep    func(now time.Time) time.Time
	now     func() time.Time
}

// extra is a record that was added.
type extra struct {
	at    int64
	rank  int    // how many of the n records come before it
	index int    // its content follows from the seed and this, if it has no body
	body  []byte // as it was created
}

// entry is one record of a view.
type entry struct {
	at    int64
	index int
	body  []byte // nil if the content follows from seed and index
}

const (
	span = 300 * 24 * time.Hour // how far back a log goes: less than the longest time that Confluence keeps records
	// maxExtras and maxExtraBytes bound what is kept of records that were added.
	maxExtras     = 1 << 20
	maxExtraBytes = 64 << 20
	// Now and then a record happens twice in one millisecond.
	twinEvery = 499
)

func newAuditLog(seed uint64, n int, now func() time.Time) *auditLog {
	return &auditLog{view: view{seed: seed, n: n, end: now().UnixMilli(), step: max(1, span.Milliseconds()/int64(max(1, n))),
		deleted: math.MinInt64, now: now, keep: func(time.Time) time.Time { return time.Time{} }}}
}

// origin gives the record that record i is the same as: itself, but for twins.
func (v *view) origin(i int) int {
	for i > 0 && sample.Mix(v.seed, uint64(i))%twinEvery == 0 {
		i--
	}
	return i
}

// base gives the time of record i, which is not before that of any earlier one.
func (v *view) base(i int) int64 {
	i = v.origin(i)
	return v.end - int64(v.n-i)*v.step + int64(sample.Mix(v.seed, uint64(i))>>20%uint64(v.step))
}

// look gives the log as it is now.
func (l *auditLog) look() view {
	l.mu.Lock()
	defer l.mu.Unlock()
	v := l.view
	if oldest := l.keep(l.now()); !oldest.IsZero() {
		v.deleted = max(v.deleted, oldest.UnixMilli())
	}
	return v
}

// retain changes how long records are kept. What goes because of it does not come back.
func (l *auditLog) retain(keep func(now time.Time) time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.keep = keep
	l.deleted = max(l.deleted, keep(l.now()).UnixMilli())
}

// add puts a record at its place. Without a body its content follows from the seed. It fails if too much was added.
func (l *auditLog) add(at int64, body []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.extras) >= maxExtras || l.bytes+len(body) > maxExtraBytes {
		return fmt.Errorf("the mock keeps at most %d records and %d MiB that were added: start it again", maxExtras, maxExtraBytes>>20)
	}
	rank := sort.Search(l.n, func(i int) bool { return l.base(i) > at })
	e := extra{at: at, rank: rank, index: l.n + len(l.extras), body: body}
	if rank < l.n {
		l.shifts++
	}
	place := sort.Search(len(l.extras), func(i int) bool { return l.extras[i].at > at })
	if place == len(l.extras) {
		l.extras = append(l.extras, e) // views that are in use end before it
	} else {
		l.extras = slices.Insert(slices.Clone(l.extras), place, e)
		l.shifts++
	}
	l.bytes += len(body)
	return nil
}

// grow adds new records, as if they had just happened: after whatever a client took for the end of its walk.
func (l *auditLog) grow(n int) {
	for range n {
		if l.add(l.now().UnixMilli()+1, nil) != nil {
			return // a log that is full grows no more
		}
	}
}

// drop deletes the n oldest records for good. Of records of one moment all stay or all go.
func (l *auditLog) drop(n int) {
	if n <= 0 {
		return
	}
	v := l.look()
	low, high := v.within(always.from, always.to)
	if low == high {
		return
	}
	oldest := v.entry(high-1).at + 1
	if n < high-low {
		oldest = v.entry(low + n).at
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.deleted = max(l.deleted, oldest)
}

// len gives how many records there are, those that are deleted among them.
func (v *view) len() int { return v.n + len(v.extras) }

// entry gives the record at a position, counted from the oldest.
func (v *view) entry(p int) entry {
	j := sort.Search(len(v.extras), func(j int) bool { return v.extras[j].rank+j >= p })
	if j < len(v.extras) && v.extras[j].rank+j == p {
		e := v.extras[j]
		return entry{e.at, e.index, e.body}
	}
	return entry{at: v.base(p - j), index: p - j}
}

// within gives the positions of the records from one time to another, both included, that are not deleted: from low up to, and
// without, high.
func (v *view) within(from, to int64) (low, high int) {
	from = max(from, v.deleted)
	low = sort.Search(v.len(), func(p int) bool { return v.entry(p).at >= from })
	high = sort.Search(v.len(), func(p int) bool { return v.entry(p).at > to })
	return low, max(low, high)
}

// always is the time from the first moment to the last.
var always = period{math.MinInt64, math.MaxInt64}

// period is a time in milliseconds since 1970; both ends belong to it.
type period struct{ from, to int64 }

// filter leaves out the records that do not match. The zero filter leaves out none.
type filter struct {
	text  string
	match func(entry) bool
}

// page gives up to limit records of a period that a filter leaves, the newest first, after passing over start of them, and whether
// there are more.
func (l *auditLog) page(v *view, in period, f filter, start, limit int) (page []entry, more bool) {
	low, high := v.within(in.from, in.to)
	if f.match == nil {
		p := high - min(start, high-low)
		for page = make([]entry, 0, min(limit, p-low)); p > low && len(page) < limit; p-- {
			page = append(page, v.entry(p-1))
		}
		return page, p > low
	}
	m := mark{f.text, high, v.shifts, start}
	p, left := l.resume(m)
	for ; p > low; p-- {
		e := v.entry(p - 1)
		switch {
		case !f.match(e):
		case left > 0:
			left--
		case len(page) < limit:
			page = append(page, e)
		default:
			m.found += len(page)
			l.remember(m, p)
			return page, true
		}
	}
	return page, false
}

// resume gives where to go on looking, and how many matching records are still to be passed over.
func (l *auditLog) resume(m mark) (p, left int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if p, known := l.marks[m]; known {
		return p, 0
	}
	return m.high, m.found
}

func (l *auditLog) remember(m mark, p int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.marks) >= maxMarks || l.marks == nil {
		l.marks = map[mark]int{}
	}
	l.marks[m] = p
}
