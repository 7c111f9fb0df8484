package lossless

import (
	"math/bits"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// token is a scanned string, without its quotes.
type token struct {
	start, end int
	escaped    bool
	ascii      bool
}

// plainByte has the bytes that stand for themselves in a string.
var plainByte = func() (plain [256]bool) {
	for c := range plain {
		plain[c] = c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\'
	}
	return plain
}()

// plainLen returns how many bytes at the start of s stand for themselves in a string. It looks at
// eight at a time. Each term sets the highest bit of a byte that it looks for; it may set bits
// behind such a byte wrongly, and the first one counts.
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
func (d *scanner) scanString() token {
	text, start := d.text, d.at+1
	i := start + plainLen(text[start:])
	if i < len(text) && text[i] == '"' {
		d.at = i + 1
		return token{start: start, end: i, ascii: true}
	}
	return d.scanOdd(start, i)
}

// scanOdd is scanString from the first byte on that does not stand for itself.
func (d *scanner) scanOdd(start, i int) token {
	t := token{start: start, ascii: true}
	for text := d.text; i < len(text); i++ {
		switch c := text[i]; {
		case plainByte[c]:
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
	d.at = len(d.text)
	d.fail("unexpected end")
	return token{}
}

// escapeLen returns the length of the escape after a backslash, 0 if there is none.
func escapeLen(s string) int {
	switch {
	case s == "":
		return 0
	case s[0] != 'u':
		return min(1, 1+strings.IndexByte(`"\/bfnrt`, s[0]))
	}
	if _, ok := hex4(s[1:]); ok {
		return 5
	}
	return 0
}

// hex4 reads the four digits of a \u escape.
func hex4(s string) (r rune, ok bool) {
	if len(s) < 4 {
		return 0, false
	}
	for _, c := range []byte(s[:4]) {
		digit := strings.IndexByte("0123456789abcdef", c|0x20)
		if digit < 0 || c < '0' {
			return 0, false
		}
		r = r<<4 | rune(digit)
	}
	return r, true
}

// textOf returns what a scanned string says. Bad bytes (invalid) and lone surrogates (lone) become
// U+FFFD.
func (d *scanner) textOf(t token) (s string, invalid, lone bool) {
	s = d.text[t.start:t.end]
	if !t.ascii && !utf8.ValidString(s) {
		s, invalid = validUTF8(s), true
	}
	if t.escaped {
		s, lone = unescape(s)
	}
	return s, invalid, lone
}

// validUTF8 puts U+FFFD in place of each bad byte, as encoding/json does.
func validUTF8(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return string([]rune(s))
}

// unescape resolves the escapes of a scanned string. A surrogate without its other half becomes
// U+FFFD, and lone is true.
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

// readString reads a string.
func (d *scanner) readString() string {
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
