package refdoc

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// Parameters and members of bodies stand on a page one below the other, with blank lines anywhere:
//
//	limit                          the name
//	integer                        its type: JSON type, schema, array<type>, anything
//	Required                       if it is
//	How many records ...           description, any number of paragraphs
//	Default: 50, Format: int32     what else is known
//	Valid values: csv, zip
//
// Nothing marks where the next field begins. A name is one word; it begins a field if a type follows, or if it is in lower
// case, which a description of one word never is. A word that is both, such as "number", is read as what is due.

// field is a parameter or a member as a page or table describes it.
type field struct {
	name  string
	line  int
	typ   *typeName // nil: no type is given
	at    int       // line of the type
	facts claim.Facts
	prose []line
}

// fieldReader reads one list of fields.
type fieldReader struct {
	lines   []line
	header  bool // a list of header parameters, which begin with a capital
	body    bool // a body: there may be text, or the type of the whole, before the first field
	intro   []line
	whole   *field // the type of the whole body
	fields  []*field
	current *field
}

// read reads all lines.
func (r *fieldReader) read() {
	for i := 0; i < len(r.lines); i++ {
		l := r.lines[i]
		switch {
		case r.current != nil && r.current.mark(l):
		case r.startsField(i):
			r.current = &field{name: l.text, line: l.number}
			r.fields = append(r.fields, r.current)
			i = r.takeType(i)
		case r.isWhole(l):
			t, _ := parseType(l.text)
			r.whole = &field{line: l.number, typ: &t, at: l.number}
		case r.current != nil:
			r.current.text(l)
		case r.whole != nil:
			r.whole.text(l)
		default:
			r.intro = append(r.intro, l)
		}
	}
}

// isWhole tells whether a line is the type of the body as a whole.
func (r *fieldReader) isWhole(l line) bool {
	if !r.body || r.whole != nil || r.current != nil {
		return false
	}
	_, ok := parseType(l.text)
	return ok
}

// startsField tells whether a field begins at line i.
func (r *fieldReader) startsField(i int) bool {
	name := r.lines[i].text
	if !fieldName.MatchString(name) || strings.HasSuffix(name, ".") || strings.HasSuffix(name, ":") {
		return false
	}
	if j := r.next(i); j >= 0 {
		if isRequiredMark(r.lines[j].text) {
			j = r.next(j)
		}
		if j >= 0 {
			if _, _, ok := fieldType(r.lines[j].text); ok {
				return true
			}
		}
	}
	if _, isType := parseType(name); isType {
		return false
	}
	return r.header || strings.ToLower(name[:1]) == name[:1]
}

// next gives the index of the next line that is not blank, or -1.
func (r *fieldReader) next(i int) int {
	for i++; i < len(r.lines); i++ {
		if !r.lines[i].blank() {
			return i
		}
	}
	return -1
}

// takeType reads the type of the field that was begun at line i, and gives the last line it used.
func (r *fieldReader) takeType(i int) int {
	j := r.next(i)
	if j >= 0 && isRequiredMark(r.lines[j].text) {
		r.current.mark(r.lines[j])
		i, j = j, r.next(j)
	}
	if j < 0 {
		return i
	}
	t, required, ok := fieldType(r.lines[j].text)
	if !ok {
		return i
	}
	r.current.typ, r.current.at = &t, r.lines[j].number
	if required {
		r.current.facts.Say(claim.Required, true, r.lines[j].number)
	}
	return j
}

// fieldType reads a type line, to which a mark may be glued.
func fieldType(text string) (t typeName, required, ok bool) {
	for _, mark := range []string{"Required", "REQUIRED"} {
		if rest, found := strings.CutSuffix(text, mark); found && rest != "" {
			if t, ok := parseType(strings.TrimSpace(rest)); ok {
				return t, true, true
			}
		}
	}
	t, ok = parseType(text)
	return t, false, ok
}

func isRequiredMark(text string) bool { return text == "Required" || text == "REQUIRED" }

