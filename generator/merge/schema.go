package merge

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// known tells whether anything says what sort of value stands at n.
func (n *node) known() bool {
	return n.ref != "" || n.jsonType() != "" || !n.combined.empty() || len(n.facts.only(claim.Enum)) > 0
}

// stated tells whether a specification or an overlay speaks of n, so that an empty schema there means any value.
func (n *node) stated() bool {
	return slices.ContainsFunc(n.voices, func(v voice) bool { return v.src.Kind == claim.OpenAPI || v.src.Kind == claim.Overlay })
}

// schema writes the schema of a value.
func (b *builder) schema(n *node) *object {
	if n.ref != "" {
		return b.reference(n)
	}
	out := newObject()
	decisions := b.facts(n.address(), n.facts)
	for _, d := range decisions {
		if d.name != claim.Required {
			out.put(string(d.name), node0(d.won))
		}
		if d.name == claim.TypeName {
			b.doc.TypeNames = append(b.doc.TypeNames, settled.TypeName{Schema: out.Node, Address: n.address(), Said: sayIt(d.won)})
		}
	}
	if out.Get("type") == nil && n.combined.empty() {
		if t := cmpType(n, out); t != "" {
			out.str("type", t)
			if enum := out.Get("enum"); enum != nil && slices.ContainsFunc(enum.Items, isNull) {
				out.put("nullable", boolNode(true))
			}
		}
	}
	b.fit(n, out)
	b.inside(n, out)
	out.inOrder("type", "format", "title", "description", "nullable", "deprecated", "readOnly", "writeOnly", "enum", "default", "example",
		"items", "properties", "required", "additionalProperties", "oneOf", "anyOf", "allOf", "not", "discriminator")
	return out
}

// cmpType infers a type that nobody states from what is inside the value, or from its enum.
func cmpType(n *node, out *object) string {
	if t := n.jsonType(); t != "" {
		return t
	}
	enum := out.Get("enum")
	if enum == nil {
		return ""
	}
	t := ""
	for _, item := range enum.Items {
		switch one := typeOf(item); {
		case isNull(item):
		case t != "" && one != t:
			return ""
		default:
			t = one
		}
	}
	return t
}

func isNull(n *source.Node) bool { return n.Kind == source.Null }

// typeOf gives the JSON type of a value as OpenAPI calls it; "" for null.
func typeOf(n *source.Node) string {
	switch n.Kind {
	case source.Number:
		if strings.ContainsAny(n.Text, ".eE") {
			return "number"
		}
		return "integer"
	case source.Null:
		return ""
	default:
		return n.Kind.String()
	}
}

// reference writes a use of a named schema. What is said about the place beside the reference goes around it, because
// OpenAPI 3.0 ignores the neighbours of $ref.
func (b *builder) reference(n *node) *object {
	out := newObject()
	all := append(facts{n.refSaid}, n.facts...)
	for _, d := range b.facts(n.address(), all) {
		if d.name != claim.Required && d.name != claim.Ref && d.name != claim.Example {
			out.put(string(d.name), node0(d.won))
		}
	}
	if len(b.schemas.root(n.ref).voices) == 0 {
		if n.refSaid.src.Kind != claim.OpenAPI && n.refSaid.src.Kind != claim.Overlay { // a page names types that it does not describe
			b.gap(n.address(), fmt.Sprintf("the type %.100q is described nowhere", n.ref), "any value")
			return out
		}
		b.undefined(n)
		return out
	}
	ref := newObject()
	ref.str("$ref", "#/components/schemas/"+b.use(n.ref))
	if len(out.Members) == 0 {
		return ref
	}
	out.put("allOf", &source.Node{Kind: source.Array, Items: []*source.Node{ref.Node}})
	out.inOrder("description", "nullable", "deprecated", "default")
	return out
}

// undefined refuses a use of a schema that no source says anything about. Searching for a similar name takes time in proportion to
// the number of schemas, so that few are searched for.
func (b *builder) undefined(n *node) {
	do := "define it in one of them, or correct the name"
	if b.suggested++; b.suggested <= maxSuggested {
		defined := slices.DeleteFunc(slices.Clone(b.schemas.names), func(name string) bool { return len(b.schemas.roots[name].voices) == 0 })
		if near := source.Nearest(n.ref, defined); near != "" {
			do += fmt.Sprintf(": perhaps %.100q is meant", near)
		}
	}
	from := source.Position{File: n.refSaid.src.File, Line: n.refSaid.Line}
	b.errs.Add(from, n.address(), fmt.Sprintf("$ref leads to the schema %.100q, which no source defines", n.ref), do)
}

const maxSuggested = 20

