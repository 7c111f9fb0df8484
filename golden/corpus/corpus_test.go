package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func writeFiles(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestDocumentsAreFoundByTheirContent(t *testing.T) {
	dir := writeFiles(t, map[string]string{
		"a/swagger.txt":            "---\nswagger: \"2.0\"\npaths: {}\n",
		"a/new.yaml":               "# a comment\nopenapi: 3.1.0\n",
		"a/oneline.json":           `{"info":{},"openapi":"3.0.1","paths":{}}`,
		"a/Page 1.txt":             "Get audit records\nGET /audit\nIt is written with openapi: the format.\n",
		"a/collection.json":        `{"info": {"schema": "https://schema.getpostman.com/"}}`,
		"a/overlay.yaml":           "overlay: 1.0.0\nactions: []\nextends: {openapi: 3.0.0}\n",
		"a/readme.md":              "openapi: 3.0.0\n",
		"a/page1.YML":              "openapi: 3.0.0\n",
		".hidden/new.yaml":         "openapi: 3.0.0\n",
		"out/auditgen.manifest":    "",
		"out/openapi.yaml":         "openapi: 3.0.0\n",
		"config/auditgen.yaml":     "packages:\n  - package: one\n    out: x\n  - {package: page1, out: y}\n",
		"config/input/new.yaml":    "openapi: 3.0.0\n",
		"config/input/overlay.yml": "overlay: 1.0.0\n",
	})
	docs, err := find([]string{dir, filepath.Join(dir, "a")})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, d := range docs {
		name, err := filepath.Rel(dir, d.file)
		if err != nil {
			t.Fatal(err)
		}
		got[strings.TrimSpace(filepath.ToSlash(name)+" "+d.api)] = string(d.kind) + " " + d.folder()
	}
	want := map[string]string{
		"a/swagger.txt": "specification pswagger", "a/new.yaml": "specification pnew", "a/oneline.json": "specification poneline", "a/Page 1.txt": "reference ppage1",
		"a/collection.json": "reference pcollection", "a/page1.YML": "specification ppage1_2",
		"config/auditgen.yaml one": "configuration one", "config/auditgen.yaml page1": "configuration page1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if _, err := find([]string{t.TempDir()}); err == nil {
		t.Error("an empty folder is accepted as a corpus")
	}
}

func TestARefusalIsNotAFailure(t *testing.T) {
	exit := func(status string) error { return exec.Command("sh", "-c", "exit "+status).Run() }
	for name, c := range map[string]struct {
		err             error
		stdout, stderr  string
		refused, failed bool
	}{
		"success":                   {nil, "3", "", false, false},
		"success, malformed output": {nil, "many", "", false, true},
		"a finding":                 {exit("2"), "", "a.yaml:3: paths: this is a list: write an object", true, false},
		"several":                   {exit("2"), "", "a.yaml:3: paths: bad: mend it\na.yaml: worse: mend it", true, false},
		"no output":                 {exit("2"), "", "", false, true},
		"an error of the runner":    {exit("2"), "", "corpus: something broke", false, true},
		"Go that cannot be printed": {exit("2"), "", "p: package p: emit: model: \"x\" is no exported Go identifier", false, true},
		"a panic":                   {exit("2"), "", "panic: oh\n\ngoroutine 1 [running]:", false, true},
		"another status":            {exit("1"), "", "a.yaml:3: paths: this is a list: write an object", false, true},
	} {
		d := new(document)
		d.judge(c.err, c.stdout, c.stderr)
		if got := d.refusal != ""; got != c.refused || d.failed() != c.failed {
			t.Errorf("%s: refused %v, failed %v: %q", name, got, d.failed(), d.failures)
		}
		if name == "done" && d.gaps != 3 {
			t.Errorf("%d gaps, want 3", d.gaps)
		}
	}
}

func TestComplaintsOfTheGoCommandAreAssignedToPackages(t *testing.T) {
	docs := []*document{{pack: "a"}, {pack: "b", place: "_2"}, {pack: "c"}}
	out := "# corpus/clients/b_2\nclients/b_2/x.go:1:2: undefined: y\nclients/b_2/x.go:2:2: undefined: z\n# corpus/clients/c\n# [corpus/clients/c]\nclients/c/x.go:1:2: unreachable code\n"
	if !blame(docs, "build", out) {
		t.Error("nobody is to blame")
	}
	want := [][]string{nil, {"go build: clients/b_2/x.go:1:2: undefined: y\nclients/b_2/x.go:2:2: undefined: z"}, {"go build: clients/c/x.go:1:2: unreachable code"}}
	if diff := cmp.Diff(want, [][]string{docs[0].failures, docs[1].failures, docs[2].failures}); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if blame(docs, "build", "go: no such module\n") {
		t.Error("a package is to blame for the module")
	}
}

// The complete run, with a document that works, one that is refused, and a page.
func TestTheCorpusIsGeneratedBuiltAndCalled(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds clients")
	}
	dir := writeFiles(t, map[string]string{
		"good.yaml": `openapi: 3.0.3
info: {title: Things, version: "1"}
paths:
  /things/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: q, in: query, schema: {type: integer}}
      responses:
        "200": {description: Things., content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
    delete:
      responses: {"204": {description: Gone.}}
components:
  schemas:
    Thing: {type: object, properties: {name: {type: string}, parts: {type: array, items: {$ref: "#/components/schemas/Thing"}}}}
`,
		"bad.yaml": "openapi: 3.0.3\npaths: [no]\n",
	})
	var out strings.Builder
	failures, err := run(&out, []string{dir}, options{once: true, unvetted: true})
	if err != nil || failures != 0 || !strings.Contains(out.String(), "1 ok, 1 refused, 0 failed") {
		t.Errorf("%d failures, %v\n%s", failures, err, &out)
	}
}
