package mock

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// noon is the time of the clock in most tests.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func atNoon() time.Time { return noon }

func newTestServer(t testing.TB, start func(...Option) (*Server, error), opts ...Option) *Server {
	t.Helper()
	s := must[*Server](t)(start(append([]Option{InMemory(), WithClock(atNoon), WithRecords(1000)}, opts...)...))
	t.Cleanup(s.Close)
	return s
}

// confluenceAnswer is the tested part of a page.
type confluenceAnswer struct {
	Results            []confluenceRecord
	Start, Limit, Size int
	Links              map[string]string `json:"_links"`
}

func confluenceAsk(t testing.TB, s *Server, query string) confluenceAnswer {
	t.Helper()
	a := ask(t, s, "GET /wiki/rest/api/audit"+query)
	if a.status != http.StatusOK {
		t.Fatalf("%s: %d %s", query, a.status, a.body)
	}
	var page confluenceAnswer
	a.into(t, &page)
	return page
}

func TestConfluenceDatesAreMillisecondsAndInclusive(t *testing.T) {
	s := newTestServer(t, Confluence, WithNextLinks())
	all := confluenceAsk(t, s, "").Results
	newest, oldest := all[10].CreationDate, all[20].CreationDate
	page := confluenceAsk(t, s, fmt.Sprintf("?startDate=%d&endDate=%d", oldest, newest))
	if diff := cmp.Diff(all[10:21], page.Results); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if page := confluenceAsk(t, s, fmt.Sprintf("?startDate=%d&endDate=%d", oldest+1, newest-1)); page.Size != 9 {
		t.Errorf("got %d records between the two, want 9", page.Size)
	}
	if page := confluenceAsk(t, s, fmt.Sprintf("?startDate=%d", newest/1000)); page.Size != 1000 {
		t.Errorf("seconds are a day in 1970: got %d records since, want all 1000", page.Size)
	}
	if page := confluenceAsk(t, s, fmt.Sprintf("?endDate=%d", newest/1000)); page.Size != 0 || page.Links["next"] != "" {
		t.Errorf("seconds are a day in 1970: got %d records until then, want none", page.Size)
	}
}

func TestConfluencePagesHaveNoNextLinkByDefault(t *testing.T) {
	s := newTestServer(t, Confluence, WithRecords(25))
	for _, path := range []string{"", "/since"} {
		for start, size := range map[int]int{0: 10, 10: 10, 20: 5, 25: 0} {
			page := confluenceAsk(t, s, fmt.Sprintf("%s?number=1&units=YEARS&limit=10&start=%d", path, start))
			if next, there := page.Links["next"]; there || page.Start != start || page.Limit != 10 || page.Size != size {
				t.Errorf("%s from %d: got start %d, limit %d, size %d, next %q", path, start, page.Start, page.Limit, page.Size, next)
			}
		}
	}
}

func TestConfluencePagesHaveNextLinksIfAskedFor(t *testing.T) {
	s := newTestServer(t, Confluence, WithRecords(2500), WithNextLinks())
	page := confluenceAsk(t, s, "?limit=5000&startDate=1000")
	want := confluenceAnswer{Limit: 1000, Size: 1000, Links: map[string]string{"base": "http://127.0.0.1/wiki", "context": "/wiki",
		"self": "http://127.0.0.1/wiki/rest/api/audit?limit=5000&startDate=1000", "next": "/rest/api/audit?limit=1000&start=1000&startDate=1000"}}
	page.Results = nil
	if diff := cmp.Diff(want, page); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	var sizes []int
	for query := "?limit=999"; query != ""; {
		page := confluenceAsk(t, s, query)
		sizes = append(sizes, page.Size)
		_, next, _ := strings.Cut(page.Links["next"], "?")
		if query = ""; next != "" {
			query = "?" + next
		}
	}
	if diff := cmp.Diff([]int{999, 999, 502}, sizes); diff != "" {
		t.Errorf("sizes of pages (-want +got)\n%s", diff)
	}
}

