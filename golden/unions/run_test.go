package unions_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generated/rest"
	unions "github.com/seed-1954497d/auditgen/golden/unions/want"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

// full has a variant of each union, and an undocumented one.
const full = `{
	"name": "all",
	"main": {"shape": "circle", "radius": 2.50},
	"shapes": [{"shape": "square", "side": 1}, {"shape": "blob", "wobble": [1e2]}, null, {"shape": "Group", "members": [{"shape": "circle", "radius": 1}]}],
	"layers": {"top": {"shape": "square", "side": 3, "colour": "red"}},
	"filter": {"values": [{"value": "a"}, {"value": "b", "other": "c"}]},
	"note": 9007199254740993,
	"animal": {"kind": "wolf", "name": "W"},
	"tree": {"a": ["b", {"c": "d"}]},
	"twins": {"right": "r"},
	"centre": null,
	"colour": "#ffffff"
}`

func newClient(t *testing.T, s *try.Server) *unions.Client {
	t.Helper()
	c, err := unions.NewClient(s.URL, rest.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func get(t *testing.T, body string) *unions.Drawing {
	t.Helper()
	got, err := newClient(t, try.Serve(t, try.JSON("%s", body))).GetDrawing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// value returns the value of a union as text.
func value(t *testing.T, u interface{ Value() (any, error) }) string {
	t.Helper()
	v, err := u.Value()
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := v.(json.RawMessage); ok {
		return "json.RawMessage " + string(text) // %T prints jsontext.Value from Go 1.27 on
	}
	return fmt.Sprintf("%T %s", v, text)
}

func TestVariantsAreRecognised(t *testing.T) {
	d := get(t, full)
	for _, c := range []struct{ name, got, want string }{
		{"by the discriminator", value(t, d.Main), `unions.Circle {"shape":"circle","radius":2.50}`},
		{"in a list", value(t, d.Shapes[0]), `unions.Square {"shape":"square","side":1}`},
		{"by an undocumented value", value(t, d.Shapes[1]), `json.RawMessage {"shape":"blob","wobble":[1e2]}`},
		{"null in a list", value(t, d.Shapes[2]), `json.RawMessage null`},
		{"by the name of the schema", value(t, d.Shapes[3]), `unions.Group {"shape":"Group","members":[{"shape":"circle","radius":1}]}`},
		{"in a map", value(t, d.Layers["top"]), `unions.Square {"shape":"square","side":3,"colour":"red"}`},
		{"by required members", value(t, d.Filter), `unions.ListOperand {"values":[{"value":"a"},{"value":"b","other":"c"}]}`},
		{"by the JSON type", value(t, d.Note), `int64 9007199254740993`},
		{"by enum values", value(t, d.Animal), `unions.DrawingAnimalDog {"kind":"wolf","name":"W"}`},
		{"recursively", value(t, d.Tree), `map[string]unions.Tree {"a":["b",{"c":"d"}]}`},
	} {
		try.Equal(t, c.name, c.got, c.want)
	}
	try.Equal(t, "discriminator", d.Main.Discriminator()+" "+d.Shapes[1].Discriminator(), "circle blob")
	operands, err := d.Filter.AsListOperand()
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "a list within", value(t, operands.Values[0])+" "+value(t, operands.Values[1]), `unions.ValueOperand {"value":"a"} unions.PairOperand {"value":"b","other":"c"}`)
	twins, err := d.Twins.AsRight()
	try.Equal(t, "what nothing tells apart is left to the caller", twins.Right+fmt.Sprint(err), "r<nil>")
	try.Equal(t, "a value or null is that value", d.Centre.Radius == 0 && d.JSON.IsNull("centre"), true)
	try.Equal(t, "an open list of words", string(d.Colour), "#ffffff")
}

func TestDecodingAndEncodingLosesNothing(t *testing.T) {
	d := get(t, full)
	for _, model := range []*unions.Drawing{d, d.Clone()} {
		text, err := json.Marshal(model)
		if err != nil {
			t.Fatal(err)
		}
		try.SameJSON(t, "the drawing", text, full)
		if !strings.Contains(string(text), `"radius":2.50`) || !strings.Contains(string(text), `[1e2]`) {
			t.Errorf("numbers are spelled differently: %s", text)
		}
	}
	if diff := cmp.Diff(d, d.Clone()); diff != "" {
		t.Errorf("a clone differs from the original: %s", diff)
	}
	try.Equal(t, "problems", len(d.JSON.Problems()), 0)
}

func TestTheJSONOfAUnionIsACopy(t *testing.T) {
	d := get(t, full)
	clear(d.Main.Raw())
	try.Equal(t, "the union", string(d.Main.Raw()), `{"shape": "circle", "radius": 2.50}`)
	try.Equal(t, "its clone", string(d.Clone().Main.Raw()), `{"shape": "circle", "radius": 2.50}`)
}

func TestAnotherVariantIsAnError(t *testing.T) {
	d := get(t, full)
	_, byTag := d.Main.AsSquare()
	_, byMember := d.Filter.AsValueOperand()
	_, byType := d.Note.AsString()
	_, out := unions.DrawingNoteOfInt(1).AsStringList()
	_, empty := unions.Shape{}.AsCircle()
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"by the discriminator", byTag, "the value is Circle, not Square"},
		{"by members", byMember, "the value is ListOperand, not ValueOperand"},
		{"by type", byType, "the value is Int, not String"},
		{"made", out, "the value is Int, not StringList"},
		{"empty", empty, "there is no value to read as Circle"},
	} {
		try.Equal(t, c.name, fmt.Sprint(c.err), c.want)
	}
	_, unknown := d.Shapes[1].AsCircle()
	try.Equal(t, "what nobody documented may be read as anything", unknown == nil, true)
}

