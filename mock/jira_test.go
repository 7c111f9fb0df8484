package mock

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// jiraAnswer is a page.
type jiraAnswer struct {
	Offset, Limit, Total int
	Records              []jiraRecord
}

func jiraAsk(t testing.TB, s *Server, query string) jiraAnswer {
	t.Helper()
	a := ask(t, s, "GET /rest/api/3/auditing/record"+query)
	if a.status != http.StatusOK {
		t.Fatalf("%s: %d %s", query, a.status, a.body)
	}
	var page jiraAnswer
	a.into(t, &page)
	return page
}

func TestJiraAcceptsTimesWithAZone(t *testing.T) {
	s := newTestServer(t, Jira)
	all := jiraAsk(t, s, "").Records
	from, to := must[time.Time](t)(time.Parse(jiraLayout, all[20].Created)), must[time.Time](t)(time.Parse(jiraLayout, all[10].Created))
	for name, layout := range map[string]string{"Z": "2006-01-02T15:04:05.000Z", "escaped": "2006-01-02T15:04:05.000-0700", "with a colon": "2006-01-02T15:04:05.000+00:00"} {
		query := url.Values{"from": {from.Format(layout)}, "to": {to.Format(layout)}}
		page := jiraAsk(t, s, "?"+query.Encode())
		if diff := cmp.Diff(all[10:21], page.Records); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		if page.Total != 1000 {
			t.Errorf("%s: the total is %d, want 1000, whatever the request", name, page.Total)
		}
	}
	const finer = "2006-01-02T15:04:05.000000Z"
	between := url.Values{"from": {from.Add(time.Microsecond).Format(finer)}, "to": {to.Add(999 * time.Microsecond).Format(finer)}}
	if diff := cmp.Diff(all[10:20], jiraAsk(t, s, "?"+between.Encode()).Records); diff != "" {
		t.Errorf("times between two milliseconds (-want +got)\n%s", diff)
	}
	lost := jiraAsk(t, s, "?from="+from.Format("2006-01-02T15:04:05.000"))
	if diff := cmp.Diff(jiraAnswer{Limit: 1000, Total: 1000, Records: []jiraRecord{}}, lost); diff != "" {
		t.Errorf("without a zone (-want +got)\n%s", diff)
	}
	raw := ask(t, s, "GET /rest/api/3/auditing/record?to="+from.Format("2006-01-02T15:04:05.000")+"+0000")
	want := `{"errorMessages":["query parameter to: string doesn't match the format \"date-time\" (is not a time: an unescaped + is a space in a query: write Z or %2B0000)"],"errors":{}}` + "\n"
	if raw.status != http.StatusBadRequest || raw.body != want {
		t.Errorf("%d (-want +got)\n%s", raw.status, cmp.Diff(want, raw.body))
	}
}

func TestJiraCutsLimitsWithoutAWord(t *testing.T) {
	s := newTestServer(t, Jira, WithRecords(1500))
	for query, want := range map[string][3]int{"?limit=5000": {0, 1000, 1000}, "?limit=0": {0, 1000, 1000}, "": {0, 1000, 1000}, "?offset=1400&limit=200": {1400, 200, 100},
		"?offset=1500": {1500, 1000, 0}, "?offset=999999": {999999, 1000, 0}} {
		page := jiraAsk(t, s, query)
		if got := [3]int{page.Offset, page.Limit, len(page.Records)}; got != want {
			t.Errorf("%q: offset, limit and records are %v, want %v", query, got, want)
		}
	}
}

func TestEveryWordOfAJiraFilterMustMatch(t *testing.T) {
	s := newTestServer(t, Jira)
	page := jiraAsk(t, s, "?filter=own+TER")
	if len(page.Records) < 20 || page.Total != 1000 {
		t.Errorf("got %d records of %d, want some of 1000", len(page.Records), page.Total)
	}
	for _, r := range page.Records {
		if r.Category != "filter settings" && !strings.Contains(strings.ToLower(r.Summary+r.ObjectItem.Name+r.EventSource), "own") {
			t.Errorf("own and ter do not occur in %+v", r)
		}
	}
	if none := jiraAsk(t, s, "?filter=own+nowhere"); len(none.Records) != 0 || none.Total != 1000 {
		t.Errorf("got %d records of %d, want none of 1000", len(none.Records), none.Total)
	}
}

func TestJiraIdentifiersDecreaseWithGaps(t *testing.T) {
	s := newTestServer(t, Jira)
	gaps, authored := 0, 0
	records := jiraAsk(t, s, "").Records
	for i, r := range records {
		if i > 0 && r.ID >= records[i-1].ID {
			t.Fatalf("%d comes after %d", r.ID, records[i-1].ID)
		}
		if i > 0 && records[i-1].ID-r.ID > 1 {
			gaps++
		}
		if (r.AuthorKey == "") != (r.AuthorAccountID == "") {
			t.Errorf("authorAccountId is not in every authored record: %+v", r)
		}
		if r.AuthorAccountID != "" {
			authored++
		}
	}
	if gaps < 500 || authored < 900 || authored == 1000 {
		t.Errorf("%d gaps and %d authors in 1000 records", gaps, authored)
	}
}
