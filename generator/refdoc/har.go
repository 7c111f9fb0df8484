package refdoc

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// Recorded traffic is an HTTP archive (HAR), as browsers and proxies save it: requests with their
// answers. What it shows are operations with templated paths, names and types of parameters,
// statuses, and the shape of bodies. All of it is weak: it was seen, and nobody said it.
//
// A recording has passwords, sessions and other people's data in it. Values never leave this file:
// scrub replaces each value of a body by one that has its type only, before anything else sees it.
// There are no examples, no defaults and no headers, and messages quote nothing but hosts. Parts of
// a path that are not words are parameters, and so are members whose names are not names.
//
// The host with the most calls counts, or those that claim.Source.Hosts lists. What a page is built
// of (scripts, styles, pictures, HTML) does not count, nor do the questions of browsers (OPTIONS).

// recording reads one archive.
type recording struct {
	result
	seen   map[string]*recorded
	order  []*recorded
	failed []call // those answered with an error page
	media  contents
	shapes map[*claim.Media]*shape
	values map[string]bool // texts that name somebody or something, which may be in paths
}

// recorded is one operation and how often it was seen.
type recorded struct {
	op       *claim.Operation
	count    int
	path     []kinds // types of the path parameters
	query    []*recordedParam
	byName   map[string]*recordedParam
	sent     int
	statuses map[string]*recordedAnswer
	order    []*recordedAnswer
}

type recordedParam struct {
	name  string
	line  int
	kinds kinds
	list  bool
	count int
}

type recordedAnswer struct {
	resp  *claim.Response
	count int
}

// call is one entry of an archive.
type call struct {
	method, host string
	segments     []string
	query        string
	status       string
	line         int
	entry        *source.Node
}

// parseHAR reads an archive.
func parseHAR(f source.File, src *claim.Source) (*claim.Document, error) {
	if _, err := splitLines(f); err != nil {
		return nil, err
	}
	n, err := source.ParseTree(source.File{Name: jsonName(f.Name), Data: f.Data})
	if err != nil {
		return nil, unquotedError(err, f.Name)
	}
	r := &recording{result: newResult(f, src), seen: map[string]*recorded{}, media: contents{}, shapes: map[*claim.Media]*shape{}, values: map[string]bool{}}
	calls := r.calls(itemsOf(n.Get("log").Get("entries")))
	wanted := r.wantedHosts(calls, src.Hosts)
	other := func(c call) bool { return !wanted[c.host] }
	calls = slices.DeleteFunc(calls, other)
	for _, c := range calls {
		r.names(c)
	}
	for _, c := range calls {
		r.call(c)
	}
	for _, c := range slices.DeleteFunc(r.failed, other) {
		r.failure(c)
	}
	for media, s := range r.shapes {
		s.counted = true
		s.show(&media.Schema)
	}
	for _, op := range r.order {
		op.state()
		r.doc.Operations = append(r.doc.Operations, op.op)
	}
	return r.finish("no call of an API found: looked for requests that are answered with JSON, or with nothing",
		"record while the API is called, and save with content; --har-host selects the hosts that count")
}

// unquotedError removes what an error quotes from an archive: it may be a secret.
func unquotedError(err error, name string) error {
	e, _ := asError(err)
	line := 0
	if e != nil {
		line = e.Pos.Line
	}
	return &source.Error{Pos: at(name, line), What: "the recorded traffic is not JSON", Do: "check that it was saved whole", Err: err}
}

// isRecording reports whether a document begins like an archive.
func isRecording(data []byte) bool {
	head := data[:min(len(data), 4096)]
	return bytes.Contains(head, []byte(`"log"`)) && (bytes.Contains(head, []byte(`"creator"`)) || bytes.Contains(head, []byte(`"entries"`)))
}

// calls returns the entries that call an API.
func (r *recording) calls(entries []*source.Node) []call {
	var all []call
	left := map[string]int{}
	for _, e := range entries {
		c, why := readCall(e)
		if why != "" {
			if c.segments != nil && c.status >= "400" {
				r.failed = append(r.failed, c)
			}
			left[why]++
			continue
		}
		all = append(all, c)
	}
	for _, why := range slices.Sorted(maps.Keys(left)) {
		r.note(0, "", fmt.Sprintf("%d recorded requests do not count: %s", left[why], why), "left out")
	}
	return all
}

// partsOfPages matches media types of what a page is built of.
var partsOfPages = regexp.MustCompile(`(?i)^(?:text/html|text/css|image/|font/|audio/|video/|application/(?:javascript|x-javascript|ecmascript|wasm|font|x-font|manifest\+json|xhtml)|text/(?:javascript|ecmascript|event-stream))`)

