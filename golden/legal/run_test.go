package legal_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/seed-1954497d/auditgen/generated/rest"
	legal "github.com/seed-1954497d/auditgen/golden/legal/want"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

func newClient(t *testing.T, s *try.Server) *legal.Client {
	t.Helper()
	c, err := legal.NewClient(s.URL, rest.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// blank is a book with nothing in it that a request can do without.
func blank() legal.Book {
	b := legal.Book{Tags: []string{}, Notes: map[string]string{}, Isbn: "0123456789"}
	b.JSON.SendNull("owner", "due")
	return b
}

func TestEmptyValuesConstantsAndNullOfRequiredMembersAreSent(t *testing.T) {
	s := try.Serve(t, try.JSON(`{}`))
	if _, err := newClient(t, s).AddBook(t.Context(), blank()); err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "body", s.Only(t).Body, `{"kind":"book","edition":3,"title":"","pages":0,"price":0,"lent":false,"tags":[],`+
		`"notes":{},"place":{"row":0},"isbn":"0123456789","owner":null,"due":null}`)
}

func TestMembersWithoutALegalValueAreMissing(t *testing.T) {
	s := try.Serve(t)
	_, err := newClient(t, s).AddBook(t.Context(), legal.Book{})
	var incomplete *rest.RequestError
	if !errors.As(err, &incomplete) {
		t.Fatalf("got %v", err)
	}
	try.Equal(t, "missing", incomplete.Missing, []string{"tags", "notes", "isbn", "due"})
	try.Equal(t, "requests", s.Lines(), []string{})
}

// whole is a book as a server sends it.
const whole = `{"id":7,"kind":"book","edition":3,"title":"T","pages":1,"price":2,"lent":true,"tags":["a",null],"notes":{"n":null},` +
	`"place":{"room":"R","row":4},"isbn":"0123456789","owner":null,"due":"2026-03-01T12:00:00Z","seen":"2026-03-01T12:00:00Z","new":1}`

func TestMembersThatOnlyServersSetAreLeftOutOfRequestsAndOfNothingElse(t *testing.T) {
	s := try.Serve(t, try.JSON(whole), try.Answer{Status: 204})
	c := newClient(t, s)
	book, err := c.GetBook(t.Context(), "7")
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "fields", []any{book.ID, book.Place.Room, book.Seen.Year()}, []any{int64(7), "R", 2026})
	book.Title = "New"
	if err := c.SetBook(t.Context(), "7", *book); err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "body", s.Requests()[1].Body, `{"kind":"book","edition":3,"title":"New","pages":1,"price":2,"lent":true,"tags":["a",null],`+
		`"notes":{"n":null},"place":{"row":4},"isbn":"0123456789","owner":null,"due":"2026-03-01T12:00:00Z","new":1}`)
	book.Title = "T"
	again, err := book.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	try.SameJSON(t, "encoded", again, whole)
}

func TestAMemberThatOnlyRequestsHaveIsSent(t *testing.T) {
	s := try.Serve(t, try.Answer{Status: 204})
	b := blank()
	b.Pin, b.Seen = "1234", time.Unix(0, 0)
	if err := newClient(t, s).SetBook(t.Context(), "7", b); err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "body", s.Only(t).Body, `{"kind":"book","edition":3,"title":"","pages":0,"price":0,"lent":false,"tags":[],"notes":{},`+
		`"place":{"row":0},"isbn":"0123456789","owner":null,"due":null,"pin":"1234"}`)
}

