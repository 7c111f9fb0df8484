package lossless

import (
	"encoding/json"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Shape is what the documents say about a model: its name and its members, in the order of their indexes.
type Shape struct {
	name    string
	members []string
	quoted  []string // each member's name as it is written: a comma, the name in quotes, a colon
	index   map[string]int
}

// NewShape returns the Shape of the model with that name and those members.
func NewShape(name string, members ...string) *Shape {
	s := &Shape{name: name, members: members, index: make(map[string]int, len(members))}
	for i, m := range members {
		s.quoted = append(s.quoted, string(append(appendString([]byte{','}, m), ':')))
		s.index[m] = i
	}
	return s
}

// ObjectReader reads the members of one object, whatever their order:
//
//	o := d.Object(shape)
//	for o.More() { switch o.Key { case "a": o.String(0, &m.A); case "b": if o.Known(1) { decodeB(d, &m.B) }; default: o.Unknown() } }
//	o.End(&m.JSON)
type ObjectReader struct {
	Key string // name of the current member

	d        *Decoder
	shape    *Shape
	start    int
	first    bool
	isObject bool
	current  int    // index of the current member, -1 for an undocumented one
	since    spanOf // what was found before the current member

	present, null uint64
	wide          *wideBits

	outerBase  int // the Decoder's base before this object
	spellings  int // where this object's spellings begin
	extraStart int
}

// wideBits holds the presence of members beyond the 64th.
type wideBits struct{ present, null []uint64 }

// Object starts to read an object. If the value is not an object, More returns false at once.
func (d *Decoder) Object(s *Shape) ObjectReader {
	o := ObjectReader{d: d, shape: s, first: true, current: -1, outerBase: d.base, spellings: len(d.spellings), extraStart: len(d.extras)}
	o.isObject = d.space() == '{'
	o.start = d.at
	top := d.objects == 0 && d.depth == 0
	d.objects++
	d.base = len(d.problems)
	o.since = d.span()
	if o.isObject {
		d.open()
	} else {
		d.mismatch("object", "null")
		d.loose = d.loose || (top && d.err == nil)
	}
	return o
}

// More moves to the next member.
func (o *ObjectReader) More() bool {
	d := o.d
	if !o.isObject {
		return false
	}
	if d.found(o.since) {
		o.settle()
	}
	if !d.next(o.first, '}') {
		return false
	}
	o.first = false
	t := d.name()
	if d.err != nil {
		return false
	}
	d.space()
	o.since = d.span()
	o.current = -1
	if t.ascii && !t.escaped {
		o.Key = d.text[t.start:t.end]
		return true
	}
	var invalid bool
	if o.Key, invalid, _ = d.textOf(t); invalid {
		d.problem(d.at, "UTF-8", "invalid UTF-8 in a name")
	}
	return true
}

// settle assigns what was found in the member that just ended to that member.
func (o *ObjectReader) settle() {
	d := o.d
	for i := o.since.spellings; i < len(d.spellings); i++ {
		d.spellings[i].member = o.current
	}
	d.within(spanOf{o.since.problems, len(d.spellings)}, stepTo(o.Key))
}

// Known notes that member i is there, and reports whether its value is to be read: null is dealt with here.
func (o *ObjectReader) Known(i int) bool {
	d := o.d
	o.current = i
	if i >= 64 {
		return o.knownWide(i)
	}
	bit := uint64(1) << i
	again := o.present&bit != 0
	o.present |= bit
	o.null &^= bit
	if again {
		o.forget(i)
	}
	if d.at >= len(d.text) || d.text[d.at] != 'n' {
		return true
	}
	o.null |= bit
	if again {
		return true // the reader sees null and empties the field
	}
	d.literal("null")
	return false
}

// String reads member i. If it is null, v is left alone.
func (o *ObjectReader) String(i int, v *string) {
	if o.Known(i) {
		*v = o.d.ReadString()
	}
}

// Int is String for an integer.
func (o *ObjectReader) Int(i int, v *int64) {
	if o.Known(i) {
		*v = o.d.ReadInt()
	}
}

// Bool is String for true or false.
func (o *ObjectReader) Bool(i int, v *bool) {
	if o.Known(i) {
		*v = o.d.ReadBool()
	}
}

// Raw is String for any JSON value.
func (o *ObjectReader) Raw(i int, v *json.RawMessage) {
	if o.Known(i) {
		*v = o.d.ReadRaw()
	}
}

// knownWide is Known for members beyond the 64th.
func (o *ObjectReader) knownWide(i int) bool {
	d := o.d
	if o.wide == nil {
		words := (len(o.shape.members)+63)/64 - 1
		o.wide = &wideBits{make([]uint64, words), make([]uint64, words)}
	}
	word, bit := i/64-1, uint64(1)<<(i%64)
	if o.wide.present[word]&bit != 0 {
		o.forget(i)
	}
	o.wide.present[word] |= bit
	o.wide.null[word] &^= bit
	if d.at < len(d.text) && d.text[d.at] == 'n' {
		o.wide.null[word] |= bit
	}
	return true
}

// forget drops the spellings of an earlier value of member i: the last one counts.
func (o *ObjectReader) forget(i int) {
	d := o.d
	kept := slices.DeleteFunc(d.spellings[o.spellings:], func(s spelling) bool { return s.member == i })
	d.spellings = d.spellings[:o.spellings+len(kept)]
	o.since = d.span()
}

// Unknown keeps a member nobody documented.
func (o *ObjectReader) Unknown() {
	d := o.d
	start := d.at
	d.skip()
	if d.err == nil {
		d.extras = append(d.extras, extra{o.Key, d.text[start:d.at]})
	}
}

// End leaves the object and fills in what its model remembers.
func (o *ObjectReader) End(m *Members) {
	d := o.d
	if d.err != nil {
		return
	}
	d.objects--
	*m = Members{raw: d.text[o.start:d.at], shape: o.shape, present: o.present, null: o.null}
	if !o.isObject || o.wide != nil || len(d.extras) > o.extraStart || len(d.problems) > d.base || len(d.spellings) > o.spellings {
		m.rest = o.rest()
	}
	d.base = o.outerBase
	if len(d.problems) > d.base+maxProblems {
		d.problems = d.problems[:d.base+maxProblems]
	}
	d.spellings = d.spellings[:o.spellings]
	d.extras = d.extras[:o.extraStart]
}

// rest collects what only few objects have.
func (o *ObjectReader) rest() *rest {
	d := o.d
	r := &rest{
		notObject: !o.isObject,
		wide:      o.wide,
		extras:    slices.Clone(d.extras[o.extraStart:]),
		problems:  slices.Clone(d.problems[d.base:]),
	}
	if o.isObject {
		r.spellings = slices.Clone(d.spellings[o.spellings:])
	}
	return r
}

// stepTo is how a path goes on to a member.
func stepTo(name string) string {
	if name == "" || !utf8.ValidString(name) {
		return "[" + strconv.Quote(name) + "]"
	}
	for _, r := range name {
		if r <= ' ' || r == '.' || r == '[' || r == ']' || r == '"' || r == utf8.RuneError {
			return "[" + strconv.Quote(name) + "]"
		}
	}
	return "." + name
}

// stepAt is how a path goes on to an element.
func stepAt(i int) string { return "[" + strconv.Itoa(i) + "]" }

// DecodePointer reads an object into a new model, or returns nil where it is null.
func DecodePointer[M any](d *Decoder, decode func(*Decoder, *M)) *M {
	if d.space() != '{' {
		d.mismatch("object", "null")
		return nil
	}
	m := new(M)
	decode(d, m)
	return m
}

// DecodeValue reads one model, as an element of a map or of a nested slice.
func DecodeValue[M any](d *Decoder, decode func(*Decoder, *M)) M {
	var m M
	decode(d, &m)
	return m
}

// DecodeEnum reads a string whose known values are listed. Others are data.
func DecodeEnum[E ~string](d *Decoder) E { return E(d.ReadString()) }

// Unmarshal is json.Unmarshaler for models. As encoding/json wants it, null leaves the model alone; so does an error,
// which is why data is checked before it is read.
func Unmarshal[M any](data []byte, m *M, decode func(*Decoder, *M)) error {
	d, err := objectIn(data)
	if d == nil || err != nil {
		return err
	}
	decode(d, m)
	return d.finish()
}

// objectIn returns a decoder of the object that data is, or nil where data is null.
func objectIn(data []byte) (*Decoder, error) {
	if string(data) == "null" {
		return nil, nil
	}
	d := newDecoder(string(data))
	got := d.skip()
	if err := d.finish(); err != nil {
		return nil, err
	}
	if got != "object" {
		return nil, &typeError{Problem{Want: "object", Got: got}}
	}
	d.at = 0
	return d, nil
}

// Decode reads one JSON text, all of it. What no model can list as a problem is an error.
func Decode(text string, read func(*Decoder)) error {
	d := newDecoder(text)
	read(d)
	if err := d.finish(); err != nil {
		return err
	}
	if d.loose {
		return &typeError{d.problems[0]}
	}
	return nil
}

// Check reports what keeps a text from being JSON.
func Check(text string) error {
	d := newDecoder(text)
	d.skip()
	return d.finish()
}

// typeError says that a whole answer is of another type than documented.
type typeError struct{ problem Problem }

func (e *typeError) Error() string { return e.problem.String() }
