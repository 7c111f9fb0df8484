// Package ir is the API as Go sees it: all names are chosen, all types are decided, and everything
// is in output order. Package resolve builds it and package emit prints it. It knows neither
// OpenAPI nor jennifer.
//
// Texts such as Doc come from documents. They are untrusted prose, and only emit's comment writer
// may print them. Wire strings (paths, names of parameters and members, enum values) are only
// printed quoted.
package ir

import "net/url"

// API is one generated package.
type API struct {
	Package    string // name of the Go package
	Title      string // title of the API
	Doc        string // package documentation
	Rest       string // import path of the runtime; "rest" if empty
	ImportPath string // import path of the package; empty if unknown, which omits examples
	Documents  []Document
	Server     string // base URL in the package documentation; may be empty
	Prefix     string // common prefix of all templates, such as "/wiki/rest/api"; may be empty
	Variables  []*Variable
	Groups     []*Group
	Models     []*Model
	Enums      []*Enum
	Unions     []*Union
	Notes      []Note
	HasPaging  bool
	HasStreams bool
	Atlassian  bool // the client recognises what is particular to Atlassian's answers

	Credentials Alternatives // what most operations take; nil if the documents do not say
	Security    []string     // the same as the runtime writes it; nil if there is nothing to choose

	Suggestions []Suggestion // for overlays; they change no Go
}

// Alternatives are credentials any of which opens an operation. Those of one alternative go
// together.
type Alternatives [][]*Credential

// Kinds of credentials. The others are the places of API keys: header, query and cookie.
const (
	Basic  = "basic"
	Bearer = "bearer"
)

// Credential is a way to authenticate.
type Credential struct {
	Kind  string
	Name  string // of an API key on the wire
	Var   string // the variable that holds an API key in comments
	OAuth bool   // the token is an access token
}

// Key is what the runtime calls the credential.
func (c *Credential) Key() string {
	if c.Name == "" {
		return c.Kind
	}
	return c.Kind + " " + url.QueryEscape(c.Name)
}

// Note is something in the documents that Go cannot express.
type Note struct {
	Address string // place in the documents, such as "schema Pet owner"
	What    string // what cannot be expressed
	Instead string // what was printed instead
}

// Suggestion is what an overlay can say about an operation that documents leave open.
type Suggestion struct {
	Operation *Operation
	Extension string // "x-auditgen-paging" or "x-auditgen-follow"
	Why       string // what the documents leave open
	Members   []SuggestedMember
}

// SuggestedMember is a member of the extension.
type SuggestedMember struct {
	Name, Value string
	Check       string // what to look up before it is used; empty if documents say it
}

// Variable is a variable of the server URL in the paths of operations. It becomes an option of the
// client.
type Variable struct {
	Option     string // Go name of the option, such as "WithTenant"
	Wire       string // its name between braces in templates
	Doc        string
	Default    string
	HasDefault bool
	Enum       []string // allowed values; nil if the documents list none
}

// Document is a source of the package, for the package documentation.
type Document struct {
	Name string // file name without folder
	Kind string // kind of document, such as "reference page"
}

// Group is the operations of one tag, which share a file.
type Group struct {
	File       string // file name, such as "audit.gen.go"
	Operations []*Operation
}

// Operation is one client method.
type Operation struct {
	Name        string // Go name of the method, such as "GetAuditRecords"
	Method      string // HTTP method, upper case
	Path        string // path in the documents, such as "/wiki/rest/api/audit/{id}"
	Address     string // what reports call it
	Template    string // Path escaped for a request, except for the parameters in braces
	Doc         string // one or more sentences, not starting with the method's name
	Deprecated  string // the reason, or empty; resolve writes a sentence if the documents have none
	Permissions string
	Scopes      []string
	Granular    []string
	Needs       string        // the scopes of all alternatives, in words
	Security    []string      // what it takes, as the runtime writes it; nil if it is what the API has
	Credentials []*Credential // what examples use
	Reference   string        // URL, or empty
	PathParams  []*Param
	Params      *Params // query, header and cookie parameters; nil if there are none
	Body        *Body   // nil if there is none
	Result      Result
	Errors      []*ErrorBody // documented bodies of answers that are not successes
	Paging      *Paging      // nil if the operation does not page
	Follow      *Follow      // nil if the listing is not followed
	Example     *Example

	// Instead maps identifiers that follow from Name but were taken to the ones that are used.
	Instead map[string]string
}

