package runtime

import (
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
