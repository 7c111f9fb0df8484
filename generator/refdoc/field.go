package refdoc

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// field is a parameter or a member as a page or table describes it.
type field struct {
	name  string
	in    string // where it is sent, if a table has a column for that
	line  int
	typ   *typeName // nil: no type is given
	at    int       // line of the type
	facts claim.Facts
	items claim.Facts // about the items of an array
	prose []block
}

func (f *field) jsonType() string {
	if f.typ == nil {
		return ""
	}
	return f.typ.json
}

// typeText names the type of a field in messages.
func (f *field) typeText() string {
	if f.typ == nil {
		return "no type"
	}
	return f.typ.String()
}

// A label says what the words behind it are: "Default: 50, Minimum: 1" on a line of its own, and
// "Default value: 50", "(default: 50, max: 100)" or "Possible values: a, b" in a sentence.
var (
	valueLabel = regexp.MustCompile(`(?i)(^|[.;,(]\s?|\s)(?:((?:default(?: value)?|(?:possible|allowed|valid|accepted|available) values|` +
		`enum|one of|can be one of|format|min(?:imum)?|max(?:imum)?|pattern|style)) ?:|(defaults to|default(?: value)? is|(?:possible|allowed|valid|accepted|available) values are|one of) )`)
	nullLabel = regexp.MustCompile(`(?i)\balways defaults to null\b`)
)

// maxLabels is how many labels of a description are read. Nobody writes more than a few.
const maxLabels = 10

// describe reads the facts out of a description and keeps the rest as text. It returns what it did
// not understand.
func (f *field) describe(lines []line) (notes []string) {
	text := joinText(lines)
	if m := nullLabel.FindStringIndex(text); m != nil {
		f.facts.Say(claim.Nullable, true, lineAt(lines, text, m[0]))
	}
	var kept strings.Builder
	end := 0
	labels := valueLabel.FindAllStringSubmatchIndex(text, maxLabels)
	for i, m := range labels {
		if m[4] < 0 {
			m[4], m[5] = m[6], m[7]
		}
		if m[0] < end || !isLabel(text, m) {
			continue
		}
		until := len(text)
		if i+1 < len(labels) {
			until = labels[i+1][0]
		}
		kept.WriteString(text[end:m[3]])
		value := labelled{label: strings.ToLower(text[m[4]:m[5]]), text: text[m[1]:until], line: lineAt(lines, text, m[4])}
		if m[2] < m[3] && text[m[2]] == '(' {
			value.bracket = true
		}
		rest, note := f.say(value)
		if note != "" {
			notes = append(notes, note)
		}
		kept.WriteString(rest)
		end = until
	}
	kept.WriteString(text[end:])
	said := strings.Join(strings.Fields(kept.String()), " ")
	said = strings.TrimSpace(strings.TrimRight(strings.NewReplacer("( )", "", "()", "", " .", ".").Replace(said), "(,;"))
	if said = wholeSentences(said); said != "" {
		f.prose = append(f.prose, block{line: line{lines[0].number, said}})
	}
	return notes
}

// isLabel reports whether a match is a label: it begins a line, a sentence or a bracket, or follows
// another label behind a comma. "the format: one of" is a sentence.
func isLabel(text string, m []int) bool {
	if m[2] == m[3] || text[m[4]] >= 'A' && text[m[4]] <= 'Z' {
		return true
	}
	c := text[m[2]]
	return c == '(' || c == '\n' || c == ',' && strings.LastIndexByte(text[:m[2]], '(') > strings.LastIndexByte(text[:m[2]], ')')
}

// labelled is a label, the text behind it, and where it is.
type labelled struct {
	label, text string
	line        int
	bracket     bool // the label is the first word in a bracket
}

