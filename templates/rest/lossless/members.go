package lossless

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"
)

// Members is what a model remembers of the JSON object that it was decoded from, beyond its fields:
// which members were there, which were null, which are not documented, and the exact bytes. A model
// that was not decoded has empty Members.
//
// Decoding and encoding again returns the same JSON value: absent members stay absent, null stays
// null, undocumented members follow the documented ones, and a number or time keeps its spelling
// while its field is unchanged. Changed fields are written as they are.
type Members struct {
	raw   string
	shape *Shape

	present, null uint64 // documented members 0 to 63, by their index in shape
	rest          *rest  // shared between copies of a model: never changed, only replaced
}

// rest is what only few objects have.
type rest struct {
	extras    []extra
	problems  []fault
	spellings []spelling
	sent      []sending
	notObject bool // raw is null or a value of another type; the fields are empty
}

// extra is an undocumented member.
type extra struct{ name, value string }

// sending is a member to be written although its field is empty.
type sending struct {
	name string
	null bool
}

// spelling is how a value was written that would be written as canonical.
type spelling struct {
	path           string // from the model to the value, such as ".counts[3]"
	canonical, raw string
}

// Problem is a value that is of another type than documented, or that its field cannot hold. The
// field is empty. In a string, invalid UTF-8 is a problem too: its field has U+FFFD instead.
type Problem struct {
	// Path leads from the model that lists the problem to the value, such as
	// "results[3].author.type". It is empty for the model itself.
	Path string
	// Want and Got are what was documented and what came, as JSON types in words.
	Want, Got string
	// Raw is the value as it came.
	Raw []byte
}

// String says what is wrong, without the value, which may be confidential.
func (p Problem) String() string {
	what := p.Got + " where " + p.Want + " is documented"
	if p.Path == "" {
		return what
	}
	return p.Path + ": " + what
}

// RequestError is a request that was not sent because its body is not complete.
type RequestError struct {
	Missing []string // required members that are empty and were not named to Members.Send
	Unknown []string // names given to Members.Send that their models do not have
}

// Error lists the members.
func (e *RequestError) Error() string {
	var parts []string
	if len(e.Missing) > 0 {
		parts = append(parts, "required but empty: "+strings.Join(e.Missing, ", "))
	}
	if len(e.Unknown) > 0 {
		parts = append(parts, "no such member to send: "+strings.Join(e.Unknown, ", "))
	}
	return "request body: " + strings.Join(parts, "; ")
}

// Has reports whether the object had the member, even if it was null or is not documented.
func (m Members) Has(name string) bool {
	has, _ := m.stateOf(name)
	return has
}

// IsNull reports whether the object had the member and it was null.
func (m Members) IsNull(name string) bool {
	_, null := m.stateOf(name)
	return null
}

func (m *Members) stateOf(name string) (has, null bool) {
	if m.shape != nil {
		if i, ok := m.shape.index[name]; ok {
			return m.state(i, nil)
		}
	}
	value, ok := m.extras()[name]
	return ok, value == "null"
}

// Extra returns the members that no document mentions, nil if there are none.
func (m Members) Extra() map[string]json.RawMessage {
	if m.rest == nil || len(m.rest.extras) == 0 {
		return nil
	}
	all := make(map[string]json.RawMessage, len(m.rest.extras))
	for name, value := range m.extras() {
		all[name] = json.RawMessage(value)
	}
	return all
}

// Raw returns a copy of the exact bytes the model was decoded from, nil if it was not decoded.
func (m Members) Raw() []byte { return append([]byte(nil), m.raw...) }

// Problems lists the values that are not as documented, in the model and in all models within it;
// at most the first hundred. The other fields have their values.
func (m Members) Problems() []Problem {
	if m.rest == nil {
		return nil
	}
	list := listed(m.rest.problems)
	for i := range list {
		list[i].Path = strings.TrimPrefix(list[i].Path, ".")
	}
	return list
}

// listed returns the problems of a model and of all models within it, the first hundred.
func listed(faults []fault) []Problem {
	var all []Problem
	var path []byte
	var add func(faults []fault)
	add = func(faults []fault) {
		for i := 0; i < len(faults) && len(all) < maxProblems; i++ {
			before := len(path)
			path = append(path, faults[i].Path...)
			if inner := faults[i].inner; inner != nil {
				add(inner)
			} else {
				problem := faults[i].Problem
				problem.Path = string(path)
				all = append(all, problem)
			}
			path = path[:before]
		}
	}
	add(faults)
	return all
}

// Send asks for members to be written although their fields are empty: an empty string, zero,
// false, an empty list or object, and null for times. The names are those of the JSON object. A
// name that the model does not have makes encoding fail with a *[RequestError]. Without Send, an
// empty member is written if it is required, or if it was there when the model was decoded.
func (m *Members) Send(names ...string) { m.send(false, names) }

// SendNull asks for members to be written as null while their fields are empty. In a request that
// changes what it names, null removes a value. The names are those of the JSON object, as for Send.
func (m *Members) SendNull(names ...string) { m.send(true, names) }

