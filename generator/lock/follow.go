package lock

import (
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// Followed is what became of the operations of a lock.
type Followed struct {
	Pins  []*Operation    // for each operation of the documents what the lock says about it, its new path in place; or nil
	Gone  []Operation     // those of the lock that no document has any more, each as removed
	Notes []*source.Error // what happened since the lock was written, and what could not be told
}

// Follow finds the operations of a lock among those that the documents have now. Name, of the latter, is what each is called
// without a lock.
//
// Method and path make an operation, also one that was removed and is back. An operation of the lock that is gone and one that is
// new are the same, moved, if the method is the same and
//
//   - the path of one is that of the other with segments in front (/audit, /api/audit), or both paths are equal but for the names
//     of their parameters; and they are alike: at least half of the parameters, and half of the members of the answers, are those of
//     both, where members are known of both; or
//   - the lock's name is what the new one is called without a lock, and parameters and answers are exactly the same. That finds
//     /rest/api/3/search for /rest/api/2/search. Whatever calls the one can then call the other, and without a lock it would
//     have the name as well.
//
// The first rule comes before the second, and operations that were there until now before removed ones. Where an operation can be
// the same as several, it is none of them: a note names all.
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
				f.note(op, "it is back", "it has the name it had")
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
	unclear map[string]bool // addresses that could be several
}

func (op *Operation) address() string { return op.Method + " " + op.Path }

func (f *follower) note(op Operation, what, do string) {
	f.out.Notes = append(f.out.Notes, &source.Error{Pos: op.Pos, Where: op.Name + ", " + op.address(), What: what, Do: do})
}

// move pins operation i of the documents to what the lock says about another address.
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
			f.note(*op, "no document has it any more", "its name is kept for it")
		}
		gone := *op
		gone.Removed = true
		f.out.Gone = append(f.out.Gone, gone)
	}
	for _, op := range removed {
		f.out.Gone = append(f.out.Gone, *op)
	}
}

// maxRivals is how many operations of one shape another could be. More are too many to tell.
const maxRivals = 8

// bySuffix moves operations whose paths end alike, and gives those that are left.
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

// few gives those that could be meant, none where they are too many to tell.
func few(all []int) []int {
	if len(all) > maxRivals {
		return nil
	}
	return all
}

// rivals are the new operations that each of the gone ones can be, and the other way round.
type rivals struct{ ofGone, ofNew map[int][]int }

func (f *follower) same(r rivals, gone []*Operation, i, j int) {
	if alike(gone[i], &f.now[j]) {
		r.ofGone[i] = append(r.ofGone[i], j)
		r.ofNew[j] = append(r.ofNew[j], i)
	}
}

// settle moves those that can be one only, and gives the others.
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
		what := "it can be " + strings.Join(names, " or ") + " now"
		if len(news) == 1 {
			what += ", and so can others"
		}
		f.unclear[op.address()] = true
		f.note(*op, what, "it counts as removed; to say which it is, write that path here, without removed, and remove the entry of that path")
	}
	return left
}

// byName moves operations to new ones that have the same name by themselves and differ in nothing but the path.
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

// alike tells whether two operations are similar enough to be one.
func alike(a, b *Operation) bool {
	members, others := memberNames(a.Answers), memberNames(b.Answers)
	return half(a.Parameters, b.Parameters) && (len(members) == 0 || len(others) == 0 || half(members, others))
}

// half tells whether at least half of all the texts are in both lists, which are sorted.
func half(a, b []string) bool {
	shared := 0
	for _, s := range a {
		if _, ok := slices.BinarySearch(b, s); ok {
			shared++
		}
	}
	return 2*shared >= len(a)+len(b)-shared
}

// Member is how a member of an answer is written among the answers of an operation, apart from the statuses.
func Member(name string) string { return "." + name }

func memberNames(answers []string) []string {
	return slices.DeleteFunc(slices.Clone(answers), func(s string) bool { return !strings.HasPrefix(s, ".") })
}

// shape is an address without the names of the parameters in its path.
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

// maxEndings is how many endings of a path are looked at. No real path has more segments.
const maxEndings = 64

// endings gives the shapes of the address, whole and with ever fewer segments, as long as one of them is no parameter.
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

// Text gives a text as it is kept in a lock: not all of it if it is long.
func Text(s string) string {
	const enough = 200
	if len(s) > enough {
		s = strings.ToValidUTF8(s[:enough], "")
	}
	return s
}
