package atlassian

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/templates/rest"
)

// ask returns the error of a request that is answered by handler.
func ask(t *testing.T, handler http.HandlerFunc) error {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	c, err := rest.NewClient(s.URL, "", nil, []rest.Option{Errors(), rest.WithMaxRetries(0)})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Do(t.Context(), "GET", "/x", nil, nil)
	return err
}

func TestARefusalOfTheFreePlanIsErrFreePlanAndErrForbidden(t *testing.T) {
	for body, want := range map[string]bool{
		`{"message":"Cannot make this request because you are on Free edition."}`: true,
		`{"message":"not on the free plan"}`:                                      true,
		`{"message":"no permission"}`:                                             false,
	} {
		err := ask(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Atl-Traceid", "trace-1")
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, body)
		})
		var api *rest.APIError
		if errors.Is(err, ErrFreePlan) != want || !errors.Is(err, rest.ErrForbidden) || !errors.As(err, &api) || api.RequestID != "trace-1" {
			t.Errorf("%s: got %v", body, err)
		}
	}
}

func TestARedirectToTheLoginHostIsErrUnauthorized(t *testing.T) {
	for to, want := range map[string]bool{
		"https://id.atlassian.com/":                  true,
		"https://id.atlassian.com/login?continue=x":  true,
		"https://id.atlassian.com.example/elsewhere": false,
	} {
		err := ask(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) })
		if errors.Is(err, rest.ErrUnauthorized) != want {
			t.Errorf("%s: got %v", to, err)
		}
	}
}

func TestSitesHaveTheCloudIDOfTheGateway(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/oauth/token/accessible-resources" || r.Header.Get("Authorization") != "Bearer token" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `[{"id":"1-2","name":"site","url":"https://site.atlassian.net","scopes":["read:jira-work"],"avatarUrl":"x"}]`)
	}))
	defer s.Close()
	got, err := sitesAt(t.Context(), s.URL, []rest.Option{rest.WithBearerToken("token")})
	want := []Site{{ID: "1-2", Name: "site", URL: "https://site.atlassian.net", Scopes: []string{"read:jira-work"}}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if got, want := BaseURL("jira", "1-2"), "https://api.atlassian.com/ex/jira/1-2"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if _, err := sitesAt(t.Context(), s.URL, nil); !errors.Is(err, rest.ErrUnauthorized) {
		t.Errorf("got %v", err)
	}
}
