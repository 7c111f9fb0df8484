package generator_test

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/seed-1954497d/auditgen/"

// A package may import those of lower layers, and nothing else of the project.
var layers = [][]string{
	{"cmd/auditgen", "golden/benchgenerate", programs},
	{"cmd/auditgen/internal/fetch", "cmd/auditgen/internal/memory", "cmd/auditgen/internal/output", "cmd/auditgen/internal/revision", "mock"},
	{"spec", "golden/corpus"},
	{"generator/diff"},
	{"generator"},
	{"golden/internal/judge"},
	{"generator/report"},
	{"generator/merge", "generator/resolve", "generator/emit", "templates"},
	{"generator/openapi", "generator/refdoc", "generator/settled", "generator/ir"},
	{"generator/claim", "generator/lock"},
	{"generator/filename", "generator/naming", "generator/source"},
	{"internal/sample", "golden/internal/peers"},
	{"cmd/auditlog"},
	{"cmd/auditlog/internal/delivery", "cmd/auditlog/internal/doctor"},
	{"cmd/auditlog/internal/credentials", "cmd/auditlog/internal/format", "cmd/auditlog/internal/metrics", "cmd/auditlog/internal/progress", "cmd/auditlog/internal/state"},
	{"cmd/auditlog/internal/audit", "cmd/auditlog/internal/output"},
	{generated},
	{"generated/rest/atlassian", "templates/rest/atlassian"},
	{"generated/rest", "templates/rest"},
	{"generated/rest/lossless", "templates/rest/lossless"},
}

// programs stands for the examples that use generated packages.
const programs = "programs in docs/examples"

// generated stands for every generated package.
const generated = "generated packages"

func TestImportsRunDownward(t *testing.T) {
	out, err := exec.Command("go", "list", "-e", "-json=ImportPath,Imports", module+"...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var pkg struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&pkg); err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(pkg.ImportPath, module)
		for _, imported := range pkg.Imports {
			below, ok := strings.CutPrefix(imported, module)
			if ok && !allowed(name, below) {
				t.Errorf("%s imports %s", name, below)
			}
			if imported == "github.com/dave/jennifer/jen" && name != "generator/emit" {
				t.Errorf("%s imports jennifer, which is for generator/emit", name)
			}
			if (imported == "net" || imported == "net/http") && strings.HasPrefix(name, "cmd/auditgen") && name != fetcher {
				t.Errorf("%s imports %s, and only %s uses the network", name, imported, fetcher)
			}
		}
	}
}

// fetcher is the package of auditgen that uses the network. The generator takes no more from
// net/http than the names of statuses.
const fetcher = "cmd/auditgen/internal/fetch"

// allowed reports whether a package may import another: one of a lower layer, or one of its own
// internal packages.
func allowed(name, imported string) bool {
	from, to := layer(name), layer(imported)
	return from >= 0 && to > from || strings.HasPrefix(imported, name+"/internal/")
}

func layer(name string) int {
	if strings.HasPrefix(name, "generated/") && !strings.HasPrefix(name, "generated/rest") || strings.HasPrefix(name, "golden/") && strings.HasSuffix(name, "/want") {
		name = generated
	}
	if strings.HasPrefix(name, "docs/examples/") {
		name = programs
	}
	return slices.IndexFunc(layers, func(l []string) bool { return slices.Contains(l, name) })
}
