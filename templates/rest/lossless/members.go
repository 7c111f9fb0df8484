package lossless

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"
)

// Members is what a model remembers about the JSON object it was decoded from, beyond what its fields can show: which
// members were there, which were null, which ones nobody documented, and the exact bytes. A model that was not decoded
// has empty Members.
//
// Decoding and encoding again gives the same JSON value: absent members stay absent, null stays null, undocumented members
// are written after the documented ones, and a number or time keeps its spelling as long as its field is unchanged. Fields
// that were changed are written as they are.
type Members struct {
	raw   string
	shape *Shape

	present, null uint64 // documented members 0 to 63, by their index in shape
	rest          *rest  // shared between copies of a model: never changed, only replaced
}

// rest is what only few objects have.
type rest struct {
	extras    []extra
	problems  []Problem
	spellings []spelling
	sent      []string
	wide      *wideBits
	notObject bool // raw is null or a value of another type; the fields are empty
}

// extra is a member nobody documented.
type extra struct {
	name  string
	value string
}

// spelling is how a value was written where the Encoder would have written canonical.
type spelling struct {
	member         int
	path           string // from the member to the value, such as "[3]"; empty for the member itself
	canonical, raw string
}

// Problem is a value that is of another type than documented, or that Go's type for it cannot hold. Its field is empty.
// Invalid UTF-8 is a problem too: its field has U+FFFD in place of the bad bytes.
type Problem struct {
	// Path leads from the model that lists the problem to the value, such as "results[3].author.type". It is empty where
	// the model itself is meant.
	Path string
	// Want and Got are what was documented and what came, as JSON types in words.
	Want, Got string
	// Raw is the value as it came.
	Raw []byte
}

// String says what is wrong, without the value: it may be confidential.
func (p Problem) String() string {
	what := p.Got + " where " + p.Want + " is documented"
	if p.Path == "" {
		return what
	}
	return p.Path + ": " + what
}

// Has reports whether the object had the member, be it null or undocumented.
func (m Members) Has(name string) bool {
	if i, ok := m.indexOf(name); ok && m.isPresent(i) {
		return true
	}
	_, ok := m.extra(name)
	return ok
}

// IsNull reports whether the object had the member and it was null.
func (m Members) IsNull(name string) bool {
	if i, ok := m.indexOf(name); ok && m.isPresent(i) {
		return m.isNull(i)
	}
	value, _ := m.extra(name)
	return value == "null"
}

// Extra returns the members that no document mentions, nil if there are none. The values are copies.
func (m Members) Extra() map[string]json.RawMessage {
	extras := m.extras()
	if extras == nil {
		return nil
	}
	all := make(map[string]json.RawMessage, len(extras))
	for name, value := range extras {
		all[name] = json.RawMessage(value)
	}
	return all
}

// Raw returns a copy of the exact bytes the model was decoded from, nil if it was not decoded.
func (m Members) Raw() []byte { return m.AppendRaw(nil) }

// AppendRaw appends the exact bytes the model was decoded from to b and returns the longer slice. It appends nothing if the
// model was not decoded.
func (m Members) AppendRaw(b []byte) []byte { return append(b, m.raw...) }

// Problems lists the values that are not as documented, in the model and in all models within it; at most the first
// hundred. None of them keeps the rest from being decoded.
func (m Members) Problems() []Problem {
	if m.rest == nil {
		return nil
	}
	list := slices.Clone(m.rest.problems)
	for i := range list {
		list[i].Path = strings.TrimPrefix(list[i].Path, ".")
	}
	return list
}

// Send asks for members to be written although their fields are empty: an empty string, zero, false, an empty list, an
// empty object, and null for times. The names are those of the JSON object. A name that the model does not have makes
// encoding fail with a *[RequestError]. Without Send, an empty member is written only if it is required or was there when
// the model was decoded.
func (m *Members) Send(names ...string) {
	var r rest
	if m.rest != nil {
		r = *m.rest
	}
	r.sent = append(slices.Clone(r.sent), names...)
	m.rest = &r
}

// Clone returns a copy that shares no memory with the answer.
func (m Members) Clone() Members {
	m.detach()
	return m
}

// Equal reports whether two models remember the same: members present and null, undocumented members with their values,
// spellings that differ from ours, problems, and names given to Send. White space and the order of members do not count.
// It makes models comparable with go-cmp. To compare only the fields, ignore this type: cmpopts.IgnoreTypes(Members{}).
func (m Members) Equal(other Members) bool {
	if !maps.Equal(m.states(), other.states()) {
		return false
	}
	a, b := m.rest, other.rest
	if a == nil {
		a = new(rest)
	}
	if b == nil {
		b = new(rest)
	}
	return a.notObject == b.notObject &&
		slices.Equal(a.spellings, b.spellings) &&
		slices.Equal(sorted(a.sent), sorted(b.sent)) &&
		maps.EqualFunc(m.extras(), other.extras(), sameJSON) &&
		slices.EqualFunc(a.problems, b.problems, func(x, y Problem) bool {
			return x.Path == y.Path && x.Want == y.Want && x.Got == y.Got && sameJSON(string(x.Raw), string(y.Raw))
		})
}

