package refdoc

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// typeName is a type as a page or table spells it: a JSON type, an array of something, the name of
// a schema, or "anything". The zero value is "anything": it says that there is a value and no more.
type typeName struct {
	json     string // a JSON type
	ref      string // the name of a schema
	format   string
	nullable bool
	items    *typeName
}

var (
	// schemaName matches what a schema can be called: it starts with a capital, as no parameter of
	// these APIs does.
	schemaName = regexp.MustCompile(`^[A-Z](?:[A-Za-z0-9_.\-]{0,198}[A-Za-z0-9_])?$`)
	// genericName matches a schema that is named with its parts, such as Page<Thing>.
	genericName = regexp.MustCompile(`^[A-Z][A-Za-z0-9_.]{0,80}<[A-Za-z0-9_., <>]{1,80}>$`)
	// fieldName matches the name of a parameter or of a member, dotted and [] forms included.
	fieldName = regexp.MustCompile(`^[A-Za-z_$@*{][A-Za-z0-9_.\-\[\]$@:*{}]{0,199}$`)
	mapType   = regexp.MustCompile(`(?i)^map ?[<\[(].{1,80}[>\])]$`)
	oneOfType = regexp.MustCompile(`^(?:oneOf|anyOf|allOf) ?[\[(<].{1,200}[\])>]$`)
	// arrayOfWords matches "Array of strings".
	arrayOfWords = regexp.MustCompile(`(?i)^array of (string|integer|number|boolean|object)s?(?: \([^()]*\))?$`)
	// formattedType matches a type with its format, such as integer <int64> or string($date-time).
	formattedType = regexp.MustCompile(`(?i)^(string|integer|number|boolean) ?[<(]\$?([a-z][a-z0-9-]{1,30})[>)]$`)
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
	if m := formattedType.FindStringSubmatch(text); m != nil {
		return typeName{json: strings.ToLower(m[1]), format: strings.ToLower(m[2])}, true
	}
	if m := arrayOfWords.FindStringSubmatch(text); m != nil {
		return typeName{json: "array", items: &typeName{json: strings.ToLower(m[1])}}, true
	}
	if mapType.MatchString(text) {
		return typeName{json: "object"}, true
	}
	if oneOfType.MatchString(text) {
		return typeName{}, true
	}
	if schemaName.MatchString(text) {
		return typeName{ref: text}, true
	}
	if genericName.MatchString(text) && balanced(text) {
		return typeName{ref: strings.NewReplacer("<", "", ">", "", ",", "", " ", "").Replace(text)}, true
	}
	return typeName{}, false
}

// balanced reports whether each angle bracket of a text has its pair.
func balanced(text string) bool {
	open := 0
	for _, c := range text {
		switch c {
		case '<':
			open++
		case '>':
			if open--; open < 0 {
				return false
			}
		}
	}
	return open == 0
}

// cellTypes are the words for types that only tables use: in a text they may be names of fields.
var cellTypes = map[string]typeName{
	"str": {json: "string"}, "text": {json: "string"}, "char": {json: "string"}, "varchar": {json: "string"},
	"int": {json: "integer"}, "long": {json: "integer"}, "int32": {json: "integer", format: "int32"},
	"int64": {json: "integer", format: "int64"}, "short": {json: "integer"},
	"float": {json: "number"}, "double": {json: "number"}, "decimal": {json: "number"}, "numeric": {json: "number"},
	"bool": {json: "boolean"}, "json": {json: "object"}, "map": {json: "object"}, "hash": {json: "object"},
	"dict": {json: "object"}, "dictionary": {json: "object"}, "list": {json: "array"}, "collection": {json: "array"},
	"date": {json: "string", format: "date"}, "datetime": {json: "string", format: "date-time"},
	"date-time": {json: "string", format: "date-time"}, "uuid": {json: "string", format: "uuid"},
	"uri": {json: "string", format: "uri"}, "url": {json: "string", format: "uri"}, "email": {json: "string", format: "email"},
	"binary": {json: "string", format: "binary"}, "file": {json: "string", format: "binary"},
	"strings": {json: "string"}, "integers": {json: "integer"}, "numbers": {json: "number"}, "booleans": {json: "boolean"},
	"objects": {json: "object"}, "enum": {}, "mixed": {}, "varies": {},
}

