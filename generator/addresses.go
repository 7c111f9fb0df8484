package generator

import (
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/settled"
)

// Addresses returns the addresses that a name stands for: a Go name of an operation or a type, an
// operationId as a document spells it, its last part, or the name of a schema. Case does not matter.
func (o *Output) Addresses(name string) []string {
	var all []string
	add := func(address string, names ...string) {
		same := func(one string) bool { return strings.EqualFold(one, name) }
		if address != "" && slices.ContainsFunc(names, same) && !slices.Contains(all, address) {
			all = append(all, address)
		}
	}
	for _, op := range o.Document.Operations {
		add(op.Address, operationIDs(op)...)
	}
	for _, s := range o.Document.Schemas {
		add(s.Address, s.Name)
	}
	if o.API == nil {
		return all
	}
	for _, group := range o.API.Groups {
		for _, op := range group.Operations {
			add(settled.OperationAddress(op.Method, op.Path), operationNames(op)...)
		}
	}
	for _, m := range o.API.Models {
		add(m.Address, m.Name)
	}
	for _, e := range o.API.Enums {
		add(e.Address, e.Name)
	}
	for _, u := range o.API.Unions {
		add(u.Address, u.Name)
	}
	return all
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
