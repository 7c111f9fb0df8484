package mock

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/seed-1954497d/auditgen/internal/sample"
)

// confluenceSite is the audit log of a Confluence site.
type confluenceSite struct {
	log       *auditLog
	retention chan retention // holds the current one
	linked    bool           // pages have _links.next
	odd       float64        // share of odd records
}

const (
	confluencePath  = "/wiki/rest/api/audit"
	confluenceBase  = "/wiki" // base of the links in a response
	maxPage         = 1000
	defaultNumber   = 3
	defaultUnits    = "MONTHS"
	maxRetainMonths = 12
)

func newConfluence(set *settings) *confluenceSite {
	c := &confluenceSite{log: newAuditLog(set.seed, set), retention: make(chan retention, 1), linked: set.linked, odd: set.odd}
	first := retention{1, "YEARS"}
	c.retention <- first
	c.log.keep = first.oldest
	return c
}

// confluenceRecord is a record on the wire. Its members are those of captured records. Container is
// undocumented.
type confluenceRecord struct {
	Author            confluenceAuthor   `json:"author"`
	RemoteAddress     string             `json:"remoteAddress"`
	CreationDate      int64              `json:"creationDate"`
	Summary           string             `json:"summary"`
	Description       string             `json:"description"`
	Category          string             `json:"category"`
	SysAdmin          bool               `json:"sysAdmin"`
	SuperAdmin        *bool              `json:"superAdmin,omitempty"`
	AffectedObject    confluenceObject   `json:"affectedObject"`
	ChangedValues     []confluenceValue  `json:"changedValues"`
	AssociatedObjects []confluenceObject `json:"associatedObjects"`
	Container         *confluenceObject  `json:"container,omitempty"`
}

type confluenceAuthor struct {
	Type        string    `json:"type"`
	DisplayName string    `json:"displayName"`
	Operations  *struct{} `json:"operations"` // null in all captured records
	Username    *string   `json:"username,omitempty"`
	UserKey     *string   `json:"userKey,omitempty"`
	AccountID   string    `json:"accountId,omitempty"`
	AccountType string    `json:"accountType,omitempty"`
	PublicName  string    `json:"publicName,omitempty"`
	External    bool      `json:"externalCollaborator"`
	IsExternal  bool      `json:"isExternalCollaborator"`
	IsGuest     *bool     `json:"isGuest,omitempty"`
	TimeZone    string    `json:"timeZone,omitempty"` // undocumented
}

type confluenceObject struct {
	Name       string `json:"name"`
	ObjectType string `json:"objectType"`
}

type confluenceValue struct {
	Name           string `json:"name"`
	OldValue       string `json:"oldValue"`
	HiddenOldValue string `json:"hiddenOldValue,omitempty"`
	NewValue       string `json:"newValue"`
	HiddenNewValue string `json:"hiddenNewValue,omitempty"`
}

// record makes the record of a computed entry.
func (c *confluenceSite) record(e entry) confluenceRecord {
	ev := newEvent(confluenceKinds, c.log.seed, c.log.origin(e.index))
	r := confluenceRecord{Author: confluenceAuthorOf(&ev), RemoteAddress: ev.ip, CreationDate: e.at, Summary: ev.kind.summary, Description: ev.detail,
		Category: ev.kind.category, SysAdmin: ev.bit(10, 9), ChangedValues: []confluenceValue{}, AssociatedObjects: []confluenceObject{}}
	if ev.what != "" {
		r.AffectedObject = confluenceObject{ev.what, ev.kind.object}
	}
	if ev.kind.field != "" {
		r.ChangedValues = append(r.ChangedValues, confluenceValue{Name: ev.kind.field, OldValue: ev.old, NewValue: ev.new})
	}
	if ev.bit(11, 3) {
		r.AssociatedObjects = append(r.AssociatedObjects, confluenceObject{groupNames[ev.number(12, len(groupNames))], "Group"})
	}
	if ev.bit(13, 2) {
		yes := r.SysAdmin
		r.SuperAdmin = &yes
	}
	if ev.bit(14, 8) {
		r.Container = &confluenceObject{spaceNames[ev.number(15, len(spaceNames))], "Space"}
	}
	return r
}

