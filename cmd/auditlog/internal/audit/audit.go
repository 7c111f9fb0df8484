// Package audit reads the audit logs of Confluence and Jira through their generated clients. In go
// a product, a site and credentials; out come batches of records in one shape.
package audit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/seed-1954497d/auditgen/generated/rest"
	"github.com/seed-1954497d/auditgen/generated/rest/lossless"
)

// Record is one event of an audit log. Fields that a product does not have are empty.
type Record struct {
	ID            string // set by Identify; the log of Confluence has no identifiers of its own
	Time          time.Time
	ActorID       string // Atlassian account; empty if the site itself acted
	ActorName     string
	Action        string
	Category      string
	ObjectType    string
	Object        string
	Description   string
	RemoteAddress string
	Changes       []Change
	Associated    []string

	Raw      []byte             // exact bytes as they came
	Problems []lossless.Problem // values of other types than documented
}

// Change is a value that an event changed.
type Change struct{ Name, Old, New string }

// Batch is some records, the oldest first, and where to go on after them.
type Batch struct {
	Records    []Record
	Checkpoint rest.Checkpoint
	Repeats    int // records that came again and were left out
	ServerTime time.Time
}

// Products are the names of the products, for help texts and errors.
var Products = []string{"confluence", "jira"}

// Log is the audit log of one site.
type Log struct {
	Product string
	Site    string

	// Permission is what reading the log needs, in the words of Atlassian's administration.
	Permission string

	follow func(context.Context, rest.Checkpoint, []rest.FollowOption) iter.Seq2[*Batch, error]
	ask    func(context.Context, *rest.Response) (int, error)
}

// Open returns the audit log of a product at a site. It sends nothing.
func Open(product, site string, opts ...rest.Option) (log *Log, err error) {
	switch product {
	case "confluence":
		log, err = openConfluence(site, opts)
	case "jira":
		log, err = openJira(site, opts)
	default:
		err = fmt.Errorf("there is no product %q: say confluence or jira", product)
	}
	if err != nil {
		// Advice for programmers is not for the users of a command.
		what, _, _ := strings.Cut(err.Error(), "; if a proxy needs both")
		return nil, errors.New(what)
	}
	return log, nil
}

// Follow delivers the log from a checkpoint on. See [rest.Follow] for what it promises.
func (l *Log) Follow(ctx context.Context, from rest.Checkpoint, opts ...rest.FollowOption) iter.Seq2[*Batch, error] {
	return l.follow(ctx, from, opts)
}

// Ask asks for one record. It returns the server's time, which is zero if the server does not say
// it, and the number of records.
func (l *Log) Ask(ctx context.Context) (serverTime time.Time, records int, err error) {
	var answer rest.Response
	records, err = l.ask(ctx, &answer)
	if err != nil {
		return time.Time{}, 0, err
	}
	return Date(answer.Header.Get("Date")), records, nil
}

// batches converts the batches of a generated client.
func batches[T any](from iter.Seq2[*rest.Batch[T], error], shape func(*T) Record) iter.Seq2[*Batch, error] {
	return func(yield func(*Batch, error) bool) {
		for b, err := range from {
			if err != nil {
				yield(nil, err)
				return
			}
			out := &Batch{Checkpoint: b.Checkpoint, Repeats: b.Repeats, ServerTime: b.ServerTime}
			for i := range b.Records {
				out.Records = append(out.Records, shape(&b.Records[i]))
			}
			if !yield(out, nil) {
				return
			}
		}
	}
}

// Identify sets the ID of the records of a batch that have none. It follows from the content, so
// that it is the same in every run; the second of two equal records gets "-2", and so on. Equal
// records that become visible at different times have the same ID.
func Identify(records []Record) {
	seen := map[string]int{}
	for i := range records {
		r := &records[i]
		if r.ID != "" {
			continue
		}
		sum := sha256.Sum256(Canonical(r.Raw))
		r.ID = hex.EncodeToString(sum[:16])
		if seen[r.ID]++; seen[r.ID] > 1 {
			r.ID = fmt.Sprintf("%s-%d", r.ID, seen[r.ID])
		}
	}
}

// Canonical writes a JSON value in one of the ways it can be written: the order of members and
// blanks between them do not count. It returns other text as it is.
func Canonical(raw []byte) []byte {
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
