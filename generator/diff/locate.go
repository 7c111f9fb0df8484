package diff

import "github.com/seed-1954497d/auditgen/generator/source"

// locate finds out where the changes are in the documents of both sides.
func locate(changes []*Change, old, new Side) {
	before, after := &side{Side: old}, &side{Side: new}
	for _, c := range changes {
		c.OldPos, c.NewPos = before.position(c, false), after.position(c, true)
	}
}

// side finds positions in the documents of a side.
type side struct {
	Side
	at map[string]source.Position // where the documents first speak of an address; nil until somebody asks
}

// position returns where the documents say what changed, else where they speak of its address, else
// of what it is part of.
func (s *side) position(c *Change, new bool) source.Position {
	address, pos := c.Address, source.Position{}
	if c.place != nil {
		address, pos = c.place.at(new), c.place.position(new, c.fact)
	}
	if s.at == nil {
		s.at = map[string]source.Position{}
		for address, f := range s.Output.Document.AllFacts() {
			if s.at[address].Line == 0 {
				s.at[address] = f.Position()
			}
		}
	}
	for ; pos.Line == 0 && address != ""; address = above(address) {
		pos = s.at[address]
	}
	if s.Locate != nil && pos.Line > 0 {
		pos.File = s.Locate(pos.File)
	}
	return pos
}
