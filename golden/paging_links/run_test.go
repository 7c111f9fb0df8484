package paging_links_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seed-1954497d/auditgen/generated/rest"
	links "github.com/seed-1954497d/auditgen/golden/paging_links/want"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

// end is the upper time bound of the walks, so that requests are predictable.
var end = time.UnixMilli(1700000000000)

func newClient(t *testing.T, s *try.Server) *links.Client {
	t.Helper()
	c, err := links.NewClient(s.URL, rest.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// pageOf returns a page with the given start and texts. next is empty on the last page.
func pageOf(start int, next string, texts ...string) try.Answer {
	entries := []string{}
	for _, text := range texts {
		entries = append(entries, fmt.Sprintf(`{"text": %q, "at": 1600000000000}`, text))
	}
	link := ""
	if next != "" {
		link = fmt.Sprintf(`"next": %q, `, next)
	}
	return try.JSON(`{"results": [%s], "start": %d, "limit": 100, "size": %d, "_links": {%s"base": "https://x"}}`,
		strings.Join(entries, ","), start, len(texts), link)
}

// walk returns the texts that a pager yields and the error that ends it.
func walk(t *testing.T, p *rest.Pager[links.Entry]) ([]string, error) {
	t.Helper()
	texts := []string{}
	for e, err := range p.All(t.Context()) {
		if err != nil {
			return texts, err
		}
		if texts = append(texts, e.Text); len(texts) > 1000 {
			t.Fatal("the walk does not end")
		}
	}
	return texts, nil
}

func TestAWalkRequestsEachPageOnce(t *testing.T) {
	s := try.Serve(t,
		pageOf(0, "/journal?start=2&limit=100", "a", "b"), // fewer than the limit, but not the end
		pageOf(2, "/journal?start=3", "c"),
		pageOf(3, "", "d", "e"))
	got, err := walk(t, newClient(t, s).EntriesPager(&links.GetEntriesParams{
		StartDate: time.UnixMilli(1500000000000), EndDate: end, Limit: new(int64(100)),
	}))
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "texts", got, []string{"a", "b", "c", "d", "e"})
	const span = "GET /journal?startDate=1500000000000&endDate=1700000000000&start="
	try.Equal(t, "requests", s.Lines(), []string{span + "0&limit=100", span + "2&limit=100", span + "3&limit=100"})
}

func TestTheNextPageIsFound(t *testing.T) {
	cases := []struct {
		name, next, want string
	}{
		{"at the start in the link", "/journal?start=5&limit=7", "start=5"},
		{"in a link with another base", "https://x/wiki/journal?limit=7&start=5", "start=5"},
		{"not at another host", "https://evil.example/steal?start=5&endDate=1&token=x", "start=5"},
		{"not at another path", "//evil.example/../../admin?start=5", "start=5"},
		{"after the items, if the link leads backward", "/journal?start=0", "start=2"},
		{"after the items, if the link is inside the page", "/journal?start=1", "start=2"},
		{"after the items, if the link is negative", "/journal?start=-5", "start=2"},
		{"after the items, if the link has no start", "/journal", "start=2"},
		{"after the items, if the link is not a number", "/journal?start=many", "start=2"},
		{"after the items, if the number is too large", "/journal?start=99999999999999999999999", "start=2"},
		{"after the items, if the link is malformed", "/journal?%zz=1;&start=%", "start=2"},
		{"at a cursor", "/journal?cursor=abc%2F%2B%3D&start=9", "cursor=abc%2F%2B%3D"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := try.ServeFunc(t, func(r try.Request) try.Answer {
				if r.Param("start") == "0" {
					return pageOf(0, c.next, "a", "b")
				}
				return try.JSON(`{"results": [{"text": "c"}], "limit": 100, "_links": {}}`)
			})
			got, err := walk(t, newClient(t, s).EntriesPager(&links.GetEntriesParams{EndDate: end}))
			if err != nil {
				t.Fatal(err)
			}
			try.Equal(t, "texts", got, []string{"a", "b", "c"})
			try.Equal(t, "requests", s.Lines(), []string{
				"GET /journal?endDate=1700000000000&start=0", "GET /journal?endDate=1700000000000&" + c.want,
			})
		})
	}
}

