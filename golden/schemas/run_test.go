//lint:file-ignore SA1019 A member is deprecated on purpose, to see the effect.

package schemas_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generated/rest"
	schemas "github.com/seed-1954497d/auditgen/golden/schemas/want"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

// full is a node with every member.
const full = `{
	"name": "root", "weight": 9007199254740993, "ratio": 0.1, "done": true,
	"parent": {"name": "up", "weight": 1, "parent": {"name": "top", "weight": 0}},
	"children": [{"name": "left", "weight": 2, "children": []}, {"name": "right", "weight": 3}],
	"colour": "light-blue",
	"labels": {"a": "x", "b": ""},
	"owners": {"first": {"id": "1", "name": "Ada"}, "second": {"id": "2", "name": null}},
	"anything": [1.50, {"deep": null}],
	"free": {"n": 1e2, "s": "t"},
	"made": "2026-03-01T10:00:00.25Z",
	"stamps": [1643014085645, 0],
	"matrix": [[1, 2.5], [], [3]],
	"first": {"id": "3"},
	"either": {"id": "4"},
	"URL": "upper", "url": "lower"
}`

func newClient(t *testing.T, s *try.Server) *schemas.Client {
	t.Helper()
	c, err := schemas.NewClient(s.URL, rest.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// get decodes a node from a response.
func get(t *testing.T, body string) *schemas.Node {
	t.Helper()
	s := try.Serve(t, try.JSON("%s", body))
	got, err := newClient(t, s).GetTree(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "request", s.Only(t).Line(), "GET /tree")
	return got
}

func TestEveryKindOfMemberIsDecoded(t *testing.T) {
	got := get(t, full)
	for _, c := range []struct {
		name      string
		got, want any
	}{
		{"string", got.Name, "root"},
		{"integer", got.Weight, int64(9007199254740993)},
		{"number", got.Ratio, 0.1},
		{"boolean", got.Done, true},
		{"recursion", got.Parent.Parent.Name, "top"},
		{"end of the recursion", got.Parent.Parent.Parent == nil, true},
		{"list of models", []string{got.Children[0].Name, got.Children[1].Name}, []string{"left", "right"}},
		{"enum value", got.Colour, schemas.ColourLightBlue},
		{"map of strings", got.Labels, map[string]string{"a": "x", "b": ""}},
		{"map of models", got.Owners["first"].Name, "Ada"},
		{"null in a map of models", got.Owners["second"].JSON.IsNull("name"), true},
		{"anything", string(got.Anything), `[1.50, {"deep": null}]`},
		{"open object", string(got.Free["n"]), "1e2"},
		{"time", got.Made, time.Date(2026, 3, 1, 10, 0, 0, 25e7, time.UTC)},
		{"list of times", got.Stamps, []time.Time{time.UnixMilli(1643014085645).UTC(), time.UnixMilli(0).UTC()}},
		{"list of lists", got.Matrix, [][]float64{{1, 2.5}, {}, {3}}},
		{"reference with a description", got.First.ID, "3"},
		{"one of several", string(got.Either.Raw()), `{"id": "4"}`},
		{"names that differ in case", got.URL + " " + got.URL2, "upper lower"},
		{"undocumented", got.JSON.Extra(), map[string]json.RawMessage(nil)},
		{"problems", len(got.JSON.Problems()), 0},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s: -want +got\n%s", c.name, diff)
		}
	}
}

// same are responses that decoding and encoding must not change.
var same = map[string]string{
	"everything": full,
	"nothing":    `{}`,
	"null everywhere": `{
		"name": null, "weight": null, "ratio": null, "done": null, "parent": null, "children": null, "colour": null, "labels": null,
		"owners": null, "anything": null, "free": null, "made": null, "stamps": null, "matrix": null, "first": null, "either": null,
		"URL": null, "url": null
	}`,
	"empty everywhere": `{
		"name": "", "weight": 0, "ratio": 0, "done": false, "parent": {}, "children": [], "colour": "", "labels": {}, "owners": {},
		"free": {}, "stamps": [], "matrix": [], "first": {}, "URL": "", "url": ""
	}`,
	"undocumented members": `{
		"name": "n", "weight": 1, "new": [1.0, {"a": null}], "first": {"id": "1", "since": 1e3}, "children": [{"name": "c", "x": "y"}]
	}`,
	"null inside": `{
		"children": [null, {"name": "c"}], "labels": {"a": null}, "owners": {"o": null}, "stamps": [null, 5],
		"matrix": [null, [1, null]], "free": {"a": null}
	}`,
	"unusual spellings of numbers": `{
		"weight": 1.0, "ratio": 1.50e+1, "stamps": [1.6e12, 5], "matrix": [[1.0, 2e0]], "children": [{"weight": 3e0}]
	}`,
	"unusual spellings of times": `{"made": "2026-03-01T12:00:00.000+0200", "stamps": ["1643014085645", "2026-03-01T10:00:00Z"]}`,
	"values of another type": `{
		"name": 5, "weight": "much", "ratio": true, "done": "yes", "parent": [], "children": {}, "colour": 1, "labels": [],
		"owners": "x", "free": 1, "made": "soon", "stamps": {}, "matrix": [1, [true]], "first": "x"
	}`,
	"elements of another type": `{
		"children": [5, {"name": "c", "weight": "x"}], "labels": {"a": 1}, "owners": {"o": [1]}, "stamps": [true, "soon"]
	}`,
	"unlisted enum values":    `{"colour": "mauve", "children": [{"colour": "#fff"}]}`,
	"anything that is a text": `{"anything": "text", "either": "text"}`,
	"names that need escapes": `{"labels": {"a\"b\\c\n": "x", "": "y", "ü": "z"}, "new \"one\"": 1}`,
}

func TestDecodingAndEncodingPreservesTheValue(t *testing.T) {
	for name, body := range same {
		t.Run(name, func(t *testing.T) {
			again, err := json.Marshal(get(t, body))
			if err != nil {
				t.Fatal(err)
			}
			try.SameJSON(t, "encoded again", again, body)
		})
	}
}

func TestAResponseMayBeSentBackUnchanged(t *testing.T) {
	for name, body := range same {
		t.Run(name, func(t *testing.T) {
			s := try.Serve(t, try.JSON("%s", body))
			node := get(t, body)
			got, err := newClient(t, s).SetTree(t.Context(), *node)
			var incomplete *rest.RequestError
			if errors.As(err, &incomplete) && name != "everything" {
				try.Equal(t, "requests", s.Lines(), []string{}) // a response may lack members that a request needs
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			try.Equal(t, "request", s.Only(t).Line(), "PUT /tree")
			try.SameJSON(t, "sent", []byte(s.Only(t).Body), body)
			try.Equal(t, "decoded", got, node)
		})
	}
}

func TestAChangedFieldIsEncoded(t *testing.T) {
	node := get(t, `{
		"name": "n", "weight": 1.0, "ratio": 2.50, "made": "2026-03-01T12:00:00+0200", "new": 1, "labels": {"a": "x"}, "colour": null
	}`)
	node.Weight = 2
	node.Made = node.Made.Add(time.Second)
	node.Labels["b"] = "y"
	node.Colour = schemas.ColourGreen
	again, err := json.Marshal(node)
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "encoded", string(again),
		`{"name":"n","weight":2,"ratio":2.50,"colour":"GREEN","labels":{"a":"x","b":"y"},"made":"2026-03-01T10:00:01Z","new":1}`)
}

func TestANewNodeHasTheFieldsThatAreSet(t *testing.T) {
	node := schemas.Node{
		Name: "root", Weight: 1, Parent: &schemas.Node{Name: "up", Weight: 2},
		Children: []schemas.Node{{Name: "c", Weight: 3, Stamps: []time.Time{time.UnixMilli(5)}}},
		Owners:   map[string]schemas.Owner{"b": {ID: "2"}, "a": {ID: "1", Name: "Ada"}},
		Made:     time.Date(2026, 3, 1, 12, 0, 0, 0, time.FixedZone("", 7200)), Matrix: [][]float64{{1}, nil},
		Anything: json.RawMessage(`{"x": 1}`), Either: schemas.NodeEitherOfString("t"),
	}
	s := try.Serve(t, try.JSON(`{}`))
	if _, err := newClient(t, s).SetTree(t.Context(), node); err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "body", s.Only(t).Body, `{"name":"root","weight":1,"parent":{"name":"up","weight":2},`+
		`"children":[{"name":"c","weight":3,"stamps":[5]}],"owners":{"a":{"id":"1","name":"Ada"},"b":{"id":"2"}},`+
		`"anything":{"x":1},"made":"2026-03-01T10:00:00Z","matrix":[[1],[]],"either":"t"}`)
}

