package lossless

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// Encoder appends JSON. It is told by ObjectWriter which member is being written, so that it can find the spelling a value
// came in, and so that it can say where a request body is incomplete.
type Encoder struct {
	buf []byte
	err error

	scope
	unset   string // the required and empty member that is being written in strict mode; a bool takes that back
	missing []string
	unknown []string
}

// scope is what changes from object to object.
type scope struct {
	strict    bool         // a required member that is empty is an error
	place     string       // path of the value being written; kept up to date only if tracking
	anchor    int          // length of the path of the member within place
	spellings *memberTexts // how the member's values were spelled, nil nearly always
}

// memberTexts finds the spellings of one member's values by their path.
type memberTexts struct {
	list   []spelling
	byPath map[string]int // only for long lists
}

const (
	Optional = false // a member that may be left out
	Required = true  // a member that some document requires
)

// Marshal is json.Marshaler for models.
func Marshal[M any](m *M, encode func(*Encoder, *M)) ([]byte, error) {
	e := encoders.Get().(*Encoder)
	encode(e, m)
	return e.release()
}

// release returns a copy of what was written, and keeps the buffer for the next model.
func (e *Encoder) release() ([]byte, error) {
	data, err := e.finish()
	data = bytes.Clone(data)
	if cap(e.buf) <= maxKeptBuffer {
		*e = Encoder{buf: e.buf[:0]}
		encoders.Put(e)
	}
	return data, err
}

// AppendJSON writes a model behind what is in b already, which spares the copy that Marshal has to make. On an error it
// returns b.
func AppendJSON[M any](b []byte, m *M, encode func(*Encoder, *M)) ([]byte, error) {
	e := encoders.Get().(*Encoder)
	kept := e.buf
	e.buf = b
	encode(e, m)
	data, err := e.finish()
	*e = Encoder{buf: kept}
	encoders.Put(e)
	if err != nil {
		return b, err
	}
	return data, nil
}

// Encode returns the JSON that write writes. With strict, a required member that is empty is an error.
func Encode(strict bool, write func(*Encoder)) ([]byte, error) {
	e := &Encoder{scope: scope{strict: strict}}
	write(e)
	return e.finish()
}

// encoders keeps buffers for the next model. A large one is rare, and not kept for the many small ones.
var encoders = sync.Pool{New: func() any { return &Encoder{buf: make([]byte, 0, 1024)} }}

const maxKeptBuffer = 64 << 10

// finish returns what was written, or why it must not be used.
func (e *Encoder) finish() ([]byte, error) {
	e.settle()
	if len(e.missing) > 0 || len(e.unknown) > 0 {
		return nil, &RequestError{Missing: e.missing, Unknown: e.unknown}
	}
	if e.err != nil {
		return nil, e.err
	}
	return e.buf, nil
}

func (e *Encoder) fail(err error) {
	if e.err == nil {
		e.err = err
	}
}

// settle reports the required member that was written empty, unless it was a bool.
func (e *Encoder) settle() {
	if e.unset != "" {
		e.missing = append(e.missing, strings.TrimPrefix(e.unset, "."))
		e.unset = ""
	}
}

// tracking reports whether place is needed.
func (e *Encoder) tracking() bool { return e.strict || e.spellings != nil }

// respell puts the text that a value came in, in place of the one written from start on, if the two mean the same.
func (e *Encoder) respell(start int) {
	if e.spellings != nil { // nearly never; small enough to be inlined
		e.respellFrom(start)
	}
}

func (e *Encoder) respellFrom(start int) {
	s := e.spellings.at(e.place[e.anchor:])
	if s != nil && s.canonical == string(e.buf[start:]) {
		e.buf = appendCompact(e.buf[:start], validUTF8(s.raw))
	}
}

func (t *memberTexts) at(path string) *spelling {
	if t.byPath == nil {
		for i := range t.list {
			if t.list[i].path == path {
				return &t.list[i]
			}
		}
		return nil
	}
	if i, ok := t.byPath[path]; ok {
		return &t.list[i]
	}
	return nil
}

