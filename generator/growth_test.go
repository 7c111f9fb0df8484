package generator_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/diff"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// valuesOf is a document with an enum of n values.
func valuesOf(n int, prefix string) string {
	return answering + "    Root: {type: object, properties: {e: {type: string, enum: [\n" + repeated(n, "      "+prefix+"%[1]d,") + "    ]}}}\n"
}

// Both sides of a comparison differ in everything that there is much of.
func TestComparingTakesAsLongAsTheDocumentsAre(t *testing.T) {
	tests := []struct {
		name     string
		old, new string
	}{
		{"values of an enum", valuesOf(much(80_000), "v"), valuesOf(much(80_000), "w")},
		{"models that hold models", levels(26), strings.ReplaceAll(levels(26), "a: {type: string}", "a: {type: integer}")},
		{"many models that hold models", levels(much(20_000)), strings.ReplaceAll(levels(much(20_000)), "a: {type: string}", "a: {type: integer}")},
		{"operations with a tag each", tagged(much(10_000), "a"), tagged(much(10_000), "b")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			start := processorTime()
			before, after, errs := diff.Both(document(test.old), document(test.new), false)
			if err := errors.Join(errs[:]...); err != nil {
				t.Fatal(err)
			}
			p, err := diff.Compare("p", diff.Side{Output: before}, diff.Side{Output: after})
			if err != nil {
				t.Fatal(err)
			}
			took := processorTime() - start
			t.Logf("%v, %d changes", took, len(p.Changes))
			if took > soon || len(p.Changes) == 0 {
				t.Errorf("it took %v and found %d changes", took, len(p.Changes))
			}
		})
	}
}

// tagged is a document of n operations with a tag each.
func tagged(n int, tag string) string {
	var b strings.Builder
	b.WriteString(head + "paths:\n")
	for i := range n {
		fmt.Fprintf(&b, "  /a%d: {get: {operationId: get%d, tags: [%s%d], %s}}\n", i, i, tag, i, answer)
	}
	return b.String()
}

// BenchmarkGrowth shows for each stage how processor time and memory grow with what there is much of: at
// once, twice and four times as much. See make bench-generate.
func BenchmarkGrowth(b *testing.B) {
	stages := []struct {
		name  string
		until generator.Stage
	}{{"settle", generator.Settled}, {"resolve", generator.Resolved}, {"print", generator.Code}, {"everything", generator.Everything}}
	shapes := []struct {
		name string
		of   func(n int, word string) string
	}{
		{"operations", tagged},
		{"enum", valuesOf},
		{"models", func(n int, word string) string { return strings.ReplaceAll(levels(n), "a: {type", word+": {type") }},
		{"members", func(n int, word string) string {
			return answering + "    Root:\n      properties:\n" + repeated(n, "        "+word+"%[1]d: {type: string}")
		}},
	}
	for _, shape := range shapes {
		for _, n := range []int{1000, 2000, 4000} {
			text := shape.of(n, "v")
			for _, stage := range stages {
				b.Run(fmt.Sprintf("%s/%s/%d", shape.name, stage.name, n), func(b *testing.B) {
					b.ReportAllocs()
					b.SetBytes(int64(len(text)))
					in := document(text)
					in.Until = stage.until
					for b.Loop() {
						if _, err := generator.Generate(in); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
			b.Run(fmt.Sprintf("%s/diff/%d", shape.name, n), func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					before, after, errs := diff.Both(document(text), document(shape.of(n, "w")), false)
					if err := errors.Join(errs[:]...); err != nil {
						b.Fatal(err)
					}
					if _, err := diff.Compare("p", diff.Side{Output: before}, diff.Side{Output: after}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// Large objects are written in pieces, at any depth.
func TestALargeObjectIsWrittenWhole(t *testing.T) {
	long := strings.Repeat("long-", 40)
	for _, name := range []string{"inner", "a b: c", "\"'", "-", "yes", "1", "", long, "two\nlines", "\u202e"} {
		key := source.StringNode(name, 0).JSON()
		out, err := generator.Generate(document(`{"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": {"/a": {"get": {"operationId": "getA",
"responses": {"200": {"description": "OK", "content": {"application/json": {"schema": {"type": "object", "properties": {` + key + `: {"type": "object", "properties": {
` + repeated(3000, `"p%[1]d": {"type": "string"},`) + `"last": {"type": "string"}}}, "other": {"type": "string"}}}}}}}}}}}`))
		if err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		if err := checkOutput(out); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}
