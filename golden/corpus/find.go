package main

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// kind is the kind of a document.
type kind string

const (
	specification kind = "specification"
	reference     kind = "reference"
	configured    kind = "configuration"
	none          kind = ""
)

// document is a document of the corpus and its result.
type document struct {
	name  string // name in the output
	file  string
	kind  kind
	api   string // package in a configuration
	pack  string // name of the generated package
	place string // distinguishes packages of the same name

	operations, gaps   int
	variables          []string // of its server URLs, without defaults
	seconds, megabytes float64
	refusal            string   // why auditgen refuses it
	failures           []string // everything that went wrong
	called, walked     int
	judged             int // requests that kin-openapi judged
}

// folder returns the name of the folder of the generated package.
func (d *document) folder() string { return d.pack + d.place }

func (d *document) failed() bool { return len(d.failures) > 0 }

func (d *document) fail(format string, args ...any) {
	d.failures = append(d.failures, fmt.Sprintf(format, args...))
}

// result returns the last column of a document's line.
func (d *document) result() string {
	switch {
	case d.failed():
		return "FAILED: " + shorten(d.failures[0])
	case d.refusal != "":
		return "refused: " + shorten(d.refusal)
	}
	done := "ok"
	if d.walked > 0 {
		done += fmt.Sprintf(", %d walked", d.walked)
	}
	if d.judged > 0 {
		done += fmt.Sprintf(", %d judged", d.judged)
	}
	return done
}

func shorten(s string) string {
	const most = 160
	s, _, _ = strings.Cut(s, "\n")
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "..."
	}
	return s
}

const (
	configName   = "auditgen.yaml"
	manifestName = "auditgen.manifest"
)

// find returns the documents below the folders, sorted by name.
func find(folders []string) ([]*document, error) {
	var docs []*document
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(file string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if !d.IsDir() {
				found, err := lookAt(file)
				docs = append(docs, found...)
				return err
			}
			if exists(filepath.Join(file, manifestName)) || file != folder && strings.HasPrefix(d.Name(), ".") {
				return filepath.SkipDir
			}
			if config := filepath.Join(file, configName); exists(config) {
				found, err := packagesOf(config)
				docs = append(docs, found...)
				return cmp.Or(err, error(filepath.SkipDir))
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if len(docs) == 0 {
		return nil, fmt.Errorf("there is no document below %q", folders)
	}
	slices.SortFunc(docs, func(a, b *document) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.file, b.file)) })
	docs = slices.CompactFunc(docs, func(a, b *document) bool { return a.file == b.file && a.api == b.api })
	namePackages(docs)
	return docs, nil
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// lookAt returns the documents in a file: none, one, or one per package of a configuration.
func lookAt(file string) ([]*document, error) {
	switch strings.ToLower(filepath.Ext(file)) {
	case ".json", ".yaml", ".yml", ".txt":
	default:
		return nil, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if k := kindOf(data); k != none {
		return []*document{{name: filepath.ToSlash(file), file: file, kind: k}}, nil
	}
	return nil, nil
}

// Keys that identify documents. In JSON on one line, the key of a specification may be anywhere.
var (
	specificationKey = regexp.MustCompile(`(?m)(^|[{,])\s*["']?(swagger|openapi)["']?\s*:\s*["']?[0-9]`)
	overlayKey       = regexp.MustCompile(`(?m)^\s*["{]*\s*["']?overlay["']?\s*:\s*["']?1\.`)
)

func kindOf(data []byte) kind {
	switch {
	case overlayKey.Match(data):
		return none
	case specificationKey.Match(data):
		return specification
	}
	return reference
}

var packageKey = regexp.MustCompile(`(?m)^\s*-\s*\{?\s*package:\s*["']?(\w+)`)

// packagesOf returns the packages of a configuration.
func packagesOf(config string) ([]*document, error) {
	data, err := os.ReadFile(config)
	if err != nil {
		return nil, err
	}
	var docs []*document
	for _, m := range packageKey.FindAllStringSubmatch(string(data), -1) {
		docs = append(docs, &document{name: filepath.ToSlash(filepath.Dir(config)) + " " + m[1], file: config, kind: configured, api: m[1]})
	}
	if len(docs) == 0 {
		return nil, fmt.Errorf("%s: there is no package in it", config)
	}
	return docs, nil
}

var notInPackageName = regexp.MustCompile(`[^a-z0-9]+`)

// namePackages gives each document a package name. The name of a document changes only if another
// one takes it, so that earlier builds stay cached.
func namePackages(docs []*document) {
	folders := map[string]bool{}
	for _, d := range docs {
		base := strings.ToLower(strings.TrimSuffix(filepath.Base(d.file), filepath.Ext(d.file)))
		d.pack = cmp.Or(d.api, "p"+notInPackageName.ReplaceAllString(base, ""))
		for n := 2; folders[d.folder()]; n++ {
			d.place = fmt.Sprintf("_%d", n)
		}
		folders[d.folder()] = true
	}
}
