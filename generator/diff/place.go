package diff

import (
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// place is an element that is being compared. Its addresses on both sides differ below an operation
// that moved, or a parameter or member that was renamed.
type place struct {
	parent   *place
	old, new *settled.Element // one of them is nil if only the other side has it
}

func (p *place) child(old, new *settled.Element) *place { return &place{p, old, new} }

// schema returns the place of a schema; a side may have none.
func (p *place) schema(old, new *settled.Schema) *place {
	return p.child(elementOf(old), elementOf(new))
}

func elementOf(s *settled.Schema) *settled.Element {
	if s == nil {
		return nil
	}
	return &s.Element
}

func (p *place) on(new bool) *settled.Element {
	if new {
		return p.new
	}
	return p.old
}

// at returns the address on one side. If only the other side has the element, it is where the
// element would be.
func (p *place) at(new bool) string {
	switch e, other := p.on(new), p.on(!new); {
	case e != nil:
		return e.Address
	case other == nil:
		return p.parent.at(new)
	case p.parent == nil:
		return other.Address
	default:
		return p.parent.at(new) + strings.TrimPrefix(other.Address, p.parent.at(!new))
	}
}

// position returns where the documents of one side say a fact about the element, or nothing.
func (p *place) position(new bool, fact string) source.Position {
	if e := p.on(new); e != nil {
		if f := e.Fact(claim.Name(fact)); f != nil {
			return f.Position()
		}
	}
	return source.Position{}
}

// above returns the address that this one is part of, or "".
func above(address string) string {
	i := strings.LastIndexAny(address, " .[{<")
	if i < 0 {
		return ""
	}
	return address[:i]
}