// readCall reads one entry, or says why it does not count.
func readCall(e *source.Node) (c call, why string) {
	request, response := e.Get("request"), e.Get("response")
	target := request.Get("url").Str()
	u, err := url.Parse(target)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return c, "no URL of a server"
	}
	c = call{method: methodOf(strings.ToUpper(request.Get("method").Str())), host: strings.ToLower(u.Host), query: u.RawQuery, line: e.Line, entry: e}
	if c.method == "" || c.method == "OPTIONS" {
		return c, "a method that is no call"
	}
	if code := response.Get("status"); code != nil && len(code.Text) == 3 && code.Text[0] >= '1' && code.Text[0] <= '5' && isInteger(code.Text) {
		c.status = code.Text
	} else {
		return c, "no answer"
	}
	mime := response.Get("content").Get("mimeType").Str()
	c.segments = strings.Split(strings.Trim(u.EscapedPath(), "/"), "/")
	if len(c.segments) > 100 {
		c.segments = nil
		return c, "no URL of a server"
	}
	switch kind := e.Get("_resourceType").Str(); {
	case kind != "" && kind != "xhr" && kind != "fetch" && kind != "other" && kind != "preflight":
		return c, "a part of a page"
	case partsOfPages.MatchString(mime):
		return c, "a part of a page"
	}
	return c, ""
}

// wantedHosts returns the hosts that count, and notes the others.
func (r *recording) wantedHosts(calls []call, hosts []string) map[string]bool {
	count := map[string]int{}
	for _, c := range calls {
		count[c.host]++
	}
	names := slices.SortedFunc(maps.Keys(count), func(a, b string) int { return cmp.Or(count[b]-count[a], strings.Compare(a, b)) })
	wanted := map[string]bool{}
	for _, name := range names {
		bare, _, _ := strings.Cut(name, ":")
		if slices.ContainsFunc(hosts, func(h string) bool { return strings.EqualFold(h, name) || strings.EqualFold(h, bare) }) {
			wanted[name] = true
		}
	}
	if len(hosts) == 0 && len(names) > 0 {
		wanted[names[0]] = true
	}
	for _, name := range names {
		if !wanted[name] {
			r.note(0, "", fmt.Sprintf("%d recorded calls of the host %.100q do not count", count[name], name), "left out; select hosts with --har-host")
		}
	}
	return wanted
}

// identity matches names of members whose values name somebody or something.
var identity = regexp.MustCompile(`(?i)(?:id|key|name|login|slug|e?mail|user|account|owner)$`)

// names remembers the texts in the bodies of a call that may be parts of other paths.
func (r *recording) names(c call) {
	var walk func(key string, n *source.Node)
	walk = func(key string, n *source.Node) {
		if n.Kind == source.String && identity.MatchString(key) && len(r.values) < 1<<16 {
			r.values[n.Text] = true
		}
		for _, one := range n.Items {
			walk(key, one)
		}
		for _, m := range n.Members {
			walk(m.Key, m.Value)
		}
	}
	for _, n := range []*source.Node{bodyOf(c.entry.Get("request").Get("postData")), bodyOf(c.entry.Get("response").Get("content"))} {
		if n != nil {
			walk("", n)
		}
	}
}

// bodyOf returns the JSON of a body, or nil.
func bodyOf(content *source.Node) *source.Node {
	text := content.Get("text").Str()
	if content.Get("encoding").Str() == "base64" {
		data, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
		if err != nil {
			return nil
		}
		text = string(data)
	}
	text = strings.TrimSpace(text)
	if text == "" || !strings.Contains("{[", text[:1]) {
		return nil
	}
	n, err := source.ParseTree(source.File{Name: "body.json", Data: []byte(text)})
	if err != nil {
		return nil
	}
	return n
}

// call adds one call.
func (r *recording) call(c call) {
	path, kinds := template(c.segments, r.values)
	key := c.method + " " + path
	rec := r.seen[key]
	if rec == nil {
		rec = &recorded{op: &claim.Operation{Method: c.method, Path: path, Line: c.line}, path: kinds, byName: map[string]*recordedParam{},
			statuses: map[string]*recordedAnswer{}}
		r.seen[key] = rec
		r.order = append(r.order, rec)
	}
	rec.count++
	for i := range kinds {
		rec.path[i] |= kinds[i]
	}
	rec.addQuery(c)
	r.addBody(rec, c.entry.Get("request").Get("postData"), c.line)
	if c.status != "304" { // the browser has the answer already
		r.addAnswer(rec, c)
	}
}

