package consumer

import (
	"context"
	"errors"
	"time"

	"example.com/consumer/internal/confluence"
	"example.com/consumer/internal/rest"
)

// Events returns what happened since a moment and mentions a text, the newest first. Records that
// are not as documented are counted and left out.
func (w *Watcher) Events(ctx context.Context, since time.Time, text string) (events []Event, odd int, err error) {
	params := &confluence.GetAuditRecordsParams{StartDate: since}
	params.SearchString = text
	for record, err := range w.client.AllAuditRecords(ctx, params) {
		if _, ok := errors.AsType[*rest.RecordError](err); ok {
			odd++
			continue
		}
		if err != nil {
			return events, odd, access(err)
		}
		events = append(events, event(record))
	}
	return events, odd, nil
}

func event(r *confluence.AuditRecord) Event {
	e := Event{When: r.CreationDate, Who: r.Author.AccountID, What: r.Summary}
	e.Severity = r.Severity
	return e
}
