// Package refdoc reads reference documents: the pages, tables, collections and samples that describe an API to people. A
// document comes in as bytes; what goes out is the claims it makes, each with the line it stands on.
//
// Each format has its own parser and an essay at the top of its file that shows the format:
//
//	page.go     the text of a captured reference page
//	table.go    a table of fields
//	postman.go  a Postman collection, as a file or inside a page with sample code
//	sample.go   a JSON sample
//
// Whoever adds a format writes a parser and a line in parsers, and teaches detect how to know it.
package refdoc

import (
	"bytes"
	"errors"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// parsers has one parser per format.
var parsers = map[claim.Kind]func(source.File, *claim.Source) (*claim.Document, error){
	claim.Page:    parsePage,
	claim.Table:   parseTable,
	claim.Postman: parsePostman,
	claim.Sample:  parseSample,
}

// Parse reads a reference document. Where src.Kind is claim.Reference the format is found out by content and src.Kind is
// set to it. The error is a source.Errors with everything that is wrong in the document, or an *source.Error.
func Parse(f source.File, src *claim.Source) (*claim.Document, error) {
	kind := src.Kind
	if kind == claim.Reference {
		found, err := detect(f)
		if err != nil {
			return nil, err
		}
		kind = found
	}
	parse, ok := parsers[kind]
	if !ok {
		return nil, &source.Error{Pos: source.Position{File: f.Name}, What: "the kind " + string(kind) + " is not one of reference documents",
			Do: "use reference, page, table, postman or sample"}
	}
	src.Kind = kind
	doc, err := parse(f, src)
	if err != nil {
		return nil, err
	}
	return doc, nil
}

// detect finds out which format a document has.
func detect(f source.File) (claim.Kind, error) {
	lines, err := splitLines(f)
	if err != nil {
		return "", err
	}
	text := filled(lines)
	if len(text) == 0 {
		return "", &source.Error{Pos: source.Position{File: f.Name}, What: "the document is empty", Do: "give a document with content"}
	}
	if strings.HasPrefix(text[0].text, "{") || strings.HasPrefix(text[0].text, "[") {
		return detectJSON(f)
	}
	if err := misplaced(f, text); err != nil {
		return "", err
	}
	if _, _, _, at := sampleHead(text); at > 0 && at < len(text) && strings.ContainsAny(text[at].text[:1], "{[") {
		return claim.Sample, nil
	}
	for _, l := range text {
		if _, ok := parseTableHead(l.text); ok {
			return claim.Table, nil
		}
	}
	if items, broken := embeddedItems(f.Name, string(bytes.TrimPrefix(f.Data, []byte("\xef\xbb\xbf")))); len(items) > 0 || broken != nil {
		return claim.Postman, nil
	}
	return claim.Page, nil
}

// detectJSON tells a collection from a sample. A document that is not JSON after all is for the sample parser to refuse.
func detectJSON(f source.File) (claim.Kind, error) {
	n, err := source.ParseTree(f)
	if err != nil {
		return "", err
	}
	for _, key := range []string{"swagger", "openapi", "overlay"} {
		if n.Get(key) != nil {
			return "", misplacedAs(f, key, n.Get(key).Line)
		}
	}
	if isCollection(n) {
		return claim.Postman, nil
	}
	return claim.Sample, nil
}

// misplaced refuses a specification or an overlay that was given as a reference.
func misplaced(f source.File, text []line) error {
	for _, l := range text[:min(len(text), 50)] {
		for _, key := range []string{"swagger", "openapi", "overlay"} {
			if l.indent == 0 && strings.HasPrefix(l.text, key+": ") {
				return misplacedAs(f, key, l.number)
			}
		}
	}
	return nil
}

func misplacedAs(f source.File, key string, line int) error {
	option, kind := "--spec", "openapi"
	if key == "overlay" {
		option, kind = "--overlay", "overlay"
	}
	return &source.Error{Pos: source.Position{File: f.Name, Line: line}, What: "the key " + key + " makes this no reference document",
		Do: "give it with " + option + ", or as kind " + kind}
}

func asError(err error) (*source.Error, bool) { return errors.AsType[*source.Error](err) }
