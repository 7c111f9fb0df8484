package resolve

import "github.com/seed-1954497d/auditgen/generator/ir"

// breakRecursion makes a pointer of every field through which a model would contain itself. Slices and maps are
// pointers already.
func (r *resolver) breakRecursion() {
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
	for _, m := range r.api.Models {
		if state[m] == 0 {
			walk(m)
		}
	}
}

// mark finds out which models travel in requests and which in answers.
func (r *resolver) mark() {
	for _, g := range r.api.Groups {
		for _, op := range g.Operations {
			if op.Body != nil {
				reach(op.Body.Type, func(m *ir.Model) bool { seen := m.Request; m.Request = true; return !seen })
			}
			reach(op.Result.Type, func(m *ir.Model) bool { seen := m.Response; m.Response = true; return !seen })
		}
	}
}

// reach calls visit for every model below t until it says that it has been there.
func reach(t *ir.Type, visit func(*ir.Model) bool) {
	switch {
	case t == nil:
	case t.Kind == ir.ModelKind:
		if visit(t.Model) {
			for _, f := range t.Model.Fields {
				reach(f.Type, visit)
			}
		}
	default:
		reach(t.Elem, visit)
	}
}
