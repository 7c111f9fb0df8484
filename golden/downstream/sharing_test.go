package downstream

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// secondAPI is the configuration of another package in the folder OUT.
const secondAPI = `  - package: trail
    out: OUT
    include: ["/audit"]
    sources:
      - {kind: openapi, path: spec/confluence.yaml, url: "https://docs.example.com/confluence.yaml"}
`

// bothClients is code that handles errors and options of two APIs alike.
const bothClients = `package consumer

import (
	"context"
	"errors"

	"example.com/consumer/internal/confluence"
	"example.com/consumer/internal/rest"
	"example.com/consumer/TRAIL"
)

func forbidden(ctx context.Context, site string, opts ...rest.Option) (bool, error) {
	c, err := confluence.NewClient(site, opts...)
	if err != nil {
		return false, err
	}
	d, err := trail.NewClient(site, opts...)
	if err != nil {
		return false, err
	}
	_, err = c.GetAuditRecords(ctx, nil)
	_, err2 := d.GetAuditRecords(ctx, nil)
	return errors.Is(errors.Join(err, err2), rest.ErrForbidden), nil
}

var _ = forbidden
`

// twoAPIs is the consumer with a second package.
func twoAPIs(t *testing.T, out string) *team {
	t.Helper()
	team := consumer(t, published)
	config := team.read(t, "auditgen.yaml")
	team.write(t, "auditgen.yaml", config+strings.Replace(secondAPI, "OUT", out, 1))
	return team
}

// generate runs auditgen generate, which must succeed.
func (m *team) generate(t *testing.T, args ...string) (stdout, stderr string) {
	t.Helper()
	stdout, stderr, status := m.answer(t, append([]string{"generate"}, args...)...)
	if status != 0 {
		t.Fatalf("generate %q exits with %d:\n%s", args, status, stderr)
	}
	return stdout, stderr
}

// refused runs auditgen generate, which must fail with a message and write nothing.
func (m *team) refused(t *testing.T, message string, args ...string) {
	t.Helper()
	before := m.state(t)
	_, stderr, status := m.answer(t, append([]string{"generate"}, args...)...)
	if status != 2 || !strings.Contains(stderr, message) {
		t.Errorf("generate %q exits with %d and does not say %q:\n%s", args, status, message, stderr)
	}
	if diff := cmp.Diff(before, m.state(t)); diff != "" {
		t.Errorf("generate %q was refused and wrote something (-before +after)\n%s", args, diff)
	}
}

// runtimes lists the folders that contain the file pager.go of a runtime.
func (m *team) runtimes(t *testing.T) (folders []string) {
	t.Helper()
	for file := range m.state(t) {
		if dir, name := filepath.Split(filepath.ToSlash(file)); name == "pager.go" {
			folders = append(folders, strings.TrimSuffix(dir, "/"))
		}
	}
	return folders
}

func TestTwoAPIsShareOneRuntime(t *testing.T) {
	t.Parallel()
	team := twoAPIs(t, "./internal/trail")
	out, _ := team.generate(t)
	for _, folder := range []string{"internal/confluence", "internal/rest", "internal/rest/lossless"} {
		if !regexp.MustCompile(`(?m)^` + folder + `: \d+ files, 0 changed$`).MatchString(out) {
			t.Errorf("a second API changes %s:\n%s", folder, out)
		}
	}
	if diff := cmp.Diff([]string{"internal/rest"}, team.runtimes(t)); diff != "" {
		t.Errorf("runtimes (-want +got)\n%s", diff)
	}
	team.write(t, "both.go", strings.Replace(bothClients, "TRAIL", "internal/trail", 1))
	team.compiles(t)
}

func TestAnUpgradeOfOneAPIOfTwoIsRefusedIfTheSharedRuntimeChanges(t *testing.T) {
	t.Parallel()
	team := twoAPIs(t, "./internal/trail")
	team.generate(t)
	current := team.state(t)
	team.edit(t, edit{file: "internal/rest/errors.go", old: "package rest", new: "// As an older version wrote it.\npackage rest"})
	team.refused(t, "internal/rest: the runtime changes, and confluence would be left with the one before: run it without --api", "--api", "trail")
	team.generate(t, "--config", "auditgen.yaml", "--api", "trail", "--out", "jobs/trail") // its runtime is jobs/rest
	if err := os.RemoveAll(filepath.Join(team.dir, "jobs")); err != nil {
		t.Fatal(err)
	}
	team.generate(t)
	if diff := cmp.Diff(current, team.state(t)); diff != "" {
		t.Errorf("an upgrade of both leaves (-want +got)\n%s", diff)
	}
	team.generate(t, "--api", "trail")
}

func TestPackagesWithTwoParentsNeedARuntimeFolder(t *testing.T) {
	t.Parallel()
	team := twoAPIs(t, "./jobs/trail")
	team.refused(t, "auditgen.yaml:10: packages[1].out: the packages share one runtime but have different parent folders: set its folder, as in runtime: ./internal/rest")
	config := team.read(t, "auditgen.yaml")
	for folder, message := range map[string]string{
		"./jobs/internal/rest": "internal/confluence: it may not import its runtime example.com/consumer/jobs/internal/rest",
		"../rest":              "its runtime ../rest is not in the same module",
		"./internal/runtime":   "auditgen.yaml:1: runtime: \"./internal/runtime\" does not end in /rest",
	} {
		team.write(t, "auditgen.yaml", "runtime: "+folder+"\n"+config)
		team.refused(t, message)
	}
	team.write(t, "auditgen.yaml", "runtime: ./internal/rest\n"+config)
	_, stderr := team.generate(t)
	if want := "warning: others can import example.com/consumer/jobs/trail and not the types of its runtime example.com/consumer/internal/rest"; !strings.Contains(stderr, want) {
		t.Errorf("generate does not warn that %q:\n%s", want, stderr)
	}
	if diff := cmp.Diff([]string{"internal/rest"}, team.runtimes(t)); diff != "" {
		t.Errorf("runtimes (-want +got)\n%s", diff)
	}
	team.write(t, "both.go", strings.Replace(bothClients, "TRAIL", "jobs/trail", 1))
	team.compiles(t)
}

// The import path of the runtime is that of its module, whatever else a workspace contains.
func TestAModuleOfAWorkspaceUsesThePackagesOfAnother(t *testing.T) {
	t.Parallel()
	team := consumer(t, published)
	team.edit(t, edit{file: "auditgen.yaml", old: "./internal/confluence", new: "./audit/confluence"})
	team.generate(t)
	if err := os.MkdirAll(filepath.Join(team.dir, "reader"), 0o777); err != nil {
		t.Fatal(err)
	}
	team.write(t, "reader/go.mod", "module example.com/reader\n\ngo 1.26.0\n")
	team.write(t, "reader/reader.go", `package reader

import (
	"example.com/consumer/audit/confluence"
	"example.com/consumer/audit/rest"
)

func client(site, token string) (*confluence.Client, error) {
	return confluence.NewClient(site, rest.WithBearerToken(token))
}

var _ = client
`)
	team.write(t, "go.work", "go 1.26.0\n\nuse (\n\t.\n\t./reader\n)\n")
	team.env = append(team.env, "GOWORK=")                    // the last one wins
	team.must(t, "sh", "-c", "rm *.go")                       // they import the package from where it was
	team.must(t, "go", "list", "-deps", "example.com/reader") // fails if a package is not found
	team.compiles(t, "reader")
	team.generate(t, "--check")
}
