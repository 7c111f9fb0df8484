package lossless

import (
	"encoding/json"
	"slices"
	"strings"
)

// Union holds a value of one of several types as JSON, as it came or as it was made. Types that
// embed it have a method As<Variant> for each type that the documents list. A value of none of
// these types is kept and written again as it came. Nothing but UnmarshalJSON changes a Union, so
// copies may share it.
type Union struct {
	raw   string
	write func(*Codec) // writes what it was made of, nil if it was decoded
}

// Raw returns a copy of the JSON of the value, nil if there is none.
func (u Union) Raw() json.RawMessage { return append(json.RawMessage(nil), u.raw...) }

// IsZero reports whether there is no value.
func (u Union) IsZero() bool { return u.raw == "" && u.write == nil }

// String returns the JSON as text.
func (u Union) String() string { return u.raw }

// Equal reports whether two values are the same JSON, apart from white space. It makes unions
// comparable with go-cmp.
func (u Union) Equal(other Union) bool {
	return u.IsZero() == other.IsZero() && sameJSON(u.raw, other.raw)
}

// MarshalJSON implements json.Marshaler. No value is null.
func (u Union) MarshalJSON() ([]byte, error) {
	c := &Codec{mode: writing}
	u.writeTo(c)
	return c.result()
}

// UnmarshalJSON implements json.Unmarshaler. It copies any JSON value; null leaves u alone.
func (u *Union) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	d := scanner{text: string(data)}
	raw := d.exact()
	if err := d.finish(); err != nil {
		return err
	}
	*u = Union{raw: raw}
	return nil
}

// read reads any value. One of a type that no variant has is a problem.
func (u *Union) read(d *scanner, t *UnionType) {
	d.space()
	start := d.at
	got := d.skip()
	if d.err != nil {
		return
	}
	*u = Union{raw: d.text[start:d.at]}
	known := t.Want == "" || strings.Contains(t.Want, got)
	if !known && (got != "null" || d.depth == 0) {
		d.problem(start, t.Want, got)
	}
}

// writeTo writes the value. A request body without one is not complete.
func (u *Union) writeTo(c *Codec) {
	switch {
	case u.write != nil:
		u.write(c)
	case u.raw != "":
		c.buf = appendCompact(c.buf, validUTF8(u.raw))
	case c.request && len(c.path) == 0:
		c.missing = append(c.missing, "body")
	default:
		c.null()
	}
}

// members returns the JSON type of the value, and its members if it is an object.
func (u *Union) members() (kind string, members map[string]string) {
	d := scanner{text: u.raw}
	if kind = d.skip(); kind == "object" {
		d = scanner{text: u.raw}
		members = d.object()
	}
	return kind, members
}

// fits reports whether a value of that JSON type and with these members can be of the variant.
func (v *Variant) fits(kind string, members map[string]string) bool {
	there := func(name string) bool { _, ok := members[name]; return ok }
	return v.JSON != "" && len(v.Tags) == 0 && strings.Contains(v.JSON, kind) &&
		!slices.ContainsFunc(v.Has, func(name string) bool { return !there(name) }) &&
		!slices.ContainsFunc(v.Lacks, there)
}

// textOf returns what a JSON string says, and the text of any other value.
func textOf(raw string) string {
	if strings.HasPrefix(raw, `"`) {
		d := scanner{text: raw}
		return d.readString()
	}
	return raw
}
