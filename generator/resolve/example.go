package resolve

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// The limits of examples: they show how something is called, not what all can be said.
const (
	maxExampleDepth = 6
	maxExampleText  = 100 // bytes
	maxExampleBody  = 200 // values
)

// examples decides how each operation is shown: with what is required and nothing else.
func (r *operations) examples() {
	for _, g := range r.api.Groups {
		for _, op := range g.Operations {
			r.example(op)
		}
	}
}

func (r *operations) example(op *ir.Operation) {
	e := &exampler{r: r}
	if op.Paging != nil {
		e.cursor = op.Paging.BodyCursor
	}
	op.Example = &ir.Example{}
	for _, p := range op.PathParams {
		op.Example.Args = append(op.Example.Args, e.whole(p.Type, r.shown[p], p.Wire))
	}
	if op.Params != nil {
		for _, p := range op.Params.Fields {
			if p.Required {
				op.Example.Params = append(op.Example.Params, &ir.ParamValue{Param: p, Value: e.whole(p.Type, r.shown[p], p.Wire)})
			}
		}
	}
	if b := op.Body; b != nil && b.Type != nil {
		op.Example.Body = e.whole(b.Type, nil, "value")
	}
	if op.Body != nil && op.Body.Form != nil {
		op.Example.Parts = e.partsOf(op.Body.Form)
	}
	op.Example.Curl = curl(r.api, op)
}

// exampler makes the values of one example.
type exampler struct {
	r      *operations
	cursor *ir.Field // the member of a body that only an answer can fill; nil if there is none
	spent  int
	open   []*ir.Model // the models around the value
}

// value makes a value of a type. s is the schema that may have an example of it; name is used for a
// text that nothing is known about.
func (e *exampler) value(t *ir.Type, s *settled.Schema, name string, depth int) *ir.Value {
	e.spent++
	if s = s.Resolved(); s == nil {
		s = &settled.Schema{}
	}
	v := &ir.Value{Type: t}
	switch t.Kind {
	case ir.String:
		v.Text = exampleText(s, name)
	case ir.EnumKind:
		v.Text = exampleValue(s, t.Enum, name)
	case ir.Int, ir.Uint:
		v.Text = exampleInt(s)
	case ir.Float:
		v.Text = "1.5"
	case ir.Bool:
		v.Truth = true
	case ir.Time:
		v.Text = "2026-03-01T12:00:00Z"
	case ir.Raw:
		v.Text = exampleRaw(s)
	case ir.File:
		v.Text = "README.md"
	case ir.Slice:
		if e.deeper(depth) {
			v.Items = []*ir.Value{e.value(t.Elem, s.Items, name, depth+1)}
		}
	case ir.Map:
		if e.deeper(depth) {
			v.Members = []ir.MemberValue{{Key: "name", Value: e.value(t.Elem, nil, "value", depth+1)}}
		}
	case ir.ModelKind:
		if e.deeper(depth) {
			v.Members = e.required(t.Model, depth)
		}
	case ir.UnionKind:
		e.union(v, name, depth)
	default:
		panic("resolve: an example of an unknown kind of type")
	}
	return v
}

func (e *exampler) deeper(depth int) bool { return depth < maxExampleDepth && e.spent < maxExampleBody }

// required returns the members without which a model is not complete.
func (e *exampler) required(m *ir.Model, depth int) []ir.MemberValue {
	var members []ir.MemberValue
	e.open = append(e.open, m)
	defer func() { e.open = e.open[:len(e.open)-1] }()
	for _, f := range m.Fields {
		if f.Required && !f.ReadOnly && !(f.Type.Pointer && slices.Contains(e.open, f.Type.Model)) {
			members = append(members, e.member(f, depth))
		}
	}
	return members
}

func (e *exampler) member(f *ir.Field, depth int) ir.MemberValue {
	return ir.MemberValue{Field: f, Key: f.Wire, Value: e.value(f.Type, e.r.fields[f], f.Wire, depth+1)}
}

// whole makes an argument. Where no member is required, a few show what goes into it.
func (e *exampler) whole(t *ir.Type, s *settled.Schema, name string) *ir.Value {
	v := e.value(t, s, name, 0)
	if t.Kind != ir.ModelKind || len(v.Members) > 0 {
		return v
	}
	for _, f := range t.Model.Fields {
		if scalar(f.Type) && len(v.Members) < 3 && !f.ReadOnly && f != e.cursor {
			v.Members = append(v.Members, e.member(f, 0))
		}
	}
	return v
}

// partsOf makes the parts without which a form is not complete. Where none is required, one shows
// what goes into it.
func (e *exampler) partsOf(form *ir.Form) []ir.PartValue {
	var parts []ir.PartValue
	for _, p := range form.Parts {
		if p.Required {
			parts = append(parts, ir.PartValue{Part: p, Value: e.part(p)})
		}
	}
	shown := func(p *ir.Part) bool { return p.Type.Kind == ir.File || scalar(p.Type) }
	if i := slices.IndexFunc(form.Parts, shown); i >= 0 && len(parts) == 0 {
		parts = append(parts, ir.PartValue{Part: form.Parts[i], Value: e.part(form.Parts[i])})
	}
	return parts
}

