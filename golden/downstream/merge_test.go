package downstream

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// attributes are what auditgen init writes for the packages of the consumer.
const attributes = "auditgen.manifest merge=union\n/internal/** -text linguist-generated\n"

// branch commits an edit and what generate makes of it on a branch of its own.
func (m *team) branch(t *testing.T, name string, edits ...edit) {
	t.Helper()
	m.must(t, "git", "checkout", "-q", "-b", name, "base")
	for _, e := range edits {
		m.edit(t, e)
	}
	m.generate(t)
	m.commit(t, name)
}

// Two people add corrections that change the same generated files. Git cannot merge those, and need
// not: generate writes them again from the sources, which git did merge.
func TestBranchesThatBothGenerateMerge(t *testing.T) {
	t.Parallel()
	team := consumer(t, published)
	team.write(t, ".gitattributes", attributes)
	team.commit(t, "start")
	team.must(t, "git", "branch", "base")
	const first, last = "actions:\n", "    update: {default: 1000}\n"
	action := "  - target: $.paths['/audit'].get\n    description: What we use it for.\n    update: "
	team.branch(t, "one", edit{file: "spec/overlay.yaml", old: first, new: first + action + "{description: Feeds the archive.}\n"},
		edit{file: "auditgen.yaml", old: `["tag:Audit"]`, new: `["tag:Audit", "/audit/**"]`})
	team.branch(t, "two", edit{file: "spec/overlay.yaml", old: last, new: last + action + "{summary: Lists what happened}\n"})
	out, err := team.run("git", "-c", "user.name=Team", "-c", "user.email=team@example.com", "merge", "-q", "one")
	if err == nil || !strings.Contains(out, "CONFLICT") {
		t.Fatalf("the branches merge without a conflict in generated files, so the test shows nothing: %v\n%s", err, out)
	}
	for line := range strings.Lines(out) {
		if strings.Contains(line, "CONFLICT") && !strings.Contains(line, "internal/confluence/") || strings.Contains(line, "auditgen.manifest") {
			t.Errorf("git cannot merge something that people write, or a manifest: %s", line)
		}
	}
	team.generate(t)
	team.compiles(t)
	merged := team.state(t)
	for file := range merged {
		if strings.HasPrefix(file, "internal/") && strings.Contains(team.read(t, file), "<<<<<<<") {
			t.Errorf("%s has conflict marks after generate", file)
		}
	}
	team.generate(t, "--check")
	team.must(t, "rm", "-r", "internal")
	team.generate(t)
	if diff := cmp.Diff(merged, team.state(t)); diff != "" {
		t.Errorf("generating into empty folders makes something else (-merged +empty)\n%s", diff)
	}
}
