package faults_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-1954497d/auditgen/generated/confluence"
	"github.com/seed-1954497d/auditgen/generated/jira"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

// operation is an operation that changes something (sent once, unless the server says that it did not take it) or does not.
type operation struct {
	name    string
	changes bool
	streams bool
	answer  string // a success
	call    func(ctx context.Context, t testing.TB, base string, s settings) (any, error)
}

var operations = []operation{
	{"Confluence GetAuditRecords", false, false, `{"results":[]}`, func(ctx context.Context, t testing.TB, base string, s settings) (any, error) {
		return newConfluence(t, base, s).GetAuditRecords(ctx, nil)
	}},
	{"Confluence GetAuditRecordsForTimePeriod", false, false, `{"results":[]}`, func(ctx context.Context, t testing.TB, base string, s settings) (any, error) {
		return newConfluence(t, base, s).GetAuditRecordsForTimePeriod(ctx, nil)
	}},
	{"Confluence GetRetentionPeriod", false, false, `{"number":1,"units":"YEARS"}`, func(ctx context.Context, t testing.TB, base string, s settings) (any, error) {
		return newConfluence(t, base, s).GetRetentionPeriod(ctx)
	}},
	{"Confluence SetRetentionPeriod", true, false, `{"number":1,"units":"YEARS"}`, func(ctx context.Context, t testing.TB, base string, s settings) (any, error) {
		period := confluence.RetentionPeriod{Number: 1, Units: confluence.RetentionPeriodUnitsYears}
		return newConfluence(t, base, s).SetRetentionPeriod(ctx, period)
	}},
	{"Confluence CreateAuditRecord", true, false, `{"remoteAddress":"198.51.100.7"}`, func(ctx context.Context, t testing.TB, base string, s settings) (any, error) {
		return newConfluence(t, base, s).CreateAuditRecord(ctx, confluence.CreateAuditRecordRequest{RemoteAddress: "198.51.100.7"})
	}},
	{"Confluence ExportAuditRecords", false, true, "a,b\n1,2\n", func(ctx context.Context, t testing.TB, base string, s settings) (any, error) {
		return newConfluence(t, base, s).ExportAuditRecords(ctx, nil)
	}},
	{"Jira GetAuditRecords", false, false, `{"records":[]}`, func(ctx context.Context, t testing.TB, base string, s settings) (any, error) {
		return newJira(t, base, s).GetAuditRecords(ctx, nil)
	}},
}

func (o operation) reply() reply {
	if o.streams {
		return reply{header: []string{"Content-Type: text/csv"}, body: o.answer}
	}
	return jsonReply(o.answer)
}

// oneFault serves an operation whose first request meets a fault.
func oneFault(t testing.TB, o operation, f fault) *server {
	var n counter
	return serve(t, func(r *http.Request) reply {
		answer := o.reply()
		if strings.HasPrefix(r.URL.Path, "/login") {
			return html(200)
		}
		if n.next() == 0 {
			f.change(&answer, nil)
		}
		return answer
	})
}

func TestNoOperationGivesNeitherAnAnswerNorAnError(t *testing.T) {
	for _, o := range operations {
		if o.streams {
			continue
		}
		for _, f := range faults {
			if strings.HasPrefix(f.name, "a page too early") || strings.HasPrefix(f.name, "a page too late") || strings.Contains(f.name, "in the body") ||
				strings.Contains(f.name, "that breaks off") || strings.Contains(f.name, "cut short") {
				continue // these are about pages, and about bodies longer than some of these
			}
			t.Run(o.name+", "+f.name, func(t *testing.T) {
				s, p := oneFault(t, o, f), newPaced(t)
				synctest.Test(t, func(t *testing.T) {
					got, err := o.call(ctx, t, s.url, settings{token: "token-1", transport: p, retries: 3, maxBytes: maxBytes})
					if isNil := reflect.ValueOf(got).IsNil(); isNil != (err != nil) {
						t.Fatalf("got %v, %v", got, err)
					}
					rateLimited := strings.HasPrefix(f.name, "429") && f.effect == passing
					switch {
					case f.effect == unnoticed, f.effect == passing && !o.changes, rateLimited:
						if err != nil {
							t.Error(err)
						}
					case err == nil:
						t.Error("got no error")
					}
					if n := len(s.requests()); o.changes && !rateLimited && n != 1 && !strings.Contains(s.requests()[n-1], "login") {
						t.Errorf("sent %d times: %q", n, s.requests())
					}
				})
			})
		}
	}
}

// A connection that was idle may be gone when a change is sent on it. Whether the server took the change is then unclear.
func TestAChangeOnAConnectionThatBreaksIsSentOnce(t *testing.T) {
	for _, f := range faults {
		if f.effect != passing || strings.HasPrefix(f.name, "429") {
			continue
		}
		t.Run(f.name, func(t *testing.T) {
			var posts counter
			s := serve(t, func(r *http.Request) reply {
				answer := jsonReply(`{"remoteAddress":"198.51.100.7","summary":"a summary that is long enough to be cut somewhere in its middle"}`)
				if r.Method == http.MethodPost && posts.next() == 0 {
					f.change(&answer, nil)
				}
				return answer
			})
			p := newPaced(t)
			synctest.Test(t, func(t *testing.T) {
				c := newConfluence(t, s.url, settings{transport: p, retries: 5})
				if _, err := c.GetAuditRecords(ctx, nil); err != nil {
					t.Fatal(err)
				}
				got, err := c.CreateAuditRecord(ctx, confluence.CreateAuditRecordRequest{RemoteAddress: "198.51.100.7"})
				if err == nil || got != nil {
					t.Errorf("got %v, %v; want an error", got, err)
				}
				try.Equal(t, "requests", s.requests(), []string{"GET /wiki/rest/api/audit", "POST /wiki/rest/api/audit"})
			})
		})
	}
}

