package refdoc

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// Formats that are not read are named, with what can be done instead.

// foreignFormats are known from their first bytes or lines, or, in JSON, from the keys at their
// top: all that are listed between two commas.
var foreignFormats = []struct {
	what, do, keys string
	begins         *regexp.Regexp
}{
	{"a web archive of Safari", "save the page as its source (HTML), or copy its text into a file", "", regexp.MustCompile(`^bplist00`)},
	{"a web archive (MHTML)", "save the page as HTML: Web page, HTML only", "",
		regexp.MustCompile(`(?is)^(?:From: <Saved by|MIME-Version:|Content-Type: multipart/related)`)},
	{"WADL", toOpenAPI, "", regexp.MustCompile(`(?s)^(?:<\?xml.*?\?>)?\s*(?:<!--.*?-->\s*)*<(?:\w+:)?application\b[^>]*wadl`)},
	{"WSDL", onlyREST, "", regexp.MustCompile(`(?s)^(?:<\?xml.*?\?>)?\s*(?:<!--.*?-->\s*)*<(?:\w+:)?definitions\b[^>]*wsdl`)},
	{"API Blueprint", toOpenAPI, "", regexp.MustCompile(`(?m)^FORMAT: *1A`)},
	{"Swagger 1.2", "convert it to Swagger 2.0 or OpenAPI 3, and give that with --spec", "swaggerVersion", nil},
	{"OpenCollection", "export the collection as Postman v2.1, which Bruno offers, and give that", "opencollection", regexp.MustCompile(`(?m)^opencollection: `)},
	{"a request of Bruno", "export the collection as Postman v2.1, and give that", "", regexp.MustCompile(`(?ms)\Ameta \{.*^(?:get|post|put|patch|delete) \{`)},
	{"a Postman v1 collection", "import it into Postman, export it as v2.1, and give that", "requests order,requests folders", nil},
	{"the export of a run in Postman", "export the collection itself as v2.1, and give that", "results collection_id,results totalPass", nil},
	{"the report of a run of Newman", "give the collection that was run", "run executions,run collection", nil},
	{"a dump of all data in Postman", "export one collection as v2.1, and give that", "collections environments", nil},
	{"an environment of Postman", "export the collection as v2.1, and give that", "_postman_variable_scope", nil},
	{"an export of Insomnia", "export it from Insomnia as HAR, or as OpenAPI if it is a design document", "__export_format", nil},
	{"AsyncAPI", onlyREST, "asyncapi", regexp.MustCompile(`(?m)^asyncapi: `)},
	{"RAML", "convert it to OpenAPI, for instance with the converter of the RAML workgroup, and give that with --spec", "raml", regexp.MustCompile(`^#%RAML`)},
	{"a schema of GraphQL", onlyREST, "__schema", nil},
}

const (
	toOpenAPI = "convert it to OpenAPI, and give that with --spec"
	onlyREST  = "auditgen generates clients of REST APIs only"
)

// foreign returns the error about a document in a format that is not read, or nil.
func foreign(f source.File) error {
	head := bytes.TrimLeft(withoutMark(f.Data[:min(len(f.Data), 1<<14)]), " \t\r\n")
	for _, one := range foreignFormats {
		if one.begins != nil && one.begins.Match(head) {
			return isForeign(f, one.what, one.do)
		}
	}
	return nil
}

// foreignTree does the same for a document that is a tree.
func foreignTree(f source.File, n *source.Node) error {
	for _, one := range foreignFormats {
		for keys := range strings.SplitSeq(one.keys, ",") {
			missing := func(key string) bool { return n.Get(key) == nil }
			if keys != "" && !slices.ContainsFunc(strings.Fields(keys), missing) {
				return isForeign(f, one.what, one.do)
			}
		}
	}
	return nil
}

func isForeign(f source.File, what, do string) error {
	return &source.Error{Pos: source.Position{File: f.Name}, What: "the document is " + what + ", which auditgen does not read", Do: do}
}

// looksLikeHTML reports whether a document begins like HTML.
func looksLikeHTML(data []byte) bool {
	head := bytes.TrimLeft(withoutMark(data[:min(len(data), 1<<12)]), " \t\r\n")
	for bytes.HasPrefix(head, []byte("<!--")) {
		_, rest, ok := bytes.Cut(head, []byte("-->"))
		if !ok {
			return true
		}
		head = bytes.TrimLeft(rest, " \t\r\n")
	}
	return htmlStart.Match(head)
}

var wholeHTML = regexp.MustCompile(`(?i)^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*-->\s*)?<(?:!doctype html|html|head|body)\b`)

var htmlStart = regexp.MustCompile(`(?i)^(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html|head|body|main|article|section|div|table|title|meta|h[1-6]|p|ul|ol|dl|header|nav|span|style|script|link|form|center)\b`)

// needsScripts reports whether a page has scripts and hardly any text.
func needsScripts(data []byte, blocks []block) bool {
	size := 0
	for _, l := range linesOf(blocks) {
		size += len(l.text)
	}
	return size < 400 && strings.Contains(strings.ToLower(string(data)), "<script")
}
