package runtime

import (
	"strconv"
	"time"
)

// codec is how a time travels. Whatever the codec, all forms are understood; only the own one is written.
type codec uint8

const (
	rfc3339   codec = iota // 2022-01-24T08:48:05.645Z
	unixMilli              // milliseconds since 1970: a number in bodies, digits in parameters
	jira                   // 2022-01-24T08:48:05.645+0000
)

// jiraLayout is what Jira writes: milliseconds, and an offset without a colon.
const jiraLayout = "2006-01-02T15:04:05.000-0700"

// appendTime writes a time as it stands in a parameter: in UTC, without quotes.
func appendTime(b []byte, t time.Time, c codec) []byte {
	switch c {
	case unixMilli:
		return strconv.AppendInt(b, t.UnixMilli(), 10)
	case jira:
		return t.UTC().AppendFormat(b, jiraLayout)
	default:
		return t.UTC().AppendFormat(b, time.RFC3339Nano)
	}
}

// formatTime gives a time as it is sent in a parameter.
func formatTime(t time.Time, c codec) string { return string(appendTime(nil, t, c)) }

// formatTimes gives times as they are sent in a parameter.
func formatTimes(list []time.Time, c codec) []string {
	texts := make([]string, len(list))
	for i, t := range list {
		texts[i] = formatTime(t, c)
	}
	return texts
}
