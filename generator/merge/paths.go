package merge

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// Sources name one operation by different paths: /audit, /api/audit, /wiki/rest/api/audit. Two of them meet if the method
// is the same and the paths are equal, or one source did not declare its base path and its path is a whole-segment
// suffix of the other. Parameters in paths meet whatever they are called. The longest meeting wins; two equally long ones are
// an error, because the claims would land on the wrong operation half of the time.

// spelling is how one source writes an operation.
type spelling struct {
	doc      *claim.Document
	op       *claim.Operation
	segments []string // with the base path in front
	fixed    bool     // the base path is declared: the path is whole
}

// whole is the path with the base path in front.
func (s *spelling) whole() string { return "/" + strings.Join(s.segments, "/") }

func (s *spelling) String() string {
	return fmt.Sprintf("%s %s (%s)", s.op.Method, s.whole(), source.Position{File: s.doc.Source.File, Line: s.op.Line})
}

// suffixBits is how many trailing segments index an operation; one is enough to find every meeting.
func newSpelling(doc *claim.Document, op *claim.Operation) *spelling {
	path := op.Path
	if base := doc.Source.BasePath; base != "" {
		path = "/" + strings.Trim(base, "/") + "/" + strings.TrimLeft(path, "/")
	}
	return &spelling{doc: doc, op: op, segments: splitPath(path), fixed: doc.Source.BasePath != ""}
}

func splitPath(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
}

// meets gives the number of segments two spellings share if they can be one operation, else 0. The root path counts as one.
func (s *spelling) meets(o *spelling) int {
	short, long := s, o
	if len(short.segments) > len(long.segments) {
		short, long = o, s
	}
	gap := len(long.segments) - len(short.segments)
	if gap > 0 && (short.fixed || len(short.segments) == 0) {
		return 0
	}
	for i, seg := range short.segments {
		if !sameSegment(seg, long.segments[gap+i]) {
			return 0
		}
	}
	return max(len(short.segments), 1)
}

func sameSegment(a, b string) bool { return a == b || isTemplate(a) && isTemplate(b) }

func isTemplate(segment string) bool {
	return strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "}")
}

// key files a spelling under its method and last segment: everything that can meet it stands under the same key.
func (s *spelling) key() string {
	last := ""
	if n := len(s.segments); n > 0 {
		last = s.segments[n-1]
		if isTemplate(last) {
			last = "{}"
		}
	}
	return s.op.Method + " " + last
}

// meeting is an operation in the making: the spellings that are one, strongest source first.
type meeting struct{ spellings []*spelling }

// meet finds out which operations of the documents are one. Documents come strongest first.
func meet(docs []*claim.Document, errs *source.Collector) []*meeting {
	var all []*meeting
	byKey := map[string][]*meeting{}
	for _, doc := range docs {
		pairs, loners := candidates(doc, byKey, errs)
		taken := map[*meeting]bool{}
		placed := map[*spelling]bool{}
		for _, p := range pairs {
			if taken[p.to] || placed[p.from] {
				continue
			}
			taken[p.to], placed[p.from] = true, true
			p.to.spellings = append(p.to.spellings, p.from)
		}
		for _, s := range loners {
			if placed[s] {
				continue
			}
			m := &meeting{spellings: []*spelling{s}}
			all = append(all, m)
			byKey[s.key()] = append(byKey[s.key()], m)
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

// candidates lists the possible meetings of one document's operations, best first, and all its operations in order.
func candidates(doc *claim.Document, byKey map[string][]*meeting, errs *source.Collector) (pairs []pair, own []*spelling) {
	claimed := map[*meeting]pair{}
	for _, op := range doc.Operations {
		s := newSpelling(doc, op)
		own = append(own, s)
		best := []pair(nil)
		for _, m := range byKey[s.key()] {
			shared := 0
			for _, other := range m.spellings {
				shared = max(shared, s.meets(other))
			}
			switch {
			case shared == 0:
			case len(best) == 0 || shared > best[0].shared:
				best = []pair{{s, m, shared}}
			case shared == best[0].shared:
				best = append(best, pair{s, m, shared})
			}
		}
		if exact := slices.IndexFunc(best, func(p pair) bool { return len(p.to.spellings[0].segments) == len(s.segments) }); exact >= 0 {
			best = best[exact : exact+1]
		}
		if len(best) > 1 {
			ambiguous(s, best, errs)
			continue
		}
		for _, p := range best {
			if rival, ok := claimed[p.to]; ok && rival.shared == p.shared {
				rivals(p, rival, errs)
				continue
			}
			claimed[p.to] = p
			pairs = append(pairs, p)
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return cmp.Compare(b.shared, a.shared) })
	return pairs, own
}

func ambiguous(s *spelling, best []pair, errs *source.Collector) {
	names := make([]string, len(best))
	for i, p := range best {
		names[i] = p.to.spellings[0].String()
	}
	errs.Add(source.Position{File: s.doc.Source.File, Line: s.op.Line}, s.op.Method+" "+s.op.Path,
		"it can be any of "+strings.Join(names, ", "), "declare the base_path of this source")
}

func rivals(a, b pair, errs *source.Collector) {
	errs.Add(source.Position{File: a.from.doc.Source.File, Line: a.from.op.Line}, a.from.op.Method+" "+a.from.op.Path,
		fmt.Sprintf("it and %s can both be %s", b.from, a.to.spellings[0]), "declare the base_path of this source")
}
