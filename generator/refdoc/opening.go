package refdoc

import (
	"regexp"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
)

// methods has the words for methods, as pages write them.
var methods = map[string]string{
	"GET": "GET", "POST": "POST", "PUT": "PUT", "PATCH": "PATCH", "DELETE": "DELETE", "DEL": "DELETE", "HEAD": "HEAD", "OPTIONS": "OPTIONS",
}

// methodOf returns the method that a word stands for, or "".
func methodOf(word string) string { return methods[word] }

// isMethod reports whether a text is a method alone.
func isMethod(text string) bool { return methods[text] != "" }

const methodWords = `GET|POST|PUT|PATCH|DELETE|DEL|HEAD|OPTIONS`

var (
	// pathLine is a method with a path or a URL, glued together or not, perhaps behind a label.
	pathLine = regexp.MustCompile(`^(?:(?i:endpoint|request|http request|url|api|call|route)\s*:?\s+)?(` + methodWords + `)[\s:]*` +
		`((?:https?://|//|\{\{[^{}]+\}\}|\{[A-Za-z][\w-]*\}/)?[^\s?#]*)(?:[?#]\S*)?(?:\s+HTTP/[\d.]+)?$`)
	// pathInside is the same inside of a heading.
	pathInside = regexp.MustCompile(`(?:^|[\s(:\[–—-])(` + methodWords + `)\s+((?:https?://[^\s/]+)?/[^\s?#)\]]*)`)
	// gluedPaths is a list of operations that were glued together.
	gluedPaths = regexp.MustCompile(`[^/\s](?:` + methodWords + `)/`)
	templates  = regexp.MustCompile(`^(?::([A-Za-z_][\w-]*)|<([A-Za-z_][\w -]*)>|\{\{\s*([\w-]+)\s*\}\}|\$\{?([A-Za-z_]\w*)\}?)$`)
)

// parsePathLine reads a method with a path.
func parsePathLine(text string) (method, path string, ok bool) {
	if len(text) > 1000 {
		return "", "", false
	}
	m := pathLine.FindStringSubmatch(text)
	if m == nil || gluedPaths.MatchString(m[2]) {
		return "", "", false
	}
	path = m[2]
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") {
		if path == "" || !strings.ContainsAny(path, "/") {
			return "", "", false
		}
		path = urlPath(path)
	}
	return methodOf(m[1]), cleanTarget(path), true
}

// urlPath returns the path of a URL whose host may be a variable.
func urlPath(url string) string {
	if strings.HasPrefix(url, "{") {
		_, rest, _ := strings.Cut(url, "/")
		return "/" + rest
	}
	_, path := claim.SplitServer(url)
	if path == "" {
		return "/"
	}
	return path
}

// cleanTarget writes the parameters of a path in braces, and drops a slash at its end.
func cleanTarget(path string) string {
	if len(path) > 1 {
		path = strings.TrimSuffix(path, "/")
	}
	if !strings.ContainsAny(path, ":<${") {
		return path
	}
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if m := templates.FindStringSubmatch(part); m != nil {
			parts[i] = "{" + strings.ReplaceAll(strings.Join(m[1:], ""), " ", "_") + "}"
		}
	}
	return strings.Join(parts, "/")
}

var titled = regexp.MustCompile(`^(` + methodWords + `)\s?(\p{Lu}[\p{Ll}\s].*)$`)

// gluedTitle reads a line with a method and the title of its operation.
func gluedTitle(b *block) (method, title string) {
	if !b.isText() || len(b.text) > 200 {
		return "", ""
	}
	m := titled.FindStringSubmatch(b.text)
	if m == nil {
		return "", ""
	}
	return methodOf(m[1]), m[2]
}

// isPathText reports whether a text is a method with a path.
func isPathText(text string) bool {
	_, _, ok := parsePathLine(text)
	return ok
}

// readOpening reads the line of an operation that has its method and path.
func readOpening(b *block) (o opening, ok bool) {
	switch {
	case b.kind == code:
		if len(b.code) > 1 && !strings.Contains(b.code[0].text, " HTTP/") {
			return o, false
		}
		o.method, o.target, ok = parsePathLine(oneLine(b.code[0].text))
	case b.isText():
		o.method, o.target, ok = parsePathLine(b.text)
		if !ok && b.kind == heading {
			if m := pathInside.FindStringSubmatch(b.text); m != nil {
				o.method, o.target, _ = parsePathLine(m[1] + " " + m[2])
				ok = o.target != ""
			}
		}
	}
	return o, ok
}

