package emit

import (
	"fmt"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

// Short forms, so that ten lines of IR are ten lines.

func typ(k ir.Kind) *ir.Type         { return &ir.Type{Kind: k} }
func timeOf(c ir.Codec) *ir.Type     { return &ir.Type{Kind: ir.Time, Codec: c} }
func sliceOf(t *ir.Type) *ir.Type    { return &ir.Type{Kind: ir.Slice, Elem: t} }
func mapOf(t *ir.Type) *ir.Type      { return &ir.Type{Kind: ir.Map, Elem: t} }
func modelType(m *ir.Model) *ir.Type { return &ir.Type{Kind: ir.ModelKind, Model: m} }
func enumType(e *ir.Enum) *ir.Type   { return &ir.Type{Kind: ir.EnumKind, Enum: e} }
func unionType(u *ir.Union) *ir.Type { return &ir.Type{Kind: ir.UnionKind, Union: u} }
func pointer(t *ir.Type) *ir.Type    { p := *t; p.Pointer = true; return &p }
func jsonResult(t *ir.Type) ir.Result {
	return ir.Result{Kind: ir.ResultJSON, Type: t, Media: "application/json"}
}
func field(name, wire string, t *ir.Type, doc string) *ir.Field {
	return &ir.Field{Name: name, Wire: wire, Type: t, Doc: doc}
}

func query(name, wire string, t *ir.Type, doc string) *ir.Param {
	return &ir.Param{Name: name, Wire: wire, In: "query", Style: "form", Explode: true, Type: t, Doc: doc}
}

// confluence is the audit log of Confluence, abridged.
func confluence() *ir.API {
	units := &ir.Enum{Name: "RetentionPeriodUnits", Doc: "The unit of a length of time.", Values: []ir.EnumValue{
		{Name: "RetentionPeriodUnitsDays", Value: "DAYS"}, {Name: "RetentionPeriodUnitsMonths", Value: "MONTHS"},
	}}
	period := &ir.Model{Name: "RetentionPeriod", Doc: "How long records are kept.", Request: true, Response: true, Fields: []*ir.Field{
		{Name: "Number", Wire: "number", Type: typ(ir.Int), Required: true},
		{Name: "Units", Wire: "units", Type: enumType(units), Required: true},
	}}
	changed := &ir.Model{Name: "ChangedValue", Response: true, Fields: []*ir.Field{
		field("Name", "name", typ(ir.String), ""),
		field("OldValue", "oldValue", typ(ir.String), ""),
		field("NewValue", "newValue", typ(ir.String), ""),
	}}
	author := &ir.Model{Name: "AuditRecordAuthor", Doc: "The user that actioned the event.", Response: true, Fields: []*ir.Field{
		field("Type", "type", typ(ir.String), ""),
		field("DisplayName", "displayName", typ(ir.String), ""),
		field("AccountID", "accountId", typ(ir.String), "the account ID of the user, which uniquely identifies the user across all Atlassian products"),
		field("Operations", "operations", typ(ir.Raw), ""),
	}}
	record := &ir.Model{Name: "AuditRecord", Doc: "One entry of the audit log.", Response: true, Fields: []*ir.Field{
		field("Author", "author", modelType(author), "the user that actioned the event"),
		{Name: "RemoteAddress", Wire: "remoteAddress", Type: typ(ir.String), Required: true, Doc: "The IP address of the user."},
		field("CreationDate", "creationDate", timeOf(ir.UnixMilli), "When the record was made. Travels as milliseconds since 1970."),
		field("SysAdmin", "sysAdmin", typ(ir.Bool), ""),
		field("ChangedValues", "changedValues", sliceOf(modelType(changed)), ""),
	}}
	links := &ir.Model{Name: "GenericLinks", Response: true, Fields: []*ir.Field{
		field("Base", "base", typ(ir.String), ""), field("Next", "next", typ(ir.String), "")}}
	array := &ir.Model{Name: "AuditRecordArray", Doc: "A page of the audit log.", Response: true, Fields: []*ir.Field{
		field("Results", "results", sliceOf(modelType(record)), ""),
		field("Start", "start", typ(ir.Int), ""),
		field("Limit", "limit", typ(ir.Int), ""),
		field("Size", "size", typ(ir.Int), "How many records this page has; never a total."),
		field("Links", "_links", modelType(links), ""),
	}}
	api := &ir.API{
		Package:   "confluence",
		Title:     "Confluence Cloud audit log API",
		Doc:       "The audit log records who changed what in a site.",
		Documents: []ir.Document{{Name: "audit.swagger.yaml", Kind: "OpenAPI fragment"}, {Name: "audit-page.txt", Kind: "reference page"}},
		Models:    []*ir.Model{record, array, author, changed, links, period},
		Enums:     []*ir.Enum{units},
		Groups:    []*ir.Group{{File: "audit.gen.go", Operations: confluenceOperations(record, array, period)}},
		HasPaging: true,
	}
	holdByValue(api)
	return api
}

func confluenceOperations(record, array, period *ir.Model) []*ir.Operation {
	start := query("Start", "start", pointer(typ(ir.Int)), "the starting index of the returned records")
	start.Default = "0"
	end := query("EndDate", "endDate", timeOf(ir.UnixMilli), "Filters the results to the records on or before the `endDate`.")
	limit := query("Limit", "limit", pointer(typ(ir.Int)), "The maximum number of records to return per page. Note, this may be restricted by fixed system limits.")
	limit.Default = "1000"
	fields := []*ir.Param{
		query("StartDate", "startDate", timeOf(ir.UnixMilli), "Filters the results to the records on or after the `startDate`."),
		end,
		query("SearchString", "searchString", typ(ir.String), "Filters the results to records that have string property values matching the `searchString`."),
		start, limit,
	}
	list := &ir.Operation{
		Name: "GetAuditRecords", Method: "GET", Path: "/wiki/rest/api/audit", Template: "/wiki/rest/api/audit",
		Doc:         "Returns all records in the audit log, optionally for a certain date range. This contains information about events like space exports, group membership changes, app installations, etc. For more information, see [Audit log](https://confluence.atlassian.com/doc/auditing-in-confluence-829076528.html) in the Confluence administrator's guide.",
		Permissions: "'Confluence Administrator' global permission",
		Scopes:      []string{"read:audit-log:confluence"},
		Reference:   "https://developer.atlassian.com/cloud/confluence/rest/v1/api-group-audit/#api-wiki-rest-api-audit-get",
		Params:      &ir.Params{Name: "GetAuditRecordsParams", Fields: fields},
		Result:      jsonResult(modelType(array)),
		Paging: &ir.Paging{Pager: "AuditRecordsPager", All: "AllAuditRecords", NextIsLink: true, Item: modelType(record),
			Items: array.Fields[:1], Offset: start, Limit: limit, End: end, AnswerOffset: array.Fields[1:2], AnswerLimit: array.Fields[2:3],
			Next: []*ir.Field{array.Fields[4], array.Fields[4].Type.Model.Fields[1]}},
	}
	set := &ir.Operation{
		Name: "SetRetentionPeriod", Method: "PUT", Path: "/wiki/rest/api/audit/retention", Template: "/wiki/rest/api/audit/retention", Doc: "Sets the retention period",
		Body:   &ir.Body{Arg: "body", Media: "application/json", Kind: ir.BodyJSON, Required: true, Type: modelType(period)},
		Result: jsonResult(modelType(period)),
	}
	format := query("Format", "format", typ(ir.String), "The format of the export file.")
	format.Default = "csv"
	export := &ir.Operation{
		Name: "ExportAuditRecords", Method: "GET", Path: "/wiki/rest/api/audit/export", Template: "/wiki/rest/api/audit/export", Doc: "Exports audit records as a CSV file or ZIP file.",
		Params: &ir.Params{Name: "ExportAuditRecordsParams", Fields: []*ir.Param{format}},
		Result: ir.Result{Kind: ir.ResultStream, Media: "application/zip, text/csv"},
	}
	return []*ir.Operation{list, set, export}
}

// everything uses every type in every position, every kind of body and result, every style of
// paging, and names and texts that nobody would want.
func everything() *ir.API {
	state := &ir.Enum{Name: "State", Doc: "The state of a thing", Values: []ir.EnumValue{
		{Name: "StateOpen", Value: "open", Doc: "Nobody has it."}, {Name: "StateUgly", Value: "a\"b`\\\n\u2028"}, {Name: "StateEmpty", Value: ""},
	}}
	bare := &ir.Enum{Name: "Bare"}
	leaf := &ir.Model{Name: "Leaf", Request: true, Response: true, Fields: []*ir.Field{field("ID", "id", typ(ir.Int), "")}}
	empty := &ir.Model{Name: "Empty", Doc: "Has no members.", Response: true}
	node := &ir.Model{Name: "Node", Doc: "Represents a node of a tree.", Deprecated: "Use a list."}
	node.Fields = []*ir.Field{
		field("Parent", "parent", pointer(modelType(node)), ""),
		field("Children", "children", sliceOf(modelType(node)), "What is below."),
		{Name: "Must", Wire: "must", Type: pointer(modelType(leaf)), Required: true},
	}
	one, inner := &ir.Union{Name: "One", Doc: "text", Deprecated: "text"}, &ir.Union{Name: "Inner"}
	all := &ir.Model{Name: "All", Doc: "Details about everything", Fields: fieldsOfEveryType("", everyType(leaf, state, one))}
	wide := &ir.Model{Name: "Wide"}
	for i := range 150 {
		wide.Fields = append(wide.Fields, field(fmt.Sprintf("F%d", i), fmt.Sprintf("f%d", i), typ(ir.Kind(i%4)), ""))
	}
	ugly := &ir.Model{Name: "Ugly", Doc: "text"}
	for i, wire := range uglyNames {
		ugly.Fields = append(ugly.Fields, &ir.Field{Name: fmt.Sprintf("U%d", i), Wire: wire, Type: typ(ir.String), Doc: "text", Deprecated: "text"})
	}
	api := &ir.API{
		Package: "everything", Title: "Everything", Doc: "text", Server: "https://example.com/a\"b",
		Documents: []ir.Document{{Name: "a`b.yaml", Kind: "text"}},
		Models:    []*ir.Model{leaf, empty, node, all, wide, ugly},
		Enums:     []*ir.Enum{state, bare},
		Unions:    []*ir.Union{one, inner, shapes(leaf, node)},
		HasPaging: true, HasStreams: true,
	}
	one.Variants = variantsOfEveryType(one.Name, everyType(leaf, state, inner))
	inner.Variants = variantsOfEveryType(inner.Name, everyType(leaf, state, inner)[:4])
	api.Groups = []*ir.Group{
		{File: "calls.gen.go", Operations: append(everyCall(leaf, state, one), everyResult(leaf, state, one)...)},
		{File: "lists.gen.go", Operations: everyPaging(api, leaf)},
	}
	holdByValue(api)
	return api
}

// uglyNames are member and parameter names that documents have had, or might.
var uglyNames = []string{"_links", "$ref", "a b", "a,b", "-", "", "a\"b", "a`b", "a\\b", "a\nb", "a\tb", "ä", "\u2028", "\ufeff", "\xff", "a:b", "@type", "*/", "//go:embed x", "%s"}

// everyType is each scalar, and each of them in slices, maps, and nested.
func everyType(m *ir.Model, e *ir.Enum, one *ir.Union) []*ir.Type {
	scalars := []*ir.Type{typ(ir.String), typ(ir.Int), typ(ir.Float), typ(ir.Bool), timeOf(ir.RFC3339), timeOf(ir.UnixMilli), timeOf(ir.Jira),
		typ(ir.Raw), enumType(e), modelType(m), pointer(modelType(m)), unionType(one)}
	types := append([]*ir.Type(nil), scalars...)
	for _, t := range scalars {
		types = append(types, sliceOf(t), mapOf(t), sliceOf(sliceOf(t)), mapOf(sliceOf(t)), sliceOf(mapOf(t)), mapOf(mapOf(t)))
	}
	return types
}

// variantsOfEveryType makes a variant of each type that is not a pointer, every other one told by its JSON type.
func variantsOfEveryType(union string, types []*ir.Type) []*ir.Variant {
	var variants []*ir.Variant
	for i, t := range types {
		if !t.Pointer {
			name := fmt.Sprintf("V%d", i)
			variants = append(variants, &ir.Variant{Name: name, Make: union + "Of" + name, Type: t, Told: i%2 == 0, JSON: "ob\"ject"})
		}
	}
	return variants
}

// shapes is a union with a discriminator, whose names are as ugly as they come.
func shapes(leaf, node *ir.Model) *ir.Union {
	kind := field("Kind", "ki\"nd", typ(ir.String), "")
	leaf.Fields = append(leaf.Fields, kind)
	return &ir.Union{Name: "Shape", Doc: "One of the shapes.", Want: "object", Tag: "ki\"nd`\n", Request: true, Variants: []*ir.Variant{
		{Name: "Leaf", Make: "ShapeOfLeaf", Type: modelType(leaf), Told: true, JSON: "object", Tags: []string{"le\"af`", "blatt"}, Field: kind},
		{Name: "Node", Make: "ShapeOfNode", Type: modelType(node), Told: true, JSON: "object", Has: []string{"a\nb"}, Lacks: []string{"*/"}},
	}}
}

func fieldsOfEveryType(prefix string, types []*ir.Type) []*ir.Field {
	var fields []*ir.Field
	for i, t := range types {
		fields = append(fields, &ir.Field{Name: fmt.Sprintf("%sF%d", prefix, i), Wire: fmt.Sprintf("f%d", i), Type: t, Required: i%2 == 0})
	}
	return fields
}

// everyCall has every type in every place of a request.
func everyCall(leaf *ir.Model, state *ir.Enum, one *ir.Union) []*ir.Operation {
	types := everyType(leaf, state, one)
	for _, t := range types[:9] {
		types = append(types, pointer(t))
	}
	var ops []*ir.Operation
	for i, place := range []struct{ in, style string }{{"query", "form"}, {"query", "spaceDelimited"}, {"query", "pipeDelimited"},
		{"query", "deepObject"}, {"header", "simple"}, {"cookie", "form"}} {
		params := &ir.Params{Name: fmt.Sprintf("Send%dParams", i)}
		for j, t := range types {
			params.Fields = append(params.Fields, &ir.Param{Name: fmt.Sprintf("P%d", j), Wire: fmt.Sprintf("p%d", j), In: place.in, Style: place.style,
				Explode: j%2 == 0, Required: i == 0 && j%3 == 0, Type: t, Doc: "text", Deprecated: "text", Default: "text"})
		}
		ops = append(ops, &ir.Operation{Name: fmt.Sprintf("Send%d", i), Method: "POST", Path: "/send", Template: "/send", Params: params, Doc: "text", Deprecated: "text",
			Permissions: "text", Scopes: []string{"text"}, Granular: []string{"text"}, Reference: "text", Result: ir.Result{Doc: "text"}})
	}
	for i, style := range []string{"simple", "label", "matrix"} {
		op := &ir.Operation{Name: fmt.Sprintf("Path%d", i), Method: "DELETE"}
		for j, t := range types {
			op.Path += fmt.Sprintf("/{p%d}", j)
			op.PathParams = append(op.PathParams, &ir.Param{Name: fmt.Sprintf("p%d", j), Wire: fmt.Sprintf("p%d", j), In: "path", Style: style,
				Required: true, Type: t, Doc: "text"})
		}
		ops = append(ops, op)
	}
	return append(ops, uglyParams())
}

func uglyParams() *ir.Operation {
	params := &ir.Params{Name: "UglyParams"}
	for i, wire := range uglyNames {
		params.Fields = append(params.Fields, query(fmt.Sprintf("U%d", i), wire, typ(ir.String), "text"))
	}
	return &ir.Operation{Name: "SendUgly", Method: "GET", Path: "/a\"b`c\n", Template: "/a\"b`c\n", Params: params}
}

// everyResult has every type as body and as result, and the bodies and results that are no JSON.
func everyResult(leaf *ir.Model, state *ir.Enum, one *ir.Union) []*ir.Operation {
	var ops []*ir.Operation
	for i, t := range everyType(leaf, state, one) {
		op := &ir.Operation{Name: fmt.Sprintf("Echo%d", i), Method: "PUT", Path: "/echo", Template: "/echo", Result: jsonResult(t)}
		if !t.Pointer {
			op.Body = &ir.Body{Arg: "body", Media: "application/vnd.x+json", Type: t, Doc: "text", Required: i%2 == 0}
		}
		ops = append(ops, op)
	}
	return append(ops, everyPart(leaf, state, one),
		&ir.Operation{Name: "SendForm", Method: "POST", Path: "/form", Template: "/form", Body: &ir.Body{Arg: "form", Kind: ir.BodyForm, Type: modelType(leaf)}},
		&ir.Operation{Name: "UploadFiles", Method: "POST", Path: "/files", Template: "/files", Body: &ir.Body{Arg: "files", Kind: ir.BodyUpload, Media: "multipart/form-data"}},
		&ir.Operation{Name: "Upload", Method: "POST", Path: "/up", Template: "/up", Body: &ir.Body{Arg: "content", Kind: ir.BodyStream, Media: "a/b\"`"}, Result: ir.Result{Kind: ir.ResultText}},
		&ir.Operation{Name: "Download1", Method: "GET", Path: "/down", Template: "/down", Result: ir.Result{Kind: ir.ResultStream, Media: "*/*"}},
	)
}

// everyPart is a form that has every type in a part, every other one required.
func everyPart(leaf *ir.Model, state *ir.Enum, one *ir.Union) *ir.Operation {
	types := everyType(leaf, state, one)
	for _, k := range []ir.Kind{ir.Int, ir.Float, ir.Bool} {
		types = append(types, pointer(typ(k)))
	}
	types = append(types, typ(ir.File), typ(ir.File), sliceOf(typ(ir.File)))
	form := &ir.Form{Name: "EveryForm", More: "More"}
	for i, t := range types {
		form.Parts = append(form.Parts, &ir.Part{Name: fmt.Sprintf("P%d", i), Wire: uglyNames[i%len(uglyNames)], Doc: "text", Deprecated: "text", Type: t, Required: i%2 == 0,
			Media: "a/b\"`", Headers: []ir.PartHeader{{Name: "X-\"`", Value: "text"}, {Name: "*/"}}, Const: "\"text\""})
	}
	return &ir.Operation{Name: "SendEvery", Method: "POST", Path: "/every", Template: "/every", Result: ir.Result{Kind: ir.ResultNone},
		Body: &ir.Body{Arg: "form", Kind: ir.BodyUpload, Form: form, Fields: []ir.FormField{{Wire: "a\"b", Style: "deepObject", Explode: true}}}}
}

// everyPaging has listings of every style, with as much and as little around them as there can be.
func everyPaging(api *ir.API, leaf *ir.Model) []*ir.Operation {
	links := &ir.Model{Name: "Links", Nested: true, Fields: []*ir.Field{field("Next", "next", typ(ir.String), "")}}
	asked := &ir.Model{Name: "Asked", Fields: []*ir.Field{field("After", "after", typ(ir.String), "")}}
	page := &ir.Model{Name: "LeafPage", Fields: []*ir.Field{
		field("Values", "val\"ues", sliceOf(modelType(leaf)), ""), field("Names", "names", sliceOf(typ(ir.String)), ""),
		field("Start", "st\"art", typ(ir.Int), ""), field("Limit", "limit", typ(ir.Int), ""), field("Links", "_links", modelType(links), ""),
		field("IsLast", "isLast", typ(ir.Bool), ""), field("Asked", "asked", sliceOf(modelType(asked)), ""),
	}}
	api.Models = append(api.Models, links, asked, page)
	path := []*ir.Param{{Name: "id", Wire: "id", In: "path", Style: "simple", Required: true, Type: typ(ir.String)}}
	offset := query("Offset", "offset", pointer(typ(ir.Int)), "")
	number := query("Page", "page", pointer(typ(ir.Int)), "")
	fixed := query("At", "at", typ(ir.Int), "")
	end := query("Until", "until", timeOf(ir.Jira), "")
	cursor := query("Cursor", "cursor", typ(ir.String), "")
	body := &ir.Body{Arg: "filter", Type: modelType(leaf)}
	next := []*ir.Field{page.Fields[4], links.Fields[0]}
	return []*ir.Operation{
		{Name: "ListA", Method: "GET", Path: "/a/{id}", Template: "/a/{id}", PathParams: path, Params: &ir.Params{Name: "ListAParams", Fields: []*ir.Param{offset, end}},
			Body: body, Result: jsonResult(modelType(page)), Paging: &ir.Paging{Pager: "APager", All: "AllA", NextIsLink: true,
				Item: modelType(leaf), Items: page.Fields[:1], Offset: offset, End: end, AnswerOffset: page.Fields[2:3], AnswerLimit: page.Fields[3:4], Next: next}},
		{Name: "ListB", Method: "GET", Path: "/b", Template: "/b", Params: &ir.Params{Name: "ListBParams", Fields: []*ir.Param{fixed}},
			Result: jsonResult(modelType(page)), Paging: &ir.Paging{Pager: "BPager", All: "AllB",
				Item: typ(ir.String), Items: page.Fields[1:2], Offset: fixed, First: 1, AnswerLimit: page.Fields[3:4]}},
		{Name: "ListC", Method: "GET", Path: "/c", Template: "/c", Params: &ir.Params{Name: "ListCParams", Fields: []*ir.Param{offset}},
			Result: jsonResult(sliceOf(modelType(leaf))), Paging: &ir.Paging{Pager: "CPager", All: "AllC", Item: modelType(leaf), Offset: offset}},
		{Name: "ListD", Method: "GET", Path: "/d", Template: "/d", Result: jsonResult(modelType(page)), Paging: &ir.Paging{Pager: "DPager", All: "AllD",
			Item: modelType(leaf), Items: page.Fields[:1], Next: next, NextIsLink: true}},
		{Name: "ListE", Method: "GET", Path: "/e", Template: "/e", Params: &ir.Params{Name: "ListEParams", Fields: []*ir.Param{end}},
			Result: jsonResult(sliceOf(typ(ir.Raw))), Paging: &ir.Paging{Pager: "EPager", All: "AllE", Item: typ(ir.Raw), End: end, NextHeader: "NextPageUri", NextIsLink: true}},
		{Name: "ListF", Method: "GET", Path: "/f", Template: "/f", Params: &ir.Params{Name: "ListFParams", Fields: []*ir.Param{cursor}}, Result: jsonResult(modelType(page)),
			Paging: &ir.Paging{Pager: "FPager", All: "AllF", Item: modelType(leaf), Items: page.Fields[:1], Cursor: cursor, CursorWire: "cur\"sor", Next: next, NextIsLink: true}},
		{Name: "ListG", Method: "GET", Path: "/g", Template: "/g", Result: jsonResult(modelType(page)), Paging: &ir.Paging{Pager: "GPager", All: "AllG",
			Item: modelType(leaf), Items: page.Fields[:1], CursorWire: "page", Next: next, Basis: "page and next"}},
		{Name: "ListH", Method: "GET", Path: "/h", Template: "/h", Params: &ir.Params{Name: "ListHParams", Fields: []*ir.Param{cursor}}, Result: jsonResult(modelType(page)),
			Paging: &ir.Paging{Pager: "HPager", All: "AllH", Item: modelType(leaf), Items: page.Fields[:1], Cursor: cursor, CursorWire: "cursor", Next: next, More: page.Fields[5:6]}},
		{Name: "ListI", Method: "GET", Path: "/i", Template: "/i", Params: &ir.Params{Name: "ListIParams", Fields: []*ir.Param{cursor}}, Result: jsonResult(sliceOf(modelType(leaf))),
			Paging: &ir.Paging{Pager: "IPager", All: "AllI", Item: modelType(leaf), Cursor: cursor, CursorWire: "cursor", NextHeader: "Link", NextIsLink: true}},
		{Name: "ListJ", Method: "GET", Path: "/j", Template: "/j", Params: &ir.Params{Name: "ListJParams", Fields: []*ir.Param{offset}}, Result: jsonResult(modelType(page)),
			Paging: &ir.Paging{Pager: "JPager", All: "AllJ", Item: modelType(leaf), Items: page.Fields[:1], Offset: offset, More: page.Fields[5:6], MoreIsLast: true}},
		{Name: "ListK", Method: "GET", Path: "/k", Template: "/k", Params: &ir.Params{Name: "ListKParams", Fields: []*ir.Param{number}}, Result: jsonResult(modelType(page)),
			Paging: &ir.Paging{Pager: "KPager", All: "AllK", Item: modelType(leaf), Items: page.Fields[:1], Number: number, CursorWire: "page", First: 1, AnswerNumber: page.Fields[2:3],
				AnswerPages: page.Fields[3:4], AnswerLimit: page.Fields[3:4]}},
		{Name: "ListL", Method: "POST", Path: "/l", Template: "/l", Body: &ir.Body{Arg: "body", Type: modelType(asked), Required: true}, Result: jsonResult(modelType(page)),
			Paging: &ir.Paging{Pager: "LPager", All: "AllL", Item: modelType(asked), Items: []*ir.Field{page.Fields[6]}, BodyCursor: asked.Fields[0], CursorWire: "after",
				NextItem: asked.Fields[0], More: page.Fields[5:6]}},
	}
}

// holdByValue lets every model be held by value, as package resolve does for those that are.
func holdByValue(api *ir.API) {
	for _, m := range api.Models {
		m.Nested = true
	}
}
