package refdoc

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator/claim"
)

// Every fact of the published documents has to arrive: from them, where they are at hand, and from
// ours always.

// eachVersion runs a test on our version of a document and on the published one.
func eachVersion(t *testing.T, name string, test func(t *testing.T, doc *claim.Document)) {
	t.Helper()
	for _, d := range realDocuments {
		if d.name != name {
			continue
		}
		t.Run("ours", func(t *testing.T) { test(t, parsed(t, ours(t, d.spec))) })
		t.Run("published", func(t *testing.T) { test(t, parsed(t, seed(t, d.seed))) })
		return
	}
	t.Fatalf("there is no document %s", name)
}

// outline is the facts about one operation that a reader of the page would list.
type outline struct {
	Operation, Summary string
	Params             []string // in:name type
	Body               []string // media type, then: name type, with ! if required
	Responses          []string // status, then: media type, schema
	Scopes, Granular   []string
	Connect            string
}

func outlineOf(op *claim.Operation) outline {
	o := outline{Operation: address(op), Summary: text(op.Facts, claim.Summary), Connect: text(op.Facts, claim.ConnectScope)}
	o.Scopes, o.Granular = list(op.Facts, claim.Scopes), list(op.Facts, claim.Granular)
	for _, p := range op.Params {
		o.Params = append(o.Params, p.In+":"+p.Name+" "+typeIn(p.Schema))
	}
	if op.Body != nil {
		for _, m := range op.Body.Content {
			o.Body = append(o.Body, m.Type)
			for _, member := range m.Schema.Members {
				mark := ""
				if text(member.Schema.Facts, claim.Required) == "true" {
					mark = "!"
				}
				o.Body = append(o.Body, member.Name+" "+typeIn(member.Schema)+mark)
			}
		}
	}
	for _, r := range op.Responses {
		line := r.Status
		for _, m := range r.Content {
			line += " " + m.Type + " " + typeIn(m.Schema)
		}
		o.Responses = append(o.Responses, line)
	}
	return o
}

func text(facts claim.Facts, name claim.Name) string {
	f, ok := facts.Get(name)
	if !ok {
		return ""
	}
	return f.Text()
}

func list(facts claim.Facts, name claim.Name) []string {
	f, _ := facts.Get(name)
	l, _ := f.Value.([]string)
	return l
}

// typeIn names a type as the page does.
func typeIn(s claim.Schema) string {
	if ref := text(s.Facts, claim.Ref); ref != "" {
		return ref
	}
	t := text(s.Facts, claim.Type)
	if t == "array" && s.Items != nil {
		return "array<" + typeIn(*s.Items) + ">"
	}
	return t
}

