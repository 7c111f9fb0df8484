package rest_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	fixture "github.com/seed-1954497d/auditgen/golden/runtime/want"
	"github.com/seed-1954497d/auditgen/templates/rest"
	"github.com/seed-1954497d/auditgen/templates/rest/lossless"
)

var seeds = flag.Uint64("seeds", 200, "how many logs the model of a followed log tries")

// feedLog is a log that is followed, its network and all clocks. Nobody sleeps: to wait moves the
// clock.
type feedLog struct {
	rand    *rand.Rand
	now     time.Time     // the server's clock
	skew    time.Duration // how far the client's clock is ahead
	records []lateRecord  // by time
	page    int           // records of a page
	faults  float64       // how often a request fails
	noDate  bool
	asked   int
	retries int
	next    func(*http.Request) (*http.Response, error) // answers the next request, once
}

type lateRecord struct {
	at      time.Time
	visible time.Time
	text    string // the record as JSON
}

// RoundTrip answers as Confluence does: newest first, both ends included, in pages by offset.
func (l *feedLog) RoundTrip(r *http.Request) (*http.Response, error) {
	l.asked++
	l.pass(300)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if answer := l.next; answer != nil {
		l.next = nil
		return answer(r)
	}
	status, text := 200, ""
	header := http.Header{"Content-Type": {"application/json"}}
	if l.rand.Float64() < l.faults {
		switch l.rand.IntN(6) {
		case 0:
			return nil, errors.New("connection reset")
		case 1:
			status, text = 500, "<html>"
		case 2:
			status = 503
		case 3:
			status = 429
			header.Set("Retry-After", "7")
		case 4:
			status = 401
		case 5:
			return &http.Response{StatusCode: 200, Header: header, Body: io.NopCloser(io.MultiReader(strings.NewReader(`{"results":[`), broken{})), Request: r}, nil
		}
	} else {
		text = l.answer(r)
	}
	l.pass(300)
	if !l.noDate {
		header.Set("Date", l.now.UTC().Format(http.TimeFormat))
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(text)), Request: r}, nil
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func (l *feedLog) pass(milliseconds int) {
	l.now = l.now.Add(time.Duration(l.rand.IntN(milliseconds)) * time.Millisecond)
}

func (l *feedLog) answer(r *http.Request) string {
	q := r.URL.Query()
	bound := func(name string, otherwise int64) int64 {
		if n, err := strconv.ParseInt(q.Get(name), 10, 64); err == nil {
			return n
		}
		return otherwise
	}
	from, to, start := bound("startDate", 0), bound("endDate", 1<<62), int(bound("start", 0))
	var found []string
	for _, record := range slices.Backward(l.records) {
		if t := record.at.UnixMilli(); t >= from && t <= to && !record.visible.After(l.now) {
			found = append(found, record.text)
		}
	}
	some := found[min(start, len(found)):min(start+l.page, len(found))]
	return fmt.Sprintf(`{"results":[%s],"start":%d,"limit":%d,"size":%d}`, strings.Join(some, ","), start, l.page, len(some))
}

// feed is a new client, as a new process makes it, and what it knows about the log.
func (l *feedLog) feed(t testing.TB, withID bool) (*rest.Client, rest.Feed[fixture.AuditRecord]) {
	var c *rest.Client
	clock := rest.WithClock(func() time.Time { return l.now.Add(l.skew) }, func(ctx context.Context, d time.Duration) error {
		l.now = l.now.Add(d)
		return ctx.Err()
	}, func() float64 { return 1 })
	api, err := fixture.NewClient("https://log.example.com", clock, rest.WithSelf(&c), rest.WithMaxRetries(l.retries), rest.WithHTTPClient(&http.Client{Transport: l}))
	if err != nil {
		t.Fatal(err)
	}
	feed := rest.Feed[fixture.AuditRecord]{
		Pager: func(from, to time.Time, opts []rest.CallOption) *rest.Pager[fixture.AuditRecord] {
			return api.AuditRecordsPager(&fixture.GetAuditRecordsParams{StartDate: from, EndDate: to}, opts...)
		},
		Time:        func(r *fixture.AuditRecord) time.Time { return r.CreationDate },
		Members:     func(r *fixture.AuditRecord) *lossless.Members { return &r.JSON },
		NewestFirst: true,
	}
	if withID {
		feed.ID = func(r *fixture.AuditRecord) string { return r.Summary }
	}
	return c, feed
}

