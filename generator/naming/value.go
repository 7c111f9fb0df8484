package naming

import (
	"strings"
	"unicode"
)

// signs names the characters of enum values that have neither letters nor digits.
var signs = map[rune]string{
	' ': "Space", '!': "Not", '"': "Quote", '#': "Hash", '$': "Dollar", '%': "Percent", '&': "And", '\'': "Apostrophe", '(': "Open", ')': "Close",
	'*': "Star", '+': "Plus", ',': "Comma", '-': "Minus", '.': "Dot", '/': "Slash", ':': "Colon", ';': "Semicolon", '<': "Less", '=': "Equals",
	'>': "Greater", '?': "Question", '@': "At", '[': "Open", '\\': "Backslash", ']': "Close", '^': "Caret", '_': "Underscore", '`': "Backquote",
	'{': "Open", '|': "Or", '}': "Close", '~': "Tilde",
}

// maxSigns is the maximum number of characters that are spelled out.
const maxSigns = 4

// Value returns the part of a constant's name that follows the name of the enum: light-blue becomes
// LightBlue, -name becomes MinusName, and != becomes NotEquals. It is never empty.
func Value(s string) string {
	if s == "" {
		return "Empty"
	}
	word := Camel(s)
	switch {
	case word == "":
		return spelled(s)
	case len(s) > 1 && (s[0] == '-' || s[0] == '+') && isWordStart(s[1:]):
		return signs[rune(s[0])] + word
	}
	return word
}

// isWordStart reports whether s starts with a letter or digit, so that a sign before it has a
// meaning.
func isWordStart(s string) bool {
	for _, r := range s {
		return isLetter(r) || unicode.IsDigit(r)
	}
	return false
}

func spelled(s string) string {
	var b strings.Builder
	runes := []rune(s)
	for _, r := range runes[:min(len(runes), maxSigns)] {
		b.WriteString(signs[r])
	}
	if b.Len() == 0 {
		return "Other"
	}
	return b.String()
}