func TestZeroAndEmptyTextsOfRequiredMembersAreSent(t *testing.T) {
	s := try.Serve(t, try.JSON(`{}`))
	_, err := newClient(t, s).SetTree(t.Context(), schemas.Node{
		Name: "root", Parent: &schemas.Node{}, Children: []schemas.Node{{Name: "c"}},
		Owners: map[string]schemas.Owner{"o": {}}, First: schemas.Owner{Name: "Ada"},
	})
	if err != nil {
		t.Fatal(err)
	}
	try.SameJSON(t, "body", []byte(s.Only(t).Body), `{
		"name": "root", "weight": 0, "parent": {"name": "", "weight": 0}, "children": [{"name": "c", "weight": 0}],
		"owners": {"o": {"id": ""}}, "first": {"id": "", "name": "Ada"}
	}`)
}

func TestAnAnswerThatLacksWhatARequestMustHaveIsNotCompletedWithZeros(t *testing.T) {
	s := try.Serve(t)
	_, err := newClient(t, s).SetTree(t.Context(), *get(t, `{"name": "root", "children": [{"name": "c"}]}`))
	var got *rest.RequestError
	if !errors.As(err, &got) {
		t.Fatalf("got %v, want a RequestError", err)
	}
	try.Equal(t, "missing", got.Missing, []string{"weight", "children[0].weight"})
	try.Equal(t, "requests", s.Lines(), []string{})
}

