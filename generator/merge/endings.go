package merge

import (
	"slices"
	"strings"
)

// endings files meetings by how their paths end, so that finding the ones that an operation can
// meet takes as long as its path and not as long as the list of all operations.
type endings map[string]*ending // by method: the end of every path

// ending is the last segments of paths.
type ending struct {
	longer  map[string]*ending // by the segment before these
	whole   []*meeting         // one of its spellings is these segments and no more
	loose   []*meeting         // the same, where that spelling's base path is not declared
	through []*meeting         // one of its spellings ends in these segments
}

// file adds a spelling to a meeting.
func (e endings) file(m *meeting, s *spelling) {
	m.spellings = append(m.spellings, s)
	if m.at == nil {
		m.at = make(map[*[]*meeting]bool, len(s.segments)+3)
	}
	at := e[s.op.Method]
	if at == nil {
		at = &ending{}
		e[s.op.Method] = at
	}
	for i := len(s.segments); ; i-- {
		m.fileIn(&at.through)
		if i == 0 {
			break
		}
		at = at.before(s.segments[i-1])
	}
	m.fileIn(&at.whole)
	if !s.fixed && len(s.segments) > 0 {
		m.fileIn(&at.loose)
	}
}

// fileIn adds m to a list that it is not in yet.
func (m *meeting) fileIn(list *[]*meeting) {
	if !m.at[list] {
		m.at[list] = true
		*list = append(*list, m)
	}
}

// before returns the ending that is longer by one segment. Parameters are one whatever they are
// called.
func (e *ending) before(segment string) *ending {
	if isTemplate(segment) {
		segment = "{}"
	}
	next := e.longer[segment]
	if next == nil {
		next = &ending{}
		if e.longer == nil {
			e.longer = map[string]*ending{}
		}
		e.longer[segment] = next
	}
	return next
}

// shapes are the operations by path, parameters being one whatever they are called, and method.
type shapes map[string]map[string]*meeting

func shapesOf(meetings []*meeting) shapes {
	all := shapes{}
	for _, m := range meetings {
		key := m.spellings[0].shape()
		if all[key] == nil {
			all[key] = map[string]*meeting{"": m}
		}
		if method := m.spellings[0].op.Method; all[key][method] == nil {
			all[key][method] = m
		}
	}
	return all
}

// called returns the spelling of the path under which a meeting is called: that of the first
// operation with a path of the same shape, so that all methods of one path are together. Two
// operations with one method keep their paths apart.
func (all shapes) called(m *meeting) *spelling {
	own := m.spellings[0]
	if known := all[own.shape()]; known[own.op.Method] == m {
		return known[""].spellings[0]
	}
	return own
}

// shape is the path with all parameters called the same.
func (s *spelling) shape() string {
	segments := slices.Clone(s.segments)
	for i, segment := range segments {
		if isTemplate(segment) {
			segments[i] = "{}"
		}
	}
	if s.slash {
		segments = append(segments, "")
	}
	return strings.Join(segments, "/")
}

// find returns the meetings that share the most segments with s and can be the same operation, and
// how many segments that is. The root path counts as one.
func (e endings) find(s *spelling) (best []*meeting, shared int) {
	best, shared = e.ending(s)
	same := func(m *meeting) bool { return m.spellings[0].slash == s.slash }
	if len(best) > 1 && slices.ContainsFunc(best, same) {
		best = slices.DeleteFunc(slices.Clone(best), func(m *meeting) bool { return !same(m) })
	}
	return best, shared
}

func (e endings) ending(s *spelling) (best []*meeting, shared int) {
	at := e[s.op.Method]
	for i := len(s.segments); i > 0 && at != nil; i-- {
		if len(at.loose) > 0 {
			best, shared = at.loose, len(s.segments)-i
		}
		segment := s.segments[i-1]
		if isTemplate(segment) {
			segment = "{}"
		}
		at = at.longer[segment]
	}
	if at == nil {
		return best, shared
	}
	var equal []*meeting
	for _, m := range at.whole {
		if len(m.spellings[0].segments) == len(s.segments) {
			equal = append(equal, m)
		}
	}
	if i := slices.IndexFunc(equal, func(m *meeting) bool { return m.spellings[0].slash == s.slash }); i > 0 {
		equal = equal[i:]
	}
	if len(equal) > 0 {
		return equal[:1], max(len(s.segments), 1)
	}
	switch {
	case (s.fixed || len(s.segments) == 0) && len(at.whole) > 0:
		return at.whole, max(len(s.segments), 1)
	case !s.fixed && len(s.segments) > 0:
		return at.through, len(s.segments)
	}
	return best, shared
}
