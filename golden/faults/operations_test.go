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
	"time"

	"github.com/seed-1954497d/auditgen/generated/confluence"
	"github.com/seed-1954497d/auditgen/generated/jira"
	"github.com/seed-1954497d/auditgen/generated/rest"
	"github.com/seed-1954497d/auditgen/mock"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

// operation is an operation. One that changes something is sent once, unless the server says that
// it was not carried out.
type operation struct {
	name    string
	api     func(...mock.Option) (*mock.Server, error)
	changes bool
	streams bool
	call    func(ctx context.Context, t testing.TB, base string, s settings) (any, error)
}

var operations = []operation{
	{"Confluence GetAuditRecords", mock.Confluence, false, false, func(ctx context.Context, t testing.TB, base string, s settings) (any, error) {
		return newConfluence(t, base, s).GetAuditRecords(ctx, nil)
	}},
	{"Confluence GetAuditRecordsForTimePeriod", mock.Confluence, false, false, func(ctx context.Context, t testing.TB, base string, s settings) (any, error) {
		return newConfluence(t, base, s).GetAuditRecordsForTimePeriod(ctx, nil)
	}},
	{"Confluence GetRetentionPeriod", mock.Confluence, false, false, func(ctx context.Context, t testing.TB, base string, s settings) (any, error) {
		return newConfluence(t, base, s).GetRetentionPeriod(ctx)
	}},
	{"Confluence SetRetentionPeriod", mock.Confluence, true, false, func(ctx context.Context, t testing.TB, base string, s settings) (any, error) {
		period := confluence.RetentionPeriod{Number: 1, Units: confluence.RetentionPeriodUnitsYears}
		return newConfluence(t, base, s).SetRetentionPeriod(ctx, period)
	}},
	{"Confluence CreateAuditRecord", mock.Confluence, true, false, func(ctx context.Context, t testing.TB, base string, s settings) (any, error) {
		return newConfluence(t, base, s).CreateAuditRecord(ctx, confluence.CreateAuditRecordRequest{RemoteAddress: "198.51.100.7"})
	}},
	{"Confluence ExportAuditRecords", mock.Confluence, false, true, func(ctx context.Context, t testing.TB, base string, s settings) (any, error) {
		return newConfluence(t, base, s).ExportAuditRecords(ctx, nil)
	}},
	{"Jira GetAuditRecords", mock.Jira, false, false, func(ctx context.Context, t testing.TB, base string, s settings) (any, error) {
		return newJira(t, base, s).GetAuditRecords(ctx, nil)
	}},
}

func TestEveryOperationReturnsAResponseOrAnError(t *testing.T) {
	for _, o := range operations {
		if o.streams {
			continue
		}
		s := newSite(t, o.api, nRecords)
		for _, f := range faultsOfAnswers {
			if strings.Contains(f.name, "in the body") || strings.Contains(f.name, "that breaks off") || strings.Contains(f.name, "cut short") {
				continue // these need longer bodies
			}
			t.Run(o.name+", "+f.name, func(t *testing.T) {
				s.play(only(0, f.fault))
				inBubble(t, s, func(t *testing.T, p *paced) {
					got, err := o.call(ctx, t, s.URL, settings{transport: p, retries: 3, maxBytes: maxBytes})
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
					if n := len(s.requests()); o.changes && !rateLimited && n != 1 {
						t.Errorf("sent %d times: %q", n, s.requests())
					}
				})
			})
		}
	}
}

