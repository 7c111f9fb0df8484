package merge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// When the documents change under an overlay, an action no longer fits for one of four reasons, and
// each asks for something else. The documents say what it says: then it can go. They fill the hole
// that it filled, with another value: then somebody has to choose between the two. Its target has
// moved: then it has to follow (moved.go). Or something that it counts on is different: then
// somebody has to look.

// fitting returns the places at which an action finds what it expects, and reports the others.
func (v *overlayer) fitting(a *Action, pos source.Position, places []place) []place {
	if a.Update != nil && !slices.ContainsFunc(places, func(p place) bool { return !holds(p.target, a.Update) }) {
		v.outdated(settled.Outdated{Pos: pos, Index: a.Index, Target: a.Target, Whole: true})
		return places
	}
	var fit []place
	var missed []missed
	for _, p := range places {
		found := unexpected(a.Expect, p.target, nil)
		if len(found) == 0 {
			fit = append(fit, p)
		}
		for _, m := range found {
			m.place = p
			missed = append(missed, m)
		}
	}
	if len(missed) > 0 {
		v.missed(a, pos, places, missed)
	}
	return fit
}

// outdated remembers an action that the documents have caught up with.
func (v *overlayer) outdated(o settled.Outdated) { v.m.outdated = append(v.m.outdated, o) }

// holds reports whether a target is as an update would make it.
func holds(target, update *source.Node) bool {
	switch {
	case update.Kind == source.Object && target.Kind == source.Object:
		for _, m := range update.Members {
			if value := target.Get(m.Key); value == nil || !holds(value, m.Value) {
				return false
			}
		}
		return true
	case update.Kind == source.Array && target.Kind == source.Array:
		return !slices.ContainsFunc(update.Items, func(item *source.Node) bool { return !slices.ContainsFunc(target.Items, item.Equal) })
	default:
		return update.Equal(target) || slices.ContainsFunc(target.Items, update.Equal)
	}
}

// missed is a member of x-expect that is not as expected.
type missed struct {
	place  place
	path   []string     // the keys that lead to it
	expect *source.Node // the value that is expected; null for none
	found  *source.Node // the value that is there; nil for none
	line   int          // in the overlay
}

// unexpected returns what is not as an action expects it. Path leads to expect.
func unexpected(expect, found *source.Node, path []string) []missed {
	if expect == nil {
		return nil
	}
	if expect.Kind != source.Object || found.Kind != source.Object {
		if expect.Equal(found) {
			return nil
		}
		return []missed{{path: path, expect: expect, found: found, line: expect.Line}}
	}
	var all []missed
	for _, m := range expect.Members {
		value, at := found.Get(m.Key), slices.Concat(path, []string{m.Key})
		switch {
		case value == nil && m.Value.Kind == source.Null:
		case value == nil || m.Value.Kind == source.Null:
			all = append(all, missed{path: at, expect: m.Value, found: value, line: m.Line})
		default:
			all = append(all, unexpected(m.Value, value, at)...)
		}
	}
	return all
}

// missed reports an action that does not find what it expects. Where the documents fill what its
// update fills, the document's value can be accepted; where they do not, somebody has to look.
func (v *overlayer) missed(a *Action, pos source.Position, places []place, all []missed) {
	out := settled.Outdated{Pos: pos, Index: a.Index, Target: a.Target}
	var errs []*source.Error
	open := false
	for _, m := range all {
		update := memberAt(a.Update, m.path)
		if update == nil || m.found == nil {
			open = true
			errs = append(errs, m.mustBeLookedAt(pos.File))
			continue
		}
		out.Expect = append(out.Expect, m.path)
		filled := filledBy(update, m.found, m.path)
		out.Filled = append(out.Filled, filled...)
		errs = append(errs, m.mustBeChosen(pos.File, filled)...)
	}
	for _, p := range places {
		for _, f := range filledBy(a.Update, p.target, nil) {
			if f.Same {
				out.Filled = append(out.Filled, f)
			}
		}
	}
	out.Filled = inAllPlaces(out.Filled, a, places, &errs, pos)
	if v.review && !open {
		v.outdated(out)
		return
	}
	for _, e := range errs {
		v.m.errs.AddErr(pos.File, e)
	}
}

