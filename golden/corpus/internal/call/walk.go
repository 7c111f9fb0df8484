package call

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// pages is the number of pages of a listing. Later requests return no items.
const pages = 2

// isWalk reports whether a method walks a listing: it returns a sequence of items and errors.
func isWalk(name string, t reflect.Type) bool {
	return strings.HasPrefix(name, "All") && t.IsVariadic() && t.NumIn() >= 2 && t.In(0) == contextType && t.NumOut() == 1 && t.Out(0).CanSeq2()
}

// walk walks a listing from start to end.
func (c *caller) walk(name string, method reflect.Value) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	c.server.begin(name)
	c.server.walk(true)
	items, err := walked(method, fromTheStart(ctx, method.Type()))
	c.server.walk(false)
	got := c.server.end()
	for _, problem := range got.problems {
		c.problem("%s: %s", name, problem)
	}
	switch {
	case err != nil:
		c.problem("%s: %v", name, err)
	case items != pages || got.requests < pages || got.requests > pages+1:
		c.problem("%s: %d items in %d requests, of %d pages of one item", name, items, got.requests, pages)
	default:
		c.result.Walked++
	}
}

// fromTheStart makes arguments in which the paging parameters are not set: they are optional numbers,
// which are pointers, and texts with the names of cursors. The others stay, since some are required.
func fromTheStart(ctx context.Context, t reflect.Type) []reflect.Value {
	args := arguments(ctx, t)
	for _, arg := range args[1:] { // the first is the context
		if arg.Kind() == reflect.Pointer && !arg.IsNil() {
			arg = arg.Elem()
		}
		if arg.Kind() != reflect.Struct || !arg.CanSet() {
			continue
		}
		for i := range arg.NumField() {
			name := strings.ToLower(arg.Type().Field(i).Name)
			cursor := arg.Field(i).Kind() == reflect.String && slices.ContainsFunc(cursors, func(c string) bool { return strings.Contains(name, c) })
			if arg.Field(i).Kind() == reflect.Pointer || cursor {
				arg.Field(i).SetZero()
			}
		}
	}
	return args
}

// cursors are words in the names of parameters that take a cursor.
var cursors = []string{"cursor", "token", "after", "offset", "page", "next", "marker", "position"}

// walked counts the items of a walk. It returns a panic as an error.
func walked(method reflect.Value, args []reflect.Value) (items int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	for _, failed := range method.Call(args)[0].Seq2() {
		if failed, ok := failed.Interface().(error); ok {
			return items, failed
		}
		if items++; items > pages {
			return items, errors.New("the walk does not end")
		}
	}
	return items, nil
}

// page returns the response for a page, counted from 1: its start, its number of items, and how to
// go on if there is more.
func page(body string, number int) string {
	d := json.NewDecoder(strings.NewReader(body))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return body
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if e.Encode(turned(v, number, false)) != nil {
		return body
	}
	return out.String()
}

// turned turns a value into the value for a page. A list gets one item, a different one on each
// page, because a page that equals the one before is an error. onward reports that the value is
// part of the link to the next page.
func turned(v any, number int, onward bool) any {
	switch v := v.(type) {
	case []any:
		if number > pages {
			return []any{}
		}
		if len(v) == 0 {
			return v
		}
		return []any{itemOf(v[0], number)}
	case map[string]any:
		for name, member := range v {
			key := strings.ToLower(name)
			next := onward || strings.Contains(key, "next") || strings.Contains(key, "cursor") || strings.Contains(key, "token")
			if _, list := member.([]any); next && !list && number >= pages {
				delete(v, name)
				continue
			}
			v[name] = turnedMember(key, member, number, next)
		}
	}
	return v
}

// itemOf returns an item that is different on each page. An object gets one more member of a type
// that its members have. A list or a boolean stays unchanged.
func itemOf(item any, number int) any {
	switch item := item.(type) {
	case string:
		return fmt.Sprintf("%s%d", item, number)
	case json.Number:
		return number
	case map[string]any:
		var value any = number
		if names := slices.Sorted(maps.Keys(item)); len(names) > 0 {
			value = item[names[0]]
		}
		more := maps.Clone(item)
		more[fmt.Sprintf("page %d", number)] = value
		return more
	}
	return item
}

func turnedMember(key string, member any, number int, next bool) any {
	switch member.(type) {
	case string:
		if next {
			return link(number)
		}
	case bool:
		return (number < pages) != strings.Contains(key, "last")
	case json.Number:
		switch key {
		case "start", "startat", "offset":
			return number - 1
		case "page":
			return number
		}
		return 1
	default:
		return turned(member, number, next)
	}
	return member
}

// link returns a link to the page after number, at the same path, with all common names of paging
// parameters.
func link(number int) string {
	var query []string
	for _, name := range []string{"cursor", "pageToken", "nextPageToken", "after", "token"} {
		query = append(query, fmt.Sprintf("%s=c%d", name, number))
	}
	for _, name := range []string{"start", "startAt", "offset"} {
		query = append(query, fmt.Sprintf("%s=%d", name, number))
	}
	return fmt.Sprintf("?%s&page=%d", strings.Join(query, "&"), number+1)
}
