package credentials_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed-1954497d/auditgen/generated/rest"
	basic "github.com/seed-1954497d/auditgen/golden/credentials/basic/want"
	bearer "github.com/seed-1954497d/auditgen/golden/credentials/bearer/want"
	cookie "github.com/seed-1954497d/auditgen/golden/credentials/cookie/want"
	identity "github.com/seed-1954497d/auditgen/golden/credentials/identity/want"
	keys "github.com/seed-1954497d/auditgen/golden/credentials/keys/want"
	monitoring "github.com/seed-1954497d/auditgen/golden/credentials/monitoring/want"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

// source is a token source as package oauth2 has them: its tokens expire.
type source struct{ tokens []string }

type token struct{ AccessToken string }

func (s *source) Token() (*token, error) {
	next := s.tokens[0]
	s.tokens = s.tokens[1:]
	return &token{next}, nil
}

func access(t *token) string { return t.AccessToken }

// sent is what a request has of credentials: every header that the documents name, and the query.
func sent(r try.Request) string {
	var parts []string
	for _, name := range []string{"Authorization", "X-App-Id", "Dd-Api-Key", "Dd-Application-Key", "Cookie"} {
		for _, value := range r.Header.Values(name) {
			parts = append(parts, name+": "+value)
		}
	}
	if r.Query != "" {
		parts = append(parts, "?"+r.Query)
	}
	return strings.Join(parts, ", ")
}

var (
	user   = rest.WithBasicAuth("ann", "open sesame") // base64 of ann:open sesame is YW5uOm9wZW4gc2VzYW1l
	jwt    = rest.WithBearerToken("jwt-1")
	ssws   = rest.WithAPIKey("header", "Authorization", "SSWS 00a")
	app    = rest.WithAPIKey("header", "X-App-Id", "app-1")
	secret = rest.WithAPIKey("query", "api key", "k&1")
	sid    = rest.WithAPIKey("cookie", "session", "s-1")
	api    = rest.WithAPIKey("header", "dd-api-key", "api-1") // names of headers have no case
	appKey = rest.WithAPIKey("header", "DD-APPLICATION-KEY", "key-1")
)

func tokens() rest.Option { return rest.WithTokenSource(&source{[]string{"oauth-1"}}, access) }

// calls make one request each.
type call = func(ctx context.Context, url string, opts []rest.Option) error

// on returns a call of a client.
func on[C any](newClient func(string, ...rest.Option) (C, error), do func(C, context.Context) error) call {
	return func(ctx context.Context, url string, opts []rest.Option) error {
		c, err := newClient(url, opts...)
		if err != nil {
			return err
		}
		return do(c, ctx)
	}
}

