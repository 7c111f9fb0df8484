package atlassian

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"github.com/seed-1954497d/auditgen/templates/rest"
)

// gateway serves sites by their cloud id to clients with an OAuth 2.0 token or a scoped API token.
const gateway = "https://api.atlassian.com"

// BaseURL returns the address of a site at the gateway. product is "confluence" or "jira", as the
// gateway calls it; cloudID is from [Sites] or [GatewayURL].
func BaseURL(product, cloudID string) string {
	return gateway + "/ex/" + url.PathEscape(product) + "/" + url.PathEscape(cloudID)
}

// GatewayURL returns the address of a site at the gateway, where API tokens with scopes and OAuth
// 2.0 tokens work. It asks the site for its cloud id and sends it no credentials:
//
//	baseURL, err := atlassian.GatewayURL(ctx, "confluence", "https://your-domain.atlassian.net")
//	if err != nil {
//		return err
//	}
//	c, err := confluence.NewClient(baseURL, rest.WithBasicAuth(email, token))
//
// The client then knows the gateway only. A cloud id never changes, so the address can be kept.
func GatewayURL(ctx context.Context, product, site string, opts ...rest.Option) (string, error) {
	c, err := rest.NewClient(site, "", nil, append([]rest.Option{Errors()}, opts...))
	if err != nil {
		return "", fmt.Errorf("cloud id: %w", err)
	}
	r := rest.NewRequest("GET", "/_edge/tenant_info", "application/json")
	r.Security("none")
	data, err := rest.CallRaw(ctx, c, r, nil)
	var tenant struct {
		CloudID string `json:"cloudId"`
	}
	switch {
	case errors.Is(err, rest.ErrNotFound):
		return "", fmt.Errorf("cloud id: there is no site at this address; it is like https://NAME.atlassian.net, with nothing behind it: %w", err)
	case err != nil:
		return "", fmt.Errorf("cloud id: %w", err)
	case json.Unmarshal(data, &tenant) != nil || tenant.CloudID == "":
		return "", fmt.Errorf("cloud id: the answer of the site does not have it: %w", rest.ErrNotJSON)
	}
	return BaseURL(product, tenant.CloudID), nil
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
