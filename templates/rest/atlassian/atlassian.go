// Package atlassian knows what is particular to the answers of Atlassian's cloud. The clients of
// its APIs use [Errors] on their own.
package atlassian

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed-1954497d/auditgen/templates/rest"
)

// ErrFreePlan means that the plan of the site does not have the feature. It is a *[rest.APIError]
// and also [rest.ErrForbidden].
var ErrFreePlan = errors.New("not available on the Free plan")

// loginHost is where an answer redirects to if the credentials are not accepted.
const loginHost = "id.atlassian.com"

// traceHeaders have what Atlassian's support asks for.
var traceHeaders = []string{"Atl-Traceid", "X-Request-Id", "Atl-Request-Id", "X-Arequestid"}

// Errors recognises refusals of a plan, redirects to the login page, and the identification of a
// request that Atlassian's support asks for.
func Errors() rest.Option { return rest.WithErrorHook(classify) }

func classify(e *rest.APIError) {
	for _, name := range traceHeaders {
		if id := e.Header.Get(name); id != "" {
			e.RequestID = id
			break
		}
	}
	switch to, err := url.Parse(e.Header.Get("Location")); {
	case e.StatusCode == http.StatusForbidden && saysFreePlan(e.Body):
		e.Err = ErrFreePlan
	case err == nil && to.Hostname() == loginHost && !errors.Is(e, rest.ErrUnauthorized):
		e.Err = fmt.Errorf("redirect to %s: %w", loginHost, rest.ErrUnauthorized)
	}
}

// saysFreePlan reports whether only an upgrade cures a refusal. No status and no code says so.
func saysFreePlan(body []byte) bool {
	text := strings.ToLower(string(body))
	return strings.Contains(text, "free edition") || strings.Contains(text, "free plan")
}

// gateway serves sites by their cloud id to clients with an OAuth 2.0 token.
const gateway = "https://api.atlassian.com"

// BaseURL returns the address of a site for clients with an OAuth 2.0 token or a scoped API token.
// product is "confluence" or "jira", as the gateway calls it; cloudID is from [Sites].
func BaseURL(product, cloudID string) string {
	return gateway + "/ex/" + url.PathEscape(product) + "/" + url.PathEscape(cloudID)
}

// Site is a site that a token gives access to.
type Site struct {
	ID     string   `json:"id"` // the cloud id
	Name   string   `json:"name"`
	URL    string   `json:"url"`
	Scopes []string `json:"scopes"`
}

// Sites returns the sites that an OAuth 2.0 token gives access to.
func Sites(ctx context.Context, opts ...rest.Option) ([]Site, error) {
	return sitesAt(ctx, gateway, opts)
}

func sitesAt(ctx context.Context, baseURL string, opts []rest.Option) (sites []Site, err error) {
	c, err := rest.NewClient(baseURL, "", nil, append([]rest.Option{Errors()}, opts...))
	if err != nil {
		return nil, err
	}
	data, err := c.Do(ctx, "GET", "/oauth/token/accessible-resources", nil, nil)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(data, &sites); err != nil {
		return nil, fmt.Errorf("sites: %w", rest.ErrNotJSON)
	}
	return sites, nil
}