// say states what a label says, and returns what belongs to the description after all.
func (f *field) say(v labelled) (rest, note string) {
	switch label := v.label; {
	case strings.HasPrefix(label, "default"):
		word, rest := cutValue(v.text)
		if word != "" && !strings.EqualFold(word, "null") && !strings.EqualFold(word, "none") {
			f.facts.Say(claim.Default, typedValue(word, f.jsonType(), v.line), v.line)
		}
		return rest, ""
	case strings.HasSuffix(label, "values") || strings.HasSuffix(label, "are") || label == "enum" || strings.HasSuffix(label, "one of"):
		return f.values(v)
	}
	word, rest := cutValue(v.text)
	return rest, f.keyword(v.label, word, v.line)
}

// values reads a list of possible values.
func (f *field) values(v labelled) (rest, note string) {
	list, rest := strings.TrimSpace(v.text), ""
	if i := sentenceEnd(list); i > 0 {
		list, rest = list[:i], list[i:]
	}
	list = strings.TrimSuffix(strings.TrimRight(strings.TrimSpace(list), ")"), ".")
	if list == "" {
		return rest, ""
	}
	jsonType := f.jsonType()
	if jsonType == "array" {
		jsonType = ""
		if f.typ.items != nil {
			jsonType = f.typ.items.json
		}
	}
	values := enumValues(list, jsonType, v.line)
	switch {
	case v.label == "one of" && (values == nil || len(values.Items) < 2):
		return "One of " + v.text, ""
	case values == nil:
		return "Possible values: " + v.text, "the possible values are not a list: they stay in the description"
	case f.jsonType() == "array":
		f.items.Say(claim.Enum, values, v.line)
	default:
		f.facts.Say(claim.Enum, values, v.line)
	}
	return rest, ""
}

// sentenceEnd returns where a sentence behind a list begins: after a full stop and a blank.
func sentenceEnd(text string) int {
	for i := 0; i+2 < len(text); i++ {
		if text[i] == '.' && text[i+1] == ' ' && text[i+2] >= 'A' && text[i+2] <= 'Z' {
			return i + 1
		}
	}
	return -1
}

// keyword states a fact that is a keyword of a schema.
func (f *field) keyword(label, value string, number int) (note string) {
	value = strings.TrimRight(strings.TrimSpace(value), ".,;")
	numeric := f.jsonType() == "integer" || f.jsonType() == "number" || f.jsonType() == ""
	switch {
	case value == "":
	case label == "format":
		if f.jsonType() == "string" && (value == "int32" || value == "int64") {
			return fmt.Sprintf("format %s does not fit a string: left out", value)
		}
		if strings.Contains(value, " ") || len(value) > 40 {
			return "the format is not one word: left out"
		}
		f.facts.Say(claim.Format, value, number)
	case sizes[label] != "":
		if !isInteger(value) {
			return fmt.Sprintf("%s %.40q is not a number: left out", label, value)
		}
		f.facts.Say(sizes[label], typedValue(value, "integer", number), number)
	case label == "unique items":
		f.facts.Say("uniqueItems", typedValue(strings.ToLower(value), "boolean", number), number)
	case strings.HasPrefix(label, "min") || strings.HasPrefix(label, "max"):
		if !numeric || !isNumber(value) {
			return fmt.Sprintf("%s %.40q does not fit %s: left out", label, value, f.typeText())
		}
		f.facts.Say(claim.Name(label[:3]+"imum"), typedValue(value, "number", number), number)
	case label == "pattern":
		if _, err := regexp.Compile(value); err != nil {
			return fmt.Sprintf("the pattern %.40q is not a regular expression that Go knows: left out", value)
		}
		f.facts.Say("pattern", source.StringNode(value, number), number)
	case label == "style":
		return f.style(value, number)
	case label == "explode":
		if f.jsonType() == "array" && (value == "true" || value == "false") {
			f.facts.Say(claim.Explode, value == "true", number)
		}
	}
	return ""
}

// sizes has the labels that limit how much there is.
var sizes = map[string]claim.Name{
	"min length": "minLength", "minimum length": "minLength", "max length": "maxLength", "maximum length": "maxLength",
	"min items": "minItems", "minimum items": "minItems", "max items": "maxItems", "maximum items": "maxItems",
}

// styles are the ways in which a list is sent.
var styles = set("form simple spaceDelimited pipeDelimited deepObject")

