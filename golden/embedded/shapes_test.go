package embedded_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/seed-1954497d/auditgen/generated/confluence"
	"github.com/seed-1954497d/auditgen/generated/jira"
	"github.com/seed-1954497d/auditgen/generated/rest"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

// confluencePage is like real pages of Confluence: operations are null, the site itself is an
// author without an account, an object has no name, and there are undocumented members.
const confluencePage = `{
	"results": [
		{
			"author": {
				"type": "user", "displayName": "Rosa Diaz", "operations": null, "username": null, "userKey": null,
				"accountId": "61c9f0e2b7d4a8305e1f7b26", "accountType": "atlassian", "publicName": "rosa",
				"isExternalCollaborator": false, "externalCollaborator": false, "isGuest": false, "locale": "de"
			},
			"remoteAddress": "198.51.100.7", "creationDate": 1643014085645, "summary": "Space created", "description": "",
			"category": "Spaces", "sysAdmin": false, "superAdmin": false,
			"affectedObject": {"name": "Docs", "objectType": "Space"},
			"changedValues": [{"name": "Name", "oldValue": "", "hiddenOldValue": "", "newValue": "Docs", "hiddenNewValue": ""}],
			"associatedObjects": []
		},
		{
			"author": {"type": "user", "displayName": "System", "operations": null},
			"remoteAddress": "", "creationDate": 1643014085645, "summary": "Job ran", "description": "", "category": "System",
			"sysAdmin": true, "affectedObject": {"name": "", "objectType": ""}, "changedValues": [], "associatedObjects": [],
			"traceId": "7d1f", "_expandable": {"author": ""}
		}
	],
	"start": 0, "limit": 25, "size": 2,
	"_links": {"base": "https://your-domain.atlassian.net/wiki", "context": "/wiki",
		"self": "https://your-domain.atlassian.net/wiki/rest/api/audit"}
}`

// jiraPage is like real pages of Jira: an author that no schema has, an offset without a colon.
const jiraPage = `{
	"offset": 0, "limit": 1000, "total": 2841,
	"records": [
		{
			"id": 10042, "summary": "Address changed", "remoteAddress": "198.51.100.7", "authorKey": "",
			"authorAccountId": "61c9f0e2b7d4a8305e1f7b26", "created": "2022-01-24T08:48:05.645+0000", "category": "user management",
			"eventSource": "", "description": "",
			"objectItem": {"id": "rosa", "name": "rosa", "typeName": "USER", "parentId": "1", "parentName": "Directory"},
			"changedValues": [{"fieldName": "email", "changedFrom": "a@example.com", "changedTo": "b@example.com"},
				{"fieldName": "n", "changedTo": "v"}],
			"associatedItems": [{"id": "g", "name": "g", "typeName": "GROUP", "parentId": "1", "parentName": "Directory"}],
			"longDescription": "Moved"
		},
		{"id": 10017, "summary": "Job ran", "created": "2022-01-24T09:48:05.600+0100", "category": "system",
			"objectItem": {"name": "x", "typeName": "JOB"}}
	]
}`

func rawMap(name, value string) map[string]json.RawMessage {
	return map[string]json.RawMessage{name: json.RawMessage(value)}
}

