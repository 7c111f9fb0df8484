package rest

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// authorizer is a credential of a client: its name in [Security], and a function that adds it to a
// request and returns what nobody may read of it.
type authorizer struct {
	name string
	add  func(*http.Request) (secrets []string, err error)
}

// WithBasicAuth authenticates with a user name, such as an email address, and a password or token.
func WithBasicAuth(user, password string) Option {
	if user == "" || strings.Contains(user, ":") || !isSecret(user) {
		return failing(errors.New("credentials: the user name is empty, or has a colon, a line break or another control character"))
	}
	pair := base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
	return withKey("basic", password, func(r *http.Request) { r.Header.Set("Authorization", "Basic "+pair) }, pair)
}

// WithBearerToken authenticates with a token, such as an OAuth 2.0 access token.
func WithBearerToken(token string) Option {
	return withKey("bearer", token, func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) })
}

// WithTokenSource authenticates each request with the token that source returns for it; access
// returns the text of a token. A source of golang.org/x/oauth2 fits as it is:
//
//	rest.WithTokenSource(source, func(t *oauth2.Token) string { return t.AccessToken })
//
// The source must be safe for concurrent use. Its errors end the call.
func WithTokenSource[T any](source interface{ Token() (T, error) }, access func(T) string) Option {
	return withAuthorizer("bearer", func(r *http.Request) ([]string, error) {
		token, err := source.Token()
		if err != nil {
			return nil, fmt.Errorf("token: %w", err)
		}
		text := access(token)
		if err := checkSecret(text); err != nil {
			return nil, err
		}
		r.Header.Set("Authorization", "Bearer "+text)
		return []string{text}, nil
	})
}

// WithAPIKey authenticates with a key. It is sent under a name in a place, which is "header",
// "query" or "cookie", as in a security scheme of OpenAPI.
func WithAPIKey(place, name, key string) Option {
	var add func(*http.Request)
	switch place {
	case "header":
		add = func(r *http.Request) { r.Header.Set(name, key) }
	case "query":
		pair := url.QueryEscape(name) + "=" + strings.ReplaceAll(url.QueryEscape(key), "+", "%20")
		add = func(r *http.Request) {
			r.URL.RawQuery = strings.TrimPrefix(r.URL.RawQuery+"&"+pair, "&")
		}
	case "cookie":
		add = func(r *http.Request) { addCookie(r.Header, name+"="+key) }
	}
	if add == nil || name == "" || place != "query" && (!isHeaderText(name) || strings.ContainsAny(name, " =;:")) {
		return failing(fmt.Errorf("credentials: an API key cannot be sent as %s %q", place, name))
	}
	if place == "cookie" && strings.Contains(key, ";") {
		return failing(errors.New("credentials: a semicolon in a cookie"))
	}
	return withKey(place+" "+url.QueryEscape(name), key, add, url.QueryEscape(key), url.PathEscape(key))
}

// withKey adds a secret that does not change; spellings are other texts that show it.
func withKey(name, key string, add func(*http.Request), spellings ...string) Option {
	if err := checkSecret(key); err != nil {
		return failing(err)
	}
	secrets := append([]string{key}, spellings...)
	return withAuthorizer(name, func(r *http.Request) ([]string, error) { add(r); return secrets, nil })
}

// withAuthorizer adds a credential, in place of an earlier one of that name.
func withAuthorizer(name string, add func(*http.Request) ([]string, error)) Option {
	return func(c *Client) error {
		c.authorizers = slices.DeleteFunc(c.authorizers, func(a authorizer) bool { return a.name == name })
		c.authorizers = append(c.authorizers, authorizer{name, add})
		return nil
	}
}

func failing(err error) Option { return func(*Client) error { return err } }

// checkSecret refuses the value of a variable that is not set: a server would say that the
// credentials are wrong.
func checkSecret(text string) error {
	switch {
	case text == "":
		return errors.New("credentials: the token is empty")
	case !isSecret(text):
		return errors.New("credentials: a line break or control character in a token")
	}
	return nil
}

// isSecret reports whether a text has no character that only a mistake puts into it.
func isSecret(text string) bool {
	return !strings.ContainsFunc(text, func(c rune) bool { return unicode.IsControl(c) || c == '\u2028' || c == '\u2029' || c == '\ufeff' })
}

// secretsKey is where the context of a request has what nobody may read of it.
type secretsKey struct{}

// leastSecret is how many bytes a credential must have to be removed from texts of servers. The
// password "token" would take the word out of every message.
const leastSecret = 8

// authorize adds the credentials of a call to an attempt.
func (c *Client) authorize(r *http.Request, call *Request) (*http.Request, error) {
	var secrets []string
	for _, a := range c.credentials(call) {
		more, err := a.add(r)
		if err != nil {
			return nil, err
		}
		secrets = append(secrets, more...)
	}
	secrets = slices.DeleteFunc(secrets, func(s string) bool { return len(s) < leastSecret })
	return r.WithContext(context.WithValue(r.Context(), secretsKey{}, secrets)), nil
}

// credentials returns what is sent with a call: an alternative that the client has the whole of,
// and of several the one with the option that was given last. If there is none, it is all that the
// client has, because documents leave schemes out.
func (c *Client) credentials(call *Request) []authorizer {
	alternatives := call.security
	if alternatives == nil {
		alternatives = c.security
	}
	if slices.Contains(alternatives, "none") {
		return nil
	}
	for _, last := range slices.Backward(c.authorizers) {
		for _, alternative := range alternatives {
			names := strings.Split(strings.ToLower(alternative), " & ")
			chosen := slices.DeleteFunc(slices.Clone(c.authorizers), func(a authorizer) bool { return !slices.Contains(names, strings.ToLower(a.name)) })
			if len(chosen) == len(names) && chosen[len(chosen)-1].name == last.name {
				return chosen
			}
		}
	}
	return c.authorizers
}
