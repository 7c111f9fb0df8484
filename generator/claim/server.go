package claim

import (
	"path"
	"strings"
)

// SplitServer splits a server URL into its origin (scheme and host) and its path. The origin of
// //host/path is https://host; without a host it is empty. The path is empty or starts with a
// slash, and does not end in one. Query and fragment are dropped.
func SplitServer(url string) (origin, where string) {
	url = strings.TrimSpace(url)
	if i := strings.IndexAny(url, "?#"); i >= 0 {
		url = url[:i]
	}
	scheme, rest, found := strings.Cut(url, "://")
	switch {
	case found && !strings.Contains(scheme, "/"):
		scheme += "://"
	case strings.HasPrefix(url, "//"):
		scheme, rest = "https://", url[len("//"):]
	case namesHost(url):
		scheme, rest = "https://", url
	default:
		return "", cleanPath(url)
	}
	host, where, _ := strings.Cut(rest, "/")
	if host == "" {
		return "", cleanPath(where)
	}
	return scheme + host, cleanPath(where)
}

// namesHost reports whether a URL without a scheme starts with a host, as in api.example.com/v1 and
// localhost:8080. The first segment of a relative URL rarely contains a dot or a colon.
func namesHost(url string) bool {
	first, _, _ := strings.Cut(url, "/")
	name, port, hasPort := strings.Cut(first, ":")
	if hasPort && strings.Trim(port, "0123456789") == "" && name != "" {
		return true
	}
	labels := strings.Split(first, ".")
	last := labels[len(labels)-1]
	return len(labels) > 1 && labels[0] != "" && len(last) > 1 && strings.Trim(last, "0123456789") != "" &&
		!strings.ContainsAny(first, "{}:")
}

func cleanPath(p string) string {
	p = path.Clean("/" + p)
	if p == "/" {
		return ""
	}
	return p
}
