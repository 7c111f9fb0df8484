package refdoc

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

func TestAPostmanCollection(t *testing.T) {
	runCases(t, claim.Postman, []formatCase{
		{"of one item with a base URL nobody knows", `{"info": {"name": "Audit"}, "item": [{"name": "List", "request": {"method": "GET", "url": "{{baseUrl}}/api/audit"}}]}`, `
document  title=Audit
GET /api/audit  summary=List
`},
		{"with folders, variables and auth", `{
	"info": {"name": "Things", "description": {"content": "All of **them**."}, "version": "1.2"},
	"variable": [{"key": "baseUrl", "value": "https://a.example/wiki/rest"}, {"key": "version", "value": "v2"}, {"key": "token", "value": "<string>"}],
	"auth": {"type": "basic", "basic": [{"key": "password", "value": "secret"}]},
	"item": [{"name": "folder", "auth": {"type": "bearer"}, "item": [
		{"name": "One", "request": {"method": "get", "url": {"raw": "{{baseUrl}}/{{version}}/things/:id", "host": ["{{baseUrl}}"], "path": ["{{version}}", "things", ":id"],
			"variable": [{"key": "id", "value": "<long>", "description": "Which."}]}}},
		{"name": "Two", "request": {"auth": {"type": "noauth"}, "method": "DELETE", "url": "{{baseUrl}}/things/{{thingId}}?force=true"}}]},
	{"name": "Three", "request": {"auth": {"type": "apikey", "apikey": {"key": "X-Key", "in": "header"}}, "url": "https://b.example/things"}},
	{"name": "Four", "request": {"method": "HEAD", "url": {"path": "/things"}}},
	{"name": "Five", "request": {"method": "PUT", "auth": {"type": "noauth"}, "header": [{"key": "Authorization", "value": "Basic {{token}}"}], "url": {"path": "/things"}}}]}`, `
document  title=Things  version=1.2
    description
  server https://a.example
GET /wiki/rest/v2/things/{id}  summary=One  security=[{"bearerAuth":[]}]
  path:id  type=integer
      description
DELETE /wiki/rest/things/{thingId}  summary=Two  security=[]
  query:force  type~boolean  default=true
GET /things  summary=Three  security=[{"apiKeyAuth":[]}]
HEAD /things  summary=Four  security=[{"basicAuth":[]}]
PUT /things  summary=Five
security bearerAuth  definition={"type":"http","scheme":"bearer"}
security apiKeyAuth  definition={"type":"apiKey","name":"X-Key","in":"header"}
security basicAuth  definition={"type":"http","scheme":"basic"}
`},
		{"with parameters of every look", `{"name": "List", "request": {"method": "GET", "header": "X-Mode: fast\nAccept: text/csv\n", "url": {"raw": "https://a.example/things", "query": [
	{"key": "when", "value": "<dateTime>", "description": "(Required) When."},
	{"key": "rate", "value": "0.5"}, {"key": "n", "value": "<number>"}, {"key": "all", "value": "false", "disabled": true},
	{"key": "id", "value": "1577836800000"}, {"key": "format", "value": "csv", "description": "Which. (This can only be one of csv,zip)"},
	{"key": "text", "value": "dolor sit"}, {"key": "empty", "value": ""}, {"key": "var", "value": "{{var}}"},
	{"key": "expand", "value": "<string>"}, {"key": "expand", "value": "<string>"}, {"key": "expand", "value": "<string>"}]}}}`, `
GET /things  summary=List
  query:when  required=true  type=string  format=date-time
      description
  query:rate  type~number  default=0.5
  query:n  type=number
  query:all  required~false  type~boolean  default=false
  query:id  type~integer
  query:format  type~string  example  enum=["csv","zip"]
      description
  query:text  type~string
  query:empty  present~true
  query:var  present~true
  query:expand  type~array
    []  type=string
  header:X-Mode  type~string  example
`},
		{"with bodies", `[
	{"name": "raw", "request": {"method": "POST", "url": "{{u}}/raw", "body": {"mode": "raw", "raw": "{\"n\": \"<long>\", \"s\": \"<string>\", \"k\": 5}", "options": {"raw": {"language": "json"}}}}},
	{"name": "with variables", "request": {"method": "POST", "url": "{{u}}/var", "header": [{"key": "Content-Type", "value": "application/json; charset=utf-8"}], "body": {"mode": "raw", "raw": "{\"n\": {{n}}}"}}},
	{"name": "form", "request": {"method": "POST", "url": "{{u}}/form", "body": {"mode": "urlencoded", "urlencoded": [{"key": "a", "value": "<string>", "description": "A."}]}}},
	{"name": "upload", "request": {"method": "POST", "url": "{{u}}/upload", "body": {"mode": "formdata", "formdata": [{"key": "f", "type": "file", "src": "x"}, {"key": "n", "value": "3", "type": "text"}]}}},
	{"name": "file", "request": {"method": "POST", "url": "{{u}}/file", "body": {"mode": "file"}}},
	{"name": "none", "request": {"method": "POST", "url": "{{u}}/none", "body": {"mode": "raw", "raw": ""}}}]`, `
POST /raw  summary=raw
  body
    media "application/json"  type~object
      .n  type~integer
      .s  type~string
      .k  type~integer
POST /var  summary=with variables
  body
    media "application/json"  type~object
      .n  present~true
POST /form  summary=form
  body
    media "application/x-www-form-urlencoded"  type=object
      .a  type=string
          description
POST /upload  summary=upload
  body
    media "multipart/form-data"  type=object
      .f  type=string  format=binary
      .n  type~integer  default=3
POST /file  summary=file
  body
    media "application/octet-stream"  type=string  format=binary
POST /none  summary=none
`},
		{"with a request that was saved twice", `{"info": {}, "item": [
	{"name": "List", "request": {"method": "GET", "url": "{{u}}/a?p=<string>"}, "response": [{"name": "Good", "code": 200, "body": ""}]},
	{"name": "List more", "request": {"method": "GET", "url": "{{u}}/a?p=7&q=<string>"}, "response": [{"name": "Fine", "code": 200, "body": ""}, {"name": "Bad", "code": 400, "body": ""}]}]}`, `
GET /a  summary=List
  query:p  type=string
  query:q  type=string
  response "200"
      description
  response "400"
      description
`},
		{"with answers, two of them to one status", `{"collection": {"info": {}, "item": [{"name": "{{x}}", "request": {"url": "{{u}}/a"}, "response": [
	{"name": "Good", "code": 200, "header": [{"key": "content-type", "value": "application/json"}], "body": "{\"a\": 1}"},
	{"name": "Also good", "code": 200, "header": [{"key": "Content-Type", "value": "application/json"}], "body": "{\"a\": 1.5, \"b\": null}"},
	{"name": "Gone", "status": "Not Found", "header": null, "body": null},
	{"name": "Made", "code": 201, "_postman_previewlanguage": "json", "body": "[]"},
	{"name": "Taken", "code": 202, "_postman_previewlanguage": "text", "body": "later"},
	{"name": "Bad", "code": 500, "header": [{"key": "Content-Type", "value": "text/html"}], "body": "<html>"}]}]}}`, `
GET /a
  response "200"
      description
    media "application/json"  type~object
      .a  type~number  example
      .b  nullable~true
  response "404"
      description
  response "201"
      description
    media "application/json"  type~array
  response "202"
      description
    media ""
  response "500"
      description
    media "text/html"
`},
	})
}

