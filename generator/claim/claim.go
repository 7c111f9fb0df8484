// Package claim holds what a source says about an API: a partial document in which every fact carries the line it
// stands on. Readers (packages openapi and refdoc) build one Document each; package merge settles them into one.
//
// Nothing in a Document is filled in: what the source does not say is not there. A fact that is only shown by a sample is
// marked weak and yields to anything that is stated.
package claim

import (
	"encoding/json"
	"strconv"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// Kind says what sort of document a source is.
type Kind string

// The kinds a configuration can name. Reference stands for any of page, table, postman, sample and har, told apart by content.
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

// Source is where claims come from. Rank orders sources: 0 is the strongest.
type Source struct {
	File     string
	Kind     Kind
	BasePath string   // what has to stand before the paths of this source; empty if not declared
	Hosts    []string // of recorded traffic: the hosts that count; empty if not declared
	Rank     int
}

// Document is all that one source says. Parameters, bodies and responses that several operations refer to may be shared
// between them, and so may the schemas inside: a Document is read, never changed.
type Document struct {
	Source     *Source
	Facts      Facts // Title, Description, Version, TermsOfService, Tags (a *source.Node, descriptions and all), extensions
	Servers    []Server
	Operations []*Operation
	Schemas    []*Named
	Security   []*Named // security schemes, each Schema.Facts holding one Definition

	// Notes is what was read but could not be kept, or not as it was written; Do says what was done instead.
	Notes []*source.Error
}

// Text is a string and the line it stands on.
type Text struct {
	Value string
	Line  int
}

// Server is an address at which the API can be called. URL is as the source spells it: whole, without a scheme
// (//host/path) or without a host (/path, path), with variables in braces.
type Server struct {
	URL       string
	Variables []Variable
	Line      int
}

// Variable is a variable of a server URL.
type Variable struct {
	Name, Default string
	HasDefault    bool     // it has a default, which may be empty
	Enum          []string // all values there are; nil if the source lists none
	Description   string
	Line          int
}

// Operation is what one source says about one operation.
type Operation struct {
	Method    string // GET, POST, ...
	Path      string // as the source spells it, starting with a slash; path parameters as {name}
	Line      int
	Servers   []Server // its own, in place of those of the document; nil if it has none
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

// Response is an answer. Status is a three-digit status, a range such as 4XX, "default", or empty: the successful answer,
// whose status this source does not name.
type Response struct {
	Status  string
	Line    int
	Facts   Facts // Description
	Content []*Media
	Headers []*Param
}

// Media is a body in one media type. Type may be empty: the source does not name it.
type Media struct {
	Type   string
	Line   int
	Schema Schema
	Facts  Facts // Example, Encoding, extensions
}

// Named is a schema (or security scheme) that the source defines under a name.
type Named struct {
	Name   string
	Line   int
	Schema Schema
}

// Schema is what a source says about a value. The zero value says nothing. Where the schema is a member of another, its
// Facts also hold what the source says about the member: Required.
type Schema struct {
	Line       int
	Facts      Facts // Type, Ref, Format, Nullable, Enum, Default, Description, ... and extensions
	Members    []*Member
	Items      *Schema
	Additional *Schema // schema of members that have no name
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

// Name is the name of a fact. Facts about schemas and parameters carry the name of the OpenAPI 3.0 keyword; a name that
// starts with x- is an extension, kept as it is.
type Name string

// The facts that are not, or not only, schema keywords.
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
	Definition     Name = "definition"                 // a security scheme, whole
	Permissions    Name = "permissions"                // who may call an operation, one sentence
	Scopes         Name = "scopes"                     // OAuth 2.0 scopes, classic or the only ones, []string
	Granular       Name = "granular"                   // granular OAuth 2.0 scopes, []string
	ConnectScope   Name = "connect-scope"              // scope of a Connect app, or "none" where such apps have no access
	DocsURL        Name = "externalDocs"               // URL of the reference page
	ServerVariable Name = "x-auditgen-server-variable" // marks a path parameter that is a variable of the server URL
	Presence       Name = "present"                    // says only that the address exists; never conflicts
)

// The facts about a value.
const (
	Type     Name = "type"                 // string: one of the JSON types, "integer" included
	Ref      Name = "$ref"                 // string: the name of the schema that describes this value
	Format   Name = "format"               // string
	Nullable Name = "nullable"             // bool
	Enum     Name = "enum"                 // *source.Node, an array
	Default  Name = "default"              // *source.Node, any value
	Encoding Name = "encoding"             // *source.Node: how the members of a form travel; of a Media only
	Example  Name = "example"              // *source.Node, any value
	Closed   Name = "additionalProperties" // bool: false where no other members are allowed; a schema for them is Schema.Additional
	TypeName Name = "x-go-type-name"       // string: the name of the Go type that a schema becomes
)

// Fact is one thing a source says about one address. Value is a string, a bool, a []string or a *source.Node, whichever
// the fact's name asks for. Line is where it stands in the source. Weak marks what is only shown by a sample.
type Fact struct {
	Name  Name
	Value any
	Line  int
	Weak  bool
}

// Text gives the value as it stands in reports: strings as they are, everything else as JSON.
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

// Facts is what one source says about one address, in its own order.
type Facts []Fact

// Say adds a fact that the source states.
func (f *Facts) Say(name Name, value any, line int) {
	*f = append(*f, Fact{Name: name, Value: value, Line: line})
}

// Show adds a fact that the source only shows in a sample.
func (f *Facts) Show(name Name, value any, line int) {
	*f = append(*f, Fact{Name: name, Value: value, Line: line, Weak: true})
}

// Get gives the first fact of that name, and whether there is one.
func (f Facts) Get(name Name) (Fact, bool) {
	for _, fact := range f {
		if fact.Name == name {
			return fact, true
		}
	}
	return Fact{}, false
}

// Member gives the member of that name, added at the end if it is not there yet.
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
