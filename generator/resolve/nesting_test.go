package resolve_test

import (
	"fmt"
	"strings"
	"testing"
	"unsafe"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/lock"
	"github.com/seed-1954497d/auditgen/generator/merge"
	"github.com/seed-1954497d/auditgen/generator/openapi"
	"github.com/seed-1954497d/auditgen/generator/resolve"
	"github.com/seed-1954497d/auditgen/generator/source"
	"github.com/seed-1954497d/auditgen/templates/rest/lossless"
)

// schemas is a document that answers with the first of some schemas. Each is a line such as "Pet:
// name Text, owner Owner", and Text is a string.
func schemas(lines ...string) string {
	var b strings.Builder
	first, _, _ := strings.Cut(lines[0], ":")
	fmt.Fprintf(&b, "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get:\n      operationId: getA\n      responses: {200: {description: OK, "+
		"content: {application/json: {schema: {$ref: '#/components/schemas/%s'}}}}}\ncomponents:\n  schemas:\n    Text: {type: string}\n", first)
	for _, line := range lines {
		name, members, _ := strings.Cut(line, ":")
		fmt.Fprintf(&b, "    %s:\n      type: object\n      properties:\n", name)
		for member := range strings.SplitSeq(members, ",") {
			member, of, _ := strings.Cut(strings.TrimSpace(member), " ")
			fmt.Fprintf(&b, "        %s: {$ref: '#/components/schemas/%s'}\n", member, of)
		}
	}
	return b.String()
}

// texts are n members that are strings of 16 bytes.
func texts(n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("t%d Text", i)
	}
	return strings.Join(all, ", ")
}

func nested(t *testing.T, document string, pins ...lock.Model) *ir.API {
	t.Helper()
	doc, err := openapi.Parse(source.File{Name: "a.yaml", Data: []byte(document)}, &claim.Source{File: "a.yaml", Kind: claim.OpenAPI})
	if err != nil {
		t.Fatal(err)
	}
	d, err := merge.Settle(merge.Input{Docs: []*claim.Document{doc}})
	if err != nil {
		t.Fatal(err)
	}
	api, err := resolve.Resolve(resolve.Input{Document: d, Package: "p", Models: pins})
	if err != nil {
		t.Fatal(err)
	}
	return api
}

func TestModelsOfMoreThan512BytesAreHeldByPointerUnlessTheLockHasThemByValue(t *testing.T) {
	value, pointer := lock.Model{Name: "B", Held: lock.ByValue}, lock.Model{Name: "B", Held: lock.ByPointer}
	tests := []struct {
		name    string
		schemas []string
		pins    []lock.Model
		want    string
	}{
		{"29 strings and Members are 512 bytes", []string{"A: b B, n Text", "B: " + texts(29)}, nil, "A.b B"},
		{"30 strings are 528", []string{"A: b B, n Text", "B: " + texts(30)}, nil, "A.b *B"},
		{"everywhere", []string{"A: b B, c C", "C: b B", "B: " + texts(30)}, nil, "A.b *B, A.c C, C.b *B"},
		{"what is held by pointer does not count", []string{"A: b B", "B: c C, d C", "C: " + texts(30)}, nil, "A.b B, B.c *C, B.d *C"},
		{"what is held by value counts", []string{"A: b B", "B: c C, d C", "C: " + texts(15)}, nil, "A.b *B, B.c C, B.d C"},
		{"pinned by value while it grows", []string{"A: b B, n Text", "B: " + texts(1000)}, []lock.Model{value}, "A.b B"},
		{"up to 16 KB", []string{"A: b B, n Text", "B: " + texts(1022)}, []lock.Model{value},
			"A.b *B, note the model, which the lock has by value, has grown to 16400 bytes: fields hold it by pointer from now on"},
		{"pinned by pointer while it shrinks", []string{"A: b B, n Text", "B: n Text"}, []lock.Model{pointer}, "A.b *B"},
		{"recursion", []string{"A: b B, n Text", "B: a A, n Text"}, nil, "A.b B, B.a *A"},
		{"what is new to a recursion gives way", []string{"A: b B, n Text", "B: a A, n Text"}, []lock.Model{{Name: "A", Held: lock.ByValue}}, "A.b *B, B.a A"},
		{"a recursion of what the lock has by value", []string{"A: b B, n Text", "B: a A, n Text"}, []lock.Model{value, {Name: "A", Held: lock.ByValue}},
			"A.b B, B.a *A, note the model, which the lock has by value, contains itself by now: fields hold it by pointer from now on"},
		{"itself", []string{"A: a A, n Text"}, nil, "A.a *A"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			api := nested(t, schemas(test.schemas...), test.pins...)
			var got []string
			for _, m := range api.Models {
				for _, f := range m.Fields {
					if f.Type.Kind == ir.ModelKind {
						got = append(got, m.Name+"."+f.Wire+" "+typeText(f.Type))
					}
				}
			}
			for _, n := range api.Notes {
				got = append(got, "note "+n.What+": "+n.Instead)
			}
			if diff := cmp.Diff(test.want, strings.Join(got, ", ")); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// Package resolve counts with these sizes, on 64 bits: see membersSize and unionSize in nesting.go.
func TestTheSizesOfTheRuntimeAreThoseThatModelsAreMeasuredWith(t *testing.T) {
	if unsafe.Sizeof(uintptr(0)) != 8 {
		t.Skip("not on 64 bits")
	}
	if members, union := unsafe.Sizeof(lossless.Members{}), unsafe.Sizeof(lossless.Union{}); members != 48 || union != 24 {
		t.Errorf("Members has %d bytes and Union %d: change membersSize and unionSize in nesting.go, and this test", members, union)
	}
}
