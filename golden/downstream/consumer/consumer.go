// Package consumer is what a team makes of a generated package: it watches the audit log of a
// Confluence site. Everything in this folder is as it would be in the team's own repository; the
// tests beside it take it to an empty folder and live with it through changes of the documents.
package consumer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"example.com/consumer/internal/confluence"
	"example.com/consumer/internal/rest"
)

//go:generate go tool auditgen generate

// ErrNoAccess says that the account may not read the audit log.
var ErrNoAccess = errors.New("the account may not read the audit log")

// Watcher reads and writes the audit log of one site.
type Watcher struct {
	client *confluence.Client
}

// New makes a watcher of the site at an address such as https://your-domain.atlassian.net.
func New(site, email, token string) (*Watcher, error) {
	client, err := confluence.NewClient(site, rest.WithBasicAuth(email, token), rest.WithMaxRetries(0))
	if err != nil {
		return nil, err
	}
	return &Watcher{client}, nil
}

// Event is one line of the log as the team wants it.
type Event struct {
	When     time.Time
	Who      string // the account; empty for the site itself
	What     string
	Severity int64
}

// Note puts a line of the team's own into the log.
func (w *Watcher) Note(ctx context.Context, from, what string) (time.Time, error) {
	record, err := w.client.CreateAuditRecord(ctx, confluence.AuditRecordCreate{RemoteAddress: from, Summary: what})
	if err != nil {
		return time.Time{}, access(err)
	}
	return record.CreationDate, nil
}

// access turns refusals into ErrNoAccess.
func access(err error) error {
	if errors.Is(err, rest.ErrForbidden) || errors.Is(err, rest.ErrUnauthorized) {
		return fmt.Errorf("%w: %w", ErrNoAccess, err)
	}
	return err
}
