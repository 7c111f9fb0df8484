package mock

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generated/rest"
)

// cutOff sends a request for a body that breaks off or does not end. It returns up to 1 MiB of it.
func cutOff(t *testing.T, s *Server, target string) (*http.Response, []byte, error) {
	t.Helper()
	r := must[*http.Request](t)(http.NewRequestWithContext(t.Context(), "GET", s.URL+target, http.NoBody))
	r.SetBasicAuth(email, token)
	r.Header.Set("Accept-Encoding", "gzip") // otherwise the client would unpack it
	resp, err := s.Client().Do(r)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	return resp, data, err
}

const retentionPath = "/wiki/rest/api/audit/retention"

func TestFaultsThatReplaceTheResponse(t *testing.T) {
	for name, c := range map[string]struct {
		fault  Fault
		status int
		header string
		value  string
		body   string // begins with it
	}{
		"RateLimited":         {RateLimited(90 * time.Second), 429, "Retry-After", "90", `{"message":"Rate limit exceeded."`},
		"RateLimited, a part": {RateLimited(1500 * time.Millisecond), 429, "Retry-After", "2", `{"message":"Rate limit exceeded."`},
		"Unavailable":         {Unavailable(), 503, "Content-Type", "text/html;charset=UTF-8", "<!DOCTYPE html>"},
		"LoginPage":           {LoginPage(), 200, "Content-Type", "text/html;charset=UTF-8", "<!DOCTYPE html>"},
		"Redirect":            {Redirect("https://elsewhere.example/login"), 302, "Location", "https://elsewhere.example/login", ""},
		"FreePlan":            {FreePlan(), 403, "Content-Type", "application/json", `{"message":"Cannot make this request because you are on Free edition.`},
		"Answer":              {Answer(502, http.Header{"x-one": {"1"}}, "no"), 502, "X-One", "1", "no"},
		"Answer, no body":     {Answer(204, nil, "no"), 204, "Content-Length", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := newTestServer(t, Confluence, WithScript(InOrder(nil, c.fault)))
			if a := ask(t, s, "GET "+retentionPath); a.status != 200 {
				t.Errorf("the first request met a fault: %d %s", a.status, a.body)
			}
			a := ask(t, s, "GET "+retentionPath)
			if a.status != c.status || a.header.Get(c.header) != c.value || !strings.HasPrefix(a.body, c.body) {
				t.Errorf("got %d, %s %q, %s; want %d, %q, %s", a.status, c.header, a.header.Get(c.header), a.body, c.status, c.value, c.body)
			}
			if a := ask(t, s, "GET "+retentionPath); a.status != 200 {
				t.Errorf("the third request met a fault: %d %s", a.status, a.body)
			}
		})
	}
}

