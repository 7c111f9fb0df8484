package main

import (
	"os"
	"path/filepath"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/golden/corpus/internal/call"
	"github.com/seed-1954497d/auditgen/golden/internal/judge"
)

// examine has kin-openapi judge the requests by the document that the client was generated from.
// Pages, and documents that others or an overlay correct, are not judged, nor are those that
// kin-openapi cannot load.
func (d *document) examine(requests []call.Request) {
	file := d.original()
	data, err := os.ReadFile(file)
	if err != nil {
		return
	}
	j, err := judge.New(file, data)
	if err != nil {
		return
	}
	for _, r := range requests {
		complaints, ok := j.Complaints(judge.Request(r))
		if ok {
			d.judged++
		}
		for _, c := range complaints {
			if judge.Excused(c) == "" {
				d.fail("kin-openapi: %s", c)
			}
		}
	}
}

// original returns the file of the only specification that a client was generated from, or "".
func (d *document) original() string {
	switch d.kind {
	case specification:
		return d.file
	case configured:
		in, err := read(d.kind, d.file, d.pack)
		if err == nil && len(in.Sources) == 1 && in.Sources[0].Kind == claim.OpenAPI {
			return filepath.Join(filepath.Dir(d.file), filepath.FromSlash(in.Sources[0].File.Name))
		}
	}
	return ""
}
