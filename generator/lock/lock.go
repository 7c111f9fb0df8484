// Package lock reads and writes the lock of a configuration: which Go name each operation has,
// which models are held by value, where packages were written, and which documents were fetched.
//
// The lock is beside the configuration and is committed with it. It is as untrusted as any
// document: a name in it becomes Go, and a path in it becomes a file. Parse is the only way in, and
// it accepts identifiers, paths and hashes and nothing else.
//
//	version: 1
//	packages:
//	- package: confluence
//	  folder: internal/confluence
//	  operations:
//	  - method: GET
//	    path: /wiki/rest/api/audit
//	    name: GetAuditRecords
//	    parameters: [query limit, query start]
//	    answers: [200 application/json, results, size]
//	  models:
//	    AuditRecordAuthor: value
//	sources:
//	- path: spec/audit.swagger.yaml
//	  url: https://example.com/audit.swagger.yaml
//	  sha256: 2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae
//	  size: 1234
//	  fetched: '2026-11-21T03:15:00Z'
package lock

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// Version is the version of the format.
const Version = 1

// File is a lock. Positions are those in the file that Parse read; they are not written.
type File struct {
	Packages []Package
	Sources  []Source
}

// Package is the operations of one package of the configuration. Folder is its output folder.
type Package struct {
	Package, Folder string
	Operations      []Operation
	Models          []Model // those that fields of models hold
	Pos             source.Position
}

// Model says how fields hold a model.
type Model struct {
	Name string // Go name of the type
	Held Holding
}

// Holding is how fields hold a model. It stays as it is while the documents change.
type Holding string

// The ways to hold a model.
const (
	ByValue   Holding = "value"
	ByPointer Holding = "pointer"
)

// Operation is the Go name of an operation, which Method and Path identify.
type Operation struct {
	Method, Path string // as in the settled document: GET, /wiki/rest/api/audit
	Name         string // Go name of the method, such as GetAuditRecords
	Removed      bool   // no document has the operation; its name stays reserved

	// Parameters and Answers identify the operation when its path changes. They are sorted.
	Parameters []string // place and name, such as query limit; those of the path are in the path
	Answers    []string // status and media type of successful answers, and the members that they have

	// Instead has the Go identifiers that follow from Name and were taken when the operation got
	// it, and for each the one that is used: GetAuditRecordsParams2 for GetAuditRecordsParams.
	Instead map[string]string

	Pos source.Position
}

// Source is a document that was fetched.
type Source struct {
	Path         string // as in the configuration; inside its folder
	URL          string
	ETag         string
	LastModified string    // as the server sent it
	SHA256       string    // of the stored bytes, in hexadecimal
	Size         int64     // bytes
	Fetched      time.Time // to the second, UTC
	Version      string    // info.version of the document; may be empty
	Auditgen     string    // version of auditgen that fetched it
	Pos          source.Position
}

// methods lists the methods of operations in the order in which they are written.
var methods = []string{"GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE"}

// Compare orders operations by path, then by method.
func Compare(a, b Operation) int {
	return cmp.Or(strings.Compare(a.Path, b.Path), cmp.Compare(slices.Index(methods, a.Method), slices.Index(methods, b.Method)))
}

// Find returns the package in a folder. Without one it returns the only package of that name, which
// has another folder by now; else nil.
func (f *File) Find(name, folder string) *Package {
	var named []*Package
	for i := range f.Packages {
		p := &f.Packages[i]
		if p.Folder == folder {
			return p
		}
		if p.Package == name {
			named = append(named, p)
		}
	}
	if len(named) == 1 {
		return named[0]
	}
	return nil
}

// Source returns what is known about a document by its path in the configuration, or nil.
func (f *File) Source(file string) *Source {
	for i := range f.Sources {
		if path.Clean(f.Sources[i].Path) == path.Clean(file) {
			return &f.Sources[i]
		}
	}
	return nil
}
