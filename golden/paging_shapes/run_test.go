package paging_shapes_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generated/rest"
	"github.com/seed-1954497d/auditgen/golden/internal/try"
	shapes "github.com/seed-1954497d/auditgen/golden/paging_shapes/want"
)

// A log of seven events in pages of three. Each server below behaves as APIs of its kind are
// documented by their vendors.
const (
	events = 7
	size   = 3
)

// from returns the events of the page that starts behind some of them, as JSON, and how many there
// are behind that page.
func from(start int) (list string, left int) {
	end := min(start+size, events)
	var all []string
	for i := start; i < end; i++ {
		all = append(all, fmt.Sprintf(`{"id":"%d","action":"signed in"}`, i+1))
	}
	return "[" + strings.Join(all, ",") + "]", events - end
}

// at reads the cursor of a request. Cursors are c3, c6 and so on, so that none can be mistaken for
// an offset.
func at(r try.Request, name string) int {
	n, _ := strconv.Atoi(strings.TrimPrefix(r.Param(name), "c"))
	return n
}

// number reads an integer of a request.
func number(r try.Request, name string, otherwise int) int {
	if n, err := strconv.Atoi(r.Param(name)); err == nil {
		return n
	}
	return otherwise
}

// pages returns a server whose page behind some events is text. It has %[1]s for the events, %[2]d
// for where the next page starts and %[3]t for whether there is one. On the last page, last
// replaces it.
func pages(start func(try.Request) int, text, last string) func(try.Request) try.Answer {
	return func(r try.Request) try.Answer {
		n := start(r)
		list, left := from(n)
		format := text
		if left == 0 && last != "" {
			format = last
		}
		return try.JSON("%s", fmt.Sprintf(format+"%[4]s", list, n+size, left > 0, ""))
	}
}

func cursor(name string) func(try.Request) int { return func(r try.Request) int { return at(r, name) } }

func header(name, value string, start func(try.Request) int) func(try.Request) try.Answer {
	return func(r try.Request) try.Answer {
		n := start(r)
		list, left := from(n)
		answer := try.JSON("%s", list)
		if left > 0 {
			answer.Header = map[string]string{name: strings.NewReplacer("NEXT", strconv.Itoa(n+size), "PAGE", strconv.Itoa(n/size+2)).Replace(value)}
		}
		return answer
	}
}

// inBody reads the cursor of a JSON body.
func inBody(r try.Request) int {
	var body struct{ Cursor string }
	if json.Unmarshal([]byte(r.Body), &body) != nil {
		return -1
	}
	n, _ := strconv.Atoi(strings.TrimPrefix(body.Cursor, "c"))
	return n
}

// endless hands out a cursor with every page. Behind the last event it is the one that was asked
// for.
func endless(r try.Request) try.Answer {
	n := at(r, "cursor")
	list, _ := from(n)
	return try.JSON(`{"data":%s,"meta":{"next":"c%d","page_size":3}}`, list, min(n+size, events))
}

// recordsURL continues at another path, which is relative to the host.
func recordsURL(r try.Request) try.Answer {
	n, _ := strconv.Atoi(strings.TrimPrefix(r.Path, "/records-url/01g-"))
	list, left := from(n)
	if left == 0 {
		return try.JSON(`{"records":%s,"done":true}`, list)
	}
	return try.JSON(`{"records":%s,"done":false,"nextRecordsUrl":"/records-url/01g-%d"}`, list, n+size)
}

func numbers(first int, text string) func(try.Request) try.Answer {
	return func(r try.Request) try.Answer {
		n := number(r, "page", first)
		list, left := from((n - first) * size)
		return try.JSON("%s", fmt.Sprintf(text+"%[4]s", list, n, left > 0, ""))
	}
}

