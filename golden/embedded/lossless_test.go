package embedded_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/seed-1954497d/auditgen/generated/confluence"
	"github.com/seed-1954497d/auditgen/generated/jira"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

// model reads a JSON object and returns how it is encoded again, how its clone is encoded, and its
// exact bytes.
type model struct {
	name string
	// value looks like a real response. change makes variants of it.
	value string
	again func(text []byte) (written, cloned, raw []byte, err error)
}

// decodable is implemented by every generated model.
type decodable[M any] interface {
	*M
	json.Unmarshaler
	json.Marshaler
	Clone() *M
}

func modelOf[M any, P decodable[M]](name, value string, raw func(P) []byte) model {
	return model{name, value, func(text []byte) (written, cloned, exact []byte, err error) {
		m := P(new(M))
		if err = m.UnmarshalJSON(text); err != nil {
			return nil, nil, nil, err
		}
		if written, err = m.MarshalJSON(); err != nil {
			return nil, nil, nil, err
		}
		cloned, err = P(m.Clone()).MarshalJSON()
		return written, cloned, raw(m), err
	}}
}

// members returns a part of a page that a real server sent.
func members(page string, path ...any) string {
	raw := json.RawMessage(page)
	for _, step := range path {
		switch step := step.(type) {
		case string:
			object := map[string]json.RawMessage{}
			_ = json.Unmarshal(raw, &object) // a wrong path shows as an empty value
			raw = object[step]
		case int:
			list := []json.RawMessage{}
			_ = json.Unmarshal(raw, &list)
			raw = list[step]
		}
	}
	return string(raw)
}

var models = []model{
	modelOf("Confluence AuditRecordArray", confluencePage, func(m *confluence.AuditRecordArray) []byte { return m.JSON.Raw() }),
	modelOf("Confluence AuditRecord", members(confluencePage, "results", 0), func(m *confluence.AuditRecord) []byte { return m.JSON.Raw() }),
	modelOf("Confluence AuditRecord of the system", members(confluencePage, "results", 1), func(m *confluence.AuditRecord) []byte { return m.JSON.Raw() }),
	modelOf("Confluence AuditRecordAuthor", members(confluencePage, "results", 0, "author"), func(m *confluence.AuditRecordAuthor) []byte { return m.JSON.Raw() }),
	modelOf("Confluence RetentionPeriod", `{"number":1,"units":"FORTNIGHTS"}`, func(m *confluence.RetentionPeriod) []byte { return m.JSON.Raw() }),
	modelOf("Confluence CreateAuditRecordRequest", members(confluencePage, "results", 0), func(m *confluence.CreateAuditRecordRequest) []byte { return m.JSON.Raw() }),
	modelOf("Jira AuditRecords", jiraPage, func(m *jira.AuditRecords) []byte { return m.JSON.Raw() }),
	modelOf("Jira AuditRecord", members(jiraPage, "records", 0), func(m *jira.AuditRecord) []byte { return m.JSON.Raw() }),
	modelOf("Jira AuditRecord without most members", members(jiraPage, "records", 1), func(m *jira.AuditRecord) []byte { return m.JSON.Raw() }),
	modelOf("Jira AuditRecordAssociatedItem", members(jiraPage, "records", 0, "objectItem"), func(m *jira.AuditRecordAssociatedItem) []byte { return m.JSON.Raw() }),
}

// oddities are values that a member may have after a change of the API: unusual spellings of times
// and numbers, numbers too large for float64 and int64, null, empty and undocumented values.
var oddities = []string{
	`null`, `true`, `false`, `""`, `"x"`, `" "`, `"\u0041\/é\ud83d\ude00<&>"`, `"\u2028"`, `{}`, `[]`, `[null]`, `[[],{}]`, `{"":null}`, `{"n":[1, 2.50]}`,
	`0`, `-0`, `1`, `1.0`, `1.50`, `1e3`, `1E+3`, `-0.0e-0`, `1e400`, `-1e-400`, `9007199254740993`, `9223372036854775807`, `9223372036854775808`, `12345678901234567890123`,
	`1643014085645`, `1643014085645.0`, `1.643014085645e12`, `"1643014085645"`, `9007199254740993001`, `-1`, `-62135596800000`, `253402300800000`,
	`"2022-01-24T08:48:05.645+0000"`, `"2022-01-24T08:48:05.645Z"`, `"2022-01-24T08:48:05.645+00:00"`, `"2022-01-24T08:48:05Z"`, `"2022-01-24T08:48:05.6450Z"`,
	`"2022-01-24T09:48:05.645+0100"`, `"2022-01-24T08:48:05.645-00:00"`, `"2022-01-24T08:48:05,645Z"`, `"2022-01-24T08:48:05.123456789012Z"`, `"0001-01-01T00:00:00Z"`, `"2022-01-24"`,
	`"DAYS"`, `"FORTNIGHTS"`,
}

