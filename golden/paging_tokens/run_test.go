package paging_tokens_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/seed-1954497d/auditgen/generated/rest"
	tokens "github.com/seed-1954497d/auditgen/golden/paging_tokens/want"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

func newClient(t *testing.T, s *try.Server) *tokens.Client {
	t.Helper()
	c, err := tokens.NewClient(s.URL, rest.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// ids returns the ids that a walk yields and the error that ends it.
func ids(t *testing.T, walk iter.Seq2[*tokens.Item, error]) ([]int64, error) {
	t.Helper()
	got := []int64{}
	for item, err := range walk {
		if err != nil {
			return got, err
		}
		if got = append(got, item.ID); len(got) > 5000 {
			t.Fatal("the walk does not end")
		}
	}
	return got, nil
}

func linked(body, link string) try.Answer {
	a := try.JSON(body)
	a.Header = map[string]string{"Link": link}
	return a
}

func TestWalksFollowTheResponses(t *testing.T) {
	cases := []struct {
		name    string
		answers []try.Answer
		walk    func(*tokens.Client) iter.Seq2[*tokens.Item, error]
		want    []int64
		lines   []string
	}{
		{"a token, also after a page without items", []try.Answer{
			try.JSON(`{"issues": [{"id": 1}], "nextPageToken": "a+b", "isLast": false}`),
			try.JSON(`{"issues": [], "nextPageToken": "c", "isLast": false}`),
			try.JSON(`{"issues": [{"id": 2}], "isLast": true}`),
		}, func(c *tokens.Client) iter.Seq2[*tokens.Item, error] {
			return c.AllIssues(t.Context(), &tokens.SearchIssuesParams{Q: "x"})
		}, []int64{1, 2}, []string{"GET /token?q=x", "GET /token?q=x&nextPageToken=a%2Bb", "GET /token?q=x&nextPageToken=c"}},

		{"a cursor in a link, whatever its host", []try.Answer{
			try.JSON(`{"results": [{"id": 1}], "_links": {"next": "https://evil.example/elsewhere?limit=9&cursor=zz%3D"}}`),
			try.JSON(`{"results": [{"id": 2}], "_links": {}}`),
		}, func(c *tokens.Client) iter.Seq2[*tokens.Item, error] {
			return c.AllPages(t.Context(), nil)
		}, []int64{1, 2}, []string{"GET /cursor", "GET /cursor?cursor=zz%3D"}},

		{"a link in the header", []try.Answer{
			linked(`[{"id": 1}]`, `</header?cursor=p>; rel="prev", </header?cursor=n>; title="a, b"; rel="last next"`),
			linked(`[{"id": 2}]`, `</header?cursor=p>; rel="prev"`),
		}, func(c *tokens.Client) iter.Seq2[*tokens.Item, error] {
			return c.AllLinked(t.Context(), nil)
		}, []int64{1, 2}, []string{"GET /header", "GET /header?cursor=n"}},

		{"the address of the next page", []try.Answer{
			try.JSON(`{"values": [{"id": 1}], "page": 1, "pagelen": 1, "next": "https://api.example/repositories/w?q=y&page=2"}`),
			try.JSON(`{"values": [{"id": 2}], "page": 2, "pagelen": 1}`),
		}, func(c *tokens.Client) iter.Seq2[*tokens.Item, error] {
			return c.AllRepositories(t.Context(), "w", &tokens.ListRepositoriesParams{Q: "y"})
		}, []int64{1, 2}, []string{"GET /repositories/w?q=y", "GET /repositories/w?q=y&page=2"}},

		{"offsets until the response says that it is the last, after short pages", []try.Answer{
			try.JSON(`{"values": [{"id": 1}], "startAt": 0, "maxResults": 50, "total": 1, "isLast": false}`),
			try.JSON(`{"values": [{"id": 2}], "startAt": 1, "maxResults": 50, "total": 9, "isLast": true}`),
		}, func(c *tokens.Client) iter.Seq2[*tokens.Item, error] {
			return c.AllThings(t.Context(), nil)
		}, []int64{1, 2}, []string{"GET /last?startAt=0", "GET /last?startAt=1"}},

		{"offsets until the response says that it is the last, even if it is full", []try.Answer{
			try.JSON(`{"values": [{"id": 1}], "startAt": 0, "maxResults": 1, "isLast": false}`),
			try.JSON(`{"values": [{"id": 2}], "startAt": 1, "maxResults": 1, "isLast": true}`),
		}, func(c *tokens.Client) iter.Seq2[*tokens.Item, error] {
			return c.AllThings(t.Context(), nil)
		}, []int64{1, 2}, []string{"GET /last?startAt=0", "GET /last?startAt=1"}},

		{"offsets until a page is short, if the response does not say that it is the last", []try.Answer{
			try.JSON(`{"values": [{"id": 1}], "startAt": 0, "maxResults": 1}`),
			try.JSON(`{"values": [{"id": 2}], "startAt": 1, "maxResults": 2, "isLast": null}`),
		}, func(c *tokens.Client) iter.Seq2[*tokens.Item, error] {
			return c.AllThings(t.Context(), nil)
		}, []int64{1, 2}, []string{"GET /last?startAt=0", "GET /last?startAt=1"}},

		{"offsets until an empty page, if the response is a bare list", []try.Answer{
			try.JSON(`[{"id": 1}, {"id": 2}]`), try.JSON(`[{"id": 3}]`), try.JSON(`[]`),
		}, func(c *tokens.Client) iter.Seq2[*tokens.Item, error] {
			return c.AllUsers(t.Context(), nil)
		}, []int64{1, 2, 3}, []string{"GET /array?startAt=0", "GET /array?startAt=2", "GET /array?startAt=3"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := try.Serve(t, c.answers...)
			got, err := ids(t, c.walk(newClient(t, s)))
			if err != nil {
				t.Fatal(err)
			}
			try.Equal(t, "ids", got, c.want)
			try.Equal(t, "requests", s.Lines(), c.lines)
		})
	}
}

func TestABadTokenIsAnErrorAfterTheItems(t *testing.T) {
	cases := []struct {
		name, answer string
		walk         func(*tokens.Client) iter.Seq2[*tokens.Item, error]
	}{
		{"always the same token", `{"issues": [{"id": 1}], "nextPageToken": "a"}`,
			func(c *tokens.Client) iter.Seq2[*tokens.Item, error] { return c.AllIssues(t.Context(), nil) }},
		{"a link without a cursor", `{"results": [{"id": 1}], "_links": {"next": "/cursor?limit=5"}}`,
			func(c *tokens.Client) iter.Seq2[*tokens.Item, error] { return c.AllPages(t.Context(), nil) }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			n := 0 // makes the items of each page different
			s := try.ServeFunc(t, func(try.Request) try.Answer {
				n++
				return try.JSON("%s", strings.Replace(c.answer, `"id": 1`, fmt.Sprintf(`"id": %d`, n), 1))
			})
			got, err := ids(t, c.walk(newClient(t, s)))
			if !errors.Is(err, rest.ErrRepeatedPage) || len(got) == 0 {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

// The page says that it is not the last one, but its offset does not advance.
func TestAnEmptyPageThatIsNotTheLastIsAnErrorIfTheOffsetStays(t *testing.T) {
	s := try.Serve(t, try.JSON(`{"values": [{"id": 1}], "startAt": 0, "isLast": false}`), try.JSON(`{"values": [], "startAt": 1, "isLast": false}`))
	got, err := ids(t, newClient(t, s).AllThings(t.Context(), nil))
	if !errors.Is(err, rest.ErrRepeatedPage) {
		t.Errorf("got %v, want ErrRepeatedPage", err)
	}
	try.Equal(t, "ids", got, []int64{1})
}

func TestAWalkWithLimitZeroIsRefused(t *testing.T) {
	for _, limit := range []int64{0, -1} {
		s := try.Serve(t)
		_, err := ids(t, newClient(t, s).AllThings(t.Context(), &tokens.GetThingsParams{MaxResults: &limit}))
		var ended *rest.PageError
		if !errors.Is(err, rest.ErrNoLimit) || !errors.As(err, &ended) {
			t.Errorf("limit %d: got %v, want a PageError that is ErrNoLimit", limit, err)
		}
		try.Equal(t, "requests", s.Lines(), []string{})
	}
}

// styles are the listings, each with three pages of one item.
var styles = []struct {
	name  string
	walk  func(*tokens.Client) *rest.Pager[tokens.Item]
	pages [3]try.Answer
}{
	{"token", func(c *tokens.Client) *rest.Pager[tokens.Item] { return c.IssuesPager(nil) }, [3]try.Answer{
		try.JSON(`{"issues": [{"id": 1}], "nextPageToken": "a"}`), try.JSON(`{"issues": [{"id": 2}], "nextPageToken": "b"}`), try.JSON(`{"issues": [{"id": 3}]}`)}},
	{"cursor in a link", func(c *tokens.Client) *rest.Pager[tokens.Item] { return c.PagesPager(nil) }, [3]try.Answer{
		try.JSON(`{"results": [{"id": 1}], "_links": {"next": "?cursor=a"}}`), try.JSON(`{"results": [{"id": 2}], "_links": {"next": "?cursor=b"}}`),
		try.JSON(`{"results": [{"id": 3}], "_links": {}}`)}},
	{"link in the header", func(c *tokens.Client) *rest.Pager[tokens.Item] { return c.LinkedPager(nil) }, [3]try.Answer{
		linked(`[{"id": 1}]`, `</header?cursor=a>; rel="next"`), linked(`[{"id": 2}]`, `</header?cursor=b>; rel="next"`), try.JSON(`[{"id": 3}]`)}},
	{"address of the next page", func(c *tokens.Client) *rest.Pager[tokens.Item] { return c.RepositoriesPager("w", nil) }, [3]try.Answer{
		try.JSON(`{"values": [{"id": 1}], "next": "https://api.example/?page=2"}`), try.JSON(`{"values": [{"id": 2}], "next": "https://api.example/?page=3"}`),
		try.JSON(`{"values": [{"id": 3}]}`)}},
	{"offset", func(c *tokens.Client) *rest.Pager[tokens.Item] { return c.ThingsPager(nil) }, [3]try.Answer{
		try.JSON(`{"values": [{"id": 1}], "startAt": 0, "isLast": false}`), try.JSON(`{"values": [{"id": 2}], "startAt": 1, "isLast": false}`),
		try.JSON(`{"values": [{"id": 3}], "startAt": 2, "isLast": true}`)}},
	{"offset in a bare list", func(c *tokens.Client) *rest.Pager[tokens.Item] { return c.UsersPager(nil) }, [3]try.Answer{
		try.JSON(`[{"id": 1}]`), try.JSON(`[{"id": 2}]`), try.JSON(`[]`)}},
}

func TestAResponseWithoutTheListingIsAnErrorOnEveryPage(t *testing.T) {
	bodies := []string{`{}`, `{"message": "Something went wrong"}`, `{"records": [{"id": 9}]}`, `"none"`, `7`, `null`,
		`{"issues": {}, "results": {}, "values": {}}`, `{"issues": "x", "results": "x", "values": "x"}`}
	for _, style := range styles {
		for _, body := range bodies {
			for at := range style.pages {
				t.Run(fmt.Sprintf("%s, %s at page %d", style.name, body, at), func(t *testing.T) {
					answers := append(append(slices.Clone(style.pages[:at]), try.JSON("%s", body)), style.pages[at:]...)
					s := try.Serve(t, answers...)
					p := style.walk(newClient(t, s))
					got, err := ids(t, p.All(t.Context()))
					var ended *rest.PageError
					var api *rest.APIError
					if !errors.As(err, &ended) || !errors.As(err, &api) || !errors.Is(err, rest.ErrNotJSON) {
						t.Fatalf("got %v, want a PageError about an APIError that is ErrNotJSON", err)
					}
					try.Equal(t, "ids", got, []int64{1, 2, 3}[:at])
					more, err := ids(t, style.walk(newClient(t, s)).From(ended.Position).All(t.Context()))
					if err != nil {
						t.Fatal(err)
					}
					last := 3
					if style.name == "offset in a bare list" {
						last = 2
					}
					try.Equal(t, "all ids", append(got, more...), []int64{1, 2, 3}[:last])
				})
			}
		}
	}
}

func TestEndlessEmptyPagesAreAnError(t *testing.T) {
	n := 0
	s := try.ServeFunc(t, func(try.Request) try.Answer {
		n++
		return try.JSON(`{"issues": [], "nextPageToken": "%d"}`, n)
	})
	if _, err := ids(t, newClient(t, s).AllIssues(t.Context(), nil)); !errors.Is(err, rest.ErrRepeatedPage) {
		t.Errorf("got %v", err)
	}
}

func TestAWalkByTokensResumesFromItsPosition(t *testing.T) {
	pages := map[string]string{"": `{"issues": [{"id": 1}, {"id": 2}], "nextPageToken": "b"}`, "b": `{"issues": [{"id": 3}, {"id": 4}]}`}
	s := try.ServeFunc(t, func(r try.Request) try.Answer { return try.JSON("%s", pages[r.Param("nextPageToken")]) })
	for stop := range 4 {
		pager := newClient(t, s).IssuesPager(nil)
		first := []int64{}
		for item, err := range pager.All(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			if first = append(first, item.ID); len(first) == stop+1 {
				break
			}
		}
		kept, err := json.Marshal(pager.Position())
		if err != nil {
			t.Fatal(err)
		}
		var at rest.Position
		if err := json.Unmarshal(kept, &at); err != nil {
			t.Fatal(err)
		}
		rest, err := ids(t, newClient(t, s).IssuesPager(nil).From(at).All(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		try.Equal(t, "all, stopped after "+strings.Repeat("i", stop+1), append(first, rest...), []int64{1, 2, 3, 4})
	}
}
