package lossless

import (
	"slices"
	"strings"
	"sync"
)

// mode is what a Codec does with the values that it is shown.
type mode uint8

const (
	reading mode = iota
	writing
	probing // finds out how empty a value is
	copying // makes a value independent of the text that it was cut from
	finding // looks for the Members of a model
)

// fill is how empty a value is.
type fill uint8

const (
	none  fill = iota // nothing to send: nil, the zero time, an enum without a value
	blank             // "", 0, false, [] or {}: values like others where a request needs one
	full
)

// fillOf returns blank for a value that is there.
func fillOf(there bool) fill {
	if there {
		return blank
	}
	return none
}

// test notes how empty a value is.
func (c *Codec) test(isFull bool, otherwise fill) {
	if isFull {
		otherwise = full
	}
	c.fill = max(c.fill, otherwise)
}

// whole reports what is wrong with a text that was read to its end.
func (c *Codec) whole() error {
	if err := c.finish(); err != nil {
		return err
	}
	if c.loose {
		return &typeError{listed(c.problems)[0]}
	}
	return nil
}

// codecs keeps writers with their buffers.
var codecs = sync.Pool{New: func() any { return new(Codec) }}

// borrow returns a Codec with an empty buffer.
func borrow(m mode) *Codec {
	c := codecs.Get().(*Codec)
	c.mode = m
	return c
}

// release keeps the Codec and a buffer for the next value, unless the buffer is large.
func (c *Codec) release(buf []byte) {
	if cap(buf) > maxKeptBuffer {
		buf = nil
	}
	*c = Codec{writer: writer{buf: buf[:0], path: c.path[:0]}}
	codecs.Put(c)
}

// objectReader is what an Object knows while it is read.
type objectReader struct {
	first         bool
	again         bool // the current member was there before
	since         mark // what was found before its value
	present, null uint64

	base      int // of the scanner before this object
	last      repeats
	spellings int // where those of this object begin
	extras    int // likewise
}

// open starts to read the object. A value of another type is a problem.
func (o *Object) open() {
	c := o.c
	o.base, o.spellings, o.extras = c.base, len(c.spelled), len(c.extras)
	o.current = atEnd
	isObject, top := c.space() == '{', c.objects == 0 && c.depth == 0
	o.start = c.at
	c.objects++
	c.base = len(c.problems)
	o.since = c.mark()
	if !isObject {
		c.mismatch("object", "null")
		c.loose = c.loose || (top && c.err == nil)
		o.started = true
		return
	}
	c.scanner.open()
	o.first = true
	o.advance()
}

// step moves to the next member if this one was read.
func (o *Object) step() {
	if o.current != all {
		o.advance()
	}
}

// advance moves to the next member, and keeps those that no document mentions on the way.
func (o *Object) advance() {
	c := o.c
	if c.found(o.since) {
		c.within(o.since, stepTo(o.shape.members[o.current]))
	}
	for {
		next := o.current + 1
		order := &o.shape.order[next]
		if o.tries(int(order[0].Load())-1) || o.tries(int(order[1].Load())-1) || o.tries(next) {
			return
		}
		if !c.next(o.first, '}') {
			o.current = atEnd
			return
		}
		t := c.name()
		if c.err != nil {
			o.current = atEnd
			return
		}
		name, invalid, _ := c.textOf(t)
		if i := o.shape.find(name, next); i >= 0 {
			_ = order[0].CompareAndSwap(0, int32(i+1)) || order[1].CompareAndSwap(0, int32(i+1))
			o.arrive(i)
			return
		}
		o.first = false
		if invalid {
			c.misnamed(name)
		}
		if text := c.exact(); c.err == nil && c.allows(2*extraSize) {
			c.extras = append(c.extras, extra{name, text})
		}
	}
}

// tries moves to member i if it comes next, and is written without white space.
func (o *Object) tries(i int) bool {
	if i < 0 || i >= len(o.shape.quoted) {
		return false
	}
	c, name := o.c, o.shape.quoted[i]
	if o.first {
		name = name[1:]
	}
	if !strings.HasPrefix(c.text[c.at:], name) {
		return false
	}
	c.at += len(name)
	o.arrive(i)
	return true
}