func TestSearchStringFindsAllMatchesPageByPage(t *testing.T) {
	s := newTestServer(t, Confluence)
	want := []confluenceRecord{}
	for _, r := range confluenceAsk(t, s, "").Results {
		if strings.Contains(fmt.Sprintf("%+v", r), "Space exported") {
			want = append(want, r)
		}
	}
	if len(want) < 20 {
		t.Fatalf("only %d records to find", len(want))
	}
	for range 2 { // the second walk uses the marks of the first
		got := []confluenceRecord{}
		for start := 0; start == len(got); start += 7 {
			got = append(got, confluenceAsk(t, s, fmt.Sprintf("?searchString=space+EXPORTED&limit=7&start=%d", start)).Results...)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("(-want +got)\n%s", diff)
		}
	}
	if page := confluenceAsk(t, s, "?searchString=space+EXPORTED&limit=7&start=3"); !cmp.Equal(want[3:10], page.Results) {
		t.Errorf("from the middle (-want +got)\n%s", cmp.Diff(want[3:10], page.Results))
	}
	ask(t, s, "POST /wiki/rest/api/audit", `{"remoteAddress":"192.0.2.1","summary":"Space exported by hand","creationDate":1}`)
	ask(t, s, "PUT /wiki/rest/api/audit/retention", `{"number":1,"units":"YEARS"}`)
	made := fmt.Sprintf(`{"remoteAddress":"192.0.2.1","summary":"Space exported by hand","creationDate":%d}`, want[8].CreationDate)
	ask(t, s, "POST /wiki/rest/api/audit", made)
	page := confluenceAsk(t, s, "?searchString=space+EXPORTED&limit=7&start=7")
	if page.Results[1].Summary != "Space exported by hand" && page.Results[0].Summary != "Space exported by hand" {
		t.Errorf("a record that was created in between is not found: %+v", page.Results)
	}
}

func TestSinceCountsBackFromNow(t *testing.T) {
	s := newTestServer(t, Confluence)
	days := func(d int) int {
		return confluenceAsk(t, s, fmt.Sprintf("?startDate=%d", noon.AddDate(0, 0, -d).UnixMilli())).Size
	}
	cases := map[string]int{"": confluenceAsk(t, s, fmt.Sprintf("?startDate=%d", noon.AddDate(0, -3, 0).UnixMilli())).Size,
		"?number=10&units=DAYS": days(10), "?number=20&units=HALF_DAYS": days(10), "?number=2&units=WEEKS": days(14), "?number=864000000&units=MILLIS": days(10),
		"?number=240&units=HOURS": days(10), "?number=1&units=CENTURIES": 1000, "?number=9223372036854775807&units=DAYS": 1000, "?number=0&units=DAYS": 0,
		"?number=-5&units=MONTHS": 0, "?number=9223372036854775807&units=NANOS": 1000, "?number=9223372036854775807&units=CENTURIES": 1000}
	for query, want := range cases {
		if got := confluenceAsk(t, s, "/since"+query).Size; got != want {
			t.Errorf("%s: got %d records, want %d", query, got, want)
		}
	}
}

func TestCreatedRecordsAreSortedByTime(t *testing.T) {
	s := newTestServer(t, Confluence)
	before := confluenceAsk(t, s, "?limit=4").Results
	at := before[1].CreationDate + 1
	made := ask(t, s, "POST /wiki/rest/api/audit", fmt.Sprintf(`{"remoteAddress":"192.0.2.1","summary":"Now and then","creationDate":%d,"risk":{"n":1.50}}`, at))
	if made.status != http.StatusOK || !strings.Contains(made.body, `"risk":{"n":1.50}`) || !strings.Contains(made.body, `"operations":null`) {
		t.Errorf("%d %s", made.status, made.body)
	}
	ask(t, s, "POST /wiki/rest/api/audit", `{"remoteAddress":"192.0.2.2","author":{"type":"user","displayName":"Ada"}}`)
	after := confluenceAsk(t, s, "?limit=6").Results
	if after[0].CreationDate != noon.UnixMilli() || after[0].Author.DisplayName != "Ada" {
		t.Errorf("the newest is %+v, want the record that was created last", after[0])
	}
	if after[2].Summary != "Now and then" || after[2].CreationDate != at {
		t.Errorf("the third is %+v, want the record that was created between the others", after[2])
	}
	if diff := cmp.Diff(before, append(after[1:2:2], after[3:]...)); diff != "" {
		t.Errorf("the others (-want +got)\n%s", diff)
	}
}

func TestRetentionIsStoredAndDeletesRecords(t *testing.T) {
	s := newTestServer(t, Confluence)
	if got := ask(t, s, "GET /wiki/rest/api/audit/retention").body; got != `{"number":1,"units":"YEARS"}`+"\n" {
		t.Errorf("at first: %s", got)
	}
	for _, refused := range []string{`{"number":13,"units":"MONTHS"}`, `{"number":1,"units":"FOREVER"}`, `{"number":0,"units":"DAYS"}`, `{"number":-1,"units":"DAYS"}`, `{"number":367,"units":"DAYS"}`} {
		if a := ask(t, s, "PUT /wiki/rest/api/audit/retention", refused); a.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s, want a refusal", refused, a.status, a.body)
		}
	}
	month := confluenceAsk(t, s, fmt.Sprintf("?startDate=%d", noon.AddDate(0, 0, -30).UnixMilli())).Size
	for _, period := range []string{`{"number":30,"units":"DAYS"}`, `{"number":1,"units":"YEARS"}`} {
		ask(t, s, "PUT /wiki/rest/api/audit/retention", period)
		if got := ask(t, s, "GET /wiki/rest/api/audit/retention").body; got != period+"\n" {
			t.Errorf("got %s, want %s", got, period)
		}
		if got := confluenceAsk(t, s, "").Size; got != month {
			t.Errorf("after %s there are %d records, want %d: deleted records do not come back", period, got, month)
		}
	}
}

