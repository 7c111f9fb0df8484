package source

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Limits of documents. They are far above all real documents and far below what does harm.
const (
	MaxBytes = 64 << 20  // bytes of one document
	MaxDepth = 200       // nesting of arrays and objects
	MaxNodes = 4_000_000 // values in one document
	MaxAlias = 100_000   // values that YAML aliases expand to
)

// ParseTree reads a YAML or JSON document into nodes. It accepts YAML front matter, an empty
// document after a closing --- and unquoted numeric keys. Anchors and aliases are followed within
// MaxAlias, and the members that a merge key (<<) brings take its place. The error is an *Error
// with the line it was found on.
func ParseTree(f File) (*Node, error) {
	f, err := Decode(f)
	if err != nil {
		return nil, err
	}
	if len(f.Data) > MaxBytes {
		return nil, &Error{Pos: Position{File: f.Name}, What: fmt.Sprintf("%d bytes, more than the limit of %d", len(f.Data), MaxBytes),
			Do: "give a smaller document"}
	}
	data := bytes.TrimPrefix(f.Data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		return nil, &Error{Pos: Position{File: f.Name, Line: invalidLine(data)}, What: "the document is not UTF-8", Do: "save it as UTF-8"}
	}
	head := bytes.TrimLeft(data, " \t\r\n")
	if len(head) > 1 && head[0] == '<' && head[1] != '<' {
		return nil, &Error{Pos: Position{File: f.Name, Line: 1 + bytes.Count(data[:len(data)-len(head)], []byte("\n"))},
			What: "the document is HTML or XML, neither YAML nor JSON", Do: "save the document itself, not the page that shows it"}
	}
	if len(head) > 0 && (head[0] == '{' || head[0] == '[') {
		n, err := parseJSON(f.Name, data)
		if err != nil && ConflictLine(data) > 0 {
			return nil, conflictError(f.Name, ConflictLine(data), err)
		}
		if err == nil || !isYAMLFlow(f.Name, data) {
			return n, err
		}
	}
	return parseYAML(f.Name, data)
}

// ConflictLine returns the line of the first mark that git leaves where two sides changed the same
// lines, 0 if there is none.
func ConflictLine(data []byte) int {
	line := 0
	for text := range bytes.Lines(data) {
		line++
		if IsConflictMark(string(bytes.TrimRight(text, "\r\n"))) {
			return line
		}
	}
	return 0
}

// IsConflictMark reports whether git wrote a line, without its end, between the two sides of a
// conflict.
func IsConflictMark(line string) bool {
	for _, mark := range []string{"<<<<<<<", "|||||||", "=======", ">>>>>>>"} {
		if rest, ok := strings.CutPrefix(line, mark); ok && (rest == "" || rest[0] == ' ') {
			return true
		}
	}
	return false
}

// conflictError reports a document that cannot be read because of a conflict mark.
func conflictError(name string, line int, err error) error {
	return &Error{Pos: Position{File: name, Line: line}, What: "a merge conflict was left in the document",
		Do: "keep the right parts of both sides and remove the lines with <<<<<<<, ======= and >>>>>>>", Err: err}
}

// isYAMLFlow reports whether a document that starts like JSON and is not JSON is meant as YAML.
func isYAMLFlow(name string, data []byte) bool {
	return !strings.HasSuffix(name, ".json") && !bytes.Contains(data[:min(len(data), 256)], []byte(`"`))
}

func invalidLine(data []byte) int {
	line := 1
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		data = data[size:]
	}
	return line
}

func limitText(depth int) string {
	if depth > MaxDepth {
		return fmt.Sprintf("nested deeper than %d levels", MaxDepth)
	}
	return fmt.Sprintf("more than %d values", MaxNodes)
}
