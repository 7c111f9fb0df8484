package diff

import (
	"sync"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/lock"
)

// Both generates the two states of a package for a comparison, concurrently. An operation that
// moved or was renamed keeps its Go name of the older state, unless the newer state has a lock of
// its own. If whole is false, only the files in which the states can differ are printed; a
// comparison with Go files from a folder needs all of them. errs are the errors of the older and of
// the newer state.
func Both(old, new generator.Input, whole bool) (before, after *generator.Output, errs [2]error) {
	old.ImportPath, new.ImportPath = "", "" // examples are not part of the API
	old.Until, new.Until = generator.Settled, generator.Settled
	before, after = atOnce(old, new, &errs)
	if errs[0] != nil || errs[1] != nil {
		return nil, nil, errs
	}
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
	before, after = atOnce(old, new, &errs)
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
// common operations have the same names, and no new operation can be a removed one that moved.
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
