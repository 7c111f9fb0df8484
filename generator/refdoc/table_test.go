package refdoc

import (
	"testing"

	"github.com/seed-1954497d/auditgen/generator/claim"
)

func TestATable(t *testing.T) {
	runCases(t, claim.Table, []formatCase{
		{"of every kind of section", `GET /things/{id}
Gets things.

Servers
- https://a.example
- https://b.example
Path parameters
Name | Type | Required | Description |
---|---|---|---|
id | String | Yes | |
Query parameters
Name | Type | Required | Description |
---|---|---|---|
limit |
Integer | No |
How many. Default value: 50. Not more than 100. |
kind | String | No | One of these. Possible values: "big", "small"
Default value: "big" |
Request headers
Name | Type | Required | Description |
---|---|---|---|
X-Mode | String | No | |
Accept | String | No | |
Response fields
Name | Type | Description |
---|---|---|
things[] | Array | All. |
things[].id | Integer | |
things[].tags[] | String | |
Response headers
Name | Type | Description |
---|---|---|
ETag | String | |
`, `
  server https://a.example
  server https://b.example
GET /things/{id}
    description
  path:id  required=true  type=string
  query:limit  required=false  default=50  type=integer
      description
  query:kind  required=false  enum=["big","small"]  default="big"  type=string
      description
  header:X-Mode  required=false  type=string
  response ""
    header:ETag  type=string
    media ""  type~object
      .things  type=array
          description
        []  type~object
          .id  type=integer
          .tags  type~array
            []  type=string
`},
		{"whose rows hold bars and have lost their own", "PUT /things\nRequest body fields\nName | Type | Required | Description |\n---|---|---|---|\n" +
			"mode | String | No | Either a | b. Or c. |\nsize |\nInteger | Yes |\nThe size. Without the\nage | Integer | No | In days\n", `
PUT /things
  body
    media ""  type~object
      .mode  type=string  required=false
          description
      .size  type=integer  required=true
          description
      .age  type=integer  required=false
          description
`},
		{"as Markdown has it, with a type that is a schema and one that is missing", "PUT /things\nBody\n| Name | Type | Required | Description |\n|---|---|---|---|\n| a | Thing | Yes | It. |\n| b | | No | |\n", `
PUT /things
  body
    media ""  type~object
      .a  $ref=Thing  required=true
          description
      .b  present=true  required=false
`},
		{"of a body in two parts", "PUT /a\nBody\n" + tableColumns + "a | Object | No | |\na.b | String | No | |\nMore of the body\n" + tableColumns + "a.c | String | No | |\na.b | String | No | |\n", `
PUT /a
  body
    media ""  type~object
      .a  type=object  required=false
        .b  type=string  required=false
        .c  type=string  required=false
`},
		{"of two operations", "GET /a\nQuery parameters\nName | Type | Required | Description |\nq | String | No | |\nPOST /a\nFirst.\nSecond.\n", `
GET /a
  query:q  required=false  type=string
POST /a
    description
`},
	})
}

func TestABrokenOffDescriptionIsCutBackToItsLastWholeSentence(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"whole", "It is. It was.", "It is. It was."},
		{"cut off", "It is. If the", "It is."},
		{"cut off behind an abbreviation", "It is. Some (e.g. this", "It is."},
		{"nothing but the rest of a sentence", "Use", ""},
		{"a phrase", "The name of it", "The name of it"},
		{"quoted end", "Say 'yes.'", "Say 'yes.'"},
		{"empty", " ", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := wholeSentences(c.in); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
