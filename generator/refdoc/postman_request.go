package refdoc

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// itemsOf returns the items of an array, and none for anything else.
func itemsOf(n *source.Node) []*source.Node {
	if n == nil {
		return nil
	}
	return n.Items
}

// firstString returns the text of the first node that is a string and not empty.
func firstString(nodes ...*source.Node) string {
	for _, n := range nodes {
		if n.Str() != "" {
			return n.Str()
		}
	}
	return ""
}

// sayString states a fact that is a string, if there is one.
func sayString(to *claim.Facts, name claim.Name, n *source.Node) {
	if text := strings.TrimSpace(n.Str()); text != "" {
		to.Say(name, text, n.Line)
	}
}

// sayDescription states a description, which is a string or an object that holds one.
func sayDescription(to *claim.Facts, n *source.Node) bool {
	n = contentOf(n)
	sayString(to, claim.Description, n)
	return strings.TrimSpace(n.Str()) != ""
}

// entry is a parameter, header or form field of a collection.
type entry struct {
	key   string
	value *source.Node // nil if there is none
	node  *source.Node
	line  int
}

// entriesOf reads a list of keys and values.
func entriesOf(list *source.Node) []entry {
	var out []entry
	for _, n := range itemsOf(list) {
		if key := firstString(n.Get("key"), n.Get("id")); key != "" {
			out = append(out, entry{key: key, value: n.Get("value"), node: n, line: n.Line})
		}
	}
	return out
}

// headersOf reads headers: a list, or, as v2.0 allows, the lines of a message.
func headersOf(n *source.Node) []entry {
	if n == nil || n.Kind != source.String {
		return entriesOf(n)
	}
	var out []entry
	for text := range strings.Lines(n.Text) {
		if key, value, ok := strings.Cut(text, ":"); ok && strings.TrimSpace(key) != "" {
			out = append(out, entry{key: strings.TrimSpace(key), value: source.StringNode(strings.TrimSpace(value), n.Line), node: &source.Node{}, line: n.Line})
		}
	}
	return out
}

// params reads the parameters of a request.
func (c *collection) params(op *claim.Operation, target, request *source.Node) {
	c.addParams(op, "path", entriesOf(target.Get("variable")))
	query := entriesOf(target.Get("query"))
	if raw := firstString(target, target.Get("raw")); len(query) == 0 && strings.Contains(raw, "?") {
		query = rawQuery(raw, target.Line)
	}
	c.addParams(op, "query", query)
	var headers []entry
	for _, h := range headersOf(request.Get("header")) {
		switch strings.ToLower(h.key) {
		case "content-type", "accept", "authorization": // media types and security, and no parameters
		default:
			headers = append(headers, h)
		}
	}
	c.addParams(op, "header", headers)
}

// rawQuery reads the query of a URL that is given as text only.
func rawQuery(raw string, line int) []entry {
	_, query, _ := strings.Cut(raw, "?")
	query, _, _ = strings.Cut(query, "#")
	var out []entry
	for pair := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(pair, "=")
		if key != "" {
			out = append(out, entry{key: key, value: source.StringNode(value, line), node: &source.Node{}, line: line})
		}
	}
	return out
}

// addParams reads the parameters of one place.
func (c *collection) addParams(op *claim.Operation, in string, entries []entry) {
	known := map[string]*claim.Param{}
	for _, e := range entries {
		param := &claim.Param{In: in, Name: e.key, Line: e.line}
		c.entryFacts(&param.Facts, &param.Schema, e)
		first := known[e.key]
		if first == nil {
			known[e.key] = param
			op.Params = append(op.Params, param)
			continue
		}
		c.repeated(op, first, param)
	}
}

// repeated takes a key that comes a second time as an array, if its types agree.
func (c *collection) repeated(op *claim.Operation, first, again *claim.Param) {
	items := &first.Schema
	if first.Schema.Items != nil {
		items = first.Schema.Items
	}
	one, two := typeOf(items), typeOf(&again.Schema)
	if one != two && one != "" && two != "" {
		c.note(again.Line, address(op)+" "+first.In+":"+first.Name,
			fmt.Sprintf("named twice: with %s on line %d, with %s here", one, first.Line, two), "the first one is kept")
		return
	}
	if first.Schema.Items == nil && first.In == "query" {
		item := first.Schema
		first.Schema = claim.Schema{Line: item.Line, Items: &item}
		first.Schema.Facts.Show(claim.Type, "array", again.Line)
	}
}

func typeOf(s *claim.Schema) string {
	f, ok := s.Facts.Get(claim.Type)
	if !ok {
		return ""
	}
	return f.Text()
}

var (
	requiredPrefix = regexp.MustCompile(`^\(Required\)\s*`)
	oneOfSuffix    = regexp.MustCompile(`\s*\(This can only be one of ([^()]+)\)\s*$`)
)

// entryFacts reads what an entry says about its value and about its being there.
func (c *collection) entryFacts(to *claim.Facts, schema *claim.Schema, e entry) {
	line := e.line
	schema.Line = line
	text, at := "", e.node.Line
	if d := contentOf(e.node.Get("description")); d != nil {
		text, at = d.Str(), d.Line
	}
	if rest := requiredPrefix.ReplaceAllString(text, ""); rest != text {
		to.Say(claim.Required, true, at)
		text = rest
	} else if e.node.Get("disabled").IsTrue() {
		to.Show(claim.Required, false, line)
	}
	c.valueFacts(schema, e.value, line)
	if m := oneOfSuffix.FindStringSubmatch(text); m != nil {
		if values := enumValues(m[1], typeOf(schema), at); values != nil {
			schema.Facts.Say(claim.Enum, values, at)
			text = strings.TrimSuffix(text, m[0])
		}
	}
	if text = strings.TrimSpace(text); text != "" {
		to.Say(claim.Description, text, at)
	}
	if len(schema.Facts) == 0 && schema.Items == nil {
		to.Show(claim.Presence, true, line)
	}
}