func TestAWalkEndsAtTheLastPage(t *testing.T) {
	full := func(links string) try.Answer {
		return try.JSON(`{"results": [{"text": "a"}], "start": 0, "limit": 1, "_links": {%s}}`, links)
	}
	empty := try.JSON(`{"results": [], "limit": 1}`)
	cases := []struct {
		name    string
		answers []try.Answer
		want    []string
		places  []string
	}{
		{"fewer than the limit, and no link", []try.Answer{pageOf(0, "", "a")}, []string{"a"}, []string{"start=0"}},
		{"fewer than the limit, and an empty link",
			[]try.Answer{try.JSON(`{"results": [{"text": "a"}], "limit": 2, "_links": {"next": ""}}`)}, []string{"a"}, []string{"start=0"}},
		{"fewer than the limit, and a link that is null",
			[]try.Answer{try.JSON(`{"results": [{"text": "a"}], "limit": 2, "_links": {"next": null}}`)}, []string{"a"}, []string{"start=0"}},
		{"fewer than the limit, and no links at all",
			[]try.Answer{try.JSON(`{"results": [{"text": "a"}], "limit": 2}`)}, []string{"a"}, []string{"start=0"}},
		{"fewer than the limit, but not with a link forward",
			[]try.Answer{pageOf(0, "/journal?start=1", "a"), pageOf(1, "", "b")}, []string{"a", "b"}, []string{"start=0", "start=1"}},
		{"an empty page after a full one without a link", []try.Answer{full(``), empty}, []string{"a"}, []string{"start=0", "start=1"}},
		{"an empty page after a full one with an empty link", []try.Answer{full(`"next": ""`), empty}, []string{"a"}, []string{"start=0", "start=1"}},
		{"an empty page after a full one with a link that is null",
			[]try.Answer{full(`"next": null`), empty}, []string{"a"}, []string{"start=0", "start=1"}},
		{"an empty page, if no response has a limit",
			[]try.Answer{try.JSON(`{"results": [{"text": "a"}]}`), try.JSON(`{"results": []}`)}, []string{"a"}, []string{"start=0", "start=1"}},
		{"an empty first page", []try.Answer{pageOf(0, "")}, []string{}, []string{"start=0"}},
		{"an empty page, if its list is null", []try.Answer{try.JSON(`{"results": null, "limit": 1}`)}, []string{}, []string{"start=0"}},
		{"an empty page, if its link leads backward",
			[]try.Answer{pageOf(0, "/journal?start=1", "a"), pageOf(1, "/journal?start=0")}, []string{"a"}, []string{"start=0", "start=1"}},
		{"an empty page, if its link leads to itself",
			[]try.Answer{pageOf(0, "/journal?start=1", "a"), pageOf(1, "/journal?start=1")}, []string{"a"}, []string{"start=0", "start=1"}},
		{"an empty page, but not with a link forward",
			[]try.Answer{pageOf(0, "/journal?start=1", "a"), pageOf(1, "/journal?start=7"), pageOf(7, "", "b")},
			[]string{"a", "b"}, []string{"start=0", "start=1", "start=7"}},
		{"an empty first page, but not with a link to a cursor",
			[]try.Answer{pageOf(0, "/journal?cursor=x"), pageOf(0, "", "b")}, []string{"b"}, []string{"start=0", "cursor=x"}},
		{"no next cursor after a cursor, even if the page is full",
			[]try.Answer{pageOf(0, "/journal?cursor=x", "a"), full(``)}, []string{"a", "a"}, []string{"start=0", "cursor=x"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := try.Serve(t, c.answers...)
			got, err := walk(t, newClient(t, s).EntriesPager(&links.GetEntriesParams{EndDate: end}))
			if err != nil {
				t.Fatal(err)
			}
			try.Equal(t, "texts", got, c.want)
			var lines []string
			for _, place := range c.places {
				lines = append(lines, "GET /journal?endDate=1700000000000&"+place)
			}
			try.Equal(t, "requests", s.Lines(), lines)
		})
	}
}

