package rest

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"time"

	"github.com/seed-1954497d/auditgen/templates/rest/lossless"
)

// Page is one page of a listing, as generated code makes it from an answer: its items, where the next one starts, and whether
// there is one.
type Page[T any] struct {
	Items []T

	at   Position // what was asked for
	next Position
	more bool

	members    func(*T) *lossless.Members // nil for items that are no models
	name       string                     // member of the answer that holds the items; empty if they are the answer
	placed     bool                       // the answer says where it starts
	start      int64
	unnumbered bool  // the listing has no offsets: a Position's Offset counts within its page
	number     int64 // of a page that has one
}

// NewPager returns a pager that starts at a position. With pin, an open end becomes the time of the first request.
func NewPager[T any](start Position, pin bool, fetch func(context.Context, Position) (*Page[T], error)) *Pager[T] {
	return &Pager[T]{fetch: fetch, pin: pin, now: time.Now, first: start, page: new(Page[T]), next: start}
}

// ModelPage returns a page of models, which is the last one until a method says otherwise. name is the member of the answer
// that holds them, and answer what it remembers; a nil answer is a list by itself. An answer without that member is no
// listing, and an error.
func ModelPage[M any](at Position, answer *lossless.Members, name string, items []M, code func(*lossless.Codec, *M)) (*Page[M], error) {
	p, err := ValuePage(at, answer, name, items)
	if p != nil {
		p.members = func(m *M) *lossless.Members { return lossless.MembersOf(m, code) }
	}
	return p, err
}

// ValuePage is ModelPage for items that are no models.
func ValuePage[T any](at Position, answer *lossless.Members, name string, items []T) (*Page[T], error) {
	if answer != nil && !answer.Has(name) {
		return nil, fmt.Errorf("%w: it has no member %q", ErrNotJSON, name)
	}
	if answer != nil && !answer.IsNull(name) && !says(answer, name) {
		return nil, fmt.Errorf("%w: its member %q is not a list", ErrNotJSON, name)
	}
	return &Page[T]{Items: items, at: at, name: name}, nil
}

// Unexpected returns an *[APIError] about an answer that was watched and is not what the document promises.
func Unexpected(answer *Response, err error) error { return answer.unexpected(err) }

// ErrNoLimit refuses a walk in pages without items.
var ErrNoLimit = errors.New("a walk cannot ask for pages of 0 items: leave the limit unset, or set it to 1 or more")

// CheckLimit refuses a walk whose limit is set to 0 or less.
func CheckLimit(limit *int64) error {
	if limit != nil && *limit <= 0 {
		return ErrNoLimit
	}
	return nil
}

// StartsAt records where the answer says that it starts, if it says so in a usable way.
func (p *Page[T]) StartsAt(answer *lossless.Members, name string, offset int64) {
	p.placed, p.start = says(answer, name), offset
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
	path := fmt.Sprintf("%s[%d]", p.name, i)
	switch first := problems[0].Path; {
	case first == "":
	case first[0] == '[':
		path += first
	default:
		path += "." + first
	}
	reason := problems[0].Got + " where " + problems[0].Want + " is documented"
	if n := len(problems); n > 1 {
		reason += fmt.Sprintf(", and %d more", n-1)
	}
	return &RecordError{Index: i, Path: path, Reason: reason, Raw: m.Raw()}
}

// same reports whether a page that does not say where it starts has the items of the one before.
func (p *Page[T]) same(before *Page[T]) bool {
	return !p.placed && len(p.Items) > 0 && len(p.Items) == len(before.Items) && p.digest() == before.digest()
}

// digestSeed makes digests comparable within this process.
var digestSeed = maphash.MakeSeed()

func (p *Page[T]) digest() uint64 {
	var h maphash.Hash
	h.SetSeed(digestSeed)
	for i := range p.Items {
		if p.members != nil {
			h.WriteString(lossless.TextOf(p.members(&p.Items[i])))
		} else {
			fmt.Fprintf(&h, "%v", p.Items[i])
		}
		h.WriteByte(0)
	}
	return h.Sum64()
}
