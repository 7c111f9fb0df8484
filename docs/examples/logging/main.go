// Logging reads one page of the audit log of a Confluence site, and logs every attempt of every
// request with log/slog: the id that the context has, how often it was tried, how it ended, and how
// long that took. An Attempt has neither credentials nor queries in it.
package main

import (
	"context"
	"log/slog"
	"os"

	"github.com/seed-1954497d/auditgen/generated/confluence"
	"github.com/seed-1954497d/auditgen/generated/rest"
)

// requestID is the key of a context under which the program keeps the id of its own request.
type requestID struct{}

// logged returns a hook that logs attempts: failures as warnings, successes for debugging.
func logged(l *slog.Logger) func(context.Context, rest.Attempt) {
	return func(ctx context.Context, a rest.Attempt) {
		level, attrs := slog.LevelDebug, []slog.Attr{
			slog.Any("request_id", ctx.Value(requestID{})),
			slog.String("method", a.Method), slog.String("path", a.Path),
			slog.Int("attempt", a.Number), slog.Int("status", a.StatusCode), slog.Duration("duration", a.Duration),
		}
		if a.Err != nil {
			level = slog.LevelWarn
			attrs = append(attrs, slog.Duration("wait", a.Wait), slog.String("server_request_id", a.RequestID), slog.Any("error", a.Err))
		}
		l.LogAttrs(ctx, level, "request to Confluence", attrs...)
	}
}

func main() {
	l := slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	c, err := confluence.NewClient(os.Getenv("SITE"), rest.WithBasicAuth(os.Getenv("EMAIL"), os.Getenv("API_TOKEN")), rest.WithHook(logged(l)))
	if err != nil {
		l.Error("no client", "error", err)
		os.Exit(1)
	}
	ctx := context.WithValue(context.Background(), requestID{}, "r-17")
	if _, err := c.GetAuditRecords(ctx, nil); err != nil {
		l.Error("no records", "error", err)
		os.Exit(1)
	}
}
