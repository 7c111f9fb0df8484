package settled

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v4"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// YAML gives the OpenAPI document as YAML, everything in the document's order.
func (d *Document) YAML() ([]byte, error) {
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(yamlNode(d.Tree)); err != nil {
		return nil, fmt.Errorf("write the settled document as YAML: %w", err)
	}
	if err := enc.Close(); err != nil {
		return nil, fmt.Errorf("write the settled document as YAML: %w", err)
	}
	return out.Bytes(), nil
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

// yamlNode turns a node into what the YAML library writes. The tags keep strings that look like something else quoted and
// numbers as they are spelled.
func yamlNode(n *source.Node) *yaml.Node {
	switch n.Kind {
	case source.Object:
		out := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: make([]*yaml.Node, 0, 2*len(n.Members))}
		if len(n.Members) == 0 {
			out.Style = yaml.FlowStyle
		}
		for _, m := range n.Members {
			out.Content = append(out.Content, yamlString(m.Key), yamlNode(m.Value))
		}
		return out
	case source.Array:
		out := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: make([]*yaml.Node, 0, len(n.Items))}
		if len(n.Items) == 0 {
			out.Style = yaml.FlowStyle
		}
		for _, item := range n.Items {
			out.Content = append(out.Content, yamlNode(item))
		}
		return out
	case source.String:
		return yamlString(n.Text)
	case source.Number:
		tag := "!!int"
		if strings.ContainsAny(n.Text, ".eE") {
			tag = "!!float"
		}
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: n.Text}
	case source.Bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: n.Text}
	default:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
	}
}

// yamlString writes texts of several lines as they are, and quotes what holds characters that nobody sees.
func yamlString(s string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	switch {
	case strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }), oldBooleans[strings.ToLower(s)]:
		n.Style = yaml.DoubleQuotedStyle
	case strings.Contains(s, "\n"):
		n.Style = yaml.LiteralStyle
	}
	return n
}

// oldBooleans are the words that readers of YAML 1.1 take for booleans.
var oldBooleans = map[string]bool{"y": true, "n": true, "yes": true, "no": true, "on": true, "off": true}
