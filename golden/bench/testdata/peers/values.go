package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"
)

// record has the values of one audit record, of either API. What is absent and what is null are both empty here, because
// other clients do not tell them apart.
type record struct {
	id, millis                              int64
	address, summary, description, category string
	flags                                   [5]bool
	author                                  [8]string
	object                                  item
	changes, associated                     []item
}

type item [5]string

// millis gives a time in milliseconds, whatever type a client has for it; -1 stands for what is no time.
func millis(v any) int64 {
	switch v := v.(type) {
	case int64:
		return v
	case time.Time:
		return v.UnixMilli()
	case string:
		for _, layout := range []string{"2006-01-02T15:04:05.000-0700", time.RFC3339} {
			if t, err := time.Parse(layout, v); err == nil {
				return t.UnixMilli()
			}
		}
	}
	return -1
}

// sameValues makes sure that all clients read what encoding/json finds in the pages.
func (a *api) sameValues(served *memory, clients ...*client) error {
	for i, data := range served.pages {
		want, err := a.plain(data)
		if err != nil {
			return err
		}
		for _, c := range clients {
			served.next = i
			got, err := c.read()
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			if len(got) != len(want) || len(want) != perPage {
				return fmt.Errorf("%s read %d records of %d", c.name, len(got), perPage)
			}
			for n := range want {
				if !reflect.DeepEqual(got[n], want[n]) {
					return fmt.Errorf("%s read other values in record %d:\n got %+v\nwant %+v", c.name, n, got[n], want[n])
				}
			}
		}
	}
	return nil
}

// losses says which members a client does not give again when it writes the page that it read.
func losses(served *memory, c *client) (string, error) {
	served.next = 0
	data, err := c.again()
	if err != nil {
		return "", fmt.Errorf("%s: %w", c.name, err)
	}
	var before, after any
	for text, into := range map[string]*any{string(served.pages[0]): &before, string(data): &after} {
		dec := json.NewDecoder(bytes.NewBufferString(text))
		dec.UseNumber()
		if err := dec.Decode(into); err != nil {
			return "", fmt.Errorf("%s: %w", c.name, err)
		}
	}
	lost := map[string]bool{}
	lostMembers(before, after, lost)
	if len(lost) == 0 {
		return "same values; gives every member again, null and undocumented ones included", nil
	}
	return "same values; drops " + strings.Join(slices.Sorted(maps.Keys(lost)), ", "), nil
}

// lostMembers collects the names of the members that are in before and not, or with another value, in after.
func lostMembers(before, after any, lost map[string]bool) {
	switch before := before.(type) {
	case map[string]any:
		after, _ := after.(map[string]any)
		for name, value := range before {
			other, ok := after[name]
			switch value.(type) {
			case map[string]any, []any:
				lostMembers(value, other, lost)
			case nil:
				if !ok || other != nil {
					lost[name+" (null)"] = true
				}
			default:
				if value != other {
					lost[name] = true
				}
			}
		}
	case []any:
		after, _ := after.([]any)
		for i := range before {
			if i < len(after) {
				lostMembers(before[i], after[i], lost)
			} else {
				lost["elements of lists"] = true
			}
		}
	}
}

// value gives what a pointer leads to, and nothing for nil.
func value[T any](p *T) T {
	if p == nil {
		var none T
		return none
	}
	return *p
}

// again encodes what a client decoded.
func again[T any](get func() (T, error)) ([]byte, error) {
	page, err := get()
	if err != nil {
		return nil, err
	}
	data, err := json.Marshal(page)
	if err != nil {
		return nil, fmt.Errorf("encoding again: %w", err)
	}
	return data, nil
}
