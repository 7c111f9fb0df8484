package lossless

import "fmt"

// TokensOf lists what the Decoder reads: strings by their value, all else by its spelling.
func TokensOf(text string) ([]string, error) {
	d := newDecoder(text)
	list := tokensOf(d, nil)
	return list, d.finish()
}

// Compact returns the value that the Decoder reads, without white space.
func Compact(text string) []byte { return appendCompact(nil, string(newDecoder(text).ReadRaw())) }

func tokensOf(d *Decoder, list []string) []string {
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
