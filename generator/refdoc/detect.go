// Package refdoc reads reference documents: the pages, tables, collections, samples and recorded
// traffic that show people an API. A document comes in as bytes; what goes out is the claims it
// makes, each with its line. Each file has an essay at its top that shows what it reads.
//
//	detect.go, foreign.go   finds the format of a document; refuses formats that are not read
//	result.go               the claims and notes that every reader writes
//
//	A syntax becomes blocks (block.go): lines of text, code, tables
//	html.go                 tags and text
//	markdown.go, pandoc.go  Markdown, and the tables and attributes that pandoc adds
//	text.go, text_table.go  text as a browser copies it, and the tables in it
//	cell_lines.go           tables whose cells are paragraphs
//
//	Blocks become operations, whatever their syntax
//	page.go, opening.go     where an operation begins: its method, path and title
//	page_parts.go           its headings, its prose, and who may call it
//	page_fields.go          its parameters and bodies as lines and lists
//	table.go, table_tree.go its parameters and bodies as tables; dotted names
//	page_answers.go         its answers
//	page_samples.go, curl.go  its samples, and calls of it
//	field.go, types.go, prose.go  what is said of one field: marks, labels, type, description
//
//	Other formats
//	postman*.go             a Postman collection, as a file or inside a page
//	har.go                  recorded traffic
//	sample.go               a JSON sample
//	shape.go, placeholder.go  what samples of all formats show
//
// A new syntax is a function that returns blocks. A new layout is a line in the reader of pages. A
// new format of its own is a parser and a line in parsers.
package refdoc

import (
	"errors"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// parsers has one parser per format.
var parsers = map[claim.Kind]func(source.File, *claim.Source) (*claim.Document, error){
	claim.Page:    parsePage,
	claim.Table:   parsePage,
	claim.Postman: parsePostman,
	claim.Sample:  parseSample,
	claim.HAR:     parseHAR,
}

// Parse reads a reference document. Where src.Kind is claim.Reference the format is found out by
// content and src.Kind is set to it. The error is a source.Errors with everything that is wrong in
// the document, or an *source.Error.
func Parse(f source.File, src *claim.Source) (*claim.Document, error) {
	kind := src.Kind
	if err := foreign(f); err != nil {
		return nil, err
	}
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
			Do: "use reference, page, table, postman, sample or har"}
	}
	src.Kind = kind
	doc, err := parse(f, src)
	if err != nil {
		return nil, err
	}
	return doc, nil
}

// blocksOf makes blocks of a document, whatever its syntax.
func blocksOf(f source.File) ([]block, error) {
	lines, err := splitLines(f)
	if err != nil {
		return nil, err
	}
	data := withoutMark(f.Data)
	switch {
	case wholeHTML.Match(data) || looksLikeHTML(data) && !isMarkdown(data):
		return withTables(htmlBlocks(data)), nil
	case isMarkdown(data):
		return withTables(markdownBlocks(data)), nil
	}
	return textBlocks(lines), nil
}

// parsePage reads a page or tables in any syntax.
func parsePage(f source.File, src *claim.Source) (*claim.Document, error) {
	blocks, err := blocksOf(f)
	if err != nil {
		return nil, err
	}
	return readPage(f, src, blocks)
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
	if beginsJSON(text) {
		return detectJSON(f)
	}
	if err := misplaced(f, text); err != nil {
		return "", err
	}
	if _, _, _, at := sampleHead(text); at > 0 && at < len(text) && strings.ContainsAny(text[at].text[:1], "{[") {
		return claim.Sample, nil
	}
	if items, _, broken := itemsIn(f); len(items) > 0 || broken != nil {
		return claim.Postman, nil
	}
	blocks, err := blocksOf(f)
	if err != nil {
		return "", err
	}
	for i := range blocks {
		if blocks[i].kind == table && columnsOf(blocks[i].rows[0]).fields() {
			return claim.Table, nil
		}
	}
	return claim.Page, nil
}

// beginsJSON reports whether a text begins like JSON, and not like a link of Markdown.
func beginsJSON(text []textLine) bool {
	if len(text) == 0 {
		return false
	}
	first := text[0].text
	return first[0] == '{' && !strings.HasPrefix(first, "{{") || first[0] == '[' && !strings.HasPrefix(first, "[!") && !markdownLink.MatchString(first)
}

// detectJSON tells the formats in JSON apart. A document that is not JSON after all is for the
// sample parser to refuse.
func detectJSON(f source.File) (claim.Kind, error) {
	n, err := source.ParseTree(f)
	if err != nil && isRecording(f.Data) {
		return claim.HAR, nil
	}
	if err != nil {
		return "", err
	}
	for _, key := range []string{"swagger", "openapi", "overlay"} {
		if n.Get(key) != nil {
			return "", misplacedAs(f, key, n.Get(key).Line)
		}
	}
	switch {
	case n.Get("log").Get("entries") != nil:
		return claim.HAR, nil
	case isCollection(n):
		return claim.Postman, nil
	}
	if err := foreignTree(f, n); err != nil {
		return "", err
	}
	return claim.Sample, nil
}

// misplaced refuses a specification or an overlay that was given as a reference.
func misplaced(f source.File, text []textLine) error {
	for _, l := range text[:min(len(text), 50)] {
		for _, key := range []string{"swagger", "openapi", "overlay"} {
			if l.indent == 0 && strings.HasPrefix(l.text, key+": ") {
				return misplacedAs(f, key, l.number)
			}
		}
	}
	return nil
}

func misplacedAs(f source.File, key string, number int) error {
	option, kind := "--spec", "openapi"
	if key == "overlay" {
		option, kind = "--overlay", "overlay"
	}
	return &source.Error{Pos: at(f.Name, number), What: "the key " + key + " makes this no reference document",
		Do: "give it with " + option + ", or as kind " + kind}
}

func asError(err error) (*source.Error, bool) { return errors.AsType[*source.Error](err) }
