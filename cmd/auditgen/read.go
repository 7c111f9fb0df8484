package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/seed-1954497d/auditgen/cmd/auditgen/internal/output"
	"github.com/seed-1954497d/auditgen/cmd/auditgen/internal/revision"
	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// stdinName is the file that stands for standard input.
const stdinName = "-"

// documentReader reads documents and collects what is wrong with their files.
type documentReader struct {
	stdin   io.Reader
	tree    tree              // where the files are; nil: on the disk
	fetched map[string][]byte // documents that take the place of files of a configuration, by their clean paths
	errs    source.Collector
}

// file reads a file. A file that cannot be read is reported at pos, where it is named; without pos,
// at its own path.
func (r *documentReader) file(file string, pos source.Position) ([]byte, bool) {
	data, what, do := r.files().read(file)
	if what == "" {
		return data, true
	}
	shown := r.files().shown(file)
	if pos.File == "" {
		r.errs.Add(source.Position{File: shown}, "", what, do)
	} else {
		r.errs.Add(pos, shown, what, do)
	}
	return nil, false
}

func (r *documentReader) files() tree {
	if r.tree == nil {
		return disk{}
	}
	return r.tree
}

// source reads a document of a configuration. One that was never fetched is not a path to be
// checked.
func (r *documentReader) source(file string, s generator.SourceConfig) ([]byte, bool) {
	if kind, err := r.files().kind(file); s.URL != "" && err == nil && kind == revision.Missing {
		r.errs.Add(s.Pos, r.files().shown(file), "there is no such file", "run auditgen update, which fetches it")
		return nil, false
	}
	return r.file(file, s.Pos)
}

// standardInput reads the document on standard input.
func (r *documentReader) standardInput() ([]byte, bool) {
	data, what, do := readBounded(r.stdin, 0)
	if what != "" {
		r.errs.Add(source.Position{File: "stdin"}, "", what, do)
	}
	return data, what == ""
}

// readFile reads a document, or says what is wrong and what to do. The size is looked at before
// anything is read.
func readFile(file string) (data []byte, what, do string) {
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, "there is no such file", adviceMissing(file)
	case err != nil:
		return nil, "cannot be read: " + output.Cause(err), "check the path"
	case info.IsDir():
		return nil, "this is a folder", "name a file in it"
	case info.Size() > source.MaxBytes:
		return nil, tooLarge(), "give a smaller document"
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, "cannot be read: " + output.Cause(err), "check who may read it"
	}
	defer f.Close()
	return readBounded(f, info.Size())
}

// readBounded reads to the end, about size bytes, and no more than a document may have.
func readBounded(r io.Reader, size int64) (data []byte, what, do string) {
	var all bytes.Buffer
	all.Grow(int(size) + bytes.MinRead) // so that it is not moved while it grows
	_, err := all.ReadFrom(io.LimitReader(r, source.MaxBytes+1))
	switch {
	case err != nil:
		return nil, "cannot be read: " + output.Cause(err), "try again, or save it as another file"
	case all.Len() > source.MaxBytes:
		return nil, tooLarge(), "give a smaller document"
	}
	return all.Bytes(), "", ""
}

func tooLarge() string { return fmt.Sprintf("larger than the limit of %d MiB", source.MaxBytes>>20) }

// adviceMissing thinks of KIND:FILE with a kind that is misspelt.
func adviceMissing(file string) string {
	word, rest, ok := strings.Cut(file, ":")
	if !ok {
		return "check the path"
	}
	var known []string
	for _, k := range generator.Kinds() {
		known = append(known, string(k))
	}
	if near := source.Nearest(word, known); near != "" && len(word) > 1 {
		return fmt.Sprintf("did you mean %s:%s?", near, rest)
	}
	return "check the path"
}
