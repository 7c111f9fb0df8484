// Package lossless reads and writes JSON without losing anything: absent, null and undocumented members, values of other types
// than documented, and the spelling of numbers and times. [Members] is what a model remembers of its object, and [Problem] is a
// value that is not as documented. Everything else is called by generated code.
package lossless

import (
	"encoding/json"
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// The Decoder is a cursor over one answer. It accepts exactly what encoding/json accepts, and differs in these ways:
//
//   - Strings are cut out of the answer instead of being copied one by one; only strings with escapes cost memory.
//   - Offsets are known, so the exact bytes of an object or of a strange value are free.
//   - A value of another type than documented is skipped, noted as a Problem, and its field stays empty.
//   - Where a value is spelled in another way than the Encoder would do it (1e3, +00:00), the spelling is noted.
//
// An error is a fault in the syntax. It is kept in err and moves the cursor to the end, so that every loop ends by itself
// and nobody has to look at err before the very end.
//
// What only odd input needs is kept from being inlined: it would be compiled wherever a value is read.
type Decoder struct {
	text string // the answer: what fields are cut from
	at   int    // offset of the next byte
	err  error

	depth   int // open objects and arrays
	objects int // open models: they take the problems that are found in them

	// Problems and spellings found so far; their paths are completed from the inside to the outside as values end.
	problems  []Problem
	spellings []spelling
	base      int // where the problems of the innermost open model begin
	loose     bool
	extras    []extra // undocumented members of the open models
}

const (
	// maxDepth is how deep values may nest. It is encoding/json's bound.
	maxDepth = 10_000
	// maxProblems bounds what one model lists: a page of a million wrong values must not need a gigabyte.
	maxProblems = 100
)

func newDecoder(text string) *Decoder { return &Decoder{text: text} }

// syntaxError says where the answer stops being JSON.
type syntaxError struct {
	what string
	at   int
}

func (e *syntaxError) Error() string { return fmt.Sprintf("invalid JSON at byte %d: %s", e.at, e.what) }

// fail ends decoding. The first error stays.
func (d *Decoder) fail(what string) {
	if d.err == nil {
		if d.at >= len(d.text) {
			what = "unexpected end"
		}
		d.err = &syntaxError{what, d.at}
	}
	d.at = len(d.text)
}

// finish checks that nothing follows the value and returns the error, if there was one.
func (d *Decoder) finish() error {
	d.space()
	if d.err == nil && d.at < len(d.text) {
		d.fail("data after the value")
	}
	return d.err
}

// space moves over white space and returns the byte after it, 0 at the end.
func (d *Decoder) space() byte {
	for d.at < len(d.text) {
		c := d.text[d.at]
		if c > ' ' || (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
			return c
		}
		d.at++
	}
	return 0
}

// open enters an object or array.
func (d *Decoder) open() {
	d.at++
	if d.depth++; d.depth > maxDepth {
		d.fail("nested too deep")
	}
}

// next reports whether an open array or object has another value; close is its last byte.
func (d *Decoder) next(first bool, close byte) bool {
	c := d.space()
	switch {
	case c == close:
		d.at++
		d.depth--
		return false
	case first:
		return d.err == nil
	case c == ',':
		d.at++
		return true
	}
	d.fail("a comma or " + strconv.QuoteRune(rune(close)) + " is missing")
	return false
}

// literal moves over true, false or null.
func (d *Decoder) literal(word string) {
	if strings.HasPrefix(d.text[d.at:], word) {
		d.at += len(word)
		return
	}
	d.fail("not a value")
}

// spanOf is where a value starts and what was found before it.
type spanOf struct{ problems, spellings int }

func (d *Decoder) span() spanOf { return spanOf{len(d.problems), len(d.spellings)} }

// within completes the paths of what was found since s by one step, such as ".author" or "[3]".
func (d *Decoder) within(s spanOf, step string) {
	for i := s.problems; i < len(d.problems); i++ {
		d.problems[i].Path = step + d.problems[i].Path
	}
	for i := s.spellings; i < len(d.spellings); i++ {
		d.spellings[i].path = step + d.spellings[i].path
	}
}

// found reports whether there is anything for within to do.
func (d *Decoder) found(s spanOf) bool {
	return len(d.problems) > s.problems || len(d.spellings) > s.spellings
}

// problem notes a value that is not as documented. It reaches from start to the cursor.
func (d *Decoder) problem(start int, want, got string) {
	if d.objects == 0 {
		d.loose = true // there is no model that could list it
	}
	if len(d.problems)-d.base < maxProblems {
		d.problems = append(d.problems, Problem{Want: want, Got: got, Raw: []byte(d.text[start:d.at])})
	}
}

// spell notes that the value from start to the cursor is what the Encoder would write as canonical.
func (d *Decoder) spell(canonical string, start int) {
	if d.objects > 0 {
		d.spellings = append(d.spellings, spelling{canonical: canonical, raw: d.text[start:d.at]})
	}
}

// mismatch skips a value of another type than wanted; empty is how the Encoder writes the zero value the field gets.
func (d *Decoder) mismatch(want, empty string) {
	d.space()
	start := d.at
	got := d.skip()
	if d.err != nil {
		return
	}
	d.spell(empty, start)
	if got != "null" || d.depth == 0 {
		d.problem(start, want, got)
	}
}

// unfit notes a value of the right type that the field cannot hold; it reaches from start to the cursor.
func (d *Decoder) unfit(start int, want, got, empty string) {
	if d.err == nil {
		d.spell(empty, start)
		d.problem(start, want, got)
	}
}

// skip moves over any value, checks it as strictly as if it were decoded, and returns its type.
func (d *Decoder) skip() string {
	switch c := d.space(); {
	case c == '"':
		d.scanString()
		return "string"
	case c == '{':
		d.open()
		for first := true; d.next(first, '}'); first = false {
			d.name()
			d.skip()
		}
		return "object"
	case c == '[':
		d.open()
		for first := true; d.next(first, ']'); first = false {
			d.skip()
		}
		return "array"
	case c == 't':
		d.literal("true")
		return "boolean"
	case c == 'f':
		d.literal("false")
		return "boolean"
	case c == 'n':
		d.literal("null")
		return "null"
	case isNumber(c):
		d.number()
		return "number"
	}
	d.fail("not a value")
	return ""
}

// name reads a member's name and the colon behind it.
func (d *Decoder) name() token {
	if d.space() != '"' {
		d.fail("a member's name is missing")
		return token{}
	}
	t := d.scanString()
	if d.space() != ':' {
		d.fail("a colon is missing")
		return token{}
	}
	d.at++
	return t
}

// token is a scanned string, without its quotes.
type token struct {
	start, end int
	escaped    bool
	ascii      bool
}

// plainByte has the bytes that stand for themselves in a string and end nothing.
var plainByte = func() (plain [256]bool) {
	for c := range plain {
		plain[c] = c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\'
	}
	return plain
}()

// plainLen returns how many bytes at the start of s stand for themselves in a string. It looks at eight at a time: in each
// term a byte has its highest bit set if it is one that it looks for, and wrongly only behind such a byte, which does not
// matter because the first one counts.
func plainLen(s string) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	i := 0
	for ; len(s)-i >= 8; i += 8 {
		t := s[i : i+8]
		x := uint64(t[0]) | uint64(t[1])<<8 | uint64(t[2])<<16 | uint64(t[3])<<24 |
			uint64(t[4])<<32 | uint64(t[5])<<40 | uint64(t[6])<<48 | uint64(t[7])<<56
		stop := (x | (x - ' '*ones) | ((x ^ '"'*ones) - ones) | ((x ^ '\\'*ones) - ones)) & highs
		if stop != 0 {
			return i + bits.TrailingZeros64(stop)/8
		}
	}
	for i < len(s) && plainByte[s[i]] {
		i++
	}
	return i
}

