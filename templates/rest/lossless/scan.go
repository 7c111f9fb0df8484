package lossless

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"
)

// This file is the lower half of reading: a cursor over one JSON text. It accepts exactly what
// encoding/json accepts. Strings are cut out of the text; only strings with escapes are copied.
//
// An error is a fault in the syntax. It stays in err and moves the cursor to the end of the text,
// so every loop ends by itself, and only the end of the text is the place to look at err.

const (
	maxDepth    = 10_000 // how deep values may nest; encoding/json has the same bound
	maxProblems = 100    // how many problems one model lists, which bounds the memory they take

	// A text may take this much memory, or this many times its bytes, whichever is more.
	leastMemory = 64 << 20
	maxTimes    = 32
)

// Sizes of what is remembered, in bytes.
const (
	extraSize    = 32
	spellingSize = 48
	faultSize    = 96
	restSize     = 104
	entrySize    = 64 // of an entry of a map, beside its value
)

// ErrTooLarge is a JSON text of which the values take too much memory: more than 64 MiB, and more
// than 32 times the bytes of the text.
var ErrTooLarge = errors.New("answer too large")

// scanner is the cursor, and what was found so far that models will remember.
type scanner struct {
	text string // what fields are cut from
	at   int    // offset of the next byte
	err  error

	depth   int // open objects and arrays
	objects int // open models: they take the problems that are found in them

	// The paths of problems and spellings are completed from the inside to the outside as values
	// end.
	problems []fault
	spelled  []spelling
	extras   []extra // undocumented members of the open models
	base     int     // where the problems of the innermost open model begin
	loose    bool    // there is a problem that no model lists

	memory int // bytes that values take so far
	limit  int // bytes that they may take; 0 for texts that are only looked at
}

// fault is a problem, or the problems of a model that Path leads to.
type fault struct {
	Problem
	inner []fault
}

// allows reports whether values may take so many bytes more. If not, reading ends.
func (d *scanner) allows(bytes int) bool {
	d.memory += bytes
	if d.memory <= d.limit || d.limit == 0 {
		return true
	}
	if d.err == nil {
		d.err = fmt.Errorf("%w: its values would take more than %d bytes of memory", ErrTooLarge, d.limit)
	}
	d.at = len(d.text)
	return false
}

// syntaxError says where a text stops being JSON.
type syntaxError struct {
	what string
	at   int
}

func (e *syntaxError) Error() string {
	return fmt.Sprintf("invalid JSON at byte %d: %s", e.at, e.what)
}

// typeError says that a whole text is of another type than documented.
type typeError struct{ problem Problem }

func (e *typeError) Error() string { return e.problem.String() }

// fail ends reading. The first error stays.
func (d *scanner) fail(what string) {
	if d.err == nil {
		if d.at >= len(d.text) {
			what = "unexpected end"
		}
		d.err = &syntaxError{what, d.at}
	}
	d.at = len(d.text)
}

// finish reports what is wrong with the text, such as data after the value.
func (d *scanner) finish() error {
	d.space()
	if d.err == nil && d.at < len(d.text) {
		d.fail("data after the value")
	}
	return d.err
}

// space moves over white space and returns the byte after it, 0 at the end.
func (d *scanner) space() byte {
	for d.at < len(d.text) {
		c := d.text[d.at]
		if c > ' ' || (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
			return c
		}
		d.at++
	}
	return 0
}

// open enters an object or array.
func (d *scanner) open() {
	d.at++
	if d.depth++; d.depth > maxDepth {
		d.fail("nested too deep")
	}
}

// next reports whether an open array or object has another value; close is its last byte.
func (d *scanner) next(first bool, close byte) bool {
	c := d.space()
	switch {
	case c == close:
		d.at++
		d.depth--
		return false
	case first:
		return d.err == nil
	case c == ',':
		d.at++
		return true
	}
	d.fail("a comma or " + strconv.QuoteRune(rune(close)) + " is missing")
	return false
}