// style states how a list is sent. A text is sent as it is, whatever its style.
func (f *field) style(value string, number int) (note string) {
	if !styles[value] {
		return fmt.Sprintf("there is no style %.40q: left out", value)
	}
	if f.jsonType() == "array" {
		f.facts.Say(claim.Style, value, number)
	}
	return ""
}

// attributes reads a line that is nothing but labels, as reference pages have below a description.
func (f *field) attributes(b *block) (notes []string, ok bool) {
	if m := bracketed.FindStringSubmatch(b.text); m != nil {
		b.text = m[1] + ": " + m[2]
	}
	marks := attribute.FindAllStringSubmatchIndex(b.text, maxLabels)
	if len(marks) == 0 || marks[0][0] != 0 || f.typ == nil {
		return nil, false
	}
	for i, m := range marks {
		end := len(b.text)
		if i+1 < len(marks) {
			end = marks[i+1][0]
		}
		label, value := strings.ToLower(b.text[m[2]:m[3]]), strings.TrimSpace(b.text[m[1]:end])
		note := ""
		switch {
		case strings.HasPrefix(label, "default"):
			f.facts.Say(claim.Default, typedValue(value, f.jsonType(), b.number), b.number)
		case strings.HasSuffix(label, "values") || label == "enum":
			_, note = f.values(labelled{label: label, text: value, line: b.number})
		default:
			note = f.keyword(label, value, b.number)
		}
		if note != "" {
			notes = append(notes, note)
		}
	}
	return notes, true
}

// bracketed matches a label whose value is in brackets.
var bracketed = regexp.MustCompile(`^(Default|Format|Minimum|Maximum|Pattern)\s*:?\s*\(\s*([^()]+?)\s*\)$`)

var attribute = regexp.MustCompile(`(?:^|, )(Default|Format|Min(?:imum)?(?: (?:length|items))?|Max(?:imum)?(?: (?:length|items))?|Pattern|Style|Explode|Unique items|Enum|(?:Valid|Allowed|Possible) values): `)

// mark reads a line that is one word about the field.
func (f *field) mark(b *block) bool {
	switch strings.ToLower(strings.Trim(b.text, "()*")) {
	case "required", "mandatory":
		f.sayRequired(true, b.number)
	case "optional":
		f.sayRequired(false, b.number)
	case "deprecated":
		f.facts.Say(claim.Deprecated, true, b.number)
	default:
		return false
	}
	return true
}

func (f *field) sayRequired(required bool, number int) {
	if _, said := f.facts.Get(claim.Required); !said {
		f.facts.Say(claim.Required, required, number)
	}
}

// markedName takes the sign off a name that says whether the field is required.
func markedName(text string) (name string, required, said bool) {
	name = text
	for _, m := range []struct {
		sign     string
		required bool
	}{{"(required)", true}, {"required", true}, {"*", true}, {"(optional)", false}, {"optional", false}, {"?", false}} {
		if rest, ok := cutSuffixFold(text, m.sign); ok {
			if rest = strings.TrimRight(rest, " *_,-–—:"); rest != "" && (len(m.sign) == 1 || !strings.EqualFold(text, m.sign)) {
				if m.sign[0] != '(' && len(m.sign) > 1 && !strings.HasSuffix(text[:len(text)-len(m.sign)], " ") {
					continue // part of the name
				}
				return trimQuotes(rest), m.required, true
			}
		}
	}
	return trimQuotes(name), false, false
}

func cutSuffixFold(s, suffix string) (rest string, found bool) {
	if len(s) < len(suffix) || !strings.EqualFold(s[len(s)-len(suffix):], suffix) {
		return s, false
	}
	return s[:len(s)-len(suffix)], true
}

