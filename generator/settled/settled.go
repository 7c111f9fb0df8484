// Package settled holds what the sources say once it is settled: one complete OpenAPI 3 document, and beside it what
// OpenAPI has no place for: the order of things, who said what, who disagreed and what is still missing.
// Package merge makes a Document, package resolve reads it, package report prints it.
package settled

import (
	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-1954497d/auditgen/generator/claim"
)

// Document is a settled API.
type Document struct {
	T          *openapi3.T
	Operations []*Operation                  // in document order, strongest source first
	Order      map[*openapi3.Schema][]string // order of the properties of each object schema
	Filled     map[any]string                // by *openapi3.Operation, *openapi3.Parameter or *openapi3.SchemaRef: where a hole was filled
	Sources    []*claim.Source               // strongest first
	Facts      []Fact                        // everything settled, in document order
	Gaps       []Gap
}

// Operation is one operation of the document.
type Operation struct {
	Method, Path string
	T            *openapi3.Operation
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
	Conflict bool   // the disagreement is about type, required, path or default and no overlay decided it
}

// Gap is a hole that no source fills and what stands in for it.
type Gap struct {
	Address string
	What    string // what is missing, such as "no type"
	Instead string // what is used in its place, such as "string"
}
