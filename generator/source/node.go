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

// Noun returns the kind with its article, for messages: "an object".
func (k Kind) Noun() string {
	switch k {
	case Null:
		return "null"
	case Array, Object:
		return "an " + k.String()
	default:
		return "a " + k.String()
	}
}

// Node is a value in a YAML or JSON document and the line where it starts. Numbers keep their
// spelling and members their order. Keys that YAML would read as numbers, such as the status 200,
// are strings. A tree may be read concurrently. Do not rename Members of a large object in place.
type Node struct {
	Kind    Kind
	Text    string // the text of a string, the spelling of a number, true or false
	Line    int
	Items   []*Node  // Array
	Members []Member // Object

	index map[string]int // position of each member, in large objects
}

// Member is a member of an object. Line is the line of its key.
type Member struct {
	Key   string
	Line  int
	Value *Node
}

// StringNode returns a node that holds a string.
func StringNode(s string, line int) *Node { return &Node{Kind: String, Text: s, Line: line} }

// NewObject returns an empty object.
func NewObject(line int) *Node { return &Node{Kind: Object, Line: line} }

// Get returns the member of that name. It returns nil if there is none, or if n is nil or not an
// object.
func (n *Node) Get(key string) *Node {
	if n == nil {
		return nil
	}
	if i := n.find(key); i >= 0 {
		return n.Members[i].Value
	}
	return nil
}

// Str returns the text of a string, and "" for anything else.
func (n *Node) Str() string {
	if n == nil || n.Kind != String {
		return ""
	}
	return n.Text
}

// IsTrue reports whether n is the boolean true.
func (n *Node) IsTrue() bool { return n != nil && n.Kind == Bool && n.Text == "true" }

// At follows an RFC 6901 JSON pointer and returns the node there, or nil.
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

// Any returns the value as encoding/json decodes it with UseNumber.
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

// Clone returns a deep copy, with indexes as a document has that was read.
func (n *Node) Clone() *Node {
	out := &Node{Kind: n.Kind, Text: n.Text, Line: n.Line, Items: slices.Clone(n.Items), Members: slices.Clone(n.Members)}
	for i, item := range out.Items {
		out.Items[i] = item.Clone()
	}
	for i := range out.Members {
		out.Members[i].Value = out.Members[i].Value.Clone()
	}
	if len(out.Members) > fewMembers {
		out.index = indexOf(out.Members)
	}
	return out
}

// JSON returns the value as compact JSON with members in document order.
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

// appendString appends a JSON string. Most strings need no escapes, so the encoder is used only for
// those that do.
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

// Equal reports whether two values are the same. Numbers are compared by value; the order of
// members does not count.
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

// sameMembers compares two objects of equal size. Usually their members are in the same order.
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

// sameNumber reports whether two spellings mean the same number. Integers are compared exactly
// where float64 would round them.
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