func TestNullIsAnAnswerWhereTheDocumentSaysSo(t *testing.T) {
	s := try.Serve(t, try.JSON(`null`), try.JSON(` null `), try.JSON(`null`))
	c := newClient(t, s)
	if list, err := c.FindBooks(t.Context(), &legal.FindBooksParams{Authors: []string{"a"}, XDesk: "d", Sort: "a:b"}); err != nil || list != nil {
		t.Errorf("a list: %v, %v", list, err)
	}
	if book, err := c.GetBook(t.Context(), "7"); err != nil || book != nil {
		t.Errorf("a model: %v, %v", book, err)
	}
	if shelves, err := c.ListShelves(t.Context()); err != nil || shelves != nil {
		t.Errorf("a map: %v, %v", shelves, err)
	}
	s = try.Serve(t, try.JSON(`null`))
	if _, err := newClient(t, s).AddBook(t.Context(), blank()); !errors.Is(err, rest.ErrNotJSON) {
		t.Errorf("an object that is never null: %v", err)
	}
}

func TestParametersAreEscapedAndRequiredAsTheDocumentSays(t *testing.T) {
	ok := legal.FindBooksParams{Authors: []string{"a"}, XDesk: "d", Sort: "a:b"}
	for _, c := range []struct {
		name   string
		change func(*legal.FindBooksParams)
		want   string
	}{
		{"0 and the only value", func(*legal.FindBooksParams) {}, "shelf=0&view=full&authors=a&sort=a:b"},
		{"reserved characters that are all of a value", func(p *legal.FindBooksParams) { p.Formula = "a+b;c=d/e?" }, "formula=a+b;c=d/e?&shelf=0&view=full&authors=a&sort=a:b"},
		{"reserved characters", func(p *legal.FindBooksParams) { p.Filter = "List(a:1,b/2)+x y%&é#" },
			"filter=List(a:1,b/2)+x%20y%25%26%C3%A9%23&shelf=0&view=full&authors=a&sort=a:b"},
		{"a parameter without a value", func(p *legal.FindBooksParams) { p.New = new("") }, "shelf=0&view=full&authors=a&new=&sort=a:b"},
		{"another view", func(p *legal.FindBooksParams) { p.View = "short" }, "shelf=0&view=short&authors=a&sort=a:b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := try.Serve(t, try.JSON(`[]`))
			p := ok
			c.change(&p)
			if _, err := newClient(t, s).FindBooks(t.Context(), &p); err != nil {
				t.Fatal(err)
			}
			try.Equal(t, "query", s.Only(t).Query, c.want)
		})
	}
	for name, p := range map[string]*legal.FindBooksParams{
		"parameter authors is required and empty": {XDesk: "d", Sort: "a:b", Authors: []string{}},
		"parameter X-Desk is required and empty":  {Authors: []string{"a"}, Sort: "a:b"},
		"parameter sort is required and empty":    {Authors: []string{"a"}, XDesk: "d"},
	} {
		s := try.Serve(t)
		if _, err := newClient(t, s).FindBooks(t.Context(), p); err == nil || err.Error() != "GET /books: "+name {
			t.Errorf("got %v, want %s", err, name)
		}
	}
}

func TestAnOptionalBodyIsLeftOut(t *testing.T) {
	ctx := t.Context()
	for name, c := range map[string]struct {
		call func(*legal.Client) error
		want string
	}{
		"no object":     {func(c *legal.Client) error { return c.LendBook(ctx, "7", nil) }, ""},
		"an object":     {func(c *legal.Client) error { return c.LendBook(ctx, "7", &legal.LendBookRequest{Days: 3}) }, `{"days":3}`},
		"empty object":  {func(c *legal.Client) error { return c.LendBook(ctx, "7", new(legal.LendBookRequest)) }, `{}`},
		"no list":       {func(c *legal.Client) error { return c.SetLabels(ctx, "7", nil) }, ""},
		"an empty list": {func(c *legal.Client) error { return c.SetLabels(ctx, "7", []string{}) }, `[]`},
		"no text":       {func(c *legal.Client) error { return c.SetNote(ctx, "7", nil) }, ""},
		"an empty text": {func(c *legal.Client) error { return c.SetNote(ctx, "7", new("")) }, `""`},
		"no union":      {func(c *legal.Client) error { return c.SetMark(ctx, "7", legal.SetMarkRequest{}) }, ""},
		"a union":       {func(c *legal.Client) error { return c.SetMark(ctx, "7", legal.SetMarkRequestOfInt(0)) }, `0`},
	} {
		t.Run(name, func(t *testing.T) {
			s := try.Serve(t, try.Answer{Status: 204})
			if err := c.call(newClient(t, s)); err != nil {
				t.Fatal(err)
			}
			r := s.Only(t)
			media := ""
			if c.want != "" {
				media = "application/json"
			}
			try.Equal(t, "body", r.Body+" "+r.Header.Get("Content-Type"), c.want+" "+media)
		})
	}
}

