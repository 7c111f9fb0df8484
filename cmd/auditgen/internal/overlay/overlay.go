// Package overlay edits the text of an overlay: it removes actions and members of actions, and
// leaves every other byte as it is, comments and layout included. In come the file and what to
// remove, and out comes the file without it.
//
// A YAML library reads the structure, and text is cut where it says that things begin. It does not
// say where they end, so an end is found from what comes next: in block style by lines, in flow
// style ({a: 1, b: 2}, and JSON) by a scanner for brackets and quotes. Afterwards the result is
// read again and compared with what it must be. What cannot be edited this way is an error, not a
// guess.
package overlay

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Edit says what to remove from one action. Paths are the keys that lead to a member.
type Edit struct {
	Action int        // counted from 0
	Whole  bool       // remove the action
	Update [][]string // members of update; if nothing is left of it, the action goes
	Expect [][]string // members of x-expect; if nothing is left of it, it goes
}

// The members of actions that are edited.
const (
	updateKey = "update"
	expectKey = "x-expect"
)

// Actions returns the line on which each action of an overlay begins.
func Actions(data []byte) ([]int, error) {
	_, _, actions, err := read(data)
	if err != nil {
		return nil, err
	}
	var lines []int
	for _, n := range actions.Content {
		lines = append(lines, n.Line)
	}
	return lines, nil
}

// read returns an overlay and its list of actions, with the key of the list.
func read(data []byte) (doc, key, actions *yaml.Node, err error) {
	doc = &yaml.Node{}
	if err := yaml.Unmarshal(data, doc); err != nil || len(doc.Content) != 1 {
		return nil, nil, nil, errors.New("the overlay cannot be edited in this encoding")
	}
	key, actions = member(doc.Content[0], "actions")
	if actions == nil || actions.Kind != yaml.SequenceNode {
		return nil, nil, nil, errors.New("the overlay has no list of actions")
	}
	return doc, key, actions, nil
}

// Apply returns the text of an overlay after some edits.
func Apply(data []byte, edits []Edit) ([]byte, error) {
	doc, key, actions, err := read(data)
	if err != nil {
		return nil, err
	}
	gone := nodes{}
	for _, e := range edits {
		if e.Action < 0 || e.Action >= len(actions.Content) {
			return nil, fmt.Errorf("the overlay has no action %d", e.Action)
		}
		gone.mark(actions.Content[e.Action], e)
	}
	t := newText(data)
	if !slices.ContainsFunc(actions.Content, func(n *yaml.Node) bool { return !gone[n] }) {
		t.emptyList(key, actions)
	} else {
		t.cutIn(actions, gone)
	}
	edited := t.without()
	if err := check(doc, gone, edited); err != nil {
		return nil, err
	}
	return edited, nil
}

// nodes are the nodes to remove: items of sequences, and keys of mappings.
type nodes map[*yaml.Node]bool

// mark decides which nodes of an action go. A mapping that loses all members goes itself.
func (gone nodes) mark(action *yaml.Node, e Edit) {
	for _, part := range []struct {
		key   string
		paths [][]string
	}{{updateKey, e.Update}, {expectKey, e.Expect}} {
		key, value := member(action, part.key)
		if value == nil {
			continue
		}
		for _, path := range part.paths {
			gone.path(value, path)
		}
		if len(part.paths) > 0 && gone.empty(value) {
			gone[key] = true
			e.Whole = e.Whole || part.key == updateKey
		}
	}
	if e.Whole {
		gone[action] = true
	}
}

// path marks the member at the end of a path.
func (gone nodes) path(n *yaml.Node, path []string) {
	key, value := member(n, path[0])
	switch {
	case value == nil:
	case len(path) == 1:
		gone[key] = true
	default:
		gone.path(value, path[1:])
		gone[key] = gone[key] || gone.empty(value)
	}
}

// empty reports whether nothing is left of a mapping.
func (gone nodes) empty(n *yaml.Node) bool {
	for i := 0; i < len(n.Content); i += 2 {
		if n.Kind != yaml.MappingNode || !gone[n.Content[i]] {
			return false
		}
	}
	return n.Kind == yaml.MappingNode
}

// member returns a member of a mapping, or nils.
func member(n *yaml.Node, name string) (key, value *yaml.Node) {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i], n.Content[i+1]
		}
	}
	return nil, nil
}

// check reads the edited text and compares it with what must be left of the document.
func check(doc *yaml.Node, gone nodes, edited []byte) error {
	var got any
	err := yaml.Unmarshal(edited, &got)
	var want any
	if err == nil {
		err = left(doc.Content[0], gone).Decode(&want)
	}
	if err != nil || !reflect.DeepEqual(want, got) {
		return errors.New("the layout of the overlay is not one that auditgen can edit")
	}
	return nil
}

// left returns a copy of a node without those that go.
func left(n *yaml.Node, gone nodes) *yaml.Node {
	out := *n
	out.Content = nil
	step := 1
	if n.Kind == yaml.MappingNode {
		step = 2
	}
	for i := 0; i < len(n.Content); i += step {
		if gone[n.Content[i]] {
			continue
		}
		for _, child := range n.Content[i : i+step] {
			out.Content = append(out.Content, left(child, gone))
		}
	}
	return &out
}

// isFlow reports whether a collection is written in brackets.
func isFlow(n *yaml.Node) bool { return n.Style&yaml.FlowStyle != 0 }

// entries returns the nodes that begin the entries of a collection.
func entries(n *yaml.Node) []*yaml.Node {
	if n.Kind == yaml.SequenceNode {
		return n.Content
	}
	var keys []*yaml.Node
	for i := 0; i < len(n.Content); i += 2 {
		keys = append(keys, n.Content[i])
	}
	return keys
}

// values returns the nodes that are in a collection.
func values(n *yaml.Node) []*yaml.Node {
	if n.Kind != yaml.MappingNode {
		return n.Content
	}
	var all []*yaml.Node
	for i := 1; i < len(n.Content); i += 2 {
		all = append(all, n.Content[i])
	}
	return all
}

// blank reports whether a line has nothing but white space, or a comment at a column up to most.
func blank(line string, most int) bool {
	rest := strings.TrimLeft(line, " \t")
	return strings.TrimRight(rest, "\r\n") == "" || rest[0] == '#' && len(line)-len(rest) <= most
}
