package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"text/tabwriter"
)

// growth measures auditgen on documents that differ in their size alone.
func (b *bench) growth() error {
	fmt.Fprintf(b.w, "\nGrowth: documents made for it\n")
	t := tabwriter.NewWriter(b.w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(t, "OPERATIONS\tSECONDS\tCPU\tMB\tLINES\tMS AN OPERATION\tCPU MS AN OPERATION\tKB AN OPERATION\tNOTHING CHANGED")
	var before *measured
	for _, n := range []int{100, 1_000, 10_000} {
		file := filepath.Join(b.dir, fmt.Sprintf("grown%d.json", n))
		if err := b.makeDocument(file, n); err != nil {
			return err
		}
		m, again, err := b.grownOnce(file, n)
		if err != nil {
			return err
		}
		per := func(v float64) float64 { return v * 1000 / float64(n) }
		fmt.Fprintf(t, "%d\t%.2f\t%.2f\t%.0f\t%d\t%.2f\t%.2f\t%.0f\t%.3f\n", n, m.of(seconds), m.of(cpu), m.of(megabytes), m.lines,
			per(m.of(seconds)), per(m.of(cpu)), per(m.of(megabytes)), again.of(seconds))
		if before != nil {
			fmt.Fprintf(t, "  10x the operations:\t%.1fx\t%.1fx\t%.1fx\n", m.of(seconds)/before.of(seconds), m.of(cpu)/before.of(cpu), m.of(megabytes)/before.of(megabytes))
		}
		before = m
	}
	return t.Flush()
}

func (b *bench) grownOnce(file string, n int) (full, again *measured, err error) {
	full, again = &measured{tool: b.tools[1]}, &measured{tool: b.tools[2]}
	rounds := b.rounds
	if n >= 10_000 {
		rounds = min(rounds, 2)
	}
	for round := range rounds + 1 {
		for i, m := range []*measured{full, again} {
			if err := b.once(m, file, filepath.Join(b.dir, "grown", fmt.Sprint(n, "-", i)), round); err != nil {
				return nil, nil, err
			}
			if m.refusal != "" {
				return nil, nil, fmt.Errorf("%d operations: %s", n, m.refusal)
			}
		}
	}
	full.lines, err = linesOf(full.out)
	return full, again, err
}

func (b *bench) makeDocument(file string, n int) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	cmd := exec.Command(b.self, "-make", fmt.Sprint(n))
	cmd.Stdout, cmd.Stderr = f, os.Stderr
	return errors.Join(cmd.Run(), f.Close())
}

// perTag is how many operations a tag has.
const perTag = 20

type object = map[string]any

// grown makes a document: every operation has parameters, every second one a body, and there are as many schemas as
// operations, each of which holds two others.
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