// literal moves over true, false or null.
func (d *scanner) literal(word string) {
	if strings.HasPrefix(d.text[d.at:], word) {
		d.at += len(word)
		return
	}
	d.fail("not a value")
}

// mark is where a value starts in the lists of what was found.
type mark struct{ problems, spellings int }

func (d *scanner) mark() mark { return mark{len(d.problems), len(d.spelled)} }

// found reports whether anything was found since m.
func (d *scanner) found(m mark) bool {
	return len(d.problems) > m.problems || len(d.spelled) > m.spellings
}

// within puts a step, such as ".author" or "[3]", in front of the paths of what was found since m.
func (d *scanner) within(m mark, step string) {
	for i := m.problems; i < len(d.problems); i++ {
		d.problems[i].Path = step + d.problems[i].Path
	}
	for i := m.spellings; i < len(d.spelled); i++ {
		d.spelled[i].path = step + d.spelled[i].path
		d.memory += len(step)
	}
}

// problem notes a value that is not as documented. It reaches from start to the cursor.
func (d *scanner) problem(start int, want, got string) {
	if d.objects == 0 {
		d.loose = true
	}
	if len(d.problems)-d.base < maxProblems {
		d.problems = append(d.problems, fault{Problem: Problem{Want: want, Got: got, Raw: []byte(d.text[start:d.at])}})
	}
}

// spell notes that the value from start to the cursor would be written as canonical.
func (d *scanner) spell(canonical string, start int) {
	if d.objects > 0 && d.allows(spellingSize+len(canonical)) {
		d.spelled = append(d.spelled, spelling{canonical: canonical, raw: d.text[start:d.at]})
	}
}

// mismatch skips a value of another type than wanted. Its field is empty, which is written as
// empty.
func (d *scanner) mismatch(want, empty string) {
	d.space()
	start := d.at
	got := d.skip()
	if d.err != nil {
		return
	}
	d.spell(empty, start)
	if got != "null" || d.depth == 0 {
		d.problem(start, want, got)
	}
}

// unfit notes a value of the right type that the field cannot hold. It reaches from start to the
// cursor.
func (d *scanner) unfit(start int, want, got, empty string) {
	if d.err == nil {
		d.spell(empty, start)
		d.problem(start, want, got)
	}
}

// skip moves over any value, checks it as strictly as if it were read, and returns its type.
func (d *scanner) skip() string {
	switch c := d.space(); {
	case c == '"':
		d.scanString()
		return "string"
	case c == '{':
		d.open()
		for first := true; d.next(first, '}'); first = false {
			d.name()
			d.skip()
		}
		return "object"
	case c == '[':
		d.open()
		for first := true; d.next(first, ']'); first = false {
			d.skip()
		}
		return "array"
	case c == 't':
		d.literal("true")
		return "boolean"
	case c == 'f':
		d.literal("false")
		return "boolean"
	case c == 'n':
		d.literal("null")
		return "null"
	case isNumber(c):
		d.number()
		return "number"
	}
	d.fail("not a value")
	return ""
}

// exact returns the text of any value.
func (d *scanner) exact() string {
	d.space()
	start := d.at
	d.skip()
	if d.err != nil {
		return ""
	}
	return d.text[start:d.at]
}

// object reads an object into its members. The last one of a name counts.
func (d *scanner) object() map[string]string {
	d.space()
	d.open()
	all := map[string]string{}
	for first := true; d.next(first, '}'); first = false {
		name, _, _ := d.textOf(d.name())
		all[name] = d.exact()
	}
	return all
}

// name reads the name of a member and the colon after it.
func (d *scanner) name() token {
	if d.space() != '"' {
		d.fail("a member's name is missing")
		return token{}
	}
	t := d.scanString()
	if d.space() != ':' {
		d.fail("a colon is missing")
		return token{}
	}
	d.at++
	return t
}

