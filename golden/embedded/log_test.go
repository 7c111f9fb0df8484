package embedded_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

// auditLog is an audit log in memory, the newest record first. It answers like Confluence and like Jira.
type auditLog struct {
	records []record
	cut     int    // no page has more
	next    string // what Confluence's links to the next page begin with
	grow    bool   // each request finds a record that is newer than all before it
	failAt  string // the offset at which one request fails
}

type record struct {
	at   time.Time
	name string
}

// firstMoment is when the oldest record was made.
var firstMoment = time.UnixMilli(1643014085645).UTC()

// newLog gives a log of n records, r0 the oldest of them.
func newLog(n, cut int) *auditLog {
	l := &auditLog{cut: cut, next: "/rest/api/audit"}
	for range n {
		l.add(firstMoment.Add(time.Duration(len(l.records)) * time.Millisecond))
	}
	return l
}

func (l *auditLog) add(at time.Time) {
	l.records = slices.Insert(l.records, 0, record{at, fmt.Sprintf("r%d", len(l.records))})
}

// names gives the names that a walk has to yield, from the newest record on.
func names(n int) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("r%d", n-1-i))
	}
	return all
}

// span gives a page of the records between two moments, both included, and whether there are more.
func (l *auditLog) span(from, to time.Time, start, limit string) (page []record, offset, size int, more, ok bool) {
	if l.failAt != "" && l.failAt == start {
		l.failAt = ""
		return nil, 0, 0, false, false
	}
	within := slices.DeleteFunc(slices.Clone(l.records), func(r record) bool { return r.at.Before(from) || r.at.After(to) })
	offset, size = min(numberOr(start, 0), len(within)), min(numberOr(limit, 1000), l.cut)
	if size <= 0 {
		size = l.cut
	}
	end := min(offset+size, len(within))
	return within[offset:end], offset, size, end < len(within), true
}

func numberOr(text string, otherwise int) int {
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	return otherwise
}

// confluence answers like Confluence's /audit and /audit/since.
func (l *auditLog) confluence(r try.Request) try.Answer {
	from, to := time.Time{}, time.UnixMilli(1<<52)
	if ms := numberOr(r.Param("startDate"), 0); ms != 0 {
		from = time.UnixMilli(int64(ms))
	}
	if ms := numberOr(r.Param("endDate"), 0); ms != 0 {
		to = time.UnixMilli(int64(ms))
	}
	page, start, limit, more, ok := l.span(from, to, r.Param("start"), r.Param("limit"))
	if !ok {
		return try.Answer{Status: http.StatusInternalServerError}
	}
	records := []string{}
	for _, rec := range page {
		records = append(records, fmt.Sprintf(
			`{"author": {"displayName": "Rosa", "operations": null}, "creationDate": %d, "summary": %q}`, rec.at.UnixMilli(), rec.name))
	}
	next := ""
	if more {
		next = fmt.Sprintf(`, "next": "%s?start=%d&limit=%d"`, l.next, start+limit, limit)
	}
	if l.grow {
		l.add(to.Add(time.Millisecond))
	}
	return try.JSON(`{"results": [%s], "start": %d, "limit": %d, "size": %d, "_links": {"base": "https://x.example/wiki"%s}}`,
		strings.Join(records, ","), start, limit, len(page), next)
}

// jira answers like Jira's /auditing/record.
func (l *auditLog) jira(r try.Request) try.Answer {
	from, to := time.Time{}, time.UnixMilli(1<<52)
	for name, t := range map[string]*time.Time{"from": &from, "to": &to} {
		if text := r.Param(name); text != "" {
			at, err := time.Parse(time.RFC3339Nano, text)
			if err != nil {
				return try.Answer{Status: http.StatusBadRequest}
			}
			*t = at
		}
	}
	page, offset, limit, _, ok := l.span(from, to, r.Param("offset"), r.Param("limit"))
	if !ok {
		return try.Answer{Status: http.StatusInternalServerError}
	}
	records := []string{}
	for _, rec := range page {
		records = append(records, fmt.Sprintf(`{"summary": %q, "created": %q}`, rec.name, rec.at.Format("2006-01-02T15:04:05.000-0700")))
	}
	if l.grow {
		l.add(to.Add(time.Millisecond))
	}
	return try.JSON(`{"offset": %d, "limit": %d, "total": %d, "records": [%s]}`,
		offset, limit, len(l.records)+1000, strings.Join(records, ","))
}