func TestAValueOfNoVariantIsAProblemAndIsKept(t *testing.T) {
	d := get(t, `{"main": 7, "shapes": ["x"], "note": {"deep": true}}`)
	var problems []string
	for _, p := range d.JSON.Problems() {
		problems = append(problems, p.String())
	}
	try.Equal(t, "problems", problems, []string{"main: number where object is documented", "shapes[0]: string where object is documented",
		"note: object where string or number or array is documented"})
	text, err := json.Marshal(d)
	try.Equal(t, "encoded again", string(text)+fmt.Sprint(err), `{"main":7,"shapes":["x"],"note":{"deep":true}}<nil>`)
}

func TestConstructedValuesAreSent(t *testing.T) {
	s := try.Serve(t, try.Answer{Status: 204}, try.Answer{Status: 204})
	c := newClient(t, s)
	names := []string{"a", "b"}
	d := unions.Drawing{
		Main:   unions.ShapeOfCircle(unions.Circle{Radius: 1.5}),
		Shapes: []unions.Shape{unions.ShapeOfGroup(unions.Group{Members: []unions.Shape{unions.ShapeOfSquare(unions.Square{Side: 2})}})},
		Layers: map[string]unions.Shape{"top": unions.ShapeOfSquare(unions.Square{Shape: "rhombus"})},
		Note:   unions.DrawingNoteOfStringList(names),
		Animal: unions.DrawingAnimalOfCat(unions.DrawingAnimalCat{Lives: 9}),
		Tree:   unions.TreeOfMap(map[string]unions.Tree{"a": unions.TreeOfList([]unions.Tree{unions.TreeOfString("b")})}),
	}
	names[0] = "changed afterwards"
	if err := c.SetDrawing(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if err := c.SetShape(t.Context(), d.Main); err != nil {
		t.Fatal(err)
	}
	try.SameJSON(t, "the drawing", []byte(s.Requests()[0].Body), `{
		"main": {"shape": "circle", "radius": 1.5},
		"shapes": [{"shape": "Group", "members": [{"shape": "square", "side": 2}]}],
		"layers": {"top": {"shape": "rhombus"}},
		"note": ["a", "b"],
		"animal": {"kind": "cat", "lives": 9},
		"tree": {"a": ["b"]}
	}`)
	try.SameJSON(t, "the shape", []byte(s.Requests()[1].Body), `{"shape": "circle", "radius": 1.5}`)
	try.Equal(t, "what was made can be read", value(t, d.Main), `unions.Circle {"shape":"circle","radius":1.5}`)
}

func TestAnIncompleteValueIsNotSent(t *testing.T) {
	c := newClient(t, try.Serve(t))
	filter := unions.OperandOfListOperand(unions.ListOperand{Values: []unions.Operand{unions.OperandOfListOperand(unions.ListOperand{})}})
	for _, tc := range []struct {
		name string
		err  error
		want []string
	}{
		{"a required member within", c.SetDrawing(t.Context(), unions.Drawing{Filter: filter}), []string{"filter.values[0].values"}},
		{"nothing at all", c.SetShape(t.Context(), unions.Shape{}), []string{"body"}},
	} {
		incomplete, ok := errors.AsType[*rest.RequestError](tc.err)
		if !ok {
			t.Fatalf("%s: %v", tc.name, tc.err)
		}
		try.Equal(t, tc.name, incomplete.Missing, tc.want)
	}
}

func TestAUnionMayBeAResponse(t *testing.T) {
	s := try.Serve(t, try.JSON(`{"shape": "circle", "radius": 1}`), try.JSON(`[1]`), try.JSON(`{"shape": "new"}`))
	c := newClient(t, s)
	got, err := c.GetShape(t.Context(), &unions.GetShapeParams{Either: "17", Names: []string{"a", "b"}})
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "the shape", value(t, got), `unions.Circle {"shape":"circle","radius":1}`)
	try.Equal(t, "the request", s.Only(t).Line(), "GET /shape?either=17&names=a&names=b")
	if _, err := c.GetShape(t.Context(), nil); !errors.Is(err, rest.ErrNotJSON) {
		t.Errorf("an array where an object is documented: %v", err)
	}
	got, err = c.GetShape(t.Context(), nil)
	try.Equal(t, "a new variant", got.Discriminator()+fmt.Sprint(err), "new<nil>")
}

