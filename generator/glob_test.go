package generator

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator/merge"
)

func TestGlobsMatchPaths(t *testing.T) {
	cases := map[string]struct{ yes, no []string }{
		"/audit":                    {yes: []string{"/audit"}, no: []string{"/audit/", "/audit/export", "/audits", "/wiki/audit", "audit", ""}},
		"/audit/**":                 {yes: []string{"/audit/export", "/audit/since/now"}, no: []string{"/audit", "/audits/export"}},
		"/audit/*":                  {yes: []string{"/audit/export", "/audit/{id}"}, no: []string{"/audit", "/audit/since/now"}},
		"/**/audit":                 {yes: []string{"/audit", "/wiki/rest/api/audit"}, no: []string{"/wiki/xaudit", "/audit/export"}},
		"/rest/api/*/audit*/record": {yes: []string{"/rest/api/3/auditing/record", "/rest/api/2/audit/record"}, no: []string{"/rest/api/audit/record"}},
		"/a/**/b/**/c":              {yes: []string{"/a/b/c", "/a/x/b/y/z/c"}, no: []string{"/a/c", "/a/b"}},
		"/**":                       {yes: []string{"/", "/a", "/a/b"}, no: []string{""}},
		"/audit/{id}.json":          {yes: []string{"/audit/{id}.json"}, no: []string{"/audit/{id}xjson", "/audit/1.json"}},
		"/a*c":                      {yes: []string{"/ac", "/abc", "/abcc"}, no: []string{"/ab/c", "/abcd"}},
		"/a\nb":                     {yes: []string{"/a\nb"}, no: []string{"/a\n", "/a"}},
	}
	for pattern, c := range cases {
		g, err := compileGlobs([]string{pattern})
		if err != nil {
			t.Errorf("%q: %v", pattern, err)
			continue
		}
		for _, path := range c.yes {
			if !g.Match(merge.Candidate{Path: path}) {
				t.Errorf("%q does not match %q", pattern, path)
			}
		}
		for _, path := range c.no {
			if g.Match(merge.Candidate{Path: path}) {
				t.Errorf("%q matches %q", pattern, path)
			}
		}
	}
}

func TestGlobsThatMatchNothingAreFound(t *testing.T) {
	g, err := compileGlobs([]string{"/audit", "/adit/**", "/**/export"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"/adit/**"}, g.unused([]merge.Candidate{{Path: "/audit"}, {Path: "/audit/export"}})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if globs(nil).Match(merge.Candidate{Path: "/audit"}) {
		t.Error("no pattern matches a path")
	}
}

func TestPatternsThatAreNoGlobs(t *testing.T) {
	want := []string{
		`the pattern is empty: write a path such as /wiki/rest/api/audit/**`,
		`"audit" is not a path, a tag or an operation: write "/audit", "tag:audit" or "operation:audit"`,
		`"/a?": only * and ** are special, and paths do not contain ? # [ ] or \: use *`,
		`"/[ab]": only * and ** are special, and paths do not contain ? # [ ] or \: use *`,
		`"/a**/b": ** must be a whole segment: write /**/ or a single *`,
		`the pattern is longer than 1024 bytes: write a shorter one`,
	}
	_, err := compileGlobs([]string{"", "audit", "/a?", "/[ab]", "/a**/b", "/" + strings.Repeat("a", maxGlob), "/fine"})
	if err == nil {
		t.Fatal("there is no error")
	}
	if diff := cmp.Diff(strings.Join(want, "\n"), err.Error()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestAHostileGlobIsMatchedAtAll(t *testing.T) {
	g, err := compileGlobs([]string{strings.Repeat("/**", 200) + "/x", "/" + strings.Repeat("a*", 400) + "b"})
	if err != nil {
		t.Fatal(err)
	}
	if g.Match(merge.Candidate{Path: strings.Repeat("/a", 2000)}) || g.Match(merge.Candidate{Path: "/" + strings.Repeat("a", 4000)}) {
		t.Error("matched")
	}
}

func TestPatternsCanBeAboutTagsAndOperations(t *testing.T) {
	op := merge.Candidate{Method: "GET", Path: "/audit", Names: []string{"getAuditRecords"}, Tags: []string{"Audit records", "Admin"}}
	for pattern, want := range map[string]bool{"tag:Audit records": true, "tag:Audit*": true, "tag:*": true, "tag:audit": false, "tag:Admin": true,
		"operation:getAuditRecords": true, "operation:get*": true, "operation:*Records": true, "operation:set*": false, "/audit": true} {
		g, err := compileGlobs([]string{pattern})
		if err != nil {
			t.Fatal(err)
		}
		if got := g.Match(op); got != want {
			t.Errorf("%s: %v, want %v", pattern, got, want)
		}
	}
	if _, err := compileGlobs([]string{"tag:", "operation:"}); err == nil {
		t.Error("a prefix alone is no pattern")
	}
}
