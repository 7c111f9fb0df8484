package paths_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/seed-1954497d/auditgen/generated/rest"
	paths "github.com/seed-1954497d/auditgen/golden/paths/want"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

type call = func(context.Context, *paths.Client) error

// line makes a call and returns the line of its request.
func line(t *testing.T, tenant string, make call) string {
	t.Helper()
	s := try.Serve(t, try.Answer{Status: http.StatusNoContent})
	c, err := paths.NewClient(s.URL, rest.WithMaxRetries(0), paths.WithTenant(tenant))
	if err != nil {
		t.Fatal(err)
	}
	if err := make(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	return s.Only(t).Line()
}

func TestAQueryInThePathOfTheDocumentIsSent(t *testing.T) {
	for want, make := range map[string]call{
		"POST /main/v1%20b/letters":            func(ctx context.Context, c *paths.Client) error { return c.SendLetter(ctx) },
		"POST /main/v1%20b/letters?draft=true": func(ctx context.Context, c *paths.Client) error { return c.SendDraft(ctx) },
		"GET /main/v1%20b/search?type=user&q=a%26b": func(ctx context.Context, c *paths.Client) error {
			return c.SearchUsers(ctx, &paths.SearchUsersParams{Q: "a&b"})
		},
		"GET /main/v1%20b/search?type=repo&q=x": func(ctx context.Context, c *paths.Client) error {
			return c.SearchRepos(ctx, &paths.SearchReposParams{Q: "x"})
		},
		"GET /main/v1%20b/act?method=purge%20all&version=2&dry": func(ctx context.Context, c *paths.Client) error { return c.Purge(ctx, nil) },
		"GET /main/v1%20b/act?method=purge%20all&version=2&dry&name=n": func(ctx context.Context, c *paths.Client) error {
			return c.Purge(ctx, &paths.PurgeParams{Name: "n"})
		},
		"GET /main/v1%20b/files/a%2Fb?acl": func(ctx context.Context, c *paths.Client) error { return c.GetACL(ctx, "a/b") },
	} {
		t.Run(want, func(t *testing.T) { try.Equal(t, "request", line(t, "main", make), want) })
	}
}

func TestNamesInAURITemplateAreParameters(t *testing.T) {
	for want, make := range map[string]call{
		"GET /main/v1%20b/conf": func(ctx context.Context, c *paths.Client) error { return c.ReadConf(ctx, nil) },
		"GET /main/v1%20b/conf?kind=a": func(ctx context.Context, c *paths.Client) error {
			return c.ReadConf(ctx, &paths.ReadConfParams{Kind: "a"})
		},
		"GET /main/v1%20b/logs?since=1&until=2": func(ctx context.Context, c *paths.Client) error {
			return c.ReadLogs(ctx, &paths.ReadLogsParams{Since: "1", Until: "2"})
		},
		"GET /main/v1%20b/report?year=2026&month=3": func(ctx context.Context, c *paths.Client) error {
			return c.ReadReport(ctx, &paths.ReadReportParams{Month: "3"})
		},
	} {
		t.Run(want, func(t *testing.T) { try.Equal(t, "request", line(t, "main", make), want) })
	}
}

// A fragment never reaches a server. The operations that it tells apart are methods all the same.
func TestOperationsThatDifferInAFragmentAreAllThere(t *testing.T) {
	for _, one := range []struct {
		want string
		make call
	}{
		{"GET /main/v1%20b/items?limit=2", func(ctx context.Context, c *paths.Client) error {
			return c.ListItems(ctx, &paths.ListItemsParams{Limit: new(int64(2))})
		}},
		{"POST /main/v1%20b/items", func(ctx context.Context, c *paths.Client) error { return c.AddItem(ctx) }},
		{"GET /main/v1%20b/items?q=a%23b", func(ctx context.Context, c *paths.Client) error {
			return c.SearchItems(ctx, &paths.SearchItemsParams{Q: "a#b"})
		}},
		{"GET /main/v1%20b/items?q=x", func(ctx context.Context, c *paths.Client) error {
			return c.CountItems(ctx, &paths.CountItemsParams{Q: "x"})
		}},
		{"GET /main/v1%20b/?Action=Start", func(ctx context.Context, c *paths.Client) error { return c.Start(ctx, nil) }},
		{"GET /main/v1%20b/?Action=Stop", func(ctx context.Context, c *paths.Client) error { return c.Stop(ctx, nil) }},
	} {
		t.Run(one.want, func(t *testing.T) { try.Equal(t, "request", line(t, "main", one.make), one.want) })
	}
}

// Each argument stays one segment, whatever is in it and around it.
func TestArgumentsStayInTheirSegment(t *testing.T) {
	arguments := map[string]string{
		"x": "x", "x/../../admin": "x%2F..%2F..%2Fadmin", "a%2Fb": "a%252Fb", "50%": "50%25", "a b|\"ß": "a%20b%7C%22%C3%9F", "?q=1#f": "%3Fq=1%23f",
	}
	templates := map[string]func(context.Context, *paths.Client, string) error{
		"/monthly%20report/": func(ctx context.Context, c *paths.Client, id string) error { return c.Spaced(ctx, id) },
		"/gr%C3%B6%C3%9Fe/":  func(ctx context.Context, c *paths.Client, id string) error { return c.Umlaut(ctx, id) },
		"/a%7Cb/":            func(ctx context.Context, c *paths.Client, id string) error { return c.Piped(ctx, id) },
		"/say%20%22x%22/":    func(ctx context.Context, c *paths.Client, id string) error { return c.Quoted(ctx, id) },
		"/pct%20done/":       func(ctx context.Context, c *paths.Client, id string) error { return c.Escaped(ctx, id) },
		"/50%25/":            func(ctx context.Context, c *paths.Client, id string) error { return c.Percent(ctx, id) },
	}
	for template, make := range templates {
		for argument, escaped := range arguments {
			got := line(t, "main", func(ctx context.Context, c *paths.Client) error { return make(ctx, c, argument) })
			try.Equal(t, "request", got, "GET /main/v1%20b"+template+escaped)
		}
	}
	for want, make := range map[string]call{
		"GET /main/v1%20b/users('a%2Fb')/items(name=c%20d)": func(ctx context.Context, c *paths.Client) error { return c.Odata(ctx, "a/b", "c d") },
		"GET /main/v1%20b/list/a%2Fb,c":                     func(ctx context.Context, c *paths.Client) error { return c.List(ctx, []string{"a/b", "c"}) },
		"GET /main/v1%20b/twice/a%2Fb/again/a%2Fb":          func(ctx context.Context, c *paths.Client) error { return c.Twice(ctx, "a/b") },
	} {
		try.Equal(t, "request", line(t, "main", make), want)
	}
}

func TestAVariableOfTheServerStaysInItsSegment(t *testing.T) {
	got := line(t, "../a b|ß%2F", func(ctx context.Context, c *paths.Client) error { return c.Spaced(ctx, "x") })
	try.Equal(t, "request", got, "GET /..%2Fa%20b%7C%C3%9F%252F/v1%20b/monthly%20report/x")
}

func TestAnArgumentOfDotsIsNotSent(t *testing.T) {
	for _, argument := range []string{"", ".", ".."} {
		s := try.Serve(t)
		c, err := paths.NewClient(s.URL, rest.WithMaxRetries(0))
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Spaced(t.Context(), argument); err == nil {
			t.Errorf("%q: no error", argument)
		}
		try.Equal(t, "requests", s.Lines(), []string{})
	}
}
