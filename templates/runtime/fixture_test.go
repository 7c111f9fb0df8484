package runtime

import (
	"context"
	"io"
	"iter"
	"time"
)

// The files fixture*_test.go hold what the generator prints: models with their decoders, operations and pagers of two
// listings in the shapes of Confluence and Jira, and a model that has one member of each kind.

type Unit string

type GetAuditRecordsParams struct {
	StartDate    time.Time
	EndDate      time.Time
	Start        *int64
	Limit        *int64
	SearchString string
	Expand       []string
}

func (p *GetAuditRecordsParams) encode(r *request) {
	if p == nil {
		return
	}
	if !p.StartDate.IsZero() {
		r.query("startDate", form, true, formatTime(p.StartDate, unixMilli))
	}
	if !p.EndDate.IsZero() {
		r.query("endDate", form, true, formatTime(p.EndDate, unixMilli))
	}
	if p.Start != nil {
		r.query("start", form, true, *p.Start)
	}
	if p.Limit != nil {
		r.query("limit", form, true, *p.Limit)
	}
	if p.SearchString != "" {
		r.query("searchString", form, true, p.SearchString)
	}
	if len(p.Expand) > 0 {
		r.query("expand", form, false, p.Expand)
	}
}

func (c *Client) GetAuditRecords(ctx context.Context, params *GetAuditRecordsParams, opts ...CallOption) (*AuditRecordArray, error) {
	r := newRequest("GET", "/wiki/rest/api/audit", "application/json")
	params.encode(r)
	return call(ctx, c, r, opts, new(AuditRecordArray))
}

func (c *Client) CreateAuditRecord(ctx context.Context, body AuditRecord, opts ...CallOption) (*AuditRecord, error) {
	r := newRequest("POST", "/wiki/rest/api/audit", "application/json")
	r.json(&body)
	return call(ctx, c, r, opts, new(AuditRecord))
}

func (c *Client) SetSample(ctx context.Context, body Sample, opts ...CallOption) error {
	r := newRequest("PUT", "/wiki/rest/api/sample", "")
	r.json(&body)
	return callNone(ctx, c, r, opts)
}

func (c *Client) SubmitSample(ctx context.Context, body Sample, opts ...CallOption) error {
	r := newRequest("POST", "/wiki/rest/api/sample", "")
	r.form(&body)
	return callNone(ctx, c, r, opts)
}

func (c *Client) UploadAudit(ctx context.Context, body io.Reader, opts ...CallOption) error {
	r := newRequest("POST", "/wiki/rest/api/audit/import", "")
	r.stream(body, "text/csv")
	return callNone(ctx, c, r, opts)
}

func (c *Client) ExportAuditRecords(ctx context.Context, opts ...CallOption) (*Download, error) {
	r := newRequest("GET", "/wiki/rest/api/audit/export", "text/csv, application/zip")
	return callStream(ctx, c, r, opts)
}

func (c *Client) GetNote(ctx context.Context, opts ...CallOption) (string, error) {
	return callText(ctx, c, newRequest("GET", "/note", "text/plain"), opts)
}

func (c *Client) GetThing(ctx context.Context, id string, opts ...CallOption) ([]string, error) {
	r := newRequest("GET", "/things/{id}/names", "application/json")
	r.path("id", simple, false, id)
	return callValue(ctx, c, r, opts, func(d *decoder) []string { return decodeSlice(d, (*decoder).string) })
}

func (c *Client) AuditRecordsPager(params *GetAuditRecordsParams, opts ...CallOption) *Pager[AuditRecord] {
	base := valueOf(params)
	start := Position{Offset: valueOf(base.Start), End: base.EndDate}
	return newPager[AuditRecord](start, pinEnd, func(ctx context.Context, at Position) (page, error) {
		p := base
		p.Start, p.EndDate = &at.Offset, at.End
		res, err := c.GetAuditRecords(ctx, &p, at.options(opts)...)
		if err != nil {
			return page{}, err
		}
		pg := modelPage("results", res.Results)
		pg.startedAt(&res.JSON, "start", res.Start)
		pg.followLink(at, res.Links.Next)
		return pg, nil
	})
}

func (c *Client) AllAuditRecords(ctx context.Context, params *GetAuditRecordsParams, opts ...CallOption) iter.Seq2[*AuditRecord, error] {
	return c.AuditRecordsPager(params, opts...).All(ctx)
}

type GetJiraRecordsParams struct {
	Offset *int64
	Limit  *int64
	Filter string
	To     time.Time
}

func (p *GetJiraRecordsParams) encode(r *request) {
	if p == nil {
		return
	}
	if p.Offset != nil {
		r.query("offset", form, true, *p.Offset)
	}
	if p.Limit != nil {
		r.query("limit", form, true, *p.Limit)
	}
	if p.Filter != "" {
		r.query("filter", form, true, p.Filter)
	}
	if !p.To.IsZero() {
		r.query("to", form, true, formatTime(p.To, jira))
	}
}

func (c *Client) GetJiraRecords(ctx context.Context, params *GetJiraRecordsParams, opts ...CallOption) (*JiraRecords, error) {
	r := newRequest("GET", "/rest/api/3/auditing/record", "application/json")
	params.encode(r)
	return call(ctx, c, r, opts, new(JiraRecords))
}

func (c *Client) JiraRecordsPager(params *GetJiraRecordsParams, opts ...CallOption) *Pager[JiraRecord] {
	base := valueOf(params)
	start := Position{Offset: valueOf(base.Offset), End: base.To}
	return newPager[JiraRecord](start, pinEnd, func(ctx context.Context, at Position) (page, error) {
		p := base
		p.Offset, p.To = &at.Offset, at.End
		res, err := c.GetJiraRecords(ctx, &p, at.options(opts)...)
		if err != nil {
			return page{}, err
		}
		pg := modelPage("records", res.Records)
		pg.startedAt(&res.JSON, "offset", res.Offset)
		pg.advance(at, res.JSON.Has("limit"), res.Limit)
		return pg, nil
	})
}

// NewClient stands for the one that every package has.
func NewClient(baseURL string, opts ...Option) (*Client, error) {
	return newClient(baseURL, "", nil, opts)
}
