package source

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// This YAML library was chosen because hostile documents take time in proportion to their size. Its
// schema, which decides what is a number or a boolean, is not used: scalars are read as in JSON.

// yamlReader converts the syntax tree of the YAML library to nodes.
type yamlReader struct {
	name    string
	lines   int                 // number of lines in the document
	open    map[*yaml.Node]bool // anchors being expanded, to detect cycles
	nodes   int
	aliased int // nodes made by expanding aliases
}

// errDepth carries the limit on nesting through the library.
var errDepth = errors.New(limitText(MaxDepth + 1))

func parseYAML(name string, data []byte) (*Node, error) {
	body, err := yamlBody(name, data)
	if err != nil {
		return nil, err
	}
	if body == nil {
		return nil, &Error{Pos: Position{File: name}, What: "the document is empty", Do: "give a document with content"}
	}
	r := &yamlReader{name: name, lines: lineCount(data), open: map[*yaml.Node]bool{}}
	return r.node(body, 0)
}

// yamlBody returns the only document in a file that is not empty, nil if there is none.
func yamlBody(name string, data []byte) (*yaml.Node, error) {
	limits := loaderlimits.New(loaderlimits.AliasNone(), loaderlimits.DepthFunc(func(depth int, _ *loaderlimits.DepthContext) error {
		if depth > MaxDepth+1 {
			return errDepth
		}
		return nil
	}))
	loader, err := yaml.NewLoader(bytes.NewReader(data), yaml.WithPlugin(limits))
	if err != nil {
		return nil, yamlError(name, data, err)
	}
	var body *yaml.Node
	for {
		var doc yaml.Node
		err := loader.Load(&doc)
		if errors.Is(err, io.EOF) {
			return body, nil
		}
		if err != nil {
			return nil, yamlError(name, data, err)
		}
		if doc.Kind != yaml.DocumentNode || len(doc.Content) == 0 || isNull(doc.Content[0]) {
			continue
		}
		if body != nil {
			return nil, &Error{Pos: Position{File: name, Line: doc.Content[0].Line}, What: "a second YAML document in one file",
				Do: "give each document its own file"}
		}
		body = doc.Content[0]
	}
}

func yamlError(name string, data []byte, err error) error {
	if line := ConflictLine(data); line > 0 {
		return conflictError(name, line, err)
	}
	if line := controlLine(data); line > 0 {
		return &Error{Pos: Position{File: name, Line: line}, What: "the document contains a control character", Do: "remove it or write it as an escape in double quotes", Err: err}
	}
	line, what := 0, firstLine(err.Error())
	if y, ok := errors.AsType[*yaml.LoadError](err); ok {
		line, what = y.Mark.Line, y.Message
		if y.ContextMsg != "" {
			what = y.ContextMsg + ": " + what
		}
	}
	line = min(line, lineCount(data))
	if strings.HasSuffix(what, noToken) && tabIndents(data, line) {
		return &Error{Pos: Position{File: name, Line: line}, What: "a tab indents this line, and YAML takes spaces only", Do: "replace tabs with spaces", Err: err}
	}
	if strings.Contains(err.Error(), errDepth.Error()) {
		return &Error{Pos: Position{File: name, Line: line}, What: errDepth.Error(), Do: "give a simpler document", Err: err}
	}
	return &Error{Pos: Position{File: name, Line: line}, What: "neither YAML nor JSON: " + firstLine(what), Do: "correct the document", Err: err}
}

// noToken is the library's message for a character that cannot start a token, such as a tab.
const noToken = "found character that cannot start any token"

// tabIndents reports whether a line is indented with a tab.
func tabIndents(data []byte, line int) bool {
	n := 0
	for text := range bytes.Lines(data) {
		if n++; n == line {
			return bytes.Contains(text[:len(text)-len(bytes.TrimLeft(text, " \t"))], []byte("\t"))
		}
	}
	return false
}

