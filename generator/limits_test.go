package generator_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// soon is how much processor time any document may take. It is far more than they do, and far less
// than anything that grows with the square. Time on a clock would depend on what else the machine
// does.
const soon = 60 * time.Second

// enough is how much memory one run may allocate in all.
const enough = 4 << 30

// repeated writes n lines, each with its number in it, and the next one.
func repeated(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i, i+1)
		b.WriteByte('\n')
	}
	return b.String()
}

// much is how many of something there are: less where time counts.
func much(n int) int {
	switch {
	case *hostile:
		return n
	case *long:
		return n / 10
	}
	return n / 20
}

// last is the schema at which the long chains end.
func last(what string) string { return schemaOf(much(20_000), what) }

func schemaOf(n int, what string) string { return fmt.Sprintf("    S%d: {%s}\n", n, what) }

// answering is a document with one operation that answers with the schema Root.
const answering = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get:\n      operationId: getA\n" +
	"      responses: {200: {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Root'}}}}}\ncomponents:\n  schemas:\n"

// document makes the input of one specification.
func document(texts ...string) generator.Input {
	in := generator.Input{Package: "p"}
	for i, text := range texts {
		name := fmt.Sprintf("%c.yaml", 'a'+i%26)
		if strings.HasPrefix(text, "{") {
			name = fmt.Sprintf("%c.json", 'a'+i%26)
		}
		kind := claim.OpenAPI
		if strings.HasPrefix(text, "overlay") {
			kind = claim.Overlay
		}
		in.Sources = append(in.Sources, generator.SourceInput{Kind: kind, File: source.File{Name: name, Data: []byte(text)}})
	}
	return in
}

func manyDocuments(n int, format string) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf(format, i)
	}
	return all
}

const head = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\n"
const answer = "responses: {200: {description: OK}}"

