package sample

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
)

// schemas loads the schemas in text, which is the content of components/schemas.
func schemas(t *testing.T, text string) openapi3.Schemas {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData([]byte("openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n" + text))
	if err != nil {
		t.Fatal(err)
	}
	return doc.Components.Schemas
}

func TestValuesMatchTheirSchemas(t *testing.T) {
	for name, ref := range schemas(t, `
    between: {type: integer, minimum: 5, maximum: 9}
    above: {type: integer, minimum: 5, exclusiveMinimum: true, maximum: 6}
    below: {type: integer, maximum: -3}
    far: {type: integer, minimum: 1000000}
    steps: {type: integer, minimum: 10, maximum: 30, multipleOf: 7}
    part: {type: number, minimum: 0, maximum: 1}
    quarters: {type: number, multipleOf: 0.25}
    long: {type: string, minLength: 200}
    short: {type: string, maxLength: 3}
    key: {type: string, pattern: "^[A-Z]+-[0-9]+$"}
    moment: {type: string, format: date-time}
    day: {type: string, format: date}
    id: {type: string, format: uuid}
    bytes: {type: string, format: byte}
    one: {type: array, uniqueItems: true, items: {type: boolean}}
    many: {type: array, minItems: 5, items: {type: string}}
    few: {type: array, maxItems: 1, items: {type: string}}
    any: {}
    color: {type: string, nullable: true, enum: [null, red, green]}
    union: {oneOf: [{type: object, required: [a], properties: {a: {type: integer}}}, {type: string}]}
    whole: {allOf: [{$ref: '#/components/schemas/named'}, {type: object, required: [b], properties: {b: {type: string}}}]}
    named: {type: object, required: [name], properties: {name: {type: string}}}
    either: {type: object, properties: {a: {type: string}, b: {type: string}}, oneOf: [{required: [a], properties: {a: {}}, not: {required: [c]}}, {required: [c]}]}
    both: {allOf: [{$ref: '#/components/schemas/named'}, {type: object, required: [name], properties: {name: {}, more: {type: string}}}]}
    secret: {type: object, required: [name], properties: {name: {type: string}, password: {type: string, writeOnly: true}}}
    open: {type: object, additionalProperties: {type: integer}}
    pets: {discriminator: {propertyName: kind, mapping: {dog: '#/components/schemas/dog'}}, oneOf: [{$ref: '#/components/schemas/dog'}]}
    dog: {type: object, required: [kind], properties: {kind: {type: string}}}
`) {
		for seed := range uint64(50) {
			made := Value(ref, seed)
			data, err := json.Marshal(made)
			var v any
			if err == nil {
				err = json.Unmarshal(data, &v)
			}
			if err == nil {
				err = ref.Value.VisitJSON(v, openapi3.VisitAsResponse())
			}
			if err != nil {
				t.Errorf("%s: %s: %v", name, data, err)
				break
			}
		}
	}
}

func TestValuesOfRecursiveSchemasAreFinite(t *testing.T) {
	var wide strings.Builder
	for name := 'a'; name <= 'z'; name++ {
		wide.WriteString(string(name) + ": {type: array, items: {$ref: '#/components/schemas/tree'}}, ")
	}
	all := schemas(t, `
    self: {type: object, required: [self], properties: {self: {$ref: '#/components/schemas/self'}}}
    more: {type: object, additionalProperties: {$ref: '#/components/schemas/more'}}
    either: {oneOf: [{$ref: '#/components/schemas/either'}]}
    lists: {type: array, minItems: 100000000, items: {$ref: '#/components/schemas/lists'}}
    tree: {type: object, required: [a, b, c], properties: {`+wide.String()+`}}
`)
	for name, ref := range all {
		data, err := json.Marshal(Value(ref, 1))
		if err != nil || len(data) > 10<<20 {
			t.Errorf("%s: %d bytes, %v", name, len(data), err)
		}
	}
}

func TestExamplesAreUsedIfTheyMatch(t *testing.T) {
	all := schemas(t, `
    fits: {type: string, example: An example}
    not: {type: string, example: 17}
    large: {type: integer, example: 1e300}
`)
	got := []any{ValueByExample(all["fits"], "", 1), ValueByExample(all["not"], "", 1) != "17", Value(all["fits"], 1) != "An example"}
	if diff := cmp.Diff([]any{"An example", true, true}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	listed := schemas(t, "    last: {type: integer, format: int64, enum: [9223372036854775807]}\n    first: {type: integer, enum: [-9223372036854775808]}\n")
	for name, want := range map[string]string{"last": "9223372036854775807", "first": "-9223372036854775808"} {
		if text, err := json.Marshal(Value(listed[name], 1)); err != nil || string(text) != want {
			t.Errorf("%s: got %s, %v, want %s", name, text, err, want)
		}
	}
	if n, ok := ValueByExample(all["large"], "", 1).(int64); !ok || n > math.MaxInt32 {
		t.Errorf("got %v, want an int64 of ordinary size", n)
	}
}

func TestTimesHaveTheEncodingOfTheDocument(t *testing.T) {
	all := schemas(t, `
    milli: {type: integer, x-auditgen-time: unix-milli}
    jira: {type: string, x-auditgen-time: jira}
    rfc: {type: string, x-auditgen-time: rfc3339}
`)
	got := []any{Value(all["milli"], 0), Value(all["jira"], 0), Value(all["rfc"], 0)}
	want := []any{int64(1772368215250), "2026-03-01T12:30:15.250+0000", "2026-03-01T12:30:15.25Z"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestAnswersComeFromTheLowestSuccessfulStatus(t *testing.T) {
	doc, err := openapi3.NewLoader().LoadFromData([]byte(`openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a:
    get: {responses: {'400': {description: no}, '202': {description: later}, '201': {description: made, content: {application/json: {}, text/*: {}}}}}
    put: {responses: {'204': {description: done}}}
    post: {responses: {default: {description: any, content: {'*/*': {schema: {type: boolean}}}}}}
    delete: {responses: {'404': {description: gone}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]Answer{}
	for method, op := range doc.Paths.Value("/a").Operations() {
		got[method] = Answers(method, op)
		for i := range got[method] {
			got[method][i].Schema = nil
		}
	}
	want := map[string][]Answer{
		"GET":    {{Status: 201, Media: "application/json", JSON: true}, {Status: 201, Media: "text/plain"}},
		"PUT":    {{Status: 204}},
		"POST":   {{Status: 200, Media: "application/json", JSON: true}},
		"DELETE": {{Status: 200}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
