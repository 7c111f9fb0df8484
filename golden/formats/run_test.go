package formats_test

import (
	"testing"
	"time"

	"github.com/seed-1954497d/auditgen/generated/rest"
	formats "github.com/seed-1954497d/auditgen/golden/formats/want"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

// roundTrip decodes a value and sends it back. It returns the value and the sent body.
func roundTrip(t *testing.T, answer string, change func(*formats.Everything)) (*formats.Everything, []byte) {
	t.Helper()
	s := try.Serve(t, try.JSON("%s", answer), try.JSON(`{"id": 1}`))
	c, err := formats.NewClient(s.URL, rest.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.SetEverything(t.Context(), formats.Everything{ID: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(got)
	}
	if _, err := c.SetEverything(t.Context(), *got, nil); err != nil {
		t.Fatal(err)
	}
	return got, []byte(s.Requests()[1].Body)
}

func TestValuesOfEveryTypeAreEncodedAsTheyWereDecoded(t *testing.T) {
	for name, members := range map[string]string{
		"enums":                `"ugly": "*/", "level": -3, "ratio": 1.0, "flag": false, "untyped": "b", "untypedMixed": 1, "numbersAsText": "2", "words": ["a", "A", "", "new"]`,
		"more":                 `"byWord": {"x": "on", "y": "?"}, "single": "only", "onlyNull": null`,
		"nulls":                `"ugly": null, "maybe": null, "maybeNumber": null, "maybeList": [null, "a"], "maybeThing": null, "never": null, "any": null, "free": null`,
		"objects":              `"closed": {"name": "a", "more": 1}, "open": {"a": "b", "c": [1]}, "typed": {"a": "b", "c": 7}, "free": {"x": {}}, "freeOpen": {}, "freeClosed": {"a": 1}`,
		"maps":                 `"mapOfMaps": {"a": {"b": [{"name": "c"}], "d": []}, "e": {}}, "mapOfAny": {"a": 1, "b": null}`,
		"untyped":              `"any": [1, {"a": null}], "noType": {"a": "b"}, "noItems": [1, "a"], "arrayWithoutType": ["a"], "badType": 5`,
		"recursion":            `"self": {"id": 2, "self": {"id": 3}}, "selves": [{"id": 4}], "selfByName": {"a": {"id": 5}}, "ping": {"pong": {"ping": {"pong": {"ping": {}, "pings": [{}]}}}}`,
		"not a model":          `"tree": {"a": {"b": {}}}, "forest": [[], [[]]]`,
		"formats":              `"int32": 1, "float": 0.5, "date": "2026-03-01", "time": "2026-03-01T00:00:00+02:00", "byte": "YQ==", "binary": "b", "uuid": "u", "uri": "x:y", "numberAsText": "1", "password": "p", "unknown": "u"`,
		"undocumented members": `"extra": 5, "another": "a"`,
	} {
		t.Run(name, func(t *testing.T) {
			answer := `{"id": 1, ` + members + `}`
			got, sent := roundTrip(t, answer, nil)
			try.Equal(t, "problems", len(got.JSON.Problems()), 0)
			try.SameJSON(t, "what goes out", sent, answer)
		})
	}
}

func TestFieldsHaveTheDecodedValues(t *testing.T) {
	got, _ := roundTrip(t, `{"id": 1, "ugly": "A", "level": 2, "words": ["A"], "maybeNumber": null, "typed": {"a": "b", "c": 7}, "time": "2026-03-01T00:00:00Z",
		"selfByName": {"x": {"id": 9}}, "ping": {"pong": {"ping": {}}}, "extra": 5}`, nil)
	try.Equal(t, "enum", got.Ugly, formats.UglyA2)
	try.Equal(t, "known", []bool{got.Ugly.IsKnown(), formats.Ugly("B").IsKnown(), formats.UglyEmpty.IsKnown()}, []bool{true, false, true})
	try.Equal(t, "number", got.Level, 2)
	try.Equal(t, "null", []bool{got.JSON.IsNull("maybeNumber"), got.JSON.Has("maybeNumber"), got.JSON.Has("maybe")}, []bool{true, true, false})
	try.Equal(t, "time", got.Time, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
	try.Equal(t, "recursion", got.SelfByName["x"].ID, 9)
	try.Equal(t, "undocumented", []string{string(got.JSON.Extra()["extra"]), string(got.Typed.JSON.Extra()["c"])}, []string{"5", "7"})
}

func TestAChangeToOneMemberLeavesTheOthersAlone(t *testing.T) {
	_, sent := roundTrip(t, `{"id": 1, "ratio": 1.50, "maybe": null, "closed": {"x": 1}, "unheard": [1.0]}`, func(e *formats.Everything) {
		e.Ugly, e.Closed.Name = formats.UglyNot, "n"
	})
	try.SameJSON(t, "what goes out", sent, `{"id": 1, "ratio": 1.50, "maybe": null, "closed": {"x": 1, "name": "n"}, "unheard": [1.0], "ugly": "!"}`)
}

func TestValuesOfAnotherTypeAreProblemsAndTheRestIsDecoded(t *testing.T) {
	got, _ := roundTrip(t, `{"id": "one", "level": [], "words": "a", "closed": 5, "time": "soon", "maybe": "read"}`, nil)
	try.Equal(t, "problems", len(got.JSON.Problems()), 5)
	try.Equal(t, "the rest", got.Maybe, "read")
}

func TestParametersWithListedValuesAreSent(t *testing.T) {
	s := try.Serve(t, try.JSON(`{"id": 1}`))
	c, err := formats.NewClient(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	level, flag := int64(3), true
	p := formats.SetEverythingParams{Level: &level, Ratios: []float64{0.5, 1}, Flag: &flag, Word: formats.SetEverythingWord1}
	if _, err := c.SetEverything(t.Context(), formats.Everything{ID: 2}, &p); err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "query", s.Only(t).Query, "level=3&ratios=0.5&ratios=1&flag=true&word=1")
}
