// Package spec holds the documents that auditgen reads when it is given no others: what is
// published about the audit APIs of Confluence and Jira, in the formats in which it is published,
// with every description in our own words, and overlays for what people know and no document says,
// and for what the OpenAPI documents of Atlassian say.
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

	// For the start with the document that Atlassian publishes. The audit log is a part of it.
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

// APIs returns every API there is, in the order in which they are generated.
//
// The two starts differ in one source, which is the second of each list: the OpenAPI document that
// Atlassian publishes, or an overlay with what it says. All others are the same, so that nothing
// known is lost. The published document comes right behind the overlay: it is what auditgen update
// keeps up with, so a change in it must not be hidden by a page that was captured years ago. The
// overlay is stronger, because it holds only what no document says, or what documents say wrongly.
func APIs() []API {
	return []API{
		newAPI(API{Name: "confluence", Package: "confluence", Title: "Confluence Cloud audit log",
			Include: []string{"/wiki/rest/api/audit", "/wiki/rest/api/audit/**"}},
			Source{Kind: claim.OpenAPI, Path: "confluence/openapi.json", URL: "https://dac-static.atlassian.com/cloud/confluence/swagger.v3.json"},
			Source{Kind: claim.Reference, Path: "confluence/audit-page.txt"},
			Source{Kind: claim.Reference, Path: "confluence/create-record-table.txt"},
			Source{Kind: claim.Reference, Path: "confluence/audit-postman-page.txt"},
			Source{Kind: claim.OpenAPI, Path: "confluence/audit.swagger.yaml", BasePath: "/wiki/rest/api"},
		),
		newAPI(API{Name: "jira", Package: "jira", Title: "Jira Cloud audit log",
			Include: []string{"/rest/api/3/auditing/record"}},
			Source{Kind: claim.OpenAPI, Path: "jira/openapi.json", URL: "https://dac-static.atlassian.com/cloud/jira/platform/swagger-v3.v3.json"},
			Source{Kind: claim.Reference, Path: "jira/auditing-page.txt"},
		),
	}
}

// newAPI completes the lists of sources of an API with its overlays.
func newAPI(api API, published Source, others ...Source) API {
	overlay := func(name string) Source { return Source{Kind: claim.Overlay, Path: api.Name + "/" + name} }
	api.Sources = append([]Source{overlay("overlay.yaml"), overlay("published-facts.yaml")}, others...)
	api.Published = append([]Source{overlay("overlay.yaml"), published}, others...)
	return api
}

// Read gives a document; its name in messages is its path in the repository of auditgen.
func Read(s Source) (source.File, error) {
	data, err := documents.ReadFile(s.Path)
	if err != nil {
		return source.File{}, fmt.Errorf("spec: %w", err)
	}
	return source.File{Name: "spec/" + s.Path, Data: data}, nil
}
