package published

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// To test other versions of the documents: go test ./golden/published -confluence FILE -jira FILE.
var (
	confluenceFile = flag.String("confluence", "../../../shared/specs/confluence-2022-01.openapi.json", "the OpenAPI `document` that Atlassian publishes for Confluence")
	jiraFile       = flag.String("jira", "../../../shared/specs/jira-platform-2022-01-13.openapi.json", "the OpenAPI `document` that Atlassian publishes for Jira")
)

// publishedDocument returns a document published by Atlassian. These are not part of the
// repository.
func publishedDocument(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Skipf("the document that Atlassian publishes is not part of the repository; it is expected beside it: %v", err)
	}
	return data
}

// audit lists the packages, their published documents and the paths of the audit logs.
var audit = []struct {
	name  string
	file  *string
	paths []string
}{
	{"confluence", confluenceFile, []string{"/wiki/rest/api/audit", "/wiki/rest/api/audit/export", "/wiki/rest/api/audit/retention", "/wiki/rest/api/audit/since"}},
	{"jira", jiraFile, []string{"/rest/api/3/auditing/record"}},
}

// exception is a published fact that a settled document does not have, and why. It applies to all
// places that contain place.
type exception struct{ api, place, fact, why string }

// untrue lists facts that are wrong according to the servers. The overlays in spec override them.
var untrue = []exception{
	{"jira", "", "additionalProperties false", "undocumented members arrive: authorAccountId is in every record"},
	{"jira", "records[] created", `format "date-time"`, "the offset has no colon, which RFC 3339 does not allow"},
}

// unsaid lists facts that the embedded documents omit.
var unsaid = []exception{
	{"confluence", "_links{}", "oneOf ", "the four existing links have names, and models keep all others anyway"},
}

func TestEmbeddedDocumentsHaveAllPublishedFacts(t *testing.T) {
	for _, api := range audit {
		t.Run(api.name, func(t *testing.T) {
			compareFacts(t, api.name, repository+"/generated/"+api.name, slices.Concat(untrue, unsaid))
		})
	}
}

func TestAStartWithPublishedDocumentsHasAllPublishedFacts(t *testing.T) {
	s := newStart(t)
	for _, api := range audit {
		t.Run(api.name, func(t *testing.T) { compareFacts(t, api.name, filepath.Join(s.dir, "internal", api.name), untrue) })
	}
}

// compareFacts looks up each published fact in the settled document of a package.
func compareFacts(t *testing.T, name, dir string, exceptions []exception) {
	t.Helper()
	c := &comparison{t: t, settled: readYAML(t, filepath.Join(dir, "openapi.yaml")), counts: map[string]int{}, excused: map[exception]bool{}}
	for _, e := range exceptions {
		if e.api == name {
			c.exceptions = append(c.exceptions, e)
		}
	}
	for _, api := range audit {
		if api.name != name {
			continue
		}
		if err := json.Unmarshal(publishedDocument(t, *api.file), &c.official); err != nil {
			t.Fatal(err)
		}
		for _, path := range api.paths {
			c.path(path)
		}
	}
	if c.total < 100 {
		t.Errorf("only %d facts were found in the published document", c.total)
	}
	var kinds []string
	for _, kind := range slices.Sorted(maps.Keys(c.counts)) {
		kinds = append(kinds, fmt.Sprintf("%d %s", c.counts[kind], kind))
	}
	t.Logf("%d of %d published facts: %s; %d are excused", c.total-c.missing, c.total, strings.Join(kinds, ", "), c.excuses)
	for _, e := range c.exceptions {
		if !c.excused[e] && !isFlagSet("confluence") && !isFlagSet("jira") {
			t.Errorf("the exception for %q at %q excuses nothing: remove it", e.fact, e.place)
		}
	}
}

// isFlagSet reports whether another version of a document is tested.
func isFlagSet(name string) bool {
	set := false
	flag.Visit(func(f *flag.Flag) { set = set || f.Name == name })
	return set
}

// document is an OpenAPI document, decoded from JSON or YAML.
type document map[string]any

