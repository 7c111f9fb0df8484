package rest

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"regexp"
	"strings"

	"github.com/seed-1954497d/auditgen/templates/rest/lossless"
)

// What an [APIError] may be about. Ask with errors.Is.
var (
	// ErrUnauthorized: the credentials are missing, wrong or expired (401, or a login page).
	ErrUnauthorized = errors.New("unauthorized")
	// ErrForbidden: the owner of the credentials lacks a permission or a scope (403).
	ErrForbidden = errors.New("forbidden")
	// ErrNotFound: there is no such thing, or it may not be seen (404).
	ErrNotFound = errors.New("not found")
	// ErrRateLimited: too many requests, even after the retries (429).
	ErrRateLimited = errors.New("rate limited")
	// ErrNotJSON: a success whose body is not what the documents promise.
	ErrNotJSON = errors.New("not the documented answer")
	// ErrTooLarge: the answer is larger than [WithMaxResponseBytes] allows, or what it says would
	// take more memory than 64 MiB and than 32 times its bytes.
	ErrTooLarge = lossless.ErrTooLarge
)

// maxErrorBody limits APIError.Body, in bytes, and maxSaid what errors quote of it, in characters.
const (
	maxErrorBody = 64 << 10
	maxSaid      = 300
)

// APIError is an answer that is not a success, or a success that cannot be used: a page in place of
// JSON, a body that breaks off or is too large. It never contains credentials. Ask which kind it is
// with errors.Is and the Err variables of this package, and for its body with errors.As and
// [ErrorBody].
type APIError struct {
	StatusCode int
	Method     string
	Path       string      // whole path of the request, that of the base URL included, without its query
	Header     http.Header // header of the answer, without cookies
	Body       []byte      // body of the answer, at most 64 KiB of it
	RequestID  string      // what the server calls the request; empty if it does not say
	Scopes     string      // scopes that the operation needs by its documents; empty unless the refusal is about a scope
	Err        error       // what is wrong if the status does not say it; may be nil

	documented error // an *ErrorBody, or nil
}

// Error says what was asked for, how it ended, and what the server says about it.
func (e *APIError) Error() string {
	text := strings.TrimSpace(fmt.Sprintf("%s %s: %d %s", e.Method, e.Path, e.StatusCode, http.StatusText(e.StatusCode)))
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	if said := e.message(); said != "" {
		text += ": " + said
	}
	if e.Scopes != "" {
		text += ": the operation needs the scope " + e.Scopes
	}
	if e.RequestID != "" {
		text += " (request " + shortened(e.RequestID) + ")"
	}
	return printable(text)
}

// shortened returns the beginning of a text of a server.
func shortened(text string) string {
	if short := []rune(text[:min(len(text), 4*maxSaid)]); len(text) > maxSaid && len(short) > maxSaid {
		return string(short[:maxSaid]) + "..."
	}
	return text
}

// Unwrap returns Err and the [ErrorBody], if there are any.
func (e *APIError) Unwrap() (all []error) {
	for _, err := range []error{e.Err, e.documented} {
		if err != nil {
			all = append(all, err)
		}
	}
	return all
}

// Is reports whether the error is of a kind.
func (e *APIError) Is(kind error) bool {
	status, ok := map[error]int{ErrUnauthorized: 401, ErrForbidden: 403, ErrNotFound: 404, ErrRateLimited: 429}[kind]
	return ok && e.StatusCode == status
}

// ErrorBody is the body of an answer that is not a success, as the documents describe it:
//
//	var e *rest.ErrorBody[petstore.Problem]
//	if errors.As(err, &e) {
//		fmt.Println(e.Value.Detail)
//	}
//
// There is none if the body is not what the documents say; the [APIError] has its bytes.
type ErrorBody[T any] struct {
	StatusCode int
	Value      T
}

// Error says that there is a documented body, and not what is in it.
func (e *ErrorBody[T]) Error() string {
	return fmt.Sprintf("%d with the documented body", e.StatusCode)
}

// errorBody reads the documented body of some statuses.
type errorBody struct {
	statuses []int // 4 is 400 to 499, 0 is all
	read     func(status int, body string) error
}

// message returns what the server says in one of the usual members; nothing for pages.
func (e *APIError) message() string {
	var said struct {
		Message, Detail, Title string
		ErrorMessages          []string
		Description            string `json:"error_description"`
	}
	_ = json.Unmarshal(e.Body, &said) // members of other types are left out
	for _, text := range []string{said.Message, strings.Join(said.ErrorMessages, "; "), said.Detail, said.Title, said.Description} {
		if text = strings.Join(strings.Fields(text), " "); text != "" {
			return shortened(text)
		}
	}
	return ""
}

// RequestError is a request that was not sent because its body is not complete.
type RequestError = lossless.RequestError

// unreadable says what keeps the body of a success from being read.
func unreadable(err error) error {
	if errors.Is(err, ErrTooLarge) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrNotJSON, err)
}

// newAPIError returns an error about an answer whose body, or the beginning of it, is known.
func (c *Client) newAPIError(resp *http.Response, r *Request, body string, err error) *APIError {
	header := shownHeader(resp)
	if to := header.Get("Location"); to != "" {
		to, _, _ = strings.Cut(to, "?") // login pages are told what was asked
		header.Set("Location", to)
	}
	e := &APIError{
		StatusCode: resp.StatusCode,
		Method:     r.method,
		Path:       c.shownPath(r),
		Header:     header,
		Body:       []byte(redact(resp.Request, body[:min(len(body), maxErrorBody)])),
		RequestID:  header.Get("X-Request-Id"),
		Err:        err,
	}
	if about := string(e.Body) + header.Get("WWW-Authenticate"); (e.StatusCode == 401 || e.StatusCode == 403) && !isPage(header, string(e.Body)) && aboutScope.MatchString(about) {
		e.Scopes = r.scopes
	}
	if e.StatusCode > 299 {
		e.documented = r.errorBody(e.StatusCode, string(e.Body))
	}
	if c.errorHook != nil {
		c.errorHook(e)
	}
	return e
}

// aboutScope matches a refusal that is about a scope: "scope does not match", insufficient_scope.
var aboutScope = regexp.MustCompile(`(?i)(^|[^a-z])scopes?([^a-z]|$)`)

// shownHeader returns the header of an answer without cookies, and without credentials that the
// server repeats.
func shownHeader(resp *http.Response) http.Header {
	shown := resp.Header.Clone()
	shown.Del("Set-Cookie")
	for name, values := range shown {
		for i, v := range values {
			values[i] = redact(resp.Request, v)
		}
		if names(resp.Request, name) {
			delete(shown, name)
		}
	}
	return shown
}

// errorBody returns the documented body of a status as an error, nil if there is none. A status
// comes before a range, and a range before all others.
func (r *Request) errorBody(status int, body string) error {
	for _, key := range []int{status, status / 100, 0} {
		for _, b := range r.errors {
			for _, s := range b.statuses {
				if s == key {
					return b.read(status, body)
				}
			}
		}
	}
	return nil
}

// isPage reports whether an answer is an HTML page, by its content type or else by its first byte.
func isPage(h http.Header, body string) bool {
	if t := h.Get("Content-Type"); t != "" {
		media, _, _ := mime.ParseMediaType(t)
		return media == "text/html" || media == "application/xhtml+xml"
	}
	return strings.HasPrefix(strings.TrimSpace(body[:min(len(body), 512)]), "<")
}
