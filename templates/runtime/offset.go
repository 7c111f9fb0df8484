package runtime

import (
	"net/url"
	"strconv"
	"strings"
)

// advance moves on by what arrived. The end is an empty page, or one with fewer items than the answer's own limit; totals
// are not trusted, and a limit that was asked for may have been cut.
//
//go:noinline
func (p *page) advance(at Position, hasLimit bool, limit int64) {
	n := int64(p.count)
	p.moveTo(at, at.Offset+n, at.Cursor)
	p.more = n > 0 && !(hasLimit && limit > 0 && n < limit)
}

// followLink moves on to where a link to the next page leads. Only the link's own idea of the place is taken, never its
// host or the rest of its query, and only if it lies ahead; else the walk moves on by what arrived. The end is an answer
// without a link or without items.
func (p *page) followLink(at Position, link string) {
	n := int64(p.count)
	p.more = n > 0 && link != ""
	if at.Cursor != "" {
		p.moveTo(at, 0, at.Cursor)
	} else {
		p.moveTo(at, at.Offset+n, "")
	}
	_, text, _ := strings.Cut(link, "?")
	text, _, _ = strings.Cut(text, "#")
	// What cannot be read of a query is as good as not there.
	query, _ := url.ParseQuery(text)
	if cursor := query.Get("cursor"); cursor != "" {
		p.moveTo(at, 0, cursor)
		return
	}
	for _, name := range offsetNames {
		if start, err := strconv.ParseInt(query.Get(name), 10, 64); err == nil && (at.Cursor != "" || start > p.next.Offset) {
			p.moveTo(at, start, "")
			return
		}
	}
}

// lastSaid takes down an answer's own word that it is the last page, or that it is not, which is worth more than what a short
// page seems to say.
//
//go:noinline
func (p *page) lastSaid(m *Members, name string, last bool) {
	if saysSo(m, name) {
		p.more = !last && p.count > 0
	}
}
