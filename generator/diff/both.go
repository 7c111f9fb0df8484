package diff

import (
	"sync"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/lock"
)

// Both generates the Go of two states of a package as they are to be compared: an operation of the newer state that moved, or that
// the documents call something else, keeps the name that it has in the older state, unless the newer state comes with a lock of its own.
// Both states are made at once. Unless they are to be compared with Go that lies somewhere, only what they can differ in is printed
// (whole is false). The errors are those of the older and of the newer state.
func Both(old, new generator.Input, whole bool) (before, after *generator.Output, errs [2]error) {
	print := (*generator.Draft).Declarations
	if whole {
		print = (*generator.Draft).Code
	}
	old.ImportPath, new.ImportPath = "", "" // examples are no API
	var drafts [2]*generator.Draft
	atOnce(&errs, func() (err error) { drafts[0], err = generator.Begin(old); return err },
		func() (err error) { drafts[1], err = generator.Begin(new); return err })
	if errs[0] != nil || errs[1] != nil {
		return nil, nil, errs
	}
	if new.Names == nil && !sameNames(drafts[0].Names(), drafts[1].Names()) {
		new.Names = drafts[0].Names()
		if drafts[1], errs[1] = generator.Begin(new); errs[1] != nil {
			return nil, nil, errs
		}
	}
	atOnce(&errs, func() (err error) { before, err = print(drafts[0]); return err },
		func() (err error) { after, err = print(drafts[1]); return err })
	return before, after, errs
}

func atOnce(errs *[2]error, first, second func() error) {
	var both sync.WaitGroup
	both.Go(func() { errs[0] = first() })
	both.Go(func() { errs[1] = second() })
	both.Wait()
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
