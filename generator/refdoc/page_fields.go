package refdoc

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
)

// Parameters and members of bodies are a table, a list, or lines one below the other:
//
//	limit                          the name, perhaps with Required behind it
//	integer                        its type: JSON type, schema, array<type>, anything
//	Required                       if it is
//	How many records ...           description, any number of paragraphs
//	Default: 50, Format: int32     what else is known
//	Valid values: csv, zip
//
// Nothing marks where the next field begins. A name is one word; it begins a field if a type
// follows, or if it is in lower case, which a description of one word never is. A word that is
// both, such as "number", is read as what is due.

// fieldReader reads one list of fields.
type fieldReader struct {
	r       *reader
	blocks  []block
	header  bool // a list of header parameters, which begin with a capital
	body    bool // a body: there may be text, or the type of the whole, before the first field
	intro   []block
	whole   *field // the type of the whole body
	fields  []*field
	current *field
	level   int // of the item that the field is
}

// fieldsOf reads blocks that are about fields.
func (r *reader) fieldsOf(blocks []block, header, body bool) *fieldReader {
	f := &fieldReader{r: r, blocks: blocks, header: header, body: body}
	f.read()
	return f
}

// read reads all blocks.
func (r *fieldReader) read() {
	for i := 0; i < len(r.blocks); i++ {
		b := &r.blocks[i]
		switch {
		case b.kind == table:
			if fields, ok := r.r.tableFields(b); ok {
				r.fields, r.current = append(r.fields, fields...), nil
			} else {
				r.r.note(b.number, "0 facts from this table: its columns are of no known kind", "call them Name, Type, Required and Description")
			}
		case b.kind == code:
			r.current = nil
		case r.current != nil && r.current.mark(b.text, b.number):
		case r.labelled(b):
		case r.listed(b):
		case r.startsField(i):
			r.begin(newField(b.text, b.number))
			if b.kind == item {
				r.level = max(b.level, 1)
			}
			i = r.takeType(i)
		case r.isWhole(b):
			t, _ := parseType(b.text)
			r.whole = &field{line: b.number, typ: &t, at: b.number}
		case r.current != nil:
			r.text(r.current, b)
		case r.whole != nil:
			r.text(r.whole, b)
		case len(r.fields) == 0 && b.kind != heading: // text below a table is not about the fields in it
			r.intro = append(r.intro, *b)
		}
	}
}

func (r *fieldReader) begin(f *field) {
	r.current, r.level = f, 0
	r.fields = append(r.fields, f)
}

// text reads a line of the description of a field, or one of nothing but labels.
func (r *fieldReader) text(f *field, b *block) {
	notes, ok := f.attributes(b)
	for _, note := range notes {
		r.r.note(b.number, f.name+": "+note, "")
	}
	if ok {
		return
	}
	if !noise[strings.ToLower(b.text)] {
		said := *b
		said.level = max(said.level-r.level, 0)
		f.prose = append(f.prose, said)
	}
}

// noise has the words of buttons.
var noise = meanings(map[bool]string{true: "copy,expand,collapse,show child properties,hide child properties,show more,show less,expand all,collapse all"})

// isWhole reports whether a line is the type of the body as a whole.
func (r *fieldReader) isWhole(b *block) bool {
	if b.kind == heading || !r.body || r.whole != nil || r.current != nil || len(r.fields) > 0 {
		return false
	}
	_, ok := parseType(b.text)
	return ok
}

// startsField reports whether a field begins at block i.
func (r *fieldReader) startsField(i int) bool {
	if b := &r.blocks[i]; b.kind == item && r.current != nil && r.level > 0 && b.level > r.level {
		return false
	}
	name, _, marked := markedName(r.blocks[i].text)
	if !fieldName.MatchString(name) || strings.HasSuffix(name, ".") || strings.HasSuffix(name, ":") {
		return false
	}
	if j := r.typeBelow(i); j >= 0 {
		if _, _, ok := fieldType(r.blocks[j].text); ok {
			return true
		}
	}
	if _, isType := parseType(name); isType {
		return false
	}
	return marked && !r.blocks[i].glued || r.header || strings.ToLower(name[:1]) == name[:1]
}

// next returns the index of the next line, or -1.
func (r *fieldReader) next(i int) int {
	if i++; i < len(r.blocks) && r.blocks[i].isText() && r.blocks[i].kind != heading {
		return i
	}
	return -1
}

