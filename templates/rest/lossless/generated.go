package lossless

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
)

// This file and generated_model.go have what only generated code calls. A model has one function,
// which names its members:
//
//	func codePet(c *lossless.Codec, m *Pet) {
//		o := c.Object(shapeOfPet, &m.JSON)
//		for o.Next() {
//			o.String(0, &m.Name)
//			lossless.Value(&o, 1, &m.Owner, codeOwner)
//			lossless.Value(&o, 2, &m.Tags, lossless.ListOf(codeTag))
//		}
//	}
//
// It reads, writes, tests or copies the model, as the Codec says. The loop runs once; reading runs
// it again where members arrive in another order than the documents have.

// Marshal is json.Marshaler for models.
func Marshal[M any](m *M, code func(*Codec, *M)) ([]byte, error) {
	c := borrow(writing)
	code(c, m)
	data, err := c.result()
	data = bytes.Clone(data)
	c.release(c.buf)
	return data, err
}

// AppendJSON appends a model to b, which saves the copy that Marshal makes. On an error it returns
// b.
func AppendJSON[M any](b []byte, m *M, code func(*Codec, *M)) ([]byte, error) {
	c := borrow(writing)
	own := c.buf
	c.buf = b
	code(c, m)
	data, err := c.result()
	c.release(own)
	if err != nil {
		return b, err
	}
	return data, nil
}

// Unmarshal is json.Unmarshaler for models. As encoding/json wants it, null leaves the model alone,
// and so does an error.
func Unmarshal[M any](data []byte, m *M, code func(*Codec, *M)) error {
	if string(data) == "null" {
		return nil
	}
	read := *m
	if !MembersOf(m, code).isZero() {
		read = *new(M)
	}
	if err := Decode(string(data), &read, code); err != nil {
		return err
	}
	*m = read
	return nil
}

// TextOf returns the exact text that a model was decoded from, empty if it was not decoded.
func TextOf(m *Members) string { return m.raw }

// Clone returns a copy of a model that shares no memory with the answer it was decoded from, nil
// for nil.
func Clone[M any](m *M, code func(*Codec, *M)) *M {
	if m == nil {
		return nil
	}
	copied := *m
	code(&Codec{mode: copying}, &copied)
	return &copied
}

// MembersOf returns what a model remembers.
func MembersOf[M any](m *M, code func(*Codec, *M)) *Members {
	c := borrow(finding)
	code(c, m)
	members := c.members
	c.release(c.buf)
	return members
}

// IsEmpty reports whether a value has nothing to send.
func IsEmpty[T any](v *T, code func(*Codec, *T)) bool {
	c := &Codec{mode: probing}
	code(c, v)
	return c.fill != full
}

// Encode returns a value as JSON. A request must be complete, and has no members that only servers
// set.
func Encode[T any](v *T, request bool, code func(*Codec, *T)) ([]byte, error) {
	c := &Codec{mode: writing}
	c.request = request
	code(c, v)
	return c.result()
}

// Decode reads one JSON text, all of it. A value of the wrong type is an error if no model lists it
// as a problem.
func Decode[T any](text string, v *T, code func(*Codec, *T)) error {
	c := &Codec{scanner: scanner{text: text, limit: max(leastMemory, maxTimes*len(text))}}
	code(c, v)
	return c.whole()
}

// Check reports what keeps a text from being JSON.
func Check(text string) error {
	d := scanner{text: text}
	d.skip()
	return d.finish()
}

// Or returns the value of a pointer, and the zero value instead of nil.
func Or[T any](p *T) *T {
	if p == nil {
		return new(T)
	}
	return p
}

// FormatTime returns a time as it is sent in a parameter.
func FormatTime(t time.Time, f TimeFormat) string { return string(appendTime(nil, t, f)) }

// FormatTimes returns times as they are sent in a parameter.
func FormatTimes(list []time.Time, f TimeFormat) []string {
	texts := make([]string, len(list))
	for i, t := range list {
		texts[i] = FormatTime(t, f)
	}
	return texts
}

// Codec reads or writes one JSON text, or looks at a value.
type Codec struct {
	mode    mode
	fill    fill     // probing: how empty the value is
	members *Members // finding: those of the model
	scanner
	writer
	copies copier
}

// Object starts an object. Next goes through its members.
func (c *Codec) Object(s *Shape, m *Members) Object {
	o := Object{c: c, shape: s, m: m, current: all}
	switch c.mode {
	case reading:
		o.open()
	case writing:
		o.begin()
	case probing:
		c.test(!m.isZero(), blank)
		o.started = c.fill == full
	case copying:
		o.around, m.raw = c.copies.copied(m.raw)
		m.detach()
	case finding:
		c.members, o.started = m, true
	}
	return o
}

