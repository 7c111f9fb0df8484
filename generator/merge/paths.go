package merge

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// Sources name one operation by different paths: /audit, /api/audit, /wiki/rest/api/audit. Two of
// them meet if the method is the same and the paths are equal, or one source did not declare its
// base path and its path is a whole-segment suffix of the other. Parameters in paths meet whatever
// they are called. The longest meeting wins; of two equally long ones that differ in a slash at the
// end, the one that is written the same. What is still undecided is an error, because the claims
// would land on the wrong operation half of the time.

// spelling is how one source writes an operation.
type spelling struct {
	doc      *claim.Document
	op       *claim.Operation
	segments []string // with the base path in front
	slash    bool     // it ends in a slash: to a server that is another path
	fixed    bool     // the base path is declared: the path is whole
}

// whole is the path with the base path in front.
func (s *spelling) whole() string {
	whole := "/" + strings.Join(s.segments, "/")
	if s.slash {
		whole += "/"
	}
	return whole
}

func (s *spelling) String() string {
	return fmt.Sprintf("%s %s (%s)", s.op.Method, s.whole(), source.Position{File: s.doc.Source.File, Line: s.op.Line})
}

// newSpelling puts base, which may be empty, before the path.
func newSpelling(doc *claim.Document, op *claim.Operation, base string) *spelling {
	path := op.Path
	if base != "" {
		path = "/" + strings.Trim(base, "/") + "/" + strings.TrimLeft(path, "/")
	}
	segments := splitPath(path)
	return &spelling{doc: doc, op: op, segments: segments, slash: len(segments) > 0 && strings.HasSuffix(op.Path, "/"), fixed: doc.Source.BasePath != ""}
}

func splitPath(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
}

// isTemplate reports whether a segment is one parameter and nothing else.
func isTemplate(segment string) bool {
	return strings.HasPrefix(segment, "{") && strings.IndexByte(segment, '}') == len(segment)-1
}

// meeting is an operation in the making: the spellings that are one, strongest source first.
type meeting struct {
	spellings []*spelling
	at        map[*[]*meeting]bool // the lists in which it is filed
}

// meet finds out which operations of the documents are one. Documents come strongest first.
func meet(docs []*claim.Document, bases *bases, errs *source.Collector) []*meeting {
	var all []*meeting
	known := endings{}
	for _, doc := range docs {
		pairs, own := candidates(doc, bases, known, errs)
		taken := map[*meeting]bool{}
		placed := map[*spelling]bool{}
		for _, p := range pairs {
			if taken[p.to] || placed[p.from] {
				continue
			}
			taken[p.to], placed[p.from] = true, true
			known.file(p.to, p.from)
		}
		for _, s := range own {
			if placed[s] {
				continue
			}
			one := &meeting{}
			known.file(one, s)
			all = append(all, one)
		}
	}
	return all
}

// pair is a possible meeting.
type pair struct {
	from   *spelling
	to     *meeting
	shared int
}

// candidates returns the possible meetings of one document's operations, best first, and all its
// operations in order.
func candidates(doc *claim.Document, bases *bases, known endings, errs *source.Collector) (pairs []pair, own []*spelling) {
	claimed := map[*meeting]pair{}
	for _, op := range doc.Operations {
		before := bases.before(doc, op).path
		s := newSpelling(doc, op, before)
		own = append(own, s)
		if len(op.Path)+len(before) > maxPath {
			errs.Add(source.Position{File: doc.Source.File, Line: op.Line}, op.Method, fmt.Sprintf("the path is longer than %d bytes", maxPath), "correct it")
			continue
		}
		best, shared := known.find(s)
		if len(best) > 1 {
			ambiguous(s, best, errs)
			continue
		}
		for _, to := range best {
			p := pair{s, to, shared}
			if rival, ok := claimed[to]; ok && rival.shared == shared {
				rivals(p, rival, errs)
				continue
			}
			claimed[to] = p
			pairs = append(pairs, p)
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return cmp.Compare(b.shared, a.shared) })
	return pairs, own
}

// maxPath is how long a path may be, in bytes. It is part of the address of everything that belongs
// to its operation.
const maxPath = 4096

// maxNamed is how many candidates an error lists.
const maxNamed = 20

func ambiguous(s *spelling, best []*meeting, errs *source.Collector) {
	var names []string
	for _, m := range best[:min(len(best), maxNamed)] {
		names = append(names, m.spellings[0].String())
	}
	if more := len(best) - maxNamed; more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	errs.Add(source.Position{File: s.doc.Source.File, Line: s.op.Line}, s.op.Method+" "+s.op.Path,
		"it can be any of "+strings.Join(names, ", "), "declare the base_path of this source")
}

func rivals(a, b pair, errs *source.Collector) {
	errs.Add(source.Position{File: a.from.doc.Source.File, Line: a.from.op.Line}, a.from.op.Method+" "+a.from.op.Path,
		fmt.Sprintf("it and %s can both be %s", b.from, a.to.spellings[0]), "declare the base_path of this source")
}
