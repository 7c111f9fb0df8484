package rest

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-1954497d/auditgen/templates/rest/lossless"
)

// How pages of each style find the next one. What an answer says about itself is believed only as far as it moves the walk
// forward.

// Advance moves on by what arrived. The end is an empty page, or one with fewer items than the answer's own limit. Totals are
// not trusted, and the server may have cut the limit that was asked for.
func (p *Page[T]) Advance(answer *lossless.Members, limitName string, limit int64) {
	p.next = Position{Offset: p.at.Offset + int64(len(p.Items)), Cursor: p.at.Cursor}
	p.more = p.isFull(answer, limitName, limit)
}

func (p *Page[T]) isFull(answer *lossless.Members, limitName string, limit int64) bool {
	n := int64(len(p.Items))
	short := limitName != "" && says(answer, limitName) && n < limit
	return n > 0 && !short
}

// offsetNames are the query parameters of a link that say where its page starts.
var offsetNames = []string{"start", "startAt", "offset"}

// FollowLink follows a link to the next page of a listing by offset; without one, Advance has decided. It takes only the
// place out of the link, never its host or the rest of its query, and only a place that lies ahead. A page without items
// whose link does not lead ahead is the last one.
func (p *Page[T]) FollowLink(link, offset string) {
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
	for _, name := range append([]string{offset}, offsetNames...) {
		start, err := strconv.ParseInt(query.Get(name), 10, 64)
		if err == nil && (p.at.Cursor != "" || start > p.next.Offset) {
			p.more, p.next = true, Position{Offset: start}
			return
		}
	}
}

// Follow moves on to the page that next names: a cursor, or the address of a page if isLink is set or next looks like one.
// Of an address that has the query parameter name, only that cursor is taken. An answer that names no page is the last one,
// and so is a page without items that leads to itself.
func (p *Page[T]) Follow(next, name string, isLink bool) {
	p.unnumbered = true
	p.next = Position{Cursor: next}
	if isLink || strings.HasPrefix(next, "https://") || strings.HasPrefix(next, "http://") || strings.HasPrefix(next, "?") {
		p.next = Position{Link: next}
		if cursor := queryOf(next).Get(name); cursor != "" {
			p.next = Position{Cursor: cursor}
		}
	}
	p.more = next != "" && (len(p.Items) > 0 || p.next.place() != p.at.place())
}

// FollowNumber moves on to the page with the next number. said is the number that the answer gives itself, with the member
// that holds it; without it, a page has the number that was asked for, or first. Where answers say neither more nor how many
// pages there are, Advance's rule decides.
func (p *Page[T]) FollowNumber(answer *lossless.Members, name string, said int64, asked *int64, first int64) {
	p.unnumbered, p.number = true, first
	if asked != nil {
		p.number = *asked
	}
	if n, err := strconv.ParseInt(p.at.Cursor, 10, 64); err == nil {
		p.number = n
	}
	if name != "" && says(answer, name) {
		p.number = said
	}
	p.next = Position{Cursor: strconv.FormatInt(p.number+1, 10)}
	p.more = len(p.Items) > 0
}

// Shorter ends a walk by number at a page with fewer items than the answer's own limit.
func (p *Page[T]) Shorter(answer *lossless.Members, name string, limit int64) {
	p.more = p.isFull(answer, name, limit)
}

// PagesSaid records how many pages an answer says there are, the last of which has that number.
func (p *Page[T]) PagesSaid(answer *lossless.Members, name string, pages int64) {
	if says(answer, name) {
		p.more = p.more && p.number < pages
	}
}

// MoreSaid records an answer's own word whether there are more pages. It counts more than the length of the page.
func (p *Page[T]) MoreSaid(answer *lossless.Members, name string, more bool) {
	if says(answer, name) {
		p.more = more
	}
}

// Number returns the number of the page to ask for: that of the position, or what was asked for.
func (at Position) Number(asked *int64) *int64 {
	if n, err := strconv.ParseInt(at.Cursor, 10, 64); err == nil {
		return &n
	}
	return asked
}

// LastOf returns the text of the last item, empty if there is none.
func LastOf[T any](items []T, text func(*T) string) string {
	if len(items) == 0 {
		return ""
	}
	return text(&items[len(items)-1])
}

// queryOf returns the query of a link, without what cannot be parsed.
func queryOf(link string) url.Values {
	_, text, _ := strings.Cut(link, "?")
	text, _, _ = strings.Cut(text, "#")
	query, _ := url.ParseQuery(text)
	return query
}

// Options adds to a call the cursor or link of a position, which stands in place of the offset.
func (at Position) Options(opts []CallOption) []CallOption {
	return at.OptionsAs("cursor", opts)
}

// OptionsAs is Options for a cursor of another name. What it stands in place of is not sent.
func (at Position) OptionsAs(name string, opts []CallOption) []CallOption {
	if at.Cursor == "" {
		return at.LinkOptions(opts)
	}
	return append(opts[:len(opts):len(opts)], func(s *callSettings) {
		s.drop = append(append(s.drop, name), offsetNames...)
		s.add = url.Values{name: {at.Cursor}}
	})
}

// LinkOptions adds the link of a position to a call that takes the cursor by itself.
func (at Position) LinkOptions(opts []CallOption) []CallOption {
	if at.Link == "" {
		return opts
	}
	return append(opts[:len(opts):len(opts)], func(s *callSettings) { s.link = at.Link })
}

// linked returns the path and query of a link that an answer gave. The query is the link's. Its path counts only on the
// origin of the client and below its base URL; else the path stays that of the request. Where the path of the request ends
// with the link's, the link leaves out what a gateway adds.
func (c *Client) linked(link, path string) (string, string) {
	target, query, _ := strings.Cut(link, "?")
	query, _, _ = strings.Cut(query, "#")
	if strings.ContainsFunc(query, isForeign) {
		values, _ := url.ParseQuery(query) // without what cannot be parsed
		query = encodeQuery(values)
	}
	u, err := url.Parse(target)
	if err != nil || u.User != nil || u.Opaque != "" {
		return path, query
	}
	if u.Host != "" {
		if u.Scheme == "" {
			u.Scheme = c.base.Scheme
		}
		if origin(u) != origin(c.base) {
			return path, query
		}
	}
	escaped := u.EscapedPath()
	below := strings.HasPrefix(escaped, c.base.RawPath+"/") && !slices.ContainsFunc(strings.Split(escaped, "/"), isDots)
	if !below || strings.HasSuffix(path, escaped) {
		return path, query
	}
	return escaped, query
}

// isForeign reports whether a character must be escaped in a query.
func isForeign(r rune) bool {
	return r <= ' ' || r > '~' || strings.ContainsRune(`"<>\^`+"`{|}", r)
}

// ValueOf returns what a pointer points to, the zero value where it points nowhere.
func ValueOf[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}
