package rest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	fixture "github.com/seed-1954497d/auditgen/golden/runtime/want"
	"github.com/seed-1954497d/auditgen/templates/rest"
)

// auditLog is a server with a log, newest record first. It behaves as Confluence does, or as Jira
// on Jira's path.
type auditLog struct {
	records  []logged
	max      int                                       // the server's own limit of a page
	link     func(next int) string                     // what next links say; the usual one if nil
	before   func(l *auditLog, r *http.Request) string // may change the log before an answer, or answer itself
	requests []string
}

type logged struct {
	summary string
	at      int64
}

// newLog has n records, one per second.
func newLog(n int) *auditLog {
	l := &auditLog{max: 1000}
	for i := range n {
		l.records = append(l.records, logged{"r" + strconv.Itoa(i), 1_700_000_000_000 - int64(i)*1000})
	}
	return l
}

func (l *auditLog) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.requests = append(l.requests, r.URL.RawQuery)
	if l.before != nil {
		if text := l.before(l, r); text != "" {
			if text == "fail" {
				w.WriteHeader(500)
				return
			}
			answers(200, text)(w, r)
			return
		}
	}
	q := r.URL.Query()
	isJira := strings.Contains(r.URL.Path, "auditing")
	start, _ := strconv.Atoi(q.Get(map[bool]string{true: "offset", false: "start"}[isJira]))
	limit, err := strconv.Atoi(q.Get("limit"))
	if err != nil || limit > l.max || limit == 0 {
		limit = l.max
	}
	end, err := strconv.ParseInt(q.Get("endDate"), 10, 64)
	if isJira {
		to, bad := time.Parse("2006-01-02T15:04:05.000-0700", q.Get("to"))
		end, err = to.UnixMilli(), bad
	}
	var found []string
	for _, record := range l.records {
		if err != nil || record.at <= end {
			found = append(found, fmt.Sprintf(`{"summary":%q,"creationDate":%d}`, record.summary, record.at))
		}
	}
	some := found[min(start, len(found)):min(start+limit, len(found))]
	if isJira {
		answers(200, fmt.Sprintf(`{"offset":%d,"limit":%d,"total":%d,"records":[%s]}`, start, limit, len(l.records)*7, strings.Join(some, ",")))(w, r)
		return
	}
	next := ""
	if start+limit < len(found) {
		next = fmt.Sprintf("/rest/api/audit?start=%d&limit=%d&searchString=other", start+limit, limit)
		if l.link != nil {
			next = l.link(start + limit)
		}
		next = fmt.Sprintf(`,"next":%q`, next)
	}
	answers(200, fmt.Sprintf(`{"results":[%s],"start":%d,"limit":%d,"size":%d,"_links":{"self":"x"%s}}`, strings.Join(some, ","), start, limit, len(some), next))(w, r)
}

// want lists the summaries from one record to another.
func (l *auditLog) want(from, to int) []string {
	var list []string
	for _, r := range l.records[from:to] {
		list = append(list, r.summary)
	}
	return list
}

func (l *auditLog) client(t testing.TB) *world {
	return newWorld(t, l.ServeHTTP, rest.WithMaxRetries(0))
}

// walkThrough collects the summaries, up to max of them, and the error that ended the walk.
func walkThrough[T any](ctx context.Context, p *rest.Pager[T], max int, summary func(*T) string) (got []string, end error) {
	for item, err := range p.All(ctx) {
		if item == nil {
			end = err
			continue
		}
		if got = append(got, summary(item)); len(got) == max {
			break
		}
	}
	return got, end
}

func confluenceSummary(r *fixture.AuditRecord) string { return r.Summary }
func jiraSummary(r *fixture.JiraRecord) string        { return r.Summary }

func ptr[T any](v T) *T { return &v }

func TestAWalkYieldsEveryRecordOnce(t *testing.T) {
	for _, n := range []int{0, 1, 9, 10, 11, 30, 35} {
		for _, max := range []int{1, 10, 1000} {
			l := newLog(n)
			l.max = max
			w := l.client(t)
			got, err := walkThrough(t.Context(), w.AuditRecordsPager(&fixture.GetAuditRecordsParams{Limit: ptr(int64(10))}), -1, confluenceSummary)
			if diff := cmp.Diff(l.want(0, n), got); diff != "" || err != nil {
				t.Errorf("Confluence, %d records by %d: %v (-want +got):\n%s", n, max, err, diff)
			}
			got, err = walkThrough(t.Context(), w.JiraRecordsPager(&fixture.GetJiraRecordsParams{Limit: ptr(int64(10))}), -1, jiraSummary)
			if diff := cmp.Diff(l.want(0, n), got); diff != "" || err != nil {
				t.Errorf("Jira, %d records by %d: %v (-want +got):\n%s", n, max, err, diff)
			}
		}
	}
}

