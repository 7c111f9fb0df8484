package field_table_test

import (
	"errors"
	"math"
	"net/http"
	"testing"

	"github.com/seed-1954497d/auditgen/generated/rest"
	table "github.com/seed-1954497d/auditgen/golden/field_table/want"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

func newClient(t *testing.T, s *try.Server) *table.Client {
	t.Helper()
	c, err := table.NewClient(s.URL, rest.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTheBodyHasTheMembersOfTheTable(t *testing.T) {
	cases := []struct {
		name string
		body table.OpenTicketRequest
		want string
	}{
		{"only what is required", table.OpenTicketRequest{Title: "Leak"}, `{"title":"Leak"}`},
		{"everything", table.OpenTicketRequest{
			Title:    "Leak",
			Urgent:   true,
			Reporter: table.OpenTicketRequestReporter{Name: "Ada"},
			Lines:    []table.OpenTicketRequestLine{{Text: "Pipe", Hours: 1.5}, {Text: "Wall"}},
		}, `{"title":"Leak","urgent":true,"reporter":{"name":"Ada"},"lines":[{"text":"Pipe","hours":1.5},{"text":"Wall"}]}`},
		{"floats are written as short as can be", table.OpenTicketRequest{Title: "Leak", Lines: []table.OpenTicketRequestLine{
			{Text: "a", Hours: 0.1}, {Text: "b", Hours: 3}, {Text: "c", Hours: 1e21}, {Text: "d", Hours: 1e-7}, {Text: "e", Hours: -2.25},
		}}, `{"title":"Leak","lines":[{"text":"a","hours":0.1},{"text":"b","hours":3},{"text":"c","hours":1e+21},` +
			`{"text":"d","hours":1e-7},{"text":"e","hours":-2.25}]}`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := try.Serve(t, try.Answer{Status: http.StatusCreated, Type: "application/json", Body: `{"id": 9007199254740993}`})
			var resp rest.Response
			got, err := newClient(t, s).OpenTicket(t.Context(), &c.body, rest.WithResponse(&resp))
			if err != nil {
				t.Fatal(err)
			}
			r := s.Only(t)
			try.Equal(t, "request", r.Line(), "POST /api/tickets")
			try.Equal(t, "content type", r.Header.Get("Content-Type"), "application/json")
			try.Equal(t, "body", r.Body, c.want)
			try.Equal(t, "status", resp.StatusCode, http.StatusCreated)
			try.Equal(t, "id", got.ID, 9007199254740993)
		})
	}
}

func TestAMemberThatANestedObjectDoesNotHaveIsNotSent(t *testing.T) {
	hollow := table.OpenTicketRequestReporter{}
	hollow.JSON.Send("email")
	cases := []struct {
		name string
		body table.OpenTicketRequest
		want rest.RequestError
	}{
		{"a name that a nested object does not have", table.OpenTicketRequest{Title: "Leak", Reporter: hollow},
			rest.RequestError{Unknown: []string{"OpenTicketRequestReporter.email"}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := try.Serve(t)
			_, err := newClient(t, s).OpenTicket(t.Context(), &c.body)
			var got *rest.RequestError
			if !errors.As(err, &got) {
				t.Fatalf("got %v, want a RequestError", err)
			}
			try.Equal(t, "error", *got, c.want)
			try.Equal(t, "requests", s.Lines(), []string{})
		})
	}
	t.Run("empty texts", func(t *testing.T) {
		s := try.Serve(t, try.JSON(`{"id": 1}`))
		named := table.OpenTicketRequestReporter{}
		named.JSON.Send("name")
		body := table.OpenTicketRequest{Lines: []table.OpenTicketRequestLine{{Hours: 1}, {}}, Reporter: named}
		if _, err := newClient(t, s).OpenTicket(t.Context(), &body); err != nil {
			t.Fatal(err)
		}
		try.SameJSON(t, "body", []byte(s.Only(t).Body),
			`{"title": "", "lines": [{"text": "", "hours": 1}, {"text": ""}], "reporter": {"name": ""}}`)
	})
}

func TestANumberThatJSONCannotExpressIsNotSent(t *testing.T) {
	for _, v := range []float64{math.NaN(), math.Inf(1)} {
		s := try.Serve(t)
		_, err := newClient(t, s).OpenTicket(t.Context(), &table.OpenTicketRequest{
			Title: "Leak", Lines: []table.OpenTicketRequestLine{{Text: "Pipe", Hours: v}},
		})
		if err == nil {
			t.Errorf("%v: got no error", v)
		}
		try.Equal(t, "requests", s.Lines(), []string{})
	}
}
