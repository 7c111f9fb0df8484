package source

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// jsonReader reads JSON and counts lines. encoding/json is not used because users see the errors,
// whose texts and offsets change between Go releases.
type jsonReader struct {
	name  string
	data  []byte
	at    int // offset of the next byte
	line  int // of the byte at counted
	upTo  int // offset up to which lines are counted
	nodes int
}

func parseJSON(name string, data []byte) (*Node, error) {
	r := &jsonReader{name: name, data: data, line: 1}
	n, err := r.value(0)
	if err != nil {
		return nil, err
	}
	if r.space(); r.at < len(r.data) {
		return nil, r.fail("text after the end of the JSON value", "remove it")
	}
	return n, nil
}

// space skips white space and returns the byte after it, 0 at the end.
func (r *jsonReader) space() byte {
	for r.at < len(r.data) {
		switch c := r.data[r.at]; c {
		case ' ', '\t', '\r', '\n':
			r.at++
		default:
			return c
		}
	}
	return 0
}

// value reads one value. It refuses nesting deeper than MaxDepth, which bounds the recursion.
func (r *jsonReader) value(depth int) (*Node, error) {
	c := r.space()
	r.nodes++
	if depth > MaxDepth || r.nodes > MaxNodes {
		return nil, r.fail(limitText(depth), "give a simpler document")
	}
	n := &Node{Line: r.here()}
	var err error
	switch {
	case c == '{':
		n.Kind = Object
		err = r.members(n, depth)
	case c == '[':
		n.Kind = Array
		err = r.items(n, depth)
	case c == '"':
		n.Kind = String
		n.Text, err = r.text()
	case c == '-' || isDigit(c):
		n.Kind = Number
		n.Text, err = r.number()
	default:
		err = r.word(n)
	}
	return n, err
}

// word reads true, false or null.
func (r *jsonReader) word(n *Node) error {
	for _, word := range []string{"true", "false", "null"} {
		if !bytes.HasPrefix(r.data[r.at:], []byte(word)) {
			continue
		}
		if r.at += len(word); word != "null" {
			n.Kind, n.Text = Bool, word
		}
		return nil
	}
	return r.unexpected("a value")
}

func (r *jsonReader) items(n *Node, depth int) error {
	for more := r.open(']'); more; {
		item, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		n.Items = append(n.Items, item)
		if more, err = r.more(']'); err != nil {
			return err
		}
	}
	return nil
}

func (r *jsonReader) members(n *Node, depth int) error {
	var keys keySet
	for more := r.open('}'); more; {
		if r.space() != '"' {
			return r.unexpected("a key in double quotes")
		}
		line := r.here()
		key, err := r.text()
		if err != nil {
			return err
		}
		if !keys.add(n, key) {
			return r.failAt(line, fmt.Sprintf("the key %s is used twice in one object", shorten(key)), "remove one of them")
		}
		if r.space() != ':' {
			return r.unexpected("a colon")
		}
		r.at++
		value, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		n.Members = append(n.Members, Member{Key: key, Line: line, Value: value})
		if more, err = r.more('}'); err != nil {
			return err
		}
	}
	n.index = keys.at
	return nil
}

// open enters an array or object and reports whether it has content.
func (r *jsonReader) open(end byte) bool {
	r.at++
	if r.space() == end {
		r.at++
		return false
	}
	return true
}

// more skips the comma or bracket after a value and reports whether another value follows.
func (r *jsonReader) more(end byte) (bool, error) {
	switch r.space() {
	case ',':
		r.at++
		return true, nil
	case end:
		r.at++
		return false, nil
	}
	return false, r.unexpected("a comma or " + strconv.QuoteRune(rune(end)))
}

// text reads a string. The reader is at its opening quote.
func (r *jsonReader) text() (string, error) {
	start, escaped := r.at, false
	for r.at++; r.at < len(r.data); r.at++ {
		switch c := r.data[r.at]; {
		case c == '"':
			r.at++
			literal := r.data[start:r.at]
			if !escaped {
				return string(literal[1 : len(literal)-1]), nil
			}
			var text string
			err := json.Unmarshal(literal, &text) // the literal is valid: the loop has checked its escapes
			return text, err
		case c == '\\':
			escaped = true
			n := escapeLen(r.data[r.at+1:])
			if n == 0 && r.at+1 < len(r.data) {
				return "", r.notJSON("unknown escape in a string")
			}
			r.at += n
		case c < ' ':
			return "", r.notJSON(fmt.Sprintf("control character U+%04X in a string", c))
		}
	}
	return "", r.cutOff()
}

// escapeLen returns the length of the escape after a backslash, 0 if it is not a valid one.
func escapeLen(b []byte) int {
	switch {
	case len(b) == 0:
	case strings.IndexByte(`"\/bfnrt`, b[0]) >= 0:
		return 1
	case b[0] == 'u' && len(b) >= 5:
		if _, err := strconv.ParseUint(string(b[1:5]), 16, 16); err == nil {
			return 5
		}
	}
	return 0
}

func (r *jsonReader) number() (string, error) {
	start := r.at
	r.skip("-")
	whole := r.digits()
	ok := whole == 1 || whole > 1 && r.data[r.at-whole] != '0'
	if ok && r.skip(".") {
		ok = r.digits() > 0
	}
	if ok && r.skip("eE") {
		r.skip("+-")
		ok = r.digits() > 0
	}
	if !ok {
		if r.at == len(r.data) {
			return "", r.cutOff()
		}
		return "", r.notJSON("malformed number")
	}
	return string(r.data[start:r.at]), nil
}

// skip skips one byte if it is in set, and reports whether it did.
func (r *jsonReader) skip(set string) bool {
	if r.at < len(r.data) && strings.IndexByte(set, r.data[r.at]) >= 0 {
		r.at++
		return true
	}
	return false
}

// digits skips digits and returns their number.
func (r *jsonReader) digits() int {
	start := r.at
	for r.at < len(r.data) && isDigit(r.data[r.at]) {
		r.at++
	}
	return r.at - start
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// here returns the line of the next byte.
func (r *jsonReader) here() int {
	r.line += bytes.Count(r.data[r.upTo:r.at], []byte{'\n'})
	r.upTo = r.at
	return r.line
}

// unexpected returns an error with what was expected and what was found.
func (r *jsonReader) unexpected(want string) error {
	if r.at >= len(r.data) {
		return r.cutOff()
	}
	rest := r.data[r.at:]
	word := rest[:len(rest)-len(bytes.TrimLeft(rest, letters))]
	if len(word) > 0 {
		return r.notJSON(fmt.Sprintf("expected %s, found %s", want, shorten(string(word))))
	}
	found, _ := utf8.DecodeRune(rest)
	return r.notJSON(fmt.Sprintf("expected %s, found %s", want, strconv.QuoteRune(found)))
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"

func (r *jsonReader) cutOff() error {
	r.at = len(r.data)
	return r.fail("the document ends in the middle of a JSON value", "check that it was saved whole")
}

func (r *jsonReader) notJSON(what string) error {
	return r.fail("not JSON: "+what, "correct the document")
}

func (r *jsonReader) fail(what, do string) error { return r.failAt(r.here(), what, do) }

func (r *jsonReader) failAt(line int, what, do string) error {
	return &Error{Pos: Position{File: r.name, Line: line}, What: what, Do: do}
}
