package sample

import (
	"encoding/base64"
	"fmt"
	"math"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
)

// maxExact is the largest integer that every JSON reader keeps exactly.
const maxExact = 1 << 53

// bounds returns the smallest and largest number to use: those of the schema, otherwise low and
// high.
func bounds(s *openapi3.Schema, low, high float64) (float64, float64) {
	if s.Min != nil {
		low, high = *s.Min, math.Max(high, *s.Min+high)
	}
	if s.ExclusiveMin.Value != nil {
		low, high = *s.ExclusiveMin.Value, math.Max(high, *s.ExclusiveMin.Value+high)
	}
	if s.Max != nil {
		high = *s.Max
	}
	if s.ExclusiveMax.Value != nil {
		high = *s.ExclusiveMax.Value
	}
	return math.Min(low, high), high
}

// whole returns an integer that a document lists. kin-openapi reads it as a float64, in which the
// largest int64 is one more than that.
func whole(s *openapi3.Schema, v any) any {
	f, ok := v.(float64)
	if !ok || !s.Type.Is("integer") || s.Format == "uint64" {
		return v
	}
	switch {
	case f == math.MaxInt64:
		return int64(math.MaxInt64)
	case f >= math.MinInt64 && f < math.MaxInt64 && f == math.Trunc(f):
		return int64(f)
	}
	return v
}

func integer(s *openapi3.Schema, at place) any {
	low, high := bounds(s, 1, 1000)
	if s.ExclusiveMin.IsTrue() || s.ExclusiveMin.Value != nil {
		low++
	}
	if s.ExclusiveMax.IsTrue() || s.ExclusiveMax.Value != nil {
		high--
	}
	low, high = math.Max(math.Ceil(low), -maxExact), math.Min(math.Floor(high), maxExact)
	step := 1.0
	if s.MultipleOf != nil && *s.MultipleOf >= 1 {
		step = math.Floor(*s.MultipleOf)
	}
	first := math.Ceil(low/step) * step
	count := math.Max(1, math.Floor((high-first)/step)+1)
	return int64(first + step*float64(at.seed%uint64(count)))
}

func number(s *openapi3.Schema, at place) any {
	if s.MultipleOf != nil && *s.MultipleOf > 0 {
		low, _ := bounds(s, 0, 1000)
		return (math.Ceil(low / *s.MultipleOf) + 1) * *s.MultipleOf
	}
	low, high := bounds(s, 0, 1000)
	quarters := float64(1 + at.seed%3)
	return low + (high-low)*quarters/4
}

// newest is the latest time in values made from schemas.
var newest = time.Date(2026, 3, 1, 12, 30, 15, 250e6, time.UTC)

func momentOf(seed uint64) time.Time {
	return newest.Add(-time.Duration(seed%(90*24*3600*1000)) * time.Millisecond)
}

// moment encodes a time as x-auditgen-time says.
func moment(form any, seed uint64) any {
	t := momentOf(seed)
	switch form {
	case "unix-milli":
		return t.UnixMilli()
	case "jira":
		return t.Format("2006-01-02T15:04:05.000-0700")
	}
	return t.Format(time.RFC3339Nano)
}

func text(s *openapi3.Schema, at place) string {
	if s.Pattern != "" {
		return matching(s, at)
	}
	if made, ok := formatted(s.Format, at.seed); ok {
		return made
	}
	made := plain(at)
	for uint64(utf8.RuneCountInString(made)) < min(s.MinLength, 1000) {
		made += " " + made
	}
	if s.MaxLength != nil && uint64(utf8.RuneCountInString(made)) > *s.MaxLength {
		made = string([]rune(made)[:*s.MaxLength])
	}
	return made
}

