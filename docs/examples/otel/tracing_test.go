package tracing

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/seed-1954497d/auditgen/generated/confluence"
	"github.com/seed-1954497d/auditgen/generated/rest"
	"github.com/seed-1954497d/auditgen/mock"
)

func TestACallHasASpanForEachAttempt(t *testing.T) {
	s, err := mock.Confluence(mock.WithRecords(1))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.SetScript(func(n int, _ *http.Request) mock.Fault {
		if n == 0 {
			return mock.Answer(503, http.Header{}, "")
		}
		return nil
	})
	ended := tracetest.NewSpanRecorder()
	provider := sdk.NewTracerProvider(sdk.WithSpanProcessor(ended))
	tracer := provider.Tracer("test")
	c, err := confluence.NewClient(s.URL, rest.WithBasicAuth("ann@example.com", "canary-token"), Attempts(tracer))
	if err != nil {
		t.Fatal(err)
	}
	ctx, call := tracer.Start(context.Background(), "read the audit log")
	if _, err := c.GetAuditRecords(ctx, &confluence.GetAuditRecordsParams{SearchString: "canary-query"}); err != nil {
		t.Fatal(err)
	}
	call.End()
	var got []string
	for _, span := range ended.Ended() {
		text := fmt.Sprint(span.Name(), " ", span.Status().Code)
		for _, a := range span.Attributes() {
			text += fmt.Sprintf(" %s=%s", a.Key, a.Value.Emit())
		}
		if strings.Contains(text+span.Status().Description, "canary") {
			t.Errorf("a secret or a query is in %s, %s", text, span.Status().Description)
		}
		if span.Name() == "GET" && (span.Parent().SpanID() != call.SpanContext().SpanID() || span.EndTime().Before(span.StartTime())) {
			t.Errorf("%s is not below the span of the call", text)
		}
		got = append(got, text)
	}
	want := []string{
		"GET Error http.request.method=GET url.path=/wiki/rest/api/audit http.request.resend_count=0 http.response.status_code=503",
		"GET Unset http.request.method=GET url.path=/wiki/rest/api/audit http.request.resend_count=1 http.response.status_code=200",
		"read the audit log Unset",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
