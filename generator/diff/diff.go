// Package diff says what a change of the documents does to those who use a generated package. In go
// two generated packages, an older and a newer one; out comes a Report with a line per change: what
// changed in the settled document, what that does to the Go API, what it does on the wire, how bad
// it is, and where it is in the documents of both sides.
//
// Three comparisons are made and then linked by address. The settled documents are compared fact by
// fact (document.go, schema.go); since they hold only what is generated, nothing is reported about
// operations that the selection leaves out. The Go files are type-checked and compared by apidiff
// (goapi.go). What a change does on the wire follows from rules (rules.go), which take the side of
// someone who calls the API: a new enum value is not a break, a parameter that is newly required is
// one. A line is as severe as the worse of Go and wire.
//
// Like everything below generator, the package is pure.
package diff

import (
	"cmp"
	"slices"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// Side is one of the two states of a package.
type Side struct {
	Output *generator.Output
	Code   []generator.File         // the Go files if they are not those of Output, such as a package in a folder
	Locate func(name string) string // the path of a document for positions; nil means its name in the Input
}

// Severity is how much a change matters to users of the package.
type Severity int

// The severities, the least severe first.
const (
	None       Severity = iota // no effect on code or requests
	Compatible                 // code still compiles and works
	Breaking                   // code does not compile, or calls that worked are refused
)

func (s Severity) String() string { return [...]string{"none", "compatible", "breaking"}[s] }

// Change is one line of a report.
type Change struct {
	Address  string // such as "GET /wiki/rest/api/audit query:limit"; empty if no part of the document is affected
	Kind     Kind
	Old, New string     // the values, if any
	Go       []GoChange // effect on the Go API, sorted
	Wire     string     // effect on requests and responses, in words; may be empty
	Severity Severity
	OldPos   source.Position // where it is, or what it is part of; zero if the side has neither
	NewPos   source.Position

	place *place
	fact  string // the fact that changed, to find its position
}

// Package lists the changes of one package, by severity, then by address.
type Package struct {
	Name    string
	Changes []*Change
}

// Report lists the changes of all packages, in the order in which they are generated.
type Report struct {
	Packages []*Package
}

// Compare says what changed from one side to the other. Errors are source.Errors about Go files
// that are none.
func Compare(name string, old, new Side) (*Package, error) {
	changes := compareDocuments(old.Output.Document, new.Output.Document)
	found, err := compareGo(old.code(), new.code())
	if err != nil {
		return nil, err
	}
	changes = link(changes, found, symbolsOf(old.Output.API), symbolsOf(new.Output.API))
	for _, c := range changes {
		for _, g := range c.Go {
			c.Severity = max(c.Severity, g.severity())
		}
	}
	locate(changes, old, new)
	slices.SortStableFunc(changes, func(a, b *Change) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(a.Address, b.Address), cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(a.Old, b.Old), cmp.Compare(a.New, b.New))
	})
	return &Package{Name: name, Changes: changes}, nil
}

// Whole returns the change of a package that only one side has.
func Whole(name string, added bool) *Package {
	c := &Change{Kind: PackageRemoved, Severity: Breaking}
	if added {
		c = &Change{Kind: PackageAdded, Severity: Compatible}
	}
	return &Package{Name: name, Changes: []*Change{c}}
}

func (s Side) code() []generator.File {
	if s.Code != nil {
		return s.Code
	}
	return s.Output.Files
}

func (c GoChange) severity() Severity {
	if c.Compatible {
		return Compatible
	}
	return Breaking
}

// Count returns how many changes have a severity.
func (r *Report) Count(s Severity) int {
	n := 0
	for _, p := range r.Packages {
		for _, c := range p.Changes {
			if c.Severity == s {
				n++
			}
		}
	}
	return n
}

// Step is the part of a version that has to grow. Zero is the part while the major version is 0,
// when anything may break.
type Step struct{ Version, Zero string }

// Step suggests which part of the module's version to increase.
func (r *Report) Step() Step {
	switch {
	case r.Count(Breaking) > 0:
		return Step{"major", "minor"}
	case r.Count(Compatible) > 0:
		return Step{"minor", "patch"}
	case r.Count(None) > 0:
		return Step{"patch", "patch"}
	}
	return Step{"none", "none"}
}
