package refdoc

import (
	"fmt"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
)

// dumper writes a document of claims as text, one address a line with its facts behind it:
//
//	GET /wiki/rest/api/audit @46
//	  query:limit @35: type=integer@37
//
// A fact is name=value@line, a weak one has ~ for =. A description is on a line of its own. Without
// texts, everything that we say in our own words is left out, and so are lines: two documents that
// state the same facts are then the same.
type dumper struct {
	b     strings.Builder
	texts bool
}

func dump(doc *claim.Document, texts bool) string {
	d := &dumper{texts: texts}
	d.line(0, "document", 0, doc.Facts)
	for _, s := range doc.Servers {
		d.line(1, "server "+s.URL, s.Line, nil)
	}
	for _, op := range doc.Operations {
		d.operation(op)
	}
	for _, named := range doc.Schemas {
		d.schema(0, "schema "+named.Name, named.Line, nil, &named.Schema)
	}
	for _, named := range doc.Security {
		d.schema(0, "security "+named.Name, named.Line, nil, &named.Schema)
	}
	return d.b.String()
}

func (d *dumper) operation(op *claim.Operation) {
	d.line(0, op.Method+" "+op.Path, op.Line, op.Facts)
	for _, p := range op.Params {
		d.schema(1, p.In+":"+p.Name, p.Line, p.Facts, &p.Schema)
	}
	if op.Body != nil {
		d.line(1, "body", op.Body.Line, op.Body.Facts)
		d.content(op.Body.Content)
	}
	for _, r := range op.Responses {
		d.line(1, fmt.Sprintf("response %q", r.Status), r.Line, r.Facts)
		for _, h := range r.Headers {
			d.schema(2, "header:"+h.Name, h.Line, h.Facts, &h.Schema)
		}
		d.content(r.Content)
	}
}

func (d *dumper) content(content []*claim.Media) {
	for _, m := range content {
		d.schema(2, fmt.Sprintf("media %q", m.Type), m.Line, nil, &m.Schema)
	}
}

// schema writes what is said about an address itself and about its value on one line, members and
// items below.
func (d *dumper) schema(level int, name string, line int, facts claim.Facts, s *claim.Schema) {
	d.line(level, name, line, append(append(claim.Facts{}, facts...), s.Facts...))
	for _, m := range s.Members {
		d.schema(level+1, "."+m.Name, m.Schema.Line, nil, &m.Schema)
	}
	if s.Items != nil {
		d.schema(level+1, "[]", s.Items.Line, nil, s.Items)
	}
	if s.Additional != nil {
		d.schema(level+1, ".*", s.Additional.Line, nil, s.Additional)
	}
}

func (d *dumper) line(level int, name string, line int, facts claim.Facts) {
	indent := strings.Repeat("  ", level)
	d.b.WriteString(indent + name)
	if d.texts && line > 0 {
		fmt.Fprintf(&d.b, " @%d", line)
	}
	var below []claim.Fact
	for _, f := range facts {
		if f.Name == claim.Description || f.Name == claim.Permissions {
			below = append(below, f)
			continue
		}
		d.b.WriteString("  " + d.fact(f))
	}
	d.b.WriteByte('\n')
	for _, f := range below {
		d.b.WriteString(indent + "    " + d.fact(f) + "\n")
	}
}

func (d *dumper) fact(f claim.Fact) string {
	sign := "="
	if f.Weak {
		sign = "~"
	}
	if d.texts {
		if f.Name == claim.Description || f.Name == claim.Permissions {
			return fmt.Sprintf("%s%s%q @%d", f.Name, sign, f.Text(), f.Line)
		}
		return fmt.Sprintf("%s%s%s@%d", f.Name, sign, f.Text(), f.Line)
	}
	switch f.Name {
	case claim.Description, claim.Permissions, claim.Example:
		return string(f.Name)
	}
	return fmt.Sprintf("%s%s%s", f.Name, sign, f.Text())
}
