package lossless

import "fmt"

// TokensOf lists what the scanner reads: strings by their value, all else by its spelling.
func TokensOf(text string) ([]string, error) {
	d := &scanner{text: text}
	list := tokensOf(d, nil)
	return list, d.finish()
}

// Compact returns the value that the scanner reads, without white space.
func Compact(text string) []byte {
	d := &scanner{text: text}
	return appendCompact(nil, d.exact())
}

func tokensOf(d *scanner, list []string) []string {
	start := len(list)
	switch c := d.space(); {
	case c == '"':
		s, _, _ := d.textOf(d.scanString())
		return append(list, fmt.Sprintf("%q", s))
	case c == '{':
		list = append(list, "{")
		d.open()
		for first := true; d.next(first, '}'); first = false {
			name, _, _ := d.textOf(d.name())
			list = tokensOf(d, append(list, fmt.Sprintf("%q", name)))
		}
		return append(list, "}")
	case c == '[':
		list = append(list, "[")
		d.open()
		for first := true; d.next(first, ']'); first = false {
			list = tokensOf(d, list)
		}
		return append(list, "]")
	case isNumber(c):
		text, _ := d.number()
		return append(list, text)
	default:
		at := d.at
		d.skip()
		if d.err != nil {
			return list[:start]
		}
		return append(list, d.text[at:d.at])
	}
}
