// Package source represents documents: files, positions in them, trees of values with line numbers,
// and errors that name a position. A Collector gathers the errors of a run so that all are reported
// at once.
package source

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// File is a document: its name in messages and its bytes.
type File struct {
	Name string
	Data []byte
}

// Position is a place in a document. Line counts from 1; 0 means the whole document. Pointer is an
// RFC 6901 JSON pointer, or empty if it is not known.
type Position struct {
	File    string
	Line    int
	Pointer string
}

// String returns FILE:LINE, or FILE if there is no line.
func (p Position) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// Error is something wrong in a document. Its text is "FILE:LINE: where: what: what to do".
type Error struct {
	Pos   Position
	Where string // the place in the document's own terms, such as "GET /audit query:limit"; may be empty
	What  string // what is wrong
	Do    string // what to do about it
	Err   error  // the cause, if any; not printed, but errors.Is and errors.As find it
}

// Error returns a line that is short enough to be read, whatever of a document it quotes.
func (e *Error) Error() string {
	parts := make([]string, 0, 4)
	for _, p := range []string{e.Pos.String(), e.Where, e.What, e.Do} {
		if p != "" {
			parts = append(parts, Short(Printable(p), longestPart))
		}
	}
	return strings.Join(parts, ": ")
}

// longestPart is how many characters each part of an error may have.
const longestPart = 1000

// Short returns at most width characters of a text, with its middle left out if it has more.
func Short(s string, width int) string {
	if len(s) <= width {
		return s
	}
	start, end := s[:min(len(s), 4*width)], s[max(len(s)-4*width, 0):]
	head, tail := []rune(strings.ToValidUTF8(start, "\ufffd")), []rune(strings.ToValidUTF8(end, "\ufffd"))
	if len(head) <= width && len(start) == len(s) {
		return s
	}
	return string(head[:width*2/3]) + " … " + string(tail[len(tail)-width/4:])
}

func (e *Error) Unwrap() error { return e.Err }

// Errors is everything wrong in a run, sorted by file, line and text.
type Errors []*Error

func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, err := range e {
		lines[i] = err.Error()
	}
	return strings.Join(lines, "\n")
}

func (e Errors) Unwrap() []error {
	errs := make([]error, len(e))
	for i, err := range e {
		errs[i] = err
	}
	return errs
}

// Collector gathers errors so that a run reports all of them. The zero value is ready to use. It is
// not safe for concurrent use.
type Collector struct{ errs Errors }

// Add records one error.
func (c *Collector) Add(pos Position, where, what, do string) {
	c.errs = append(c.errs, &Error{Pos: pos, Where: where, What: what, Do: do})
}

// AddErr records err. It unpacks Errors and *Error; any other error becomes one about file.
func (c *Collector) AddErr(file string, err error) {
	if err == nil {
		return
	}
	if many, ok := errors.AsType[Errors](err); ok {
		c.errs = append(c.errs, many...)
		return
	}
	if one, ok := errors.AsType[*Error](err); ok {
		c.errs = append(c.errs, one)
		return
	}
	c.errs = append(c.errs, &Error{Pos: Position{File: file}, What: err.Error(), Err: err})
}

// Len returns the number of errors so far, duplicates included.
func (c *Collector) Len() int { return len(c.errs) }

// Err returns all errors so far as Errors, sorted and without duplicates, or nil if there are none.
func (c *Collector) Err() error {
	if len(c.errs) == 0 {
		return nil
	}
	all := slices.Clone(c.errs)
	slices.SortStableFunc(all, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Pos.File, b.Pos.File), cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Error(), b.Error()))
	})
	return slices.CompactFunc(all, func(a, b *Error) bool { return a.Error() == b.Error() })
}
