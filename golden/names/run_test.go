package names_test

import (
	"testing"

	"github.com/seed-1954497d/auditgen/generated/rest"
	names "github.com/seed-1954497d/auditgen/golden/names/want"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

func newClient(t *testing.T, s *try.Server) *names.Client {
	t.Helper()
	c, err := names.NewClient(s.URL, rest.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// send calls one operation and returns the request as it arrived.
func send(t *testing.T, call func(*names.Client) error) try.Request {
	t.Helper()
	s := try.Serve(t, try.JSON(`{}`))
	if err := call(newClient(t, s)); err != nil {
		t.Fatal(err)
	}
	return s.Only(t)
}

func TestOperationsOfTheSameNameAreDistinct(t *testing.T) {
	ctx := t.Context()
	for want, call := range map[string]func(*names.Client) error{
		"GET /doubles":          func(c *names.Client) error { return c.List(ctx) },
		"POST /doubles":         func(c *names.Client) error { return c.ListDoubles(ctx) },
		"GET /doubles/7":        func(c *names.Client) error { return c.ListByID(ctx, "7") },
		"DELETE /doubles/7":     func(c *names.Client) error { return c.RemoveIt(ctx, "7") },
		"PUT /doubles/7":        func(c *names.Client) error { return c.PutDoubles(ctx, "7") },
		"PATCH /doubles/7":      func(c *names.Client) error { return c.PatchDoubles(ctx, "7") },
		"GET /slash":            func(c *names.Client) error { return c.SlashSlash(ctx) },
		"GET /slash/":           func(c *names.Client) error { return c.GetSlash(ctx) },
		"GET /Slash":            func(c *names.Client) error { return c.Slash(ctx) },
		"GET /slash/x":          func(c *names.Client) error { return c.GetSlashByA(ctx, "x") },
		"POST /slash/x":         func(c *names.Client) error { return c.PostSlash(ctx, "x") },
		"GET /range/1...2/a%20": func(c *names.Client) error { return c.GetRange(ctx, 1, 2, "a ") },
		"GET /do":               func(c *names.Client) error { return c.DoDo(ctx) },
		"GET /%C3%BCber/1/a%20b": func(c *names.Client) error {
			return c.Über(ctx, "1")
		},
	} {
		t.Run(want, func(t *testing.T) { try.Equal(t, "request", send(t, call).Line(), want) })
	}
}

func TestArgumentsMayHaveTheNamesOfVariablesInMethods(t *testing.T) {
	r := send(t, func(c *names.Client) error {
		_, err := c.UseLocals(t.Context(), "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", &names.Client2{ID: "a"}, &names.UseLocalsParams{P: "b"})
		return err
	})
	try.Equal(t, "request", r.Line(), "POST /locals/1/2/3/4/5/6/7/8/9/10/11?p=b")
	try.Equal(t, "body", r.Body, `{"id":"a"}`)
}

func TestArgumentsMayHaveTheNamesOfVariablesInPagers(t *testing.T) {
	s := try.Serve(t, try.JSON(`{"values": ["a"], "startAt": 0, "isLast": false}`), try.JSON(`{"values": ["b"], "startAt": 1, "isLast": true}`))
	var got []string
	for value, err := range newClient(t, s).AllLocals(t.Context(), "1", "2", "3", "4", "5", "6", "7", "8", "9", nil) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, *value)
	}
	try.Equal(t, "values", got, []string{"a", "b"})
	try.Equal(t, "requests", s.Lines(), []string{"GET /pages/1/2/3/4/5/6/7/8/9?startAt=0", "GET /pages/1/2/3/4/5/6/7/8/9?startAt=1"})
}

func TestParametersAreSentUnderTheirOwnNames(t *testing.T) {
	number, yes := int64(1), true
	r := send(t, func(c *names.Client) error {
		_, err := c.GetThing(t.Context(), "t", "f", &names.GetThingParams2{
			Range: "a", AB: "b", QueryAB: "c", AB2: "d", HeaderAB: "e", Top: &number, FilterName: "g", X: "h", Query: "i",
			Größe: &number, X数: &number, X2fa: &yes, Encode: "j",
		})
		return err
	})
	try.Equal(t, "request", r.Line(), "GET /things/t/f?range=a&a-b=b&a_b=c&A.B=d&%24top=1&filter%5Bname%5D=g&%2A=h&-=i&gr%C3%B6%C3%9Fe=1&%E6%95%B0=1&2fa=true&encode=j")
	try.Equal(t, "header", r.Header.Get("A-B"), "e")
	try.Equal(t, "a cookie that cannot be", r.Header.Values("Cookie"), []string(nil))
}

// Every member has its own field and is encoded as it was decoded.
func TestMembersOfAnyNameArePreserved(t *testing.T) {
	const answer = `{"type":"1","func":"2","Type":"3","TYPE":"4","ty-pe":"5","ty_pe":"6","_links":"7","links":"8","$links":"9","@type":"10",
		"-":"11","--":"12","":"13","1":"14","1st":"15","größe":"16","名前":"17","a\"b` + "`" + `c\\":"18","x,omitempty":"19","json":"20","JSON":"21",
		"marshalJSON":"22","clone":"23","encodeJSON":"24","string":"25","error":"26","nil":"27","inside":{"deep":[{"x":"28"}]}}`
	s := try.Serve(t, try.JSON("%s", answer))
	got, err := newClient(t, s).GetThing(t.Context(), "a", "b", nil)
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "problems", len(got.JSON.Problems()), 0)
	try.Equal(t, "extra members", len(got.JSON.Extra()), 0)
	try.Equal(t, "fields", []string{got.Type, got.Type2, got.Type3, got.Type4, got.X, got.X2, got.X3, got.ABC, got.XOmitempty, got.JSON2, got.JSON3, got.Clone2},
		[]string{"1", "3", "4", "10", "11", "12", "13", "18", "19", "20", "21", "23"})
	back, err := got.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	try.SameJSON(t, "what goes out", back, answer)
}

func TestSchemasWithSimilarNamesAreDistinct(t *testing.T) {
	s := try.Serve(t, try.JSON(`{"client": {"id": "1"}, "apiError": {"id": "2"}, "one": {"a": "3"}, "two": {"b": "4"}, "three": {"c": "5"}, "four": {"d": "6"},
		"string": "7", "time": {"id": "8"}, "inside": {"e": "9"}, "params": {"f": "10"}, "dots": {"g": "11"}, "japan": {"h": "12"}}`))
	got, err := newClient(t, s).UseLocals(t.Context(), "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", &names.Client2{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "fields", []string{got.Client.ID, got.APIError.ID, got.One.A, got.Two.B, got.Three.C, got.Four.D, got.String, got.Time.ID, got.Inside.E,
		got.Params.F, got.Dots.G, got.Japan.H}, []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"})
}
