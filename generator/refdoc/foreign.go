package refdoc

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// Formats that are not read are named, with what can be done instead.

// foreignText has the formats that are known from their first bytes or lines.
var foreignText = []struct {
	begins   *regexp.Regexp
	what, do string
}{
	{regexp.MustCompile(`^bplist00`), "a web archive of Safari", "save the page as its source (HTML), or copy its text into a file"},
	{regexp.MustCompile(`(?is)^(?:From: <Saved by|MIME-Version:|Content-Type: multipart/related)`), "a web archive (MHTML)", "save the page as HTML: Web page, HTML only"},
	{regexp.MustCompile(`^#%RAML`), "RAML", "convert it to OpenAPI, for instance with the converter of the RAML workgroup, and give that with --spec"},
	{regexp.MustCompile(`(?s)^(?:<\?xml.*?\?>)?\s*(?:<!--.*?-->\s*)*<(?:\w+:)?application\b[^>]*wadl`), "WADL", "convert it to OpenAPI, and give that with --spec"},
	{regexp.MustCompile(`(?s)^(?:<\?xml.*?\?>)?\s*(?:<!--.*?-->\s*)*<(?:\w+:)?definitions\b[^>]*wsdl`), "WSDL", "auditgen generates clients of REST APIs only"},
	{regexp.MustCompile(`(?m)^FORMAT: *1A`), "API Blueprint", "convert it to OpenAPI, and give that with --spec"},
	{regexp.MustCompile(`(?m)^opencollection: `), "OpenCollection", "export the collection as Postman v2.1, which Bruno offers, and give that"},
	{regexp.MustCompile(`(?m)^asyncapi: `), "AsyncAPI", "auditgen generates clients of REST APIs only"},
	{regexp.MustCompile(`(?ms)\Ameta \{.*^(?:get|post|put|patch|delete) \{`), "a request of Bruno", "export the collection as Postman v2.1, and give that"},
}

// foreignKeys has the formats in JSON or YAML that are known from the keys at their top.
var foreignKeys = []struct {
	keys     []string
	what, do string
}{
	{[]string{"swaggerVersion"}, "Swagger 1.2", "convert it to Swagger 2.0 or OpenAPI 3, and give that with --spec"},
	{[]string{"opencollection"}, "OpenCollection", "export the collection as Postman v2.1, which Bruno offers, and give that"},
	{[]string{"requests", "order"}, "a Postman v1 collection", "import it into Postman, export it as v2.1, and give that"},
	{[]string{"requests", "folders"}, "a Postman v1 collection", "import it into Postman, export it as v2.1, and give that"},
	{[]string{"results", "collection_id"}, "the export of a run in Postman", "export the collection itself as v2.1, and give that"},
	{[]string{"results", "totalPass"}, "the export of a run in Postman", "export the collection itself as v2.1, and give that"},
	{[]string{"run", "executions"}, "the report of a run of Newman", "give the collection that was run"},
	{[]string{"run", "collection"}, "the report of a run of Newman", "give the collection that was run"},
	{[]string{"collections", "environments"}, "a dump of all data in Postman", "export one collection as v2.1, and give that"},
	{[]string{"_postman_variable_scope"}, "an environment of Postman", "export the collection as v2.1, and give that"},
	{[]string{"__export_format"}, "an export of Insomnia", "export it from Insomnia as HAR, or as OpenAPI if it is a design document"},
	{[]string{"asyncapi"}, "AsyncAPI", "auditgen generates clients of REST APIs only"},
	{[]string{"raml"}, "RAML", "convert it to OpenAPI, and give that with --spec"},
	{[]string{"__schema"}, "a schema of GraphQL", "auditgen generates clients of REST APIs only"},
}

// foreign returns the error about a document in a format that is not read, or nil.
func foreign(f source.File) error {
	head := bytes.TrimLeft(withoutMark(f.Data[:min(len(f.Data), 1<<14)]), " \t\r\n")
	for _, one := range foreignText {
		if one.begins.Match(head) {
			return isForeign(f, one.what, one.do)
		}
	}
	return nil
}

// foreignTree does the same for a document that is a tree.
func foreignTree(f source.File, n *source.Node) error {
	for _, one := range foreignKeys {
		all := true
		for _, key := range one.keys {
			all = all && n.Get(key) != nil
		}
		if all {
			return isForeign(f, one.what, one.do)
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
