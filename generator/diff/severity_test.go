package diff

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// sides returns the packages that two documents make.
func sides(t testing.TB, old, new string) (before, after Side) {
	t.Helper()
	input := func(text string) generator.Input {
		return generator.Input{Package: "api", Sources: []generator.SourceInput{{Kind: claim.OpenAPI, File: source.File{Name: "api.yaml", Data: []byte(text)}}}}
	}
	x, y, errs := Both(input(old), input(new), false)
	if err := errors.Join(errs[:]...); err != nil {
		t.Fatal(err)
	}
	return Side{Output: x}, Side{Output: y}
}

// Each case is one change of testdata/old.yaml and the line it has to give. Every case runs in both
// directions, and whatever it is, it breaks if and only if apidiff by itself finds an incompatible
// change or a rule about the wire says so.
var severities = []struct {
	name     string
	old, new string
	kind     Kind
	there    Severity // from old to new
	back     Severity // from new to old
}{
	{"an optional parameter", "        - {in: query, name: sort,", "        - {in: query, name: extra, schema: {type: string}}\n        - {in: query, name: sort,", ParameterAdded, Compatible, Breaking},
	{"a required parameter", "        - {in: query, name: sort,", "        - {in: query, name: extra, required: true, schema: {type: string}}\n        - {in: query, name: sort,", ParameterAdded, Breaking, Breaking},
	{"a parameter becomes required and plain", "name: page, schema", "name: page, required: true, schema", Required, Breaking, Breaking},
	{"a parameter becomes required and its type stays", "name: sort, schema", "name: sort, required: true, schema", Required, Breaking, Compatible},
	{"a parameter is spelled in another case", "name: customer-id", "name: customer_id", ParameterRenamed, Compatible, Compatible},
	{"the type of a parameter", "name: sort, schema: {type: string}", "name: sort, schema: {type: boolean}", Type, Breaking, Breaking},
	{"a default", "default: 50", "default: 60", Default, Compatible, Compatible},
	{"a format without a Go type", "format: double", "format: float", Format, None, None},
	{"the encoding of a time", "unix-milli", "jira", TimeFormat, Compatible, Compatible},
	{"a value of an enum that is sent", "[open, closed, lost]", "[open, closed, lost, sent]", EnumAdded, Compatible, Breaking},
	{"a value of an enum that is received", "[red, green]", "[red, green, blue]", EnumAdded, Compatible, Breaking},
	{"a description", "Who buys.", "Who has bought.", Text, None, None},
	{"an operationId that is spelled out", "operationId: deleteOrder", "operationId: com.example.Orders.deleteOrder", OperationID, None, None},
	{"an operationId that names another method", "operationId: deleteOrder", "operationId: removeOrder", OperationID, None, None},
	{"a path that grows in front", "  /export:", "  /api/export:", OperationMoved, Compatible, Compatible},
	{"a member of an answer", "        weight: {type: number}\n", "        weight: {type: number}\n        height: {type: number}\n", MemberAdded, Compatible, Breaking},
	{"a member may be null", "comment: {type: string}", "comment: {type: string, nullable: true}", Nullable, Compatible, Compatible},
	{"the type of a member", "weight: {type: number}", "weight: {type: string}", Type, Breaking, Breaking},
	{"a member that has to be sent", "    NewOrder:\n      type: object\n", "    NewOrder:\n      type: object\n      required: [what]\n", Required, Breaking, Compatible},
	{"a member that is always received", "required: [id]", "required: [id, made]", Required, Compatible, Compatible},
	{"a body where there was none", "      operationId: deleteOrder\n", "      operationId: deleteOrder\n      requestBody: {content: {application/json: {schema: {type: string}}}}\n", BodyAdded, Breaking, Breaking},
	{"an answer with a body", "204: {description: Gone.}", "204: {description: Gone.}\n        200: {description: Gone., content: {application/json: {schema: {type: string}}}}", ResponseAdded, Breaking, Breaking},
	{"an error", "404: {description: No such customer.}", "404: {description: No such customer.}\n        410: {description: Gone.}", ResponseAdded, Compatible, Compatible},
	{"a scope more", "security: [{token: []}]", "security: [{token: [], oauth2: [read]}]", Security, Breaking, Compatible},
	{"another way to sign in", "security: [{token: []}]", "security: [{token: []}, {oauth2: [read]}]", Security, Compatible, Breaking},
	{"a deprecated operation", "operationId: deleteOrder", "operationId: deleteOrder\n      deprecated: true", Deprecated, Compatible, None},
	{"an array becomes one value", "tags, explode: true, schema: {type: array, items: {type: string}}", "tags, explode: true, schema: {type: string}", Type, Breaking, Breaking},
}

