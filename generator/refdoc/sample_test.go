package refdoc

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

func TestASample(t *testing.T) {
	runCases(t, claim.Sample, []formatCase{
		{"named after its schema", `{"id": 1, "rate": 1e3, "on": true, "name": "Rosa", "none": null, "empty": {}, "list": []}`, `
schema doc  type~object
  .id  type~integer  example
  .rate  type~number  example
  .on  type~boolean  example
  .name  type~string  example
  .none  nullable~true
  .empty  type~object
  .list  type~array
`},
		{"whose elements are merged", `[{"a": 1, "b": null}, {"a": 2.5, "b": "x y z"}, {"b": "w", "c": {"d": 1}}, {"c": {"e": [true]}}, null]`, `
schema doc  type~array
  []  type~object  nullable~true
    .a  type~number  example
    .b  type~string  nullable~true  example
    .c  type~object
      .d  type~integer  example
      .e  type~array
        []  type~boolean  example
`},
		{"whose elements disagree", `[{"a": 1}, {"a": "1"}, {"a": [1]}]`, `
schema doc  type~array
  []  type~object
    .a  present~true
      []  type~integer  example
`},
		{"full of placeholders", `{"a": "<string>", "b": "<long>", "c": "<boolean>", "d": "<dateTime>", "e": "<something>", "f": 59, "g": true, "h": "user"}`, `
schema doc  type~object
  .a  type~string
  .b  type~integer
  .c  type~boolean
  .d  type~string  format~date-time
  .e  type~string
  .f  type~integer
  .g  type~boolean
  .h  type~string  example
`},
		{"full of lorem", `{"a": "Ut lorem", "b": "consectetur adip", "c": 59}`, `
schema doc  type~object
  .a  type~string
  .b  type~string
  .c  type~integer
`},
		{"of an answer", "GET /things\n\nHTTP/1.1 200 OK\n\n{\"a\": 1}\n", `
GET /things
  response "200"
    media "application/json"  type~object
      .a  type~integer  example
`},
		{"of a body", "POST /things\n{\"a\": 1}\n", `
POST /things
  body
    media "application/json"  type~object
      .a  type~integer  example
`},
	})
}

func TestLinesOfASampleBelowAHead(t *testing.T) {
	doc := parsed(t, source.File{Name: "c", Data: []byte("GET /things\n200\n{\n\"a\": 1,\n\"b\": \"on\"\n}\n")})
	want := "document\nGET /things @1\n  response \"200\" @2\n    media \"application/json\" @3  type~object@3\n" +
		"      .a @4  type~integer@4  example~1@4\n      .b @5  type~string@5  example~\"on\"@5\n"
	if diff := cmp.Diff(want, dump(doc, true)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestASampleFileGivesItsNameToTheSchema(t *testing.T) {
	for name, want := range map[string]string{"spec/AuditRecord.json": "AuditRecord", `a\b\Thing.sample.json`: "Thing.sample", "Thing": "Thing"} {
		doc := parsed(t, source.File{Name: name, Data: []byte(`{}`)})
		if got := doc.Schemas[0].Name; got != want {
			t.Errorf("%s: the schema is called %s, want %s", name, got, want)
		}
	}
}

func TestTheKindMayBeSaidOutright(t *testing.T) {
	f := source.File{Name: "x.json", Data: []byte(`{"name": "a", "request": {"url": "{{u}}/a"}}`)}
	doc, err := Parse(f, &claim.Source{Kind: claim.Sample})
	if err != nil || len(doc.Schemas) != 1 || len(doc.Operations) != 0 {
		t.Errorf("a sample that looks like a collection: %v, %v", doc, err)
	}
}