func readYAML(t *testing.T, file string) document {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var doc document
	if err := yaml.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(doc) // numbers and keys as in JSON
	if err != nil {
		t.Fatal(err)
	}
	doc = nil
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// object returns a value as an object, with references followed, or nil if it is not an object.
func (d document) object(v any) map[string]any {
	for range 20 {
		m, _ := v.(map[string]any)
		ref, ok := m["$ref"].(string)
		if !ok {
			return m
		}
		v = map[string]any(d)
		for _, step := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
			inside, _ := v.(map[string]any)
			v = inside[strings.NewReplacer("~1", "/", "~0", "~").Replace(step)]
		}
	}
	return nil
}

// get follows keys into objects.
func (d document) get(v any, keys ...string) any {
	for _, key := range keys {
		v = d.object(v)[key]
	}
	return v
}

// parts returns everything that describes a value: the schema and the parts of its allOf.
func (d document) parts(schemas ...any) []map[string]any {
	var all []map[string]any
	for _, s := range schemas {
		m := d.object(s)
		if m == nil {
			continue
		}
		all = append(all, m)
		list, _ := m["allOf"].([]any)
		all = append(all, d.parts(list...)...)
	}
	return all
}

// comparison compares a settled document with a published one.
type comparison struct {
	t                 *testing.T
	official, settled document
	exceptions        []exception

	total, missing, excuses int
	counts                  map[string]int // by first word of the fact
	excused                 map[exception]bool
}

// fact counts a published fact and reports it if it is missing.
func (c *comparison) fact(place, fact string, there bool) {
	c.total++
	name, _, _ := strings.Cut(fact, " ")
	c.counts[name]++
	if there {
		return
	}
	c.missing++
	for _, e := range c.exceptions {
		if strings.HasPrefix(fact, e.fact) && strings.Contains(place, e.place) {
			c.excused[e] = true
			c.excuses++
			return
		}
	}
	c.t.Errorf("missing: %s: %s", place, fact)
}

func (c *comparison) path(path string) {
	operations := c.official.object(c.official.get(map[string]any(c.official), "paths", path))
	if operations == nil {
		c.t.Errorf("the published document has no %s", path)
	}
	for _, method := range slices.Sorted(maps.Keys(operations)) {
		if !slices.Contains([]string{"get", "put", "post", "delete", "patch"}, method) {
			continue
		}
		want := operations[method].(map[string]any)
		got := c.settled.object(c.settled.get(map[string]any(c.settled), "paths", path, method))
		place := strings.ToUpper(method) + " " + path
		c.fact(place, "exists", got != nil)
		c.parameters(place, want, got)
		c.body(place+" body", want["requestBody"], got["requestBody"])
		c.responses(place, want, got)
		c.security(place, want, got)
	}
}

func (c *comparison) parameters(place string, want, got map[string]any) {
	list, _ := want["parameters"].([]any)
	others, _ := got["parameters"].([]any)
	for _, p := range list {
		param := c.official.object(p)
		here := fmt.Sprintf("%s %v:%v", place, param["in"], param["name"])
		var other map[string]any
		for _, o := range others {
			if o := c.settled.object(o); o["name"] == param["name"] && o["in"] == param["in"] {
				other = o
			}
		}
		c.fact(here, "exists", other != nil)
		c.fact(here, fmt.Sprintf("required %t", param["required"] == true), (param["required"] == true) == (other["required"] == true))
		c.schema(here, c.official.parts(param["schema"]), c.settled.parts(other["schema"]))
	}
}

func (c *comparison) body(place string, want, got any) {
	if want == nil {
		return
	}
	body, other := c.official.object(want), c.settled.object(got)
	c.fact(place, "exists", other != nil)
	c.fact(place, fmt.Sprintf("required %t", body["required"] == true), (body["required"] == true) == (other["required"] == true))
	c.content(place, body, other)
}

func (c *comparison) responses(place string, want, got map[string]any) {
	all := c.official.object(want["responses"])
	for _, status := range slices.Sorted(maps.Keys(all)) {
		other := c.settled.object(c.settled.get(got, "responses", status))
		c.fact(place+" "+status, "exists", other != nil)
		c.content(place+" "+status, c.official.object(all[status]), other)
	}
}

