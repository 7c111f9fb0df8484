package source

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// The limits of what is read. They are far above every real document and far below what would hurt.
const (
	MaxBytes = 64 << 20  // bytes of one document
	MaxDepth = 200       // nesting of arrays and objects
	MaxNodes = 4_000_000 // values in one document
	MaxAlias = 100_000   // values that YAML aliases stand for, counted each time
)

// ParseTree reads a YAML or JSON document into nodes. YAML front matter, an empty document after a closing --- and
// unquoted numeric keys are taken as they are; anchors and aliases are followed within MaxAlias.
// The error is an *Error with the line it was found on.
func ParseTree(f File) (*Node, error) {
	if len(f.Data) > MaxBytes {
		return nil, &Error{Pos: Position{File: f.Name}, What: fmt.Sprintf("%d bytes, more than the limit of %d", len(f.Data), MaxBytes),
			Do: "give a smaller document"}
	}
	data := bytes.TrimPrefix(f.Data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		return nil, &Error{Pos: Position{File: f.Name, Line: invalidLine(data)}, What: "the document is not UTF-8", Do: "save it as UTF-8"}
	}
	if head := bytes.TrimLeft(data, " \t\r\n"); len(head) > 0 && (head[0] == '{' || head[0] == '[') {
		n, err := parseJSON(f.Name, data)
		if err == nil || !isYAMLFlow(f.Name, data) {
			return n, err
		}
	}
	return parseYAML(f.Name, data)
}

// isYAMLFlow tells whether a document that starts like JSON, but is none, is meant as YAML.
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

// jsonReader reads JSON token by token and counts lines as it goes.
type jsonReader struct {
	name  string
	data  []byte
	dec   *json.Decoder
	line  int
	seen  int // offset up to which lines are counted
	nodes int
}

func parseJSON(name string, data []byte) (*Node, error) {
	r := &jsonReader{name: name, data: data, dec: json.NewDecoder(bytes.NewReader(data)), line: 1}
	r.dec.UseNumber()
	n, err := r.value(0)
	if err != nil {
		return nil, err
	}
	if _, err := r.dec.Token(); !errors.Is(err, io.EOF) {
		return nil, r.fail("text after the end of the JSON value", "remove it")
	}
	return n, nil
}

func (r *jsonReader) token() (json.Token, error) {
	tok, err := r.dec.Token()
	end := min(int(r.dec.InputOffset()), len(r.data))
	r.line += bytes.Count(r.data[r.seen:end], []byte{'\n'})
	r.seen = end
	if err == nil {
		return tok, nil
	}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		at := min(int(syntax.Offset), len(r.data))
		r.line = 1 + bytes.Count(r.data[:at], []byte{'\n'})
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		r.line = 1 + bytes.Count(r.data, []byte{'\n'})
		return nil, r.fail("the document ends in the middle of a JSON value", "check that it was saved whole")
	}
	return nil, r.fail("not JSON: "+err.Error(), "correct the document")
}

func (r *jsonReader) value(depth int) (*Node, error) {
	tok, err := r.token()
	if err != nil {
		return nil, err
	}
	return r.node(tok, depth)
}

func (r *jsonReader) node(tok json.Token, depth int) (*Node, error) {
	r.nodes++
	if depth > MaxDepth || r.nodes > MaxNodes {
		return nil, r.fail(limitText(depth), "give a simpler document")
	}
	n := &Node{Line: r.line}
	switch t := tok.(type) {
	case nil:
	case bool:
		n.Kind, n.Text = Bool, strconv.FormatBool(t)
	case json.Number:
		n.Kind, n.Text = Number, t.String()
	case string:
		n.Kind, n.Text = String, t
	case json.Delim:
		if t == '[' {
			n.Kind = Array
			return n, r.items(n, depth)
		}
		n.Kind = Object
		return n, r.members(n, depth)
	}
	return n, nil
}

