package source

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
)

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
		r.count()
		return nil, r.fail("text after the end of the JSON value", "remove it")
	}
	return n, nil
}

func (r *jsonReader) token() (json.Token, error) {
	tok, err := r.dec.Token()
	r.count()
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

// count counts the lines up to where the decoder is.
func (r *jsonReader) count() {
	end := min(int(r.dec.InputOffset()), len(r.data))
	r.line += bytes.Count(r.data[r.seen:end], []byte{'\n'})
	r.seen = end
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
	var keys keySet
	for {
		tok, err := r.token()
		if err != nil {
			return err
		}
		key, ok := tok.(string)
		if !ok {
			n.index = keys.at
			return nil
		}
		line := r.line
		if !keys.add(n, key) {
			return r.fail(fmt.Sprintf("the key %s stands twice in one object", shorten(key)), "remove one of them")
		}
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
