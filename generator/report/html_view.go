package report

import (
	"cmp"
	"html/template"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// view is what the template prints.
type view struct {
	Title  string
	Policy string
	Style  template.CSS
	Script template.JS
	APIs   []apiView
}

// apiView is one API. What is only seen when a row is opened is in Details, which the script
// unfolds: a large document would otherwise take seconds to paint.
type apiView struct {
	ID, Title, Package, Version, Server string
	Operations, Schemas                 int
	Facts, Filled                       int
	Sources                             []sourceView
	Sections                            []sectionView
	Conflicts                           []conflictView
	Gaps                                []gapView
	Notes                               []string
	Changes                             []changeView
	Details                             details
}

// sourceView is one document and how its claims fared.
type sourceView struct {
	Number                            int
	File, Kind                        string
	Used, Agreed, Overruled           int
	UsedShare, AgreedShare, LostShare int // of the claims of the source with the most, in thousandths
}

// sectionView is the rows of one kind.
type sectionView struct {
	Name string
	Rows []*rowView
}

// rowView is an operation, a schema or the document itself.
type rowView struct {
	ID, Method, Name, Go, Summary string
	Find                          string // what the filter looks into, lower case
	Cells                         []cellView
	Facts, Filled, Conflicts      int
	Gaps                          int
	Changed                       bool

	Index int // in details.Rows

	address string
}

// cellView is what one source says about one row.
type cellView struct{ Used, Agreed, Lost int }

// Name is what the columns of tables call a source: its file, without the folder.
func (s sourceView) Name() string { return path.Base(s.File) }

// LostFrom is where the part of the overruled claims begins in the bar of a source.
func (s sourceView) LostFrom() int { return s.UsedShare + s.AgreedShare }

// Columns is how many columns the matrix has.
func (a apiView) Columns() int { return 3 + len(a.Sources) }

// State names what a cell shows: the best that came of the source's claims.
func (c cellView) State() string {
	switch {
	case c.Used > 0:
		return "used"
	case c.Agreed > 0:
		return "agreed"
	case c.Lost > 0:
		return "lost"
	}
	return "silent"
}

// Level is how many facts were taken, from 1 to 4: it doubles twice from one to the next.
func (c cellView) Level() int {
	switch {
	case c.Used > 32:
		return 4
	case c.Used > 8:
		return 3
	case c.Used > 2:
		return 2
	}
	return 1
}

// conflictView is one disagreement.
type conflictView struct {
	Row, Address, Fact string
	Used               claimView
	Others             []claimView
}

type claimView struct{ Value, Origin string }

type gapView struct{ Row, Address, What, Instead string }

type changeView struct{ Row, What, Address, Text string }

// details is what the script shows when a row is opened. Its names are short, since there are tens
// of thousands of facts.
type details struct {
	Sources []string         `json:"s"` // file names
	Rows    []detail         `json:"r"`
	Lines   []map[int]string `json:"l"` // by source and line number: the lines of facts, and those around them
}

type detail struct {
	Facts []fact   `json:"f"`
	Go    []string `json:"g,omitempty"`
}

// fact is one row of the matrix of facts against sources.
type fact struct {
	About    string `json:"a,omitempty"` // address below that of the row
	Name     string `json:"n"`
	Won      said   `json:"w"`
	Agreed   []said `json:"y,omitempty"`
	Other    []said `json:"o,omitempty"` // prose: says it in other words
	Lost     []said `json:"x,omitempty"`
	Conflict bool   `json:"c,omitempty"`
	Filled   bool   `json:"h,omitempty"` // the specification has nothing to say here
}

type said struct {
	Source int    `json:"s"`
	Line   int    `json:"l,omitempty"`
	Value  string `json:"v,omitempty"`
	Weak   bool   `json:"p,omitempty"` // only a sample shows it
}

// longestValue is how many characters of a value are shown.
const longestValue = 600

// viewOf puts one API together.
func viewOf(id string, p Page) apiView {
	b := newBuilder(id, p)
	b.sources()
	b.facts()
	for _, d := range p.Go {
		b.declaration(d)
	}
	b.findings()
	b.finish()
	return b.api
}

// builder fills an apiView in one pass over the facts.
type builder struct {
	page  Page
	api   apiView
	lines [][]string     // of each source
	files map[string]int // by name: each action of an overlay is a source of its own
	spec  bool           // there is a specification, so that there can be holes in it

	rows     map[string]*rowView // by address
	rowAt    map[*settled.Element]*rowView
	order    []*rowView
	ids      map[string]bool
	document *rowView
}

func newBuilder(id string, p Page) *builder {
	d := p.Document
	b := &builder{page: p, files: map[string]int{}, rows: map[string]*rowView{}, rowAt: map[*settled.Element]*rowView{}, ids: map[string]bool{}}
	b.api = apiView{ID: id, Title: d.Title(), Package: p.Package, Version: d.Text("version"), Operations: len(d.Operations), Schemas: len(d.Schemas)}
	if len(d.Servers) > 0 {
		b.api.Server = d.Servers[0]
	}
	b.document = b.row("document")
	b.rowAt[&d.Element] = b.document
	for _, op := range d.Operations {
		r := b.row(op.Address)
		r.Method, r.Name, r.Summary = op.Method, op.Path, op.Text("summary")
		b.rowAt[&op.Element] = r
	}
	for _, s := range d.Schemas {
		b.rowAt[&s.Element] = b.row(s.Address)
	}
	for _, s := range d.Security {
		b.rowAt[&s.Element] = b.document
	}
	return b
}

// row returns the row of an address, a new one at the end if there is none yet.
func (b *builder) row(address string) *rowView {
	if r := b.rows[address]; r != nil {
		return r
	}
	r := &rowView{ID: b.id(address), Name: address, address: address, Index: len(b.order)}
	if name, ok := strings.CutPrefix(address, "schema "); ok {
		r.Name = name
	}
	r.Cells = make([]cellView, len(b.page.Document.Sources))
	b.rows[address] = r
	b.order = append(b.order, r)
	b.api.Details.Rows = append(b.api.Details.Rows, detail{Facts: []fact{}})
	return r
}

// id returns the anchor of the row of an address: without white space, and no two alike.
func (b *builder) id(address string) string {
	id := b.api.ID + "-" + strings.Join(strings.Fields(address), "_")
	if b.ids[id] {
		id += "-" + strconv.Itoa(len(b.order))
	}
	b.ids[id] = true
	return id
}

func (b *builder) sources() {
	for i, s := range b.page.Document.Sources {
		b.files[s.File] = i
		b.spec = b.spec || s.Kind == claim.OpenAPI
		b.api.Sources = append(b.api.Sources, sourceView{Number: i + 1, File: s.File, Kind: string(s.Kind)})
		b.api.Details.Sources = append(b.api.Details.Sources, s.File)
		b.api.Details.Lines = append(b.api.Details.Lines, map[int]string{})
		b.lines = append(b.lines, strings.Split(string(b.page.Texts[s.File]), "\n"))
	}
}

// of returns the row that an address belongs to: the longest address of a row that it is below.
func (b *builder) of(address string) *rowView {
	for address != "" {
		if r := b.rows[address]; r != nil {
			return r
		}
		address = address[:max(strings.LastIndexAny(address, " [{<."), 0)]
	}
	return b.document
}

// facts takes all facts. The elements of an operation or a schema follow it.
func (b *builder) facts() {
	var r *rowView
	for e := range b.page.Document.All() {
		if own := b.rowAt[e]; own != nil {
			r = own
		}
		about := strings.TrimSpace(strings.TrimPrefix(e.Address, r.address))
		for i := range e.Facts {
			b.fact(r, about, e.Address, &e.Facts[i])
		}
	}
}

func (b *builder) fact(r *rowView, about, address string, f *settled.Fact) {
	out := fact{About: source.Printable(about), Name: source.Printable(string(f.Name)), Won: b.said(f.Won), Conflict: f.Conflict}
	r.Cells[out.Won.Source].Used++
	b.api.Sources[out.Won.Source].Used++
	for _, s := range f.Agreed {
		out.Agreed = append(out.Agreed, b.agrees(r, s))
	}
	for _, s := range f.Lost {
		if noisy(f.Name) {
			out.Other = append(out.Other, b.agrees(r, s))
			continue
		}
		one := b.said(s)
		out.Lost = append(out.Lost, one)
		r.Cells[one.Source].Lost++
		b.api.Sources[one.Source].Overruled++
	}
	if b.spec && fillsHole(f) {
		out.Filled = true
		r.Filled++
		b.api.Filled++
	}
	if f.Conflict {
		b.conflict(r, address, f)
	}
	r.Facts++
	b.api.Facts++
	d := &b.api.Details.Rows[r.Index]
	d.Facts = append(d.Facts, out)
}

// agrees notes a claim that says the same as the one that was taken; its value need not be shown
// again.
func (b *builder) agrees(r *rowView, s settled.Said) said {
	one := b.said(s)
	one.Value = ""
	r.Cells[one.Source].Agreed++
	b.api.Sources[one.Source].Agreed++
	return one
}

func (b *builder) conflict(r *rowView, address string, f *settled.Fact) {
	r.Conflicts++
	c := conflictView{Row: r.ID, Address: source.Printable(address), Fact: source.Printable(string(f.Name)), Used: claimView{short(source.Printable(f.Won.Value), longestValue), origin(f.Won)}}
	for _, s := range f.Lost {
		c.Others = append(c.Others, claimView{short(source.Printable(s.Value), longestValue), origin(s)})
	}
	b.api.Conflicts = append(b.api.Conflicts, c)
}

// fillsHole reports whether a fact was missing from the specification and is one that a generator
// can't do without.
func fillsHole(f *settled.Fact) bool {
	switch f.Name {
	case claim.Type, claim.Ref, claim.Enum, claim.Default, claim.Required, claim.Presence, "path", "media":
	default:
		return false
	}
	spoke := func(s settled.Said) bool { return s.Source.Kind == claim.OpenAPI }
	return !spoke(f.Won) && !slices.ContainsFunc(f.Agreed, spoke) && !slices.ContainsFunc(f.Lost, spoke)
}

// said notes the position of a claim, with the line itself and one on each side.
func (b *builder) said(s settled.Said) said {
	i := b.files[s.Source.File]
	if n := len(b.lines[i]); s.Line > 0 && s.Line <= n {
		for at := max(s.Line-1, 1); at <= min(s.Line+1, n); at++ {
			if _, there := b.api.Details.Lines[i][at]; !there {
				b.api.Details.Lines[i][at] = cut(source.Printable(strings.ReplaceAll(strings.TrimRight(b.lines[i][at-1], "\r"), "\t", "    ")), 240)
			}
		}
	}
	return said{Source: i, Line: s.Line, Value: cut(source.Printable(s.Value), longestValue), Weak: s.Weak}
}

// cut shortens a text to at most so many characters and keeps its spaces.
func cut(s string, width int) string {
	if len(s) <= width {
		return s
	}
	if r := []rune(s); len(r) > width {
		return string(r[:width-1]) + "…"
	}
	return s
}

func (b *builder) declaration(d Declaration) {
	r := b.of(d.Address)
	if r.Go == "" && r.address == d.Address {
		r.Go = d.Name
	}
	one := &b.api.Details.Rows[r.Index]
	one.Go = append(one.Go, d.Text)
}

// findings adds gaps, notes and changes.
func (b *builder) findings() {
	for _, g := range b.page.Document.Gaps {
		r := b.of(g.Address)
		r.Gaps++
		b.api.Gaps = append(b.api.Gaps, gapView{r.ID, g.Address, g.What, g.Instead})
	}
	for _, o := range b.page.Document.Outdated {
		b.api.Notes = append(b.api.Notes, source.Printable(o.Warning().Error()))
	}
	for _, n := range Notes(b.page.Document.Notes) {
		b.api.Notes = append(b.api.Notes, source.Printable(strings.TrimSuffix(n.String()+": "+n.Places(), ": ")))
	}
	for _, c := range b.page.Changes {
		view := changeView{What: c.What, Address: source.Printable(c.Address), Text: source.Printable(c.Text)}
		if r := b.rows[c.Address]; r != nil {
			view.Row, r.Changed = r.ID, true
		}
		b.api.Changes = append(b.api.Changes, view)
	}
}

// finish puts the rows into sections and works out the shares of the sources.
func (b *builder) finish() {
	operations, schemas := sectionView{Name: "Operations"}, sectionView{Name: "Schemas"}
	other := sectionView{Name: "The document itself"}
	for _, r := range b.order {
		d := b.api.Details.Rows[r.Index]
		r.Find = source.Printable(strings.ToLower(strings.Join([]string{r.Method, r.Name, r.Go, r.Summary, words(d.Facts)}, " ")))
		switch {
		case r == b.document:
			other.Rows = append(other.Rows, r)
		case strings.HasPrefix(r.address, "schema "):
			schemas.Rows = append(schemas.Rows, r)
		default:
			operations.Rows = append(operations.Rows, r)
		}
	}
	slices.SortFunc(schemas.Rows, func(x, y *rowView) int { return cmp.Compare(x.Name, y.Name) })
	for _, s := range []sectionView{operations, schemas, other} {
		if len(s.Rows) > 0 {
			b.api.Sections = append(b.api.Sections, s)
		}
	}
	most := 1
	for _, s := range b.api.Sources {
		most = max(most, s.Used+s.Agreed+s.Overruled)
	}
	for i := range b.api.Sources {
		s := &b.api.Sources[i]
		s.UsedShare, s.AgreedShare, s.LostShare = s.Used*1000/most, s.Agreed*1000/most, s.Overruled*1000/most
	}
}

// words are the names of the parameters and members of a row, for the filter.
func words(facts []fact) string {
	var b strings.Builder
	last := ""
	for _, f := range facts {
		if f.About != "" && f.About != last {
			b.WriteByte(' ')
			b.WriteString(f.About)
			last = f.About
		}
	}
	return cut(b.String(), 4000)
}
