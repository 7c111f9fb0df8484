package downstream

// version is a state of the upstream documents and what it requires of the team.
type version struct {
	name     string // name of the file in testdata/confluence
	upstream []edit
	overlay  []edit   // without these, update refuses the overlay
	pruned   string   // the actions that auditgen overlay prune removes
	breaks   []string // Go symbols that break
	refused  bool     // the server refuses requests of the old package, even if Go code compiles
	code     []edit   // how the team adapts its code
	added    []string // Go names of new operations
	removed  []string // Go names of removed operations
}

const (
	spec      = "confluence.yaml"
	overlay   = "spec/overlay.yaml"
	limitRule = `  - target: $.paths['/wiki/rest/api/audit'].get.parameters[?@.name == 'limit'].schema
    description: It has a default that the document does not give.
    x-expect: {type: integer, default: null}
    update: {default: 1000}
`
	exportOperation = `  /wiki/rest/api/audit/export:
    get:
      operationId: downloadLog
      tags: [Audit]
      summary: Export audit records
      parameters:
        - {in: query, name: format, description: What kind of file to make., schema: {type: string, enum: [csv, zip], default: csv}}
      responses:
        '200': {description: The file., content: {text/csv: {schema: {type: string, format: binary}}}}
`
	sinceOperation = `  /wiki/rest/api/audit/since:
    get:
      operationId: getAuditRecords
      tags: [Audit]
      summary: Get audit records
      parameters:
        - {in: query, name: number, description: How many units to go back., schema: {type: integer}}
      responses:
        '200': {description: A page of the log., content: {application/json: {schema: {$ref: '#/components/schemas/AuditRecordArray'}}}}
`
	exportTest = "\tif err := w.Export(t.Context(), io.Discard); err != nil {\n\t\tt.Errorf(\"export: %v\", err)\n\t}\n"
)

