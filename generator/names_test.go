package generator_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/lock"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// rivalry is operations that want one name, or one for what belongs to them; each is a path, its
// method and what it answers.
var rivalry = []string{
	"/things: {get: {operationId: getThings, PAGE}}",
	"/things/all: {get: {operationId: listThings, PAGE}}",
	"/v2/things: {get: {operationId: getThings, PAGE}}",
	"/t: {get: {operationId: allThings, SHAPE}}",
	"/pager: {get: {operationId: thingsPager, SHAPE}}",
	"/things/{id}: {get: {operationId: getThings, INLINE}}",
	"/params: {get: {operationId: getThing, SCHEMA=GetThingsParams}}",
	"/response: {get: {operationId: getOther, SCHEMA=GetThingsByIDResponse}}",
	"/request: {get: {operationId: getMore, SCHEMA=MakeThingRequest}}",
	"/make: {post: {operationId: makeThing, BODY}}",
	"/make/{id}: {post: {operationId: makeThing, BODY}}",
	"/s: {get: {operationId: searchThings, PAGE}}",
	"/e: {get: {operationId: getThingsParams, ENUM}}",
	"/do: {post: {operationId: do, SHAPE}}",
}

// rivals writes a document with some of these operations.
func rivals(chosen []int) source.File {
	var b strings.Builder
	b.WriteString("openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths:\n")
	schemas := map[string]bool{}
	for _, i := range chosen {
		one := rivalry[i]
		if _, name, ok := strings.Cut(one, "SCHEMA="); ok {
			schemas[strings.TrimRight(name, "}")] = true
		}
		answer := func(schema string) string {
			return "responses: {200: {description: OK, content: {application/json: {schema: " + schema + "}}}}"
		}
		one = strings.NewReplacer(
			"PAGE", "parameters: [{in: query, name: start, schema: {type: integer}}, {in: query, name: limit, schema: {type: integer}}], "+
				answer("{type: object, properties: {start: {type: integer}, items: {type: array, items: {type: object, properties: {id: {type: string}, p"+fmt.Sprint(i)+": {type: string}}}}}}"),
			"SHAPE", answer("{type: object, properties: {s"+fmt.Sprint(i)+": {type: string}}}"),
			"INLINE", answer("{type: object, properties: {t"+fmt.Sprint(i)+": {type: string}}}"),
			"ENUM", "parameters: [{in: query, name: params, schema: {type: string, enum: [a, b]}}], "+answer("{type: string}"),
			"BODY", "requestBody: {content: {application/json: {schema: {type: object, properties: {b"+fmt.Sprint(i)+": {type: string}}}}}}, responses: {204: {description: Done}}",
			"SCHEMA=", "responses: {200: {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/",
		).Replace(one)
		if strings.Contains(one, "$ref") {
			one = strings.TrimRight(one, "}") + "'}}}}}}}"
		}
		b.WriteString("  " + one + "\n")
	}
	if len(schemas) > 0 {
		b.WriteString("components:\n  schemas:\n")
		for _, name := range slices.Sorted(maps.Keys(schemas)) {
			b.WriteString("    " + name + ": {type: object, properties: {named: {type: string}}}\n")
		}
	}
	return source.File{Name: "a.yaml", Data: []byte(b.String())}
}

func generateRivals(t *testing.T, chosen []int, names []lock.Operation) *generator.Output {
	t.Helper()
	file := rivals(chosen)
	out, err := generator.Generate(generator.Input{Package: "p", Names: names, Sources: []generator.SourceInput{{Kind: claim.OpenAPI, File: file}}})
	if err != nil {
		t.Fatalf("%v\n%s", err, file.Data)
	}
	return out
}

// signatures returns the methods of Client that operations and their pagers have, each as it is
// declared.
func signatures(t *testing.T, out *generator.Output) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, f := range out.Files {
		if !strings.HasSuffix(f.Name, ".gen.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), f.Name, f.Data, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if ok && fn.Recv != nil && fn.Name.IsExported() {
				if star, ok := fn.Recv.List[0].Type.(*ast.StarExpr); ok && fmt.Sprint(star.X) == "Client" {
					all[fn.Name.Name] = string(f.Data[fn.Type.Pos()-1 : fn.Type.End()-1])
				}
			}
		}
	}
	return all
}

// asText compares files as one text each: byte by byte it would take longer than generating them.
var asText = cmp.Transformer("text", func(data []byte) string { return string(data) })

