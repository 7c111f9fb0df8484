package lossless

import (
	"strconv"
	"time"
)

// TimeFormat is how a time travels. Whatever the codec, all forms are understood; only the own one is written.
type TimeFormat uint8

const (
	RFC3339   TimeFormat = iota // 2022-01-24T08:48:05.645Z
	UnixMilli                   // milliseconds since 1970: a number in bodies, digits in parameters
	Jira                        // 2022-01-24T08:48:05.645+0000
)

// jiraLayout is what Jira writes: milliseconds, and an offset without a colon.
const jiraLayout = "2006-01-02T15:04:05.000-0700"

// appendTime writes a time as it stands in a parameter: in UTC, without quotes.
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

// FormatTime returns a time as it is sent in a parameter.
func FormatTime(t time.Time, c TimeFormat) string { return string(appendTime(nil, t, c)) }

// FormatTimes returns times as they are sent in a parameter.
func FormatTimes(list []time.Time, c TimeFormat) []string {
	texts := make([]string, len(list))
	for i, t := range list {
		texts[i] = FormatTime(t, c)
	}
	return texts
}
