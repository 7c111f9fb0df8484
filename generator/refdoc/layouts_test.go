package refdoc

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// Layouts of real pages, in our own words and as short as they can be.

func TestHTML(t *testing.T) {
	runCases(t, claim.Page, []formatCase{
		{"of a page that a browser saved", `<!DOCTYPE html><html><head><title>Kites</title><style>.GET{}</style><script>"GET /menu"</script></head><body>
<nav><a>GET</a><a>List kites</a></nav><h1>Kites</h1>
<div><div class="sc-1"><span>GET</span></div><h3>List kites<span>Experimental</span></h3><p>Lists <b>all</b> kites:</p><ul><li>red<ul><li>dark</li></ul></li><li>blue</li></ul>
<h4>Scopes</h4><code>read:kite:sky</code>, <code>read:wind:sky</code>
<h4>Request</h4><h5>Query parameters</h5>
<div><div><strong>wind</strong></div><div><p>string</p><p>Required</p></div><div><p>From where.</p></div></div>
<div><p><strong>limit</strong></p><p>array&lt;integer&gt;</p></div>
<h4>Responses</h4><div role="tablist"><div><span>200</span><span>OK</span></div><div><span>404</span><span>Not Found</span></div></div>
<p>Returned if there is wind.</p><h6>application/json</h6><p>object</p></div>
<div><span>GET</span><span>/kites</span></div><button>Copy</button>
<div><span>200</span><span>Response</span></div>
<code><span>1
</span><span>2
</span></code><pre><code>{<span>"height"</span>: <span>30.5</span>,
"name": "&lt;string&gt;"}</code></pre></body></html>`, `
GET /kites  summary=List kites  x-experimental=true  scopes=["read:kite:sky","read:wind:sky"]
    description
  query:wind  required=true  type=string
      description
  query:limit  type=array
    []  type=integer
  response "200"
      description
    media "application/json"  type=object
      .height  type~number
      .name  type~string
  response "404"
`},
		{"with a list of definitions and code in a table", `<html><body><h2>Store</h2><p><code>POST /kites</code></p><h3>Body</h3>
<dl><dt>name <span>string</span> <em>required</em></dt><dd>What it is.</dd><dt>tail <span>integer</span></dt></dl>
<table><tr><td><pre>1
2</pre></td><td><pre>curl -X POST \
  -d '{"cord": true}' https://a.example/kites</pre></td></tr></table>`, `
POST /kites  summary=Store
  body
    media ""  type~object
      .name  type=string  required=true
          description
      .tail  type=integer
      .cord  type~boolean  example
`},
	})
	runCases(t, claim.Table, []formatCase{
		{"with tables of fields", `<body><h1>PUT /kites/{id}</h1><h3>Path parameters</h3>
<table><tr><th>Name</th><th>Type</th><th>Required</th><th>Description</th></tr><tr><td><code>id</code></td><td>Integer</td><td>Yes</td><td></td></tr></table>
<h3>Request body fields</h3>
<table><tr><th>Name<th>Type<th>Required<th>Description<tr><td>cords[]<td>Array<td>No<td><p>Its cords.<tr><td>cords[].kind<td>String<td>Yes<td><p>Possible values:</p><p>"silk"</p><p>"hemp"</p></table>
<h3>Colours</h3><table><tr><th>Name</th><th>Type</th></tr><tr><td>red</td><td>String</td></tr></table></body>`, `
PUT /kites/{id}
  path:id  required=true  type=integer
  body
    media ""  type~object
      .cords  type=array  required=false
          description
        []  type~object
          .kind  type=string  required=true  enum=["silk","hemp"]
`},
	})
}

