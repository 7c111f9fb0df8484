package atlassian

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/seed-1954497d/auditgen/generated/confluence"
	"github.com/seed-1954497d/auditgen/generated/jira"
	"github.com/seed-1954497d/auditgen/generated/rest"
)

// record is one event of an audit log.
type record struct {
	id   string
	time time.Time
	raw  []byte // exact bytes as they came
}

// batch is some records, the oldest first, and where to go on once they were acknowledged.
type batch struct {
	records    []record
	checkpoint rest.Checkpoint
	acked      chan struct{} // closed by the acknowledgement
}

// auditLog is the audit log of a product at a site.
type auditLog struct {
	follow func(context.Context, rest.Checkpoint, []rest.FollowOption) iter.Seq2[*batch, error]
	ask    func(context.Context, ...rest.CallOption) error // for one record
}

// open returns the log of a product at a site. It sends nothing.
func open(product, site string, opts ...rest.Option) (*auditLog, error) {
	one := int64(1)
	switch product {
	case "confluence":
		c, err := confluence.NewClient(site, opts...)
		if err != nil {
			return nil, err
		}
		return &auditLog{
			follow: func(ctx context.Context, from rest.Checkpoint, opts []rest.FollowOption) iter.Seq2[*batch, error] {
				return batches(c.FollowAuditRecords(ctx, nil, from, opts...), func(r *confluence.AuditRecord) record {
					return record{time: r.CreationDate, raw: r.JSON.Raw()}
				})
			},
			ask: func(ctx context.Context, opts ...rest.CallOption) error {
				_, err := c.GetAuditRecords(ctx, &confluence.GetAuditRecordsParams{Limit: &one}, opts...)
				return err
			},
		}, nil
	case "jira":
		c, err := jira.NewClient(site, opts...)
		if err != nil {
			return nil, err
		}
		return &auditLog{
			follow: func(ctx context.Context, from rest.Checkpoint, opts []rest.FollowOption) iter.Seq2[*batch, error] {
				return batches(c.FollowAuditRecords(ctx, nil, from, opts...), func(r *jira.AuditRecord) record {
					out := record{time: r.Created, raw: r.JSON.Raw()}
					if r.ID != 0 {
						out.id = strconv.FormatInt(r.ID, 10)
					}
					return out
				})
			},
			ask: func(ctx context.Context, opts ...rest.CallOption) error {
				_, err := c.GetAuditRecords(ctx, &jira.GetAuditRecordsParams{Limit: &one}, opts...)
				return err
			},
		}, nil
	}
	return nil, fmt.Errorf("there is no product %q: say confluence or jira", product)
}

// batches converts the batches of a generated client.
func batches[T any](from iter.Seq2[*rest.Batch[T], error], shape func(*T) record) iter.Seq2[*batch, error] {
	return func(yield func(*batch, error) bool) {
		for b, err := range from {
			if err != nil {
				yield(nil, err)
				return
			}
			out := &batch{checkpoint: b.Checkpoint, acked: make(chan struct{})}
			for i := range b.Records {
				out.records = append(out.records, shape(&b.Records[i]))
			}
			identify(out.records)
			if !yield(out, nil) {
				return
			}
		}
	}
}

// identify sets the ids of records that have none. Such an id follows from the content, as the ids
// of auditlog do: the second of two equal records gets "-2", and so on.
func identify(records []record) {
	seen := map[string]int{}
	for i := range records {
		r := &records[i]
		if r.id != "" {
			continue
		}
		sum := sha256.Sum256(canonical(r.raw))
		r.id = hex.EncodeToString(sum[:16])
		if seen[r.id]++; seen[r.id] > 1 {
			r.id = fmt.Sprintf("%s-%d", r.id, seen[r.id])
		}
	}
}

// canonical writes a JSON value in one of the ways it can be written.
func canonical(raw []byte) []byte {
	var value any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if d.Decode(&value) != nil {
		return raw
	}
	text, err := json.Marshal(value)
	if err != nil {
		return raw
	}
	return text
}

// now asks the site for a record, which shows whether it lets us read the log, and returns the
// clock of the site. Ours may be wrong.
func (l *auditLog) now(ctx context.Context) (time.Time, error) {
	var answer rest.Response
	if err := l.ask(ctx, rest.WithResponse(&answer)); err != nil {
		return time.Time{}, err
	}
	now, err := http.ParseTime(answer.Header.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	return now.UTC(), nil
}

// startTime reads the field start: a time, or how long before now. Empty is now.
func startTime(text string, now time.Time) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), nil
		}
	}
	ago := time.Duration(0)
	if text != "" {
		var err error
		if ago, err = time.ParseDuration(text); err != nil || ago < 0 {
			return time.Time{}, fmt.Errorf("start %q: write a date, a time with its zone or a duration, such as 2026-11-21, 2026-11-21T03:15:00Z or 720h", text)
		}
	}
	return now.Add(-ago).UTC().Truncate(time.Millisecond), nil
}

// credentials returns how to authenticate. A token without an email address is a bearer token.
func credentials(email, token string) rest.Option {
	if email == "" {
		return rest.WithBearerToken(token)
	}
	return rest.WithBasicAuth(email, token)
}

// forUsers leaves out of an error what is advice for programmers.
func forUsers(err error) string {
	what, _, _ := strings.Cut(err.Error(), "; if a proxy needs both")
	return what
}
