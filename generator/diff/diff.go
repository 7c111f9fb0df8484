// Package diff says what a change of the documents means to users of a generated package. It
// compares an older and a newer generated package and returns a Report with one line per change:
// the change in the settled document, its effect on the Go API and on the wire, its severity, and
// its position in the documents of both sides.
//
// Three comparisons are made and linked by address. The settled documents are compared fact by fact
// (document.go, schema.go). They contain only what is generated, so operations outside the
// selection are not reported. The Go files are type-checked and compared by apidiff (goapi.go).
// Rules decide the effect on the wire (rules.go). They take the side of the caller: a new enum
// value does not break anything, a newly required parameter does. The severity of a line is the
// worse of Go and wire.
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
	OldPos   source.Position // position of the fact or of what contains it; zero if there is none
	NewPos   source.Position

	place *place
	fact  string // the changed fact, to find its position
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

// Compare returns the changes from old to new. Errors are source.Errors about files that are not
// Go.
func Compare(name string, old, new Side) (*Package, error) {
	changes := compareDocuments(old.Output, new.Output)
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

// Count returns the number of changes with a severity.
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

// Step is the part of a version to increase. Zero applies while the major version is 0.
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