// Whatever is added to a document, what was there keeps its methods, and their types their names.
func TestAddingOperationsRenamesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("many runs, one goroutine: nothing for the race detector")
	}
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 12 {
		all := random.Perm(len(rivalry))
		some := slices.Clone(all[:1+random.IntN(len(all)-1)])
		first := generateRivals(t, some, nil)
		again := generateRivals(t, some, first.Names)
		if diff := cmp.Diff(first.Files, again.Files, asText); diff != "" {
			t.Fatalf("round %d, %v: the lock alone changes files (-without +with)\n%s", round, some, diff)
		}
		if diff := cmp.Diff(first.Names, again.Names, cmpopts.IgnoreTypes(source.Position{})); diff != "" {
			t.Fatalf("round %d, %v: the lock does not stay (-first +second)\n%s", round, some, diff)
		}
		before := signatures(t, first)
		grown := generateRivals(t, all, first.Names)
		after := signatures(t, grown)
		for name, signature := range before {
			if after[name] != signature {
				t.Fatalf("round %d, %v to %v: %s was\n%s\nand is\n%s", round, some, all, name, signature, after[name])
			}
		}
		if diff := cmp.Diff(grown.Files, generateRivals(t, all, grown.Names).Files, asText); diff != "" {
			t.Fatalf("round %d, %v to %v: a second run changes files (-first +second)\n%s", round, some, all, diff)
		}
		gone := generateRivals(t, some, grown.Names)
		if diff := cmp.Diff(before, signatures(t, gone)); diff != "" {
			t.Fatalf("round %d, %v to %v and back: (-before +after)\n%s", round, some, all, diff)
		}
		if diff := cmp.Diff(signatures(t, grown), signatures(t, generateRivals(t, all, gone.Names))); diff != "" {
			t.Fatalf("round %d, %v to %v, back and to all again: (-before +after)\n%s", round, some, all, diff)
		}
	}
}

// lockedRivals generates all rivals with a lock.
func lockedRivals(names []lock.Operation) (*generator.Output, error) {
	all := make([]int, len(rivalry))
	for i := range all {
		all[i] = i
	}
	return generator.Generate(generator.Input{Package: "p", Names: names, Sources: []generator.SourceInput{{Kind: claim.OpenAPI, File: rivals(all)}}})
}

// checkLocked generates with a lock of whatever kind: it gives an error about the lock, or a
// package that type-checks and that the lock it gives back does not change.
func checkLocked(t *testing.T, names []lock.Operation) {
	t.Helper()
	out, err := lockedRivals(names)
	if err != nil {
		if !strings.HasPrefix(err.Error(), "auditgen.lock:") {
			t.Fatalf("the error does not say where in the lock: %v", err)
		}
		return
	}
	if err := typeCheck(t, out.Files); err != nil {
		t.Fatal(err)
	}
	again, err := lockedRivals(out.Names)
	if err != nil {
		t.Fatalf("the lock that came of it is refused: %v", err)
	}
	if diff := cmp.Diff(out.Files, again.Files, asText); diff != "" {
		t.Fatalf("the lock that came of it changes files (-first +second)\n%s", diff)
	}
}

func TestHostileLocksAreRefusedOrKept(t *testing.T) {
	if testing.Short() {
		t.Skip("many runs, one goroutine: nothing for the race detector")
	}
	addresses := strings.Fields("GET/things GET/things/all GET/v2/things GET/t GET/things/{id} POST/make GET/s GET/e GET/old/things GET/gone POST/do")
	words := strings.Fields("GetThings ListThings AllThings ThingsPager GetThingsParams GetThingsResponse GetThingsByIDResponse MakeThing MakeThingRequest " +
		"Client Pager Error Do Things Getthings GETThings X GetThings2 AllThings2 GetThingsParams2 Ünicode_2")
	random := rand.New(rand.NewPCG(3, 4))
	word := func() string { return words[random.IntN(len(words))] }
	for range 15 {
		file := lock.File{Packages: []lock.Package{{Package: "p"}}}
		taken := map[string]bool{}
		for _, address := range addresses {
			method, path, _ := strings.Cut(address, "/")
			op := lock.Operation{Method: method, Path: "/" + path, Name: word(), Removed: random.IntN(6) == 0}
			if random.IntN(2) == 0 || taken[op.Name] {
				continue
			}
			taken[op.Name] = true
			for _, suffix := range []string{"Params", "Response", "Request", "Pager"} {
				if random.IntN(8) == 0 {
					op.Instead = map[string]string{op.Name + suffix: word()}
				}
			}
			file.Packages[0].Operations = append(file.Packages[0].Operations, op)
		}
		text := file.Bytes()
		locked, err := lock.Parse(source.File{Name: "auditgen.lock", Data: text})
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if len(locked.Packages) == 0 {
			continue
		}
		if !t.Run("lock", func(t *testing.T) { checkLocked(t, locked.Packages[0].Operations) }) {
			t.Logf("with\n%s", text)
		}
	}
}
