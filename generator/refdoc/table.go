package refdoc

import (
	"fmt"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// A table of fields, as the text of a page that lists one operation's headers, parameters and body:
//
//	POST /wiki/rest/api/audit
//	Adds one entry to the audit log.
//	Permissions required: ...
//	Servers
//	- https://your-domain.atlassian.net
//	Request body fields                        a section, with columns of its own
//	Name | Type | Required | Description |
//	---|---|---|---|
//	associatedObjects[].name |                 a row, broken wherever the page broke it
//	String | Yes |
//	What it is called. Default value: "x" |
//
// Cells end at a bar, rows at nothing in particular: a description may hold a bar, and a captured one may have lost its
// own. A row therefore begins wherever a word on a line of its own is followed by a cell with a type and a cell with Yes
// or No. Text below the last bar of a section is not part of it.
//
// Descriptions hold facts: "Default value: x", "Possible values: a, b" (an empty list says nothing) and "Always defaults
// to null". Links lose their text, and with it the rest of the sentence, so a description is cut back to its last whole
// sentence.
//
// Known limit: the columns are Name, Type, then Required or not, then Description.

// table reads one document of tables.
type table struct {
	file    string
	errs    source.Collector
	doc     *claim.Document
	op      *claim.Operation
	known   *firsts
	servers map[string]bool
	trees   map[string]*fieldTree // of the operation being read: its body and its answer
}

// tableHead is the columns of a section.
type tableHead struct{ required bool }

// parseTableHead reads the line that names the columns.
func parseTableHead(text string) (head tableHead, ok bool) {
	cells := strings.Split(strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(text), "|"), "|"), "|")
	if len(cells) < 3 || len(cells) > 4 {
		return tableHead{}, false
	}
	want := []string{"name", "type", "required", "description"}
	if len(cells) == 3 {
		want = []string{"name", "type", "description"}
	}
	for i, cell := range cells {
		if !strings.EqualFold(strings.TrimSpace(cell), want[i]) {
			return tableHead{}, false
		}
	}
	return tableHead{required: len(cells) == 4}, true
}

// parseTable reads a document of field tables.
func parseTable(f source.File, src *claim.Source) (*claim.Document, error) {
	lines, err := splitLines(f)
	if err != nil {
		return nil, err
	}
	t := &table{file: f.Name, doc: &claim.Document{Source: src}, servers: map[string]bool{}}
	text := filled(lines)
	start := -1
	for i, l := range text {
		if _, _, ok := parsePathLine(l.text); ok {
			if start >= 0 {
				t.operation(text[start:i])
			}
			start = i
		}
	}
	if start >= 0 {
		t.operation(text[start:])
	} else {
		t.errs.Add(source.Position{File: f.Name}, "",
			"no operation found: looked for a line with method and path above the tables, such as POST /wiki/rest/api/audit",
			"write that line, or name the format, as in page:FILE")
	}
	refuseTwins(&t.errs, t.file, t.doc.Operations)
	if err := t.errs.Err(); err != nil {
		return nil, err
	}
	return t.doc, nil
}

// operation reads the lines of one operation, the first of which is its method and path.
func (t *table) operation(lines []line) {
	method, path, _ := parsePathLine(lines[0].text)
	t.op = &claim.Operation{Method: method, Path: path, Line: lines[0].number}
	t.known = &firsts{errs: &t.errs, file: t.file}
	t.trees = map[string]*fieldTree{}
	t.doc.Operations = append(t.doc.Operations, t.op)
	var heads []int
	for i, l := range lines {
		if _, ok := parseTableHead(l.text); ok {
			heads = append(heads, i)
		}
	}
	if len(heads) == 0 {
		t.head(lines[1:])
		return
	}
	t.head(lines[1:max(heads[0]-1, 1)])
	for i, at := range heads {
		end := len(lines)
		if i+1 < len(heads) {
			end = max(heads[i+1]-1, at+1)
		}
		name := lines[at]
		if at > 1 {
			name = lines[at-1]
		}
		head, _ := parseTableHead(lines[at].text)
		t.section(name, rows(lines[at+1:end], head))
	}
}

