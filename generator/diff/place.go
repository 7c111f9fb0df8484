package diff

import (
	"strings"

	"github.com/seed-1954497d/auditgen/generator/settled"
)

// place is a place in both documents. Its two addresses differ below a moved operation or a renamed
// parameter or member. Addresses are written only for changes.
type place struct {
	parent   *place
	old, new string // what it adds to the address of its parent
}

func (p *place) child(old, new string) *place { return &place{p, old, new} }

// member returns the place of a member. The names differ only if it was renamed.
func (p *place) member(old, new string) *place { return p.child("."+old, "."+new) }

// part returns the place of a part of an operation, such as " body".
func (p *place) part(word string) *place { return &place{p, " " + word, " " + word} }

// at returns the address on one side, in the form of reports and facts.
func (p *place) at(new bool) string {
	segment := p.old
	if new {
		segment = p.new
	}
	if p.parent == nil {
		return segment
	}
	above := p.parent.at(new)
	if len(above) > settled.MaxAddress {
		return above
	}
	if p.isMember() && !p.parent.isMember() {
		return above + " " + strings.TrimPrefix(segment, ".")
	}
	return above + segment
}

// isMember reports whether the place is inside a schema.
func (p *place) isMember() bool {
	return p.parent != nil && !strings.HasPrefix(p.old, " ")
}

// canonical returns a common form of addresses. Package resolve and the facts of a document write
// the root of an array and the members of allOf differently.
func canonical(address string) string {
	if !strings.ContainsAny(address, "[{<") {
		return address
	}
	return strings.NewReplacer(" <allOf>.", " ", "<allOf>", "", " []", "[]", " {}", "{}").Replace(address)
}

// above returns the address that contains this one, or "".
func above(address string) string {
	i := strings.LastIndexAny(address, " .[{<")
	if i < 0 {
		return ""
	}
	return address[:i]
}