func TestMarkdown(t *testing.T) {
	runCases(t, claim.Table, []formatCase{
		{"that somebody wrote", "# Kites API\n\n## Calls\n\n### Get kites\n\n**GET** `/kites/{id}`\n\n**OAuth 2.0 Scopes**:\n- **Classic (RECOMMENDED)**: `read:kites`\n- **Granular**: `read:kite:sky`\n\n" +
			"#### Query Parameters\n\n| Parameter | Type | Description |\n|---|---|---|\n| `limit` | integer | Most kites (default: 20, max: 100) |\n| `old` | bool | **Deprecated** - No longer used |\n\n" +
			"#### Response\n\n**200 - Success**\n```json\n{\"kites\": []}\n```\n\n**404 - Not Found**\nNo such kite.\n\n### Drop\n\n**DELETE** `/kites/{id}`\n\n## Response Fields\n\n| Field | Type | Description |\n|---|---|---|\n| `a` | string | |\n", `
GET /kites/{id}  summary=Get kites  scopes=["read:kites"]  granular=["read:kite:sky"]
  query:limit  default=20  maximum=100  type=integer
      description
  query:old  deprecated=true  type=boolean
      description
  response "200"
    media ""  type~object
      .kites  type~array
  response "404"
      description
DELETE /kites/{id}  summary=Drop
`},
	})
	runCases(t, claim.Page, []formatCase{
		{"with fields in lists and as headings", "## HTTP Method : `POST` (***Fly***)\n\n### Endpoint : `/sky/{cloud}`\n\n#### Path parameters\n\n### cloud\n- **Type:** string\n- **Required:** Yes\n- **Description:** Which.\n\n" +
			"## Request body ***( application/json )***\n- `kites` (array of strings, required): Which kites.\n    - Never mind: none\n- `height`: ***integer***\n", `
POST /sky/{cloud}  summary=Fly
  path:cloud  required=true  type=string
      description
  body
    media "application/json"  type~object
      .kites  type=array  required=true
          description
        []  type=string
      .height  type=integer
`},
	})
	runCases(t, claim.Table, []formatCase{
		{"of converters that know no tables, or no paragraphs in cells", "# PUT /kites\n\n### Query parameters\n\nName\n\nType\n\nRequired\n\nDescription\n\n`dry`\n\nBoolean\n\nNo\n\nOnly tries it. Default value: true\n\n### Request body fields\n\n" +
			"| Name | Type | Required | Description |\n| --- | --- | --- | --- |\n| `cord` | String | Yes | \n\nPossible values:\n\n\"silk\"\n\n\"hemp\"\n\n |\n| `tail` | Integer | No | How long. |\n", `
PUT /kites
  query:dry  required=false  default=true  type=boolean
      description
  body
    media ""  type~object
      .cord  type=string  required=true  enum=["silk","hemp"]
      .tail  type=integer  required=false
          description
`},
		{"of pandoc, with divisions and drawn tables", "::: {#a}\n### Kites {#kites .x}\n\n[PUT]{.m} /kites\n\n#### Query parameters\n\n  Name    Type     Required   Description\n  ------- -------- ---------- -----------\n  `a`     String   Yes        First.\n\n#### Request body fields\n\n" +
			"+------+--------+----------+-------------------+\n| Name | Type   | Required | Description       |\n+======+========+==========+===================+\n| b    | String | No       | Second.           |\n|      |        |          |                   |\n|      |        |          | Default value: \"x\"|\n+------+--------+----------+-------------------+\n:::\n", `
PUT /kites  summary=Kites
  query:a  required=true  type=string
      description
  body
    media ""  type~object
      .b  type=string  required=false  default="x"
          description
`},
		{"of a static site", "# Kites\n\n## Get All Kites\n\n```shell\ncurl \"https://a.example/kites?old=1\"\n```\n\n> The above returns JSON like this:\n\n```json\n[{\"id\": 1}]\n```\n\nGets all.\n\n### HTTP Request\n\n`GET https://a.example/kites`\n\n### URL Parameters\n\nParameter | Description\n--- | ---\nID | The kite\n", `
GET /kites  summary=Get All Kites
    description
  query:old  present~true
  path:ID  present=true
      description
  response ""
    media ""  type~array
      []  type~object
        .id  type~integer  example
`},
	})
	runCases(t, claim.Page, []formatCase{
		{"that pandoc left HTML in", "<div id=\"a\">\n\n<div>\n\n<span>GET</span>\n\n</div>\n\n### Get kites\n\n#### Request\n\n##### Query parameters\n\n<div>\n\n**sort**\n\n</div>\n\narray\\<string\\>\n\nRequired\n\n</div>\n\n<span>GET</span><span\nclass=\"p\">/kites\\_all</span>\n", `
GET /kites_all  summary=Get kites
  query:sort  required=true  type=array
    []  type=string
`},
		{"with nothing but curl commands", "## Fly a kite\n\n```\n$ curl -X PUT -H 'A: b' \\\n  --data '{\"cord\": 1}' \"https://a.example/rest/1/kites/77\"\n```\n\nreturns\n\n```\nHTTP/1.1 201 Created\nContent-Type: application/json\n\n{\"ok\": true}\n```\n", `
PUT /rest/1/kites/{kiteId}  summary=Fly a kite
    description
  body
    media ""  type~object
      .cord  type~integer  example
  response "201"
    media ""  type~object
      .ok  type~boolean  example
`},
	})
}

