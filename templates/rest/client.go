package rest

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Client calls the API. It is safe for concurrent use. It sends its credentials to the origin (scheme, host and port) of
// its base URL and nowhere else, and it never prints them.
type Client struct {
	base       *url.URL
	keepBase   bool              // a base URL that repeats the beginning of the paths is meant so
	variables  map[string]string // what stands for the variables of the server URL in the paths, escaped
	http       *http.Client
	userAgent  string
	maxRetries int
	maxBytes   int64
	hook       func(Attempt)

	// Credentials live in a closure, where neither fmt nor a debugger's dump of the struct prints them.
	authorize func(http.Header)
	redact    func(string) string

	// What retrying needs of the world, so that tests can do without waiting.
	now    func() time.Time
	sleep  func(context.Context, time.Duration) error
	random func() float64
}

// Option changes how a Client works.
type Option func(*Client) error

// NewClient returns a client of an API. All paths of the API begin with prefix, in which variables stand in braces as they do
// in the paths; defaults are the values of those that have one.
func NewClient(baseURL, prefix string, defaults map[string]string, opts []Option) (*Client, error) {
	base, err := parseBase(baseURL)
	if err != nil {
		return nil, err
	}
	c := &Client{
		base:       base,
		variables:  map[string]string{},
		http:       &http.Client{},
		userAgent:  "auditgen",
		maxRetries: 3,
		maxBytes:   64 << 20,
		authorize:  func(http.Header) {},
		redact:     func(s string) string { return s },
		now:        time.Now,
		sleep:      sleep,
		random:     rand.Float64,
	}
	for name, value := range defaults {
		c.variables[name] = url.PathEscape(value)
	}
	for _, opt := range opts {
		if opt == nil {
			continue
		}
		if err := opt(c); err != nil {
			return nil, err
		}
	}
	if err := c.checkBase(prefix); err != nil {
		return nil, err
	}
	if c.http.Transport == nil {
		c.http.Transport = newTransport()
	}
	c.http.Transport = readableRedirects{c.http.Transport}
	c.http.CheckRedirect = sameOrigin(base, c.http.CheckRedirect)
	return c, nil
}

// WithBasicAuth authenticates with the email address of an Atlassian account and one of its API tokens.
func WithBasicAuth(email, apiToken string) Option {
	if email == "" || strings.Contains(email, ":") {
		return func(*Client) error { return errors.New("credentials: the email address is empty or has a colon") }
	}
	pair := base64.StdEncoding.EncodeToString([]byte(email + ":" + apiToken))
	return withCredentials("Basic "+pair, apiToken, pair)
}

// WithBearerToken authenticates with an OAuth 2.0 access token or a scoped API token.
func WithBearerToken(token string) Option {
	return withCredentials("Bearer "+token, token)
}

// withCredentials takes the token, and what else nobody is to read. An empty token is that of a variable which is not set: a server
// would call it wrong credentials.
func withCredentials(authorization, token string, more ...string) Option {
	secrets := append([]string{token}, more...)
	return func(c *Client) error {
		if token == "" {
			return errors.New("credentials: the token is empty")
		}
		if strings.ContainsAny(authorization, "\r\n\x00") {
			return errors.New("credentials: line break in a token or email address")
		}
		c.authorize = func(h http.Header) { h.Set("Authorization", authorization) }
		// A server may repeat in an error page what it was sent.
		c.redact = func(text string) string {
			for _, s := range secrets {
				text = strings.ReplaceAll(text, s, "[redacted]")
			}
			return text
		}
		return nil
	}
}

// WithHTTPClient uses the transport, cookies, timeout and redirect policy of a client. The client is copied. A timeout of
// its own also ends downloads.
func WithHTTPClient(client *http.Client) Option {
	return func(c *Client) error {
		if client != nil {
			own := *client
			c.http = &own
		}
		return nil
	}
}

// WithUserAgent sets the User-Agent header.
func WithUserAgent(userAgent string) Option {
	return func(c *Client) error {
		c.userAgent = userAgent
		return nil
	}
}

// WithMaxRetries sets how often a request is sent again after a rate limit, an overloaded server or a broken connection.
// The default is 3; 0 switches it off. Requests that change something are sent again only if the server said that it did
// not take them (429). A server that asks to wait for more than two minutes, or beyond the context's deadline, gets no second
// request: the call fails at once.
func WithMaxRetries(n int) Option {
	return func(c *Client) error {
		if n < 0 {
			return fmt.Errorf("maximum of retries: %d is negative", n)
		}
		c.maxRetries = n
		return nil
	}
}

// WithMaxResponseBytes bounds what is read of an answer, counted after decompression. The default is 64 MiB. Streamed
// downloads are not bounded.
func WithMaxResponseBytes(n int64) Option {
	return func(c *Client) error {
		if n <= 0 {
			return fmt.Errorf("maximum of response bytes: %d is not positive", n)
		}
		c.maxBytes = n
		return nil
	}
}

// WithAttemptHook has hook called after every attempt to send a request, from the goroutine that makes the call.
func WithAttemptHook(hook func(Attempt)) Option {
	return func(c *Client) error {
		c.hook = hook
		return nil
	}
}

// Format prints where the client's requests go, whatever the verb, and nothing else.
func (c Client) Format(f fmt.State, _ rune) {
	where := "no base URL"
	if c.base != nil {
		where = c.base.String()
	}
	// Writing to a fmt.State cannot fail.
	_, _ = io.WriteString(f, "Client("+where+")")
}

// sameOrigin stops at redirects that leave the origin or turn a request into another one; the answer that is no success
// then becomes an APIError. Go itself would forward Authorization to other ports and from https to http.
func sameOrigin(base *url.URL, next func(*http.Request, []*http.Request) error) func(*http.Request, []*http.Request) error {
	return func(req *http.Request, via []*http.Request) error {
		if origin(req.URL) != origin(base) || req.URL.User != nil || req.Method != via[0].Method || len(via) >= 10 {
			return http.ErrUseLastResponse
		}
		// Go would tell the next page the whole address of this one, with all that was asked.
		req.Header.Del("Referer")
		if next != nil {
			return next(req, via)
		}
		return nil
	}
}

// readableRedirects takes a Location that cannot be read off an answer: Go would print it, with all that is in its query,
// and hide the status.
type readableRedirects struct{ next http.RoundTripper }

func (t readableRedirects) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.next.RoundTrip(req)
	if err == nil && resp != nil {
		if _, bad := resp.Location(); bad != nil {
			resp.Header.Del("Location")
		}
	}
	return resp, err
}

// newTransport returns the transport of clients that bring none. Nothing bounds the whole time of a call, because that would
// cut downloads: the context does it.
func newTransport() http.RoundTripper {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          100,
		MaxIdleConnsPerHost:   8,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: 2 * time.Minute,
		ExpectContinueTimeout: time.Second,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12},
	}
}
