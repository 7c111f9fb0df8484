package merge

import (
	"slices"
	"strconv"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// removeFact is how an overlay takes something away: true for the thing itself, or the names of its
// facts.
const removeFact claim.Name = "x-auditgen-remove"

// said is one claim together with its source.
type said struct {
	claim.Fact
	src *claim.Source
}

// facts is everything that is said about one address.
type facts []said

func (f *facts) add(src *claim.Source, more claim.Facts) {
	for _, fact := range more {
		*f = append(*f, said{fact, src})
	}
}

// stronger orders claims: what is stated before what a sample shows, then by the rank of the
// source.
func stronger(a, b said) int {
	if a.Weak != b.Weak {
		if a.Weak {
			return 1
		}
		return -1
	}
	return a.src.Rank - b.src.Rank
}

// fewFacts is how many facts may be searched from first to last.
const fewFacts = 16

// decision is how one fact was settled.
type decision struct {
	name claim.Name
	won  said
	rest []said // the others, strongest first
}

// decide settles every fact of one address, in the order in which the facts were first named by the
// strongest sources. What an overlay removed is left out unless something stronger says it again.
func (f facts) decide() []decision {
	sorted := slices.Clone(f)
	slices.SortStableFunc(sorted, stronger)
	removals := f.removals()
	out := make([]decision, 0, min(len(f), fewFacts))
	var removed []said
	var at map[claim.Name]int // where the decision about each name is, once there are many
	find := func(name claim.Name) int {
		if len(out) <= fewFacts {
			return slices.IndexFunc(out, func(d decision) bool { return d.name == name })
		}
		for i := len(at); i < len(out); i++ {
			if at == nil {
				at = make(map[claim.Name]int, len(f))
			}
			at[out[i].name] = i
		}
		if i, ok := at[name]; ok {
			return i
		}
		return -1
	}
	for _, s := range sorted {
		switch i := find(s.Name); {
		case s.Name == removeFact || s.Name == claim.Presence:
		case removals.removed(s):
			removed = append(removed, s)
		case i < 0:
			out = append(out, decision{name: s.Name, won: s})
		default:
			out[i].rest = append(out[i].rest, s)
		}
	}
	for _, s := range removed {
		if i := find(s.Name); i >= 0 {
			out[i].rest = append(out[i].rest, s)
		}
	}
	for i := range out {
		out[i].widen()
	}
	return out
}

// removals returns the claims that take others away. There are none but those of overlays.
func (f facts) removals() facts {
	var all facts
	for _, s := range f {
		if s.Name == removeFact {
			all = append(all, s)
		}
	}
	return all
}

// removed reports whether a stronger claim among these removals takes s away.
func (f facts) removed(s said) bool {
	for _, r := range f {
		if r.src.Rank >= s.src.Rank {
			continue
		}
		if names, ok := r.Value.(*source.Node); ok {
			for _, item := range names.Items {
				if item.Str() == string(s.Name) {
					return true
				}
			}
		}
	}
	return false
}

// gone reports whether an overlay removed the thing itself.
func (f facts) gone() bool {
	for _, r := range f {
		if node, ok := r.Value.(*source.Node); ok && r.Name == removeFact && node.IsTrue() {
			return true
		}
	}
	return false
}

// get returns the winning claim of one name.
func (f facts) get(name claim.Name) (said, bool) {
	best, found := said{}, false
	removals := f.removals()
	for _, s := range f {
		if s.Name == name && (!found || stronger(s, best) < 0) && !removals.removed(s) {
			best, found = s, true
		}
	}
	return best, found
}

// text returns the winning value of a fact as a string, "" where nobody says it.
func (f facts) text(name claim.Name) string {
	s, ok := f.get(name)
	if !ok {
		return ""
	}
	return s.Text()
}

// widen lets two samples that show 1 and 1.5 agree on number.
func (d *decision) widen() {
	if d.name != claim.Type || !d.won.Weak || d.won.Value != "integer" {
		return
	}
	for i, other := range d.rest {
		if other.Weak && other.Value == "number" {
			d.won, d.rest[i] = other, d.won
			return
		}
	}
}

// fact returns a decision with everyone who spoke about it.
func (d *decision) fact() settled.Fact {
	out := settled.Fact{Name: d.name, Won: sayIt(d.won)}
	for _, other := range d.rest {
		if sameValue(d.won, other) {
			out.Agreed = append(out.Agreed, sayIt(other))
			continue
		}
		out.Lost = append(out.Lost, sayIt(other))
		if d.won.src.Kind != claim.Overlay && contradicts(d.name, d.won, other) {
			out.Conflict = true
		}
	}
	return out
}

func sayIt(s said) settled.Said {
	return settled.Said{Value: s.Text(), Source: s.src, Line: s.Line, Weak: s.Weak}
}

func sameValue(a, b said) bool {
	x, okX := a.Value.(*source.Node)
	y, okY := b.Value.(*source.Node)
	if okX && okY {
		// A collection writes "1000" where a specification writes 1000: a scalar is compared by its
		// text.
		return x.Equal(y) || x.Kind < source.Array && y.Kind < source.Array && x.Text == y.Text
	}
	return strings.TrimSpace(a.Text()) == strings.TrimSpace(b.Text())
}

// contradicts reports whether a disagreement is a conflict: it is about what goes over the wire.
func contradicts(name claim.Name, won, lost said) bool {
	switch name {
	case claim.Type:
		integers := won.Text() == "number" && lost.Text() == "integer" || lost.Weak && won.Text() == "integer" && lost.Text() == "number"
		return !integers
	case claim.Required, claim.Default, claim.Ref:
		return true
	default:
		return false
	}
}

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
