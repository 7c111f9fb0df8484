package openapi

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// This file translates other versions of OpenAPI, and common mistakes, into the words of OpenAPI
// 3.0.

// typeKeyword reads type: a name, or a list in OpenAPI 3.1.
func (r *Reader) typeKeyword(m source.Member, s *claim.Schema) {
	switch m.Value.Kind {
	case source.String:
		r.typeName(m.Value, m.Line, s)
	case source.Null:
		if r.version == OpenAPI31 {
			r.typeNull(m, s)
		}
	case source.Array:
		r.typeList(m, s)
	default:
		r.meaningless(m, "type is "+m.Value.Kind.Noun()+", not a string", "", nil)
	}
}

// types are the types of OpenAPI 3.0.
var types = []string{"string", "number", "integer", "boolean", "array", "object"}

func (r *Reader) typeName(n *source.Node, line int, s *claim.Schema) {
	name := n.Text
	switch {
	case slices.Contains(types, name):
		s.Facts.Say(claim.Type, name, line)
		return
	case name == "file":
		s.Facts.Say(claim.Type, "string", line)
		s.Facts.Say(claim.Format, "binary", line)
		return
	case name == "null":
		r.typeNull(source.Member{Line: line, Value: n}, s)
		return
	}
	if r.schemas.Get(name) != nil {
		s.Facts.Say(claim.Ref, name, line)
		r.note(n, line, fmt.Sprintf("type names the schema %s", quote(name)), "read as a $ref to it")
		return
	}
	if items, ok := itemType(name); ok {
		r.note(n, line, fmt.Sprintf("unknown type %s", quote(name)), "read as an array of "+quote(items))
		s.Facts.Say(claim.Type, "array", line)
		if s.Items == nil {
			s.Items = &claim.Schema{Line: line}
			r.typeName(&source.Node{Kind: source.String, Text: items, Line: n.Line}, line, s.Items)
		}
		return
	}
	meant, ok := otherTypes[strings.ToLower(name)]
	switch {
	case ok && len(meant) == 0:
		r.note(n, line, fmt.Sprintf("unknown type %s", quote(name)), "read as any value")
		return
	case !ok:
		r.meaningless(source.Member{Line: line, Value: n}, fmt.Sprintf("unknown type %s", quote(name)), name, types)
		return
	}
	r.note(n, line, fmt.Sprintf("unknown type %s", quote(name)), "read as "+strings.Join(meant, " with the format "))
	s.Facts.Say(claim.Type, meant[0], line)
	if len(meant) > 1 {
		s.Facts.Say(claim.Format, meant[1], line)
	}
}

// listTypes matches types of lists. The brackets contain the type of the items.
var listTypes = regexp.MustCompile(`(?i)^(?:(\w+)\[\]|(?:array|list)[\[<](\w+)[\]>])$`)

// itemType returns the item type of a type written String[], array[string] or List<String>.
func itemType(name string) (string, bool) {
	if len(name) > maxNameLen {
		return "", false
	}
	parts := listTypes.FindStringSubmatch(name)
	if parts == nil {
		return "", false
	}
	return parts[1] + parts[2], true
}

func (r *Reader) typeNull(m source.Member, s *claim.Schema) {
	s.Facts.Say(claim.Nullable, true, m.Line)
	r.note(m.Value, m.Line, "a value that can only be null", "read as any value that may be null")
}

// otherTypes maps common misnomers to a type and a format. An empty list means any value.
var otherTypes = map[string][]string{
	"string": {"string"}, "number": {"number"}, "integer": {"integer"}, "boolean": {"boolean"}, "array": {"array"}, "object": {"object"},
	"int": {"integer"}, "int32": {"integer"}, "int64": {"integer"}, "long": {"integer"}, "short": {"integer"},
	"float": {"number"}, "double": {"number"}, "decimal": {"number"}, "bool": {"boolean"}, "list": {"array"}, "map": {"object"},
	"str": {"string"}, "file": {"string", "binary"}, "binary": {"string", "binary"}, "uri": {"string", "uri"}, "email": {"string", "email"},
	"any": {}, "date": {"string", "date"}, "datetime": {"string", "date-time"}, "date-time": {"string", "date-time"}, "uuid": {"string", "uuid"},
}

// typeList reads the list of types of OpenAPI 3.1. Several types besides null become alternatives.
func (r *Reader) typeList(m source.Member, s *claim.Schema) {
	var types []*source.Node
	seen := map[string]bool{}
	null := false
	for _, item := range m.Value.Items {
		switch {
		case item.Kind == source.Null || item.Str() == "null":
			null = true
		case item.Kind == source.String && !seen[item.Text]:
			seen[item.Text] = true
			types = append(types, item)
		}
	}
	if null && len(types) > 0 {
		s.Facts.Say(claim.Nullable, true, m.Line)
	}
	switch {
	case len(types) == 1:
		r.typeName(types[0], m.Line, s)
	case len(types) > 1:
		either := &claim.Schema{Line: m.Line}
		for _, t := range types {
			one := &claim.Schema{Line: t.Line}
			r.typeName(t, t.Line, one)
			inner(t.Text, s, one)
			either.AnyOf = append(either.AnyOf, one)
		}
		if len(s.AnyOf) > 0 {
			s.AllOf = append(s.AllOf, either)
			return
		}
		s.AnyOf = either.AnyOf
	case null:
		r.typeNull(m, s)
	}
}

// inner moves the keywords about items or members to the alternative that they apply to.
func inner(kind string, s, one *claim.Schema) {
	switch kind {
	case "array":
		one.Items, s.Items = s.Items, nil
	case "object":
		one.Members, s.Members = s.Members, nil
		one.Additional, s.Additional = s.Additional, nil
	}
}