func (r *jsonReader) items(n *Node, depth int) error {
	for {
		tok, err := r.token()
		if err != nil {
			return err
		}
		if tok == json.Delim(']') {
			return nil
		}
		item, err := r.node(tok, depth+1)
		if err != nil {
			return err
		}
		n.Items = append(n.Items, item)
	}
}

func (r *jsonReader) members(n *Node, depth int) error {
	keys := map[string]bool{}
	for {
		tok, err := r.token()
		if err != nil {
			return err
		}
		key, ok := tok.(string)
		if !ok {
			return nil
		}
		line := r.line
		if keys[key] {
			return r.fail(fmt.Sprintf("the key %q stands twice in one object", key), "remove one of them")
		}
		keys[key] = true
		value, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		n.Members = append(n.Members, Member{Key: key, Line: line, Value: value})
	}
}

func (r *jsonReader) fail(what, do string) error {
	return &Error{Pos: Position{File: r.name, Line: r.line}, What: what, Do: do}
}

func limitText(depth int) string {
	if depth > MaxDepth {
		return fmt.Sprintf("nested deeper than %d levels", MaxDepth)
	}
	return fmt.Sprintf("more than %d values", MaxNodes)
}

// yamlReader turns the syntax tree of go-yaml into nodes.
type yamlReader struct {
	name    string
	anchors map[string]ast.Node
	open    map[string]bool // aliases being expanded, to find cycles
	nodes   int
	aliased int // nodes made while an alias was open
}

func parseYAML(name string, data []byte) (*Node, error) {
	if line, ok := tooDeep(data); ok {
		return nil, &Error{Pos: Position{File: name, Line: line}, What: limitText(MaxDepth + 1), Do: "give a simpler document"}
	}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, yamlError(name, err)
	}
	var body ast.Node
	for _, doc := range file.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.NullType || doc.Body.Type() == ast.CommentType {
			continue
		}
		if body != nil {
			return nil, &Error{Pos: Position{File: name, Line: lineOf(doc.Body)}, What: "a second YAML document in one file",
				Do: "give each document its own file"}
		}
		body = doc.Body
	}
	if body == nil {
		return nil, &Error{Pos: Position{File: name}, What: "the document is empty", Do: "give a document with content"}
	}
	r := &yamlReader{name: name, anchors: map[string]ast.Node{}, open: map[string]bool{}}
	return r.node(body, 0)
}

// tooDeep finds nesting beyond MaxDepth before the YAML parser, which recurses, sees it.
func tooDeep(data []byte) (line int, deep bool) {
	line = 1
	flow, dashes, indent, start := 0, 0, 0, true
	for _, c := range data {
		switch {
		case c == '\n':
			line++
			dashes, indent, start = 0, 0, true
			continue
		case start && c == ' ':
			indent++
			if indent > 100*MaxDepth {
				return line, true
			}
			continue
		case start && (c == '-' || c == '?'):
			dashes++
		case c == '[' || c == '{':
			flow++
			start = false
		case (c == ']' || c == '}') && flow > 0:
			flow--
			start = false
		default:
			start = false
		}
		if flow > MaxDepth || dashes > MaxDepth {
			return line, true
		}
	}
	return 0, false
}

