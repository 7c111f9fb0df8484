package lossless

import (
	"fmt"
	"math"
	"strconv"
)

// ReadFloat reads a number.
func (d *Decoder) ReadFloat() float64 {
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

// WriteFloat writes a number. What is none in JSON is an error.
func (e *Encoder) WriteFloat(v float64) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		e.fail(fmt.Errorf("json: %v is no JSON number", v))
		return
	}
	start := len(e.buf)
	e.buf = appendFloat(e.buf, v)
	e.respell(start)
}

// appendFloat writes a float as encoding/json does: like JavaScript, and the shortest that reads back the same.
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

// Float is String for a number.
func (o *ObjectReader) Float(i int, v *float64) {
	if o.Known(i) {
		*v = o.d.ReadFloat()
	}
}

// Float writes member i unless it is empty and may be left out.
func (o *ObjectWriter) Float(i int, need bool, v float64) {
	if o.Member(i, need, v != 0) {
		o.e.WriteFloat(v)
	}
}
