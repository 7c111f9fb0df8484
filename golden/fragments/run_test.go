package fragments_test

import (
	"encoding/json"
	"testing"

	"github.com/seed-1954497d/auditgen/generated/rest"
	fragments "github.com/seed-1954497d/auditgen/golden/fragments/want"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

func newClient(t *testing.T, s *try.Server) *fragments.Client {
	t.Helper()
	c, err := fragments.NewClient(s.URL, rest.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestIncompleteParametersAreSent(t *testing.T) {
	s := try.Serve(t, try.JSON(`{}`))
	c := newClient(t, s)
	limit := int64(10)
	if _, err := c.ListRecords(t.Context(), &fragments.ListRecordsParams{Since: "now", Limit: &limit}); err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "request", s.Only(t).Line(), "GET /records?since=now&limit=10")
}

func TestAParameterWithoutALocationGoesIntoThePathThatNamesIt(t *testing.T) {
	s := try.Serve(t, try.Answer{})
	if err := newClient(t, s).GetRecord(t.Context(), "a/b", &fragments.GetRecordParams{Expand: []string{"x", "y"}, XTrace: "t"}); err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "request", s.Only(t).Line(), "GET /records/a%2Fb?expand=x,y")
	try.Equal(t, "header", s.Only(t).Header.Get("X-Trace"), "t")
}

func TestAnEmptyOperationCanBeCalled(t *testing.T) {
	s := try.Serve(t, try.Answer{})
	if err := newClient(t, s).DeleteRecords(t.Context(), "1"); err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "request", s.Only(t).Line(), "DELETE /records/1")
}

func TestAnUnknownSchemaIsAnyJSON(t *testing.T) {
	s := try.Serve(t, try.JSON(`{"holder": [1, "x"], "total": 1, "results": [{"id": 5, "more": null}]}`))
	got, err := newClient(t, s).ListRecords(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "holder", string(got.Holder), `[1, "x"]`)
	try.Equal(t, "id", got.Results[0].ID, int64(5))
}

func TestAnUnknownBodyIsAnyJSON(t *testing.T) {
	s := try.Serve(t, try.JSON(`{"made": true}`))
	got, err := newClient(t, s).CreateRecord(t.Context(), json.RawMessage(`{"name":"x"}`), nil)
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "request", s.Only(t).Body, `{"name":"x"}`)
	try.Equal(t, "answer", string(got), `{"made": true}`)
}
