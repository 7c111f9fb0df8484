package rest

import (
	"net/http"
	"strings"
)

// NextLink returns the target of the link whose relation is next, as RFC 8288 writes it.
func NextLink(header http.Header) string {
	for _, value := range header.Values("Link") {
		for value != "" {
			_, rest, ok := strings.Cut(value, "<")
			target, rest, closed := strings.Cut(rest, ">")
			if !ok || !closed {
				break
			}
			params, more, _ := strings.Cut(rest, "<")
			for param := range strings.SplitSeq(strings.TrimRight(params, ", "), ";") {
				name, relation, _ := strings.Cut(strings.TrimSpace(param), "=")
				if strings.EqualFold(strings.TrimSpace(name), "rel") && hasWord(strings.Trim(strings.TrimSpace(relation), `"`), "next") {
					return target
				}
			}
			if more == "" {
				break
			}
			value = "<" + more
		}
	}
	return ""
}

func hasWord(list, word string) bool {
	for w := range strings.FieldsSeq(list) {
		if strings.EqualFold(w, word) {
			return true
		}
	}
	return false
}

// Watched adds to a call that its answer is wanted, for headers and Unexpected.
func Watched(opts []CallOption, resp *Response) []CallOption {
	return append(opts[:len(opts):len(opts)], func(s *callSettings) {
		s.watch = resp
	})
}
