package resolve

import (
	"fmt"
	"maps"
	"slices"

	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/lock"
	"github.com/seed-1954497d/auditgen/generator/naming"
	"github.com/seed-1954497d/auditgen/generator/settled"
)

// Identifiers are called after operations: GetAuditRecordsParams, CreateAuditRecordRequest,
// AllAuditRecords. Whoever comes first has the name, and whoever comes later gets a number behind
// it. An operation of the lock comes before everything that is new:
//
//   - what it got instead of a name that was taken, and what the lock therefore knows, is its own from the start;
//   - names of its parameters, request and response that nothing had are its own before any schema is named;
//   - all else it takes before the operations that the lock does not have.
//
// So that nothing moves in the run after, which has all operations in the lock, what an operation
// did not get is recorded.

// names hands out the identifiers of a package.
type names struct {
	*shapes
	types, methods *naming.Scope
	derived        map[string]*derived            // by Go name of the operation
	current        *derived                       // of the operation that is being resolved; nil while schemas are
	all            []*givenName                   // by x-go-type-name, in document order
	given          map[*settled.Schema]*givenName // the same by schema
	givenTo        map[string]*givenName          // those that can be had, by name
}

// newNames keeps the identifiers that cannot be had and those that are promised.
func newNames(s *shapes, types, methods []string) *names {
	r := &names{shapes: s, types: naming.NewScope(types...), methods: naming.NewScope(methods...), derived: map[string]*derived{},
		given: map[*settled.Schema]*givenName{}, givenTo: map[string]*givenName{}}
	r.hear()
	r.reserve()
	r.give()
	return r
}

// derived is the identifiers of one operation.
type derived struct {
	name    string // of the operation
	pinned  bool
	instead map[string]string // for identifiers that could not be had those that are used
	own     map[string]bool   // identifiers that are kept for it
	asked   map[string]bool
}

// reserve keeps the identifiers of the operations that the lock has.
func (r *names) reserve() {
	for _, op := range r.doc.Operations {
		d := &derived{name: op.Name, own: map[string]bool{}, asked: map[string]bool{}}
		r.derived[op.Name] = d
		r.methods.Reserve(op.Name)
		if op.Pin != nil {
			d.pinned, d.instead = true, maps.Clone(op.Pin.Instead)
		}
	}
	owner := map[identifier]string{}
	for _, op := range r.doc.Operations {
		if op.Pin == nil {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(op.Pin.Instead)) {
			r.reserveInstead(op.Pin, name, owner)
		}
	}
	for _, op := range r.doc.Operations {
		d := r.derived[op.Name]
		for _, name := range r.direct(op) {
			if d.pinned && d.instead[name] == "" && r.types.Free(name) {
				r.types.Reserve(name)
				d.own[name] = true
			}
		}
	}
}

// identifier is a name in its scope: methods and types may have the same.
type identifier struct {
	scope *naming.Scope
	name  string
}

// scopeOf tells what an identifier that is called after an operation is: a method of Client that
// walks through a listing, or else a type.
func (r *names) scopeOf(operation, name string) *naming.Scope {
	if name == naming.Fit(naming.Pager(operation)) || name == naming.Fit(naming.Iterator(operation)) || name == naming.Fit(naming.Follower(operation)) {
		return r.methods
	}
	return r.types
}

// reserveInstead keeps an identifier that the lock has in the place of another.
func (r *names) reserveInstead(pin *lock.Operation, name string, owner map[identifier]string) {
	used := identifier{r.scopeOf(pin.Name, name), pin.Instead[name]}
	address := settled.OperationAddress(pin.Method, pin.Path)
	switch other, taken := owner[used]; {
	case taken:
		r.errs.Add(pin.Pos, address, fmt.Sprintf("%s stands for its %s, and for one of %s", used.name, name, other), "remove one of them under instead")
	case used.scope == r.methods && r.derived[used.name] != nil:
		r.errs.Add(pin.Pos, address, fmt.Sprintf("%s stands for its %s, and is the name of an operation", used.name, name), "remove it under instead, or rename the operation")
	case !used.scope.Free(used.name):
		r.errs.Add(pin.Pos, address, fmt.Sprintf("%s stands for its %s, and every generated package has one", used.name, name), "remove it under instead")
	default:
		owner[used] = address
		used.scope.Reserve(used.name)
	}
}

// direct returns the names of the types that are made for an operation alone.
func (r *names) direct(op *settled.Operation) []string {
	var names []string
	if slices.ContainsFunc(op.Parameters, func(p *settled.Parameter) bool { return p.In != "path" }) {
		names = append(names, naming.Fit(op.Name+"Params"))
	}
	if op.Body != nil {
		if m := pickMedia(op.Body.Content); m != nil {
			kind := bodyKind(m.Type, m.Schema)
			if kind == ir.BodyUpload && r.isForm(m.Schema) {
				names = append(names, naming.Fit(op.Name+"Form"))
			}
			if (kind == ir.BodyJSON || kind == ir.BodyForm) && r.nameless(m.Schema) {
				names = append(names, naming.Fit(op.Name+"Request"))
			}
		}
	}
	if a := answerOf(op); a != nil && a.isJSON() && r.nameless(a.media.Schema) {
		names = append(names, naming.Fit(op.Name+"Response"))
	}
	return names
}

// nameless reports whether typeOf makes a model, an enum or a union of a schema that no name leads
// to.
func (r *names) nameless(s *settled.Schema) bool {
	if name, _ := target(s); name != "" || s == nil {
		return false
	}
	if g := r.given[s]; g != nil && g.refused == "" {
		return false // its name does not come from the operation
	}
	if p := r.planOf(s); p.isUnion() || len(p.variants) > 0 {
		return p.isUnion() || len(p.variants[0].parts) == 1 && r.nameless(p.variants[0].parts[0])
	}
	return timeExtension(s) == "" && (r.isModel(s) || isEnum(s))
}

// take returns an identifier of the package, or of Client, that is free. What is called after an
// operation is the same in each run.
func (r *names) take(scope *naming.Scope, name string) string {
	d := r.current
	name = naming.Fit(name)
	if d == nil || d.asked[name] || scope != r.scopeOf(d.name, name) {
		return r.takeFree(scope, name)
	}
	d.asked[name] = true
	if used := d.instead[name]; used != "" {
		return used
	}
	if d.own[name] {
		return name
	}
	got := r.takeFree(scope, name)
	if got != name {
		if d.instead == nil {
			d.instead = map[string]string{}
		}
		d.instead[name] = got
	}
	return got
}

// takeFree takes a name of the scope, and reports a name that is not free because x-go-type-name
// gives it to a schema.
func (r *names) takeFree(scope *naming.Scope, name string) string {
	got := scope.Take(name)
	if got != name && scope == r.types {
		r.displaced(name, got)
	}
	return got
}
