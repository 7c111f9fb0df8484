package lock

import (
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// Followed is the result of Follow.
type Followed struct {
	Pins  []*Operation    // per operation of the documents: its entry in the lock with the new path, or nil
	Gone  []Operation     // entries whose operation is in no document, marked as removed
	Notes []*source.Error // what changed since the lock was written, and what is ambiguous
}

// Follow finds the operations of a lock among those that the documents have now. In now, Name is
// the name that an operation gets without a lock.
//
// An operation with the same method and path is the same, even if it was removed in between. An
// operation that is gone and a new one are the same if their methods are equal and one of these
// rules applies:
//
//   - One path is the other with segments in front (/audit, /api/audit), or the paths differ only
//     in the names of parameters. In addition, at least half of the parameters are common to both,
//     and half of the response members, if both have any.
//   - The lock's name is the name that the new operation gets without a lock, and parameters and
//     responses are equal. That finds /rest/api/3/search for /rest/api/2/search. Code that calls
//     one can call the other, and without a lock it would have this name anyway.
//
// The first rule is applied before the second, and to current operations before removed ones. An
// operation that matches several others is treated as removed, with a note that names them all.
func Follow(locked, now []Operation) Followed {
	f := follower{now: now, out: Followed{Pins: make([]*Operation, len(now))}, unclear: map[string]bool{}}
	at := make(map[string]int, len(now))
	for i, op := range now {
		at[op.address()] = i
	}
	var live, removed []*Operation
	for i := range locked {
		op := locked[i]
		j, there := at[op.address()]
		switch {
		case there:
			if op.Removed {
				f.note(op, "it is back", "it gets its old name back")
				op.Removed = false
			}
			f.out.Pins[j] = &op
		case op.Removed:
			removed = append(removed, &op)
		default:
			live = append(live, &op)
		}
	}
	for _, find := range []func([]*Operation) []*Operation{f.bySuffix, f.byName} {
		live = find(live)
		removed = find(removed)
	}
	f.bury(live, removed)
	return f.out
}

// follower is one run of Follow.
type follower struct {
	now     []Operation
	out     Followed
	unclear map[string]bool // addresses of operations that match several others
}

func (op *Operation) address() string { return op.Method + " " + op.Path }

func (f *follower) note(op Operation, what, do string) {
	f.out.Notes = append(f.out.Notes, &source.Error{Pos: op.Pos, Where: op.Name + ", " + op.address(), What: what, Do: do})
}

// move pins operation i of the documents to the lock's entry for another address.
func (f *follower) move(op *Operation, i int) {
	to := &f.now[i]
	f.note(*op, "it is "+to.address()+" now", "it keeps its name")
	moved := *op
	moved.Method, moved.Path, moved.Removed = to.Method, to.Path, false
	f.out.Pins[i] = &moved
}

// bury keeps the names of operations that are gone.
func (f *follower) bury(live, removed []*Operation) {
	for _, op := range live {
		if !f.unclear[op.address()] {
			f.note(*op, "no document has it any longer", "its name stays reserved")
		}
		gone := *op
		gone.Removed = true
		f.out.Gone = append(f.out.Gone, gone)
	}
	for _, op := range removed {
		f.out.Gone = append(f.out.Gone, *op)
	}
}

// maxRivals is the largest number of candidates of one shape that are compared.
const maxRivals = 8

// bySuffix moves operations whose paths end alike and returns the rest.
func (f *follower) bySuffix(gone []*Operation) []*Operation {
	goneAt, newAt := map[string][]int{}, map[string][]int{}
	for i, op := range gone {
		goneAt[shape(op.address())] = append(goneAt[shape(op.address())], i)
	}
	for i := range f.now {
		if f.out.Pins[i] == nil {
			key := shape(f.now[i].address())
			newAt[key] = append(newAt[key], i)
		}
	}
	sames := rivals{map[int][]int{}, map[int][]int{}}
	for i, op := range gone {
		for _, end := range op.endings() {
			for _, j := range few(newAt[end]) {
				f.same(sames, gone, i, j)
			}
		}
	}
	for j := range f.now {
		if f.out.Pins[j] != nil {
			continue
		}
		for _, end := range f.now[j].endings()[1:] {
			for _, i := range few(goneAt[end]) {
				f.same(sames, gone, i, j)
			}
		}
	}
	return f.settle(sames, gone)
}

// few returns the candidates, or none if there are too many.
func few(all []int) []int {
	if len(all) > maxRivals {
		return nil
	}
	return all
}

// rivals maps gone operations to the new ones they may be, and the other way round.
type rivals struct{ ofGone, ofNew map[int][]int }

func (f *follower) same(r rivals, gone []*Operation, i, j int) {
	if alike(gone[i], &f.now[j]) {
		r.ofGone[i] = append(r.ofGone[i], j)
		r.ofNew[j] = append(r.ofNew[j], i)
	}
}

// settle moves operations that have a single candidate and returns the rest.
func (f *follower) settle(r rivals, gone []*Operation) []*Operation {
	var left []*Operation
	for i, op := range gone {
		news := r.ofGone[i]
		if len(news) == 1 && len(r.ofNew[news[0]]) == 1 {
			f.move(op, news[0])
			continue
		}
		left = append(left, op)
		if len(news) == 0 {
			continue
		}
		var names []string
		for _, j := range news {
			names = append(names, f.now[j].address())
			f.unclear[f.now[j].address()] = true
		}
		what := "it may be " + strings.Join(names, " or ") + " now"
		if len(news) == 1 {
			what += ", and so may others"
		}
		f.unclear[op.address()] = true
		f.note(*op, what, "it counts as removed; to choose one, write its path here without removed, and delete the entry of that path")
	}
	return left
}

// byName moves operations to new ones of the same name that differ only in the path.
func (f *follower) byName(gone []*Operation) []*Operation {
	named := map[string]int{}
	for i := range f.now {
		if f.out.Pins[i] == nil && !f.unclear[f.now[i].address()] {
			named[f.now[i].Method+" "+f.now[i].Name] = i
		}
	}
	var left []*Operation
	for _, op := range gone {
		i, ok := named[op.Method+" "+op.Name]
		if !ok || f.unclear[op.address()] || !interchangeable(op, &f.now[i]) {
			left = append(left, op)
			continue
		}
		f.move(op, i)
	}
	return left
}

func interchangeable(a, b *Operation) bool {
	return strings.Count(shape(a.Path), "{}") == strings.Count(shape(b.Path), "{}") &&
		slices.Equal(a.Parameters, b.Parameters) && slices.Equal(a.Answers, b.Answers)
}

// alike reports whether two operations are similar enough to be the same one.
func alike(a, b *Operation) bool {
	members, others := memberNames(a.Answers), memberNames(b.Answers)
	return half(a.Parameters, b.Parameters) && (len(members) == 0 || len(others) == 0 || half(members, others))
}

// half reports whether two sorted lists have at least half of all their texts in common.
func half(a, b []string) bool {
	shared := 0
	for _, s := range a {
		if _, ok := slices.BinarySearch(b, s); ok {
			shared++
		}
	}
	return 2*shared >= len(a)+len(b)-shared
}

// Member returns the form in which Operation.Answers holds a member of a response.
func Member(name string) string { return "." + name }

func memberNames(answers []string) []string {
	return slices.DeleteFunc(slices.Clone(answers), func(s string) bool { return !strings.HasPrefix(s, ".") })
}

// shape returns an address without the names of its path parameters.
func shape(address string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(address, "{")
		_, after, closed := strings.Cut(rest, "}")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		if !closed {
			b.WriteString("{" + rest)
			return b.String()
		}
		b.WriteString("{}")
		address = after
	}
}

// maxEndings bounds the endings of a path that are compared. No real path has more segments.
const maxEndings = 64

// endings returns the shape of the address with all segments and with ever fewer, as long as one is
// not a parameter.
func (op *Operation) endings() []string {
	path := shape(op.Path)
	all := []string{op.Method + " " + path}
	for len(all) < maxEndings {
		next := strings.IndexByte(path[1:], '/')
		if next < 0 {
			return all
		}
		path = path[1+next:]
		if strings.Trim(path, "/{}") == "" {
			return all
		}
		all = append(all, op.Method+" "+path)
	}
	return all
}

// Text returns s as a lock stores it: long texts are cut.
func Text(s string) string {
	const enough = 200
	if len(s) > enough {
		s = strings.ToValidUTF8(s[:enough], "")
	}
	return s
}
