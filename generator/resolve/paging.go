package resolve

import (
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/naming"
)

// page recognises a listing that pages: it takes an offset, and answers with an object that holds one array of items.
func (r *resolver) page(op *ir.Operation) {
	if op.Params == nil || op.Result.Kind != ir.ResultJSON || op.Result.Type.Kind != ir.ModelKind || len(op.PathParams) > 0 && op.Body != nil {
		return
	}
	offset := numberParam(op.Params, "start", "offset", "startAt")
	items := itemsField(op.Result.Type.Model)
	if offset == nil || items == nil || op.Body != nil {
		return
	}
	answer := op.Result.Type.Model
	p := &ir.Paging{Style: ir.Offset, Item: items.Type.Elem, Items: items, Offset: offset, Limit: numberParam(op.Params, "limit", "maxResults"),
		End: endParam(op.Params), AnswerOffset: numberField(answer, offset.Wire)}
	if p.Limit != nil {
		p.AnswerLimit = numberField(answer, p.Limit.Wire)
	}
	if links := field(answer, "_links"); links != nil {
		// Where links say how to go on, a short page is not the end, whatever the limit.
		p.AnswerLimit = nil
		if links.Type.Kind == ir.ModelKind {
			if next := field(links.Type.Model, "next"); next != nil && next.Type.Kind == ir.String {
				p.Style, p.Next = ir.OffsetNext, []*ir.Field{links, next}
			}
		}
	}
	listing := listingName(op.Name)
	p.Pager = r.methods.Take(listing + "Pager")
	p.All = r.methods.Take("All" + listing)
	op.Paging = p
	r.api.HasPaging = true
}

// listingName is the name of an operation without the verb that says that it lists.
func listingName(op string) string {
	for _, verb := range []string{"Get", "List", "Search"} {
		if rest, ok := strings.CutPrefix(op, verb); ok && rest != "" && naming.Exported(rest) == rest {
			return strings.TrimPrefix(rest, "All")
		}
	}
	return op
}

func numberParam(params *ir.Params, names ...string) *ir.Param {
	for _, name := range names {
		for _, p := range params.Fields {
			if p.Wire == name && p.In == "query" && p.Type.Kind == ir.Int && p.Type.Pointer {
				return p
			}
		}
	}
	return nil
}

// endParam finds the time bound that has to stay where it is while new records arrive.
func endParam(params *ir.Params) *ir.Param {
	for _, p := range params.Fields {
		if p.In == "query" && p.Type.Kind == ir.Time && !p.Required && slices.Contains([]string{"endDate", "to", "end", "until"}, p.Wire) {
			return p
		}
	}
	return nil
}

// itemsField gives the one array of an answer.
func itemsField(m *ir.Model) *ir.Field {
	var found *ir.Field
	for _, f := range m.Fields {
		if f.Type.Kind != ir.Slice {
			continue
		}
		if found != nil {
			return nil
		}
		found = f
	}
	return found
}

func field(m *ir.Model, wire string) *ir.Field {
	for _, f := range m.Fields {
		if f.Wire == wire {
			return f
		}
	}
	return nil
}

func numberField(m *ir.Model, wire string) *ir.Field {
	if f := field(m, wire); f != nil && f.Type.Kind == ir.Int {
		return f
	}
	return nil
}
