package diff

import (
	"sync"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/lock"
)

// Both generates two states of a package as they are to be compared, at once where that can be: an operation of the newer state
// that moved, or that the documents call something else, keeps the name that it has in the older state, unless the newer state comes with
// a lock of its own. The errors are those of the older and of the newer state.
func Both(old, new generator.Input, generate func(generator.Input) (*generator.Output, error)) (before, after *generator.Output, errs [2]error) {
	var both sync.WaitGroup
	both.Go(func() { before, errs[0] = generate(old) })
	both.Go(func() { after, errs[1] = generate(new) })
	both.Wait()
	if errs[0] == nil && errs[1] == nil && new.Names == nil && !sameNames(before.Names, after.Names) {
		new.Names = before.Names
		after, errs[1] = generate(new)
	}
	return before, after, errs
}

// sameNames tells whether the names of the older state would change nothing in the newer one: every operation that both have has the
// same name, and none came that could be one that went.
func sameNames(old, new []lock.Operation) bool {
	type address struct{ method, path string }
	names := make(map[address]string, len(new))
	for _, op := range new {
		if !op.Removed {
			names[address{op.Method, op.Path}] = op.Name
		}
	}
	kept, gone := 0, 0
	for _, op := range old {
		name, ok := names[address{op.Method, op.Path}]
		switch {
		case op.Removed:
		case !ok:
			gone++
		case name != op.Name:
			return false
		default:
			kept++
		}
	}
	return gone == 0 || kept == len(names)
}