func TestExportsHaveTheRecordsOfTheListing(t *testing.T) {
	s := newTestServer(t, Confluence)
	all := confluenceAsk(t, s, "").Results
	ask(t, s, "POST /wiki/rest/api/audit", `{"remoteAddress":"192.0.2.1","summary":"New, \"quoted\"","author":{"type":"user","displayName":"Ada","timeZone":5}}`)
	all = append([]confluenceRecord{{CreationDate: noon.UnixMilli(), Author: confluenceAuthor{DisplayName: "Ada"}, Summary: `New, "quoted"`}}, all...)
	query := fmt.Sprintf("?startDate=%d&endDate=%d", all[400].CreationDate, all[0].CreationDate)
	plain := ask(t, s, "GET /wiki/rest/api/audit/export"+query)
	zipped := ask(t, s, "GET /wiki/rest/api/audit/export"+query+"&format=zip")
	archive := must[*zip.Reader](t)(zip.NewReader(strings.NewReader(zipped.body), int64(len(zipped.body))))
	file := must[io.ReadCloser](t)(archive.File[0].Open())
	if data := must[[]byte](t)(io.ReadAll(file)); string(data) != plain.body {
		t.Errorf("the zip does not contain the CSV")
	}
	var header [2]string
	for i, a := range []answered{plain, zipped} {
		header[i] = a.header.Get("Content-Type") + " " + a.header.Get("Content-Disposition")
	}
	if want := [2]string{`text/csv attachment; filename="auditlog.csv"`, `application/zip attachment; filename="auditlog.zip"`}; header != want {
		t.Errorf("headers (-want +got)\n%s", cmp.Diff(want, header))
	}
	rows := must[[][]string](t)(csv.NewReader(bytes.NewReader([]byte(plain.body))).ReadAll())
	if len(rows) != 402 {
		t.Fatalf("got %d lines, want a header and 401 records", len(rows))
	}
	for i, row := range rows[1:] {
		r := all[i]
		want := time.UnixMilli(r.CreationDate).UTC().Format("2006-01-02T15:04:05.000Z") + " " + r.Author.DisplayName + " " + r.Summary
		if got := row[0] + " " + row[1] + " " + row[5]; got != want {
			t.Fatalf("line %d is %q, want %q", i+2, got, want)
		}
	}
}

func TestRecordsLookLikeCapturedOnes(t *testing.T) {
	s := newTestServer(t, Confluence)
	body := ask(t, s, "GET /wiki/rest/api/audit").body
	if strings.Count(body, `"operations":null`) != 1000 {
		t.Errorf("operations is not null in every record")
	}
	seen := map[string]int{}
	for _, r := range confluenceAsk(t, s, "").Results {
		if r.Author.DisplayName == "System" {
			seen["System"]++
			if r.Author.AccountID != "" {
				t.Errorf("System has an account: %+v", r)
			}
		} else if r.Author.AccountID == "" {
			t.Errorf("an author without an account: %+v", r)
		}
		for what, there := range map[string]bool{"nothing affected": r.AffectedObject == confluenceObject{}, "superAdmin": r.SuperAdmin != nil, "no superAdmin": r.SuperAdmin == nil,
			"isGuest": r.Author.IsGuest != nil, "username": r.Author.Username != nil, "undocumented": r.Container != nil || r.Author.TimeZone != ""} {
			if there {
				seen[what]++
			}
		}
	}
	for _, what := range []string{"System", "nothing affected", "superAdmin", "no superAdmin", "isGuest", "username", "undocumented"} {
		if seen[what] < 10 {
			t.Errorf("%s: seen %d times in 1000 records", what, seen[what])
		}
	}
	twins := 0
	whole := newConfluence(&settings{records: 10_000, clock: atNoon}).log
	for i := 1; i < whole.n; i++ {
		if whole.origin(i) != i && whole.base(i) == whole.base(i-1) {
			twins++
		}
	}
	if twins < 5 {
		t.Errorf("%d equal records in one millisecond in 10,000 records, want some", twins)
	}
}
