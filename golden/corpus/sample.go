package main

import (
	"maps"
	"path"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// maxDepth is how deep samples go. Schemas may hold themselves; what lies deeper is left out where that is allowed.
const maxDepth = 6

// sampleOf makes a JSON value that fits a schema. Examples are not looked at: they may contradict it.
func sampleOf(ref *openapi3.SchemaRef) any { return sample(ref, 0) }

func sample(ref *openapi3.SchemaRef, depth int) any {
	if ref == nil || ref.Value == nil {
		return map[string]any{"anything": []any{"goes"}}
	}
	s := ref.Value
	for _, v := range s.Enum {
		if v != nil {
			return v
		}
	}
	switch {
	case s.Const != nil:
		return s.Const
	case s.Extensions["x-auditgen-time"] != nil:
		return sampleTime(s.Extensions["x-auditgen-time"])
	case len(s.OneOf) > 0:
		return sampleVariant(s, s.OneOf, depth)
	case len(s.AnyOf) > 0:
		return sampleVariant(s, s.AnyOf, depth)
	case len(s.AllOf) > 0:
		return sampleAll(s, depth)
	}
	switch kindOfValue(s) {
	case "object":
		return sampleObject(s, depth)
	case "array":
		if depth >= maxDepth {
			return []any{}
		}
		return []any{sample(s.Items, depth+1)}
	case "integer":
		return 17
	case "number":
		return 1.5
	case "boolean":
		return true
	case "string":
		return sampleString(s.Format)
	case "null":
		return nil
	}
	return map[string]any{"anything": []any{"goes"}}
}

// kindOfValue gives the type of a schema: the first of several, but null only if it is the only one.
func kindOfValue(s *openapi3.Schema) string {
	found := ""
	for _, t := range s.Type.Slice() {
		if found == "" || found == "null" {
			found = t
		}
	}
	switch {
	case found != "":
		return found
	case len(s.Properties) > 0 || s.AdditionalProperties.Schema != nil:
		return "object"
	case s.Items != nil:
		return "array"
	}
	return ""
}

func sampleObject(s *openapi3.Schema, depth int) map[string]any {
	all := map[string]any{}
	for name, p := range s.Properties {
		if depth < maxDepth || slices.Contains(s.Required, name) && depth < 3*maxDepth {
			all[name] = sample(p, depth+1)
		}
	}
	if more := s.AdditionalProperties.Schema; more != nil && depth < maxDepth {
		all["more"] = sample(more, depth+1)
	}
	return all
}

// sampleAll puts the parts of a schema together: the members of objects, or the one part that says what it is.
func sampleAll(s *openapi3.Schema, depth int) any {
	all := sampleObject(s, depth)
	var other any
	for _, part := range s.AllOf {
		switch v := sample(part, depth+1).(type) {
		case map[string]any:
			if part.Value != nil && kindOfValue(part.Value) == "" && len(part.Value.AllOf)+len(part.Value.OneOf)+len(part.Value.AnyOf) == 0 {
				continue // it says nothing about the value
			}
			maps.Copy(all, v)
		default:
			other = v
		}
	}
	if other != nil && len(all) == 0 {
		return other
	}
	return all
}

// sampleVariant takes the first of several schemas that is a value, and says which it is where a member is for that.
func sampleVariant(s *openapi3.Schema, variants openapi3.SchemaRefs, depth int) any {
	for _, v := range variants {
		if v.Value == nil || kindOfValue(v.Value) == "null" {
			continue
		}
		made := sample(v, depth+1)
		object, ok := made.(map[string]any)
		if !ok {
			return made
		}
		own := sampleObject(s, depth)
		maps.Copy(own, object)
		if s.Discriminator != nil && s.Discriminator.PropertyName != "" {
			own[s.Discriminator.PropertyName] = discriminatorOf(s.Discriminator, v.Ref)
		}
		return own
	}
	return nil
}

func discriminatorOf(d *openapi3.Discriminator, ref string) string {
	for _, name := range slices.Sorted(maps.Keys(d.Mapping)) {
		if target := d.Mapping[name].Ref; target == ref || path.Base(target) == path.Base(ref) {
			return name
		}
	}
	return path.Base(ref)
}

func sampleTime(form any) any {
	switch form {
	case "unix-milli":
		return 1643014085250
	case "jira":
		return "2022-01-24T08:48:05.250+0000"
	}
	return "2022-01-24T08:48:05.25Z"
}

func sampleString(format string) string {
	switch format {
	case "date-time":
		return "2022-01-24T08:48:05.25Z"
	case "date":
		return "2022-01-24"
	case "uri", "url":
		return "https://example.com/somewhere"
	case "uuid":
		return "123e4567-e89b-12d3-a456-426614174000"
	case "byte":
		return "Ynl0ZXM="
	case "email":
		return "someone@example.com"
	}
	return "text"
}
