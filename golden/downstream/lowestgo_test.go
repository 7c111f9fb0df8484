package downstream

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// lowestGo is the lowest Go release that README promises for generated code, and runtimeModule the
// newest version of the only module that it needs which that release can build.
const (
	lowestGo      = "go1.24.13"
	runtimeModule = "github.com/oapi-codegen/runtime v1.8.0"
)

// teamModule is the go.mod of a team that has auditgen in a module of its own.
const teamModule = `module example.com/consumer

go 1.24.0

require ` + runtimeModule + `

require (
	github.com/apapsch/go-jsonmerge/v2 v2.0.0 // indirect
	github.com/google/uuid v1.6.0 // indirect
)
`

// toolsModule is the go.mod of the folder tools beside it.
const toolsModule = `module example.com/consumer/tools

go 1.26.0

tool github.com/seed-1954497d/auditgen/cmd/auditgen

require github.com/seed-1954497d/auditgen v0.0.0-00010101000000-000000000000

replace github.com/seed-1954497d/auditgen => CHECKOUT
`

// README shows a tools module, so that a team's own go.mod needs the module that generated code
// imports and nothing else, and may have a lower Go than auditgen.
func TestAConsumerWithAToolsModuleBuildsGeneratedCodeWithTheLowestGo(t *testing.T) {
	if !*long {
		t.Skip("builds auditgen and the standard library once more: make long")
	}
	t.Parallel()
	team := consumer(t, published)
	for _, pattern := range []string{"*.go", "go.sum"} {
		files, err := filepath.Glob(filepath.Join(team.dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files { // what the team writes may need a newer Go
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
		}
	}
	checkout, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	team.write(t, "go.mod", teamModule)
	team.must(t, "mkdir", "tools")
	team.write(t, "tools/go.mod", strings.Replace(toolsModule, "CHECKOUT", checkout, 1))
	team.must(t, "go", "mod", "tidy", "-C", "tools")
	team.must(t, "go", "tool", "-C", "tools", "auditgen", "generate", "--config", "../auditgen.yaml", "--check")

	team.env = append(team.env, "GOTOOLCHAIN="+lowestGo)
	if out, err := team.run("go", "version"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("CI needs %s: %s", lowestGo, out)
		}
		t.Skipf("%s cannot be had here: %s", lowestGo, out)
	}
	team.must(t, "go", "mod", "tidy")
	if diff := cmp.Diff(teamModule, team.read(t, "go.mod")); diff != "" {
		t.Errorf("go.mod (-want +got)\n%s", diff)
	}
	team.must(t, "go", "vet", "./...")
}
