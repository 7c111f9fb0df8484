// Package claim holds what a source says about an API: a partial document whose facts carry line
// numbers. Packages openapi and refdoc read one Document per source, and package merge settles them
// into one.
//
// A Document has no defaults: it contains only what the source says. A fact that only a sample
// shows is marked weak and yields to anything that is stated.
package claim

import (
	"encoding/json"
	"strconv"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// Kind is the kind of document that a source is.
type Kind string

// The kinds that a configuration can name. The content decides which of Page, Table, Postman,
// Sample and HAR a Reference is.
const (
	Overlay   Kind = "overlay"
	Reference Kind = "reference"
	Page      Kind = "page"
	Table     Kind = "table"
	Postman   Kind = "postman"
	Sample    Kind = "sample"
	HAR       Kind = "har" // recorded traffic, an HTTP archive
	OpenAPI   Kind = "openapi"
)

// Source is the origin of claims. Rank orders sources: 0 is the strongest.
type Source struct {
	File     string
	Kind     Kind
	BasePath string   // prefix of the paths of this source; empty if not declared
	Hosts    []string // of recorded traffic: the hosts that count; empty if not declared
	Rank     int
}

// Document is everything one source says. Operations may share parameters, bodies and responses
// that they refer to, including their schemas, so a Document must not be changed.
type Document struct {
	Source     *Source
	Facts      Facts // Title, Description, Version, TermsOfService, Tags (a *source.Node with descriptions), extensions
	Servers    []Server
	Operations []*Operation
	Schemas    []*Named
	Security   []*Named // security schemes; each Schema.Facts has one Definition

	// Notes lists what could not be kept, or not as it was written. Do says what was done instead.
	Notes []*source.Error
}

// Text is a string and its line.
type Text struct {
	Value string
	Line  int
}

// Server is an address of the API. URL is spelled as in the source: complete, without a scheme
// (//host/path) or without a host (/path, path), with variables in braces.
type Server struct {
	URL       string
	Variables []Variable
	Line      int
}

// Variable is a variable of a server URL.
type Variable struct {
	Name, Default string
	HasDefault    bool     // Default is set; it may be empty
	Enum          []string // all allowed values; nil if the source lists none
	Description   string
	Line          int
}

// Operation is what one source says about one operation.
type Operation struct {
	Method    string // GET, POST, ...
	Path      string // as the source spells it, starting with a slash; path parameters as {name}
	Line      int
	Servers   []Server // replace the servers of the document; nil if it has none
	Facts     Facts    // Summary, Description, OperationID, Tags, Deprecated, Permissions, Scopes, DocsURL, Security, extensions
	Params    []*Param
	Body      *Body
	Responses []*Response
}

// Param is a parameter. In is query, path, header or cookie.
type Param struct {
	In, Name string
	Line     int
	Facts    Facts // Required, Description, Style, Explode, Deprecated, extensions
	Schema   Schema
}

// Body is a request body.
type Body struct {
	Line    int
	Facts   Facts // Required, Description
	Content []*Media
}

// Response is a response. Status is a three-digit status, a range such as 4XX or "default". It is
// empty for a successful response whose status the source does not name.
type Response struct {
	Status  string
	Line    int
	Facts   Facts // Description
	Content []*Media
	Headers []*Param
}

// Media is a body in one media type. Type is empty if the source does not name it.
type Media struct {
	Type   string
	Line   int
	Schema Schema
	Facts  Facts // Example, Encoding, extensions
}

// Named is a schema or a security scheme with a name.
type Named struct {
	Name   string
	Line   int
	Schema Schema
}

// Schema is what a source says about a value. The zero value says nothing. If the schema belongs to
// a member of an object, its Facts include facts about the member, such as Required.
type Schema struct {
	Line       int
	Facts      Facts // Type, Ref, Format, Nullable, Enum, Default, Description, ... and extensions
	Members    []*Member
	Items      *Schema
	Additional *Schema // schema of members that are not named
	OneOf      []*Schema
	AnyOf      []*Schema
	AllOf      []*Schema
	Not        *Schema
}

// Member is a named member of an object.
type Member struct {
	Name   string
	Schema Schema
}

// Name is the name of a fact. Facts about schemas and parameters have the name of the OpenAPI 3.0
// keyword. Names that start with x- are extensions, which are kept unchanged.
type Name string

// Facts that are not schema keywords, or not only.
const (
	Title          Name = "title"
	Version        Name = "version"
	TermsOfService Name = "termsOfService"
	Summary        Name = "summary"
	Description    Name = "description"
	OperationID    Name = "operationId"
	Tags           Name = "tags"
	Deprecated     Name = "deprecated"
	Required       Name = "required"
	Style          Name = "style"
	Explode        Name = "explode"
	Security       Name = "security"
	Definition     Name = "definition"                 // a complete security scheme
	Permissions    Name = "permissions"                // who may call an operation, in one sentence
	Scopes         Name = "scopes"                     // OAuth 2.0 scopes (the classic ones if there are two sets), []string
	Granular       Name = "granular"                   // granular OAuth 2.0 scopes, []string
	ConnectScope   Name = "connect-scope"              // scope of a Connect app, or "none" if Connect apps have no access
	DocsURL        Name = "externalDocs"               // URL of the reference page
	DocsText       Name = "externalDocs.description"   // what is there
	ServerVariable Name = "x-auditgen-server-variable" // marks a path parameter that is a variable of the server URL
	Presence       Name = "present"                    // the address exists; never conflicts
)

// Facts about a value.
const (
	Type     Name = "type"                 // string: one of the JSON types, "integer" included
	Ref      Name = "$ref"                 // string: the name of the schema that describes this value
	Format   Name = "format"               // string
	Nullable Name = "nullable"             // bool
	Enum     Name = "enum"                 // *source.Node, an array
	Default  Name = "default"              // *source.Node, any value
	Encoding Name = "encoding"             // *source.Node: encoding of the members of a form; only of Media
	Example  Name = "example"              // *source.Node, any value
	Closed   Name = "additionalProperties" // bool: false if no other members are allowed; their schema is in Schema.Additional
	TypeName Name = "x-go-type-name"       // string: the Go type name of a schema
)

// Fact is one statement of a source about one address. Value is a string, a bool, a []string or a
// *source.Node, depending on Name. Line is its line in the source. Weak marks a fact that only a
// sample shows.
type Fact struct {
	Name  Name
	Value any
	Line  int
	Weak  bool
}

// Text returns the value as reports print it: a string unchanged, anything else as JSON.
func (f Fact) Text() string {
	switch v := f.Value.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case *source.Node:
		return v.JSON()
	case []string:
		b, err := json.Marshal(v)
		if err != nil {
			panic("claim: strings always marshal: " + err.Error())
		}
		return string(b)
	default:
		panic("claim: a fact holds a string, bool, []string or *source.Node")
	}
}

// Facts is what one source says about one address, in the order of the source.
type Facts []Fact

// Say adds a fact that the source states.
func (f *Facts) Say(name Name, value any, line int) {
	*f = append(*f, Fact{Name: name, Value: value, Line: line})
}

// Show adds a fact that only a sample in the source shows.
func (f *Facts) Show(name Name, value any, line int) {
	*f = append(*f, Fact{Name: name, Value: value, Line: line, Weak: true})
}

// Get returns the first fact of that name and whether there is one.
func (f Facts) Get(name Name) (Fact, bool) {
	for _, fact := range f {
		if fact.Name == name {
			return fact, true
		}
	}
	return Fact{}, false
}

// Member returns the member of that name. It appends one if there is none.
func (s *Schema) Member(name string, line int) *Schema {
	for _, m := range s.Members {
		if m.Name == name {
			return &m.Schema
		}
	}
	m := &Member{Name: name, Schema: Schema{Line: line}}
	s.Members = append(s.Members, m)
	return &m.Schema
}