// failure adds a call that was answered with an error page, if the operation is known otherwise.
func (r *recording) failure(c call) {
	path, _ := template(c.segments, r.values)
	if rec := r.seen[c.method+" "+path]; rec != nil {
		rec.count++
		r.addAnswer(rec, c)
	}
}

// addQuery adds the query of a call.
func (rec *recorded) addQuery(c call) {
	here := map[string]int{}
	for pair := range strings.SplitSeq(c.query, "&") {
		key, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(key)
		if err != nil || !fieldName.MatchString(name) || isID(name) || len(rec.query) > 200 {
			continue
		}
		if plain, err := url.QueryUnescape(value); err == nil {
			value = plain
		}
		p := rec.byName[name]
		if p == nil {
			p = &recordedParam{name: name, line: c.line}
			rec.byName[name] = p
			rec.query = append(rec.query, p)
		}
		here[name]++
		if here[name] == 1 {
			p.count++
		}
		p.list = p.list || here[name] > 1 || strings.HasSuffix(name, "[]")
		p.kinds |= kindOf(value)
	}
}

// typeOfKinds returns the type that texts in URLs have: a string, unless all look like another one.
func typeOfKinds(k kinds) string {
	switch k {
	case sawInteger, sawNumber, sawBoolean:
		return jsonTypes[k]
	case sawInteger | sawNumber:
		return "number"
	}
	return "string"
}

// addBody adds what a call sends.
func (r *recording) addBody(rec *recorded, post *source.Node, number int) {
	mime := bareMedia(post.Get("mimeType").Str())
	if post == nil || strings.TrimSpace(post.Get("text").Str()) == "" && len(itemsOf(post.Get("params"))) == 0 {
		return
	}
	rec.sent++
	if rec.op.Body == nil {
		rec.op.Body = &claim.Body{Line: number}
	}
	media := r.media.named(&rec.op.Body.Content, mime, number)
	if n := bodyOf(post); n != nil && (mime == "" || isJSON(mime)) {
		r.addShape(media, n, number)
	} else if form := formOf(post, mime); form != nil {
		r.addShape(media, form, number)
	}
}

// formOf returns the names of a form as an object.
func formOf(post *source.Node, mime string) *source.Node {
	if mime != "application/x-www-form-urlencoded" && mime != "multipart/form-data" {
		return nil
	}
	form := &source.Node{Kind: source.Object}
	for _, p := range itemsOf(post.Get("params")) {
		name := p.Get("name").Str()
		if fieldName.MatchString(name) && form.Get(name) == nil && len(form.Members) < 200 {
			form.Members = append(form.Members, source.Member{Key: name, Value: source.StringNode("", 0)})
		}
	}
	if len(form.Members) == 0 {
		return nil
	}
	return form
}

// addAnswer adds an answer.
func (r *recording) addAnswer(rec *recorded, c call) {
	a := rec.statuses[c.status]
	if a == nil {
		a = &recordedAnswer{resp: &claim.Response{Status: c.status, Line: c.line}}
		rec.statuses[c.status] = a
		rec.order = append(rec.order, a)
	}
	a.count++
	content := c.entry.Get("response").Get("content")
	mime := bareMedia(content.Get("mimeType").Str())
	if mime == "" || content.Get("text").Str() == "" && content.Get("size") != nil && content.Get("size").Text == "0" {
		return
	}
	media := r.media.named(&a.resp.Content, mime, c.line)
	if n := bodyOf(content); n != nil && isJSON(mime) {
		r.addShape(media, n, c.line)
	}
}

// addShape adds the shape of a value to what was seen in a media type.
func (r *recording) addShape(media *claim.Media, n *source.Node, number int) {
	if r.shapes[media] == nil {
		r.shapes[media] = newShape(number)
	}
	r.shapes[media].add(scrub(n, number), false)
}

// scrub returns a value of the same shape without anything that was recorded in it.
func scrub(n *source.Node, number int) *source.Node {
	out := &source.Node{Kind: n.Kind, Line: number}
	switch n.Kind {
	case source.String:
		out.Text = "<string>"
	case source.Number:
		out.Text = "0"
		if !isInteger(n.Text) {
			out.Text = "0.5"
		}
	case source.Bool:
		out.Text = "false"
	}
	for _, one := range n.Items {
		out.Items = append(out.Items, scrub(one, number))
	}
	for _, m := range n.Members {
		key := m.Key
		if !fieldName.MatchString(key) || isID(key) {
			key = anyName
		}
		out.Members = append(out.Members, source.Member{Key: key, Line: number, Value: scrub(m.Value, number)})
	}
	return out
}

