package merge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/lock"
	"github.com/seed-1954497d/auditgen/generator/naming"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// namer names the operations. What the lock says about an operation is its name, in Go and, with a
// small letter in front, as its operationId. All others get what is left.
type namer struct {
	pins      []lock.Operation // the lock so far
	methods   []string         // names that no operation can have
	schemas   *schemas
	errs      *source.Collector
	locked    []lock.Operation // the lock of the next run
	lockNotes []*source.Error
}

// name drops the operations that an overlay removed, and names the others. It looks at all of them,
// so that leaving some out does not rename the rest.
func (n *namer) name(ops []*operation) []*operation {
	ops = slices.DeleteFunc(ops, func(o *operation) bool { return o.facts.gone() })
	named := make([]naming.Operation, len(ops))
	for i, op := range ops {
		op.pin = nil
		named[i] = naming.Operation{ID: op.facts.text(claim.OperationID), Summary: op.facts.text(claim.Summary), Method: op.method, Path: op.path}
	}
	names := naming.OperationNames(named, n.methods...)
	if len(n.pins) > 0 {
		names = n.follow(ops, named, names)
	}
	for i, name := range names {
		ops[i].name = name
	}
	return ops
}

// follow finds the operations of the lock, and names all operations again, now with those names
// first.
func (n *namer) follow(ops []*operation, named []naming.Operation, names []naming.Name) []naming.Name {
	now := make([]lock.Operation, len(ops))
	for i, op := range ops {
		now[i] = n.lockOf(op)
		now[i].Name = names[i].Go
	}
	followed := lock.Follow(n.pins, now)
	n.locked, n.lockNotes = followed.Gone, followed.Notes
	reserved := slices.Clone(n.methods)
	for _, gone := range followed.Gone {
		reserved = append(reserved, gone.Name)
	}
	for i, pin := range followed.Pins {
		if pin == nil {
			continue
		}
		if slices.Contains(n.methods, pin.Name) {
			n.errs.Add(pin.Pos, ops[i].address(), fmt.Sprintf("its name %s is that of a method that every Client has", pin.Name), "write another name")
		}
		ops[i].pin, named[i].Pinned = pin, pin.Name
		reserved = append(reserved, namesBeside(pin)...)
	}
	return naming.OperationNames(named, reserved...)
}

// namesBeside returns the methods that an operation of the lock may have besides its own: no new
// operation is called like one of them.
func namesBeside(pin *lock.Operation) []string {
	var all []string
	for _, name := range pin.Instead {
		all = append(all, name)
	}
	if pin.Method == "GET" || pin.Method == "POST" {
		all = append(all, naming.Pager(pin.Name), naming.Iterator(pin.Name), naming.Follower(pin.Name))
	}
	return all
}

// choose leaves out the operations that are not wanted, and writes the lock of the next run: it has
// those that are wanted, those that it had before and that are only not wanted now, and those that
// are gone.
func (n *namer) choose(ops []*operation, keep func(Candidate) bool) []*operation {
	ops = slices.DeleteFunc(ops, func(o *operation) bool {
		wanted := keep == nil || keep(o.candidate())
		if wanted || o.pin != nil {
			next := n.lockOf(o)
			next.Name = o.name.Go
			if o.pin != nil {
				next.Instead, next.Pos = o.pin.Instead, o.pin.Pos
			}
			n.locked = append(n.locked, next)
		}
		return !wanted
	})
	slices.SortFunc(n.locked, lock.Compare)
	return ops
}

// lockOf says what an operation is recognised by.
func (n *namer) lockOf(op *operation) lock.Operation {
	out := lock.Operation{Method: op.method, Path: op.path}
	for _, p := range op.params {
		if p.in != "path" && !p.facts.gone() && !p.schema.facts.gone() {
			out.Parameters = append(out.Parameters, lock.Text(p.in+" "+p.name))
		}
	}
	answer := members{schemas: n.schemas, seen: map[*node]bool{}}
	for _, r := range op.responses {
		if !strings.HasPrefix(r.status, "2") || r.facts.gone() {
			continue
		}
		if len(r.content.media) == 0 {
			out.Answers = append(out.Answers, lock.Text(r.status))
		}
		for _, md := range r.content.media {
			out.Answers = append(out.Answers, lock.Text(r.status+" "+md.name))
			answer.add(md.schema)
		}
	}
	for _, name := range answer.names {
		out.Answers = append(out.Answers, lock.Text(lock.Member(name)))
	}
	out.Parameters, out.Answers = few(out.Parameters), few(out.Answers)
	return out
}

// few sorts texts, and keeps as many as it takes to distinguish operations.
func few(all []string) []string {
	const enough = 40
	slices.Sort(all)
	all = slices.Compact(all)
	return slices.Clip(all[:min(len(all), enough)])
}

// members collects the names of the members of answers: of no more values, and no more names, than
// tell one operation from another.
type members struct {
	schemas *schemas
	names   []string
	seen    map[*node]bool
}

const (
	maxValues  = 50
	maxMembers = 200
)

// add takes the members of a value, of what it refers to, of the items of an array and of the parts
// that allOf puts together.
func (c *members) add(n *node) {
	if n == nil || c.seen[n] || len(c.seen) >= maxValues {
		return
	}
	c.seen[n] = true
	if n.ref != "" {
		c.add(c.schemas.roots[n.ref])
		return
	}
	c.add(n.items)
	for _, member := range n.members[:min(len(n.members), maxMembers)] {
		if !member.facts.gone() {
			c.names = append(c.names, member.name())
		}
	}
	for _, part := range n.combined.allOf {
		c.add(part)
	}
}
