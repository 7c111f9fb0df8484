// Package pages makes pages of audit records in the shapes that the APIs are known to answer with:
// people with and without an account, the site itself as author, members that come and go, empty
// objects, names from several scripts, escapes. The same number always gives the same record, so
// that a log of any length can be served without being kept.
package pages

import (
	"strconv"
	"time"
)

// Shape says which of the things that some client cannot read a page has. The zero value has none
// of them.
type Shape struct {
	// Undocumented adds members that no document mentions.
	Undocumented bool
	// NullOperations has the operations of an author as they are in every captured record: null.
	// Without it they are an empty object, since the documents require them.
	NullOperations bool
	// ColonlessOffset writes times as Jira does, +0000, in place of Z.
	ColonlessOffset bool
}

// AsServed is what the APIs answer.
var AsServed = Shape{Undocumented: true, NullOperations: true, ColonlessOffset: true}

// MissingFrom names what a page of shape s lacks of one as served.
func (s Shape) MissingFrom() []string {
	var list []string
	if !s.Undocumented {
		list = append(list, "undocumented members")
	}
	if !s.NullOperations {
		list = append(list, `"operations": null (an empty object instead)`)
	}
	if !s.ColonlessOffset {
		list = append(list, "times that end in +0000 (written with Z instead)")
	}
	return list
}

// newest is the time of record 0. Records grow older from one to the next.
var newest = time.Date(2026, 3, 9, 16, 41, 7, 645e6, time.UTC)

var people = []string{
	"Ann Example", "José Álvarez", "Zoë van den Berg", "渡辺 恵", "Łukasz Nowak", "Priya Raman", "Tom O'Neill", "Mads Sørensen",
	"Fatima Zahra", "Grace Hopper", "Ольга Иванова", "Wei Zhang", "Sam \\\"Scout\\\" Reed", "Élodie Petit", "Noah Klein", "Ines Costa",
}

var spaces = []string{"Engineering", "People & Culture", "Produktentwicklung", "Legal", "Sales EMEA", "Datenschutz (DSGVO)", "Roadmap", "~ann"}

// pick returns one of a list, and not always in the same order.
func pick(list []string, n int) string { return list[(n*7+n/len(list))%len(list)] }

func choose(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}

// writer appends JSON. Texts are given as they stand in it, with escapes where they are needed.
type writer struct{ b []byte }

func (w *writer) raw(parts ...string) {
	for _, p := range parts {
		w.b = append(w.b, p...)
	}
}

func (w *writer) int(n int64) { w.b = strconv.AppendInt(w.b, n, 10) }

// hex writes n in so many digits, as part of an identifier.
func (w *writer) hex(n uint64, digits int) {
	for i := digits - 1; i >= 0; i-- {
		w.b = append(w.b, "0123456789abcdef"[n>>(4*i)&15])
	}
}

// account writes the identifier of a person.
func (w *writer) account(n int) {
	w.raw("5b10ac8d82e0")
	w.hex(uint64(n%len(people))*0x9E3779B97F4A, 12)
}

// address writes an IP address.
func (w *writer) address(n int) {
	w.raw("203.0.113.")
	w.int(int64(n * 13 % 254))
}
