package refdoc

import (
	"regexp"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/source"
)

var placeholder = regexp.MustCompile(`^<[A-Za-z][A-Za-z0-9 _-]{0,40}>$`)

// placeholders are the types that generators of collections and of pages write. Only what the word
// itself says is kept: a long is an integer, but nobody says that it has 64 bits on the wire.
var placeholders = set("string integer int long number float double boolean array object datetime date-time date uuid uri email binary")

// parsePlaceholder reads a placeholder such as <string>. A word nobody knows stands for a string.
func parsePlaceholder(text string) (t typeName, ok bool) {
	if !placeholder.MatchString(text) {
		return t, false
	}
	if word := strings.ToLower(text[1 : len(text)-1]); placeholders[word] {
		return parseCellType(word)
	}
	return typeName{json: "string"}, true
}

// lorem are the words of the filler text that generators of samples use.
var lorem = set(`lorem ipsum dolor sit amet consectetur adipisicing adipiscing elit sed do eiusmod tempor incididunt
		ut labore et dolore magna aliqua enim ad minim veniam quis nostrud exercitation exerci ullamco laboris nisi aliquip ex
		ea commodo consequat duis aute irure in reprehenderit voluptate velit esse cillum eu fugiat nulla pariatur
		excepteur sint occaecat cupidatat non proident sunt culpa qui officia deserunt mollit anim id est laborum`)

// loremStart matches what a lorem word starts with: generators cut their strings to a length.
var loremStart = func() map[string]bool {
	starts := map[string]bool{}
	for word := range lorem {
		for i := range word {
			starts[word[:i+1]] = true
		}
	}
	return starts
}()

// isLorem reports whether a text is nothing but filler, the last word perhaps cut off.
func isLorem(text string) bool {
	words := strings.Fields(strings.ToLower(text))
	for i, word := range words {
		word = strings.Trim(word, ".,;")
		if !lorem[word] && (i < len(words)-1 || !loremStart[word]) {
			return false
		}
	}
	return len(words) > 0
}

// isTemplate reports whether a text has a variable in it, or is nothing but empty brackets: what
// will be there is not known.
func isTemplate(text string) bool {
	switch strings.TrimSpace(text) {
	case "{}", "[]", "{ }", "[object Object]", "undefined":
		return true
	}
	i := strings.Index(text, "{{")
	return i >= 0 && strings.Contains(text[i:], "}}")
}

// mark matches the error texts that converters leave where they know no schema.
var mark = regexp.MustCompile(`(?i)^(?:reference \S+ not found in the (?:openapi|given) spec\w*|<?error: .{0,200}|` +
	`<?circular reference(?: to \S+)?(?: detected)?>?|<?too many levels of nesting.{0,100}|schema \S+ not found.{0,100}|` +
	`(?:could|can) ?not (?:resolve|find) (?:reference|schema)\b.{0,200})$`)

// isErrorMark reports whether a value is such an error text, alone or as the only member of an
// object.
func isErrorMark(n *source.Node) bool {
	switch {
	case n.Kind == source.String:
		return n.Text == unknown || mark.MatchString(strings.TrimSpace(n.Text))
	case n.Kind == source.Object && len(n.Members) == 1 && n.Members[0].Value.Kind == source.String:
		return mark.MatchString(strings.TrimSpace(n.Members[0].Value.Text))
	}
	return false
}