func TestAnExportThatBreaksOffIsNeverTakenForAWholeOne(t *testing.T) {
	for _, c := range []struct {
		name  string
		fault func(*reply)
	}{
		{"a reset", func(r *reply) { r.cut, r.reset = 1000, true }},
		{"an end", func(r *reply) { r.cut = 1000 }},
		{"the last byte is missing", func(r *reply) { r.cut = 1 }},
		{"a length that is too large", func(r *reply) { r.claim = 1 }},
		{"chunks that are cut short", func(r *reply) { r.chunked, r.cut = true, 1000 }},
		{"chunks without the last one", func(r *reply) { r.chunked, r.cut = true, len("0\r\n\r\n") }},
		{"gzip that is cut short", func(r *reply) { r.zipped, r.garble = true, cutBytes(4) }},
		{"gzip with a wrong checksum", func(r *reply) { r.zipped, r.garble = true, flipByte(-6) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			whole := strings.Repeat("date,author,summary\n", 20_000)
			s := serve(t, func(*http.Request) reply {
				answer := reply{header: []string{"Content-Type: text/csv"}, body: whole}
				c.fault(&answer)
				return answer
			})
			d, err := newConfluence(t, s.url, settings{maxBytes: 10}).ExportAuditRecords(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			got, err := io.ReadAll(d)
			if err == nil || !strings.HasPrefix(whole, string(got)) {
				t.Errorf("got %d of %d bytes, %v", len(got), len(whole), err)
			}
		})
	}
}

func TestAnExportIsTriedAgainUntilItBegins(t *testing.T) {
	o := operations[5]
	for _, f := range []fault{
		{"503", passing, nil, replace(html(503))},
		{"429", passing, nil, replace(html(429, "Retry-After: 100"))},
		{"a reset before a byte", passing, nil, travel(func(r *reply) { r.silent, r.reset = true, true })},
		{"an end in the header", passing, nil, travel(func(r *reply) { r.cut = len(r.bytes()) - 20 })},
	} {
		t.Run(f.name, func(t *testing.T) {
			s, p := oneFault(t, o, f), newPaced(t)
			synctest.Test(t, func(t *testing.T) {
				d, err := o.call(ctx, t, s.url, settings{transport: p, retries: 1})
				if err != nil {
					t.Fatal(err)
				}
				got, err := io.ReadAll(d.(*confluence.Download))
				if err != nil {
					t.Fatal(err)
				}
				try.Equal(t, "file", string(got), o.answer)
				try.Equal(t, "requests", len(s.requests()), 2)
			})
		})
	}
}

func TestACallWithoutTimeEndsInTheMiddleOfABody(t *testing.T) {
	for _, o := range operations {
		t.Run(o.name, func(t *testing.T) {
			s := serve(t, func(*http.Request) reply {
				answer := o.reply()
				answer.drips, answer.pause = true, 100*time.Microsecond
				return answer
			})
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
			defer cancel()
			got, err := o.call(ctx, t, s.url, settings{retries: 3})
			if d, ok := got.(*confluence.Download); ok && err == nil {
				_, err = io.Copy(io.Discard, d)
				_ = d.Close()
			}
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v, want the end of the deadline", err)
			}
		})
	}
}

func TestTheHookSeesEveryTryAndNoSecret(t *testing.T) {
	var n counter
	s := serve(t, func(r *http.Request) reply {
		if n.next() < 2 {
			return reply{status: 429, header: []string{"Retry-After: 7", "Atl-Traceid: 7d1f", "Set-Cookie: session=canary-session"},
				body: `{"message":"you are ` + bearer(r) + ` and asked for ` + r.URL.RawQuery + `"}`}
		}
		return jsonReply(`{"records":[]}`)
	})
	p := newPaced(t)
	synctest.Test(t, func(t *testing.T) {
		var seen []jira.Attempt
		c, err := jira.NewClient(s.url, jira.WithBearerToken("canary-token"), jira.WithHTTPClient(&http.Client{Transport: p}),
			jira.WithAttemptHook(func(a jira.Attempt) { seen = append(seen, a) }))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.GetAuditRecords(ctx, nil); err != nil {
			t.Fatal(err)
		}
		var got []any
		for _, a := range seen {
			got = append(got, a.Number, a.StatusCode, a.Wait >= 7*time.Second, a.RequestID, errors.Is(a.Err, jira.ErrRateLimited))
			if text := string(asJSON(t, a)) + fmt.Sprintf("%+v", a); strings.Contains(text, "canary") {
				t.Errorf("a secret shows in %s", text)
			}
		}
		try.Equal(t, "attempts", got, []any{1, 429, true, "7d1f", true, 2, 429, true, "7d1f", true, 3, 200, false, "", false})
	})
}
