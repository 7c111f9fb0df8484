package mock

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generated/rest"
	bodies "github.com/seed-1954497d/auditgen/golden/bodies/want"
	legal "github.com/seed-1954497d/auditgen/golden/legal/want"
	openapi31 "github.com/seed-1954497d/auditgen/golden/openapi31/want"
	swaggerwire "github.com/seed-1954497d/auditgen/golden/swaggerwire/want"
)

// What the clients send is asserted in the tests of these golden packages, by hand.
func TestFormsOfGeneratedClientsAreAccepted(t *testing.T) {
	ctx := context.Background()
	file := func(name string) rest.File { return rest.File{Name: name, Content: strings.NewReader("content")} }
	for name, call := range map[string]func(auth rest.Option, s func(string) (*Server, rest.Option)) error{
		"objects and lists in a form": func(auth rest.Option, serve func(string) (*Server, rest.Option)) error {
			s, client := serve("legal")
			c := must[*legal.Client](t)(legal.NewClient(s.URL, auth, client))
			return c.SendForm(ctx, legal.SendFormRequest{Name: "n", Plain: []string{"a", "b"}, Commas: []int64{1, 2}, Pipes: []string{"x", "y"}, Small: 1e-7,
				When: legal.SendFormRequestWhen{From: "7", Days: 3, Tags: []string{"x", "1"}}, Size: legal.SendFormRequestSize{W: 1, H: 2}})
		},
		"objects that are spread, joined or JSON": func(auth rest.Option, serve func(string) (*Server, rest.Option)) error {
			s, client := serve("legal")
			c := must[*legal.Client](t)(legal.NewClient(s.URL, auth, client))
			return c.SendObjects(ctx, &legal.SendObjectsRequest{Spread: legal.SendObjectsRequestSpread{City: "Ulm", Zip: 89073},
				Whole: legal.SendObjectsRequestWhole{A: 1, B: []string{"x"}}, Spaces: map[string]int64{"a": 1, "b": 2}})
		},
		"reserved characters in a query": func(auth rest.Option, serve func(string) (*Server, rest.Option)) error {
			s, client := serve("legal")
			c := must[*legal.Client](t)(legal.NewClient(s.URL, auth, client))
			_, err := c.FindBooks(ctx, &legal.FindBooksParams{Filter: "List(a:1,b/2)+x y%&é#;", Formula: "a+b;c=d/e?", Authors: []string{"a+b"}, XDesk: "d", Sort: "a:b"})
			return err
		},
		"every kind of part": func(auth rest.Option, serve func(string) (*Server, rest.Option)) error {
			s, client := serve("bodies")
			c := must[*bodies.Client](t)(bodies.NewClient(s.URL, auth, client))
			price, fragile, scan := 2.5, true, file("s.png")
			scan.Header = http.Header{"X-Pages": {"3"}}
			return c.ShipCrate(ctx, bodies.ShipCrateForm{Label: bodies.Label{To: "A"}, Scan: scan, Photos: []rest.File{file("p"), file("q")}, Extra: map[string]int64{"a": 1},
				Stops: []bodies.Label{{To: "A"}, {To: "B"}}, Weight: 3, Price: &price, Fragile: &fragile, Table: "1,2", Due: time.UnixMilli(0), Tags: []string{"1", "x"},
				Size: bodies.ShipCrateFormSizeLarge, More: new(rest.Upload).Field("other", "1").File("file", "f", strings.NewReader("x"))})
		},
		"a form whose schema has parts": func(auth rest.Option, serve func(string) (*Server, rest.Option)) error {
			s, client := serve("bodies")
			c := must[*bodies.Client](t)(bodies.NewClient(s.URL, auth, client))
			return c.SendLetter(ctx, &bodies.SendLetterForm{Address: bodies.LetterAddress{City: "Ulm"}, More: "m", Scan: file("s")})
		},
		"lists with separators in a form with a file": func(auth rest.Option, serve func(string) (*Server, rest.Option)) error {
			s, client := serve("swaggerwire")
			c := must[*swaggerwire.Client](t)(swaggerwire.NewClient(s.URL, auth, client))
			_, err := c.SendFile(ctx, swaggerwire.SendFileForm{File: file("f"), Comment: "c", Codes: []string{"a", "b"}, Piped: []int64{1, 2}, Many: []string{"m", "n"}})
			return err
		},
		"a file of OpenAPI 3.1": func(auth rest.Option, serve func(string) (*Server, rest.Option)) error {
			s, client := serve("openapi31")
			c := must[*openapi31.Client](t)(openapi31.NewClient(s.URL, auth, client))
			download, err := c.AddFile(ctx, &openapi31.AddFileForm{File: file("f"), Maybe: file("m")})
			if err == nil {
				err = download.Close()
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			err := call(rest.WithBasicAuth("me", "token"), func(golden string) (*Server, rest.Option) {
				s := document(t, golden+"/want/openapi.yaml")
				return s, rest.WithHTTPClient(s.Client())
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
}

const formsDocument = `openapi: 3.0.3
info: {title: Forms, version: "1"}
paths:
  /form:
    post:
      operationId: form
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema:
              type: object
              required: [name]
              additionalProperties: false
              properties:
                name: {type: string, minLength: 2}
                n: {type: integer, maximum: 9}
                deep: {type: object, required: [a], properties: {a: {type: integer}, b: {type: object, properties: {c: {type: string, enum: [x]}}}, l: {type: array, maxItems: 2, items: {type: integer}}}}
                flat: {type: object, additionalProperties: false, properties: {a: {type: integer}}}
                list: {type: array, items: {type: integer}}
            encoding: {deep: {style: deepObject, explode: true}, flat: {style: form, explode: false}, list: {style: pipeDelimited}}
      responses: {"204": {description: done}}
  /parts:
    post:
      operationId: parts
      requestBody:
        content:
          multipart/form-data:
            schema:
              type: object
              required: [name]
              properties: {name: {type: string}, n: {type: integer}, label: {type: object, required: [to], properties: {to: {type: string}}}, scan: {type: string, format: binary}}
            encoding: {scan: {contentType: 'image/png, image/jpeg', headers: {X-Pages: {required: true, schema: {type: integer}}}}}
      responses: {"204": {description: done}}
  /query:
    get:
      operationId: query
      parameters:
        - {in: query, name: free, allowReserved: true, schema: {type: string, enum: ['a+b;c', 'a b']}}
        - {in: query, name: deep, style: deepObject, allowReserved: true, schema: {type: object, properties: {a: {type: string, enum: ['x+y']}}}}
        - {in: query, name: plain, schema: {type: string, enum: ['a b', 'a+b']}}
      responses: {"204": {description: done}}
`

func TestFormsAreCheckedAgainstTheDocument(t *testing.T) {
	s := newTestServer(t, func(opts ...Option) (*Server, error) { return New([]byte(formsDocument), opts...) })
	const header = "Authorization: Basic bTp0\nContent-Type: application/x-www-form-urlencoded"
	for name, c := range map[string]request{
		"everything":                      {"POST /form", header, "name=nn&n=9&deep[a]=1&deep[b][c]=x&deep[l]=1&deep[l]=2&flat=a,1&list=1|2", 204, ""},
		"items with indexes":              {"POST /form", header, "name=nn&deep[a]=1&deep[l][0]=1&deep[l][1]=x", 400, "body /deep/l/1: value must be an integer"},
		"escaped brackets":                {"POST /form", header, "name=n%26&deep%5Ba%5D=1", 204, ""},
		"a text that looks like a number": {"POST /form", header, "name=12", 204, ""},
		"a field that is missing":         {"POST /form", header, "n=1", 400, `body /name: property "name" is missing`},
		"a field that is too short":       {"POST /form", header, "name=1", 400, "body /name: minimum string length is 2"},
		"a text for a number":             {"POST /form", header, "name=nn&n=many", 400, "body /n: value must be an integer"},
		"a number that is too large":      {"POST /form", header, "name=nn&n=10", 400, "body /n: number must be at most 9"},
		"a member of the wrong type":      {"POST /form", header, "name=nn&deep[a]=x", 400, "body /deep/a: value must be an integer"},
		"a member that is missing":        {"POST /form", header, "name=nn&deep[b][c]=x", 400, `body /deep/a: property "a" is missing`},
		"a member deep inside":            {"POST /form", header, "name=nn&deep[a]=1&deep[b][c]=y", 400, `body /deep/b/c: value is not one of the allowed values ["x"]`},
		"too many items":                  {"POST /form", header, "name=nn&deep[a]=1&deep[l]=1&deep[l]=2&deep[l]=3", 400, "body /deep/l: maximum number of items is 2"},
		"a member in another style":       {"POST /form", header, "name=nn&flat[a]=1", 400, `body: property "flat[a]" is unsupported`},
		"an item of the wrong type":       {"POST /form", header, "name=nn&list=1|b", 400, "body /list/1: value must be an integer"},
		"a field of no document":          {"POST /form", header, "name=nn&more=1", 400, `body: property "more" is unsupported`},
		"no fields":                       {"POST /form", header, "", 400, "body: value is required but missing"},
		"a broken escape":                 {"POST /form", header, "name=%zz", 400, "body: it has a broken escape or a semicolon"},
		"another media type":              {"POST /form", "Authorization: Basic bTp0\nContent-Type: multipart/form-data; boundary=x", "--x--", 400, `body: the document does not list the Content-Type "multipart/form-data; boundary=x"`},
		"a plus sign that is not escaped": {"GET /query?free=a+b;c&plain=a+b", header, "", 204, ""},
		"a plus sign that is escaped":     {"GET /query?free=a%2Bb%3Bc&plain=a%2Bb", header, "", 204, ""},
		"a space":                         {"GET /query?free=a%20b&plain=a%20b", header, "", 204, ""},
		"a plus sign in a member":         {"GET /query?deep[a]=x+y", header, "", 204, ""},
		"a reserved character elsewhere":  {"GET /query?plain=a;b", header, "", 400, "query: it has a broken escape or a semicolon"},
		"a broken escape among reserved":  {"GET /query?free=%zz", header, "", 400, "query: it has a broken escape or a semicolon"},
		"a value that is not the allowed": {"GET /query?free=a+b", header, "", 400, `query parameter free: value is not one of the allowed values ["a+b;c","a b"]`},
	} {
		t.Run(name, func(t *testing.T) { c.check(t, s) })
	}
}

func TestPartsAreCheckedAgainstTheDocument(t *testing.T) {
	s := newTestServer(t, func(opts ...Option) (*Server, error) { return New([]byte(formsDocument), opts...) })
	const header = "Authorization: Basic bTp0\nContent-Type: multipart/form-data; boundary=x"
	part := func(headers, text string) string {
		return "--x\r\nContent-Disposition: form-data; " + strings.ReplaceAll(headers, "\n", "\r\n") + "\r\n\r\n" + text + "\r\n"
	}
	name := part(`name="name"`, "12")
	scan := func(media, pages string) string {
		return part(`name="scan"; filename="s"`+"\nContent-Type: "+media+pages, "\x00\xff")
	}
	for what, c := range map[string]request{
		"everything": {body: name + part(`name="n"`, "1") + part(`name="label"`+"\nContent-Type: application/json", `{"to":"x"}`) + scan("image/jpeg", "\nX-Pages: 1") +
			part(`name="other"`, "x"), status: 204},
		"JSON without its media type":     {body: name + part(`name="label"`, `{"to":"x"}`), status: 204},
		"a part that is missing":          {body: part(`name="n"`, "1"), status: 400, message: `body /name: property "name" is missing`},
		"a text for a number":             {body: name + part(`name="n"`, "many"), status: 400, message: "body /n: value must be an integer"},
		"an object without a member":      {body: name + part(`name="label"`, "{}"), status: 400, message: `body /label/to: property "to" is missing`},
		"JSON that is none":               {body: name + part(`name="label"`, "{"), status: 400, message: "body /label: value must be an object"},
		"a part of another media type":    {body: name + scan("image/gif", "\nX-Pages: 1"), status: 400, message: `body: part "scan" has the Content-Type "image/gif", not "image/png, image/jpeg"`},
		"a part without its header":       {body: name + scan("image/png", ""), status: 400, message: `body: part "scan" lacks the header X-Pages`},
		"a body that is not what it says": {body: "name=nn", status: 400, message: "body: it cannot be read"},
		"no body, and none is required":   {status: 204},
		"a form that breaks off":          {body: strings.TrimSuffix(name, "\r\n"), status: 400, message: "body: it cannot be read"},
	} {
		t.Run(what, func(t *testing.T) {
			c.line, c.header = "POST /parts", header
			if strings.HasPrefix(c.body, "--x") && what != "a form that breaks off" {
				c.body += "--x--\r\n"
			}
			c.check(t, s)
		})
	}
}

const oneWayDocument = `openapi: 3.0.3
info: {title: One way, version: "1"}
paths:
  /users:
    post:
      operationId: addUser
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}
      responses: {"201": {description: made, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}}
    get: {operationId: users, responses: {"200": {description: all, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/User'}}}}}}}
  /either: {get: {operationId: either, responses: {"200": {description: one, content: {application/json: {schema: {oneOf: [{$ref: '#/components/schemas/User'}]}}}}}}}
components:
  schemas:
    User:
      allOf:
        - $ref: '#/components/schemas/Named'
        - type: object
          required: [id, name, password, pin, created]
          properties:
            id: {type: integer, readOnly: true}
            name: {type: string}
            password: {type: string, writeOnly: true}
            pin: {$ref: '#/components/schemas/Pin'}
            code: {writeOnly: true, allOf: [{$ref: '#/components/schemas/Code'}]}
            made: {$ref: '#/components/schemas/Made'}
            home: {type: object, required: [key], properties: {key: {type: string, writeOnly: true}, town: {type: string}}, additionalProperties: {type: string}}
    Named: {type: object, required: [created], properties: {created: {type: string}, password: {type: string}}}
    Pin: {type: string, writeOnly: true}
    Code: {type: string}
    Made: {type: object, required: [by, at], properties: {by: {type: string, readOnly: true}}, allOf: [{type: object, properties: {at: {type: string}}}, {type: object, properties: {at: {readOnly: true}}}]}
`

// A member that only requests have is in no answer, required or not, whichever part of an allOf
// says so. One that only answers have is not required of a request.
func TestMembersThatTravelOneWayAreThereOneWay(t *testing.T) {
	s := newTestServer(t, func(opts ...Option) (*Server, error) { return New([]byte(oneWayDocument), opts...) })
	sent := `{"name":"n","created":"c","password":"p","pin":"1","code":"2","home":{"key":"k"},"made":{}}`
	want := []string{"code false", "created true", "home.key false", "home.town true", "id true", "made true", "name true", "password false", "pin false"}
	for line, body := range map[string]string{"POST /users": sent, "GET /users": "", "GET /either": ""} {
		a := ask(t, s, line, strings.Fields(body)...)
		if a.status >= 300 {
			t.Errorf("%s: %d %s", line, a.status, a.body)
			continue
		}
		var user map[string]any
		if strings.HasPrefix(a.body, "[") {
			var all []map[string]any
			a.into(t, &all)
			user = all[0]
		} else {
			a.into(t, &user)
		}
		home, _ := user["home"].(map[string]any)
		var got []string
		for _, name := range want {
			name, _, _ = strings.Cut(name, " ")
			in := user
			key := name
			if inner, deep := strings.CutPrefix(name, "home."); deep {
				in, key = home, inner
			}
			_, has := in[key]
			got = append(got, fmt.Sprint(name, " ", has))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s\n%s", line, diff, a.body)
		}
	}
	for _, without := range []string{`"name":"n"`, `"password":"p"`, `"pin":"1"`, `"created":"c"`} {
		a := ask(t, s, "POST /users", strings.Replace(strings.Replace(sent, without+",", "", 1), without, "", 1))
		if a.status != 400 {
			t.Errorf("without %s: %d", without, a.status)
		}
	}
}
