package call

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

var (
	timeType = reflect.TypeFor[time.Time]()
	rawType  = reflect.TypeFor[json.RawMessage]()
)

// filler makes values without zero fields, as far as the fields are exported.
type filler struct {
	within []reflect.Type // structs being filled, outermost first
}

// valueOf makes a value of a type. path is its place, from which texts are made.
func (f *filler) valueOf(t reflect.Type, path string) reflect.Value {
	v := reflect.New(t).Elem()
	switch {
	case t == timeType:
		v.Set(reflect.ValueOf(time.Date(2026, 3, 1, 12, 30, 15, 250e6, time.UTC)))
		return v
	case t == rawType:
		v.SetBytes([]byte(`{"member":"of ` + path + `"}`))
		return v
	}
	switch t.Kind() {
	case reflect.String:
		v.SetString("text of " + path)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(17)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(17)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(1.5)
	case reflect.Pointer, reflect.Slice, reflect.Map:
		if !f.goesRound(t.Elem()) {
			f.fillReference(v, path)
		}
	case reflect.Struct:
		if variant := variantOf(t); variant != nil {
			f.fillUnion(v, variant, path)
			break
		}
		f.fillStruct(v, path)
	case reflect.Interface:
		for _, fits := range []any{strings.NewReader("text of " + path), "text of " + path} {
			if reflect.TypeOf(fits).AssignableTo(t) {
				v.Set(reflect.ValueOf(fits))
				break
			}
		}
	}
	return v
}

// goesRound reports whether a model is already being filled. Models may contain themselves through
// pointers, lists and maps, so the recursion ends there.
func (f *filler) goesRound(t reflect.Type) bool {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	return slices.Contains(f.within, t)
}

func (f *filler) fillReference(v reflect.Value, path string) {
	t := v.Type()
	switch {
	case t.Kind() == reflect.Pointer:
		v.Set(f.valueOf(t.Elem(), path).Addr())
	case t.Kind() == reflect.Map:
		v.Set(reflect.MakeMap(t))
		v.SetMapIndex(f.valueOf(t.Key(), "key"), f.valueOf(t.Elem(), path+"[key]"))
	case t.Elem().Kind() == reflect.Uint8:
		v.SetBytes([]byte("bytes of " + path))
	default:
		v.Set(reflect.Append(v, f.valueOf(t.Elem(), path+"[0]")))
	}
}

// fillStruct sets the exported fields of a struct, except the one that keeps what a model was
// decoded from. An upload has no fields; a method sets its file.
func (f *filler) fillStruct(v reflect.Value, path string) {
	f.within = append(f.within, v.Type())
	defer func() { f.within = f.within[:len(f.within)-1] }()
	for i := range v.NumField() {
		if field := v.Type().Field(i); field.IsExported() && field.Type.Name() != "Members" && !leftOut(v.Type(), field) {
			v.Field(i).Set(f.valueOf(field.Type, path+"."+field.Name))
			if k := v.Field(i).Kind(); (k == reflect.Slice || k == reflect.Pointer) && v.Field(i).IsNil() {
				sendEmpty(v, field)
			}
		}
	}
	if add := v.Addr().MethodByName("File"); add.IsValid() {
		var args []reflect.Value
		for i := range add.Type().NumIn() {
			args = append(args, f.valueOf(add.Type().In(i), fmt.Sprintf("%s%d", path, i)))
		}
		add.Call(args)
	}
}

// leftOut reports whether a field of a form is not filled: what the document does not describe, and
// what it says of a file.
func leftOut(form reflect.Type, field reflect.StructField) bool {
	isFile := form.Name() == "File" && field.Type != reflect.TypeFor[string]() && field.Type.Kind() != reflect.Interface
	return field.Type.Kind() == reflect.Pointer && field.Type.Elem().Name() == "Upload" || isFile || form.Name() == "File" && field.Name == "ContentType"
}

// sendEmpty makes a model send an empty list or pointer. It may be required, and a model that
// contains itself cannot be filled completely.
func sendEmpty(model reflect.Value, field reflect.StructField) {
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	if remembered := model.FieldByName("JSON"); remembered.IsValid() && name != "" {
		if m, ok := remembered.Addr().Interface().(interface{ Send(names ...string) }); ok {
			m.Send(name)
		}
	}
}

// variantOf returns the first variant of a union type, nil if t is not a union.
func variantOf(t reflect.Type) reflect.Type {
	if field, ok := t.FieldByName("Union"); !ok || !field.Anonymous {
		return nil
	}
	for i := range t.NumMethod() {
		if m := t.Method(i); strings.HasPrefix(m.Name, "As") && m.Type.NumIn() == 1 && m.Type.NumOut() == 2 {
			return m.Type.Out(0)
		}
	}
	return nil
}

// fillUnion sets a union to one of its variants.
func (f *filler) fillUnion(v reflect.Value, variant reflect.Type, path string) {
	if slices.Contains(f.within, v.Type()) {
		return
	}
	f.within = append(f.within, v.Type())
	defer func() { f.within = f.within[:len(f.within)-1] }()
	text, err := json.Marshal(f.valueOf(variant, path).Interface())
	if err == nil {
		err = json.Unmarshal(text, v.Addr().Interface())
	}
	if err != nil {
		panic(fmt.Sprintf("%s cannot be filled with %s: %v", v.Type(), variant, err))
	}
}
