package output

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/filename"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// ManifestName is the file in an output folder that says which of its files are auditgen's.
const ManifestName = "auditgen.manifest"

// The first line of a manifest. The number changes when older versions of auditgen cannot read it.
const (
	manifestMark   = "# auditgen manifest "
	manifestHeader = manifestMark + "2: the files in this folder that auditgen wrote and may replace. DO NOT EDIT."
)

// manifest is the set of files that the last run wrote into a folder. Every run of the same inputs
// writes the same lines, and a change of a file changes none, so that the manifests of two branches
// merge. The manifest is read from the output folder, so nothing in it is trusted: a name that
// could lead elsewhere is an error.
type manifest map[string]bool

// hashOf returns the hash of a file.
func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// hashesOf returns the hashes of files, by name.
func hashesOf(files []generator.File) map[string]string {
	all := make(map[string]string, len(files))
	for _, f := range files {
		all[f.Name] = hashOf(f.Data)
	}
	return all
}

// newManifest lists files.
func newManifest(files []generator.File) manifest {
	m := make(manifest, len(files))
	for _, f := range files {
		m[f.Name] = true
	}
	return m
}

// format writes the manifest: the header and a line for each file, sorted by name.
func (m manifest) format() []byte {
	var b bytes.Buffer
	fmt.Fprintln(&b, manifestHeader)
	for _, name := range slices.Sorted(maps.Keys(m)) {
		fmt.Fprintln(&b, name)
	}
	return b.Bytes()
}

// parseManifest reads a manifest. One that git merged, with conflict marks or without, has the
// files of both sides. The error is a source.Errors with everything that is wrong.
func parseManifest(f source.File) (manifest, error) {
	p := manifestParser{file: f.Name, m: manifest{}}
	lines := strings.Split(strings.TrimSuffix(string(f.Data), "\n"), "\n")
	for i, line := range lines {
		line = strings.TrimSuffix(line, "\r")
		switch {
		case source.IsConflictMark(line):
		case strings.HasPrefix(line, manifestMark):
			p.header(i+1, line)
		case !p.headed:
			p.fail(i+1, "this is not a manifest of auditgen")
			return nil, p.errs.Err()
		default:
			p.name(i+1, line)
		}
	}
	if err := p.errs.Err(); err != nil {
		return nil, err
	}
	return p.m, nil
}

// manifestParser collects what is wrong in a manifest.
type manifestParser struct {
	file   string
	m      manifest
	headed bool
	errs   source.Collector
}

func (p *manifestParser) fail(line int, what string) {
	p.errs.Add(source.Position{File: p.file, Line: line}, "", what, "restore the file from version control, or delete it")
}

// header reads the first line. A manifest of version 1 has hashes, which name ignores.
func (p *manifestParser) header(number int, line string) {
	p.headed = true
	version, _, _ := strings.Cut(line[len(manifestMark):], ":")
	if version != "1" && version != "2" {
		p.errs.Add(source.Position{File: p.file, Line: number}, "", "another version of auditgen wrote this manifest", "use that version or a later one")
	}
}

func (p *manifestParser) name(number int, line string) {
	if hash, old := strings.CutPrefix(line, "inputs "); old && isHash(hash) {
		return
	}
	name := line
	if rest, old := strings.CutPrefix(line, "file "); old {
		if hash, after, _ := strings.Cut(rest, " "); isHash(hash) {
			name = after
		}
	}
	switch err := filename.Check(name); {
	case err != nil:
		p.fail(number, "a manifest lists plain files of its own folder: "+err.Error())
	case strings.EqualFold(name, ManifestName):
		p.fail(number, fmt.Sprintf("a manifest does not list itself, and this one lists %q", name))
	default:
		p.m[name] = true
	}
}

func isHash(s string) bool {
	return len(s) == 2*sha256.Size && strings.Trim(s, "0123456789abcdef") == ""
}
