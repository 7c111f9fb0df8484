package merge

import (
	"slices"

	"github.com/ohler55/ojg/jp"

	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// skeleton wraps what an action says into an OpenAPI document that holds only the way from the root
// to the target. Elements of arrays on the way are objects with what identifies them: a parameter's
// in and name.
func skeleton(root *source.Node, way []jp.Frag, a *Action) *source.Node {
	out := source.NewObject(0)
	out.Set("openapi", source.StringNode(settled.OpenAPIVersion, a.Line))
	for _, m := range wrap(root, way, a).Members {
		out.Set(m.Key, m.Value)
	}
	completeSchemes(root, out, a.Line)
	return out
}

// completeSchemes makes security schemes whole: a claim about one is about all of it, and an action
// may say only a part.
func completeSchemes(root, out *source.Node, line int) {
	schemes := out.Get("components").Get("securitySchemes")
	if schemes == nil || schemes.Kind != source.Object {
		return
	}
	for i, m := range schemes.Members {
		there := root.Get("components").Get("securitySchemes").Get(m.Key)
		if there == nil || m.Value.Get(string(removeFact)) != nil {
			continue
		}
		whole := there.Clone()
		mergeInto(whole, m.Value.Clone())
		schemes.Members[i].Value = onLine(whole, line)
	}
}

// steps drops the root of a normalized path.
func steps(at jp.Expr) []jp.Frag {
	return slices.DeleteFunc(slices.Clone(at), func(f jp.Frag) bool {
		switch f.(type) {
		case jp.Child, jp.Nth:
			return false
		}
		return true
	})
}

// follow returns the node at the end of a way, and the one around it. The way must lead somewhere.
func follow(n *source.Node, way []jp.Frag) (target, parent *source.Node) {
	for _, step := range way {
		parent = n
		switch step := step.(type) {
		case jp.Child:
			n = n.Get(string(step))
		case jp.Nth:
			n = n.Items[step]
		}
	}
	return n, parent
}

func wrap(at *source.Node, way []jp.Frag, a *Action) *source.Node {
	if len(way) == 0 {
		return a.said(at)
	}
	step, ok := way[0].(jp.Child)
	if !ok {
		item, _ := follow(at, way[:1])
		return list(a.Line, wrap(item, way[1:], a))
	}
	key, value := string(step), at.Get(string(step))
	out := identity(at, a.Line)
	switch {
	case len(way) == 1 && a.Remove && value.Kind != source.Object: // a keyword is removed from its object
		key, value = string(removeFact), list(a.Line, source.StringNode(key, a.Line))
	case len(way) > 1 && value.Kind == source.Array && key != "parameters":
		// Most elements have no name by which a claim could find them, so the overlay states the
		// array.
		value = value.Clone()
		target, parent := follow(value, way[1:])
		change(target, parent, a)
		value = onLine(value, a.Line)
	default:
		value = wrap(value, way[1:], a)
	}
	out.Set(key, value)
	return out
}

func list(line int, items ...*source.Node) *source.Node {
	return &source.Node{Kind: source.Array, Line: line, Items: items}
}

// said returns the update as it must be in the document.
func (a *Action) said(target *source.Node) *source.Node {
	if a.Remove {
		out := identity(target, a.Line)
		out.Set(string(removeFact), &source.Node{Kind: source.Bool, Text: "true", Line: a.Line})
		return out
	}
	if target.Kind == source.Array && a.Update.Kind != source.Array {
		return joined(target, list(a.Line, a.Update), a.Line)
	}
	return joined(target, a.Update, a.Line)
}

// joined returns an update with its arrays made whole, because a claim replaces what is weaker. The
// old elements come first, and an element that is there already is not repeated: documents may have
// caught up with one part of an action and not with another. Parameters are told apart by name and
// need not be repeated.
func joined(target, update *source.Node, line int) *source.Node {
	switch update.Kind {
	case source.Object:
		out := identity(target, line)
		for _, m := range update.Members {
			if m.Key == "parameters" {
				out.Set(m.Key, m.Value)
				continue
			}
			out.Set(m.Key, joined(target.Get(m.Key), m.Value, line))
		}
		return out
	case source.Array:
		all := list(line)
		if target != nil && target.Kind == source.Array {
			all = onLine(target.Clone(), line)
		}
		return withNew(all, update)
	default:
		return update
	}
}

// withNew adds the elements of another list that a list does not have yet.
func withNew(all, more *source.Node) *source.Node {
	had := all.Items
	for _, item := range more.Items {
		if !slices.ContainsFunc(had, item.Equal) {
			all.Items = append(all.Items, item)
		}
	}
	return all
}

// identity returns an object with what identifies it among its neighbours: the in and name of a
// parameter.
func identity(of *source.Node, line int) *source.Node {
	out := source.NewObject(line)
	if in, name := of.Get("in").Str(), of.Get("name").Str(); in != "" && name != "" {
		out.Set("in", source.StringNode(in, line))
		out.Set("name", source.StringNode(name, line))
	}
	return out
}

// change does to a node what the action says, as the Overlay specification has it.
func change(target, parent *source.Node, a *Action) {
	switch {
	case a.Remove && parent != nil:
		parent.Items = slices.DeleteFunc(parent.Items, func(n *source.Node) bool { return n == target })
		parent.Members = slices.DeleteFunc(parent.Members, func(m source.Member) bool { return m.Value == target })
	case a.Remove:
	case target.Kind == source.Object:
		mergeInto(target, a.Update.Clone())
	case target.Kind == source.Array && a.Update.Kind == source.Array:
		withNew(target, a.Update.Clone())
	case target.Kind == source.Array:
		withNew(target, list(0, a.Update.Clone()))
	default:
		*target = *a.Update.Clone()
	}
}

func mergeInto(target, update *source.Node) {
	for _, m := range update.Members {
		switch old := target.Get(m.Key); {
		case old != nil && old.Kind == source.Object && m.Value.Kind == source.Object:
			mergeInto(old, m.Value)
		case old != nil && old.Kind == source.Array && m.Value.Kind == source.Array:
			withNew(old, m.Value)
		default:
			target.Set(m.Key, m.Value)
		}
	}
}
