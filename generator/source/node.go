package source

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Kind is the JSON type of a Node.
type Kind uint8

const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Object
)

func (k Kind) String() string {
	return [...]string{"null", "boolean", "number", "string", "array", "object"}[k]
}

// Node is a value in a YAML or JSON document, with the line it starts on. Numbers keep their spelling, members their
// order; keys that YAML would read as numbers (such as the status 200) are strings. Many may
// read a tree at once. The Members of a large object that came from a document are not to be renamed in place.
type Node struct {
	Kind    Kind
	Text    string // the text of a string, the spelling of a number, true or false
	Line    int
	Items   []*Node  // Array
	Members []Member // Object

	index map[string]int // where each member stands, in large objects
}

// Member is a member of an object. Line is where its key stands.
type Member struct {
	Key   string
	Line  int
	Value *Node
}

// StringNode makes a node that holds a string.
func StringNode(s string, line int) *Node { return &Node{Kind: String, Text: s, Line: line} }

// NewObject makes an empty object.
func NewObject(line int) *Node { return &Node{Kind: Object, Line: line} }

// Get gives the member of that name, or nil: also where n is nil or no object.
func (n *Node) Get(key string) *Node {
	if n == nil {
		return nil
	}
	if i := n.find(key); i >= 0 {
		return n.Members[i].Value
	}
	return nil
}

// Str gives the text of a string, and "" for anything else.
func (n *Node) Str() string {
	if n == nil || n.Kind != String {
		return ""
	}
	return n.Text
}

// IsTrue tells whether n is the boolean true.
func (n *Node) IsTrue() bool { return n != nil && n.Kind == Bool && n.Text == "true" }

// At follows an RFC 6901 JSON pointer and gives the node there, or nil.
func (n *Node) At(pointer string) *Node {
	if pointer == "" {
		return n
	}
	for part := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		part = strings.ReplaceAll(strings.ReplaceAll(part, "~1", "/"), "~0", "~")
		if n == nil {
			return nil
		}
		if n.Kind == Array {
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 || i >= len(n.Items) || part != strconv.Itoa(i) {
				return nil
			}
			n = n.Items[i]
			continue
		}
		n = n.Get(part)
	}
	return n
}

// Any gives the value as encoding/json would decode it with UseNumber.
func (n *Node) Any() any {
	switch n.Kind {
	case Bool:
		return n.Text == "true"
	case Number:
		return json.Number(n.Text)
	case String:
		return n.Text
	case Array:
		items := make([]any, len(n.Items))
		for i, item := range n.Items {
			items[i] = item.Any()
		}
		return items
	case Object:
		members := make(map[string]any, len(n.Members))
		for _, m := range n.Members {
			members[m.Key] = m.Value.Any()
		}
		return members
	default:
		return nil
	}
}

// Clone returns a deep copy.
func (n *Node) Clone() *Node {
	out := &Node{Kind: n.Kind, Text: n.Text, Line: n.Line, Items: slices.Clone(n.Items), Members: slices.Clone(n.Members)}
	for i, item := range out.Items {
		out.Items[i] = item.Clone()
	}
	for i := range out.Members {
		out.Members[i].Value = out.Members[i].Value.Clone()
	}
	return out
}

// JSON gives the value as compact JSON, members in document order.
func (n *Node) JSON() string { return string(n.appendJSON(nil)) }

func (n *Node) appendJSON(b []byte) []byte {
	switch n.Kind {
	case Bool, Number:
		return append(b, n.Text...)
	case String:
		return appendString(b, n.Text)
	case Array:
		b = append(b, '[')
		for i, item := range n.Items {
			if i > 0 {
				b = append(b, ',')
			}
			b = item.appendJSON(b)
		}
		return append(b, ']')
	case Object:
		b = append(b, '{')
		for i, m := range n.Members {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendString(b, m.Key)
			b = append(b, ':')
			b = m.Value.appendJSON(b)
		}
		return append(b, '}')
	default:
		return append(b, "null"...)
	}
}

// appendString appends a JSON string. Most strings need no escape, and the encoder is only asked about those that do.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			return append(b, encodeString(s)...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

func encodeString(s string) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		panic("source: a string always marshals: " + err.Error())
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
}

// Equal tells whether two values are the same: numbers by value where both are plain, members in any order.
func (n *Node) Equal(o *Node) bool {
	if n == nil || o == nil {
		return n == o
	}
	if n.Kind != o.Kind || len(n.Items) != len(o.Items) || len(n.Members) != len(o.Members) {
		return false
	}
	for i := range n.Items {
		if !n.Items[i].Equal(o.Items[i]) {
			return false
		}
	}
	if !sameMembers(n.Members, o) {
		return false
	}
	return n.Text == o.Text || n.Kind == Number && sameNumber(n.Text, o.Text)
}

// sameMembers compares the members of objects that have equally many. Mostly they stand in the same order.
func sameMembers(members []Member, o *Node) bool {
	var index map[string]int
	for i, m := range members {
		at := i
		if o.Members[i].Key != m.Key {
			switch {
			case len(members) <= fewMembers || o.indexed():
				at = o.find(m.Key)
			default:
				if index == nil {
					index = indexOf(o.Members)
				}
				j, ok := index[m.Key]
				if at = j; !ok {
					at = -1
				}
			}
		}
		if at < 0 || !m.Value.Equal(o.Members[at].Value) {
			return false
		}
	}
	return true
}

// sameNumber tells whether two spellings mean one number. Integers too large for a float64 are compared as they are.
func sameNumber(a, b string) bool {
	if x, err := strconv.ParseInt(a, 10, 64); err == nil {
		if y, err := strconv.ParseInt(b, 10, 64); err == nil {
			return x == y
		}
	}
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	return errX == nil && errY == nil && x == y
}
