package published

import (
	"flag"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "record what the overlay commands leave of the embedded overlays")

// A team started with the embedded documents, and adds those that Atlassian publishes. The overlay
// published-facts.yaml then says what they say. Two commands and no editor have to put that right:
// what is left of the overlays is in testdata, and the Go of both packages stays the same.
func TestTwoCommandsTakeTheEmbeddedOverlaysToThePublishedDocuments(t *testing.T) {
	s := &start{dir: t.TempDir(), env: environment()}
	s.module(t)
	s.auditgen(t, "init")
	config := filepath.Join(s.dir, "auditgen.yaml")
	text := read(t, config)
	for _, api := range []struct{ name, include, document string }{
		{"confluence", `"/wiki/rest/api/audit", "/wiki/rest/api/audit/**"`, string(publishedDocument(t, *confluenceFile))},
		{"jira", `"/rest/api/3/auditing/record"`, string(publishedDocument(t, *jiraFile))},
	} {
		write(t, filepath.Join(s.dir, "spec", api.name, "openapi.json"), api.document)
		facts := "      - {kind: overlay, path: spec/" + api.name + "/published-facts.yaml}\n"
		out := "    out: ./internal/" + api.name + "\n"
		text = strings.Replace(text, facts, facts+"      - {kind: openapi, path: spec/"+api.name+"/openapi.json}\n", 1)
		text = strings.Replace(text, out, out+"    include: ["+api.include+"]\n", 1)
	}
	write(t, config, text)
	if out := s.fails(t, "generate"); strings.Count(out, "\n") < 26 || !strings.Contains(out, "auditgen overlay yield") {
		t.Fatalf("the published documents contradict the overlays, and generate prints\n%s", out)
	}
	s.auditgen(t, "overlay", "yield", "--all")
	s.auditgen(t, "overlay", "prune")
	s.auditgen(t, "generate", "--strict")
	for _, api := range []string{"confluence", "jira"} {
		for _, name := range []string{"overlay.yaml", "published-facts.yaml"} {
			got, want := read(t, filepath.Join(s.dir, "spec", api, name)), filepath.Join("testdata", api+"-"+name)
			if *update {
				write(t, want, got)
			}
			if diff := cmp.Diff(read(t, want), got); diff != "" {
				t.Errorf("%s of %s (-want +got)\n%s\nif that is right, type go test ./golden/published -update", name, api, diff)
			}
		}
	}
	s.sameAPI(t)
}

// fails runs auditgen, which must exit with 2, and returns its output.
func (s *start) fails(t *testing.T, args ...string) string {
	t.Helper()
	c := s.command(program, args...)
	out, err := c.CombinedOutput()
	if err == nil || c.ProcessState.ExitCode() != 2 {
		t.Fatalf("auditgen %s: %v, want exit status 2\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}