// mark reads a line that is one word about the field.
func (f *field) mark(l line) bool {
	switch {
	case isRequiredMark(l.text):
		f.facts.Say(claim.Required, true, l.number)
	case l.text == "Deprecated" || l.text == "DEPRECATED":
		f.facts.Say(claim.Deprecated, true, l.number)
	default:
		return false
	}
	return true
}

var attribute = regexp.MustCompile(`(?:^|, )(Default|Format|Valid values): `)

// text reads a line of the description, or one with attributes.
func (f *field) text(l line) {
	at := attribute.FindAllStringSubmatchIndex(l.text, -1)
	if len(at) == 0 || at[0][0] != 0 || f.typ == nil {
		f.prose = append(f.prose, l)
		return
	}
	for i, m := range at {
		end := len(l.text)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		value := strings.TrimSpace(l.text[m[1]:end])
		switch l.text[m[2]:m[3]] {
		case "Default":
			f.facts.Say(claim.Default, typedValue(value, f.typ.json, l.number), l.number)
		case "Format":
			f.facts.Say(claim.Format, value, l.number)
		case "Valid values":
			if values := enumValues(value, f.typ.json, l.number); values != nil {
				f.facts.Say(claim.Enum, values, l.number)
			}
		}
	}
}

// enumValues reads a list of values, or gives nil where the text is empty or a sentence.
func enumValues(text, jsonType string, line int) *source.Node {
	list := &source.Node{Kind: source.Array, Line: line}
	for value := range strings.FieldsFuncSeq(text, func(c rune) bool { return c == ',' || c == '\n' }) {
		value, _ = cutBullet(strings.TrimSpace(value))
		if value == "" {
			continue
		}
		inner, quoted := unquote(value)
		if !quoted && strings.ContainsAny(inner, " \t") {
			return nil
		}
		list.Items = append(list.Items, typedValue(value, jsonType, line))
	}
	if len(list.Items) == 0 {
		return nil
	}
	return list
}

// typeText names the type of a field in messages.
func (f *field) typeText() string {
	if f.typ == nil {
		return "no type"
	}
	return f.typ.String()
}

// firsts keeps the first field of each name and finds those that are named again.
type firsts struct {
	errs  *source.Collector
	file  string
	known map[fieldKey]*field
}

// fieldKey is a name among the fields of one place.
type fieldKey struct{ place, name string }

// isNew tells whether a field is the first of that name in a place of an operation. A second one of another type is an
// error.
func (k *firsts) isNew(op *claim.Operation, place, name string, f *field) bool {
	if k.known == nil {
		k.known = map[fieldKey]*field{}
	}
	key := fieldKey{place, name}
	first := k.known[key]
	if first == nil {
		k.known[key] = f
		return true
	}
	if first.typeText() != f.typeText() {
		k.errs.Add(source.Position{File: k.file, Line: f.line}, address(op)+" "+place+":"+name,
			fmt.Sprintf("named twice: with %s on line %d, with %s here", first.typeText(), first.line, f.typeText()), "remove one of them")
	}
	return false
}

// param makes a parameter of a field.
func (f *field) param(in string) *claim.Param {
	param := &claim.Param{In: in, Name: f.name, Line: f.line}
	for _, fact := range f.facts {
		if fact.Name == claim.Required || fact.Name == claim.Deprecated {
			param.Facts = append(param.Facts, fact)
		} else {
			param.Schema.Facts = append(param.Schema.Facts, fact)
		}
	}
	if text := prose(f.prose); text != "" {
		param.Facts.Say(claim.Description, text, filled(f.prose)[0].number)
	}
	if f.typ != nil {
		f.typ.say(&param.Schema, f.at)
		return param
	}
	param.Facts.Say(claim.Presence, true, f.line)
	return param
}

// schema states what the field says about a member.
func (f *field) schema(to *claim.Schema) {
	if f.typ != nil {
		f.typ.say(to, f.at)
	} else {
		to.Facts.Say(claim.Presence, true, f.line)
	}
	to.Facts = append(to.Facts, f.facts...)
	if text := prose(f.prose); text != "" {
		to.Facts.Say(claim.Description, text, filled(f.prose)[0].number)
	}
}
