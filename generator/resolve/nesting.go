package resolve

import (
	"fmt"
	"slices"

	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/lock"
)

// A struct that holds structs by value can double with each level: 26 models, each with two members
// of the next, are half a gigabyte. So a model of more than 512 bytes is held by pointer, and
// models grow as the documents do.
//
// The choice belongs to the model that is held, not to the fields. It is pinned in the lock, so
// that a model that grows breaks no caller. Sizes are those of gc on amd64 wherever the program
// runs.
const (
	maxByValue = 512      // bytes of a model that fields hold by value
	maxPinned  = 16 << 10 // the same for one that the lock has by value
)

// Sizes of what every model has at its end, and of a union.
const (
	membersSize = 48 // lossless.Members
	unionSize   = 24 // lossless.Union
)

// nest decides which models fields hold by pointer: those that the lock has so, those that would
// contain themselves, and large ones.
func nest(api *ir.API, pins []lock.Model) {
	n := nesting{pinned: map[*ir.Model]bool{}, sizes: map[*ir.Model]int{}}
	held := make(map[string]lock.Holding, len(pins))
	for _, p := range pins {
		held[p.Name] = p.Held
	}
	for _, m := range api.Models {
		n.pinned[m] = held[m.Name] == lock.ByValue
		m.ByPointer = held[m.Name] == lock.ByPointer
	}
	n.breakCycles(api)
	for _, m := range api.Models {
		n.decide(api, m)
	}
	for _, m := range api.Models {
		for _, f := range m.Fields {
			if f.Type.Kind == ir.ModelKind && f.Type.Model.ByPointer {
				t := *f.Type // others may share it
				t.Pointer = true
				f.Type = &t
			}
		}
	}
}

type nesting struct {
	pinned map[*ir.Model]bool // the lock has it by value
	sizes  map[*ir.Model]int  // bytes of those that are decided
}

// breakCycles makes pointers of models that would contain themselves. Models that are new to a
// cycle give way to those that the lock has by value.
func (n *nesting) breakCycles(api *ir.API) {
	for _, cycle := range cycles(api.Models) {
		if slices.ContainsFunc(cycle, func(m *ir.Model) bool { return n.pinned[m] }) {
			for _, m := range cycle {
				m.ByPointer = !n.pinned[m]
			}
		}
	}
	const open, done = 1, 2
	state := map[*ir.Model]int{}
	var visit func(m *ir.Model)
	visit = func(m *ir.Model) {
		state[m] = open
		for _, f := range m.Fields {
			if !isHeld(f) {
				continue
			}
			switch inner := f.Type.Model; state[inner] {
			case open:
				inner.ByPointer = true
				if n.pinned[inner] {
					noteOutgrown(api, inner, "the model, which the lock has by value, contains itself by now")
				}
			case 0:
				visit(inner)
			}
		}
		state[m] = done
	}
	for _, m := range api.Models {
		if state[m] == 0 {
			visit(m)
		}
	}
}

// decide decides about a model when everything in it is decided.
func (n *nesting) decide(api *ir.API, m *ir.Model) {
	if _, done := n.sizes[m]; done {
		return
	}
	size := 0
	add := func(bytes int) {
		if bytes > 1 {
			size = aligned(size)
		}
		size += bytes
	}
	for _, f := range m.Fields {
		if isHeld(f) {
			n.decide(api, f.Type.Model)
		}
		if isHeld(f) {
			add(n.sizes[f.Type.Model])
		} else {
			add(sizeOf(f.Type))
		}
	}
	add(membersSize)
	n.sizes[m] = size
	switch {
	case m.ByPointer:
	case n.pinned[m] && size > maxPinned:
		noteOutgrown(api, m, fmt.Sprintf("the model, which the lock has by value, has grown to %d bytes", size))
		m.ByPointer = true
	case !n.pinned[m]:
		m.ByPointer = size > maxByValue
	}
}

func aligned(size int) int { return (size + 7) &^ 7 }

func noteOutgrown(api *ir.API, m *ir.Model, what string) {
	api.Notes = append(api.Notes, ir.Note{Address: m.Address, What: what, Instead: "fields hold it by pointer from now on"})
}

// sizeOf returns the bytes of a field that does not hold a model by value.
func sizeOf(t *ir.Type) int {
	switch t.Kind {
	case ir.Bool:
		return 1
	case ir.Int, ir.Uint, ir.Float, ir.Map, ir.ModelKind:
		return 8
	case ir.String, ir.EnumKind:
		return 16
	case ir.UnionKind:
		return unionSize
	}
	return 24 // times and slices
}

// isHeld reports whether a field holds a model by value, as far as that is decided.
func isHeld(f *ir.Field) bool { return f.Type.Kind == ir.ModelKind && !f.Type.Model.ByPointer }

// cycles returns the models that contain themselves, grouped into strongly connected components by
// Tarjan's algorithm.
func cycles(models []*ir.Model) [][]*ir.Model {
	var found [][]*ir.Model
	var stack []*ir.Model
	order, low, open := map[*ir.Model]int{}, map[*ir.Model]int{}, map[*ir.Model]bool{}
	var visit func(m *ir.Model)
	visit = func(m *ir.Model) {
		order[m] = len(order) + 1
		low[m] = order[m]
		stack, open[m] = append(stack, m), true
		self := false
		for _, f := range m.Fields {
			if !isHeld(f) {
				continue
			}
			inner := f.Type.Model
			self = self || inner == m
			if order[inner] == 0 {
				visit(inner)
				low[m] = min(low[m], low[inner])
			} else if open[inner] {
				low[m] = min(low[m], order[inner])
			}
		}
		if low[m] != order[m] {
			return
		}
		from := len(stack) - 1
		for stack[from] != m {
			from--
		}
		for _, member := range stack[from:] {
			open[member] = false
		}
		if self || len(stack)-from > 1 {
			found = append(found, slices.Clone(stack[from:]))
		}
		stack = stack[:from]
	}
	for _, m := range models {
		if order[m] == 0 && !m.ByPointer {
			visit(m)
		}
	}
	return found
}