func TestTextThatABrowserCopied(t *testing.T) {
	const columns = "Name\tType\tRequired\tDescription\n"
	runCases(t, claim.Table, []formatCase{
		{"with tabulators", "GET /kites\nQuery parameters\n" + columns + "kind\tString\tYes\t\n\nWhich.\n\nPossible values:\n\n  • \"a\"\n  • \"b\"\n\nids[]\tArray\tNo\t\n\nAll of them.\n\nHow to start\nClick.\n", `
GET /kites
  query:kind  required=true  enum=["a","b"]  type=string
      description
  query:ids  required=false  type=array
      description
`},
		{"with blanks", "GET /kites\nQuery parameters\nName Type Required Description\nkind String No\n\nWhich.\n\nDefault value: \"a\"\n", `
GET /kites
  query:kind  required=false  default="a"  type=string
      description
`},
		{"with a cell on each line, in another order", "GET /kites\nQuery parameters\n\nName\n\nRequired\n\nType\n\nDescription\n\nkind\n\nNo\n\nString\n\nWhich.\n\nsize\n\nYes\n\nInteger\n", `
GET /kites
  query:kind  required=false  type=string
      description
  query:size  required=true  type=integer
`},
	})
	runCases(t, claim.Page, []formatCase{
		{"with blanks of every kind", "GET\u200b\n\nList\u00a0kites\n\nRequest\n\nQuery\u00a0parameters\u200b\n\nkind\u2060\n\nstring\u202f\n\nGET/kites\u200b\n", `
GET /kites  summary=List kites
  query:kind  type=string
`},
		{"with its title above the path and Required behind the name", "Kites\n\nList kites\n\nGET /kites/{id}\n\nRequest\n\nPath parameters\nid Required\n\nstring\n\nBody parameters\nkind\n\narray<string>\n\nStyle: form, Explode: false, Max items: 3\n\nExample\n\n1\n2\ncurl \\\n  --url 'https://a.example/kites/7'\n\nResponses\n\nKites\n\nContent typeValue\napplication/json\n\nobject\n\nMake\n\nPOST /kites\n\nResponses\n\nA schema has not been defined for this response code.\n", `
GET /kites/{id}  summary=List kites
  path:id  required=true  type=string
  body
    media ""  type~object
      .kind  type=array  style=form  explode=false  maxItems=3
        []  type=string
  response ""
      description
    media "application/json"  type=object
POST /kites  summary=Make
  response ""
`},
		{"with a list of operations above the first, DEL, and scopes without a heading", "Operations\nGET/kitesDEL/kites/{id}\nGET\n\nList kites\n\nLists.\n\nkites\n\nRequest\n\nGET/kites\nDEL\n\nDrop kite\n\nPermissions required: To drop:\n\n• hold it\nread:kite:sky\n,\nwrite:kite:sky\n\nResponses\n\nHeaders\n\nLink\n\nstring\n\napplication/json\n\nPage<Kite>\nDEL/kites/{id}\n", `
GET /kites  summary=List kites  scopes=["kites"]
    description
DELETE /kites/{id}  summary=Drop kite  scopes=["read:kite:sky","write:kite:sky"]
    permissions
  response ""
    header:Link  type=string
    media "application/json"  $ref=PageKite
`},
	})
}

