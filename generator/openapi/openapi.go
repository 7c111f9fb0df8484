// Package openapi reads Swagger 2.0 and OpenAPI 3.0 and 3.1 documents, holes and all, into claims.
//
// It walks the document as it stands, in one pass and in document order, so nothing that a strict loader would refuse is in
// the way: a parameter without a type is a parameter about which nothing is said. What another version of OpenAPI says
// in other words is said in the words of OpenAPI 3.0, which claims speak. What cannot be said in them is left out and
// noted, and so is a reference to nowhere; what can only be a mistake (a reference out of the document, one parameter with two types) is an error.
//
// References to schemas that have a name stay references. All others are followed: to parameters, bodies, responses, headers and
// examples, which are read once and shared, and to places inside a schema, which are read where they are
// used. References leave neither the document nor its depth: source.MaxDepth and source.MaxNodes bound what they stand for.
package openapi

import (
	"fmt"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// Version is the OpenAPI version a document is written in.
type Version uint8

// The versions that are read. Swagger 1 and OpenAPI 3.2 are not.
const (
	Swagger20 Version = iota + 1
	OpenAPI30
	OpenAPI31
)

// Parse reads a whole document. Paths are given as the document spells them, with the basePath of Swagger 2.0 in front. The path
// of an OpenAPI 3 server is not put in front: it stands in Document.Servers, and what is called is for package merge to decide,
// as is src.BasePath. The error is a source.Errors with everything that is wrong.
func Parse(f source.File, src *claim.Source) (*claim.Document, error) {
	root, err := source.ParseTree(f)
	if err != nil {
		return nil, err
	}
	version, err := VersionOf(f.Name, root)
	if err != nil {
		return nil, err
	}
	r := NewReader(f.Name, root, version)
	r.findNested(root)
	doc := ReadDocument(root, r)
	doc.Source = src
	r.refuseCycles(doc.Schemas)
	if len(doc.Operations) == 0 && len(doc.Schemas) == 0 && len(r.errs) == 0 {
		r.fail(root, "the document has neither operations nor schemas", "give a document that describes an API under paths")
	}
	if err := r.Err(); err != nil {
		return nil, err
	}
	doc.Notes = r.Notes()
	return doc, nil
}

// VersionOf finds out which version a document is written in from its swagger or openapi key, before anything else is read.
func VersionOf(file string, root *source.Node) (Version, error) {
	fail := func(line int, pointer, what, do string) (Version, error) {
		return 0, &source.Error{Pos: source.Position{File: file, Line: line, Pointer: pointer}, What: what, Do: do}
	}
	const known = "2.0, 3.0 and 3.1 can be read"
	if root.Kind != source.Object {
		return fail(root.Line, "", fmt.Sprintf("the document is %s, not an OpenAPI document", kindOf(root)), "give an OpenAPI document")
	}
	for _, key := range []string{"openapi", "swagger", "swaggerVersion"} {
		n := root.Get(key)
		if n == nil {
			continue
		}
		if v, ok := versions[key+" "+majorMinor(n.Text)]; ok && (n.Kind == source.String || n.Kind == source.Number) {
			return v, nil
		}
		text := n.JSON()
		if len(text) > 40 {
			text = kindOf(n)
		}
		return fail(n.Line, "/"+key, fmt.Sprintf("%s %s is not a known version", key, text),
			"convert the document, or correct the version: "+known)
	}
	return fail(root.Line, "", "there is no swagger or openapi key, so the version is not known",
		`put swagger: "2.0" or openapi: "3.0.3" at the top: `+known)
}

var versions = map[string]Version{
	"swagger 2.0": Swagger20, "swagger 2": Swagger20,
	"openapi 3.0": OpenAPI30, "openapi 3": OpenAPI30, "openapi 3.1": OpenAPI31,
}

// majorMinor cuts 3.0.1 to 3.0.
func majorMinor(version string) string {
	major, rest, ok := strings.Cut(version, ".")
	if !ok {
		return version
	}
	minor, _, _ := strings.Cut(rest, ".")
	return major + "." + minor
}
