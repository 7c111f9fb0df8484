package runtime

import (
	"net/http"
	"net/url"
	"strings"
)

// followToken moves on to the page that a token stands for. The end is an answer without one; a page without items is
// not, because some servers filter what they have already put on a page.
func (p *page) followToken(at Position, token string) {
	p.more, p.unnumbered = token != "", true
	p.moveTo(at, 0, token)
	p.stuck = p.stuck && p.more
}

// followCursor moves on to the page that the cursor in a link stands for. Of the link only that cursor is taken, never its
// host or path. The end is an answer without a link.
func (p *page) followCursor(at Position, link, name string) {
	if link == "" {
		p.followToken(at, "")
		return
	}
	_, text, _ := strings.Cut(link, "?")
	text, _, _ = strings.Cut(text, "#")
	query, _ := url.ParseQuery(text) // what cannot be read of a query is as good as not there
	p.followToken(at, query.Get(name))
	if !p.more {
		p.more, p.stuck = true, true // a link that leads nowhere is no end
	}
}

// followHeader is followCursor with the link of a Link header whose relation is next.
func (p *page) followHeader(at Position, header http.Header, name string) {
	p.followCursor(at, nextLink(header), name)
}

// nextLink gives the target of the link whose relation is next, as RFC 8288 writes it.
func nextLink(header http.Header) string {
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

// lastSaid takes down an answer's own word that it is the last page, or that it is not, which is worth more than what a short
// page seems to say.
func (p *page) lastSaid(m *Members, name string, last bool) {
	if saysSo(m, name) {
		p.more = !last && p.count > 0
	}
}

// saysSo tells whether a member is there with a value of its documented type.
func saysSo(m *Members, name string) bool {
	if !m.Has(name) || m.IsNull(name) {
		return false
	}
	for _, problem := range m.Problems() {
		if problem.Path == name {
			return false
		}
	}
	return true
}

// optionsAs is options for a cursor with a name of its own that is no parameter of the operation.
func (at Position) optionsAs(name string, opts []CallOption) []CallOption {
	if at.Cursor == "" {
		return opts
	}
	return append(opts[:len(opts):len(opts)], func(s *callSettings) {
		s.drop = append(s.drop, name)
		s.add = url.Values{name: {at.Cursor}}
	})
}

// watched adds to a call that its answer's status and header are wanted.
func watched(opts []CallOption, resp *Response) []CallOption {
	return append(opts[:len(opts):len(opts)], func(s *callSettings) {
		s.watch = resp
	})
}
