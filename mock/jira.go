package mock

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/seed-1954497d/auditgen/internal/sample"
)

// jiraSite is the audit log of a Jira site.
type jiraSite struct {
	log *auditLog
	odd float64 // share of odd records
}

const (
	jiraPath   = "/rest/api/3/auditing/record"
	jiraLayout = "2006-01-02T15:04:05.000-0700" // format of times in Jira, without a colon in the zone
	firstID    = 10_000
	idStep     = 5 // largest gap between identifiers
)

// jiraRecord is a record on the wire. SessionID is undocumented.
type jiraRecord struct {
	ID              int64       `json:"id"`
	Summary         string      `json:"summary"`
	RemoteAddress   string      `json:"remoteAddress,omitempty"`
	AuthorKey       string      `json:"authorKey,omitempty"`
	AuthorAccountID string      `json:"authorAccountId,omitempty"`
	Created         string      `json:"created"`
	Category        string      `json:"category"`
	EventSource     string      `json:"eventSource"`
	Description     string      `json:"description,omitempty"`
	ObjectItem      jiraItem    `json:"objectItem"`
	ChangedValues   []jiraValue `json:"changedValues,omitempty"`
	AssociatedItems []jiraItem  `json:"associatedItems,omitempty"`
	SessionID       string      `json:"sessionId,omitempty"`
}

type jiraItem struct {
	ID         string `json:"id,omitempty"`
	Name       string `json:"name,omitempty"`
	TypeName   string `json:"typeName,omitempty"`
	ParentID   string `json:"parentId,omitempty"`
	ParentName string `json:"parentName,omitempty"`
}

type jiraValue struct {
	FieldName   string `json:"fieldName"`
	ChangedFrom string `json:"changedFrom,omitempty"`
	ChangedTo   string `json:"changedTo,omitempty"`
}

// record makes the record of an entry. Unlike in Confluence, twins differ: they have identifiers.
func (j *jiraSite) record(e entry) jiraRecord {
	ev := newEvent(jiraKinds, j.log.seed, j.log.origin(e.index))
	r := jiraRecord{ID: firstID + int64(e.index)*idStep + int64(sample.Mix(j.log.seed, uint64(e.index))%idStep), Summary: ev.kind.summary, RemoteAddress: ev.ip,
		AuthorAccountID: ev.who.account, Created: time.UnixMilli(e.at).UTC().Format(jiraLayout), Category: ev.kind.category, Description: ev.detail}
	if ev.who != (person{}) {
		r.AuthorKey = "ug:" + ev.who.account[8:]
	}
	if ev.bit(30, 4) {
		r.EventSource = "Directory sync"
	}
	if ev.what != "" {
		r.ObjectItem = jiraItem{ID: fmt.Sprint(10_000 + ev.number(31, 900)), Name: ev.what, TypeName: ev.kind.object}
		if r.ObjectItem.TypeName == "USER" {
			r.ObjectItem.ID, r.ObjectItem.ParentID, r.ObjectItem.ParentName = accountOf(ev.what), "10000", "Site directory"
		}
	}
	if ev.kind.field != "" {
		r.ChangedValues = []jiraValue{{ev.kind.field, ev.old, ev.new}}
	}
	if ev.bit(32, 3) {
		group := groupNames[ev.number(33, len(groupNames))]
		r.AssociatedItems = []jiraItem{{ID: group, Name: group, TypeName: "GROUP", ParentID: "10000", ParentName: "Site directory"}}
	}
	if ev.bit(34, 8) {
		r.SessionID = fmt.Sprintf("%016x", ev.seed)
	}
	return r
}

func accountOf(name string) string {
	for _, p := range people {
		if p.name == name {
			return p.account
		}
	}
	return ""
}

// matching returns the filter for words. Each word must be in one of the searched fields.
func (j *jiraSite) matching(text string) filter {
	words := strings.Fields(strings.ToLower(text))
	if len(words) == 0 {
		return filter{}
	}
	return filter{strings.Join(words, " "), func(e entry) bool {
		texts := j.texts(e)
		for _, word := range words {
			if !holds(texts, word) {
				return false
			}
		}
		return true
	}}
}

func (j *jiraSite) texts(e entry) []string {
	r := j.record(e)
	texts := []string{r.Summary, r.Category, r.EventSource, r.ObjectItem.Name, r.ObjectItem.ParentName, r.ObjectItem.TypeName, r.RemoteAddress}
	if r.ObjectItem.TypeName == "USER" {
		texts = append(texts, r.ObjectItem.ID)
	}
	for _, v := range r.ChangedValues {
		texts = append(texts, v.ChangedFrom, v.ChangedTo)
	}
	return texts
}

type jiraPage struct {
	Offset  int   `json:"offset"`
	Limit   int   `json:"limit"`
	Total   int   `json:"total"` // ignores the filter
	Records []any `json:"records"`
}

// list answers GET /rest/api/3/auditing/record. As in the real API, a limit above maxPage or below
// 1 becomes maxPage without a word, a time without a zone matches nothing, and the total ignores
// filters.
func (j *jiraSite) list(x *exchange) {
	in, lost := always, false
	var wrong []string
	for i, bound := range []*int64{&in.from, &in.to} {
		name := [...]string{"from", "to"}[i]
		text := x.query.Get(name)
		if text == "" {
			continue
		}
		at, hasZone, err := parseMoment(text)
		if err != nil {
			wrong = append(wrong, fmt.Sprintf("query parameter %s: %.60q %v", name, text, err))
		}
		*bound = at.UnixMilli()
		if name == "from" && at.Nanosecond()%1e6 != 0 {
			*bound++ // round up to a whole millisecond
		}
		lost = lost || !hasZone
	}
	if len(wrong) > 0 {
		x.refuse(http.StatusBadRequest, wrong...)
		return
	}
	x.changing(j.log)
	view := j.log.look()
	p := jiraPage{Offset: x.start(x.number("offset", 0)), Limit: x.number("limit", maxPage), Total: view.len(), Records: []any{}}
	if most := x.pageLimit(); p.Limit <= 0 || p.Limit > most {
		p.Limit = most
	}
	if !lost {
		entries, _ := j.log.page(&view, in, j.matching(x.query.Get("filter")), p.Offset, p.Limit)
		for _, e := range entries {
			p.Records = append(p.Records, oddly(j.record(e), j.odd, sample.Mix(j.log.seed, uint64(e.index)), "sessionId"))
		}
	}
	writeJSON(x.w, http.StatusOK, p)
}
