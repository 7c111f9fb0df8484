// Package openapi reads Swagger 2.0, OpenAPI 3.0 and OpenAPI 3.1 documents, incomplete ones
// included, and returns what they say as claims.
//
// It walks the document once, in document order, and accepts what a strict loader would refuse. A
// parameter without a type, for example, is a parameter whose type is not known. Claims use the
// terms of OpenAPI 3.0, so other versions are translated. Anything that has no equivalent in
// OpenAPI 3.0 is left out with a note, and so is a value of the wrong kind. Only what must be a
// mistake is an error: a reference that leaves the document, or one parameter with two types.
//
// References to named schemas stay references. All others are followed: parameters, bodies,
// responses, headers and examples are read once and shared, and parts of a schema are read where
// they are used. source.MaxDepth and source.MaxNodes bound what the references of a document expand
// to.
package openapi

import (
	"fmt"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// Version is the OpenAPI version a document is written in.
type Version uint8

// The versions that can be read. Swagger 1 and OpenAPI 3.2 are not among them.
const (
	Swagger20 Version = iota + 1
	OpenAPI30
	OpenAPI31
)

// Parse reads a whole document. Paths are returned as the document spells them, after the basePath
// of Swagger 2.0. OpenAPI 3 servers are returned in Document.Servers: package merge decides whether
// to use their paths or src.BasePath. The error is a source.Errors with everything that is wrong.
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

// VersionOf reads the version from the swagger or openapi key of a document.
func VersionOf(file string, root *source.Node) (Version, error) {
	fail := func(line int, pointer, what, do string) (Version, error) {
		return 0, &source.Error{Pos: source.Position{File: file, Line: line, Pointer: pointer}, What: what, Do: do}
	}
	const known = "2.0, 3.0 and 3.1 can be read"
	if root.Kind != source.Object {
		return fail(root.Line, "", fmt.Sprintf("the document is %s, not an OpenAPI document", root.Kind.Noun()), "give an OpenAPI document")
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
			text = n.Kind.Noun()
		}
		return fail(n.Line, "/"+key, fmt.Sprintf("%s %s is not a known version", key, text),
			"convert the document or correct the version: "+known)
	}
	return fail(root.Line, "", "there is no swagger or openapi key, so the version is unknown",
		`add swagger: "2.0" or openapi: "3.0.3" at the top: `+known)
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
