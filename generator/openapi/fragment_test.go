package openapi

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

const overlay = `overlay: 1.0.0
actions:
- target: $.paths['/audit'].get
  update:
    summary: S
    x-auditgen-paging: offset
    parameters:
    - {name: limit, in: query, schema: {type: integer, default: 1000}}
    responses: {200: {content: {application/json: {schema: {$ref: '#/components/schemas/Records'}}}}}
- update: {in: query, name: since, schema: {type: integer, x-auditgen-time: unix-milli}, required: true}
- update: {properties: {author: {nullable: true}}, required: [author]}
- update: {$ref: '#/components/parameters/P'}
- update: {items: {$ref: '#/components/schemas/A/properties/b'}}
- update: {content: {text/csv: {schema: {type: string, format: binary}}}}
`

func fragment(t *testing.T) (actions []*source.Node, r *Reader) {
	t.Helper()
	root, err := source.ParseTree(source.File{Name: "overlay.yaml", Data: []byte(overlay)})
	if err != nil {
		t.Fatal(err)
	}
	for _, action := range root.Get("actions").Items {
		actions = append(actions, action.Get("update"))
	}
	return actions, NewFragmentReader("overlay.yaml", root)
}

func TestPartsOfADocumentAreReadAsClaims(t *testing.T) {
	actions, r := fragment(t)
	op := r.operation(actions[0], "GET", itemKey{path: "/audit"}, paramList{})
	param := r.param(actions[1])
	schema := &claim.Schema{}
	r.schema(actions[2], schema, 0)
	body := r.requestBody(actions[5])
	answer := readResponse(actions[5], r, "200", nil)
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	d := &dumper{}
	d.param(0, param)
	d.schema(0, "schema", schema)
	d.content(0, body.Content)
	d.content(0, answer.Content)
	got := dump(&claim.Document{Operations: []*claim.Operation{op}}) + d.b.String()
	want := `document
GET /audit @5 summary=S@5 x-auditgen-paging="offset"@6
  query:limit @8
    schema @8 type=integer@8 default=1000@8
  200 @9
    application/json @9
      schema @9 $ref=Records@9
query:since @10 required=true@10
  schema @10 type=integer@10 x-auditgen-time="unix-milli"@10
schema @11
  .author @11 nullable=true@11 required=true@11
text/csv @14
  schema @14 type=string@14 format=binary@14
text/csv @14
  schema @14 type=string@14 format=binary@14
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestPartsOfADocumentReferToNamedSchemasOnly(t *testing.T) {
	actions, r := fragment(t)
	if b := r.requestBody(actions[3]); b != nil {
		t.Errorf("a body was read: %v", b)
	}
	r.schema(actions[4], &claim.Schema{}, 0)
	want := `overlay.yaml:12: $ref "#/components/parameters/P" cannot be followed from here: refer to a schema by name, #/components/schemas/Name, or copy the target here
overlay.yaml:13: $ref "#/components/schemas/A/properties/b" cannot be followed from here: refer to a schema by name, #/components/schemas/Name, or copy the target here`
	err := r.Err()
	if err == nil || err.Error() != want {
		t.Fatalf("got\n%v\nwant\n%s", err, want)
	}
	if p := err.(source.Errors)[0].Pos.Pointer; p != "/actions/3/update/$ref" {
		t.Errorf("the pointer is %s", p)
	}
}

// A fragment has an author who can correct it. A document may not, and most of it is useful all the
// same.
func TestAValueOfTheWrongKindIsAnErrorInAFragmentOnly(t *testing.T) {
	root, err := source.ParseTree(source.File{Name: "f.yaml", Data: []byte("tags: 3\nparameters: {a: b}\n")})
	if err != nil {
		t.Fatal(err)
	}
	r := NewFragmentReader("f.yaml", root)
	r.operation(root, "GET", itemKey{path: "/a"}, paramList{})
	want := `f.yaml:1: tags is a number, not a list: write it as a list or remove it
f.yaml:2: parameters is an object, not a list: write it as a list or remove it`
	if err := r.Err(); err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
	r = NewReader("f.yaml", root, OpenAPI30)
	r.operation(root, "GET", itemKey{path: "/a"}, paramList{})
	if r.Err() != nil || len(r.Notes()) != 2 {
		t.Errorf("in a document: error %v, notes %v", r.Err(), r.Notes())
	}
}

func TestMissingPartsAreReadAsEmpty(t *testing.T) {
	r := NewFragmentReader("overlay.yaml", &source.Node{Kind: source.Object})
	r.schema(nil, &claim.Schema{}, 0)
	readMedia(nil, r, "a/b")
	readResponse(nil, r, "200", nil)
	readHeader(nil, r, "X")
	ReadDocument(nil, r)
	if r.requestBody(nil) != nil || readSecurityScheme(nil, r, "x") != nil || r.Err() != nil || r.Notes() != nil {
		t.Error("something was read")
	}
}

// A normalized document keeps findings in extensions, which the next run reads.
func TestOwnExtensionsAreKept(t *testing.T) {
	const text = `openapi: 3.0.3
paths:
  /a:
    get:
      x-auditgen-operation-id: com.x.a
      parameters: [{name: p, in: query, x-auditgen-filled: by hand, schema: {type: integer, x-auditgen-time: unix-milli}}]
      requestBody: {x-auditgen-b: 1, content: {a/b: {x-auditgen-m: 1}}}
      responses: {200: {x-auditgen-r: 1, headers: {H: {x-auditgen-h: 1}}}}
`
	got := readToText([]byte(text))
	for _, name := range []string{"operation-id", "filled", "time", "b", "m", "r", "h"} {
		if !strings.Contains(got, " x-auditgen-"+name+"=") {
			t.Errorf("x-auditgen-%s is lost", name)
		}
	}
	if strings.Contains(got, "note") {
		t.Error(got)
	}
}