// An idle connection may break when a change is sent on it. Then it is unclear whether the server
// carried it out.
func TestAChangeOnABrokenConnectionIsSentOnce(t *testing.T) {
	s := newSite(t, mock.Confluence, nRecords)
	for _, f := range faults {
		if f.effect != passing || strings.HasPrefix(f.name, "429") {
			continue
		}
		t.Run(f.name, func(t *testing.T) {
			s.play(only(1, f.fault))
			inBubble(t, s, func(t *testing.T, p *paced) {
				c := newConfluence(t, s.URL, settings{transport: p, retries: 5})
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

func TestATruncatedExportIsAnError(t *testing.T) {
	s := newSite(t, mock.Confluence, 2000)
	var whole string
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
			s.play(only(0, within(edited(func(_ *http.Request, body string) string {
				whole = body
				return body
			}), travel(c.fault))))
			d, err := newConfluence(t, s.URL, settings{maxBytes: 10}).ExportAuditRecords(t.Context(), nil)
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

func TestAnExportIsRetriedUntilItStarts(t *testing.T) {
	o := operations[5]
	s := newSite(t, o.api, nRecords)
	whole, err := o.call(t.Context(), t, s.URL, settings{})
	if err != nil {
		t.Fatal(err)
	}
	want, err := io.ReadAll(whole.(*rest.Download))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []fault{
		{"503", passing, nil, html(503)},
		{"429", passing, nil, mock.RateLimited(100 * time.Second)},
		{"a reset before a byte", passing, nil, travel(func(r *reply) { r.silent, r.reset = true, true })},
		{"an end in the header", passing, nil, travel(func(r *reply) { r.cut = len(r.bytes()) - 20 })},
	} {
		t.Run(f.name, func(t *testing.T) {
			s.play(only(0, f.fault))
			inBubble(t, s, func(t *testing.T, p *paced) {
				d, err := o.call(ctx, t, s.URL, settings{transport: p, retries: 1})
				if err != nil {
					t.Fatal(err)
				}
				got, err := io.ReadAll(d.(*rest.Download))
				if err != nil {
					t.Fatal(err)
				}
				try.Equal(t, "file", string(got), string(want))
				try.Equal(t, "requests", len(s.requests()), 2)
			})
		})
	}
}

func TestADeadlineEndsACallInTheMiddleOfABody(t *testing.T) {
	for _, o := range operations {
		t.Run(o.name, func(t *testing.T) {
			s := newSite(t, o.api, nRecords).play(only(0, mock.Endless(100*time.Microsecond)))
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
			defer cancel()
			got, err := o.call(ctx, t, s.URL, settings{retries: 3})
			if d, ok := got.(*rest.Download); ok && err == nil {
				_, err = io.Copy(io.Discard, d)
				_ = d.Close()
			}
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v, want context.DeadlineExceeded", err)
			}
		})
	}
}

func TestTheAttemptHookSeesEveryAttemptAndNoSecrets(t *testing.T) {
	s := newSite(t, mock.Jira, nRecords).play(func(n int, r *http.Request) mock.Fault {
		if n >= 2 {
			return nil
		}
		header := http.Header{"Retry-After": {"7"}, "Atl-Traceid": {"7d1f"}, "Set-Cookie": {"session=canary-session"}}
		return mock.Answer(429, header, `{"message":"you are `+bearer(r)+` and asked for `+r.URL.RawQuery+`"}`)
	})
	inBubble(t, s, func(t *testing.T, p *paced) {
		var seen []rest.Attempt
		c, err := jira.NewClient(s.URL, rest.WithBearerToken("canary-token"), rest.WithHTTPClient(&http.Client{Transport: p}),
			rest.WithHook(func(_ context.Context, a rest.Attempt) { seen = append(seen, a) }))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.GetAuditRecords(ctx, nil); err != nil {
			t.Fatal(err)
		}
		var got []any
		for _, a := range seen {
			got = append(got, a.Number, a.StatusCode, a.Wait >= 7*time.Second, a.RequestID, errors.Is(a.Err, rest.ErrRateLimited))
			if text := string(asJSON(t, a)) + fmt.Sprintf("%+v", a); strings.Contains(text, "canary") {
				t.Errorf("a secret shows in %s", text)
			}
		}
		try.Equal(t, "attempts", got, []any{1, 429, true, "7d1f", true, 2, 429, true, "7d1f", true, 3, 200, false, "", false})
	})
}