// titleBeside returns what a heading says beside method and path.
func (b *block) titleBeside() string {
	if b.kind != heading {
		return ""
	}
	at := pathInside.FindStringSubmatchIndex(b.text)
	if at == nil {
		return ""
	}
	return strings.Trim(b.text[:at[2]]+" "+b.text[at[1]:], " -–—:()[]")
}

var (
	badges    = regexp.MustCompile(`^(.*?[\p{Ll}\d)\]])\s*(Experimental|EXPERIMENTAL|Deprecated|DEPRECATED|Beta|BETA|Preview|PREVIEW)$`)
	badgeGlue = regexp.MustCompile(`^(Experimental|EXPERIMENTAL|Deprecated|DEPRECATED|BETA|PREVIEW)\s*(\p{Lu}.*)$`)
)

// cutBadge takes the badge off that is glued to a title, or beside it in capitals.
func cutBadge(title string) (text, badge string) {
	if m := badges.FindStringSubmatch(title); m != nil && (m[2] == strings.ToUpper(m[2]) || m[2] == "Experimental" || m[2] == "Deprecated" || strings.HasSuffix(title, m[1][len(m[1])-1:]+m[2])) {
		return strings.TrimSpace(m[1]), strings.ToLower(m[2])
	}
	if m := badgeGlue.FindStringSubmatch(title); m != nil && (m[1] == strings.ToUpper(m[1]) || !strings.HasPrefix(title, m[1]+" ")) {
		return m[2], strings.ToLower(m[1])
	}
	return title, ""
}

// badge states what a badge says.
func (r *reader) badge(word string, number int) {
	switch word {
	case "deprecated":
		r.op.Facts.Say(claim.Deprecated, true, number)
	case "experimental", "beta", "preview":
		r.op.Facts.Say(Experimental, true, number)
	}
}

var (
	urlLabel    = regexp.MustCompile(`^(?i:(?:request |api )?(?:url|endpoint|path|uri|route|resource))\s*:?\s*(/\S*|https?://\S+)$`)
	methodLabel = regexp.MustCompile(`^(?i:(?:http |request )?(?:method|verb))\s*:?\s*(` + methodWords + `)(?:\s*\((.+)\))?$`)
	gutter      = regexp.MustCompile(`^1(?: \d+)*$`)
)

// tidy joins a method and a path that are blocks of their own, and drops the line numbers beside a
// sample.
func tidy(blocks []block) []block {
	out := make([]block, 0, len(blocks))
	for i := 0; i < len(blocks); i++ {
		b := blocks[i]
		if !b.isText() {
			out = append(out, b)
			continue
		}
		if gutter.MatchString(b.text) && i+1 < len(blocks) && blocks[i+1].kind == code {
			continue
		}
		if i+1 < len(blocks) && blocks[i+1].isText() {
			if joined := joinLabels(&b, &blocks[i+1]); joined != nil {
				out = append(out, joined...)
				i++
				continue
			}
		}
		out = append(out, b)
	}
	return out
}

// joinLabels makes one line of a method and a path that are on two, with a label in front or not. A
// title in brackets behind the method goes above it.
func joinLabels(b, next *block) []block {
	if isMethod(b.text) && !isMethod(next.text) && strings.HasPrefix(next.text, "/") && isPathText("GET "+next.text) {
		b.text += " " + next.text
		return []block{*b}
	}
	url, method := urlLabel.FindStringSubmatch(b.text), methodLabel.FindStringSubmatch(next.text)
	if url == nil || method == nil {
		url, method = urlLabel.FindStringSubmatch(next.text), methodLabel.FindStringSubmatch(b.text)
	}
	if url == nil || method == nil {
		return nil
	}
	line := *b
	line.text, line.kind = method[1]+" "+url[1], paragraph
	if method[2] == "" {
		return []block{line}
	}
	title := *b
	title.text, title.kind, title.level = method[2], heading, max(b.level, 1)
	return []block{title, line}
}
