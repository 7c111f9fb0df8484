package call

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// thing is a model as generated clients have them.
type thing struct {
	Name string `json:"name"`
	JSON Members
}

// Members stands for the unknown members that a model keeps.
type Members struct{ problems, sent []string }

// Send requests empty members to be sent.
func (m *Members) Send(names ...string) { m.sent = append(m.sent, names...) }

// Problems returns what does not match the documentation.
func (m Members) Problems() []string { return m.problems }

func (t *thing) MarshalJSON() ([]byte, error) { return json.Marshal(map[string]string{"name": t.Name}) }

type option func()

type params struct{ Q string }

// client is a client with methods set by the test.
type client struct {
	url    string
	get    func(c *client, id string, p *params) (*thing, error)
	delete func(c *client, body thing) error
}

func (c *client) GetThing(_ context.Context, id string, p *params, _ ...option) (*thing, error) {
	return c.get(c, id, p)
}

func (c *client) RemoveThing(_ context.Context, body thing, _ ...option) error {
	return c.delete(c, body)
}

// Do is not called, and neither are methods that do not return an error.
func (c *client) Do(context.Context, ...option) error              { panic("called") }
func (c *client) AllThings(context.Context, ...option) func() bool { panic("called") }

func (c *client) send(method, path, body string) (string, error) {
	r, err := http.NewRequest(method, c.url+path, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	r.Header.Set("Accept", "application/json")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode > 299 {
		err = errors.New(resp.Status)
	}
	return string(data), err
}

func document() *Document {
	return &Document{Operations: []*Operation{
		{ID: "getThing", Method: "GET", Path: "/things/{id}.x", Params: []Param{{In: "query", Name: "q"}, {In: "query", Name: "o", Spread: true}},
			Answers: []Answer{{200, "application/json", `{"name": "n"}`}, {200, "text/csv", "name"}}},
		{ID: "remove-thing", Method: "DELETE", Path: "/things", Body: &Body{Required: true, Media: []string{"application/json"}}, Answers: []Answer{{Status: 204}}},
	}}
}

func rightGet(c *client, _ string, p *params) (*thing, error) {
	text, err := c.send("GET", "/things/a.x?q="+strings.ReplaceAll(p.Q, " ", "+"), "")
	if err != nil {
		return nil, err
	}
	t := new(thing)
	return t, json.Unmarshal([]byte(text), t)
}

func rightDelete(c *client, body thing) error {
	_, err := c.send("DELETE", "/things", `{"name": "`+body.Name+`"}`)
	return err
}

// wrong is a client with a mistake.
type wrong struct {
	get    func(c *client, id string, p *params) (*thing, error)
	delete func(c *client, body thing) error
	called int
	want   []string // prefixes of the problems
}

var wrongs = map[string]wrong{
	"nothing": {called: 2},
	"an error": {called: 1, get: func(*client, string, *params) (*thing, error) { return nil, errors.New("broken") },
		want: []string{"GetThing: broken", "GET /things/{id}.x: no method calls it"}},
	"a panic": {called: 1, get: func(*client, string, *params) (*thing, error) { panic("oh") },
		want: []string{"GetThing: panic: oh", "GET /things/{id}.x: no method calls it"}},
	"no request": {called: 1, get: func(*client, string, *params) (*thing, error) { return nil, nil },
		want: []string{"GetThing: 0 requests were sent, not one", "GET /things/{id}.x: no method calls it"}},
	"two requests": {called: 2, delete: func(c *client, body thing) error { return errors.Join(rightDelete(c, body), rightDelete(c, body)) },
		want: []string{"RemoveThing: 2 requests were sent, not one"}},
	"another path": {called: 1, get: func(c *client, _ string, _ *params) (*thing, error) {
		_, err := c.send("GET", "/things/a", "")
		return nil, err
	}, want: []string{"GetThing: the document has no GET /things/a", "GetThing: 418", "GET /things/{id}.x: no method calls it"}},
	"another operation": {called: 1, get: func(c *client, _ string, _ *params) (*thing, error) { return nil, rightDelete(c, thing{}) },
		want: []string{"GetThing: it calls DELETE /things, not GET /things/{id}.x", "GET /things/{id}.x: no method calls it"}},
	"a parameter is missing": {called: 2, get: func(c *client, id string, _ *params) (*thing, error) {
		_, err := c.send("GET", "/things/a.x", "")
		return &thing{Name: "n"}, err
	}, want: []string{"GetThing: GET /things/{id}.x: the query parameter q was not sent"}},
	"a member is lost": {called: 2, get: func(c *client, id string, p *params) (*thing, error) {
		_, err := rightGet(c, id, p)
		return &thing{}, err
	}, want: []string{"GetThing: the answer of GET /things/{id}.x: encoded again it is another: .name is , and was n"}},
	"a member is not as documented": {called: 2, get: func(c *client, id string, p *params) (*thing, error) {
		got, err := rightGet(c, id, p)
		got.JSON.problems = []string{"name: no string"}
		return got, err
	}, want: []string{"GetThing: the answer of GET /things/{id}.x: name: no string"}},
	"no body": {called: 2, delete: func(c *client, _ thing) error {
		_, err := c.send("DELETE", "/things", "")
		return err
	}, want: []string{"RemoveThing: DELETE /things: the body is missing"}},
	"a body that is not JSON": {called: 2, delete: func(c *client, _ thing) error {
		_, err := c.send("DELETE", "/things", "{")
		return err
	}, want: []string{"RemoveThing: DELETE /things: the body is no JSON"}},
}

func TestMistakesOfAClientAreFound(t *testing.T) {
	for name, c := range wrongs {
		t.Run(name, func(t *testing.T) {
			got := All(document(), func(url string) (any, error) {
				made := &client{url: url, get: rightGet, delete: rightDelete}
				if c.get != nil {
					made.get = c.get
				}
				if c.delete != nil {
					made.delete = c.delete
				}
				return made, nil
			})
			if got.Called != c.called || len(got.Problems) != len(c.want) {
				t.Fatalf("called %d, want %d; problems %q, want %q", got.Called, c.called, got.Problems, c.want)
			}
			for i, want := range c.want {
				if !strings.HasPrefix(got.Problems[i], want) {
					t.Errorf("problem %q, want %q", got.Problems[i], want)
				}
			}
		})
	}
}

type tree struct {
	Name     string
	Children []tree `json:"children"`
	Parent   *tree
	Others   map[string]tree
	Twin     struct{ Deep struct{ Count *int64 } }
	Body     io.Reader
	Any      any
	JSON     Members
}

func TestArgumentsHaveNoZeroValues(t *testing.T) {
	v := new(filler).valueOf(reflect.TypeFor[*tree](), "x").Interface().(*tree)
	if v.Name != "text of x.Name" || *v.Twin.Deep.Count != 17 || v.Body == nil || v.Any == nil {
		t.Errorf("got %+v", v)
	}
	if v.Children != nil || v.Parent != nil || v.Others != nil {
		t.Errorf("a tree in itself does not end: %+v", v)
	}
	if want := []string{"children"}; !slices.Equal(v.JSON.sent, want) {
		t.Errorf("sent although empty: %q, want %q", v.JSON.sent, want)
	}
}

type Union struct{ raw json.RawMessage }

func (u *Union) UnmarshalJSON(data []byte) error {
	u.raw = append(json.RawMessage{}, data...)
	return nil
}

type either struct{ Union }

func (u either) AsWord() (v string, err error) { return v, json.Unmarshal(u.raw, &v) }
func (u either) Value() (any, error)           { return u.AsWord() }

type inner struct{ Either either }

func TestAUnionIsFilledWithAVariant(t *testing.T) {
	type bare struct{ Union }
	if filled := new(filler).valueOf(reflect.TypeFor[inner](), "x").Interface().(inner); string(filled.Either.raw) != `"text of x.Either"` {
		t.Errorf("filled with %s", filled.Either.raw)
	}
	if variant := variantOf(reflect.TypeFor[bare]()); variant != nil {
		t.Errorf("a union without variants has %v", variant)
	}
	var wrong, right inner
	wrong.Either.raw, right.Either.raw = json.RawMessage(`{}`), json.RawMessage(`"a"`)
	if found := unionProblems(reflect.ValueOf(map[string][]*inner{"x": {&wrong, &right, nil}}), 0); len(found) != 1 || !strings.Contains(found[0], "call.either has no value") {
		t.Errorf("found %q", found)
	}
}