// typeBelow returns the index of the line of the type, below two marks at most, or -1.
func (r *fieldReader) typeBelow(i int) int {
	for range 3 {
		if i = r.next(i); i < 0 {
			return i
		}
		if _, ok := markOf(r.blocks[i].text); !ok {
			break
		}
	}
	return i
}

// takeType reads the type of the field that was begun at block i, and returns the last block it
// used.
func (r *fieldReader) takeType(i int) int {
	j := r.next(i)
	for j >= 0 && r.current.mark(r.blocks[j].text, r.blocks[j].number) {
		i, j = j, r.next(j)
	}
	if j < 0 {
		return i
	}
	t, required, ok := fieldType(r.blocks[j].text)
	if !ok {
		return i
	}
	r.current.typ, r.current.at = &t, r.blocks[j].number
	if required {
		r.current.sayRequired(true, r.blocks[j].number)
	}
	return j
}

// fieldType reads the line of a type, to which a mark may be glued.
func fieldType(text string) (t typeName, required, ok bool) {
	if _, isMark := markOf(text); isMark {
		return t, false, false
	}
	if rest, required, _ := cutMark(text); required && rest != "" {
		if t, ok := parseType(rest); ok {
			return t, true, true
		}
	}
	t, ok = parseType(text)
	return t, false, ok
}

// labelled reads a line that says one thing about the field above: "Type: string", "Required: yes".
func (r *fieldReader) labelled(b *block) bool {
	label, value, ok := strings.Cut(b.text, ":")
	value = strings.TrimSpace(value)
	if !ok || value == "" || r.current == nil && (!r.body || !strings.EqualFold(label, "schema") && !strings.EqualFold(label, "type")) {
		return false
	}
	t, isType := parseCellType(value)
	required, isMark := requiredCell(value)
	switch strings.ToLower(strings.TrimSpace(label)) {
	case "type", "schema", "data type":
		if !isType {
			return false
		}
		if r.current == nil {
			r.whole = &field{line: b.number, typ: &t, at: b.number}
		} else if r.current.typ == nil {
			r.current.typ, r.current.at = &t, b.number
		}
	case "required", "mandatory", "optional":
		if !isMark {
			return false
		}
		r.current.sayRequired(required != strings.EqualFold(strings.TrimSpace(label), "optional"), b.number)
	case "description":
		said := *b
		said.text, said.kind, said.level = value, paragraph, 0
		r.current.prose = append(r.current.prose, said)
	default:
		return false
	}
	return true
}

var (
	// listItem matches "name (string, required): what it is" and "name string Required".
	listItem = regexp.MustCompile(`^([A-Za-z_$@][\w.$@\[\]-]{0,100}\*?)[ :]*(?:[(\[{]([^()\[\]{}]{1,80})[)\]}]|[:–—-] ?\(?([A-Za-z<>\[\]]{3,30})\)?(?:[.:;,]| [–—-]| ?\( ?([A-Za-z]+) ?\)|$))[ :–—.,-]*(.*)$`)
	// itemField matches "name string required - what it is".
	itemField = regexp.MustCompile(`^([A-Za-z_$@][\w.$@\[\]-]{0,100}) ([a-z]+(?:<[a-z]+>|\[\])?),?(?: (required|optional))?(?: ?[–—:.-]+ ?(.*))?$`)
	lineField = regexp.MustCompile(`^([A-Za-z_$@][\w.$@\[\]-]{0,100}) (string|integer|number|boolean|object|array|array<[A-Za-z<>]+>)(?: (Required|required|REQUIRED|optional|Optional))?$`)
)

// listed reads a field that is one line.
func (r *fieldReader) listed(b *block) bool {
	if len(b.text) > 2000 {
		return false
	}
	if m := lineField.FindStringSubmatch(b.text); m != nil {
		t, _ := parseType(m[2])
		r.begin(&field{name: m[1], line: b.number, typ: &t, at: b.number})
		r.current.mark(m[3], b.number)
		return true
	}
	if r.current != nil && (r.level == 0 || b.kind != item || b.level > r.level) {
		return false // it is about the field above
	}
	if m := itemField.FindStringSubmatch(b.text); m != nil && b.kind == item {
		if t, ok := parseCellType(m[2]); ok && t.ref == "" {
			r.begin(&field{name: m[1], line: b.number, typ: &t, at: b.number})
			r.level = max(b.level, 1)
			r.current.mark(m[3], b.number)
			r.said(b.number, m[4])
			return true
		}
	}
	m := listItem.FindStringSubmatch(b.text)
	if m == nil {
		return false
	}
	f := newField(m[1], b.number)
	_, known := f.facts.Get(claim.Required)
	for word := range strings.SplitSeq(m[2]+","+m[3]+","+m[4], ",") {
		word = strings.TrimSpace(word)
		t, ok := parseCellType(word)
		switch {
		case f.mark(word, b.number):
			known = true
		case ok && f.typ == nil && (t.ref == "" || b.kind == item):
			f.typ, f.at, known = &t, b.number, true
		}
	}
	if !known {
		return false
	}
	r.begin(f)
	r.level = max(b.level, 1)
	r.said(b.number, m[5])
	return true
}