var feedStart = time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)

const feedOverlap = 5 * time.Minute

// newFeedLog makes a log of an hour, by a seed: records that become visible up to the overlap after
// their time, many of them in one millisecond, and, unless they have identifiers, many that are
// equal.
func newFeedLog(seed uint64, withID bool) *feedLog {
	l := &feedLog{rand: rand.New(rand.NewPCG(seed, 1)), now: feedStart}
	l.page, l.skew, l.noDate = 2+l.rand.IntN(20), time.Duration(l.rand.IntN(7200)-3600)*time.Second, l.rand.IntN(10) == 0
	if l.noDate {
		l.skew = 0 // then the client's clock is all there is
	}
	for n := range l.rand.IntN(100) {
		at := feedStart.Add(time.Duration(l.rand.IntN(3600_000)) * time.Millisecond)
		if len(l.records) > 0 && l.rand.IntN(3) > 0 {
			at = l.records[len(l.records)-1].at
		}
		visible := at
		if l.rand.IntN(2) == 0 {
			visible = at.Add(time.Duration(l.rand.Int64N(int64(feedOverlap))))
		}
		summary := "r" + strconv.Itoa(n)
		if !withID {
			summary = "r" + strconv.Itoa(n%7)
		}
		l.records = append(l.records, lateRecord{at, visible, fmt.Sprintf(`{"summary":%q,"creationDate":%d,"category":"é"}`, summary, at.UnixMilli())})
	}
	slices.SortStableFunc(l.records, func(a, b lateRecord) int { return a.at.Compare(b.at) })
	return l
}

// saved is a checkpoint as it is kept between two processes.
func saved(t *testing.T, c rest.Checkpoint) rest.Checkpoint {
	t.Helper()
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var read rest.Checkpoint
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	return read
}

func TestAFollowedLogIsDeliveredOnceWhateverHappens(t *testing.T) {
	for seed := range *seeds {
		withID := seed%2 == 1
		l := newFeedLog(seed, withID)
		l.retries, l.faults = l.rand.IntN(2), []float64{0, 0.05, 0.3}[l.rand.IntN(3)]
		at := rest.StartAt(feedStart)
		got := map[string]int{}
		done := func() bool { return at.Time().After(feedStart.Add(time.Hour)) }
		for !done() { // one turn is one process
			c, feed := l.feed(t, withID)
			ctx, cancel := context.WithCancel(t.Context())
			opts := []rest.FollowOption{rest.FollowOverlap(feedOverlap), rest.FollowInterval(30 * time.Second), rest.FollowLag(5 * time.Second)}
			for batch, err := range rest.Follow(ctx, c, feed, at, opts...) {
				if err != nil {
					var end *rest.FollowError
					if !errors.As(err, &end) {
						t.Fatalf("seed %d: %v", seed, err)
					}
					at = saved(t, end.Checkpoint)
					break
				}
				for r, err := range batch.All() {
					if err != nil {
						t.Fatalf("seed %d: %v", seed, err)
					}
					got[string(r.JSON.Raw())]++
				}
				at = saved(t, batch.Checkpoint)
				switch chance := l.rand.IntN(20); {
				case done() || chance == 0:
				case chance == 1:
					cancel() // in the middle of the next request
					continue
				case chance == 2 && !l.noDate:
					l.skew = time.Duration(l.rand.IntN(7200)-3600) * time.Second // somebody sets the clock
					continue
				default:
					continue
				}
				break
			}
			cancel()
		}
		want := map[string]int{}
		for _, r := range l.records {
			want[r.text]++
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("seed %d (-in the log +delivered):\n%s", seed, diff)
		}
	}
}

// followed reads batches until stop says so.
func followed(t *testing.T, l *feedLog, at rest.Checkpoint, stop func(*rest.Batch[fixture.AuditRecord]) bool, opts ...rest.FollowOption) error {
	t.Helper()
	c, feed := l.feed(t, false)
	for batch, err := range rest.Follow(t.Context(), c, feed, at, opts...) {
		if err != nil {
			return err
		}
		if stop(batch) {
			break
		}
	}
	return nil
}