func TestAResponseWithoutTheListingIsAnErrorOnEveryPage(t *testing.T) {
	for _, body := range []string{`{}`, `{"message": "Something went wrong"}`, `{"values": [{"text": "x"}]}`, `{"results": "none"}`, `{"results": {}}`, `[]`, `null`} {
		for at := range 4 { // the last page is the fourth
			t.Run(fmt.Sprint(body, " at page ", at), func(t *testing.T) {
				n := -1
				s := try.ServeFunc(t, func(r try.Request) try.Answer {
					if n++; n == at {
						return try.JSON("%s", body)
					}
					return answerOf(r)
				})
				p := newClient(t, s).EntriesPager(&links.GetEntriesParams{EndDate: end})
				got, err := walk(t, p)
				var ended *rest.PageError
				var api *rest.APIError
				if !errors.As(err, &ended) || !errors.As(err, &api) || !errors.Is(err, rest.ErrNotJSON) {
					t.Fatalf("got %v, want a PageError about an APIError that is ErrNotJSON", err)
				}
				try.Equal(t, "texts", strings.Join(got, ""), "abcdefg"[:2*at])
				try.Equal(t, "position", ended.Position, rest.Position{Offset: int64(2 * at), End: end})
				more, err := walk(t, p)
				if err != nil {
					t.Fatal(err)
				}
				try.Equal(t, "all texts", strings.Join(append(got, more...), ""), "abcdefg")
			})
		}
	}
}

func TestAWalkWithLimitZeroIsRefused(t *testing.T) {
	for _, limit := range []int64{0, -1} {
		s := try.Serve(t)
		_, err := walk(t, newClient(t, s).EntriesPager(&links.GetEntriesParams{Limit: &limit}))
		var ended *rest.PageError
		if !errors.Is(err, rest.ErrNoLimit) || !errors.As(err, &ended) {
			t.Errorf("limit %d: got %v, want a PageError that is ErrNoLimit", limit, err)
		}
		try.Equal(t, "requests", s.Lines(), []string{})
	}
}

func TestAnOpenEndIsPinnedForTheWholeWalk(t *testing.T) {
	before := time.Now().Truncate(time.Millisecond)
	s := try.Serve(t, pageOf(0, "/journal?start=1", "a"), pageOf(1, "/journal?start=2&endDate=1", "b"), pageOf(2, "", "c"))
	params := &links.GetEntriesParams{}
	p := newClient(t, s).EntriesPager(params)
	if _, err := walk(t, p); err != nil {
		t.Fatal(err)
	}
	pinned := p.Position().End
	if pinned.Before(before) || pinned.After(time.Now()) {
		t.Errorf("pinned to %v, which is not now", pinned)
	}
	for i, r := range s.Requests() {
		try.Equal(t, "query", r.Query, fmt.Sprintf("endDate=%d&start=%d", pinned.UnixMilli(), i))
	}
	try.Equal(t, "the caller's parameters", *params, links.GetEntriesParams{})
}

func TestARepeatedPageIsAnError(t *testing.T) {
	same := pageOf(0, "/journal?start=2", "a", "b")
	cases := []struct {
		name   string
		answer func(n int) try.Answer // n counts the requests
		want   []string
		from   rest.Position
	}{
		{"always the first page", func(int) try.Answer { return same }, []string{"a", "b"}, rest.Position{Offset: 2}},
		{"always the first page, without a start", func(int) try.Answer {
			return try.JSON(`{"results": [{"text": "a"}, {"text": "b"}], "_links": {"next": "/journal?start=2"}}`)
		}, []string{"a", "b"}, rest.Position{Offset: 2}},
		{"the same cursor", func(n int) try.Answer {
			return try.JSON(`{"results": [{"text": "%d"}], "_links": {"next": "/journal?cursor=x"}}`, n)
		}, []string{"0", "1"}, rest.Position{Cursor: "x", Offset: 1}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			n := -1
			s := try.ServeFunc(t, func(try.Request) try.Answer { n++; return c.answer(n) })
			p := newClient(t, s).EntriesPager(&links.GetEntriesParams{EndDate: end})
			got, err := walk(t, p)
			var ended *rest.PageError
			if !errors.Is(err, rest.ErrRepeatedPage) || !errors.As(err, &ended) {
				t.Fatalf("got %v, want a PageError that is ErrRepeatedPage", err)
			}
			try.Equal(t, "texts", got, c.want)
			c.from.End = end
			try.Equal(t, "position", ended.Position, c.from)
			if n := len(s.Requests()); n > 2 {
				t.Errorf("asked %d times", n)
			}
		})
	}
}

