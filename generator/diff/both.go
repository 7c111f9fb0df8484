package diff

import (
	"sync"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/lock"
)

// Both generates the Go of two states of a package as they are to be compared: an operation of the
// newer state that moved, or that the documents call something else, keeps the name that it has in
// the older state, and models are held as they are there, unless the newer state comes with a lock
// of its own. Unless they are to be compared with Go that lies somewhere, only what they can differ
// in is printed (whole is false). The errors are those of the older and of the newer state.
func Both(old, new generator.Input, whole bool) (before, after *generator.Output, errs [2]error) {
	old.ImportPath, new.ImportPath = "", "" // examples are not API
	old.Until, new.Until = generator.Settled, generator.Settled
	before, after = atOnce(old, new, &errs)
	if errs[0] != nil || errs[1] != nil {
		return nil, nil, errs
	}
	locked := new.Names != nil || new.Models != nil
	if new.Names == nil && !sameNames(before.Names, after.Names) {
		new.Names = before.Names
		if after, errs[1] = generator.Generate(new); errs[1] != nil {
			return nil, nil, errs
		}
	}
	old.Settled, new.Settled = before.Document, after.Document
	old.Until, new.Until = generator.Declarations, generator.Declarations
	if whole {
		old.Until, new.Until = generator.Code, generator.Code
	}
	if locked {
		before, after = atOnce(old, new, &errs)
		return before, after, errs
	}
	if before, errs[0] = generator.Generate(old); errs[0] == nil {
		new.Models = before.Models
		after, errs[1] = generator.Generate(new)
	}
	return before, after, errs
}

func atOnce(old, new generator.Input, errs *[2]error) (before, after *generator.Output) {
	var both sync.WaitGroup
	both.Go(func() { before, errs[0] = generator.Generate(old) })
	both.Go(func() { after, errs[1] = generator.Generate(new) })
	both.Wait()
	return before, after
}

// sameNames reports whether the names of the older state would change nothing in the newer one:
// every operation that both have has the same name, and none came that could be one that went.
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
