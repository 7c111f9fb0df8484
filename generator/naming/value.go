package naming

import (
	"strings"
	"unicode"
)

// signs is what the characters are called that values of enums consist of where they have no letter or digit.
var signs = map[rune]string{
	' ': "Space", '!': "Not", '"': "Quote", '#': "Hash", '$': "Dollar", '%': "Percent", '&': "And", '\'': "Apostrophe", '(': "Open", ')': "Close",
	'*': "Star", '+': "Plus", ',': "Comma", '-': "Minus", '.': "Dot", '/': "Slash", ':': "Colon", ';': "Semicolon", '<': "Less", '=': "Equals",
	'>': "Greater", '?': "Question", '@': "At", '[': "Open", '\\': "Backslash", ']': "Close", '^': "Caret", '_': "Underscore", '`': "Backquote",
	'{': "Open", '|': "Or", '}': "Close", '~': "Tilde",
}

// maxSigns is how many signs are spelled out.
const maxSigns = 4

// Value makes what follows the name of an enum in the name of a constant: LightBlue of light-blue, MinusName of -name,
// NotEquals of !=. It is never empty.
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

// isWordStart tells whether a value goes on with a letter or digit, so that a sign before it means something.
func isWordStart(s string) bool {
	for _, r := range s {
		return unicode.IsLetter(r) || unicode.IsDigit(r)
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
