package lossless

import (
	"encoding/json"
	"slices"
)

// ObjectWriter writes the members of one object, in the order of the documents:
//
//	o := e.Object(shape, &m.JSON)
//	o.String(0, Optional, m.A)
//	if o.Member(1, Optional, !isZeroB(&m.B)) { encodeB(e, &m.B) }
//	o.End()
type ObjectWriter struct {
	e     *Encoder
	shape *Shape
	m     *Members
	start int

	plain bool   // decoded, and nothing but its fields and what was there decides what is written
	outer *scope // to be taken up again, nil where nobody asks for places
}

// Object starts an object.
func (e *Encoder) Object(s *Shape, m *Members) ObjectWriter {
	o := ObjectWriter{e: e, shape: s, m: m, start: len(e.buf)}
	if e.tracking() {
		outer := e.scope
		o.outer = &outer
		e.spellings = nil
	}
	if e.unset != "" {
		// The object itself is required and empty: that is said once, not again for each of its members.
		e.settle()
		e.strict = false
	}
	o.plain = m.shape == s && len(s.members) <= 64 && !e.strict && (m.rest == nil || len(m.rest.spellings)+len(m.rest.sent) == 0)
	if m.rest != nil {
		for _, name := range m.rest.sent {
			if _, ok := s.index[name]; !ok {
				e.unknown = append(e.unknown, s.name+stepTo(name))
			}
		}
	}
	return o
}

// Member writes the name of member i and reports whether its value is to be written behind it. What is empty is written if
// it was there when the model was decoded, if it was asked for, or if it is required and the model was not decoded.
func (o *ObjectWriter) Member(i int, need, notEmpty bool) bool {
	e := o.e
	if o.plain {
		bit := uint64(1) << i
		if !notEmpty && o.m.present&bit == 0 {
			return false
		}
		o.name(i)
		if !notEmpty && o.m.null&bit != 0 {
			e.null()
			return false
		}
		return true
	}
	if e.unset != "" {
		e.settle()
	}
	if !notEmpty && !o.wanted(i, need) {
		return false
	}
	o.name(i)
	if e.strict || (o.m.rest != nil && len(o.m.rest.spellings) > 0) {
		o.locate(i)
	}
	return true
}

// String writes member i unless it is empty and may be left out.
func (o *ObjectWriter) String(i int, need bool, v string) {
	if o.plain && v != "" { // nearly always: no spelling can take its place
		o.e.buf = appendString(append(o.e.buf, o.shape.quoted[i]...), v)
		return
	}
	if o.Member(i, need, v != "") {
		o.e.WriteString(v)
	}
}

// Int is String for an integer.
func (o *ObjectWriter) Int(i int, need bool, v int64) {
	if o.Member(i, need, v != 0) {
		o.e.WriteInt(v)
	}
}

// Bool is String for true or false.
func (o *ObjectWriter) Bool(i int, need bool, v bool) {
	if o.Member(i, need, v) {
		o.e.WriteBool(v)
	}
}

// Raw is String for any JSON value.
func (o *ObjectWriter) Raw(i int, need bool, v json.RawMessage) {
	if o.Member(i, need, len(v) > 0) {
		o.e.WriteRaw(v)
	}
}

// wanted reports whether member i must be written although it is empty. It writes null itself.
func (o *ObjectWriter) wanted(i int, need bool) bool {
	e, m := o.e, o.m
	switch {
	case m.rest != nil && slices.Contains(m.rest.sent, o.shape.members[i]):
		return true
	case m.shape != nil && m.isNull(i):
		o.name(i)
		e.null()
		return false
	case m.shape != nil && m.isPresent(i):
		return true
	case !need:
		return false
	case e.strict:
		e.unset = o.outer.place + stepTo(o.shape.members[i])
		return true
	}
	return m.shape == nil
}

func (o *ObjectWriter) name(i int) {
	o.e.buf = append(o.e.buf, o.shape.quoted[i]...) // the comma of the first one becomes the brace: see end
}

// locate tells the Encoder where it is and how the member's values were spelled.
func (o *ObjectWriter) locate(i int) {
	e := o.e
	if o.outer == nil {
		o.outer = new(scope)
	}
	e.place = o.outer.place + stepTo(o.shape.members[i])
	e.anchor = len(e.place)
	e.spellings = nil
	if o.m.rest != nil {
		e.spellings = textsOf(o.m.rest.spellings, i)
	}
}

// End writes the undocumented members and closes the object.
func (o *ObjectWriter) End() {
	e := o.e
	if !o.plain && e.unset != "" {
		e.settle()
	}
	if o.outer != nil {
		e.scope = *o.outer
	}
	if o.m.rest != nil {
		if o.m.rest.notObject && len(e.buf) == o.start {
			e.buf = appendCompact(e.buf[:o.start], validUTF8(o.m.raw))
			return
		}
		o.extras()
	}
	if len(e.buf) == o.start {
		e.buf = append(e.buf, '{')
	}
	e.buf[o.start] = '{'
	e.buf = append(e.buf, '}')
}

// extras writes the undocumented members, of repeated ones the last.
func (o *ObjectWriter) extras() {
	e, extras := o.e, o.m.rest.extras
	var last map[string]int
	if len(extras) > 1 {
		last = make(map[string]int, len(extras))
		for i, x := range extras {
			last[x.name] = i
		}
	}
	for i, x := range extras {
		if last != nil && last[x.name] != i {
			continue
		}
		e.buf = append(appendString(append(e.buf, ','), x.name), ':')
		e.buf = appendCompact(e.buf, validUTF8(x.value))
	}
}