// Example is a call of an operation with nothing but what is required.
type Example struct {
	Args   []*Value    // one per PathParams
	Body   *Value      // for BodyJSON and BodyForm, else nil
	Parts  []PartValue // for a Form
	Params []*ParamValue
	Curl   string // the same call as a shell command; empty if there is none
}

// ParamValue is the value of a field of the parameter struct.
type ParamValue struct {
	Param *Param
	Value *Value
}

// PartValue is the value of a field of a Form.
type PartValue struct {
	Part  *Part
	Value *Value
}

// Value is a value in an example.
type Value struct {
	Type    *Type
	Text    string        // String and EnumKind; Int and Float as JSON writes them; Time as RFC 3339; Raw as JSON
	Truth   bool          // Bool
	Items   []*Value      // Slice; UnionKind: the value that it holds, if any
	Variant *Variant      // UnionKind: the type of that value
	Members []MemberValue // ModelKind: some of its fields, in order; Map: its keys
}

// MemberValue is a member of a Value that is sent as a JSON object.
type MemberValue struct {
	Field *Field // only for ModelKind; nil if the member has no field
	Key   string // name on the wire
	Value *Value
}

// Params is the parameter struct of an operation.
type Params struct {
	Name   string // Go type name, such as "GetAuditRecordsParams"
	Fields []*Param
}

// Param is one parameter. Path parameters become arguments, all others fields of the parameter
// struct.
type Param struct {
	Name       string // Go name of the field or argument
	Address    string // what reports call it
	Wire       string // name as sent
	In         string // query, path, header or cookie
	Doc        string
	Deprecated string
	Default    string // the server's default, in words for the comment, or empty
	Required   bool
	Style      string // form, simple, spaceDelimited, pipeDelimited, deepObject, label, matrix
	Explode    bool
	JSON       bool   // sent as JSON text, whatever the type
	Reserved   bool   // reserved characters of URLs are sent as they are
	AllowEmpty bool   // an empty value may be sent
	Const      string // the only value of a required parameter, as text; empty if there are others
	Type       *Type  // Pointer is set for optional numbers and booleans, and for strings that may be empty
}

// Body is a request body.
type Body struct {
	Arg      string // Go name of the argument
	Media    string // media type that is sent
	Doc      string
	Required bool
	Kind     BodyKind
	Type     *Type       // for BodyJSON and BodyForm, else nil
	Fields   []FormField // of a BodyForm or a Form, with a style of their own
	Form     *Form       // of a BodyUpload; nil if the documents do not describe its parts
}

// Form is the struct of a multipart form.
type Form struct {
	Name  string  // Go type name, such as "AddFilesForm"
	Parts []*Part // in the order in which they are sent
	More  string  // Go name of the field for parts that the documents do not describe
}

// Part is a field of a Form. Each element of a Slice is a part.
type Part struct {
	Name       string // Go name of the field
	Wire       string // name as sent
	Doc        string
	Deprecated string
	Required   bool
	Const      string       // as of a Field
	Media      string       // of a part; empty for text, for an object as JSON, and for a file of any type
	Headers    []PartHeader // that a part has
	Type       *Type        // Pointer is set for optional numbers and booleans
}

// PartHeader is a header of a part. Without a value, the caller must set it.
type PartHeader struct{ Name, Value string }

// FormField is how the list or object in a field of a form is written.
type FormField struct {
	Wire    string
	Style   string // form, spaceDelimited, pipeDelimited or deepObject
	Explode bool
}

// BodyKind says how a request body is sent.
type BodyKind int

const (
	BodyJSON   BodyKind = iota // a value that encodes itself as JSON
	BodyForm                   // application/x-www-form-urlencoded, from a model
	BodyStream                 // an io.Reader, sent as it is
	BodyUpload                 // multipart/form-data, from a Form or else an *Upload
)

// Result is what a successful call returns.
type Result struct {
	Kind  ResultKind
	Type  *Type  // only for ResultJSON
	Media string // value of the Accept header
	Doc   string // what is returned, or empty
	Empty []int  // other successful statuses, such as 202, without a body; only for ResultJSON
	Parts []int  // 202 and 206 if they are documented to have the content; only for ResultStream
	Null  bool   // the whole response may be null; only for ResultJSON
}

// ErrorBody is the documented body of answers that are not successes.
type ErrorBody struct {
	Type     *Type
	Statuses []int // 404; 4 for 400 to 499; 0 for all others
}

// ResultKind says how a successful response is read.
type ResultKind int

const (
	ResultNone   ResultKind = iota // no body: the method returns only an error
	ResultJSON                     // decoded; a model is returned as a pointer, anything else as a value
	ResultStream                   // *Download
	ResultText                     // string
)