// said reads a description that is on the line of its field.
func (r *fieldReader) said(number int, text string) {
	if text == "" {
		return
	}
	for _, note := range r.current.describe([]line{{number, text}}) {
		r.r.note(number, r.current.name+": "+note, "")
	}
}

// fieldKey is a name among the fields of one place.
type fieldKey struct{ place, name string }

// isNew reports whether a field is the first of that name in a place of an operation. A second one
// of another type is noted.
func (r *reader) isNew(place, name string, f *field) bool {
	key := fieldKey{place, name}
	first := r.known[key]
	if first == nil {
		r.known[key] = f
		return true
	}
	if first.typeText() != f.typeText() {
		r.note(f.line, fmt.Sprintf("%s:%.80s is named twice: with %s on line %d, with %s here", place, name, first.typeText(), first.line, f.typeText()), "the first one is kept")
	}
	return false
}

// unheaded reads what is below Request and above any heading. Usually that is the sentence that
// there are no parameters.
func (r *reader) unheaded(s section) {
	var rest []block
	for i := range s.blocks {
		if s.blocks[i].kind == code {
			r.codeBlock(&s.blocks[i], "")
			continue
		}
		rest = append(rest, s.blocks[i])
	}
	for _, f := range r.fieldsOf(rest, false, false).fields {
		r.note(f.line, fmt.Sprintf("the field %.80s is below Request and below no heading", f.name),
			"left out; put it below Query parameters, Path parameters, Header parameters or Request body")
	}
}

// parameters reads the parameters of one place; where it is empty, each says its own.
func (r *reader) parameters(in string, s section) {
	list := r.fieldsOf(s.blocks, in == "header", false)
	for _, f := range list.fields {
		place := in
		if place == "" {
			place = r.placeOf(f)
		}
		r.parameter(place, f, s.start.number)
	}
	for i := range s.blocks {
		if s.blocks[i].kind == code {
			r.codeBlock(&s.blocks[i], "")
		}
	}
	if len(list.fields) == 0 && len(list.intro) > 0 {
		r.lost(list.intro)
	}
}

// lost notes text in a list of fields that has no field in it, unless it says that there is none.
func (r *reader) lost(intro []block) {
	for i := range intro {
		if text := intro[i].text; !strings.ContainsAny(text, " ") || intro[i].kind == item {
			r.note(intro[i].number, fmt.Sprintf("%.60q looks like a field and is not understood", text), "write its name and its type on lines of their own")
			return
		}
	}
}

// placeOf returns where a parameter is sent that is below the heading Parameters: its column says
// so, or the path has its name, or the method sends nothing but a query.
func (r *reader) placeOf(f *field) string {
	for _, in := range []string{"query", "path", "header", "cookie", "body", "form"} {
		if strings.Contains(f.in, in) {
			return in
		}
	}
	switch {
	case strings.Contains(f.in, "url"):
		return "query"
	case strings.Contains(r.op.Path, "{"+f.name+"}"):
		return "path"
	case r.op.Method == "POST" || r.op.Method == "PUT" || r.op.Method == "PATCH":
		return "body"
	}
	return "query"
}

// parameter adds one parameter.
func (r *reader) parameter(in string, f *field, heading int) {
	if in == "body" || in == "form" {
		r.member("body", &r.bodyMedia(heading).Schema, f, heading)
		return
	}
	if in != "header" {
		if bare, inner, ok := strings.Cut(f.name, "[]"); ok {
			if inner != "" {
				r.note(f.line, fmt.Sprintf("%.80s is a member of what a %s parameter holds, and cannot be sent alone", f.name, in), "left out")
				return
			}
			f.name = bare
			if f.jsonType() != "array" {
				f.asItems()
			}
		}
	}
	if f.name != "" && r.isNew(in, f.name, f) && !r.addHeader(in, f) {
		r.op.Params = append(r.op.Params, f.param(in))
	}
}

