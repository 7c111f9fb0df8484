package merge

import (
	"maps"
	"slices"
	"strings"

	"github.com/ohler55/ojg/jp"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// When the documents change under an overlay, an action fits no longer for one of three reasons,
// and each asks for something else: upstream has made the correction, then the action can go; the
// target has moved, then it has to follow; or upstream says something new, then somebody has to
// look.

const (
	saidAlready = "the documents say so already"
	removeIt    = "remove the action"
)

// holds reports whether a target is as an update would make it.
func holds(target any, update *source.Node) bool {
	switch update.Kind {
	case source.Object:
		members, ok := target.(map[string]any)
		if !ok {
			return containsItem(target, update)
		}
		for _, m := range update.Members {
			value, there := members[m.Key]
			if !there || !holds(value, m.Value) {
				return false
			}
		}
		return true
	case source.Array:
		for _, item := range update.Items {
			if !containsItem(target, item) {
				return false
			}
		}
		_, isList := target.([]any)
		return isList
	default:
		return containsItem(target, update) || plainJSON(update.Any()) == plainJSON(target)
	}
}

// containsItem reports whether a target is a list with that item in it.
func containsItem(target any, item *source.Node) bool {
	list, ok := target.([]any)
	want := plainJSON(item.Any())
	return ok && slices.ContainsFunc(list, func(v any) bool { return plainJSON(v) == want })
}

// The most that is done to find out where targets have moved.
const (
	maxHints      = 16 // actions of a run, each of which takes a walk through the document
	maxCandidates = 3  // places in a message; more are too many to be of use
)

// nothingThere says what to do about an action that matches nothing.
func (v *overlayer) nothingThere(a *Action, expr jp.Expr, plain any) string {
	const do = "correct the target, or remove the action if the documents no longer need it"
	if v.hints++; v.hints > maxHints {
		return do
	}
	known := len(expr) - 1 // fragments that match
	for known > 1 && len(expr[:known].Locate(plain, 1)) == 0 {
		known--
	}
	places := besides(a, expr, known, plain)
	if len(places) == 0 {
		places = elsewhere(a, expr, plain)
	}
	switch {
	case len(places) > 0:
		return "it may have moved to " + strings.Join(places, " or ") + ": correct the target, or remove the action"
	case a.Remove && known == len(expr)-1:
		return "what it would remove is not there: remove the action, or correct the target"
	}
	return do
}

// besides looks for the target under a neighbour of the first member on the way to it that is not
// there: a path that has got a prefix, a schema with another name.
func besides(a *Action, expr jp.Expr, known int, plain any) []string {
	name, ok := expr[known].(jp.Child)
	if !ok {
		return nil
	}
	var parents []any
	for _, at := range expr[:known].Locate(plain, maxCandidates) {
		parents = append(parents, at.First(plain))
	}
	if len(parents) == 0 && known <= 1 {
		parents = []any{plain}
	}
	var near, far []string
	for _, parent := range parents {
		members, _ := parent.(map[string]any)
		for _, key := range slices.Sorted(maps.Keys(members)) {
			moved := slices.Concat(expr[:known], jp.Expr{jp.Child(key)}, expr[known+1:])
			if !fits(a, moved, plain) {
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
func elsewhere(a *Action, expr jp.Expr, plain any) []string {
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
	for _, at := range end.Locate(plain, maxCandidates+1) {
		if fits(a, at, plain) {
			places = append(places, at.String())
		}
	}
	slices.Sort(places)
	if places = slices.Compact(places); len(places) > maxCandidates {
		return nil
	}
	return places
}

// fits reports whether an action could be done to another target.
func fits(a *Action, expr jp.Expr, plain any) bool {
	found := expr.Locate(plain, 1)
	if len(found) == 0 {
		return false
	}
	why, _ := unexpected(a.Expect, found[0].First(plain))
	return why == ""
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