func TestTheQueryStaysOursAndTheEndIsPinned(t *testing.T) {
	l := newLog(5)
	p := l.client(t).AuditRecordsPager(&fixture.GetAuditRecordsParams{Limit: ptr(int64(2)), SearchString: "mine"})
	p.SetNow(func() time.Time { return time.UnixMilli(1_800_000_000_123).Add(456) })
	if _, err := walkThrough(t.Context(), p, -1, confluenceSummary); err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, start := range []int{0, 2, 4} {
		want = append(want, fmt.Sprintf("endDate=1800000000123&start=%d&limit=2&searchString=mine", start))
	}
	if diff := cmp.Diff(want, l.requests); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got, err := walkThrough(t.Context(), p, -1, confluenceSummary); len(got) > 0 || err != nil || len(l.requests) != 3 {
		t.Errorf("a finished walk goes on: %v %v", got, err)
	}
	l = newLog(3)
	end := time.UnixMilli(1_700_000_000_000 - 1000)
	got, err := walkThrough(t.Context(), l.client(t).AuditRecordsPager(&fixture.GetAuditRecordsParams{EndDate: end}), -1, confluenceSummary)
	if diff := cmp.Diff(l.want(1, 3), got); diff != "" || err != nil {
		t.Errorf("the caller's end: %v (-want +got):\n%s", err, diff)
	}
}

func TestAGrowingLogShiftsNothing(t *testing.T) {
	for _, jira := range []bool{false, true} {
		l := newLog(25)
		l.before = func(l *auditLog, _ *http.Request) string {
			l.records = slices.Insert(l.records, 0, logged{"new", time.Now().Add(time.Hour).UnixMilli()})
			return ""
		}
		want := l.want(0, 25)
		w := l.client(t)
		got, err := walkThrough(t.Context(), w.AuditRecordsPager(&fixture.GetAuditRecordsParams{Limit: ptr(int64(4))}), -1, confluenceSummary)
		if jira {
			got, err = walkThrough(t.Context(), w.JiraRecordsPager(&fixture.GetJiraRecordsParams{Limit: ptr(int64(4))}), -1, jiraSummary)
		}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	}
}

func TestAShrinkingLimitLosesNothing(t *testing.T) {
	for _, jira := range []bool{false, true} {
		l := newLog(40)
		l.before = func(l *auditLog, _ *http.Request) string {
			l.max = max(1, 12-3*len(l.requests))
			return ""
		}
		w := l.client(t)
		got, err := walkThrough(t.Context(), w.AuditRecordsPager(nil), -1, confluenceSummary)
		if jira {
			l.requests = nil
			got, err = walkThrough(t.Context(), w.JiraRecordsPager(nil), -1, jiraSummary)
		}
		if diff := cmp.Diff(l.want(0, 40), got); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	}
}

func TestAWalkGoesOnFromItsPosition(t *testing.T) {
	for stop := 1; stop <= 12; stop++ {
		l := newLog(11)
		w := l.client(t)
		params := &fixture.GetAuditRecordsParams{Limit: ptr(int64(4))}
		p := w.AuditRecordsPager(params)
		got, err := walkThrough(t.Context(), p, stop, confluenceSummary)
		if err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(p.Position())
		if err != nil {
			t.Fatal(err)
		}
		var at rest.Position
		if err := json.Unmarshal(data, &at); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(p.Position(), at); diff != "" || at.End.IsZero() || at.Offset != int64(min(stop, 11)) {
			t.Errorf("stop %d: position %s changes as JSON:\n%s", stop, data, diff)
		}
		elsewhere, err := walkThrough(t.Context(), w.AuditRecordsPager(params).From(at), -1, confluenceSummary)
		if diff := cmp.Diff(l.want(0, 11), append(got, elsewhere...)); diff != "" || err != nil {
			t.Errorf("stop %d: %v (-want +got):\n%s", stop, err, diff)
		}
		here, err := walkThrough(t.Context(), p, -1, confluenceSummary)
		if diff := cmp.Diff(elsewhere, here); diff != "" || err != nil {
			t.Errorf("stop %d, the same pager: %v (-want +got):\n%s", stop, err, diff)
		}
	}
}

