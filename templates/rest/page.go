package rest

import (
	"encoding/json"
	"fmt"
	"hash/maphash"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/templates/rest/lossless"
)

// offsetNames are what links call the place where a page starts.
var offsetNames = []string{"start", "startAt", "offset"}

// queryOf returns the query of a link, without what cannot be parsed.
func queryOf(link string) url.Values {
	_, text, _ := strings.Cut(link, "?")
	text, _, _ = strings.Cut(text, "#")
	query, _ := url.ParseQuery(text)
	return query
}

// isFull reports whether a page has as many items as one can have, as far as the answer says.
func (p *Page[T]) isFull(answer *lossless.Members, limitName string, limit int64) bool {
	n := int64(len(p.Items))
	short := limitName != "" && says(answer, limitName) && n < limit
	return n > 0 && !short
}

// linked returns the path and query of a link that an answer gave. The query is the link's. Its
// path counts only on the origin of the client and below its base URL; else the path stays that of
// the request. Where the path of the request ends with the link's, the link leaves out what a
// gateway adds.
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

// linkValue is a link of a Link header, as RFC 8288 writes it, and its parameters.
var linkValue = regexp.MustCompile(`<([^>]*)>([^<]*)`)

// nextRelation is a parameter that says that a link leads to the next page.
var nextRelation = regexp.MustCompile(`(?i);\s*rel\s*=\s*(next\s*([;,]|$)|"([^"]*\s)?next[\s"])`)

// nextLink returns the target of the link whose relation is next.
func nextLink(header http.Header) string {
	for _, value := range header.Values("Link") {
		for _, link := range linkValue.FindAllStringSubmatch(value, -1) {
			if nextRelation.MatchString(link[2]) {
				return link[1]
			}
		}
	}
	return ""
}

// says reports whether a member is there with a value of its documented type.
func says(m *lossless.Members, name string) bool {
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

// fault returns a *RecordError for an item with problems.
func (p *Page[T]) fault(i int) error {
	if p.members == nil {
		return nil
	}
	m := p.members(&p.Items[i])
	problems := m.Problems()
	if len(problems) == 0 {
		return nil
	}
	first := problems[0]
	path := fmt.Sprintf("%s[%d]", p.name, i)
	if first.Path != "" && first.Path[0] != '[' {
		path += "."
	}
	reason := first.Got + " where " + first.Want + " is documented"
	if n := len(problems); n > 1 {
		reason += fmt.Sprintf(", and %d more", n-1)
	}
	return &RecordError{Index: i, Path: path + first.Path, Reason: reason, Raw: m.Raw()}
}

// same reports whether a page that does not say where it starts has the items of the one before. It
// is asked before the caller, who may change them, has the items.
func (p *Page[T]) same(before *Page[T]) bool {
	if p.placed || len(p.Items) == 0 {
		return false
	}
	p.sum = p.digest()
	return p.sum == before.sum
}

// digestSeed makes digests comparable within this process.
var digestSeed = maphash.MakeSeed()

func (p *Page[T]) digest() uint64 {
	var h maphash.Hash
	h.SetSeed(digestSeed)
	if p.members == nil {
		_ = json.NewEncoder(&h).Encode(p.Items) // they were decoded from JSON
		return h.Sum64()
	}
	for i := range p.Items {
		h.WriteString(lossless.TextOf(p.members(&p.Items[i])))
		h.WriteByte(0)
	}
	return h.Sum64()
}