// A cycle of several pages is found after a few rounds, whatever the pages contain.
func TestACycleOfCursorsIsAnError(t *testing.T) {
	for _, length := range []int{1, 2, 3, 5, 8} {
		for _, before := range []int{0, 1, 6} {
			t.Run(fmt.Sprint(length, " after ", before), func(t *testing.T) {
				n := -1
				s := try.ServeFunc(t, func(try.Request) try.Answer {
					n++
					next := n
					if n >= before {
						next = before + (n-before)%length
					}
					return try.JSON(`{"results": [{"text": "%d"}], "_links": {"next": "/journal?cursor=%d"}}`, n, next)
				})
				_, err := walk(t, newClient(t, s).EntriesPager(nil))
				if !errors.Is(err, rest.ErrRepeatedPage) {
					t.Fatalf("got %v, want ErrRepeatedPage", err)
				}
				if n > 4*(before+length)+4 {
					t.Errorf("found after %d requests", n)
				}
			})
		}
	}
}

func TestAPagerFromAPositionWithoutAnEndKeepsTheEndOfItsParameters(t *testing.T) {
	s := try.Serve(t, try.JSON(`{"results": []}`))
	pager := newClient(t, s).EntriesPager(&links.GetEntriesParams{EndDate: time.UnixMilli(5)}).From(rest.Position{Offset: 5})
	if _, err := walk(t, pager); err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "request", s.Only(t).Line(), "GET /journal?endDate=5&start=5")
}

func TestARecordWithProblemsComesWithAnErrorAndTheWalkGoesOn(t *testing.T) {
	s := try.Serve(t,
		try.JSON(`{"results": [{"text": "a"}, {"text": 5, "at": "soon", "x": 1}], "start": 0, "_links": {"next": "/journal?start=2"}}`),
		try.JSON(`{"results": [7, {"text": "d"}], "start": 2, "limit": 100}`))
	texts, faults := []string{}, []rest.RecordError{}
	for e, err := range newClient(t, s).AllEntries(t.Context(), nil) {
		var fault *rest.RecordError
		if errors.As(err, &fault) {
			faults = append(faults, *fault)
		} else if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, e.Text)
	}
	try.Equal(t, "texts", texts, []string{"a", "", "", "d"})
	try.Equal(t, "faults", faults, []rest.RecordError{
		{Index: 1, Path: "results[1].text", Reason: "number where string is documented, and 1 more",
			Raw: []byte(`{"text": 5, "at": "soon", "x": 1}`)},
		{Index: 0, Path: "results[0]", Reason: "number where object is documented", Raw: []byte(`7`)},
	})
}

func TestPagesAreComplete(t *testing.T) {
	s := try.Serve(t, pageOf(0, "/journal?start=2", "a", "b"), try.JSON(`{"results": [{"text": 5}, {"text": "d"}, {"at": []}], "limit": 100}`))
	var got []string
	for entries, err := range newClient(t, s).EntriesPager(nil).Pages(t.Context()) {
		got = append(got, fmt.Sprintf("%d entries, %v", len(entries), err))
	}
	try.Equal(t, "pages", got, []string{
		"2 entries, <nil>",
		"3 entries, results[0].text: number where string is documented\nresults[2].at: array where time is documented",
	})
}

// answerOf is the response of a server with seven entries, two per page.
func answerOf(r try.Request) try.Answer {
	all := strings.Split("abcdefg", "")
	var start int
	if _, err := fmt.Sscan(r.Param("start"), &start); err != nil {
		return try.Answer{Status: http.StatusBadRequest}
	}
	start = min(start, len(all))
	stop := min(start+2, len(all))
	next := ""
	if stop < len(all) {
		next = fmt.Sprintf("/journal?start=%d", stop)
	}
	return pageOf(start, next, all[start:stop]...)
}

// journal is that server. It fails once at each of the given offsets.
func journal(t *testing.T, failAt ...string) *try.Server {
	failing := map[string]bool{}
	for _, at := range failAt {
		failing[at] = true
	}
	return try.ServeFunc(t, func(r try.Request) try.Answer {
		at := r.Param("start")
		if failing[at] {
			delete(failing, at)
			return try.Answer{Status: http.StatusInternalServerError}
		}
		return answerOf(r)
	})
}

