package servers_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-1954497d/auditgen/generated/confluence"
	"github.com/seed-1954497d/auditgen/generated/rest"
	servers "github.com/seed-1954497d/auditgen/golden/servers/want"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

func newClient(t *testing.T, base string, opts ...rest.Option) *servers.Client {
	t.Helper()
	c, err := servers.NewClient(base, append(opts, rest.WithMaxRetries(0))...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The expected paths were derived from input/spec.yaml by hand.
func TestAServerURLContributesItsPathAndNeverItsHost(t *testing.T) {
	ctx := t.Context()
	for want, call := range map[string]func(*servers.Client) error{
		"GET /api/demo/2/parcels/7":        func(c *servers.Client) error { return c.GetParcel(ctx, "7") },
		"GET /scheme/relative/a":           func(c *servers.Client) error { return c.SchemeRelative(ctx) },
		"POST /own/a":                      func(c *servers.Client) error { return c.OwnServer(ctx) },
		"GET /whole/b":                     func(c *servers.Client) error { return c.Whole(ctx) },
		"GET /rooted/c":                    func(c *servers.Client) error { return c.Rooted(ctx) },
		"GET /relative/v3/d":               func(c *servers.Client) error { return c.Relative(ctx) },
		"GET /e":                           func(c *servers.Client) error { return c.Root(ctx) },
		"GET /bare/f":                      func(c *servers.Client) error { return c.Bare(ctx) },
		"GET /held/v4/g":                   func(c *servers.Client) error { return c.Held(ctx) },
		"GET /stage/1/fixed/h":             func(c *servers.Client) error { return c.Fixed(ctx) },
		"GET /both/j":                      func(c *servers.Client) error { return c.Both(ctx) },
		"GET /needed/my%2Faccount/i/7%2F8": func(c *servers.Client) error { return c.Undeclared(ctx, "7/8") },
		"GET /mit%20leer/stra%C3%9Fe%20mit%7Cstrich/%22a%2Fb%22/%C3%9F": func(c *servers.Client) error { return c.Escaped(ctx, "a/b") },
	} {
		t.Run(want, func(t *testing.T) {
			s := try.Serve(t, try.Answer{Status: http.StatusNoContent})
			if err := call(newClient(t, s.URL, servers.WithAccount("my/account"))); err != nil {
				t.Fatal(err)
			}
			try.Equal(t, "request", s.Only(t).Line(), want)
		})
	}
}

func TestOptionsSetTheVariablesOfTheServerURL(t *testing.T) {
	s := try.Serve(t, try.Answer{Status: http.StatusNoContent})
	c := newClient(t, s.URL+"/gateway", servers.WithTenant("ac me/x"), servers.WithVersion("1"))
	if err := c.GetParcel(t.Context(), "7"); err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "request", s.Only(t).Line(), "GET /gateway/api/ac%20me%2Fx/1/parcels/7")

	err := c.Undeclared(t.Context(), "7")
	if err == nil || err.Error() != "GET /needed/{account}/i/{id}: the server variable account is not set" {
		t.Errorf("a variable without a value: %v", err)
	}
	for name, opt := range map[string]rest.Option{"empty": servers.WithTenant(""), "dots": servers.WithTenant(".."), "not listed": servers.WithVersion("3")} {
		if _, err := servers.NewClient(s.URL, opt); err == nil || !strings.HasPrefix(err.Error(), "server variable ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// segments are arguments that would change the path if they were not escaped.
var segments = []string{"x", "a/b", "../admin", "x/../../admin", "a b", "a+b", "a?b=c", "a#b", "a%2Fb", "%", "ü", "a|b", `"`, "{id}", "a;b", "..;", "...", "%2e%2E", "\\", "\x00", "a//b"}

func TestAnArgumentIsOneSegmentWhateverTheTemplate(t *testing.T) {
	for name, c := range map[string]struct {
		call          func(context.Context, *servers.Client, string) error
		before, after string
	}{
		"plain":     {func(ctx context.Context, c *servers.Client, v string) error { return c.GetParcel(ctx, v) }, "/api/demo/2/parcels/", ""},
		"escaped":   {func(ctx context.Context, c *servers.Client, v string) error { return c.Escaped(ctx, v) }, `/mit leer/straße mit|strich/"`, `"/ß`},
		"variables": {func(ctx context.Context, c *servers.Client, v string) error { return c.Undeclared(ctx, v) }, "/needed/acc/i/", ""},
	} {
		t.Run(name, func(t *testing.T) {
			for _, value := range segments {
				s := try.Serve(t, try.Answer{Status: http.StatusNoContent})
				if err := c.call(t.Context(), newClient(t, s.URL, servers.WithAccount("acc")), value); err != nil {
					t.Errorf("%q: %v", value, err)
					continue
				}
				want := strings.Split(c.before, "/")
				want[len(want)-1] += value
				after := strings.Split(c.after, "/")
				want[len(want)-1] += after[0]
				try.Equal(t, "segments", unescaped(t, s.Only(t).Path), append(want, after[1:]...))
			}
		})
	}
}

// unescaped returns the segments of a path as a server sees them.
func unescaped(t *testing.T, path string) []string {
	t.Helper()
	segments := strings.Split(path, "/")
	for i := range segments {
		var err error
		if segments[i], err = url.PathUnescape(segments[i]); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	return segments
}

func TestAnArgumentThatIsNotASegmentIsNotSent(t *testing.T) {
	for _, value := range []string{"", ".", ".."} {
		s := try.Serve(t)
		if err := newClient(t, s.URL).GetParcel(t.Context(), value); err == nil {
			t.Errorf("%q is sent", value)
		}
	}
}

func TestErrorsAndAttemptsShowTheWholePath(t *testing.T) {
	const whole = "/gateway/api/demo/2/parcels/7%2F8"
	var attempts []string
	s := try.Serve(t, try.Answer{Status: http.StatusNotFound})
	c := newClient(t, s.URL+"/gateway", rest.WithHook(func(_ context.Context, a rest.Attempt) { attempts = append(attempts, a.Path) }))
	err := c.GetParcel(t.Context(), "7/8")
	var api *rest.APIError
	if !errors.As(err, &api) || api.Path != whole || !strings.Contains(err.Error(), whole) {
		t.Errorf("the error says %v", err)
	}
	try.Equal(t, "paths of attempts", attempts, []string{whole})
	try.Equal(t, "request", s.Only(t).Line(), "GET "+whole)
}

func TestABaseURLThatRepeatsTheBeginningOfEveryPathIsRefused(t *testing.T) {
	// Operations with servers of their own have no common prefix, so every base URL is plausible.
	if _, err := servers.NewClient("https://parcels.example/api"); err != nil {
		t.Error(err)
	}
	_, err := confluence.NewClient("https://x.atlassian.net/wiki", rest.WithBasicAuth("me@example.com", "token"))
	const want = "base URL: it repeats /wiki, the beginning of every path of the API (/wiki/rest/api/audit): use https://x.atlassian.net; if a proxy needs both, add WithBaseURLAsGiven"
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
	if _, err := confluence.NewClient("https://x.atlassian.net/wiki", rest.WithBasicAuth("me@example.com", "token"), rest.WithBaseURLAsGiven()); err != nil {
		t.Error(err)
	}
}
