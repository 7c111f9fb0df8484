package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// listing is a document with one listing. Its answer is an array of items, or has members.
func listing(path, parameters, answer string) string {
	return fmt.Sprintf(`openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  %s:
    get:
      operationId: listThings
      parameters: [%s]
      responses: {'200': {description: Things., content: {application/json: {schema: %s}}}}
components: {schemas: {Thing: {type: object, properties: {id: {type: string}, name: {type: string}, created: {type: string, format: date-time}}}}}
`, path, parameters, answer)
}

const (
	thingArray = "{type: array, items: {$ref: '#/components/schemas/Thing'}}"
	pageNumber = "{in: query, name: page, schema: {type: integer}}"
	perPage    = "{in: query, name: per_page, schema: {type: integer}}"
)

func answerWith(members string) string { return "{type: object, properties: {" + members + "}}" }

func TestAnActionThatExplainPrintsMakesAPager(t *testing.T) {
	for name, c := range map[string]struct{ spec, note, action string }{
		"a bare array by page": {
			listing("/things", pageNumber+", "+perPage, thingArray),
			"it takes the page number page, and nothing says whether the first page is 0 or 1",
			`  - target: $.paths['/things'].get
    description: "it takes the page number page, and nothing says whether the first page is 0 or 1"
    update:
      x-auditgen-paging:
        page: page
        first: 1 # or 0: ask for both pages and compare
        limit: per_page
`},
		"a page whose first number is unknown": {
			listing("/things", pageNumber, answerWith("items: "+thingArray+", last: {type: boolean}, totalPages: {type: integer}")),
			"it takes the page number page, and nothing says whether the first page is 0 or 1",
			`  - target: $.paths['/things'].get
    description: "it takes the page number page, and nothing says whether the first page is 0 or 1"
    update:
      x-auditgen-paging:
        page: page
        first: 1 # or 0: ask for both pages and compare
        last: last
        pages: totalPages
`},
		"a cursor of an array": {
			listing("/things", "{in: query, name: 'page[cursor]', schema: {type: string}}", thingArray),
			"it takes the cursor page[cursor], and nothing says where an answer has the next one",
			`  - target: $.paths['/things'].get
    description: "it takes the cursor page[cursor], and nothing says where an answer has the next one"
    update:
      x-auditgen-paging:
        cursor: page[cursor]
        header: Link # the header that has the next cursor or address
`},
		"a cursor that comes back under an unusual name": {
			listing("/things", "{in: query, name: cursor, schema: {type: string}}", answerWith("items: "+thingArray+", whatComes: {type: string}")),
			"it takes the cursor cursor, and nothing says where an answer has the next one",
			`  - target: $.paths['/things'].get
    description: "it takes the cursor cursor, and nothing says where an answer has the next one"
    update:
      x-auditgen-paging:
        cursor: cursor
        next: whatComes # the member that has the next cursor, or header: the header that has it
`},
		"several arrays": {
			listing("/things", "{in: query, name: offset, schema: {type: integer}}", answerWith("apples: "+thingArray+", pears: "+thingArray)),
			"it asks for a page, and its answer has several arrays: apples, pears",
			`  - target: $.paths['/things'].get
    description: "it asks for a page, and its answer has several arrays: apples, pears"
    update:
      x-auditgen-paging:
        items: apples # or pears
`},
		"names that YAML and JSONPath quote": {
			listing(`"/o'brien/{id}/on: 1"`, "{in: path, name: id, required: true, schema: {type: string}}, {in: query, name: '@page', schema: {type: integer}}", thingArray),
			"it takes the page number @page, and nothing says whether the first page is 0 or 1",
			`  - target: "$.paths['/o\\'brien/{id}/on: 1'].get"
    description: "it takes the page number @page, and nothing says whether the first page is 0 or 1"
    update:
      x-auditgen-paging:
        page: "@page"
        first: 1 # or 0: ask for both pages and compare
`},
	} {
		t.Run(name, func(t *testing.T) {
			client, notes := pasted(t, c.spec, "This action of an overlay makes a pager. Check what its comments say.\n\n", c.action)
			if !strings.Contains(client, "ThingsPager(") {
				t.Errorf("the client has no pager:\n%s", client)
			}
			if !strings.Contains(notes, ": "+c.note+": no pager; auditgen explain \"GET ") {
				t.Errorf("generate notes %s", notes)
			}
		})
	}
}

func TestAnActionThatExplainPrintsMakesAListingFollowed(t *testing.T) {
	spec := listing("/things", "{in: query, name: cursor, schema: {type: string}}, {in: query, name: from, schema: {type: string, format: date-time}}, "+
		"{in: query, name: to, schema: {type: string, format: date-time}}", answerWith("items: "+thingArray+", next_cursor: {type: string}"))
	client, notes := pasted(t, spec, "This action of an overlay makes it one that can be followed. Check what its comments say.\n\n", `  - target: $.paths['/things'].get
    description: "nothing says whether it is a log that grows"
    update:
      x-auditgen-follow:
        time: created
        from: from # is that moment included?
        to: to # is that moment included?
        id: id
        order: newest # or oldest: which item is the first of an answer
`)
	if !strings.Contains(client, ") FollowThings(ctx context.Context, params *ListThingsParams, from rest.Checkpoint,") {
		t.Errorf("the client does not follow:\n%s", client)
	}
	if notes != "" {
		t.Errorf("most listings need not be followed, and generate notes %s", notes)
	}
}

// pasted compares the action that explain prints behind a text with the wanted one, pastes it into
// an overlay, and generates without and with it. It returns the operations of the client with the
// overlay, and the notes without it.
func pasted(t *testing.T, spec, behind, want string) (client, notes string) {
	t.Helper()
	t.Chdir(t.TempDir())
	writeFile(t, "go.mod", []byte(goMod))
	writeFile(t, "spec.yaml", []byte(spec))
	generate := func(more ...string) (stderr string) {
		t.Helper()
		var out, errs bytes.Buffer
		args := append([]string{"generate", "--spec", "spec.yaml", "--package", "things", "--out", "things"}, more...)
		if status := run(args, strings.NewReader(""), &out, &errs); status != done {
			t.Fatalf("%v: exit %d: %s%s", args, status, &out, &errs)
		}
		return errs.String()
	}
	notes = generate()
	_, action, found := strings.Cut(command(t, done, "explain", "--spec", "spec.yaml", "listThings"), behind)
	if diff := cmp.Diff(want, action); !found || diff != "" {
		t.Fatalf("explain (-want +got)\n%s", diff)
	}
	writeFile(t, "overlay.yaml", []byte("overlay: 1.0.0\ninfo: {title: Ours, version: 1.0.0}\nactions:\n"+action))
	if again := generate("--overlay", "overlay.yaml"); strings.Contains(again, "no pager") {
		t.Errorf("with the overlay, generate notes %s", again)
	}
	files, err := filepath.Glob("things/*.gen.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		client += string(data)
	}
	return client, notes
}