// formatted makes a text of a format and reports whether it knows the format.
func formatted(format string, seed uint64) (string, bool) {
	switch format {
	case "date-time":
		return momentOf(seed).Format(time.RFC3339Nano), true
	case "date":
		return momentOf(seed).Format(time.DateOnly), true
	case "time":
		return momentOf(seed).Format("15:04:05Z"), true
	case "uri", "url", "uri-reference", "iri":
		return fmt.Sprintf("https://example.com/%d", seed%10000), true
	case "uuid":
		return fmt.Sprintf("%08x-%04x-4%03x-a%03x-%012x", uint32(seed), uint16(seed>>32), seed>>48&0xfff, seed>>52&0xfff, Mix(seed, 1)&0xffffffffffff), true
	case "byte":
		return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "bytes %d", seed%100)), true
	case "email":
		return email(seed), true
	case "ipv4":
		return fmt.Sprintf("198.51.100.%d", seed%254+1), true
	case "ipv6":
		return fmt.Sprintf("2001:db8::%x", seed%65535+1), true
	case "hostname":
		return "host.example.com", true
	}
	return "", false
}

var (
	people = []string{"Rosa Lind", "Ada Okoye", "Tomás Vega", "Mina Sato", "Jörg Baum", "Lea Moreau", "Ivan Petrov", "Noor Haddad"}
	things = []string{"Release plan", "Team handbook", "Budget", "Road map", "Meeting notes", "Style guide", "Inventory", "Onboarding"}
	phrase = []string{"Moved to the archive", "Changed by the nightly run", "Waits for a second pair of eyes", "Set up for the new team",
		"Kept for the next audit", "Replaced by a newer one"}
)

func of(words []string, seed uint64) string { return words[seed%uint64(len(words))] }

func email(seed uint64) string {
	first, _, _ := strings.Cut(strings.ToLower(of(people[:2], seed)), " ")
	return fmt.Sprintf("%s.%d@example.com", first, seed%100)
}

// plain makes a text that suits the name of its member.
func plain(at place) string {
	name := strings.ToLower(at.name)
	ends := func(words ...string) bool {
		for _, w := range words {
			if strings.HasSuffix(name, w) {
				return true
			}
		}
		return false
	}
	switch {
	case ends("email", "emailaddress"):
		return email(at.seed)
	case ends("url", "uri", "href", "self", "link"):
		return fmt.Sprintf("https://example.com/%d", at.seed%10000)
	case ends("accountid"):
		return fmt.Sprintf("%024x", at.seed)
	case ends("id"):
		return fmt.Sprint(10000 + at.seed%90000)
	case ends("key"):
		return fmt.Sprintf("KEY-%d", at.seed%1000)
	case ends("displayname", "author", "user", "username"):
		return of(people, at.seed)
	case ends("name", "title"):
		return of(things, at.seed)
	}
	return of(phrase, at.seed)
}

// usual are texts that common patterns match.
var usual = []string{"1", "10042", "a", "abc", "ABC", "KEY-17", "name", "some-name", "some_name", "1.2.3", "v1.2.3", "2026-03-01",
	"2026-03-01T12:30:15Z", "12:30", "#0a1b2c", "0a1b2c3d", "en", "en-US", "someone@example.com", "https://example.com", "/a/b", "198.51.100.7",
	"123e4567-e89b-12d3-a456-426614174000", "ari:cloud:confluence::site/1", ""}

// matching returns a text that matches the pattern of a schema, if there is a known one.
func matching(s *openapi3.Schema, at place) string {
	pattern, err := regexp.Compile(s.Pattern)
	fallback := plain(at)
	if err != nil {
		return fallback
	}
	candidates := usual
	for _, known := range []any{s.Example, s.Default} {
		if text, ok := known.(string); ok {
			candidates = append([]string{text}, candidates...)
		}
	}
	for _, text := range candidates {
		n := uint64(utf8.RuneCountInString(text))
		if pattern.MatchString(text) && n >= s.MinLength && (s.MaxLength == nil || n <= *s.MaxLength) {
			return text
		}
	}
	return fallback
}