func (m *Members) send(null bool, names []string) {
	var r rest
	if m.rest != nil {
		r = *m.rest
	}
	r.sent = slices.Clone(r.sent)
	for _, name := range names {
		r.sent = append(r.sent, sending{name, null})
	}
	m.rest = &r
}

// sent returns what was last asked for a member, nil if nothing was.
func (m *Members) sent(name string) *sending {
	if m.rest != nil {
		for i, s := range slices.Backward(m.rest.sent) {
			if s.name == name {
				return &m.rest.sent[i]
			}
		}
	}
	return nil
}

// Equal reports whether two models remember the same: members present and null, undocumented
// members with their values, spellings, problems, and names given to Send. White space and the
// order of members do not count. It makes models comparable with go-cmp;
// cmpopts.IgnoreTypes(Members{}) compares the fields only.
func (m Members) Equal(other Members) bool {
	a, b := m.rest, other.rest
	if a == nil {
		a = new(rest)
	}
	if b == nil {
		b = new(rest)
	}
	return maps.Equal(m.states(), other.states()) &&
		a.notObject == b.notObject &&
		maps.EqualFunc(m.spellings(), other.spellings(), func(x, y spelling) bool {
			return x.canonical == y.canonical && sameJSON(x.raw, y.raw)
		}) &&
		slices.Equal(a.names(), b.names()) &&
		maps.EqualFunc(m.extras(), other.extras(), sameJSON) &&
		slices.EqualFunc(sorted(a.problems), sorted(b.problems), func(x, y Problem) bool {
			return x.String() == y.String() && sameJSON(string(x.Raw), string(y.Raw))
		})
}

// sorted returns the problems by their paths.
func sorted(faults []fault) []Problem {
	list := listed(faults)
	slices.SortStableFunc(list, func(x, y Problem) int { return strings.Compare(x.Path, y.Path) })
	return list
}

// names returns what was asked for, sorted.
func (r *rest) names() []string {
	var all []string
	for _, s := range r.sent {
		all = append(all, fmt.Sprint(s.name, s.null))
	}
	sort.Strings(all)
	return all
}

// String says how many members there are and which of them are odd. It prints no values.
func (m Members) String() string {
	if m.shape == nil {
		return "not decoded"
	}
	states := m.states()
	text := fmt.Sprintf("%d of %d members", len(states), len(m.shape.members))
	maps.DeleteFunc(states, func(_ string, null bool) bool { return !null })
	if len(states) > 0 {
		text += ", null: " + strings.Join(slices.Sorted(maps.Keys(states)), " ")
	}
	if extras := m.extras(); len(extras) > 0 {
		text += ", undocumented: " + strings.Join(slices.Sorted(maps.Keys(extras)), " ")
	}
	if n := len(m.Problems()); n > 0 {
		text += fmt.Sprintf(", problems: %d", n)
	}
	return text
}

// states returns the documented members that were there, and whether they were null.
func (m *Members) states() map[string]bool {
	all := map[string]bool{}
	if m.shape == nil {
		return all
	}
	there := m.all()
	for i, name := range m.shape.members {
		if present, null := m.state(i, there); present {
			all[name] = null
		}
	}
	return all
}

// state reports whether member i was there, and whether it was null. From the 65th member on it
// looks into there, or into the object again.
func (m *Members) state(i int, there map[string]string) (present, null bool) {
	if i < 64 {
		return m.present&(1<<i) != 0, m.null&(1<<i) != 0
	}
	if there == nil {
		there = m.all()
	}
	value, ok := there[m.shape.members[i]]
	return ok, value == "null"
}

// all returns the members of the object, if there are more than state knows without it.
func (m *Members) all() map[string]string {
	if m.shape == nil || len(m.shape.members) <= 64 || !strings.HasPrefix(m.raw, "{") {
		return map[string]string{}
	}
	d := scanner{text: m.raw}
	return d.object()
}

// extras returns the undocumented members. Of repeated ones the last counts.
func (m *Members) extras() map[string]string {
	all := map[string]string{}
	if m.rest != nil {
		for _, x := range m.rest.extras {
			all[x.name] = x.value
		}
	}
	return all
}

// spellings returns the spellings by their paths, nil if there are none.
func (m *Members) spellings() map[string]spelling {
	if m.rest == nil || len(m.rest.spellings) == 0 {
		return nil
	}
	all := make(map[string]spelling, len(m.rest.spellings))
	for _, s := range m.rest.spellings {
		all[s.path] = s
	}
	return all
}

// isZero reports whether the model was neither decoded nor told to send anything.
func (m *Members) isZero() bool { return m.shape == nil && m.rest == nil }

// detach copies what is shared with the answer, but for the text. Problems share nothing.
func (m *Members) detach() {
	if m.rest == nil {
		return
	}
	r := *m.rest
	r.extras = slices.Clone(r.extras)
	for i, x := range r.extras {
		r.extras[i] = extra{strings.Clone(x.name), strings.Clone(x.value)}
	}
	r.spellings = slices.Clone(r.spellings)
	for i, s := range r.spellings {
		r.spellings[i].raw = strings.Clone(s.raw)
	}
	m.rest = &r
}