// endings are documents that want to take time, memory, stack or files, and the error each one
// gives; "" where there is a package.
var endings = []struct {
	name string
	in   func() generator.Input
	want string
}{
	{"a small alias bomb", func() generator.Input {
		return document("a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n" +
			"d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n")
	}, ": aliases expand to more than 100000 values"},
	{"deep JSON", func() generator.Input {
		return document(`{"openapi": "3.0.3", "paths": ` + strings.Repeat(`{"a":`, 100_000))
	}, "a.json:1: nested deeper than 200 levels"},
	{"deep YAML flow", func() generator.Input { return document("openapi: 3.0.3\npaths: " + strings.Repeat("[", 100_000)) }, "a.yaml:2: nested deeper than 200 levels"},
	{"deep YAML blocks", func() generator.Input {
		return document("openapi: 3.0.3\npaths:\n" + deepBlocks(1000))
	}, "nested deeper than 200 levels"},
	{"deep YAML lists", func() generator.Input {
		return document("openapi: 3.0.3\npaths:\n" + strings.Repeat("- ", 100_000) + "x")
	}, "nested deeper than 200 levels"},
	{"a deep overlay", func() generator.Input {
		return document("overlay: 1.0.0\nactions: "+strings.Repeat("[", 100_000), answering+"    Root: {}")
	}, "nested deeper than 200 levels"},
	{"references in a circle", func() generator.Input {
		return document(answering + "    Root: {$ref: '#/components/schemas/B'}\n    B: {$ref: '#/components/schemas/Root'}\n")
	}, "is made of itself"},
	{"type names in a circle", func() generator.Input {
		return document(answering + "    Root: {type: B, title: x}\n    B: {type: Root, title: y}\n")
	}, "is made of itself"},
	{"references in a circle of two documents", func() generator.Input {
		return document(answering+"    Root: {$ref: '#/components/schemas/B'}\n    B: {type: object, properties: {b: {type: string}}}\n",
			answering+"    Root: {type: object, properties: {a: {type: string}}}\n    B: {$ref: '#/components/schemas/Root'}\n")
	}, "made of itself"},
	{"a reference to itself out of an overlay", func() generator.Input {
		return document("overlay: 1.0.0\nactions:\n- {target: $.components.schemas.Root, update: {$ref: '#/components/schemas/Root'}}\n",
			answering+"    Root: {type: object, properties: {a: {type: string}}}\n")
	}, "made of itself"},
	{"a schema that is its own additionalProperties", func() generator.Input {
		return document(answering + "    Root: {type: object, additionalProperties: {$ref: '#/components/schemas/Root'}}\n")
	}, ""},
	{"a schema that is its own item", func() generator.Input {
		return document(answering + "    Root: {type: array, items: {$ref: '#/components/schemas/Root'}}\n")
	}, ""},
	{"a schema that is its own member", func() generator.Input {
		return document(answering + "    Root: {properties: {a: {$ref: '#/components/schemas/Root'}, b: {$ref: '#/components/schemas/B'}}}\n    B: {properties: {a: {$ref: '#/components/schemas/Root'}}}\n")
	}, ""},
	{"allOf in a circle", func() generator.Input {
		return document(answering + "    Root: {allOf: [{$ref: '#/components/schemas/B'}], properties: {a: {type: string}}}\n    B: {allOf: [{$ref: '#/components/schemas/Root'}], properties: {b: {type: string}}}\n")
	}, "is made of itself"},
	{"oneOf in a circle", func() generator.Input {
		return document(answering + "    Root: {oneOf: [{$ref: '#/components/schemas/B'}, {type: string}]}\n    B: {anyOf: [{$ref: '#/components/schemas/Root'}]}\n")
	}, "is made of itself"},
	{"not in a circle", func() generator.Input {
		return document(answering + "    Root: {not: {$ref: '#/components/schemas/Root'}}\n")
	}, "is made of itself"},
	{"allOf in a circle of two documents", func() generator.Input {
		return document(answering+"    Root: {allOf: [{$ref: '#/components/schemas/B'}, {properties: {a: {type: string}}}]}\n    B: {type: object, properties: {b: {type: string}}}\n",
			answering+"    Root: {type: object}\n    B: {allOf: [{$ref: '#/components/schemas/Root'}, {properties: {c: {type: string}}}]}\n")
	}, "is made of itself"},
	// The type checker, not the generator, takes time in the square of structs in structs.
	{"a long chain of members", func() generator.Input {
		return document(answering + "    Root: {$ref: '#/components/schemas/S0'}\n" + repeated(much(4_000), "    S%d: {properties: {a: {$ref: '#/components/schemas/S%d'}}}") + schemaOf(much(4_000), "type: object"))
	}, ""},
	{"a long chain of allOf", func() generator.Input {
		return document(answering + "    Root: {$ref: '#/components/schemas/S0'}\n" +
			repeated(much(20_000), "    S%[1]d: {allOf: [{$ref: '#/components/schemas/S%[2]d'}, {properties: {p%[1]d: {type: string}}}]}") + last("type: object"))
	}, "allOf"},
	{"a long chain of references", func() generator.Input {
		return document(answering + "    Root: {$ref: '#/components/schemas/S0'}\n" + repeated(much(20_000), "    S%d: {$ref: '#/components/schemas/S%d'}") + last("type: string"))
	}, "more than 200 references"},
	{"a long chain of arrays", func() generator.Input {
		return document(answering + "    Root: {$ref: '#/components/schemas/S0'}\n" + repeated(much(20_000), "    S%d: {type: array, items: {$ref: '#/components/schemas/S%d'}}") + last("type: string"))
	}, ""},
	{"a long chain of type names", func() generator.Input {
		return document(answering + "    Root: {type: S0, title: r}\n" + repeated(much(20_000), "    S%[1]d: {type: S%[2]d, title: t%[1]d}") + last("type: string"))
	}, "more than 200 references"},
	{"oneOf that multiplies", func() generator.Input {
		return document(answering + "    Root: {$ref: '#/components/schemas/S0'}\n" +
			repeated(60, "    S%[1]d: {oneOf: [{$ref: '#/components/schemas/S%[2]d'}, {$ref: '#/components/schemas/S%[2]d'}], example: {}}") + "    S60: {type: string}\n")
	}, ""},
	{"allOf that multiplies", func() generator.Input {
		return document(answering + "    Root: {$ref: '#/components/schemas/S0'}\n" +
			repeated(60, "    S%[1]d: {allOf: [{$ref: '#/components/schemas/S%[2]d'}, {$ref: '#/components/schemas/S%[2]d'}], example: {a: 1}}") + "    S60: {properties: {a: {type: string}}}\n")
	}, ""},
	{"a huge enum", func() generator.Input {
		return document(answering + "    Root: {type: string, enum: [\n" + repeated(much(50_000), "v%d-%d,") + "]}\n")
	}, ""},
	{"a huge enum with one word", func() generator.Input {
		return document(answering + "    Root: {type: string, enum: [\n" + punctuation(much(20_000)) + "]}\n")
	}, ""},
	{"many members", func() generator.Input {
		return document(answering + "    Root:\n      properties:\n" + repeated(much(50_000), "        p%d-%d: {type: string}"))
	}, ""},
	{"many members with one name", func() generator.Input {
		return document(answering + "    Root:\n      properties:\n" + sameMembers(much(20_000)))
	}, ""},
	{"many extensions", func() generator.Input {
		return document(answering + "    Root:\n      type: object\n" + repeated(much(50_000), "      x-%d-%d: a"))
	}, ""},
	{"many operations with one name", func() generator.Input {
		return document(head + "paths:\n" + repeated(much(10_000), "  /a%[1]d/b: {get: {operationId: get, "+answer+"}}"))
	}, ""},
	{"many operations at one path end", func() generator.Input {
		ops := head + "paths:\n" + repeated(much(10_000), "  /a%[1]d/b: {get: {"+answer+"}}")
		return document(ops, ops)
	}, ""},
	{"many operations that can be any of many", func() generator.Input {
		return document(head+"paths:\n"+repeated(much(3000), "  /a%[1]d/{x}: {get: {"+answer+"}}"), head+"paths:\n"+repeated(much(3000), "  /{x%[1]d}: {get: {"+answer+"}}"))
	}, "it can be any of"},
	{"many documents about one operation", func() generator.Input {
		return document(manyDocuments(much(3000), head+"paths: {/a: {get: {parameters: [{in: query, name: q%d, schema: {type: string}}], "+answer+"}}}")...)
	}, ""},
	{"many documents that say the same", func() generator.Input {
		return document(manyDocuments(much(3000), head+"paths: {/a: {get: {summary: S %d, parameters: [{in: query, name: q, schema: {type: string}}], "+answer+"}}}")...)
	}, ""},
	{"many parameters", func() generator.Input {
		return document(head + "paths:\n  /a:\n    get:\n      " + answer + "\n      parameters:\n" + repeated(much(20_000), "      - {in: query, name: p%d-%d, schema: {type: string}}"))
	}, ""},
	{"many path parameters", func() generator.Input {
		return document(head + "paths:\n  " + strings.ReplaceAll(repeated(300, "/{p%dx%d}"), "\n", "") + ":\n    get: {" + answer + "}\n")
	}, ""},
	{"many media types", func() generator.Input {
		return document(head + "paths:\n  /a:\n    get:\n      responses:\n        200:\n          content:\n" + repeated(much(20_000), "            a/b%d-%d: {schema: {type: string}}"))
	}, ""},
	{"many answers", func() generator.Input {
		return document(head + "paths:\n  /a:\n    get:\n      responses:\n" + repeated(much(20_000), "        'x%d-%d': {description: x}"))
	}, ""},
	{"many headers", func() generator.Input {
		return document(head + "paths:\n  /a:\n    get:\n      responses:\n        200:\n          headers:\n" + repeated(much(20_000), "            x%d-%d: {schema: {type: string}}"))
	}, ""},
	{"many security schemes", func() generator.Input {
		return document(head + "paths:\n" + repeated(much(2000), "  /a%d: {get: {security: [{s%d: [a]}], "+answer+"}}") + "components:\n  securitySchemes:\n" +
			repeated(much(20_000), "    s%d: {type: apiKey, in: header, name: n%d}"))
	}, ""},
	{"many tags", func() generator.Input {
		return document(head + "paths:\n" + repeated(much(3000), "  /a%d: {get: {tags: [t%d], "+answer+"}}"))
	}, ""},
	{"many schemas with one name", func() generator.Input {
		var refs, schemas strings.Builder
		for i := range much(5000) {
			name := "a" + strings.Repeat("-", i%70+1) + strings.Repeat(".", i/70)
			fmt.Fprintf(&refs, "        p%d: {$ref: '#/components/schemas/%s'}\n", i, name)
			fmt.Fprintf(&schemas, "    %s: {properties: {a: {type: string}}}\n", name)
		}
		return document(answering + "    Root:\n      properties:\n" + refs.String() + schemas.String())
	}, ""},
	{"schema names that are one once they are legal", func() generator.Input {
		return document(answering + "    Root: {properties: {a: {$ref: '#/components/schemas/a%20b'}, b: {$ref: '#/components/schemas/a+b'}, c: {$ref: '#/components/schemas/a_b'}}}\n" +
			"    a b: {properties: {x: {type: string}}}\n    a+b: {properties: {y: {type: string}}}\n    a_b: {properties: {z: {type: string}}}\n")
	}, ""},
	{"a long path", func() generator.Input {
		return document(head + "paths:\n  /" + strings.Repeat("a", 5000) + ": {get: {" + answer + "}}\n")
	}, "the path is longer than 4096 bytes"},
	{"long names inside of one another", func() generator.Input {
		long := strings.Repeat("x", 20_000)
		return document(answering + "    Root: " + strings.Repeat("{properties: {"+long+": ", 60) + "{type: string}" + strings.Repeat("}}", 60) + "\n")
	}, ""},
	{"a reference to a server", func() generator.Input {
		return document(answering + "    Root: {$ref: 'http://127.0.0.1:1/x.yaml#/a'}\n")
	}, "a.yaml:10: schema Root: $ref \"http://127.0.0.1:1/x.yaml#/a\" points outside the document"},
	{"a reference to a file", func() generator.Input { return document(answering + "    Root: {$ref: 'file:///etc/passwd'}\n") }, "points outside the document"},
	{"a reference to a folder above", func() generator.Input { return document(answering + "    Root: {$ref: ../../x}\n") }, "points outside the document"},
	{"a reference in percents", func() generator.Input { return document(answering + "    Root: {$ref: '%2e%2e/x#/a'}\n") }, "points outside the document"},
	{"a reference in percents inside", func() generator.Input {
		return document(answering + "    Root: {$ref: '#/components/%73chemas/Root'}\n")
	}, "is made of itself"},
	{"a reference that a mapping hides", func() generator.Input {
		return document(answering + "    Root: {oneOf: [{type: string}], discriminator: {propertyName: a, mapping: {a: 'http://127.0.0.1:1/x', b: ../../x}}}\n")
	}, ""},
	{"a reference that an example hides", func() generator.Input {
		return document(answering + "    Root: {type: object, example: {$ref: 'file:///etc/passwd'}, default: {$ref: 'http://127.0.0.1:1/x'}, x-a: {$ref: ../../x}, enum: [{$ref: ../x}]}\n")
	}, ""},
	{"a reference that a security scheme hides", func() generator.Input {
		return document(answering + "    Root: {}\n  securitySchemes: {a: {type: oauth2, flows: {$ref: 'file:///etc/passwd'}}}\n")
	}, ""},
	{"an overlay whose target multiplies", func() generator.Input {
		return document("overlay: 1.0.0\nactions:\n- {target: '$"+strings.Repeat("..*", 50)+"', update: {x: 1}}\n", answering+"    Root: "+strings.Repeat("{properties: {a: ", 80)+"{}"+strings.Repeat("}}", 80)+"\n")
	}, "the expression asks for too much"},
	{"an overlay whose target is deep", func() generator.Input {
		return document("overlay: 1.0.0\nactions:\n- {target: '$["+strings.Repeat("?(", 100_000)+"@.a"+strings.Repeat(")", 100_000)+"]', update: {x: 1}}\n", answering+"    Root: {}\n")
	}, "the expression asks for too much"},
	{"an overlay with many actions", func() generator.Input {
		return document("overlay: 1.0.0\nactions:\n"+repeated(much(2000), "- {target: '$.paths[''/a%d''].get', update: {summary: s%d}}"), head+"paths:\n"+repeated(much(2000), "  /a%d: {get: {"+answer+", description: d%d}}"))
	}, ""},
}