func TestUnlistedEnumValuesAreData(t *testing.T) {
	for word, known := range map[schemas.Colour]bool{
		schemas.ColourRed: true, schemas.ColourGreen: true, "light-blue": true, "": true, "#fff": true, "1": true,
		"mauve": false, "RED": false,
	} {
		node := get(t, `{"colour": "`+string(word)+`"}`)
		try.Equal(t, "colour", node.Colour, word)
		try.Equal(t, "known "+string(word), node.Colour.IsKnown(), known)
	}
}

func TestProblemsHaveAPath(t *testing.T) {
	node := get(t, `{
		"weight": "much", "children": [{}, {"first": {"id": 5}}], "owners": {"o.1": {"name": []}}, "matrix": [[1], [true]], "made": "soon"
	}`)
	var said []string
	for _, p := range node.JSON.Problems() {
		said = append(said, p.String())
	}
	try.Equal(t, "problems", said, []string{
		"weight: string where integer is documented",
		"children[1].first.id: number where string is documented",
		`owners["o.1"].name: array where string is documented`,
		"matrix[1][0]: boolean where number is documented",
		"made: another string where time is documented",
	})
	try.Equal(t, "the child lists its own", node.Children[1].JSON.Problems()[0].Path, "first.id")
}

func TestACloneSharesNothing(t *testing.T) {
	node := get(t, full)
	c := node.Clone()
	try.Equal(t, "clone", c, node)
	c.Parent.Name, c.Children[0].Name, c.Labels["a"], c.Matrix[0][0] = "x", "x", "x", 99
	c.Anything[0], c.Free["n"][0], c.Stamps[0] = 'x', 'x', time.Time{}
	try.Equal(t, "the original", node, get(t, full))
	var none *schemas.Node
	if none.Clone() != nil {
		t.Error("the clone of nil is not nil")
	}
}

func TestEqualComparesMoreThanFields(t *testing.T) {
	for _, c := range []struct {
		name, a, b string
		equal      bool
	}{
		{"the same", full, full, true},
		{"white space and order", `{"name": "n", "weight": 1, "x": [1, 2]}`, `{"x":[1,2],"weight":1,"name":"n"}`, true},
		{"null and absent", `{"name": null}`, `{}`, false},
		{"empty and absent", `{"name": ""}`, `{}`, false},
		{"undocumented members", `{"x": 1}`, `{"x": 2}`, false},
		{"spellings", `{"weight": 1}`, `{"weight": 1.0}`, false},
		{"deep inside", `{"children": [{"first": {"name": null}}]}`, `{"children": [{"first": {}}]}`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			try.Equal(t, "equal", cmp.Equal(get(t, c.a), get(t, c.b)), c.equal)
		})
	}
}

func TestEncodingJSONDecodesTheSameValue(t *testing.T) {
	for name, body := range same {
		t.Run(name, func(t *testing.T) {
			var got schemas.Node
			if err := json.Unmarshal([]byte(body), &got); err != nil {
				t.Fatal(err)
			}
			try.Equal(t, "decoded", &got, get(t, body))
		})
	}
}

func TestAResponseThatIsNotAnObjectIsAnError(t *testing.T) {
	for _, body := range []string{`[]`, `"tree"`, `null`, `5`} {
		s := try.Serve(t, try.JSON("%s", body))
		if got, err := newClient(t, s).GetTree(t.Context()); !errors.Is(err, rest.ErrNotJSON) || got != nil {
			t.Errorf("%s: got %v, %v, want ErrNotJSON", body, got, err)
		}
	}
}