// scanString moves over a string. The cursor is at its opening quote.
func (d *Decoder) scanString() token {
	text, start := d.text, d.at+1
	i := start + plainLen(text[start:])
	if i < len(text) && text[i] == '"' {
		d.at = i + 1
		return token{start: start, end: i, ascii: true}
	}
	return d.scanOdd(start, i)
}

// scanOdd is scanString from the first byte on that does not stand for itself.
func (d *Decoder) scanOdd(start, i int) token {
	t := token{start: start, ascii: true}
	text := d.text
	for ; i < len(text); i++ {
		c := text[i]
		if plainByte[c] {
			continue
		}
		switch {
		case c == '"':
			t.end = i
			d.at = i + 1
			return t
		case c == '\\':
			t.escaped = true
			n := escapeLen(text[i+1:])
			if n == 0 {
				d.at = i
				d.fail("invalid escape in a string")
				return token{}
			}
			i += n
		case c < ' ':
			d.at = i
			d.fail("control character in a string")
			return token{}
		default:
			t.ascii = false
		}
	}
	d.at = len(text)
	d.fail("unexpected end")
	return token{}
}

// escapeLen returns the length of the escape that follows a backslash, 0 if there is none.
func escapeLen(s string) int {
	if len(s) == 0 {
		return 0
	}
	switch s[0] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 1
	case 'u':
		if _, ok := hex4(s[1:]); ok {
			return 5
		}
	}
	return 0
}

