package naming

import (
	"strconv"
	"unicode/utf8"
)

// Scope makes names unique in one Go scope.
type Scope struct {
	taken map[string]bool
	next  map[string]int // the next number to append to a name
}

// NewScope returns a scope in which the reserved names are taken.
func NewScope(reserved ...string) *Scope {
	s := &Scope{taken: make(map[string]bool, len(reserved)), next: map[string]int{}}
	for _, name := range reserved {
		s.taken[name] = true
	}
	return s
}

// Take returns the first name that is free, else name with a number appended, and marks it as
// taken.
func (s *Scope) Take(name string, otherwise ...string) string {
	name = Fit(name)
	for _, candidate := range append([]string{name}, otherwise...) {
		candidate = Fit(candidate)
		if !s.taken[candidate] {
			s.taken[candidate] = true
			return candidate
		}
	}
	for i := max(2, s.next[name]); ; i++ {
		if candidate := name + strconv.Itoa(i); !s.taken[candidate] {
			s.taken[candidate] = true
			s.next[name] = i + 1
			return candidate
		}
	}
}

// Reserve marks a name as taken.
func (s *Scope) Reserve(name string) { s.taken[name] = true }

// maxName is the maximum length of a name in bytes. Names are built from enclosing ones, and
// documents may be deeply nested.
const maxName = 200

// Fit cuts a name to the maximum length.
func Fit(name string) string {
	if len(name) <= maxName {
		return name
	}
	end := maxName
	for !utf8.RuneStart(name[end]) {
		end--
	}
	return name[:end]
}

// Free reports whether a name is not taken.
func (s *Scope) Free(name string) bool { return !s.taken[name] }
