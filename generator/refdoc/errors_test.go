package refdoc

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

const tableColumns = "Name | Type | Required | Description |\n---|---|---|---|\n"

// badDocuments is one document for each thing that can be wrong.
var badDocuments = []struct {
	name  string
	kind  claim.Kind
	input string
}{
	{"empty", claim.Reference, " \n\n"},
	{"not UTF-8", claim.Reference, "GET\n\xff\n"},
	{"broken JSON", claim.Reference, "{\n\"a\": 1,\n}\n"},
	{"a specification", claim.Reference, "---\nswagger: \"2.0\"\npaths: {}\n"},
	{"a specification as JSON", claim.Reference, "{\n\"openapi\": \"3.0.0\"}"},
	{"an overlay", claim.Reference, "overlay: 1.0.0\n"},
	{"a kind that is no reference", claim.OpenAPI, "{}"},
	{"a page without operations", claim.Reference, "Things\n\nThings are useful.\n"},
	{"a page with a menu only", claim.Page, "GET\nList things\nPOST\nMake a thing\n"},
	{"two parameters of one name", claim.Page, "GET\nList\nRequest\nQuery parameters\nq\nstring\nlimit\ninteger\nq\narray<integer>\nGET/things\n"},
	{"two members of one name", claim.Page, "PUT\nSet\nRequest\nRequest bodyapplication/json\na\nstring\na\nThing\nPUT/things\n"},
	{"several at once", claim.Page, "GET\nList\nRequest\nq\nstring\nResponses\n200 OK\nReturned.\n200 OK\nReturned.\nGET/things\n200Response\n1 {\"a\": }\nPOST\nMake\nRequest\n"},
	{"an answer without a status behind another", claim.Page, "GET\nList\nResponses\nReturned if so.\ntext/csv\nReturned if not.\nGET/things\n"},
	{"one operation with two paths", claim.Page, "GET\nList\nGET/things\nGET/others\n"},
	{"a method and a path line that disagree", claim.Page, "GET\nList\nPUT/things\n"},
	{"one operation twice", claim.Page, "GET\nList\nGET/things\nGET\nList\nGET/things\n"},
	{"a sample of a body that is nested too deep", claim.Page, "PUT\nSet\nPUT/things\nbodyData = `" + strings.Repeat("[", 500) + strings.Repeat("]", 500) + "`\n"},
	{"a table without an operation", claim.Reference, "Query parameters\n" + tableColumns + "q | String | No | |\n"},
	{"a table of no known kind", claim.Table, "GET /things\nColours\n" + tableColumns + "red | String | No | |\n"},
	{"two rows of one name", claim.Table, "PUT /things\nRequest body fields\n" + tableColumns + "a | String | No | |\na | Integer | No | |\n"},
	{"a row with an empty name part", claim.Table, "PUT /things\nRequest body fields\n" + tableColumns + "a..b | String | No | |\n"},
	{"a collection without items", claim.Reference, `{"info": {}, "item": []}`},
	{"an item without a URL", claim.Reference, `{"info": {}, "item": [{"name": "List", "request": {"method": "GET"}}]}`},
	{"an item with a strange method", claim.Reference, "{\"info\": {}, \"item\": [\n{\"name\": \"List\", \"request\": {\"method\": \"COPY\", \"url\": \"{{u}}/a\"}}]}"},
	{"a saved answer without a status", claim.Reference, "{\"name\": \"List\", \"request\": {\"url\": \"{{u}}/a\"}, \"response\": [\n{\"name\": \"x\"}]}"},
	{"one key with two types", claim.Reference, "{\"request\": {\"url\": {\"raw\": \"{{u}}/a\", \"query\": [\n{\"key\": \"q\", \"value\": \"<string>\"},\n{\"key\": \"q\", \"value\": \"<long>\"}]}}}"},
	{"an item in a page that breaks off", claim.Reference, "Sample\n\n{\n\"request\": {\n\"method\": \"GET\",\n"},
	{"a sample that is no JSON", claim.Sample, "GET /things\n\nyes\n"},
	{"a sample with a head and broken JSON", claim.Reference, "GET /things\n200\n{\n\"a\": tru }\n"},
}

func TestErrorTexts(t *testing.T) {
	var b strings.Builder
	for _, c := range badDocuments {
		fmt.Fprintf(&b, "-- %s --\n", c.name)
		doc, err := Parse(source.File{Name: "doc.txt", Data: []byte(c.input)}, &claim.Source{Kind: c.kind})
		if err == nil {
			for _, n := range doc.Notes {
				fmt.Fprintln(&b, "note:", n)
			}
			if len(doc.Notes) == 0 {
				t.Errorf("%s: no error and no note, but\n%s", c.name, dump(doc, true))
			}
			continue
		}
		_, one := errors.AsType[*source.Error](err)
		if _, many := errors.AsType[source.Errors](err); !one && !many {
			t.Errorf("%s: the error is a %T", c.name, err)
		}
		fmt.Fprintln(&b, err)
	}
	golden(t, "errors", b.String())
}

func TestADocumentBeyondTheLimitIsRefused(t *testing.T) {
	f := source.File{Name: "doc.txt", Data: make([]byte, source.MaxBytes+1)}
	if _, err := Parse(f, &claim.Source{Kind: claim.Page}); err == nil || !strings.Contains(err.Error(), "more than the limit") {
		t.Errorf("the error is %v", err)
	}
}
