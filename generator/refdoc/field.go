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
		rest, note := f.stateFirst(strings.ToLower(text[m[4]:m[5]]), text[m[1]:until], lineAt(lines, text, m[4]))
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

// stateFirst states what a label in a sentence says, which is a list or else its first word, and
// returns what belongs to the description after all.
func (f *field) stateFirst(label, text string, number int) (rest, note string) {
	if isListLabel(label) {
		return f.values(label, text, number)
	}
	word, rest := cutValue(text)
	if strings.HasPrefix(label, "default") && (word == "" || strings.EqualFold(word, "null") || strings.EqualFold(word, "none")) {
		return rest, ""
	}
	return rest, f.state(label, word, number)
}

// state states what a label says about the field.
func (f *field) state(label, value string, number int) (note string) {
	switch {
	case strings.HasPrefix(label, "default"):
		f.facts.Say(claim.Default, typedValue(value, f.jsonType(), number), number)
		return ""
	case isListLabel(label):
		_, note = f.values(label, value, number)
		return note
	}
	return f.keyword(label, value, number)
}

// isListLabel reports whether possible values are behind a label.
func isListLabel(label string) bool {
	return strings.HasSuffix(label, "values") || strings.HasSuffix(label, "are") || label == "enum" || strings.HasSuffix(label, "one of")
}

// values reads a list of possible values.
func (f *field) values(label, text string, number int) (rest, note string) {
	list := strings.TrimSpace(text)
	if i := sentenceEnd(list); i > 0 {
		list, rest = list[:i], list[i:]
	}
	list = strings.TrimSuffix(strings.TrimRight(strings.TrimSpace(list), ")"), ".")
	if list == "" {
		return rest, ""
	}
	jsonType, to := f.jsonType(), &f.facts
	if jsonType == "array" {
		jsonType, to = "", &f.items
		if f.typ.items != nil {
			jsonType = f.typ.items.json
		}
	}
	values := enumValues(list, jsonType, number)
	switch {
	case label == "one of" && (values == nil || len(values.Items) < 2):
		return "One of " + text, ""
	case values == nil:
		return "Possible values: " + text, "the possible values are not a list: they stay in the description"
	}
	to.Say(claim.Enum, values, number)
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
	case label == "style" && !styles[value]:
		return fmt.Sprintf("there is no style %.40q: left out", value)
	case label == "style":
		if f.jsonType() == "array" { // a text is sent as it is, whatever its style
			f.facts.Say(claim.Style, value, number)
		}
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
		if note := f.state(label, value, b.number); note != "" {
			notes = append(notes, note)
		}
	}
	return notes, true
}

// bracketed matches a label whose value is in brackets.
var bracketed = regexp.MustCompile(`^(Default|Format|Minimum|Maximum|Pattern)\s*:?\s*\(\s*([^()]+?)\s*\)$`)

var attribute = regexp.MustCompile(`(?:^|, )(Default|Format|Min(?:imum)?(?: (?:length|items))?|Max(?:imum)?(?: (?:length|items))?|Pattern|Style|Explode|Unique items|Enum|(?:Valid|Allowed|Possible) values): `)

// marks are the words that say one thing about a field by themselves.
var marks = map[string]claim.Fact{
	"required": {Name: claim.Required, Value: true}, "mandatory": {Name: claim.Required, Value: true},
	"optional": {Name: claim.Required, Value: false}, "deprecated": {Name: claim.Deprecated, Value: true},
}

// markOf returns what a text says that is a mark and nothing else.
func markOf(text string) (mark claim.Fact, ok bool) {
	mark, ok = marks[strings.ToLower(strings.Trim(text, "()*"))]
	return mark, ok
}

// mark states what a mark says, and reports whether the text is one.
func (f *field) mark(text string, number int) bool {
	mark, ok := markOf(text)
	switch {
	case ok && mark.Name == claim.Required:
		f.sayRequired(mark.Value == true, number)
	case ok:
		f.facts.Say(mark.Name, mark.Value, number)
	}
	return ok
}

func (f *field) sayRequired(required bool, number int) {
	sayOnce(&f.facts, claim.Required, required, number)
}

// newField makes a field of its name, which may have a mark behind it.
func newField(text string, number int) *field {
	f := &field{line: number}
	name, required, said := markedName(text)
	f.name = name
	if said {
		f.sayRequired(required, number)
	}
	return f
}

// markedName takes the sign off a name that says whether the field is required. A word is a sign
// only in brackets or behind a blank.
func markedName(text string) (name string, required, said bool) {
	rest, required, said := cutMark(text)
	if !said || rest == "" || text[len(text)-1] != ')' && !strings.ContainsAny(text[len(rest):len(rest)+1], " ") {
		rest, said = strings.CutSuffix(text, "*")
		required = said
		if !said {
			rest, said = strings.CutSuffix(text, "?")
		}
	}
	if rest = strings.TrimRight(rest, " *_,-–—:"); !said || rest == "" {
		return trimQuotes(text), false, false
	}
	return trimQuotes(rest), required, true
}

// cutMark takes the word off the end of a text that says whether a field is required.
func cutMark(text string) (rest string, required, said bool) {
	bare := strings.TrimRight(text, ")")
	for _, word := range []string{"required", "optional"} {
		if n := len(bare) - len(word); n >= 0 && strings.EqualFold(bare[n:], word) {
			return strings.TrimRight(bare[:n], " ,(;-"), word == "required", true
		}
	}
	return text, false, false
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
	if ok && isNode && (value.Kind == source.Bool || value.Kind == source.Number) {
		to.Facts.Show(claim.Type, jsonTypes[kindOf(value.Text)], said.Line)
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
