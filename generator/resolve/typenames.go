package resolve

import (
	"fmt"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/naming"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// x-go-type-name gives the Go type of a schema its name. The types of shapes inside the schema are
// named after it. Given names are reserved before all others, except those of locked operations. If
// a name is not free, an overlay gets an error, because its author is at hand. A document gets a
// note, and the type keeps the name it would have had. The same holds for a name on a value that
// has no type of its own.

// givenName is the name that x-go-type-name gives to a schema.
type givenName struct {
	settled.Said
	schema  *settled.Schema
	refused string // why it cannot be had; empty if it can
	used    bool   // a type was made of the schema
}

// hear collects the names that schemas are given, and refuses those that are no Go names.
func (r *names) hear() {
	for e, s := range r.doc.All() {
		f := e.Fact(claim.TypeName)
		if s == nil || f == nil {
			continue
		}
		g := &givenName{Said: f.Won, schema: s}
		if !naming.IsExported(g.Value) {
			g.refused = "it is not an exported Go identifier"
		}
		r.given[s] = g
		r.all = append(r.all, g)
	}
}

// give reserves the names that are free.
func (r *names) give() {
	derived := r.derivedNames()
	for _, g := range r.all {
		text := g.Value
		if g.refused == "" {
			switch other := r.givenTo[text]; {
			case other != nil:
				g.refused = "that is the name of " + other.schema.Address
			case !r.types.Free(text):
				g.refused = "every generated package has that name, or an operation of the lock does"
			case derived[text] != "":
				g.refused = "that is the name of " + derived[text]
			}
		}
		if g.refused == "" {
			r.types.Reserve(text)
			r.givenTo[text] = g
		} else if g.fromOverlay() {
			r.fail(g, fmt.Sprintf("x-go-type-name %.100q: %s", text, g.refused), "choose another name")
		}
	}
}

// derivedNames returns the Go names of the schemas that are called after themselves, and their
// addresses.
func (r *names) derivedNames() map[string]string {
	derived := map[string]string{}
	if len(r.all) == 0 {
		return derived
	}
	for _, s := range r.doc.Schemas {
		if g := r.given[s]; (g == nil || g.refused != "") && r.hasType(s) {
			derived[naming.Fit(naming.Exported(s.Name))] = s.Address
		}
	}
	return derived
}

// typeName returns the identifier of a new type: the name that its schema is given, else the name
// derived from its place.
func (r *names) typeName(h hint) string {
	g := h.given
	if g != nil && g.refused == "" && !g.used {
		g.used = true
		return g.Value
	}
	name := r.take(r.types, h.name)
	if g != nil && g.refused != "" && !g.used {
		g.used = true
		r.note(g.schema.Address, fmt.Sprintf("x-go-type-name %.100q: %s", g.Value, g.refused), "the type is "+name)
	}
	return name
}

// withName returns the hint with the name that its schema is given, if there is one.
func (h hint) withName(g *givenName) hint {
	if g != nil {
		h.given = g
	}
	return h
}

// key returns the name by which the types of one schema are told apart.
func (h hint) key() string {
	if h.given != nil && h.given.refused == "" {
		return h.given.Said.Value
	}
	return h.name
}

// displaced reports an identifier that did not get its name, because x-go-type-name gives that name
// to a schema.
func (r *names) displaced(name, got string) {
	g := r.givenTo[name]
	switch {
	case g == nil:
	case g.fromOverlay():
		r.fail(g, fmt.Sprintf("x-go-type-name %.100q: another identifier of the package has that name", name), "choose another name, or name that one too")
	default:
		r.note(g.schema.Address, fmt.Sprintf("x-go-type-name %.100q: another identifier would have that name", name), "the other one is "+got)
	}
}

// check reports the names on values that have no type of their own.
func (r *names) check() {
	for _, g := range r.all {
		switch {
		case g.used:
		case g.fromOverlay() && g.refused == "":
			r.fail(g, fmt.Sprintf("x-go-type-name %.100q: the value has no Go type of its own", g.Value), "put it on an object with members, an enum or a union, or remove it")
		case !g.fromOverlay():
			r.note(g.schema.Address, fmt.Sprintf("x-go-type-name %.100q: the value has no Go type of its own", g.Value), "the name is not used")
		}
	}
}

func (g *givenName) fromOverlay() bool { return g.Source.Kind == claim.Overlay }

func (r *names) fail(g *givenName, what, do string) {
	r.errs.Add(source.Position{File: g.Source.File, Line: g.Line}, g.schema.Address, what, do)
}