func yamlError(name string, err error) error {
	line, what := 0, err.Error()
	if y, ok := errors.AsType[yaml.Error](err); ok {
		what = y.GetMessage()
		if tok := y.GetToken(); tok != nil {
			line = tok.Position.Line
		}
	}
	return &Error{Pos: Position{File: name, Line: line}, What: "neither YAML nor JSON: " + firstLine(what), Do: "correct the document", Err: err}
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

func lineOf(n ast.Node) int {
	if tok := n.GetToken(); tok != nil && tok.Position != nil {
		return tok.Position.Line
	}
	return 0
}

func (r *yamlReader) fail(n ast.Node, what, do string) error {
	return &Error{Pos: Position{File: r.name, Line: lineOf(n)}, What: what, Do: do}
}

func (r *yamlReader) node(y ast.Node, depth int) (*Node, error) {
	r.nodes++
	if depth > MaxDepth || r.nodes > MaxNodes {
		return nil, r.fail(y, limitText(depth), "give a simpler document")
	}
	if len(r.open) > 0 {
		if r.aliased++; r.aliased > MaxAlias {
			return nil, r.fail(y, fmt.Sprintf("aliases stand for more than %d values", MaxAlias), "write the values out, or remove the aliases")
		}
	}
	n := &Node{Line: lineOf(y)}
	switch y := y.(type) {
	case *ast.NullNode:
	case *ast.BoolNode:
		n.Kind, n.Text = Bool, strconv.FormatBool(y.Value)
	case *ast.IntegerNode:
		n.Kind, n.Text = numberOrString(y.GetToken())
	case *ast.FloatNode:
		n.Kind, n.Text = numberOrString(y.GetToken())
	case *ast.StringNode:
		n.Kind, n.Text = String, y.Value
	case *ast.LiteralNode:
		n.Kind, n.Text = String, y.Value.Value
	case *ast.InfinityNode, *ast.NanNode:
		n.Kind, n.Text = String, y.GetToken().Value
	case *ast.TagNode:
		if y.Value == nil {
			return n, nil
		}
		if y.Start.Value == "!!str" {
			n.Kind, n.Text = String, y.Value.GetToken().Value
			return n, nil
		}
		return r.node(y.Value, depth)
	case *ast.AnchorNode:
		r.anchors[y.Name.GetToken().Value] = y.Value
		return r.node(y.Value, depth)
	case *ast.AliasNode:
		return r.alias(y, depth)
	case *ast.SequenceNode:
		n.Kind = Array
		for _, v := range y.Values {
			item, err := r.node(v, depth+1)
			if err != nil {
				return nil, err
			}
			n.Items = append(n.Items, item)
		}
	case *ast.MappingValueNode:
		n.Kind = Object
		return n, r.members(n, []*ast.MappingValueNode{y}, depth)
	case *ast.MappingNode:
		n.Kind = Object
		return n, r.members(n, y.Values, depth)
	default:
		return nil, r.fail(y, fmt.Sprintf("YAML %s cannot stand here", y.Type()), "write a plain value")
	}
	return n, nil
}

// numberOrString keeps the spelling of numbers that JSON has too; others (octal, hexadecimal, underscores, a leading
// zero) stay the text they were written as.
func numberOrString(tok *token.Token) (Kind, string) {
	text := strings.TrimPrefix(tok.Value, "+")
	if json.Valid([]byte(text)) {
		return Number, text
	}
	return String, tok.Value
}

func (r *yamlReader) alias(y *ast.AliasNode, depth int) (*Node, error) {
	name := y.Value.GetToken().Value
	target, ok := r.anchors[name]
	if !ok {
		return nil, r.fail(y, fmt.Sprintf("the alias *%s has no anchor before it", name), "define the anchor first")
	}
	if r.open[name] {
		return nil, r.fail(y, fmt.Sprintf("the anchor &%s contains itself", name), "break the cycle")
	}
	r.open[name] = true
	defer delete(r.open, name)
	return r.node(target, depth)
}

func (r *yamlReader) members(n *Node, values []*ast.MappingValueNode, depth int) error {
	keys := map[string]bool{}
	for _, v := range values {
		if _, ok := v.Key.(*ast.MergeKeyNode); ok {
			return r.fail(v.Key, "merge keys (<<) are not JSON", "write the members out")
		}
		key := keyText(v.Key)
		if keys[key] {
			return r.fail(v.Key, fmt.Sprintf("the key %q stands twice in one object", key), "remove one of them")
		}
		keys[key] = true
		value, err := r.node(v.Value, depth+1)
		if err != nil {
			return err
		}
		n.Members = append(n.Members, Member{Key: key, Line: lineOf(v.Key), Value: value})
	}
	return nil
}

func keyText(key ast.MapKeyNode) string {
	if s, ok := key.(*ast.StringNode); ok {
		return s.Value
	}
	return key.GetToken().Value
}
