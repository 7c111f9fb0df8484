package settled

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/goccy/go-yaml"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// YAML gives the OpenAPI document as YAML, everything in the document's order.
func (d *Document) YAML() ([]byte, error) {
	out, err := yaml.MarshalWithOptions(ordered(d.Tree), yaml.Indent(2), yaml.IndentSequence(true), yaml.UseLiteralStyleIfMultiline(true))
	if err != nil {
		return nil, fmt.Errorf("write the settled document as YAML: %w", err)
	}
	return out, nil
}

// JSON gives the OpenAPI document as indented JSON, everything in the document's order.
func (d *Document) JSON() ([]byte, error) {
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(d.Tree.JSON()), "", "  "); err != nil {
		return nil, fmt.Errorf("write the settled document as JSON: %w", err)
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// Findings gives what kin-openapi has against the document; nil if nothing.
func (d *Document) Findings() error {
	return d.T.Validate(context.Background(), openapi3.EnableExamplesValidation(), openapi3.EnableSchemaDefaultsValidation())
}

// ordered turns a node into what go-yaml writes in the same order.
func ordered(n *source.Node) any {
	switch n.Kind {
	case source.Object:
		out := make(yaml.MapSlice, len(n.Members))
		for i, m := range n.Members {
			out[i] = yaml.MapItem{Key: m.Key, Value: ordered(m.Value)}
		}
		return out
	case source.Array:
		out := make([]any, len(n.Items))
		for i, item := range n.Items {
			out[i] = ordered(item)
		}
		return out
	case source.Number:
		return number(n.Text)
	default:
		return n.Any()
	}
}

// number is a number that is written as it was spelled.
type number string

// MarshalYAML implements yaml.BytesMarshaler.
func (n number) MarshalYAML() ([]byte, error) { return []byte(n), nil }
