package rest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	fixture "github.com/seed-1954497d/auditgen/golden/runtime/want"
	"github.com/seed-1954497d/auditgen/templates/rest"
)

// walker is a pager, whatever its items are.
type walker interface {
	Position() rest.Position
	walk(ctx context.Context, max int) ([]string, error)
	from(rest.Position) walker
}

type pagerOf[T any] struct {
	*rest.Pager[T]
	text func(*T) string
}

func (p pagerOf[T]) walk(ctx context.Context, max int) ([]string, error) {
	return walkThrough(ctx, p.Pager, max, p.text)
}

func (p pagerOf[T]) from(at rest.Position) walker { return pagerOf[T]{p.Pager.From(at), p.text} }

func idOf(i *fixture.Item) string { return strconv.FormatInt(i.ID, 10) }

// reply is what a server answers: a body, and the target of a Link header if it is not empty.
type reply struct{ body, link string }

// listing is one style of paging.
type listing struct {
	name   string
	pager  func(c *fixture.Client, limit *int64) walker
	list   string // name of the member with the items; empty if they are the answer
	item   string // format of an item
	start  string // name of the member that says where the page starts, if there is one
	limit  string // name of the member that says how many items are a full page, if there is one
	next   string // format of the member, or of the target of a Link header, that leads to the next page, if there is one
	cursor string // name of the parameter that takes a cursor, if there is one
}

var listings = []listing{
	{name: "a link with an offset", list: "results", item: `{"summary":"%s"}`, start: "start", limit: "limit", next: `"_links":{"next":"/x?start=%s"}`,
		pager: func(c *fixture.Client, limit *int64) walker {
			return pagerOf[fixture.AuditRecord]{c.AuditRecordsPager(&fixture.GetAuditRecordsParams{Limit: limit}), confluenceSummary}
		}},
	{name: "an offset", list: "records", item: `{"summary":"%s"}`, start: "offset", limit: "limit",
		pager: func(c *fixture.Client, limit *int64) walker {
			return pagerOf[fixture.JiraRecord]{c.JiraRecordsPager(&fixture.GetJiraRecordsParams{Limit: limit}), jiraSummary}
		}},
	{name: "a flag", list: "values", item: `{"id":%s}`, start: "startAt", limit: "maxResults", next: `"isLast":false,"ignored":"%s"`,
		pager: func(c *fixture.Client, limit *int64) walker {
			return pagerOf[fixture.Item]{c.UntilLastPager(&fixture.GetUntilLastParams{MaxResults: limit}), idOf}
		}},
	{name: "an array", item: `{"id":%s}`,
		pager: func(c *fixture.Client, limit *int64) walker {
			return pagerOf[fixture.Item]{c.ArrayPager(&fixture.GetArrayParams{MaxResults: limit}), idOf}
		}},
	{name: "values", list: "values", item: `"%s"`, limit: "maxResults",
		pager: func(c *fixture.Client, limit *int64) walker {
			return pagerOf[string]{c.WordsPager(&fixture.GetWordsParams{MaxResults: limit}), func(s *string) string { return *s }}
		}},
	{name: "a token", list: "values", item: `{"id":%s}`, next: `"nextPageToken":"%s"`, cursor: "nextPageToken",
		pager: func(c *fixture.Client, limit *int64) walker {
			return pagerOf[fixture.Item]{c.ByTokenPager(&fixture.GetByTokenParams{Limit: limit}), idOf}
		}},
	{name: "a link with a cursor", list: "values", item: `{"id":%s}`, next: `"_links":{"next":"https://evil.example/x?limit=1&cursor=%s#x"}`, cursor: "cursor",
		pager: func(c *fixture.Client, limit *int64) walker {
			return pagerOf[fixture.Item]{c.ByCursorPager(&fixture.GetByCursorParams{Limit: limit}), idOf}
		}},
	{name: "a link with a page", list: "values", item: `{"id":%s}`, next: `"next":"https://evil.example/x?page=%s"`, cursor: "page",
		pager: func(c *fixture.Client, _ *int64) walker { return pagerOf[fixture.Item]{c.ByLinkPager(), idOf} }},
	{name: "a link with a cursor in place of an offset", list: "results", item: `{"summary":"%s"}`, next: `"_links":{"next":"//evil.example/x?cursor=%s&limit=4"}`, cursor: "cursor",
		pager: func(c *fixture.Client, limit *int64) walker {
			return pagerOf[fixture.AuditRecord]{c.AuditRecordsPager(&fixture.GetAuditRecordsParams{Limit: limit}), confluenceSummary}
		}},
	{name: "a Link header", item: `{"id":%s}`, next: "/x?cursor=%s", cursor: "cursor",
		pager: func(c *fixture.Client, limit *int64) walker {
			return pagerOf[fixture.Item]{c.ByHeaderPager(&fixture.GetByHeaderParams{Limit: limit}), idOf}
		}},
}

