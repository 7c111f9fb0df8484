package diff

import (
	"strings"

	"github.com/seed-1954497d/auditgen/generator/settled"
)

// place is where the two documents are being compared. It has an address on both sides, which differ below an operation that
// moved, or a parameter or member that was renamed. Addresses are written only for what is reported.
type place struct {
	parent   *place
	old, new string // what it adds to the address of its parent, or the beginning of an address
}

func (p *place) child(old, new string) *place { return &place{p, old, new} }

// member gives the place of a member; both names are the same unless it was renamed.
func (p *place) member(old, new string) *place { return p.child("."+old, "."+new) }

// part gives the place of something below an operation, such as " body".
func (p *place) part(word string) *place { return &place{p, " " + word, " " + word} }

// at gives the address on one side, as reports and facts name it.
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

// isMember tells whether the place lies inside a schema.
func (p *place) isMember() bool {
	return p.parent != nil && !strings.HasPrefix(p.old, " ")
}

// canonical gives one address for what package resolve and the facts of a document write differently: the root of an array, and
// the members that allOf brings in.
func canonical(address string) string {
	if !strings.ContainsAny(address, "[{<") {
		return address
	}
	return strings.NewReplacer(" <allOf>.", " ", "<allOf>", "", " []", "[]", " {}", "{}").Replace(address)
}

// above gives the address that this one is part of, or "".
func above(address string) string {
	i := strings.LastIndexAny(address, " .[{<")
	if i < 0 {
		return ""
	}
	return address[:i]
}
