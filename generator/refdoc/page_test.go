package refdoc

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// formatCase is a document and the dump of its claims, without lines and texts.
type formatCase struct {
	name, input, want string
}

func runCases(t *testing.T, kind claim.Kind, cases []formatCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			src := &claim.Source{Kind: claim.Reference}
			doc, err := Parse(source.File{Name: "doc.txt", Data: []byte(c.input)}, src)
			if err != nil {
				t.Fatal(err)
			}
			if src.Kind != kind {
				t.Errorf("found to be a %s", src.Kind)
			}
			want := strings.TrimPrefix(c.want, "\n")
			if !strings.HasPrefix(want, "document") {
				want = "document\n" + want // about which most say nothing
			}
			if diff := cmp.Diff(want, dump(doc, false)); diff != "" {
				t.Errorf("claims (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAPage(t *testing.T) {
	runCases(t, claim.Page, []formatCase{
		{"of one operation without anything", "GET\n\nList things\n\nRequest\n\nThis request has no parameters.\n\nResponses\n\nGET/things\n", `
GET /things  summary=List things
`},
		{"with a menu of methods and titles before it", "Things\nGET\nList things\nPOST\nMake a thing\nThings are useful.\nGET\nList things\nResponses\nGET/things\n", `
GET /things  summary=List things
`},
		{"with Windows line ends and a byte order mark", "\xef\xbb\xbfGET\r\n\r\nList things\r\n\r\nQuery\r\nRequest\r\nQuery parameters\r\nq\r\nstring\r\nGET/things\r\n", `
GET /things  summary=List things
    description
  query:q  type=string
`},
		{"with the path on a line below the method, or behind a blank", "GET\nList things\nGET\n/things\nPUT\nSet a thing\nPUT /things/{id}\n", `
GET /things  summary=List things
PUT /things/{id}  summary=Set a thing
`},
		{"that starts in the middle of an operation", "string\n\nGET/things\n200Response\n[1]\n", `
GET /things
  response "200"
    media ""  type~array
      []  type~integer  example
`},
		{"with parameters in every place", `GET
List things
Request
Path parameters
id
string
Required
Query parameters
maxResults
integer
How many at most.

Default: 50, Format: int32
number
integer
expand
array<string>
What to add.
Deprecated
kind
stringRequired
Valid values: big, small
Header parameters
X-Mode
string
Accept
string
Content-Type
string
Default: text/plain
GET/things/{id}
`, `
GET /things/{id}  summary=List things
  path:id  required=true  type=string
  query:maxResults  default=50  format=int32  type=integer
      description
  query:number  type=integer
  query:expand  deprecated=true  type=array
      description
    []  type=string
  query:kind  required=true  enum=["big","small"]  type=string
  header:X-Mode  type=string
`},
		{"with a parameter that has no type", "GET\nList things\nRequest\nQuery parameters\nfrom\n\nto\n\nstring\n\nlast\nResponses\nGET/things\n", `
GET /things  summary=List things
  query:from  present=true
  query:to  type=string
  query:last  present=true
`},
		{"with a parameter that is repeated with the same type", "GET\nList\nRequest\nQuery parameters\nq\nstring\nq\nstring\nGET/things\n", `
GET /things  summary=List
  query:q  type=string
`},
		{"with a body that is one schema, in two media types", "PUT\nSet\nRequest\nRequest bodyapplication/json, text/xml\nWhat to set.\nThing\nPUT/things\n", `
PUT /things  summary=Set
  body
      description
    media "application/json"  $ref=Thing
    media "text/xml"  $ref=Thing
`},
		{"with two bodies, a list that is said twice and a Content-Type header", "PUT\nSet\nRequest\nHeaders\nContent-Type\nstring\nRequest bodyapplication/json\na\nstring\nRequest bodytext/csv\nstring\nRequest\nRequest bodyapplication/json\na\nstring\nb\nThing\nPUT/things\n", `
PUT /things  summary=Set
  body
    media "application/json"  type~object
      .a  type=string
      .b  $ref=Thing
    media "text/csv"  type=string
`},
		{"with anything as type and members without a name", "PUT\nSet\nRequest\nRequest body\n\napplication/json\n\nvalue\nanything\n*\narray<array<Thing>>\nPUT/things\n", `
PUT /things  summary=Set
  body
    media "application/json"  type~object
      .value  present=true
      .*  type=array
        []  type=array
          []  $ref=Thing
`},
		{"with marks, unlabelled classic scopes and a list of permissions", `GET
List things
Deprecated
Experimental
About things.
Permissions required:

• Browse things
• Administer things

Scopes
Classic
RECOMMENDED:
Classic:read:thing manage:thing
Granular:
read:one:thing
Connect app scope required: WRITE
GET/things
`, `
GET /things  summary=List things  deprecated=true  x-experimental=true  connect-scope=WRITE  scopes=["read:thing","manage:thing"]  granular=["read:one:thing"]
    description
    permissions
`},
		{"with several answers", `GET
List things
Responses
200 OK
Returned if it worked.
application/json
array<Thing>
All things.
401Unauthorized
Returned if the credentials are wrong.
403 Forbidden
text/csv
application/zip
string
5XX
GET/things
200Response
[{"id": 1}]
403Response
{"why": "<string>"}
404Response
nothing
`, `
GET /things  summary=List things
  response "200"
      description
    media "application/json"  type=array
        description
      []  $ref=Thing  type~object
        .id  type~integer
  response "401"
      description
  response "403"
    media "text/csv"  type=string  type~object
      .why  type~string
    media "application/zip"  type=string
  response "5XX"
  response "404"
`},
		{"with its answers behind tabs", "GET\nList\nResponses\n\n200OK\n401Unauthorized\n403Forbidden\n\nReturned if it worked.\n\napplication/json\n\nThing\nGET/things\n", `
GET /things  summary=List
  response "200"
      description
    media "application/json"  $ref=Thing
  response "401"
  response "403"
`},
		{"with the fields of an answer", "GET\nGet\nResponses\n200\napplication/json\nThing\nid\ninteger\nRequired\nname\nstring\nWhat it is called.\nGET/things\n", `
GET /things  summary=Get
  response "200"
    media "application/json"  $ref=Thing
      .id  type=integer  required=true
      .name  type=string
          description
`},
		{"with samples on lines of their own", "PUT\nSet\nPUT/things\n1\n2\n3\nvar bodyData = `{\n\"a\": 1.5,\n\"b\": [1, 2.5, null],\n\"c\": [{\"x\": \"on\"}, {\"y\": true}],\n\"d\": [1, \"b2\"]\n}`;\n200 Response\n1\n2\n{\n\"ok\": true }\nMore\n", `
PUT /things  summary=Set
  body
    media ""  type~object
      .a  type~number  example
      .b  type~array
        []  type~number  nullable~true  example
      .c  type~array
        []  type~object
          .x  type~string  example
          .y  type~boolean  example
      .d  type~array
        []  present~true
  response "200"
    media ""  type~object
      .ok  type~boolean  example
`},
	})
}

func TestAPageThatSaysAMethodAloneBeginsAnotherOperation(t *testing.T) {
	doc := parsed(t, source.File{Name: "p", Data: []byte("PUT\nSet\nRequest\nGET\nGet\nGET/x\n")})
	if len(doc.Operations) != 1 || len(doc.Notes) != 1 || !strings.Contains(doc.Notes[0].Error(), `p:1: the operation PUT "Set" has no line with its method and path`) {
		t.Errorf("%d operations, and the notes are %v", len(doc.Operations), doc.Notes)
	}
}

func TestProseBecomesMarkdown(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"paragraphs", "One.\n\nTwo,\nbroken.\n", "One.\n\nTwo, broken."},
		{"bullet points", "Either:\n\n• one\n\n• two\n\nor none.", "Either:\n\n- one\n- two\n\nor none."},
		{"levels", "  • a\n    • b\n    • c\n\n    about a\n\n  • d", "- a\n  - b\n  - c\n\n  about a\n\n- d"},
		{"nothing", "\n\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			lines, err := splitLines(source.File{Data: []byte(c.in)})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, prose(textBlocks(lines))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
