package atlassian

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/templates/rest"
)

// world is a transport that answers instead of all hosts, and keeps what each was sent.
type world struct {
	answer http.HandlerFunc
	seen   []string
}

func (w *world) RoundTrip(r *http.Request) (*http.Response, error) {
	w.seen = append(w.seen, strings.TrimSpace(r.Method+" "+r.URL.String()+" "+r.Header.Get("Authorization")+r.Header.Get("Cookie")))
	return answered(r, w.answer), nil
}

func (w *world) client() rest.Option { return rest.WithHTTPClient(&http.Client{Transport: w}) }

func TestAScopedTokenGoesToTheGatewayAndNowhereElse(t *testing.T) {
	w := &world{answer: func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/_edge/tenant_info" {
			_, _ = io.WriteString(rw, `{"cloudId":"11111111-2222-3333-4444-555555555555"}`)
			return
		}
		_, _ = io.WriteString(rw, `{}`)
	}}
	token := rest.WithBasicAuth("ann@example.com", "scoped-token") // base64 of both with a colon is the text below
	baseURL, err := GatewayURL(t.Context(), "confluence", "https://site.atlassian.net", w.client(), token)
	if want := "https://api.atlassian.com/ex/confluence/11111111-2222-3333-4444-555555555555"; err != nil || baseURL != want {
		t.Fatalf("got %s, %v; want %s", baseURL, err, want)
	}
	c, err := rest.NewClient(baseURL, "", nil, []rest.Option{w.client(), token})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Do(t.Context(), "GET", "/wiki/rest/api/audit", nil, nil); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"GET https://site.atlassian.net/_edge/tenant_info",
		"GET https://api.atlassian.com/ex/confluence/11111111-2222-3333-4444-555555555555/wiki/rest/api/audit Basic YW5uQGV4YW1wbGUuY29tOnNjb3BlZC10b2tlbg==",
	}
	if diff := cmp.Diff(want, w.seen); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestACloudIDThatCannotBeFoundIsAClearError(t *testing.T) {
	says := func(status int, header, value, body string) http.HandlerFunc {
		return func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set(header, value)
			rw.WriteHeader(status)
			_, _ = io.WriteString(rw, body)
		}
	}
	for _, c := range []struct {
		name, site string
		answer     http.HandlerFunc
		is         error
		want       string
	}{
		{"an unknown site", "https://x.atlassian.net", says(404, "Content-Type", "text/html", "<html>"), rest.ErrNotFound,
			"cloud id: there is no site at this address; it is like https://NAME.atlassian.net, with nothing behind it: GET /_edge/tenant_info: 404 Not Found"},
		{"a page of the site", "https://x.atlassian.net/wiki", says(404, "Content-Type", "text/html", "<html>"), rest.ErrNotFound,
			"cloud id: there is no site at this address; it is like https://NAME.atlassian.net, with nothing behind it: GET /wiki/_edge/tenant_info: 404 Not Found"},
		{"a page instead of JSON", "https://x.atlassian.net", says(200, "Content-Type", "text/html", "<html>hello"), rest.ErrNotJSON,
			"cloud id: GET /_edge/tenant_info: 200 OK: not the documented answer: an HTML page"},
		{"no cloud id", "https://x.atlassian.net", says(200, "Content-Type", "application/json", `{"cloudId":""}`), rest.ErrNotJSON,
			"cloud id: the answer of the site does not have it: not the documented answer"},
		{"a list", "https://x.atlassian.net", says(200, "Content-Type", "application/json", `[]`), rest.ErrNotJSON,
			"cloud id: the answer of the site does not have it: not the documented answer"},
		{"a redirect to another host", "https://x.atlassian.net", says(302, "Location", "https://evil.example/_edge/tenant_info", ""), nil,
			"cloud id: GET /_edge/tenant_info: 302 Found: redirect that is not followed"},
		{"no scheme", "x.atlassian.net", nil, nil, "cloud id: base URL: it must start with https://"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := &world{answer: c.answer}
			got, err := GatewayURL(t.Context(), "jira", c.site, w.client(), rest.WithBearerToken("secret-token"), rest.WithMaxRetries(0))
			if err == nil || err.Error() != c.want || got != "" || c.is != nil && !errors.Is(err, c.is) {
				t.Errorf("got %s, %v; want %s", got, err, c.want)
			}
			for _, request := range w.seen {
				if strings.Contains(request, "secret-token") || strings.Contains(request, "evil") {
					t.Errorf("sent %s", request)
				}
			}
		})
	}
}
