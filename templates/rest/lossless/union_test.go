package lossless_test

import (
	"math"
	"strings"
	"testing"

	"github.com/seed-1954497d/auditgen/templates/rest/lossless"
)

// unionOfThings has variants that are told apart in each way there is.
var unionOfThings = &lossless.UnionType{Want: "object or string or array", Tag: "kind", Variants: []lossless.Variant{
	{Name: "Tagged", JSON: "object", Tags: []string{"a", "b"}},
	{Name: "Left", JSON: "object", Has: []string{"left"}},
	{Name: "Right", JSON: "object", Has: []string{"right"}, Lacks: []string{"middle"}},
	{Name: "Text", JSON: "string"},
	{Name: "List"},
}}

func codeThings(c *lossless.Codec, u *lossless.Union) { c.Union(u, unionOfThings) }

// untold is the index of no variant.
const untold = -1

func decodedUnion(t *testing.T, text string) lossless.Union {
	t.Helper()
	var u lossless.Union
	err := lossless.Decode(text, &u, codeThings)
	if isOther := text == "7" || text == "null"; (err != nil) != isOther || u.String() != strings.TrimSpace(text) {
		t.Fatalf("%s is decoded as %s, %v", text, u, err)
	}
	return u
}

func TestTheVariantOfAUnionIsToldOnlyIfItIsCertain(t *testing.T) {
	for text, want := range map[string]int{
		`{"kind": "b"}`:                       0,
		`{"k\u0069nd": "\u0061", "left": 1}`:  0,
		`{"kind": "x", "kind": "a"}`:          0,
		`{"kind": "c", "left": 1}`:            untold,
		`{"kind": null, "left": 1}`:           untold,
		`{"left": null}`:                      1,
		`{"left": 1, "right": 1}`:             untold,
		`{"right": {"middle": 1}}`:            2,
		`{"right": 1, "middle": 1}`:           untold,
		`{}`:                                  untold,
		` "text"`:                             3,
		`[]`:                                  untold,
		`7`:                                   untold,
		`null`:                                untold,
		`{"left": {"right": 1, "kind": "a"}}`: 1,
		`{"deep": ` + strings.Repeat("[", 500) + strings.Repeat("]", 500) + `, "left": 1}`: 1,
	} {
		if got := lossless.VariantOf(decodedUnion(t, text), unionOfThings); got != want {
			t.Errorf("%.60s is variant %d, want %d", text, got, want)
		}
	}
	if got := lossless.VariantOf(lossless.Union{}, unionOfThings); got != untold {
		t.Errorf("nothing is variant %d", got)
	}
}

func TestTheDiscriminatorIsReadFromObjectsOnly(t *testing.T) {
	for text, want := range map[string]string{`{"kind": "a"}`: "a", `{"kind": 7}`: "7", `{"x": {"kind": "a"}}`: "", `["kind"]`: "", `"kind"`: ""} {
		if got := lossless.TagOf(decodedUnion(t, text), unionOfThings); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
	if got := lossless.TagOf(lossless.Union{}, unionOfThings); got != "" {
		t.Errorf("nothing has the discriminator %q", got)
	}
}

func TestAUnionThatCannotBeEncodedSaysSo(t *testing.T) {
	u := lossless.UnionOf(math.NaN(), (*lossless.Codec).Float)
	if u.IsZero() || u.Raw() != nil {
		t.Errorf("zero %v, JSON %q", u.IsZero(), u.Raw())
	}
	if text, err := u.MarshalJSON(); err == nil {
		t.Errorf("NaN became %s", text)
	}
	if u.Equal(lossless.Union{}) {
		t.Error("it is equal to no value at all")
	}
}

func TestNoUnionIsNullAndAnIncompleteBody(t *testing.T) {
	if text, err := lossless.Encode(new(lossless.Union), false, codeThings); err != nil || string(text) != "null" {
		t.Errorf("got %s, %v", text, err)
	}
	if text, err := lossless.Encode(new(lossless.Union), true, codeThings); err == nil || err.Error() != "request body: required but empty: body" {
		t.Errorf("as a request body: %s, %v", text, err)
	}
}

func TestAUnionKeepsWhatItWasDecodedFrom(t *testing.T) {
	const text = `{"a": [1.0, 1e2], "a": "\u00e9"}`
	var u lossless.Union
	if err := u.UnmarshalJSON([]byte(text)); err != nil {
		t.Fatal(err)
	}
	again, err := u.MarshalJSON()
	if want := `{"a":[1.0,1e2],"a":"\u00e9"}`; err != nil || string(again) != want || string(u.Raw()) != text {
		t.Errorf("got %s and %s, %v", again, u.Raw(), err)
	}
	for _, wrong := range []string{"", "{", `{"a":}`, "1 2", "\x00"} {
		before := u
		if err := u.UnmarshalJSON([]byte(wrong)); err == nil || !u.Equal(before) {
			t.Errorf("%q: error %v, value %s", wrong, err, u)
		}
	}
	if err := u.UnmarshalJSON([]byte("null")); err != nil || u.IsZero() {
		t.Errorf("null does not leave the value alone: %v", err)
	}
}

func TestAVariantIsReadOnlyIfTheValueCanBeIt(t *testing.T) {
	as := func(u lossless.Union, index int) ([]string, error) {
		return lossless.UnionAs(u, unionOfThings, index, lossless.ListOf((*lossless.Codec).String))
	}
	for _, c := range []struct {
		name  string
		u     lossless.Union
		index int
		want  string
	}{
		{"surely another", decodedUnion(t, `{"left": 1}`), 2, "the value is Left, not Right"},
		{"of another JSON type", decodedUnion(t, "7"), 4, "the value is not List: number where array is documented"},
		{"nothing", lossless.Union{}, 3, "there is no value to read as Text"},
	} {
		if _, err := as(c.u, c.index); err == nil || err.Error() != c.want {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
	u := lossless.Clone(new(decodedUnion(t, `["a", "b"]`)), codeThings)
	if list, err := as(*u, 4); err != nil || strings.Join(list, " ") != "a b" {
		t.Errorf("got %q, %v", list, err)
	}
}

func TestADetachedUnionHoldsNothingOfItsAnswer(t *testing.T) {
	const size = 4 << 20
	got := held(func() any {
		u := lossless.Clone(new(decodedUnion(t, strings.Repeat(" ", size)+`{"left": 1}`)), codeThings)
		clear(u.Raw())
		if u.String() != `{"left": 1}` {
			t.Errorf("it became %s", u)
		}
		return u
	})
	if got > size/2 {
		t.Errorf("it holds %d bytes; the answer has %d", got, size)
	}
}