var servers = []struct {
	pager  func(c *shapes.Client) any
	answer func(try.Request) try.Answer
}{
	{func(c *shapes.Client) any { return c.ByLinkHeaderPager(nil) }, header("Link", `<https://other.example.com/x?after=c0>; rel="self", </link-header?limit=3&after=cNEXT>; rel="next"`, cursor("after"))},
	{func(c *shapes.Client) any { return c.ByPageHeaderPager(nil) }, header("X-Next-Page", "PAGE", func(r try.Request) int { return (number(r, "page", 1) - 1) * size })},
	{func(c *shapes.Client) any { return c.ByAddressHeaderPager(nil) }, header("NextPageUri", "https://other.example.com/address-header?nextPage=cNEXT", cursor("nextPage"))},
	{func(c *shapes.Client) any { return c.ByNextCursorPager(nil) }, pages(cursor("cursor"), `{"records":%[1]s,"next_cursor":"c%[2]d","limit":3}`, `{"records":%[1]s,"next_cursor":null,"limit":3}`)},
	{func(c *shapes.Client) any { return c.ByDeepCursorPager(nil) }, pages(cursor("cursor"), `{"entries":%[1]s,"response_metadata":{"next_cursor":"c%[2]d"}}`, `{"entries":%[1]s,"response_metadata":{"next_cursor":""}}`)},
	{func(c *shapes.Client) any { return c.ByDeeperCursorPager(nil) }, pages(cursor("page[cursor]"), `{"data":%[1]s,"links":{"next":"https://x.example/y?page[cursor]=c%[2]d"},"meta":{"page":{"after":"c%[2]d"}}}`, `{"data":%[1]s}`)},
	{func(c *shapes.Client) any { return c.ByLastIDPager(nil) }, pages(func(r try.Request) int { return number(r, "after", 0) }, `{"data":%[1]s,"last_id":"%[2]d","has_more":true}`, `{"data":%[1]s,"last_id":"7","has_more":false}`)},
	{func(c *shapes.Client) any { return c.ByLastItemPager(nil) }, pages(func(r try.Request) int { return number(r, "starting_after", 0) }, `{"data":%[1]s,"has_more":%[3]t}`, "")},
	{func(c *shapes.Client) any { return c.ByStringOffsetPager(nil) }, pages(cursor("offset"), `{"data":%[1]s,"next_page":{"offset":"c%[2]d","uri":"https://x.example"}}`, `{"data":%[1]s,"next_page":null}`)},
	{func(c *shapes.Client) any { return c.ByLastPagePager(nil) }, pages(cursor("pageCursor"), `{"entities":%[1]s,"pagingInfo":{"lastPage":false,"nextPageCursor":"c%[2]d"}}`, `{"entities":%[1]s,"pagingInfo":{"lastPage":true,"nextPageCursor":"c9"}}`)},
	{func(c *shapes.Client) any { return c.EndlessPager(nil) }, endless},
	{func(c *shapes.Client) any { return c.ByBodyPager(shapes.SearchByBodyRequest{Limit: 3}) }, pages(inBody, `{"items":%[1]s,"cursor":"c%[2]d","has_more":%[3]t}`, "")},
	{func(c *shapes.Client) any { return c.NestedPager(nil) }, pages(cursor("cursor"), `{"ok":true,"data":{"items":%[1]s,"nextCursor":"c%[2]d"}}`, `{"ok":true,"data":{"items":%[1]s}}`)},
	{func(c *shapes.Client) any { return c.ByODataLinkPager(nil) }, pages(func(r try.Request) int { return at(r, "$skiptoken") + at(r, "$skip") }, `{"@odata.nextLink":"https://graph.example.com/v1.0/odata?$skip=%[2]d","value":%[1]s}`, `{"value":%[1]s}`)},
	{func(c *shapes.Client) any { return c.ByRecordsURLPager(nil) }, recordsURL},
	{func(c *shapes.Client) any { return c.ByPreviousNextPager() }, pages(cursor("p"), `{"results":%[1]s,"next":"http://other.example.com/previous-next?p=c%[2]d","previous":null}`, `{"results":%[1]s,"next":null}`)},
	{func(c *shapes.Client) any { return c.ByNumberPager(nil) }, numbers(1, `{"result":%[1]s,"result_info":{"page":%[2]d,"per_page":3,"total_pages":3}}`)},
	{func(c *shapes.Client) any { return c.ByNumberFromZeroPager(nil) }, func(r try.Request) try.Answer {
		n := number(r, "page", 0)
		list, left := from(n * size)
		return try.JSON(`{"content":%s,"number":%d,"last":%t}`, list, n, left == 0)
	}},
	{func(c *shapes.Client) any { return c.ByNumberWithMorePager(nil) }, numbers(1, `{"items":%[1]s,"hasMore":%[3]t}`)},
	{func(c *shapes.Client) any { return c.UsersPager(nil) }, pages(func(r try.Request) int { return number(r, "offset", 0) }, `{"total_count":99,"limit":3,"order":[{"by":"id"},{"by":"name"}],"entries":%[1]s}`, "")},
	{func(c *shapes.Client) any { return c.IncidentsPager(nil) }, func(r try.Request) try.Answer {
		n := number(r, "offset", 0)
		list, left := from(n)
		return try.JSON(`{"incidents":%s,"limit":25,"offset":%d,"more":%t}`, list, n, left > 0)
	}},
	{func(c *shapes.Client) any { return c.ByIndexPager(nil) }, pages(func(r try.Request) int { return max(number(r, "startIndex", 1), 1) - 1 }, `{"Resources":%[1]s,"totalResults":7}`, "")},
	{func(c *shapes.Client) any { return c.ToldPager(nil) }, pages(cursor("from"), `{"events":%[1]s,"state":{"position":"c%[2]d"}}`, `{"events":%[1]s,"state":{}}`)},
}

// walk collects the ids of a pager of any item type. All items are generated from one schema.
func walk(t *testing.T, pager any) (ids []string, err error) {
	t.Helper()
	p, ok := pager.(*rest.Pager[shapes.Event])
	if !ok {
		t.Fatalf("%T is not a pager of events", pager)
	}
	for e, err := range p.All(t.Context()) {
		if err != nil {
			return ids, err
		}
		ids = append(ids, e.ID)
	}
	return ids, nil
}

