package reference_page_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/seed-1954497d/auditgen/generated/rest"
	page "github.com/seed-1954497d/auditgen/golden/reference_page/want"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

const note = `{"id": 12, "title": "Milk", "pinned": true, "tags": ["a", "b"], "owner": {"name": "Ada", "key": "k1"}}`

func newClient(t *testing.T, s *try.Server) *page.Client {
	t.Helper()
	c, err := page.NewClient(s.URL, rest.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestParametersHaveTheTypesOfThePage(t *testing.T) {
	cases := []struct {
		name   string
		id     int64
		params *page.GetNoteParams
		want   string
	}{
		{"none", 12, nil, "GET /api/notes/12"},
		{"an empty list", 12, &page.GetNoteParams{Expand: []string{}}, "GET /api/notes/12"},
		{"one", -1, &page.GetNoteParams{Expand: []string{"owner"}}, "GET /api/notes/-1?expand=owner"},
		{"several are repeated", 0, &page.GetNoteParams{Expand: []string{"owner", "a,b", "c&d"}},
			"GET /api/notes/0?expand=owner&expand=a%2Cb&expand=c%26d"},
		{"a number too large for a float", 9007199254740993, nil, "GET /api/notes/9007199254740993"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := try.Serve(t, try.JSON(note))
			if _, err := newClient(t, s).GetNote(t.Context(), c.id, c.params); err != nil {
				t.Fatal(err)
			}
			try.Equal(t, "request", s.Only(t).Line(), c.want)
		})
	}
}

func TestAResponseHasTheMembersOfTheSample(t *testing.T) {
	s := try.Serve(t, try.JSON(note))
	got, err := newClient(t, s).GetNote(t.Context(), 12, nil)
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "id", got.ID, 12)
	try.Equal(t, "title", got.Title, "Milk")
	try.Equal(t, "pinned", got.Pinned, true)
	try.Equal(t, "tags", got.Tags, []string{"a", "b"})
	try.Equal(t, "owner", got.Owner.Name+" "+got.Owner.Key, "Ada k1")
	again, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	try.SameJSON(t, "encoded again", again, note)
}

func TestABodyHasTheFieldsThatAreSet(t *testing.T) {
	unpinned := page.CreateNoteRequest{Title: "Milk"}
	unpinned.JSON.Send("pinned", "owner")
	cases := []struct {
		name string
		body page.CreateNoteRequest
		want string
	}{
		{"only what is required", page.CreateNoteRequest{Title: "Milk"}, `{"title":"Milk"}`},
		{"everything", page.CreateNoteRequest{Title: "Milk & <bread>", Pinned: true, Owner: page.Owner{Name: "Ada", Key: "k1"}},
			`{"title":"Milk & <bread>","pinned":true,"owner":{"name":"Ada","key":"k1"}}`},
		{"part of an object", page.CreateNoteRequest{Title: "Milk", Owner: page.Owner{Key: "k1"}}, `{"title":"Milk","owner":{"key":"k1"}}`},
		{"empty on purpose", unpinned, `{"title":"Milk","pinned":false,"owner":{}}`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := try.Serve(t, try.JSON(note))
			got, err := newClient(t, s).CreateNote(t.Context(), &c.body)
			if err != nil {
				t.Fatal(err)
			}
			try.Equal(t, "request", s.Only(t).Line(), "POST /api/notes")
			try.Equal(t, "content type", s.Only(t).Header.Get("Content-Type"), "application/json")
			try.Equal(t, "body", s.Only(t).Body, c.want)
			try.Equal(t, "id", got.ID, 12)
		})
	}
}

func TestABodyWithAMemberThatDoesNotExistIsNotSent(t *testing.T) {
	cases := []struct {
		name string
		body page.CreateNoteRequest
		want rest.RequestError
	}{
		{"a name that is none", func() (b page.CreateNoteRequest) {
			b.Title = "Milk"
			b.JSON.Send("colour")
			return b
		}(), rest.RequestError{Unknown: []string{"CreateNoteRequest.colour"}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := try.Serve(t)
			_, err := newClient(t, s).CreateNote(t.Context(), &c.body)
			var got *rest.RequestError
			if !errors.As(err, &got) {
				t.Fatalf("got %v, want a RequestError", err)
			}
			try.Equal(t, "error", *got, c.want)
			try.Equal(t, "requests", s.Lines(), []string{})
		})
	}
}

func TestAnEmptyTitleIsSentOnRequest(t *testing.T) {
	s := try.Serve(t, try.JSON(note))
	var body page.CreateNoteRequest
	body.JSON.Send("title")
	if _, err := newClient(t, s).CreateNote(t.Context(), &body); err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "body", s.Only(t).Body, `{"title":""}`)
}
