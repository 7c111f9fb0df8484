package paging_tokens_test

import (
	"encoding/json"
	"errors"
	"iter"
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

// ids gives the ids that a walk yields, and the error that ends it.
func ids(t *testing.T, walk iter.Seq2[*tokens.Item, error]) ([]int64, error) {
	t.Helper()
	got := []int64{}
	for item, err := range walk {
		if err != nil {
			return got, err
		}
		if got = append(got, item.ID); len(got) > 5000 {
			t.Fatal("there is no end to it")
		}
	}
	return got, nil
}

func linked(body, link string) try.Answer {
	a := try.JSON(body)
	a.Header = map[string]string{"Link": link}
	return a
}

func TestWalksGoWhereAnswersLead(t *testing.T) {
	cases := []struct {
		name    string
		answers []try.Answer
		walk    func(*tokens.Client) iter.Seq2[*tokens.Item, error]
		want    []int64
		lines   []string
	}{
		{"a token, also behind a page without items", []try.Answer{
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

		{"offsets until the answer says that it is the last, short pages or not", []try.Answer{
			try.JSON(`{"values": [{"id": 1}], "startAt": 0, "maxResults": 50, "total": 1, "isLast": false}`),
			try.JSON(`{"values": [{"id": 2}], "startAt": 1, "maxResults": 50, "total": 9, "isLast": true}`),
		}, func(c *tokens.Client) iter.Seq2[*tokens.Item, error] {
			return c.AllThings(t.Context(), nil)
		}, []int64{1, 2}, []string{"GET /last?startAt=0", "GET /last?startAt=1"}},

		{"offsets until nothing comes, where the answer is nothing but its items", []try.Answer{
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

func TestATokenThatLeadsNowhereIsAnErrorAfterItsItems(t *testing.T) {
	cases := []struct {
		name, answer string
		walk         func(*tokens.Client) iter.Seq2[*tokens.Item, error]
	}{
		{"the same token for ever", `{"issues": [{"id": 1}], "nextPageToken": "a"}`,
			func(c *tokens.Client) iter.Seq2[*tokens.Item, error] { return c.AllIssues(t.Context(), nil) }},
		{"a link without a cursor", `{"results": [{"id": 1}], "_links": {"next": "/cursor?limit=5"}}`,
			func(c *tokens.Client) iter.Seq2[*tokens.Item, error] { return c.AllPages(t.Context(), nil) }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := try.ServeFunc(t, func(try.Request) try.Answer { return try.JSON("%s", c.answer) })
			got, err := ids(t, c.walk(newClient(t, s)))
			if !errors.Is(err, rest.ErrRepeatedPage) || len(got) == 0 {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

func TestPagesWithoutItemsThatLeadOnForEverAreAnError(t *testing.T) {
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
