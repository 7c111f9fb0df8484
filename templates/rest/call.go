package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// CallOption changes a single call.
type CallOption func(*callSettings)

type callSettings struct {
	responses []*Response
	watch     *Response // another one, for the generated code itself
	headers   [][2]string
	timeout   time.Duration // 0 for none
	retries   *int          // nil for those of the client
	link      string        // an address that an answer gave, in place of path and query
	drop      []string      // names of query parameters that are not sent
	add       url.Values
}

// Response is what a success says beside its body.
type Response struct {
	StatusCode int
	Header     http.Header // without cookies

	unexpected func(error) *APIError // for generated code; nil in what users get
}

// WithResponse sets resp to status and header of the answer if the call succeeds. An error that
// comes with an answer is an *[APIError] and has them itself.
func WithResponse(resp *Response) CallOption {
	return func(s *callSettings) { s.responses = append(s.responses, resp) }
}

// WithHeader sends a header. It replaces one of the same name.
func WithHeader(name, value string) CallOption {
	return func(s *callSettings) { s.headers = append(s.headers, [2]string{name, value}) }
}

// WithTimeout bounds a call: its retries, and of a download the reading too. A call that takes
// longer ends with [context.DeadlineExceeded], and so does one whose time is negative.
func WithTimeout(d time.Duration) CallOption {
	return func(s *callSettings) { s.timeout = d }
}

// WithRetries sets how often a call is sent again, in place of what [WithMaxRetries] says for all
// of them. A negative number is 0.
func WithRetries(n int) CallOption {
	return func(s *callSettings) { n := max(n, 0); s.retries = &n }
}

func newCallSettings(opts []CallOption) *callSettings {
	s := new(callSettings)
	for _, opt := range opts {
		if opt != nil {
			opt(s)
		}
	}
	return s
}

// rewrite returns the query of a call.
func (s *callSettings) rewrite(queries []string) string {
	parts := slices.Clone(queries)
	for _, name := range s.drop {
		parts = slices.DeleteFunc(parts, func(q string) bool { return strings.HasPrefix(q, name+"=") })
	}
	if len(s.add) > 0 {
		parts = append(parts, encodeQuery(s.add))
	}
	return strings.Join(parts, "&")
}

// encodeQuery writes a query without the plus signs that only forms understand.
func encodeQuery(values url.Values) string { return strings.ReplaceAll(values.Encode(), "+", "%20") }

// Do calls an operation that has no method, with the client's credentials, retries and errors. The
// path begins with a slash, is escaped and has no query; body, if not nil, is sent as JSON. An
// answer without a body is null.
func (c *Client) Do(ctx context.Context, method, path string, query url.Values, body any, opts ...CallOption) (json.RawMessage, error) {
	r := NewRequest(method, path, "application/json")
	if !strings.HasPrefix(path, "/") || strings.ContainsAny(path, "?#{}\\") {
		r.fail("the path must begin with a slash and have neither query, braces nor backslashes")
	}
	for segment := range strings.SplitSeq(path, "/") {
		if isDots(segment) {
			r.fail("the path has a segment of dots or a broken escape")
		}
	}
	if len(query) > 0 {
		r.queries = []string{encodeQuery(query)}
	}
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			r.fail("body: %w", err)
		}
		r.body, r.media = data, "application/json"
	}
	return CallRaw(ctx, c, r, opts)
}

// answer is a success. Its body was read, unless it is streamed.
type answer struct {
	resp *http.Response
	body string
}

// receive sends a request, and refuses an HTML page in place of another answer.
func (c *Client) receive(ctx context.Context, r *Request, opts []CallOption, stream bool) (*answer, error) {
	a, err := c.send(ctx, r, opts, stream)
	if err != nil {
		return nil, err
	}
	start := a.body
	if strings.Contains(r.accept, "text/") {
		start = "" // a text may begin as pages do
	}
	if strings.Contains(r.accept, "html") || !stream && a.body == "" || !isPage(a.resp.Header, start) {
		return a, nil
	}
	if stream {
		a.body = readError(a.resp.Body)
	}
	if err = fmt.Errorf("%w: an HTML page", ErrNotJSON); isLogin(a.resp.Request.URL) || loginForm.MatchString(a.body[:min(len(a.body), maxErrorBody)]) {
		err = fmt.Errorf("%w: a login page: %w", ErrNotJSON, ErrUnauthorized)
	}
	return nil, c.newAPIError(a.resp, r, a.body, err)
}