// arrive is at the value of member i.
func (o *Object) arrive(i int) {
	o.c.space()
	o.first, o.current, o.since = false, i, o.c.mark()
}

// find returns the index of a member, -1 for an undocumented one. It looks at those from next on
// first.
func (s *Shape) find(name string, next int) int {
	for i := next; i < min(next+8, len(s.members)); i++ {
		if s.members[i] == name {
			return i
		}
	}
	if i, ok := s.index[name]; ok {
		return i
	}
	return -1
}

// skips reports whether member i is not the one that is to be read. It is small, because reading
// asks for every member each time that members arrive in another order than the documents have.
func (o *Object) skips(i int) bool { return o.current != i && o.current != all }

// starts reports whether the value of member i is to be read, written or looked at now. It reads
// and writes null itself.
func (o *Object) starts(i int, isFull bool, otherwise fill) bool {
	switch {
	case o.plain:
		return o.plainMember(i, isFull)
	case o.c.mode == writing:
		return o.member(i, isFull, otherwise)
	case o.c.mode == reading:
		return o.value(i)
	}
	return true
}

// value notes that member i is there, and reports whether its value is to be read.
func (o *Object) value(i int) bool {
	c := o.c
	bit := uint64(1) << i // 0 from the 65th member on: see Members.state
	o.again = i >= 64 || o.present&bit != 0
	o.present |= bit
	o.null &^= bit
	isNull := c.at < len(c.text) && c.text[c.at] == 'n'
	if isNull {
		o.null |= bit
	}
	if o.again { // the last one counts; a null is read, so that it empties the field
		c.again(&o.last, o.spellings, o.shape.members[i])
		o.since = c.mark()
	} else if isNull {
		c.literal("null")
		o.advance()
		return false
	}
	return true
}

// remember fills in what the model remembers, at the end of the object.
func (o *Object) remember() {
	c := o.c
	if c.err != nil {
		return
	}
	c.objects--
	c.forget(o.last, o.spellings)
	*o.m = Members{raw: c.text[o.start:c.at], shape: o.shape, present: o.present, null: o.null}
	problems, spelled, extras := c.problems[c.base:], c.spelled[o.spellings:], c.extras[o.extras:]
	c.problems, c.spelled, c.extras = c.problems[:c.base], c.spelled[:o.spellings], c.extras[:o.extras]
	c.base = o.base
	notObject := o.started
	if !notObject && len(problems)+len(spelled)+len(extras) == 0 {
		return
	}
	r := &rest{notObject: notObject, extras: lastOfEach(extras), problems: slices.Clone(problems)}
	switch {
	case notObject:
	case o.spellings == 0 && len(spelled) > 1000: // so many are handed over
		r.spellings, c.spelled = spelled, nil
	default:
		r.spellings = slices.Clone(spelled)
		c.memory += len(spelled) * spellingSize
	}
	o.m.rest = r
	c.allows(restSize + len(problems)*faultSize)
	if len(problems) > 0 && len(c.problems)-c.base < maxProblems {
		c.problems = append(c.problems, fault{inner: r.problems})
	}
}

// lastOfEach returns a copy in which the last of members with one name has the place of the first.
func lastOfEach(list []extra) []extra {
	if len(list) < 2 {
		return slices.Clone(list)
	}
	kept, places := make([]extra, 0, len(list)), make(map[string]int, len(list))
	for _, x := range list {
		if i, ok := places[x.name]; ok {
			kept[i].value = x.value
			continue
		}
		places[x.name] = len(kept)
		kept = append(kept, x)
	}
	return kept
}

// objectWriter is what an Object knows while it is written.
type objectWriter struct {
	plain  bool // only the fields and what was there decide what is written
	depth  int  // length of the path to the object
	outer  map[string]spelling
	anchor int
	lacks  int               // how many members were missing before
	there  map[string]string // what was there; only for models of more than 64 members
}