// textsOf picks a member's spellings, nil if there are none.
func textsOf(all []spelling, member int) *memberTexts {
	first := slices.IndexFunc(all, func(s spelling) bool { return s.member == member })
	if first < 0 {
		return nil
	}
	t := &memberTexts{list: all[first:]}
	if end := slices.IndexFunc(t.list, func(s spelling) bool { return s.member != member }); end >= 0 {
		t.list = t.list[:end]
	}
	if len(t.list) > 8 {
		t.byPath = make(map[string]int, len(t.list))
		for i, s := range t.list {
			t.byPath[s.path] = i
		}
	}
	return t
}

// WriteString writes a string.
func (e *Encoder) WriteString(v string) {
	start := len(e.buf)
	e.buf = appendString(e.buf, v)
	e.respell(start)
}

// WriteInt writes an integer.
func (e *Encoder) WriteInt(v int64) {
	start := len(e.buf)
	e.buf = strconv.AppendInt(e.buf, v, 10)
	e.respell(start)
}

// WriteBool writes true or false. Unlike other empty values, false is never missing from a request body.
func (e *Encoder) WriteBool(v bool) {
	e.unset = "" // false is a value
	start := len(e.buf)
	e.buf = strconv.AppendBool(e.buf, v)
	e.respell(start)
}

// WriteRaw writes any JSON value without its white space. An empty one is null.
func (e *Encoder) WriteRaw(v json.RawMessage) {
	if len(v) == 0 {
		e.null()
		return
	}
	d := newDecoder(string(v))
	d.skip()
	if err := d.finish(); err != nil {
		e.fail(fmt.Errorf("json: a raw value: %w", err))
		return
	}
	e.buf = appendCompact(e.buf, validUTF8(d.text))
}

func (e *Encoder) null() { e.buf = append(e.buf, "null"...) }

// EncodePointer writes a model, or null.
func EncodePointer[M any](e *Encoder, m *M, encode func(*Encoder, *M)) {
	if m == nil {
		start := len(e.buf)
		e.null()
		e.respell(start)
		return
	}
	encode(e, m)
}

// safeByte has the bytes that are written in a string as they are.
var safeByte = func() (safe [256]bool) {
	for c := range safe {
		safe[c] = c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\'
	}
	return safe
}()

// appendString writes a string. Invalid UTF-8 becomes U+FFFD; nothing is escaped that need not be, apart from the two line
// separators that JavaScript does not allow in strings.
func appendString(b []byte, s string) []byte {
	plain := plainLen(s)
	b = append(slices.Grow(b, len(s)+2), '"')
	if plain == len(s) {
		return append(append(b, s...), '"')
	}
	start := 0
	for i := plain; i < len(s); {
		c := s[i]
		if safeByte[c] {
			i++
			continue
		}
		size, replacement := 1, ""
		if c < utf8.RuneSelf {
			replacement = escapeOf(c)
		} else {
			var r rune
			switch r, size = utf8.DecodeRuneInString(s[i:]); {
			case r == utf8.RuneError && size == 1:
				replacement = "\ufffd"
			case r == '\u2028':
				replacement = `\u2028`
			case r == '\u2029':
				replacement = `\u2029`
			}
		}
		if replacement != "" {
			b = append(append(b, s[start:i]...), replacement...)
			start = i + size
		}
		i += size
	}
	return append(append(b, s[start:]...), '"')
}

// escapeOf returns the escape of a byte that cannot stand in a string as it is.
func escapeOf(c byte) string {
	switch c {
	case '"':
		return `\"`
	case '\\':
		return `\\`
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	case '\t':
		return `\t`
	case '\b':
		return `\b`
	case '\f':
		return `\f`
	}
	const hex = "0123456789abcdef"
	return `\u00` + string([]byte{hex[c>>4], hex[c&15]})
}

// appendCompact writes a valid JSON text without its white space.
func appendCompact(b []byte, text string) []byte {
	if !strings.ContainsAny(text, " \t\r\n") {
		return append(b, text...)
	}
	inString := false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case inString && c == '\\':
			b = append(b, c)
			i++
			c = text[i]
		case c == '"':
			inString = !inString
		case !inString && (c == ' ' || c == '\t' || c == '\r' || c == '\n'):
			continue
		}
		b = append(b, c)
	}
	return b
}