// asItems makes a field an array of what it was: its name ends with [].
func (f *field) asItems() {
	items := f.typ
	f.typ = &typeName{json: "array", items: items}
	if f.at == 0 {
		f.at = f.line
	}
	var kept claim.Facts
	for _, fact := range f.facts {
		if fact.Name == claim.Enum {
			f.items = append(f.items, fact)
		} else {
			kept = append(kept, fact)
		}
	}
	f.facts = kept
}

// addHeader takes care of the headers that are not parameters, as OpenAPI has it too: Content-Type
// is the media type of the body, Accept the choice among those of the answer, Authorization a
// matter of security.
func (r *reader) addHeader(in string, f *field) bool {
	if in != "header" {
		return false
	}
	switch strings.ToLower(f.name) {
	case "content-type":
		if said, ok := f.facts.Get(claim.Default); ok && r.sends() {
			if name := bareMedia(jsonText(said)); name != "" {
				if media := r.bodyMedia(said.Line); media.Type == "" {
					media.Type = name
				}
			}
		} else if r.sends() {
			r.bodyMedia(f.line)
		}
		if !r.sends() {
			r.note(f.line, "the header "+f.name+", and the operation sends no body", "left out")
		}
		return true
	case "accept", "authorization":
		return true
	}
	return false
}

// sends reports whether the operation can have a body.
func (r *reader) sends() bool { return r.op.Method != "GET" && r.op.Method != "HEAD" }

// bodyMedia returns the first media type of the body, added if there is none.
func (r *reader) bodyMedia(number int) *claim.Media {
	if r.op.Body == nil {
		r.op.Body = &claim.Body{Line: number}
	}
	if len(r.op.Body.Content) == 0 {
		r.op.Body.Content = []*claim.Media{{Line: number}}
	}
	return r.op.Body.Content[0]
}

// maxBodyMedia is in how many media types a body can be sent. Nobody has more than three.
const maxBodyMedia = 50

// body reads a request body: its media types are on the heading or on the first line below it.
func (r *reader) body(s section) {
	types, rest, number := bodyTypes(s.start.text), s.blocks, s.start.number
	if len(types) == 0 {
		if types, rest = leadingTypes(rest); len(types) > 0 {
			number = s.blocks[0].number
		}
	}
	if len(types) == 0 {
		types = []string{""}
	}
	if r.op.Body == nil {
		r.op.Body = &claim.Body{Line: s.start.number}
	}
	if len(r.op.Body.Content) > maxBodyMedia {
		r.note(s.start.number, fmt.Sprintf("a body in more than %d media types", maxBodyMedia), "the others are left out")
		return
	}
	for i, name := range types {
		media := mediaOf(&r.op.Body.Content, name, number)
		intro := r.bodySchema(strings.TrimSpace("body "+name), rest, &media.Schema, s.start.number)
		if i == 0 {
			describe(&r.op.Body.Facts, intro)
		}
	}
}

// bodyTypes returns the media types that are on the heading of a body.
func bodyTypes(heading string) []string {
	if after, ok := cutPrefixFold(heading, "request body"); ok {
		heading = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(after), "schema"))
	}
	return mediaTypes(strings.Trim(heading, " :()"))
}

// mediaOf returns the media of that type, or the one that has no type yet, or a new one.
func mediaOf(content *[]*claim.Media, name string, number int) *claim.Media {
	for _, media := range *content {
		if media.Type == name || media.Type == "" || name == "" {
			if media.Type == "" {
				media.Type = name
			}
			return media
		}
	}
	media := &claim.Media{Type: name, Line: number}
	*content = append(*content, media)
	return media
}

// bodySchema reads what is said about a body and returns the text before that.
func (r *reader) bodySchema(where string, blocks []block, to *claim.Schema, number int) (intro []block) {
	blocks = r.withoutSamples(blocks, to)
	list := r.fieldsOf(blocks, false, true)
	if list.whole != nil && r.isNew(where, "(type)", list.whole) {
		list.whole.schema(to)
	}
	for _, f := range list.fields {
		r.member(where, to, f, number)
	}
	return list.intro
}

// member adds a member to a body.
func (r *reader) member(where string, to *claim.Schema, f *field, number int) {
	tree := r.trees[to]
	if tree == nil {
		tree = newFieldTree(to, number)
		r.trees[to] = tree
	}
	name := f.name
	if f.jsonType() == "array" {
		name = strings.TrimSuffix(name, "[]") // an array is called both ways
	}
	if r.isNew(where, name, f) && !tree.add(f) {
		r.note(f.line, fmt.Sprintf("%.80s is not a name of a field: parts between dots must not be empty, and there can be 50 at most", f.name), "left out")
	}
}
