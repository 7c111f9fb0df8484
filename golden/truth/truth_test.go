// Package truth compares the requests of generated clients with Atlassian's reference pages.
//
// Other tests compare what auditgen generates with what auditgen has read, and both can be wrong
// in the same way. The tables in testdata are independent: they are written by hand from the pages.
// Each row names its page and states the request that one call must send. The clients are
// generated from Atlassian's own files, which are not part of the repository. The calls in
// testdata/driver are written as a user would write them.
//
// To add a row, write it into a table and its call into the driver.
package truth

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
	"github.com/seed-1954497d/auditgen/internal/compiled"
)

// apis are the tables and the documents that clients are generated from, strongest first.
var apis = []struct {
	name      string
	documents []string
}{
	{"confluence", []string{"../../../shared/specs/confluence-2022-01.openapi.json"}},
	{"jira", []string{
		"testdata/jira-overlay.yaml", "../../../shared/specs/jira-platform-2022-01-13.openapi.json",
	}},
}

func TestRequestsMatchAtlassiansReferencePages(t *testing.T) {
	tables := map[string][]row{}
	for _, api := range apis {
		rows, err := readTable("testdata/" + api.name + ".http")
		if err != nil {
			t.Fatal(err)
		}
		tables[api.name] = rows
	}
	for _, api := range apis {
		for _, file := range api.documents {
			if _, err := os.Stat(file); err != nil {
				t.Skipf("%s is missing: Atlassian's files are not part of the repository", file)
			}
		}
	}
	driver := buildDriver(t, tables)
	compareCalls(t, driver, tables)
	for _, api := range apis {
		for _, r := range tables[api.name] {
			t.Run(r.operation, func(t *testing.T) { compare(t, r, driver, api.name) })
		}
	}
}

// compareCalls reports rows without a call and calls without a row.
func compareCalls(t *testing.T, driver string, tables map[string][]row) {
	t.Helper()
	var want []string
	for _, api := range apis {
		for _, r := range tables[api.name] {
			want = append(want, api.name+" "+r.operation)
		}
	}
	slices.Sort(want)
	got := strings.Split(strings.TrimSpace(run(t, ".", driver)), "\n")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("the tables and the calls of testdata/driver differ; add what is missing\n"+
			"-want (tables) +got (driver)\n%s", diff)
	}
}

// compare makes the call of a row and compares the request that arrives.
func compare(t *testing.T, r row, driver, api string) {
	server := try.ServeFunc(t, func(try.Request) try.Answer { return try.JSON(`{}`) })
	out, err := exec.Command(driver, server.URL, api, r.operation).CombinedOutput()
	if len(server.Requests()) == 0 {
		t.Fatalf("the call sends nothing: %v\n%s", err, out)
	}
	got, err := r.compared(server.Only(t))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r.want, got); diff != "" {
		t.Errorf("the request differs from %s\ncorrect the generator, or testdata/*-overlay.yaml if "+
			"Atlassian's file is wrong; change the row only if the page disagrees with it\n"+
			"-want (page) +got (client)\n%s", r.page, diff)
	}
}

// driverPackage is the import path of the driver. The clients are below it.
const driverPackage = "github.com/seed-1954497d/auditgen/golden/truth/testdata/driver"

// buildDriver generates the clients in a temporary folder and builds the driver with them. They
// are built beside the driver.
func buildDriver(t *testing.T, tables map[string][]row) (program string) {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), []byte("module "+driverPackage+"\n"))
	write(t, filepath.Join(dir, "auditgen.yaml"), config(tables))
	for _, api := range apis {
		for _, file := range api.documents {
			write(t, filepath.Join(dir, filepath.Base(file)), read(t, file))
		}
	}
	auditgen, err := compiled.Program(t.TempDir(), "cmd/auditgen")
	if err != nil {
		t.Fatal(err)
	}
	run(t, dir, auditgen, "generate")
	program, err = compiled.Build(t.TempDir(), driverPackage, files(t, dir), "-gcflags="+driverPackage+"/...=-N -l -dwarf=false") // compiling takes longer than running
	if err != nil {
		t.Fatal(err)
	}
	return program
}

// files returns the Go files below a folder with their places below the driver.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			all["testdata/driver/"+name] = string(read(t, filepath.Join(dir, name)))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// config returns a configuration of clients with the operations of the tables.
func config(tables map[string][]row) []byte {
	var b strings.Builder
	b.WriteString("packages:\n")
	for _, api := range apis {
		fmt.Fprintf(&b, "  - package: %s\n    out: ./%s\n", api.name, api.name)
		b.WriteString("    sources:\n")
		for _, file := range api.documents {
			kind := "openapi"
			if strings.Contains(file, "overlay") {
				kind = "overlay"
			}
			fmt.Fprintf(&b, "      - {kind: %s, path: %s}\n", kind, filepath.Base(file))
		}
		b.WriteString("    include:\n")
		for _, r := range tables[api.name] {
			_, path, _ := strings.Cut(r.operation, " ")
			fmt.Fprintf(&b, "      - %q\n", path)
		}
	}
	return []byte(b.String())
}

// run runs a command that must succeed and returns its output.
func run(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	c := exec.Command(name, args...)
	c.Dir, c.Env = dir, append(os.Environ(), "AUDITGEN_CACHE=off", "GOWORK=off")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", c, err, out)
	}
	return string(out)
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func write(t *testing.T, file string, data []byte) {
	t.Helper()
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
