package rest

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strings"

	"github.com/seed-1954497d/auditgen/templates/rest/lossless"
)

// What an [APIError] may be about. Ask with errors.Is.
var (
	// ErrUnauthorized: the credentials are missing, wrong or expired (401, or a redirect to a login page).
	ErrUnauthorized = errors.New("unauthorized")
	// ErrForbidden: the credentials are good, but their owner lacks a permission, a scope or a plan (403).
	ErrForbidden = errors.New("forbidden")
	// ErrFreePlan: the site's plan does not have the feature. It is also ErrForbidden.
	ErrFreePlan = errors.New("not available on the Free plan")
	// ErrNotFound: there is no such thing, or it may not be seen (404).
	ErrNotFound = errors.New("not found")
	// ErrRateLimited: too many requests, even after the retries (429).
	ErrRateLimited = errors.New("rate limited")
	// ErrNotJSON: a success whose body is not what the documents promise, such as a login page.
	ErrNotJSON = errors.New("not the documented answer")
	// ErrTooLarge: the answer is larger than the client allows; see [WithMaxResponseBytes].
	ErrTooLarge = errors.New("answer too large")
)

// maxErrorBody bounds APIError.Body.
const maxErrorBody = 64 << 10

// APIError is an answer that is no success, or a success that cannot be used: another status than 2xx, a page in place of
// JSON, a body that breaks off or is too large. It never contains credentials. Ask which kind it is with errors.Is and the
// Err variables of this package.
type APIError struct {
	StatusCode int
	Method     string
	Path       string      // whole path of the request, that of the base URL included, without its query
	Header     http.Header // header of the answer, without cookies
	Body       []byte      // body of the answer, at most 64 KiB of it
	RequestID  string      // what Atlassian's support asks for; empty if the server gave none
	Err        error       // what is wrong where the status does not say it; may be nil
}

// Error says what was asked for, how it ended, and what the server says about it.
func (e *APIError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: %d", e.Method, e.Path, e.StatusCode)
	if text := http.StatusText(e.StatusCode); text != "" {
		b.WriteString(" " + text)
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	if m := e.message(); m != "" {
		b.WriteString(": " + m)
	}
	if e.RequestID != "" {
		b.WriteString(" (request " + e.RequestID + ")")
	}
	return b.String()
}

// Unwrap returns Err.
func (e *APIError) Unwrap() error { return e.Err }

// Is reports whether the error is of a kind.
func (e *APIError) Is(kind error) bool {
	switch kind {
	case ErrUnauthorized:
		return e.StatusCode == http.StatusUnauthorized
	case ErrForbidden:
		return e.StatusCode == http.StatusForbidden
	case ErrFreePlan:
		return e.StatusCode == http.StatusForbidden && saysFreePlan(e.Body)
	case ErrNotFound:
		return e.StatusCode == http.StatusNotFound
	case ErrRateLimited:
		return e.StatusCode == http.StatusTooManyRequests
	}
	return false
}

// saysFreePlan recognizes the one refusal that only an upgrade can cure. No status and no code tells it from others.
func saysFreePlan(body []byte) bool {
	text := strings.ToLower(string(body))
	return strings.Contains(text, "free edition") || strings.Contains(text, "free plan")
}

// message returns what the server says in one of the ways Atlassian's errors say it; nothing for pages.
func (e *APIError) message() string {
	var said struct {
		Message       string
		ErrorMessages []string
		Errors        map[string]string
	}
	// What does not fit is left out: a message is a courtesy.
	_ = json.Unmarshal(e.Body, &said)
	text := said.Message
	if text == "" {
		text = strings.Join(said.ErrorMessages, "; ")
	}
	text = strings.Join(strings.Fields(text), " ")
	if short := []rune(text); len(short) > 300 {
		text = string(short[:300]) + "..."
	}
	return text
}

// RequestError is a request that was not sent because its body is not complete.
type RequestError = lossless.RequestError

// newAPIError returns an error about an answer whose body, or the beginning of it, is known.
func (c *Client) newAPIError(resp *http.Response, r *Request, body string, err error) *APIError {
	header := c.shownHeader(resp.Header)
	if to := header.Get("Location"); to != "" {
		to, _, _ = strings.Cut(to, "?") // login pages are told where the user came from, with all that was asked
		header.Set("Location", to)
	}
	return &APIError{
		StatusCode: resp.StatusCode,
		Method:     r.method,
		Path:       c.shownPath(r),
		Header:     header,
		Body:       []byte(c.redact(body[:min(len(body), maxErrorBody)])),
		RequestID:  requestID(header),
		Err:        err,
	}
}

// shownHeader returns the header of an answer as callers may print it: without cookies, and without credentials that the server
// repeats.
func (c *Client) shownHeader(h http.Header) http.Header {
	shown := h.Clone()
	shown.Del("Set-Cookie")
	for _, values := range shown {
		for i, v := range values {
			values[i] = c.redact(v)
		}
	}
	return shown
}

// requestID finds the identification that support asks for.
func requestID(h http.Header) string {
	for _, name := range []string{"Atl-Traceid", "X-Request-Id", "Atl-Request-Id", "X-Arequestid"} {
		if id := h.Get(name); id != "" {
			return id
		}
	}
	return ""
}

// isPage reports whether an answer is an HTML page, by its content type or else by its first byte.
func isPage(h http.Header, body string) bool {
	if t := h.Get("Content-Type"); t != "" {
		media, _, _ := mime.ParseMediaType(t)
		return media == "text/html" || media == "application/xhtml+xml"
	}
	return strings.HasPrefix(strings.TrimSpace(body[:min(len(body), 512)]), "<")
}
