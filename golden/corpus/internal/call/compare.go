package call

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// compare returns how a result differs from the response it was decoded from: undocumented members,
// and values that are lost when it is encoded again.
func compare(result reflect.Value, answer Answer) []string {
	if result.Kind() == reflect.String {
		if media, _, _ := strings.Cut(answer.Media, ";"); !isJSON(media) && result.String() != answer.Body {
			return []string{fmt.Sprintf("got %.200q, want %.200q", result.String(), answer.Body)}
		}
	}
	if media, _, _ := strings.Cut(answer.Media, ";"); !isJSON(media) {
		return nil
	}
	found := append(problemsOf(result, 0), unionProblems(result, 0)...)
	again, err := json.Marshal(result.Interface())
	if err != nil {
		return append(found, fmt.Sprintf("it cannot be encoded again: %v", err))
	}
	got, want := plain(string(again)), plain(answer.Body)
	if s, ok := got.(string); ok && !reflect.DeepEqual(got, want) {
		got = plain(s) // text is not decoded
	}
	if !reflect.DeepEqual(got, want) {
		found = append(found, "encoded again it is another: "+difference("", got, want))
	}
	return found
}

// problemsOf returns what the models in a result report as undocumented.
func problemsOf(v reflect.Value, depth int) []string {
	var found []string
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && depth < 3 {
			return problemsOf(v.Elem(), depth+1)
		}
	case reflect.Slice:
		for i := range v.Len() {
			found = append(found, problemsOf(v.Index(i), depth+1)...)
		}
	case reflect.Map:
		for _, value := range v.Seq2() {
			found = append(found, problemsOf(value, depth+1)...)
		}
	case reflect.Struct:
		members := v.FieldByName("JSON")
		if !members.IsValid() || !members.MethodByName("Problems").IsValid() {
			return nil
		}
		problems := members.MethodByName("Problems").Call(nil)[0]
		for i := range problems.Len() {
			found = append(found, fmt.Sprint(problems.Index(i).Interface()))
		}
	}
	return found
}

// unionProblems asks every union in a result for its value and returns the errors.
func unionProblems(v reflect.Value, depth int) []string {
	const enough = 20 // levels; results are never that deep
	if depth > enough || v.Kind() == reflect.Pointer && v.IsNil() {
		return nil
	}
	var found []string
	each := func(inner reflect.Value) { found = append(found, unionProblems(inner, depth+1)...) }
	switch v.Kind() {
	case reflect.Pointer:
		return unionProblems(v.Elem(), depth+1)
	case reflect.Slice:
		for i := range v.Len() {
			each(v.Index(i))
		}
	case reflect.Map:
		for _, value := range v.Seq2() {
			each(value)
		}
	case reflect.Struct:
		if union, ok := v.Interface().(interface{ Value() (any, error) }); ok {
			if _, err := union.Value(); err != nil {
				return []string{fmt.Sprintf("%s has no value: %v", v.Type(), err)}
			}
			return nil
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				each(v.Field(i))
			}
		}
	}
	return found
}

// plain decodes JSON and keeps the spelling of numbers. Text that is not JSON is returned
// unchanged.
func plain(text string) any {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return text
	}
	return v
}

// difference returns the first place where two JSON values differ.
func difference(path string, got, want any) string {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			break
		}
		for name, value := range w {
			if !reflect.DeepEqual(g[name], value) {
				return difference(path+"."+name, g[name], value)
			}
		}
		for name, value := range g {
			if _, there := w[name]; !there {
				return fmt.Sprintf("%s.%s is %.100v, and was not there", path, name, value)
			}
		}
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			break
		}
		for i := range w {
			if !reflect.DeepEqual(g[i], w[i]) {
				return difference(fmt.Sprintf("%s[%d]", path, i), g[i], w[i])
			}
		}
	}
	return fmt.Sprintf("%s is %.100v, and was %.100v", path, got, want)
}
