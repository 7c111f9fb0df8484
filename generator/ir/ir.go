// Package ir is the API as Go sees it: every name chosen, every type decided, everything in the order in which it is to be
// printed. Package resolve makes it, package emit prints it. It knows neither OpenAPI nor jennifer.
//
// Texts (Doc fields and the like) come from documents: they are plain prose, they are trusted by nobody, and only emit's
// comment writer may print them. Wire strings (paths, parameter and member names, enum values) are printed quoted only.
package ir

// API is one generated package.
type API struct {
	Package    string // name of the Go package
	Title      string // what the API calls itself
	Doc        string // package documentation, prose
	Rest       string // import path of the runtime that the package stands on; "rest" if it is empty
	ImportPath string // what the package is imported as; empty if nobody knows, and then there are no examples
	Documents  []Document
	Server     string // base URL for the example in the package documentation; may be empty
	Prefix     string // what the templates of all operations begin with, "/wiki/rest/api"; may be empty
	Variables  []*Variable
	Groups     []*Group
	Models     []*Model
	Enums      []*Enum
	Unions     []*Union
	Notes      []Note
	HasPaging  bool
	HasStreams bool
}

// Note is something that documents say and that Go cannot say as they do.
type Note struct {
	Address string // where the documents say it, such as "schema Pet owner"
	What    string // what cannot be said
	Instead string // what was printed in its place
}

// Variable is a variable of the server URL that is in the path of operations: an option of the client.
type Variable struct {
	Option     string // Go name of the option, such as "WithTenant"
	Wire       string // its name in braces in templates
	Doc        string
	Default    string
	HasDefault bool
	Enum       []string // the only values there are; nil if the documents list none
}

// Document is a source the package was made from: for the package documentation.
type Document struct {
	Name string // file name without folder
	Kind string // what sort of document it is, such as "reference page"
}

// Group is the operations of one tag: one file.
type Group struct {
	File       string // file name, such as "audit.gen.go"
	Operations []*Operation
}

// Operation is one client method.
type Operation struct {
	Name        string // Go name of the method, such as "GetAuditRecords"
	Method      string // HTTP method, upper case
	Path        string // path as the documents write it, such as "/wiki/rest/api/audit/{id}"
	Template    string // the same, escaped as it travels but for the parameters in braces
	Doc         string // one or more sentences, without the method's name in front
	Deprecated  string // why, or empty; "true" documents without a reason get a sentence from resolve
	Permissions string
	Scopes      []string
	Granular    []string
	Reference   string // URL, or empty
	PathParams  []*Param
	Params      *Params // query, header and cookie parameters; nil if there are none
	Body        *Body   // nil if there is none
	Result      Result
	Paging      *Paging // nil if the operation does not page
	Example     *Example

	// Instead has the identifiers that are called after Name and could not be had, and for each the one that is used.
	Instead map[string]string
}

// Example is a call of an operation with what is required and nothing else.
type Example struct {
	Args   []*Value // of PathParams, in their order
	Body   *Value   // BodyJSON and BodyForm; nil otherwise
	Params []*ParamValue
	Curl   string // the same call as a command line for a shell; empty if there is no way to say it
}

// ParamValue is the value of a field of the parameter struct.
type ParamValue struct {
	Param *Param
	Value *Value
}

// Value is a value that an example shows.
type Value struct {
	Type    *Type
	Text    string        // String and EnumKind; Int and Float as JSON writes them; Time as RFC 3339; Raw as JSON
	Truth   bool          // Bool
	Items   []*Value      // Slice; UnionKind: the one that it holds, none if it is empty
	Variant *Variant      // UnionKind: what it holds
	Members []MemberValue // ModelKind: some of its fields, in their order; Map: its keys
}

// MemberValue is a member of a Value that travels as a JSON object.
type MemberValue struct {
	Field *Field // ModelKind only; nil for what is only seen on the wire
	Key   string // name on the wire
	Value *Value
}

// Params is the parameter struct of an operation.
type Params struct {
	Name   string // Go type name, such as "GetAuditRecordsParams"
	Fields []*Param
}

// Param is one parameter: an argument for path parameters, a field of the parameter struct for all others.
type Param struct {
	Name       string // Go name of the field or argument
	Wire       string // name as sent
	In         string // query, path, header or cookie
	Doc        string
	Deprecated string
	Default    string // the server's default as prose for the comment, or empty
	Required   bool
	Style      string // form, simple, spaceDelimited, pipeDelimited, deepObject, label, matrix
	Explode    bool
	JSON       bool  // sent as JSON text, whatever its type
	Type       *Type // optional numbers and booleans have Pointer set
}

// Body is a request body.
type Body struct {
	Arg      string // Go name of the argument
	Media    string // media type that is sent
	Doc      string
	Required bool
	Kind     BodyKind
	Type     *Type // BodyJSON and BodyForm; nil otherwise
}

// BodyKind says how a request body is sent.
type BodyKind int

const (
	BodyJSON   BodyKind = iota // a value that encodes itself as JSON
	BodyForm                   // application/x-www-form-urlencoded, from a model
	BodyStream                 // an io.Reader, sent as it is
	BodyUpload                 // multipart/form-data, from an *Upload
)

// Result is what a successful call gives.
type Result struct {
	Kind  ResultKind
	Type  *Type  // ResultJSON only
	Media string // media types that are asked for, as in an Accept header
	Doc   string // what comes back, or empty
	Empty []int  // other successes, such as 202, that come without a body; ResultJSON only
}

// ResultKind says how a successful answer is read.
type ResultKind int