func TestADeclaredBasePathStandsAboveVariableAndCommand(t *testing.T) {
	page := `curl https://a.example/wiki/rest/api/audit

{"name": "List", "request": {"url": "{{baseUrl}}/api/audit"}}
`
	file := `{"info": {}, "variable": [{"key": "baseUrl", "value": "https://a.example/wiki/rest"}], "item": [{"request": {"url": "{{baseUrl}}/api/audit"}}]}`
	for _, c := range []struct{ name, input, base, want string }{
		{"page", page, "", "/wiki/rest/api/audit"},
		{"page with base path", page, "/wiki/rest", "/api/audit"},
		{"file", file, "", "/wiki/rest/api/audit"},
		{"file with base path", file, "/wiki/rest", "/api/audit"},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc, err := Parse(source.File{Name: "c", Data: []byte(c.input)}, &claim.Source{Kind: claim.Reference, BasePath: c.base})
			if err != nil {
				t.Fatal(err)
			}
			if got := doc.Operations[0].Path; got != c.want {
				t.Errorf("the path is %s, want %s", got, c.want)
			}
		})
	}
}

func TestACurlCommandGivesThePathOfItsItemOnly(t *testing.T) {
	item := `{"name": "x", "request": {"method": "POST", "url": "{{u}}/things/:id"}}`
	for _, c := range []struct{ name, curl, want string }{
		{"same method and tail", "curl -d 'a=b' https://a.example/rest/things/7", "/rest/things/{id}"},
		{"method said outright", "curl --request POST \\\n  --url 'https://a.example/rest/things/7?q=1'", "/rest/things/{id}"},
		{"another method", "curl https://a.example/rest/things/7", "/things/{id}"},
		{"another tail", "curl -X POST https://a.example/rest/mythings/7", "/things/{id}"},
		{"no whole segment", "curl -X POST https://a.example/rest/allthings/7", "/things/{id}"},
		{"no URL", "curl -X POST", "/things/{id}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc, err := Parse(source.File{Name: "c", Data: []byte(c.curl + "\n\n" + item)}, &claim.Source{Kind: claim.Reference})
			if err != nil {
				t.Fatal(err)
			}
			if got := doc.Operations[0].Path; got != c.want {
				t.Errorf("the path is %s, want %s", got, c.want)
			}
		})
	}
}

func TestSecretsOfACollectionAreNotRead(t *testing.T) {
	doc := parsed(t, source.File{Name: "c", Data: []byte(`{"info": {}, "auth": {"type": "basic", "basic": [{"key": "password", "value": "canary"}]},
		"item": [{"request": {"header": [{"key": "Authorization", "value": "Basic canary"}], "url": "{{u}}/a"}}]}`)})
	if out := dump(doc, true); strings.Contains(out, "canary") {
		t.Errorf("a secret is among the claims:\n%s", out)
	}
}

func TestLinesInAPageWithAnItemCountFromTheTopOfThePage(t *testing.T) {
	doc := parsed(t, source.File{Name: "c", Data: []byte("One\nTwo\n\n{\n\"name\": \"List\",\n\"request\": {\n\"url\": \"{{u}}/a?n=1\"\n}\n}\n")})
	want := "document\nGET /a @7  summary=List@5\n  query:n @7  type~integer@7  default=1@7\n"
	if diff := cmp.Diff(want, dump(doc, true)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