func TestListingsOfUnionsArePaged(t *testing.T) {
	c := newClient(t, try.Serve(t, try.JSON(`{"startAt": 0, "maxResults": 2, "operands": [{"value": "a"}, {"values": []}]}`),
		try.JSON(`{"startAt": 2, "maxResults": 2, "operands": [{"value": "b", "other": "c"}]}`)))
	var got []string
	for operand, err := range c.AllOperands(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, value(t, operand))
	}
	try.Equal(t, "operands", got, []string{`unions.ValueOperand {"value":"a"}`, `unions.ListOperand {"values":[]}`, `unions.PairOperand {"value":"b","other":"c"}`})
}

func TestEncodingJSONPreservesUnions(t *testing.T) {
	var list []unions.Shape
	if err := json.Unmarshal([]byte(`[{"shape": "circle", "radius": 1.0}, null, 7]`), &list); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(list)
	try.Equal(t, "the list", string(text)+fmt.Sprint(err), `[{"shape":"circle","radius":1.0},null,7]<nil>`)
	try.Equal(t, "as text", fmt.Sprint(list[0]), `{"shape": "circle", "radius": 1.0}`)
	try.Equal(t, "equal but for white space", list[0].Equal(unions.Shape{Union: list[0].Union}.Union), true)
	try.Equal(t, "zero", []bool{list[0].IsZero(), list[1].IsZero(), list[2].IsZero()}, []bool{false, true, false})
	if slices.ContainsFunc(list[1:], func(s unions.Shape) bool { _, err := s.AsCircle(); return err == nil }) {
		t.Error("null or a number is read as an object")
	}
	if err := json.Unmarshal([]byte(`{"main": {"shape": "circle"`), &unions.Drawing{}); err == nil {
		t.Error("half an object is accepted")
	}
}
