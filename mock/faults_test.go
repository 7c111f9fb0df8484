package mock

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generated/rest"
)

func TestFaultsLookLikeThoseOfRealServers(t *testing.T) {
	get := func(t *testing.T, f Faults) answered {
		return ask(t, newTestServer(t, Confluence, WithFaults(f)), "GET /wiki/rest/api/audit?limit=1")
	}
	t.Run("rate-limit", func(t *testing.T) {
		a := get(t, Faults{RateLimit: 1})
		got := []any{a.status, a.header.Get("X-RateLimit-Reset"), a.header.Get("RateLimit-Reason"), strings.Contains("123", a.header.Get("Retry-After"))}
		if diff := cmp.Diff([]any{429, "2026-03-01T12:01Z", "burst-based", true}, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
	t.Run("unavailable", func(t *testing.T) {
		s := newTestServer(t, Confluence, WithFaults(Faults{Unavailable: 1}))
		waits := map[string]bool{}
		for range 20 {
			a := ask(t, s, "GET /wiki/rest/api/audit")
			if a.status != 503 || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") || !strings.HasPrefix(a.body, "<!DOCTYPE html>") {
				t.Fatalf("%d %s", a.status, a.body)
			}
			waits[a.header.Get("Retry-After")] = true
		}
		if diff := cmp.Diff(map[string]bool{"": true, "1": true}, waits); diff != "" {
			t.Errorf("Retry-After (-want +got)\n%s", diff)
		}
	})
	t.Run("expired", func(t *testing.T) {
		s := newTestServer(t, Confluence, WithFaults(Faults{Expired: 1}))
		seen := map[string]bool{}
		for range 20 {
			a := ask(t, s, "GET /wiki/rest/api/audit")
			seen[fmt.Sprint(a.status, a.header.Get("Location"), strings.HasPrefix(a.body, "<!DOCTYPE html>"))] = true
		}
		if diff := cmp.Diff(map[string]bool{"302/loginfalse": true, "200true": true}, seen); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		s.SetFaults(Faults{})
		if a := ask(t, s, "GET /login"); a.status != 200 || !strings.HasPrefix(a.body, "<!DOCTYPE html>") {
			t.Errorf("/login: %d %s", a.status, a.body)
		}
	})
	t.Run("free-plan", func(t *testing.T) {
		a := get(t, Faults{FreePlan: 1})
		want := `{"message":"Cannot make this request because you are on Free edition. Please upgrade to standard or premium.","statusCode":403}` + "\n"
		if a.status != 403 || a.body != want {
			t.Errorf("%d (-want +got)\n%s", a.status, cmp.Diff(want, a.body))
		}
	})
	t.Run("truncate", func(t *testing.T) {
		for _, target := range []string{"/wiki/rest/api/audit?limit=1", "/wiki/rest/api/audit", "/wiki/rest/api/audit/export", "/wiki/rest/api/audit/export?format=zip"} {
			s := newTestServer(t, Confluence, WithFaults(Faults{Truncate: 1}))
			r := must[*http.Request](t)(http.NewRequestWithContext(t.Context(), "GET", s.URL+target, http.NoBody))
			r.SetBasicAuth(email, token)
			resp := must[*http.Response](t)(s.Client().Do(r))
			defer resp.Body.Close()
			if data, err := io.ReadAll(resp.Body); !errors.Is(err, io.ErrUnexpectedEOF) || len(data) == 0 {
				t.Errorf("%s: %d bytes and %v, want some bytes and an unexpected EOF", target, len(data), err)
			}
		}
	})
}

func TestLatencyUsesTheClockOfSynctest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := must[*Server](t)(Confluence(InMemory(), WithRecords(10), WithFaults(Faults{Latency: 1})))
		defer s.Close()
		began := time.Now()
		ask(t, s, "GET /wiki/rest/api/audit")
		if took := time.Since(began); took <= 0 || took > maxLatency*time.Millisecond {
			t.Errorf("it took %s, want up to %d ms", took, maxLatency)
		}
	})
}

func TestTheLogGrowsDuringAWalk(t *testing.T) {
	s := newTestServer(t, Confluence, WithFaults(Faults{Growing: 1}))
	first := confluenceAsk(t, s, "?limit=500")
	if first.Results[0].CreationDate != noon.UnixMilli()+1 {
		t.Errorf("the newest record is of %d, want one that was just added", first.Results[0].CreationDate)
	}
	if page := confluenceAsk(t, s, fmt.Sprintf("?endDate=%d", noon.UnixMilli())); page.Size != 1000 {
		t.Errorf("up to a pinned end there are %d records, want the 1000 that were there", page.Size)
	}
	shifted := confluenceAsk(t, s, "?limit=500&start=500")
	if shifted.Results[0].CreationDate < first.Results[499].CreationDate {
		t.Errorf("new records did not shift the second page")
	}
}

