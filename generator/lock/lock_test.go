package lock_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed-1954497d/auditgen/generator/lock"
	"github.com/seed-1954497d/auditgen/generator/source"
)

const hash = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"

var example = lock.File{
	Packages: []lock.Package{{Package: "confluence", Operations: []lock.Operation{
		{Method: "GET", Path: "/audit/{id}", Name: "Yes", Removed: true},
		{Method: "POST", Path: "/audit", Name: "CreateAuditRecord", Instead: map[string]string{"CreateAuditRecordRequest": "CreateAuditRecordRequest2"}},
		{Method: "GET", Path: "/audit", Name: "GetAuditRecords", Parameters: []string{"query start", "query limit"}, Answers: []string{"results", "200 application/json"}},
	}, Models: []lock.Model{{Name: "Yes", Held: lock.ByValue}, {Name: "Space", Held: lock.ByPointer}}}},
	Sources: []lock.Source{{Path: "spec/audit.yaml", URL: "https://example.com/audit.yaml", ETag: `W/"1"`, LastModified: "Sat, 21 Nov 2026 03:15:00 GMT",
		SHA256: hash, Size: 1234, Fetched: time.Date(2026, 11, 21, 3, 15, 0, 0, time.UTC), Version: "1.0", Auditgen: "v0.1.0"}},
}

const exampleText = `# What auditgen has to remember between runs: the Go name of each operation, and the documents it fetched.
# Commit it beside the configuration. auditgen writes it; to give an operation another name, change the name here.
version: 1
packages:
- package: confluence
  operations:
  - method: GET
    path: /audit
    name: GetAuditRecords
    parameters: [query limit, query start]
    answers: [200 application/json, results]
  - method: POST
    path: /audit
    name: CreateAuditRecord
    instead:
      CreateAuditRecordRequest: CreateAuditRecordRequest2
  - method: GET
    path: /audit/{id}
    name: "Yes"
    removed: true
  models:
    Space: pointer
    "Yes": value
sources:
- path: spec/audit.yaml
  url: https://example.com/audit.yaml
  etag: W/"1"
  last_modified: Sat, 21 Nov 2026 03:15:00 GMT
  sha256: ` + hash + `
  size: 1234
  fetched: '2026-11-21T03:15:00Z'
  version: '1.0'
  auditgen: v0.1.0
`

