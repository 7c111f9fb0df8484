package naming

import (
	"strconv"
	"unicode/utf8"
)

// Scope hands out names that are unique in one Go scope.
type Scope struct {
	taken map[string]bool
	next  map[string]int // the next number to try behind a name
}

// NewScope makes a scope in which some names are taken from the start.
func NewScope(reserved ...string) *Scope {
	s := &Scope{taken: make(map[string]bool, len(reserved)), next: map[string]int{}}
	for _, name := range reserved {
		s.taken[name] = true
	}
	return s
}

// Take gives the first of the names that is free, else the first with a number behind it, and marks it as taken.
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

// Reserve marks a name as taken, as it stands.
func (s *Scope) Reserve(name string) { s.taken[name] = true }

// maxName is how long a name may be, in bytes. Names are put together from those around them, and documents may be nested deep.
const maxName = 200

// Fit cuts a name that is longer than any may be.
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

// Free tells whether a name is still to be had.
func (s *Scope) Free(name string) bool { return !s.taken[name] }