var (
	plainWord = regexp.MustCompile(`^(?:[A-Za-z][A-Za-z_.-]{0,39}|[A-Za-z]{1,20}\d{1,2}|[a-z]+(?:-[a-z]+)*-v\d)$`)
	version   = regexp.MustCompile(`^v?\d{1,2}(?:\.\d{1,2}){0,2}$`)
	digits    = regexp.MustCompile(`\d{3}`)
)

// isID reports whether a word is an id rather than a name.
func isID(word string) bool {
	return len(word) > 60 || digits.MatchString(word) || strings.ContainsAny(word, "@%= ") || strings.Count(word, "-") > 3 && strings.ContainsAny(word, "0123456789")
}

// template writes a path with parameters for all parts that are values or not words, and returns
// the types of these. Parts in braces stay.
func template(segments []string, values map[string]bool) (path string, kinds []kinds) {
	var b strings.Builder
	used := map[string]bool{}
	for i, s := range segments {
		if s == "" {
			continue
		}
		b.WriteByte('/')
		if s[0] == '{' || plainWord.MatchString(s) && !values[s] || isVersion(segments, i) {
			b.WriteString(s)
			continue
		}
		b.WriteString("{" + paramName(segments, i, used) + "}")
		k := sawString
		if isInteger(s) {
			k = sawInteger
		}
		kinds = append(kinds, k)
	}
	if b.Len() == 0 {
		return "/", nil
	}
	return b.String(), kinds
}

// isVersion reports whether a part of a path is a version: at its start, behind api, or behind rest
// and a name.
func isVersion(segments []string, i int) bool {
	if !version.MatchString(segments[i]) {
		return false
	}
	return segments[i][0] == 'v' || i == 0 || segments[i-1] == "api" || segments[i-1] == "rest" || i > 1 && segments[i-2] == "rest"
}

// paramName names the parameter after the word in front of it: books/7 is bookId.
func paramName(segments []string, i int, used map[string]bool) string {
	name := "id"
	if i > 0 && plainWord.MatchString(segments[i-1]) && !version.MatchString(segments[i-1]) {
		word := strings.NewReplacer("-", "_", ".", "_").Replace(segments[i-1])
		switch {
		case strings.HasSuffix(word, "ies") && len(word) > 4:
			word = word[:len(word)-3] + "y"
		case strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ss") && len(word) > 2:
			word = word[:len(word)-1]
		}
		name = word + "Id"
	}
	unique := name
	for n := 2; used[unique]; n++ {
		unique = fmt.Sprintf("%s%d", name, n)
	}
	used[unique] = true
	return unique
}

var pathParameter = regexp.MustCompile(`\{([^{}]+)\}`)

// state states what was seen.
func (rec *recorded) state() {
	op := rec.op
	op.Facts.Show(claim.Description, fmt.Sprintf("Seen in %d recorded %s.", rec.count, plural(rec.count, "request")), op.Line)
	for i, m := range pathParameter.FindAllStringSubmatch(op.Path, -1) {
		p := &claim.Param{In: "path", Name: m[1], Line: op.Line}
		p.Facts.Show(claim.Required, true, op.Line)
		p.Schema.Line = op.Line
		p.Schema.Facts.Show(claim.Type, typeOfKinds(rec.path[i]), op.Line)
		op.Params = append(op.Params, p)
	}
	for _, q := range rec.query {
		p := &claim.Param{In: "query", Name: q.name, Line: q.line}
		p.Facts.Show(claim.Required, false, q.line)
		p.Facts.Show(claim.Description, seenIn(q.count, rec.count, "request"), q.line)
		p.Schema.Line = q.line
		to := &p.Schema
		if q.list {
			to.Facts.Show(claim.Type, "array", q.line)
			to.Items = &claim.Schema{Line: q.line}
			to = to.Items
		}
		to.Facts.Show(claim.Type, typeOfKinds(q.kinds), q.line)
		op.Params = append(op.Params, p)
	}
	if op.Body != nil {
		op.Body.Facts.Show(claim.Description, seenIn(rec.sent, rec.count, "request"), op.Body.Line)
	}
	for _, a := range rec.order {
		a.resp.Facts.Show(claim.Description, seenIn(a.count, rec.count, "answer"), a.resp.Line)
		op.Responses = append(op.Responses, a.resp)
	}
}

func seenIn(n, of int, what string) string {
	return fmt.Sprintf("Seen in %d of %d recorded %s.", n, of, plural(of, what))
}

func plural(n int, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}