func TestAnErrorHasThePositionToResumeFrom(t *testing.T) {
	s := journal(t, "4")
	c := newClient(t, s)
	p := c.EntriesPager(&links.GetEntriesParams{Limit: new(int64(2))})
	got, err := walk(t, p)
	var ended *rest.PageError
	var api *rest.APIError
	if !errors.As(err, &ended) || !errors.As(err, &api) {
		t.Fatalf("got %v, want a PageError about an APIError", err)
	}
	try.Equal(t, "texts", got, []string{"a", "b", "c", "d"})
	try.Equal(t, "offset", ended.Position.Offset, 4)
	try.Equal(t, "the pager's own position", p.Position(), ended.Position)
	try.Equal(t, "error", err.Error(), "listing ended at offset 4: GET /journal: 500 Internal Server Error")

	var kept rest.Position
	saved, err := json.Marshal(ended.Position)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(saved, &kept); err != nil {
		t.Fatal(err)
	}
	for name, resumed := range map[string]*rest.Pager[links.Entry]{
		"the same pager":         p,
		"another pager":          c.EntriesPager(nil).From(ended.Position),
		"one in another process": c.EntriesPager(nil).From(kept),
	} {
		rest, err := walk(t, resumed)
		if err != nil {
			t.Fatal(err)
		}
		try.Equal(t, name, rest, []string{"e", "f", "g"})
	}
	for _, r := range s.Requests() {
		try.Equal(t, "pinned end", r.Param("endDate"), fmt.Sprint(ended.Position.End.UnixMilli()))
	}
}

func TestAWalkMayStopAnywhereAndResume(t *testing.T) {
	for stop := range 8 {
		t.Run(fmt.Sprint(stop), func(t *testing.T) {
			c := newClient(t, journal(t))
			p := c.EntriesPager(&links.GetEntriesParams{EndDate: end})
			start := []string{}
			if stop > 0 {
				for e, err := range p.All(t.Context()) {
					if err != nil {
						t.Fatal(err)
					}
					if start = append(start, e.Text); len(start) == stop {
						break
					}
				}
			}
			saved, err := json.Marshal(p.Position())
			if err != nil {
				t.Fatal(err)
			}
			var kept rest.Position
			if err := json.Unmarshal(saved, &kept); err != nil {
				t.Fatal(err)
			}
			for name, resumed := range map[string]*rest.Pager[links.Entry]{"elsewhere": c.EntriesPager(nil).From(kept), "here": p} {
				rest, err := walk(t, resumed)
				if err != nil {
					t.Fatal(err)
				}
				try.Equal(t, name, strings.Join(append(start[:len(start):len(start)], rest...), ""), "abcdefg")
			}
		})
	}
}

func TestACursorIsResumedWithinItsPage(t *testing.T) {
	s := try.ServeFunc(t, func(r try.Request) try.Answer {
		switch r.Param("cursor") {
		case "":
			return try.JSON(`{"results": [{"text": "a"}], "_links": {"next": "/journal?cursor=p2"}}`)
		case "p2":
			return try.JSON(`{"results": [{"text": "b"}, {"text": "c"}], "_links": {"next": "/journal?cursor=p3"}}`)
		}
		return try.JSON(`{"results": [{"text": "d"}]}`)
	})
	c := newClient(t, s)
	p := c.EntriesPager(&links.GetEntriesParams{EndDate: end})
	for e, err := range p.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Text == "b" {
			break
		}
	}
	try.Equal(t, "position", p.Position(), rest.Position{Cursor: "p2", Offset: 1, End: end})
	rest, err := walk(t, c.EntriesPager(nil).From(p.Position()))
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "rest", rest, []string{"c", "d"})
}

func TestAWalkStartsAtTheStartOfItsParameters(t *testing.T) {
	s := journal(t)
	got, err := walk(t, newClient(t, s).EntriesPager(&links.GetEntriesParams{Start: new(int64(5)), EndDate: end}))
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "texts", got, []string{"f", "g"})
	try.Equal(t, "requests", s.Lines(), []string{"GET /journal?endDate=1700000000000&start=5"})
}