// String reads or writes a string.
func (c *Codec) String(v *string) {
	switch c.mode {
	case reading:
		*v = c.readString()
	case writing:
		start := len(c.buf)
		c.buf = appendString(c.buf, *v)
		c.respell(start)
	case probing:
		c.test(*v != "", blank)
	case copying:
		*v = strings.Clone(*v)
	}
}

// Int reads or writes an integer.
func (c *Codec) Int(v *int64) {
	switch c.mode {
	case reading:
		*v = c.readInt()
	case writing:
		start := len(c.buf)
		c.buf = strconv.AppendInt(c.buf, *v, 10)
		c.respell(start)
	case probing:
		c.test(*v != 0, blank)
	}
}

// Uint reads or writes an unsigned integer.
func (c *Codec) Uint(v *uint64) {
	switch c.mode {
	case reading:
		*v = c.readUint()
	case writing:
		start := len(c.buf)
		c.buf = strconv.AppendUint(c.buf, *v, 10)
		c.respell(start)
	case probing:
		c.test(*v != 0, blank)
	}
}

// Float reads or writes a number. A value that JSON does not have is an error.
func (c *Codec) Float(v *float64) {
	switch c.mode {
	case reading:
		*v = c.readFloat()
	case writing:
		if math.IsNaN(*v) || math.IsInf(*v, 0) {
			c.refuse("%v is not a JSON number", *v)
			return
		}
		start := len(c.buf)
		c.buf = appendFloat(c.buf, *v)
		c.respell(start)
	case probing:
		c.test(*v != 0, blank)
	}
}

// Bool reads or writes true or false.
func (c *Codec) Bool(v *bool) {
	switch c.mode {
	case reading:
		*v = c.readBool()
	case writing:
		start := len(c.buf)
		c.buf = strconv.AppendBool(c.buf, *v)
		c.respell(start)
	case probing:
		c.test(*v, blank)
	}
}

// Raw reads or writes any JSON value.
func (c *Codec) Raw(v *json.RawMessage) {
	switch c.mode {
	case reading:
		*v = nil
		if text := c.exact(); text != "" {
			*v = json.RawMessage(text)
		}
	case writing:
		c.writeRaw(*v)
	case probing:
		c.test(len(*v) > 0, none)
	case copying:
		*v = bytes.Clone(*v)
	}
}

// Time reads or writes a time.
func (c *Codec) Time(v *time.Time, f TimeFormat) {
	switch c.mode {
	case reading:
		*v = c.readTime(f)
	case writing:
		if !writable(*v, f) {
			c.refuse("year %d of a time has more than four digits", v.Year())
			return
		}
		start := len(c.buf)
		c.buf = appendTimeValue(c.buf, *v, f)
		c.respell(start)
	case probing:
		c.test(!v.IsZero(), none)
	}
}

// Union reads or writes a value of one of several types. One that no type fits is a problem, and is
// kept.
func (c *Codec) Union(u *Union, t *UnionType) {
	switch c.mode {
	case reading:
		u.read(&c.scanner, t)
	case writing:
		u.writeTo(c)
	case probing:
		c.test(!u.IsZero(), none)
	case copying:
		if u.write == nil { // a value that was made shares nothing
			u.raw = strings.Clone(u.raw)
		}
	}
}

// TimeIn is Codec.Time for elements.
func TimeIn(f TimeFormat) func(*Codec, *time.Time) {
	return func(c *Codec, v *time.Time) { c.Time(v, f) }
}

// Enum is Codec.String for elements of which the documents list the values. Other values are data.
func Enum[E ~string](c *Codec, v *E) {
	text := string(*v)
	c.String(&text)
	if c.mode == reading || c.mode == copying { // several goroutines may write one value
		*v = E(text)
	}
}

// PointerTo reads or writes a model, or null.
func PointerTo[M any](code func(*Codec, *M)) func(*Codec, **M) {
	return func(c *Codec, v **M) {
		switch {
		case c.mode == probing:
			c.test(*v != nil, none)
			return
		case c.mode == reading && c.space() != '{':
			c.mismatch("object", "null")
			*v = nil
			return
		case c.mode == reading && !c.allows(sizeOf[M]()):
			return
		case c.mode == reading:
			*v = new(M)
		case c.mode == copying && *v != nil:
			copied := **v
			*v = &copied
		case *v == nil && c.mode == writing:
			start := len(c.buf)
			c.null()
			c.respell(start)
		}
		if *v != nil {
			code(c, *v)
		}
	}
}

