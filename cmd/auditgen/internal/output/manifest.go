package output

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/filename"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// ManifestName is the file in an output folder that says which of its files are auditgen's.
const ManifestName = "auditgen.manifest"

// The first line of a manifest; the number changes when older versions of auditgen could not read it.
const (
	manifestMark   = "# auditgen manifest "
	manifestHeader = manifestMark + "1: what auditgen wrote into this folder and may replace. DO NOT EDIT."
)

// manifest is what the last run wrote. It is read from the output folder, so nothing in it is trusted: a name that could
// lead elsewhere is an error, and a hash only tells whether a file is still as it was written.
type manifest struct {
	inputs string            // hash of everything the package was made from
	files  map[string]string // hash by name
}

// hashOf is the hash of a file, as manifests write it.
func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// newManifest describes files made from inputs.
func newManifest(inputs string, files []generator.File) *manifest {
	m := &manifest{inputs: inputs, files: make(map[string]string, len(files))}
	for _, f := range files {
		m.files[f.Name] = hashOf(f.Data)
	}
	return m
}

// format writes the manifest: the header, the hash of the inputs, and a line for each file, sorted by name.
func (m *manifest) format() []byte {
	names := make([]string, 0, len(m.files))
	for name := range m.files {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Compare(a, b) })
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\ninputs %s\n", manifestHeader, m.inputs)
	for _, name := range names {
		fmt.Fprintf(&b, "file %s %s\n", m.files[name], name)
	}
	return b.Bytes()
}

// parseManifest reads a manifest. The error is a source.Errors with all that is wrong.
func parseManifest(f source.File) (*manifest, error) {
	m := &manifest{files: map[string]string{}}
	p := manifestParser{file: f.Name, m: m, folded: map[string]bool{}}
	lines := strings.Split(strings.TrimSuffix(string(f.Data), "\n"), "\n")
	for i, line := range lines {
		p.line(i+1, strings.TrimSuffix(line, "\r"))
	}
	if m.inputs == "" && p.errs.Len() == 0 {
		p.fail(len(lines), "the line with the hash of the inputs is missing")
	}
	if err := p.errs.Err(); err != nil {
		return nil, err
	}
	return m, nil
}

// manifestParser collects what is wrong in a manifest.
type manifestParser struct {
	file   string
	m      *manifest
	folded map[string]bool // names in lower case
	errs   source.Collector
}

func (p *manifestParser) fail(line int, what string) {
	p.errs.Add(source.Position{File: p.file, Line: line}, "", what, "restore the file from version control, or delete it")
}

func (p *manifestParser) line(number int, line string) {
	if number == 1 {
		switch {
		case !strings.HasPrefix(line, manifestMark):
			p.fail(1, "this is no manifest of auditgen")
		case !strings.HasPrefix(line, manifestMark+"1:"):
			p.errs.Add(source.Position{File: p.file, Line: 1}, "", "another version of auditgen wrote this manifest", "use that version or a later one")
		}
		return
	}
	if p.errs.Len() > 0 && number == 2 {
		return // not a manifest at all: one finding says so
	}
	word, rest, _ := strings.Cut(line, " ")
	switch {
	case word == "inputs" && number == 2 && isHash(rest):
		p.m.inputs = rest
	case word == "file" && number > 2:
		p.fileLine(number, rest)
	default:
		p.fail(number, fmt.Sprintf("the line %q is neither the hash of the inputs nor a file", shorten(line)))
	}
}

func (p *manifestParser) fileLine(number int, rest string) {
	hash, name, _ := strings.Cut(rest, " ")
	if !isHash(hash) {
		p.fail(number, "the line holds no SHA-256 hash")
		return
	}
	if err := filename.Check(name); err != nil {
		p.fail(number, "a manifest lists plain files of its own folder: "+err.Error())
		return
	}
	if strings.EqualFold(name, ManifestName) || p.folded[strings.ToLower(name)] {
		p.fail(number, fmt.Sprintf("%q cannot stand here, or stands here twice", name))
		return
	}
	p.folded[strings.ToLower(name)] = true
	p.m.files[name] = hash
}

func isHash(s string) bool {
	return len(s) == 2*sha256.Size && strings.Trim(s, "0123456789abcdef") == ""
}

func shorten(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return s[:most] + "..."
}
