package lossless

import (
	"encoding/json"
	"sync/atomic"
	"time"
)

// This file is the part of generated.go about models and their members.

// Shape is what the documents say about a model: its name, and its members in their order.
type Shape struct {
	name    string
	members []string
	quoted  []string // each member's name as it is written: a comma, the name in quotes, a colon
	index   map[string]int
	rules   []rule
	consts  map[int]string

	// order has, for each member, 1 + the first two that came behind it, or 0. Servers write the
	// members of all records in the same order nearly always, and not in that of the documents.
	// Element 0 is of the beginning.
	order [][2]atomic.Int32
}

type rule uint8

const (
	required rule = 1 << iota
	readOnly
	notBlank
)

// NewShape returns the Shape of the model with that name and those members.
func NewShape(name string, members ...string) *Shape {
	s := &Shape{name: name, members: members, index: map[string]int{}, rules: make([]rule, len(members)), order: make([][2]atomic.Int32, len(members)+1)}
	for i, m := range members {
		s.quoted = append(s.quoted, string(append(appendString([]byte{','}, m), ':')))
		s.index[m] = i
	}
	return s
}

// Required marks members that a request must have.
func (s *Shape) Required(names ...string) *Shape { return s.rule(required, names) }

// ReadOnly marks members that only servers set. Requests do not have them.
func (s *Shape) ReadOnly(names ...string) *Shape { return s.rule(readOnly, names) }

// NotBlank marks required members for which "", 0 or an empty list is not a value.
func (s *Shape) NotBlank(names ...string) *Shape { return s.rule(notBlank, names) }

func (s *Shape) rule(r rule, names []string) *Shape {
	for _, name := range names {
		s.rules[s.index[name]] |= r
	}
	return s
}

// Const sets the only value, as JSON, of a required member. It is written where the field is empty.
func (s *Shape) Const(name, value string) *Shape {
	if s.consts == nil {
		s.consts = map[int]string{}
	}
	s.consts[s.index[name]] = value
	return s
}

// Object is one object that a Codec reads or writes.
type Object struct {
	c       *Codec
	shape   *Shape
	m       *Members
	current int // reading: the member whose value comes next, or atEnd; otherwise all
	started bool
	start   int // where it begins in the text or in the buffer

	objectReader
	objectWriter
	around *copier // while a deep model is copied
}

// Values of Object.current that are no members.
const (
	atEnd = -1 - iota
	all
)

// Next reports whether to go through the members, once or once more.
func (o *Object) Next() bool {
	switch {
	case o.c.mode == reading && o.current >= 0:
		return true
	case o.c.mode == reading:
		o.remember()
	case !o.started:
		o.started = true
		return true
	case o.c.mode == writing:
		o.close()
	case o.c.mode == copying:
		o.c.copies.leave(o.around)
	}
	return false
}

// String is member i, a string.
func (o *Object) String(i int, v *string) {
	if !o.skips(i) {
		o.string(i, v)
	}
}

func (o *Object) string(i int, v *string) {
	c := o.c
	switch {
	case o.plain && *v != "": // no spelling can take its place
		c.buf = appendString(append(c.buf, o.shape.quoted[i]...), *v)
	case o.current == i:
		if o.value(i) {
			*v = c.readString()
			o.advance()
		}
	case o.starts(i, *v != "", blank):
		c.String(v)
	}
}

// Enum is member i, a string of which the documents list the values.
func (o *Object) Enum(i int, v *string) {
	if !o.skips(i) && o.starts(i, *v != "", none) {
		o.c.String(v)
		o.step()
	}
}

// Int is member i, an integer.
func (o *Object) Int(i int, v *int64) {
	if !o.skips(i) && o.starts(i, *v != 0, blank) {
		o.c.Int(v)
		o.step()
	}
}

// Uint is member i, an unsigned integer.
func (o *Object) Uint(i int, v *uint64) {
	if !o.skips(i) && o.starts(i, *v != 0, blank) {
		o.c.Uint(v)
		o.step()
	}
}

// Float is member i, a number.
func (o *Object) Float(i int, v *float64) {
	if !o.skips(i) && o.starts(i, *v != 0, blank) {
		o.c.Float(v)
		o.step()
	}
}

// Bool is member i, true or false.
func (o *Object) Bool(i int, v *bool) {
	if !o.skips(i) && o.starts(i, *v, blank) {
		o.c.Bool(v)
		o.step()
	}
}

// Raw is member i, any JSON value.
func (o *Object) Raw(i int, v *json.RawMessage) {
	if !o.skips(i) && o.starts(i, len(*v) > 0, none) {
		o.c.Raw(v)
		o.step()
	}
}

// Time is member i, a time.
func (o *Object) Time(i int, v *time.Time, f TimeFormat) {
	if !o.skips(i) && o.starts(i, !v.IsZero(), none) {
		o.c.Time(v, f)
		o.step()
	}
}

// Value is member i, of any other type.
func Value[T any](o *Object, i int, v *T, code func(*Codec, *T)) {
	if o.skips(i) {
		return
	}
	c, f := o.c, full
	if c.mode == writing && !o.certain(i) {
		c.mode, c.fill = probing, none
		code(c, v)
		c.mode, f = writing, c.fill
	}
	if o.starts(i, f == full, f) {
		if o.again {
			*v = *new(T)
		}
		if c.mode == copying {
			around := c.copies
			c.copies.member(o.shape.members[i])
			code(c, v)
			c.copies = around
			return
		}
		code(c, v)
		o.step()
	}
}