func TestAnIdleLogIsAskedOnceInAnInterval(t *testing.T) {
	l := newFeedLog(4, false)
	l.records = nil
	end := feedStart.Add(time.Hour)
	err := followed(t, l, rest.StartAt(feedStart), func(b *rest.Batch[fixture.AuditRecord]) bool {
		if len(b.Records) > 0 {
			t.Errorf("a record of an empty log: %v", b.Records)
		}
		return l.now.After(end)
	}, rest.FollowInterval(5*time.Minute))
	if err != nil || l.asked > 13 || l.asked < 12 {
		t.Errorf("%d requests in an hour, %v", l.asked, err)
	}
}

func TestWithoutACheckpointALogIsFollowedFromNowOn(t *testing.T) {
	for _, skew := range []time.Duration{0, -time.Hour, time.Hour} {
		l := newFeedLog(4, false)
		l.skew, l.page = skew, 10
		old := lateRecord{feedStart.Add(-time.Minute), feedStart.Add(-time.Minute), `{"summary":"old","creationDate":1}`}
		next := lateRecord{feedStart.Add(time.Minute), feedStart.Add(time.Minute), `{"summary":"new","creationDate":2}`}
		l.records = []lateRecord{old, next}
		var got []string
		err := followed(t, l, rest.Checkpoint{}, func(b *rest.Batch[fixture.AuditRecord]) bool {
			for r := range b.All() {
				got = append(got, r.Summary)
			}
			return l.now.After(feedStart.Add(5 * time.Minute))
		})
		if diff := cmp.Diff([]string{"new"}, got); diff != "" || err != nil {
			t.Errorf("client %v ahead: %v (-want +got)\n%s", skew, err, diff)
		}
	}
}

func TestFollowUntilEndsWhenThatTimeIsDelivered(t *testing.T) {
	l := newFeedLog(9, false)
	l.now = feedStart.Add(50 * time.Minute)
	until := feedStart.Add(55*time.Minute + 300*time.Microsecond)
	got, last := map[string]int{}, rest.Checkpoint{}
	collect := func(b *rest.Batch[fixture.AuditRecord]) bool {
		for r := range b.All() {
			got[string(r.JSON.Raw())]++
		}
		last = b.Checkpoint
		return false
	}
	if err := followed(t, l, rest.StartAt(feedStart), collect, rest.FollowUntil(until)); err != nil {
		t.Fatal(err)
	}
	if l.now.Before(until) || l.now.After(until.Add(2*time.Minute)) {
		t.Errorf("it ended at %v, and the log was to be read until %v", l.now, until)
	}
	// The next night takes what came late, and what came since.
	l.now = feedStart.Add(3 * time.Hour)
	if err := followed(t, l, saved(t, last), collect, rest.FollowUntil(feedStart.Add(2*time.Hour))); err != nil {
		t.Fatal(err)
	}
	want := map[string]int{}
	for _, r := range l.records {
		want[r.text]++
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-in the log +delivered):\n%s", diff)
	}
	before := l.asked
	if err := followed(t, l, last, collect, rest.FollowUntil(feedStart)); err != nil || l.asked > before+1 {
		t.Errorf("until before the checkpoint: %d requests, %v", l.asked-before, err)
	}
}

func TestRecordsWithoutTheirIdentifierAreToldApartByTheirMembers(t *testing.T) {
	l := newFeedLog(4, false)
	l.records, l.page = nil, 10
	for _, text := range []string{`{"category":"a"}`, `{"category":"b"}`, `{"category":"b"}`, `{"summary":"7"}`, `{"summary":"7","category":"c"}`} {
		l.records = append(l.records, lateRecord{feedStart, feedStart, text})
	}
	c, feed := l.feed(t, true)
	got := 0
	for batch, err := range rest.Follow(t.Context(), c, feed, rest.StartAt(feedStart), rest.FollowUntil(feedStart.Add(time.Minute))) {
		if err != nil {
			t.Fatal(err)
		}
		got += len(batch.Records)
	}
	if got != 4 { // the two with one identifier are one
		t.Errorf("%d records were delivered, want 4", got)
	}
	if l.asked > 5 {
		t.Errorf("it asked %d times in a minute", l.asked)
	}
}

