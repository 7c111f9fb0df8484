package lossless

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// writer is the lower half of writing: a buffer, and where in a value it is.
type writer struct {
	buf     []byte
	failed  error
	request bool // a request body is written: it must be complete, and has no read-only members
	missing []string
	unknown []string

	// path leads to the value that is being written. It is kept only if tracking.
	path      []byte
	anchor    int                 // length of the path of the model whose spellings these are
	spellings map[string]spelling // by path from there; nil nearly always
}

const maxKeptBuffer = 64 << 10

// result returns what was written, or why it must not be used.
func (e *writer) result() ([]byte, error) {
	if len(e.missing) > 0 || len(e.unknown) > 0 {
		return nil, &RequestError{Missing: e.missing, Unknown: e.unknown}
	}
	return e.buf, e.failed
}

// refuse notes a value that cannot be written.
func (e *writer) refuse(format string, args ...any) {
	if e.failed == nil {
		e.failed = fmt.Errorf("json: "+format, args...)
	}
}

// tracking reports whether path is needed.
func (e *writer) tracking() bool { return e.request || e.spellings != nil }

// step sets the path to its first length bytes and a step, such as ".author" or "[3]".
func (e *writer) step(length int, step string) { e.path = append(e.path[:length], step...) }

func (e *writer) null() { e.buf = append(e.buf, "null"...) }

// respell puts the text that a value came in in place of the one written from start on, if both
// mean the same.
func (e *writer) respell(start int) {
	if e.spellings != nil { // nearly never; small enough to be inlined
		e.respellFrom(start)
	}
}

func (e *writer) respellFrom(start int) {
	s, ok := e.spellings[string(e.path[e.anchor:])]
	if ok && s.canonical == string(e.buf[start:]) {
		e.buf = appendCompact(e.buf[:start], validUTF8(s.raw))
	}
}

// writeRaw writes any JSON value without its white space. An empty one is null.
func (e *writer) writeRaw(v []byte) {
	if len(v) == 0 {
		e.null()
		return
	}
	text := string(v)
	if err := Check(text); err != nil {
		e.refuse("a raw value: %w", err)
		return
	}
	e.buf = appendCompact(e.buf, validUTF8(text))
}

// appendString writes a string. Invalid UTF-8 becomes U+FFFD. Only what must be is escaped, and the
// two line separators that JavaScript does not allow in strings.
func appendString(b []byte, s string) []byte {
	plain := plainLen(s)
	b = append(slices.Grow(b, len(s)+2), '"')
	if plain == len(s) {
		return append(append(b, s...), '"')
	}
	start := 0
	for i := plain; i < len(s); {
		c := s[i]
		if plainByte[c] {
			i++
			continue
		}
		size, replacement := 1, ""
		if c < utf8.RuneSelf {
			b = appendEscape(append(b, s[start:i]...), c)
			start = i + 1
		} else {
			var r rune
			switch r, size = utf8.DecodeRuneInString(s[i:]); {
			case r == utf8.RuneError && size == 1:
				replacement = "\ufffd"
			case r == '\u2028', r == '\u2029':
				replacement = fmt.Sprintf(`\u%x`, r)
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

// appendEscape writes the escape of a byte that cannot be in a string as it is.
func appendEscape(b []byte, c byte) []byte {
	if i := strings.IndexByte("\"\\\n\r\t\b\f", c); i >= 0 {
		return append(b, '\\', `"\nrtbf`[i])
	}
	return fmt.Appendf(b, `\u%04x`, c)
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

// sameJSON compares two valid JSON texts apart from white space.
func sameJSON(a, b string) bool {
	return a == b || bytes.Equal(appendCompact(nil, a), appendCompact(nil, b))
}
