package embedded_test

import (
	"iter"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-1954497d/auditgen/generated/confluence"
	"github.com/seed-1954497d/auditgen/generated/jira"
	"github.com/seed-1954497d/auditgen/generated/rest"
	"github.com/seed-1954497d/auditgen/mock"
)

// followed counts the records that an iteration delivers, and returns the last checkpoint.
func followed[T any](t *testing.T, batches iter.Seq2[*rest.Batch[T], error]) (n int, last rest.Checkpoint) {
	t.Helper()
	for batch, err := range batches {
		if err != nil {
			t.Fatal(err)
		}
		n += len(batch.Records)
		last = batch.Checkpoint
	}
	return n, last
}

func TestAuditLogsAreFollowedFromTheirBeginning(t *testing.T) {
	const records = 3000
	for _, test := range []struct {
		name   string
		serve  func(...mock.Option) (*mock.Server, error)
		follow func(t *testing.T, s *mock.Server, from rest.Checkpoint, until rest.FollowOption) (int, rest.Checkpoint)
	}{
		{"Confluence", mock.Confluence, func(t *testing.T, s *mock.Server, from rest.Checkpoint, until rest.FollowOption) (int, rest.Checkpoint) {
			c, err := confluence.NewClient(s.URL, rest.WithHTTPClient(s.Client()), rest.WithBearerToken("x"))
			if err != nil {
				t.Fatal(err)
			}
			return followed(t, c.FollowAuditRecords(t.Context(), nil, from, until))
		}},
		{"Jira", mock.Jira, func(t *testing.T, s *mock.Server, from rest.Checkpoint, until rest.FollowOption) (int, rest.Checkpoint) {
			c, err := jira.NewClient(s.URL, rest.WithHTTPClient(s.Client()), rest.WithBearerToken("x"))
			if err != nil {
				t.Fatal(err)
			}
			return followed(t, c.FollowAuditRecords(t.Context(), nil, from, until))
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, err := test.serve(mock.InMemory(), mock.WithRecords(records))
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				until := rest.FollowUntil(time.Now())
				got, last := test.follow(t, s, rest.StartAt(time.Now().AddDate(-5, 0, 0)), until)
				if got != records {
					t.Errorf("got %d of %d records", got, records)
				}
				if again, _ := test.follow(t, s, last, until); again != 0 {
					t.Errorf("%d records came again", again)
				}
			})
		})
	}
}
