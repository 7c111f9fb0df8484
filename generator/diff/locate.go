package diff

import (
	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// located is where the documents speak of an address.
type located struct {
	first  source.Position
	byFact map[claim.Name]source.Position
}

// locate finds out where the changes stand. A document of a large API has hundreds of thousands of facts; only the addresses of what
// changed, and of what that is part of, are looked for.
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

// addressOn gives the address of a change on one side.
func (c *Change) addressOn(new bool) string {
	if c.place == nil {
		return c.Address
	}
	return c.place.at(new)
}

// want notes that an address is looked for, and what it is part of.
func want(all map[string]*located, address string) {
	for ; address != "" && all[address] == nil; address = above(address) {
		all[address] = &located{byFact: map[claim.Name]source.Position{}}
	}
}

// find goes through the facts of a side once.
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

// position gives where the fact of a change stands; else where its address is spoken of; else what it is part of.
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