// versions is the history, the oldest first.
var versions = []version{
	{
		name: "01-paths-move-and-operations-are-renamed",
		upstream: []edit{
			{file: spec, old: "version: '1.0'", new: "version: '1.1'"},
			{file: spec, old: "  /audit", new: "  /api/audit", all: true},
			{file: spec, old: "operationId: getAuditRecords", new: "operationId: com.atlassian.confluence.AuditResource.findRecords_get"},
			{file: spec, old: "operationId: createAuditRecord", new: "operationId: addRecord"},
			{file: spec, old: "operationId: exportAuditRecords", new: "operationId: downloadLog"},
		},
		overlay: []edit{{file: overlay, old: "$.paths['/audit']", new: "$.paths['/api/audit']"}},
	},
	{
		name: "02-paths-move-again",
		upstream: []edit{
			{file: spec, old: "version: '1.1'", new: "version: '2.0'"},
			{file: spec, old: "  /api/audit", new: "  /wiki/rest/api/audit", all: true},
		},
		overlay: []edit{{file: overlay, old: "$.paths['/api/audit']", new: "$.paths['/wiki/rest/api/audit']"}},
	},
	{
		name: "03-null-and-more-values",
		upstream: []edit{
			{file: spec, old: "accountId: {type: string, description: The account.}", new: "accountId: {type: string, nullable: true, description: The account that did it.}"},
			{file: spec, old: "enum: [DAYS, MONTHS]", new: "enum: [DAYS, MONTHS, YEARS]"},
		},
	},
	{
		name: "04-an-operation-takes-the-name-of-another",
		upstream: []edit{
			{file: spec, old: "  /space:\n", new: sinceOperation + "  /space:\n"},
			{file: spec, old: "        - {in: query, name: limit,", new: "        - {in: query, name: category, description: Only records about this., schema: {type: string}}\n        - {in: query, name: limit,"},
			{file: spec, old: "        severity: {", new: "        origin: {type: string, description: Which product it was.}\n        severity: {"},
		},
		added: []string{"GetAuditRecordsWikiRestAPIAuditSince"},
	},
	{
		name: "05-a-member-has-another-type",
		upstream: []edit{
			{file: spec, old: "severity: {type: integer,", new: "severity: {type: string,"},
			{file: "records.json", old: `"severity": 2`, new: `"severity": "2"`},
		},
		breaks: []string{"AuditRecord.Severity"},
		code: []edit{
			{file: "events.go", old: "Severity = r.Severity", new: "Severity, _ = strconv.ParseInt(r.Severity, 10, 64) // 0 if it is not a number"},
			{file: "events.go", old: "\t\"errors\"\n", new: "\t\"errors\"\n\t\"strconv\"\n"},
		},
	},
	{
		name: "06-a-parameter-is-removed",
		upstream: []edit{
			{file: spec, old: "        - {in: query, name: searchString, description: Only records that contain this text., schema: {type: string}}\n", new: ""},
		},
		breaks: []string{"GetAuditRecordsParams.SearchString"},
		code: []edit{
			{file: "events.go", old: "\tparams.SearchString = text\n", new: ""},
			{file: "events.go", old: "\t\tevents = append(events, event(record))", new: "\t\tif strings.Contains(record.Summary, text) {\n\t\t\tevents = append(events, event(record))\n\t\t}"},
			{file: "events.go", old: "\t\"strconv\"\n", new: "\t\"strconv\"\n\t\"strings\"\n"},
			{file: "events_test.go", old: `"export")`, new: `"Space")`},
		},
	},
	{
		name: "07-a-member-has-to-be-sent",
		upstream: []edit{
			{file: spec, old: "required: [remoteAddress, summary]\n", new: "required: [remoteAddress, summary, category]\n"},
			{file: spec, old: "        remoteAddress: {type: string, description: Where it was done from.}\n        summary: {type: string, description: What happened.}\n    Author", new: "        remoteAddress: {type: string, description: Where it was done from.}\n        summary: {type: string, description: What happened.}\n        category: {type: string, minLength: 1, description: What it is about.}\n    Author"},
		},
		refused: true,
		code: []edit{
			{file: "consumer.go", old: "Summary: what}", new: "Summary: what, Category: \"Team\"}"},
			{file: "consumer_test.go", old: `","summary":"Hello"}`, new: `","summary":"Hello","category":"Team"}`},
		},
	},
	{
		name:     "08-an-operation-is-removed",
		upstream: []edit{{file: spec, old: exportOperation, new: ""}},
		breaks:   []string{"(*Client).ExportAuditRecords", "ExportAuditRecordsFormat", "ExportAuditRecordsFormatCSV", "ExportAuditRecordsFormatZip", "ExportAuditRecordsParams"},
		code: []edit{
			{file: "export.go", old: "package consumer", new: "//go:build export\n\npackage consumer"},
			{file: "export_test.go", old: "package consumer", new: "//go:build export\n\npackage consumer"},
			{file: "site_test.go", old: exportTest, new: ""},
			{file: "site_test.go", old: "\t\"io\"\n", new: ""},
		},
		removed: []string{"ExportAuditRecords"},
	},
	{
		name:     "09-the-operation-is-back",
		upstream: []edit{{file: spec, old: "  /wiki/rest/api/audit/since:\n", new: exportOperation + "  /wiki/rest/api/audit/since:\n"}},
		code: []edit{
			{file: "export.go", old: "//go:build export\n\n", new: ""},
			{file: "export_test.go", old: "//go:build export\n\n", new: ""},
		},
		added: []string{"ExportAuditRecords"},
	},
	{
		name:     "10-upstream-makes-the-correction",
		upstream: []edit{{file: spec, old: "How many records a page may have., schema: {type: integer}", new: "How many records a page may have., schema: {type: integer, default: 1000}"}},
		pruned:   limitRule,
	},
	{
		name:     "11-what-is-not-generated-changes",
		upstream: []edit{{file: spec, old: "operationId: getSpaces", new: "operationId: listSpaces"}, {file: spec, old: "version: '2.0'", new: "version: '2.1'"}},
	},
}
