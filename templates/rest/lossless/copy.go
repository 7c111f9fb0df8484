package lossless

import "strings"

// This file copies texts for Clone. The text of a model has in it those of all models within, so to
// copy each by itself would take time and memory with the square of how deep they are. Deep ones
// are cut out of the copy of the model around them, wherever they still are what was decoded there.

// shallow is how many models within each other are copied by themselves.
const shallow = 8

// copier is where in a text that was copied the next value is.
type copier struct {
	depth       int // open models
	text, clone string
	at          *span // nil if that is not known
}

// span is an object or array in a text.
type span struct {
	start, end int
	members    map[string]*span // those that are objects and arrays
	elements   map[int]*span
}

// copied returns a copy of the text of a model, and prepares for the models within it. It also
// returns what leave needs.
func (p *copier) copied(raw string) (around *copier, clone string) {
	if p.depth++; p.depth < shallow {
		return nil, strings.Clone(raw)
	}
	before := *p
	if p.at != nil && raw == p.text[p.at.start:p.at.end] { // the same memory nearly always
		return &before, p.clone[p.at.start:p.at.end]
	}
	*p = copier{depth: p.depth, text: raw, clone: strings.Clone(raw)}
	d := scanner{text: raw}
	p.at = d.span()
	return &before, p.clone
}

// leave goes back to what is around a model.
func (p *copier) leave(around *copier) {
	if around != nil {
		*p = *around
	}
	p.depth--
}

// member and element move on to a value within the current one.
func (p *copier) member(name string) {
	if p.at != nil {
		p.at = p.at.members[name]
	}
}

func (p *copier) element(i int) {
	if p.at != nil {
		p.at = p.at.elements[i]
	}
}

// span reads a value and returns where objects and arrays in it are, nil for other values.
func (d *scanner) span() *span {
	s := &span{}
	switch c := d.space(); c {
	case '{':
		s.start = d.at
		d.open()
		for first := true; d.next(first, '}'); first = false {
			name, _, _ := d.textOf(d.name())
			if inner := d.span(); inner != nil {
				if s.members == nil {
					s.members = map[string]*span{}
				}
				s.members[name] = inner
			}
		}
	case '[':
		s.start = d.at
		d.open()
		for i := 0; d.next(i == 0, ']'); i++ {
			if inner := d.span(); inner != nil {
				if s.elements == nil {
					s.elements = map[int]*span{}
				}
				s.elements[i] = inner
			}
		}
	default:
		d.skip()
		return nil
	}
	s.end = d.at
	if d.err != nil {
		return nil
	}
	return s
}