func TestLinksContributeAPlaceAheadAndNothingElse(t *testing.T) {
	for name, link := range map[string]func(int) string{
		"another host":        func(next int) string { return fmt.Sprintf("https://evil.example/x?start=%d", next) },
		"a host by slashes":   func(next int) string { return fmt.Sprintf("//evil.example/x?start=%d&searchString=y", next) },
		"a place behind":      func(int) string { return "/x?start=0" },
		"the same place":      func(next int) string { return fmt.Sprintf("/x?start=%d", next-4) },
		"a negative place":    func(int) string { return "/x?start=-5" },
		"a place too far":     func(int) string { return "/x?start=99999999999999999999" },
		"no place":            func(int) string { return "/x" },
		"a query that breaks": func(next int) string { return fmt.Sprintf("/x?%%zz&start=%d", next) },
		"no URL":              func(int) string { return "\t://" },
	} {
		t.Run(name, func(t *testing.T) {
			l := newLog(11)
			l.link = link
			got, err := walkThrough(t.Context(), l.client(t).AuditRecordsPager(&fixture.GetAuditRecordsParams{Limit: ptr(int64(4))}), -1, confluenceSummary)
			if diff := cmp.Diff(l.want(0, 11), got); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
	l := newLog(8)
	l.link = func(next int) string { return fmt.Sprintf("/x?start=%d", next+2) }
	got, err := walkThrough(t.Context(), l.client(t).AuditRecordsPager(&fixture.GetAuditRecordsParams{Limit: ptr(int64(3))}), -1, confluenceSummary)
	if diff := cmp.Diff([]string{"r0", "r1", "r2", "r5", "r6", "r7"}, got); diff != "" || err != nil {
		t.Errorf("a server that counts what it leaves out: %v (-want +got):\n%s", err, diff)
	}
}

func TestEqualRecordsAreLegal(t *testing.T) {
	l := newLog(60)
	for i := range 50 {
		l.records[i] = logged{"same", 1_700_000_000_000}
	}
	for _, limit := range []int64{1, 2, 7} {
		got, err := walkThrough(t.Context(), l.client(t).AuditRecordsPager(&fixture.GetAuditRecordsParams{Limit: &limit}), -1, confluenceSummary)
		if diff := cmp.Diff(l.want(0, 60), got); diff != "" || err != nil {
			t.Errorf("limit %d: %v (-want +got):\n%s", limit, err, diff)
		}
	}
}

func TestAStartOfAnotherTypeCostsNothing(t *testing.T) {
	for _, start := range []string{`null`, `"4"`, `{}`} {
		l := newLog(8)
		l.before = func(l *auditLog, r *http.Request) string {
			from, _ := strconv.Atoi(r.URL.Query().Get("start"))
			if from >= 8 {
				return `{"results":[],"_links":{"next":"/x"}}`
			}
			return fmt.Sprintf(`{"results":[{"summary":"r%d"},{"summary":"r%d"}],"start":%s,"_links":{"next":"/x"}}`, from, from+1, start)
		}
		got, err := walkThrough(t.Context(), l.client(t).AuditRecordsPager(nil), -1, confluenceSummary)
		if diff := cmp.Diff(l.want(0, 8), got); diff != "" || err != nil {
			t.Errorf("start %s: %v (-want +got):\n%s", start, err, diff)
		}
	}
}

func TestARecordWithProblemsDoesNotEndTheWalk(t *testing.T) {
	l := newLog(0)
	l.before = func(*auditLog, *http.Request) string {
		return `{"results":[{"summary":"a"},{"summary":"b","author":{"type":3,"displayName":4}},"c",null,{"summary":"d"}],"limit":6}`
	}
	p := l.client(t).AuditRecordsPager(nil)
	var got []string
	for r, err := range p.All(t.Context()) {
		text := r.Summary
		if err != nil {
			var record *rest.RecordError
			if !errors.As(err, &record) {
				t.Fatal(err)
			}
			text += fmt.Sprintf(" %d %s %v", record.Index, record.Raw, err)
		}
		got = append(got, text)
	}
	want := []string{
		"a",
		`b 1 {"summary":"b","author":{"type":3,"displayName":4}} results[1].author.type: number where string is documented, and 1 more`,
		` 2 "c" results[2]: string where object is documented`,
		"",
		"d",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for items, err := range p.From(rest.Position{}).Pages(t.Context()) {
		var record *rest.RecordError
		if len(items) != 5 || !errors.As(err, &record) || strings.Count(err.Error(), "documented") != 2 {
			t.Errorf("%d items, %v", len(items), err)
		}
	}
}

func TestAFailedWalkSaysWhereItEndedAndGoesOn(t *testing.T) {
	l := newLog(10)
	l.before = func(l *auditLog, r *http.Request) string {
		if n := len(l.requests); n == 1 || n == 3 || n == 5 {
			return "fail"
		}
		return ""
	}
	p := l.client(t).AuditRecordsPager(&fixture.GetAuditRecordsParams{Limit: ptr(int64(4))})
	var got []string
	var offsets []int64
	for range 4 {
		some, err := walkThrough(t.Context(), p, -1, confluenceSummary)
		got = append(got, some...)
		var ended *rest.PageError
		var api *rest.APIError
		if errors.As(err, &ended) && errors.As(err, &api) {
			offsets = append(offsets, ended.Position.Offset)
			if ended.Position.End.IsZero() || ended.Position != p.Position() {
				t.Errorf("position %+v, pager's %+v", ended.Position, p.Position())
			}
		}
	}
	if diff := cmp.Diff(l.want(0, 10), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int64{0, 4, 8}, offsets); diff != "" {
		t.Errorf("offsets (-want +got):\n%s", diff)
	}
}

func TestPagesComeAsTheyArriveAndMixWithAll(t *testing.T) {
	l := newLog(10)
	p := l.client(t).AuditRecordsPager(&fixture.GetAuditRecordsParams{Limit: ptr(int64(4)), Start: ptr(int64(1))})
	first, _ := walkThrough(t.Context(), p, 1, confluenceSummary)
	var sizes []int
	for items, err := range p.Pages(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, len(items), int(p.Position().Offset))
	}
	if diff := cmp.Diff([]int{3, 5, 4, 9, 1, 10}, sizes); diff != "" || first[0] != "r1" {
		t.Errorf("sizes and offsets (-want +got):\n%s", diff)
	}
}