// begin starts to write the object.
func (o *Object) begin() {
	c, m := o.c, o.m
	o.start = len(c.buf)
	o.depth, o.outer, o.anchor, o.lacks = len(c.path), c.spellings, c.anchor, len(c.missing)
	c.spellings, c.anchor = m.spellings(), len(c.path)
	wide := len(o.shape.members) > 64
	o.plain = m.shape == o.shape && !wide && !c.request && (m.rest == nil || len(m.rest.spellings)+len(m.rest.sent) == 0)
	if wide && m.shape != nil {
		o.there = m.all()
	}
	if m.rest != nil {
		for _, s := range m.rest.sent {
			if _, ok := o.shape.index[s.name]; !ok {
				c.unknown = append(c.unknown, o.shape.name+stepTo(s.name))
			}
		}
	}
}

// certain reports whether member i is written whatever its value is.
func (o *Object) certain(i int) bool {
	bit := uint64(1) << i
	return o.plain && o.m.present&bit != 0 && o.m.null&bit == 0
}

// plainMember is member where only the field and what was there count.
func (o *Object) plainMember(i int, isFull bool) bool {
	bit := uint64(1) << i
	if !isFull && o.m.present&bit == 0 {
		return false
	}
	o.c.buf = append(o.c.buf, o.shape.quoted[i]...)
	if !isFull && o.m.null&bit != 0 {
		o.c.null()
		return false
	}
	return true
}

// member writes the name of member i and reports whether its value is to be written behind it.
func (o *Object) member(i int, isFull bool, otherwise fill) bool {
	c := o.c
	if c.request && o.shape.rules[i]&readOnly != 0 && o.m.sent(o.shape.members[i]) == nil || !isFull && !o.wanted(i, otherwise) {
		return false
	}
	c.buf = append(c.buf, o.shape.quoted[i]...) // the first comma becomes the brace: see close
	if c.tracking() {
		c.writer.step(o.depth, stepTo(o.shape.members[i]))
	}
	return true
}

// wanted reports whether member i is written although it is empty. It writes null and constants
// itself.
func (o *Object) wanted(i int, f fill) bool {
	c, m := o.c, o.m
	present, null := m.state(i, o.there)
	value, rules := "", o.shape.rules[i]
	sent := m.sent(o.shape.members[i])
	switch constant, isConst := o.shape.consts[i]; {
	case sent != nil && sent.null, sent == nil && null:
		value = "null"
	case sent != nil, present:
		return true
	case rules&required == 0 || m.shape != nil && !c.request:
		return false
	case isConst:
		value = constant
	case c.request && (f == none || rules&notBlank != 0 || m.shape != nil): // an answer that lacked it is not completed with ""
		c.missing = append(c.missing, strings.TrimPrefix(string(c.path[:o.depth])+stepTo(o.shape.members[i]), "."))
		return false
	default:
		return true
	}
	c.buf = append(append(c.buf, o.shape.quoted[i]...), value...)
	return false
}

// close writes the undocumented members and the end of the object.
func (o *Object) close() {
	c, r := o.c, o.m.rest
	c.path, c.spellings, c.anchor = c.path[:o.depth], o.outer, o.anchor
	if r != nil && r.notObject && len(c.buf) == o.start {
		c.buf, c.missing = appendCompact(c.buf, validUTF8(o.m.raw)), c.missing[:o.lacks]
		return
	}
	if r != nil {
		for _, x := range r.extras {
			c.buf = append(appendString(append(c.buf, ','), x.name), ':')
			c.buf = appendCompact(c.buf, validUTF8(x.value))
		}
	}
	if len(c.buf) == o.start {
		c.buf = append(c.buf, '{')
	}
	c.buf[o.start] = '{'
	c.buf = append(c.buf, '}')
}

// listWriter writes what is around the elements of an array or of a map.
type listWriter struct {
	c        *Codec
	start    int
	depth    int // length of the path
	tracking bool
}

func (c *Codec) begin(bracket byte) listWriter {
	w := listWriter{c, len(c.buf), len(c.path), c.tracking()}
	c.buf = append(c.buf, bracket)
	return w
}

// element writes what is before an element.
func (w *listWriter) element(comma bool) {
	if comma {
		w.c.buf = append(w.c.buf, ',')
	}
}

// end writes the end of the array or map.
func (w *listWriter) end(bracket byte) {
	c := w.c
	c.buf = append(c.buf, bracket)
	c.path = c.path[:w.depth]
	if len(c.buf) == w.start+2 {
		c.respell(w.start)
	}
}
