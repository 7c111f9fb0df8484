package settled

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// YAML returns the document as YAML.
func (d *Document) YAML() ([]byte, error) { return treeYAML(d.Node()) }

// treeYAML writes a tree. The library keeps everything until the end, which is six times the text,
// so it gets a large document in pieces. Each piece is written inside the objects around it, and
// lines that the piece before has written already are left out.
func treeYAML(tree *source.Node) ([]byte, error) {
	var out bytes.Buffer
	var open []string // the objects around the last piece
	for _, p := range pieces(nil, tree) {
		text, err := p.yaml()
		if err != nil {
			return nil, fmt.Errorf("write the settled document as YAML: %w", err)
		}
		for i := 0; i < len(p.in) && i < len(open) && p.in[i] == open[i]; i++ {
			_, text, _ = bytes.Cut(text, []byte("\n"))
		}
		out.Write(text)
		open = p.in
	}
	return out.Bytes(), nil
}

// piece is a member of an object, and the keys of the objects around it, outermost first.
type piece struct {
	in     []string
	member source.Member
}

// largePiece is how many values an object has that is cut into its members, in which each key must be on
// a line of its own.
const (
	largePiece = 2000
	maxKey     = 100
)

func isLarge(m source.Member) bool {
	return m.Value.Kind == source.Object && len(m.Key) <= maxKey && !strings.ContainsFunc(m.Key, source.Hidden) && values(m.Value, largePiece) >= largePiece
}

// values counts the values in a tree, up to a number that is enough.
func values(n *source.Node, enough int) int {
	count := 1
	for i := 0; i < len(n.Members) && count < enough; i++ {
		count += values(n.Members[i].Value, enough-count)
	}
	for i := 0; i < len(n.Items) && count < enough; i++ {
		count += values(n.Items[i], enough-count)
	}
	return count
}

// pieces cuts an object into its members, and those that grow with an API into theirs.
func pieces(in []string, n *source.Node) []piece {
	var all []piece
	for _, m := range n.Members {
		inside := slices.Concat(in, []string{m.Key})
		switch strings.Join(inside, " ") {
		case "paths", "components", "components schemas":
			if len(m.Value.Members) > 0 {
				all = append(all, pieces(inside, m.Value)...)
				continue
			}
		}
		if isLarge(m) {
			all = append(all, pieces(inside, m.Value)...)
			continue
		}
		all = append(all, piece{in, m})
	}
	return all
}

// yaml writes a piece and the objects around it.
func (p piece) yaml() ([]byte, error) {
	n := yamlNode(&source.Node{Kind: source.Object, Members: []source.Member{p.member}})
	for _, key := range slices.Backward(p.in) {
		n = &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: []*yaml.Node{yamlString(key), n}}
	}
	return encodeYAML(n)
}

func encodeYAML(n *yaml.Node) ([]byte, error) {
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(n); err != nil {
		return nil, err
	}
	if err := enc.Close(); err != nil {
		return nil, err
	}
	return source.EscapeYAML(out.Bytes()), nil
}

// JSON returns the document as indented JSON.
func (d *Document) JSON() ([]byte, error) {
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(d.Node().JSON()), "", "  "); err != nil {
		return nil, fmt.Errorf("write the settled document as JSON: %w", err)
	}
	out.WriteByte('\n')
	return source.EscapeJSON(out.Bytes()), nil
}

// yamlNode returns a node as the YAML library writes it. The tags keep strings quoted that look
// like something else, and numbers as they are spelled.
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

// yamlString writes texts of several lines as they are, and quotes invisible characters.
func yamlString(s string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	switch {
	case strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && source.Hidden(r) }), oldBooleans[strings.ToLower(s)]:
		n.Style = yaml.DoubleQuotedStyle
	case strings.Contains(s, "\n"):
		n.Style = yaml.LiteralStyle
	}
	return n
}

// oldBooleans are the words that YAML 1.1 reads as booleans.
var oldBooleans = map[string]bool{"y": true, "n": true, "yes": true, "no": true, "on": true, "off": true}
