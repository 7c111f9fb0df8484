package refdoc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
)

// column is what the cells of a column are.
type column uint8

const (
	noColumn column = iota
	nameColumn
	typeColumn
	requiredColumn
	optionalColumn
	descriptionColumn
	inColumn
	defaultColumn
	enumColumn
	formatColumn
	minColumn
	maxColumn
	statusColumn
	schemaColumn
	methodColumn
	pathColumn
	otherColumn // known, and without a meaning here
)

// columnNames has what columns are called.
var columnNames = meanings(map[column]string{
	nameColumn: "name,parameter,parameter name,param,params,field,field name,property,property name,attribute,key,member,argument," +
		"variable,header,header name,parameters,fields,query parameter,path parameter,body parameter,parameter key,element,properties",
	typeColumn:     "type,data type,datatype,value type,schema type,json type",
	requiredColumn: "required,required?,mandatory,mandatory?,is required,req,req.,presence,required/optional,optional/required,necessity",
	optionalColumn: "optional,optional?", descriptionColumn: "description,details,meaning,notes,note,comment,comments,definition,remarks,explanation,about,info,summary,purpose",
	inColumn:      "in,location,where,parameter type,param type,located in,sent in,place",
	defaultColumn: "default,default value,defaults,default?",
	enumColumn:    "possible values,allowed values,values,valid values,enum,accepted values,options",
	formatColumn:  "format", minColumn: "min,minimum", maxColumn: "max,maximum",
	statusColumn: "code,status,status code,http code,http status,http status code,response code,http response code,response status",
	schemaColumn: "schema,content,body,model,response body,content type,media type,response type",
	methodColumn: "method,verb,http method,http verb",
	pathColumn:   "path,endpoint,url,uri,resource,route",
	otherColumn:  "example,examples,example value,sample,value,reason,since,version,constraints,response,message,title,nullable,validation,restrictions",
})

// columnNamed returns what the column of that name holds.
func columnNamed(name string) column {
	if len(name) > 40 {
		return noColumn
	}
	return columnNames[strings.ToLower(strings.Trim(strings.TrimSpace(name), "*`:"))]
}

// columns is what each cell of a row is.
type columns []column

func columnsOf(head row) columns {
	all := make(columns, len(head.cells))
	for i, cell := range head.cells {
		all[i] = columnNamed(cellText(cell))
	}
	return all
}

func cellText(cell []line) string { return oneLine(joinText(cell)) }

func (c columns) has(want column) bool { return c.index(want) >= 0 }

func (c columns) index(want column) int { return slices.Index(c, want) }

// cell returns the cell of a row in a column, or nil.
func (c columns) cell(r row, want column) []line {
	if i := c.index(want); i >= 0 && i < len(r.cells) {
		return r.cells[i]
	}
	return nil
}

// fields reports whether the rows of a table are parameters or members.
func (c columns) fields() bool {
	return c.has(nameColumn) && (c.has(typeColumn) || c.has(requiredColumn) || c.has(optionalColumn) || c.has(descriptionColumn) || c.has(inColumn))
}

// ordered reports whether the columns are name, type, perhaps others, and description: the rows of
// such a table are known from their cells.
func (c columns) ordered() bool {
	return len(c) > 2 && c[0] == nameColumn && c.has(typeColumn) && c.index(descriptionColumn) == len(c)-1
}

// guessed returns the columns of a table without their names, from what its cells look like.
func guessed(rows []row) columns {
	types := 0
	for _, r := range rows {
		if len(r.cells) < 2 {
			return nil
		}
		name, _, _ := markedName(cellText(r.cells[0]))
		if _, ok := parseCellType(cellText(r.cells[1])); ok && fieldName.MatchString(name) {
			types++
		}
	}
	if types < len(rows) || len(rows) == 0 {
		return nil
	}
	c := columns{nameColumn, typeColumn}
	for i := 2; i < len(rows[0].cells); i++ {
		if _, ok := requiredCell(cellText(rows[0].cells[i])); ok && !c.has(requiredColumn) {
			c = append(c, requiredColumn)
		} else {
			c = append(c, descriptionColumn)
		}
	}
	return c
}

// tableFields reads the rows of a table of fields. ok is false where it is not one.
func (r *reader) tableFields(t *block) (fields []*field, ok bool) {
	head, rows := columnsOf(t.rows[0]), t.rows[1:]
	if !head.fields() {
		if head, rows = guessed(t.rows), t.rows; head == nil {
			return nil, false
		}
	}
	for _, one := range rows {
		if f := r.rowField(head, one); f != nil {
			fields = append(fields, f)
		}
	}
	if len(fields) == 0 {
		r.note(t.number, "0 facts from this table", "check that it was saved whole")
	}
	return fields, true
}

