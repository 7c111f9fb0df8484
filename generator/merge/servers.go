package merge

import (
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// A server of OpenAPI 3 may have a path, as https://api.example.com/2.0 has. Callers give the client the address of a site or a
// gateway, so that path goes before the paths of the document, as the basePath of Swagger 2.0 does.

// basePaths gives what stands before the paths of each document: what is declared, else the path of its servers.
func (m *merger) basePaths(docs []*claim.Document) {
	for _, doc := range docs {
		path := serverPath(doc)
		if doc.Source.BasePath != "" || path == "" {
			continue
		}
		m.serverPaths[doc.Source] = path
		m.notes = append(m.notes, &source.Error{Pos: source.Position{File: doc.Source.File, Line: doc.Servers[0].Line}, Where: "servers",
			What: "the address has the path " + path, Do: "it is put before every path; the client is given the address without it"})
	}
}

// serverPath gives the path that all servers of a document have, "" if there is none, if they differ, if it has
// parameters, or if the paths of the document have it already.
func serverPath(doc *claim.Document) string {
	if len(doc.Servers) == 0 {
		return ""
	}
	path := pathOf(doc.Servers[0].Value)
	for _, s := range doc.Servers[1:] {
		if pathOf(s.Value) != path {
			return ""
		}
	}
	if path == "" || strings.ContainsAny(path, "{}?#") {
		return ""
	}
	for _, op := range doc.Operations {
		if !strings.HasPrefix(op.Path, path+"/") {
			return path
		}
	}
	return ""
}

// pathOf gives the path of a server, without a slash at the end.
func pathOf(server string) string {
	_, rest, absolute := strings.Cut(server, "://")
	if !absolute {
		if rest, absolute = strings.CutPrefix(server, "//"); !absolute {
			rest = server
		}
	}
	i := strings.IndexByte(rest, '/')
	if i < 0 || !absolute && i > 0 {
		return ""
	}
	return strings.TrimRight(rest[i:], "/")
}
