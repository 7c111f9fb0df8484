package rest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// Request is one call as generated code describes it. The first fault stays in err, and then
// nothing is sent.
type Request struct {
	method      string
	template    string // path with parameters in braces, escaped for the rest
	accept      string
	params      map[string]string // path parameters, escaped
	queries     []string          // parts of the query, escaped
	headers     http.Header
	body        []byte
	reader      io.Reader              // body that can be sent only once
	media       string                 // type of the body
	empty       []int                  // statuses of successes without a body, where others have one
	fields      map[string]fieldStyle  // of forms
	partHeaders map[string]http.Header // of multipart forms
	form        Upload                 // multipart
	null        bool                   // the whole answer may be null
	repeated    bool                   // it may be sent again although it is not a GET
	security    []string               // see Security
	scopes      string                 // see Scopes
	errors      []errorBody
	err         error
}

func (r *Request) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("%s %s: "+format, append([]any{r.method, r.template}, args...)...)
	}
}

// shownPath returns the whole path that is requested, base path included, as errors show it.
func (c *Client) shownPath(r *Request) string {
	path, err := r.filledPath(c.variables)
	if err != nil {
		path = r.template
	}
	return c.base.RawPath + path
}

// filledPath puts path parameters and variables of the server URL in their places. All parts are
// escaped already. A segment with parameters must not become empty or dots.
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
	// With a RawPath that it does not accept, net/url would escape the path anew, without the
	// slashes.
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
	if req, err = c.authorize(req, r); err != nil {
		return nil, fmt.Errorf("%s %s: %w", r.method, c.shownPath(r), err)
	}
	for _, h := range s.headers {
		req.Header.Set(h[0], h[1])
	}
	return req, nil
}