// inAllPlaces returns, once each, the members that the documents have wherever the action applies.
// One that they contradict in some places and leave open in others has to stay, and is an error.
func inAllPlaces(filled []settled.Filled, a *Action, places []place, errs *[]*source.Error, pos source.Position) []settled.Filled {
	var all []settled.Filled
	for _, f := range filled {
		missing := slices.ContainsFunc(places, func(p place) bool {
			value := memberAt(p.target, f.Path)
			return value == nil || f.Same && !holds(value, memberAt(a.Update, f.Path))
		})
		known := slices.ContainsFunc(all, func(other settled.Filled) bool {
			return slices.Equal(other.Path, f.Path) && other.Document == f.Document
		})
		switch {
		case missing && !f.Same:
			*errs = append(*errs, &source.Error{Pos: pos, Where: a.Target, What: strings.Join(f.Path, ".") + " is filled by the documents in some places that the action matches, and not in others",
				Do: "narrow the target to the places that they leave open"})
		case !missing && !known:
			all = append(all, f)
		}
	}
	return all
}

// memberAt returns the member that keys lead to, or nil.
func memberAt(n *source.Node, path []string) *source.Node {
	for _, key := range path {
		n = n.Get(key)
	}
	return n
}

// filledBy returns the members of an update that the documents have as well. Path leads to it.
func filledBy(update, found *source.Node, path []string) []settled.Filled {
	if update == nil || found == nil {
		return nil
	}
	if update.Kind != source.Object || found.Kind != source.Object {
		return []settled.Filled{{Path: path, Same: holds(found, update), Action: briefly(update.JSON()), Document: briefly(found.JSON())}}
	}
	var all []settled.Filled
	for _, m := range update.Members {
		all = append(all, filledBy(m.Value, found.Get(m.Key), slices.Concat(path, []string{m.Key}))...)
	}
	return all
}

// mustBeLookedAt is the error about something that an action counts on.
func (m missed) mustBeLookedAt(file string) *source.Error {
	return &source.Error{Pos: source.Position{File: file, Line: m.line}, Where: m.place.at.String(), What: m.expected(),
		Do: "check whether the documents have changed; remove or correct the action"}
}

// expected says what an action expects and what it finds.
func (m missed) expected() string {
	name := strings.Join(m.path, ".")
	found := "none"
	if m.found != nil {
		found = briefly(m.found.JSON())
	}
	if m.expect.Kind == source.Null {
		return "expected no " + name + ", found " + found
	}
	return strings.TrimSpace("expected "+name) + " " + m.expect.JSON() + ", found " + found
}

// mustBeChosen is the errors about values of an action and of the documents, of which one has to
// go.
func (m missed) mustBeChosen(file string, filled []settled.Filled) []*source.Error {
	const do = "run auditgen overlay yield to accept that, or expect that value to overrule it"
	pos, where := source.Position{File: file, Line: m.line}, m.place.at.String()
	var all []*source.Error
	for _, f := range filled {
		if !f.Same {
			what := fmt.Sprintf("%s is %s in the documents now, and %s in the action", strings.Join(f.Path, "."), f.Document, f.Action)
			all = append(all, &source.Error{Pos: pos, Where: where, What: what, Do: do, Err: settled.ErrContradicted})
		}
	}
	if len(all) == 0 {
		what := m.expected() + ", which does not contradict the action"
		all = append(all, &source.Error{Pos: pos, Where: where, What: what, Do: "run auditgen overlay yield to drop the expectation",
			Err: settled.ErrContradicted})
	}
	return all
}

// briefly cuts a value for a message.
func briefly(value string) string {
	const enough = 100
	if r := []rune(value); len(r) > enough {
		return string(r[:enough]) + "…"
	}
	return value
}