// contentOf returns the text of a description, which may be in an object.
func contentOf(description *source.Node) *source.Node {
	if content := description.Get("content"); content != nil {
		return content
	}
	return description
}

// maxDefaultDigits is how long a number can be and still be a default. What is longer is an id or a
// moment.
const maxDefaultDigits = 9

// valueFacts reads what a value says about a parameter.
func (c *collection) valueFacts(schema *claim.Schema, value *source.Node, line int) {
	if value == nil || value.Kind == source.Null {
		return
	}
	text := decoded(value.Text)
	if value.Line > 0 {
		line = value.Line
	}
	if p, ok := parsePlaceholder(text); ok {
		p.say(schema, line)
		c.samples.filler = true
		return
	}
	if text == "" || isTemplate(text) || mark.MatchString(text) || value.Kind > source.String {
		return
	}
	jsonType := jsonTypes[kindOf(text)]
	schema.Facts.Show(claim.Type, jsonType, line)
	switch {
	case jsonType == "string" && !isLorem(text):
		schema.Facts.Show(claim.Example, source.StringNode(text, line), line)
	case jsonType != "string" && len(text) <= maxDefaultDigits:
		schema.Facts.Say(claim.Default, typedValue(text, jsonType, line), line)
	}
}

// decoded returns what a value in a URL stands for. A text that is not an encoding stays as it is.
func decoded(text string) string {
	if !strings.Contains(text, "%") {
		return text
	}
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

// body reads the body of a request.
func (c *collection) body(op *claim.Operation, request *source.Node) {
	body := request.Get("body")
	if body == nil || body.Kind != source.Object || body.Get("disabled").IsTrue() {
		return
	}
	made := &claim.Body{Line: body.Line}
	switch body.Get("mode").Str() {
	case "raw":
		raw := body.Get("raw")
		if strings.TrimSpace(raw.Str()) == "" {
			return
		}
		name := rawMedia(request, body)
		media := c.media.named(&made.Content, name, raw.Line)
		c.sample(&media.Schema, raw.Text, name, raw.Line)
	case "urlencoded":
		c.form(made, "application/x-www-form-urlencoded", body.Get("urlencoded"))
	case "formdata":
		c.form(made, "multipart/form-data", body.Get("formdata"))
	case "file":
		media := c.media.named(&made.Content, "application/octet-stream", made.Line)
		media.Schema.Facts.Say(claim.Type, "string", made.Line)
		media.Schema.Facts.Say(claim.Format, "binary", made.Line)
	case "graphql":
		c.media.named(&made.Content, "application/json", made.Line)
	default:
		return
	}
	op.Body = made
}

// rawMedia returns the media type of a body: its header says it, or the language it is shown in.
func rawMedia(request, body *source.Node) string {
	for _, h := range headersOf(request.Get("header")) {
		if strings.EqualFold(h.key, "Content-Type") {
			return bareMedia(h.value.Str())
		}
	}
	switch body.Get("options").Get("raw").Get("language").Str() {
	case "json":
		return "application/json"
	case "xml":
		return "application/xml"
	case "text":
		return "text/plain"
	}
	return ""
}

// bareMedia drops the parameters of a media type, such as its charset.
func bareMedia(text string) string {
	name, _, _ := strings.Cut(text, ";")
	name = strings.ToLower(strings.TrimSpace(name))
	if !mediaType.MatchString(name) {
		return ""
	}
	return name
}

// form reads the fields of a form.
func (c *collection) form(body *claim.Body, name string, list *source.Node) {
	schema := &c.media.named(&body.Content, name, body.Line).Schema
	schema.Facts.Say(claim.Type, "object", body.Line)
	known := map[string]bool{}
	for _, e := range entriesOf(list) {
		if known[e.key] {
			continue
		}
		known[e.key] = true
		m := &claim.Member{Name: e.key, Schema: claim.Schema{Line: e.line}}
		if e.node.Get("type").Str() == "file" {
			e.value = nil
			m.Schema.Facts.Say(claim.Type, "string", e.line)
			m.Schema.Facts.Say(claim.Format, "binary", e.line)
		}
		c.entryFacts(&m.Schema.Facts, &m.Schema, e)
		schema.Members = append(schema.Members, m)
	}
}

// unknown stands for a variable outside of all strings of a body: nobody knows the type of its
// value.
const unknown = "\x00"

// quoteVariables puts a string in the place of each variable that is outside of all strings.
func quoteVariables(text string) string {
	var b strings.Builder
	inString := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case inString && c == '\\' && i+1 < len(text):
			b.WriteByte(c)
			i++
		case c == '"':
			inString = !inString
		case !inString && strings.HasPrefix(text[i:], "{{"):
			if end := strings.Index(text[i:min(len(text), i+100)], "}}"); end > 0 {
				b.WriteString(`"\u0000"`)
				i += end + 1
				continue
			}
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// sample keeps a body, if it is JSON. All of its lines are the one of the string.
func (c *collection) sample(to *claim.Schema, text, name string, line int) {
	text = strings.TrimSpace(text)
	if name != "" && !isJSON(name) || text == "" || !strings.Contains("{[", text[:1]) {
		return
	}
	n, size, err := readValue(c.file, text)
	if err != nil && strings.Contains(text, "{{") {
		text = quoteVariables(text)
		n, size, err = readValue(c.file, text)
	}
	if err != nil || strings.TrimSpace(text[size:]) != "" {
		return // Postman fills in variables, and comments are allowed: not an error
	}
	setLines(n, func(int) int { return line })
	c.samples.keep(to, n)
}
