package refdoc

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// numbered repeats a pattern with the numbers from 1.
func numbered(n int, pattern string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, pattern, i+1)
	}
	return b.String()
}

// insets are items, each set in deeper than the one above.
func insets(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat("  ", i) + "- a\n")
	}
	return b.String()
}

// Documents of some hundred kilobytes that would take minutes if anything were quadratic in them.
func TestAHostileDocumentTakesNoTime(t *testing.T) {
	if testing.Short() {
		t.Skip("many large documents, one goroutine: nothing for the race detector")
	}
	const n = 20_000
	item := `{"name": "x", "request": {"method": "GET", "url": {"raw": "{{u}}/a", "query": [{"key": "k%d", "value": "<string>"}]}}, "response": [{"code": 200, "header": [{"key": "Content-Type", "value": "text/x%[1]d"}], "body": "x"}]},`
	cases := []struct {
		name, input string
		kind        claim.Kind
	}{
		{"parameters", "GET\nx\nRequest\nQuery parameters\n" + numbered(n, "q%d\n\nstring\n") + "GET/x\n", claim.Page},
		{"names without types", "GET\nx\nRequest\nQuery parameters\n" + numbered(n, "q%d\n\n\n\n") + "GET/x\n", claim.Page},
		{"media types", "GET\nx\nResponses\n" + numbered(n, "text/x%d\n") + numbered(n, "f%d\nstring\n") + "GET/x\n", claim.Page},
		{"bodies", "PUT\nx\nRequest\n" + numbered(n, "Request bodytext/x%d\na\nstring\n") + "PUT/x\n", claim.Page},
		{"samples", "GET\nx\nGET/x\n" + numbered(n, "200Response\n{\"a%d\": 1}\n"), claim.Page},
		{"broken samples", "GET\nx\nGET/x\n" + strings.Repeat("200Response\n{\"a\n", n), claim.Page},
		{"operations", numbered(n, "GET\nx\nGET/x%d\n"), claim.Page},
		{"one operation again and again", strings.Repeat("GET\nx\nGET/x\n", n), claim.Page},
		{"bullets", "GET\nx\n" + strings.Repeat(" ", 1000) + numbered(n, "• x%d\n") + "GET/x\n", claim.Page},
		{"line numbers", "GET\nx\nGET/x\n200Response\n" + numbered(n, "%d ") + "{}\n", claim.Page},
		{"rows", "GET /x\nBody\n" + tableColumns + numbered(n, "a%d | String | No | |\n"), claim.Table},
		{"labels", "GET /x\nBody\n" + tableColumns + "a | String | No | " + numbered(n, "Default value: %d ") + " |\n", claim.Table},
		{"servers", "GET /x\nServers\n" + numbered(n, "- https://a%d.example\n"), claim.Table},
		{"deep names", "GET /x\nBody\n" + tableColumns + numbered(n, strings.Repeat("a.", 40)+"b%d | String | No | |\n"), claim.Table},
		{"items", "[" + strings.TrimSuffix(numbered(n, item), ",") + "]", claim.Postman},
		{"braces in a page", strings.Repeat("{\n\"request\": {\"method\":\n", n), claim.Reference},
		{"commands in a page", strings.Repeat("curl https://a.example/x/y\n\n", n) + strings.Repeat("{\"request\": {\"url\": \"{{u}}/z\"}}\n", n), claim.Reference},
		{"a long variable", `{"info": {}, "variable": [{"key": "v", "value": "` + strings.Repeat("v", n) + `"}], "item": [{"request": {"url": "` + strings.Repeat("{{v}}", n) + `"}}]}`, claim.Postman},
		{"tables in tables", "<html><h1>GET /x</h1>" + strings.Repeat("<table><tr><td><h2>a</h2>", n), claim.Page},
		{"tables in tables that end", "<html><h1>GET /x</h1>" + strings.Repeat("<table><td>a", n) + strings.Repeat("</table>", n), claim.Page},
		{"lists in lists", "<html><h1>GET /x</h1>" + strings.Repeat("<ul><li>a", n), claim.Page},
		{"tags that nothing ends", "<html><h1>GET /x</h1>" + strings.Repeat("<b><span", n), claim.Page},
		{"emphasis", "# GET /x\n\n## A\n\n" + strings.Repeat("*a_ ", n), claim.Page},
		{"links", "# GET /x\n\n## A\n\n" + strings.Repeat("[a](b*", n), claim.Page},
		{"quotations", "# GET /x\n\n## A\n\n" + strings.Repeat("> ", n) + "a\n", claim.Page},
		{"items in items", "# GET /x\n\n## A\n\n" + insets(1000), claim.Page},
		{"drawn tables", "# GET /x\n\n## A\n\n" + strings.Repeat("+---+---+\n| a | b |\n", n), claim.Page},
		{"braces in Markdown", "# GET /x\n\n## A\n\n" + strings.Repeat("[a]{.", n) + "\n", claim.Page},
		{"commands of one operation", "GET /x\nExample\n" + strings.Repeat("curl 'https://a.example/x?a=1'\n", n), claim.Page},
		{"a command that never ends", "GET /x\nExample\n" + strings.Repeat("curl 'https://a.example/x\n", n), claim.Page},
		{"heads of tables", "GET /x\nBody\n" + strings.Repeat("Name Type Required Description\n", n), claim.Page},
		{"names of columns", "GET /x\nBody\n" + strings.Repeat("Name\n\nType\n\n", n), claim.Page},
		{"names of columns in paragraphs", "# GET /x\n\n## Body\n\n" + strings.Repeat("Name\n\n", n) + strings.Repeat("Name\n\nType\n\nDescription\n\na\n\nString\n\n", n), claim.Page},
		{"rows that break off", "# GET /x\n\n## Body\n\n|Name|Type|Description|\n|---|---|---|\n" + strings.Repeat("| a |\n", n), claim.Page},
		{"calls", `{"log": {"entries": [` + strings.TrimSuffix(numbered(n, `{"request": {"method": "GET", "url": "https://a%[1]d.example/x%[1]d?a%[1]d=1"}, "response": {"status": 204}},`), ",") + `]}}`, claim.HAR},
		{"a wide sample", "{" + strings.TrimSuffix(numbered(n, `"a%d": 1,`), ",") + "}", claim.Sample},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			// What takes quadratic time runs into the time limit of go test.
			_, err := Parse(source.File{Name: "doc", Data: []byte(c.input)}, &claim.Source{Kind: c.kind})
			t.Logf("%d bytes, error %.100v", len(c.input), err)
		})
	}
}
