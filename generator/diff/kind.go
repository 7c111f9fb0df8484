package diff

import (
	"cmp"
	"maps"
	"slices"
)

// Kind is the kind of a change. The values are part of the JSON report and must not change.
type Kind string

// The kinds of changes.
const (
	PackageAdded     Kind = "package-added"
	PackageRemoved   Kind = "package-removed"
	OperationAdded   Kind = "operation-added"
	OperationRemoved Kind = "operation-removed"
	OperationMoved   Kind = "operation-moved" // another path or method, the same Go name
	OperationID      Kind = "operation-id"
	Security         Kind = "security"
	Paging           Kind = "paging"

	ParameterAdded   Kind = "parameter-added"
	ParameterRemoved Kind = "parameter-removed"
	ParameterRenamed Kind = "parameter-renamed" // another name on the wire, the same Go name
	Style            Kind = "style"

	BodyAdded        Kind = "body-added"
	BodyRemoved      Kind = "body-removed"
	ResponseAdded    Kind = "response-added"
	ResponseRemoved  Kind = "response-removed"
	HeaderAdded      Kind = "header-added"
	HeaderRemoved    Kind = "header-removed"
	MediaTypeAdded   Kind = "media-type-added"
	MediaTypeRemoved Kind = "media-type-removed"

	SchemaAdded   Kind = "schema-added"
	SchemaRemoved Kind = "schema-removed"
	Reference     Kind = "reference" // the value has a different schema
	MemberAdded   Kind = "member-added"
	MemberRemoved Kind = "member-removed"
	MemberRenamed Kind = "member-renamed" // another name on the wire, the same Go name
	Type          Kind = "type"
	Format        Kind = "format"
	TimeFormat    Kind = "time-format"
	Nullable      Kind = "nullable"
	Required      Kind = "required"
	EnumAdded     Kind = "enum-added"
	EnumRemoved   Kind = "enum-removed"
	Default       Kind = "default"
	Limit         Kind = "limit"      // minimum, maximum, pattern, length
	Open          Kind = "additional" // schema of members that are not named
	Alternatives  Kind = "alternatives"

	Deprecated Kind = "deprecated"
	Text       Kind = "text"      // descriptions, summaries, examples, tags
	Extension  Kind = "extension" // a keyword that starts with x-
	Server     Kind = "server"
	GoAPI      Kind = "go-api" // the Go API differs but the document does not: another version of auditgen
)

// phrases is what the kinds are called in reports; a fact comes before its values: "type integer ->
// string". The kinds without a phrase are called after the keyword that changed.
var phrases = map[Kind]string{
	PackageAdded: "package added", PackageRemoved: "package removed",
	OperationAdded: "operation added", OperationRemoved: "operation removed", OperationMoved: "operation moved", OperationID: "operationId",
	Security: "security", Paging: "paging",
	ParameterAdded: "parameter added", ParameterRemoved: "parameter removed", ParameterRenamed: "parameter renamed", Style: "",
	BodyAdded: "request body added", BodyRemoved: "request body removed", ResponseAdded: "response added", ResponseRemoved: "response removed",
	HeaderAdded: "header added", HeaderRemoved: "header removed", MediaTypeAdded: "media type added", MediaTypeRemoved: "media type removed",
	SchemaAdded: "schema added", SchemaRemoved: "schema removed", Reference: "described by", MemberAdded: "member added",
	MemberRemoved: "member removed", MemberRenamed: "member renamed", Type: "type", Format: "format", TimeFormat: "time format",
	Nullable: "nullable", Required: "required", EnumAdded: "enum value added", EnumRemoved: "enum value removed", Default: "default",
	Limit: "", Open: "other members", Alternatives: "alternatives",
	Deprecated: "deprecated", Text: "", Extension: "", Server: "server", GoAPI: "Go API only",
}

// Kinds returns all kinds, sorted.
func Kinds() []Kind { return slices.Sorted(maps.Keys(phrases)) }

// phrase returns what changed in words, with the values if there are any.
func (c *Change) phrase() string {
	words := cmp.Or(phrases[c.Kind], c.fact)
	switch {
	case c.Kind == Text:
		return words + " changed"
	case c.Old == "" && c.New == "":
		return words
	case c.Kind == EnumAdded || c.Kind == MediaTypeAdded:
		return words + " " + c.New
	case c.Kind == EnumRemoved || c.Kind == MediaTypeRemoved:
		return words + " " + c.Old
	}
	return words + " " + orNone(c.Old) + " -> " + orNone(c.New)
}

func orNone(value string) string {
	if value == "" {
		return "(none)"
	}
	return value
}