func TestARecordWithProblemsIsDeliveredWithItsError(t *testing.T) {
	l := newFeedLog(4, false)
	l.records = []lateRecord{
		{feedStart, feedStart, `{"summary":"good","creationDate":1795230000000}`},
		{feedStart, feedStart, `{"summary":{},"creationDate":"soon"}`},
	}
	var got []string
	delivered := 0
	err := followed(t, l, rest.StartAt(feedStart), func(b *rest.Batch[fixture.AuditRecord]) bool {
		for r, err := range b.All() {
			got = append(got, r.Summary+": "+fmt.Sprint(err))
		}
		delivered++
		return delivered > 3
	})
	want := []string{": results[0].summary: object where string is documented, and 1 more", "good: <nil>"}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}

func TestAFailureThatCanPassIsTriedAgainAndAnyOtherEndsTheIteration(t *testing.T) {
	for _, test := range []struct {
		name   string
		answer func(*http.Request) (*http.Response, error)
		kind   error // nil for a failure that can pass
		wait   time.Duration
	}{
		{"an overloaded server", refused(503, ""), nil, time.Minute},
		{"a rate limit that asks for an hour", refused(429, "3600"), nil, time.Hour},
		{"a connection that breaks", func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }, nil, time.Minute},
		{"wrong credentials", refused(401, ""), rest.ErrUnauthorized, 0},
		{"a missing permission", refused(403, ""), rest.ErrForbidden, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := newFeedLog(4, false)
			l.records, l.next = nil, test.answer
			err := followed(t, l, rest.StartAt(feedStart), func(*rest.Batch[fixture.AuditRecord]) bool { return true })
			var end *rest.FollowError
			switch took := l.now.Sub(feedStart); {
			case test.kind != nil && (!errors.Is(err, test.kind) || !errors.As(err, &end) || !end.Checkpoint.Time().Equal(feedStart)):
				t.Errorf("got %v", err)
			case test.kind == nil && err != nil:
				t.Errorf("it ended: %v", err)
			case took < test.wait || took > test.wait+2*time.Minute:
				t.Errorf("it waited %v", took)
			}
		})
	}
}

func refused(code int, retryAfter string) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		header := http.Header{}
		if retryAfter != "" {
			header.Set("Retry-After", retryAfter)
		}
		return &http.Response{StatusCode: code, Header: header, Body: http.NoBody, Request: r}, nil
	}
}

func TestACheckpointSaysItsVersionAndItsSize(t *testing.T) {
	l := newFeedLog(4, false)
	l.records, l.page = nil, 5000
	for i := range 1000 {
		l.records = append(l.records, lateRecord{feedStart, feedStart, fmt.Sprintf(`{"summary":"%d","creationDate":%d}`, i, feedStart.UnixMilli())})
	}
	var text []byte
	err := followed(t, l, rest.StartAt(feedStart), func(b *rest.Batch[fixture.AuditRecord]) bool {
		text, _ = json.Marshal(b.Checkpoint)
		return len(b.Records) > 0
	})
	if len(text) > 1000*23+200 || err != nil {
		t.Errorf("%d bytes for 1000 records, %v", len(text), err)
	}
	for name, bad := range map[string]string{
		"version 2":     strings.Replace(string(text), `"version":1`, `"version":2`, 1),
		"no version":    `{}`,
		"cut":           string(text[:len(text)/2]),
		"no start":      strings.Replace(string(text), `"start"`, `"begin"`, 1),
		"a torn digest": `{"version":1,"start":"2026-11-21T03:00:00Z","seen":"AAAA"}`,
	} {
		var c rest.Checkpoint
		if err := json.Unmarshal([]byte(bad), &c); err == nil || !c.Time().IsZero() {
			t.Errorf("%s: read as %v, %v", name, c.Time(), err)
		}
	}
}

// stream is a log whose server hands out a cursor with every page, the last one included, or none
// with the last one.
type stream struct {
	l       *feedLog
	records []string
	lastHas bool // whether the last page has a cursor
}