// attempt sends a request once.
func (c *Client) attempt(req *http.Request, r *Request, stream bool) (*answer, error) {
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, c.broken(req, r, err)
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return nil, c.newAPIError(resp, r, readError(resp.Body), redirection(resp))
	}
	if stream {
		return &answer{resp: resp}, nil
	}
	defer resp.Body.Close()
	body, err := readBody(resp, c.maxBytes)
	switch {
	case err != nil:
		return nil, c.newAPIError(resp, r, body, fmt.Errorf("%w: %w", errBroken, redactError(req, err)))
	case int64(len(body)) > c.maxBytes:
		return nil, c.newAPIError(resp, r, body, fmt.Errorf("%w: more than %d bytes", ErrTooLarge, c.maxBytes))
	}
	return &answer{resp, body}, nil
}

// errEmptyBody is an answer without the body that is documented.
var errEmptyBody = errors.New("the body is empty")

// errBroken is an answer that ends too early.
var errBroken = errors.New("the answer breaks off")

// broken is an error without an answer. A url.Error is unwrapped: its text has the whole query.
func (c *Client) broken(req *http.Request, r *Request, err error) error {
	for {
		var u *url.Error
		if !errors.As(err, &u) {
			return &unanswered{r.method + " " + c.shownPath(r), redactError(req, err)}
		}
		err = u.Err
	}
}

// unanswered is a request to which no answer came.
type unanswered struct {
	request string
	err     error
}

func (e *unanswered) Error() string { return printable(e.request + ": " + e.err.Error()) }
func (e *unanswered) Unwrap() error { return e.err }

// redirection says what is wrong about a redirect that was not followed.
func redirection(resp *http.Response) error {
	if resp.StatusCode < 300 || resp.StatusCode > 399 {
		return nil
	}
	if to, err := resp.Location(); err == nil && isLogin(to) {
		return fmt.Errorf("redirect to a login page: %w", ErrUnauthorized)
	}
	return errors.New("redirect that is not followed")
}

// loginForm matches a page that asks who is there. Servers send one with status 200 where
// credentials have expired.
var loginForm = regexp.MustCompile(`(?i)type\s*=\s*["']?password|<title[^<]*\b(log|sign)[ -]?in\b`)

func isLogin(u *url.URL) bool { return strings.Contains(strings.ToLower(u.Path), "login") }

// readBody reads at most one byte more than max. It returns a string, which models are cut out of.
func readBody(resp *http.Response, max int64) (string, error) {
	// The length in the header is a hint: it may be a lie.
	promised := int(min(resp.ContentLength, max, 8<<20))
	var body strings.Builder
	size := 32 << 10
	if promised >= 0 {
		size = min(size, promised+1)
		body.Grow(promised)
	}
	chunk := make([]byte, size)
	from := io.LimitReader(resp.Body, max+min(1, math.MaxInt64-max))
	for {
		n, err := from.Read(chunk)
		if n > body.Cap()-body.Len() {
			body.Grow(n) // to twice as much, which Write would not do
		}
		body.Write(chunk[:n])
		switch err {
		case nil:
			continue
		case io.EOF:
			err = nil
		}
		return whole(&body), err
	}
}

// whole returns what was written, without much more memory than that.
func whole(b *strings.Builder) string {
	if b.Cap() > b.Len()+b.Len()/4 {
		return strings.Clone(b.String())
	}
	return b.String()
}

// readError returns the beginning of a body, and reads a little more, so that the connection can be
// used again.
func readError(body io.ReadCloser) string {
	defer body.Close()
	start, _ := io.ReadAll(io.LimitReader(body, maxErrorBody))
	_, _ = io.Copy(io.Discard, io.LimitReader(body, maxErrorBody))
	return string(start)
}