func confluenceAuthorOf(ev *event) confluenceAuthor {
	if ev.who == (person{}) {
		return confluenceAuthor{Type: "user", DisplayName: "System"}
	}
	a := confluenceAuthor{Type: "user", DisplayName: ev.who.name, AccountID: ev.who.account, AccountType: "atlassian", PublicName: ev.who.name}
	if ev.bit(20, 3) {
		guest := ev.bit(21, 5)
		a.IsGuest = &guest
	}
	if ev.bit(22, 4) {
		empty := ""
		a.Username, a.UserKey = &empty, &empty
	}
	if ev.bit(23, 10) {
		a.TimeZone = "Europe/Oslo"
	}
	return a
}

// json returns a record on the wire.
func (c *confluenceSite) json(e entry) (json.RawMessage, error) {
	if e.body != nil {
		return e.body, nil
	}
	return json.Marshal(oddly(c.record(e), c.odd, sample.Mix(c.log.seed, uint64(e.index)), "container"))
}

// matching returns the filter for a searchString.
func (c *confluenceSite) matching(search string) filter {
	search = strings.ToLower(search)
	if search == "" {
		return filter{}
	}
	return filter{search, func(e entry) bool {
		if e.body != nil {
			return holds(textsOf(e.body), search)
		}
		return holds(c.texts(e), search)
	}}
}

// texts returns the searched texts of a record.
func (c *confluenceSite) texts(e entry) []string {
	r := c.record(e)
	texts := []string{r.Summary, r.Category, r.Author.DisplayName, r.RemoteAddress, r.Description, r.AffectedObject.Name, r.AffectedObject.ObjectType, r.Author.AccountID}
	for _, v := range r.ChangedValues {
		texts = append(texts, v.Name, v.OldValue, v.NewValue)
	}
	for _, o := range r.AssociatedObjects {
		texts = append(texts, o.Name, o.ObjectType)
	}
	return texts
}

// textsOf returns all texts in a JSON value except names of members.
func textsOf(data []byte) []string {
	var v any
	_ = json.Unmarshal(data, &v) // valid, because this package encoded it
	var texts []string
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			texts = append(texts, v)
		case []any:
			for _, item := range v {
				walk(item)
			}
		case map[string]any:
			for _, member := range v {
				walk(member)
			}
		}
	}
	walk(v)
	return texts
}

type confluencePage struct {
	Results []json.RawMessage `json:"results"`
	Start   int               `json:"start"`
	Limit   int               `json:"limit"`
	Size    int               `json:"size"`
	Links   confluenceLinks   `json:"_links"`
}

type confluenceLinks struct {
	Base    string `json:"base"`
	Context string `json:"context"`
	Next    string `json:"next,omitempty"`
	Self    string `json:"self"`
}

// list answers GET /wiki/rest/api/audit.
func (c *confluenceSite) list(x *exchange) {
	q := x.query
	from, err1 := parseMillis("startDate", q.Get("startDate"), always.from)
	to, err2 := parseMillis("endDate", q.Get("endDate"), always.to)
	if err := errors.Join(err1, err2); err != nil {
		x.refuse(http.StatusBadRequest, lines(err)...)
		return
	}
	c.page(x, period{from, to})
}

// listSince answers GET /wiki/rest/api/audit/since.
func (c *confluenceSite) listSince(x *exchange) {
	q := x.query
	unit := defaultUnits
	if text := q.Get("units"); text != "" {
		unit = text
	}
	from, ok := ago(c.log.now(), int64(x.number("number", defaultNumber)), unit)
	if !ok {
		x.refuse(http.StatusBadRequest, fmt.Sprintf("query parameter units: unknown unit %.40q", unit))
		return
	}
	c.page(x, period{from.UnixMilli(), always.to})
}

