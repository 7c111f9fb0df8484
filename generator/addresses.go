package generator

import (
	"iter"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// Addresses returns the addresses that a name stands for: a Go name of an operation or a type, an
// operationId as a document spells it, its last part, or the name of a schema. Case does not
// matter.
func (o *Output) Addresses(name string) []string {
	var all []string
	for one, address := range o.names() {
		if strings.EqualFold(one, name) && address != "" && !slices.Contains(all, address) {
			all = append(all, address)
		}
	}
	return all
}

// NearestName returns the name that a misspelt one most likely means, "" if none is near.
func (o *Output) NearestName(name string) string {
	var known []string
	for one := range o.names() {
		known = append(known, one)
	}
	return source.Nearest(name, known)
}

// names yields names and the addresses that they stand for.
func (o *Output) names() iter.Seq2[string, string] {
	return func(yield func(name, address string) bool) {
		done := false
		all := func(address string, names ...string) {
			for _, name := range names {
				done = done || name != "" && !yield(name, address)
			}
		}
		for _, op := range o.Document.Operations {
			all(op.Address, operationIDs(op)...)
		}
		for _, s := range o.Document.Schemas {
			all(s.Address, s.Name)
		}
		if o.API == nil {
			return
		}
		for _, group := range o.API.Groups {
			for _, op := range group.Operations {
				all(settled.OperationAddress(op.Method, op.Path), operationNames(op)...)
			}
		}
		for _, m := range o.API.Models {
			all(m.Address, m.Name)
		}
		for _, e := range o.API.Enums {
			all(e.Address, e.Name)
		}
		for _, u := range o.API.Unions {
			all(u.Address, u.Name)
		}
	}
}

// operationIDs returns the operationIds that documents give an operation, whole and short.
func operationIDs(op *settled.Operation) []string {
	all := []string{op.Text("operationId")}
	if f := op.Fact(claim.OperationID); f != nil {
		for _, s := range slices.Concat([]settled.Said{f.Won}, f.Agreed, f.Lost) {
			all = append(all, s.Value)
		}
	}
	return all
}
