package resolve

import "github.com/seed-1954497d/auditgen/generator/ir"

// breakRecursion makes a pointer of every field through which a model would contain itself. Slices
// and maps are pointers already.
func breakRecursion(api *ir.API) {
	const (
		open = 1
		done = 2
	)
	state := map[*ir.Model]int{}
	var walk func(m *ir.Model)
	walk = func(m *ir.Model) {
		state[m] = open
		for _, f := range m.Fields {
			if f.Type.Kind != ir.ModelKind {
				continue
			}
			switch state[f.Type.Model] {
			case open:
				f.Type.Pointer = true
			case 0:
				walk(f.Type.Model)
			}
		}
		state[m] = done
	}
	for _, m := range api.Models {
		if state[m] == 0 {
			walk(m)
		}
	}
}

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
				reach(op.Body.Type, func(t *ir.Type) *bool {
					if t.Kind == ir.UnionKind {
						return &t.Union.Request
					}
					return &t.Model.Request
				})
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