func TestRecordedTraffic(t *testing.T) {
	entry := func(method, url, more, response string) string {
		return `{"request": {"method": "` + method + `", "url": "` + url + `"` + more + `}, "response": ` + response + `}`
	}
	const none = `{"status": 204, "content": {"mimeType": "x-unknown"}}`
	archive := `{"log": {"entries": [` + strings.Join([]string{
		entry("GET", "https://a.example/rest/1/kites/48213?limit=5&kind=a&kind=b", "", `{"status": 200, "content": {"mimeType": "application/json; charset=utf-8", "text": "{\"id\": 7, \"tail\": null, \"by\": {\"anna@a.example\": 1}}"}}`),
		entry("GET", "https://a.example/rest/1/kites/9?limit=x", "", `{"status": 200, "content": {"mimeType": "application/json", "encoding": "base64", "text": "eyJpZCI6IDh9"}}`),
		entry("POST", "https://a.example/rest/1/kites", `, "postData": {"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "cord", "value": "silk"}]}`, none),
		entry("DELETE", "https://a.example/rest/1/kites/KITE-7", "", none),
		entry("OPTIONS", "https://a.example/rest/1/kites", "", none),
		entry("GET", "https://a.example/app.js", "", `{"status": 200, "content": {"mimeType": "application/javascript"}}`),
		entry("GET", "https://b.example/track", "", none),
	}, ",\n") + `]}}`
	runCases(t, claim.HAR, []formatCase{{"of a browser", archive, `
GET /rest/1/kites/{kiteId}
    description
  path:kiteId  required~true  type~integer
  query:limit  required~false  type~string
      description
  query:kind  required~false  type~array
      description
    []  type~string
  response "200"
      description
    media "application/json"  type~object
      .id  type~integer
          description
      .tail  nullable~true
          description
      .by  type~object
          description
        .*  type~integer
POST /rest/1/kites
    description
  body
      description
    media "application/x-www-form-urlencoded"  type~object
      .cord  type~string
          description
  response "204"
      description
DELETE /rest/1/kites/{kiteId}
    description
  path:kiteId  required~true  type~string
  response "204"
      description
`}})
	doc, err := Parse(source.File{Name: "t.har", Data: []byte(archive)}, &claim.Source{Kind: claim.HAR, Hosts: []string{"B.example"}})
	if err != nil || len(doc.Operations) != 1 || doc.Operations[0].Path != "/track" {
		t.Errorf("with a host that was chosen: %v, %v", doc, err)
	}
}

