package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"text/tabwriter"
)

// growth measures auditgen on documents that differ only in size, the smallest first.
func (b *bench) growth(sizes []int) error {
	fmt.Fprintf(b.w, "\nGrowth: made-up documents, and each row as a multiple of the one before\n")
	t := tabwriter.NewWriter(b.w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(t, "OPERATIONS\tSECONDS\tCPU\tMB\tLINES\tNOTHING CHANGED, MS\tMB\t--check, MS\tMB")
	var before []*measured
	for i, n := range sizes {
		file := filepath.Join(b.dir, fmt.Sprintf("grown%d.json", n))
		if err := b.output(file, "-make", fmt.Sprint(n)); err != nil {
			return err
		}
		m, err := b.grownOnce(file, n)
		if err != nil {
			return err
		}
		fmt.Fprintf(t, "%d\t%.2f\t%.2f\t%.0f\t%d", n, m[0].of(seconds), m[0].of(cpu), m[0].of(megabytes), m[0].lines)
		for _, kept := range m[1:] {
			fmt.Fprintf(t, "\t%.0f\t%.0f", 1000*kept.of(seconds), kept.of(megabytes))
		}
		fmt.Fprintln(t)
		if before != nil {
			fmt.Fprintf(t, "  %s\t%s", ratio(float64(n), float64(sizes[i-1])), strings.Join(m[0].to(before[0]), "\t"))
			for j := 1; j < len(m); j++ {
				fmt.Fprintf(t, "\t%s\t%s", ratio(m[j].of(seconds), before[j].of(seconds)), ratio(m[j].of(megabytes), before[j].of(megabytes)))
			}
			fmt.Fprintln(t)
		}
		before = m
	}
	return t.Flush()
}

// manyOperations is the size from which a run is long enough to be measured only once.
const manyOperations = 5_000

// grownOnce measures a run, a run without changes, and a run with --check.
func (b *bench) grownOnce(file string, n int) ([]*measured, error) {
	all := []*measured{{tool: b.tools[full]}, {tool: b.tools[unchanged]}, {tool: b.tools[checked]}}
	for i, m := range all {
		from, rounds := 0, b.rounds
		if n >= manyOperations && !m.keeps {
			from, rounds = 1, 1
		}
		for round := from; round <= rounds; round++ {
			if err := b.once(m, file, filepath.Join(b.dir, "grown", fmt.Sprint(n), fmt.Sprint(i)), round); err != nil {
				return nil, err
			}
		}
		if m.refusal != "" {
			return nil, fmt.Errorf("%d operations: %s: %s", n, m.name, m.refusal)
		}
	}
	var err error
	all[0].lines, err = linesOf(all[0].out)
	return all, err
}

// perTag is the number of operations per tag.
const perTag = 20

type object = map[string]any

// grown makes a document of n operations. Every operation has parameters and every second one a
// body. There are n schemas, each of which refers to two others.
func grown(n int) object {
	paths, schemas := object{}, object{}
	for i := range n {
		name := fmt.Sprintf("Thing%d", i)
		schemas[name] = grownSchema(i, n)
		op := object{
			"operationId": "get" + name,
			"summary":     fmt.Sprintf("Get thing %d", i),
			"description": "Gives the thing, with everything that it holds.",
			"tags":        []any{fmt.Sprintf("Tag %d", i/perTag)},
			"parameters": []any{
				object{"name": "id", "in": "path", "required": true, "schema": object{"type": "string"}},
				object{"name": "limit", "in": "query", "schema": object{"type": "integer", "format": "int32", "default": 50}},
				object{"name": "order", "in": "query", "schema": object{"type": "string", "enum": []any{"name", "-name"}}},
			},
			"responses": object{"200": object{"description": "The thing.", "content": object{"application/json": object{"schema": refTo(i)}}}},
		}
		method := "get"
		if i%2 == 1 {
			method, op["operationId"] = "post", "create"+name
			op["requestBody"] = object{"required": true, "content": object{"application/json": object{"schema": refTo(i)}}}
		}
		paths[fmt.Sprintf("/rest/things%d/{id}", i)] = object{method: op}
	}
	return object{
		"openapi": "3.0.3", "info": object{"title": "Things", "version": "1"},
		"paths": paths, "components": object{"schemas": schemas},
	}
}

func refTo(i int) object { return object{"$ref": fmt.Sprintf("#/components/schemas/Thing%d", i)} }

func grownSchema(i, n int) object {
	return object{"type": "object", "required": []any{"id"}, "description": "A thing.", "properties": object{
		"id":      object{"type": "string", "description": "What identifies it."},
		"name":    object{"type": "string"},
		"count":   object{"type": "integer", "format": "int64"},
		"ratio":   object{"type": "number"},
		"active":  object{"type": "boolean"},
		"kind":    object{"type": "string", "enum": []any{"small", "big"}},
		"labels":  object{"type": "array", "items": object{"type": "string"}},
		"next":    refTo((i + 1) % n),
		"related": object{"type": "array", "items": refTo((i + 7) % n)},
	}}
}
