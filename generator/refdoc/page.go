package refdoc

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// A reference page, as blocks. Two layouts begin an operation in different places:
//
//	GET                                  the method alone        Get audit records
//	Get audit records                    the title               GET /wiki/rest/api/audit
//	Lists what the audit log holds.      prose, access           Lists what the audit log holds.
//	Request                              page_parts.go           Query parameters
//	Query parameters                     page_fields.go          Name | Type | Required | Description
//	Responses                            page_answers.go         Responses
//	GET/wiki/rest/api/audit              the path, glued
//	200Response                          page_samples.go
//
// On the left, the path comes last, and everything from one method to the next belongs together. On
// the right, the line with the path comes first, below its title if there is one: the line above,
// or the heading whose section has one such line only. Menus and lists of operations have such
// lines too. An operation of which nothing else is said is left out beside others of which
// something is.
//
// Known limits. A field without a type is known by its lower case only. A page shows one answer of
// several, the others being behind tabs; their statuses, if they are printed, have no description.

// reader reads the blocks of one document.
type reader struct {
	result
	samples samples
	op      *claim.Operation // being read
	known   map[fieldKey]*field
	trees   map[*claim.Schema]*fieldTree
	bare    bool   // operations begin with a method alone
	dense   bool   // the document has hardly any blank lines
	headed  bool   // the document has headings
	status  string // of the answer that was read last
}

// opening is where an operation begins, and where its method and path are.
type opening struct {
	start, path int
	method      string
	target      string
	title       string
	titleLine   int
	level       int  // of the heading that is the title; 0 if it is none
	bare        bool // it begins with a method alone
}

// readPage reads a page of operations.
func readPage(f source.File, src *claim.Source, blocks []block) (*claim.Document, error) {
	r := &reader{result: newResult(f, src)}
	blocks = tidy(blocks)
	r.headed = slices.ContainsFunc(blocks, func(b block) bool { return b.kind == heading })
	r.dense = isDense(blocks)
	opened := r.openings(blocks, false)
	if len(opened) == 0 {
		opened = r.openings(blocks, true)
	}
	if len(opened) == 0 {
		opened = r.commandOpenings(blocks)
	}
	r.bare = slices.ContainsFunc(opened, func(o opening) bool { return o.bare })
	for i, o := range opened {
		end := len(blocks)
		if i+1 < len(opened) {
			end = opened[i+1].start
		}
		own := blocks[o.start:end]
		if len(opened) > 1 {
			own = r.above(o, own)
		}
		r.operation(o, own)
	}
	r.samples.show()
	r.once()
	if len(r.doc.Operations) == 0 && looksLikeHTML(f.Data) && needsScripts(f.Data, blocks) {
		return r.finish("the page has no text: scripts build it in the browser",
			"open it in a browser, wait until it is complete, and save it from there")
	}
	return r.finish("no operation found: looked for a line with method and path, such as GET /rest/api/3/auditing/record",
		"check that the whole page was captured, or write that line above the tables")
}

// isDense reports whether hardly any line has a blank line above it.
func isDense(blocks []block) bool {
	glued := 0
	for i := range blocks {
		if blocks[i].glued {
			glued++
		}
	}
	return glued*10 > len(blocks)*9
}

// above returns the blocks of an operation above the first heading that is higher than its own:
// what is below that is about all operations, or none.
func (r *reader) above(o opening, blocks []block) []block {
	if o.level == 0 {
		return blocks
	}
	for i := o.path - o.start + 1; i < len(blocks); i++ {
		if blocks[i].kind == heading && blocks[i].level < o.level {
			r.op = nil
			for j := i; j < len(blocks); j++ {
				if blocks[j].kind == table && columnsOf(blocks[j].rows[0]).fields() {
					r.note(blocks[j].number, fmt.Sprintf("the table below %.80q belongs to no operation", blocks[i].text), "left out; put it below the heading of one")
				}
			}
			return blocks[:i]
		}
	}
	return blocks
}

// note records what was read and not understood.
func (r *reader) note(number int, what, do string) {
	where := ""
	if r.op != nil && r.op.Path != "" {
		where = address(r.op)
	}
	r.result.note(number, where, what, do)
}

// address names an operation in messages.
func address(op *claim.Operation) string { return op.Method + " " + op.Path }