func TestSeveritiesAreThoseOfACaller(t *testing.T) {
	data, err := os.ReadFile("testdata/old.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text, real := string(data), exports(t)
	cases := severities
	if testing.Short() {
		cases = cases[:4] // the race detector has seen it all by then
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if strings.Count(text, c.old) != 1 {
				t.Fatalf("%q is in testdata/old.yaml %d times", c.old, strings.Count(text, c.old))
			}
			changed := strings.Replace(text, c.old, c.new, 1)
			for _, way := range []struct {
				name     string
				old, new string
				want     Severity
			}{{"there", text, changed, c.there}, {"back", changed, text, c.back}} {
				before, after := sides(t, way.old, way.new)
				p, err := Compare("api", before, after)
				if err != nil {
					t.Fatal(err)
				}
				r := &Report{Packages: []*Package{p}}
				var out strings.Builder
				if err := r.Text(&out); err != nil {
					t.Fatal(err)
				}
				if len(p.Changes) == 0 || p.Changes[0].Severity != way.want {
					t.Errorf("%s: want %s, got\n%s", way.name, way.want, &out)
				}
				if way.name == "there" && !slices.ContainsFunc(p.Changes, func(line *Change) bool { return line.Kind == c.kind }) {
					t.Errorf("want a line of kind %s, got\n%s", c.kind, &out)
				}
				byWire := slices.ContainsFunc(p.Changes, func(line *Change) bool { return line.Severity == Breaking && !slices.ContainsFunc(line.Go, isBreak) })
				byGo := incompatible(t, real, before.Output.Files, after.Output.Files)
				if breaks := r.Count(Breaking) > 0; breaks != (byGo || byWire) {
					t.Errorf("%s: apidiff says incompatible: %v, the report\n%s", way.name, byGo, &out)
				}
				if found := slices.ContainsFunc(p.Changes, func(line *Change) bool { return slices.ContainsFunc(line.Go, isBreak) }); found != byGo {
					t.Errorf("%s: apidiff by itself says incompatible: %v, the report\n%s", way.name, byGo, &out)
				}
			}
		})
	}
}

func isBreak(g GoChange) bool { return !g.Compatible }

func TestNothingHasChangedBetweenAPackageAndItself(t *testing.T) {
	files, err := filepath.Glob("../../golden/*/input/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no documents: %v", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		in := generator.Input{Package: "api", Sources: []generator.SourceInput{{Kind: claim.OpenAPI, File: source.File{Name: file, Data: data}}}}
		one, err := generator.Generate(in)
		if err != nil {
			continue // an overlay, or a fragment that needs another document
		}
		again, err := generator.Generate(in)
		if err != nil {
			t.Fatal(err)
		}
		p, err := Compare("api", Side{Output: one}, Side{Output: again})
		if err != nil || len(p.Changes) > 0 {
			t.Errorf("%s: %v: %d changes", file, err, len(p.Changes))
		}
	}
}

// A package that lies in a folder may come from another auditgen: what it exports, and what is
// generated today, may differ where the document does not.
func TestWhatOnlyTheGoAPISaysHasALineOfItsOwn(t *testing.T) {
	data, err := os.ReadFile("testdata/old.yaml")
	if err != nil {
		t.Fatal(err)
	}
	before, today := sides(t, string(data), string(data))
	before.Code = append(slices.Clone(before.Output.Files), generator.File{Name: "runtime_old.go", Data: []byte("package api\n\nfunc (c *Client) Ping() error { return nil }\n\ntype Pong struct{}\n")})
	p, err := Compare("api", before, today)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := (&Report{Packages: []*Package{p}}).Text(&out); err != nil {
		t.Fatal(err)
	}
	want := "breaking    api: Go API only; Go: (*Client).Ping: removed\nbreaking    api: Go API only; Go: Pong: removed\n" +
		"2 breaking, 0 compatible, 0 none; version step: major (minor while the version is v0)\n"
	if got := out.String(); got != want {
		t.Errorf("want\n%s\ngot\n%s", want, got)
	}
}
