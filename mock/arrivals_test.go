package mock

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generated/rest"
)

// timesOf returns how many records of a page each time has.
func timesOf(records []confluenceRecord) map[int64]int {
	times := map[int64]int{}
	for _, r := range records {
		times[r.CreationDate]++
	}
	return times
}

func TestLateRecordsBecomeVisibleWithAnOlderTime(t *testing.T) {
	now := noon
	s := newTestServer(t, Confluence, WithClock(func() time.Time { return now }), WithRecords(0), WithLateRecords(5*time.Minute))
	s.SetScript(InOrder(Grown(40)))
	first := confluenceAsk(t, s, "").Size
	if first < 10 || first > 30 {
		t.Errorf("%d of 40 records are visible at once, want about half", first)
	}
	now = noon.Add(150 * time.Second)
	s.SetScript(InOrder(Grown(1)))
	second := confluenceAsk(t, s, "").Size
	if second <= first || second > 40 {
		t.Errorf("%d records are visible after half the time, want more than %d and at most 40", second, first)
	}
	now = noon.Add(10 * time.Minute)
	page := confluenceAsk(t, s, "")
	want := map[int64]int{noon.UnixMilli() + 1: 40, noon.UnixMilli() + 150_001: 1}
	if diff := cmp.Diff(want, timesOf(page.Results)); diff != "" {
		t.Errorf("records by time (-want +got)\n%s", diff)
	}
	if page.Results[0].CreationDate != noon.UnixMilli()+150_001 {
		t.Errorf("the first record is of %d, want the newest", page.Results[0].CreationDate)
	}
}

func TestLateRecordsOfJiraHaveOlderIdentifiers(t *testing.T) {
	now := noon
	s := newTestServer(t, Jira, WithClock(func() time.Time { return now }), WithRecords(0), WithLateRecords(5*time.Minute), WithScript(InOrder(Grown(40))))
	ids := func() (all []int64) {
		var page struct{ Records []jiraRecord }
		ask(t, s, "GET /rest/api/3/auditing/record").into(t, &page)
		for _, r := range page.Records {
			all = append(all, r.ID)
		}
		return all
	}
	before := ids()
	now = noon.Add(5 * time.Minute)
	after := map[int64]bool{}
	for _, id := range ids() {
		after[id] = true
	}
	for _, id := range before {
		if !after[id] {
			t.Errorf("record %d has another identifier now", id)
		}
	}
	if len(after) != 40 {
		t.Errorf("%d identifiers of 40 records", len(after))
	}
}

func TestTheClockOfTheServerIsAheadOrBehind(t *testing.T) {
	for _, c := range []struct {
		skew time.Duration
		date string
		at   time.Time
	}{
		{0, "Sun, 01 Mar 2026 12:00:00 GMT", noon},
		{-time.Hour, "Sun, 01 Mar 2026 11:00:00 GMT", noon.Add(-time.Hour)},
		{90 * time.Second, "Sun, 01 Mar 2026 12:01:30 GMT", noon.Add(90 * time.Second)},
	} {
		s := newTestServer(t, Confluence, WithClockSkew(c.skew), WithScript(InOrder(nil, Grown(1))))
		a := ask(t, s, "GET /wiki/rest/api/audit?limit=1")
		if got := a.header.Get("Date"); got != c.date {
			t.Errorf("%v: Date is %s, want %s", c.skew, got, c.date)
		}
		if got := confluenceAsk(t, s, "?limit=1").Results[0].CreationDate; got != c.at.UnixMilli()+1 {
			t.Errorf("%v: a new record is of %v, want %v", c.skew, time.UnixMilli(got).UTC(), c.at)
		}
	}
}

func TestBurstsHaveOneTime(t *testing.T) {
	s := newTestServer(t, Confluence, WithBursts(250))
	times := timesOf(confluenceAsk(t, s, "").Results)
	for at, n := range times {
		if n%250 != 0 {
			t.Errorf("%d records are of %d, want 250 of them", n, at)
		}
	}
	if len(times) > 4 || len(times) < 3 {
		t.Errorf("1000 records have %d times, want 4", len(times))
	}
	s.SetFaults(Faults{Growing: 1})
	newest := timesOf(confluenceAsk(t, s, fmt.Sprintf("?startDate=%d", noon.UnixMilli())).Results)[noon.UnixMilli()+1]
	if newest == 0 || newest%250 != 0 {
		t.Errorf("%d records were added, want whole bursts", newest)
	}
}

