package rest

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// WithBaseURLAsGiven keeps a base URL that repeats the beginning of every path, which a proxy may
// need. NewClient refuses it otherwise: it is nearly always the address of one resource.
func WithBaseURLAsGiven() Option {
	return func(c *Client) error {
		c.keepBase = true
		return nil
	}
}

// parseBase checks a base URL. Its errors do not print it: a password may be in it.
func parseBase(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return nil, errors.New("base URL: not a URL")
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, errors.New("base URL: it must start with https://")
	case u.Hostname() == "" || u.Opaque != "":
		return nil, errors.New("base URL: the host is missing")
	case u.User != nil:
		return nil, errors.New("base URL: user and password do not belong there; use WithBasicAuth")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, errors.New("base URL: it must have neither query nor fragment")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return nil, errors.New("base URL: http would send credentials in the clear; use https")
	}
	path := strings.TrimRight(u.EscapedPath(), "/")
	for segment := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		if isDots(segment) || (segment == "" && path != "") {
			return nil, errors.New("base URL: its path has an empty segment or one of dots")
		}
	}
	if u.Path, err = url.PathUnescape(path); err != nil {
		return nil, errors.New("base URL: not a URL")
	}
	u.RawPath = path
	return u, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || (ip != nil && ip.IsLoopback())
}

// isDots reports whether a server or a proxy would take a path segment for a folder or its parent.
func isDots(segment string) bool {
	s, err := url.PathUnescape(segment)
	return err != nil || s == "." || s == ".."
}

// origin returns scheme, host and port of a URL; without a port, the default one.
func origin(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return u.Scheme + "://" + strings.ToLower(u.Hostname()) + ":" + port
}

// checkBase refuses a base URL whose path ends with the beginning of every path of the API:
// requests would go to /api/api/users. It also refuses an API with variables that have no value.
func (c *Client) checkBase(prefix string) error {
	paths := strings.Split(strings.Trim(prefix, "/"), "/")
	last := -1 // the last segment with a variable
	for i, segment := range paths {
		for name := range namesIn(segment) {
			if _, ok := c.variables[name]; !ok {
				return fmt.Errorf("server variable %s: it has no default, and no option sets it", name)
			}
			last = i
		}
	}
	if c.keepBase {
		return nil
	}
	base := strings.Split(strings.Trim(c.base.RawPath, "/"), "/")
	for n := min(len(base), len(paths)); n > 0; n-- {
		kept, tail := base[:len(base)-n], base[len(base)-n:]
		literal, ok := repeats(tail, paths)
		if !ok || !literal && n <= last {
			continue
		}
		u := url.URL{Scheme: c.base.Scheme, Host: c.base.Host}
		right := strings.TrimRight(u.String()+"/"+strings.Join(kept, "/"), "/")
		advice := "use " + right
		if last >= 0 && last < n {
			advice += " and the options that set the variables"
		}
		return fmt.Errorf("base URL: it repeats /%s, the beginning of every path of the API (%s): %s; "+
			"if a proxy needs both, add WithBaseURLAsGiven", strings.Join(tail, "/"), prefix, advice)
	}
	return nil
}

// repeats reports whether the paths begin with these segments (ok), and whether one of them is not
// a variable there (literal). A variable matches any segment.
func repeats(segments, paths []string) (literal, ok bool) {
	for i, segment := range segments {
		if strings.Contains(paths[i], "{") {
			continue
		}
		if segment == "" || segment != paths[i] {
			return false, false
		}
		literal = true
	}
	return literal, segments[0] != ""
}

// namesIn yields the names in braces.
func namesIn(template string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for {
			_, rest, found := strings.Cut(template, "{")
			name, after, closed := strings.Cut(rest, "}")
			if !found || !closed || !yield(name) {
				return
			}
			template = after
		}
	}
}
