package rest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed-1954497d/auditgen/templates/rest/lossless"
)

// Request is one call as the generated code describes it: nothing in it depends on a client. The first thing that is wrong
// with it stays in err, and then nothing is sent.
type Request struct {
	method   string
	template string // path with parameters in braces, escaped for the rest
	accept   string
	params   map[string]string // path parameters, escaped
	queries  []string          // parts of the query, escaped
	headers  http.Header
	body     []byte
	reader   io.Reader // body that is sent as it is, and only once
	media    string    // type of the body
	empty    []int     // statuses of successes without a body, where others have one
	err      error
}

// NewRequest starts a request. The template is a path with parameters in braces; the rest of it is escaped.
func NewRequest(method, template, accept string) *Request {
	return &Request{method: method, template: template, accept: accept, headers: http.Header{}}
}

func (r *Request) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("%s %s: "+format, append([]any{r.method, r.template}, args...)...)
	}
}

// MayBeEmpty names the successes that come without a body.
func (r *Request) MayBeEmpty(statuses ...int) { r.empty = statuses }

// ContentType replaces the media type of the body.
func (r *Request) ContentType(media string) { r.media = media }

// SendJSON sends a value as JSON. It must be complete.
func SendJSON[T any](r *Request, body *T, code func(*lossless.Codec, *T)) {
	data, err := lossless.Encode(body, true, code)
	if err != nil {
		r.fail("%w", err)
		return
	}
	r.body, r.media = data, "application/json"
}

// Stream sends a body as it is. It cannot be sent a second time, so the request is not retried.
func (r *Request) Stream(body io.Reader, media string) {
	r.reader, r.media = body, media
}

// shownPath returns the whole path that is requested, base path included, as errors show it.
func (c *Client) shownPath(r *Request) string {
	path, err := r.filledPath(c.variables)
	if err != nil {
		path = r.template
	}
	return c.base.RawPath + path
}

// filledPath puts the path parameters, and the variables of the server URL, in their places. All parts are escaped already. A
// segment with parameters must not come out empty or as dots.
func (r *Request) filledPath(variables map[string]string) (string, error) {
	segments := strings.Split(r.template, "/")
	for i, segment := range segments {
		var b strings.Builder
		for rest := segment; ; {
			before, after, found := strings.Cut(rest, "{")
			b.WriteString(before)
			if !found {
				break
			}
			name, behind, _ := strings.Cut(after, "}")
			value, ok := r.params[name]
			if !ok {
				value, ok = variables[name]
			}
			if !ok {
				return "", fmt.Errorf("the server variable %s is not set", name)
			}
			b.WriteString(value)
			rest = behind
		}
		if segments[i] = b.String(); segments[i] != segment && (segments[i] == "" || isDots(segments[i])) {
			return "", errors.New("a path segment is empty or consists of dots")
		}
	}
	return strings.Join(segments, "/"), nil
}

// build makes the HTTP request of one attempt.
func (r *Request) build(ctx context.Context, c *Client, s *callSettings) (*http.Request, error) {
	path, err := r.filledPath(c.variables)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", r.method, r.template, err)
	}
	u := *c.base
	u.RawPath += path
	query := s.rewrite(r.queries)
	if s.link != "" {
		u.RawPath, query = c.linked(s.link, u.RawPath)
	}
	// net/url would escape the whole path anew, slashes of arguments among it, if RawPath were not an encoding that it accepts.
	if u.Path, err = url.PathUnescape(u.RawPath); err != nil || u.EscapedPath() != u.RawPath {
		return nil, fmt.Errorf("%s %s: the path is not escaped as it should be", r.method, r.template)
	}
	u.RawQuery = query
	body := r.reader
	if r.body != nil {
		body = strings.NewReader(string(r.body))
	}
	req, err := http.NewRequestWithContext(ctx, r.method, "", body)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", r.method, r.template, err)
	}
	req.URL, req.Host = &u, u.Host
	for name, values := range r.headers {
		req.Header[name] = values
	}
	if r.accept != "" {
		req.Header.Set("Accept", r.accept)
	}
	if r.media != "" && body != nil {
		req.Header.Set("Content-Type", r.media)
	}
	if c.userAgent != "" {
		req.Header.Set("User-Agent", c.userAgent)
	}
	c.authorize(req.Header)
	for _, h := range s.headers {
		req.Header.Set(h[0], h[1])
	}
	return req, nil
}