func (s *stream) RoundTrip(r *http.Request) (*http.Response, error) {
	s.l.asked++
	s.l.pass(300)
	start, _ := strconv.Atoi(strings.TrimPrefix(r.URL.Query().Get("nextPageToken"), "c"))
	some := s.records[start:min(start+3, len(s.records))]
	next := ""
	if s.lastHas || start+3 < len(s.records) {
		next = fmt.Sprintf(`,"nextPageToken":"c%d"`, start+len(some))
	}
	body := fmt.Sprintf(`{"values":[%s]%s}`, strings.Join(some, ","), next)
	return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

func TestAStreamWithoutAnEndIsFollowedByItsCursor(t *testing.T) {
	for _, lastHas := range []bool{true, false} {
		s := &stream{l: newFeedLog(4, false), lastHas: lastHas}
		s.l.skew = 0
		for i := range 7 {
			s.records = append(s.records, fmt.Sprintf(`{"id":"%d"}`, i))
		}
		var got []string
		at := rest.StartAt(feedStart)
		for process := range 4 {
			var c *rest.Client
			clock := rest.WithClock(func() time.Time { return s.l.now }, func(ctx context.Context, d time.Duration) error {
				s.l.now = s.l.now.Add(d)
				return ctx.Err()
			}, func() float64 { return 1 })
			api, err := fixture.NewClient("https://log.example.com", clock, rest.WithSelf(&c), rest.WithHTTPClient(&http.Client{Transport: s}))
			if err != nil {
				t.Fatal(err)
			}
			feed := rest.Feed[fixture.Item]{Stream: true, Members: func(i *fixture.Item) *lossless.Members { return &i.JSON },
				Pager: func(_, _ time.Time, opts []rest.CallOption) *rest.Pager[fixture.Item] {
					return api.ByTokenPager(nil, opts...)
				}}
			before, began := s.l.asked, s.l.now
			for batch, err := range rest.Follow(t.Context(), c, feed, at) {
				if err != nil {
					t.Fatal(err)
				}
				for i := range batch.All() {
					got = append(got, string(i.JSON.Raw()))
				}
				at = saved(t, batch.Checkpoint)
				if s.l.now.Sub(began) > time.Hour {
					break
				}
			}
			if asked := s.l.asked - before; asked > 65 {
				t.Errorf("%d requests in an hour", asked)
			}
			s.records = append(s.records, fmt.Sprintf(`{"id":"more %d"}`, process), fmt.Sprintf(`{"id":"and %d"}`, process))
		}
		want := s.records[:len(s.records)-2]
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the last page has a cursor: %v (-in the log +delivered)\n%s", lastHas, diff)
		}
	}
}

func TestAFollowedStreamWhoseNextPageHasNoCursorIsAnError(t *testing.T) {
	w := newWorld(t, answers(200, `{"values":[{"id":"1"}],"nextPageToken":"https://log.example.com/more?after=1"}`))
	feed := rest.Feed[fixture.Item]{Stream: true, Members: func(i *fixture.Item) *lossless.Members { return &i.JSON },
		Pager: func(_, _ time.Time, opts []rest.CallOption) *rest.Pager[fixture.Item] {
			return w.ByTokenPager(nil, opts...)
		}}
	rounds := 0
	for _, err := range rest.Follow(t.Context(), w.rest, feed, rest.StartAt(feedStart)) {
		if rounds++; err != nil || rounds > 5 {
			if !errors.Is(err, rest.ErrNotJSON) {
				t.Errorf("the log stands still: %v", err)
			}
			break
		}
	}
}

func TestTheCallerOfFollowSeesTheResponsesToo(t *testing.T) {
	w := newWorld(t, answers(200, `{"results":[]}`))
	var seen rest.Response
	feed := rest.Feed[fixture.AuditRecord]{Members: func(r *fixture.AuditRecord) *lossless.Members { return &r.JSON },
		Pager: func(_, _ time.Time, opts []rest.CallOption) *rest.Pager[fixture.AuditRecord] {
			return w.AuditRecordsPager(nil, opts...)
		}}
	for _, err := range rest.Follow(t.Context(), w.rest, feed, rest.StartAt(feedStart), rest.FollowCalls(rest.WithResponse(&seen))) {
		if err != nil || seen.StatusCode != 200 || seen.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%v %+v", err, seen)
		}
		break
	}
}
