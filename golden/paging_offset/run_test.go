package paging_offset_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seed-1954497d/auditgen/generated/rest"
	offset "github.com/seed-1954497d/auditgen/golden/paging_offset/want"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

type params = offset.ListLinesParams

// end is the upper time bound of the walks, so that requests are predictable.
var end = time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)

const asked = "GET /ledger/main/lines?"

func newClient(t *testing.T, s *try.Server) *offset.Client {
	t.Helper()
	c, err := offset.NewClient(s.URL, rest.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// pageOf returns a page with the lines of the ids. head is the members before them.
func pageOf(head string, ids ...int64) try.Answer {
	lines := []string{}
	for _, id := range ids {
		lines = append(lines, fmt.Sprintf(`{"id": %d, "created": "2022-01-24T08:48:05.645+0000"}`, id))
	}
	return try.JSON(`{%s"lines": [%s]}`, head, strings.Join(lines, ","))
}

// walk returns the ids of the lines that a pager yields and the error that ends it.
func walk(t *testing.T, p *rest.Pager[offset.ListLinesResponseLine]) ([]int64, error) {
	t.Helper()
	ids := []int64{}
	for line, err := range p.All(t.Context()) {
		if err != nil {
			return ids, err
		}
		if ids = append(ids, line.ID); len(ids) > 1000 {
			t.Fatal("the walk does not end")
		}
	}
	return ids, nil
}

func TestAWalkEndsAtTheLastPage(t *testing.T) {
	cases := []struct {
		name    string
		limit   *int64
		answers []try.Answer
		want    []int64
		offsets []string
	}{
		{"fewer than the limit in the response", nil,
			[]try.Answer{pageOf(`"offset": 0, "limit": 2, "total": 3, `, 9, 8), pageOf(`"offset": 2, "limit": 2, "total": 3, `, 7)},
			[]int64{9, 8, 7}, []string{"offset=0", "offset=2"}},
		{"not fewer than the requested limit, if the server cut it", new(int64(5000)),
			[]try.Answer{pageOf(`"limit": 2, `, 9, 8), pageOf(`"limit": 2, `)},
			[]int64{9, 8}, []string{"offset=0&limit=5000", "offset=2&limit=5000"}},
		{"not a total that is too small", nil,
			[]try.Answer{pageOf(`"limit": 1, "total": 1, `, 9), pageOf(`"limit": 1, "total": 1, `, 8), pageOf(`"limit": 1, `)},
			[]int64{9, 8}, []string{"offset=0", "offset=1", "offset=2"}},
		{"an empty page, whatever the total", nil,
			[]try.Answer{pageOf(`"limit": 1, "total": 1000000, `, 9), pageOf(`"offset": 1, "limit": 1, "total": 1000000, `)},
			[]int64{9}, []string{"offset=0", "offset=1"}},
		{"an empty page, if there is no limit", nil,
			[]try.Answer{pageOf(``, 9, 8), pageOf(``, 7), pageOf(``)},
			[]int64{9, 8, 7}, []string{"offset=0", "offset=2", "offset=3"}},
		{"an empty page, if the limit is invalid", nil,
			[]try.Answer{pageOf(`"limit": 0, `, 9), pageOf(`"limit": null, `, 8), pageOf(`"limit": "x", `, 7), pageOf(`"limit": -1, `)},
			[]int64{9, 8, 7}, []string{"offset=0", "offset=1", "offset=2", "offset=3"}},
		{"an empty first page", nil, []try.Answer{pageOf(`"offset": 0, "limit": 2, "total": 99, `)}, []int64{}, []string{"offset=0"}},
		{"an empty page, if its list is null", nil, []try.Answer{try.JSON(`{"lines": null}`)}, []int64{}, []string{"offset=0"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := try.Serve(t, c.answers...)
			got, err := walk(t, newClient(t, s).LinesPager("main", &params{Limit: c.limit, To: end}))
			if err != nil {
				t.Fatal(err)
			}
			try.Equal(t, "ids", got, c.want)
			var lines []string
			for _, o := range c.offsets {
				lines = append(lines, asked+o+"&to=2026-03-01T10%3A00%3A00Z")
			}
			try.Equal(t, "requests", s.Lines(), lines)
		})
	}
}

func TestEveryPageHasTheSamePathParameter(t *testing.T) {
	s := try.Serve(t, pageOf(`"limit": 1, `, 9), pageOf(`"limit": 1, `))
	for line, err := range newClient(t, s).AllLines(t.Context(), "a/b ü", &params{To: end}) {
		if err != nil {
			t.Fatal(err)
		}
		try.Equal(t, "created", line.Created, time.Date(2022, 1, 24, 8, 48, 5, 645e6, time.UTC))
	}
	for _, r := range s.Requests() {
		try.Equal(t, "path", r.Path, "/ledger/a%2Fb%20%C3%BC/lines")
	}
}

func TestAPathParameterThatLeavesThePathIsRefused(t *testing.T) {
	s := try.Serve(t)
	_, err := walk(t, newClient(t, s).LinesPager("..", nil))
	var ended *rest.PageError
	if !errors.As(err, &ended) {
		t.Errorf("got %v, want a PageError", err)
	}
	try.Equal(t, "requests", s.Lines(), []string{})
}

func TestAnOpenEndIsPinnedForTheWholeWalk(t *testing.T) {
	before := time.Now().Truncate(time.Millisecond)
	s := try.Serve(t, pageOf(`"limit": 1, `, 9), pageOf(`"limit": 1, `, 8), pageOf(`"limit": 1, `))
	p := newClient(t, s).LinesPager("main", nil)
	if _, err := walk(t, p); err != nil {
		t.Fatal(err)
	}
	pinned := p.Position().End
	if pinned.Before(before) || pinned.After(time.Now()) {
		t.Errorf("pinned to %v, which is not now", pinned)
	}
	for _, r := range s.Requests() {
		try.Equal(t, "to", r.Param("to"), pinned.Format(time.RFC3339Nano))
	}
}

func TestAPageWithAnotherStartIsAnError(t *testing.T) {
	cases := []struct {
		name     string
		answer   func(n int64) try.Answer // n counts the requests
		repeated bool
		want     string
	}{
		{"always the same page", func(int64) try.Answer { return pageOf(`"limit": 2, `, 9, 8) }, true,
			"listing ended at offset 2: the server repeats itself"},
		{"the offset is ignored", func(n int64) try.Answer { return pageOf(`"offset": 0, "limit": 2, `, 9-n, 8-n) }, true,
			"listing ended at offset 2: the server repeats itself: asked for offset 2, got 0"},
		{"items are skipped", func(n int64) try.Answer { return pageOf(fmt.Sprintf(`"offset": %d, "limit": 2, `, n*5), 9-n, 8-n) }, false,
			"listing ended at offset 2: records 2 to 4 are missing: asked for offset 2, got 5"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			n := int64(-1)
			s := try.ServeFunc(t, func(try.Request) try.Answer { n++; return c.answer(n) })
			got, err := walk(t, newClient(t, s).LinesPager("main", nil))
			if err == nil || err.Error() != c.want || errors.Is(err, rest.ErrRepeatedPage) != c.repeated {
				t.Errorf("got %v, want %s", err, c.want)
			}
			try.Equal(t, "ids", got, []int64{9, 8})
			try.Equal(t, "requests", len(s.Requests()), 2)
		})
	}
}

// Lines have no identity. If responses have a start, equal pages are not a repetition. If they do
// not, a page that equals the one before is one.
func TestEqualPagesAreARepetitionOnlyWithoutAStart(t *testing.T) {
	cases := []struct {
		name    string
		answers []try.Answer
		want    []int64
		err     string
	}{
		{"responses with a start", []try.Answer{pageOf(`"offset": 0, "limit": 2, `, 1, 1), pageOf(`"offset": 2, "limit": 2, `, 1, 1), pageOf(`"offset": 4, "limit": 2, `, 1)},
			[]int64{1, 1, 1, 1, 1}, ""},
		{"responses without a start", []try.Answer{pageOf(`"limit": 2, `, 1, 1), pageOf(`"limit": 2, `, 1, 1)},
			[]int64{1, 1}, "listing ended at offset 2: the server repeats itself"},
		{"responses with an invalid start", []try.Answer{pageOf(`"offset": "0", "limit": 2, `, 1, 1), pageOf(`"offset": null, "limit": 2, `, 1, 1)},
			[]int64{1, 1}, "listing ended at offset 2: the server repeats itself"},
		{"a page in between", []try.Answer{pageOf(`"limit": 1, `, 1), pageOf(`"limit": 1, `, 2), pageOf(`"limit": 1, `, 1), pageOf(`"limit": 1, `)},
			[]int64{1, 2, 1}, ""},
		{"fewer items", []try.Answer{pageOf(`"limit": 2, `, 1, 1), pageOf(`"limit": 2, `, 1)}, []int64{1, 1, 1}, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := try.Serve(t, c.answers...)
			got, err := walk(t, newClient(t, s).LinesPager("main", nil))
			if message := fmt.Sprint(err); errors.Is(err, rest.ErrRepeatedPage) != (c.err != "") || c.err != "" && message != c.err {
				t.Errorf("got %v, want %s", err, c.err)
			}
			try.Equal(t, "ids", got, c.want)
			try.Equal(t, "requests", len(s.Requests()), len(c.answers))
		})
	}
}