// enumValues reads a list of values, or returns nil where the text is empty or a sentence.
func enumValues(text, jsonType string, number int) *source.Node {
	list := &source.Node{Kind: source.Array, Line: number}
	text = quotedBlank.ReplaceAllString(text, "$1$2, $2$3")
	for value := range strings.FieldsFuncSeq(text, func(c rune) bool { return c == ',' || c == '\n' || c == '|' }) {
		value, _ = cutBullet(strings.TrimSpace(value))
		value = strings.TrimSpace(strings.TrimSuffix(value, ";"))
		for _, joint := range []string{"or ", "and "} {
			value = strings.TrimPrefix(value, joint)
		}
		parts := []string{value}
		for _, joint := range []string{" or ", " and "} {
			if one, two, ok := strings.Cut(value, joint); ok {
				parts = []string{strings.TrimSpace(one), strings.TrimSpace(two)}
			}
		}
		for _, part := range parts {
			inner, quoted := unquote(part)
			switch {
			case part == "":
				continue
			case !quoted && strings.ContainsAny(inner, " \t"):
				return nil
			}
			if value := typedValue(part, jsonType, number); !holds(list.Items, value) {
				list.Items = append(list.Items, value)
			}
		}
	}
	if len(list.Items) == 0 {
		return nil
	}
	return list
}

// quotedBlank matches what is between two quoted values without a comma.
var quotedBlank = regexp.MustCompile("([^\\s,\"'`])([\"'`])[^\\S\n]*[\"'`]([^\\s,\"'`])")

func holds(list []*source.Node, value *source.Node) bool {
	if len(list) > 200 {
		return false
	}
	for _, known := range list {
		if known.Equal(value) {
			return true
		}
	}
	return false
}

// cutValue takes the value off the start of a text: what is quoted, or else one word.
func cutValue(text string) (word, rest string) {
	text = strings.TrimSpace(text)
	for _, q := range []string{`"`, "'", "`"} {
		if inner, found := strings.CutPrefix(text, q); found {
			if end := strings.Index(inner, q); end >= 0 {
				return text[:end+2], " " + strings.TrimPrefix(inner[end+1:], ".")
			}
		}
	}
	end := strings.IndexAny(text, " \n")
	if end < 0 {
		end = len(text)
	}
	return strings.TrimRight(text[:end], ".,;)"), text[end:]
}

// param makes a parameter of a field.
func (f *field) param(in string) *claim.Param {
	param := &claim.Param{In: in, Name: f.name, Line: f.line}
	for _, fact := range f.facts {
		switch fact.Name {
		case claim.Required, claim.Deprecated, claim.Style, claim.Explode:
			param.Facts = append(param.Facts, fact)
		default:
			param.Schema.Facts = append(param.Schema.Facts, fact)
		}
	}
	if text := prose(f.prose); text != "" {
		param.Facts.Say(claim.Description, text, f.prose[0].number)
	}
	if f.typ != nil {
		f.typ.say(&param.Schema, f.at)
		f.sayItems(&param.Schema)
		return param
	}
	f.showType(&param.Schema)
	param.Facts.Say(claim.Presence, true, f.line)
	return param
}

// schema states what the field says about a member.
func (f *field) schema(to *claim.Schema) {
	if f.typ != nil {
		f.typ.say(to, f.at)
	} else {
		to.Facts.Say(claim.Presence, true, f.line)
		f.showType(to)
	}
	to.Facts = append(to.Facts, f.facts...)
	f.sayItems(to)
	if text := prose(f.prose); text != "" {
		to.Facts.Say(claim.Description, text, f.prose[0].number)
	}
}

// showType shows the type that the default has, of a field that says none.
func (f *field) showType(to *claim.Schema) {
	said, ok := f.facts.Get(claim.Default)
	value, isNode := said.Value.(*source.Node)
	if !ok || !isNode {
		return
	}
	switch {
	case value.Kind == source.Bool:
		to.Facts.Show(claim.Type, "boolean", said.Line)
	case value.Kind == source.Number && isInteger(value.Text):
		to.Facts.Show(claim.Type, "integer", said.Line)
	case value.Kind == source.Number:
		to.Facts.Show(claim.Type, "number", said.Line)
	}
}

func (f *field) sayItems(to *claim.Schema) {
	if len(f.items) == 0 {
		return
	}
	if to.Items == nil {
		to.Items = &claim.Schema{Line: f.items[0].Line}
	}
	to.Items.Facts = append(to.Items.Facts, f.items...)
}
