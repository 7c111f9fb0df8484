package merge

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ohler55/ojg/jp"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// queried returns a node as JSONPath sees it: objects and arrays as they are, and scalars in the
// types that expressions compare, which are int64 and float64 for numbers.
func queried(n *source.Node) any {
	switch n.Kind {
	case source.Object:
		return keyed{n}
	case source.Array:
		return indexed{n}
	case source.Number:
		if i, err := strconv.ParseInt(n.Text, 10, 64); err == nil {
			return i
		}
		f, _ := strconv.ParseFloat(n.Text, 64) // out of range it is infinite, which compares as it should
		return f
	default:
		return n.Any()
	}
}

// place is a node that an expression matches.
type place struct {
	at             jp.Expr
	target, parent *source.Node // parent is nil for the document itself
}

// find returns what an expression matches, at most max places.
func find(expr jp.Expr, root *source.Node, max int) []place {
	found := expr.Locate(queried(root), max)
	if len(steps(expr)) == 0 && len(expr) == 1 {
		found = []jp.Expr{expr} // the document itself, which Locate leaves out
	}
	places := make([]place, len(found))
	for i, at := range found {
		places[i].at = at
		places[i].target, places[i].parent = follow(root, steps(at))
	}
	slices.SortFunc(places, func(x, y place) int { return strings.Compare(x.at.String(), y.at.String()) })
	return places
}

// keyed is an object in a query. Queries change nothing.
type keyed struct{ *source.Node }

func (k keyed) ValueForKey(key string) (any, bool) {
	if value := k.Get(key); value != nil {
		return queried(value), true
	}
	return nil, false
}

func (k keyed) Keys() []string {
	keys := make([]string, len(k.Members))
	for i, m := range k.Members {
		keys[i] = m.Key
	}
	return keys
}

func (keyed) SetValueForKey(string, any) {}
func (keyed) RemoveValueForKey(string)   {}

// indexed is an array in a query.
type indexed struct{ *source.Node }

func (x indexed) ValueAtIndex(i int) any {
	if i < 0 || i >= len(x.Items) {
		return nil
	}
	return queried(x.Items[i])
}

func (x indexed) Size() int { return len(x.Items) }

func (indexed) SetValueAtIndex(int, any) {}
