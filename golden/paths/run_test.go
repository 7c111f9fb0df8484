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
