package runtime

import (
	"math"
	"strings"
	"testing"
)

// unionOfThings has variants that are told apart in each way there is.
var unionOfThings = &unionType{want: "object or string or array", tag: "kind", variants: []variant{
	{name: "Tagged", json: "object", tags: []string{"a", "b"}},
	{name: "Left", json: "object", has: []string{"left"}},
	{name: "Right", json: "object", has: []string{"right"}, lacks: []string{"middle"}},
	{name: "Text", json: "string"},
	{name: "List"},
}}

func decodedUnion(t *testing.T, text string) Union {
	t.Helper()
	var u Union
	d := newDecoder(text)
	u.decode(d, unionOfThings)
	if err := d.finish(); err != nil {
		t.Fatal(err)
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
		if got := decodedUnion(t, text).variant(unionOfThings); got != want {
			t.Errorf("%.60s is variant %d, want %d", text, got, want)
		}
	}
	if got := (Union{}).variant(unionOfThings); got != untold {
		t.Errorf("nothing is variant %d", got)
	}
}

func TestTheDiscriminatorIsReadFromObjectsOnly(t *testing.T) {
	for text, want := range map[string]string{`{"kind": "a"}`: "a", `{"kind": 7}`: "7", `{"x": {"kind": "a"}}`: "", `["kind"]`: "", `"kind"`: ""} {
		if got := decodedUnion(t, text).tagged(unionOfThings); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
	if got := (Union{}).tagged(unionOfThings); got != "" {
		t.Errorf("nothing has the discriminator %q", got)
	}
}

func TestAUnionThatCannotBeEncodedSaysSo(t *testing.T) {
	u := unionOf(func(e *encoder) { e.float(math.NaN()) })
	if u.IsZero() || u.Raw() != nil {
		t.Errorf("zero %v, JSON %q", u.IsZero(), u.Raw())
	}
	if text, err := u.MarshalJSON(); err == nil {
		t.Errorf("NaN became %s", text)
	}
	if u.Equal(Union{}) {
		t.Error("it is equal to no value at all")
	}
}

func TestAUnionKeepsWhatItWasDecodedFrom(t *testing.T) {
	const text = `{"a": [1.0, 1e2], "a": "\u00e9"}`
	var u Union
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
	u := decodedUnion(t, `{"left": 1}`)
	var list []string
	readList := func(d *decoder) { list = decodeSlice(d, (*decoder).string) }
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"surely another", u.as(unionOfThings, 2, nil), "the value is Left, not Right"},
		{"of another JSON type", decodedUnion(t, "7").as(unionOfThings, 4, readList), "the value is not List: number where array is documented"},
		{"nothing", (&Union{}).as(unionOfThings, 3, nil), "there is no value to read as Text"},
	} {
		if c.err == nil || c.err.Error() != c.want {
			t.Errorf("%s: got %v, want %s", c.name, c.err, c.want)
		}
	}
	u = decodedUnion(t, `["a", "b"]`)
	u.detach()
	if err := u.as(unionOfThings, 4, readList); err != nil || strings.Join(list, " ") != "a b" {
		t.Errorf("got %q, %v", list, err)
	}
}

func TestADetachedUnionHoldsNothingOfItsAnswer(t *testing.T) {
	const size = 16 << 20
	got := held(func() any {
		u := decodedUnion(t, strings.Repeat(" ", size)+`{"left": 1}`)
		u.detach()
		clear(u.Raw())
		if u.String() != `{"left": 1}` {
			t.Errorf("it became %s", u)
		}
		return &u
	})
	if got > size/2 {
		t.Errorf("it holds %d bytes; the answer has %d", got, size)
	}
}
