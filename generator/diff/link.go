package diff

import (
	"cmp"
	"go/scanner"
	"go/token"
	"slices"
	"sort"
	"strings"
)

// link hangs every change of the Go API on the change of the document that is its cause, and makes
// a line of its own for those that have none. The cause of a change is looked for
//
//  1. at the address that the symbol is made from;
//  2. below it: a method has another type because its body changed;
//  3. at the types that the change names: a member is a string because its schema is one now;
//  4. above it: a schema was added with the operation that uses it.
func link(changes []*Change, found []GoChange, old, new map[string]string) []*Change {
	l := &linker{at: map[string]*group{}, old: old, new: new}
	for _, c := range changes {
		l.addresses(c)
	}
	for address := range l.at {
		l.sorted = append(l.sorted, address)
	}
	slices.Sort(l.sorted)
	for _, g := range found {
		if cause := l.cause(g); cause != nil {
			cause.Go = append(cause.Go, g)
			continue
		}
		changes = append(changes, &Change{Kind: GoAPI, Go: []GoChange{g}, Address: l.address(g.Symbol)})
	}
	return changes
}

// linker indexes the document changes by address and knows the addresses of the Go symbols.
type linker struct {
	at       map[string]*group
	sorted   []string // the keys of at
	old, new map[string]string
}

// addresses sets the address of a change and indexes the change by its addresses on both sides.
func (l *linker) addresses(c *Change) {
	before, after := c.place.at(false), c.place.at(true)
	c.Address = after
	if c.Kind == Text || c.Kind == Extension {
		return // never the cause of a Go change
	}
	l.add(after, c)
	if before != after {
		l.add(before, c)
	}
}

func (l *linker) add(address string, c *Change) {
	if l.at[address] == nil {
		l.at[address] = &group{values: map[enumValue]int{}}
	}
	l.at[address].add(c)
}

// group is the changes at one address. Of an enum there may be thousands, so the values that came
// and went are found by what constants are called after.
type group struct {
	all    []*Change
	few    []int             // indexes of the changes that are not of an enum, and of the first of each kind that is
	values map[enumValue]int // indexes of the others
}

type enumValue struct {
	kind  Kind
	plain string
}

func (g *group) add(c *Change) {
	at := len(g.all)
	g.all = append(g.all, c)
	if c.Kind != EnumAdded && c.Kind != EnumRemoved {
		g.few = append(g.few, at)
		return
	}
	any, value := enumValue{c.Kind, "\x00"}, enumValue{c.Kind, plain(c.Old + c.New)}
	for _, key := range []enumValue{any, value} {
		if _, has := g.values[key]; !has {
			g.values[key] = at
			if key == any {
				g.few = append(g.few, at)
			}
		}
	}
}

// near returns the changes that can be the cause of a change of the Go API, in their order.
func (g *group) near(symbol string) []*Change {
	found, name := slices.Clone(g.few), plain(symbol)
	for from := 0; from <= len(name) && len(g.values) > 0; from++ {
		for _, kind := range []Kind{EnumAdded, EnumRemoved} {
			if at, has := g.values[enumValue{kind, name[from:]}]; has {
				found = append(found, at)
			}
		}
	}
	slices.Sort(found)
	all := make([]*Change, len(found))
	for i, at := range found {
		all[i] = g.all[at]
	}
	return all
}

// plain returns the letters and digits of a text.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(s))
}

// address returns what a symbol is made from: the newer side knows what came, the older one what
// went.
func (l *linker) address(symbol string) string {
	for _, s := range []string{symbol, typeOf(symbol)} {
		if a := l.new[s]; a != "" {
			return a
		}
		if a := l.old[s]; a != "" {
			return a
		}
	}
	return ""
}

func (l *linker) cause(g GoChange) *Change {
	address := l.address(g.Symbol)
	if address == "" {
		return nil
	}
	if c := l.best(l.at[address], g); c != nil {
		return c
	}
	if c := l.below(address); c != nil {
		return c
	}
	for _, name := range identifiers(g.What) {
		if c := l.best(l.at[l.address(name)], g); c != nil {
			return c
		}
	}
	for up := above(address); up != ""; up = above(up) {
		if c := l.best(l.at[up], g); c != nil {
			return c
		}
	}
	return nil
}

// best picks among the changes at one address the one that says what the Go change says: something
// came, went, or changed.
func (l *linker) best(all *group, g GoChange) *Change {
	if all == nil {
		return nil
	}
	return slices.MinFunc(all.near(g.Symbol), func(a, b *Change) int { return cmp.Compare(l.distance(a, g), l.distance(b, g)) })
}

// byLikelihood lists changes of a value, the most likely cause of another Go type first.
var byLikelihood = []Kind{Type, Reference, TimeFormat, Format, EnumAdded, EnumRemoved, Alternatives, Open, BodyAdded, BodyRemoved, Required}

// distance returns how far a change of the document is from a change of the Go API.
func (l *linker) distance(c *Change, g GoChange) int {
	came, went := strings.HasSuffix(string(c.Kind), "-added"), strings.HasSuffix(string(c.Kind), "-removed")
	switch {
	case g.What == "added" && came && l.names(c, g), g.What == "removed" && went && l.names(c, g):
		return 0
	case c.Kind == Required && isPointerChange(g.What):
		return 0
	}
	if i := slices.Index(byLikelihood, c.Kind); i >= 0 {
		return 1 + i
	}
	return 1 + len(byLikelihood)
}

// isPointerChange reports whether a change is *int64 -> int64, as of an optional parameter that
// becomes required.
func isPointerChange(what string) bool {
	before, after, ok := strings.Cut(what, " -> ")
	return ok && before != after && strings.TrimPrefix(before, "*") == strings.TrimPrefix(after, "*")
}

// names reports whether a value of an enum that came or went is the one that a Go constant is
// called after; it holds for all else.
func (l *linker) names(c *Change, g GoChange) bool {
	if c.Kind != EnumAdded && c.Kind != EnumRemoved {
		return true
	}
	return strings.HasSuffix(plain(g.Symbol), plain(c.Old+c.New))
}

// below returns the first change of what an address is made of.
func (l *linker) below(address string) *Change {
	for i := sort.SearchStrings(l.sorted, address); i < len(l.sorted) && strings.HasPrefix(l.sorted[i], address); i++ {
		if rest := l.sorted[i][len(address):]; rest != "" && strings.ContainsRune(" .[{<", rune(rest[0])) {
			return l.at[l.sorted[i]].all[0]
		}
	}
	return nil
}

// identifiers returns the identifiers in a piece of Go.
func identifiers(code string) []string {
	var s scanner.Scanner
	files := token.NewFileSet()
	s.Init(files.AddFile("", files.Base(), len(code)), []byte(code), func(token.Position, string) {}, 0)
	var all []string
	for {
		_, tok, text := s.Scan()
		switch tok {
		case token.EOF:
			return all
		case token.IDENT:
			all = append(all, text)
		}
	}
}