// openings finds where operations begin. HTTP messages count only on a page that has nothing else.
func (r *reader) openings(blocks []block, messages bool) []opening {
	var all []opening
	bare, glued, cut := -1, -1, 0
	for i := range blocks {
		b := &blocks[i]
		if b.isText() && isMethod(b.text) {
			r.unopened(blocks, bare, i, all)
			bare = i
			continue
		}
		if method, _ := gluedTitle(b); method != "" && (b.kind == heading || !r.headed) {
			glued = i
			continue
		}
		o, ok := readOpening(b)
		if !ok || b.kind == code && len(b.code) > 1 && !messages {
			continue
		}
		o.path, o.start = i, i
		last := len(all) - 1
		switch {
		case last >= 0 && b.kind == code && all[last].method == o.method && isCallOf(o.target, all[last].target):
			continue // a call of the operation above
		case last >= 0 && all[last].start >= bare && all[last].method == o.method && all[last].target == o.target:
			continue // the same once more
		case bare >= 0 && (last < 0 || all[last].start < bare):
			o.start, o.bare = bare, true
			if said := methodOf(blocks[bare].text); said != o.method && i-bare < maxTitle {
				r.note(b.number, fmt.Sprintf("the path line says %s and the operation starts with %s on line %d", o.method, said, blocks[bare].number), "the path line is kept")
			} else if said != o.method {
				o.start, o.bare = i, false
			}
		case glued >= cut && r.isStarted(blocks[glued:i]):
			if method, title := gluedTitle(&blocks[glued]); method == o.method {
				o.start, o.bare, o.title, o.titleLine = glued, true, title, blocks[glued].number
			}
		case last >= 0 && all[last].bare && !r.isStarted(blocks[all[last].start:all[last].path]) && r.isStarted(blocks[all[last].path:i]):
			o.start, o.bare = all[last].start, true
			r.note(b.number, fmt.Sprintf("a second path, after %s %s", all[last].method, all[last].target), "this one is kept, which is below what is sent and answered")
			all = all[:last]
		}
		if !o.bare {
			o.findTitle(blocks, cut, r)
		} else if i := o.start + 1; blocks[i].kind == heading && o.title == "" {
			o.level = blocks[i].level
		}
		cut = i + 1
		all = append(all, o)
	}
	r.unopened(blocks, bare, len(blocks), all)
	return all
}

// isStarted reports whether blocks have what is sent or answered.
func (r *reader) isStarted(blocks []block) bool {
	return slices.ContainsFunc(blocks, func(b block) bool { return b.isText() && (b.text == "Request" || b.text == "Responses") })
}

// unopened notes an operation that begins with a method alone and has no path.
func (r *reader) unopened(blocks []block, bare, end int, all []opening) {
	if bare < 0 || len(all) > 0 && all[len(all)-1].start >= bare || !r.isStarted(blocks[bare:end]) {
		return
	}
	title := ""
	if bare+1 < end {
		title = fmt.Sprintf(" %.80q", blocks[bare+1].text)
	}
	r.note(blocks[bare].number, fmt.Sprintf("the operation %s%s has no line with its method and path", methodOf(blocks[bare].text), title),
		"left out; add a line such as "+methodOf(blocks[bare].text)+" /rest/api/3/auditing/record below it")
}

// lists are the titles of lists of operations.
var lists = set("operations endpoints resources methods calls summary contents overview")

// findTitle looks for the title above the line with the path. Blocks before lowest belong to the
// operation before.
func (o *opening) findTitle(blocks []block, lowest int, r *reader) {
	if blocks[o.path].kind == heading {
		o.level = blocks[o.path].level
		return
	}
	for i := o.path - 1; i >= lowest && i >= o.path-maxTitle; i-- {
		b := &blocks[i]
		switch {
		case b.kind == heading && headingPart(b.text) != noPart:
			continue
		case b.kind == heading && i < o.path-1 && (b.level == 1 && ofWhole.MatchString(b.text) || !ownsPath(blocks, i, o.path)):
			return
		case b.kind == heading, i == o.path-1 && b.kind == paragraph && (!r.headed || b.strong) && (!b.glued || r.dense) &&
			isTitle(b.text) && headingPart(b.text) == noPart && !isOther(b.text):
			if !lists[strings.ToLower(b.text)] {
				o.start, o.title, o.titleLine = i, b.text, b.number
				if b.kind == heading {
					o.level = b.level
				}
			}
			return
		}
	}
}