const (
	ResultNone   ResultKind = iota // no body: the method gives only an error
	ResultJSON                     // decoded; a model comes as a pointer, anything else as it is
	ResultStream                   // *Download
	ResultText                     // string
)

// Model is a struct that travels as a JSON object.
type Model struct {
	Name       string // Go type name
	Address    string // of the schema in reports
	Doc        string
	Deprecated string
	Fields     []*Field
	Request    bool // reachable from a request body
	Response   bool // reachable from an answer
	Nested     bool // a field of a model or a parameter holds it by value
}

// Field is a member of a Model.
type Field struct {
	Name       string // Go name
	Address    string // what it is made from, as reports name it, such as "schema AuditRecords records[].id"
	Wire       string // member name
	Doc        string
	Deprecated string
	Required   bool // some document says so: sent even when empty, unless the value was decoded without it
	Type       *Type
}

// Enum is a string type with the values that documents list. Values not listed are data, never errors.
type Enum struct {
	Name    string
	Address string // of the schema in reports
	Doc     string
	Values  []EnumValue
}

// EnumValue is one constant.
type EnumValue struct {
	Name  string // Go name of the constant
	Value string
	Doc   string
}

// Union is a value that is of one of several types. It travels as whatever it holds.
type Union struct {
	Name       string
	Address    string // of the schema in reports
	Doc        string
	Deprecated string
	Want       string // the JSON types that variants have, such as "object or string"; empty if any will do
	Tag        string // member by whose value objects are told apart; empty if there is none
	Variants   []*Variant
	Request    bool
	Response   bool
}

// Variant is one of the types of a Union. What tells it from the others stands in Tags or in Has and Lacks, or JSON is enough.
type Variant struct {
	Name string // what the accessor is called after, such as "Circle" in AsCircle
	Make string // Go name of the function that makes a Union of a value, such as "ShapeOfCircle"
	Type *Type
	Told bool     // it can be told from the other variants
	JSON string   // its JSON type: object, array, string, number or boolean
	Tags []string // values of the union's Tag that stand for it
	Has  []string // members that it always has
	// Lacks are members that it never has.
	Lacks []string
	// Field is the member of the model that holds the union's Tag; nil if there is none, or if its value is not certain.
	Field *Field
}

// Type is the Go type of a value and how it travels.
type Type struct {
	Kind    Kind
	Elem    *Type  // Slice and Map
	Model   *Model // ModelKind
	Enum    *Enum  // EnumKind
	Union   *Union // UnionKind
	Codec   Codec  // Time
	Pointer bool   // a pointer to Kind: optional numbers and booleans among parameters, and models that break a recursion
}

// Kind is the closed set of types the generated package uses.
type Kind int

const (
	String    Kind = iota // string
	Int                   // int64
	Float                 // float64
	Bool                  // bool
	Time                  // time.Time, travels as Codec says
	Raw                   // json.RawMessage: any JSON value
	Slice                 // []Elem
	Map                   // map[string]Elem
	ModelKind             // struct
	EnumKind              // string type
	UnionKind             // struct that holds the JSON of one of several types
)

// Codec says how a time travels.
type Codec int

const (
	RFC3339   Codec = iota // 2006-01-02T15:04:05.999999999Z07:00
	UnixMilli              // milliseconds since 1970, a JSON number in bodies
	Jira                   // 2006-01-02T15:04:05.000+0000
)

// Paging is how a listing goes on: what asks for a page, and what of an answer leads to the next one. Either Offset, Number or a
// cursor asks, or nothing but the address that an answer gives. Paths lead from the result through models that are held by value.
type Paging struct {
	Pager string   // Go name of the method that makes a Pager, such as "AuditRecordsPager"
	All   string   // Go name of the iterator method, such as "AllAuditRecords"
	Basis string   // what it was recognised by, for the comment; a list such as "start, limit and _links.next"
	Item  *Type    // type of one item: a Slice's Elem
	Items []*Field // path to the items; nil if the result is nothing but its items

	Offset     *Param // counts the items before the page; nil for other listings
	Number     *Param // the number of the page; nil for other listings
	First      int64  // the lowest Offset or Number
	Cursor     *Param // takes the cursor: a string; nil if it is not declared or is in the body
	BodyCursor *Field // member of the body that takes it; nil if there is none
	CursorWire string // the cursor's name in queries; empty if nothing takes one
	Limit      *Param // how many records a page may have; may be nil
	Since      *Param // the time bound that an example starts at; nil if there is none
	End        *Param // the time bound that is pinned while paging; nil if there is none

	AnswerOffset []*Field // the answer's own idea of where it starts; nil if it does not say
	AnswerNumber []*Field // its own number
	AnswerPages  []*Field // how many pages there are, that is, the number of the last one
	AnswerLimit  []*Field // the limit it was cut to
	Next         []*Field // the cursor of the next page, or its address
	NextHeader   string   // the header that has it
	NextIsLink   bool     // it is an address
	NextItem     *Field   // the member of an item that is the cursor for what follows the item; used of the last one
	More         []*Field // the answer says whether there is more; nil if it does not
	MoreIsLast   bool     // it says so by the opposite: that it is the last page
}

// LocalNames are the names that printed functions use for their own variables, for packages and for what they call. No
// argument of a method (Name of a path parameter, Arg of a body) may have one of them, nor a name that the runtime declares.
var LocalNames = []string{
	"answer", "append", "at", "base", "bool", "byte", "bytes", "c", "context", "ctx", "d", "e", "err", "error", "false", "float64", "int64",
	"io", "iter", "json", "len", "new", "nil", "opts", "p", "params", "pg", "r", "res", "slices", "start", "string", "strings", "time", "true",
}