// Model is a struct that is sent and received as a JSON object.
type Model struct {
	Name       string // Go type name
	Address    string // of the schema in reports
	Doc        string
	Deprecated string
	Fields     []*Field
	Request    bool // reachable from a request body
	Response   bool // reachable from a response
	Nested     bool // a field of a model or a parameter holds it by value
	ByPointer  bool // fields of models hold it by pointer: it is large, or would contain itself
}

// Field is a member of a Model.
type Field struct {
	Name       string // Go name
	Address    string // address in reports, such as "schema AuditRecords records[].id"
	Wire       string // member name
	Doc        string
	Deprecated string
	Required   bool   // sent even when empty, unless the value was decoded without it
	ReadOnly   bool   // only servers set it: requests do not have it
	WriteOnly  bool   // only requests have it
	NotBlank   bool   // "", 0 or an empty list is not a value that it may have
	Const      string // the only value that it may have, as JSON; empty if there are others
	Type       *Type
}

// Enum is a string type with the values that the documents list. Unlisted values are data, never
// errors.
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

// Union is a value of one of several types. Its JSON is the JSON of the value it holds.
type Union struct {
	Name       string
	Address    string // of the schema in reports
	Doc        string
	Deprecated string
	Want       string // JSON types of the variants, such as "object or string"; empty if any is allowed
	Tag        string // member whose value identifies the variant; empty if there is none
	Variants   []*Variant
	Request    bool
	Response   bool
}

// Variant is one of the types of a Union. It is identified by its JSON type alone, by Tags, or by
// Has and Lacks.
type Variant struct {
	Name string // part of the accessor's name, such as "Circle" in AsCircle
	Make string // Go name of the function that makes a Union, such as "ShapeOfCircle"
	Type *Type
	Told bool     // it can be distinguished from the other variants
	JSON string   // its JSON type: object, array, string, number or boolean
	Tags []string // values of the union's Tag that identify it
	Has  []string // members that it always has
	// Lacks are members that it never has.
	Lacks []string
	// Field is the model's field for the union's Tag. It is nil if there is none or its value is
	// not certain.
	Field *Field
}

// Type is the Go type of a value and its encoding.
type Type struct {
	Kind    Kind
	Elem    *Type  // Slice and Map
	Model   *Model // ModelKind
	Enum    *Enum  // EnumKind
	Union   *Union // UnionKind
	Codec   Codec  // Time
	Pointer bool   // a pointer to Kind: optional numbers and booleans in parameters, and models that fields hold by pointer
}

// Kind is the closed set of types in generated packages.
type Kind int

const (
	String    Kind = iota // string
	Int                   // int64
	Uint                  // uint64
	Float                 // float64
	Bool                  // bool
	Time                  // time.Time, encoded as Codec says
	Raw                   // json.RawMessage: any JSON value
	Slice                 // []Elem
	Map                   // map[string]Elem
	ModelKind             // struct
	EnumKind              // string type
	UnionKind             // struct that holds the JSON of one of several types
	File                  // rest.File: only in forms
)

// Codec is the encoding of a time.
type Codec int

const (
	RFC3339   Codec = iota // 2006-01-02T15:04:05.999999999Z07:00
	UnixMilli              // milliseconds since 1970, a JSON number in bodies
	Jira                   // 2006-01-02T15:04:05.000+0000
)

// Paging is how a listing goes on: what asks for a page, and what of an answer leads to the next
// one. Either Offset, Number or a cursor asks, or nothing but the address that an answer gives.
// Paths lead from the result through models.
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

// Follow is how a listing that grows is followed. Items are models.
type Follow struct {
	Name        string // Go name of the method, such as "FollowAuditRecords"
	Time        *Field // of an item; nil for a stream
	ID          *Field // what identifies an item, a string or an integer; nil if nothing does
	From, To    *Param // bounds of time, both included; nil for a stream that has none
	NewestFirst bool   // the first item of an answer is the newest
	Stream      bool   // the server keeps the place by a cursor
}

// LocalNames are the names that printed functions use for their own variables, for packages and for
// what they call. No argument of a method (Name of a path parameter, Arg of a body) may have one of
// them, nor a name that the runtime declares.
var LocalNames = []string{
	"answer", "append", "at", "base", "bool", "byte", "bytes", "c", "context", "ctx", "d", "e", "err", "error", "false", "float64", "from", "int64",
	"io", "iter", "json", "len", "m", "new", "nil", "opts", "p", "params", "pg", "r", "res", "slices", "start", "string", "strings", "time", "to", "true",
}
