package rest

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// redacted is what stands in place of a secret.
const redacted = "[redacted]"

// leastPart is how many characters at the end of a text are taken for the beginning of a secret
// that was cut off there.
const leastPart = 6

// maxEscape is how many backslashes in a row an escape may begin with: each time that it is escaped
// again they double.
const maxEscape = 64

// redact removes credentials from a text of a server, which may repeat what it was sent: as it was
// sent, with JSON escapes, percent-encoded or with HTML entities.
func redact(r *http.Request, text string) string {
	secrets, _ := r.Context().Value(secretsKey{}).([]string)
	for _, s := range secrets {
		text = redactOne(text, s)
	}
	return text
}

// names reports whether the name of a header has a credential in it. Names lose their case.
func names(r *http.Request, name string) bool {
	secrets, _ := r.Context().Value(secretsKey{}).([]string)
	return slices.ContainsFunc(secrets, func(s string) bool { return strings.Contains(strings.ToLower(name), strings.ToLower(s)) })
}

func redactOne(text, secret string) string {
	var out strings.Builder
	done := 0
	for i := 0; i < len(text); {
		n := spelledAt(text[i:], secret)
		if n == 0 {
			i++
			continue
		}
		out.WriteString(text[done:i])
		out.WriteString(redacted)
		i += n
		done = i
	}
	if done == 0 {
		return text
	}
	return out.String() + text[done:]
}

// spelledAt returns how many bytes at the start of a text spell a secret, or its beginning where
// the text ends; 0 if none do. Where a secret has a percent sign itself, there can be two ways to
// read a text.
func spelledAt(text, secret string) int {
	places, next := make([]int, 1, 4), make([]int, 0, 4)
	for i, want := range secret {
		for _, at := range places {
			for _, n := range spellings(text[at:], want) {
				if n > 0 && !slices.Contains(next, at+n) {
					next = append(next, at+n)
				}
			}
			if i >= leastPart && isCut(text[at:]) {
				return len(text)
			}
		}
		if len(next) == 0 {
			return 0
		}
		places, next = next, places[:0]
	}
	return slices.Max(places)
}

// spellings returns how many bytes at the start of a text spell a character, as it is and escaped;
// 0 if none do. Escapes may be escaped again.
func spellings(text string, want rune) (all [2]int) {
	got, size := utf8.DecodeRuneInString(text)
	if got == want && (got != utf8.RuneError || size > 1) {
		all[0] = size
	}
	switch got {
	case '%':
		all[1] = percentLen(text, want)
	case '\\':
		all[1] = escapeLen(text, want)
	case '&':
		all[1] = entityLen(text, want)
	}
	return all
}

// percentLen is for %3D and %253D.
func percentLen(text string, want rune) int {
	at := 0
	for _, c := range []byte(string(want)) {
		if !strings.HasPrefix(text[at:], "%") {
			return 0
		}
		for at++; strings.HasPrefix(text[at:], "25") && (c != '%' || strings.HasPrefix(text[at+2:], "25")); {
			at += 2
		}
		if v, ok := hexadecimal(text[at:], 2); !ok || byte(v) != c {
			return 0
		}
		at += 2
	}
	return at
}

// escapeLen is for \u003d, \/ and \\u003d.
func escapeLen(text string, want rune) int {
	near := text[:min(len(text), maxEscape)]
	at := len(near) - len(strings.TrimLeft(near, `\`))
	if rest := text[at:]; strings.HasPrefix(rest, "u") {
		high, ok := hexadecimal(rest[1:], 4)
		if ok && high == want {
			return at + 5
		}
		if more := len(rest) - len(strings.TrimLeft(rest[min(5, len(rest)):], `\`)); ok && strings.HasPrefix(rest[min(more, len(rest)):], "u") {
			if low, ok := hexadecimal(rest[more+1:], 4); ok && want > 0xffff && high == 0xd800+(want-0x10000)>>10 && low == 0xdc00+(want-0x10000)&0x3ff {
				return at + more + 5
			}
		}
		return 0
	}
	if got, size := utf8.DecodeRuneInString(text[at:]); got == want && (want == '/' || want == '"' || want == '\'') {
		return at + size
	}
	return 0
}

// entities are the names of the characters that servers escape for HTML.
var entities = map[rune][]string{'<': {"lt"}, '>': {"gt"}, '"': {"quot"}, '\'': {"apos"}, '=': {"equals"}, '+': {"plus"}, '/': {"sol"},
	'_': {"lowbar"}, '.': {"period"}, ':': {"colon"}, '%': {"percnt"}, '@': {"commat"}, '#': {"num"}, '!': {"excl"}, '$': {"dollar"}}

// entityLen is for &#61;, &#x3D;, &equals; and &amp;#61;.
func entityLen(text string, want rune) int {
	at := 1
	for strings.HasPrefix(text[at:], "amp;") {
		at += len("amp;")
	}
	name, _, found := strings.Cut(text[at:min(len(text), at+12)], ";")
	switch {
	case found && isEntity(name, want):
		return at + len(name) + 1
	case want == '&' && at > 1:
		return at
	}
	return 0
}

// isEntity reports whether the text between & and ; stands for a character.
func isEntity(name string, want rune) bool {
	digits, isNumber := strings.CutPrefix(name, "#")
	if !isNumber {
		return slices.Contains(entities[want], name)
	}
	base := 10
	if len(digits) > 0 && digits[0]|0x20 == 'x' {
		base, digits = 16, digits[1:]
	}
	v, err := strconv.ParseUint(digits, base, 32)
	return err == nil && rune(v) == want
}

func hexadecimal(text string, digits int) (rune, bool) {
	if len(text) < digits {
		return 0, false
	}
	v, err := strconv.ParseUint(text[:digits], 16, 32)
	return rune(v), err == nil
}

// isCut reports whether a text is too short to say which character it spells.
func isCut(text string) bool {
	return !utf8.FullRuneInString(text) || len(text) < 12 && strings.IndexByte(`%\&`, text[0]) >= 0 && !strings.ContainsAny(text[1:], " ;\"<\n")
}

// redactError removes credentials from the text of an error that may quote what a server sent.
func redactError(r *http.Request, err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	if shown := redact(r, text); shown != text {
		return errors.New(shown)
	}
	return err
}

// printable escapes what a terminal or a log could take for something else: control characters, and
// those that cannot be seen or change the direction of the text.
func printable(text string) string {
	if strings.IndexFunc(text, isHidden) < 0 {
		return text
	}
	var out strings.Builder
	for _, c := range text {
		if isHidden(c) {
			quoted := strconv.QuoteRuneToASCII(c)
			out.WriteString(quoted[1 : len(quoted)-1])
			continue
		}
		out.WriteRune(c)
	}
	return out.String()
}

func isHidden(c rune) bool { return !unicode.IsPrint(c) || c == '\ufffd' }
