package report

import (
	"slices"
	"testing"

	"github.com/seed-1954497d/auditgen/generator/source"
)

func TestNotesThatSayTheSameAboutManyPlacesAreOne(t *testing.T) {
	note := func(file string, line int, where, what string) *source.Error {
		return &source.Error{Pos: source.Position{File: file, Line: line}, Where: where, What: what, Do: "left out"}
	}
	got := Notes([]*source.Error{
		note("a.yaml", 1, "GET /a", "a link"), note("a.yaml", 2, "GET /b", "an example"), note("a.yaml", 3, "GET /c", "a link"),
		note("a.yaml", 4, "", "a link"), note("b.yaml", 5, "GET /d", "a link"), note("a.yaml", 0, "GET /e", "a link"), note("a.yaml", 7, "GET /f", "an example"),
	})
	var lines []string
	for _, n := range got {
		lines = append(lines, n.String()+" | "+n.Places())
	}
	want := []string{
		"a.yaml:1: GET /a: a link: left out (and in 3 more places) | GET /c (line 3), line 4, GET /e",
		"a.yaml:2: GET /b: an example: left out | ",
		"b.yaml:5: GET /d: a link: left out | ",
		"a.yaml:7: GET /f: an example: left out | ",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("got  %q\nwant %q", lines, want)
	}
}
