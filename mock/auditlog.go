package mock

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"
	"sync"
	"time"

	"github.com/seed-1954497d/auditgen/internal/sample"
)

// auditLog is a log of records sorted by time. Most of them are computed: time and content of
// record i follow from the seed and i. Records that were added are stored, within bounds.
type auditLog struct {
	mu sync.Mutex
	view
	bytes   int           // size of the bodies of all extras
	marks   map[mark]int  // positions where filtered pages ended
	late    time.Duration // how much later than added a record may become visible
	added   int           // records that were added, pending ones included
	pending []pending
}

// pending is an added record that is not visible yet.
type pending struct {
	visible time.Time
	at      int64
	index   int
}

// mark identifies a place in a filtered walk, after a number of matching records. The next page
// starts there, so a walk looks at each record once.
type mark struct {
	filter string
	high   int // start of the walk
	shifts int
	found  int
}

// maxMarks is the maximum number of stored marks.
const maxMarks = 1000

// view is a snapshot of a log. It does not change, so a long export does not block anybody.
type view struct {
	seed    uint64
	n       int   // number of computed records
	end     int64 // start of the server; times are in milliseconds since 1970
	step    int64 // milliseconds per computed record
	burst   int   // computed records in a row that have the same time
	extras  []extra
	shifts  int   // how often a record was added before others
	deleted int64 // records before this time are deleted
	keep    func(now time.Time) time.Time
	now     func() time.Time
}

// extra is a record that was added.
type extra struct {
	at    int64
	rank  int    // number of computed records before it
	index int    // decides the content if it has no body
	body  []byte // as it was created
}

// entry is one record of a view.
type entry struct {
	at    int64
	index int
	body  []byte // nil if the content follows from seed and index
}

const (
	span = 300 * 24 * time.Hour // length of a log: less than the longest retention period of Confluence
	// Bounds of the added records.
	maxExtras     = 1 << 20
	maxExtraBytes = 64 << 20
	// Some records have a twin in the same millisecond.
	twinEvery = 499
	// latePurpose makes what decides about lateness independent of what decides about content.
	latePurpose = 0x6c617465
)

func newAuditLog(seed uint64, set *settings) *auditLog {
	n, now := set.logged(), set.clock
	return &auditLog{late: set.late, view: view{seed: seed, n: n, end: now().UnixMilli(), step: max(1, span.Milliseconds()/int64(max(1, n))),
		burst: max(1, set.burst), deleted: math.MinInt64, now: now, keep: func(time.Time) time.Time { return time.Time{} }}}
}

// origin returns the index of the record that a twin repeats, or i if it is not a twin.
func (v *view) origin(i int) int {
	for i > 0 && sample.Mix(v.seed, uint64(i))%twinEvery == 0 {
		i--
	}
	return i
}

// base returns the time of computed record i. Times never decrease.
func (v *view) base(i int) int64 {
	i = v.origin(i - i%v.burst)
	i -= i % v.burst
	return v.end - int64(v.n-i)*v.step + int64(sample.Mix(v.seed, uint64(i))>>20%uint64(v.step))
}

// look returns a snapshot of the log.
func (l *auditLog) look() view {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	var due []extra
	l.pending = slices.DeleteFunc(l.pending, func(p pending) bool {
		if p.visible.After(now) {
			return false
		}
		due = append(due, extra{at: p.at, index: p.index})
		return true
	})
	l.insert(due...)
	v := l.view
	if oldest := l.keep(now); !oldest.IsZero() {
		v.deleted = max(v.deleted, oldest.UnixMilli())
	}
	return v
}

// retain changes the retention period. Records that it deletes do not come back.
func (l *auditLog) retain(keep func(now time.Time) time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.keep = keep
	l.deleted = max(l.deleted, keep(l.now()).UnixMilli())
}

// add inserts a record at its time. It fails if too much was added.
func (l *auditLog) add(at int64, body []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.added >= maxExtras || l.bytes+len(body) > maxExtraBytes {
		return fmt.Errorf("the mock keeps at most %d added records and %d MiB: restart it", maxExtras, maxExtraBytes>>20)
	}
	l.insert(extra{at: at, index: l.n + l.added, body: body})
	l.added++
	return nil
}

// insert makes records visible.
func (l *auditLog) insert(records ...extra) {
	before := len(l.extras)
	for _, e := range records {
		e.rank = sort.Search(l.n, func(i int) bool { return l.base(i) > e.at })
		if e.rank < l.n {
			l.shifts++
		}
		l.bytes += len(e.body)
		l.extras = append(l.extras, e) // existing views end before it
	}
	byTime := func(a, b extra) int { return cmp.Compare(a.at, b.at) }
	if !slices.IsSortedFunc(l.extras[max(0, before-1):], byTime) {
		l.extras = slices.Clone(l.extras)
		slices.SortStableFunc(l.extras, byTime)
		l.shifts++
	}
}

// grow adds n records that are newer than the end of any walk in progress. A late one becomes
// visible among older and newer ones. A full log does not grow.
func (l *auditLog) grow(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for now := l.now(); n > 0 && l.added < maxExtras; n-- {
		p := pending{now, now.UnixMilli() + 1, l.n + l.added}
		if random := sample.Mix(l.seed^latePurpose, uint64(p.index)); l.late > 0 && random&1 == 1 {
			p.visible = now.Add(time.Duration(random >> 1 % uint64(l.late)))
		}
		l.pending = append(l.pending, p)
		l.added++
	}
}

// drop deletes the n oldest records. Records of the same millisecond are kept or deleted together.
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

// len returns the number of records, including deleted ones.
func (v *view) len() int { return v.n + len(v.extras) }

// entry returns the record at a position. Position 0 is the oldest.
func (v *view) entry(p int) entry {
	j := sort.Search(len(v.extras), func(j int) bool { return v.extras[j].rank+j >= p })
	if j < len(v.extras) && v.extras[j].rank+j == p {
		e := v.extras[j]
		return entry{e.at, e.index, e.body}
	}
	return entry{at: v.base(p - j), index: p - j}
}

// within returns the range [low, high) of positions of the records between two times, both
// inclusive, that are not deleted.
func (v *view) within(from, to int64) (low, high int) {
	from = max(from, v.deleted)
	low = sort.Search(v.len(), func(p int) bool { return v.entry(p).at >= from })
	high = sort.Search(v.len(), func(p int) bool { return v.entry(p).at > to })
	return low, max(low, high)
}

// always is the period that contains all times.
var always = period{math.MinInt64, math.MaxInt64}

// period is a range of times in milliseconds since 1970, both inclusive.
type period struct{ from, to int64 }

// filter selects matching records. The zero filter selects all.
type filter struct {
	text  string
	match func(entry) bool
}

// page returns up to limit matching records of a period, the newest first, after skipping start of
// them, and whether there are more.
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

// resume returns the position to continue from and how many matching records are still to be
// skipped.
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
