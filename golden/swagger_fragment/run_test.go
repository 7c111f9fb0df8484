package swagger_fragment_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/seed-1954497d/auditgen/generated/rest"
	fragment "github.com/seed-1954497d/auditgen/golden/swagger_fragment/want"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

func newClient(t *testing.T, s *try.Server) *fragment.Client {
	t.Helper()
	c, err := fragment.NewClient(s.URL, rest.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAParameterWithoutATypeIsSentAsText(t *testing.T) {
	cases := []struct {
		name   string
		params *fragment.GetEventsParams
		want   string
	}{
		{"no parameters", nil, "GET /events"},
		{"an empty one", &fragment.GetEventsParams{}, "GET /events"},
		{"a word", &fragment.GetEventsParams{Search: "created"}, "GET /events?search=created"},
		{"a number is text too", &fragment.GetEventsParams{Search: "007"}, "GET /events?search=007"},
		{"special characters", &fragment.GetEventsParams{Search: "a b&c=d+e"}, "GET /events?search=a%20b%26c%3Dd%2Be"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := try.Serve(t, try.JSON(`{}`))
			if _, err := newClient(t, s).GetEvents(t.Context(), c.params); err != nil {
				t.Fatal(err)
			}
			try.Equal(t, "request", s.Only(t).Line(), c.want)
			try.Equal(t, "Accept", s.Only(t).Header.Get("Accept"), "application/json")
			try.Equal(t, "body", s.Only(t).Body, "")
		})
	}
}

func TestAResponseWithoutASchemaIsReturnedUnchanged(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"an object", `{"results": [1.0, "\u00e9"]}`, `{"results": [1.0, "\u00e9"]}`},
		{"a list", `[1]`, `[1]`},
		{"null", `null`, `null`},
		{"nothing", ``, `null`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := try.Serve(t, try.Answer{Type: "application/json", Body: c.body, Header: map[string]string{"X-Thing": "1"}})
			var resp rest.Response
			got, err := newClient(t, s).GetEvents(t.Context(), nil, rest.WithResponse(&resp))
			if err != nil {
				t.Fatal(err)
			}
			try.Equal(t, "answer", string(got), c.want)
			try.Equal(t, "status", resp.StatusCode, http.StatusOK)
			try.Equal(t, "header", resp.Header.Get("X-Thing"), "1")
		})
	}
}

func TestDeletingPutsTheIdentifierIntoThePath(t *testing.T) {
	s := try.Serve(t, try.Answer{Status: http.StatusNoContent})
	var got rest.Response
	if err := newClient(t, s).DeleteEvent(t.Context(), "a/b c", rest.WithResponse(&got)); err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "request", s.Only(t).Line(), "DELETE /events/a%2Fb%20c")
	try.Equal(t, "status", got.StatusCode, http.StatusNoContent)
}

func TestNothingIsDeletedWithoutAnIdentifier(t *testing.T) {
	for _, id := range []string{"", ".", ".."} {
		t.Run("id "+id, func(t *testing.T) {
			s := try.Serve(t)
			if err := newClient(t, s).DeleteEvent(t.Context(), id); err == nil {
				t.Error("got no error")
			}
			try.Equal(t, "requests", s.Lines(), []string{})
		})
	}
}

func TestAnUndeclaredStatusIsAnAPIError(t *testing.T) {
	s := try.Serve(t, try.Answer{Status: http.StatusNotFound, Type: "application/json", Body: `{"message": "no such event"}`})
	err := newClient(t, s).DeleteEvent(t.Context(), "12")
	var api *rest.APIError
	if !errors.As(err, &api) || !errors.Is(err, rest.ErrNotFound) {
		t.Fatalf("got %v, want an APIError that is ErrNotFound", err)
	}
	try.Equal(t, "error", err.Error(), "DELETE /events/12: 404 Not Found: no such event")
	try.Equal(t, "body", string(api.Body), `{"message": "no such event"}`)
	try.Equal(t, "method and path", api.Method+" "+api.Path, "DELETE /events/12")
}

func TestAResponseThatIsNotJSONIsAnError(t *testing.T) {
	for name, answer := range map[string]try.Answer{
		"a login page": {Type: "text/html", Body: "<html>Log in</html>"},
		"a text":       {Type: "text/plain", Body: "done"},
		"half of it":   {Type: "application/json", Body: `{"results": [`},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := newClient(t, try.Serve(t, answer)).GetEvents(t.Context(), nil)
			if !errors.Is(err, rest.ErrNotJSON) || got != nil {
				t.Errorf("got %s, %v, want ErrNotJSON", got, err)
			}
		})
	}
}