func TestAScriptCountsRequestsUntilItIsReplaced(t *testing.T) {
	var seen []string
	script := func(n int, r *http.Request) Fault {
		seen = append(seen, fmt.Sprint(n, " ", r.Method, " ", r.URL))
		return nil
	}
	s := newTestServer(t, Confluence)
	ask(t, s, "GET "+retentionPath)
	s.SetScript(script)
	for _, line := range []string{"GET " + retentionPath, "GET /login", "DELETE " + retentionPath, "GET /nowhere", "GET /wiki/rest/api/audit?limit=1"} {
		ask(t, s, line)
	}
	s.SetScript(script)
	ask(t, s, "GET "+retentionPath)
	s.SetScript(nil)
	ask(t, s, "GET "+retentionPath)
	want := []string{"0 GET " + retentionPath, "1 GET /wiki/rest/api/audit?limit=1", "0 GET " + retentionPath}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestFaultsThatChangeTheBody(t *testing.T) {
	const target = "/wiki/rest/api/audit?limit=1"
	whole := ask(t, newTestServer(t, Confluence), "GET "+target).body
	t.Run("Dropped", func(t *testing.T) {
		var log bytes.Buffer
		s := newTestServer(t, Confluence, WithLog(&log), WithScript(InOrder(Dropped(), Dropped())))
		if resp, _, err := cutOff(t, s, target); err == nil {
			t.Errorf("got %s, want no answer", resp.Status)
		}
		s.Close()
		if !strings.Contains(log.String(), "(script)") {
			t.Errorf("the log does not mention the script: %s", &log)
		}
	})
	for _, n := range []int{0, 1, 100} {
		t.Run(fmt.Sprint("Truncated after ", n), func(t *testing.T) {
			_, data, err := cutOff(t, newTestServer(t, Confluence, WithScript(InOrder(Truncated(n)))), target)
			if !errors.Is(err, io.ErrUnexpectedEOF) || len(data) != n {
				t.Errorf("%d bytes and %v, want %d and an unexpected EOF", len(data), err, n)
			}
		})
	}
	t.Run("Truncated after more than the body", func(t *testing.T) {
		resp, data, err := cutOff(t, newTestServer(t, Confluence, WithScript(InOrder(Truncated(1<<20)))), retentionPath)
		if err != nil || int64(len(data)) != resp.ContentLength {
			t.Errorf("%d bytes and %v, want all of it", len(data), err)
		}
	})
	t.Run("Endless", func(t *testing.T) {
		_, data, err := cutOff(t, newTestServer(t, Confluence, WithScript(InOrder(Endless(0)))), target)
		if err != nil || len(data) != 1<<20 || strings.TrimRight(string(data), " ") != whole {
			t.Errorf("%d bytes and %v, want endless white space after the body", len(data), err)
		}
	})
	t.Run("GzipBomb", func(t *testing.T) {
		const n = 10 << 20
		_, data, err := cutOff(t, newTestServer(t, Confluence, WithScript(InOrder(GzipBomb(n)))), target)
		if err != nil || len(data) > n/100 {
			t.Fatalf("%d bytes and %v, want few", len(data), err)
		}
		unpacked := must[[]byte](t)(io.ReadAll(must[*gzip.Reader](t)(gzip.NewReader(bytes.NewReader(data)))))
		if len(unpacked) < n || strings.TrimLeft(string(unpacked), " ") != whole {
			t.Errorf("unpacked it has %d bytes, want at least %d before the body", len(unpacked), n)
		}
	})
}

func TestSlowAndEndlessUseTheClockOfSynctest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := must[*Server](t)(Confluence(InMemory(), WithRecords(10), WithScript(InOrder(Slow(time.Hour), Endless(time.Minute)))))
		defer s.Close()
		began := time.Now()
		ask(t, s, "GET "+retentionPath)
		if took := time.Since(began); took != time.Hour {
			t.Errorf("Slow took %s, want an hour", took)
		}
		r := must[*http.Request](t)(http.NewRequestWithContext(t.Context(), "GET", s.URL+retentionPath, http.NoBody))
		r.SetBasicAuth(email, token)
		resp := must[*http.Response](t)(s.Client().Do(r))
		defer resp.Body.Close()
		_ = must[int64](t)(io.CopyN(io.Discard, resp.Body, 5<<10))
		if took := time.Since(began); took < time.Hour+4*time.Minute {
			t.Errorf("5 KiB arrived in %s, want a minute for each", took-time.Hour)
		}
	})
}

