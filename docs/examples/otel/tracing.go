// Package tracing makes OpenTelemetry spans of the requests of generated clients. It is a module of
// its own, because neither auditgen nor generated packages depend on OpenTelemetry.
package tracing

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/seed-1954497d/auditgen/generated/rest"
)

// Attempts returns an option of a client that makes a span of each attempt to send a request, below
// the span that the context of the call has:
//
//	ctx, span := tracer.Start(ctx, "read the audit log")
//	defer span.End()
//	page, err := c.GetAuditRecords(ctx, nil)
//
// A span has neither credentials nor queries in it.
func Attempts(tracer trace.Tracer) rest.Option {
	return rest.WithHook(func(ctx context.Context, a rest.Attempt) {
		end := time.Now()
		_, span := tracer.Start(ctx, a.Method, trace.WithSpanKind(trace.SpanKindClient), trace.WithTimestamp(end.Add(-a.Duration)), trace.WithAttributes(
			attribute.String("http.request.method", a.Method),
			attribute.String("url.path", a.Path),
			attribute.Int("http.request.resend_count", a.Number-1)))
		if a.StatusCode > 0 {
			span.SetAttributes(attribute.Int("http.response.status_code", a.StatusCode))
		}
		if a.Err != nil {
			span.SetStatus(codes.Error, a.Err.Error())
		}
		span.End(trace.WithTimestamp(end))
	})
}
