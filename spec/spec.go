// Package spec holds the documents that auditgen reads when it is given no others: what is published about the audit APIs
// of Confluence and Jira, in the formats in which it is published, with every description in our own words, and one
// overlay per API for what people know and no document says.
package spec

import (
	"embed"
	"fmt"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

//go:embed confluence jira
var documents embed.FS

// API is an API that is described here.
type API struct {
	Name    string // what --api calls it
	Package string // the Go package it becomes
	Title   string
	Sources []Source // strongest first

	// What follows the whole document that Atlassian publishes, instead of the documents here: the audit log is a part of it.
	Include   []string // the paths of the audit log
	Published []Source // strongest first; those with a URL are not here
}

// Source is one document about an API.
type Source struct {
	Kind     claim.Kind
	Path     string // below this folder, with slashes
	BasePath string // what has to stand before the paths of this document; empty if its paths are whole
	URL      string // where the document is published
}

// APIs gives every API there is, in the order in which they are generated.
func APIs() []API {
	return []API{
		{Name: "confluence", Package: "confluence", Title: "Confluence Cloud audit log", Sources: []Source{
			{Kind: claim.Overlay, Path: "confluence/overlay.yaml"},
			{Kind: claim.Reference, Path: "confluence/audit-page.txt"},
			{Kind: claim.Reference, Path: "confluence/create-record-table.txt"},
			{Kind: claim.Reference, Path: "confluence/audit-postman-page.txt"},
			{Kind: claim.OpenAPI, Path: "confluence/audit.swagger.yaml", BasePath: "/wiki/rest/api"},
		}, Include: []string{"/wiki/rest/api/audit", "/wiki/rest/api/audit/**"}, Published: []Source{
			{Kind: claim.OpenAPI, Path: "confluence/openapi.json", URL: "https://dac-static.atlassian.com/cloud/confluence/swagger.v3.json"},
		}},
		{Name: "jira", Package: "jira", Title: "Jira Cloud audit log", Sources: []Source{
			{Kind: claim.Overlay, Path: "jira/overlay.yaml"},
			{Kind: claim.Reference, Path: "jira/auditing-page.txt"},
		}, Include: []string{"/rest/api/3/auditing/record"}, Published: []Source{
			{Kind: claim.Overlay, Path: "jira/published-overlay.yaml"},
			{Kind: claim.OpenAPI, Path: "jira/openapi.json", URL: "https://dac-static.atlassian.com/cloud/jira/platform/swagger-v3.v3.json"},
		}},
	}
}

// Read gives a document; its name in messages is its path in the repository of auditgen.
func Read(s Source) (source.File, error) {
	data, err := documents.ReadFile(s.Path)
	if err != nil {
		return source.File{}, fmt.Errorf("spec: %w", err)
	}
	return source.File{Name: "spec/" + s.Path, Data: data}, nil
}