// page is a page that starts at an offset, with limit items if it is full. next is the place of the
// next page; without one the page says nothing about it.
func (l listing) page(start, limit int, next string, items ...string) reply {
	for i, item := range items {
		items[i] = fmt.Sprintf(l.item, item)
	}
	list := "[" + strings.Join(items, ",") + "]"
	if next != "" && l.next != "" {
		next = fmt.Sprintf(l.next, next)
	}
	if l.list == "" {
		return reply{list, next}
	}
	members := []string{fmt.Sprintf("%q:%s", l.list, list)}
	if l.start != "" && start >= 0 {
		members = append(members, fmt.Sprintf("%q:%d", l.start, start))
	}
	if l.limit != "" && limit > 0 {
		members = append(members, fmt.Sprintf("%q:%d", l.limit, limit))
	}
	if next != "" && l.next != "" {
		members = append(members, next)
	}
	return reply{body: "{" + strings.Join(members, ",") + "}"}
}

// server keeps the requests that it gets.
type server struct {
	answer   func(n int, r *http.Request) reply // n counts the requests from 1
	requests []string
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.requests = append(s.requests, r.URL.RawQuery)
	a := s.answer(len(s.requests), r)
	w.Header().Set("Content-Type", "application/json")
	if a.link != "" {
		w.Header().Set("Link", "<"+a.link+`>; rel="next"`)
	}
	_, _ = io.WriteString(w, a.body)
}

// serving walks through a listing of a server that answers with the replies, one after the other.
func (l listing) serving(t *testing.T, replies ...reply) (walker, *server) {
	return l.answering(t, func(n int, r *http.Request) reply {
		if n > len(replies) {
			t.Errorf("one request too many: %s", r.URL)
			return reply{body: "{"}
		}
		return replies[n-1]
	})
}

func (l listing) answering(t *testing.T, answer func(n int, r *http.Request) reply) (walker, *server) {
	s := &server{answer: answer}
	return l.pager(newWorld(t, s.ServeHTTP, rest.WithMaxRetries(0)).Client, nil), s
}

// each runs a test for the listings of some styles.
func each(t *testing.T, is func(listing) bool, test func(t *testing.T, l listing)) {
	for _, l := range listings {
		if is(l) {
			t.Run(l.name, func(t *testing.T) { test(t, l) })
		}
	}
}

func anyStyle(listing) bool     { return true }
func hasCursor(l listing) bool  { return l.cursor != "" }
func hasOffset(l listing) bool  { return l.cursor == "" }
func saysStart(l listing) bool  { return l.start != "" }
func saysLimit(l listing) bool  { return l.limit != "" }
func saysMore(l listing) bool   { return l.next != "" }
func takesLimit(l listing) bool { return l.name != "a link with a page" }

// goesOnByOffset reports whether an answer without a usable link has a next page all the same.
func goesOnByOffset(l listing) bool { return l.list == "results" }

