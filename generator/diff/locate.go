package diff

import (
	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// located is the positions of the facts of one address.
type located struct {
	first  source.Position
	byFact map[claim.Name]source.Position
}

// locate sets the positions of the changes. A large document has hundreds of thousands of facts, so
// only the addresses of changes and of what contains them are searched.
func locate(changes []*Change, old, new Side) {
	before, after := map[string]*located{}, map[string]*located{}
	for _, c := range changes {
		want(before, c.addressOn(false))
		want(after, c.addressOn(true))
	}
	find(before, old)
	find(after, new)
	for _, c := range changes {
		c.OldPos = position(before, c, false)
		c.NewPos = position(after, c, true)
	}
}

// addressOn returns the address of a change on one side.
func (c *Change) addressOn(new bool) string {
	if c.place == nil {
		return c.Address
	}
	return c.place.at(new)
}

// want marks an address, and all addresses that contain it, as searched.
func want(all map[string]*located, address string) {
	for ; address != "" && all[address] == nil; address = above(address) {
		all[address] = &located{byFact: map[claim.Name]source.Position{}}
	}
}

// find searches the facts of a side once.
func find(wanted map[string]*located, s Side) {
	for i := range s.Output.Document.Facts {
		f := &s.Output.Document.Facts[i]
		at := wanted[f.Address]
		if at == nil || f.Won.Source == nil || f.Won.Line == 0 {
			continue
		}
		pos := source.Position{File: f.Won.Source.File, Line: f.Won.Line}
		if s.Locate != nil {
			pos.File = s.Locate(pos.File)
		}
		if at.first.Line == 0 {
			at.first = pos
		}
		if _, twice := at.byFact[f.Name]; !twice {
			at.byFact[f.Name] = pos
		}
	}
}

// position returns the position of the changed fact, otherwise of its address, otherwise of what
// contains it.
func position(all map[string]*located, c *Change, new bool) source.Position {
	address := c.addressOn(new)
	if at := all[address]; at != nil {
		if pos, ok := at.byFact[claim.Name(c.fact)]; ok {
			return pos
		}
	}
	for ; address != ""; address = above(address) {
		if at := all[address]; at != nil && at.first.Line > 0 {
			return at.first
		}
	}
	return source.Position{}
}
