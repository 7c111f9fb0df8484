package runtime

import (
	"encoding/json"
	"slices"
	"strconv"
	"unicode/utf8"
)

// shape is what the documents say about a model: its name and its members, in the order of their indexes.
type shape struct {
	name    string
	members []string
	quoted  []string // each member's name as it is written: a comma, the name in quotes, a colon
	index   map[string]int
}

func newShape(name string, members ...string) *shape {
	s := &shape{name: name, members: members, index: make(map[string]int, len(members))}
	for i, m := range members {
		s.quoted = append(s.quoted, string(append(appendString([]byte{','}, m), ':')))
		s.index[m] = i
	}
	return s
}

// model is what every generated struct does, seen from a pointer to it.
type model[M any] interface {
	*M
	decodeJSON(*decoder)
	encodeJSON(*encoder)
	detach()
	members() *Members
	isZero() bool
}

// objectReader reads the members of one object, whatever their order:
//
//	o := d.object(shape)
//	for o.more() { switch o.key { case "a": o.string(0, &m.A); case "b": if o.known(1) { m.B.decodeJSON(d) }; default: o.unknown() } }
//	o.end(&m.JSON)
type objectReader struct {
	key string // name of the current member

	d        *decoder
	shape    *shape
	start    int
	first    bool
	isObject bool
	current  int    // index of the current member, -1 for an undocumented one
	since    spanOf // what was found before the current member

	present, null uint64
	wide          *wideBits

	outerBase  int // the decoder's base before this object
	spellings  int // where this object's spellings begin
	extraStart int
}

// wideBits holds the presence of members beyond the 64th.
type wideBits struct{ present, null []uint64 }

// object starts to read an object. Where the value is none, more is false at once.
func (d *decoder) object(s *shape) objectReader {
	o := objectReader{d: d, shape: s, first: true, current: -1, outerBase: d.base, spellings: len(d.spellings), extraStart: len(d.extras)}
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

// more moves to the next member.
func (o *objectReader) more() bool {
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
		o.key = d.text[t.start:t.end]
		return true
	}
	var invalid bool
	if o.key, invalid, _ = d.textOf(t); invalid {
		d.problem(d.at, "UTF-8", "invalid UTF-8 in a name")
	}
	return true
}

// settle gives what was found in the member that just ended to that member.
func (o *objectReader) settle() {
	d := o.d
	for i := o.since.spellings; i < len(d.spellings); i++ {
		d.spellings[i].member = o.current
	}
	d.within(spanOf{o.since.problems, len(d.spellings)}, stepTo(o.key))
}

// known notes that member i is there, and tells whether its value is to be read: null is dealt with here.
func (o *objectReader) known(i int) bool {
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

// string reads member i. If it is null, v is left alone.
func (o *objectReader) string(i int, v *string) {
	if o.known(i) {
		*v = o.d.string()
	}
}

// int is string for an integer.
func (o *objectReader) int(i int, v *int64) {
	if o.known(i) {
		*v = o.d.int()
	}
}

// bool is string for true or false.
func (o *objectReader) bool(i int, v *bool) {
	if o.known(i) {
		*v = o.d.bool()
	}
}

// raw is string for any JSON.
func (o *objectReader) raw(i int, v *json.RawMessage) {
	if o.known(i) {
		*v = o.d.raw()
	}
}

// knownWide is known for members beyond the 64th.
func (o *objectReader) knownWide(i int) bool {
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
func (o *objectReader) forget(i int) {
	d := o.d
	kept := slices.DeleteFunc(d.spellings[o.spellings:], func(s spelling) bool { return s.member == i })
	d.spellings = d.spellings[:o.spellings+len(kept)]
	o.since = d.span()
}

// unknown keeps a member nobody documented.
func (o *objectReader) unknown() {
	d := o.d
	start := d.at
	d.skip()
	if d.err == nil {
		d.extras = append(d.extras, extra{o.key, d.text[start:d.at]})
	}
}

// end leaves the object and fills in what its model remembers.
func (o *objectReader) end(m *Members) {
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
func (o *objectReader) rest() *rest {
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

// decodePointer reads an object into a new model, or nil where it is null.
func decodePointer[M any, P model[M]](d *decoder) P {
	if d.space() != '{' {
		d.mismatch("object", "null")
		return nil
	}
	m := P(new(M))
	m.decodeJSON(d)
	return m
}

// decodeValue reads one model, as an element of a map or of a nested slice.
func decodeValue[M any, P model[M]](d *decoder) M {
	var m M
	P(&m).decodeJSON(d)
	return m
}

// decodeEnum reads a string whose known values are listed. Others are data.
func decodeEnum[E ~string](d *decoder) E { return E(d.string()) }

// decodes is every model, seen by the decoder.
type decodes interface{ decodeJSON(*decoder) }

// unmarshal is json.Unmarshaler for models. As encoding/json wants it, null leaves the model alone; so does an error, which is why
// data is checked before it is read.
func unmarshal(data []byte, m decodes) error {
	if string(data) == "null" {
		return nil
	}
	d := newDecoder(string(data))
	got := d.skip()
	if err := d.finish(); err != nil {
		return err
	}
	if got != "object" {
		return &typeError{Problem{Want: "object", Got: got}}
	}
	d.at = 0
	m.decodeJSON(d)
	return d.finish()
}

// typeError says that a whole answer is of another type than documented.
type typeError struct{ problem Problem }

func (e *typeError) Error() string { return e.problem.String() }
