package mock

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Layouts of times, with and without a zone. Fractions of a second are always accepted.
var (
	zoned    = []string{time.RFC3339, "2006-01-02T15:04:05-0700", "2006-01-02T15:04Z07:00", "2006-01-02T15:04-0700", "2006-01-02Z07:00"}
	zoneless = []string{"2006-01-02T15:04:05", "2006-01-02T15:04", time.DateOnly}
)

var (
	errNoMoment  = errors.New("is not a time: write 2026-03-01T12:30:15.250Z")
	errPlainPlus = errors.New("is not a time: an unescaped + is a space in a query: write Z or %2B0000")
)

// parseMoment reads a time in any format that clients use and reports whether it has a zone.
func parseMoment(text string) (at time.Time, hasZone bool, err error) {
	for _, layout := range zoned {
		if at, err := time.Parse(layout, text); err == nil {
			return at, true, nil
		}
	}
	for _, layout := range zoneless {
		if at, err := time.Parse(layout, text); err == nil {
			return at, false, nil
		}
	}
	if i := strings.LastIndex(text, " "); i > 0 && len(text)-i >= 5 {
		return time.Time{}, false, errPlainPlus
	}
	return time.Time{}, false, errNoMoment
}

// momentFormat is the date-time format as clients write it: the zone and its colon are optional.
type momentFormat struct{}

// Validate implements openapi3.StringFormatValidator.
func (momentFormat) Validate(text string) error {
	_, _, err := parseMoment(text)
	return err
}

// parseMillis reads milliseconds since 1970. An empty text is the fallback. Seconds are not
// recognised: as milliseconds they are a day in January 1970.
func parseMillis(name, text string, fallback int64) (int64, error) {
	if text == "" {
		return fallback, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("query parameter %s: %.40q is not a number of milliseconds since 1970, such as 1772368215250", name, text)
	}
	return n, nil
}

// units are the java.time.temporal.ChronoUnit of fixed length.
var units = map[string]time.Duration{"NANOS": 1, "MICROS": time.Microsecond, "MILLIS": time.Millisecond, "SECONDS": time.Second,
	"MINUTES": time.Minute, "HOURS": time.Hour, "HALF_DAYS": 12 * time.Hour, "DAYS": 24 * time.Hour, "WEEKS": 7 * 24 * time.Hour}

// months are the calendar units, in months.
var months = map[string]int64{"MONTHS": 1, "YEARS": 12, "DECADES": 120, "CENTURIES": 1200, "MILLENNIA": 12_000}

// longAgo is before everything in a log.
var longAgo = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)

// ago subtracts a number of units from now, down to longAgo. It returns false for an unknown unit.
func ago(now time.Time, number int64, unit string) (time.Time, bool) {
	if length, ok := units[unit]; ok {
		if number > math.MaxInt64/int64(length) {
			return longAgo, true
		}
		if number < -math.MaxInt64/int64(length) {
			return now.AddDate(250, 0, 0), true
		}
		return now.Add(-time.Duration(number) * length), true
	}
	length, ok := months[unit]
	switch {
	case unit == "ERAS" || unit == "FOREVER":
		return longAgo, true
	case !ok:
		return now, false
	}
	number = max(min(number, 12*2000/length), -12*2000/length)
	if at := now.AddDate(0, -int(number*length), 0); at.After(longAgo) {
		return at, true
	}
	return longAgo, true
}
