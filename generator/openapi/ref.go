package openapi

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// maxHops is the longest chain of references.
const maxHops = 16

// isRef reports whether an object is a reference. A schema may have a property named $ref, but that
// is under properties.
func isRef(n *source.Node) bool { return n.Get("$ref") != nil }

// resolve returns the target of a $ref and the pointer to it. It returns nil and the pointer if the
// document has no target, and nil and "" if it reported an error.
func (r *Reader) resolve(ref *source.Node) (target *source.Node, at string) {
	if ref.Kind != source.String {
		r.fail(ref, "$ref is "+ref.Kind.Noun()+", not a string", "write a pointer such as #"+r.schemasAt+"Name")
		return nil, ""
	}
	at, inside := strings.CutPrefix(ref.Text, "#")
	if !inside {
		do := "copy the target into this document: other files and URLs are not read"
		if r.schemas.Get(ref.Text) != nil {
			do = "write " + quote("#"+r.schemasAt+escapePointer.Replace(ref.Text))
		}
		r.fail(ref, fmt.Sprintf("$ref %s points outside the document", quote(ref.Text)), do)
		return nil, ""
	}
	if !strings.HasPrefix(at, "/") {
		r.fail(ref, fmt.Sprintf("$ref %s is not a JSON pointer", quote(ref.Text)), "write a pointer such as #"+r.schemasAt+"Name")
		return nil, ""
	}
	if r.fragment {
		if _, ok := r.schemaName(at); ok {
			return ref, at
		}
		r.fail(ref, fmt.Sprintf("$ref %s cannot be followed from here", quote(ref.Text)),
			"refer to a schema by name, #"+r.schemasAt+"Name, or copy the target here")
		return nil, ""
	}
	return r.lookup(at)
}

// lookup returns the target of a pointer, which may be percent-encoded, and the decoded pointer.
// The target is nil if the document has none.
func (r *Reader) lookup(at string) (*source.Node, string) {
	if target := r.root.At(at); target != nil {
		return target, at
	}
	if plain, err := url.PathUnescape(at); err == nil && plain != at {
		if target := r.root.At(plain); target != nil {
			return target, plain
		}
	}
	return nil, at
}

// nowhere reports a reference without a target.
func (r *Reader) nowhere(ref *source.Node, at string) {
	do := "define it or correct the name"
	if near := r.nearest(at); near != "" {
		do += ": did you mean " + near + "?"
	}
	r.fail(ref, fmt.Sprintf("$ref %s has no target", quote(ref.Text)), do)
}

// schemaName returns the name of the schema that a pointer leads to, if it is a named schema.
func (r *Reader) schemaName(at string) (string, bool) {
	name, ok := strings.CutPrefix(at, r.schemasAt)
	if !ok || strings.Contains(name, "/") || name == "" {
		return "", false
	}
	return unescapePointer.Replace(name), true
}

var unescapePointer = strings.NewReplacer("~1", "/", "~0", "~")

// follow follows all references of an object and returns the last target, or nil after reporting an
// error. description is the description beside the first reference, if it replaces the target's
// own.
func (r *Reader) follow(n *source.Node) (target *source.Node, description *source.Member) {
	first := n
	for trail := []*source.Node{n}; isRef(n); trail = append(trail, n) {
		ref := n.Get("$ref")
		for i, m := range n.Members {
			switch {
			case m.Key == "description" && r.version == OpenAPI31 && n == first:
				description = &n.Members[i]
			case m.Key == "$ref":
			default:
				r.note(m.Value, m.Line, quote(m.Key)+" is beside $ref, where it has no effect", "left out")
			}
		}
		var at string
		if n, at = r.resolve(ref); n == nil {
			if at != "" {
				r.nowhere(ref, at)
			}
			return nil, nil
		}
		if r.fragment {
			r.fail(ref, fmt.Sprintf("$ref %s names a schema, which is not allowed here", quote(ref.Text)), "copy the target here")
			return nil, nil
		}
		if slices.Contains(trail, n) {
			r.fail(ref, fmt.Sprintf("$ref %s refers to itself", quote(ref.Text)), "break the cycle of references")
			return nil, nil
		}
		if len(trail) > maxHops {
			r.fail(ref, fmt.Sprintf("a chain of more than %d references", maxHops), "refer to the last target")
			return nil, nil
		}
	}
	return n, description
}

// A suggestion costs time in proportion to the number of names, so a document full of bad
// references gets few.
const (
	maxSuggestions = 20
	maxNames       = 5000
)

// nearest returns the name that is most like a missing target, "" if there is none.
func (r *Reader) nearest(at string) string {
	i := strings.LastIndexByte(at, '/')
	parent := r.root.At(at[:i])
	if r.suggested++; r.suggested > maxSuggestions || parent == nil || len(parent.Members) > maxNames {
		return ""
	}
	known := make([]string, len(parent.Members))
	for i, m := range parent.Members {
		known[i] = m.Key
	}
	near := source.Nearest(unescapePointer.Replace(at[i+1:]), known)
	if near == "" {
		return ""
	}
	return quote("#" + at[:i+1] + escapePointer.Replace(near))
}
