package resolve

import "github.com/seed-1954497d/auditgen/generator/ir"

// mark finds out which models and unions travel in requests and which in answers, and which models
// are held by value.
func mark(api *ir.API) {
	nested := func(t *ir.Type) {
		if t.Kind == ir.ModelKind && !t.Pointer {
			t.Model.Nested = true
		}
	}
	for _, m := range api.Models {
		for _, f := range m.Fields {
			nested(f.Type)
		}
	}
	for _, g := range api.Groups {
		for _, op := range g.Operations {
			if op.Params != nil {
				for _, p := range op.Params.Fields {
					nested(p.Type)
				}
			}
			if op.Body != nil {
				request := func(t *ir.Type) *bool {
					if t.Kind == ir.UnionKind {
						return &t.Union.Request
					}
					return &t.Model.Request
				}
				reach(op.Body.Type, request)
				if op.Body.Form != nil {
					for _, p := range op.Body.Form.Parts {
						nested(p.Type)
						reach(p.Type, request)
					}
				}
			}
			response := func(t *ir.Type) *bool {
				if t.Kind == ir.UnionKind {
					return &t.Union.Response
				}
				return &t.Model.Response
			}
			reach(op.Result.Type, response)
			for _, e := range op.Errors {
				reach(e.Type, response)
			}
		}
	}
}

// reach sets the flag of every model and union below t, once.
func reach(t *ir.Type, flag func(*ir.Type) *bool) {
	if t == nil {
		return
	}
	if t.Kind != ir.ModelKind && t.Kind != ir.UnionKind {
		reach(t.Elem, flag)
		return
	}
	if seen := flag(t); *seen {
		return
	}
	*flag(t) = true
	if t.Kind == ir.UnionKind {
		for _, v := range t.Union.Variants {
			reach(v.Type, flag)
		}
		return
	}
	for _, f := range t.Model.Fields {
		reach(f.Type, flag)
	}
}