func confluenceRecords(t *testing.T, body string) *confluence.AuditRecordArray {
	t.Helper()
	s := try.Serve(t, try.JSON("%s", body))
	got, err := newConfluence(t, s.URL).GetAuditRecords(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func jiraRecords(t *testing.T, body string) *jira.AuditRecords {
	t.Helper()
	s := try.Serve(t, try.JSON("%s", body))
	got, err := newJira(t, s.URL).GetAuditRecords(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestRealConfluenceRecordsAreDecoded(t *testing.T) {
	page := confluenceRecords(t, confluencePage)
	rosa, system := page.Results[0], page.Results[1]

	try.Equal(t, "creationDate", rosa.CreationDate, time.UnixMilli(1643014085645).UTC())
	try.Equal(t, "operations", []bool{
		rosa.Author.Operations == nil, rosa.Author.JSON.Has("operations"), rosa.Author.JSON.IsNull("operations"),
	}, []bool{true, true, true})
	try.Equal(t, "accountId", rosa.Author.AccountID, "61c9f0e2b7d4a8305e1f7b26")
	try.Equal(t, "username", []bool{rosa.Author.JSON.IsNull("username"), rosa.Author.JSON.Has("username")}, []bool{true, true})
	try.Equal(t, "undocumented of the author", rosa.Author.JSON.Extra(), rawMap("locale", `"de"`))

	try.Equal(t, "System", system.Author.DisplayName, "System")
	try.Equal(t, "account of System", []bool{system.Author.AccountID == "", system.Author.JSON.Has("accountId")}, []bool{true, false})
	try.Equal(t, "superAdmin", []bool{rosa.JSON.Has("superAdmin"), system.JSON.Has("superAdmin")}, []bool{true, false})
	try.Equal(t, "affectedObject", []bool{system.AffectedObject.JSON.Has("name"), system.AffectedObject.Name == ""}, []bool{true, true})
	extra := system.JSON.Extra()
	try.Equal(t, "undocumented", string(extra["traceId"])+string(extra["_expandable"]), `"7d1f"{"author": ""}`)
	try.Equal(t, "next", []any{page.Links.Next, page.Links.JSON.Has("next")}, []any{"", false})
	try.Equal(t, "problems", len(page.JSON.Problems()), 0)

	again, err := json.Marshal(page)
	if err != nil {
		t.Fatal(err)
	}
	try.SameJSON(t, "encoded again", again, confluencePage)
}

func TestRealJiraRecordsAreDecoded(t *testing.T) {
	page := jiraRecords(t, jiraPage)
	first, second := page.Records[0], page.Records[1]

	try.Equal(t, "authorAccountId", first.AuthorAccountID, "61c9f0e2b7d4a8305e1f7b26")
	try.Equal(t, "created", first.Created, time.Date(2022, 1, 24, 8, 48, 5, 645e6, time.UTC))
	if want := time.Date(2022, 1, 24, 8, 48, 5, 600e6, time.UTC); !second.Created.Equal(want) {
		t.Errorf("created: got %v, want %v", second.Created, want)
	}
	try.Equal(t, "id", []int64{first.ID, second.ID, page.Total}, []int64{10042, 10017, 2841})
	try.Equal(t, "changedFrom", []bool{first.ChangedValues[0].JSON.Has("changedFrom"), first.ChangedValues[1].JSON.Has("changedFrom")},
		[]bool{true, false})
	try.Equal(t, "undocumented", first.JSON.Extra(), rawMap("longDescription", `"Moved"`))
	try.Equal(t, "absent", []bool{second.JSON.Has("authorAccountId"), second.JSON.Has("remoteAddress")}, []bool{false, false})
	try.Equal(t, "problems", len(page.JSON.Problems()), 0)

	again, err := json.Marshal(page)
	if err != nil {
		t.Fatal(err)
	}
	try.SameJSON(t, "encoded again", again, jiraPage)
}

func TestAMemberOfAnotherTypeDoesNotBreakThePage(t *testing.T) {
	const body = `{"results": [
		{"summary": "good", "creationDate": 1643014085645},
		{"summary": 5, "creationDate": "yesterday", "author": {"type": ["user"], "displayName": "Rosa"}, "sysAdmin": "no"},
		{"summary": "good too", "author": "System"}
	], "size": "3"}`
	page := confluenceRecords(t, body)
	var said []string
	for _, p := range page.JSON.Problems() {
		said = append(said, p.String()+": "+string(p.Raw))
	}
	try.Equal(t, "problems", said, []string{
		`results[1].summary: number where string is documented: 5`,
		`results[1].creationDate: another string where time is documented: "yesterday"`,
		`results[1].author.type: array where string is documented: ["user"]`,
		`results[1].sysAdmin: string where boolean is documented: "no"`,
		`results[2].author: string where object is documented: "System"`,
		`size: string where integer is documented: "3"`,
	})
	try.Equal(t, "the rest of the record", page.Results[1].Author.DisplayName, "Rosa")
	try.Equal(t, "the other records", page.Results[0].Summary+", "+page.Results[2].Summary, "good, good too")
	again, err := json.Marshal(page)
	if err != nil {
		t.Fatal(err)
	}
	try.SameJSON(t, "encoded again", again, body)
}

func TestARecordWithAMemberOfAnotherTypeComesWithAnError(t *testing.T) {
	s := try.Serve(t, try.JSON(`{"limit": 3, "records": [{"id": 3}, {"id": "2", "created": "2022-01-24"}]}`))
	var got []string
	for rec, err := range newJira(t, s.URL).AllAuditRecords(t.Context(), nil) {
		var fault *rest.RecordError
		if err != nil && !errors.As(err, &fault) {
			t.Fatal(err)
		}
		line := fmt.Sprint(rec.ID)
		if fault != nil {
			line = fmt.Sprintf("%d %s %s %s", fault.Index, fault.Path, fault.Reason, fault.Raw)
		}
		got = append(got, line)
	}
	try.Equal(t, "records", got, []string{
		"3",
		`1 records[1].id string where integer is documented, and 1 more {"id": "2", "created": "2022-01-24"}`,
	})
}

func TestUnlistedUnitsAreData(t *testing.T) {
	s := try.Serve(t, try.JSON(`{"number": 9007199254740993, "units": "FORTNIGHTS"}`))
	got, err := newConfluence(t, s.URL).GetRetentionPeriod(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "period", fmt.Sprintf("%d %s %t", got.Number, got.Units, got.Units.IsKnown()), "9007199254740993 FORTNIGHTS false")
}
