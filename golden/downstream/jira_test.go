package downstream

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// jiraDocument is not part of the repository. Some machines have it beside the repository.
const jiraDocument = "../../../shared/specs/jira-platform-2022-01-13.openapi.json"

const jiraConfig = `packages:
  - package: jira
    out: ./internal/jira
    sources: [{kind: openapi, path: spec/jira.json, url: "URL/jira.json"}]
`

// substitution replaces every match of an expression in a document. There must be one.
type substitution struct{ old, new string }

// jiraVersions are changes of Jira's complete document.
var jiraVersions = []struct {
	name    string
	changes []substitution
	added   []string
	removed []string
}{
	{
		name: "01-every-path-moves-and-every-operation-is-renamed",
		changes: []substitution{
			{`"operationId": "(\w+)"`, `"operationId": "com.atlassian.jira.Resource.${1}Operation"`},
			{`(?m)^    "/rest/api/3/`, `    "/jira/rest/api/3/`},
		},
	},
	{
		name: "02-some-things-change",
		changes: []substitution{
			{`("AuditRecordBean": \{\s+"type": "object",\s+"properties": \{\s+"id": \{\s+)"type": "integer"`, `$1"type": "string"`},
			{`("eventSource": \{\s+"type": "string",)`, `$1 "nullable": true,`},
			{`\{\s+"name": "filter",\s+"in": "query",\s+"description": "The strings to match with audit field content[^}]*\}\s+\},`, ``},
			{`"/jira/rest/api/3/serverInfo"`, `"/jira/rest/api/3/instance/about"`},
		},
		added:   []string{"GetServerInfoOperation"},
		removed: []string{"GetServerInfo"},
	},
}

func TestGoNamesStayWhenJiraMovesAndRenamesEverything(t *testing.T) {
	if !*long {
		t.Skip("Jira's complete document takes long: make long")
	}
	data, err := os.ReadFile(jiraDocument)
	if err != nil {
		t.Skipf("without Jira's complete document: %v", err)
	}
	t.Parallel()
	up := newUpstream(t, map[string]string{"jira.json": string(data)})
	team := newTeam(t)
	team.write(t, "go.mod", "module example.com/team\n")
	team.write(t, "auditgen.yaml", strings.Replace(jiraConfig, "URL", up.url, 1))
	if _, stderr, status := team.answer(t, "update", "--allow-private"); status != 0 {
		t.Fatalf("update exits with %d: %s", status, stderr)
	}
	team.commit(t, "start")
	for _, v := range jiraVersions {
		for _, c := range v.changes {
			up.substitute(t, "jira.json", c)
		}
		names := team.names(t)
		out, stderr, status := team.answer(t, "update", "--allow-private")
		if status != 0 {
			t.Fatalf("%s: update exits with %d: %s", v.name, status, stderr)
		}
		want := slices.DeleteFunc(append(names, v.added...), func(name string) bool { return slices.Contains(v.removed, name) })
		now := team.names(t)
		slices.Sort(want)
		slices.Sort(now)
		if diff := cmp.Diff(want, now); diff != "" {
			t.Errorf("%s: names of operations (-want +got)\n%s", v.name, diff)
		}
		again, stderr, status := team.answer(t, "diff", "HEAD", ".")
		if status != 0 {
			t.Fatalf("%s: diff exits with %d: %s", v.name, status, stderr)
		}
		if diff := cmp.Diff(changesOf(out), changesOf(again)); diff != "" {
			t.Errorf("%s: diff differs from update (-update +diff)\n%s", v.name, diff)
		}
		golden(t, filepath.Join("testdata/jira", v.name+".transcript"), shortened(changesOf(out)))
		team.commit(t, v.name)
	}
}

func (u *upstream) substitute(t *testing.T, file string, s substitution) {
	t.Helper()
	u.mu.Lock()
	defer u.mu.Unlock()
	re := regexp.MustCompile(s.old)
	if !re.MatchString(u.documents[file]) {
		t.Fatalf("%s is not in %s", s.old, file)
	}
	u.documents[file] = re.ReplaceAllString(u.documents[file], s.new)
}

// shownAlike is the number of similar lines that shortened keeps.
const shownAlike = 3

// shortened drops lines that repeat for many operations and counts them.
func shortened(report string) string {
	sorts := regexp.MustCompile(`: (operation moved|operationId) `)
	var b strings.Builder
	seen := map[string]int{}
	for line := range strings.Lines(report) {
		sort := sorts.FindString(line)
		if seen[sort]++; sort == "" || seen[sort] <= shownAlike {
			b.WriteString(line)
		}
	}
	for _, sort := range []string{": operation moved ", ": operationId "} {
		if n := seen[sort] - shownAlike; n > 0 {
			fmt.Fprintf(&b, "and %d more lines like %q\n", n, sort)
		}
	}
	return b.String()
}
