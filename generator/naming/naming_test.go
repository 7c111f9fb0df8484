package naming

import (
	"go/token"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestExportedNamesAreIdiomatic(t *testing.T) {
	for in, want := range map[string]string{
		"authorAccountId":            "AuthorAccountID",
		"url":                        "URL",
		"avatarUrls":                 "AvatarURLs",
		"userIDs":                    "UserIDs",
		"accountIds":                 "AccountIDs",
		"ListSLOs":                   "ListSLOs",
		"listVPCs":                   "ListVpcs",
		"listVPC":                    "ListVpc",
		"slosOfVPCsByID":             "SLOsOfVpcsByID",
		"remoteAddress":              "RemoteAddress",
		"ipAddress":                  "IPAddress",
		"_links":                     "Links",
		"x-thing":                    "XThing",
		"HTTPServer":                 "HTTPServer",
		"HALF_DAYS":                  "HalfDays",
		"Get audit records":          "GetAuditRecords",
		"administrator's guide":      "AdministratorsGuide",
		"24hours":                    "X24hours",
		"":                           "X",
		"+1":                         "X1",
		"größe":                      "Größe",
		"日本":                         "X日本",
		"jql":                        "JQL",
		"oauth2":                     "Oauth2",
		"getURLForID":                "GetURLForID",
		"type":                       "Type",
		"\u202e\x00evil\"`":          "Evil",
		"com.atlassian.Foo$Bar":      "ComAtlassianFooBar",
		"MODERN_TRUSTED_SECURITY_ID": "ModernTrustedSecurityID",
	} {
		t.Run(in, func(t *testing.T) {
			if got := Exported(in); got != want {
				t.Errorf("Exported(%q) = %s, want %s", in, got, want)
			}
		})
	}
}

func TestUnexportedNamesAreNotKeywords(t *testing.T) {
	for in, want := range map[string]string{"accountId": "accountID", "type": "type_", "URLPath": "urlPath", "IDsOnly": "idsOnly", "userIDsOnly": "userIDsOnly", "APIsee": "apIsee", "": "x", "1st": "x1st", "issueIdOrKey": "issueIDOrKey", "日本": "日本"} {
		if got := Unexported(in); got != want {
			t.Errorf("Unexported(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestFileNamesHaveNoMeaningToGo(t *testing.T) {
	for in, want := range map[string]string{"Audit records": "audit_records", "../../x": "x", "": "operations", "日本": "operations", "Audit": "audit", "A/B": "a_b",
		"audit linux": "audit_linux_operations", "A test": "a_test_operations", "CON": "con_operations"} {
		if got := File(in); got != want {
			t.Errorf("File(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestSingular(t *testing.T) {
	for in, want := range map[string]string{"records": "record", "entries": "entry", "AuditRecords": "AuditRecord", "addresses": "address",
		"status": "status", "access": "access", "boxes": "box", "data": "data", "analysis": "analysis", "values": "value", "is": "is"} {
		if got := Singular(in); got != want {
			t.Errorf("Singular(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestOperationsGetShortNames(t *testing.T) {
	ops := []Operation{
		{ID: "com.atlassian.confluence.plugins.restapi.resources.AuditResource.getAuditRecords_get", Method: "GET", Path: "/audit"},
		{Summary: "Get retention period", Method: "GET", Path: "/audit/retention"},
		{Method: "DELETE", Path: "/thing/{id}"},
		{ID: "getAuditRecords", Method: "GET", Path: "/audit/{id}"},
		{ID: "getAuditRecords", Method: "GET", Path: "/other/audit"},
		{ID: "getAuditRecords", Method: "POST", Path: "/other/audit"},
		{Summary: "Move an item to the board's plan A", Method: "POST", Path: "/item/{id}/move"},
	}
	want := []string{"getAuditRecords", "getRetentionPeriod", "deleteThing", "getAuditRecordsByID", "getAuditRecordsOtherAudit", "postGetAuditRecords",
		"moveItemToBoardsPlanA"}
	if diff := cmp.Diff(want, idsOf(OperationNames(ops))); diff != "" {
		t.Error("-want +got\n" + diff)
	}
	slices.Reverse(ops)
	slices.Reverse(want)
	if diff := cmp.Diff(want, idsOf(OperationNames(ops))); diff != "" {
		t.Error("the order of operations must not matter: -want +got\n" + diff)
	}
}

func TestVerbsGetTheirObjectFromTheOperationID(t *testing.T) {
	got := OperationNames([]Operation{
		{ID: "drive.files.list", Method: "GET", Path: "/files"},
		{ID: "issues/list", Method: "GET", Path: "/issues"},
		{ID: "search/code", Method: "GET", Path: "/search/code"},
		{ID: "com.example.AuditResource.create_post", Method: "POST", Path: "/audit"},
		{ID: "meta/", Method: "GET", Path: "/meta"},
		{ID: "topics.topics", Method: "GET", Path: "/topics"},
		{ID: "list", Method: "GET", Path: "/all"},
		{ID: "migrations/list-for-org", Method: "GET", Path: "/orgs/{org}/migrations"},
		{ID: "teams/list-for-org", Method: "GET", Path: "/org/{org}/team"},
	})
	want := []string{"listFiles", "listIssues", "searchCode", "createAudit", "meta", "topics", "list", "listForOrgMigrations", "listForOrg"}
	if diff := cmp.Diff(want, idsOf(got)); diff != "" {
		t.Error("-want +got\n" + diff)
	}
}

func idsOf(names []Name) []string {
	ids := make([]string, len(names))
	for i, name := range names {
		ids[i] = name.ID
	}
	return ids
}

func TestPinnedNamesTakePrecedence(t *testing.T) {
	got := OperationNames([]Operation{
		{ID: "getAudit", Method: "GET", Path: "/a"},
		{ID: "other", Method: "GET", Path: "/a/longer/path", Pinned: "GetAudit"},
		{ID: "do", Method: "POST", Path: "/do"},
		{ID: "third", Method: "GET", Path: "/c", Pinned: "URL_of"},
		{ID: "fourth", Method: "GET", Path: "/", Pinned: "GETAudit"},
	}, "Do")
	want := []Name{{"getAuditA", "GetAuditA"}, {"getAudit", "GetAudit"}, {"doDo", "DoDo"}, {"url_of", "URL_of"}, {"getAudit2", "GETAudit"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("-want +got\n" + diff)
	}
}

func TestScopeNeverReturnsANameTwice(t *testing.T) {
	s := NewScope("Client")
	got := []string{s.Take("Client"), s.Take("Client"), s.Take("A", "B"), s.Take("A", "B"), s.Take("A", "B"), s.Take("A2")}
	want := []string{"Client2", "Client3", "A", "B", "A2", "A22"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("-want +got\n" + diff)
	}
}

func FuzzNames(f *testing.F) {
	for _, s := range []string{"authorAccountId", "", "日本", "a-b", "IDs", "userIDs", "\xff", "ǅ", "1", "ª", "func"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, u := Exported(s), Unexported(s)
		if !token.IsIdentifier(e) || !token.IsExported(e) {
			t.Errorf("Exported(%q) = %q is not an exported identifier", s, e)
		}
		if !token.IsIdentifier(u) || token.IsExported(u) {
			t.Errorf("Unexported(%q) = %q is not an unexported identifier", s, u)
		}
		file := File(s)
		if strings.ContainsFunc(file, func(r rune) bool {
			return r >= utf8.RuneSelf || r != '_' && !unicode.IsLower(r) && !unicode.IsDigit(r)
		}) || file == "" {
			t.Errorf("File(%q) = %q", s, file)
		}
	})
}

func TestNamesHaveOnlyLettersThatCanBeSeen(t *testing.T) {
	for _, filler := range []string{"\u3164", "\u115f", "\u1160", "\uffa0", "\u17b4", "\u034f", "\u200b", "\u2800", "\ufeff"} {
		for _, name := range []string{Exported("isAdmin" + filler), Unexported(filler + "isAdmin"), Exported(filler), Unexported(filler), Value(filler + "b")} {
			if strings.Contains(name, filler) || !IsIdentifier(name) {
				t.Errorf("%+q became %+q", filler, name)
			}
		}
		if IsIdentifier("A" + filler) {
			t.Errorf("A%+q is an identifier", filler)
		}
	}
	if got := Exported("한글"); got != "X한글" {
		t.Errorf("got %q", got)
	}
}