// page answers with a page of a period. As in the real API, the limit is cut to maxPage, which the
// response says. There is no link to the next page without WithNextLinks.
func (c *confluenceSite) page(x *exchange, in period) {
	x.changing(c.log)
	view := c.log.look()
	p := confluencePage{Start: x.start(x.number("start", 0)), Limit: max(0, min(x.number("limit", maxPage), x.pageLimit()))}
	entries, more := c.log.page(&view, in, c.matching(x.query.Get("searchString")), p.Start, p.Limit)
	p.Results, p.Size = make([]json.RawMessage, len(entries)), len(entries)
	for i, e := range entries {
		var err error
		if p.Results[i], err = c.json(e); err != nil {
			x.refuse(http.StatusInternalServerError, err.Error())
			return
		}
	}
	p.Links = confluenceLinks{Base: x.origin() + confluenceBase, Context: confluenceBase, Self: x.origin() + x.r.URL.RequestURI()}
	if c.linked && more && p.Size > 0 {
		p.Links.Next = nextLink(x.r.URL, p.Start+p.Size, p.Limit)
	}
	writeJSON(x.w, http.StatusOK, p)
}

// nextLink returns the link to the page that starts at start, relative to the base of the site.
func nextLink(self *url.URL, start, limit int) string {
	query := self.Query()
	query.Set("start", strconv.Itoa(start))
	query.Set("limit", strconv.Itoa(limit))
	return strings.TrimPrefix(self.Path, confluenceBase) + "?" + query.Encode()
}

// create answers POST /wiki/rest/api/audit. It adds the record to the log at its time.
func (c *confluenceSite) create(x *exchange) {
	var r map[string]any
	d := json.NewDecoder(x.r.Body)
	d.UseNumber()
	if err := d.Decode(&r); err != nil || r == nil {
		x.refuse(http.StatusBadRequest, "body: expected a JSON object with remoteAddress")
		return
	}
	at := c.log.now().UnixMilli()
	if given, there := r["creationDate"]; there {
		n, ok := given.(json.Number)
		ms, err := n.Int64()
		if !ok || err != nil {
			x.refuse(http.StatusBadRequest, "body: creationDate is not a whole number of milliseconds since 1970")
			return
		}
		at = ms
	}
	completeRecord(r, at)
	body, err := json.Marshal(r)
	if err != nil {
		x.refuse(http.StatusInternalServerError, err.Error())
		return
	}
	if err := c.log.add(at, body); err != nil {
		x.refuse(http.StatusInsufficientStorage, err.Error())
		return
	}
	writeJSON(x.w, http.StatusOK, json.RawMessage(body))
}

// completeRecord adds the members that the real server adds.
func completeRecord(r map[string]any, at int64) {
	set := func(m map[string]any, name string, value any) {
		if _, there := m[name]; !there {
			m[name] = value
		}
	}
	r["creationDate"] = at
	set(r, "author", map[string]any{"type": "user", "displayName": "Unknown user"})
	if author, ok := r["author"].(map[string]any); ok {
		author["operations"] = nil
	}
	for _, name := range []string{"summary", "description", "category"} {
		set(r, name, "")
	}
	set(r, "sysAdmin", false)
	set(r, "superAdmin", false)
	set(r, "affectedObject", confluenceObject{})
	set(r, "changedValues", []any{})
	set(r, "associatedObjects", []any{})
}

// retention is the retention period.
type retention struct {
	Number int64  `json:"number"`
	Units  string `json:"units"`
}

// oldest returns the time before which records are deleted.
func (r retention) oldest(now time.Time) time.Time {
	at, _ := ago(now, r.Number, r.Units) // checked when it was set
	return at
}

// getRetention answers GET /wiki/rest/api/audit/retention.
func (c *confluenceSite) getRetention(x *exchange) {
	now := <-c.retention
	c.retention <- now
	writeJSON(x.w, http.StatusOK, now)
}

// setRetention answers PUT /wiki/rest/api/audit/retention. It deletes older records for good.
func (c *confluenceSite) setRetention(x *exchange) {
	var wanted retention
	if err := json.NewDecoder(x.r.Body).Decode(&wanted); err != nil {
		x.refuse(http.StatusBadRequest, `body: expected a JSON object such as {"number":90,"units":"DAYS"}`)
		return
	}
	now := c.log.now()
	oldest, ok := ago(now, wanted.Number, wanted.Units)
	if wanted.Number <= 0 || !ok || oldest.Before(now.AddDate(0, -maxRetainMonths, 0)) {
		x.refuse(http.StatusBadRequest, "body: records are kept for at least one unit and at most one year")
		return
	}
	<-c.retention
	c.log.retain(wanted.oldest)
	c.retention <- wanted
	writeJSON(x.w, http.StatusOK, wanted)
}