func TestALockIsWrittenInOneOrder(t *testing.T) {
	if diff := cmp.Diff(exampleText, string(example.Bytes())); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestALockIsReadWithItsPositions(t *testing.T) {
	got, err := lock.Parse(source.File{Name: "auditgen.lock", Data: []byte(exampleText)})
	if err != nil {
		t.Fatal(err)
	}
	at := func(line int) source.Position { return source.Position{File: "auditgen.lock", Line: line} }
	want := &lock.File{Packages: []lock.Package{{Package: "confluence", Pos: at(5), Operations: []lock.Operation{
		{Method: "GET", Path: "/audit", Name: "GetAuditRecords", Parameters: []string{"query limit", "query start"}, Answers: []string{"200 application/json", "results"}, Pos: at(9)},
		{Method: "POST", Path: "/audit", Name: "CreateAuditRecord", Instead: map[string]string{"CreateAuditRecordRequest": "CreateAuditRecordRequest2"}, Pos: at(14)},
		{Method: "GET", Path: "/audit/{id}", Name: "Yes", Removed: true, Pos: at(19)},
	}, Models: []lock.Model{{Name: "Space", Held: lock.ByPointer}, {Name: "Yes", Held: lock.ByValue}}}}, Sources: []lock.Source{example.Sources[0]}}
	want.Sources[0].Pos = at(25)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestAPackageIsFoundByItsFolderAndElseByItsName(t *testing.T) {
	f := lock.File{Packages: []lock.Package{{Package: "a"}, {Package: "a", Folder: "v2"}, {Package: "b", Folder: "x"}}}
	for _, c := range []struct {
		name, folder string
		want         *lock.Package
	}{{"a", "v2", &f.Packages[1]}, {"a", "v3", nil}, {"b", "y", &f.Packages[2]}, {"b", "x", &f.Packages[2]}, {"c", "x", &f.Packages[2]}, {"c", "y", nil}} {
		if got := f.Find(c.name, c.folder); got != c.want {
			t.Errorf("Find(%q, %q) = %v, want %v", c.name, c.folder, got, c.want)
		}
	}
	if got := example.Source("./spec/audit.yaml"); got != &example.Sources[0] {
		t.Errorf("Source returns %v", got)
	}
}

// operation returns a lock with one operation, in which key has the given value.
func operation(key, value string) string {
	values := map[string]string{"method": "GET", "path": "/audit", "name": "GetAudit"}
	values[key] = value
	text := "version: 1\npackages:\n- package: p\n  operations:\n  -"
	for _, k := range []string{"method", "path", "name", "removed", "parameters", "answers", "instead", "out"} {
		if v := values[k]; v != "" {
			text += " " + k + ": " + v + "\n   "
		}
	}
	return text + "\n"
}

// fetched returns a lock with one document, in which key has the given value.
func fetched(key, value string) string {
	values := map[string]string{"path": "a.yaml", "url": "https://example.com/", "sha256": hash, "size": "1", "fetched": "2026-11-21T03:15:00Z"}
	values[key] = value
	text := "version: 1\nsources:\n-"
	for _, k := range []string{"path", "url", "etag", "sha256", "size", "fetched", "version"} {
		if v := values[k]; v != "" {
			text += " " + k + ": " + v + "\n "
		}
	}
	return text + "\n"
}

func TestAnInvalidLockIsRefused(t *testing.T) {
	const first = "l:5: packages[0].operations[0]"
	for name, c := range map[string]struct{ text, want string }{
		"code in a name":                  {operation("name", `"X; func init(){}"`), `l:7: packages[0].operations[0].name: "X; func init(){}" is not an exported Go identifier: write one such as GetAuditRecords`},
		"a Go keyword as name":            {operation("name", "func"), `l:7: packages[0].operations[0].name: "func" is not an exported Go identifier: write one such as GetAuditRecords`},
		"a name too long":                 {operation("name", strings.Repeat("A", 300)), `l:7: packages[0].operations[0].name: "` + strings.Repeat("A", 100) + `…" is not an exported Go identifier: write one such as GetAuditRecords`},
		"a path with ..":                  {operation("path", "../../x"), `l:6: packages[0].operations[0].path: "../../x" is not the path of an operation: start it with a slash`},
		"a line break in a path":          {operation("path", `"/a\nb"`), `l:6: packages[0].operations[0].path: "/a\nb" is not the path of an operation: start it with a slash`},
		"an unknown method":               {operation("method", "EVIL"), first + `.method: "EVIL" is not the method of an operation: write one of GET, PUT, POST, DELETE, PATCH, HEAD, OPTIONS, TRACE`},
		"an unknown key":                  {operation("out", "../../"), `l:8: packages[0].operations[0]: unknown key "out": use one of method, path, name, removed, parameters, answers, instead`},
		"code in instead":                 {operation("instead", `{A: "X()"}`), `l:8: packages[0].operations[0].instead.A: "X()" is not an exported Go identifier: write one such as GetAuditRecords`},
		"code as key of instead":          {operation("instead", `{"A()": X}`), `l:8: packages[0].operations[0].instead: "A()" is not an exported Go identifier: write one such as GetAuditRecords`},
		"a number as a name":              {operation("name", "1"), "l:7: packages[0].operations[0].name: expected a string, found a number: write it in quotes"},
		"operations without name":         {"version: 1\npackages:\n- package: p\n  operations:\n  - {method: GET, path: /a}\n  - {method: GET, path: /a}\n", first + ": the key name is missing: add it\nl:6: packages[0].operations[1]: the key name is missing: add it"},
		"operations are a number":         {"version: 1\npackages:\n- {package: p, operations: 3}\n", "l:3: packages[0].operations: expected a list, found a number: start each item with a dash"},
		"removed is a text":               {operation("removed", "maybe"), `l:8: packages[0].operations[0].removed: expected true or false, found a string: write true or remove it`},
		"numbers as parameters":           {operation("parameters", "[1]"), `l:8: packages[0].operations[0].parameters[0]: this is not a short string: remove it and run auditgen generate`},
		"out for a package":               {"version: 1\npackages:\n- {package: p, out: ../../x}\n", `l:3: packages[0]: unknown key "out": use one of package, folder, operations, models`},
		"code as the name of a model":     {"version: 1\npackages:\n- {package: p, models: {'X()': value}}\n", `l:3: packages[0].models: "X()" is not an exported Go identifier: write one such as GetAuditRecords`},
		"a model held by anything":        {"version: 1\npackages:\n- {package: p, models: {X: slice}}\n", `l:3: packages[0].models.X: "slice" is not how a model is held: write value or pointer`},
		"models are a list":               {"version: 1\npackages:\n- {package: p, models: [X]}\n", `l:3: packages[0].models: expected an object, found an array: remove it`},
		"a folder with ..":                {"version: 1\npackages:\n- {package: p, folder: ../x}\n", `l:3: packages[0].folder: "../x" leaves its folder by ..: give a path below the folder of the configuration`},
		"a package twice":                 {"version: 1\npackages:\n- package: p\n- package: p\n", `l:4: packages[1]: the package p is already in line 3: remove one of them`},
		"no version":                      {"packages: []\n", "l:1: version: this is not a lock of version 1: use the auditgen that wrote it, or delete it and run auditgen generate"},
		"a later version":                 {"version: 2\n", "l:1: version: this is not a lock of version 1: use the auditgen that wrote it, or delete it and run auditgen generate"},
		"a list":                          {"- version\n", "l:1: expected an object, found an array: give it the keys version, packages, sources"},
		"nothing":                         {"", "l: the document is empty: give a document with content"},
		"a file with ..":                  {fetched("path", "../a.yaml"), `l:3: sources[0].path: "../a.yaml" leaves its folder by ..: give a path below the folder of the configuration`},
		"an absolute file":                {fetched("path", "/etc/passwd"), `l:3: sources[0].path: "/etc/passwd" is absolute: give a path below the folder of the configuration`},
		"a device":                        {fetched("path", "a/CON"), `l:3: sources[0].path: "CON" is the name of a device on Windows: give another name`},
		"a NUL in a file":                 {fetched("path", `"a\0b"`), `l:3: sources[0].path: "a\x00b" contains a character that cannot be printed: give another name`},
		"no file":                         {fetched("path", "./"), `l:3: sources[0].path: "./" does not name a file: copy the path from the configuration`},
		"an invalid hash":                 {fetched("sha256", "abc"), `l:5: sources[0].sha256: "abc" is not a SHA-256: run auditgen update`},
		"a negative size":                 {fetched("size", "-1"), `l:6: sources[0].size: this is not the size of a document: run auditgen update`},
		"another time zone":               {fetched("fetched", "2026-11-21T03:15:00+01:00"), `l:7: sources[0].fetched: "2026-11-21T03:15:00+01:00" is not a time: write it in the form 2006-01-02T15:04:05Z`},
		"a file as a URL":                 {fetched("url", "file:///etc/passwd"), `l:4: sources[0].url: "file:///etc/passwd" is not the URL of a document: copy it from the configuration`},
		"a password in a URL":             {fetched("url", "https://a:b@example.com/"), `l:4: sources[0].url: "https://a:b@example.com/" is not the URL of a document: copy it from the configuration`},
		"a header in an ETag":             {fetched("etag", `"a\r\nX: b"`), `l:5: sources[0].etag: "a\r\nX: b" contains a control character: remove it and run auditgen update`},
		"an operation twice":              {operation("name", "A") + "  - {method: GET, path: /audit, name: B}\n", `l:9: packages[0].operations[1]: GET /audit is already in line 5: remove one of them`},
		"a name twice":                    {operation("name", "A") + "  - {method: PUT, path: /audit, name: A}\n", `l:9: packages[0].operations[1].name: the name A is already in line 7: remove one of them`},
		"a conflict marker of git":        {"version: 1\n<<<<<<< HEAD\npackages: []\n=======\n", "l:2: a merge conflict was left in the lock: keep the entries of both sides, remove the lines with <<<<<<<, ======= and >>>>>>>, and run auditgen generate"},
		"the last conflict marker of git": {"version: 1\r\n>>>>>>> other\r\n", "l:2: a merge conflict was left in the lock: keep the entries of both sides, remove the lines with <<<<<<<, ======= and >>>>>>>, and run auditgen generate"},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := lock.Parse(source.File{Name: "l", Data: []byte(c.text)})
			if err == nil {
				t.Fatalf("it was accepted: %+v", f)
			}
			if diff := cmp.Diff(c.want, err.Error()); diff != "" {
				t.Errorf("(-want +got)\n%s\nof\n%s", diff, c.text)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(exampleText))
	f.Add([]byte(operation("instead", "{A: B}")))
	f.Add([]byte(operation("path", `"/a\u2028{b} # c: d"`)))
	f.Add([]byte(operation("parameters", `["query:a, b", "\x85", "null", "1", "- a", ""]`)))
	f.Add([]byte(fetched("version", `"1: 2"`)))
	f.Fuzz(func(t *testing.T, data []byte) {
		first, err := lock.Parse(source.File{Name: "first", Data: data})
		if err != nil {
			return
		}
		text := first.Bytes()
		second, err := lock.Parse(source.File{Name: "second", Data: text})
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, text)
		}
		if diff := cmp.Diff(first, second, cmpopts.IgnoreTypes(source.Position{})); diff != "" {
			t.Errorf("(-first +second)\n%s\n%s", diff, text)
		}
		if again := second.Bytes(); string(again) != string(text) {
			t.Errorf("written twice, it differs:\n%s\n%s", text, again)
		}
	})
}
