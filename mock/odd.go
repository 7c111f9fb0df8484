package mock

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/seed-1954497d/auditgen/internal/sample"
)

// oddly returns a record, or, for a share of them, the record with one member of another JSON type.
// The member kept stays as it is: any type is right for an undocumented one, and a cursor must
// work.
func oddly(record any, share float64, seed uint64, kept string) any {
	if float64(sample.Mix(seed, 1)>>11)/(1<<53) >= share {
		return record
	}
	members, ok := record.(map[string]any)
	if !ok {
		data, err := json.Marshal(record)
		d := json.NewDecoder(bytes.NewReader(data))
		d.UseNumber()
		if err != nil || d.Decode(&members) != nil {
			return record // not an object
		}
	}
	names := slices.Sorted(maps.Keys(members))
	names = slices.DeleteFunc(names, func(name string) bool { return name == kept })
	if len(names) == 0 {
		return record
	}
	name := names[sample.Mix(seed, 2)%uint64(len(names))]
	switch members[name].(type) {
	case string:
		members[name] = true
	case map[string]any:
		members[name] = []any{}
	default:
		members[name] = "None" // as in fixtures of public connectors
	}
	return members
}
