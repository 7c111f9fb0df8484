package merge

import (
	"slices"
	"strconv"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// object is a JSON object under construction.
type object struct {
	*source.Node
	at map[string]int // where each member is, once there are many
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

// place returns the index of a member, or -1.
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

func boolNode(v bool) *source.Node {
	return &source.Node{Kind: source.Bool, Text: strconv.FormatBool(v)}
}

// node0 returns the value of a claim as a node.
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