// ListOf reads or writes an array.
func ListOf[T any](code func(*Codec, *T)) func(*Codec, *[]T) {
	return func(c *Codec, v *[]T) {
		switch c.mode {
		case reading:
			a, list := c.array(), []T(nil)
			if a.isArray {
				list = []T{}
			}
			for a.more() {
				if a.n > cap(list) {
					room := a.room()
					if !c.allows(room * sizeOf[T]()) {
						break
					}
					list = append(make([]T, 0, cap(list)+room), list...)
				}
				list = list[:a.n]
				code(c, &list[a.n-1])
			}
			*v = list
		case writing:
			w := c.begin('[')
			for i := range *v {
				if w.element(i > 0); w.tracking {
					c.step(w.depth, stepAt(i))
				}
				code(c, &(*v)[i])
			}
			w.end(']')
		case probing:
			c.test(len(*v) > 0, fillOf(*v != nil))
		case copying:
			*v = slices.Clone(*v)
			around := c.copies
			for i := range *v {
				c.copies.element(i)
				code(c, &(*v)[i])
				c.copies = around
			}
		}
	}
}

// MapOf reads or writes an object whose names are data. It writes them sorted.
func MapOf[T any](code func(*Codec, *T)) func(*Codec, *map[string]T) {
	return func(c *Codec, v *map[string]T) {
		all := *v
		var value T
		switch c.mode {
		case reading:
			*v = nil
			if c.space() != '{' {
				c.mismatch("object", "{}")
				return
			}
			c.open()
			*v = map[string]T{}
			before, last, size := len(c.spelled), repeats(nil), sizeOf[T]()
			for first := true; c.next(first, '}') && c.err == nil; first = false {
				name := c.entry()
				if len(*v) == 0 { // Go makes room for eight at once
					c.memory += 8 * (16 + min(size, 128))
				}
				if _, again := (*v)[name]; again {
					c.again(&last, before, name)
				} else if !c.allows(entrySize + size) {
					break
				}
				since := c.mark()
				value = *new(T)
				code(c, &value)
				if c.found(since) {
					c.within(since, stepTo(name))
				}
				(*v)[name] = value
			}
			c.forget(last, before)
		case writing:
			names := make([]string, 0, len(all))
			for name := range all {
				names = append(names, name)
			}
			sort.Strings(names)
			w := c.begin('{')
			for i, name := range names {
				if w.element(i > 0); w.tracking {
					c.step(w.depth, stepTo(name))
				}
				c.buf = append(appendString(c.buf, name), ':')
				value = all[name]
				code(c, &value)
			}
			w.end('}')
		case probing:
			c.test(len(all) > 0, fillOf(all != nil))
		case copying:
			if all == nil {
				return
			}
			*v = make(map[string]T, len(all))
			around := c.copies
			for name := range all {
				value = all[name]
				c.copies.member(name)
				code(c, &value)
				c.copies = around
				(*v)[strings.Clone(name)] = value
			}
		}
	}
}

// UnionType is what the documents say about a union. It is not changed after it was made.
type UnionType struct {
	Want     string // the JSON types of the variants, in words; empty if any type will do
	Tag      string // the member whose value tells objects apart; empty if there is none
	Variants []Variant
}

// Variant is one of the types of a union.
type Variant struct {
	Name  string
	JSON  string   // its JSON types in words; empty if it cannot be told from the others
	Tags  []string // values of the union's tag that stand for it
	Has   []string // members by which it is told from other objects
	Lacks []string
}

// untold is the index of no variant.
const untold = -1

// UnionOf returns a union with a copy of a value.
func UnionOf[T any](v T, code func(*Codec, *T)) Union {
	code(&Codec{mode: copying}, &v)
	raw, err := Encode(&v, false, code)
	if err != nil {
		raw = nil // encoding the union returns the error
	}
	return Union{raw: string(raw), write: func(c *Codec) { code(c, &v) }}
}

// VariantOf returns the index of the variant that the value is of, -1 if that is not certain.
func VariantOf(u Union, t *UnionType) int {
	if u.raw == "" {
		return untold
	}
	kind, members := u.members()
	if tag, ok := members[t.Tag]; ok && t.Tag != "" {
		value := textOf(tag)
		return slices.IndexFunc(t.Variants, func(v Variant) bool { return slices.Contains(v.Tags, value) })
	}
	found := untold
	for i := range t.Variants {
		if !t.Variants[i].fits(kind, members) {
			continue
		}
		if found != untold {
			return untold
		}
		found = i
	}
	return found
}

// TagOf returns the value of the member that tells the variants apart, empty if there is none.
func TagOf(u Union, t *UnionType) string {
	_, members := u.members()
	return textOf(members[t.Tag])
}

// UnionAs reads the value as the variant with that index. It is an error if the value is surely of
// another one.
func UnionAs[T any](u Union, t *UnionType, index int, code func(*Codec, *T)) (v T, err error) {
	name := t.Variants[index].Name
	if u.raw == "" {
		return v, errors.New("there is no value to read as " + name)
	}
	if is := VariantOf(u, t); is != untold && is != index {
		return v, fmt.Errorf("the value is %s, not %s", t.Variants[is].Name, name)
	}
	if err := Decode(u.raw, &v, code); err != nil {
		return *new(T), fmt.Errorf("the value is not %s: %w", name, err)
	}
	return v, nil
}
