package rest

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

// Client is what the Client of a generated package is made of. It is safe for concurrent use. It
// sends its credentials to the origin (scheme, host and port) of its base URL and nowhere else, and
// it never prints them.
type Client struct {
	base       *url.URL
	keepBase   bool              // the base URL may repeat the beginning of the paths
	variables  map[string]string // values of the variables of the server URL, escaped
	http       *http.Client
	userAgent  string
	maxRetries int
	maxBytes   int64
	hook       func(context.Context, Attempt)
	errorHook  func(*APIError)

	// Closures hold the credentials, so that neither fmt nor a debugger prints them.
	authorizers []authorizer
	security    []string // what calls take that do not say it themselves, see Security

	// Tests replace these, to do without waiting.
	now    func() time.Time
	sleep  func(context.Context, time.Duration) error
	random func() float64
}

// Option changes how a Client works.
type Option func(*Client) error

// WithHTTPClient uses the transport, cookies, timeout and redirect policy of a copy of client. Its
// timeout ends downloads too.
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

// WithMaxRetries sets how often a request is sent again after a rate limit, an overloaded server or
// a broken connection. The default is 3; 0 switches it off. A request that changes something is
// sent again only if the server said that it did not take it (429). If the server asks to wait for
// more than two minutes, or beyond the deadline of the context, the call fails at once.
func WithMaxRetries(n int) Option {
	return func(c *Client) error {
		if n < 0 {
			return fmt.Errorf("maximum of retries: %d is negative", n)
		}
		c.maxRetries = n
		return nil
	}
}

// WithMaxResponseBytes sets how many bytes of an answer are read, after decompression. The default
// is 64 MiB. Downloads have no limit.
func WithMaxResponseBytes(n int64) Option {
	return func(c *Client) error {
		if n <= 0 {
			return fmt.Errorf("maximum of response bytes: %d is not positive", n)
		}
		c.maxBytes = n
		return nil
	}
}

// WithHook has hook called after every attempt to send a request, by the goroutine that makes the
// call and with its context.
func WithHook(hook func(context.Context, Attempt)) Option {
	return func(c *Client) error {
		c.hook = hook
		return nil
	}
}

// WithErrorHook has hook look at every *[APIError] before the call returns it. The hook may set its
// RequestID, and its Err to an error that wraps the one before.
func WithErrorHook(hook func(*APIError)) Option {
	return func(c *Client) error {
		c.errorHook = hook
		return nil
	}
}

// Format prints the base URL and nothing else, whatever the verb.
func (c Client) Format(f fmt.State, _ rune) {
	where := "no base URL"
	if c.base != nil {
		where = c.base.String()
	}
	// Writing to a fmt.State cannot fail.
	_, _ = io.WriteString(f, "Client("+where+")")
}

type redirectPolicy = func(req *http.Request, via []*http.Request) error

// sameOrigin does not follow redirects that leave the origin or change the method; they become an
// APIError. Go itself would forward Authorization to other ports and from https to http.
func sameOrigin(base *url.URL, next redirectPolicy) redirectPolicy {
	return func(req *http.Request, via []*http.Request) error {
		if origin(req.URL) != origin(base) || req.URL.User != nil || req.Method != via[0].Method || len(via) >= 10 {
			return http.ErrUseLastResponse
		}
		// Go would tell the next page the address of this one, with its query.
		req.Header.Del("Referer")
		if next != nil {
			return next(req, via)
		}
		return nil
	}
}

// readableRedirects removes a Location that cannot be parsed: Go would print it, with its query,
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

// newTransport returns the default transport. It has no timeout for a whole call, which would cut
// downloads: the context has.
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
