// Package settled holds what the sources say once it is settled: one complete OpenAPI 3 document, and beside it what
// OpenAPI has no place for: the order of things, who said what, who disagreed and what is still missing.
// Package merge makes a Document, package resolve reads it, package report prints it.
package settled

import (
	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/lock"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// Document is a settled API.
type Document struct {
	Tree       *source.Node    // the OpenAPI document, everything in its order
	T          *openapi3.T     // the same, loaded by kin-openapi; nil once it is unloaded
	Operations []*Operation    // in document order
	Sources    []*claim.Source // strongest first
	Facts      []Fact          // everything settled, in document order
	TypeNames  []TypeName      // the Go names that sources give to schemas, in document order
	Gaps       []Gap
	Notes      []*source.Error  // what was read and could not be kept
	Locked     []lock.Operation // the names of operations for the lock of the next run, those that are gone or not wanted included
	LockNotes  []*source.Error  // what happened to operations since the lock was written
}

// Operation is one operation of the document.
type Operation struct {
	Method, Path string
	Name         string              // in Go
	Pin          *lock.Operation     // what the lock says about it; nil if nothing
	T            *openapi3.Operation // nil once the document is unloaded
}

// Said is a value and the source that gives it.
type Said struct {
	Value  string
	Source *claim.Source
	Line   int
	Weak   bool // only shown by a sample
}

// Fact is one settled fact. Address names what it is about, such as "GET /wiki/rest/api/audit query:limit".
type Fact struct {
	Address  string
	Name     claim.Name
	Won      Said
	Agreed   []Said // others that say the same
	Lost     []Said // others that say something else
	Conflict bool   // the disagreement is about type, required, path or default, and no overlay decided it
}

// TypeName is the Go name that a source gives to a schema by x-go-type-name. It may be no identifier
// at all; the schema in the Tree does not have such a name.
type TypeName struct {
	Schema  *source.Node // in the Tree
	Address string
	Said    Said
}

// Gap is a hole that no source fills and what stands in for it.
type Gap struct {
	Address string
	What    string // what is missing, such as "no type"
	Instead string // what is used in its place, such as "string"
}

// Title gives the title of the API.
func (d *Document) Title() string { return d.Tree.Get("info").Get("title").Str() }

// Unload lets go of what kin-openapi holds, which is half of the memory that a document takes. Nothing that is written of it needs that.
func (d *Document) Unload() {
	d.T = nil
	for _, op := range d.Operations {
		op.T = nil
	}
}

// Conflicts counts the facts that sources disagree about.
func (d *Document) Conflicts() int {
	n := 0
	for i := range d.Facts {
		if d.Facts[i].Conflict {
			n++
		}
	}
	return n
}

// OperationAddress names an operation in reports.
func OperationAddress(method, path string) string { return method + " " + path }

// ParamAddress names a parameter of an operation.
func ParamAddress(operation, in, name string) string { return operation + " " + in + ":" + name }

// SchemaAddress names a schema of the document.
func SchemaAddress(name string) string { return "schema " + name }

// MaxAddress is how long the way to a member may be, in bytes; an address is cut there. Names may be long and objects deep, and every
// fact has an address.
const MaxAddress = 2000

// MemberAddress names a member of what owner names; further levels are joined with a dot.
func MemberAddress(owner string, nested bool, name string) string {
	if len(owner) > MaxAddress {
		return owner
	}
	if nested {
		return owner + "." + name
	}
	return owner + " " + name
}
