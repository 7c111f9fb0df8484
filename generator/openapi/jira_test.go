package openapi

import (
	"os"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

const jira = "specs/jira-*.json"

// counts is the number of objects of each kind.
type counts struct {
	Operations, Params, Bodies, Responses, Media, Named, Schemas, Refs, Members, Required, Enums, Defaults, Formats int
}

// kin-openapi, an independent reader, counts the same objects.
func TestJiraIsReadWhole(t *testing.T) {
	file := shared(t, jira)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := Parse(source.File{Name: "jira.json", Data: data}, &claim.Source{File: "jira.json", Kind: claim.OpenAPI})
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		t.Fatal(err)
	}
	var got, want counts
	got.claims(doc)
	want.loaded(loaded)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-kin-openapi +claims:\n%s", diff)
	}
	if got.Operations != 442 {
		t.Errorf("%d operations, want 442", got.Operations)
	}
	for _, n := range doc.Notes {
		if n.Pos.Pointer != "/externalDocs" {
			t.Errorf("unexpected note: %v (%s)", n, n.Pos.Pointer)
		}
	}
}

func (c *counts) claims(doc *claim.Document) {
	for _, op := range doc.Operations {
		c.Operations++
		for _, p := range op.Params {
			c.Params++
			c.claimed(&p.Schema)
		}
		if op.Body != nil {
			c.Bodies++
			c.media(op.Body.Content)
		}
		for _, r := range op.Responses {
			c.Responses++
			c.media(r.Content)
		}
	}
	for _, s := range doc.Schemas {
		c.Named++
		c.claimed(&s.Schema)
	}
}

func (c *counts) media(all []*claim.Media) {
	for _, m := range all {
		c.Media++
		if m.Schema.Line > 0 {
			c.claimed(&m.Schema)
		}
	}
}

func (c *counts) claimed(s *claim.Schema) {
	c.Schemas++
	for _, f := range s.Facts {
		switch f.Name {
		case claim.Ref:
			c.Refs++
		case claim.Required:
			c.Required++
		case claim.Enum:
			c.Enums++
		case claim.Default:
			c.Defaults++
		case claim.Format:
			c.Formats++
		}
	}
	for _, m := range s.Members {
		c.Members++
		c.claimed(&m.Schema)
	}
	for _, one := range []*claim.Schema{s.Items, s.Additional, s.Not} {
		if one != nil {
			c.claimed(one)
		}
	}
	for _, list := range [][]*claim.Schema{s.OneOf, s.AnyOf, s.AllOf} {
		for _, one := range list {
			c.claimed(one)
		}
	}
}

func (c *counts) loaded(doc *openapi3.T) {
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			c.Operations++
			for _, p := range op.Parameters {
				c.Params++
				c.schema(p.Value.Schema)
			}
			if op.RequestBody != nil {
				c.Bodies++
				c.content(op.RequestBody.Value.Content)
			}
			for _, r := range op.Responses.Map() {
				c.Responses++
				c.content(r.Value.Content)
			}
		}
	}
	for _, s := range doc.Components.Schemas {
		c.Named++
		c.schema(s)
	}
}

func (c *counts) content(content openapi3.Content) {
	for _, m := range content {
		c.Media++
		if m.Schema != nil {
			c.schema(m.Schema)
		}
	}
}

func (c *counts) schema(ref *openapi3.SchemaRef) {
	c.Schemas++
	if ref.Ref != "" {
		c.Refs++
		return
	}
	s := ref.Value
	c.Required += len(s.Required)
	for _, name := range s.Required {
		if s.Properties[name] == nil { // required but not described: a property all the same
			c.Members++
			c.Schemas++
		}
	}
	if len(s.Enum) > 0 {
		c.Enums++
	}
	if s.Default != nil {
		c.Defaults++
	}
	if s.Format != "" {
		c.Formats++
	}
	c.Members += len(s.Properties)
	for _, p := range s.Properties {
		c.schema(p)
	}
	for _, one := range []*openapi3.SchemaRef{s.Items, s.AdditionalProperties.Schema, s.Not} {
		if one != nil {
			c.schema(one)
		}
	}
	for _, list := range []openapi3.SchemaRefs{s.OneOf, s.AnyOf, s.AllOf} {
		for _, one := range list {
			c.schema(one)
		}
	}
}

func BenchmarkParseJira(b *testing.B) {
	data, err := os.ReadFile(shared(b, jira))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(source.File{Name: "jira.json", Data: data}, &claim.Source{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReadJira measures reading without ParseTree.
func BenchmarkReadJira(b *testing.B) {
	data, err := os.ReadFile(shared(b, jira))
	if err != nil {
		b.Fatal(err)
	}
	root, err := source.ParseTree(source.File{Name: "jira.json", Data: data})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if doc := ReadDocument(root, NewReader("jira.json", root, OpenAPI30)); len(doc.Operations) != 442 {
			b.Fatal(len(doc.Operations))
		}
	}
}