// The expected credentials were derived from the documents in input by hand.
func TestEachOperationGetsTheCredentialsThatItsDocumentAsksFor(t *testing.T) {
	things := on(basic.NewClient, func(c *basic.Client, ctx context.Context) error { return c.ListThings(ctx) })
	health := on(basic.NewClient, func(c *basic.Client, ctx context.Context) error { return c.GetHealth(ctx) })
	events := on(bearer.NewClient, func(c *bearer.Client, ctx context.Context) error { _, err := c.ListEvents(ctx, nil); return err })
	keyed := on(keys.NewClient, func(c *keys.Client, ctx context.Context) error {
		return c.ListThings(ctx, &keys.ListThingsParams{Q: "x"})
	})
	themed := on(cookie.NewClient, func(c *cookie.Client, ctx context.Context) error {
		return c.ListThings(ctx, &cookie.ListThingsParams{Theme: "dark"})
	})
	logIn := on(cookie.NewClient, func(c *cookie.Client, ctx context.Context) error { return c.LogIn(ctx) })
	logs := on(identity.NewClient, func(c *identity.Client, ctx context.Context) error { return c.ListLogEvents(ctx) })
	deleted := on(identity.NewClient, func(c *identity.Client, ctx context.Context) error { return c.DeleteUser(ctx, "7") })
	audit := on(monitoring.NewClient, func(c *monitoring.Client, ctx context.Context) error { return c.ListAuditLogs(ctx) })
	validate := on(monitoring.NewClient, func(c *monitoring.Client, ctx context.Context) error { return c.Validate(ctx) })
	ranges := on(monitoring.NewClient, func(c *monitoring.Client, ctx context.Context) error { return c.GetRanges(ctx) })
	dashboard := on(monitoring.NewClient, func(c *monitoring.Client, ctx context.Context) error { return c.GetDashboard(ctx) })
	metrics := on(monitoring.NewClient, func(c *monitoring.Client, ctx context.Context) error { return c.SubmitMetrics(ctx) })
	do := on(monitoring.NewClient, func(c *monitoring.Client, ctx context.Context) error {
		_, err := c.Do(ctx, "GET", "/undocumented", nil, nil)
		return err
	})
	for _, c := range []struct {
		name string
		call call
		opts []rest.Option
		want string
	}{
		{"basic", things, []rest.Option{user}, "Authorization: Basic YW5uOm9wZW4gc2VzYW1l"},
		{"basic, and nothing is asked for", health, []rest.Option{user}, ""},
		{"a bearer token", events, []rest.Option{jwt}, "Authorization: Bearer jwt-1"},
		{"a bearer token, of a source", events, []rest.Option{tokens()}, "Authorization: Bearer oauth-1"},
		{"keys in header and query", keyed, []rest.Option{app, secret}, "X-App-Id: app-1, ?q=x&api+key=k%261"},
		{"one key of two", keyed, []rest.Option{app}, "X-App-Id: app-1, ?q=x"},
		{"a key in a cookie", themed, []rest.Option{sid}, "Cookie: theme=dark; session=s-1"},
		{"a key in a cookie, and nothing is asked for", logIn, []rest.Option{sid}, ""},
		{"a key with a word of its own", logs, []rest.Option{ssws}, "Authorization: SSWS 00a"},
		{"the second alternative", logs, []rest.Option{tokens()}, "Authorization: Bearer oauth-1"},
		{"of two alternatives the later option", logs, []rest.Option{tokens(), ssws}, "Authorization: SSWS 00a"},
		{"of two alternatives the later option, the other way round", logs, []rest.Option{ssws, tokens()}, "Authorization: Bearer oauth-1"},
		{"the only alternative", deleted, []rest.Option{tokens(), ssws}, "Authorization: Bearer oauth-1"},
		{"two keys together", audit, []rest.Option{api, appKey}, "Dd-Api-Key: api-1, Dd-Application-Key: key-1"},
		{"two keys together after OAuth 2.0", audit, []rest.Option{tokens(), appKey, api}, "Dd-Api-Key: api-1, Dd-Application-Key: key-1"},
		{"OAuth 2.0, and one key of two", audit, []rest.Option{api, tokens()}, "Authorization: Bearer oauth-1"},
		{"one key where others need two", validate, []rest.Option{api, appKey, tokens()}, "Dd-Api-Key: api-1"},
		{"nothing where others need two", ranges, []rest.Option{api, appKey, tokens()}, ""},
		{"nothing or OAuth 2.0", dashboard, []rest.Option{api, appKey, tokens()}, "Authorization: Bearer oauth-1"},
		{"nothing or OAuth 2.0, without credentials", dashboard, nil, ""},
		{"credentials that the document does not list", dashboard, []rest.Option{user}, "Authorization: Basic YW5uOm9wZW4gc2VzYW1l"},
		{"a scheme that no option sets", metrics, []rest.Option{api, appKey}, "Dd-Api-Key: api-1, Dd-Application-Key: key-1"},
		{"an operation that is not documented", do, []rest.Option{tokens(), api, appKey}, "Dd-Api-Key: api-1, Dd-Application-Key: key-1"},
		{"the later of two options", things, []rest.Option{rest.WithBasicAuth("bob", "12345678"), user}, "Authorization: Basic YW5uOm9wZW4gc2VzYW1l"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := try.Serve(t, try.JSON(`{"events": []}`))
			if err := c.call(t.Context(), s.URL, c.opts); err != nil {
				t.Fatal(err)
			}
			try.Equal(t, "credentials", sent(s.Only(t)), c.want)
		})
	}
}

func TestEachPageIsAskedForWithAFreshToken(t *testing.T) {
	s := try.Serve(t, try.JSON(`{"events": ["a"], "next": "2"}`), try.JSON(`{"events": ["b"]}`))
	c, err := bearer.NewClient(s.URL, rest.WithTokenSource(&source{[]string{"first", "second"}}, access))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for event, err := range c.AllEvents(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, *event)
	}
	try.Equal(t, "events", got, []string{"a", "b"})
	var all []string
	for _, r := range s.Requests() {
		all = append(all, sent(r))
	}
	try.Equal(t, "credentials", all, []string{"Authorization: Bearer first", "Authorization: Bearer second, ?after=2"})
}

