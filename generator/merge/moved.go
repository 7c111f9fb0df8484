package merge

import (
	"slices"
	"strings"

	"github.com/ohler55/ojg/jp"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// The most that is done to find out where targets have moved.
const (
	maxHints      = 16 // actions of a run, each of which takes a walk through the document
	maxCandidates = 3  // places in a message; more are too many to be of use
)

// nothingThere says what to do about an action that matches nothing, and reports whether it is the
// removal of something that has gone by itself.
func (v *overlayer) nothingThere(a *Action, expr jp.Expr, tree *source.Node) (do string, gone bool) {
	do = "correct the target, or remove the action if the documents no longer need it"
	if v.hints++; v.hints > maxHints {
		return do, false
	}
	known := len(expr) - 1 // fragments that match
	for known > 1 && len(find(expr[:known], tree, 1)) == 0 {
		known--
	}
	places := besides(a, expr, known, tree)
	if len(places) == 0 {
		places = elsewhere(a, expr, tree)
	}
	if len(places) > 0 {
		return "it may have moved to " + strings.Join(places, " or ") + ": correct the target, or remove the action", false
	}
	return do, a.Remove && known == len(expr)-1
}

// besides looks for the target under a neighbour of the first member on the way to it that is not
// there: a path that has got a prefix, a schema with another name.
func besides(a *Action, expr jp.Expr, known int, tree *source.Node) []string {
	name, ok := expr[known].(jp.Child)
	if !ok {
		return nil
	}
	var parents []*source.Node
	for _, p := range find(expr[:known], tree, maxCandidates) {
		parents = append(parents, p.target)
	}
	var near, far []string
	for _, parent := range parents {
		for _, key := range slices.Sorted(slices.Values(keyed{parent}.Keys())) {
			moved := slices.Concat(expr[:known], jp.Expr{jp.Child(key)}, expr[known+1:])
			if !fits(a, moved, tree) {
				continue
			}
			if similar(string(name), key) {
				near = append(near, moved.String())
			} else {
				far = append(far, moved.String())
			}
		}
	}
	near, far = slices.Compact(near), slices.Compact(far)
	switch {
	case len(near) > 0:
		return near[:min(len(near), maxCandidates)]
	case len(far) <= maxCandidates && len(expr) > known+2:
		return far
	}
	return nil
}

// elsewhere looks for the end of a target, two steps at least, anywhere in the document.
func elsewhere(a *Action, expr jp.Expr, tree *source.Node) []string {
	start := len(expr) - 2
	for ; start > 1; start-- {
		if _, ok := expr[start].(jp.Child); ok {
			break
		}
	}
	if start <= 1 {
		return nil
	}
	var places []string
	end := slices.Concat(jp.Expr{jp.Root('$'), jp.Descent('.')}, expr[start:])
	for _, p := range find(end, tree, maxCandidates+1) {
		if len(unexpected(a.Expect, p.target, nil)) == 0 {
			places = append(places, p.at.String())
		}
	}
	slices.Sort(places)
	if places = slices.Compact(places); len(places) > maxCandidates {
		return nil
	}
	return places
}

// fits reports whether an action could be done to another target.
func fits(a *Action, expr jp.Expr, tree *source.Node) bool {
	found := find(expr, tree, 1)
	if len(found) == 0 {
		return false
	}
	return len(unexpected(a.Expect, found[0].target, nil)) == 0
}

// similar reports whether one name may have become the other: paths of which one is the end of the
// other, or whose last two segments are the same, whatever their parameters are called; and words
// of which one holds the other.
func similar(a, b string) bool {
	if strings.HasPrefix(a, "/") && strings.HasPrefix(b, "/") {
		x, y := shapeOf(a), shapeOf(b)
		last := x[strings.LastIndex(x[:strings.LastIndex(x, "/")], "/")+1:]
		return strings.HasSuffix(x, y) || strings.HasSuffix(y, x) || strings.Contains(last, "/") && strings.HasSuffix(y, "/"+last)
	}
	x, y := strings.ToLower(a), strings.ToLower(b)
	return len(x) > 2 && len(y) > 2 && (strings.Contains(x, y) || strings.Contains(y, x))
}

// shapeOf leaves the names of parameters out of a path.
func shapeOf(path string) string {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		if strings.HasPrefix(s, "{") {
			segments[i] = "{}"
		}
	}
	return strings.Join(segments, "/")
}
