package allof_test

import (
	"testing"
	"time"

	"github.com/seed-1954497d/auditgen/generated/rest"
	allof "github.com/seed-1954497d/auditgen/golden/allof/want"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

const page = `{"kind":"books","state":"lost","total":9007199254740993,"items":[{"id":"1","title":"A"}],"any":[{"title":"B"}],` +
	`"map":{"k":{"title":"C"}},"lists":[{"k":{"title":"D"}}],"first":{"title":"E"},"free":{"weight":3},"seen":"2026-03-01T12:00:00Z",` +
	`"owner":{"name":"n","mail":"m"},"lender":{"id":"2","desk":"d"}}`

func TestAMemberIsWhatAllPartsOfAnAllOfSay(t *testing.T) {
	s := try.Serve(t, try.JSON("%s", page), try.Answer{Status: 204}, try.Answer{Status: 204})
	c, err := allof.NewClient(s.URL, rest.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.ListBooks(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "read", []any{got.Kind, got.State, got.Total, got.Items[0].Title, got.Any[0].Title, got.Map["k"].Title, got.Lists[0]["k"].Title, got.First.Title,
		got.Free.Weight, got.Owner.Name, got.Owner.Mail, got.Lender.ID, got.Lender.Desk, len(got.JSON.Problems())},
		[]any{allof.BookPageKindBooks, allof.BookPageStateLost, int64(9007199254740993), "A", "B", "C", "D", "E", int64(3), "n", "m", "2", "d", 0})
	if err := c.SetBooks(t.Context(), *got); err != nil {
		t.Fatal(err)
	}
	try.SameJSON(t, "sent unchanged", []byte(s.Requests()[1].Body), page)
	made := allof.BookPage{Items: []allof.Book{{Title: "A"}}, Seen: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), Owner: got.Owner}
	if err := c.SetBooks(t.Context(), made); err != nil {
		t.Fatal(err)
	}
	try.SameJSON(t, "sent", []byte(s.Requests()[2].Body),
		`{"kind":"books","items":[{"title":"A"}],"seen":"2026-03-01T12:00:00Z","owner":{"name":"n","mail":"m"}}`)
}