// afterwards reads the keywords that depend on others.
func (r *Reader) afterwards(n *source.Node, m source.Member, s *claim.Schema, depth int) {
	switch m.Key {
	case "type":
		r.typeKeyword(m, s)
	case "required":
		r.required(m, s)
	case "exclusiveMinimum":
		r.exclusive(n, m, s, "minimum", func(exclusive, inclusive float64) bool { return exclusive >= inclusive })
	case "exclusiveMaximum":
		r.exclusive(n, m, s, "maximum", func(exclusive, inclusive float64) bool { return exclusive <= inclusive })
	case "patternProperties":
		r.patterns(m, s, depth)
	case "prefixItems":
		s.Items = nil
		r.note(m.Value, m.Line, "prefixItems cannot be expressed in OpenAPI 3.0", "read as an array of any values")
	case "contentEncoding", "contentMediaType":
		r.encoded(n, m, s)
	}
}

// required reads the list of required properties. A name that is listed here only is a property
// too. A boolean is about the property that has this schema, and is read there.
func (r *Reader) required(m source.Member, s *claim.Schema) {
	if _, ok := truth(m.Value); ok {
		r.note(m.Value, m.Line, "required is a boolean, not a list of properties", "applies if this is a property or a parameter")
		return
	}
	names := r.list(m.Value, source.String, "required")
	if len(names) == 0 {
		return
	}
	byName := make(map[string]*claim.Member, len(s.Members)+len(names))
	for _, member := range s.Members {
		byName[member.Name] = member
	}
	seen := make(map[string]bool, len(names))
	for _, n := range names {
		if n.Kind != source.String {
			r.note(n, n.Line, "required lists "+n.Kind.Noun()+", not the name of a property", "left out")
			continue
		}
		if seen[n.Text] {
			continue
		}
		seen[n.Text] = true
		member := byName[n.Text]
		if member == nil {
			member = &claim.Member{Name: n.Text, Schema: claim.Schema{Line: n.Line}}
			member.Schema.Facts.Say(claim.Presence, true, n.Line)
			s.Members = append(s.Members, member)
		}
		member.Schema.Facts.Say(claim.Required, true, n.Line)
	}
}

// exclusive reads an exclusive bound: a boolean in OpenAPI 3.0, a number in 3.1. If both bounds are
// numbers, the tighter one counts.
func (r *Reader) exclusive(n *source.Node, m source.Member, s *claim.Schema, bound claim.Name, tighter func(exclusive, inclusive float64) bool) {
	if m.Value.Kind != source.Number {
		r.sayFlag(&s.Facts, claim.Name(m.Key), m)
		return
	}
	if other := n.Get(string(bound)); other != nil && other.Kind == source.Number {
		x, errX := strconv.ParseFloat(m.Value.Text, 64)
		y, errY := strconv.ParseFloat(other.Text, 64)
		if errX == nil && errY == nil && !tighter(x, y) {
			return
		}
		for i := range s.Facts {
			if s.Facts[i].Name == bound {
				s.Facts[i].Value, s.Facts[i].Line = m.Value, m.Line
			}
		}
	} else {
		s.Facts.Say(bound, m.Value, m.Line)
	}
	s.Facts.Say(claim.Name(m.Key), true, m.Line)
}

// encoded reads how OpenAPI 3.1 declares that a string holds bytes, encoded or not.
func (r *Reader) encoded(n *source.Node, m source.Member, s *claim.Schema) {
	value := strings.ToLower(m.Value.Str())
	if _, ok := s.Facts.Get(claim.Format); ok || value == "" {
		return
	}
	switch encoding := strings.ToLower(n.Get("contentEncoding").Str()); {
	case encoding == "base64" || encoding == "base64url":
		s.Facts.Say(claim.Format, "byte", m.Line)
	case m.Key == "contentMediaType" && (encoding == "" || encoding == "binary") && !isText(value):
		s.Facts.Say(claim.Format, "binary", m.Line)
		if value != "application/octet-stream" {
			s.Facts.Say("x-auditgen-content", m.Value, m.Line) // of a part of a form
		}
	default:
		r.note(m.Value, m.Line, fmt.Sprintf("%s %s cannot be expressed in OpenAPI 3.0", m.Key, quote(m.Value.Str())), "left out")
	}
}

// isText reports whether a media type is text, which a string can hold unchanged.
func isText(media string) bool {
	return strings.HasPrefix(media, "text/") || strings.Contains(media, "json") || strings.Contains(media, "xml") || strings.Contains(media, "yaml")
}

// collectionFormat translates the collectionFormat of an array parameter to style and explode. The
// default is commas in Swagger 2.0 and repeated names in OpenAPI 3, so arrays always get both.
// isArray reports whether the type is an array, however it is written.
func (r *Reader) collectionFormat(n *source.Node, in string, isArray bool, f *claim.Facts) {
	var format string
	var line int
	at := n
	if c := n.Get("collectionFormat"); c != nil && c.Str() != "" {
		format, line, at = c.Str(), c.Line, c
	} else if t := n.Get("type"); t == nil || !isArray {
		return
	} else {
		format, line = "csv", t.Line
	}
	style, explode := "form", false
	if in == "path" || in == "header" {
		style = "simple"
	}
	switch format {
	case "csv":
	case "multi":
		explode = true
	case "ssv":
		style = "spaceDelimited"
	case "pipes":
		style = "pipeDelimited"
	default:
		r.note(at, line, fmt.Sprintf("collectionFormat %s cannot be expressed in OpenAPI 3", quote(format)), "read as csv")
	}
	f.Say(claim.Style, style, line)
	f.Say(claim.Explode, explode, line)
}