func TestAResponseWithoutTheListingIsAnErrorOnEveryPage(t *testing.T) {
	for _, body := range []string{`{}`, `{"errorMessages": ["Something went wrong"]}`, `{"values": [{"id": 1}]}`, `{"lines": 7}`, `{"lines": {}}`, `[]`, `null`} {
		for at := range 4 { // the last page is the fourth
			t.Run(fmt.Sprint(body, " at page ", at), func(t *testing.T) {
				n := -1
				s := try.ServeFunc(t, func(r try.Request) try.Answer {
					if n++; n == at {
						return try.JSON("%s", body)
					}
					return answerOf(r)
				})
				p := newClient(t, s).LinesPager("main", &params{To: end})
				got, err := walk(t, p)
				var ended *rest.PageError
				var api *rest.APIError
				if !errors.As(err, &ended) || !errors.As(err, &api) || !errors.Is(err, rest.ErrNotJSON) {
					t.Fatalf("got %v, want a PageError about an APIError that is ErrNotJSON", err)
				}
				try.Equal(t, "ids", got, append([]int64{}, ids[:2*at]...))
				try.Equal(t, "position", ended.Position, rest.Position{Offset: int64(2 * at), End: end})
				more, err := walk(t, p)
				if err != nil {
					t.Fatal(err)
				}
				try.Equal(t, "all ids", append(got, more...), ids)
			})
		}
	}
}