// head reads what stands above the first table.
func (t *table) head(lines []line) {
	var text []line
	servers := false
	for _, l := range lines {
		m := permissionsLabel.FindStringSubmatch(l.text)
		entry, bullet := cutBullet(l.text)
		switch {
		case m != nil && m[1] != "":
			t.op.Facts.Say(claim.Permissions, m[1], l.number)
		case strings.EqualFold(l.text, "servers"):
			servers = true
		case servers && (bullet || strings.Contains(entry, "://")):
			t.server(entry, l.number)
		default:
			servers = false
			text = append(text, l, line{}) // lines of a table document are paragraphs
		}
	}
	if said := prose(text); said != "" {
		t.op.Facts.Say(claim.Description, said, text[0].number)
	}
}

func (t *table) server(url string, line int) {
	if t.servers[url] {
		return
	}
	t.servers[url] = true
	t.doc.Servers = append(t.doc.Servers, claim.Server{URL: url, Line: line})
}

// sectionPlace says what the fields of a section are: query, path, header, cookie, body, response or response header.
func sectionPlace(name string) string {
	name = strings.ToLower(name)
	switch {
	case strings.Contains(name, "response") && strings.Contains(name, "header"):
		return "response header"
	case strings.Contains(name, "response"):
		return "response"
	case strings.Contains(name, "body"):
		return "body"
	}
	for _, in := range []string{"header", "query", "path", "cookie"} {
		if strings.Contains(name, in) {
			return in
		}
	}
	return ""
}

// section reads the rows of one table.
func (t *table) section(heading line, rows []*field) {
	place := sectionPlace(heading.text)
	var tree *fieldTree
	switch place {
	case "":
		t.errs.Add(source.Position{File: t.file, Line: heading.number}, address(t.op), fmt.Sprintf("the table below %.80q is of no known kind", heading.text),
			"call it Request headers, Query parameters, Path parameters, Request body fields or Response fields")
		return
	case "body":
		if t.op.Body == nil {
			t.op.Body = &claim.Body{Line: heading.number}
		}
		tree = t.tree(place, &t.op.Body.Content, heading.number)
	case "response":
		tree = t.tree(place, &t.answer(heading.number).Content, heading.number)
	}
	for _, f := range rows {
		name := f.name
		if f.typ != nil && f.typ.json == "array" {
			name = strings.TrimSuffix(name, "[]") // an array is called both ways
		}
		if !t.known.isNew(t.op, place, name, f) {
			continue
		}
		switch {
		case tree != nil:
			t.nest(tree, f, place)
		case place == "response header":
			resp := t.answer(heading.number)
			resp.Headers = append(resp.Headers, f.param("header"))
		case !addHeader(t.op, place, f):
			t.op.Params = append(t.op.Params, f.param(place))
		}
	}
	if tree != nil {
		tree.finish()
	}
}

// tree gives the tree of all fields of a body.
func (t *table) tree(place string, content *[]*claim.Media, line int) *fieldTree {
	if t.trees[place] == nil {
		t.trees[place] = newFieldTree(&jsonMedia(content, line).Schema, line)
	}
	return t.trees[place]
}

func (t *table) nest(tree *fieldTree, f *field, place string) {
	if !tree.add(f) {
		t.errs.Add(source.Position{File: t.file, Line: f.line}, address(t.op)+" "+place+fmt.Sprintf(":%.80s", f.name),
			"the name is none of a field: parts between dots must not be empty, and there can be 50 at most", "correct the name")
	}
}

// answer gives the successful answer.
func (t *table) answer(line int) *claim.Response {
	if len(t.op.Responses) == 0 {
		t.op.Responses = []*claim.Response{{Line: line}}
	}
	return t.op.Responses[0]
}
