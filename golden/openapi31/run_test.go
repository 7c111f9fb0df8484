package openapi31_test

import (
	"io"
	"strings"
	"testing"

	"github.com/seed-1954497d/auditgen/generated/rest"
	openapi31 "github.com/seed-1954497d/auditgen/golden/openapi31/want"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

func newClient(t *testing.T, s *try.Server) *openapi31.Client {
	t.Helper()
	c, err := openapi31.NewClient(s.URL, rest.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestReferencesOfEveryKindAreFollowed(t *testing.T) {
	s := try.Serve(t, try.Answer{Status: 201, Type: "application/json", Body: `{"name": "a"}`})
	got, err := newClient(t, s).MakeThing(t.Context(), openapi31.Thing{Name: "b"})
	if err != nil {
		t.Fatal(err)
	}
	r := s.Only(t)
	try.Equal(t, "request", r.Line(), "POST /wiki/api/v2/things")
	try.SameJSON(t, "body", []byte(r.Body), `{"name": "b"}`)
	try.Equal(t, "answer", got.Name, "a")
}

func TestAnOperationOverridesParametersOfItsPath(t *testing.T) {
	s := try.Serve(t, try.JSON(`{"name": "a"}`), try.Answer{Status: 204})
	c := newClient(t, s)
	if _, err := c.GetThing(t.Context(), "1", &openapi31.GetThingParams{Expand: []openapi31.GetThingExpandItem{"parts", "owner"}, XTrace: 7}); err != nil {
		t.Fatal(err)
	}
	if err := c.DeleteThing(t.Context(), "1", &openapi31.DeleteThingRequest{Why: "w"}, &openapi31.DeleteThingParams{Expand: "e", XTrace: "t"}); err != nil {
		t.Fatal(err)
	}
	get, del := s.Requests()[0], s.Requests()[1]
	try.Equal(t, "requests", s.Lines(), []string{"GET /wiki/api/v2/things/1?expand=parts,owner", "DELETE /wiki/api/v2/things/1?expand=e"})
	try.Equal(t, "headers", []string{get.Header.Get("X-Trace"), del.Header.Get("X-Trace")}, []string{"7", "t"})
	try.Equal(t, "body", del.Body, `{"why":"w"}`)
}

func TestMembersWithKeywordsOfOpenAPI31AreDecodedAndPreserved(t *testing.T) {
	const answer = `{"name": null, "count": 3, "list": [null, "a"], "owner": {"id": "o"}, "longName": "abc", "maybeOwner": {"id": "p"}, "eitherOwner": null,
		"kind": "thing", "three": 3, "nothing": null, "anything": [1], "never": 0, "bytes": "YQ==", "pair": ["a", 1], "map": {"x-a": "b"}, "level": 5,
		"local": "l", "defined": {"deep": true}, "notThis": 7, "when": {"a": "b"}, "unevaluated": {"a": 1}, "words": "b"}`
	s := try.Serve(t, try.JSON("%s", answer), try.Answer{Status: 201, Type: "application/json", Body: `{"name": "x"}`})
	c := newClient(t, s)
	got, err := c.GetThing(t.Context(), "1", nil)
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "problems", len(got.JSON.Problems()), 0)
	//lint:ignore SA1019 deprecated in the document, but it must still be decoded
	owner := got.Owner
	try.Equal(t, "fields", []any{got.JSON.IsNull("name"), got.Count, owner.ID, got.LongName, got.Kind, got.Three, got.Map["x-a"], got.Local, got.Defined.Deep, got.Words},
		[]any{true, int64(3), "o", "abc", openapi31.ThingKindThing, int64(3), "b", "l", true, openapi31.ThingWordsB})
	if _, err := c.MakeThing(t.Context(), *got); err != nil {
		t.Fatal(err)
	}
	try.SameJSON(t, "what goes out", []byte(s.Requests()[1].Body), answer)
}

func TestFilesAreUploadedAndDownloaded(t *testing.T) {
	s := try.Serve(t, try.Answer{Status: 201, Type: "application/octet-stream", Body: "back"})
	file, err := newClient(t, s).AddFile(t.Context(), &openapi31.AddFileForm{File: rest.File{Name: "a.txt", Content: strings.NewReader("there")},
		Maybe: rest.File{Name: "b.png", Content: strings.NewReader("PNG")}})
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "file", string(data), "back")
	try.Equal(t, "parts", s.Only(t).Parts(t), []try.Part{{Name: "file", File: "a.txt", Type: "application/octet-stream", Text: "there"},
		{Name: "maybe", File: "b.png", Type: "image/png", Text: "PNG"}})
}
