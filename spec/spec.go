// Package spec embeds the documents that auditgen reads by default: what is published about the
// audit APIs of Confluence and Jira, in the published formats, with all descriptions in our own
// words. Overlays add what people know and no document says, and what Atlassian's OpenAPI documents
// say.
package spec

import (
	"embed"
	"fmt"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

//go:embed confluence jira
var documents embed.FS

// API is an API with embedded documents.
type API struct {
	Name    string // its name in --api
	Package string // name of the Go package
	Title   string
	Sources []Source // strongest first

	// For auditgen init --published. The documents that Atlassian publishes contain the audit log
	// among others.
	Include   []string // the paths of the audit log
	Published []Source // strongest first; sources with a URL are not embedded
}

// Source is one document about an API.
type Source struct {
	Kind     claim.Kind
	Path     string // slash-separated, below this folder
	BasePath string // prefix of the paths of this document; empty if they are complete
	URL      string // URL at which the document is published
}

// APIs returns all embedded APIs in the order in which they are generated.
//
// Sources and Published differ only in their second element: an overlay with what Atlassian's
// OpenAPI document says, or that document. The document comes right after the overlay, because
// auditgen update follows it: a page that was captured years ago must not hide its changes. The
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

// newAPI adds the overlays to the sources of an API.
func newAPI(api API, published Source, others ...Source) API {
	overlay := func(name string) Source { return Source{Kind: claim.Overlay, Path: api.Name + "/" + name} }
	api.Sources = append([]Source{overlay("overlay.yaml"), overlay("published-facts.yaml")}, others...)
	api.Published = append([]Source{overlay("overlay.yaml"), published}, others...)
	return api
}

// Read returns a document. Its name in messages is its path in the repository of auditgen.
func Read(s Source) (source.File, error) {
	data, err := documents.ReadFile(s.Path)
	if err != nil {
		return source.File{}, fmt.Errorf("spec: %w", err)
	}
	return source.File{Name: "spec/" + s.Path, Data: data}, nil
}
