package embedded_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"testing"

	"github.com/seed-1954497d/auditgen/generated/confluence"
	"github.com/seed-1954497d/auditgen/generated/rest"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

func TestCredentialsAreSentAsTheServerExpects(t *testing.T) {
	const basic = "Basic YWRhQGV4YW1wbGUuY29tOnQwa2Vu"
	for _, c := range []struct {
		name       string
		confluence rest.Option
		jira       rest.Option
		want       string
	}{
		{"basic", rest.WithBasicAuth("ada@example.com", "t0ken"), rest.WithBasicAuth("ada@example.com", "t0ken"), basic},
		{"bearer", rest.WithBearerToken("t0ken"), rest.WithBearerToken("t0ken"), "Bearer t0ken"},
		{"the last one wins", rest.WithBearerToken("x"), rest.WithBearerToken("x"), "Bearer x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := try.Serve(t, try.JSON(`{}`), try.JSON(`{}`))
			if _, err := newConfluence(t, s.URL, c.confluence).GetAuditRecords(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			if _, err := newJira(t, s.URL, c.jira).GetAuditRecords(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			for _, r := range s.Requests() {
				try.Equal(t, "Authorization", r.Header["Authorization"], []string{c.want})
			}
		})
	}
}

func TestTheAPIGatewayWorksAsBaseURL(t *testing.T) {
	s := try.Serve(t, try.JSON(`{}`), try.JSON(`{}`))
	if _, err := newConfluence(t, s.URL+"/ex/confluence/1d-9/").GetAuditRecords(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := newJira(t, s.URL+"/ex/jira/1d-9").GetAuditRecords(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "requests", s.Lines(), []string{
		"GET /ex/confluence/1d-9/wiki/rest/api/audit", "GET /ex/jira/1d-9/rest/api/3/auditing/record",
	})
}

func TestEveryRequestHasUserAgentAndAccept(t *testing.T) {
	s := try.Serve(t, try.JSON(`{}`))
	c := newJira(t, s.URL, rest.WithUserAgent("collector/2"))
	if _, err := c.GetAuditRecords(t.Context(), nil, rest.WithHeader("X-Trace", "7")); err != nil {
		t.Fatal(err)
	}
	h := s.Only(t).Header
	try.Equal(t, "headers", []string{h.Get("Accept"), h.Get("User-Agent"), h.Get("X-Trace"), h.Get("Content-Type")},
		[]string{"application/json", "collector/2", "7", ""})
}

func TestAnExportIsStreamedToAWriter(t *testing.T) {
	text := bytes.Repeat([]byte("2026-03-01,login\n"), 100_000)
	s := try.Serve(t, try.Answer{Type: "text/csv", Body: string(text),
		Header: map[string]string{"Content-Disposition": `attachment; filename="audit-2026.csv"`}})
	// The limit of other responses does not apply to files.
	file, err := newConfluence(t, s.URL, rest.WithMaxResponseBytes(10)).ExportAuditRecords(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var got bytes.Buffer
	if _, err := io.Copy(&got, file); err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "name and type", file.FileName+" "+file.ContentType, "audit-2026.csv text/csv")
	if !bytes.Equal(got.Bytes(), text) {
		t.Errorf("got %d bytes, want the %d that were sent", got.Len(), len(text))
	}
}

func TestTheOnlyTypeOfAnAuthorIsFilledIn(t *testing.T) {
	s := try.Serve(t, try.JSON(`{}`))
	_, err := newConfluence(t, s.URL).CreateAuditRecord(t.Context(), confluence.CreateAuditRecordRequest{
		RemoteAddress: "198.51.100.7", Author: confluence.CreateAuditRecordRequestAuthor{DisplayName: "Ada"},
	})
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "body", s.Only(t).Body, `{"author":{"type":"user","displayName":"Ada"},"remoteAddress":"198.51.100.7"}`)
}

func TestEmptyTextsAreLegalValuesOfRequiredMembers(t *testing.T) {
	s := try.Serve(t, try.JSON(`{}`))
	_, err := newConfluence(t, s.URL).CreateAuditRecord(t.Context(), confluence.CreateAuditRecordRequest{
		ChangedValues: []confluence.ChangedValue{{Name: "n", NewValue: "v"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "body", s.Only(t).Body, `{"remoteAddress":"","changedValues":[{"name":"n","oldValue":"","newValue":"v"}]}`)
}

// A shorter period deletes records, so the period is neither completed nor sent twice.
func TestARetentionPeriodIsSentOnceAndComplete(t *testing.T) {
	year := confluence.RetentionPeriod{Number: 1, Units: confluence.RetentionPeriodUnitsYears}
	t.Run("unchanged", func(t *testing.T) {
		s := try.Serve(t, try.JSON(`{"number": 1, "units": "YEARS"}`))
		got, err := newConfluence(t, s.URL).SetRetentionPeriod(t.Context(), year)
		if err != nil {
			t.Fatal(err)
		}
		try.Equal(t, "body", s.Only(t).Body, `{"number":1,"units":"YEARS"}`)
		try.Equal(t, "answer", []any{got.Number, got.Units}, []any{int64(1), confluence.RetentionPeriodUnitsYears})
	})
	t.Run("not in halves", func(t *testing.T) {
		for _, half := range []confluence.RetentionPeriod{{}, {Number: 1}} {
			s := try.Serve(t)
			_, err := newConfluence(t, s.URL).SetRetentionPeriod(t.Context(), half)
			var incomplete *rest.RequestError
			if !errors.As(err, &incomplete) {
				t.Errorf("got %v, want a RequestError", err)
			}
			try.Equal(t, "requests", s.Lines(), []string{})
		}
	})
	t.Run("not retried", func(t *testing.T) {
		s := try.Serve(t, try.Answer{Status: http.StatusServiceUnavailable})
		c := newConfluence(t, s.URL, rest.WithMaxRetries(5))
		if _, err := c.SetRetentionPeriod(t.Context(), year); err == nil {
			t.Error("got no error")
		}
		try.Equal(t, "requests", s.Lines(), []string{"PUT /wiki/rest/api/audit/retention"})
	})
}
