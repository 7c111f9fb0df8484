package lossless

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Union is what a value that is of one of several types holds: its JSON, as it came or as it was made. The types that embed it
// have a method As<Variant> for each type that the documents list. What is of none of them is kept all the same, and is written
// again as it came. A Union never changes, apart from UnmarshalJSON, so copies may share it.
type Union struct {
	raw   string
	write func(*Encoder) // writes what it was made of, nil if it was decoded
}

// UnionType is what the documents say about a union. It is not changed after it was made.
type UnionType struct {
	Want     string // the JSON types of the variants, in words; empty if any will do
	Tag      string // the member whose value tells objects apart; empty if there is none
	Variants []Variant
}

// Variant is one of the types of a union.
type Variant struct {
	Name  string
	JSON  string   // its JSON types in words; empty if it cannot be told from the others
	Tags  []string // values of the union's tag that stand for it
	Has   []string // members by which it is told from other objects
	Lacks []string
}

// untold is the index of no variant.
const untold = -1

// UnionOf makes a union of a value that write writes. What write reads must not be changed any more.
func UnionOf(write func(*Encoder)) Union {
	e := new(Encoder)
	write(e)
	raw, err := e.finish()
	if err != nil {
		raw = nil // encoding the union gives the error
	}
	return Union{raw: string(raw), write: write}
}

// Raw returns a copy of the JSON of the value, nil if there is none.
func (u Union) Raw() json.RawMessage { return append(json.RawMessage(nil), u.raw...) }

// IsZero reports whether there is no value.
func (u Union) IsZero() bool { return u.raw == "" && u.write == nil }

// String returns the JSON as text.
func (u Union) String() string { return u.raw }

// Equal reports whether two values are the same JSON, apart from white space. It makes unions comparable with go-cmp.
func (u Union) Equal(other Union) bool {
	return u.IsZero() == other.IsZero() && sameJSON(u.raw, other.raw)
}

// MarshalJSON implements json.Marshaler. No value is null.
func (u Union) MarshalJSON() ([]byte, error) {
	e := new(Encoder)
	EncodeUnion(e, u)
	return e.finish()
}

// UnmarshalJSON implements json.Unmarshaler. It takes any JSON value and copies it; null leaves u alone.
func (u *Union) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	d := newDecoder(string(data))
	raw := d.exact()
	if err := d.finish(); err != nil {
		return err
	}
	*u = Union{raw: raw}
	return nil
}

// DecodeUnion reads any value. One of a type that no variant has is a problem, and is kept nevertheless.
func DecodeUnion(d *Decoder, u *Union, t *UnionType) {
	d.space()
	start := d.at
	got := d.skip()
	if d.err != nil {
		return
	}
	*u = Union{raw: d.text[start:d.at]}
	if !t.takes(got) && (got != "null" || d.depth == 0) {
		d.problem(start, t.Want, got)
	}
}

// takes reports whether a variant has that JSON type.
func (t *UnionType) takes(got string) bool { return t.Want == "" || strings.Contains(t.Want, got) }

// EncodeUnion writes the value. A request body that has none is incomplete.
func EncodeUnion(e *Encoder, u Union) {
	switch {
	case u.write != nil:
		u.write(e)
	case u.raw != "":
		e.buf = appendCompact(e.buf, validUTF8(u.raw))
	case e.strict && e.place == "":
		e.missing = append(e.missing, "body")
	default:
		e.null()
	}
}

// DetachUnion copies what is shared with the answer. A value that was made shares nothing.
func DetachUnion(u *Union) {
	if u.write == nil {
		u.raw = strings.Clone(u.raw)
	}
}

// VariantOf returns the index of the variant that the value is of, untold if that is not certain.
func VariantOf(u Union, t *UnionType) int {
	if u.raw == "" {
		return untold
	}
	kind := newDecoder(u.raw).skip()
	var members map[string]string
	if kind == "object" {
		members = newDecoder(u.raw).shallow()
	}
	if tag, ok := members[t.Tag]; ok && t.Tag != "" {
		value := textOfRaw(tag)
		return slices.IndexFunc(t.Variants, func(v Variant) bool { return slices.Contains(v.Tags, value) })
	}
	found := untold
	for i := range t.Variants {
		if !t.Variants[i].fits(kind, members) {
			continue
		}
		if found != untold {
			return untold
		}
		found = i
	}
	return found
}

// fits reports whether a value of that JSON type and with these members can be of the variant, and is surely no other object.
func (v *Variant) fits(kind string, members map[string]string) bool {
	there := func(name string) bool { _, ok := members[name]; return ok }
	return v.JSON != "" && len(v.Tags) == 0 && strings.Contains(v.JSON, kind) &&
		!slices.ContainsFunc(v.Has, func(name string) bool { return !there(name) }) && !slices.ContainsFunc(v.Lacks, there)
}

// shallow reads an object into its members. Of repeated ones the last counts.
func (d *Decoder) shallow() map[string]string {
	d.space()
	d.open()
	members := map[string]string{}
	for first := true; d.next(first, '}'); first = false {
		name, _, _ := d.textOf(d.name())
		members[name] = d.exact()
	}
	return members
}

// textOfRaw returns what a string says, and the text of any other value.
func textOfRaw(raw string) string {
	if strings.HasPrefix(raw, `"`) {
		return newDecoder(raw).ReadString()
	}
	return raw
}

// TagOf returns the value of the member that tells the variants apart, empty if there is none.
func TagOf(u Union, t *UnionType) string {
	if newDecoder(u.raw).space() != '{' {
		return ""
	}
	return textOfRaw(newDecoder(u.raw).shallow()[t.Tag])
}

// UnionAs reads the value as the variant with that index. It is an error if the value is surely of another one.
func UnionAs(u Union, t *UnionType, index int, read func(*Decoder)) error {
	name := t.Variants[index].Name
	if u.raw == "" {
		return errors.New("there is no value to read as " + name)
	}
	if is := VariantOf(u, t); is != untold && is != index {
		return fmt.Errorf("the value is %s, not %s", t.Variants[is].Name, name)
	}
	d := newDecoder(u.raw)
	read(d)
	if err := d.finish(); err != nil {
		return err
	}
	if d.loose {
		return fmt.Errorf("the value is not %s: %w", name, &typeError{d.problems[0]})
	}
	return nil
}
