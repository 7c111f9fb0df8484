package faults_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// auditLog is an audit log, the newest record first, that answers like Confluence and like Jira.
type auditLog struct {
	mu      sync.Mutex
	records []record
	limit   int                // no page has more
	grows   int                // so many records are new in each request, from the second on
	shrinks bool               // each page may have one record less than the one before, down to one
	limits  func(page int) int // instead of limit

	served [][]string // the records of each page
}

type record struct {
	at               time.Time
	confluence, jira string // as they travel
}

// now is what the clock shows when a walk starts in a bubble.
var now = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// newLog gives a log of n records, in pages of at most three. Records have members that no document mentions, and numbers and
// blanks that only exact copies keep.
func newLog(n int) *auditLog {
	l := &auditLog{limit: 3}
	for i := range n {
		l.add(now.Add(time.Duration(i-n) * time.Second))
	}
	return l
}

func (l *auditLog) add(at time.Time) {
	n := len(l.records)
	l.records = slices.Insert(l.records, 0, record{
		at: at,
		confluence: fmt.Sprintf(`{"author":{"displayName":"Rosa","operations":null}, "creationDate":%d,"summary":"r%d","risk":[1, %d.50]}`,
			at.UnixMilli(), n, n),
		jira: fmt.Sprintf(`{"id":%d,"summary":"r%d", "created":"%s","authorAccountId":"5b10","risk":{"n":%d.50}}`,
			n, n, at.Format("2006-01-02T15:04:05.000-0700"), n),
	})
}

const (
	jiraPath  = "/rest/api/3/auditing/record"
	sincePath = "/wiki/rest/api/audit/since"
)

func (r record) text(path string) string {
	if path == jiraPath {
		return r.jira
	}
	return r.confluence
}

// want gives the records that a walk has to yield, as they travel.
func (l *auditLog) want(path string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	texts := []string{}
	for _, r := range l.records {
		texts = append(texts, r.text(path))
	}
	return texts
}

// yielded gives the records of all pages that were served.
func (l *auditLog) yielded() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Concat(l.served...)
}

// page answers a request for a page of the log. shift moves it away from what was asked for.
func (l *auditLog) page(r *http.Request, shift int) reply {
	l.mu.Lock()
	defer l.mu.Unlock()
	q, path := r.URL.Query(), r.URL.Path
	offset, end, next := "start", "endDate", time.Time{}
	if path == jiraPath {
		offset, end = "offset", "to"
	}
	if text := q.Get(end); text != "" {
		at, err := parseEnd(text)
		if err != nil {
			return reply{status: http.StatusBadRequest}
		}
		next = at
	}
	l.change(next)
	within := slices.DeleteFunc(slices.Clone(l.records), func(r record) bool { return !next.IsZero() && r.at.After(next) })
	limit := l.limit
	if l.limits != nil {
		limit = l.limits(len(l.served))
	}
	if asked := number(q.Get("limit")); asked > 0 {
		limit = min(limit, asked)
	}
	start := max(0, min(number(q.Get(offset))+shift, len(within)))
	texts := []string{}
	for _, r := range within[start:min(start+limit, len(within))] {
		texts = append(texts, r.text(path))
	}
	l.served = append(l.served, texts)
	if path == jiraPath {
		return jsonReply(fmt.Sprintf(`{"offset":%d,"limit":%d,"total":4711,"records":[%s]}`, start, limit, strings.Join(texts, ",")))
	}
	link := ""
	if start+limit < len(within) {
		link = fmt.Sprintf(`,"next":"/rest/api/audit?start=%d&limit=%d"`, start+limit, limit)
	}
	return jsonReply(fmt.Sprintf(`{"results":[%s],"start":%d,"limit":%d,"size":%d,"_links":{"base":"https://x.example/wiki"%s}}`,
		strings.Join(texts, ","), start, limit, len(texts), link))
}

// change is what happens to a log while it is read.
func (l *auditLog) change(end time.Time) {
	if len(l.served) > 0 {
		for range l.grows {
			l.add(later(end))
		}
	}
	if l.shrinks {
		l.limit = max(1, l.limit-1)
	}
}

// later is after the end of a walk, or after all records where a walk has none.
func later(end time.Time) time.Time {
	if end.IsZero() {
		return now.Add(time.Hour)
	}
	return end.Add(time.Millisecond)
}

func parseEnd(text string) (time.Time, error) {
	if ms, err := strconv.ParseInt(text, 10, 64); err == nil {
		return time.UnixMilli(ms), nil
	}
	return time.Parse(time.RFC3339Nano, text)
}

// number gives 0 for what is no number.
func number(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}
