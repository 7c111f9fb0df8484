package openapi

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// A published document is read without the words that mean nothing here, and a note says so. A
// fragment, such as the update of an overlay, is written by somebody who is at hand: there such a
// word is an error, or a slip of the keyboard would correct nothing and nobody would notice.

// meaningless reports a word without a meaning.
func (r *Reader) meaningless(m source.Member, what, word string, known []string) {
	if !r.fragment {
		r.note(m.Value, m.Line, what, "left out")
		return
	}
	do := "correct or remove it"
	if near := source.Nearest(word, known); near != "" {
		do = "did you mean " + near + "?"
	}
	r.failAt(m.Value, m.Line, what, do)
}

// own are the extensions that this program reads, by the object that they belong to.
var own = map[string][]string{
	"a schema":     {"x-auditgen-time", "x-auditgen-remove", string(claim.TypeName)},
	"an operation": {"x-auditgen-paging", "x-auditgen-follow", "x-auditgen-remove", "x-auditgen-permissions", "x-auditgen-granular-scopes", "x-auditgen-operation-id"},
}

// keywords are the keywords of the objects that are not schemas, for suggestions.
var keywords = map[string][]string{
	"a document":       {"info", "servers", "paths", "components", "security", "tags", "externalDocs"},
	"info":             {"title", "summary", "description", "termsOfService", "contact", "license", "version"},
	"components":       {"schemas", "responses", "parameters", "examples", "requestBodies", "headers", "securitySchemes"},
	"a path item":      {"summary", "description", "servers", "parameters", "get", "put", "post", "delete", "options", "head", "patch", "trace"},
	"an operation":     {"tags", "summary", "description", "externalDocs", "operationId", "parameters", "requestBody", "responses", "deprecated", "security", "servers"},
	"a request body":   {"description", "content", "required"},
	"a media type":     {"schema", "example", "examples", "encoding"},
	"a response":       {"description", "headers", "content"},
	"a body parameter": {"name", "in", "description", "required", "schema"},
}

// parameterKeywords are the keywords of parameters and headers.
var parameterKeywords = []string{"name", "in", "description", "required", "deprecated", "allowEmptyValue", "style", "explode", "allowReserved", "schema", "example", "examples", "content"}

// keywordsOf returns the words that an object can have.
func keywordsOf(object string) []string {
	known, ok := keywords[object]
	switch {
	case object == "a schema":
		known = meaningfulKeywords
	case !ok:
		known = append(slices.Clone(parameterKeywords), meaningfulKeywords...)
	}
	return slices.Concat(known, own[object])
}

// meaningfulKeywords are the keywords of schemas that say something here.
var meaningfulKeywords = func() []string {
	var all []string
	for _, word := range slices.Sorted(maps.Keys(schemaKeywords)) {
		if how := schemaKeywords[word]; how != silent && how != lost {
			all = append(all, word)
		}
	}
	return all
}()

// timeFormats are the values of x-auditgen-time, which package resolve reads.
var timeFormats = []string{"unix-milli", "jira", "rfc3339"}

// ownPrefix begins the names of our extensions.
const ownPrefix = "x-auditgen-"

// checkOwn reports an extension of ours that is misspelt, in the wrong object, or has a value
// without a meaning.
func (r *Reader) checkOwn(m source.Member, object string) {
	known := own[object]
	if known == nil {
		known = []string{"x-auditgen-remove"}
	}
	switch home := homeOf(m.Key); {
	case !r.fragment:
	case !slices.Contains(known, m.Key) && home != "":
		r.failAt(m.Value, m.Line, fmt.Sprintf("%s is not an extension of %s", quote(m.Key), object), "give it to "+home)
	case !slices.Contains(known, m.Key) && (strings.HasPrefix(m.Key, ownPrefix) || source.Nearest(m.Key, []string{string(claim.TypeName)}) != ""):
		r.meaningless(m, fmt.Sprintf("%s is not an extension of %s", quote(m.Key), object), m.Key, known)
	case m.Key == "x-auditgen-time" && !slices.Contains(timeFormats, m.Value.Str()):
		r.meaningless(m, fmt.Sprintf("x-auditgen-time has no value %s", quote(m.Value.Text)), m.Value.Text, timeFormats)
	case m.Key == "x-auditgen-remove":
		r.checkRemoved(m, object)
	}
}

// homeOf returns the object that an extension of ours belongs to, "" if there is none.
func homeOf(key string) string {
	for _, object := range slices.Sorted(maps.Keys(own)) {
		if slices.Contains(own[object], key) {
			return object
		}
	}
	return ""
}

// checkRemoved reports a keyword to be removed that the object cannot have. An action with remove:
// true arrives here as true.
func (r *Reader) checkRemoved(m source.Member, object string) {
	if m.Value.IsTrue() {
		return
	}
	if m.Value.Kind != source.Array {
		r.failAt(m.Value, m.Line, "x-auditgen-remove is "+m.Value.Kind.Noun()+", not a list", "list the keywords to remove, such as [format]")
		return
	}
	known := keywordsOf(object)
	for _, item := range m.Value.Items {
		if !slices.Contains(known, item.Str()) && !isExtension(item.Str()) {
			r.meaningless(source.Member{Line: item.Line, Value: item}, fmt.Sprintf("%s is not a keyword of %s", quote(item.Text), object), item.Text, known)
		}
	}
}
