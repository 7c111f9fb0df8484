package merge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ohler55/ojg/jp"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// An overlay says what people know and no document does. It is an OpenAPI Overlay 1.0 document
// whose targets are JSONPath expressions over the settled document. Two additions: description is
// the reason for an action, and x-expect is what the target has to look like for the action to make
// sense, as a subset of it (null: the member is not there). An action that matches nothing or finds
// something else than expected is an error, and one that changes nothing a warning, so that a
// correction which upstream has made or moved does not linger. All such actions are reported at
// once.
//
// An action does not change the settled document. What it says is wrapped into a small OpenAPI
// document that holds nothing but the way to the target and the update, and that is read like any
// other source, as the strongest one: so an overlay's facts have positions, losers and provenance
// like all others. The plain copy of the document that targets are looked up in is changed as the
// specification says, so that later actions see what earlier ones did.

// Overlay is an overlay document, read and not yet applied.
type Overlay struct {
	Source  *claim.Source
	Actions []Action
	Read    func(tree *source.Node, src *claim.Source) (*claim.Document, error) // reads an OpenAPI document
}

// Action is one step of an overlay.
type Action struct {
	Target string
	Reason string
	Update *source.Node // nil for a removal
	Remove bool
	Expect *source.Node // nil if nothing is expected
	Line   int
	Index  int // in the overlay
}

// actionKeys are the members of an action.
var actionKeys = []string{"target", "description", "update", "remove", "x-expect"}

// ParseOverlay reads an overlay document. read is the reader for OpenAPI documents.
func ParseOverlay(f source.File, src *claim.Source, read func(*source.Node, *claim.Source) (*claim.Document, error)) (*Overlay, error) {
	tree, err := source.ParseTree(f)
	if err != nil {
		return nil, err
	}
	errs := &source.Collector{}
	fail := func(line int, where, what, do string) {
		errs.Add(source.Position{File: f.Name, Line: line}, where, what, do)
	}
	if v := tree.Get("overlay").Str(); !strings.HasPrefix(v, "1.") {
		fail(tree.Line, "overlay", "no version that is known", "start the document with overlay: 1.0.0")
		return nil, errs.Err()
	}
	for _, m := range tree.Members {
		if !slices.Contains([]string{"overlay", "info", "extends", "actions"}, m.Key) && !strings.HasPrefix(m.Key, "x-") {
			fail(m.Line, m.Key, "overlays have no such member", "use info, extends or actions")
		}
	}
	o := &Overlay{Source: src, Read: read}
	actions := tree.Get("actions")
	if actions == nil || actions.Kind != source.Array {
		fail(tree.Line, "actions", "there is no list of actions", "list the actions, or write actions: []")
		return nil, errs.Err()
	}
	for i, n := range actions.Items {
		where := fmt.Sprintf("actions[%d]", i)
		a := Action{Line: n.Line, Reason: n.Get("description").Str(), Target: n.Get("target").Str(), Update: n.Get("update"), Index: i,
			Remove: n.Get("remove").IsTrue(), Expect: n.Get("x-expect")}
		for _, m := range n.Members {
			near := source.Nearest(m.Key, actionKeys)
			switch {
			case slices.Contains(actionKeys, m.Key):
			case near != "":
				fail(m.Line, where+" "+m.Key, "actions have no such member", "did you mean "+near+"?")
			case !strings.HasPrefix(m.Key, "x-"):
				fail(m.Line, where+" "+m.Key, "actions have no such member", "use target, description, update, remove or x-expect")
			}
		}
		if a.Target == "" {
			fail(n.Line, where, "no target", "give a JSONPath expression")
		}
		if (a.Update == nil) == !a.Remove {
			fail(n.Line, where, "neither update nor remove", "say what is to be done")
		}
		o.Actions = append(o.Actions, a)
	}
	return o, errs.Err()
}

// overlayer applies overlays to what a merger has heard.
type overlayer struct {
	m       *merger
	names   func(ops []*operation) []*operation // names operations as the settled document does
	review  bool                                // outdated actions are not errors
	hints   int                                 // actions for which it was looked where their targets may be
	at      map[string]*operation               // the first of the operations, as many as are indexed, by address
	indexed int
}

// apply hears what the actions of an overlay say, one after the other.
func (v *overlayer) apply(o *Overlay) {
	now := *v.m
	now.ops = v.names(slices.Clone(v.m.ops))
	tree := now.build().Node().Clone() // values in it belong to claims, which do not change
	for i := range o.Actions {
		src := *o.Source
		src.Rank = o.Source.Rank - i
		v.action(&o.Actions[i], o, &src, tree)
	}
}

// What a target may ask for. Each .. multiplies what has to be looked at by the depth of the
// document.
const (
	maxDescents = 3
	maxTarget   = 4096
	maxFound    = source.MaxAlias
)

func (v *overlayer) action(a *Action, o *Overlay, src *claim.Source, tree *source.Node) {
	pos := source.Position{File: o.Source.File, Line: a.Line}
	fail := func(where, what, do string) { v.m.errs.Add(pos, where, what, do) }
	if strings.Count(a.Target, "..") > maxDescents || len(a.Target) > maxTarget {
		fail("target", "the expression asks for too much", fmt.Sprintf("write .. at most %d times, and %d characters at most", maxDescents, maxTarget))
		return
	}
	expr, err := jp.ParseString(a.Target)
	if err != nil {
		fail(a.Target, "not a JSONPath expression: "+err.Error(), "correct the target")
		return
	}
	places := find(expr, tree, maxFound+1)
	if len(places) > maxFound {
		fail(a.Target, fmt.Sprintf("the action matches more than %d places", maxFound), "correct the target")
		return
	}
	if len(places) == 0 {
		if do, gone := v.nothingThere(a, expr, tree); gone {
			v.outdated(settled.Outdated{Pos: pos, Index: a.Index, Target: a.Target, Whole: true, Gone: true})
		} else {
			fail(a.Target, "the action matches nothing", do)
		}
		return
	}
	for _, p := range v.fitting(a, pos, places) {
		doc, err := o.Read(skeleton(tree, steps(p.at), a), src)
		if err != nil {
			v.m.errs.AddErr(o.Source.File, err)
			return
		}
		v.hear(doc)
	}
	for _, p := range places { // also where something else was expected: later actions may count on it
		change(p.target, p.parent, a)
	}
}

// hear takes the claims of one action.
func (v *overlayer) hear(doc *claim.Document) {
	v.m.hearDocument(doc)
	for _, c := range doc.Operations {
		for _, p := range c.Params {
			if p.In == "" || p.Name == "" {
				v.m.errs.Add(source.Position{File: doc.Source.File, Line: p.Line}, c.Method+" "+c.Path, "a parameter that does not say what it is called and where it goes",
					"give it in and name")
				return
			}
		}
		op := v.operation(c.Method, c.Path)
		if op == nil {
			s := newSpelling(doc, c, doc.Source.BasePath)
			v.m.ops = append(v.m.ops, v.m.newOperation(&meeting{spellings: []*spelling{s}}, s))
			continue
		}
		v.m.hear(op, doc.Source, c, nil)
		v.m.place(op)
	}
}

// operation returns the operation with that method and path, nil if there is none.
func (v *overlayer) operation(method, path string) *operation {
	for _, op := range v.m.ops[v.indexed:] {
		v.at[op.address()] = op
	}
	v.indexed = len(v.m.ops)
	return v.at[settled.OperationAddress(method, path)]
}