// punctuation lists n values of an enum in which there is no word.
func punctuation(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("'" + strings.NewReplacer("0", "-", "1", "+").Replace(fmt.Sprintf("%b", i)) + "',\n")
	}
	return b.String()
}

// sameMembers lists n members that differ in what no identifier can have.
func sameMembers(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("        'a" + strings.NewReplacer("0", "-", "1", "+").Replace(fmt.Sprintf("%b", i)) + "': {type: string}\n")
	}
	return b.String()
}

func deepBlocks(levels int) string {
	var b strings.Builder
	for i := range levels {
		b.WriteString(strings.Repeat(" ", i+1) + "a:\n")
	}
	return b.String()
}

func TestEveryDocumentEndsSoonInAnErrorWithAPlaceOrInGo(t *testing.T) {
	if testing.Short() {
		t.Skip("many large documents, one goroutine: nothing for the race detector")
	}
	for _, tt := range endings {
		t.Run(tt.name, func(t *testing.T) {
			in := tt.in()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := processorTime()
			out, err := generator.Generate(in)
			took := processorTime() - start
			runtime.ReadMemStats(&after)
			if took > soon || after.TotalAlloc-before.TotalAlloc > enough {
				t.Errorf("it took %v and %d MB", took, (after.TotalAlloc-before.TotalAlloc)>>20)
			}
			t.Logf("%v, %d MB", took, (after.TotalAlloc-before.TotalAlloc)>>20)
			switch {
			case err == nil && tt.want != "":
				t.Errorf("there is no error that says %q", tt.want)
			case err != nil && (tt.want == "" || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("want %q, got %.500v", tt.want, err)
			case err != nil:
				if err := checkError(err); err != nil {
					t.Error(err)
				}
			default:
				if _, err := goOf(out.Files); err != nil {
					t.Error(err)
				}
				if err := typeCheck(t, out.Files); err != nil {
					t.Errorf("%.1000v", err)
				}
			}
		})
	}
}