func TestARefusalForAMissingScopeNamesTheDocumentedScopes(t *testing.T) {
	logs := on(identity.NewClient, func(c *identity.Client, ctx context.Context) error { return c.ListLogEvents(ctx) })
	deleted := on(identity.NewClient, func(c *identity.Client, ctx context.Context) error { return c.DeleteUser(ctx, "7") })
	things := on(basic.NewClient, func(c *basic.Client, ctx context.Context) error { return c.ListThings(ctx) })
	insufficient := map[string]string{"WWW-Authenticate": `Bearer error="insufficient_scope", error_description="too little"`}
	for _, c := range []struct {
		name   string
		call   call
		answer try.Answer
		scopes string
		want   string
	}{
		{"in the body", logs, try.Answer{Status: 401, Body: `{"message":"Unauthorized; scope does not match"}`}, "okay.logs.read",
			"GET /api/v1/logs: 401 Unauthorized: Unauthorized; scope does not match: the operation needs the scope okay.logs.read"},
		{"in a header", logs, try.Answer{Status: 403, Header: insufficient}, "okay.logs.read",
			"GET /api/v1/logs: 403 Forbidden: the operation needs the scope okay.logs.read"},
		{"alternatives", deleted, try.Answer{Status: 403, Header: insufficient}, "okay.users.manage with okay.users.read, or okay.all",
			"DELETE /api/v1/users/7: 403 Forbidden: the operation needs the scope okay.users.manage with okay.users.read, or okay.all"},
		{"no word about a scope", logs, try.Answer{Status: 403, Body: `{"message":"use a telescope"}`}, "",
			"GET /api/v1/logs: 403 Forbidden: use a telescope"},
		{"a page", logs, try.Answer{Status: 403, Type: "text/html", Body: `<th scope="col">`}, "", "GET /api/v1/logs: 403 Forbidden"},
		{"another status", logs, try.Answer{Status: 400, Body: `{"message":"unknown scope"}`}, "", "GET /api/v1/logs: 400 Bad Request: unknown scope"},
		{"an operation without scopes", things, try.Answer{Status: 403, Header: insufficient}, "", "GET /things: 403 Forbidden"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := try.Serve(t, c.answer)
			err := c.call(t.Context(), s.URL, []rest.Option{jwt, rest.WithMaxRetries(0)})
			var api *rest.APIError
			if !errors.As(err, &api) {
				t.Fatal(err)
			}
			try.Equal(t, "error", []string{err.Error(), api.Scopes}, []string{c.want, c.scopes})
		})
	}
}

// Comments, examples and command lines show what the document asks for, and nothing of Atlassian.
func TestCommentsAndExamplesShowTheCredentialsOfTheDocument(t *testing.T) {
	for _, c := range []struct {
		file string
		want []string
	}{
		{"basic/want/doc.go", []string{"\trest.WithBasicAuth(user, password))\n"}},
		{"basic/want/operations.gen.go", []string{"\tcurl -u \"$USERNAME:$PASSWORD\" \"$SITE/things\"\n", "\tcurl \"$SITE/health\"\n", `r.Security("none")`}},
		{"basic/want/example_test.go", []string{`basic.NewClient("https://basic.example", rest.WithBasicAuth("user", "password"))`, `basic.NewClient("https://basic.example")` + "\n"}},
		{"bearer/want/doc.go", []string{"\trest.WithBearerToken(token))\n"}},
		{"bearer/want/operations.gen.go", []string{"\tcurl -H \"Authorization: Bearer $TOKEN\" \"$SITE/events\"\n"}},
		{"keys/want/client.gen.go", []string{"//\trest.WithAPIKey(\"header\", \"X-App-Id\", xAppID), rest.WithAPIKey(\"query\", \"api key\", apiKey)\n"}},
		{"keys/want/operations.gen.go", []string{"\tcurl -H \"X-App-Id: $X_APP_ID_KEY\" \"$SITE/things?api%20key=$API_KEY\"\n"}},
		{"cookie/want/operations.gen.go", []string{"\tcurl -H \"Cookie: session=$SESSION_KEY\" \"$SITE/things\"\n", "\tcurl -X POST \"$SITE/login\"\n"}},
		{"identity/want/system_log.gen.go", []string{"\tcurl -H \"Authorization: $AUTHORIZATION_KEY\" \"$SITE/api/v1/logs\"\n", "// Scope: okay.logs.read.\n"}},
		{"identity/want/user.gen.go", []string{"\tcurl -H \"Authorization: Bearer $TOKEN\" -X DELETE "}},
		{"monitoring/want/client.gen.go", []string{
			"//\trest.WithAPIKey(\"header\", \"DD-API-KEY\", ddAPIKey), rest.WithAPIKey(\"header\", \"DD-APPLICATION-KEY\", ddApplicationKey)\n//\trest.WithBearerToken(token)\n",
			"[rest.WithTokenSource]", `rest.Security("header DD-API-KEY & header DD-APPLICATION-KEY", "bearer")`}},
		{"monitoring/want/PROVENANCE.md", []string{"mutualTLS"}},
	} {
		data, err := os.ReadFile(c.file)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range c.want {
			if !strings.Contains(string(data), want) {
				t.Errorf("%s does not have %q", c.file, want)
			}
		}
	}
	files, err := filepath.Glob("*/want/*")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"atlassian", "api-token", "$email", "$api_token", "you@example.com"} {
			if strings.Contains(strings.ToLower(string(data)), word) {
				t.Errorf("%s mentions %s", name, word)
			}
		}
	}
}
