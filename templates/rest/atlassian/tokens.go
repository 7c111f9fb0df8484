package atlassian

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/seed-1954497d/auditgen/templates/rest"
	"github.com/seed-1954497d/auditgen/templates/rest/lossless"
)

// Tokens gets the access tokens of an OAuth 2.0 app (3LO) for somebody who has authorised it with
// the scope offline_access. It fits [rest.WithTokenSource]:
//
//	tokens, err := atlassian.NewTokens(clientID, clientSecret, refreshToken, save)
//	if err != nil {
//		return err
//	}
//	c, err := jira.NewClient(baseURL, rest.WithTokenSource(tokens, func(t string) string { return t }))
//
// A refresh token works once: with each access token comes the next one. So there must be only one
// Tokens for a refresh token; clients and goroutines can share it. It never prints what it holds.
type Tokens struct {
	client *rest.Client
	form   func(refreshToken string) map[string]string
	save   func(refreshToken string) error
	now    func() time.Time

	mu      sync.Mutex
	refresh func() string // the closures keep secrets from being printed
	access  func() string
	unsaved bool
	started time.Time     // when the access token was asked for
	life    time.Duration // how long it is used from then on
}

// NewTokens returns a source of access tokens. save stores a new refresh token for the next process
// to start with; an access token is not used until save has succeeded. The options say how the
// requests to Atlassian are sent.
func NewTokens(clientID, clientSecret, refreshToken string, save func(refreshToken string) error, opts ...rest.Option) (*Tokens, error) {
	return tokensAt("https://auth.atlassian.com", clientID, clientSecret, refreshToken, save, opts)
}

func tokensAt(baseURL, clientID, clientSecret, refreshToken string, save func(string) error, opts []rest.Option) (*Tokens, error) {
	if clientID == "" || clientSecret == "" || refreshToken == "" || save == nil {
		return nil, errors.New("tokens: client id, client secret, refresh token and a function that saves the next one are needed")
	}
	c, err := rest.NewClient(baseURL, "", nil, append(opts[:len(opts):len(opts)], rest.WithErrorHook(explain)))
	if err != nil {
		return nil, err
	}
	return &Tokens{client: c, save: save, now: time.Now, refresh: func() string { return refreshToken },
		form: func(refreshToken string) map[string]string {
			return map[string]string{"grant_type": "refresh_token", "client_id": clientID, "client_secret": clientSecret, "refresh_token": refreshToken}
		}}, nil
}

// Format prints nothing but the name of the type.
func (t *Tokens) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "Tokens") }

// Token returns an access token that does not expire within the next minute. If the refresh token
// is refused, the error is [rest.ErrUnauthorized], and the app has to be authorised again.
func (t *Tokens) Token() (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	// A clock that was set back must not lengthen the life of a token, nor a computer that slept.
	now := t.now()
	if age := max(now.Sub(t.started), now.Round(0).Sub(t.started.Round(0))); t.access == nil || age >= t.life {
		if err := t.exchange(now); err != nil {
			return "", err
		}
	}
	if t.unsaved {
		if err := t.save(t.refresh()); err != nil {
			return "", fmt.Errorf("the new refresh token is not saved: %w", err)
		}
		t.unsaved = false
	}
	return t.access(), nil
}

// exchange turns the refresh token into an access token and the next refresh token.
func (t *Tokens) exchange(now time.Time) error {
	r := rest.NewRequest("POST", "/oauth/token", "application/json")
	r.Security("none")
	r.MayRepeat()
	form := t.form(t.refresh())
	rest.SendJSON(r, &form, lossless.MapOf((*lossless.Codec).String))
	data, err := rest.CallRaw(context.Background(), t.client, r, []rest.CallOption{rest.WithTimeout(2 * time.Minute)})
	if err != nil {
		return err
	}
	var got struct {
		Access  string  `json:"access_token"`
		Refresh string  `json:"refresh_token"`
		Life    float64 `json:"expires_in"` // seconds
	}
	if json.Unmarshal(data, &got) != nil || got.Access == "" || got.Life <= 0 {
		return fmt.Errorf("tokens: the answer has no access token, or does not say how long it lasts: %w", rest.ErrNotJSON)
	}
	// The server counts from a moment after now, and by its own clock.
	life := time.Duration(min(got.Life, 1e9) * float64(time.Second))
	t.started, t.life = now, life-min(time.Minute, life/2)
	t.access = func() string { return got.Access }
	if next := cmp.Or(got.Refresh, t.refresh()); next != t.refresh() {
		t.refresh, t.unsaved = func() string { return next }, true
	}
	return nil
}

// explain says why a refresh token is refused. It removes the body of the answer, which can have
// tokens in it.
func explain(e *rest.APIError) {
	var said struct{ Error string }
	_ = json.Unmarshal(e.Body, &said) // another body says nothing
	e.Body = nil
	switch {
	case said.Error == "invalid_grant" || said.Error == "unauthorized_client":
		e.Err = fmt.Errorf("%s: %w: the refresh token is not valid any more: authorise the app again", said.Error, rest.ErrUnauthorized)
	case e.StatusCode == http.StatusUnauthorized || said.Error == "access_denied" || said.Error == "invalid_client":
		e.Err = fmt.Errorf("%w: client id or client secret is wrong", rest.ErrUnauthorized)
	}
}
