package embedded_test

import (
	"context"
	"testing"
	"time"

	"github.com/seed-1954497d/auditgen/generated/confluence"
	"github.com/seed-1954497d/auditgen/generated/jira"
	"github.com/seed-1954497d/auditgen/generated/rest"
)

var (
	from = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	to   = time.Date(2026, 3, 2, 12, 0, 0, 5e6, time.FixedZone("", 3600))
)

func newConfluence(t *testing.T, url string, opts ...rest.Option) *confluence.Client {
	t.Helper()
	opts = append([]rest.Option{rest.WithBasicAuth("ada@example.com", "t0ken"), rest.WithMaxRetries(0)}, opts...)
	c, err := confluence.NewClient(url, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func newJira(t *testing.T, url string, opts ...rest.Option) *jira.Client {
	t.Helper()
	opts = append([]rest.Option{rest.WithBasicAuth("ada@example.com", "t0ken"), rest.WithMaxRetries(0)}, opts...)
	c, err := jira.NewClient(url, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEveryConfluenceOperationMatchesTheDocument(t *testing.T) {
	d := serveDocument(t, "../../generated/confluence/openapi.yaml")
	c := newConfluence(t, d.URL)
	d.callAll(t, append(confluenceListings(c), confluenceChanges(c)...))
}

func confluenceListings(c *confluence.Client) []call {
	const audit = "GET /wiki/rest/api/audit"
	return []call{
		{"list everything", "getAuditRecords", audit, "", func(ctx context.Context) (any, error) {
			return c.GetAuditRecords(ctx, nil)
		}},
		{"list a span", "getAuditRecords",
			audit + "?startDate=1772323200000&endDate=1772449200005&searchString=a%2Bb%20c%26d&start=0&limit=25", "",
			func(ctx context.Context) (any, error) {
				return c.GetAuditRecords(ctx, &confluence.GetAuditRecordsParams{
					StartDate: from, EndDate: to, SearchString: "a+b c&d", Start: new(int64(0)), Limit: new(int64(25)),
				})
			}},
		{"list a period", "getAuditRecordsForTimePeriod",
			audit + "/since?number=2&units=HALF_DAYS&searchString=x&start=10&limit=5", "",
			func(ctx context.Context) (any, error) {
				return c.GetAuditRecordsForTimePeriod(ctx, &confluence.GetAuditRecordsForTimePeriodParams{
					Number: new(int64(2)), Units: confluence.GetAuditRecordsForTimePeriodUnitsHalfDays, SearchString: "x",
					Start: new(int64(10)), Limit: new(int64(5)),
				})
			}},
		{"list the default period", "getAuditRecordsForTimePeriod", audit + "/since", "", func(ctx context.Context) (any, error) {
			return c.GetAuditRecordsForTimePeriod(ctx, &confluence.GetAuditRecordsForTimePeriodParams{})
		}},
		{"export everything", "exportAuditRecords", audit + "/export", "", func(ctx context.Context) (any, error) {
			return c.ExportAuditRecords(ctx, nil)
		}},
		{"export a span", "exportAuditRecords",
			audit + "/export?startDate=1772323200000&endDate=1772449200005&searchString=x&format=zip", "",
			func(ctx context.Context) (any, error) {
				return c.ExportAuditRecords(ctx, &confluence.ExportAuditRecordsParams{
					StartDate: from, EndDate: to, SearchString: "x", Format: confluence.ExportAuditRecordsFormatZip,
				})
			}},
		{"get the retention", "getRetentionPeriod", audit + "/retention", "", func(ctx context.Context) (any, error) {
			return c.GetRetentionPeriod(ctx)
		}},
	}
}

func confluenceChanges(c *confluence.Client) []call {
	const post = "POST /wiki/rest/api/audit"
	object := confluence.AffectedObject{Name: "Docs", ObjectType: "Space"}
	return []call{
		{"create with all members", "createAuditRecord", post, `{
			"author": {"type": "user", "displayName": "Ada", "operations": {"x": [1]}, "username": "ada", "userKey": "k"},
			"remoteAddress": "198.51.100.7", "creationDate": 1772323200000, "summary": "s", "description": "d", "category": "c",
			"sysAdmin": true, "affectedObject": {"name": "Docs", "objectType": "Space"},
			"changedValues": [{"name": "n", "oldValue": "o", "hiddenOldValue": "ho", "newValue": "v", "hiddenNewValue": "hv"}],
			"associatedObjects": [{"name": "Docs", "objectType": "Space"}]
		}`, func(ctx context.Context) (any, error) {
			return c.CreateAuditRecord(ctx, confluence.CreateAuditRecordRequest{
				Author: confluence.CreateAuditRecordRequestAuthor{
					Type: "user", DisplayName: "Ada", Operations: rawMap("x", "[1]"), Username: "ada", UserKey: "k",
				},
				RemoteAddress: "198.51.100.7", CreationDate: from, Summary: "s", Description: "d", Category: "c", SysAdmin: true,
				AffectedObject: object,
				ChangedValues: []confluence.ChangedValue{{
					Name: "n", OldValue: "o", HiddenOldValue: "ho", NewValue: "v", HiddenNewValue: "hv",
				}},
				AssociatedObjects: []confluence.AffectedObject{object},
			})
		}},
		{"create with what is required", "createAuditRecord", post, `{"remoteAddress": "198.51.100.7"}`,
			func(ctx context.Context) (any, error) {
				return c.CreateAuditRecord(ctx, confluence.CreateAuditRecordRequest{RemoteAddress: "198.51.100.7"})
			}},
		{"set the retention", "setRetentionPeriod", "PUT /wiki/rest/api/audit/retention", `{"number": 6, "units": "MONTHS"}`,
			func(ctx context.Context) (any, error) {
				return c.SetRetentionPeriod(ctx, confluence.RetentionPeriod{Number: 6, Units: confluence.RetentionPeriodUnitsMonths})
			}},
	}
}

func TestEveryJiraOperationMatchesTheDocument(t *testing.T) {
	d := serveDocument(t, "../../generated/jira/openapi.yaml")
	c := newJira(t, d.URL, rest.WithBearerToken("t0ken"))
	const list = "GET /rest/api/3/auditing/record"
	d.callAll(t, []call{
		{"list everything", "getAuditRecords", list, "", func(ctx context.Context) (any, error) {
			return c.GetAuditRecords(ctx, nil)
		}},
		// Jira reads a plus sign in a query as a space, so the sign of an offset must be escaped.
		{"list a span", "getAuditRecords",
			list + "?offset=0&limit=25&filter=own%20a%2Bb&from=2026-03-01T00%3A00%3A00Z&to=2026-03-02T11%3A00%3A00.005Z", "",
			func(ctx context.Context) (any, error) {
				return c.GetAuditRecords(ctx, &jira.GetAuditRecordsParams{
					Offset: new(int64(0)), Limit: new(int64(25)), Filter: "own a+b", From: from, To: to,
				})
			}},
	})
}
