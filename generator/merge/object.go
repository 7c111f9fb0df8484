package merge

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// object is a JSON object under construction.
type object struct {
	*source.Node
	at map[string]int // where each member stands, once there are many
}

// fewMembers is how many members an object may have to be searched from first to last.
const fewMembers = 16

func newObject() *object { return &object{Node: &source.Node{Kind: source.Object}} }

// put sets a member: in its old place if it is there already, else at the end.
func (o *object) put(key string, value *source.Node) {
	if i := o.place(key); i >= 0 {
		o.Members[i].Value = value
		return
	}
	o.add(key, value)
}

// place gives where a member stands, or -1.
func (o *object) place(key string) int {
	if len(o.Members) <= fewMembers {
		return slices.IndexFunc(o.Members, func(m source.Member) bool { return m.Key == key })
	}
	if len(o.at) != len(o.Members) {
		o.at = make(map[string]int, 2*len(o.Members))
		for i := range o.Members {
			o.at[o.Members[i].Key] = i
		}
	}
	if i, ok := o.at[key]; ok {
		return i
	}
	return -1
}

// add appends a member that is known not to be there yet.
func (o *object) add(key string, value *source.Node) {
	if len(o.at) == len(o.Members) && o.at != nil {
		o.at[key] = len(o.Members)
	}
	o.Members = append(o.Members, source.Member{Key: key, Line: value.Line, Value: value})
}

func (o *object) str(key, value string) { o.put(key, source.StringNode(value, 0)) }

// drop removes a member.
func (o *object) drop(key string) {
	o.at = nil
	o.Members = slices.DeleteFunc(o.Members, func(m source.Member) bool { return m.Key == key })
}

// inOrder puts the named members first, in that order; the others follow as they came.
func (o *object) inOrder(keys ...string) {
	rank := func(m source.Member) int {
		if i := slices.Index(keys, m.Key); i >= 0 {
			return i
		}
		return len(keys)
	}
	o.at = nil
	slices.SortStableFunc(o.Members, func(a, b source.Member) int { return cmp.Compare(rank(a), rank(b)) })
}

func boolNode(v bool) *source.Node {
	return &source.Node{Kind: source.Bool, Text: strconv.FormatBool(v)}
}

// node0 gives the value of a claim as a node.
func node0(s said) *source.Node {
	switch v := s.Value.(type) {
	case string:
		return source.StringNode(v, s.Line)
	case bool:
		return boolNode(v)
	case []string:
		list := &source.Node{Kind: source.Array, Line: s.Line}
		for _, item := range v {
			list.Items = append(list.Items, source.StringNode(item, s.Line))
		}
		return list
	case *source.Node:
		return v
	default:
		panic("merge: a fact holds a string, bool, []string or *source.Node")
	}
}