func TestAWalkWithLimitZeroIsRefused(t *testing.T) {
	for _, limit := range []int64{0, -1} {
		s := try.Serve(t)
		_, err := walk(t, newClient(t, s).LinesPager("main", &params{Limit: &limit}))
		var ended *rest.PageError
		if !errors.Is(err, rest.ErrNoLimit) || !errors.As(err, &ended) {
			t.Errorf("limit %d: got %v, want a PageError that is ErrNoLimit", limit, err)
		}
		try.Equal(t, "requests", s.Lines(), []string{})
	}
}

func TestALineWithProblemsComesWithAnErrorAndTheWalkGoesOn(t *testing.T) {
	s := try.Serve(t, try.JSON(`{"limit": 3, "lines": [{"id": 9}, {"id": "8", "x": 1}, {"id": 7, "created": "yesterday"}]}`), pageOf(``))
	ids, faults := []int64{}, []string{}
	for line, err := range newClient(t, s).AllLines(t.Context(), "main", nil) {
		var fault *rest.RecordError
		if errors.As(err, &fault) {
			faults = append(faults, fmt.Sprintf("%d: %v: %s", fault.Index, fault, fault.Raw))
		} else if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, line.ID)
	}
	try.Equal(t, "ids", ids, []int64{9, 0, 7})
	try.Equal(t, "faults", faults, []string{
		`1: lines[1].id: string where integer is documented: {"id": "8", "x": 1}`,
		`2: lines[2].created: another string where time is documented: {"id": 7, "created": "yesterday"}`,
	})
}