func TestDocumentedBodiesOfErrorsAreFound(t *testing.T) {
	for status, body := range map[int]string{409: `{"title":"known"}`, 400: `["no title"]`, 500: `{"title":"broken"}`} {
		s := try.Serve(t, try.Answer{Status: status, Type: "application/problem+json", Body: body})
		_, err := newClient(t, s).AddBook(t.Context(), blank())
		var problem *rest.ErrorBody[legal.Problem]
		var list *rest.ErrorBody[[]string]
		switch {
		case status == 400:
			if !errors.As(err, &list) || list.Value[0] != "no title" {
				t.Errorf("%d: %v", status, err)
			}
		case !errors.As(err, &problem) || problem.Value.Title == "" || problem.StatusCode != status:
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestAStreamOfJSONIsStreamed(t *testing.T) {
	s := try.Serve(t, try.Answer{Type: "application/stream+json", Body: "{}\n{}\n"})
	d, err := newClient(t, s).FollowChanges(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "media type", d.ContentType, "application/stream+json")
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}

func TestConstantsTellTheVariantsOfAUnionAndAreSent(t *testing.T) {
	answer := `{"events":[{"type":"added","book":1},{"type":"lost"},{"type":"EventAdded"}],"codes":[{"version":2,"code":"c"}],"flags":[{"ok":false}]}`
	s := try.Serve(t, try.JSON("%s", answer))
	sent := legal.Batch{
		Events: []legal.BatchEvent{legal.BatchEventOfEventAdded(legal.EventAdded{Book: 1})},
		Codes:  []legal.BatchCode{legal.BatchCodeOfLong(legal.Long{Code: "c"}), legal.BatchCodeOfShort(legal.Short{})},
		Flags:  []legal.BatchFlag{legal.BatchFlagOfYes(legal.Yes{}), legal.BatchFlagOfNo(legal.No{})},
	}
	got, err := newClient(t, s).AddEvents(t.Context(), sent)
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "body", s.Only(t).Body, `{"events":[{"type":"added","book":1}],"codes":[{"version":2,"code":"c"},{"version":1}],"flags":[{"ok":true},{"ok":false}]}`)
	var kinds []string
	for _, u := range []interface{ Value() (any, error) }{got.Events[0], got.Events[1], got.Events[2], got.Codes[0], got.Flags[0]} {
		v, err := u.Value()
		kind := fmt.Sprintf("%T", v)
		if _, ok := v.(json.RawMessage); ok { // its name depends on the Go release
			kind = "raw JSON"
		}
		kinds = append(kinds, fmt.Sprintf("%s %v", kind, err))
	}
	try.Equal(t, "variants", kinds, []string{"legal.EventAdded <nil>", "legal.EventRemoved <nil>", "raw JSON <nil>", "legal.Long <nil>", "legal.No <nil>"})
}

func TestTheSameUnionIsToldApartInEveryModel(t *testing.T) {
	var asset legal.Asset
	var zone legal.Zone
	text := []byte(`{"part":{"power":3}}`)
	if err := errors.Join(json.Unmarshal(text, &asset), json.Unmarshal(text, &zone)); err != nil {
		t.Fatal(err)
	}
	a, errA := asset.Part.Value()
	z, errZ := zone.Part.Value()
	try.Equal(t, "types", fmt.Sprintf("%T %v %T %v", a, errA, z, errZ), "legal.Motor <nil> legal.Motor <nil>")
}

func TestUnsignedIntegersAboveInt64AreReadAndSent(t *testing.T) {
	const most = "18446744073709551615"
	s := try.Serve(t, try.JSON(`[{"serial":`+most+`},{"serial":1.8446744073709551615e19},{"serial":-1},{"serial":18446744073709551616}]`))
	books, err := newClient(t, s).FindBooks(t.Context(), &legal.FindBooksParams{Authors: []string{"a"}, XDesk: "d", Sort: "a:b", Since: new(uint64(math.MaxUint64))})
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "query", s.Only(t).Query, "shelf=0&view=full&authors=a&sort=a:b&since="+most)
	var got []string
	for _, b := range books {
		again, err := b.MarshalJSON()
		got = append(got, fmt.Sprintln(b.Serial, len(b.JSON.Problems()), string(again), err))
	}
	try.Equal(t, "books", got, []string{
		most + ` 0 {"serial":` + most + "} <nil>\n", most + " 0 {\"serial\":1.8446744073709551615e19} <nil>\n",
		`0 1 {"serial":-1} <nil>` + "\n", `0 1 {"serial":18446744073709551616} <nil>` + "\n",
	})
	text, err := legal.Book{Serial: math.MaxUint64}.MarshalJSON()
	if err != nil || !strings.Contains(string(text), `"serial":`+most) {
		t.Errorf("got %s, %v", text, err)
	}
}

func TestObjectsInAFormAreWrittenAsTheirEncodingSays(t *testing.T) {
	form := func(f legal.SendFormRequest) func(*legal.Client) error {
		return func(c *legal.Client) error { f.Name = "n"; return c.SendForm(t.Context(), f) }
	}
	objects := func(f legal.SendObjectsRequest) func(*legal.Client) error {
		return func(c *legal.Client) error { return c.SendObjects(t.Context(), &f) }
	}
	for want, call := range map[string]func(*legal.Client) error{
		"name=n&when%5Bdays%5D=3&when%5Bfrom%5D=a%26b&when%5Btags%5D%5B0%5D=x&when%5Btags%5D%5B1%5D=y": form(legal.SendFormRequest{When: legal.SendFormRequestWhen{From: "a&b", Days: 3, Tags: []string{"x", "y"}}}),
		"name=n&size=h,2,w,1":              form(legal.SendFormRequest{Size: legal.SendFormRequestSize{W: 1, H: 2}}),
		"commas=1,2&name=n&pipes=x%7Cy%2C": form(legal.SendFormRequest{Commas: []int64{1, 2}, Pipes: []string{"x", "y,"}}),
		"city=Ulm&zip=89073":               objects(legal.SendObjectsRequest{Spread: legal.SendObjectsRequestSpread{City: "Ulm", Zip: 89073}}),
		"whole=%7B%22a%22%3A1%7D":          objects(legal.SendObjectsRequest{Whole: legal.SendObjectsRequestWhole{A: 1}}),
		"spaces=a+1+b+2":                   objects(legal.SendObjectsRequest{Spaces: map[string]int64{"b": 2, "a": 1}}),
	} {
		s := try.Serve(t, try.Answer{Status: 204})
		if err := call(newClient(t, s)); err != nil {
			t.Fatal(err)
		}
		try.Equal(t, "body", s.Only(t).Body, want)
	}
}

func TestFieldsOfAFormAreWrittenAsTheirEncodingSays(t *testing.T) {
	s := try.Serve(t, try.Answer{Status: 204})
	err := newClient(t, s).SendForm(t.Context(), legal.SendFormRequest{
		Plain: []string{"a", "b"}, Commas: []int64{1, 2}, Pipes: []string{"x", "y"}, Small: 2.8e-7,
	})
	if err != nil {
		t.Fatal(err)
	}
	form, err := url.ParseQuery(s.Only(t).Body)
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "form", form, url.Values{"name": {""}, "plain": {"a", "b"}, "commas": {"1,2"}, "pipes": {"x|y"}, "small": {"0.00000028"}})
}
