package embedded_test

import (
	"encoding/json"
	"io"
	"maps"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

// sample returns a value for a schema, always the same for a path. Values made from types differ
// from path to path, so that mixed-up fields are noticed. plain ignores examples and defaults.
func sample(path string, schema *openapi3.Schema, plain bool) any {
	switch {
	case !plain && schema.Example != nil:
		return schema.Example
	case !plain && schema.Default != nil:
		return schema.Default
	case len(schema.Enum) > 0:
		return schema.Enum[0]
	case schema.Extensions["x-auditgen-time"] != nil:
		return sampleTime(path, schema.Extensions["x-auditgen-time"])
	case len(schema.AllOf) == 1: // a reference with a description
		return sample(path, schema.AllOf[0].Value, plain)
	case len(schema.AllOf) > 0:
		all := map[string]any{}
		for _, part := range schema.AllOf {
			maps.Copy(all, sampleObject(path, part.Value, plain))
		}
		return all
	case schema.Type.Is("object"):
		return sampleObject(path, schema, plain)
	case schema.Type.Is("array"):
		// The first item is from the examples, the second from types only.
		return []any{sample(path+"[0]", schema.Items.Value, plain), sample(path+"[1]", schema.Items.Value, true)}
	case schema.Type.Is("integer"):
		return numberOf(path)
	case schema.Type.Is("number"):
		return float64(numberOf(path)) + 0.5
	case schema.Type.Is("boolean"):
		return true
	}
	return "text of " + path
}

func sampleObject(path string, schema *openapi3.Schema, plain bool) map[string]any {
	all := map[string]any{}
	for name, p := range schema.Properties {
		all[name] = sample(path+"."+name, p.Value, plain)
	}
	if len(schema.Properties) == 0 {
		all["any"] = []any{"thing"}
	}
	return all
}

// sampleTime returns a time in its wire form.
func sampleTime(path string, form any) any {
	at := time.UnixMilli(1643014085000 + numberOf(path)%1000).UTC()
	switch form {
	case "unix-milli":
		return at.UnixMilli()
	case "jira":
		return at.Format("2006-01-02T15:04:05.000-0700")
	}
	return at.Format(time.RFC3339Nano)
}

// numberOf returns a number for a path.
func numberOf(path string) int64 {
	n := int64(17)
	for _, c := range path {
		n = (n*31 + int64(c)) % 99_991
	}
	return n
}

// compareDecoded compares the result of a call with the response: the fields, and their encoding.
func compareDecoded(t *testing.T, got any, served string) {
	t.Helper()
	if file, ok := got.(io.ReadCloser); ok {
		defer file.Close()
		text, err := io.ReadAll(file)
		if err != nil {
			t.Fatal(err)
		}
		try.Equal(t, "file", string(text), served)
		return
	}
	want := decodeJSON(t, []byte(served))
	try.Equal(t, "fields", shown(t, reflect.ValueOf(got), want), want)
	again, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	try.SameJSON(t, "encoded again", again, served)
}

// shown returns the JSON value of the fields of a model. It ignores everything else that the model
// keeps. An empty field is omitted if it is also missing in like, the value it was decoded from.
func shown(t *testing.T, v reflect.Value, like any) any {
	switch x := v.Interface().(type) {
	case time.Time:
		return timeLike(x, like)
	case json.RawMessage:
		return decodeJSON(t, x)
	}
	switch v.Kind() {
	case reflect.Pointer:
		return shown(t, v.Elem(), like)
	case reflect.String:
		return v.String()
	case reflect.Bool:
		return v.Bool()
	case reflect.Int64:
		return json.Number(strconv.FormatInt(v.Int(), 10))
	case reflect.Slice:
		items, _ := like.([]any)
		list := []any{}
		for i := range v.Len() {
			list = append(list, shown(t, v.Index(i), append(items, make([]any, v.Len())...)[i]))
		}
		return list
	case reflect.Map:
		members, _ := like.(map[string]any)
		all := map[string]any{}
		for key, value := range v.Seq2() {
			all[key.String()] = shown(t, value, members[key.String()])
		}
		return all
	case reflect.Struct:
		return shownFields(t, v, like)
	}
	t.Fatalf("the test does not know fields of type %s", v.Type())
	return nil
}

func shownFields(t *testing.T, v reflect.Value, like any) any {
	members, _ := like.(map[string]any)
	all := map[string]any{}
	for i := range v.NumField() {
		name := v.Type().Field(i).Tag.Get("json")
		value, served := members[name]
		if name != "-" && (served || !v.Field(i).IsZero()) {
			all[name] = shown(t, v.Field(i), value)
		}
	}
	return all
}

// timeLike formats a time in the same way as like.
func timeLike(at time.Time, like any) any {
	if _, ok := like.(json.Number); ok {
		return json.Number(strconv.FormatInt(at.UnixMilli(), 10))
	}
	return at.Format("2006-01-02T15:04:05.000-0700")
}

func decodeJSON(t *testing.T, text []byte) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return v
}
