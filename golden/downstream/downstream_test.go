package downstream

import (
	"flag"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// long adds tests that take minutes of processor time, mainly to build auditgen from the vendor
// folder.
var long = flag.Bool("long", false, "build the vendored auditgen and play changes of Jira's complete document: make long")

func TestAConsumerVendorsEverythingAndBuildsWithoutANetwork(t *testing.T) {
	t.Parallel()
	team := consumer(t, published)
	before := team.state(t)
	team.must(t, "go", "generate", "./...")
	if diff := cmp.Diff(before, team.state(t)); diff != "" {
		t.Fatalf("go generate changes golden/downstream/consumer: run make generate\n(-want +got)\n%s", diff)
	}
	team.must(t, "go", "mod", "vendor")
	team.env = append(team.env, "GOFLAGS=-mod=vendor", "GOPROXY=off")
	ci := []string{"make", "ci"}
	if !*long {
		team.must(t, "go", "test", "-vet=off", ".")
		team.must(t, "go", "list", "-deps", "tool") // fails if a package or an embedded file was not vendored
		ci = []string{team.auditgen, "generate", "--check"}
	}
	if out := team.must(t, ci[0], ci[1:]...); *long && !strings.Contains(out, "ok  \texample.com/consumer\t") {
		t.Errorf("the tests of the consumer did not run:\n%s", out)
	}
	team.edit(t, edit{file: "internal/confluence/audit.gen.go", old: "func (c *Client) GetAuditRecords(", new: "func (c *Client) ListAuditRecords("})
	if out, err := team.run(ci[0], ci[1:]...); err == nil || !strings.Contains(out, "differs internal/confluence/audit.gen.go") {
		t.Errorf("a generated file was changed by hand, but CI says\n%s", out)
	}
	if out, err := team.run("go", "list", "-deps", "."); err != nil || strings.Contains(out, "seed-1954497d/auditgen") {
		t.Errorf("generated code imports auditgen: %v\n%s", err, out)
	}
}
