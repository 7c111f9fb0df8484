package lossless

import (
	"strconv"
	"strings"
	"time"
)

// TimeFormat is how a time is written. All forms are read, whatever the format.
type TimeFormat uint8

const (
	RFC3339   TimeFormat = iota // 2022-01-24T08:48:05.645Z
	UnixMilli                   // milliseconds since 1970: a number in bodies, digits in parameters
	Jira                        // 2022-01-24T08:48:05.645+0000
)

// jiraLayout has milliseconds, and an offset without a colon.
const jiraLayout = "2006-01-02T15:04:05.000-0700"

// appendTime writes a time in UTC and without quotes, as in a parameter.
func appendTime(b []byte, t time.Time, c TimeFormat) []byte {
	switch c {
	case UnixMilli:
		return strconv.AppendInt(b, t.UnixMilli(), 10)
	case Jira:
		return t.UTC().AppendFormat(b, jiraLayout)
	default:
		return t.UTC().AppendFormat(b, time.RFC3339Nano)
	}
}

// appendTimeValue writes a time as a JSON value. The zero time is null, and so is a time that the
// format cannot express.
func appendTimeValue(b []byte, t time.Time, c TimeFormat) []byte {
	if t.IsZero() || !writable(t, c) {
		return append(b, "null"...)
	}
	if c == UnixMilli {
		return appendTime(b, t, c)
	}
	return append(appendTime(append(b, '"'), t, c), '"')
}

// writable reports whether the format can express a time: textual forms have four digits for the
// year.
func writable(t time.Time, c TimeFormat) bool {
	year := t.UTC().Year()
	return c == UnixMilli || year >= 0 && year <= 9999
}

// readTime reads a time in any form: milliseconds as a number or as digits in a string, or ISO 8601
// with an offset. It never passes through a float.
func (d *scanner) readTime(c TimeFormat) time.Time {
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
		got := "another number"
		if lead == '"' {
			got = "another string"
		}
		d.unfit(start, "time", got, "null")
		return time.Time{}
	}
	if isCanonical(d.text[start:d.at], c) {
		return t
	}
	if !writable(t, c) {
		d.unfit(start, "time", "time out of range", "null")
		return time.Time{}
	}
	var room [48]byte
	if canonical := appendTimeValue(room[:0], t, c); string(canonical) != d.text[start:d.at] {
		d.spell(string(canonical), start)
	}
	return t
}

// isCanonical reports whether text is already in the form that is written. False means that it may
// be: then the time is written once to compare.
func isCanonical(text string, c TimeFormat) bool {
	switch c {
	case UnixMilli:
		return text[0] >= '1' && text[0] <= '9' && !strings.ContainsAny(text, ".eE")
	case Jira: // the zero time is written as null
		return len(text) == len(`"2006-01-02T15:04:05.000+0000"`) && text[20] == '.' &&
			text[24:] == `+0000"` && text[1:5] != "0001"
	}
	return false
}

// minDigits is the length of the shortest string that is milliseconds: "2026" is a year.
const minDigits = 10

// parseTime reads milliseconds since 1970, or ISO 8601 with seconds and an offset such as Z,
// +00:00, +0000 or +00.
func parseTime(s string) (t time.Time, ok bool) {
	i := strings.LastIndexAny(s, "Z+-")
	if i < len("2006-01-02T15:04:05") {
		ms, err := strconv.ParseInt(s, 10, 64)
		return time.UnixMilli(ms).UTC(), err == nil && i <= 0 && s[0] != '+' && len(s)-i > minDigits
	}
	zone := s[i:]
	switch len(zone) {
	case len("+0000"):
		if zone = zone[:3] + ":" + zone[3:]; zone == "+00:00" {
			zone = "Z"
		}
	case len("+00"):
		zone += ":00"
	}
	t, err := time.ParseInLocation(time.RFC3339Nano, s[:i]+zone, time.UTC)
	return t, err == nil
}
