package openapi

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// maxHops is how many references may follow one another.
const maxHops = 16

// isRef tells whether an object is a reference: $ref is a string. An object schema may well have a member of that name, but
// that one stands under properties.
func isRef(n *source.Node) bool { return n.Get("$ref") != nil }

// resolve gives what a $ref leads to within the document and the pointer to it: nil and the pointer where nothing is there, nil and
// "" after it said what is wrong.
func (r *Reader) resolve(ref *source.Node) (target *source.Node, at string) {
	if ref.Kind != source.String {
		r.fail(ref, "$ref is "+kindOf(ref)+", not a string", "name what it stands for, such as #"+r.schemasAt+"Name")
		return nil, ""
	}
	at, inside := strings.CutPrefix(ref.Text, "#")
	if !inside {
		do := "copy what it names into this document: nothing else is read, and no network is used"
		if r.schemas.Get(ref.Text) != nil {
			do = "write " + quote("#"+r.schemasAt+escapePointer.Replace(ref.Text))
		}
		r.fail(ref, fmt.Sprintf("$ref %s leads out of the document", quote(ref.Text)), do)
		return nil, ""
	}
	if !strings.HasPrefix(at, "/") {
		r.fail(ref, fmt.Sprintf("$ref %s is no JSON pointer", quote(ref.Text)), "write the way to what it names, such as #"+r.schemasAt+"Name")
		return nil, ""
	}
	if r.fragment {
		if _, ok := r.schemaName(at); ok {
			return ref, at
		}
		r.fail(ref, fmt.Sprintf("$ref %s cannot be followed from here", quote(ref.Text)),
			"refer to a schema by name, #"+r.schemasAt+"Name, or write out what is meant")
		return nil, ""
	}
	return r.lookup(at)
}

// lookup gives what a pointer leads to, which may be percent-encoded, and the pointer without that; nil if nothing is there.
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

// nowhere refuses a reference to what the document does not have.
func (r *Reader) nowhere(ref *source.Node, at string) {
	do := "define it, or correct the name"
	if near := r.nearest(at); near != "" {
		do += ": perhaps " + near + " is meant"
	}
	r.fail(ref, fmt.Sprintf("$ref %s leads nowhere", quote(ref.Text)), do)
}

// schemaName gives the name of the schema that a pointer leads to, if it leads to a schema with a name.
func (r *Reader) schemaName(at string) (string, bool) {
	name, ok := strings.CutPrefix(at, r.schemasAt)
	if !ok || strings.Contains(name, "/") || name == "" {
		return "", false
	}
	return unescapePointer.Replace(name), true
}

var unescapePointer = strings.NewReplacer("~1", "/", "~0", "~")

// follow gives what an object is once all references are followed, or nil after it said what is wrong. description is
// what the first reference says in place of the target's own description, if it does.
func (r *Reader) follow(n *source.Node) (target *source.Node, description *source.Member) {
	first := n
	for trail := []*source.Node{n}; isRef(n); trail = append(trail, n) {
		ref := n.Get("$ref")
		for i, m := range n.Members {
			switch {
			case m.Key == "description" && r.version == OpenAPI31 && n == first:
				description = &n.Members[i]
			case m.Key == "$ref" || m.Key == "summary" || m.Key == "description":
			default:
				r.note(m.Value, m.Line, quote(m.Key)+" stands beside $ref, where it says nothing", "left out")
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
			r.fail(ref, fmt.Sprintf("$ref %s names a schema where none can stand", quote(ref.Text)), "write out what is meant")
			return nil, nil
		}
		if slices.Contains(trail, n) {
			r.fail(ref, fmt.Sprintf("$ref %s leads back to itself", quote(ref.Text)), "break the cycle of references")
			return nil, nil
		}
		if len(trail) > maxHops {
			r.fail(ref, fmt.Sprintf("more than %d references one after another", maxHops), "refer to the last one")
			return nil, nil
		}
	}
	return n, description
}

// Suggestions cost time in proportion to what there is to choose from, so a document full of bad references gets few.
const (
	maxSuggestions = 20
	maxNames       = 5000
)

// nearest gives what a reference to nowhere may mean: the name beside it that is most like it, "" if there is none.
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
