package templates

// Part is what of the runtime only some packages need. A package that does without is shorter to read and to compile.
type Part int

// The parts.
const (
	Lists           Part = iota // arrays in bodies
	Maps                        // objects in bodies whose names are data
	Floats                      // numbers in bodies that are no integers
	Times                       // times, anywhere
	BodyTimes                   // times in bodies
	Unions                      // values that are of one of several types
	Parameters                  // parameters in paths and queries
	FieldParameters             // parameters in headers and cookies
	JSONParameters              // parameters that are no scalars and no lists of scalars, or that travel as JSON
	Forms                       // bodies that travel as the fields of a form
	Uploads                     // bodies with files
	Downloads                   // answers that are read as they arrive
	Paging                      // listings
	Offsets                     // listings that go on by offsets
	Cursors                     // listings that go on by cursors or tokens
	LinkHeaders                 // listings that go on by Link headers
)

// partOf tells which part a file of the runtime belongs to. The other files belong to all packages.
var partOf = map[string]Part{
	"list.go":       Lists,
	"map.go":        Maps,
	"float.go":      Floats,
	"time.go":       Times,
	"timevalue.go":  BodyTimes,
	"union.go":      Unions,
	"params.go":     Parameters,
	"fieldparam.go": FieldParameters,
	"jsonparam.go":  JSONParameters,
	"form.go":       Forms,
	"upload.go":     Uploads,
	"download.go":   Downloads,
	"pager.go":      Paging,
	"paging.go":     Paging,
	"offset.go":     Offsets,
	"cursor.go":     Cursors,
	"linkheader.go": LinkHeaders,
}

// Parts is a set of parts.
type Parts map[Part]bool

// Add adds a part, and those without which it does not compile.
func (s Parts) Add(p Part) {
	s[p] = true
	switch p {
	case BodyTimes:
		s.Add(Times)
	case FieldParameters, JSONParameters:
		s.Add(Parameters)
	case Offsets, Cursors:
		s.Add(Paging)
	case LinkHeaders:
		s.Add(Cursors)
	}
}