// ofWhole matches the title of a document about more than one operation.
var ofWhole = regexp.MustCompile(`(?i)\b(?:apis?|reference|documentation|docs|overview|endpoints?|notes|guide)\b`)

// maxTitle is how many blocks above its path the title of an operation can be.
const maxTitle = 40

// isOther reports whether a line that looks like a title is one word of another kind.
func isOther(text string) bool {
	_, isType := parseType(strings.ToLower(text))
	_, isStatus := parseStatus(text)
	return isType || isStatus || len(mediaTypes(text)) > 0
}

// ownsPath reports whether a line with a path is the only one in the section of a heading.
func ownsPath(blocks []block, head, path int) bool {
	for i := path + 1; i < len(blocks) && i < path+400; i++ {
		b := &blocks[i]
		if b.kind == heading && b.level <= blocks[head].level {
			return true
		}
		if _, ok := readOpening(b); ok {
			return false
		}
	}
	return true
}

// operation reads the blocks of one operation.
func (r *reader) operation(o opening, blocks []block) {
	r.op = &claim.Operation{Method: o.method, Path: o.target}
	r.known, r.trees, r.status = map[fieldKey]*field{}, map[*claim.Schema]*fieldTree{}, ""
	r.op.Line = blocks[o.path-o.start].number
	skip := 0
	if o.bare {
		blocks = blocks[1:]
		skip = -1 // the first line is the title
		if o.title != "" {
			r.title(o.title, o.titleLine)
		}
	} else if o.title != "" {
		r.title(o.title, o.titleLine)
		blocks = blocks[1:]
		skip = o.path - o.start - 1
	} else if rest := blocks[0].titleBeside(); rest != "" {
		r.title(rest, blocks[0].number)
	}
	if skip >= 0 {
		r.openingCode(&blocks[skip])
		blocks = slices.Concat(blocks[:skip], blocks[skip+1:])
		if next := skip; skip < len(blocks) && len(r.op.Facts) == 0 && blocks[next].kind == heading && headingPart(blocks[next].text) == noPart && !isOther(blocks[next].text) {
			r.title(blocks[next].text, blocks[next].number) // below the heading with the path
			blocks = slices.Concat(blocks[:next], blocks[next+1:])
		}
	} else if len(blocks) > 0 && blocks[0].isText() && o.title == "" {
		if _, isPath := readOpening(&blocks[0]); !isPath && headingPart(blocks[0].text) == noPart {
			r.title(blocks[0].text, blocks[0].number)
			blocks = blocks[1:]
		}
	}
	for _, s := range split(blocks) {
		r.section(s)
	}
	for _, tree := range r.trees {
		tree.finish()
	}
	described := len(r.op.Facts) > 0 && !r.bare // a page of the other layout has lists of operations
	if !o.bare && !described && len(r.op.Params) == 0 && r.op.Body == nil && len(r.op.Responses) == 0 {
		r.op.Line = -r.op.Line // nothing is said of it but that it is there
	}
	r.doc.Operations = append(r.doc.Operations, r.op)
}

// title states the title of an operation, without the badge that may be glued to it.
func (r *reader) title(text string, number int) {
	if rest, ok := strings.CutPrefix(text, r.op.Method+" "); ok {
		text = rest
	}
	text, badge := cutBadge(text)
	if text != "" {
		r.op.Facts.Say(claim.Summary, text, number)
	}
	r.badge(badge, number)
}

// once removes operations that are there twice, and those of which nothing is said beside others.
func (r *reader) once() {
	empty := func(op *claim.Operation) bool { return op.Line < 0 }
	some := slices.ContainsFunc(r.doc.Operations, func(op *claim.Operation) bool { return !empty(op) })
	first := map[string]*claim.Operation{}
	var kept []*claim.Operation
	for _, op := range r.doc.Operations {
		if !empty(op) && first[address(op)] == nil {
			first[address(op)] = op
		}
	}
	for _, op := range r.doc.Operations {
		r.op = op
		switch known := first[address(op)]; {
		case empty(op):
			op.Line = -op.Line
			if !some && known == nil {
				first[address(op)] = op
				kept = append(kept, op)
			} else if known == nil {
				r.note(op.Line, "only its method and path are here", "left out; give the page that describes it")
			}
		case known != op:
			r.note(op.Line, fmt.Sprintf("described a second time, after line %d", known.Line), "the first description is kept")
		default:
			kept = append(kept, op)
		}
	}
	r.doc.Operations = kept
	r.op = nil
}