// inside writes what an object, an array or a combination holds.
func (b *builder) inside(n *node, out *object) {
	if n.items != nil || out.Get("type").Str() == "array" {
		items := newObject()
		if n.items != nil {
			items = b.schema(n.items)
		}
		if n.items == nil || !n.items.known() && !n.items.stated() {
			b.gap(n.address()+"[]", "no type", "any value")
		}
		out.put("items", items.Node)
	}
	b.properties(n, out)
	if n.additional != nil {
		out.put("additionalProperties", b.schema(n.additional).Node)
	}
	list := func(key string, nodes []*node) {
		if len(nodes) == 0 {
			return
		}
		all := &source.Node{Kind: source.Array}
		for _, one := range nodes {
			all.Items = append(all.Items, b.schema(one).Node)
		}
		out.put(key, all)
	}
	list("oneOf", n.combined.oneOf)
	list("anyOf", n.combined.anyOf)
	list("allOf", n.combined.allOf)
	if n.combined.not != nil {
		out.put("not", b.schema(n.combined.not).Node)
	}
}

func (b *builder) properties(n *node, out *object) {
	props := newObject()
	required := &source.Node{Kind: source.Array}
	for _, m := range n.members {
		if m.facts.gone() {
			continue
		}
		schema := b.schema(m)
		if !m.known() && !m.stated() {
			b.gap(m.address(), "no type", "any value")
		}
		props.add(m.name(), schema.Node)
		if r, ok := m.facts.get(claim.Required); ok && r.Value == true {
			required.Items = append(required.Items, source.StringNode(m.name(), r.Line))
		}
	}
	if len(props.Members) > 0 {
		out.put("properties", props.Node)
	}
	if len(required.Items) > 0 {
		out.put("required", required)
	}
}

// fit brings defaults, examples and enum values to the type of the schema, and leaves out what cannot be: a default of "0"
// that a Postman collection gives for an integer becomes 0, an example that contradicts its schema is dropped.
func (b *builder) fit(n *node, out *object) {
	t := out.Get("type").Str()
	for _, key := range []string{"default", "example"} {
		value := out.Get(key)
		if value == nil {
			continue
		}
		fitted, ok := fitTo(value, t, out.Get("nullable").IsTrue())
		if enum := out.Get("enum"); ok && enum != nil && fitted.Kind != source.Null {
			ok = slices.ContainsFunc(enum.Items, fitted.Equal)
		}
		if !ok {
			out.drop(key)
			b.notes = append(b.notes, &source.Error{Where: n.address(), What: "the " + key + " " + value.JSON() + " does not fit the schema", Do: "left out"})
			continue
		}
		out.put(key, fitted)
	}
	b.fitEnum(n, out, t)
}

func (b *builder) fitEnum(n *node, out *object, t string) {
	enum := out.Get("enum")
	if enum == nil {
		return
	}
	fitted := &source.Node{Kind: source.Array, Line: enum.Line}
	seen := make(map[string]bool, len(enum.Items))
	for _, item := range enum.Items {
		value, ok := fitTo(item, t, out.Get("nullable").IsTrue())
		switch {
		case !ok:
			b.notes = append(b.notes, &source.Error{Where: n.address(), What: "the enum value " + item.JSON() + " does not fit the schema", Do: "left out"})
		case !seen[valueKey(value)]:
			seen[valueKey(value)] = true
			fitted.Items = append(fitted.Items, value)
		}
	}
	if len(fitted.Items) == 0 {
		out.drop("enum")
		return
	}
	out.put("enum", fitted)
}

// valueKey gives one text for values that are the same: 1 and 1.0 are, unless they are too large to be told apart.
func valueKey(v *source.Node) string {
	if f, err := strconv.ParseFloat(v.Text, 64); err == nil && v.Kind == source.Number && math.Abs(f) < 1<<53 {
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	return v.JSON()
}

// fitTo gives the value as one of type t, and whether it can be one.
func fitTo(v *source.Node, t string, nullable bool) (*source.Node, bool) {
	if v.Kind == source.Null {
		return v, nullable || t == ""
	}
	switch t {
	case "":
		return v, true
	case "integer":
		if i, err := strconv.ParseInt(v.Text, 10, 64); err == nil && (v.Kind == source.Number || v.Kind == source.String) {
			return &source.Node{Kind: source.Number, Text: strconv.FormatInt(i, 10), Line: v.Line}, true // "+7" and "007" are no JSON
		}
		return v, false
	case "number":
		if _, err := strconv.ParseFloat(v.Text, 64); err == nil && v.Kind == source.String {
			return &source.Node{Kind: source.Number, Text: v.Text, Line: v.Line}, validNumber(v.Text)
		}
		return v, v.Kind == source.Number
	case "boolean":
		if v.Kind == source.String && (v.Text == "true" || v.Text == "false") {
			return &source.Node{Kind: source.Bool, Text: v.Text, Line: v.Line}, true
		}
		return v, v.Kind == source.Bool
	case "string":
		if v.Kind == source.Number || v.Kind == source.Bool {
			return source.StringNode(v.Text, v.Line), true
		}
		return v, v.Kind == source.String
	default:
		return v, v.Kind.String() == t
	}
}

// validNumber tells whether a text is a number as JSON writes it.
func validNumber(text string) bool {
	n, err := source.ParseTree(source.File{Name: "number.json", Data: []byte("[" + text + "]")})
	return err == nil && len(n.Items) == 1 && n.Items[0].Kind == source.Number
}