func (c *comparison) content(place string, want, got map[string]any) {
	content := c.official.object(want["content"])
	for _, media := range slices.Sorted(maps.Keys(content)) {
		other := c.settled.object(c.settled.get(got, "content", media))
		c.fact(place, "media "+media, other != nil)
		c.schema(place, c.official.parts(c.official.get(content[media], "schema")), c.settled.parts(c.settled.get(other, "schema")))
	}
}

// keywords are the facts about a value that are compared literally.
var keywords = []string{"type", "format", "default", "enum", "minimum", "maximum", "minLength", "maxLength", "pattern", "nullable", "readOnly", "writeOnly", "oneOf", "anyOf"}

// schema compares the descriptions of one value.
func (c *comparison) schema(place string, want, got []map[string]any) {
	for _, word := range keywords {
		value, ok := first(want, word)
		if !ok {
			continue
		}
		other, there := first(got, word)
		c.fact(place, word+" "+text(value), there && same(value, other))
	}
	if open, ok := first(want, "additionalProperties"); ok {
		other, there := first(got, "additionalProperties")
		if _, schema := open.(map[string]any); !schema {
			c.fact(place, "additionalProperties "+text(open), there && same(open, other))
		} else {
			c.schema(place+"{}", c.official.parts(open), c.settled.parts(other))
		}
	}
	if items, ok := first(want, "items"); ok {
		other, _ := first(got, "items")
		c.schema(place+"[]", c.official.parts(items), c.settled.parts(other))
	}
	c.members(place, want, got)
}

func (c *comparison) members(place string, want, got []map[string]any) {
	required, others := c.required(want), c.required(got)
	for _, part := range want {
		members, _ := part["properties"].(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(members)) {
			here := place + " " + name
			var described []any
			for _, p := range got {
				if m, ok := p["properties"].(map[string]any); ok && m[name] != nil {
					described = append(described, m[name])
				}
			}
			c.fact(here, "exists", described != nil)
			c.fact(here, fmt.Sprintf("required %t", required[name]), required[name] == others[name])
			c.schema(here, c.official.parts(members[name]), c.settled.parts(described...))
		}
	}
}

// required returns the names of required members.
func (c *comparison) required(parts []map[string]any) map[string]bool {
	all := map[string]bool{}
	for _, p := range parts {
		list, _ := p["required"].([]any)
		for _, name := range list {
			all[name.(string)] = true
		}
	}
	return all
}

// security compares who may call an operation. Each published alternative must exist in the settled
// document.
func (c *comparison) security(place string, want, got map[string]any) {
	others := c.settled.alternatives(got["security"])
	for _, alternative := range c.official.alternatives(want["security"]) {
		c.fact(place, "security "+alternative, slices.Contains(others, alternative))
	}
}

// alternatives returns the requirements of an operation, with the types of the schemes instead of
// their names.
func (d document) alternatives(security any) []string {
	var all []string
	list, _ := security.([]any)
	for _, requirement := range list {
		var words []string
		for name, scopes := range d.object(requirement) {
			scheme := d.object(d.get(map[string]any(d), "components", "securitySchemes", name))
			words = append(words, fmt.Sprint(scheme["type"], " ", text(scheme["scheme"]), " ", text(scopes)))
		}
		slices.Sort(words)
		all = append(all, strings.Join(words, " and "))
	}
	return all
}

func first(parts []map[string]any, word string) (any, bool) {
	for _, p := range parts {
		if v, ok := p[word]; ok {
			return v, true
		}
	}
	return nil, false
}

// same reports whether two values are equal. The order of lists does not count.
func same(a, b any) bool {
	x, listX := a.([]any)
	y, listY := b.([]any)
	if !listX || !listY {
		return reflect.DeepEqual(a, b)
	}
	return len(x) == len(y) && !slices.ContainsFunc(x, func(v any) bool {
		return !slices.ContainsFunc(y, func(w any) bool { return reflect.DeepEqual(v, w) })
	})
}

func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}