// controlLine returns the line of the first character that YAML forbids, 0 if there is none.
func controlLine(data []byte) int {
	line := 1
	for _, c := range string(data) {
		switch {
		case c == '\n':
			line++
		case c == '\t' || c == '\r' || c == 0x85:
		case c < ' ' || c >= 0x7f && c < 0xa0 || c == 0xfffe || c == 0xffff:
			return line
		}
	}
	return 0
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

func (r *yamlReader) fail(n *yaml.Node, what, do string) error {
	return &Error{Pos: Position{File: r.name, Line: r.line(n)}, What: what, Do: do}
}

// line returns the line of a node. At the end of a document the library counts one too many.
func (r *yamlReader) line(n *yaml.Node) int { return min(n.Line, r.lines) }

// lineCount counts lines as YAML does: CR, U+0085, U+2028 and U+2029 end a line too.
func lineCount(data []byte) int {
	return 1 + bytes.Count(data, []byte("\n")) + bytes.Count(data, []byte("\r")) - bytes.Count(data, []byte("\r\n")) +
		bytes.Count(data, []byte("\u0085")) + bytes.Count(data, []byte("\u2028")) + bytes.Count(data, []byte("\u2029"))
}

func (r *yamlReader) node(y *yaml.Node, depth int) (*Node, error) {
	r.nodes++
	if depth > MaxDepth || r.nodes > MaxNodes {
		return nil, r.fail(y, limitText(depth), "give a simpler document")
	}
	if len(r.open) > 0 {
		if r.aliased++; r.aliased > MaxAlias {
			return nil, r.fail(y, fmt.Sprintf("aliases expand to more than %d values", MaxAlias), "write the values out or remove the aliases")
		}
	}
	n := &Node{Line: r.line(y)}
	switch y.Kind {
	case yaml.ScalarNode:
		n.Kind, n.Text = scalar(y)
	case yaml.AliasNode:
		return r.alias(y, depth)
	case yaml.SequenceNode:
		n.Kind = Array
		n.Items = make([]*Node, 0, len(y.Content))
		for _, v := range y.Content {
			item, err := r.node(v, depth+1)
			if err != nil {
				return nil, err
			}
			n.Items = append(n.Items, item)
		}
	case yaml.MappingNode:
		n.Kind = Object
		return n, r.members(n, y, depth)
	default:
		return nil, r.fail(y, "unexpected YAML node", "write a plain value")
	}
	return n, nil
}

// scalar reads a scalar as JSON would: an unquoted scalar is null, a boolean or a number if it
// looks like one. Numbers keep their spelling. Those that JSON does not have (octal, hexadecimal,
// underscores, a leading zero, infinity) stay strings, and so do dates.
func scalar(y *yaml.Node) (Kind, string) {
	const quoted = yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle
	if y.Style&quoted != 0 || y.Style&yaml.TaggedStyle != 0 && y.ShortTag() == "!!str" {
		return String, y.Value
	}
	if isNull(y) {
		return Null, ""
	}
	switch y.Value {
	case "true", "True", "TRUE":
		return Bool, "true"
	case "false", "False", "FALSE":
		return Bool, "false"
	}
	if text, ok := number(y.Value); ok {
		return Number, text
	}
	return String, y.Value
}

// number returns a number as JSON spells it: without a plus sign and with a digit before the point.
func number(text string) (string, bool) {
	digits := strings.TrimLeft(text, "+-")
	if digits == "" || len(text)-len(digits) > 1 || digits[0] != '.' && (digits[0] < '0' || digits[0] > '9') {
		return "", false
	}
	if digits[0] == '.' {
		digits = "0" + digits
	}
	if text[0] == '-' {
		digits = "-" + digits
	}
	return digits, json.Valid([]byte(digits)) && !strings.HasSuffix(digits, " ")
}

// isNull reports whether a node is null or empty.
func isNull(y *yaml.Node) bool {
	if y.Kind != yaml.ScalarNode || y.Style != 0 && y.Style != yaml.TaggedStyle || y.Style == yaml.TaggedStyle && y.ShortTag() == "!!str" {
		return false
	}
	switch y.Value {
	case "", "~", "null", "Null", "NULL":
		return true
	}
	return false
}

func (r *yamlReader) alias(y *yaml.Node, depth int) (*Node, error) {
	if r.open[y.Alias] {
		return nil, r.fail(y, fmt.Sprintf("the anchor &%s contains itself", y.Value), "break the cycle")
	}
	r.open[y.Alias] = true
	defer delete(r.open, y.Alias)
	return r.node(y.Alias, depth)
}

func (r *yamlReader) members(n *Node, y *yaml.Node, depth int) error {
	n.Members = make([]Member, 0, len(y.Content)/2)
	var keys keySet
	var merged []*yaml.Node
	for i := 0; i+1 < len(y.Content); i += 2 {
		k, v := y.Content[i], y.Content[i+1]
		if isMerge(k) {
			merged = append(merged, v)
			continue
		}
		key, err := r.key(k)
		if err != nil {
			return err
		}
		if !keys.add(n, key) {
			return r.fail(k, fmt.Sprintf("the key %s is used twice in one object", shorten(key)), "remove one of them")
		}
		value, err := r.node(v, depth+1)
		if err != nil {
			return err
		}
		n.Members = append(n.Members, Member{Key: key, Line: r.line(k), Value: value})
	}
	for _, v := range merged {
		if err := r.merge(n, &keys, v, depth); err != nil {
			return err
		}
	}
	n.index = keys.at
	return nil
}

// isMerge reports whether a key is the merge key << of YAML 1.1, which adds the members of other
// objects.
func isMerge(k *yaml.Node) bool {
	return k.Kind == yaml.ScalarNode && k.Value == "<<" && k.ShortTag() == "!!merge"
}

// merge adds the members that a merge key refers to and the object does not have. Its value is an
// object or a list of objects, of which the first one wins. Members keep their lines.
func (r *yamlReader) merge(n *Node, keys *keySet, y *yaml.Node, depth int) error {
	from, err := r.node(y, depth+1)
	if err != nil {
		return err
	}
	all := []*Node{from}
	if from.Kind == Array {
		all = from.Items
	}
	for _, one := range all {
		if one.Kind != Object {
			return r.fail(y, fmt.Sprintf("the merge key << refers to a value of type %s, not to an object", one.Kind), "refer to an object or a list of objects")
		}
		for _, m := range one.Members {
			if keys.add(n, m.Key) {
				n.Members = append(n.Members, m)
			}
		}
	}
	return nil
}

func (r *yamlReader) key(k *yaml.Node) (string, error) {
	line := k
	if k.Kind == yaml.AliasNode {
		k = k.Alias
	}
	if k.Kind != yaml.ScalarNode {
		return "", r.fail(line, "the key is not a plain value", "write it as a string")
	}
	return k.Value, nil
}