func TestTheOldestRecordsGoWhileALogIsRead(t *testing.T) {
	for _, burst := range []int{1, 10} {
		s := newTestServer(t, Confluence, WithBursts(burst))
		before := confluenceAsk(t, s, "").Results
		s.SetFaults(Faults{Shrinking: 1})
		for range 5 {
			after := confluenceAsk(t, s, "").Results
			gone := len(before) - len(after)
			if gone < burst || gone > 9*burst || gone%burst != 0 {
				t.Errorf("%d records of bursts of %d have gone", gone, burst)
			}
			if diff := cmp.Diff(before[:len(after)], after); diff != "" {
				t.Errorf("those that are left are not the newest (-want +got)\n%s", diff)
			}
			before = after
		}
	}
}

func TestAStreamLeadsOnBehindItsLastPage(t *testing.T) {
	type page struct {
		Data []json.RawMessage
		Meta struct{ Next *string }
	}
	at := func(s *Server, cursor string) string {
		var p page
		ask(t, s, "GET /endless"+cursor).into(t, &p)
		if p.Meta.Next == nil {
			return fmt.Sprint(len(p.Data), " and no cursor")
		}
		return fmt.Sprint(len(p.Data), " and ", *p.Meta.Next)
	}
	const file = "paging_shapes/want/openapi.yaml"
	s := document(t, file, WithRecords(120), WithStreams())
	s.SetScript(InOrder(nil, nil, nil, nil, nil, Grown(3)))
	for i, c := range []struct{ cursor, want string }{
		{"", "50 and 50"}, {"?cursor=50", "50 and 100"}, {"?cursor=100", "20 and 120"}, {"?cursor=120", "0 and 120"}, {"?cursor=120", "0 and 120"},
		{"?cursor=120", "3 and 123"}, {"?cursor=123", "0 and 123"}, {"?cursor=100", "23 and 123"},
	} {
		if got := at(s, c.cursor); got != c.want {
			t.Errorf("request %d, %q: %s, want %s", i, c.cursor, got, c.want)
		}
	}
	if got := at(document(t, file, WithRecords(120)), "?cursor=100"); got != "20 and no cursor" {
		t.Errorf("without WithStreams the last page has %s", got)
	}
}

// jsonTypes are the documented members of a record that each have the type shown by a value.
var jsonTypes = map[string]string{
	"author": "{", "remoteAddress": `"`, "creationDate": "0", "summary": `"`, "description": `"`, "category": `"`, "sysAdmin": "b", "superAdmin": "b",
	"affectedObject": "{", "changedValues": "[", "associatedObjects": "[",
}

func TestOddRecordsHaveOneMemberOfAnotherType(t *testing.T) {
	odd := func(s *Server) (n int) {
		var page struct{ Results []map[string]json.RawMessage }
		ask(t, s, "GET /wiki/rest/api/audit").into(t, &page)
		for _, r := range page.Results {
			wrong := 0
			for name, value := range r {
				kind := string(value[0])
				if strings.ContainsAny(kind, "-0123456789") {
					kind = "0"
				} else if kind == "t" || kind == "f" {
					kind = "b"
				}
				if want, documented := jsonTypes[name]; documented && kind != want {
					wrong++
				}
			}
			if n += wrong; wrong > 1 {
				t.Errorf("%d members of one record are odd: %s", wrong, r)
			}
		}
		return n
	}
	for share, want := range map[float64][2]int{0: {0, 0}, 0.1: {60, 140}, 1: {1000, 1000}} {
		if n := odd(newTestServer(t, Confluence, WithOddRecords(share))); n < want[0] || n > want[1] {
			t.Errorf("of 1000 records and a share of %v, %d are odd", share, n)
		}
	}
}

func TestClientsReportOddRecords(t *testing.T) {
	s := newTestServer(t, Jira, WithOddRecords(1), WithRecords(200))
	n := 0
	for r, err := range jiraClient(t, s, rest.WithMaxRetries(0)).AllAuditRecords(t.Context(), nil) {
		if _, ok := err.(*rest.RecordError); !ok || r == nil {
			t.Fatalf("got %v with %s", err, r.JSON.Raw())
		}
		n++
	}
	if n != 200 {
		t.Errorf("%d records, want 200", n)
	}
	a := ask(t, document(t, "paging_shapes/want/openapi.yaml", WithOddRecords(1)), "GET /endless")
	if a.status != http.StatusOK || !strings.Contains(a.body, `:true`) {
		t.Errorf("records of a listing from its schema are not odd: %s", a.body)
	}
}

func TestOptionsThatMakeNoSenseAreRefused(t *testing.T) {
	for want, opt := range map[string]Option{
		"mock: records that are -1s late: give a duration that is not negative":    WithLateRecords(-time.Second),
		"mock: bursts of -1 records: give a number from 1 to 100000":               WithBursts(-1),
		"mock: a share of 1.5 odd records: give a number from 0 (none) to 1 (all)": WithOddRecords(1.5),
	} {
		if _, err := Confluence(opt); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