// ids are the ids of the lines of a ledger.
var ids = []int64{7, 6, 5, 4, 3, 2, 1}

// answerOf is the response of a server with these lines, at most two per page.
func answerOf(r try.Request) try.Answer {
	var start int
	if _, err := fmt.Sscan(r.Param("offset"), &start); err != nil {
		return try.Answer{Status: http.StatusBadRequest}
	}
	start = min(start, len(ids))
	return pageOf(fmt.Sprintf(`"offset": %d, "limit": 2, "total": 99, `, start), ids[start:min(start+2, len(ids))]...)
}

// ledger is that server. It fails once at each of the given offsets.
func ledger(t *testing.T, failAt ...string) *try.Server {
	failing := map[string]bool{}
	for _, at := range failAt {
		failing[at] = true
	}
	return try.ServeFunc(t, func(r try.Request) try.Answer {
		at := r.Param("offset")
		if failing[at] {
			delete(failing, at)
			return try.Answer{Status: http.StatusInternalServerError}
		}
		return answerOf(r)
	})
}

func TestAnErrorHasThePositionToResumeFrom(t *testing.T) {
	for _, failAt := range []string{"0", "2", "4", "6"} {
		t.Run(failAt, func(t *testing.T) {
			s := ledger(t, failAt)
			c := newClient(t, s)
			p := c.LinesPager("main", nil)
			start, err := walk(t, p)
			var ended *rest.PageError
			if !errors.As(err, &ended) {
				t.Fatalf("got %v, want a PageError", err)
			}
			try.Equal(t, "offset", fmt.Sprint(ended.Position.Offset), failAt)
			saved, err := json.Marshal(ended.Position)
			if err != nil {
				t.Fatal(err)
			}
			var kept rest.Position
			if err := json.Unmarshal(saved, &kept); err != nil {
				t.Fatal(err)
			}
			for name, resumed := range map[string]*rest.Pager[offset.ListLinesResponseLine]{
				"the same pager": p, "one in another process": c.LinesPager("main", nil).From(kept),
			} {
				rest, err := walk(t, resumed)
				if err != nil {
					t.Fatal(err)
				}
				try.Equal(t, name, append(start[:len(start):len(start)], rest...), []int64{7, 6, 5, 4, 3, 2, 1})
			}
			for _, r := range s.Requests() {
				try.Equal(t, "pinned end", r.Param("to"), ended.Position.End.Format(time.RFC3339Nano))
			}
		})
	}
}

func TestAPositionIsSmallJSON(t *testing.T) {
	p := newClient(t, ledger(t)).LinesPager("main", &params{To: end})
	first, err := json.Marshal(p.Position())
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "before the first line", string(first), `{"end":"2026-03-01T10:00:00Z"}`)
	for line, err := range p.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if line.ID == 5 {
			break
		}
	}
	third, err := json.Marshal(p.Position())
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "after the third line", string(third), `{"offset":3,"end":"2026-03-01T10:00:00Z"}`)
	rest, err := walk(t, p)
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "rest", rest, []int64{4, 3, 2, 1})
}
