package refdoc

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// typeName is a type as a page or table spells it: a JSON type, an array of something, the name of a schema, or
// "anything". The zero value is "anything": it says that there is a value and no more.
type typeName struct {
	json  string // a JSON type
	ref   string // the name of a schema
	items *typeName
}

var (
	// schemaName matches what a schema can be called: it starts with a capital, as no parameter of these APIs does.
	schemaName = regexp.MustCompile(`^[A-Z](?:[A-Za-z0-9_.\-]{0,198}[A-Za-z0-9_])?$`)
	// fieldName matches the name of a parameter or of a member, dotted and [] forms included.
	fieldName = regexp.MustCompile(`^[A-Za-z_$@*{][A-Za-z0-9_.\-\[\]$@:*{}]{0,199}$`)
)

// parseType reads a type. JSON types are taken in any case, since tables write them with a capital.
func parseType(text string) (t typeName, ok bool) { return parseTypeWithin(text, 20) }

func parseTypeWithin(text string, depth int) (t typeName, ok bool) {
	switch word := strings.ToLower(text); word {
	case "string", "integer", "number", "boolean", "object", "array":
		return typeName{json: word}, true
	case "any", "anything":
		return typeName{}, true
	}
	if rest, found := cutPrefixFold(text, "array<"); found && strings.HasSuffix(rest, ">") && depth > 0 {
		items, ok := parseTypeWithin(strings.TrimSpace(strings.TrimSuffix(rest, ">")), depth-1)
		return typeName{json: "array", items: &items}, ok
	}
	if schemaName.MatchString(text) {
		return typeName{ref: text}, true
	}
	return typeName{}, false
}

func (t typeName) String() string {
	switch {
	case t.items != nil:
		return "array<" + t.items.String() + ">"
	case t.ref != "":
		return t.ref
	case t.json != "":
		return t.json
	}
	return "anything"
}

// say states the type of a value.
func (t typeName) say(s *claim.Schema, line int) {
	if s.Line == 0 {
		s.Line = line
	}
	switch {
	case t.ref != "":
		s.Facts.Say(claim.Ref, t.ref, line)
	case t.json != "":
		s.Facts.Say(claim.Type, t.json, line)
	default:
		s.Facts.Say(claim.Presence, true, line)
	}
	if t.items != nil {
		if s.Items == nil {
			s.Items = &claim.Schema{Line: line}
		}
		t.items.say(s.Items, line)
	}
}

// typedValue makes the value that a text spells, in the given JSON type where the text can be read as one, and else as
// what it looks like. Quotes around it make it a string in any case but that of another known type.
func typedValue(text, jsonType string, line int) *source.Node {
	inner, quoted := unquote(text)
	n := source.StringNode(inner, line)
	switch {
	case jsonType == "string":
		return n
	case quoted && jsonType == "":
		return n
	case inner == "true" || inner == "false":
		n.Kind = source.Bool
	case inner == "null":
		n.Kind, n.Text = source.Null, ""
	case isNumber(inner):
		n.Kind = source.Number
	}
	return n
}

// isNumber tells whether a text is a JSON number.
func isNumber(s string) bool {
	return s != "" && (s[0] == '-' || s[0] >= '0' && s[0] <= '9') && json.Valid([]byte(s))
}

// isInteger tells whether a text is a JSON number without fraction and exponent.
func isInteger(s string) bool { return isNumber(s) && !strings.ContainsAny(s, ".eE") }

// unquote takes straight quotes, curly quotes and backquotes off.
func unquote(s string) (inner string, quoted bool) {
	var text string
	if strings.HasPrefix(s, `"`) && json.Unmarshal([]byte(s), &text) == nil {
		return text, true
	}
	for _, q := range [][2]string{{`"`, `"`}, {"'", "'"}, {"`", "`"}, {"“", "”"}, {"‘", "’"}} {
		if len(s) >= len(q[0])+len(q[1]) && strings.HasPrefix(s, q[0]) && strings.HasSuffix(s, q[1]) {
			return s[len(q[0]) : len(s)-len(q[1])], true
		}
	}
	return s, false
}

// jsonText gives the text of a fact that is a JSON string.
func jsonText(f claim.Fact) string {
	n, ok := f.Value.(*source.Node)
	if !ok {
		return ""
	}
	return n.Str()
}