// rowField makes a field of a row, and returns nil where the row has none.
func (r *reader) rowField(head columns, one row) *field {
	name := head.cell(one, nameColumn)
	if len(name) == 0 {
		return nil
	}
	f := namedField(name)
	if !fieldName.MatchString(f.name) {
		if len(one.cells) > 1 && f.name != "" && !sameCells(one) {
			r.note(f.line, fmt.Sprintf("the row %.60q has no name of a field", cellText(name)), "left out")
		}
		return nil
	}
	if cell := head.cell(one, typeColumn); len(cell) > 0 {
		r.readType(f, cell)
	}
	for _, c := range []column{requiredColumn, optionalColumn} {
		cell := head.cell(one, c)
		if marked, ok := requiredCell(cellText(cell)); ok {
			f.sayRequired(marked == (c == requiredColumn), cell[0].number)
		}
	}
	f.in = strings.ToLower(cellText(head.cell(one, inColumn)))
	r.columnFacts(f, head, one)
	if text := head.cell(one, descriptionColumn); len(text) > 0 {
		for _, note := range f.describe(f.leadingMark(text)) {
			r.note(f.line, f.name+": "+note, "")
		}
	}
	return f
}

// sameCells reports whether a row has one text: it is a heading inside of a table.
func sameCells(one row) bool {
	filled := 0
	for _, cell := range one.cells {
		if len(cell) > 0 {
			filled++
		}
	}
	return filled < 2
}

// namedField makes a field of the cell of its name, which may say more than the name.
func namedField(cell []line) *field {
	f := newField(oneLine(cell[0].text), cell[0].number)
	if word, rest, ok := strings.Cut(f.name, " "); ok {
		if t, isType := parseCellType(strings.Trim(rest, "()")); isType && fieldName.MatchString(word) {
			f.name, f.typ, f.at = word, &t, f.line
		}
	}
	for _, l := range cell[1:] {
		text := oneLine(l.text)
		if f.mark(text, l.number) || text == "" {
			continue
		}
		text, required, said := markedName(text)
		if t, ok := parseCellType(text); ok && f.typ == nil {
			f.typ, f.at = &t, l.number
			if said {
				f.sayRequired(required, l.number)
			}
		}
	}
	return f
}

// readType reads the cell of the type, which may also say whether the field is required, and what
// values it can have.
func (r *reader) readType(f *field, cell []line) {
	text, number := cellText(cell), cell[0].number
	if rest, required, said := cutMark(text); said {
		f.sayRequired(required, number)
		text = rest
	}
	t, ok := parseCellType(text)
	if !ok {
		first := oneLine(cell[0].text)
		if t, ok = parseCellType(first); ok && len(cell) > 1 {
			f.typ, f.at = &t, number
			f.describe(cell[1:])
			return
		}
	}
	switch {
	case ok:
		f.typ, f.at = &t, number
	case text != "" && text != "-" && text != "–":
		r.note(number, fmt.Sprintf("%s: the type %.60q is not understood", f.name, text), "the field is kept without a type")
	}
}

// columnFacts reads the columns that hold one fact each.
func (r *reader) columnFacts(f *field, head columns, one row) {
	for _, c := range []column{defaultColumn, enumColumn, formatColumn, minColumn, maxColumn} {
		cell := head.cell(one, c)
		text := strings.TrimSpace(joinText(cell))
		if text == "" || text == "-" || text == "–" || strings.EqualFold(text, "none") || strings.EqualFold(text, "n/a") {
			continue
		}
		if note := f.state(columnLabels[c], text, cell[0].number); note != "" {
			r.note(cell[0].number, f.name+": "+note, "")
		}
	}
}

// columnLabels are the labels that say what a column of one fact says.
var columnLabels = map[column]string{defaultColumn: "default", enumColumn: "enum", formatColumn: "format", minColumn: "min", maxColumn: "max"}

// leadingMark reads the word Required or Optional in front of a description.
func (f *field) leadingMark(text []line) []line {
	first := text[0].text
	for _, sign := range []string{"deprecated.", "deprecated:", "deprecated -", "deprecated –", "(deprecated)"} {
		if _, ok := cutPrefixFold(first, sign); ok {
			f.facts.Say(claim.Deprecated, true, text[0].number)
			return text
		}
	}
	for _, m := range []struct {
		sign     string
		required bool
	}{{"required.", true}, {"(required)", true}, {"optional.", false}, {"(optional)", false}} {
		if rest, ok := cutPrefixFold(first, m.sign); ok {
			f.sayRequired(m.required, text[0].number)
			return append([]line{{text[0].number, strings.TrimSpace(rest)}}, text[1:]...)
		}
	}
	return text
}

// requiredCell reads Yes or No.
func requiredCell(text string) (required, ok bool) {
	switch strings.ToLower(strings.Trim(text, "*`.")) {
	case "yes", "true", "required", "y", "mandatory", "✓", "✔", "x", "always":
		return true, true
	case "no", "false", "optional", "n", "✗", "✘", "-", "–":
		return false, true
	}
	return false, false
}
