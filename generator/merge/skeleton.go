package merge

import (
	"maps"
	"slices"
	"strconv"

	"github.com/ohler55/ojg/jp"

	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// skeleton wraps what an action says into an OpenAPI document that holds only the way from the root
// to the target. Elements of arrays on the way are objects that carry what identifies them (a
// parameter's in and name).
func skeleton(plain any, at jp.Expr, a *Action) *source.Node {
	root := newObject()
	root.put("openapi", source.StringNode(settled.OpenAPIVersion, a.Line))
	wrapped := wrap(plain, steps(at), a)
	if wrapped.Kind == source.Object {
		for _, m := range wrapped.Members {
			root.put(m.Key, m.Value)
		}
	}
	return root.Node
}

// steps drops the root of a normalized path.
func steps(at jp.Expr) []jp.Frag {
	out := make([]jp.Frag, 0, len(at))
	for _, f := range at {
		switch f.(type) {
		case jp.Child, jp.Nth:
			out = append(out, f)
		}
	}
	return out
}

func wrap(at any, way []jp.Frag, a *Action) *source.Node {
	if len(way) == 0 {
		return a.said(at)
	}
	switch step := way[0].(type) {
	case jp.Child:
		key := string(step)
		if len(way) == 1 && a.Remove && !isThing(at, key) {
			return removal(at, key, a.Line)
		}
		out := identity(at, a.Line)
		members, _ := at.(map[string]any)
		if list, ok := members[key].([]any); ok && len(way) > 1 && key != "parameters" {
			out.put(key, wholeArray(list, way[1:], a))
			return out.Node
		}
		out.put(key, wrap(members[key], way[1:], a))
		return out.Node
	case jp.Nth:
		items, _ := at.([]any)
		inner := wrap(items[int(step)], way[1:], a)
		return &source.Node{Kind: source.Array, Line: a.Line, Items: []*source.Node{inner}}
	default:
		return newObject().Node
	}
}

// wholeArray returns an array with the action done to what is inside it: elements of most arrays
// have no name by which a claim could find them, so the overlay states the array as a whole.
func wholeArray(list []any, way []jp.Frag, a *Action) *source.Node {
	holder := map[string]any{"list": plainOf(nodeOf(list, a.Line))}
	change(holder, append(jp.Expr{jp.Root('$'), jp.Child("list")}, way...), a)
	return nodeOf(holder["list"], a.Line)
}

// said returns the update as it must be in the document.
func (a *Action) said(target any) *source.Node {
	if a.Remove {
		out := identity(target, a.Line)
		out.put(string(removeFact), &source.Node{Kind: source.Bool, Text: "true", Line: a.Line})
		return out.Node
	}
	if old, ok := target.([]any); ok && a.Update.Kind != source.Array {
		return joined(old, &source.Node{Kind: source.Array, Line: a.Line, Items: []*source.Node{a.Update}}, a.Line)
	}
	return joined(target, a.Update, a.Line)
}

// joined returns an update with its arrays made whole, because a claim replaces what is weaker. The
// old elements come first, and an element that is there already is not repeated: documents may have
// caught up with one part of an action and not with another. Parameters are told apart by name and
// need not be repeated.
func joined(target any, update *source.Node, line int) *source.Node {
	switch update.Kind {
	case source.Object:
		members, _ := target.(map[string]any)
		out := identity(target, line)
		for _, m := range update.Members {
			if m.Key == "parameters" {
				out.put(m.Key, m.Value)
				continue
			}
			out.put(m.Key, joined(members[m.Key], m.Value, line))
		}
		return out.Node
	case source.Array:
		old, _ := target.([]any)
		all := nodeOf(old, line)
		all.Kind = source.Array
		for _, item := range update.Items {
			if !containsItem(target, item) {
				all.Items = append(all.Items, item)
			}
		}
		return all
	default:
		return update
	}
}

// isThing reports whether a member of an object is something that is removed as such, not a keyword
// with a plain value.
func isThing(parent any, key string) bool {
	members, _ := parent.(map[string]any)
	_, ok := members[key].(map[string]any)
	return ok
}

// removal says that an object loses one of its keywords.
func removal(at any, key string, line int) *source.Node {
	out := identity(at, line)
	out.put(string(removeFact), &source.Node{Kind: source.Array, Line: line, Items: []*source.Node{source.StringNode(key, line)}})
	return out.Node
}

// identity returns an object with what identifies it among its neighbours: the in and name of a
// parameter.
func identity(of any, line int) *object {
	out := newObject()
	out.Line = line
	if members, ok := of.(map[string]any); ok {
		in, _ := members["in"].(string)
		name, _ := members["name"].(string)
		if in != "" && name != "" {
			out.put("in", source.StringNode(in, line))
			out.put("name", source.StringNode(name, line))
		}
	}
	return out
}

// change does to the plain document what the action says, as the Overlay specification has it.
func change(plain any, at jp.Expr, a *Action) {
	if a.Remove {
		_, _ = at.Remove(plain) // a located path can be removed; it was there a moment ago
		return
	}
	old := at.First(plain)
	switch target := old.(type) {
	case map[string]any:
		mergeInto(target, a.Update.Any())
	case []any:
		more, ok := a.Update.Any().([]any)
		if !ok {
			more = []any{a.Update.Any()}
		}
		_ = at.SetOne(plain, withNew(target, more))
	default:
		_ = at.SetOne(plain, a.Update.Any())
	}
}

func mergeInto(target map[string]any, update any) {
	members, ok := update.(map[string]any)
	if !ok {
		return
	}
	for key, value := range members {
		old, isObject := target[key].(map[string]any)
		if _, both := value.(map[string]any); isObject && both {
			mergeInto(old, value)
			continue
		}
		list, isList := target[key].([]any)
		if more, both := value.([]any); isList && both {
			target[key] = withNew(list, more)
			continue
		}
		target[key] = value
	}
}

// withNew returns a list with the elements of another that it does not have yet behind its own.
func withNew(list, more []any) []any {
	all := slices.Clone(list)
	for _, item := range more {
		text := plainJSON(item)
		if !slices.ContainsFunc(list, func(v any) bool { return plainJSON(v) == text }) {
			all = append(all, item)
		}
	}
	return all
}

// nodeOf turns a plain value back into a node.
func nodeOf(v any, line int) *source.Node {
	n := &source.Node{Line: line}
	switch v := v.(type) {
	case bool:
		return boolNode(v)
	case int64:
		n.Kind, n.Text = source.Number, strconv.FormatInt(v, 10)
	case float64:
		n.Kind, n.Text = source.Number, strconv.FormatFloat(v, 'g', -1, 64)
	case string:
		n.Kind, n.Text = source.String, v
	case []any:
		n.Kind = source.Array
		for _, item := range v {
			n.Items = append(n.Items, nodeOf(item, line))
		}
	case map[string]any:
		n.Kind = source.Object
		for _, key := range slices.Sorted(maps.Keys(v)) {
			n.Members = append(n.Members, source.Member{Key: key, Line: line, Value: nodeOf(v[key], line)})
		}
	}
	return n
}

// plainOf returns a value in the types that JSONPath expressions compare: int64 and float64 for
// numbers.
func plainOf(n *source.Node) any {
	switch n.Kind {
	case source.Number:
		if i, err := strconv.ParseInt(n.Text, 10, 64); err == nil {
			return i
		}
		f, _ := strconv.ParseFloat(n.Text, 64) // out of range it is infinite, which compares as it should
		return f
	case source.Array:
		items := make([]any, len(n.Items))
		for i, item := range n.Items {
			items[i] = plainOf(item)
		}
		return items
	case source.Object:
		members := make(map[string]any, len(n.Members))
		for _, m := range n.Members {
			members[m.Key] = plainOf(m.Value)
		}
		return members
	default:
		return n.Any()
	}
}