// String names what the fields do not show. It prints no values.
func (m Members) String() string {
	if m.shape == nil {
		return "not decoded"
	}
	var null []string
	states := m.states()
	for _, name := range m.shape.members {
		if states[name] {
			null = append(null, name)
		}
	}
	text := fmt.Sprintf("%d of %d members", len(states), len(m.shape.members))
	if len(null) > 0 {
		text += ", null: " + strings.Join(null, " ")
	}
	var extras []string
	for name := range m.extras() {
		extras = append(extras, name)
	}
	if len(extras) > 0 {
		text += ", undocumented: " + strings.Join(sorted(extras), " ")
	}
	if n := len(m.Problems()); n > 0 {
		text += fmt.Sprintf(", problems: %d", n)
	}
	return text
}

// states returns the documented members that were there, and whether they were null.
func (m Members) states() map[string]bool {
	all := map[string]bool{}
	if m.shape == nil {
		return all
	}
	for i, name := range m.shape.members {
		if m.isPresent(i) {
			all[name] = m.isNull(i)
		}
	}
	return all
}

func (m *Members) indexOf(name string) (int, bool) {
	if m.shape == nil {
		return 0, false
	}
	i, ok := m.shape.index[name]
	return i, ok
}

// extras returns the undocumented members, nil if there are none. Of repeated ones the last counts.
func (m *Members) extras() map[string]string {
	if m.rest == nil || len(m.rest.extras) == 0 {
		return nil
	}
	all := make(map[string]string, len(m.rest.extras))
	for _, x := range m.rest.extras {
		all[x.name] = x.value
	}
	return all
}

func (m *Members) extra(name string) (string, bool) {
	if m.rest == nil {
		return "", false
	}
	for _, x := range slices.Backward(m.rest.extras) {
		if x.name == name {
			return x.value, true
		}
	}
	return "", false
}

func (m *Members) isPresent(i int) bool {
	if i < 64 {
		return m.present&(1<<i) != 0
	}
	return m.rest != nil && m.rest.wide != nil && m.rest.wide.present[i/64-1]&(1<<(i%64)) != 0
}

func (m *Members) isNull(i int) bool {
	if i < 64 {
		return m.null&(1<<i) != 0
	}
	return m.rest != nil && m.rest.wide != nil && m.rest.wide.null[i/64-1]&(1<<(i%64)) != 0
}

// IsZero reports whether the model was neither decoded nor told to send anything.
func (m *Members) IsZero() bool { return m.shape == nil && m.rest == nil }

// detach copies what is shared with the answer.
func (m *Members) detach() {
	m.raw = strings.Clone(m.raw)
	if m.rest == nil {
		return
	}
	r := *m.rest
	r.extras = slices.Clone(r.extras)
	for i, x := range r.extras {
		r.extras[i] = extra{strings.Clone(x.name), strings.Clone(x.value)}
	}
	r.problems = slices.Clone(r.problems)
	for i, p := range r.problems {
		r.problems[i].Path = strings.Clone(p.Path)
		r.problems[i].Raw = bytes.Clone(p.Raw)
	}
	r.spellings = slices.Clone(r.spellings)
	for i, s := range r.spellings {
		r.spellings[i].raw = strings.Clone(s.raw)
		r.spellings[i].path = strings.Clone(s.path)
	}
	m.rest = &r
}

// DetachStrings copies what strings share. Every model has some, so it is kept apart.
func DetachStrings(list ...*string) {
	for _, s := range list {
		*s = strings.Clone(*s)
	}
}

// Clone returns a copy of a model that shares no memory with the answer it was decoded from, nil for nil.
func Clone[M any](m *M, detach func(*M)) *M {
	if m == nil {
		return nil
	}
	c := *m
	detach(&c)
	return &c
}

// DetachValue copies one model and all that it shares.
func DetachValue[M any](m M, detach func(*M)) M {
	detach(&m)
	return m
}

// sameJSON compares two valid JSON texts apart from white space.
func sameJSON(a, b string) bool {
	return a == b || bytes.Equal(appendCompact(nil, a), appendCompact(nil, b))
}

// sorted returns a sorted copy. Package slices would be compiled again into every package that sorts with it.
func sorted(list []string) []string {
	list = slices.Clone(list)
	sort.Strings(list)
	return list
}

// TextOf returns the exact text that a model was decoded from, empty if it was not decoded.
func TextOf(m *Members) string { return m.raw }