// change returns a value with some parts removed, replaced, added or duplicated.
func change(random *rand.Rand, text json.RawMessage, depth int) json.RawMessage {
	oddity := json.RawMessage(oddities[random.IntN(len(oddities))])
	if depth > 0 && random.IntN(6) == 0 {
		return oddity
	}
	switch text[0] {
	case '{':
		object := map[string]json.RawMessage{}
		_ = json.Unmarshal(text, &object) // it is an object
		names := []string{}
		for name := range object {
			names = append(names, name)
		}
		slices.Sort(names) // so that a seed always makes the same value
		random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		parts := []string{}
		for _, name := range names {
			if random.IntN(10) > 0 {
				parts = append(parts, quoted(name)+" : "+string(change(random, object[name], depth+1)))
			}
		}
		if random.IntN(4) == 0 {
			parts = append(parts, `"more":`+string(oddity))
		}
		return json.RawMessage("{" + strings.Join(parts, ", ") + " }")
	case '[':
		list := []json.RawMessage{}
		_ = json.Unmarshal(text, &list) // it is a list
		parts := []string{}
		for range random.IntN(3) {
			for _, item := range list {
				parts = append(parts, string(change(random, item, depth+1)))
			}
		}
		return json.RawMessage("[" + strings.Join(parts, ",\n\t") + "]")
	}
	return text
}

func quoted(name string) string {
	text, _ := json.Marshal(name) // a string is always JSON
	return string(text)
}

func TestEveryModelIsEncodedAsItWasDecoded(t *testing.T) {
	for _, m := range models {
		t.Run(m.name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(7, 11))
			survives(t, m, []byte(m.value))
			for range 300 {
				if survives(t, m, change(random, json.RawMessage(m.value), 0)); t.Failed() {
					return
				}
			}
		})
	}
}

func TestEachOddValueOfEachMemberIsEncodedAsItWasDecoded(t *testing.T) {
	for _, m := range models {
		t.Run(m.name, func(t *testing.T) {
			object := map[string]json.RawMessage{}
			if err := json.Unmarshal([]byte(m.value), &object); err != nil {
				t.Fatal(err)
			}
			for name := range object {
				for _, odd := range oddities {
					survives(t, m, []byte("{"+quoted(name)+":"+odd+"}"))
				}
			}
		})
	}
}

func FuzzEveryModelIsEncodedAsItWasDecoded(f *testing.F) {
	for i, m := range models {
		f.Add(uint8(i), []byte(m.value))
	}
	f.Fuzz(func(t *testing.T, which uint8, text []byte) {
		var object map[string]json.RawMessage
		if json.Unmarshal(text, &object) != nil || object == nil {
			return
		}
		survives(t, models[int(which)%len(models)], text)
	})
}

// survives decodes an object and encodes it again. Repeated names, invalid UTF-8 and unpaired
// surrogates are only in the exact bytes, so other values are compared as encoding/json decodes
// them.
func survives(t *testing.T, m model, text []byte) {
	t.Helper()
	written, cloned, raw, err := m.again(text)
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	if want := bytes.Trim(text, " \t\r\n"); !bytes.Equal(want, raw) {
		t.Errorf("exact bytes: got %s\nwant %s", raw, want)
	}
	if !bytes.Equal(normal(text), normal(written)) {
		try.SameJSON(t, string(text), written, string(text)) // shows the difference
	}
	if !bytes.Equal(cloned, written) {
		t.Errorf("a clone is written as %s\nwant %s", cloned, written)
	}
}

// normal encodes JSON in a canonical form: sorted names, the last of repeated names, numbers as
// spelled.
func normal(text []byte) []byte {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return []byte(err.Error())
	}
	again, err := json.Marshal(v)
	if err != nil {
		return []byte(err.Error())
	}
	return again
}
