// Package atlassian knows what is particular to Atlassian's cloud: refusals, which the clients of
// its APIs recognise on their own ([Errors]), the gateway for tokens with scopes ([GatewayURL]),
// and OAuth 2.0 with refresh tokens that change ([Tokens]).
package atlassian

import (
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
