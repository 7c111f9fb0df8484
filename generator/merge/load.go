package merge

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// kin-openapi decodes every object twice, once into its fields and once for extensions, and that of a whole document means: all that
// stands in it, once more for each object around it. So it gets the paths and the schemas one by one, and then finds out
// where their references lead.

// load has kin-openapi load the settled document.
func load(tree *source.Node) (*openapi3.T, error) {
	loader := openapi3.NewLoader()
	loader.Context = context.Background()
	t, err := decode(tree)
	if err != nil {
		// What is no OpenAPI piece by piece may be so as a whole: numbers are then more than one kind of number.
		return loader.LoadFromData([]byte(tree.JSON()))
	}
	if err := loader.ResolveRefsIn(t, nil); err != nil {
		return nil, err
	}
	return t, nil
}

// decode gives the document without following references.
func decode(tree *source.Node) (*openapi3.T, error) {
	paths, components := tree.Get("paths"), tree.Get("components")
	t := &openapi3.T{}
	frame := with(with(tree, "paths", &source.Node{Kind: source.Object}), "components", with(components, "schemas", nil))
	if err := json.Unmarshal([]byte(frame.JSON()), t); err != nil {
		return nil, err
	}
	items, err := decodeMembers[openapi3.PathItem](paths)
	if err != nil {
		return nil, err
	}
	t.Paths = openapi3.NewPathsWithCapacity(len(items))
	for i, item := range items {
		t.Paths.Set(paths.Members[i].Key, item)
	}
	schemas := components.Get("schemas")
	refs, err := decodeMembers[openapi3.SchemaRef](schemas)
	if err != nil || len(refs) == 0 {
		return t, err
	}
	t.Components.Schemas = make(openapi3.Schemas, len(refs))
	for i, ref := range refs {
		t.Components.Schemas[schemas.Members[i].Key] = ref
	}
	return t, nil
}

// with gives an object that has another value for a member, or none. Nil stays nil, and a member that is not there stays away.
func with(n *source.Node, key string, value *source.Node) *source.Node {
	if n == nil {
		return nil
	}
	out := &source.Node{Kind: n.Kind}
	for _, m := range n.Members {
		if m.Key == key {
			m.Value = value
		}
		if m.Value != nil {
			out.Members = append(out.Members, m)
		}
	}
	return out
}

// decoders is how many goroutines decode. More gain little on documents that exist.
const decoders = 2

// decodeMembers decodes the values of an object's members, in their order.
func decodeMembers[T any](n *source.Node) ([]*T, error) {
	if n == nil {
		return nil, nil
	}
	out := make([]*T, len(n.Members))
	errs := make([]error, decoders)
	var all sync.WaitGroup
	for from := range decoders {
		all.Go(func() {
			for i := from; i < len(out) && errs[from] == nil; i += decoders {
				out[i] = new(T)
				errs[from] = json.Unmarshal([]byte(n.Members[i].Value.JSON()), out[i])
			}
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