// part makes a part, with the headers that it must have.
func (e *exampler) part(p *ir.Part) *ir.Value {
	v := e.whole(p.Type, e.r.parts[p], p.Wire)
	file := v
	if len(v.Items) == 1 {
		file = v.Items[0]
	}
	for _, h := range p.Headers {
		if file.Type.Kind == ir.File && h.Value == "" {
			file.Members = append(file.Members, ir.MemberValue{Key: h.Name, Value: &ir.Value{Type: &ir.Type{Kind: ir.String}, Text: "value"}})
		}
	}
	return v
}

// union makes a value that holds the first variant.
func (e *exampler) union(v *ir.Value, name string, depth int) {
	u := v.Type.Union
	if len(u.Variants) == 0 || !e.deeper(depth) {
		return
	}
	v.Variant = u.Variants[0]
	held := e.value(v.Variant.Type, nil, name, depth+1)
	v.Items = []*ir.Value{held}
	if u.Tag == "" || len(v.Variant.Tags) == 0 || held.Type.Kind != ir.ModelKind {
		return
	}
	// The function that makes the union says which variant it is; on a command line it has to be
	// said.
	tag := ir.MemberValue{Key: u.Tag, Value: &ir.Value{Type: &ir.Type{Kind: ir.String}, Text: v.Variant.Tags[0]}}
	held.Members = slices.DeleteFunc(held.Members, func(m ir.MemberValue) bool { return m.Key == u.Tag })
	held.Members = append([]ir.MemberValue{tag}, held.Members...)
}

func scalar(t *ir.Type) bool {
	switch t.Kind {
	case ir.String, ir.EnumKind, ir.Int, ir.Uint, ir.Float, ir.Bool, ir.Time:
		return !t.Pointer
	}
	return false
}

// exampleText is a text that fits a schema, as far as that is known: its example, its first value,
// what its format asks for, its default, or else its name.
func exampleText(s *settled.Schema, name string) string {
	for _, v := range examples(s) {
		if showable(v.Str()) {
			return v.Text
		}
	}
	return cmp.Or(formatExamples[s.Text("format")], name)
}

// examples returns the values that a schema shows, the best ones first.
func examples(s *settled.Schema) []*source.Node {
	return append([]*source.Node{s.Get("example"), s.Get("default")}, s.Enum()...)
}

// showable reports whether a text is short and of one line, and there at all.
func showable(text string) bool {
	return text != "" && len(text) <= maxExampleText && utf8.ValidString(text) && strings.IndexFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
}

var formatExamples = map[string]string{
	"date":     "2026-03-01",
	"email":    "someone@example.com",
	"uri":      "https://example.com/",
	"url":      "https://example.com/",
	"uuid":     "123e4567-e89b-12d3-a456-426614174000",
	"byte":     "Ynl0ZXM=",
	"ipv4":     "192.0.2.1",
	"hostname": "example.com",
}

// exampleValue is one of the values of an enum: the example or the default, or else the first.
func exampleValue(s *settled.Schema, e *ir.Enum, name string) string {
	for _, v := range []*source.Node{s.Get("example"), s.Get("default")} {
		if slices.ContainsFunc(e.Values, func(value ir.EnumValue) bool { return v != nil && v.Kind == source.String && v.Text == value.Value }) {
			return v.Text
		}
	}
	if len(e.Values) > 0 {
		return e.Values[0].Value
	}
	return name
}

func exampleInt(s *settled.Schema) string {
	for _, v := range examples(s) {
		if n, ok := number(v); ok && n == float64(int64(n)) && n > -1e15 && n < 1e15 {
			return strconv.FormatInt(int64(n), 10)
		}
	}
	if least, ok := number(s.Get("minimum")); ok && least > 1 && least < 1e15 {
		return strconv.FormatInt(int64(least)+1, 10)
	}
	return "1"
}

// number returns the value of a number.
func number(n *source.Node) (float64, bool) {
	if n == nil || n.Kind != source.Number {
		return 0, false
	}
	f, err := strconv.ParseFloat(n.Text, 64)
	return f, err == nil
}

// given returns the value of a keyword of a schema, nil if it is null.
func given(s *settled.Schema, key string) *source.Node {
	if n := s.Resolved().Get(key); n != nil && n.Kind != source.Null {
		return n
	}
	return nil
}

// exampleRaw is any JSON: the example of the document if it is short.
func exampleRaw(s *settled.Schema) string {
	if example := given(s, "example"); example != nil {
		if text, err := json.Marshal(example.Any()); err == nil && len(text) <= maxExampleText {
			return string(text)
		}
	}
	return `{"name":"value"}`
}
