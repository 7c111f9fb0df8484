package postman_collection_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"github.com/seed-1954497d/auditgen/generated/rest"
	collection "github.com/seed-1954497d/auditgen/golden/postman_collection/want"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

func newClient(t *testing.T, s *try.Server) *collection.Client {
	t.Helper()
	c, err := collection.NewClient(s.URL, rest.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestDefaultsAreNotSent(t *testing.T) {
	cases := []struct {
		name   string
		params *collection.ListParcelsParams
		want   string
	}{
		{"no parameters", nil, "GET /v1/parcels"},
		{"none set", &collection.ListParcelsParams{}, "GET /v1/parcels"},
		{"set to the default", &collection.ListParcelsParams{Page: new(int64(0)), Heavy: new(false)},
			"GET /v1/parcels?page=0&heavy=false"},
		{"set", &collection.ListParcelsParams{Page: new(int64(3)), Heavy: new(true), Receiver: "<string>"},
			"GET /v1/parcels?page=3&heavy=true&receiver=%3Cstring%3E"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := try.Serve(t, try.JSON(`{"parcels": []}`))
			got, err := newClient(t, s).ListParcels(t.Context(), c.params)
			if err != nil {
				t.Fatal(err)
			}
			try.Equal(t, "request", s.Only(t).Line(), c.want)
			try.Equal(t, "parcels", len(got.Parcels), 0)
		})
	}
}

func TestAMemberThatIsNullInTheSampleMayBeAnything(t *testing.T) {
	const answer = `{"parcels": [
		{"id": "a", "grams": 5, "fragile": false, "note": null},
		{"id": "b", "grams": 0, "fragile": true, "note": "at the door"},
		{"id": "c", "note": {"text": [1, 2.50]}},
		{}
	]}`
	s := try.Serve(t, try.JSON(answer))
	got, err := newClient(t, s).ListParcels(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Parcels) != 4 {
		t.Fatalf("got %d parcels, want 4", len(got.Parcels))
	}
	first, second, third, last := got.Parcels[0], got.Parcels[1], got.Parcels[2], got.Parcels[3]
	try.Equal(t, "first", []any{first.ID, first.Grams, first.Fragile, first.JSON.IsNull("note")}, []any{"a", int64(5), false, true})
	try.Equal(t, "second", []any{second.ID, second.Fragile, string(second.Note)}, []any{"b", true, `"at the door"`})
	try.Equal(t, "third", []any{string(third.Note), third.JSON.Has("grams")}, []any{`{"text": [1, 2.50]}`, false})
	try.Equal(t, "last", []any{last.JSON.Has("note"), last.JSON.IsNull("note")}, []any{false, false})
	again, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	try.SameJSON(t, "encoded again", again, answer)
}

func TestAResponseWithoutContentIsASuccess(t *testing.T) {
	s := try.Serve(t, try.Answer{Status: http.StatusNoContent})
	if err := newClient(t, s).RenameParcel(t.Context(), "p 1", &collection.RenameParcelRequest{Name: "Books"}); err != nil {
		t.Fatal(err)
	}
	r := s.Only(t)
	try.Equal(t, "request", r.Line(), "PUT /v1/parcels/p%201")
	try.Equal(t, "content type", r.Header.Get("Content-Type"), "application/json")
	try.Equal(t, "body", r.Body, `{"name":"Books"}`)
}

func TestASampleMakesNothingRequired(t *testing.T) {
	s := try.Serve(t, try.Answer{Status: http.StatusNoContent})
	if err := newClient(t, s).RenameParcel(t.Context(), "p", &collection.RenameParcelRequest{}); err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "body", s.Only(t).Body, `{}`)
}

func TestTheDeclaredRefusalIsUnauthorized(t *testing.T) {
	s := try.Serve(t, try.Answer{Status: http.StatusUnauthorized})
	if _, err := newClient(t, s).ListParcels(t.Context(), nil); !errors.Is(err, rest.ErrUnauthorized) {
		t.Errorf("got %v, want ErrUnauthorized", err)
	}
}
