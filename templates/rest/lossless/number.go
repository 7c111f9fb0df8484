package lossless

import (
	"math"
	"strconv"
	"strings"
)

// isNumber reports whether a number can begin with c.
func isNumber(c byte) bool { return c == '-' || (c >= '0' && c <= '9') }

// number moves over a number and returns its text; whole is true if it has neither a fraction nor
// an exponent.
func (d *scanner) number() (text string, whole bool) {
	start, i := d.at, d.at
	data := d.text
	digits := func() bool {
		from := i
		for i < len(data) && data[i] >= '0' && data[i] <= '9' {
			i++
		}
		return i > from
	}
	if data[i] == '-' {
		i++
	}
	ok := i < len(data)
	if ok && data[i] == '0' {
		i++
	} else {
		ok = ok && digits()
	}
	whole = true
	if ok && i < len(data) && data[i] == '.' {
		i++
		ok, whole = digits(), false
	}
	if ok && i < len(data) && (data[i] == 'e' || data[i] == 'E') {
		i++
		if i < len(data) && (data[i] == '+' || data[i] == '-') {
			i++
		}
		ok, whole = digits(), false
	}
	d.at = i
	if !ok {
		d.fail("invalid number")
		return "0", true
	}
	return d.text[start:i], whole
}

// readInt reads an integer in any spelling, and never through a float.
func (d *scanner) readInt() int64 {
	if !isNumber(d.space()) {
		d.mismatch("integer", "0")
		return 0
	}
	start := d.at
	text, whole := d.number()
	v, wrong := parseInteger(text, whole)
	if wrong != "" {
		d.unfit(start, "integer", wrong, "0")
	} else if !whole || text == "-0" {
		d.spell(strconv.FormatInt(v, 10), start)
	}
	return v
}

// readUint is readInt for an unsigned integer.
func (d *scanner) readUint() uint64 {
	if !isNumber(d.space()) {
		d.mismatch("integer", "0")
		return 0
	}
	start := d.at
	text, whole := d.number()
	digits, wrong := expand(text, whole)
	v, err := strconv.ParseUint(digits, 10, 64)
	if wrong == "" && err != nil && digits != "-0" {
		wrong = "number out of range"
	}
	if wrong != "" {
		d.unfit(start, "integer", wrong, "0")
		return 0
	}
	if digits != text || digits == "-0" {
		d.spell(strconv.FormatUint(v, 10), start)
	}
	return v
}

// readFloat reads a number.
func (d *scanner) readFloat() float64 {
	if !isNumber(d.space()) {
		d.mismatch("number", "0")
		return 0
	}
	start := d.at
	text, _ := d.number()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		d.unfit(start, "number", "number out of range", "0")
		return 0
	}
	var room [32]byte
	if canonical := appendFloat(room[:0], v); string(canonical) != text {
		d.spell(string(canonical), start)
	}
	return v
}

// parseInteger returns the exact value of a JSON number, or why it is not an int64.
func parseInteger(text string, whole bool) (v int64, wrong string) {
	digits, wrong := expand(text, whole)
	if wrong != "" {
		return 0, wrong
	}
	v, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0, "number out of range"
	}
	return v, ""
}

// expand returns a JSON number without fraction and exponent, or why it is not an integer.
func expand(text string, whole bool) (digits, wrong string) {
	if whole {
		return text, ""
	}
	mantissa, exponent, _ := strings.Cut(strings.ToLower(text), "e")
	before, after, _ := strings.Cut(mantissa, ".")
	sign := ""
	if before[0] == '-' {
		sign, before = "-", before[1:]
	}
	if digits = strings.TrimLeft(before+after, "0"); digits == "" {
		return "0", ""
	}
	shift := 0
	if exponent != "" {
		n, err := strconv.ParseInt(exponent, 10, 32)
		if err != nil && strings.HasPrefix(exponent, "-") {
			return "", "fractional number"
		} else if err != nil {
			return "", "number out of range"
		}
		shift = int(n)
	}
	significant := strings.TrimRight(digits, "0")
	shift += len(digits) - len(significant) - len(after)
	if shift < 0 {
		return "", "fractional number"
	}
	if len(significant)+shift > 20 {
		return "", "number out of range"
	}
	return sign + significant + strings.Repeat("0", shift), ""
}

// appendFloat writes a float as encoding/json does: the shortest text that reads back the same.
func appendFloat(b []byte, v float64) []byte {
	format := byte('f')
	if abs := math.Abs(v); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	b = strconv.AppendFloat(b, v, format, -1, 64)
	if n := len(b); format == 'e' && n >= 4 && b[n-4] == 'e' && b[n-3] == '-' && b[n-2] == '0' {
		b[n-2] = b[n-1] // e-09 is written e-9
		b = b[:n-1]
	}
	return b
}