func TestFaultsAreRepeatableAndCanBeChanged(t *testing.T) {
	statuses := func(seed uint64) string {
		s := newTestServer(t, Confluence, WithSeed(seed), WithFaults(Faults{RateLimit: 0.3, Unavailable: 0.3}))
		var all strings.Builder
		for range 30 {
			fmt.Fprint(&all, ask(t, s, "GET /wiki/rest/api/audit/retention").status, " ")
		}
		s.SetFaults(Faults{})
		if a := ask(t, s, "GET /wiki/rest/api/audit/retention"); a.status != 200 {
			t.Errorf("without faults: %d %s", a.status, a.body)
		}
		return all.String()
	}
	first := statuses(1)
	if again := statuses(1); again != first {
		t.Errorf("the same seed produces\n%s\nthen\n%s", first, again)
	}
	if other := statuses(2); other == first {
		t.Errorf("another seed produces the same: %s", other)
	}
	for _, status := range []string{"200", "429", "503"} {
		if n := strings.Count(first, status); n < 3 {
			t.Errorf("%s comes %d times in %s", status, n, first)
		}
	}
}

func TestFaultsHaveNames(t *testing.T) {
	var f Faults
	for i, name := range FaultNames() {
		if err := f.Set(name, float64(i+1)/10); err != nil {
			t.Error(err)
		}
	}
	want := Faults{RateLimit: 0.1, Unavailable: 0.2, Latency: 0.3, Truncate: 0.4, Growing: 0.5, Expired: 0.6, FreePlan: 0.7, Shrinking: 0.8}
	if f != want {
		t.Errorf("(-want +got)\n%s", cmp.Diff(want, f))
	}
}

// untimed replaces the durations in a log.
func untimed(log string) string {
	return regexp.MustCompile(`(?m)( \d{3}) [0-9.]+m?s( |$)`).ReplaceAllString(log, "$1 TIME$2")
}

func TestTheLogShowsHowLongARequestTook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		s := must[*Server](t)(Confluence(InMemory(), WithLog(&log), WithScript(InOrder(nil, Slow(1500*time.Millisecond)))))
		ask(t, s, "GET "+retentionPath)
		ask(t, s, "GET "+retentionPath)
		s.Close()
		if want := "GET " + retentionPath + " 200 0s\nGET " + retentionPath + " 200 1.5s (script)\n"; log.String() != want {
			t.Errorf("(-want +got)\n%s", cmp.Diff(want, log.String()))
		}
	})
}

func TestTheLogContainsNoSecrets(t *testing.T) {
	var log bytes.Buffer
	s := newTestServer(t, Confluence, WithLog(&log), WithFaults(Faults{FreePlan: 1}))
	ask(t, s, "GET /wiki/rest/api/audit?searchString=someone")
	s.SetFaults(Faults{})
	ask(t, s, "GET /nowhere/%1b%5B2J?token=hunter2")
	ask(t, s, "GET /wiki/rest/api/audit?limit=1&endDate=%31&api_key=hunter3&limi%74=2&hunter=")
	c := confluenceClient(t, s, rest.WithBearerToken("hunter2"))
	if _, err := c.GetRetentionPeriod(t.Context()); err != nil {
		t.Error(err)
	}
	s.Close()
	want := `GET /wiki/rest/api/audit?searchString=someone 403 TIME (free-plan)
GET /nowhere/%1b%5B2J?token=... 404 TIME
GET /wiki/rest/api/audit?limit=1&endDate=%31&api_key=...&limi%74=2&hunter=... 200 TIME
GET /wiki/rest/api/audit/retention 200 TIME
`
	if got := untimed(log.String()); got != want {
		t.Errorf("(-want +got)\n%s", cmp.Diff(want, got))
	}
}

// atStatus calls a function when the status of a response is sent.
type atStatus struct {
	*httptest.ResponseRecorder
	then func(status int)
}

func (w atStatus) WriteHeader(status int) {
	w.then(status)
	w.ResponseRecorder.WriteHeader(status)
}

func TestARequestIsLoggedBeforeTheResponseIsSent(t *testing.T) {
	for _, test := range []struct {
		name string
		with Option
		want string
	}{
		{"no fault", WithFaults(Faults{}), " 200 TIME\n"},
		{"the gateway", WithFaults(Faults{RateLimit: 1}), " 429 TIME (rate-limit)\n"},
		{"the server", WithFaults(Faults{FreePlan: 1}), " 403 TIME (free-plan)\n"},
		{"the body", WithFaults(Faults{Truncate: 1}), " 200 TIME (truncate)\n"},
		{"a script", WithScript(InOrder(Unavailable())), " 503 TIME (script)\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var log bytes.Buffer
			s := newTestServer(t, Confluence, WithLog(&log), test.with)
			r := httptest.NewRequest("GET", retentionPath, http.NoBody)
			r.SetBasicAuth(email, token)
			sent := ""
			s.Handler().ServeHTTP(atStatus{httptest.NewRecorder(), func(int) { sent = untimed(log.String()) }}, r)
			if want := "GET " + retentionPath + test.want; sent != want || untimed(log.String()) != want {
				t.Errorf("log %q when the status is sent and %q afterwards, want %q", sent, log.String(), want)
			}
		})
	}
}

func TestTheHandlerWorksWithoutAServer(t *testing.T) {
	s := newTestServer(t, Confluence, WithFaults(Faults{Truncate: 1}))
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/wiki/rest/api/audit?limit=1", http.NoBody)
	r.SetBasicAuth(email, token)
	s.Handler().ServeHTTP(w, r)
	if whole := w.Header().Get("Content-Length"); w.Code != 200 || w.Body.Len() == 0 || fmt.Sprint(w.Body.Len()) == whole {
		t.Errorf("%d, %d bytes of %s, want a part of them", w.Code, w.Body.Len(), whole)
	}
}