func TestACommandOfCurl(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"with options", `curl -sS -u me:secret -H "Accept: a/b" --request PUT --url='https://a.example/x/:id?p=1&q=2'`, "PUT /x/{id} [p q] "},
		{"with data in the query", "curl -G -d \"a=%3Cstring%3E\"\n\t-d \"b=0\"\nhttps://a.example/x", "GET /x [a b] "},
		{"broken by blank lines", "curl -X DELETE \\\n\n  -H 'A: b' \\\n\n  https://a.example/x\n\nAnd so on", "DELETE /x [] "},
		{"with a body over lines", "$ curl https://a.example/x -d '{\n\"a\": 1\n}'\nmore", "POST /x [] {\n\"a\": 1\n}"},
		{"with a host that is a variable", `curl "$HOST/x/${ID}"`, "GET /x/{ID} [] "},
		{"without a URL", "curl -X GET", ""},
		{"glued to line numbers", `1 2 3 curl --request GET \ --url 'https://a.example/x' \ --header 'Accept: a/b'`, "GET /x [] "},
	} {
		t.Run(c.name, func(t *testing.T) {
			lines, err := splitLines(source.File{Data: []byte(c.text)})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, one := range commandsIn(plain(lines)) {
				got += one.method + " " + one.path + " [" + strings.Join(one.query, " ") + "] " + one.body
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestForeignFormatsAreNamed(t *testing.T) {
	for name, text := range map[string]string{
		"RAML":                           "#%RAML 1.0\ntitle: Kites\n",
		"WADL":                           `<?xml version="1.0"?><application xmlns="http://wadl.dev.java.net/2009/02"><resources/></application>`,
		"Swagger 1.2":                    `{"swaggerVersion": "1.2", "apis": []}`,
		"OpenCollection":                 "opencollection: 1.0.0\ninfo:\n  name: Kites\n",
		"a Postman v1 collection":        `{"id": "a", "name": "Kites", "order": ["b"], "requests": [{"id": "b", "url": "x"}]}`,
		"the export of a run in Postman": `{"id": "a", "collection_id": "b", "results": []}`,
		"the report of a run of Newman":  `{"collection": {}, "run": {"executions": []}}`,
		"an environment of Postman":      `{"name": "e", "values": [], "_postman_variable_scope": "environment"}`,
		"an export of Insomnia":          `{"_type": "export", "__export_format": 4, "resources": []}`,
		"a web archive (MHTML)":          "From: <Saved by Blink>\nMIME-Version: 1.0\n",
		"API Blueprint":                  "FORMAT: 1A\n\n# Kites\n",
		"AsyncAPI":                       "asyncapi: 3.0.0\n",
	} {
		_, err := Parse(source.File{Name: "doc", Data: []byte(text)}, &claim.Source{Kind: claim.Reference})
		if err == nil || !strings.Contains(err.Error(), "the document is "+name+", which auditgen does not read: ") {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

func TestAPageThatScriptsBuildSaysSo(t *testing.T) {
	_, err := Parse(source.File{Name: "page.html", Data: []byte(`<!DOCTYPE html><html><script src="a.js"></script><div id="root"></div>`)}, &claim.Source{Kind: claim.Reference})
	if err == nil || !strings.Contains(err.Error(), "scripts build it in the browser: open it in a browser") {
		t.Errorf("the error is %v", err)
	}
}

func TestWhatIsNotUnderstoodIsANote(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a table without rows", "<html><h1>GET /x</h1><h2>Query parameters</h2><table><tr><th>Name</th><th>Type</th><th>Description</th></tr></table>", "doc:1: GET /x: 0 facts from this table"},
		{"a table of no known kind", "<html><h1>GET /x</h1>\n<h2>Query parameters</h2><table><tr><td>a b</td></tr><tr><td>c d</td></tr></table>", "doc:2: GET /x: 0 facts from this table: its columns are of no known kind"},
		{"a type of no known kind", "# GET /x\n\n## Query parameters\n\n| Name | Type | Description |\n|---|---|---|\n| a | some words | |\n", `doc:7: GET /x: a: the type "some words" is not understood`},
		{"a member of a parameter", "# GET /x\n\n## Query parameters\n\n| Name | Type | Description |\n|---|---|---|\n| a[].b | string | |\n", "doc:7: GET /x: a[].b is a member of what a query parameter holds"},
		{"an operation in a list", "GET /a\n\nGET /b\n\nQuery parameters\n\nc\n\nstring\n", "doc:1: GET /a: only its method and path are here"},
		{"a limit that does not fit", "GET\nx\nRequest\nQuery parameters\na\n\nstring\n\nMinimum: 0, Format: int32\nGET/x\n", `doc:9: GET /x: a: minimum "0" does not fit string: left out`},
		{"values that are a sentence", "GET /x\nQuery parameters\n" + tableColumns + "a | String | No | Possible values: see the list below |\n", "a: the possible values are not a list"},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc := parsed(t, source.File{Name: "doc", Data: []byte(c.text)})
			var all []string
			for _, n := range doc.Notes {
				all = append(all, n.Error())
			}
			if !strings.Contains(strings.Join(all, "\n"), c.want) {
				t.Errorf("the notes are\n%s\nwant %s", strings.Join(all, "\n"), c.want)
			}
		})
	}
}

func TestAMarkBetweenNameAndTypeIsRead(t *testing.T) {
	runCases(t, claim.Page, []formatCase{
		{"optional and deprecated", `GET /kites

Query parameters

wind

Optional

string

From where.

cord

Deprecated

Required

integer
`, `
GET /kites
  query:wind  required=false  type=string
      description
  query:cord  deprecated=true  required=true  type=integer
`},
	})
}
