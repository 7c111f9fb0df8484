package openapi

import (
	"fmt"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
)

// dump prints claims with the lines that they come from.
func dump(doc *claim.Document) string {
	d := &dumper{}
	d.line(0, "document%s", facts(doc.Facts))
	for _, s := range doc.Servers {
		d.line(1, "server %s @%d", s.URL, s.Line)
	}
	for _, s := range doc.Security {
		d.line(1, "security %s @%d%s", s.Name, s.Line, facts(s.Schema.Facts))
	}
	for _, op := range doc.Operations {
		d.line(0, "%s %s @%d%s", op.Method, op.Path, op.Line, facts(op.Facts))
		for _, p := range op.Params {
			d.param(1, p)
		}
		if op.Body != nil {
			d.line(1, "body @%d%s", op.Body.Line, facts(op.Body.Facts))
			d.content(2, op.Body.Content)
		}
		for _, r := range op.Responses {
			d.line(1, "%s @%d%s", r.Status, r.Line, facts(r.Facts))
			for _, h := range r.Headers {
				d.param(2, h)
			}
			d.content(2, r.Content)
		}
	}
	for _, s := range doc.Schemas {
		d.line(0, "schema %s @%d", s.Name, s.Line)
		d.schema(1, "", &s.Schema)
	}
	for _, n := range doc.Notes {
		d.line(0, "note %s (%s)", n, n.Pos.Pointer)
	}
	return d.b.String()
}

type dumper struct{ b strings.Builder }

func (d *dumper) line(indent int, format string, args ...any) {
	d.b.WriteString(strings.Repeat("  ", indent))
	fmt.Fprintf(&d.b, format+"\n", args...)
}

func (d *dumper) param(indent int, p *claim.Param) {
	d.line(indent, "%s:%s @%d%s", p.In, p.Name, p.Line, facts(p.Facts))
	d.schema(indent+1, "schema", &p.Schema)
}

func (d *dumper) content(indent int, all []*claim.Media) {
	for _, m := range all {
		d.line(indent, "%s @%d%s", m.Type, m.Line, facts(m.Facts))
		d.schema(indent+1, "schema", &m.Schema)
	}
}

// schema leaves out schemas without claims.
func (d *dumper) schema(indent int, label string, s *claim.Schema) {
	inside := len(s.Members)+len(s.OneOf)+len(s.AnyOf)+len(s.AllOf) > 0 || s.Items != nil || s.Additional != nil || s.Not != nil
	if len(s.Facts) == 0 && !inside && label == "schema" {
		return
	}
	d.line(indent, "%s @%d%s", strings.TrimSpace(label), s.Line, facts(s.Facts))
	for _, m := range s.Members {
		d.schema(indent+1, "."+m.Name, &m.Schema)
	}
	if s.Items != nil {
		d.schema(indent+1, "[]", s.Items)
	}
	if s.Additional != nil {
		d.schema(indent+1, "{}", s.Additional)
	}
	for _, list := range []struct {
		label string
		all   []*claim.Schema
	}{{"oneOf", s.OneOf}, {"anyOf", s.AnyOf}, {"allOf", s.AllOf}} {
		for i, one := range list.all {
			d.schema(indent+1, fmt.Sprintf("%s[%d]", list.label, i), one)
		}
	}
	if s.Not != nil {
		d.schema(indent+1, "not", s.Not)
	}
}

func facts(all claim.Facts) string {
	var b strings.Builder
	for _, f := range all {
		text := f.Text()
		if strings.ContainsAny(text, " \n") && !strings.HasPrefix(text, "{") && !strings.HasPrefix(text, "[") {
			text = fmt.Sprintf("%q", text)
		}
		fmt.Fprintf(&b, " %s=%s@%d", f.Name, text, f.Line)
	}
	return b.String()
}
