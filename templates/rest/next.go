package rest

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/seed-1954497d/auditgen/templates/rest/lossless"
)

// How pages of each style find the next one. What an answer says about itself is believed only as far as it moves the walk
// forward.

// offsetNames is what Atlassian's listings call the place where a page starts.
var offsetNames = []string{"start", "startAt", "offset"}

// Advance moves on by what arrived. The end is an empty page, or one with fewer items than the answer's own limit. Totals are
// not trusted, and the server may have cut the limit that was asked for.
func (p *Page[T]) Advance(answer *lossless.Members, limitName string, limit int64) {
	n := int64(len(p.Items))
	p.next = Position{Offset: p.at.Offset + n, Cursor: p.at.Cursor}
	short := limitName != "" && says(answer, limitName) && n < limit
	p.more = n > 0 && !short
}

// FollowLink follows a link to the next page; without one, Advance has decided. It takes only the place out of the
// link, never its host or the rest of its query, and only a place that lies ahead. A page without items whose link does not
// lead ahead is the last one.
func (p *Page[T]) FollowLink(link string) {
	if link == "" {
		p.more = p.more && p.at.Cursor == ""
		return
	}
	query := queryOf(link)
	p.more = len(p.Items) > 0
	if cursor := query.Get("cursor"); cursor != "" {
		p.more, p.next = true, Position{Cursor: cursor}
		return
	}
	for _, name := range offsetNames {
		start, err := strconv.ParseInt(query.Get(name), 10, 64)
		if err == nil && (p.at.Cursor != "" || start > p.next.Offset) {
			p.more, p.next = true, Position{Offset: start}
			return
		}
	}
}

// LastSaid records an answer's own word that it is the last page, or that it is not. It counts more than the length of the page.
func (p *Page[T]) LastSaid(answer *lossless.Members, name string, last bool) {
	if says(answer, name) {
		p.more = !last
	}
}

// FollowToken moves on to the page that a token stands for. An answer without a token is the end.
func (p *Page[T]) FollowToken(token string) {
	p.more, p.unnumbered = token != "", true
	p.next = Position{Cursor: token}
}

// FollowCursor moves on to the page that the cursor in a link stands for. It takes only that cursor out of the link, never its
// host or path. An answer without a link is the end; a link without a cursor leads back to this page.
func (p *Page[T]) FollowCursor(link, name string) {
	p.FollowToken(queryOf(link).Get(name))
	if link != "" && !p.more {
		p.more, p.next = true, p.at
	}
}

// queryOf returns the query of a link, without what cannot be parsed.
func queryOf(link string) url.Values {
	_, text, _ := strings.Cut(link, "?")
	text, _, _ = strings.Cut(text, "#")
	query, _ := url.ParseQuery(text)
	return query
}

// Options adds to a call the cursor of a position, which stands in place of the offset.
func (at Position) Options(opts []CallOption) []CallOption {
	return at.options("cursor", offsetNames, opts)
}

// OptionsAs is Options for a cursor whose name is not a parameter of the operation.
func (at Position) OptionsAs(name string, opts []CallOption) []CallOption {
	return at.options(name, []string{name}, opts)
}

func (at Position) options(name string, instead []string, opts []CallOption) []CallOption {
	if at.Cursor == "" {
		return opts
	}
	return append(opts[:len(opts):len(opts)], func(s *callSettings) {
		s.drop = append(s.drop, instead...)
		s.add = url.Values{name: {at.Cursor}}
	})
}

// ValueOf returns what a pointer points to, the zero value where it points nowhere.
func ValueOf[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}