var (
	arrayOf   = regexp.MustCompile(`(?i)^(?:array|list|set|collection)(?: of |[ ]?[\[(<])([^\[\]()<>]+)[\])>]?$`)
	ofArray   = regexp.MustCompile(`(?i)^(\S+?)(?:\[\]| array| list)$`)
	orNull    = regexp.MustCompile(`(?i)^(?:nullable +(.+)|(.+?)(?: or null| ?\| ?null|, ?null| \(nullable\)|\?))$`)
	nullOr    = regexp.MustCompile(`(?i)^null ?(?:\||or) ?(.+)$`)
	typeExtra = regexp.MustCompile(`^(.+?)(?:, | \(| <)([a-z0-9-]{3,20})[)>]?$`)
)

// parseCellType reads the type in a cell of a table, which is a whole cell and so can use more
// words.
func parseCellType(text string) (t typeName, ok bool) { return parseCellTypeWithin(text, 5) }

func parseCellTypeWithin(text string, depth int) (t typeName, ok bool) {
	text = trimQuotes(strings.TrimSpace(text))
	if depth == 0 || text == "" || len(text) > 250 {
		return typeName{}, false
	}
	if t, ok = cellTypes[strings.ToLower(text)]; ok {
		return t, true
	}
	for _, null := range []*regexp.Regexp{orNull, nullOr} {
		if m := null.FindStringSubmatch(text); m != nil {
			if t, ok = parseCellTypeWithin(strings.Join(m[1:], ""), depth-1); ok {
				t.nullable = true
				return t, true
			}
		}
	}
	if m := arrayOf.FindStringSubmatch(text); m != nil {
		if items, ok := parseCellTypeWithin(m[1], depth-1); ok {
			return typeName{json: "array", items: &items}, true
		}
	}
	if t, ok = parseType(text); ok {
		return t, true
	}
	if m := ofArray.FindStringSubmatch(text); m != nil {
		if items, ok := parseCellTypeWithin(m[1], depth-1); ok {
			return typeName{json: "array", items: &items}, true
		}
	}
	if m := typeExtra.FindStringSubmatch(text); m != nil {
		if t, ok = parseCellTypeWithin(m[1], depth-1); ok && t.json != "" && t.format == "" {
			t.format = m[2]
			return t, true
		}
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
	if t.format != "" {
		s.Facts.Say(claim.Format, t.format, line)
	}
	if t.nullable {
		s.Facts.Say(claim.Nullable, true, line)
	}
	if t.items != nil {
		if s.Items == nil {
			s.Items = &claim.Schema{Line: line}
		}
		t.items.say(s.Items, line)
	}
}

// typedValue makes the value that a text spells, in the given JSON type where the text can be read
// as one, and else as what it looks like. Quotes around it make it a string in any case but that of
// another known type.
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

// kindOf returns the type that a text looks like.
func kindOf(text string) kinds {
	switch {
	case isInteger(text):
		return sawInteger
	case isNumber(text):
		return sawNumber
	case text == "true" || text == "false":
		return sawBoolean
	}
	return sawString
}

// isNumber reports whether a text is a JSON number.
func isNumber(s string) bool {
	return s != "" && (s[0] == '-' || s[0] >= '0' && s[0] <= '9') && json.Valid([]byte(s))
}

// isInteger reports whether a text is a JSON number without fraction and exponent.
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

// jsonText returns the text of a fact that is a JSON string.
func jsonText(f claim.Fact) string {
	n, ok := f.Value.(*source.Node)
	if !ok {
		return ""
	}
	return n.Str()
}

// trimQuotes takes the backquotes or asterisks off that Markdown puts around a name.
func trimQuotes(text string) string {
	if len(text) > 1 {
		return strings.Trim(text, "`")
	}
	return text
}