func TestTheConfluencePageGivesSixOperations(t *testing.T) {
	read, both := []string{"read:audit-log:confluence"}, []string{"read:audit-log:confluence", "write:audit-log:confluence"}
	want := []outline{
		{Operation: "GET /wiki/rest/api/audit", Summary: "Get audit records", Scopes: read, Connect: "none",
			Params:    []string{"query:startDate string", "query:endDate string", "query:searchString string", "query:start integer", "query:limit integer"},
			Responses: []string{"200 application/json AuditRecordArray"}},
		{Operation: "POST /wiki/rest/api/audit", Summary: "Create audit record", Scopes: both, Connect: "none",
			Body: []string{"application/json", "author object", "remoteAddress string!", "creationDate integer", "summary string", "description string",
				"category string", "sysAdmin boolean", "affectedObject AffectedObject", "changedValues array<ChangedValue>", "associatedObjects array<AffectedObject>"},
			Responses: []string{"200 application/json AuditRecord"}},
		{Operation: "GET /wiki/rest/api/audit/export", Summary: "Export audit records", Scopes: read, Connect: "none",
			Params:    []string{"query:startDate string", "query:endDate string", "query:searchString string", "query:format string"},
			Responses: []string{" application/zip string text/csv string"}},
		{Operation: "GET /wiki/rest/api/audit/retention", Summary: "Get retention period", Scopes: read, Connect: "none",
			Responses: []string{"200 application/json RetentionPeriod"}},
		{Operation: "PUT /wiki/rest/api/audit/retention", Summary: "Set retention period", Scopes: []string{"write:audit-log:confluence"}, Connect: "none",
			Body:      []string{"application/json", "number integer!", "units string!"},
			Responses: []string{"200 application/json RetentionPeriod"}},
		{Operation: "GET /wiki/rest/api/audit/since", Summary: "Get audit records for time period", Scopes: read, Connect: "none",
			Params:    []string{"query:number integer", "query:units string", "query:searchString string", "query:start integer", "query:limit integer"},
			Responses: []string{"200 application/json AuditRecordArray"}},
	}
	eachVersion(t, "confluence-page", func(t *testing.T, doc *claim.Document) {
		var got []outline
		for _, op := range doc.Operations {
			got = append(got, outlineOf(op))
			if p := text(op.Facts, claim.Permissions); !strings.Contains(p, "'Confluence Administrator'") {
				t.Errorf("%s: permissions are %q", address(op), p)
			}
			if text(op.Facts, claim.Description) == "" {
				t.Errorf("%s has no description", address(op))
			}
			for _, r := range op.Responses {
				if !strings.HasPrefix(text(r.Facts, claim.Description), "Returned if") {
					t.Errorf("%s: the answer's description is %q", address(op), text(r.Facts, claim.Description))
				}
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("operations (-want +got):\n%s", diff)
		}
	})
}

func TestTheSamplesOfTheConfluencePageShowTheShapesOfItsSchemas(t *testing.T) {
	eachVersion(t, "confluence-page", func(t *testing.T, doc *claim.Document) {
		list := doc.Operations[0].Responses[0].Content[0].Schema
		wantMembers(t, list, "results array<object>", "start integer", "limit integer", "size integer", "_links object")
		record := *member(t, list, "results").Items
		wantMembers(t, record, "author object", "remoteAddress string", "creationDate integer", "summary string", "description string",
			"category string", "sysAdmin boolean", "superAdmin boolean", "affectedObject object", "changedValues array<object>", "associatedObjects array<object>")
		wantMembers(t, *member(t, record, "author"), "type string", "displayName string", "operations object", "username string", "userKey string",
			"accountId string", "accountType string", "externalCollaborator boolean", "isExternalCollaborator boolean", "isGuest boolean", "publicName string")
		wantMembers(t, *member(t, record, "changedValues").Items, "name string", "oldValue string", "hiddenOldValue string", "newValue string", "hiddenNewValue string")
		for _, m := range record.Members {
			for _, f := range m.Schema.Facts {
				if !f.Weak || f.Name == claim.Example {
					t.Errorf("%s: %s=%s is more than a sample full of placeholders can say", m.Name, f.Name, f.Text())
				}
			}
		}
	})
}

func wantMembers(t *testing.T, s claim.Schema, want ...string) {
	t.Helper()
	var got []string
	for _, m := range s.Members {
		got = append(got, m.Name+" "+typeIn(m.Schema))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
}

func member(t *testing.T, s claim.Schema, name string) *claim.Schema {
	t.Helper()
	i := slices.IndexFunc(s.Members, func(m *claim.Member) bool { return m.Name == name })
	if i < 0 {
		t.Fatalf("there is no member %s", name)
	}
	return &s.Members[i].Schema
}

func TestTheJiraPageGivesOneOperation(t *testing.T) {
	want := []outline{{Operation: "GET /rest/api/3/auditing/record", Summary: "Get audit records",
		Params:    []string{"query:offset integer", "query:limit integer", "query:filter string", "query:from string", "query:to string"},
		Responses: []string{"200 application/json AuditRecords"},
		Scopes:    []string{"manage:jira-configuration"}, Granular: []string{"read:audit-log:jira", "read:user:jira"}, Connect: "READ"}}
	eachVersion(t, "jira-page", func(t *testing.T, doc *claim.Document) {
		op := doc.Operations[0]
		if diff := cmp.Diff(want, []outline{outlineOf(op)}); diff != "" || len(doc.Operations) != 1 {
			t.Errorf("%d operations (-want +got):\n%s", len(doc.Operations), diff)
		}
		if p := text(op.Facts, claim.Permissions); !strings.Contains(p, "Administer Jira") {
			t.Errorf("permissions are %q", p)
		}
		rules := text(op.Facts, claim.Description)
		for _, part := range []string{":\n\n- ", "\n  - summary\n  - category\n", "\n  - remoteAddress\n\n  ", "\n\n- "} {
			if !strings.Contains(rules, part) {
				t.Errorf("the rules of the filter lack %q:\n%s", part, rules)
			}
		}
		page := op.Responses[0].Content[0].Schema
		if text(page.Facts, claim.Description) == "" {
			t.Error("the schema has no description")
		}
		wantMembers(t, page, "limit integer", "offset integer", "records array<object>", "total integer")
		record := *member(t, page, "records").Items
		wantMembers(t, record, "associatedItems array<object>", "authorAccountId string", "authorKey string", "category string", "changedValues array<object>",
			"created string", "description string", "eventSource string", "id integer", "objectItem object", "remoteAddress string", "summary string")
		if created := text(member(t, record, "created").Facts, claim.Example); !strings.HasSuffix(created, `+0000"`) {
			t.Errorf("the example of created is %s", created)
		}
		if text(member(t, page, "limit").Facts, claim.Example) != "1000" {
			t.Error("a number in a sample without any filler is an example")
		}
	})
}

func TestTheTableGivesEveryRow(t *testing.T) {
	want := []string{
		"category string", "remoteAddress string required", "creationDate integer", "description string",
		"associatedObjects array", "associatedObjects[].name string required", "associatedObjects[].objectType string required",
		"affectedObject object", "affectedObject.name string required", "affectedObject.objectType string required",
		"author object", "author.username string", "author.userKey string", `author.type string required default "user"`,
		"author.displayName string", "author.operations object nullable", "summary string",
		"changedValues array", "changedValues[].name string required", "changedValues[].hiddenOldValue string",
		"changedValues[].newValue string required", "changedValues[].oldValue string required", "changedValues[].hiddenNewValue string",
		"sysAdmin boolean default false",
	}
	eachVersion(t, "confluence-table", func(t *testing.T, doc *claim.Document) {
		op := doc.Operations[0]
		if address(op) != "POST /wiki/rest/api/audit" || len(op.Params) > 0 || len(op.Body.Content) != 1 || op.Body.Content[0].Type != "application/json" {
			t.Fatalf("%s with %d parameters and body %+v", address(op), len(op.Params), op.Body.Content)
		}
		if diff := cmp.Diff(want, tableRows("", op.Body.Content[0].Schema)); diff != "" {
			t.Errorf("rows (-want +got):\n%s", diff)
		}
		if len(doc.Servers) != 1 || doc.Servers[0].URL != "https://your-domain.atlassian.net" {
			t.Errorf("servers are %v", doc.Servers)
		}
		for _, m := range op.Body.Content[0].Schema.Members {
			if d := text(m.Schema.Facts, claim.Description); d != "" && !strings.HasSuffix(d, ".") {
				t.Errorf("%s: the description breaks off: %q", m.Name, d)
			}
			if _, ok := m.Schema.Facts.Get(claim.Enum); ok {
				t.Errorf("%s: an empty list of values is an enum", m.Name)
			}
		}
	})
}

// tableRows writes a schema as the rows of the table that states it.
func tableRows(prefix string, s claim.Schema) []string {
	var out []string
	for _, m := range s.Members {
		row := prefix + m.Name + " " + text(m.Schema.Facts, claim.Type)
		if r, ok := m.Schema.Facts.Get(claim.Required); !ok {
			row += " (nothing about being required)"
		} else if r.Value == true {
			row += " required"
		}
		if text(m.Schema.Facts, claim.Nullable) == "true" {
			row += " nullable"
		}
		if d := text(m.Schema.Facts, claim.Default); d != "" {
			row += " default " + d
		}
		out = append(out, row)
		out = append(out, tableRows(prefix+m.Name+".", m.Schema)...)
		if m.Schema.Items != nil {
			out = append(out, tableRows(prefix+m.Name+"[].", *m.Schema.Items)...)
		}
	}
	return out
}

func TestThePostmanPageGivesTheWholePathDefaultsAndAnswers(t *testing.T) {
	eachVersion(t, "confluence-postman", func(t *testing.T, doc *claim.Document) {
		want := []outline{{Operation: "GET /wiki/rest/api/audit", Summary: "Get audit records",
			Params:    []string{"query:startDate string", "query:endDate string", "query:searchString string", "query:start integer", "query:limit integer"},
			Responses: []string{"200 application/json object", "403"}}}
		op := doc.Operations[0]
		if diff := cmp.Diff(want, []outline{outlineOf(op)}); diff != "" || len(doc.Operations) != 1 {
			t.Fatalf("%d operations (-want +got):\n%s", len(doc.Operations), diff)
		}
		defaults := map[string]string{}
		for _, p := range op.Params {
			if text(p.Facts, claim.Description) == "" {
				t.Errorf("%s has no description", p.Name)
			}
			if d := text(p.Schema.Facts, claim.Default); d != "" {
				defaults[p.Name] = d
			}
		}
		if diff := cmp.Diff(map[string]string{"start": "0", "limit": "1000"}, defaults); diff != "" {
			t.Errorf("defaults (-want +got):\n%s", diff)
		}
		record := *member(t, op.Responses[0].Content[0].Schema, "results").Items
		operations := member(t, *member(t, record, "author"), "operations")
		if text(operations.Facts, claim.Nullable) != "true" || text(operations.Facts, claim.Type) != "" {
			t.Errorf("what a null says: %v", operations.Facts)
		}
		if strings.Contains(dump(doc, false), "lorem") || text(member(t, record, "summary").Facts, claim.Example) != "" {
			t.Error("filler became an example")
		}
	})
}
