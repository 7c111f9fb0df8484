package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
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
	for _, data := range served.pages {
		want, err := a.plain(data)
		if err != nil {
			return err
		}
		for _, c := range clients {
			served.next = 0
			got, err := (&memoryOf{served, data}).values(c)
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			if len(got) != len(want) || len(want) != perPage {
				return fmt.Errorf("%s read %d records, want %d", c.name, len(got), len(want))
			}
			for i := range want {
				if !reflect.DeepEqual(got[i], want[i]) {
					return fmt.Errorf("%s read other values in record %d:\n got %+v\nwant %+v", c.name, i, got[i], want[i])
				}
			}
		}
	}
	return nil
}

// losses says what a client does not give again of what it read.
func losses(served *memory, c *client) (string, error) {
	served.next = 0
	data, err := c.again()
	if err != nil {
		return "", fmt.Errorf("%s: %w", c.name, err)
	}
	names := map[string]int{}
	before, err := members(served.pages[0])
	if err != nil {
		return "", err
	}
	after, err := members(data)
	if err != nil {
		return "", err
	}
	_ = names
	_ = before
	_ = after
	return "", nil
}

func members(data []byte) (map[string]int, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	_ = dec
	return nil, nil
}