// hex4 reads the four digits of a \u escape.
func hex4(s string) (rune, bool) {
	if len(s) < 4 {
		return 0, false
	}
	var r rune
	for i := range 4 {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c >= 'a' && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		case c >= 'A' && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

// textOf returns what a scanned string says. Bad bytes (invalid) and lone surrogates (lone) become U+FFFD.
func (d *Decoder) textOf(t token) (s string, invalid, lone bool) {
	s = d.text[t.start:t.end]
	if !t.ascii && !utf8.ValidString(s) {
		s, invalid = validUTF8(s), true
	}
	if t.escaped {
		s, lone = unescape(s)
	}
	return s, invalid, lone
}

// validUTF8 puts U+FFFD in place of each bad byte, as encoding/json does it.
func validUTF8(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return string([]rune(s))
}

// unescape resolves the escapes of a scanned string. A surrogate without its other half becomes U+FFFD, and lone is true.
func unescape(s string) (text string, lone bool) {
	var b strings.Builder
	b.Grow(len(s))
	for {
		i := strings.IndexByte(s, '\\')
		if i < 0 {
			b.WriteString(s)
			return b.String(), lone
		}
		b.WriteString(s[:i])
		c := s[i+1]
		s = s[i+2:]
		if c != 'u' {
			if k := strings.IndexByte("bfnrt", c); k >= 0 {
				c = "\b\f\n\r\t"[k]
			}
			b.WriteByte(c)
			continue
		}
		r, _ := hex4(s)
		s = s[4:]
		if utf16.IsSurrogate(r) {
			pair := rune(utf8.RuneError)
			if strings.HasPrefix(s, `\u`) {
				low, _ := hex4(s[2:])
				pair = utf16.DecodeRune(r, low)
			}
			if r = pair; pair == utf8.RuneError {
				lone = true
			} else {
				s = s[6:]
			}
		}
		b.WriteRune(r)
	}
}

// ReadString reads a string.
func (d *Decoder) ReadString() string {
	if d.space() != '"' {
		d.mismatch("string", `""`)
		return ""
	}
	start := d.at
	t := d.scanString()
	if t.ascii && !t.escaped {
		return d.text[t.start:t.end]
	}
	s, invalid, lone := d.textOf(t)
	switch {
	case invalid:
		d.problem(start, "UTF-8", "invalid UTF-8")
	case lone:
		d.spell(string(appendString(nil, s)), start)
	}
	return s
}

// ReadBool reads true or false.
func (d *Decoder) ReadBool() bool {
	switch d.space() {
	case 't':
		d.literal("true")
		return d.err == nil
	case 'f':
		d.literal("false")
		return false
	}
	d.mismatch("boolean", "false")
	return false
}

// exact reads any value as it stands.
func (d *Decoder) exact() string {
	d.space()
	start := d.at
	d.skip()
	if d.err != nil {
		return ""
	}
	return d.text[start:d.at]
}

// ReadRaw is exact for fields.
func (d *Decoder) ReadRaw() json.RawMessage {
	text := d.exact()
	if text == "" {
		return nil
	}
	return json.RawMessage(text)
}
