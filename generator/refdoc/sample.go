package refdoc

import (
	"bytes"
	"encoding/json"
	"path"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// A sample file is JSON and nothing else, or JSON below a head that says what it is a sample of:
//
//	GET /rest/api/3/auditing/record
//	200 OK
//	{"records": [...]}
//
// With a status it is an answer; without one it is what is sent, or, for a method that sends
// nothing, the successful answer. A file without a head is a sample of the schema it is named
// after: AuditRecord.json.

// parseSample reads a sample file.
func parseSample(f source.File, src *claim.Source) (*claim.Document, error) {
	lines, err := splitLines(f)
	if err != nil {
		return nil, err
	}
	doc := &claim.Document{Source: src}
	method, target, status, at := sampleHead(lines)
	if text := filled(lines[at:]); len(text) == 0 || !strings.ContainsAny(text[0].text[:1], "{[") {
		return nil, &source.Error{Pos: source.Position{File: f.Name}, What: "no sample found: looked for a JSON object or array",
			Do: "give the sample as JSON, perhaps below a line such as GET /rest/api/3/auditing/record"}
	}
	n, err := source.ParseTree(source.File{Name: jsonName(f.Name), Data: lineData(f.Data, at)})
	if err != nil {
		return nil, moved(err, f.Name, at)
	}
	schema := claim.Schema{}
	setLines(n, func(line int) int { return line + at })
	kept := samples{}
	kept.keep(&schema, n)
	kept.show()
	if method == "" {
		name := strings.TrimSuffix(path.Base(strings.ReplaceAll(f.Name, `\`, "/")), path.Ext(f.Name))
		doc.Schemas = []*claim.Named{{Name: name, Line: schema.Line, Schema: schema}}
		return doc, nil
	}
	op := &claim.Operation{Method: method, Path: target, Line: lines[0].number}
	media := []*claim.Media{{Type: "application/json", Line: schema.Line, Schema: schema}}
	if status == "" && (method == "POST" || method == "PUT" || method == "PATCH") {
		op.Body = &claim.Body{Line: schema.Line, Content: media}
	} else {
		op.Responses = []*claim.Response{{Status: status, Line: lines[min(at, len(lines))-1].number, Content: media}}
	}
	doc.Operations = []*claim.Operation{op}
	return doc, nil
}

// sampleHead reads the head of a sample file; at is how many lines it takes.
func sampleHead(lines []textLine) (method, target, status string, at int) {
	if len(lines) == 0 {
		return "", "", "", 0
	}
	method, target, ok := parsePathLine(lines[0].text)
	if !ok {
		return "", "", "", 0
	}
	for at = 1; at < len(lines); at++ {
		if lines[at].blank() {
			continue
		}
		if code, ok := parseStatus(lines[at].text); ok && status == "" {
			status = code
			continue
		}
		break
	}
	return method, target, status, at
}

// lineData returns the document without its first lines.
func lineData(data []byte, skip int) []byte {
	for ; skip > 0; skip-- {
		i := bytes.IndexByte(data, '\n')
		if i < 0 {
			return nil
		}
		data = data[i+1:]
	}
	return data
}

// jsonName makes sure that a text is read as JSON and never guessed to be YAML.
func jsonName(name string) string { return strings.TrimSuffix(name, ".json") + ".json" }

// moved gives an error about a part of a file the position in the whole file.
func moved(err error, name string, lines int) error {
	if e, ok := asError(err); ok {
		made := *e
		made.Pos.File = name
		if made.Pos.Line > 0 {
			made.Pos.Line += lines
		}
		return &made
	}
	return err
}

// readValue reads the JSON value at the start of a text and returns how many bytes it takes. The
// lines of the value count from 1. The error about a text that does not start with a value counts
// its lines from 1, too.
func readValue(file, text string) (n *source.Node, size int, err error) {
	dec := json.NewDecoder(strings.NewReader(text))
	var raw json.RawMessage
	if err := dec.Decode(&raw); err != nil {
		_, err = source.ParseTree(source.File{Name: jsonName(file), Data: []byte(text)})
		if err == nil { // only the depth can be in the way then
			err = &source.Error{Pos: source.Position{File: file}, What: "not JSON", Do: "correct the document"}
		}
		return nil, 0, moved(err, file, 0)
	}
	// Brackets around it make a bare string or number a document too, without moving any line.
	size = int(dec.InputOffset())
	n, err = source.ParseTree(source.File{Name: jsonName(file), Data: []byte("[" + text[:size] + "]")})
	if err != nil {
		return nil, size, moved(err, file, 0)
	}
	return n.Items[0], size, nil
}