func TestFaultsOfPages(t *testing.T) {
	type page struct{ Start, Limit, Size int }
	pageOf := func(s *Server, query string) page {
		p := confluenceAsk(t, s, query)
		return page{p.Start, p.Limit, p.Size}
	}
	s := newTestServer(t, Confluence, WithRecords(100))
	for name, c := range map[string]struct {
		fault Fault
		query string
		want  page
	}{
		"PageLimit":                     {PageLimit(7), "", page{0, 7, 7}},
		"PageLimit above the one asked": {PageLimit(7), "?limit=5", page{0, 5, 5}},
		"PageLimit of nothing":          {PageLimit(0), "", page{0, 1, 1}},
		"two, the smaller":              {func(h http.Handler) http.Handler { return PageLimit(3)(PageLimit(9)(h)) }, "", page{0, 3, 3}},
		"Shifted on":                    {Shifted(10), "?start=20&limit=5", page{30, 5, 5}},
		"Shifted back":                  {Shifted(-10), "?start=20&limit=5", page{10, 5, 5}},
		"Shifted back before the first": {Shifted(-10), "?start=3&limit=5", page{0, 5, 5}},
		"Shifted on over the last":      {Shifted(1000), "?limit=5", page{1000, 5, 0}},
	} {
		s.SetScript(InOrder(c.fault))
		if diff := cmp.Diff(c.want, pageOf(s, c.query)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	for i, step := range []struct {
		fault Fault
		size  int
	}{{Grown(5), 105}, {Shrunk(30), 75}, {nil, 75}, {Shrunk(1000), 0}, {Shrunk(1), 0}} {
		s.SetScript(InOrder(step.fault))
		if got := pageOf(s, ""); got.Size != step.size {
			t.Errorf("step %d: %d records, want %d", i, got.Size, step.size)
		}
	}
}

func TestFaultsOfPagesApplyToOtherListings(t *testing.T) {
	j := newTestServer(t, Jira, WithScript(InOrder(PageLimit(3), Shifted(5))))
	var first, second jiraAnswer
	ask(t, j, "GET "+jiraPath).into(t, &first)
	ask(t, j, "GET "+jiraPath+"?limit=2").into(t, &second)
	if first.Limit != 3 || len(first.Records) != 3 || second.Offset != 5 {
		t.Errorf("got %d of %d, then from %d; want 3 of 3, then from 5", len(first.Records), first.Limit, second.Offset)
	}
	s := must[*Server](t)(New([]byte(`{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {"/things": {"get": {"operationId": "getThings",
		"parameters": [{"name": "startAt", "in": "query", "schema": {"type": "integer"}}, {"name": "maxResults", "in": "query", "schema": {"type": "integer"}}],
		"responses": {"200": {"description": "ok", "content": {"application/json": {"schema": {"type": "object", "properties": {
		"startAt": {"type": "integer"}, "maxResults": {"type": "integer"}, "isLast": {"type": "boolean"},
		"values": {"type": "array", "items": {"type": "string"}}}}}}}}}}}}`), WithScript(InOrder(PageLimit(3), Shifted(5)))))
	t.Cleanup(s.Close)
	var things struct {
		StartAt, MaxResults int
		Values              []string
	}
	ask(t, s, "GET /things").into(t, &things)
	if things.MaxResults != 3 || len(things.Values) != 3 {
		t.Errorf("got %d of %d, want 3 of 3", len(things.Values), things.MaxResults)
	}
	ask(t, s, "GET /things?startAt=1").into(t, &things)
	if things.StartAt != 6 {
		t.Errorf("got a page from %d, want 6", things.StartAt)
	}
}

func TestACustomFaultMayChangeTheHonestResponse(t *testing.T) {
	later := func(honest http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			got := httptest.NewRecorder()
			honest.ServeHTTP(got, r)
			_, _ = io.WriteString(w, strings.ReplaceAll(got.Body.String(), "YEARS", "AEONS"))
		})
	}
	s := newTestServer(t, Confluence, WithScript(InOrder(later)))
	if a := ask(t, s, "GET "+retentionPath); a.body != `{"number":1,"units":"AEONS"}`+"\n" {
		t.Errorf("got %s", a.body)
	}
}

// Clients read no more than their limit, whatever the server sends.
func TestClientsSurviveGzipBombsAndEndlessBodies(t *testing.T) {
	s := must[*Server](t)(New(bothDocuments(t), WithScript(func(n int, _ *http.Request) Fault {
		return []Fault{Endless(0), GzipBomb(1 << 30)}[n%2]
	})))
	t.Cleanup(s.Close)
	confluenceOptions, jiraOptions := []rest.Option{rest.WithMaxRetries(0)}, []rest.Option{rest.WithMaxRetries(0)}
	if testing.Short() { // the race detector is slow at unpacking
		confluenceOptions = append(confluenceOptions, rest.WithMaxResponseBytes(1<<20))
		jiraOptions = append(jiraOptions, rest.WithMaxResponseBytes(1<<20))
	}
	c, j := confluenceClient(t, s, confluenceOptions...), jiraClient(t, s, jiraOptions...)
	for range 2 {
		if _, err := c.GetRetentionPeriod(t.Context()); !errors.Is(err, rest.ErrTooLarge) {
			t.Errorf("Confluence: got %v, want that it is too large", err)
		}
	}
	for range 2 {
		if _, err := j.GetAuditRecords(t.Context(), nil); !errors.Is(err, rest.ErrTooLarge) {
			t.Errorf("Jira: got %v, want that it is too large", err)
		}
	}
}
