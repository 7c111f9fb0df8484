package rest

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"
)

// Attempt is one try to send a request, for logs and metrics. Nothing in it is secret.
type Attempt struct {
	Method     string
	Path       string // whole, that of the base URL included, without the query
	Number     int    // 1 for the first try
	StatusCode int    // 0 if there was no answer
	RequestID  string // what the server calls it; only of failed attempts
	Duration   time.Duration
	Wait       time.Duration // until the next try; 0 if this is the last one
	Err        error         // nil for a success
}

const (
	firstBackoff = 500 * time.Millisecond
	maxBackoff   = 30 * time.Second
	// maxWait is how long a server may ask to wait. When it asks for more, the call fails at once:
	// a caller who can wait that long should know about it.
	maxWait = 2 * time.Minute
)

// send sends a request as often as it makes sense.
func (c *Client) send(ctx context.Context, r *Request, opts []CallOption, stream bool) (*answer, error) {
	if r.err != nil {
		return nil, r.err
	}
	s := newCallSettings(opts)
	if s.timeout != 0 {
		bounded, cancel := context.WithTimeout(ctx, s.timeout)
		a, err := c.try(bounded, r, s, stream)
		if stream && err == nil {
			a.resp.Body = &boundedBody{a.resp.Body, cancel}
		} else {
			cancel()
		}
		return a, err
	}
	return c.try(ctx, r, s, stream)
}

// boundedBody ends the time of a download when it is closed.
type boundedBody struct {
	io.ReadCloser
	cancel context.CancelFunc
}

func (b *boundedBody) Close() error {
	defer b.cancel()
	return b.ReadCloser.Close()
}

func (c *Client) try(ctx context.Context, r *Request, s *callSettings, stream bool) (*answer, error) {
	for n := 1; ; n++ {
		req, err := r.build(ctx, c, s)
		if err != nil {
			return nil, err
		}
		started := c.now()
		a, err := c.attempt(req, r, stream)
		wait, again := c.again(ctx, r, s, n, err)
		if c.hook != nil {
			c.tell(ctx, a, c.report(r, n, c.now().Sub(started), wait, a, err))
		}
		if !again {
			for _, resp := range s.responses {
				if err == nil && resp != nil {
					*resp = Response{StatusCode: a.resp.StatusCode, Header: shownHeader(a.resp)}
				}
			}
			if err == nil && s.watch != nil {
				*s.watch = Response{a.resp.StatusCode, a.resp.Header, func(err error) *APIError {
					return c.newAPIError(a.resp, r, a.body, err)
				}}
			}
			return a, err
		}
		if stopped := c.sleep(ctx, wait); stopped != nil {
			return nil, fmt.Errorf("%w; stopped while waiting to try again: %w", err, stopped)
		}
	}
}

// tell calls the hook. If that panics, nobody else can close the answer.
func (c *Client) tell(ctx context.Context, a *answer, t Attempt) {
	told := false
	defer func() {
		if !told && a != nil {
			a.resp.Body.Close()
		}
	}()
	c.hook(ctx, t)
	told = true
}

// report describes an attempt to the hook.
func (c *Client) report(r *Request, n int, took, wait time.Duration, a *answer, err error) Attempt {
	t := Attempt{Method: r.method, Path: c.shownPath(r), Number: n, Duration: took, Wait: wait, Err: err}
	if a != nil {
		t.StatusCode = a.resp.StatusCode
	}
	var api *APIError
	if errors.As(err, &api) {
		t.StatusCode, t.RequestID = api.StatusCode, api.RequestID
	}
	return t
}

// again decides whether the request is sent again after attempt n, and when. A request that changes
// something is sent again only if the server said that it did not take it: the caller judges
// others.
func (c *Client) again(ctx context.Context, r *Request, s *callSettings, n int, err error) (time.Duration, bool) {
	retries := c.maxRetries
	if s.retries != nil {
		retries = *s.retries
	}
	if err == nil || n > retries || ctx.Err() != nil || r.reader != nil {
		return 0, false
	}
	var api *APIError
	var header http.Header
	if errors.As(err, &api) {
		header = api.Header
	}
	limited := api != nil && api.StatusCode == http.StatusTooManyRequests
	if !limited && (!isReading(r.method) && !r.repeated || !isPassing(api, err)) {
		return 0, false
	}
	wait := c.wait(header, n)
	deadline, bounded := ctx.Deadline()
	if askedWait(header, c.now()) > maxWait || (bounded && c.now().Add(wait).After(deadline)) {
		return 0, false
	}
	return wait, true
}

// isReading reports whether a request changes nothing. HTTP would let PUT and DELETE be repeated,
// but to shorten a retention period twice is not what an administrator wants to find out later.
func isReading(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}

// isPassing reports whether a failure may be gone the next time.
func isPassing(api *APIError, err error) bool {
	if api != nil {
		switch api.StatusCode {
		case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return true
		}
		return errors.Is(err, errBroken)
	}
	var certificate *tls.CertificateVerificationError
	var name *net.DNSError
	return !errors.As(err, &certificate) && (!errors.As(err, &name) || !name.IsNotFound)
}

// IsTemporary reports whether a call that failed in spite of its retries may succeed later without
// a change: after a rate limit, a server error, a broken connection or an answer that broke off. It
// is false for the end of the context, and for anything that somebody has to put right.
func IsTemporary(err error) bool {
	var api *APIError
	if errors.As(err, &api) {
		return api.StatusCode == http.StatusTooManyRequests || api.StatusCode >= 500 || errors.Is(err, errBroken)
	}
	var broken *unanswered
	return errors.As(err, &broken) && isPassing(nil, err) && !errors.Is(err, context.Canceled)
}

// wait returns the time until the next attempt: what the server asks for and a little more, so that
// not all clients come back at once; if it asks for nothing, a random part of a bound that doubles.
func (c *Client) wait(h http.Header, n int) time.Duration {
	if asked := askedWait(h, c.now()); asked > 0 {
		return asked + time.Duration(c.random()*float64(min(asked/10, time.Second)))
	}
	bound := maxBackoff
	if n < 7 {
		bound = min(maxBackoff, firstBackoff<<(n-1))
	}
	return time.Duration(c.random() * float64(bound))
}

// askedWait reads Retry-After (seconds or a date), or else X-RateLimit-Reset (ISO 8601). It is 0 if
// neither is about the future.
func askedWait(h http.Header, now time.Time) time.Duration {
	text := h.Get("Retry-After")
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil {
		return time.Duration(max(0, min(seconds, int64(24*time.Hour/time.Second)))) * time.Second
	}
	if date, err := http.ParseTime(text); err == nil {
		return max(0, date.Sub(now))
	}
	text = h.Get("X-Ratelimit-Reset")
	for _, layout := range []string{"2006-01-02T15:04Z07:00", time.RFC3339} {
		if reset, err := time.Parse(layout, text); err == nil {
			return max(0, reset.Sub(now))
		}
	}
	return 0
}

// sleep waits, or gives up with the context.
func sleep(ctx context.Context, wait time.Duration) error {
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