func TestEveryShapeOfPagingIsWalkedToItsEnd(t *testing.T) {
	want := []string{"1", "2", "3", "4", "5", "6", "7"}
	seen := map[string]bool{}
	for _, server := range servers {
		s := try.ServeFunc(t, server.answer)
		c, err := shapes.NewClient(s.URL, rest.WithMaxRetries(0))
		if err != nil {
			t.Fatal(err)
		}
		got, err := walk(t, server.pager(c))
		requests := s.Requests()
		path := requests[0].Path
		seen[path] = true
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got)\n%s", path, err, diff)
		}
		if n := len(requests); n < 3 || n > 4 {
			t.Errorf("%s: %d requests for three pages", path, n)
		}
	}
	if pagers := len(methods("Pager")); pagers != len(servers) || len(seen) != len(servers) {
		t.Errorf("%d pagers, and servers for %d", pagers, len(seen))
	}
}

// methods returns the methods of the client whose names have an ending.
func methods(ending string) (names []string) {
	c := reflect.TypeFor[*shapes.Client]()
	for i := range c.NumMethod() {
		if strings.HasSuffix(c.Method(i).Name, ending) {
			names = append(names, c.Method(i).Name)
		}
	}
	return names
}

func TestWithoutEvidenceThereIsNoPager(t *testing.T) {
	for _, name := range []string{"ArrayByPagePager", "ThingPager", "SpanPager"} {
		if slices.Contains(methods("Pager"), name) {
			t.Errorf("there is a %s", name)
		}
	}
}

func TestALinkNeverLeadsToAnotherHostOrAboveTheBaseURL(t *testing.T) {
	for link, want := range map[string]string{
		"https://evil.example.com/records-url/2?x=1": "/site/records-url?x=1",
		"//evil.example.com/records-url/2?x=1":       "/site/records-url?x=1",
		"/other/records-url/2?x=1":                   "/site/records-url?x=1",
		"/site/../other?x=1":                         "/site/records-url?x=1",
		"/site/%2e%2e/other?x=1":                     "/site/records-url?x=1",
		"/site/records-url/2?x=a b\u00e9&y=%22#part": "/site/records-url/2?x=a%20b%C3%A9&y=%22",
		"?x=1":                                         "/site/records-url?x=1",
		"/site/records-url/2":                          "/site/records-url/2",
		"SERVER/site/records-url/2?x=1":                "/site/records-url/2?x=1",
		"http://user:pass@127.0.0.1/site/other":        "/site/records-url",
		"http://127.0.0.1:1/site/other?page=2&token=3": "/site/records-url?page=2&token=3",
	} {
		var s *try.Server
		asked := 0
		s = try.ServeFunc(t, func(r try.Request) try.Answer {
			if asked++; asked > 1 {
				return try.JSON(`{"records":[],"done":true}`)
			}
			text, _ := json.Marshal(strings.Replace(link, "SERVER", s.URL, 1))
			return try.JSON(`{"records":[{"id":"1"}],"done":false,"nextRecordsUrl":%s}`, text)
		})
		c, err := shapes.NewClient(s.URL+"/site", rest.WithMaxRetries(0))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := walk(t, c.ByRecordsURLPager(nil)); err != nil {
			t.Errorf("%s: %v", link, err)
		}
		requests := s.Requests()
		if got := strings.TrimPrefix(requests[len(requests)-1].Line(), "GET "); len(requests) != 2 || got != want {
			t.Errorf("%s leads to %s, want %s", link, got, want)
		}
	}
}

func TestAWalkIsResumedWhereItStoppedWhateverItsShape(t *testing.T) {
	for _, server := range servers {
		s := try.ServeFunc(t, server.answer)
		c, err := shapes.NewClient(s.URL, rest.WithMaxRetries(0))
		if err != nil {
			t.Fatal(err)
		}
		for stop := 1; stop < events; stop++ {
			p := server.pager(c).(*rest.Pager[shapes.Event])
			var got []string
			for e, err := range p.All(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				if got = append(got, e.ID); len(got) == stop {
					break
				}
			}
			var kept rest.Position
			text, err := json.Marshal(p.Position())
			if err := errors.Join(err, json.Unmarshal(text, &kept)); err != nil {
				t.Fatal(err)
			}
			rest, err := walk(t, server.pager(c).(*rest.Pager[shapes.Event]).From(kept))
			if all := strings.Join(append(got, rest...), ""); all != "1234567" || err != nil {
				t.Errorf("%s: stopped behind %d and resumed from %s: %s, %v", s.Requests()[0].Path, stop, text, all, err)
			}
		}
	}
}

func TestAStreamIsFollowedToItsPresentEndAndFromThere(t *testing.T) {
	s := try.ServeFunc(t, endless)
	c, err := shapes.NewClient(s.URL, rest.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	at := rest.StartAt(time.Now())
	for _, want := range []string{"1234567", ""} {
		var got string
		for batch, err := range c.FollowEndless(t.Context(), nil, at, rest.FollowUntil(time.Now().Add(-time.Hour))) {
			if err != nil {
				t.Fatal(err)
			}
			for e := range batch.All() {
				got += e.ID
			}
			at = batch.Checkpoint
		}
		if got != want {
			t.Errorf("delivered %q, want %q", got, want)
		}
	}
}
