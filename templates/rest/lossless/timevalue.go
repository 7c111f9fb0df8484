package lossless

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// appendTimeValue writes a time as it stands in a body. The zero time is null, and so is one that its codec cannot say.
func appendTimeValue(b []byte, t time.Time, c TimeFormat) []byte {
	if t.IsZero() || !writable(t, c) {
		return append(b, "null"...)
	}
	if c == UnixMilli {
		return appendTime(b, t, c)
	}
	b = append(b, '"')
	b = appendTime(b, t, c)
	return append(b, '"')
}

// writable reports whether a time can be written: the textual forms have four digits for the year.
func writable(t time.Time, c TimeFormat) bool {
	if c == UnixMilli {
		return true
	}
	year := t.UTC().Year()
	return year >= 0 && year <= 9999
}

// ReadTime reads a time in any of the forms that are in use: milliseconds as a number or as digits in a string, or ISO 8601
// with an offset. It never passes through a float.
func (d *Decoder) ReadTime(c TimeFormat) time.Time {
	lead := d.space()
	start := d.at
	var t time.Time
	ok := false
	switch {
	case lead == '"':
		scanned := d.scanString()
		if d.err != nil {
			return t
		}
		text, _, _ := d.textOf(scanned)
		t, ok = parseTime(text)
	case isNumber(lead):
		text, whole := d.number()
		ms, wrong := parseInteger(text, whole)
		t, ok = time.UnixMilli(ms).UTC(), wrong == ""
	default:
		d.mismatch("time", "null")
		return t
	}
	if !ok {
		d.unfit(start, "time", "another "+map[bool]string{true: "string", false: "number"}[lead == '"'], "null")
		return time.Time{}
	}
	if isCanonical(d.text[start:d.at], c) {
		return t
	}
	if !writable(t, c) { // the Encoder could not tell it from another such time, nor write it
		d.unfit(start, "time", "time out of range", "null")
		return time.Time{}
	}
	var room [48]byte
	if canonical := appendTimeValue(room[:0], t, c); string(canonical) != d.text[start:d.at] {
		d.spell(string(canonical), start)
	}
	return t
}

// isCanonical reports whether text, a valid time, is surely in the form that the Encoder writes. Where it is false, the time is
// written once to find out.
func isCanonical(text string, c TimeFormat) bool {
	switch c {
	case UnixMilli:
		return text[0] >= '1' && text[0] <= '9' && !strings.ContainsAny(text, ".eE")
	case Jira: // the zero time is written as null
		return len(text) == len(`"2006-01-02T15:04:05.000+0000"`) && text[20] == '.' && text[24:] == `+0000"` && text[1:5] != "0001"
	}
	return false
}

// parseTime reads milliseconds since 1970, or ISO 8601 with seconds and an offset: Z, +00:00, +0000 or +00.
func parseTime(s string) (time.Time, bool) {
	const digits = "dddd-dd-ddTdd:dd:dd"
	if len(s) <= len(digits) || s[4] != '-' { // asked first: each error of ParseInt costs two allocations
		ms, err := strconv.ParseInt(s, 10, 64)
		if err != nil || s[0] == '+' {
			return time.Time{}, false
		}
		return time.UnixMilli(ms).UTC(), true
	}
	for i := range len(digits) {
		if isDigit := s[i] >= '0' && s[i] <= '9'; isDigit != (digits[i] == 'd') || (!isDigit && s[i] != digits[i]) {
			return time.Time{}, false
		}
	}
	two := func(i int) int { return int(s[i]-'0')*10 + int(s[i+1]-'0') }
	year, month, day := two(0)*100+two(2), two(5), two(8)
	hour, minute, second := two(11), two(14), two(17)
	nanos, zone, ok := parseFraction(s[len(digits):])
	offset, ok2 := parseOffset(zone)
	if !ok || !ok2 || hour > 23 || minute > 59 || second > 59 || month < 1 || month > 12 {
		return time.Time{}, false
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, nanos, time.UTC)
	if t.Day() != day { // such as February 30
		return time.Time{}, false
	}
	if offset != 0 {
		t = t.Add(-time.Duration(offset) * time.Second).In(time.FixedZone("", offset))
	}
	return t, true
}

// parseFraction reads the fraction of a second, if there is one, and returns what follows it.
func parseFraction(s string) (nanos int, rest string, ok bool) {
	if s[0] != '.' && s[0] != ',' {
		return 0, s, true
	}
	i := 1
	for scale := 100_000_000; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
		nanos += int(s[i]-'0') * scale
		scale /= 10
	}
	return nanos, s[i:], i > 1
}

// parseOffset reads an offset from UTC in seconds.
func parseOffset(s string) (seconds int, ok bool) {
	if s == "Z" {
		return 0, true
	}
	if len(s) == 6 && s[3] == ':' {
		s = s[:3] + s[4:]
	}
	if len(s) == 3 {
		s += "00"
	}
	if len(s) != 5 || (s[0] != '+' && s[0] != '-') {
		return 0, false
	}
	n := 0
	for _, c := range []byte(s[1:]) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	if n/100 > 23 || n%100 > 59 {
		return 0, false
	}
	seconds = n/100*3600 + n%100*60
	if s[0] == '-' {
		seconds = -seconds
	}
	return seconds, true
}

// WriteTime writes a time in the form of its codec.
func (e *Encoder) WriteTime(v time.Time, c TimeFormat) {
	if !writable(v, c) {
		e.fail(fmt.Errorf("json: year %d of a time has more than four digits", v.Year()))
		return
	}
	start := len(e.buf)
	e.buf = appendTimeValue(e.buf, v, c)
	e.respell(start)
}

// Time is String for a time.
func (o *ObjectReader) Time(i int, v *time.Time, c TimeFormat) {
	if o.Known(i) {
		*v = o.d.ReadTime(c)
	}
}

// Time writes member i unless it is empty and may be left out.
func (o *ObjectWriter) Time(i int, need bool, v time.Time, c TimeFormat) {
	if o.Member(i, need, !v.IsZero()) {
		o.e.WriteTime(v, c)
	}
}