// entry reads the name of a member whose name is data.
func (d *scanner) entry() string {
	name, invalid, _ := d.textOf(d.name())
	if invalid {
		d.misnamed(name)
	}
	return name
}

// misnamed notes a name with bad bytes as a problem.
func (d *scanner) misnamed(name string) {
	since := d.mark()
	d.problem(d.at, "UTF-8", "invalid UTF-8 in a name")
	d.within(since, stepTo(name))
}

// readBool reads true or false.
func (d *scanner) readBool() bool {
	switch d.space() {
	case 't':
		d.literal("true")
		return d.err == nil
	case 'f':
		d.literal("false")
		return false
	}
	d.mismatch("boolean", "false")
	return false
}

// arrayReader reads the values of one array: for a := d.array(); a.more(); { ... }
type arrayReader struct {
	d       *scanner
	isArray bool
	n       int  // values so far, the current one included
	start   int  // offset of the first one
	since   mark // what was found before the current one
}

// array starts to read an array. If the value is not an array, more returns false at once.
func (d *scanner) array() arrayReader {
	if d.space() != '[' {
		d.mismatch("array", "[]")
		return arrayReader{d: d}
	}
	d.open()
	return arrayReader{d: d, isArray: true, start: d.at}
}

// more moves to the next value.
func (a *arrayReader) more() bool {
	d := a.d
	if !a.isArray {
		return false
	}
	if a.n > 0 && d.found(a.since) {
		d.within(a.since, stepAt(a.n-1))
	}
	if !d.next(a.n == 0, ']') {
		return false
	}
	a.n++
	a.since = d.mark()
	return true
}

// room returns for how many values to make room, the current one included. Short lists double. For
// longer ones it guesses from the bytes that are left, with a bound: the first values may be small
// on purpose.
func (a *arrayReader) room() int {
	n, d := a.n-1, a.d
	if n < 16 {
		return max(1, n)
	}
	coming := (len(d.text) - d.at) / ((d.at-a.start)/n + 1)
	return max(1, min(max(1024, n/4), coming+coming/16)) // one too few would cost a copy of all
}

// repeats says of members that came again from which spelling on those of the last one are.
type repeats map[string]int

// again notes that a member came again. from is where the spellings begin of what holds it.
func (d *scanner) again(last *repeats, from int, name string) {
	if len(d.spelled) == from {
		return
	}
	if *last == nil {
		*last = repeats{}
	}
	(*last)[stepTo(name)] = len(d.spelled)
}

// forget drops the spellings of members that came again, of which the last one counts.
func (d *scanner) forget(last repeats, from int) {
	if last == nil {
		return
	}
	kept := d.spelled[:from]
	for i := from; i < len(d.spelled); i++ {
		if s := d.spelled[i]; i >= last[firstStep(s.path)] {
			kept = append(kept, s)
		}
	}
	d.spelled = kept
}

// firstStep returns the first step of a path: ".author" of ".author.names[3]".
func firstStep(path string) string {
	if strings.HasPrefix(path, "[") {
		quoted, _ := strconv.QuotedPrefix(path[1:])
		return path[:min(len(path), len(quoted)+2)]
	}
	if i := strings.IndexAny(path[min(1, len(path)):], ".["); i >= 0 {
		return path[:i+1]
	}
	return path
}

// stepTo returns how a path goes on to a member.
func stepTo(name string) string {
	odd := func(r rune) bool { return r == ' ' || !unicode.IsPrint(r) || strings.ContainsRune(".[]\"\ufffd", r) }
	if name == "" || strings.ContainsFunc(name, odd) {
		return "[" + strconv.Quote(name) + "]"
	}
	return "." + name
}

// stepAt returns how a path goes on to an element.
func stepAt(i int) string { return "[" + strconv.Itoa(i) + "]" }

// sizeOf returns the bytes of a value of a type, without what it points to.
func sizeOf[T any]() int { return int(reflect.TypeOf((*T)(nil)).Elem().Size()) }