func expect(t *testing.T, p walker, want ...string) {
	t.Helper()
	got, err := p.walk(t.Context(), -1)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// expectEnd walks until an error, before which some items are yielded.
func expectEnd(t *testing.T, p walker, want ...string) *rest.PageError {
	t.Helper()
	got, err := p.walk(t.Context(), 10_000)
	var ended *rest.PageError
	if diff := cmp.Diff(want, got); diff != "" || !errors.As(err, &ended) {
		t.Fatalf("%v (-want +got):\n%s", err, diff)
	}
	if ended.Position != p.Position() {
		t.Errorf("the error's position is %+v, the pager's %+v", ended.Position, p.Position())
	}
	return ended
}

func TestAnEmptyOrShortPageDoesNotEndAWalkWhoseAnswerSaysThatItGoesOn(t *testing.T) {
	each(t, saysMore, func(t *testing.T, l listing) {
		p, _ := l.serving(t, l.page(0, 9, "1", "10"), l.page(1, 9, "3", "11", "12"), l.page(3, 9, "", "13"))
		expect(t, p, "10", "11", "12", "13")
		if l.name == "a flag" { // it does not say how to get past an empty page
			p, _ := l.serving(t, l.page(0, 9, "1", "10"), l.page(1, 9, "1"))
			if err := expectEnd(t, p, "10"); !errors.Is(err, rest.ErrRepeatedPage) {
				t.Errorf("got %v", err)
			}
			return
		}
		p, _ = l.serving(t, l.page(0, 9, "1"), l.page(1, 9, "2"), l.page(2, 9, "3", "10"), l.page(3, 9, "4"), l.page(4, 9, "", "11"))
		expect(t, p, "10", "11")
	})
}

func TestAMissingLinkBehindAFullPageIsNoEndOfAListingByOffset(t *testing.T) {
	each(t, hasOffset, func(t *testing.T, l listing) {
		pages := []reply{l.page(0, 2, "", "10", "11"), l.page(2, 2, "", "12", "13"), l.page(4, 2, "")}
		p, _ := l.serving(t, pages...)
		expect(t, p, "10", "11", "12", "13")
		pages[2] = l.page(4, 2, "", "14")
		if !saysLimit(l) {
			pages = append(pages, l.page(5, 2, ""))
		}
		p, _ = l.serving(t, pages...)
		expect(t, p, "10", "11", "12", "13", "14")
	})
	each(t, hasCursor, func(t *testing.T, l listing) {
		p, _ := l.serving(t, l.page(0, 2, "1", "10", "11"), l.page(0, 2, "", "12", "13"))
		expect(t, p, "10", "11", "12", "13")
	})
}

func TestAShortPageEndsAWalkOnlyByTheAnswersOwnLimit(t *testing.T) {
	each(t, saysLimit, func(t *testing.T, l listing) {
		for _, limit := range []string{`null`, `"9"`, `0`, `-1`} {
			other := func(r reply) reply {
				r.body = strings.Replace(r.body, fmt.Sprintf(`"%s":9`, l.limit), fmt.Sprintf(`"%s":%s`, l.limit, limit), 1)
				return r
			}
			p, s := l.serving(t, other(l.page(0, 9, "", "10", "11")), other(l.page(2, 9, "", "12")), other(l.page(3, 9, "")))
			if expect(t, p, "10", "11", "12"); len(s.requests) != 3 {
				t.Errorf("limit %s: requests %q", limit, s.requests)
			}
		}
	})
}

func TestTheAnswersOwnWordOnItsEndCounts(t *testing.T) {
	l := listings[2]
	for _, test := range []struct {
		flag, items string
		more        bool
	}{
		{`true`, `{"id":1},{"id":2}`, false},
		{`false`, `{"id":1}`, true},
		{`null`, `{"id":1},{"id":2}`, true},
		{`null`, `{"id":1}`, false},
		{`"no"`, `{"id":1},{"id":2}`, true},
		{`"no"`, `{"id":1}`, false},
	} {
		p, s := l.answering(t, func(n int, r *http.Request) reply {
			if n == 1 {
				return reply{body: fmt.Sprintf(`{"values":[%s],"maxResults":2,"isLast":%s}`, test.items, test.flag)}
			}
			return reply{body: `{"values":[]}`}
		})
		if _, err := p.walk(t.Context(), -1); err != nil || (len(s.requests) > 1) != test.more {
			t.Errorf("isLast %s with %s: %d requests, %v", test.flag, test.items, len(s.requests), err)
		}
	}
}

func TestCursorsOfEveryKindAreFollowedAndResumed(t *testing.T) {
	each(t, hasCursor, func(t *testing.T, l listing) {
		pages := map[string]reply{"": l.page(0, 0, "b+", "1", "2"), "b ": l.page(0, 0, "c"), "b+": l.page(0, 0, "c"), "c": l.page(0, 0, "", "3", "4")}
		for stop := 1; stop <= 4; stop++ {
			p, _ := l.answering(t, func(_ int, r *http.Request) reply {
				if q := r.URL.Query(); q.Has("start") && q.Has("cursor") {
					t.Errorf("both a cursor and an offset go out: %s", r.URL)
				}
				return pages[r.URL.Query().Get(l.cursor)]
			})
			got, err := p.walk(t.Context(), stop)
			if err != nil {
				t.Fatal(err)
			}
			at := p.Position()
			if at.Cursor == "" && goesOnByOffset(l) {
				continue // the first page has no cursor, and this server no offsets
			}
			again, err := p.from(at).walk(t.Context(), -1)
			if diff := cmp.Diff([]string{"1", "2", "3", "4"}, append(got, again...)); diff != "" || err != nil {
				t.Errorf("from %+v: %v (-want +got):\n%s", at, err, diff)
			}
		}
	})
}

func TestALinkWithoutItsCursorIsFollowedAsItIsOnOurHost(t *testing.T) {
	each(t, func(l listing) bool { return strings.Contains(l.next, "=") && hasCursor(l) && !goesOnByOffset(l) }, func(t *testing.T, l listing) {
		l.next = strings.Replace(l.next, l.cursor+"=", "other=", 1)
		p, s := l.serving(t, l.page(0, 0, "x", "1"), l.page(0, 0, "", "2"))
		if expect(t, p, "1", "2"); !strings.HasSuffix(s.requests[1], "other=x") {
			t.Errorf("requests %q", s.requests)
		}
		p, _ = l.answering(t, func(int, *http.Request) reply { return l.page(0, 0, "x", "1") })
		if err := expectEnd(t, p, "1"); !errors.Is(err, rest.ErrRepeatedPage) {
			t.Errorf("got %v", err)
		}
	})
}

func TestAPlaceThatWasAskedForBeforeIsAnError(t *testing.T) {
	each(t, hasCursor, func(t *testing.T, l listing) {
		for _, length := range []int{1, 2, 3, 5, 8, 50} {
			for _, before := range []int{0, 1, 4, 9} {
				p, s := l.answering(t, func(n int, r *http.Request) reply {
					at, _ := strconv.Atoi(r.URL.Query().Get(l.cursor))
					next := at + 1
					if next > before+length {
						next = before + 1
					}
					return l.page(0, 0, strconv.Itoa(next), strconv.Itoa(n))
				})
				got, err := p.walk(t.Context(), 1000)
				if !errors.Is(err, rest.ErrRepeatedPage) || len(s.requests) > 3*(before+length)+3 || len(got) != len(s.requests) {
					t.Errorf("a cycle of %d after %d: %d items, %d requests, %v", length, before, len(got), len(s.requests), err)
				}
				if length == 1 && p.Position().Offset != 1 {
					t.Errorf("a page that leads to itself would be delivered again from %+v", p.Position())
				}
				asked := len(s.requests)
				if _, err := p.walk(t.Context(), 1); len(s.requests) == asked || length == 1 && !errors.Is(err, rest.ErrRepeatedPage) {
					t.Errorf("another loop does not ask the server again: %v", err)
				}
			}
		}
	})
}

func TestALongWalkRepeatsNothing(t *testing.T) {
	each(t, hasCursor, func(t *testing.T, l listing) {
		p, _ := l.answering(t, func(n int, _ *http.Request) reply { return l.page(0, 0, strconv.Itoa(n), strconv.Itoa(n)) })
		if got, err := p.walk(t.Context(), 300); err != nil || len(got) != 300 {
			t.Errorf("%d items, %v", len(got), err)
		}
	})
}

func TestAPageThatStartsElsewhereIsAnError(t *testing.T) {
	each(t, saysStart, func(t *testing.T, l listing) {
		for start, want := range map[int]string{
			0: "listing ended at offset 2: the server repeats itself: asked for offset 2, got 0",
			1: "listing ended at offset 2: the server repeats itself: asked for offset 2, got 1",
			4: "listing ended at offset 2: records 2 to 3 are missing: asked for offset 2, got 4",
		} {
			p, _ := l.serving(t, l.page(0, 0, "2", "1", "2"), l.page(start, 0, "9", "3"))
			if err := expectEnd(t, p, "1", "2"); err.Error() != want || errors.Is(err, rest.ErrRepeatedPage) != (start < 2) {
				t.Errorf("got %v, want %s", err, want)
			}
		}
	})
}

func TestWherePagesDoNotSayWhereTheyStartEqualItemsTwiceInARowAreAnError(t *testing.T) {
	each(t, anyStyle, func(t *testing.T, l listing) {
		p, _ := l.serving(t, l.page(-1, 0, "2", "1", "2"), l.page(-1, 0, "4", "1", "2"))
		if err := expectEnd(t, p, "1", "2"); !errors.Is(err, rest.ErrRepeatedPage) {
			t.Errorf("got %v", err)
		}
		p, _ = l.serving(t, l.page(-1, 0, "2", "1", "2"), l.page(-1, 0, "4", "1"), l.page(-1, 0, "5", "1", "2"), l.page(-1, 0, "", "1"), l.page(-1, 0, ""))
		if got, err := p.walk(t.Context(), 6); err != nil {
			t.Errorf("equal items, but not in a row: %v after %v", err, got)
		}
	})
	each(t, saysStart, func(t *testing.T, l listing) {
		p, _ := l.serving(t, l.page(0, 0, "2", "1", "1"), l.page(2, 0, "4", "1", "1"), l.page(4, 5, "", "1", "1"))
		expect(t, p, "1", "1", "1", "1", "1", "1")
	})
}

func TestARepeatedPageIsNoticedThoughItsItemsWereChanged(t *testing.T) {
	w := newWorld(t, answers(200, `{"values":["a","b"]}`))
	n := 0
	for item, err := range w.WordsPager(nil).All(t.Context()) {
		if n++; err != nil || n > 20 {
			if n != 3 || !errors.Is(err, rest.ErrRepeatedPage) {
				t.Errorf("%d: got %v", n, err)
			}
			break
		}
		*item += "!"
	}
	if n < 3 {
		t.Errorf("the walk ended after %d items", n)
	}
}

func TestARepeatedPageIsNoticedThoughItsItemsHoldPointers(t *testing.T) {
	type item map[string]*int
	p := rest.NewPager(rest.Position{}, false, func(_ context.Context, at rest.Position) (*rest.Page[item], error) {
		page, err := rest.ValuePage(at, nil, "", []item{{"a": new(int)}})
		page.Advance(nil, "", 0)
		return page, err
	})
	n := 0
	for _, err := range p.All(t.Context()) {
		if n++; err != nil || n > 20 {
			if n != 2 || !errors.Is(err, rest.ErrRepeatedPage) {
				t.Errorf("%d: got %v", n, err)
			}
			break
		}
	}
}

func TestAnAnswerThatIsNoListingIsAnErrorOnEveryPage(t *testing.T) {
	each(t, anyStyle, func(t *testing.T, l listing) {
		wrong := map[string]string{
			`{}`:                          "it has no member",
			`{"message":"not now"}`:       "it has no member",
			`{"errorMessages":["a","b"]}`: "it has no member",
			`{"` + l.list + `":{"a":[]}}`: "is not a list",
			`{"` + l.list + `":"none"}`:   "is not a list",
			`{"` + l.list + `":7}`:        "is not a list",
			`null`:                        "not the documented answer",
			`"none"`:                      "not the documented answer",
			``:                            "not the documented answer",
		}
		if l.list != "" {
			wrong[`[]`] = "not the documented answer"
		}
		for body, want := range wrong {
			if l.list == "" {
				want = "not the documented answer"
			}
			p, _ := l.serving(t, reply{body: body})
			var api *rest.APIError
			if err := expectEnd(t, p); !strings.Contains(err.Error(), want) || !errors.As(err, &api) || !errors.Is(err, rest.ErrNotJSON) || string(api.Body) != body {
				t.Errorf("first page %s: %v", body, err)
			}
			p, _ = l.serving(t, l.page(0, 0, "1", "10"), reply{body: body, link: "/x?cursor=3"})
			if err := expectEnd(t, p, "10"); !strings.Contains(err.Error(), want) || !errors.Is(err, rest.ErrNotJSON) || err.Position.Offset != 1 && err.Position.Cursor != "1" && err.Position.Link == "" {
				t.Errorf("second page %s: %v", body, err)
			}
		}
		if l.list == "" {
			return
		}
		p, _ := l.serving(t, reply{body: `{"` + l.list + `":null}`})
		expect(t, p)
	})
}

func TestAWalkWithALimitOfZeroIsRefused(t *testing.T) {
	each(t, takesLimit, func(t *testing.T, l listing) {
		w := newWorld(t, func(http.ResponseWriter, *http.Request) { t.Error("something was sent") })
		for _, limit := range []int64{0, -1} {
			if err := expectEnd(t, l.pager(w.Client, &limit)); !errors.Is(err, rest.ErrNoLimit) {
				t.Errorf("limit %d: %v", limit, err)
			}
		}
	})
}

func TestAThousandPagesInARowWithoutAnItemAreAnError(t *testing.T) {
	l := listings[slices.IndexFunc(listings, hasCursor)]
	for _, empty := range []int{rest.MaxEmpty, rest.MaxEmpty + 1} {
		p, _ := l.answering(t, func(n int, _ *http.Request) reply {
			if n == 1 || n == empty+2 {
				return l.page(0, 0, map[bool]string{true: "first"}[n == 1], strconv.Itoa(n))
			}
			return l.page(0, 0, strconv.Itoa(n))
		})
		got, err := p.walk(t.Context(), -1)
		if isError := empty > rest.MaxEmpty; errors.Is(err, rest.ErrRepeatedPage) != isError || (len(got) == 1) != isError {
			t.Errorf("%d empty pages: %v, %v", empty, got, err)
		}
	}
}

func TestACursorGoesOutUnderItsNameAndTheAnswerIsWatched(t *testing.T) {
	var query string
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		query = r.URL.RawQuery
		rw.Header().Set("Link", `</x?after=canary-token>; rel="next"`)
		answers(200, `{}`)(rw, r)
	})
	var caller, own rest.Response
	opts := []rest.CallOption{rest.WithResponse(&caller)}
	at := rest.Position{Cursor: "a b+c"}
	_, err := w.GetAuditRecords(t.Context(), &fixture.GetAuditRecordsParams{SearchString: "s"}, rest.Watched(rest.At(at, opts, "searchString"), &own)...)
	if err != nil || query != "searchString=a%20b%2Bc" || caller.StatusCode != 200 || len(opts) != 1 {
		t.Errorf("%v: query %s, response %+v", err, query, caller)
	}
	// What a server repeats of the credentials is hidden from the caller, but it may be part of a
	// cursor.
	if got := rest.NextLink(own.Header); got != "/x?after=canary-token" || strings.Contains(caller.Header.Get("Link"), "canary") {
		t.Errorf("watched %q, the caller sees %q", got, caller.Header.Get("Link"))
	}
	if got := rest.At(rest.Position{}, opts, "searchString"); len(got) != 1 {
		t.Errorf("without a cursor: %d options", len(got))
	}
}
