package source

import (
	"fmt"
	"unicode/utf8"
)

// fewMembers is the largest object that is searched from first to last. Larger ones get an index.
const fewMembers = 16

// keySet holds the keys of an object that is being read. If there are many, it becomes the object's
// index. Call add before appending the member.
type keySet struct{ at map[string]int }

// add reports whether the key is new.
func (s *keySet) add(n *Node, key string) bool {
	if s.at == nil {
		if len(n.Members) < fewMembers {
			for i := range n.Members {
				if n.Members[i].Key == key {
					return false
				}
			}
			return true
		}
		s.at = indexOf(n.Members)
	}
	if _, twice := s.at[key]; twice {
		return false
	}
	s.at[key] = len(n.Members)
	return true
}

// Set sets a member: in its old place if it is there already, else at the end.
func (n *Node) Set(key string, value *Node) {
	if i := n.find(key); i >= 0 {
		n.Members[i].Value = value
		return
	}
	indexed := n.indexed()
	n.Members = append(n.Members, Member{Key: key, Line: value.Line, Value: value})
	switch {
	case indexed:
		n.index[key] = len(n.Members) - 1
	case len(n.Members) > fewMembers:
		n.index = indexOf(n.Members)
	}
}

func indexOf(members []Member) map[string]int {
	index := make(map[string]int, 2*len(members))
	for i := range members {
		index[members[i].Key] = i
	}
	return index
}

// find returns the position of a member, or -1. The index is used only while the object is
// unchanged.
func (n *Node) find(key string) int {
	if n.indexed() {
		if i, ok := n.index[key]; !ok {
			return -1
		} else if n.Members[i].Key == key {
			return i
		}
	}
	for i := range n.Members {
		if n.Members[i].Key == key {
			return i
		}
	}
	return -1
}

// indexed reports whether the index is up to date. Added or removed members change the number of
// members or the last one.
func (n *Node) indexed() bool {
	last := len(n.Members) - 1
	if last < 0 || len(n.index) != last+1 {
		return false
	}
	i, ok := n.index[n.Members[last].Key]
	return ok && i == last
}

// shorten quotes text of a document for a message and cuts long text.
func shorten(s string) string {
	const enough = 80
	if len(s) > enough {
		end := enough
		for !utf8.RuneStart(s[end]) {
			end--
		}
		s = s[:end] + "..."
	}
	return fmt.Sprintf("%q", s)
}
